"""What if: the same scoring on a diagnosis answered otherwise and on projects, and which rules come out otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from questionnaires.model import FilledDiagnosis, Text
from scoring.exact import Bounds
from scoring.model import Assessment, Costs, CriteriaSet, MaturityCriteria, Requirement
from scoring.plan import PlannedProject, added, planned
from scoring.plan_order import prerequisites
from scoring.projects import Project, projects_of
from scoring.schedule import in_order
from scoring.standing import stand
from scoring.standing_again import stand_again
from scoring.what_if import Chosen, after_projects


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One rule that comes out otherwise: a requirement of a gate, or a level with its score against the mark."""

    criteria: Text
    subject_name: str
    rule: Text
    before: str  # the state of a requirement, or whether a level is met: "met", "not_met", "not_known"
    after: str
    scores: tuple[Bounds, Bounds] | None = None  # of a level, before and after


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried out, and what comes of it."""

    before: tuple[Assessment, ...]
    after: tuple[Assessment, ...]  # one for each of `before`, as long as the same criteria apply
    changes: tuple[RuleChange, ...]
    projects: tuple[PlannedProject, ...]
    cost: Costs
    lacking: tuple[tuple[Project, tuple[Project, ...]], ...]  # a project, and what it needs first and nobody chose
    possible: tuple[Project, ...]  # everything that still changes something after the answers


def try_out(
    filled: FilledDiagnosis,
    answered: FilledDiagnosis,
    criteria: CriteriaSet,
    chosen: Chosen,
    before: Sequence[Assessment] | None = None,
) -> Trial:
    """Return what `filled` would be worth answered otherwise, as in `answered`, and with these projects done.

    A project that is not known, or that changes nothing after the answers, is left out. `before` spares judging the
    answers of now again.
    """
    now = tuple(before) if before is not None else stand(filled, criteria)
    projects = projects_of(answered, criteria)
    known = {p.id: min(chosen[p.id], p.units) for p in projects if p.id in chosen}
    later = after_projects(answered, criteria, projects, known)
    after = stand_again(filled, now, later, criteria)
    mine = [project for project in projects if project.id in known]
    starts = in_order(mine, projects, None) or {}
    made = sorted((planned(p, known[p.id], starts[p.id]) for p in mine if p.id in starts), key=_by_start)
    return Trial(
        before=now,
        after=after,
        changes=tuple(_changes(now, after, criteria)),
        projects=tuple(made),
        cost=added(one.cost for one in made),
        lacking=tuple(_lacking(mine, projects)),
        possible=projects,
    )


def _by_start(one: PlannedProject) -> tuple[int, int, str]:
    return one.start, one.end, one.project.id


def _lacking(chosen: Sequence[Project], every: Sequence[Project]) -> Iterator[tuple[Project, tuple[Project, ...]]]:
    mine = {project.id for project in chosen}
    for first, then in prerequisites(every):
        if then.id in mine and not any(one.id in mine for one in first):
            yield then, first


def _changes(before: Sequence[Assessment], after: Sequence[Assessment], criteria: CriteriaSet) -> Iterator[RuleChange]:
    was = {(one.criteria_id, one.subject_key): one for one in before}
    for one in after:
        if earlier := was.get((one.criteria_id, one.subject_key)):
            yield from _levels(earlier, one, criteria)
            yield from _requirements(earlier, one)


def _levels(before: Assessment, after: Assessment, criteria: CriteriaSet) -> Iterator[RuleChange]:
    table = criteria.criteria[after.criteria_id]
    if not isinstance(table, MaturityCriteria):
        return
    for number, score in after.level_scores.items():
        earlier = before.level_scores.get(number)
        if earlier is None or earlier.reaches(table.pass_mark) == score.reaches(table.pass_mark):
            continue
        name = table.level_names[number - 1] if table.level_names else Text(f"{number} 级", f"Level {number}")
        was, now = (_state(one.reaches(table.pass_mark)) for one in (earlier, score))
        yield RuleChange(after.criteria_title, "", name, was, now, (earlier, score))


def _state(met: bool | None) -> str:
    return {True: "met", False: "not_met", None: "not_known"}[met]


def _requirements(before: Assessment, after: Assessment) -> Iterator[RuleChange]:
    states: dict[str, tuple[Requirement, str]] = {
        one.requirement.id: (one.requirement, one.state.value) for one in before.requirements
    }
    for one in after.requirements:
        known = states.get(one.requirement.id)
        if known and known[1] != one.state.value and one.requirement.fact is None:
            yield RuleChange(after.criteria_title, after.subject_name, one.requirement.text, known[1], one.state.value)
