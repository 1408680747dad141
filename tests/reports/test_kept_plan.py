"""The plan that a firm has kept beside the one that follows from the facts of a report; sentences by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from questionnaires.model import Text
from reports import kept_plan
from reports.html import to_html
from reports.kept_plan import KeptPlan, KeptStep
from reports.plan import plan
from scoring.advice import Advice
from scoring.goals import Goal
from scoring.model import Costs
from scoring.plan import Limits, PlannedProject
from tests.reports.sample import report_on, sample_diagnosis
from tests.reports.test_plan import TABLE, advice_for

DAY = date(2026, 11, 24)


def step(one: PlannedProject, **given: object) -> KeptStep:
    project = one.project
    usual = KeptStep(
        project_id=project.id,
        name=project.improvement.text,
        place="" if project.place.key == "firm" else project.place.name,
        units=one.units,
        start=one.start,
        end=one.end,
        cost=one.cost,
        owner="",
        due=None,
        progress="not_started",
    )
    return replace(usual, **given)


def kept(advice: Advice, *steps: KeptStep, goals: tuple[str, ...] = (f"{TABLE}:1",)) -> KeptPlan:
    return KeptPlan(1, DAY, goals, Limits(), advice.plan.cost, steps or tuple(map(step, advice.plan.projects)))


@pytest.fixture(scope="module")
def small() -> Advice:
    """To level 1: rules for store and transport (2, 5, 12), and rules for purchasing and planning (2, 6, 15)."""
    return advice_for(False)


def test_where_nothing_is_kept_the_chapter_says_what_it_is_for(small):
    assert plan(small).about == "企业没有保存改进计划，这里算的是到下一个成熟度等级最省的办法。"
    assert [row.owner for row in plan(small).rows] == ["", ""]


def test_what_follows_from_the_facts_and_was_kept_is_called_so(small):
    assert plan(small, kept(small)).about == (
        "这就是企业 2026 年 11 月 24 日保存的改进计划 1：按本报告的事实和费用重新算过，项目、时间和费用都相同。"
        "负责人和完成日期由企业填写。"
    )


def test_owners_and_days_stand_beside_their_projects(small):
    first, second = small.plan.projects
    chosen = kept(
        small, step(first, owner="李工", due=date(2027, 3, 31), progress="under_way"), step(second, progress="dropped")
    )

    assert [row.owner for row in plan(small, chosen).rows] == [
        "负责人李工，2027-03-31 前完成，进行中",
        "负责人未定，完成日期未定，不做了",
    ]


def test_projects_that_share_a_row_are_told_apart_where_their_owners_differ(by_workshop):
    controls = [one for one in by_workshop.plan.projects if one.project.improvement.id == "control_system_upgrade"]
    chosen = kept(by_workshop, *(step(one, owner="李工" if number else "王工") for number, one in enumerate(controls)))
    row = next(row for row in plan(by_workshop, chosen).rows if row.name == "数控系统与人机界面升级")

    assert row.owner == "冲压车间：负责人王工，完成日期未定；焊装车间、装配车间：负责人李工，完成日期未定"


def test_other_facts_are_said_with_what_is_different(small):
    first, second = small.plan.projects
    gone = step(second, project_id="smart_roadmap@firm", name=Text("智能制造规划与年度投入", "Roadmap"))
    said = plan(small, kept(small, step(first), gone)).about

    assert said.startswith("企业 2026 年 11 月 24 日保存了改进计划 1（2 个项目，最可能 11 万元）。")
    assert "用本报告的事实和费用重新计算" in said
    assert f"与保存的相比：多了{second.project.improvement.text.zh}，少了智能制造规划与年度投入。" in said
    assert said.endswith("要按这里的做，请重新保存。")


def test_the_same_projects_at_another_cost_are_not_the_same_plan(small):
    first, second = small.plan.projects

    assert (
        "项目相同，费用、数量或时间不同"
        in plan(small, kept(small, step(first, cost=Costs(1, 1, 1)), step(second))).about
    )


def test_a_report_plans_for_the_goals_and_limits_of_what_was_kept():
    filled = sample_diagnosis(settled=False)
    advice = advice_for(False, Goal(TABLE, 1), limits=Limits(budget=5))
    chosen = replace(kept(advice), limits=Limits(budget=5))
    printed = report_on(filled, kept=chosen).plan

    assert printed.headline.startswith("预算 5 万元到不了成熟度一级（规划级），至少要 11 万元")
    assert printed.about.startswith("这就是企业 2026 年 11 月 24 日保存的改进计划 1")


def test_a_goal_for_a_workshop_that_is_closed_is_named_and_the_next_level_planned():
    chosen = kept(advice_for(False), goals=("cq_digital_workshop:1@shop-9",))
    printed = report_on(sample_diagnosis(settled=False), kept=chosen).plan

    assert "目标里有的工厂或车间现在没有了" in printed.about
    assert printed.headline.startswith("到成熟度一级（规划级）")


def test_the_kept_plan_is_printed_with_owners(small):
    first, second = small.plan.projects
    chosen = kept(small, step(first, owner="李工<b>"), step(second))
    html = to_html(report_on(sample_diagnosis(settled=False), kept=chosen))

    assert "这就是企业 2026 年 11 月 24 日保存的改进计划 1" in html
    assert "负责人李工&lt;b&gt;，完成日期未定" in html


def test_every_sentence_on_a_kept_plan_has_an_english_one(small):
    first, _second = small.plan.projects

    assert kept_plan.about(None, small).en.startswith("The firm has kept no plan")
    assert kept_plan.about(kept(small), small).en.startswith("This is plan 1, kept by the firm on 2026-11-24")
    assert "(1 project, most likely 11, in 10,000 yuan)" in kept_plan.about(kept(small, step(first)), small).en
