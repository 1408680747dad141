"""The workbook agrees with the screen and never holds a formula."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from app.programme import board as boards
from app.programme import counted as lists
from app.programme import service
from app.programme.counted import Filters
from app.programme.workbook import workbook
from tests.factories import make_firm


@pytest.fixture
def book(flask_app, city):
    """Build the workbook of the commission under filters and read it back."""

    def build(**filters):
        counted = lists.counted_for(city.commission, Filters(**filters))
        return load_workbook(BytesIO(workbook(boards.board(city.commission, counted, None), counted)))

    with flask_app.test_request_context():
        yield build


def cells(sheet):
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_the_summary_holds_the_numbers_of_the_screen(book):
    lines = cells(book()["汇总"])
    targets = {line[0]: tuple(line[1:4]) for line in lines}

    assert targets["传统汽车零部件企业累计完成转型升级"] == (2, 500, 1)
    assert targets["累计新建智能工厂"] == (1, 10, 1)
    assert targets["累计新建数字化车间"] == (1, 100, 2)
    assert ["铜梁区", 1, 1, 0, None] in lines
    assert ["涉及多个系统", 1, 0, 1, None] in lines
    assert ["2026", 1, 1, 0, None] in lines
    assert ["区县核实", 1, None, None, None] in lines


@pytest.mark.parametrize(("filters", "counted"), [({}, [2, 1, 1]), ({"district": "500120"}, [1, 0, 1])])
def test_each_target_has_a_sheet_with_what_counts_and_what_does_not(book, filters, counted):
    sheets = book(**filters).worksheets

    assert [sheet.title for sheet in sheets] == [
        "汇总",
        "传统汽车零部件企业累计完成转型升级",
        "累计新建智能工厂",
        "累计新建数字化车间",
        "口径",
    ]
    assert [sum(row[0] == "是" for row in cells(sheet)) for sheet in sheets[1:4]] == counted


def test_a_line_of_a_sheet_says_everything_about_its_unit(book):
    sheet = book()["累计新建数字化车间"]

    assert cells(sheet)[0] == [
        "是否计入",
        "企业名称",
        "统一社会信用代码",
        "车间或工厂",
        "区县",
        "系统",
        "状态",
        "日期",
        "文件",
        "发文单位",
        "名单网址",
        "计入或不计入的理由",
    ]
    line = cells(sheet)[1]
    assert (line[0], line[1], line[3], line[4], line[5]) == (
        "是",
        "示例甲有限公司",
        "一工厂 · 焊装车间",
        "璧山区",
        "轻量化零部件、热管理系统",
    )
    assert line[7].date() == date(2025, 3, 1)
    assert [row[0] for row in cells(sheet)[1:]] == ["是", "否", "否"]
    assert sheet.freeze_panes == "C2"


def test_the_rule_is_a_sheet_of_its_own(book):
    rule = {line[0]: line for line in cells(book()["口径"])}

    assert (rule["计数起点"][1], rule["计数起点"][2].date()) == ("2023-12-04", date(2023, 12, 4))
    assert rule["计数起点"][4] == "本工具的假设，待主管部门确认"


@pytest.mark.parametrize("name", ["=1+1", "+86 厂", "-5 厂", "@SUM(A1)", '=HYPERLINK("http://evil","x")', "00123"])
def test_what_looks_like_a_formula_stays_text_even_after_somebody_edits_the_cell(flask_app, city, name):
    firm = make_firm(flask_app, name=name)
    with flask_app.app_context():
        paper = service.Paper(date(2026, 1, 5), "=cmd|' /C calc'!A0", "市经济信息委")
        service.record_conversion(city.commission, firm.id, state="city_recognised", paper=paper)
    with flask_app.test_request_context():
        counted = lists.counted_for(city.commission, Filters())
        made = workbook(boards.board(city.commission, counted, None), counted)
    sheet = load_workbook(BytesIO(made))["传统汽车零部件企业累计完成转型升级"]
    (row,) = (row for row in sheet.iter_rows() if row[1].value == name)

    assert (row[1].data_type, row[8].data_type) == ("s", "s")
    assert row[8].value == "=cmd|' /C calc'!A0"
    assert row[8].quotePrefix
    assert bool(row[1].quotePrefix) is (name[0] in "=+-@")
