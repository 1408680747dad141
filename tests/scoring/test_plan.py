"""The plan is the cheapest one: beside trying everything, beside another solver, and on cases worked out by hand."""

from scoring.goals import Goal
from scoring.model import Adds, Costs, Outcome
from scoring.plan import Limits, choose
from scoring.projects import projects_of
from scoring.standing import stand
from scoring.what_if import after_projects
from tests.scoring.make import factory, filled, firm, good_workshop
from tests.scoring.plans import (
    MATURITY,
    REQUIREMENTS,
    SHOP,
    SITE,
    WORKSHOP,
    Instance,
    catalogue,
    improvement,
)

LEVEL_1 = [name for name, requirement in REQUIREMENTS.items() if requirement.level == 1]
HEAVY = ("product_design.L1.1", "process_design.L1.1", "sales.L1.1", "sales.L1.2")
DIGITAL = {"chongqing_legal_person": True, "policy_fit": True}


def plan_for(instance, limits=None):
    return choose(instance.filled, instance.criteria, instance.goals, limits or Limits())


def chosen(plan):
    return {one.project.id: one.units for one in plan.projects}


def names(plan):
    return [one.project.improvement.id for one in plan.projects]


def done(instance, picked):
    return after_projects(instance.filled, instance.criteria, instance.projects, picked)


def level_1_firm(*shops, degree="full", tailored=None, **changed_facts):
    """A firm that says `degree` of every level-1 practice."""
    facts = (
        dict.fromkeys(LEVEL_1, degree) | {"production_type": "discrete", "employees": 320, "revenue": 9000} | DIGITAL
    )
    return filled(firm(factory(*shops), **{**facts, **changed_facts}), tailored=tailored)


def without_heavy(**changed_facts):
    return level_1_firm(**dict.fromkeys(HEAVY, "none"), **changed_facts)


def for_level_1(whole, *improvements):
    return Instance(whole, catalogue(*improvements, only=(MATURITY,)), (Goal(MATURITY, 1),))


def for_workshops(whole, *improvements):
    return Instance(whole, catalogue(*improvements, only=(WORKSHOP,)), (Goal(WORKSHOP, 1),))


def test_what_is_there_already_is_not_waited_for():
    last = improvement("last", 5, lifts={HEAVY[0]: "full"}, requires=("first",))
    first = improvement("first", 7, lifts={"data.L1.1": "full", "data.L2.1": "full"})
    whole = without_heavy(**{"data.L2.1": "full"})

    assert names(plan_for(for_level_1(whole, last, first))) == ["last"]


def test_what_one_workshop_has_is_not_waited_for_in_another():
    # “last” is for the whole firm and needs an MES somewhere: workshop a has it, so nothing is left to do there.
    shops = (good_workshop("a"), good_workshop("b", mes_execution=False))
    whole = level_1_firm(*shops, **dict.fromkeys(HEAVY, "none"))
    last = improvement("last", 5, lifts={HEAVY[0]: "full"}, requires=("mes",))
    mes = improvement("mes", 60, sets={"mes_execution": True}, scope=SHOP)

    assert names(plan_for(for_level_1(whole, last, mes))) == ["last"]


def test_what_does_all_that_is_required_does_as_well():
    last = improvement("last", 5, lifts={HEAVY[0]: "full"}, requires=("narrow",))
    narrow = improvement("narrow", 9, lifts={HEAVY[1]: "mostly"})
    wide = improvement("wide", 8, lifts={HEAVY[1]: "full"})
    whole = without_heavy(**dict.fromkeys(("planning.L1.1", "planning.L1.2"), "none"))  # one heavy one is too little

    assert names(plan_for(for_level_1(whole, narrow, wide, last))) == ["wide", "last"]


def test_nothing_does_as_well_as_what_it_needs_itself():
    whole = without_heavy()
    last = improvement("last", 5, lifts={HEAVY[0]: "full", "data.L2.1": "full"}, requires=("first",))
    first = improvement("first", 9, lifts={"data.L2.1": "mostly"})  # “last” does more than this

    assert names(plan_for(for_level_1(whole, last, first))) == ["first", "last"]


def test_two_that_would_wait_for_each_other_start_with_what_is_required():
    # “wide” does all that “last” requires, but needs “last” first.
    whole = without_heavy(**dict.fromkeys(("planning.L1.1", "planning.L1.2"), "none"))
    last = improvement("last", 5, lifts={HEAVY[0]: "full"}, requires=("narrow",))
    wide = improvement("wide", 5, lifts={HEAVY[1]: "full", "data.L2.1": "full"}, requires=("last",))
    narrow = improvement("narrow", 9, lifts={"data.L2.1": "mostly"})

    assert names(plan_for(for_level_1(whole, last, wide, narrow))) == ["narrow", "last", "wide"]


def test_two_projects_never_count_more_machines_than_there_are():
    adds = Adds("equipment_digital_count", "equipment_count")
    one, two = (improvement(name, scope=SHOP, adds=adds, each=Costs(1, 1, 1)) for name in ("one", "two"))
    shop = good_workshop("a", equipment_count=40, equipment_digital_count=14)
    instance = for_workshops(level_1_firm(shop), one, two)
    both = done(instance, {"one@a": 26, "two@a": 20})
    [after] = stand(both, instance.criteria)

    assert both.firm.parts[0].parts[0].facts["equipment_digital_count"].value == 40
    assert after.outcome is Outcome.MET


def test_an_improvement_that_would_change_nothing_is_no_project():
    whole = level_1_firm(good_workshop("a"), good_workshop("b", mes_quality=False))
    quality = improvement("quality", scope=SHOP, sets={"mes_quality": True})
    scenes = improvement("scenes", scope=SITE, adds=Adds("scene_count", None), each=Costs(1, 1, 1))

    assert [one.id for one in projects_of(whole, catalogue(quality))] == ["quality@b"]
    assert projects_of(filled(firm()), catalogue(scenes)) == ()  # no factory that could have scenes
