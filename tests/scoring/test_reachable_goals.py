"""From a firm that has nothing every level of every criteria is reached, or what no project changes is in the way."""

from fractions import Fraction

import pytest

from questionnaires.model import FactKind, SubjectKind
from scoring.beyond import beyond_projects
from scoring.goals import Goal, levels_of, subjects_of
from scoring.plan import Result, choose
from tests.scoring.make import factory, filled, firm, workshop
from tests.scoring.plans import BASE, FACTORY

# What no project changes, as a firm would have it that wants every one of the goals.
GIVEN = {
    "chongqing_legal_person": True,
    "policy_fit": True,
    "above_scale": True,
    "good_standing_3y": True,
    "traditional_maker": True,
    "complete_product": True,
    "employees": 320,
    "revenue": 9000,
    "equipment_count": 10,
    "designers_count": 5,
    **{name: 100 for name in BASE.facts if name.endswith("_before")},
}
GOALS = [Goal(one.id, level) for one in BASE.criteria.values() for level in range(1, levels_of(one) + 1)]
TYPES = {"gbt_39117_2020_discrete": "discrete", "gbt_39117_2020_process": "process"}


def least(fact):
    """The worst answer to a fact; None where a figure or a text is not known yet."""
    if fact.kind is FactKind.PRACTICE:
        return "none"
    if fact.kind is FactKind.YES_NO:
        return False
    if fact.kind is FactKind.CHOICE:
        return (fact.options[0] if fact.best in (None, fact.options[-1].code) else fact.options[-1]).code
    if fact.kind is FactKind.CHOICES:
        return tuple(option.code for option in fact.options if option.alone)
    return Fraction(0) if fact.kind is FactKind.NUMBER and fact.min == 0 else None


def with_nothing(shops, production_type, given):
    """A firm of one factory that answers the least to everything but `given`, and has no figures of afterwards."""
    answers = {fact.id: least(fact) for fact in BASE.facts.values() if not fact.id.endswith("_after")}
    answers |= given | {"production_type": production_type}
    of = {kind: {n: v for n, v in answers.items() if BASE.facts[n].of is kind} for kind in SubjectKind}
    below = [workshop(f"w{number}", **of[SubjectKind.WORKSHOP]) for number in range(shops)]
    return filled(firm(factory(*below, **of[SubjectKind.FACTORY]), **of[SubjectKind.FIRM]))


def plans(shops, production_type, given):
    whole = with_nothing(shops, production_type, given)
    for goal in GOALS:
        if TYPES.get(goal.criteria_id, production_type) == production_type:
            yield whole, goal, choose(whole, BASE, [goal])


@pytest.mark.parametrize("production_type", ["discrete", "process"])
@pytest.mark.parametrize("shops", [1, 2])
def test_every_level_is_reached_from_nothing(shops, production_type):
    missed = {
        (goal.criteria_id, goal.level): [beyond_projects(need, whole, BASE) for need in plan.blocked]
        for whole, goal, plan in plans(shops, production_type, GIVEN)
        if plan.result is not Result.REACHED
    }

    assert missed == ({(FACTORY, 1): [("digital_workshop_count",)]} if shops == 1 else {})


@pytest.mark.parametrize(("shops", "production_type"), [(0, "discrete"), (1, "process"), (2, "discrete")])
def test_where_all_is_lacking_only_answers_and_what_no_project_changes_are_in_the_way(shops, production_type):
    unexplained = [
        (goal, need)
        for whole, goal, plan in plans(shops, production_type, {})
        for need in plan.blocked
        if not need.open_facts and not beyond_projects(need, whole, BASE) and subjects_of(goal, whole, BASE)
    ]

    assert unexplained == []
