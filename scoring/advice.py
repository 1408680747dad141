"""Advice: a plan with all that is said about it, computed once, so that report, page and spreadsheet say the same.

A pure function of the facts and the criteria files: the same record is given the same advice again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from questionnaires.model import FilledDiagnosis
from scoring.goals import Goal, levels_of
from scoring.model import Assessment, CriteriaSet, Method, Outcome
from scoring.plan import ImprovementPlan, Limits, choose
from scoring.plan_choices import Quarter, Why, WhyNot, alternatives, first_steps, quarters, reasons, why_not
from scoring.standing import stand

NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Advice:
    """A plan, the facts and rules that it was made from, and what a person wants to know before following it."""

    filled: FilledDiagnosis
    criteria: CriteriaSet
    by_now: tuple[Assessment, ...]
    plan: ImprovementPlan
    why: tuple[Why, ...]  # in the order of the plan
    first: tuple[Why, ...]  # the three things to do first
    quarters: tuple[Quarter, ...]  # those in which something ends
    alternatives: tuple[ImprovementPlan, ...]
    why_not: tuple[WhyNot, ...]
    frontier: tuple[ImprovementPlan, ...]  # the cheapest plan of every level up to the one above a single goal


def advise(filled: FilledDiagnosis, criteria: CriteriaSet, goals: Sequence[Goal], limits: Limits = NO_LIMITS) -> Advice:
    """Return the plan for the goals with everything around it.

    Raises ValueError for limits that are negative or no goal, SolverFault where a plan is not confirmed.
    """
    plan, by_now = choose(filled, criteria, goals, limits), stand(filled, criteria)
    why = reasons(filled, criteria, plan, by_now)
    return Advice(
        filled=filled,
        criteria=criteria,
        by_now=by_now,
        plan=plan,
        why=why,
        first=first_steps(plan, why),
        quarters=quarters(filled, criteria, plan),
        alternatives=alternatives(filled, criteria, plan),
        why_not=why_not(filled, criteria, plan, by_now),
        frontier=tuple(_frontier(filled, criteria, plan)),
    )


def advise_next_level(
    filled: FilledDiagnosis, criteria: CriteriaSet, assessments: Iterable[Assessment]
) -> Advice | None:
    """Return the advice that a report prints where nobody has chosen a goal; None where there is no next level."""
    goal = next_level(assessments)
    return advise(filled, criteria, [goal]) if goal else None


def next_level(assessments: Iterable[Assessment]) -> Goal | None:
    """Return the maturity level above the surely reached one as a goal.

    None where no maturity table applies, nothing in it is answered, or its highest level is reached.
    """
    for one in assessments:
        applies = one.method is Method.GBT_39117 and one.outcome is Outcome.LEVEL and one.coverage.answered > 0
        if applies and one.level is not None and one.level.low < len(one.level_names):
            return Goal(one.criteria_id, int(one.level.low) + 1)
    return None


def _frontier(filled: FilledDiagnosis, criteria: CriteriaSet, plan: ImprovementPlan) -> Iterable[ImprovementPlan]:
    """Yield what `plan_choices.frontier` says, with the plan itself for its own level where it has no budget.

    It ends above the goal: what is further away takes as long to compute again and is not decided on now.
    """
    goal, free = plan.goals[0], replace(plan.limits, budget=None)
    levels = levels_of(criteria.criteria[goal.criteria_id])
    if len(plan.goals) > 1 or levels == 1:
        return
    for level in range(1, min(goal.level + 1, levels) + 1):
        is_own = level == goal.level and plan.limits == free
        yield plan if is_own else choose(filled, criteria, [replace(goal, level=level)], free)
