"""The chapter on the improvement plan; expected sentences are written by hand from the catalogue and the answers."""

from __future__ import annotations

import re
from dataclasses import replace

import pymupdf
import pytest

from questionnaires.loader import load
from reports import plan_names as names
from reports import plan_wording as words
from reports.given import given_for
from reports.html import to_html
from reports.plan import plan
from reports.view_model import build
from scoring.advice import NO_LIMITS, Advice, advise, advise_next_level
from scoring.assessment import assess_diagnosis
from scoring.goals import Goal
from scoring.loader import load_all
from scoring.model import Costs, PricedBy
from scoring.own_costs import CostPart, OwnCost, with_own_costs
from scoring.plan import Limits
from tests.reports.sample import EDITION, report_on, sample_diagnosis
from tests.scoring.test_advice import every_practice

TABLE = "gbt_39117_2020_discrete"


def advice_for(settled: bool, *goals: Goal, limits: Limits = NO_LIMITS) -> Advice:
    filled = sample_diagnosis(settled=settled)
    criteria = load_all(filled.as_of)
    made = advise(filled, criteria, goals, limits) if goals else None
    return made or advise_next_level(filled, criteria, assess_diagnosis(filled, criteria))


@pytest.fixture(scope="module")
def small() -> Advice:
    """To level 1: rules for store and transport (2, 5, 12), and rules for purchasing and planning (2, 6, 15)."""
    return advice_for(False)


@pytest.fixture(scope="module")
def large() -> Advice:
    """To level 3, in six quarters."""
    return advice_for(True)


# --- what is said -----------------------------------------------------------------------------------------------------


def test_the_headline_gives_goal_cost_range_projects_and_quarters(small):
    assert plan(small).headline == "到成熟度一级（规划级），最可能 11 万元（4–27 万元），2 个项目，2 个季度。"


def test_the_plan_begins_with_the_first_whole_quarter_after_the_day_of_the_facts(small):
    # the facts describe 31 October 2026, so the last quarter of that year has begun
    assert plan(small).lead.startswith("从2027年一季度开始（事实截止日之后的第一个完整季度），2027年二季度末做完。")
    assert "已经证明没有更省的办法" in plan(small).lead


def test_every_project_has_its_row_with_quarters_costs_and_reasons(small):
    first, second = plan(small).rows

    assert (first.quarters, first.likely, first.cost, first.where) == ("2027年一季度", "5", "2–12", "")
    assert first.reason == "仓储配送 L1.1、L1.2；物流 L1.1、L1.3"
    assert (second.quarters, second.likely, second.cost) == ("2027年一至二季度", "6", "2–15")
    assert (plan(small).sum.where, plan(small).sum.likely, plan(small).sum.cost) == ("2 个项目", "11", "4–27")


def test_what_is_reached_is_said_for_now_and_after_every_quarter(small):
    said = [(row.quarter, row.ended, row.spent, row.level) for row in plan(small).quarters]

    assert said == [
        ("现在", "—", "0", "一级以下"),
        ("2027年一季度末", "1", "11", "一级以下"),
        ("2027年二季度末", "1", "11", "一级（规划级）"),
    ]


def test_the_table_of_quarters_ends_with_the_whole_cost_and_the_goal(large):
    rows = plan(large).quarters

    assert rows[0].level == "二级（规范级）"
    assert rows[-1].level == "三级（集成级）"
    assert rows[-1].spent == plan(large).sum.likely
    assert [float(row.total) for row in rows] == sorted(float(row.total) for row in rows)


def test_the_pictures_carry_their_message_and_their_numbers(small):
    gantt, curve = plan(small).drawings

    assert gantt.title == "第一个季度开工 2 个项目，2027年二季度末到一级"
    assert ">一级<" in gantt.svg
    assert ">27Q2<" in gantt.svg
    assert curve.title == "第一个季度要备好 11 万元，一共 11 万元"
    assert "2027年一季度累计 11（4–27）万元；2027年二季度累计 11（4–27）万元" in curve.svg


def test_three_things_come_first_and_begin_in_the_first_quarter(large):
    first = plan(large).first

    assert len(first) == 3
    assert all(one.quarters.startswith("2027年一") and one.what and one.proof and one.reason for one in first)


def test_a_project_that_only_others_need_says_which(large):
    rows = {row.name: row.reason for row in plan(large).rows}

    assert rows["运输管理系统"] == "先做它才能做仓储与运输一体化"


def test_workshops_with_the_same_project_share_a_row_and_their_costs_are_added(by_workshop):
    row = next(row for row in plan(by_workshop).rows if row.name == "数控系统与人机界面升级")

    assert (row.where, row.likely, row.cost) == ("冲压车间、焊装车间、装配车间", "6", "3–12")


