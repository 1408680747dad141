"""Chinese documents in an English report: each has an English rendering, and Chinese reports name them as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date

import pytest

from questionnaires.loader import load
from reports.documents import NOTES, TITLES, note_of, title_of
from reports.language import CHINESE, ENGLISH
from scoring.loader import load_all
from scoring.model import Rule

CHINESE_LETTERS = re.compile("[\u3400-\u9fff]")
DAYS = (date(2026, 3, 1), date(2026, 10, 31))


def rules(part: object) -> Iterator[Rule]:
    if isinstance(part, Rule):
        yield part
    elif is_dataclass(part):
        yield from rules([getattr(part, field.name) for field in fields(part)])
    elif isinstance(part, Mapping):
        yield from rules(list(part.values()))
    elif isinstance(part, list | tuple):
        for one in part:
            yield from rules(one)


@pytest.mark.parametrize("day", DAYS)
def test_every_document_clause_and_place_that_judges_has_an_english_rendering(day):
    found = list(rules(load_all(day)))
    titles = {rule.title for rule in found if CHINESE_LETTERS.search(rule.title)}
    notes = {note for rule in found for note in (rule.clause, rule.source) if note and CHINESE_LETTERS.search(note)}

    assert len(found) > 300
    assert titles - set(TITLES) == set()
    assert notes - set(NOTES) == set()


def test_every_document_that_defines_a_fact_has_an_english_rendering():
    titles = {fact.source.title for fact in load("auto_parts").facts.values()}

    assert len(titles) > 10
    assert titles - set(TITLES) == set()


def test_an_english_title_stands_beside_the_chinese_one_unless_the_document_has_its_own():
    for chinese, english in TITLES.items():
        own = chinese.startswith("GB") or "本工具" in chinese

        assert own or english.endswith(f"({chinese})"), chinese


def test_a_chinese_report_names_documents_as_they_are_called():
    assert all(title_of(title, CHINESE) == title for title in TITLES)
    assert all(note_of(note, CHINESE) == note for note in NOTES)


def test_what_has_no_rendering_is_named_in_chinese():
    assert title_of("某市新办法", ENGLISH) == "某市新办法"
