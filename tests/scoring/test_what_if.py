"""What the facts become once projects are done: better where they change something, and never worse."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.model import Adds, Costs
from scoring.projects import projects_of
from scoring.standing import stand
from scoring.what_if import after_projects, changed
from tests.scoring import random_firms
from tests.scoring.make import factory, filled, firm, good_workshop, workshop
from tests.scoring.plans import BASE, FIRM, SHOP, SITE, Instance, catalogue, improvement
from tests.scoring.short_of_level_1 import HEAVY, assert_never_worse, done, for_level_1, level_1_firm, names, plan_for


@pytest.mark.parametrize("number", range(5))
def test_without_a_project_nothing_changes(number):
    whole = random_firms.make_firm(number).begun

    assert changed(whole, {}) == whole
    assert after_projects(whole, BASE, projects_of(whole, BASE), {}) == whole


@settings(max_examples=15)
@given(st.integers(0, 199), st.booleans(), st.data())
def test_doing_more_never_makes_a_firm_worse(number, full, data):
    made = random_firms.make_firm(number)
    whole = made.full if full else made.begun
    projects = projects_of(whole, BASE)
    picked = data.draw(st.sets(st.integers(0, len(projects) - 1), max_size=40).map(sorted))
    less = {projects[n].id: projects[n].units // 2 for n in picked[::2]}
    more = {projects[n].id: projects[n].units for n in picked}
    before, some, all_of_it = (
        stand(after_projects(whole, BASE, projects, one), BASE) for one in ({}, less, {**less, **more})
    )

    assert_never_worse(before, some)
    assert_never_worse(some, all_of_it)


def test_what_is_above_a_workshop_holds_once_all_workshops_have_it():
    shops = (workshop("a"), workshop("b"))
    whole = level_1_firm(*shops, **dict.fromkeys(HEAVY, "none"))
    instance = for_level_1(whole, improvement("i", scope=SHOP, lifts={HEAVY[0]: "full"}, sets={"mes_quality": True}))
    one, two = done(instance, {"i@a": 0}), done(instance, {"i@a": 0, "i@b": 0})

    assert one.firm.facts[HEAVY[0]].value == "none"
    assert one.firm.parts[0].parts[0].facts["mes_quality"].value is True
    assert "mes_quality" not in one.firm.parts[0].parts[1].facts
    assert two.firm.facts[HEAVY[0]].value == "full"
    assert names(plan_for(instance)) == ["i", "i"]


def site(**facts):
    return filled(firm(factory(name="f", **facts)))


COST = ("operating_cost_before", "operating_cost_after", "operating_cost_reduction")
PACE = ("productivity_before", "productivity_after", "productivity_gain")


@pytest.mark.parametrize(
    ("names", "before", "now", "afterwards"),
    [
        (PACE, 20, 21, "22.2"),  # 5 % more by now and 6 points: 11 % above 20
        (COST, 100, 90, "84"),  # 10 % less by now and 6 points: 16 % below 100
        (COST, 100, None, "94"),  # no figure of now counts as the one before
        (COST, 100, 2, "0"),  # never below nothing
    ],
)
def test_six_points_are_gained_on_top_of_the_change_by_now(names, before, now, afterwards):
    first, then, change = names
    instance = Instance(
        site(**{first: before, then: now}), catalogue(improvement("i", scope=SITE, gains={change: 6})), ()
    )

    assert done(instance, {"i@f": 0}).firm.parts[0].facts[then].value == Fraction(afterwards)


def test_points_need_the_figure_before():
    instance = Instance(
        site(operating_cost_after=90),
        catalogue(improvement("i", scope=SITE, gains={"operating_cost_reduction": 6})),
        (),
    )

    assert done(instance, {"i@f": 0}) == instance.filled


def test_better_answers_stay_and_codes_are_added():
    facts = {"sme.f6": ("o1", "o3"), "sme.f5": "o3", "data.L1.1": "full"}
    one = improvement(
        "i",
        scope=FIRM,
        sets={"sme.f6": ("o1", "o2"), "sme.f5": "o2", "smart_org_and_talent": True},
        lifts={"data.L1.1": "mostly"},
    )
    instance = Instance(filled(firm(**facts)), catalogue(one), ())
    after = done(instance, {"i@firm": 0}).firm.facts

    assert set(after["sme.f6"].value) == {"o1", "o2", "o3"}
    assert (after["sme.f5"].value, after["data.L1.1"].value) == ("o3", "full")
    assert after["smart_org_and_talent"].value is True


def test_an_improvement_that_would_change_nothing_is_no_project():
    whole = level_1_firm(good_workshop("a"), good_workshop("b", mes_quality=False))
    quality = improvement("quality", scope=SHOP, sets={"mes_quality": True})
    scenes = improvement("scenes", scope=SITE, adds=Adds("scene_count", None), each=Costs(1, 1, 1))

    assert [one.id for one in projects_of(whole, catalogue(quality))] == ["quality@b"]
    assert projects_of(filled(firm()), catalogue(scenes)) == ()  # no factory that could have scenes
