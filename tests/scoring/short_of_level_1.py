"""Firms that are just short of level 1 or of a digital workshop, and plans that are made for them."""

from __future__ import annotations

from scoring.goals import Goal
from scoring.model import Outcome
from scoring.plan import Limits, Result, choose
from scoring.what_if import after_projects
from tests.scoring.make import factory, filled, firm
from tests.scoring.plans import MATURITY, REQUIREMENTS, WORKSHOP, Instance, catalogue

LEVEL_1 = [name for name, requirement in REQUIREMENTS.items() if requirement.level == 1]
# Each is 0.05005 of level 1 (customer and product service halved), so four of them are 0.2002 and level 1 is just lost.
HEAVY = ("product_design.L1.1", "process_design.L1.1", "sales.L1.1", "sales.L1.2")
DIGITAL = {"chongqing_legal_person": True, "policy_fit": True}


def plan_for(instance, limits=None):
    return choose(instance.filled, instance.criteria, instance.goals, limits or Limits())


def price(plan):
    """What reaching the goals costs; None where nothing reaches them."""
    return plan.cost.likely if plan.result in (Result.REACHED, Result.ALREADY) else None


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


def assert_never_worse(before, after):
    assert [(a.criteria_id, a.subject_key) for a in before] == [(a.criteria_id, a.subject_key) for a in after]
    for then, now in zip(before, after, strict=True):
        assert now.outcome == then.outcome or then.outcome is not Outcome.MET
        assert then.level is None or now.level.low >= then.level.low
        assert then.total is None or now.total.low >= then.total.low
