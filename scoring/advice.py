"""Advice: a plan with all that is said about it, each part computed once, so that report, page and sheet say the same.

A pure function of the facts and the criteria files: the same record is given the same advice again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from questionnaires.model import FilledDiagnosis
from scoring.goals import Goal, levels_of
from scoring.ground import Ground
from scoring.model import Assessment, CriteriaSet, Method, Outcome
from scoring.plan import ImprovementPlan, Limits, choose_on
from scoring.plan_choices import Quarter, Why, WhyNot, alternatives, first_steps, frontier, quarters, reasons, why_not
from scoring.plan_reasons import Lack, lacking

NO_LIMITS = Limits()


@dataclass(frozen=True)  # without slots: what is asked for is kept in it
class Advice:
    """A plan, the firm that it was made for, and what a person wants to know before following it."""

    ground: Ground
    plan: ImprovementPlan

    @property
    def filled(self) -> FilledDiagnosis:
        """The facts that the plan was made from."""
        return self.ground.filled

    @property
    def criteria(self) -> CriteriaSet:
        """The rules and costs that it was made by."""
        return self.ground.criteria

    @property
    def by_now(self) -> tuple[Assessment, ...]:
        """What the facts are worth by now."""
        return self.ground.by_now

    @cached_property
    def lacks(self) -> tuple[Lack, ...]:
        """What the goals lack now."""
        return lacking(self.plan.goals, self.filled, self.criteria, self.by_now)

    @cached_property
    def why(self) -> tuple[Why, ...]:
        """Why each project is in the plan, in its order."""
        return reasons(self.ground, self.plan, self.lacks)

    @cached_property
    def first(self) -> tuple[Why, ...]:
        """The three things to do first."""
        return first_steps(self.plan, self.why)

    @cached_property
    def quarters(self) -> tuple[Quarter, ...]:
        """The quarters in which something ends."""
        return quarters(self.ground, self.plan)

    @cached_property
    def alternatives(self) -> tuple[ImprovementPlan, ...]:
        """Other plans for nearly the same money."""
        return alternatives(self.ground, self.plan)

    @cached_property
    def why_not(self) -> tuple[WhyNot, ...]:
        """The obvious projects that the plan does without."""
        return why_not(self.ground, self.plan, self.lacks)

    @cached_property
    def frontier(self) -> tuple[ImprovementPlan, ...]:
        """The cheapest plan of every level up to the one above a single goal.

        What is further away takes as long to compute again and is not decided on now.
        """
        return tuple(frontier(self.ground, self.plan, self.plan.goals[0].level + 1))

    @cached_property
    def whole_frontier(self) -> tuple[ImprovementPlan, ...]:
        """The same for every level that there is."""
        return tuple(frontier(self.ground, self.plan, self.levels))

    @property
    def levels(self) -> int:
        """How many levels the criteria of the first goal have."""
        return levels_of(self.criteria.criteria[self.plan.goals[0].criteria_id])


def advise(filled: FilledDiagnosis, criteria: CriteriaSet, goals: Sequence[Goal], limits: Limits = NO_LIMITS) -> Advice:
    """Return the plan for the goals; what surrounds it is worked out when it is asked for.

    Raises ValueError for limits that are negative or no goal, SolverFault where a plan is not confirmed, OutOfTime
    where the search takes too much work.
    """
    ground = Ground(filled, criteria)
    return Advice(ground, choose_on(ground, goals, limits))


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
