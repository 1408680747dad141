"""Choices around a plan: what each level costs, other plans for nearly the same money, why this and not that.

Every answer comes from the same integer program as the plan, with one row or one price changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction

from scoring.goals import levels_of
from scoring.ground import Ground
from scoring.model import Assessment, Gap
from scoring.plan import ImprovementPlan, PlannedProject, Result, choose_on, plan_of
from scoring.plan_program import Planning
from scoring.plan_reasons import Lack, helped, waiting
from scoring.program import Row
from scoring.projects import Project
from scoring.schedule import in_order, last_quarter
from scoring.solver import Found, OutOfTime, cheapest

NEARLY = Fraction(11, 10)  # an alternative costs at most so many times the cheapest
ALTERNATIVES, OBVIOUS, FIRST = 2, 3, 3


@dataclass(frozen=True, slots=True)
class Why:
    """Why a project is in a plan: the requirements it helps, and the projects that need it first."""

    planned: PlannedProject
    helps: tuple[Gap, ...]
    before: tuple[Project, ...]


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why an obvious project is not: what the plan would cost more with it, and what does its work."""

    project: Project
    helps: tuple[Gap, ...]
    more: int | None  # 万元; None: with it the goals are not reached
    instead: tuple[PlannedProject, ...]


@dataclass(frozen=True, slots=True)
class Quarter:
    """What is reached when a quarter in which something ends is over, and what has been spent until then."""

    number: int
    spent: int  # 万元, likely
    after: tuple[Assessment, ...]


def frontier(ground: Ground, plan: ImprovementPlan, up_to: int) -> Iterator[ImprovementPlan]:
    """Yield the cheapest plan for every level of a single goal's criteria from 1 to `up_to`, whatever the budget.

    The plan itself stands for its own level where it has no budget. A level whose search takes too much work is left
    out. Nothing for several goals, or criteria with one outcome.
    """
    goal, free = plan.goals[0], replace(plan.limits, budget=None)
    levels = levels_of(ground.criteria.criteria[goal.criteria_id])
    if len(plan.goals) > 1 or levels == 1:
        return
    for level in range(1, min(up_to, levels) + 1):
        if level == goal.level and plan.limits == free:
            yield plan
        else:
            with suppress(OutOfTime):
                yield choose_on(ground, [replace(goal, level=level)], free)


def alternatives(ground: Ground, plan: ImprovementPlan) -> tuple[ImprovementPlan, ...]:
    """Return up to two plans for the same goals at nearly the same cost that share the fewest projects with the others.

    Of those that share equally few, the cheapest. Only plans that keep the limits.
    """
    if plan.result is not Result.REACHED or not plan.projects:
        return ()
    planning = ground.program(plan.goals)
    most = int(plan.cost.likely * NEARLY)
    if plan.limits.budget is not None:
        most = min(most, plan.limits.budget)
    dear = {n: -v.cost for n, v in enumerate(planning.program.variables) if v.cost}
    within, known, found = Row(dear, -most), [_names(plan)], list[ImprovementPlan]()
    for _number in range(ALTERNATIVES):
        other = _most_different(planning, known, within)
        made = _kept_limits(ground, planning, plan, other) if other else None
        if made is None or _names(made) in known:
            break
        known.append(_names(made))
        found.append(made)
    return tuple(found)


def _names(plan: ImprovementPlan) -> frozenset[str]:
    return frozenset(one.project.id for one in plan.projects)


def _most_different(planning: Planning, known: Sequence[frozenset[str]], within: Row) -> Found | None:
    shared: dict[int, int] = {}
    for names in known:
        for name in names:
            shared[planning.chosen[name]] = shared.get(planning.chosen[name], 0) + 1
    try:
        fewest = cheapest(planning.program, [within], shared)
        if fewest is None or fewest.cost >= sum(shared.values()):
            return None
        as_few = Row({variable: -times for variable, times in shared.items()}, -fewest.cost)
        return cheapest(planning.program, [within, as_few])
    except OutOfTime:
        return None


def _kept_limits(ground: Ground, planning: Planning, plan: ImprovementPlan, found: Found) -> ImprovementPlan | None:
    chosen = [project for project in planning.projects if found.values[planning.chosen[project.id]]]
    starts = in_order(chosen, planning.projects, plan.limits.people)
    late = plan.limits.quarters is not None and starts is not None
    if starts is None or (late and last_quarter(starts, chosen) > (plan.limits.quarters or 0)):
        return None
    return plan_of(ground, planning, plan.goals, plan.limits, Result.REACHED, found, starts)


# --- reasons ----------------------------------------------------------------------------------------------------------


def reasons(ground: Ground, plan: ImprovementPlan, lacks: Sequence[Lack]) -> tuple[Why, ...]:
    """Return why each project of a plan is in it, in the order of the plan; `lacks`: what its goals lack now."""
    then = waiting([one.project for one in plan.projects], ground.projects)
    return tuple(Why(one, helped(one.project, lacks, ground.criteria), then[one.project.id]) for one in plan.projects)


def why_not(ground: Ground, plan: ImprovementPlan, lacks: Sequence[Lack]) -> tuple[WhyNot, ...]:
    """Return the obvious projects that a plan leaves out: those that lift the most, with what they would cost more."""
    if plan.result is not Result.REACHED:
        return ()
    chosen, helps = _names(plan), {one.id: helped(one, lacks, ground.criteria) for one in ground.projects}
    left_out = [project for project in ground.projects if project.id not in chosen and helps[project.id]]
    left_out.sort(key=lambda project: (-sum(gap.weight for gap in helps[project.id]), project.cost.likely, project.id))
    planning = ground.program(plan.goals)
    found = (_why_not(planning, plan, project, helps) for project in left_out[:OBVIOUS])
    return tuple(one for one in found if one)


def _why_not(
    planning: Planning, plan: ImprovementPlan, project: Project, helps: Mapping[str, tuple[Gap, ...]]
) -> WhyNot | None:
    try:
        found = cheapest(planning.program, [Row({planning.chosen[project.id]: 1}, 1)])
    except OutOfTime:
        return None  # what it would cost is not known
    own = {(gap.subject_key, gap.requirement.id) for gap in helps[project.id]}
    instead = tuple(
        one
        for one in plan.projects
        if any((gap.subject_key, gap.requirement.id) in own for gap in helps.get(one.project.id, ()))
    )
    return WhyNot(project, helps[project.id], found.cost - plan.cost.likely if found else None, instead)


# --- time -------------------------------------------------------------------------------------------------------------


def first_steps(plan: ImprovementPlan, why: Sequence[Why]) -> tuple[Why, ...]:
    """Return the three things to do first: what starts first, of that what helps most, of that what costs least."""

    def urgency(one: Why) -> tuple[int, Fraction, int]:
        return one.planned.start, -sum((gap.weight for gap in one.helps), Fraction(0)), one.planned.cost.likely

    return tuple(sorted(why, key=urgency)[:FIRST]) if plan.projects else ()


def quarters(ground: Ground, plan: ImprovementPlan) -> tuple[Quarter, ...]:
    """Return what is reached after each quarter in which a project of the plan ends, scored on the facts as then."""
    found = []
    for number in sorted({one.end for one in plan.projects}):
        done = {one.project.id: one.units for one in plan.projects if one.end <= number}
        spent = sum(one.cost.likely for one in plan.projects if one.start <= number)
        after = plan.after if len(done) == len(plan.projects) else ground.after(done)
        found.append(Quarter(number, spent, after))
    return tuple(found)
