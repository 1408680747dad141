"""Why a project is in a plan: what the goals lack now at a place that the project changes, and what waits for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from questionnaires.conditions import comparisons
from questionnaires.model import FilledDiagnosis, Subject
from scoring.assessment import paths
from scoring.gaps import find_gaps, lifted_by
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
)
from scoring.plan_order import prerequisites
from scoring.points import level_of_scene, points_of
from scoring.projects import Project, effects, holds_already
from scoring.what_if import Place

Path = tuple[Subject, ...]


@dataclass(frozen=True, slots=True)
class _Firm:
    filled: FilledDiagnosis
    criteria: CriteriaSet
    by_now: Sequence[Assessment]

    def case(self, path: Path) -> Case:
        return Case(path, self.criteria.facts, self.criteria.indicators)


def reasons(
    goals: Sequence[Goal],
    projects: Sequence[Project],
    filled: FilledDiagnosis,
    criteria: CriteriaSet,
    by_now: Sequence[Assessment],
) -> Mapping[str, tuple[str, ...]]:
    """Return, by project id, the names of the requirements that the goals lack now and that the project helps.

    Named like `lifted_by`: "planning.L3.1", or "cq_digital_workshop.W2" for a gate. `by_now` are the assessments of
    the facts of now. Nothing is named for a project that only others need.
    """
    lacking = [lack for goal in goals for lack in _lacking(goal, _Firm(filled, criteria, by_now))]
    changed = {project.id: frozenset(_changed(project, criteria)) for project in projects}
    return {
        project.id: tuple(dict.fromkeys(name for name, read in lacking if not read.isdisjoint(changed[project.id])))
        for project in projects
    }


def waiting(planned: Sequence[Project], every: Sequence[Project]) -> Mapping[str, tuple[str, ...]]:
    """Return, by project id, the improvements of `planned` projects that need it first; `every`: all of the firm."""
    chosen = {project.id for project in planned}
    pairs = [(one.id, then) for first, then in prerequisites(every) if then.id in chosen for one in first]
    return {
        project.id: tuple(dict.fromkeys(then.improvement.id for first, then in pairs if first == project.id))
        for project in planned
    }


def _changed(project: Project, criteria: CriteriaSet) -> Iterator[Place]:
    for effect in effects(project, criteria):
        if effect.points:
            how = criteria.indicators[effect.fact].how
            yield effect.subject.key, how.after if isinstance(how, Change) else effect.fact
        elif not holds_already(effect, project, criteria):
            yield effect.subject.key, effect.fact


# --- what the goals lack ----------------------------------------------------------------------------------------------


def _lacking(goal: Goal, firm: _Firm) -> Iterator[tuple[str, frozenset[Place]]]:
    """Yield every requirement that a goal lacks, with the places of the facts that decide it."""
    by_key = {path[-1].key: path for path in subjects_of(goal, firm.filled, firm.criteria)}
    for gap in _gaps(goal.criteria_id, goal.level, firm):
        if path := by_key.get(gap.subject_key):
            yield lifted_by(gap), frozenset(_read(gap.requirement, path, firm))
    one = firm.criteria.criteria[goal.criteria_id]
    if isinstance(one, PointsCriteria):
        for path in by_key.values():
            for requirement, read in _points_lacking(one, goal.level, path, firm):
                yield requirement.fact or f"{one.id}.{requirement.id}", frozenset(read)


def _gaps(criteria_id: str, level: int, firm: _Firm) -> tuple[Gap, ...]:
    own = [assessment for assessment in firm.by_now if assessment.criteria_id == criteria_id]
    return find_gaps(own, firm.criteria, firm.filled, {criteria_id: level})


def _points_lacking(
    criteria: PointsCriteria, level: int, path: Path, firm: _Firm
) -> Iterator[tuple[Requirement, Iterator[Place]]]:
    case = firm.case(path)
    for question in criteria.questions:
        if points_of(question, case).low < question.points:
            yield question.requirement, _places(question.indicator or question.requirement.fact or "", path, firm)
    for scene in criteria.scenes:
        if level_of_scene(scene, case).low < level:
            yield scene.requirement, _places(scene.requirement.fact or "", path, firm)


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
