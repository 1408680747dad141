from dataclasses import replace

import pytest

from scoring.gaps import lifted_by
from scoring.goals import Goal, subjects_of
from scoring.loader import load_all
from scoring.plan import choose
from scoring.plan_reasons import helped, lacking, waiting
from scoring.projects import projects_of
from scoring.standing import stand
from tests.scoring.make import DAY, factory, filled, firm, good_workshop
from tests.scoring.random_firms import make_firm

RULES = load_all(DAY)


def reasons_of(whole, *goals):
    """What each project of the firm helps, by improvement and place."""
    every = projects_of(whole, RULES)
    lacks = lacking(goals, whole, RULES, stand(whole, RULES))
    return {(one.improvement.id, one.place.name): names_of(helped(one, lacks, RULES)) for one in every}


def names_of(gaps):
    """The names of gaps, each once."""
    return tuple(dict.fromkeys(lifted_by(gap) for gap in gaps))


def two_workshops(**facts):
    bad, good = good_workshop("冲压车间", mes_logistics=False), good_workshop("焊装车间")
    return filled(firm(factory(bad, good), production_type="discrete", **facts))


def test_a_project_helps_only_the_place_where_it_changes_something():
    whole = two_workshops()
    found = reasons_of(whole, Goal("cq_digital_workshop", 1))

    assert "cq_digital_workshop.W5" in found["mes_logistics_module", "冲压车间"]
    assert "cq_digital_workshop.W5" not in found.get(("mes_logistics_module", "焊装车间"), ())


def test_a_goal_for_one_workshop_gives_no_reason_to_another():
    found = reasons_of(two_workshops(), Goal("cq_digital_workshop", 1, "焊装车间"))

    assert found["mes_logistics_module", "冲压车间"] == ()


def test_a_factory_that_needs_digital_workshops_is_helped_by_what_they_lack():
    found = reasons_of(two_workshops(), Goal("cq_smart_factory", 1))

    assert any(name.startswith("cq_smart_factory.") for name in found["mes_logistics_module", "冲压车间"])


def test_a_factory_that_needs_a_maturity_level_is_helped_by_what_the_level_lacks():
    found = reasons_of(two_workshops(), Goal("cn_smart_factory_2025", 4))
    names = {name for helped in found.values() for name in helped}
    levels = {
        f"cn_smart_factory_2025.{one.id}"
        for one in RULES.criteria["cn_smart_factory_2025"].requirements
        if one.that and getattr(one.that, "left", "") == "maturity_level"
    }

    assert levels
    assert found["standard_work", "重庆某某汽车零部件有限公司"]
    assert levels & names


def test_requirements_of_levels_above_the_goal_are_no_reason():
    found = reasons_of(two_workshops(), Goal("gbt_39117_2020_discrete", 1))
    names = {name for helped in found.values() for name in helped}

    assert names
    assert all(".L1." in name for name in names)


def test_questions_and_scenes_of_a_points_scheme_are_reasons():
    found = reasons_of(two_workshops(), Goal("sme_digital_2024", 2))
    names = {name for helped in found.values() for name in helped}

    assert {"sme.m1", "sme.s06"} <= names


def test_what_others_need_first_names_them():
    whole = two_workshops()
    every = projects_of(whole, RULES)
    planned = choose(whole, RULES, [Goal("gbt_39117_2020_discrete", 3)]).projects
    chosen = [project for project in every if project.id in {one.project.id for one in planned}]
    found = waiting(chosen, every)
    planned_names = {project.improvement.id for project in chosen}

    assert found.keys() == {project.id for project in chosen}
    assert any(found.values())
    assert {then.improvement.id for waits in found.values() for then in waits} <= planned_names


def test_without_anything_planned_nothing_waits():
    assert waiting([], projects_of(two_workshops(), RULES)) == {}


@pytest.mark.parametrize("number", range(1, 40, 3))
def test_every_project_of_a_plan_helps_the_goals_or_comes_before_another(number):
    whole = make_firm(number).full
    for goal in (Goal("gbt_39117_2020_discrete", 2), Goal("sme_digital_2024", 3), Goal("cq_digital_workshop", 1)):
        if not subjects_of(goal, whole, RULES):
            continue
        every = projects_of(whole, RULES)
        planned = {one.project.id for one in choose(whole, RULES, [goal]).projects}
        chosen = [project for project in every if project.id in planned]
        lacks = lacking([goal], whole, RULES, stand(whole, RULES))
        needed = waiting(chosen, every)

        assert [one.id for one in chosen if not helped(one, lacks, RULES) and not needed[one.id]] == []


def test_a_gain_of_percentage_points_helps_the_figure_afterwards():
    bad = good_workshop("冲压车间", ws_productivity_before=100, ws_productivity_after=101)
    whole = filled(
        replace(two_workshops().firm, parts=(factory(bad, productivity_before=100, productivity_after=101),))
    )
    found = reasons_of(whole, Goal("cq_smart_factory", 1))

    assert "cq_smart_factory.F11" in {name for names in found.values() for name in names}
