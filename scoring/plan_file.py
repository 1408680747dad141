"""Writes the plan file, `zhizhen/plan@1`: an improvement plan as JSON, as described in the README.

What is reached after each quarter is scored on the facts as they will be then, never taken from the solver.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from questionnaires.model import FilledDiagnosis, Subject, SubjectKind, Text
from scoring.assessment import paths
from scoring.beyond import beyond_projects
from scoring.gaps import lifted_by
from scoring.goals import Goal, reached, subjects_of
from scoring.model import Assessment, CriteriaSet, Gap, Outcome, PointsCriteria
from scoring.plan import ImprovementPlan, Limits, PlannedProject
from scoring.plan_program import Need
from scoring.plan_reasons import helped, lacking, waiting
from scoring.projects import Project, projects_of
from scoring.quarters import calendar_quarter
from scoring.result_file import exact_text, subject_of, whole_numbers
from scoring.standing import stand
from scoring.what_if import after_projects

FORMAT = "zhizhen/plan@1"
SCHEMA = Path(__file__).parent / "schemas" / "plan-1.schema.json"
NOTE = Text(
    "供准备和规划用：等级和认定以官方结果为准，费用和工期以报价和合同为准。",
    "An aid to preparation: levels and recognition are for official results to say, cost and time for offers and "
    "contracts.",
)
MUST_APPLY = Text("这份评价标准要先适用于该对象", "The criteria have to apply to this subject first")
TOO_FEW_POINTS = Text("得分或达到等级的场景不够", "The points, or the scenes at that level, do not suffice")


@dataclass(frozen=True, slots=True)
class _Plan:
    """A plan with all that it was made from."""

    plan: ImprovementPlan
    filled: FilledDiagnosis
    criteria: CriteriaSet
    begins: date
    every: tuple[Project, ...]  # projects of the firm

    def subjects(self, goal: Goal) -> tuple[tuple[Subject, ...], ...]:
        return subjects_of(goal, self.filled, self.criteria)

    def quarter(self, number: int) -> dict[str, Any]:
        return {"number": number, "calendar": calendar_quarter(self.begins, number)}


def write_plan(
    plan: ImprovementPlan, filled: FilledDiagnosis, criteria: CriteriaSet, diagnosis: bytes, program: str, begins: date
) -> str:
    """Return the plan file as JSON text, the same for the same input.

    `diagnosis` is the diagnosis file as it was read (its digest is kept), `program` the name and version that planned,
    `begins` the first day of the quarter in which the plan begins.
    """
    made = _Plan(plan, filled, criteria, begins, projects_of(filled, criteria))
    entries = {
        "format": FORMAT,
        "as_of": filled.as_of.isoformat(),
        "diagnosis_sha256": hashlib.sha256(diagnosis).hexdigest(),
        "program": program,
        "catalogue_sha256": criteria.improvements_digest,
        "begins": begins.isoformat(),
        "goals": [_goal(goal, made) for goal in plan.goals],
        "limits": _limits(plan.limits),
        "result": plan.result.value,
        "proved": plan.proved,
        "projects": _projects(made),
        "total": plan.cost._asdict(),
        "levels_after": list(_levels_after(made)),
        "afterwards": list(_afterwards(made)),
        "blocked": list(_blocked(made)),
        "needed": plan.needed,
        "quarters_needed": plan.quarters_needed,
        "assumption": _text(criteria.improvements_basis) if criteria.improvements_basis else None,
        "note": _text(NOTE),
    }
    return json.dumps(_known(entries), ensure_ascii=False, indent=2) + "\n"


def _known(entries: Mapping[str, Any]) -> dict[str, Any]:
    return {key: entry for key, entry in entries.items() if entry is not None}


def _text(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _subject(path: tuple[Subject, ...]) -> dict[str, str]:
    subject = path[-1]
    within = {"factory": path[-2].name} if subject.kind is SubjectKind.WORKSHOP else {}
    return {"kind": subject.kind.value, **within, "name": subject.name}


# --- what was asked ---------------------------------------------------------------------------------------------------


def _goal(goal: Goal, made: _Plan) -> dict[str, Any]:
    entries = {
        "criteria": goal.criteria_id,
        "criteria_sha256": made.criteria.criteria[goal.criteria_id].digest,
        "level": goal.level,
        "subject": _subject(made.subjects(goal)[0]) if goal.subject_key else None,
    }
    return _known(entries)


def _limits(limits: Limits) -> dict[str, int]:
    return _known({"budget": limits.budget, "quarters": limits.quarters, "people": limits.people})


# --- what is planned --------------------------------------------------------------------------------------------------


def _projects(made: _Plan) -> list[dict[str, Any]]:
    ids = {one.project.id for one in made.plan.projects}
    chosen = [project for project in made.every if project.id in ids]
    lacks = lacking(made.plan.goals, made.filled, made.criteria, stand(made.filled, made.criteria))
    then = waiting(chosen, made.every)
    return [
        _project(one, made, helped(one.project, lacks, made.criteria), then[one.project.id])
        for one in made.plan.projects
    ]


def _project(one: PlannedProject, made: _Plan, helps: Sequence[Gap], then: Sequence[Project]) -> dict[str, Any]:
    improvement = one.project.improvement
    adds = {"fact": improvement.adds.count, "units": one.units} if improvement.adds and one.units else None
    entries = {
        "improvement": improvement.id,
        "name": _text(improvement.text),
        "subject": _subject(one.project.path),
        "start": made.quarter(one.start),
        "end": made.quarter(one.end),
        "adds": adds,
        "cost": one.cost._asdict(),
        "people": improvement.people,
        "because": list(dict.fromkeys(lifted_by(gap) for gap in helps)),
        "needed_by": list(dict.fromkeys(project.improvement.id for project in then)),
    }
    return _known(entries)


# --- what is reached --------------------------------------------------------------------------------------------------


def _levels_after(made: _Plan) -> Iterator[dict[str, Any]]:
    asked = {(goal.criteria_id, path[-1].key) for goal in made.plan.goals for path in made.subjects(goal)}
    for quarter in sorted({one.end for one in made.plan.projects}):
        done = {one.project.id: one.units for one in made.plan.projects if one.end <= quarter}
        then = stand(after_projects(made.filled, made.criteria, made.every, done), made.criteria)
        standing = [_standing(one) for one in then if (one.criteria_id, one.subject_key) in asked]
        yield {"quarter": made.quarter(quarter), "standing": standing}


def _afterwards(made: _Plan) -> Iterator[dict[str, Any]]:
    after = {(one.criteria_id, one.subject_key): one for one in made.plan.after}
    for goal in made.plan.goals:
        for path in made.subjects(goal):
            assessment = after.get((goal.criteria_id, path[-1].key))
            standing = _standing(assessment) if assessment else _not_judged(goal, path)
            yield {**standing, "wanted": goal.level, "reached": reached(goal, [assessment] if assessment else [])}


def _not_judged(goal: Goal, path: tuple[Subject, ...]) -> dict[str, Any]:
    """The maturity table for the other type of production: assessments leave it out."""
    return {"criteria": goal.criteria_id, "subject": _subject(path), "outcome": Outcome.NOT_APPLICABLE.value}


def _standing(assessment: Assessment) -> dict[str, Any]:
    entries = {
        "criteria": assessment.criteria_id,
        "subject": subject_of(assessment),
        "outcome": assessment.outcome.value,
        "level": whole_numbers(assessment.level),
        "total": exact_text(assessment.total),
    }
    return _known(entries)


# --- what is in the way -----------------------------------------------------------------------------------------------


def _blocked(made: _Plan) -> Iterator[dict[str, Any]]:
    by_key = {path[-1].key: path for kind in SubjectKind for path in paths(made.filled.firm, kind)}
    for need in _once(made.plan.blocked):
        entries = {
            "criteria": need.criteria_id,
            "subject": _subject(by_key[need.subject_key]),
            "requirement": need.requirement.id if need.requirement else None,
            "text": _text(_need_text(need, made.criteria)),
            "answer_first": list(need.open_facts),
            "beyond": _beyond(need, made) or None,
        }
        yield _known(entries)


def _beyond(need: Need, made: _Plan) -> list[dict[str, Any]]:
    """Return what no project changes of it, each with the reason."""
    names = beyond_projects(need, made.filled, made.criteria)
    return [{"name": name, "why": _text(made.criteria.beyond[name])} for name in names]


def _once(needs: Iterable[Need]) -> Iterator[Need]:
    """Yield every need once, with all the answers that are missing for it."""
    joined: dict[tuple[str, str, str | None], Need] = {}
    for need in needs:
        name = (need.criteria_id, need.subject_key, need.requirement.id if need.requirement else None)
        known = joined.get(name, need)
        open_facts = dict.fromkeys([*known.open_facts, *need.open_facts])
        joined[name] = known._replace(open_facts=tuple(open_facts))
    yield from joined.values()


def _need_text(need: Need, criteria: CriteriaSet) -> Text:
    if need.requirement:
        return need.requirement.text
    return TOO_FEW_POINTS if isinstance(criteria.criteria[need.criteria_id], PointsCriteria) else MUST_APPLY
