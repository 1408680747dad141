"""Advice worked out the long way: every program built anew, every state of the firm judged in full.

Says nothing about how the product comes to its advice; only what has to come out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from scoring.advice import Advice
from scoring.goals import levels_of
from scoring.plan import Limits, Result, choose
from scoring.plan_reasons import helped, lacking
from scoring.plan_rows import program_for
from scoring.program import Row
from scoring.projects import Project, projects_of
from scoring.solver import cheapest
from scoring.standing import stand
from scoring.what_if import after_projects

Standing = list[tuple[str, str, str, object, object]]


@dataclass(frozen=True)
class Plainly:
    """What surrounds a plan, as names, figures and standings."""

    plan: object
    quarters: list[tuple[int, int, Standing]]
    frontier: list[object]
    others: list[frozenset[str]]
    why_not: list[tuple[str, int | None]]


def said(advice: Advice) -> Plainly:
    """Return what an advice says, in the same form."""
    return Plainly(
        _plan(advice.plan),
        [(one.number, one.spent, _standing(one.after)) for one in advice.quarters],
        [_plan(one) for one in advice.frontier],
        [_names(one) for one in advice.alternatives],
        [(one.project.id, one.more) for one in advice.why_not],
    )


def plainly(filled, criteria, goals, limits) -> Plainly:
    """Return what an advice has to say."""
    plan = choose(filled, criteria, goals, limits)
    return Plainly(
        _plan(plan),
        _quarters(filled, criteria, plan),
        _frontier(filled, criteria, plan),
        _others(filled, criteria, plan),
        _why_not(filled, criteria, plan),
    )


def _plan(plan) -> object:
    projects = [(one.project.id, one.units, one.start, one.end, one.cost) for one in plan.projects]
    return plan.goals, plan.result, projects, plan.cost, plan.proved, plan.needed, _standing(plan.after)


def _standing(assessments) -> Standing:
    return [(one.criteria_id, one.subject_key, one.outcome, one.level, one.total) for one in assessments]


def _names(plan) -> frozenset[str]:
    return frozenset(one.project.id for one in plan.projects)


def _quarters(filled, criteria, plan) -> list[tuple[int, int, Standing]]:
    found = []
    for number in sorted({one.end for one in plan.projects}):
        done = {one.project.id: one.units for one in plan.projects if one.end <= number}
        after = after_projects(filled, criteria, projects_of(filled, criteria), done)
        spent = sum(one.cost.likely for one in plan.projects if one.start <= number)
        found.append((number, spent, _standing(stand(after, criteria))))
    return found


def _frontier(filled, criteria, plan) -> list[object]:
    goal, free = plan.goals[0], replace(plan.limits, budget=None)
    levels = levels_of(criteria.criteria[goal.criteria_id])
    if len(plan.goals) > 1 or levels == 1:
        return []
    wanted = range(1, min(goal.level + 1, levels) + 1)
    return [_plan(choose(filled, criteria, [replace(goal, level=level)], free)) for level in wanted]


def _anew(filled, criteria, plan):
    return program_for(plan.goals, filled, criteria, projects_of(filled, criteria))


def _others(filled, criteria, plan) -> list[frozenset[str]]:
    """Return the projects of up to two others: as few of those known before as can be, then as cheap as can be."""
    known: list[frozenset[str]] = [_names(plan)]
    if plan.result is not Result.REACHED or not plan.projects or plan.limits != Limits():
        return []
    for _other in range(2):
        planning = _anew(filled, criteria, plan)
        costs = {n: -v.cost for n, v in enumerate(planning.program.variables) if v.cost}
        within = Row(costs, -int(plan.cost.likely * Fraction(11, 10)))
        shared = _shared(known, planning)
        fewest = cheapest(planning.program, [within], shared)
        if fewest is None or fewest.cost >= sum(shared.values()):
            break
        as_few = Row({variable: -times for variable, times in shared.items()}, -fewest.cost)
        found = cheapest(planning.program, [within, as_few])
        names = frozenset(name for name, variable in planning.chosen.items() if found and found.values[variable])
        if names in known:
            break
        known.append(names)
    return known[1:]


def _shared(known: Sequence[frozenset[str]], planning) -> dict[int, int]:
    names = {name for one in known for name in one}
    return {planning.chosen[name]: sum(name in one for one in known) for name in planning.chosen if name in names}


def _why_not(filled, criteria, plan) -> list[tuple[str, int | None]]:
    if plan.result is not Result.REACHED:
        return []
    lacks = lacking(plan.goals, filled, criteria, stand(filled, criteria))

    def urgency(project: Project) -> tuple[Fraction, int, str]:
        weight = sum((gap.weight for gap in helped(project, lacks, criteria)), Fraction(0))
        return -weight, project.cost.likely, project.id

    own = _names(plan)
    left = [one for one in projects_of(filled, criteria) if one.id not in own and helped(one, lacks, criteria)]
    found = []
    for project in sorted(left, key=urgency)[:3]:
        planning = _anew(filled, criteria, plan)
        other = cheapest(planning.program, [Row({planning.chosen[project.id]: 1}, 1)])
        found.append((project.id, other.cost - plan.cost.likely if other else None))
    return found