def test_other_plans_say_what_they_cost_more_and_what_differs(large):
    others = plan(large).others

    assert [one.title.partition("：")[0] for one in others] == ["另一种办法一", "另一种办法二"]
    assert all(re.search(r"：多 \d+ 万元$", one.title) and one.left_out and one.instead for one in others)


def test_where_nothing_else_costs_nearly_the_same_that_is_said(small):
    assert plan(small).others == ()
    assert plan(small).others_note == "多花一成以内，没有别的项目组合也能达到目标。"


def test_an_obvious_improvement_that_is_left_out_has_its_reason(large):
    assert len(plan(large).why_not) == 3
    assert all(re.search("加上它要多花 [0-9,]+ 万元。$", one.value) for one in plan(large).why_not)


def test_the_frontier_says_what_is_reached_and_marks_the_goal(large):
    rows = plan(large).frontier

    assert [(row.name, row.until) for row in rows[:2]] == [
        ("一级（规划级）", "已经达到"),
        ("二级（规范级）", "已经达到"),
    ]
    assert [row.is_goal for row in rows] == [False, False, True, False]
    assert rows[2].likely == plan(large).sum.likely


def test_the_assumptions_are_printed_and_called_so(small):
    assert plan(small).basis == small.criteria.improvements_basis.zh
    assert "不是官方结果" in plan(small).assumptions_only


# --- where there is no plan, or not the whole one ---------------------------------------------------------------------


def test_at_the_highest_level_and_before_any_answer_there_is_no_chapter():
    bare = sample_diagnosis()
    nothing = replace(bare, firm=replace(bare.firm, facts={}, parts=()))
    for filled in (every_practice("full"), nothing):
        report = report_on(filled)

        assert report.plan is None
        assert "plan" not in report.chapters
        assert report.chapters["method"] == "8　方法"
        assert "改进计划" not in to_html(report)


def test_answers_that_are_missing_are_named_before_a_plan_is_promised():
    asked = advice_for(True, Goal("cq_smart_factory", 1))
    said = plan(asked)

    assert said.headline == "先把没有答清的答清，才能算出到重庆市智能工厂的办法。"
    assert "生产效率较建设前提高（一工厂）：要先答清生产效率（建设前）。" in said.blocked
    assert (said.drawings, said.rows, said.sum, said.quarters) == ((), (), None, ())


def test_what_nothing_in_the_catalogue_brings_is_named():
    criteria = load_all(sample_diagnosis().as_of)
    filled = every_practice("none")
    without = replace(criteria, improvements=tuple(i for i in criteria.improvements if "energy" not in i.id)[:5])
    said = plan(advise(filled, without, [Goal(TABLE, 1)]))

    assert said.headline == "目录中的改进项全部做完，也到不了成熟度一级（规划级）。"
    assert all("目录中没有改进项能做到" in one or one.startswith("另有") for one in said.blocked)
    assert len(said.blocked) <= words.MOST_BLOCKS + 1


def test_what_no_project_changes_is_said_with_the_reason():
    filled = every_practice("none")
    said = plan(advise(filled, load_all(filled.as_of), [Goal("gbt_39117_2020_process", 1)]))

    assert said.blocked == (
        "“智能制造能力成熟度（流程型）”不适用于本企业：没有项目能改变，离散型还是流程型，由产品和工艺决定。",
    )


def test_a_budget_that_is_too_small_says_what_is_needed():
    said = plan(advice_for(False, Goal(TABLE, 1), limits=Limits(budget=5)))

    assert said.headline == "预算 5 万元到不了成熟度一级（规划级），至少要 11 万元；最远可以做 1 个项目，1 个季度。"
    assert "这是这笔预算能走到的最远处，约用 5 万元，做完以后：一级以下。" in said.lead


def test_a_day_for_which_the_search_was_cut_off_is_not_called_impossible():
    advice = advice_for(True, Goal(TABLE, 3), limits=Limits(quarters=1))
    cut_off = Advice(advice.ground, replace(advice.plan, proved=False))
    said = plan(cut_off)

    assert said.headline == "在给定的期限和人手之内，没有找到到成熟度三级（集成级）的办法。"
    assert said.lead.startswith("要算的太多，没有算完，不能说一定没有办法。")


def test_a_day_that_is_too_near_says_how_long_it_takes():
    said = plan(advice_for(True, Goal(TABLE, 3), limits=Limits(quarters=1)))

    assert said.headline == "在给定的期限和人手之内，到不了成熟度三级（集成级）。"
    assert said.lead == "不限期限和人手，最省的办法要 6 个季度。请放宽期限、增加人手，或降低目标。"


def test_a_goal_that_is_reached_costs_nothing():
    said = plan(advice_for(True, Goal(TABLE, 2)))

    assert said.headline == "成熟度二级（规范级）已经达到，不用再花钱。"
    assert said.drawings == ()


