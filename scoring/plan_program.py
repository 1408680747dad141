"""A firm's goals as an integer program: its variables and rows, what each stands for, and how a need becomes a row.

What is blank or unknown counts as not there. A need that no project can reach is kept, so that a plan can say what
blocks it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from questionnaires.model import FilledDiagnosis, Value
from scoring.indicators import Case
from scoring.maturity_assessment import Answers
from scoring.model import Criteria, CriteriaSet, Requirement
from scoring.plan_order import exclusions, prerequisites
from scoring.program import Program
from scoring.projects import Effect, Project, effects, siblings

ONE = Fraction(1)


class Need(NamedTuple):
    """One thing that the goals need: what a plan names when it cannot be reached."""

    criteria_id: str
    subject_key: str
    requirement: Requirement | None  # None: the criteria have to apply at all
    open_facts: tuple[str, ...] = ()  # answers that are missing before anything can be planned here


class Source(NamedTuple):
    """Something that brings a fact to a value: a variable that is 1 when it does."""

    value: Value | None
    variable: int


@dataclass(slots=True)
class Planning:
    """A firm's goals as an integer program, and what each number in it means."""

    filled: FilledDiagnosis
    criteria: CriteriaSet
    projects: tuple[Project, ...]
    program: Program = field(default_factory=Program)
    chosen: dict[str, int] = field(default_factory=dict)  # project id -> the variable that says that it is done
    units: dict[str, int] = field(default_factory=dict)  # project id -> the variable that counts its units
    finished: dict[str, int] = field(default_factory=dict)  # project id -> the variable that says all units are added
    needs: list[Need] = field(default_factory=list)
    sources: dict[tuple[str, str], list[Source]] = field(default_factory=dict)  # subject key, fact or indicator
    points: dict[tuple[str, str], list[tuple[int, int]]] = field(default_factory=dict)  # -> (points, variable)
    relaxed: bool = False  # every need may also be met by a wonder that costs 1: which are the fewest?
    wonders: dict[int, int] = field(default_factory=dict)  # variable -> need
    answers: dict[str, Answers] = field(default_factory=dict)
    degrees: dict[tuple[str, str], Mapping[int, Fraction]] = field(default_factory=dict)
    groups: Mapping[str, tuple[Project, ...]] = field(default_factory=dict)  # improvement -> its projects


def add_projects(planning: Planning) -> None:
    """Add a variable for every project of a firm, what each brings to which fact, and their order."""
    program, costs = planning.program, not planning.relaxed
    for project in planning.projects:
        done = program.variable(cost=project.cost.likely if costs else 0)
        planning.chosen[project.id] = planning.finished[project.id] = done
        if project.units:
            units = program.variable(project.units, cost=project.each.likely if costs else 0)
            whole = program.variable()
            planning.units[project.id], planning.finished[project.id] = units, whole
            program.at_least({done: project.units, units: -1}, 0)
            program.at_least({units: 1, whole: -project.units}, 0)
    for project in planning.projects:
        for effect in effects(project, planning.criteria):
            _add_source(planning, project, effect)
    _add_order(planning)


def _add_source(planning: Planning, project: Project, effect: Effect) -> None:
    place = (effect.subject.key, effect.fact)
    if effect.value is None and not effect.points:
        if project.id in planning.units:
            planning.sources.setdefault(place, []).append(Source(None, planning.units[project.id]))
        return
    together = siblings(project, effect.subject, planning.groups) if effect.above else (project,)
    if together[0] is not project:
        return  # one source stands for all of them
    variable = _all_of(planning, [planning.finished[one.id] for one in together])
    if effect.points:
        planning.points.setdefault(place, []).append((effect.points, variable))
    else:
        planning.sources.setdefault(place, []).append(Source(effect.value, variable))


def _all_of(planning: Planning, variables: Sequence[int]) -> int:
    if len(variables) == 1:
        return variables[0]
    every = planning.program.variable(whole=False)
    for variable in variables:
        planning.program.at_least({variable: 1, every: -1}, 0)
    return every


def _add_order(planning: Planning) -> None:
    for first, then in prerequisites(planning.projects):
        done = planning.finished
        planning.program.at_least({**{done[one.id]: 1 for one in first}, planning.chosen[then.id]: -1}, 0)
    for one, other in exclusions(planning.projects):
        planning.program.at_most({planning.chosen[one.id]: 1, planning.chosen[other.id]: 1}, 1)


def need_of(planning: Planning, criteria: Criteria, case: Case, requirement: Requirement | None) -> int:
    """Add a need and return its number; without a requirement it is that the criteria apply."""
    planning.needs.append(Need(criteria.id, case.subject.key, requirement))
    return len(planning.needs) - 1


def impossible(planning: Planning, need: int, when: int | None, open_facts: Sequence[str] = ()) -> None:
    """Say of a need that no project can reach it; `open_facts`: the answers that would have to be given first."""
    known = planning.needs[need]
    planning.needs[need] = known._replace(open_facts=tuple(dict.fromkeys([*known.open_facts, *open_facts])))
    reach(planning, {}, ONE, need, when)


def reach(
    planning: Planning, terms: Mapping[int, Fraction | int], least: Fraction, need: int | None, when: int | None
) -> None:
    """Ask that a sum is at least so much; with `when` only if that variable is 1. A wonder reaches it if relaxed."""
    program, low = planning.program, planning.program.lowest(terms)
    asked = dict(terms)
    if planning.relaxed and need is not None and low < least:
        asked[wonder(planning, need)] = least - low
    if when is None:
        program.at_least(asked, least, need)
    else:
        program.at_least({**asked, when: asked.get(when, 0) - (least - low)}, low, need)


def wonder(planning: Planning, need: int) -> int:
    """Return the variable that meets a need at the price of 1, in a relaxed program."""
    known = next((variable for variable, one in planning.wonders.items() if one == need), None)
    if known is None:
        known = planning.program.variable(cost=1)
        planning.wonders[known] = need
    return known


def any_of(planning: Planning, variables: Sequence[int]) -> int:
    """Return a variable that is at most 1, and 0 while none of `variables` is 1."""
    if len(variables) == 1:
        return variables[0]
    some = planning.program.variable(whole=False)
    planning.program.at_least({**dict.fromkeys(variables, 1), some: -1}, 0)
    return some


def steps(planning: Planning, lifted: Mapping[Fraction, list[int]], now: Fraction) -> dict[int, Fraction]:
    """Return variables for values that grow from `now`: each counts once something reaches its value or more."""
    steps: dict[int, Fraction] = {}
    before = now
    for value in sorted(lifted):
        enough = [variable for worth, variables in lifted.items() if worth >= value for variable in variables]
        step = any_of(planning, list(dict.fromkeys(enough)))
        steps[step] = steps.get(step, Fraction(0)) + value - before
        before = value
    return steps
