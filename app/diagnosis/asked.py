"""What a published questionnaire asks where, and what has to be read to show one of its pages. Kept once a process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from questionnaires import loader, recall
from questionnaires.checks import Home, checks_about, facts_of
from questionnaires.conditions import names_in
from questionnaires.model import Page, Question, Questionnaire, Section
from scoring.indicators import facts_behind
from scoring.loader import load_all
from scoring.model import CriteriaSet


@lru_cache(maxsize=16)
def published(questionnaire_id: str, version: str) -> Questionnaire:
    """Return a published questionnaire: never edited, so read once a process."""
    return loader.load(questionnaire_id, version)


@lru_cache(maxsize=8)
def criteria_on(day: date) -> CriteriaSet:
    """Return all criteria with their thresholds as in force on a day, read once a process."""
    return load_all(day)


@lru_cache(maxsize=1024)
def facts_for_page(questionnaire_id: str, version: str, day: date, section_id: str, page_id: str) -> frozenset[str]:
    """Return what has to be read to show one page: its facts, those it compares, those that decide the path."""
    page = find_page(published(questionnaire_id, version), section_id, page_id)
    shown = frozenset(_facts_shown(page[1], day)) if page else frozenset[str]()
    about = checks_of(questionnaire_id, version).get((section_id, page_id), ())
    compared = (facts_of(check) for _section, _page, check in about)
    return facts_of_path(questionnaire_id, version).union(shown, *compared)


@lru_cache(maxsize=16)
def checks_of(questionnaire_id: str, version: str) -> Mapping[tuple[str, str], tuple[Home, ...]]:
    """Return section and page -> the checks that name one of its facts, each with the page on which it stands."""
    return checks_about(published(questionnaire_id, version))


@lru_cache(maxsize=16)
def facts_totalled(questionnaire_id: str, version: str) -> frozenset[str]:
    """Return the facts that some check adds up over all parts of the firm."""
    homes = (home for homes in checks_of(questionnaire_id, version).values() for home in homes)
    return frozenset(fact.id for *_page, check in homes for total in check.totals for fact in total.facts)


@lru_cache(maxsize=16)
def facts_of_path(questionnaire_id: str, version: str) -> frozenset[str]:
    """Return the facts that decide which pages apply."""
    pages = (page for section in published(questionnaire_id, version).sections for page in section.pages)
    return frozenset(name for page in pages if page.show_when for name in names_in(page.show_when))


@lru_cache(maxsize=16)
def section_of_fact(questionnaire_id: str, version: str) -> Mapping[str, str]:
    """Return fact -> the section that asks it: every fact is asked once."""
    return {name: section for name, (section, _page) in asked_at(questionnaire_id, version).items()}


def facts_told(page: Page, day: date) -> frozenset[str]:
    """Return the facts of other pages that a page names in its wording or computes with."""
    named = (name for wording in recall.recalled_on(page) for name in recall.names_in(wording))
    indicators = [question.indicator for question in page.questions if question.indicator]
    computed = (name for one in indicators for name in facts_behind(one, criteria_on(day).indicators))
    return frozenset((*named, *computed)).difference(page.fact_ids)


def _facts_shown(page: Page, day: date) -> Iterable[str]:
    yield from page.fact_ids
    yield from facts_told(page, day)
    for check in page.checks:
        yield from facts_of(check)


def find_page(questionnaire: Questionnaire, section_id: str, page_id: str) -> tuple[Section, Page] | None:
    """Return a page with its section, None when the questionnaire has no such page."""
    for section in questionnaire.sections:
        if section.id == section_id:
            return next(((section, page) for page in section.pages if page.id == page_id), None)
    return None


def find_question(section: Section, fact: str) -> tuple[Page, Question] | None:
    """Return the question of a section that asks a fact, with its page; None when it asks it nowhere."""
    asked = ((page, question) for page in section.pages for question in page.questions)
    return next((one for one in asked if fact in {own.id for own in one[1].facts}), None)


@lru_cache(maxsize=16)
def asked_at(questionnaire_id: str, version: str) -> Mapping[str, tuple[str, str]]:
    """Return fact -> the section and page that ask it."""
    sections = published(questionnaire_id, version).sections
    return {fact: (s.id, page.id) for s in sections for page in s.pages for fact in page.fact_ids}
