"""Contradiction checks across pages and across the parts of a firm: whose answers a check compares, and what they say.

A check stands on one page; it is shown on every page whose answers it names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import TypeAlias

from questionnaires.conditions import NOT_ASKED, Lookup, Span, evaluate, names_in
from questionnaires.model import Check, Condition, Fact, FactKind, Page, Questionnaire, Section, Subject, Total
from questionnaires.path import Line

# What a subject says about a fact: a value, None while that is not known, NOT_ASKED where the question does not arise.
Said: TypeAlias = Callable[[Subject, str], object]
Home: TypeAlias = tuple[Section, Page, Check]


def outcome(
    condition: Condition, line: Line, facts: Mapping[str, Fact], said: Said, totals: Iterable[Total] = ()
) -> bool | None:
    """Return whether a condition holds for the last subject of a line; None while what is not known decides it."""
    return evaluate(condition, lookup(line, facts, said, totals))


def lookup(line: Line, facts: Mapping[str, Fact], said: Said, totals: Iterable[Total] = ()) -> Lookup:
    """Return what a check compares: the answer of the subject or the one above it, or a total over those below.

    An answer whose question does not arise is not known: no check is about it.
    """
    by_name = {total.name: total for total in totals}

    def look(name: str) -> object:
        if name in by_name:
            return total_of(by_name[name], line[-1], said)
        owner = next((subject for subject in line if subject.kind is facts[name].of), None)
        value = said(owner, name) if owner is not None else None
        return None if value is NOT_ASKED else value

    return look


def total_of(total: Total, subject: Subject, said: Said) -> Fraction | Span | None:
    """Return what the facts of all below a subject add up to; the lowest and the highest sum while some are open.

    A yes counts 1; what does not arise counts nothing. None when there is nobody below.
    """
    bearers = [(one, fact) for one in below(subject) for fact in total.facts if one.kind is fact.of]
    if not bearers:
        return None
    low = high = Fraction(0)
    for one, fact in bearers:
        least, most = _span(fact, said(one, fact.id))
        low, high = low + least, high + most
    return low if low == high else (low, high)


def _span(fact: Fact, value: object) -> tuple[Fraction, Fraction]:
    if value is NOT_ASKED:
        return Fraction(0), Fraction(0)
    if isinstance(value, (bool, Fraction)):
        return Fraction(value), Fraction(value)
    if fact.kind is FactKind.YES_NO:
        return Fraction(0), Fraction(1)
    return fact.min or Fraction(0), fact.max or Fraction(0)


def below(subject: Subject) -> Iterator[Subject]:
    """Yield everybody below a subject."""
    for part in subject.parts:
        yield part
        yield from below(part)


def facts_of(check: Check) -> frozenset[str]:
    """Return every fact that a check compares, those that it adds up included."""
    totals = {total.name: [fact.id for fact in total.facts] for total in check.totals}
    return frozenset(fact for name in names_in(check.that) for fact in totals.get(name, [name]))


def checks_about(questionnaire: Questionnaire) -> Mapping[tuple[str, str], tuple[Home, ...]]:
    """Return section and page -> the checks that name one of its facts, each with the page on which it stands."""
    where = {fact: (s.id, page.id) for s in questionnaire.sections for page in s.pages for fact in page.fact_ids}
    found: dict[tuple[str, str], list[Home]] = {}
    for section in questionnaire.sections:
        for page in section.pages:
            for check in page.checks:
                places = [(section.id, page.id), *(where[fact] for fact in facts_of(check) if fact in where)]
                for place in dict.fromkeys(places):
                    found.setdefault(place, []).append((section, page, check))
    return {place: tuple(homes) for place, homes in found.items()}
