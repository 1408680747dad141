"""What stands in the way where no plan reaches the goals."""

from __future__ import annotations

from dataclasses import replace

from scoring.goals import Goal
from scoring.plan import Result, choose
from tests.scoring.make import factory, filled, firm, good_workshop
from tests.scoring.plans import SHOP, WORKSHOP, catalogue, improvement
from tests.scoring.short_of_level_1 import (
    DIGITAL,
    HEAVY,
    for_level_1,
    for_workshops,
    level_1_firm,
    plan_for,
    without_heavy,
)


def blocking(plan):
    return [need.requirement.id for need in plan.blocked]


def test_a_requirement_that_nothing_meets_is_named():
    shop = good_workshop("a", systems_integrated=False, mes_quality=False)
    plan = plan_for(for_workshops(level_1_firm(shop), improvement("i", sets={"mes_quality": True}, scope=SHOP)))

    assert plan.result is Result.UNREACHABLE
    assert blocking(plan) == ["W6"]  # integration; the MES function (W5) can be had


def test_only_as_many_requirements_are_named_as_stand_in_the_way():
    # 0.0336 is missing once logistics (3 × 0.0334 / 3) is none too: one of the heavy is enough, logistics is not.
    whole = without_heavy(**{"logistics.L1.1": "none"})
    plan = plan_for(for_level_1(whole, improvement("i", lifts={"data.L1.1": "full"})))

    assert plan.result is Result.UNREACHABLE
    assert len(plan.blocked) == 1
    assert blocking(plan)[0] in HEAVY


def test_an_answer_that_nothing_can_replace_is_named():
    shop = good_workshop("a", equipment_count=None)
    plan = plan_for(for_workshops(level_1_firm(shop)))

    assert blocking(plan) == ["W2"]
    assert plan.blocked[0].open_facts == ("equipment_count",)


def test_what_keeps_enough_workshops_from_being_met_is_named_and_not_their_count():
    shops = (good_workshop("a"), good_workshop("b", systems_integrated=False))
    site = factory(*shops, erp_closed_loop=True, integrated_big_data_decision=True, design_knowledge_management=True)
    facts = {"designers_count": 2, "designers_with_tools_count": 2, "productivity_before": 5, "productivity_after": 9}
    facts |= {"operating_cost_before": 100, "operating_cost_after": 50}
    site = replace(site, facts=site.facts | factory(**facts).facts)
    whole = filled(firm(site, **DIGITAL, complete_product=False))
    plan = choose(whole, catalogue(improvement("i", lifts={"data.L2.1": "full"})), [Goal("cq_smart_factory", 1)])

    assert [(need.criteria_id, need.subject_key, need.requirement.id) for need in plan.blocked] == [
        (WORKSHOP, "b", "W6")
    ]


def test_criteria_that_do_not_apply_are_named_without_a_requirement():
    large = level_1_firm(employees=2000, revenue=90000)
    [goal] = [Goal("sme_digital_2024", 1)]
    plan = choose(large, catalogue(improvement("i", lifts={"data.L2.1": "full"})), [goal])

    assert plan.result is Result.UNREACHABLE
    assert [(need.criteria_id, need.requirement) for need in plan.blocked] == [("sme_digital_2024", None)]
