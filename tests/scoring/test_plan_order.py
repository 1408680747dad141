"""What is needed first is done first, whatever does it; what excludes the other is left out."""

from __future__ import annotations

from scoring.model import Adds
from tests.scoring.make import good_workshop
from tests.scoring.plans import SHOP, improvement
from tests.scoring.short_of_level_1 import HEAVY, for_level_1, level_1_firm, names, plan_for, without_heavy


def test_what_is_needed_first_is_paid_and_done_first():
    last = improvement("last", 5, months=3, lifts={HEAVY[0]: "full"}, requires=("first",))
    first = improvement("first", 7, months=6, sets={"smart_org_and_talent": True})
    plan = plan_for(for_level_1(without_heavy(), last, first))

    assert [(one.project.improvement.id, one.start, one.end) for one in plan.projects] == [
        ("first", 1, 2),
        ("last", 3, 3),
    ]
    assert plan.cost.likely == 12


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


def test_machines_of_a_workshop_that_are_all_digital_are_not_waited_for_though_a_practice_of_the_firm_is_short():
    shop = good_workshop("a", equipment_digital_count=40)
    whole = level_1_firm(shop, **dict.fromkeys((*HEAVY, "data.L2.1"), "none"))
    last = improvement("last", 5, lifts={HEAVY[0]: "full"}, requires=("machines",))
    adds = Adds("equipment_digital_count", "equipment_count")
    machines = improvement("machines", 60, lifts={"data.L2.1": "full"}, adds=adds, scope=SHOP)

    assert names(plan_for(for_level_1(whole, last, machines))) == ["last"]


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


def test_of_two_that_exclude_each_other_only_one_is_done():
    one = improvement("one", 5, lifts={HEAVY[0]: "full"}, excludes=("other",))
    other = improvement("other", 5, lifts={HEAVY[1]: "full"})
    dear = improvement("dear", 50, lifts={HEAVY[2]: "full"})
    whole = without_heavy(**dict.fromkeys(("planning.L1.1", "planning.L1.2"), "none"))  # two of the heavy are needed

    assert plan_for(for_level_1(whole, one, other, dear)).cost.likely == 55