def test_several_goals_stand_side_by_side_in_the_table():
    said = plan(advice_for(False, Goal(TABLE, 1), Goal("sme_digital_2024", 1)))

    assert said.quarters[-1].level.startswith("成熟度 一级（规划级），")
    assert said.frontier == ()


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (1, 1, "2027年一季度"),
        (1, 3, "2027年一至三季度"),
        (4, 5, "2027年四季度至2028年一季度"),
        (8, 8, "2028年四季度"),
    ],
)
def test_quarters_are_named_by_the_calendar(small, start, end, said):
    assert names.span(names.begins(small), start, end).zh == said


def test_a_place_has_its_factory_where_there_are_several(by_workshop):
    one = next(one.project for one in by_workshop.plan.projects if one.project.id == "control_system_upgrade@shop-1")
    firm = one.path[0]
    two = replace(one, path=(replace(firm, parts=(*firm.parts, *firm.parts)), *one.path[1:]))

    assert names.named(one).zh == "数控系统与人机界面升级（冲压车间）"
    assert names.named(two).zh == "数控系统与人机界面升级（一工厂冲压车间）"
    assert names.place(two).en == "冲压车间, 一工厂"


def test_units_that_are_added_are_counted_in_their_unit(large):
    adding = next(i for i in large.criteria.improvements if i.adds and i.adds.count == "equipment_digital_count")
    one = large.plan.projects[0]
    added = replace(one, project=replace(one.project, improvement=adding), units=6)

    assert names.units(added, large.criteria.facts).zh == "增加 6 台（套）"
    assert names.units(one, large.criteria.facts) is None


def test_costs_that_are_not_the_catalogues_are_named_with_whose_they_are(small):
    first, second = (one.project.improvement for one in small.plan.projects)
    own = (
        OwnCost(first.id, CostPart.PLACE, Costs(1, 5, 9), PricedBy.FIRM),
        OwnCost(second.id, CostPart.PLACE, Costs(1, 6, 9), PricedBy.INSTALLATION),
    )
    priced = advise(small.filled, with_own_costs(small.criteria, own), small.plan.goals)

    assert plan(small).priced == ""
    assert plan(priced).priced == (
        f"费用：{first.text.zh}按企业自己的数；{second.text.zh}按本地的造价；其余按目录的规划假设。"
    )
    assert plan(priced).rows[0].cost == "1–9"


def test_a_plan_that_was_given_up_says_so_in_its_chapter():
    given = given_for(*judged(sample_diagnosis()), load("auto_parts"), EDITION)
    printed = build(replace(given, advice=None, unfinished=True))

    assert printed.plan.headline == words.UNFINISHED.zh
    assert "没有算完" in to_html(printed)


def judged(filled):
    criteria = load_all(filled.as_of)
    return filled, assess_diagnosis(filled, criteria), criteria


def test_every_sentence_about_a_plan_has_an_english_one(large):
    assert words.headline(large).en.startswith("Maturity level 3 (")
    assert names.likely_cost(Costs(354, 825, 1842)).en == "most likely 825 (354–1,842), in 10,000 yuan"
    assert names.more_cost(Costs(1, 8, 9), Costs(1, 8, 9)).zh == "费用相同"


# --- printed ----------------------------------------------------------------------------------------------------------


def test_a_plan_of_forty_projects_takes_several_charts_of_the_same_columns(large):
    why = large.why[0]
    many = tuple(
        replace(why, planned=replace(why.planned, start=1 + n, project=replace(why.planned.project))) for n in range(40)
    )
    longer = Advice(large.ground, replace(large.plan, projects=tuple(one.planned for one in many)))
    longer.__dict__["why"] = many
    drawings = plan(longer).drawings
    heights = [int(re.search(r'viewBox="0 0 700 (\d+)"', one.svg)[1]) for one in drawings]

    assert [one.title for one in drawings[1:-1]] == ["接上图"]
    assert heights[0] <= 700
    assert [one.svg.count('stroke="#d5dde4"') for one in drawings[:2]] == [41, 41]  # the columns of 41 quarters


def test_the_brief_begins_with_the_plan_and_leads_to_it(report):
    steps = [step.name for step in report.brief.steps]

    assert steps[:3] == [one.name for one in report.plan.first]
    assert steps[3:] == ["设备数控化与数字化改造（冲压车间）"]  # the workshop that only six machines are missing
    assert "到成熟度三级（集成级），最可能" in report.brief.steps_note
    assert "冲压车间离数字化车间更近" in report.brief.steps_note


def test_no_chart_is_cut_off_at_the_foot_of_a_page(pdf):
    document = pymupdf.open(stream=pdf, filetype="pdf")
    begins = next(page for _, title, page in document.get_toc() if title.endswith("　改进计划"))
    first = document[begins - 1]

    assert "28Q1" in first.get_text()
    assert max(word[3] for word in first.get_text("words", clip=pymupdf.Rect(0, 60, 595, 800))) < 790
