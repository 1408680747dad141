"""A frozen diagnosis is read again as the careful reader reads it, as far as it is wanted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from questionnaires.answers import on_path, with_evidence
from questionnaires.exchange import read_diagnosis, write_diagnosis
from questionnaires.frozen import read_frozen
from questionnaires.loader import load
from questionnaires.model import FactKind, Subject
from tests.reports.sample import sample_diagnosis
from tests.scoring.random_firms import make_firm

AUTO_PARTS = load("auto_parts")
EVERY = AUTO_PARTS.facts.keys()


def without_texts(subject: Subject) -> Subject:
    """Return a made-up firm without what it says in words of its own: that has no format."""
    facts = {name: said for name, said in subject.facts.items() if AUTO_PARTS.facts[name].kind is not FactKind.TEXT}
    return replace(subject, facts=facts, parts=tuple(map(without_texts, subject.parts)))


@pytest.mark.parametrize("number", range(6))
def test_all_of_a_random_diagnosis_is_read_as_the_careful_reader_reads_it(number):
    made = make_firm(number)
    for filled in (made.full, made.begun):
        text = write_diagnosis(on_path(AUTO_PARTS, replace(filled, firm=without_texts(filled.firm))))

        assert read_frozen(text, EVERY) == read_diagnosis(text, "record.json")


def test_evidence_reasons_and_what_is_unknown_are_read_too():
    filled = with_evidence(sample_diagnosis(settled=False), {("firm", "data.L2.1"): ("采集点表.csv",)})
    text = write_diagnosis(on_path(AUTO_PARTS, filled))

    assert read_frozen(text, EVERY) == read_diagnosis(text, "record.json")


def test_of_the_rest_nothing_is_read():
    read = read_frozen(write_diagnosis(sample_diagnosis()), {"industry", "equipment_count", "nobody_asks_this"})

    assert set(read.firm.facts) == {"industry"}
    assert {name for factory in read.firm.parts for shop in factory.parts for name in shop.facts} == {"equipment_count"}


@pytest.mark.parametrize("text", ["{}", "[]", "", '{"questionnaire": "nobody", "questionnaire_version": "1"}'])
def test_what_was_not_written_by_the_product_is_refused(text):
    with pytest.raises((LookupError, TypeError, ValueError)):
        read_frozen(text, EVERY)
