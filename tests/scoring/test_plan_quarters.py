"""Money, quarters and people are limits: the plan keeps them, and reaches as far as they allow."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations, product

import pytest

from scoring.plan import Limits, Result
from scoring.standing import stand
from tests.scoring.plans import cheapest_by_trying, every_choice, improvement, needs_first, small
from tests.scoring.short_of_level_1 import (
    HEAVY,
    assert_never_worse,
    chosen,
    done,
    for_level_1,
    names,
    plan_for,
    price,
    without_heavy,
)


@pytest.mark.parametrize("limits", [Limits(budget=-1), Limits(quarters=-1), Limits(people=-1)])
def test_a_negative_limit_is_refused(limits):
    with pytest.raises(ValueError, match="not negative"):
        plan_for(for_level_1(without_heavy()), limits)


def test_a_plan_without_a_goal_is_refused():
    with pytest.raises(ValueError, match="needs a goal"):
        plan_for(replace(for_level_1(without_heavy()), goals=()))


def test_without_money_nothing_is_done_and_the_price_is_said():
    plan = plan_for(for_level_1(without_heavy(), improvement("i", lifts={HEAVY[0]: "full"})), Limits(budget=0))

    assert (plan.result, plan.projects, plan.needed) == (Result.OVER_BUDGET, (), 10)


def test_a_budget_that_is_just_enough_reaches_the_goal():
    instance = for_level_1(without_heavy(), improvement("i", lifts={HEAVY[0]: "full"}))

    assert plan_for(instance, Limits(budget=10)).result is Result.REACHED
    assert plan_for(instance, Limits(budget=9)).result is Result.OVER_BUDGET


def reach(instance, picked):
    """Level and score of the level above once these projects are done, for the one maturity goal."""
    [maturity] = stand(done(instance, picked), instance.criteria)
    level = int(maturity.level.low)
    return level, maturity.level_scores[level + 1].low


# Seeds of instances with one maturity goal that costs something, few enough to try every choice.
@pytest.mark.parametrize("seed", [0, 10, 29, 33, 41, 44, 48, 50, 56, 57, 61, 68])
def test_too_little_money_reaches_as_far_as_trying_everything_finds(seed):
    instance = small(seed, most=7)
    needed = plan_for(instance).cost.likely
    budget = needed * 2 // 3
    plan = plan_for(instance, Limits(budget=budget))

    tried = [(*reach(instance, picked), -cost) for cost, picked in every_choice(instance) if cost <= budget]

    assert plan.result is Result.OVER_BUDGET
    assert plan.needed == needed
    assert (*reach(instance, chosen(plan)), -plan.cost.likely) == max(tried)


@pytest.mark.parametrize("seed", [0, 5, 13, 21, 31, 35, 36, 42, 45, 66, 74, 75, 77, 90, 94, 95, 101, 107])
def test_too_little_money_is_never_overspent_and_never_makes_worse(seed):
    instance = small(seed)
    budget = plan_for(instance).cost.likely - 1
    plan = plan_for(instance, Limits(budget=budget))

    assert plan.result is Result.OVER_BUDGET
    assert plan.cost.likely <= budget
    assert_never_worse(stand(instance.filled, instance.criteria), plan.after)


@pytest.mark.parametrize("prices", list(permutations((9, 3, 2))))
def test_of_those_that_reach_equally_far_the_cheapest_is_taken_alone(prices):
    # Two of the heavy are needed; three bring the same one, and what brings another is too dear.
    whole = without_heavy(**dict.fromkeys(("planning.L1.1", "planning.L1.2"), "none"))
    same = (improvement(f"i{price}", price, lifts={HEAVY[0]: "full"}) for price in prices)
    plan = plan_for(for_level_1(whole, *same, improvement("dear", 30, lifts={HEAVY[1]: "full"})), Limits(budget=20))

    assert (names(plan), plan.needed) == (["i2"], 32)


def starts_that_fit(instance, picked, quarters, people):
    """Tell whether some quarters of start put everything picked within the limits, by trying all of them."""
    every = instance.projects
    own = [one for one in every if one.id in picked]
    for starts in product(*(range(1, quarters - one.quarters + 2) for one in own)):
        at = dict(zip((one.id for one in own), starts, strict=True))
        if fits(instance, own, at, quarters, people):
            return True
    return False


def fits(instance, own, at, quarters, people):
    """Tell whether these quarters of start keep order and people, and end in time."""
    whole = {one.id: at[one.id] + one.quarters for one in own}  # the first quarter in which it is there
    in_time = all(end <= quarters + 1 for end in whole.values())
    ordered = all(
        any(one.id in whole and whole[one.id] <= at[project.id] for one in needed)
        for project in own
        for needed in needs_first(instance, instance.projects, project)
    )
    busy = [
        sum(one.improvement.people for one in own if at[one.id] <= quarter < whole[one.id])
        for quarter in range(1, quarters + 1)
    ]
    return in_time and ordered and (people is None or max(busy, default=0) <= people)


# Seeds of instances that cost something, few enough to try every choice in every quarter.
TO_SCHEDULE = [0, 5, 10, 29, 33, 37, 41, 48, 50, 52, 56]


@pytest.mark.parametrize("limits", [Limits(quarters=3), Limits(quarters=4, people=3), Limits(quarters=5, people=2)])
@pytest.mark.parametrize("seed", TO_SCHEDULE)
def test_with_a_deadline_the_cheapest_plan_that_fits_is_found(seed, limits):
    instance = small(seed, most=6)
    plan = plan_for(instance, limits)
    reaching = sorted(
        (cost, tuple(picked.items())) for cost, picked in every_choice(instance) if instance.reaches(picked)
    )
    fitting = (c for c, picked in reaching if starts_that_fit(instance, dict(picked), limits.quarters, limits.people))
    own = [one.project for one in plan.projects]
    at = {one.project.id: one.start for one in plan.projects}

    assert price(plan) == next(fitting, None)
    assert plan.result in (Result.REACHED, Result.TOO_LATE)
    assert fits(instance, own, at, limits.quarters, limits.people)


@pytest.mark.parametrize("seed", [0, 10, 29, 33, 41, 44, 48, 50, 56])
def test_too_little_money_and_time_reach_as_far_as_trying_everything_finds(seed):
    instance = small(seed, most=6)
    limits = Limits(budget=plan_for(instance).cost.likely - 1, quarters=2, people=3)
    plan = plan_for(instance, limits)
    tried = [
        (*reach(instance, picked), -cost)
        for cost, picked in every_choice(instance)
        if cost <= limits.budget and starts_that_fit(instance, picked, limits.quarters, limits.people)
    ]
    at = {one.project.id: one.start for one in plan.projects}

    assert (*reach(instance, chosen(plan)), -plan.cost.likely) == max(tried)
    assert fits(instance, [one.project for one in plan.projects], at, limits.quarters, limits.people)


@pytest.mark.parametrize("seed", TO_SCHEDULE)
def test_few_people_take_longer_and_are_never_too_busy(seed):
    instance = small(seed, most=6)
    busiest = max(one.improvement.people for one in instance.projects)
    plan = plan_for(instance, Limits(people=busiest))
    at = {one.project.id: one.start for one in plan.projects}

    assert price(plan) == cheapest_by_trying(instance)  # one after the other, everything can be done
    assert fits(instance, [one.project for one in plan.projects], at, 80, busiest)


def test_a_project_that_needs_more_people_than_there_are_is_left_to_a_dearer_one():
    cheap = improvement("cheap", 5, people=3, lifts={HEAVY[0]: "full"})
    dear = improvement("dear", 9, people=1, lifts={HEAVY[1]: "full"})
    instance = for_level_1(without_heavy(), cheap, dear)

    plan = plan_for(instance, Limits(people=2))

    assert [(one.project.improvement.id, one.start) for one in plan.projects] == [("dear", 1)]
    assert plan_for(instance, Limits(people=0)).result is Result.TOO_LATE


def test_a_chain_that_takes_too_long_gives_way_to_a_dearer_project():
    first = improvement("first", 5, months=6, sets={"smart_org_and_talent": True})
    last = improvement("last", 5, months=3, lifts={HEAVY[0]: "full"}, requires=("first",))
    dear = improvement("dear", 20, months=6, lifts={HEAVY[1]: "full"})
    instance = for_level_1(without_heavy(), first, last, dear)

    assert names(plan_for(instance, Limits(quarters=3))) == ["first", "last"]
    assert names(plan_for(instance, Limits(quarters=2))) == ["dear"]


def test_people_who_are_busy_until_the_deadline_give_way_to_a_dearer_project():
    # Two of the heavy are needed. “a” and “b” take the same person for two quarters each; “c” is done by others.
    whole = without_heavy(**dict.fromkeys(("planning.L1.1", "planning.L1.2"), "none"))
    a, b = (improvement(n, 5, people=1, lifts={heavy: "full"}) for n, heavy in zip("ab", HEAVY[:2], strict=True))
    c = improvement("c", 30, lifts={HEAVY[2]: "full"})
    instance = for_level_1(whole, a, b, c)

    assert plan_for(instance, Limits(quarters=4, people=1)).cost.likely == 10
    assert plan_for(instance, Limits(quarters=3, people=1)).cost.likely == 35


def test_a_deadline_that_is_too_near_says_how_long_the_cheapest_plan_takes():
    plan = plan_for(
        for_level_1(without_heavy(), improvement("i", 5, months=13, lifts={HEAVY[0]: "full"})), Limits(quarters=4)
    )

    assert (plan.result, plan.projects, plan.quarters_needed) == (Result.TOO_LATE, (), 5)
