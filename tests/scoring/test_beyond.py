"""Why no project reaches a goal: what the catalogue says is beyond projects, and for whom that is so."""

from dataclasses import replace

import pytest

from scoring.beyond import beyond_projects
from scoring.goals import Goal
from scoring.plan import Result, choose
from tests.scoring.make import factory, filled, firm, good_workshop, workshop
from tests.scoring.plans import BASE, FACTORY, SME, WORKSHOP

CONVERSION = "conversion"
LEGAL = {"chongqing_legal_person": True, "policy_fit": True}
SMALL = {"production_type": "discrete", "employees": 100, "revenue": 3000}
LARGE = SMALL | {"employees": 1200, "revenue": 50000}


def in_the_way(whole, goal):
    plan = choose(whole, BASE, [goal])

    assert plan.result is Result.UNREACHABLE
    return {
        need.requirement.id if need.requirement else "": beyond_projects(need, whole, BASE) for need in plan.blocked
    }


def one_shop(shop, **facts):
    return filled(firm(factory(shop), **LEGAL | facts))


def test_only_what_is_not_so_is_in_the_way():
    whole = one_shop(good_workshop(), policy_fit=False)

    assert in_the_way(whole, Goal(WORKSHOP, 1)) == {"W1": ("policy_fit",)}


def test_an_answer_that_is_missing_comes_first():
    whole = one_shop(good_workshop(), policy_fit=None)

    assert in_the_way(whole, Goal(WORKSHOP, 1)) == {"W1": ()}


def test_a_workshop_without_machines_has_no_rate():
    whole = one_shop(good_workshop(equipment_count=0, equipment_digital_count=0))

    assert in_the_way(whole, Goal(WORKSHOP, 1)) == {"W2": ("equipment_count",)}


def test_too_few_workshops_are_in_the_way_of_a_smart_factory():
    site = factory(
        good_workshop(),
        designers_count=2,
        designers_with_tools_count=2,
        operating_cost_before=100,
        productivity_before=5,
    )
    whole = filled(firm(site, **LEGAL, complete_product=False))

    assert in_the_way(whole, Goal(FACTORY, 1)) == {"F5": ("digital_workshop_count",)}


@pytest.mark.parametrize(
    ("facts", "goal", "expected"),
    [
        (LARGE, Goal(SME, 1), {"": ("employees", "revenue")}),
        ({"traditional_maker": False}, Goal(CONVERSION, 1), {"": ("traditional_maker",)}),
        ({"production_type": "process"}, Goal("gbt_39117_2020_discrete", 1), {"": ("production_type",)}),
    ],
)
def test_criteria_that_do_not_apply_say_what_decides_it(facts, goal, expected):
    assert in_the_way(filled(firm(factory(workshop()), **facts)), goal) == expected


def test_points_name_the_questions_that_no_project_improves():
    lost = {"sme.m4": "o0", "sme.r3": "down"}
    whole = filled(firm(factory(workshop(equipment_count=5)), **SMALL, **lost))
    criteria = replace(BASE, improvements=BASE.improvements[:30])
    plan = choose(whole, criteria, [Goal(SME, 4)])

    assert plan.result is Result.UNREACHABLE
    assert {beyond_projects(need, whole, criteria) for need in plan.blocked} == {("sme.m4", "sme.r3")}


def test_what_projects_could_change_is_never_beyond_them():
    whole = one_shop(good_workshop(systems_integrated=False))
    plan = choose(whole, BASE, [Goal(WORKSHOP, 1)])

    assert plan.result is Result.REACHED
