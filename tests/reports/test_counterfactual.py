"""What a sentence of the report cites, it depends on: change the fact, and the sentence changes or goes.

Firms are generated; each sentence is followed from its reference to the facts of the derivation that it leads to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache
from random import Random
from typing import Any

import pytest

from questionnaires.loader import load
from questionnaires.model import Degree, Fact, FactKind, FilledDiagnosis, State, Statement, Subject
from reports.brief import brief
from reports.given import Given
from reports.improvements import gap_groups
from reports.judgements import schemes
from reports.maturity import maturity
from reports.model_brief import Brief
from reports.model_judgements import Condition, Scheme
from reports.model_pieces import Ref
from scoring.assessment import assess_diagnosis
from scoring.gaps import find_gaps, improvements_for
from scoring.loader import load_all
from scoring.model import Assessment, Method, Reason, RequirementState
from scoring.projects import grouped, projects_of
from tests.reports.sample import EDITION
from tests.scoring.random_firms import make_firm

FIRMS = range(8)
SENTENCES, FACTS_OF_A_SENTENCE = 30, 2  # tried of each firm, and of each sentence
QUESTIONNAIRE = load("auto_parts")


@cache
def _criteria(day):
    return load_all(day)


def given_for(filled: FilledDiagnosis) -> Given:
    criteria = _criteria(filled.as_of)
    assessments = assess_diagnosis(filled, criteria)
    gaps = find_gaps(assessments, criteria, filled)
    ways, projects = improvements_for(gaps, criteria), grouped(projects_of(filled, criteria))
    return Given(filled, assessments, gaps, ways, criteria, QUESTIONNAIRE, EDITION, projects)


Sentence = tuple[Ref, str, str]


def sentences(given: Given) -> Iterator[Sentence]:
    """Yield every sentence with its reference and what tells it from others with the same one."""
    yield from of_brief(brief(given))
    if given.maturity:
        said = maturity(given, given.maturity)
        yield said.ref, "maturity", f"{said.sentence} {said.coverage} {said.totals}"
    for scheme in schemes(given, [one for one in given.assessments if one.method is not Method.GBT_39117]):
        yield from of_scheme(scheme)


def of_gaps(given: Given) -> Iterator[Sentence]:
    for group in gap_groups(given):
        yield group.ref, group.title.partition("：")[0], f"{group.title} {group.weight} {group.lines}"


def of_brief(said: Brief) -> Iterator[Sentence]:
    if said.ref:
        yield said.ref, "lead", said.headline + said.lead
    for block in said.blocks:
        yield block.ref, block.title, block.text
    for one in said.conditions:
        yield one.ref, "condition", of_condition(one)
    for one in said.standings:
        yield one.ref, "standing", f"{one.state.word} {one.coverage}"


def of_scheme(scheme: Scheme) -> Iterator[Sentence]:
    for one in scheme.judgements:
        yield one.ref, "judgement", f"{one.state.word} {one.sentence} {one.coverage}"
        for condition in (*one.conditions, *one.earned):
            yield condition.ref, "condition", of_condition(condition)


def of_condition(one: Condition) -> str:
    return f"{one.text} {one.now} {one.distance} {one.state.word}"


def cited(given: Given, ref: Ref, named: str, said: str) -> list[tuple[str, str]]:
    """Return subject key and fact of everything that the line behind a reference rests on.

    Of a line on several capability subdomains, or of a whole conclusion, only what the sentence names is taken, if it
    names anything. What is only listed and not judged carries no conclusion; what rests on other conclusions is
    followed where these are said.
    """
    number, _, part = ref.target.removeprefix("R").partition("-")
    assessment = given.assessments[int(number) - 1]
    listed = {one.requirement.id for one in assessment.requirements if one.state is RequirementState.NOT_JUDGED}
    judged = [one for one in assessment.derivation.because if one.ref not in listed]
    asked = [one for one in judged if one.ref and f"{one.ref} " in said] or judged
    lines = [one for top in judged for one in below(top) if one.ref == part] if part else asked
    lines = [one for line in lines for one in below(line) if one.because and one.text.zh == named] or lines
    return sorted({place for one in lines for place in leaves(given, assessment, one)})


def below(reason: Reason) -> Iterator[Reason]:
    yield reason
    for part in reason.because:
        yield from below(part)


def leaves(given: Given, assessment: Assessment, reason: Reason) -> Iterator[tuple[str, str]]:
    if reason.fact is not None and (key := bearer(given, assessment, reason)):
        yield key, reason.fact
    for part in reason.because:
        yield from leaves(given, assessment, part)


def bearer(given: Given, assessment: Assessment, reason: Reason) -> str | None:
    """Return the key of the subject that a step of a derivation asked."""
    every = given.path(assessment.subject_key)
    below = [one for subject in every for one in (subject, *subject.parts)]
    kind = given.fact(reason.fact or "").of
    named = [s.key for s in below if s.kind is kind and s.name == (reason.subject or every[0].name)]
    return named[0] if named else None


def changed(filled: FilledDiagnosis, key: str, fact: str, said: Statement | None) -> FilledDiagnosis:
    def at(subject: Subject) -> Subject:
        facts: Mapping[str, Statement] = subject.facts
        if subject.key == key:
            facts = {name: one for name, one in facts.items() if name != fact} | ({fact: said} if said else {})
        return replace(subject, facts=facts, parts=tuple(map(at, subject.parts)))

    return replace(filled, firm=at(filled.firm))


def otherwise(fact: Fact, said: Statement | None) -> Iterator[Statement | None]:
    """Yield what else might have been answered."""
    value = said.value if said else None
    if fact.kind is FactKind.PRACTICE:
        others: list = [degree.value for degree in Degree]
    elif fact.kind is FactKind.YES_NO:
        others = [True, False]
    elif fact.kind is FactKind.NUMBER:
        others = [Fraction(0), Fraction(1), (value or Fraction(1)) * 10]
    elif fact.kind is FactKind.CHOICES:
        others = [(option.code,) for option in fact.options]
    else:
        others = [option.code for option in fact.options]
    yield from (Statement(State.STATED, other) for other in others if other != value)
    if said is not None:
        yield None


@pytest.mark.parametrize("number", FIRMS)
def test_changing_what_a_sentence_cites_changes_or_removes_it(number):
    given, chance = made(number), Random(number)
    unmoved, counted = [], 0
    for one in some(sentences(given), chance):
        tried = some(cited(given, *one), chance, FACTS_OF_A_SENTENCE)
        moved = [moves(given, sentences, one, *place) for place in tried]
        counted += len(moved)
        if not all(moved):
            unmoved.append((one, tried, moved))

    assert unmoved == []
    assert counted > 8


@pytest.mark.parametrize("number", FIRMS)
def test_changing_something_that_a_gap_cites_changes_or_closes_it(number):
    # That a condition is open may hang on several facts at once, so one of them need not be enough.
    given, chance = made(number), Random(number)
    gaps = [(one, facts) for one in some(of_gaps(given), chance) if (facts := cited(given, *one))]
    unmoved = [one for one, facts in gaps if not any(moves(given, of_gaps, one, *place) for place in facts)]

    assert unmoved == []
    assert gaps


def made(number: int) -> Given:
    firm = make_firm(number)
    return given_for(firm.begun if number % 2 else firm.full)


def some(every_one: Iterable[Any], chance: Random, most: int = SENTENCES) -> list[Any]:
    known = list(every_one)
    return chance.sample(known, min(most, len(known)))


def moves(given: Given, said_of: Callable[[Given], Iterator[Sentence]], one: Sentence, key: str, fact: str) -> bool:
    """Tell whether some other answer to a fact changes or removes a sentence."""
    subject = next(s for s in every(given.filled.firm) if s.key == key)
    for said in otherwise(given.fact(fact), subject.facts.get(fact)):
        if one not in list(said_of(given_for(changed(given.filled, key, fact, said)))):
            return True
    return False


def every(subject: Subject) -> Iterator[Subject]:
    yield subject
    for part in subject.parts:
        yield from every(part)
