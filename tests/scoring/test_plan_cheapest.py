"""The plan is the cheapest one: beside trying everything, beside another solver, and on cases worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
import yaml

from questionnaires.model import AnyOf, Comparison, State, Statement
from scoring.assessment import assess_diagnosis
from scoring.goals import Goal, goal_from_text, reached
from scoring.model import Adds, Costs, Outcome
from scoring.plan import Limits, Result, choose
from scoring.standing import stand
from scoring.what_if import changed
from tests.conftest import ROOT
from tests.scoring.make import good_workshop
from tests.scoring.plans import (
    BASE,
    MATURITY,
    REQUIREMENTS,
    SHOP,
    WORKSHOP,
    Instance,
    catalogue,
    cheapest_by_trying,
    every_choice,
    improvement,
    small,
)
from tests.scoring.plans_by_cbc import cheapest_by_cbc, made_up, shipped
from tests.scoring.short_of_level_1 import (
    HEAVY,
    chosen,
    done,
    for_level_1,
    for_workshops,
    level_1_firm,
    names,
    plan_for,
    price,
    without_heavy,
)

CASES = yaml.safe_load((ROOT / "tests" / "cases" / "improvement_plans.yaml").read_text(encoding="utf-8"))["cases"]

# Larger ones in which something required is there at a workshop while a practice of the firm that it lifts is short.
THERE_BUT_SHORT = [(seed, 20) for seed in (101, 115, 579, 587, 618, 830)]


@pytest.mark.parametrize(("seed", "most"), [*((seed, 9) for seed in range(40)), *THERE_BUT_SHORT])
def test_the_cheapest_plan_costs_what_trying_everything_finds(seed, most):
    instance = small(seed, most)
    plan = plan_for(instance)

    assert price(plan) == cheapest_by_trying(instance)
    assert plan.proved


@pytest.mark.parametrize("seed", range(12))
def test_trying_in_order_of_cost_leaves_nothing_out(seed):
    instance = small(seed, most=5)
    reaching = [cost for cost, picked in every_choice(instance) if instance.reaches(picked)]

    assert cheapest_by_trying(instance) == min(reaching, default=None)


@pytest.mark.parametrize("make", [shipped, lambda seed: made_up(seed, 60)], ids=["shipped", "made up"])
@pytest.mark.parametrize("seed", range(5))
def test_the_cheapest_plan_of_a_large_catalogue_costs_what_another_solver_finds(make, seed):
    instance = make(seed)

    assert price(plan_for(instance)) == cheapest_by_cbc(instance)


@pytest.mark.parametrize(("make", "seed"), [*((small, n) for n in range(20)), *((shipped, n) for n in range(4))])
def test_the_full_assessment_confirms_every_goal_at_the_lower_bound(make, seed):
    instance = make(seed)
    plan = plan_for(instance)
    after = assess_diagnosis(done(instance, chosen(plan)), instance.criteria)
    confirmed = all(reached(goal, after) for goal in instance.goals)

    assert confirmed == (plan.result in (Result.REACHED, Result.ALREADY))


def test_a_goal_that_is_met_costs_nothing():
    plan = plan_for(for_level_1(level_1_firm(), improvement("i", lifts={"data.L1.1": "full"})))

    assert (plan.result, plan.cost, plan.projects) == (Result.ALREADY, Costs(0, 0, 0), ())


def test_exactly_four_fifths_is_enough():
    plan = plan_for(for_level_1(level_1_firm(degree="mostly")))

    assert plan.result is Result.ALREADY


def test_a_plan_that_ends_on_the_mark_exactly_is_found():
    # All at 4/5, customer_service.L1.1 (0.025025) at 0: 0.02002 short. Two of 0.05005 from 4/5 to full bring exactly
    # 2 × 0.01001. One of them with purchasing.L1.1 (0.017248 / 5 = 0.00345) brings less, at any price.
    whole = level_1_firm(degree="mostly", **{"customer_service.L1.1": "none"})
    two = improvement("two", 20, lifts=dict.fromkeys(HEAVY[:2], "full"))
    less = improvement("less", 3, lifts={HEAVY[0]: "full", "purchasing.L1.1": "full"})
    instance = for_level_1(whole, two, less)
    plan = plan_for(instance)
    [after] = plan.after

    assert names(plan) == ["two"]
    assert after.level_scores[1].low == Fraction(4, 5)


@pytest.mark.parametrize("said", [None, Statement(State.UNKNOWN), Statement(State.NOT_APPLICABLE)])
def test_what_is_not_known_counts_as_not_there(said):
    # Three heavy ones are none; with the fourth blank the score is at least 0.7998 and at most 0.84985.
    whole = without_heavy()
    whole = changed(whole, {("firm", HEAVY[0]): said})
    plan = plan_for(for_level_1(whole, improvement("i", lifts={HEAVY[0]: "full"})))

    assert names(plan) == ["i"]


def test_a_subdomain_that_is_left_out_is_not_improved():
    instance = for_level_1(without_heavy(), improvement("i", lifts={"sales.L1.1": "full"}))
    # Without sales only product and process design are short: less than the 0.2 that may be missing.
    tailored = replace(instance, filled=replace(instance.filled, tailored={"sales": "只为母公司生产"}))

    assert price(plan_for(instance)) == 10
    assert plan_for(tailored).result is Result.ALREADY


def test_several_goals_at_once_share_what_serves_both():
    shop = good_workshop(systems_integrated=False)
    whole = level_1_firm(shop, **dict.fromkeys(HEAVY, "none"))
    both = improvement("both", 25, lifts={HEAVY[0]: "full"}, sets={"systems_integrated": True})
    one = improvement("one", 13, lifts={HEAVY[0]: "full"})
    other = improvement("other", 13, sets={"systems_integrated": True}, scope=SHOP)
    instance = Instance(whole, catalogue(both, one, other), (Goal(MATURITY, 1), Goal(WORKSHOP, 1)))

    assert names(plan_for(instance)) == ["both"]  # 25, not 13 + 13
    assert names(plan_for(replace(instance, goals=instance.goals[:1]))) == ["one"]


def test_one_workshop_is_a_smaller_goal_than_all():
    shops = (good_workshop("a", systems_integrated=False), good_workshop("b", systems_integrated=False))
    instance = for_workshops(level_1_firm(*shops), improvement("i", sets={"systems_integrated": True}, scope=SHOP))
    only_b = replace(instance, goals=(Goal(WORKSHOP, 1, "b"),))

    assert chosen(plan_for(instance)) == {"i@a": 0, "i@b": 0}
    assert chosen(plan_for(only_b)) == {"i@b": 0}


def asking(that):
    """The criteria of a digital workshop with another condition in place of the share of digital machines (W2)."""
    shipped_criteria = BASE.criteria[WORKSHOP]
    requirements = tuple(replace(one, that=that) if one.id == "W2" else one for one in shipped_criteria.requirements)
    return {WORKSHOP: replace(shipped_criteria, requirements=requirements)}


def test_a_count_is_raised_to_what_is_asked_and_no_further():
    retrofit = improvement(
        "i", 8, scope=SHOP, adds=Adds("equipment_digital_count", "equipment_count"), each=Costs(1, 1, 1)
    )
    instance = for_workshops(level_1_firm(good_workshop("a")), retrofit)  # 30 of 40 by now
    at_least_33 = asking(Comparison(">=", "equipment_digital_count", Fraction(33)))
    instance = replace(instance, criteria=replace(instance.criteria, criteria=at_least_33))

    assert chosen(plan_for(instance)) == {"i@a": 3}


def test_of_two_ways_to_meet_a_condition_the_cheaper_is_taken():
    ways = AnyOf((Comparison("==", "mes_quality", True), Comparison("==", "stage_research_design", True)))
    dear = improvement("dear", 9, scope=SHOP, sets={"mes_quality": True})
    cheap = improvement("cheap", 4, sets={"stage_research_design": True})
    instance = for_workshops(level_1_firm(good_workshop("a", mes_quality=None)), dear, cheap)
    # The five functions of the MES are asked for too, so quality is made no part of what is asked here.
    asked = asking(ways)
    kept = tuple(one for one in asked[WORKSHOP].requirements if one.id != "W5")
    asked = {WORKSHOP: replace(asked[WORKSHOP], requirements=kept)}
    instance = replace(instance, criteria=replace(instance.criteria, criteria=asked))

    assert names(plan_for(instance)) == ["cheap"]


def test_a_grade_that_asks_for_a_maturity_level_is_reached_through_it():
    level_2 = {name: "full" for name, requirement in REQUIREMENTS.items() if requirement.level == 2}
    basic = ("above_scale", "good_standing_3y", "secure_controllable", "smart_org_and_talent")
    whole = level_1_firm(**level_2 | dict.fromkeys(HEAVY, "none") | dict.fromkeys(basic, True))
    one = improvement("one", lifts={HEAVY[0]: "full"})
    stage = improvement("stage", sets={"stage_production_operation": True})
    instance = Instance(whole, catalogue(one, stage), (Goal("cn_smart_factory_2025", 1),))

    assert sorted(names(plan_for(instance))) == ["one", "stage"]


# --- units ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("digital", "units", "cost"), [(14, 6, 68), (19, 1, 18), (0, 20, 208)])
def test_no_more_machines_than_needed_are_bought(digital, units, cost):
    retrofit = improvement(
        "retrofit", 8, scope=SHOP, adds=Adds("equipment_digital_count", "equipment_count"), each=Costs(4, 10, 30)
    )
    shop = good_workshop("a", equipment_count=40, equipment_digital_count=digital)
    plan = plan_for(for_workshops(level_1_firm(shop), retrofit))

    assert chosen(plan) == {"retrofit@a": units}  # half of 40 is 20
    assert plan.cost == Costs(8 + 4 * units, cost, 8 + 30 * units)


def test_what_a_count_brings_besides_holds_once_all_units_are_there():
    retrofit = improvement(
        "retrofit",
        8,
        scope=SHOP,
        lifts={HEAVY[0]: "full"},
        adds=Adds("equipment_digital_count", "equipment_count"),
        each=Costs(1, 1, 1),
    )
    shop = good_workshop("a", equipment_count=40, equipment_digital_count=14)
    plan = plan_for(for_level_1(level_1_firm(shop, **dict.fromkeys(HEAVY, "none")), retrofit))

    assert chosen(plan) == {"retrofit@a": 26}
    assert plan.cost.likely == 8 + 26


def test_two_projects_never_count_more_machines_than_there_are():
    adds = Adds("equipment_digital_count", "equipment_count")
    one, two = (improvement(name, scope=SHOP, adds=adds, each=Costs(1, 1, 1)) for name in ("one", "two"))
    shop = good_workshop("a", equipment_count=40, equipment_digital_count=14)
    instance = for_workshops(level_1_firm(shop), one, two)
    both = done(instance, {"one@a": 26, "two@a": 20})
    [after] = stand(both, instance.criteria)

    assert both.firm.parts[0].parts[0].facts["equipment_digital_count"].value == 40
    assert after.outcome is Outcome.MET


# --- counts that rise along with another ------------------------------------------------------------------------------


UPLOADED = ("collected_device_count", "uploading_device_count")


def networking(each):
    adds = Adds("equipment_networked_count", "equipment_count", UPLOADED)
    return improvement("network", 10, adds=adds, each=Costs(each, each, each), scope=SHOP)


def mending(each):
    adds = Adds("uploading_device_count", "collected_device_count")
    return improvement("mend", 10, adds=adds, each=Costs(each, each, each), scope=SHOP)


def test_a_rate_over_nothing_is_reached_by_what_adds_to_both_its_counts():
    shop = good_workshop("a", equipment_networked_count=30, **dict.fromkeys(UPLOADED, 0))
    instance = for_workshops(level_1_firm(shop), networking(2))
    plan = plan_for(instance)
    after = done(instance, chosen(plan)).firm.parts[0].parts[0].facts

    assert (chosen(plan), price(plan)) == ({"network@a": 1}, 12)  # one of one uploads: 100 %
    assert [after[name].value for name in ("equipment_networked_count", *UPLOADED)] == [31, 1, 1]


@pytest.mark.parametrize(
    ("each", "expected", "cost"),
    [
        (5, {"mend@a": 15}, 10 + 15 * 5),  # 27 of 30 are 90 %
        # Networking the other 20 makes it 32 of 50, and 45 are 90 %: 13 more; mending 15 alone would cost 310.
        (20, {"network@a": 20, "mend@a": 13}, 10 + 20 * 1 + 10 + 13 * 20),
    ],
)
def test_what_is_newly_networked_and_what_is_mended_add_up(each, expected, cost):
    shop = good_workshop(
        "a",
        equipment_count=50,
        equipment_digital_count=30,
        equipment_networked_count=30,
        collected_device_count=30,
        uploading_device_count=12,
    )
    instance = for_workshops(level_1_firm(shop), networking(1), mending(each))
    plan = plan_for(instance)

    assert (chosen(plan), price(plan)) == (expected, cost)
    assert price(plan) == cheapest_by_trying(instance)


@pytest.mark.parametrize(
    ("machines", "networked", "first"),
    [
        (None, 0, ("equipment_count",)),  # how many can be networked is not known
        (40, 40, ("collected_device_count",)),  # all are networked and none is collected: that cannot be
        (0, 0, ()),  # what no project changes is in the way
    ],
)
def test_a_rate_over_nothing_that_nothing_adds_to_says_what_to_answer_first(machines, networked, first):
    shop = good_workshop(
        "a",
        equipment_count=machines,
        equipment_digital_count=machines,
        equipment_networked_count=networked,
        **dict.fromkeys(UPLOADED, 0),
    )
    plan = plan_for(for_workshops(level_1_firm(shop), networking(1)))

    assert {need.requirement.id: need.open_facts for need in plan.blocked}["W4"] == first


# --- cases a consultant can check -------------------------------------------------------------------------------------


def level_of(assessment):
    return int(assessment.level.low) if assessment.outcome is Outcome.LEVEL else assessment.outcome.value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_case_worked_out_by_hand(case):
    whole = level_1_firm(good_workshop("a", **case.get("workshop", {})), **case.get("firm", {}))
    goals = [goal_from_text(words, whole, BASE) for words in case["goals"]]
    plan = choose(whole, BASE, goals, Limits(budget=case.get("budget")))
    expected = case["expect"]
    [after] = [one for one in plan.after if one.criteria_id == goals[0].criteria_id]
    projects = [({one.project.improvement.id: [one.start, one.end]}, one.units) for one in plan.projects]
    wanted = [({k: v for k, v in one.items() if k != "units"}, one.get("units", 0)) for one in expected["projects"]]

    assert plan.result.value == expected["result"]
    assert plan.cost.likely == expected["cost"]
    assert sorted(projects, key=str) == sorted(wanted, key=str)
    assert plan.needed == expected.get("needed")
    assert level_of(after) == expected["level"]
