"""The plan as a workbook: a row a project, sums that compute, room for the firm's own, and the same bytes each time."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import load_workbook

from reports.plan_workbook import plan_workbook
from scoring.advice import advise, advise_next_level
from scoring.assessment import assess_diagnosis
from scoring.loader import load_all
from tests.reports.sample import FIRM_NAME, sample_diagnosis
from tests.scoring.test_advice import goal_of


@pytest.fixture(scope="module")
def advice():
    """To level 1 in two projects: (2, 5, 12) and (2, 6, 15)."""
    filled = sample_diagnosis(settled=False)
    criteria = load_all(filled.as_of)
    return advise_next_level(filled, criteria, assess_diagnosis(filled, criteria))


def sheets(content: bytes, computed: bool = False):
    return load_workbook(BytesIO(content), data_only=computed)


def rows(sheet) -> list[list[object]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_a_row_a_project_with_quarters_and_costs(advice):
    head, first, second, _total = rows(sheets(plan_workbook(advice, "zh"))["改进计划"])

    assert head == [
        "改进项", "地点", "开工季度", "完工季度", "低，万元", "最可能，万元", "高，万元",
        "责任人", "要求完成日期", "进展", "做到的证明",
    ]  # fmt: skip
    assert first[1:10] == ["全企业", "2027Q1", "2027Q1", 2, 5, 12, None, None, None]
    assert second[2:7] == ["2027Q1", "2027Q2", 2, 6, 15]
    assert first[10]


def test_sums_are_formulas_with_their_present_value(advice):
    content = plan_workbook(advice, "zh")

    assert rows(sheets(content)["改进计划"])[-1][4:7] == ["=SUM(E2:E3)", "=SUM(F2:F3)", "=SUM(G2:G3)"]
    assert rows(sheets(content, computed=True)["改进计划"])[-1][:7] == ["合计", None, None, None, 4, 11, 27]


def test_progress_is_chosen_from_a_list_and_the_head_stays_in_sight(advice):
    sheet = sheets(plan_workbook(advice, "zh"))["改进计划"]
    (rule,) = sheet.data_validations.dataValidation

    assert (str(rule.sqref), rule.formula1) == ("J2:J3", '"未开始,进行中,已完成,不做了"')
    assert sheet.freeze_panes == "A2"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == "$1:$1"


def test_the_notes_give_goal_day_and_assumptions(advice):
    said = dict(row[:2] for row in rows(sheets(plan_workbook(advice, "zh"))["说明"]) if row[0])

    assert said["企业"] == FIRM_NAME
    assert said["目标"] == "成熟度一级（规划级）"
    assert said["事实截止"] == "2026 年 10 月 31 日"
    assert said["季度"] == "计划从 2027Q1 开始，即 2027 年第 1 季度。"
    assert said["规划假设"] == advice.criteria.improvements_basis.zh
    assert "不是官方结果" in said["性质"]


def test_english_has_the_same_numbers_and_no_chinese_but_names(advice):
    book = sheets(plan_workbook(advice, "en"))
    said = dict(row[:2] for row in rows(book["Notes"]) if row[0])

    assert book.sheetnames == ["Improvement plan", "Notes"]
    assert [row[4:7] for row in rows(book["Improvement plan"])[1:3]] == [[2, 5, 12], [2, 6, 15]]
    assert said["Goal"].startswith("maturity level 1 (")
    assert said["Assumptions"] == advice.criteria.improvements_basis.en
    assert all(str(name).isascii() for name in said)


def test_a_plan_that_has_nothing_to_do_still_makes_a_workbook():
    filled = sample_diagnosis()
    criteria = load_all(filled.as_of)
    reached = advise(filled, criteria, [replace(goal_of(filled), level=1)])

    assert len(rows(sheets(plan_workbook(reached, "zh"))["改进计划"])) == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_same_plan_gives_the_same_bytes(advice, lang):
    assert plan_workbook(advice, lang) == plan_workbook(advice, lang)
