"""The improvement plan (改进计划): the cheapest projects that reach the goals, or the furthest reach under a budget.

Proven by the solver, and confirmed by scoring the facts as they will be: a plan whose goals are not surely reached
then, at the lower bound, is never given out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from math import lcm

from questionnaires.model import FilledDiagnosis
from scoring.goals import Goal, reached, subjects_of
from scoring.ground import Ground
from scoring.indicators import Case
from scoring.model import Assessment, Costs, CriteriaSet, MaturityCriteria
from scoring.plan_maturity import level_terms
from scoring.plan_program import Need, Planning
from scoring.program import Row
from scoring.projects import Project
from scoring.schedule import MOST_QUARTERS, Starts, add_time, in_order, last_quarter, never_in_time, starts_in
from scoring.solver import Found, OutOfTime, SolverFault, cheapest


class Result(StrEnum):
    """What a plan concludes."""

    ALREADY = "already"  # the goals are reached by now: nothing to do
    REACHED = "reached"  # the plan reaches the goals
    OVER_BUDGET = "over_budget"  # the goals cost more; the plan is the furthest that the budget reaches
    TOO_LATE = "too_late"  # the goals cannot be reached by the day, or with so few people
    UNREACHABLE = "unreachable"  # nothing in the catalogue reaches the goals


@dataclass(frozen=True, slots=True)
class Limits:
    """What a plan may use: money in whole 万元, quarters from its beginning, own people at once; None: no limit."""

    budget: int | None = None
    quarters: int | None = None
    people: int | None = None


@dataclass(frozen=True, slots=True)
class PlannedProject:
    """One project of a plan: when it starts, how many units it adds and what it costs."""

    project: Project
    start: int  # quarter, 1 for the first
    units: int  # 0 where it adds none
    cost: Costs

    @property
    def end(self) -> int:
        """The quarter at whose end it is done."""
        return self.start + self.project.quarters - 1


@dataclass(frozen=True, slots=True)
class ImprovementPlan:
    """Which projects, in which quarters, at which cost; what they reach, and what is in the way where they do not."""

    goals: tuple[Goal, ...]
    limits: Limits
    result: Result
    projects: tuple[PlannedProject, ...]  # in the order in which they start
    cost: Costs
    proved: bool  # nothing cheaper (or, under the budget, further) exists
    after: tuple[Assessment, ...]  # as scored on the facts after the plan
    blocked: tuple[Need, ...] = ()  # a smallest set of needs that nothing reaches
    needed: int | None = None  # 万元 that the goals cost at least, where the budget is too small
    quarters_needed: int | None = None  # that the cheapest plan takes, where the deadline is too near


def choose(
    filled: FilledDiagnosis, criteria: CriteriaSet, goals: Sequence[Goal], limits: Limits = Limits()
) -> ImprovementPlan:
    """Return the cheapest plan that surely reaches all goals within the limits, or what comes nearest and why.

    Raises ValueError for limits that are negative or no goal, SolverFault where a plan is not confirmed.
    """
    return choose_on(Ground(filled, criteria), goals, limits)


def choose_on(ground: Ground, goals: Sequence[Goal], limits: Limits) -> ImprovementPlan:
    """Return the same for a firm for which more is computed."""
    _refuse(goals, limits)
    if all(reached(goal, ground.by_now) for goal in goals):
        return ImprovementPlan(tuple(goals), limits, Result.ALREADY, (), Costs(0, 0, 0), True, ground.by_now)
    found = cheapest(ground.program(goals).program)
    if found is None:
        return _unreachable(ground, goals, limits)
    if limits.budget is not None and found.cost > limits.budget:
        plan = _furthest(ground, goals, limits)
        return replace(plan, needed=found.cost, proved=plan.proved and found.proved)
    return _in_time(ground, goals, limits, found)


def _refuse(goals: Sequence[Goal], limits: Limits) -> None:
    if not goals:
        raise ValueError("a plan needs a goal")
    if any(limit is not None and limit < 0 for limit in (limits.budget, limits.quarters, limits.people)):
        raise ValueError("a limit of a plan is not negative")


def confirmed(plan: ImprovementPlan) -> ImprovementPlan:
    """Return the plan, after scoring has said that it surely reaches its goals. Raises SolverFault."""
    for goal in plan.goals:
        if not reached(goal, plan.after):
            raise SolverFault(f"scoring does not confirm the goal {goal.criteria_id}:{goal.level}")
    return plan


# --- time -------------------------------------------------------------------------------------------------------------


def _in_time(ground: Ground, goals: Sequence[Goal], limits: Limits, found: Found) -> ImprovementPlan:
    """Return the plan with its quarters. What is cheapest without a deadline is cheapest with one that it meets."""
    planning = ground.program(goals)
    never = never_in_time(planning, limits.quarters, limits.people)
    possible = cheapest(planning.program, [*never, *_within(planning, limits.budget)]) if never else found
    if possible is not None:
        chosen = _chosen(planning, possible)
        starts = in_order(chosen, planning.projects, limits.people)
        if starts is not None and (limits.quarters is None or last_quarter(starts, chosen) <= limits.quarters):
            return confirmed(plan_of(ground, planning, goals, limits, Result.REACHED, possible, starts))
        if limits.quarters is not None and (timed := _timed(ground, goals, limits)):
            return timed
    without = in_order(_chosen(planning, found), planning.projects, None) or {}
    needed = last_quarter(without, _chosen(planning, found))
    nothing = plan_of(ground, planning, goals, limits, Result.TOO_LATE, None, {})
    return replace(nothing, quarters_needed=needed)


def _soonest(limits: Limits) -> Limits:
    """Return the limits with a deadline that a program can hold: what takes longer than that is no plan."""
    return replace(limits, quarters=min(limits.quarters or MOST_QUARTERS, MOST_QUARTERS))


def _timed(ground: Ground, goals: Sequence[Goal], limits: Limits) -> ImprovementPlan | None:
    """Return the cheapest plan that ends in time, with the start of every project as a part of the program."""
    timed = ground.program_anew(goals)
    time = _time(timed, _soonest(limits), timed=True)
    try:
        found = cheapest(timed.program, [*time.rows, *_within(timed, limits.budget)])
    except OutOfTime:
        return replace(plan_of(ground, timed, goals, limits, Result.TOO_LATE, None, {}), proved=False)
    if found is None:
        return None
    return confirmed(plan_of(ground, timed, goals, limits, Result.REACHED, found, time.starts(found)))


@dataclass(frozen=True, slots=True)
class _Time:
    """What a program has to keep for the deadline and the people, and when its projects then start."""

    planning: Planning
    people: int | None
    rows: list[Row]
    variables: Mapping[str, Mapping[int, int]] | None  # of the starts, where they are a part of the program

    def starts(self, found: Found) -> Starts:
        """Return the quarter in which each chosen project starts."""
        if self.variables is not None:
            return starts_in(found, self.variables)
        starts = in_order(_chosen(self.planning, found), self.planning.projects, self.people)
        if starts is None:
            raise SolverFault("what is chosen has no order")
        return starts


def _time(planning: Planning, limits: Limits, timed: bool) -> _Time:
    """Leave out what alone takes too long or too many; `timed` makes the starts a part of the program.

    Without a deadline, all the rest can be done one after the other.
    """
    rows = never_in_time(planning, limits.quarters, limits.people)
    if limits.quarters is None or not timed:
        return _Time(planning, limits.people, rows, None)
    return _Time(planning, limits.people, rows, add_time(planning, limits.quarters, limits.people))


def _within(planning: Planning, budget: int | None) -> list[Row]:
    if budget is None:
        return []
    costs = {n: -variable.cost for n, variable in enumerate(planning.program.variables) if variable.cost}
    return [Row(costs, -budget)]


# --- what comes nearest -----------------------------------------------------------------------------------------------


def _furthest(ground: Ground, goals: Sequence[Goal], limits: Limits) -> ImprovementPlan:
    """Return the plan that gets furthest under the budget, within the deadline and with the people that there are.

    For one goal of several levels: the highest level, then as much as possible of the next one. Else: what leaves the
    fewest needs open, then what costs least.
    """
    plan = _further(ground, goals, limits, timed=False)
    if limits.quarters is None or all(one.end <= limits.quarters for one in plan.projects):
        return plan
    return _further(ground, goals, limits, timed=True)


def _further(ground: Ground, goals: Sequence[Goal], limits: Limits, *, timed: bool) -> ImprovementPlan:
    only = goals[0] if len(goals) == 1 else None
    if only is not None and isinstance(ground.criteria.criteria[only.criteria_id], MaturityCriteria):
        return _highest_level(ground, only, limits, timed=timed)
    priced, relaxed = ground.program(goals), ground.program_anew(goals, relaxed=True)
    costs = {relaxed.chosen[name]: priced.program.variables[variable].cost for name, variable in priced.chosen.items()}
    costs |= {relaxed.units[name]: priced.program.variables[variable].cost for name, variable in priced.units.items()}
    budget = Row({number: -cost for number, cost in costs.items() if cost}, -(limits.budget or 0))
    time = _time(relaxed, limits, timed)
    fewest = cheapest(relaxed.program, [budget, *time.rows])
    if fewest is None:
        raise SolverFault("nothing is chosen under the budget, which is always possible")
    left = Row(dict.fromkeys(relaxed.wonders, -1), -fewest.cost)
    found = cheapest(relaxed.program, [budget, left, *time.rows], costs)
    plan = _over_budget(ground, time, goals, limits, found or fewest)
    return replace(plan, blocked=_blocked(relaxed, found or fewest), proved=fewest.proved)


def _highest_level(ground: Ground, goal: Goal, limits: Limits, *, timed: bool) -> ImprovementPlan:
    criteria = ground.criteria
    table = criteria.criteria[goal.criteria_id]
    assert isinstance(table, MaturityCriteria)
    for level in range(goal.level - 1, -1, -1):
        planning = ground.program_anew([replace(goal, level=level)] if level else [])
        time = _time(planning, limits, timed)
        within = [*_within(planning, limits.budget), *time.rows]
        if cheapest(planning.program, within) is None:
            continue
        case = Case(subjects_of(goal, ground.filled, criteria)[0], criteria.facts, criteria.indicators)
        terms, _now = level_terms(planning, table, case, level + 1)
        return _over_budget(ground, time, [goal], limits, _most(planning, terms, within))
    raise SolverFault("the level of now is always reached")


def _most(planning: Planning, terms: dict[int, Fraction], within: list[Row]) -> Found:
    """Return what adds most to a level score under the rows `within`, and among equals the cheapest."""
    scale = lcm(*(part.denominator for part in terms.values()))
    worth = {number: int(part * scale) for number, part in terms.items()}
    best = cheapest(planning.program, within, {number: -one for number, one in worth.items()})
    if best is None:
        raise SolverFault("nothing is chosen under the budget, which is always possible")
    return cheapest(planning.program, [*within, Row(worth, -best.cost)]) or best


def _unreachable(ground: Ground, goals: Sequence[Goal], limits: Limits) -> ImprovementPlan:
    relaxed = ground.program_anew(goals, relaxed=True)
    fewest = cheapest(relaxed.program)
    blocked = _blocked(relaxed, fewest) if fewest else tuple(relaxed.needs)
    proved, result = fewest is not None and fewest.proved, Result.UNREACHABLE
    return ImprovementPlan(tuple(goals), limits, result, (), Costs(0, 0, 0), proved, ground.by_now, blocked)


def _blocked(relaxed: Planning, found: Found) -> tuple[Need, ...]:
    return tuple(relaxed.needs[need] for variable, need in relaxed.wonders.items() if found.values[variable])


# --- putting it together ----------------------------------------------------------------------------------------------


def _chosen(planning: Planning, found: Found | None) -> list[Project]:
    if found is None:
        return []
    return [project for project in planning.projects if found.values[planning.chosen[project.id]]]


def _over_budget(ground: Ground, time: _Time, goals: Sequence[Goal], limits: Limits, found: Found) -> ImprovementPlan:
    return plan_of(ground, time.planning, goals, limits, Result.OVER_BUDGET, found, time.starts(found))


def plan_of(
    ground: Ground,
    planning: Planning,
    goals: Sequence[Goal],
    limits: Limits,
    result: Result,
    found: Found | None,
    starts: Starts,
) -> ImprovementPlan:
    """Return a choice of projects as a plan, with the facts scored as they will be after it."""
    made = [_planned(planning, project, found, starts) for project in _chosen(planning, found) if project.id in starts]
    made.sort(key=lambda one: (one.start, one.end, one.project.id))
    return ImprovementPlan(
        goals=tuple(goals),
        limits=limits,
        result=result,
        projects=tuple(made),
        cost=added(one.cost for one in made),
        proved=found.proved if found else True,
        after=ground.after({one.project.id: one.units for one in made}),
    )


def _planned(planning: Planning, project: Project, found: Found | None, starts: Starts) -> PlannedProject:
    variable = planning.units.get(project.id)
    units = found.values[variable] if found and variable is not None else 0
    return planned(project, units, starts[project.id])


def planned(project: Project, units: int, start: int) -> PlannedProject:
    """Return a project with so many units from a quarter on, and what it costs."""
    pairs = zip(project.cost, project.each, strict=True)
    return PlannedProject(project, start, units, Costs(*(fixed + units * each for fixed, each in pairs)))


def added(costs: Iterable[Costs]) -> Costs:
    """Return costs added up."""
    every = list(costs)
    return Costs(*(sum(part) for part in zip(*every, strict=True))) if every else Costs(0, 0, 0)
