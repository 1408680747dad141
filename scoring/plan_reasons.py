"""Why a project is in a plan: what the goals lack now at a place that the project changes, and what waits for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from questionnaires.conditions import comparisons
from questionnaires.model import FilledDiagnosis, Subject
from scoring.assessment import paths
from scoring.exact import Bounds
from scoring.gaps import find_gaps
from scoring.goals import Goal, subjects_of
from scoring.indicators import Case, bearers, facts_behind
from scoring.model import (
    Assessment,
    Change,
    CountMet,
    CriteriaSet,
    Gap,
    GatesCriteria,
    LevelOf,
    PointsCriteria,
    Requirement,
    RequirementState,
)
from scoring.plan_order import prerequisites
from scoring.points import level_of_scene, points_of
from scoring.projects import Project, effects, holds_already
from scoring.what_if import Place

Path = tuple[Subject, ...]


@dataclass(frozen=True, slots=True)
class Lack:
    """One requirement that a goal lacks now, and the places of the facts that decide it."""

    gap: Gap
    read: frozenset[Place]


@dataclass(frozen=True, slots=True)
class _Firm:
    filled: FilledDiagnosis
    criteria: CriteriaSet
    by_now: Sequence[Assessment]

    def case(self, path: Path) -> Case:
        return Case(path, self.criteria.facts, self.criteria.indicators)


def lacking(
    goals: Sequence[Goal], filled: FilledDiagnosis, criteria: CriteriaSet, by_now: Sequence[Assessment]
) -> tuple[Lack, ...]:
    """Return what the goals lack now, each once. `by_now` are the assessments of the facts of now.

    A question of a points criteria weighs the share of all points that it still lacks; a scene weighs 1, like a gate.
    """
    firm, found = _Firm(filled, criteria, by_now), dict[tuple[str, str, str], Lack]()
    for goal in goals:
        for one in _lacking(goal, firm):
            found.setdefault((one.gap.criteria_id, one.gap.subject_key, one.gap.requirement.id), one)
    return tuple(found.values())


def helped(project: Project, lacks: Sequence[Lack], criteria: CriteriaSet) -> tuple[Gap, ...]:
    """Return the gaps that a project helps to close, by what it changes at its place; none if only others need it."""
    places = frozenset(_changed(project, criteria))
    return tuple(lack.gap for lack in lacks if not lack.read.isdisjoint(places))


def waiting(planned: Sequence[Project], every: Sequence[Project]) -> Mapping[str, tuple[Project, ...]]:
    """Return, by project id, those of the `planned` projects that need it first; `every`: all of the firm."""
    chosen = {project.id for project in planned}
    pairs = [(one.id, then) for first, then in prerequisites(every) if then.id in chosen for one in first]
    return {project.id: tuple(then for first, then in pairs if first == project.id) for project in planned}


def _changed(project: Project, criteria: CriteriaSet) -> Iterator[Place]:
    for effect in effects(project, criteria):
        if effect.points:
            how = criteria.indicators[effect.fact].how
            yield effect.subject.key, how.after if isinstance(how, Change) else effect.fact
        elif not holds_already(effect, project, criteria):
            yield effect.subject.key, effect.fact


# --- what the goals lack ----------------------------------------------------------------------------------------------


def _lacking(goal: Goal, firm: _Firm) -> Iterator[Lack]:
    by_key = {path[-1].key: path for path in subjects_of(goal, firm.filled, firm.criteria)}
    for gap in _gaps(goal.criteria_id, goal.level, firm):
        if path := by_key.get(gap.subject_key):
            yield Lack(gap, frozenset(_read(gap.requirement, path, firm)))
    one = firm.criteria.criteria[goal.criteria_id]
    if isinstance(one, PointsCriteria):
        for path in by_key.values():
            yield from _points_lacking(one, goal.level, path, firm)


def _gaps(criteria_id: str, level: int, firm: _Firm) -> tuple[Gap, ...]:
    own = [assessment for assessment in firm.by_now if assessment.criteria_id == criteria_id]
    return find_gaps(own, firm.criteria, firm.filled, {criteria_id: level})


def _points_lacking(criteria: PointsCriteria, level: int, path: Path, firm: _Firm) -> Iterator[Lack]:
    case = firm.case(path)
    every = sum(question.points for question in criteria.questions)
    for question in criteria.questions:
        worth = points_of(question, case)
        if worth.low < question.points:
            read = _places(question.indicator or question.requirement.fact or "", path, firm)
            weight = (question.points - worth.low) / every
            yield Lack(_points_gap(criteria, path[-1], question.requirement, weight, worth), frozenset(read))
    for scene in criteria.scenes:
        reached = level_of_scene(scene, case)
        if reached.low < level:
            read = _places(scene.requirement.fact or "", path, firm)
            yield Lack(_points_gap(criteria, path[-1], scene.requirement, Fraction(1), reached), frozenset(read))


def _points_gap(
    criteria: PointsCriteria, subject: Subject, requirement: Requirement, weight: Fraction, worth: Bounds
) -> Gap:
    now = RequirementState.NOT_MET if worth.low == worth.high else RequirementState.NOT_KNOWN
    return Gap(criteria.id, subject.key, subject.name, requirement, criteria.title, weight, now.value)


# --- which facts decide -----------------------------------------------------------------------------------------------


def _read(requirement: Requirement, path: Path, firm: _Firm) -> Iterator[Place]:
    if requirement.fact:
        yield from _places(requirement.fact, path, firm)
    for asked in comparisons(requirement.that) if requirement.that else ():
        indicator = firm.criteria.indicators.get(asked.left)
        if indicator and isinstance(indicator.how, CountMet):
            yield from _read_by_counted(indicator.how.criteria, firm)
        elif indicator and isinstance(indicator.how, LevelOf):
            yield from _read_by_level(indicator.how, asked.right, firm)
        else:
            yield from _places(asked.left, path, firm)


def _read_by_counted(criteria_id: str, firm: _Firm) -> Iterator[Place]:
    counted = firm.criteria.criteria.get(criteria_id)
    if isinstance(counted, GatesCriteria):
        for path in paths(firm.filled.firm, counted.judges):
            for requirement in counted.requirements:
                yield from _read(requirement, path, firm)


def _read_by_level(how: LevelOf, wanted: object, firm: _Firm) -> Iterator[Place]:
    level = int(wanted) if isinstance(wanted, Fraction) else 0
    for criteria in firm.criteria.criteria.values():
        if criteria.method is how.method and level:
            for gap in _gaps(criteria.id, level, firm):
                yield from _read(gap.requirement, (firm.filled.firm,), firm)


def _places(name: str, path: Path, firm: _Firm) -> Iterator[Place]:
    for fact in facts_behind(name, firm.criteria.indicators):
        for subject in bearers(firm.criteria.facts[fact].of, path):
            yield subject.key, fact
