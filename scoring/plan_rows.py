"""From goals to an integer program: which projects reach what the criteria ask, at the lower bound."""

from __future__ import annotations

from collections.abc import Iterable

from questionnaires.model import FilledDiagnosis, Subject
from scoring.gates import holds
from scoring.goals import Goal, subjects_of
from scoring.indicators import Case
from scoring.model import Criteria, CriteriaSet, GatesCriteria, MaturityCriteria, PointsCriteria
from scoring.plan_gates import ask_gates
from scoring.plan_maturity import ask_maturity
from scoring.plan_points import ask_points
from scoring.plan_program import Planning, add_projects, impossible, need_of
from scoring.projects import Project, grouped


def program_for(
    goals: Iterable[Goal],
    filled: FilledDiagnosis,
    criteria: CriteriaSet,
    projects: tuple[Project, ...],
    relaxed: bool = False,
) -> Planning:
    """Return the goals of a firm as an integer program over its projects.

    `relaxed` adds for every need a wonder that meets it, so that the fewest wonders say what blocks the goals; costs
    of projects are then left out.
    """
    planning = Planning(filled, criteria, projects, relaxed=relaxed, groups=grouped(projects))
    add_projects(planning)
    for goal in goals:
        one = criteria.criteria[goal.criteria_id]
        subjects = subjects_of(goal, filled, criteria)
        for path in subjects:
            _ask(planning, one, path, goal.level)
        if not subjects:  # a workshop is wanted, and the firm has named none
            firm = Case((filled.firm,), criteria.facts, criteria.indicators)
            impossible(planning, need_of(planning, one, firm, None), None)
    return planning


def _ask(planning: Planning, criteria: Criteria, path: tuple[Subject, ...], level: int) -> None:
    case = Case(path, planning.criteria.facts, planning.criteria.indicators)
    if holds(criteria.applies_when, case) is not True:
        impossible(planning, need_of(planning, criteria, case, None), None)
    elif isinstance(criteria, MaturityCriteria):
        ask_maturity(planning, criteria, case, level, None)
    elif isinstance(criteria, PointsCriteria):
        ask_points(planning, criteria, case, level, None)
    elif isinstance(criteria, GatesCriteria):
        ask_gates(planning, criteria, case, level, None)
