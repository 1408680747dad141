"""Levels of maturity as rows: every level up to the one wanted is met at its lower bound."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from scoring.indicators import Case
from scoring.maturity import lifts
from scoring.maturity_assessment import read_answers
from scoring.model import GapLevels, MaturityCriteria, Requirement
from scoring.plan_program import Planning, need_of, reach, steps, wonder
from scoring.tailoring import subdomains


def ask_maturity(planning: Planning, criteria: MaturityCriteria, case: Case, level: int, when: int | None) -> None:
    """Ask for every level up to `level`; with `when` only if that variable is 1."""
    if criteria.gap_levels is not GapLevels.STOP:
        raise NotImplementedError("plans are computed for levels that are met one after another")
    for number in range(1, level + 1):
        terms, now = level_terms(planning, criteria, case, number, wonders=True)
        if now < criteria.pass_mark:
            reach(planning, terms, criteria.pass_mark - now, None, when)


def level_terms(
    planning: Planning, criteria: MaturityCriteria, case: Case, level: int, wonders: bool = False
) -> tuple[dict[int, Fraction], Fraction]:
    """Return what adds to a level score, each with how much, and the score by now at its lower bound."""
    if criteria.id not in planning.answers:
        planning.answers[criteria.id] = read_answers(criteria, case.subject.facts, planning.filled.tailored)
    answers = planning.answers[criteria.id]
    requirements = {r.id: r for s in subdomains(criteria.capabilities) for r in s.requirements}
    terms: dict[int, Fraction] = {}
    now = Fraction(0)
    for name, lift in lifts(answers.tree, level, criteria.empty_level).items():
        now += lift * answers.worst[name]
        for variable, gained in _degree(planning, criteria, case, name, answers.worst[name]).items():
            terms[variable] = terms.get(variable, Fraction(0)) + lift * gained
        if planning.relaxed and wonders and answers.worst[name] < 1:
            need = _maturity_need(planning, criteria, case, requirements[name])
            terms[wonder(planning, need)] = lift * (1 - answers.worst[name])
    return terms, now


def _maturity_need(planning: Planning, criteria: MaturityCriteria, case: Case, requirement: Requirement) -> int:
    for number, need in enumerate(planning.needs):
        if need.criteria_id == criteria.id and need.requirement is requirement:
            return number
    return need_of(planning, criteria, case, requirement)


def _degree(
    planning: Planning, criteria: MaturityCriteria, case: Case, name: str, worst: Fraction
) -> Mapping[int, Fraction]:
    """Return the variables that raise a degree step by step, each with what it adds; shared by all rows."""
    place = (case.subject.key, name)
    if place not in planning.degrees:
        lifted: dict[Fraction, list[int]] = {}
        for source in planning.sources.get(place, []):
            worth = criteria.degrees.get(str(source.value), Fraction(0))
            if worth > worst:
                lifted.setdefault(worth, []).append(source.variable)
        planning.degrees[place] = steps(planning, lifted, worst)
    return planning.degrees[place]
