"""One answer in its cells, and back: numbers to their last digit, percentages, days, texts with odd characters."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.diagnosis.draft import Said, stated
from app.workbooks.cells import (
    Cell,
    CellFault,
    alike,
    is_ticked,
    number_cell,
    reason_in,
    text_cell,
    typed_in,
    unescaped,
)
from questionnaires.loader import load
from questionnaires.values import read_value

FACTS = load("auto_parts").facts
RATE, COUNT, DAY, NAME = (
    FACTS[name] for name in ("ws_defect_rate_after", "equipment_count", "ws_improvement_after_date", "firm_name")
)


@pytest.fixture(autouse=True)
def _a_request(flask_app):
    with flask_app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("value", "content"),
    [
        (Fraction(320), 320),
        (Fraction(15, 2), 7.5),
        (Fraction(1, 10), 0.1),
        (Fraction("123456789.012345"), 123456789.012345),  # 15 digits
        (Fraction("123456789.0123456"), "123456789.0123456"),  # 16: a spreadsheet would round it
        (Fraction(1, 3), "1/3"),
        (Fraction(10**20), 1e20),
        (Fraction("0.000001"), 1e-6),
    ],
)
def test_a_number_stands_as_number_where_a_spreadsheet_keeps_it_exactly(value, content):
    assert number_cell(value) == content
    assert type(number_cell(value)) is type(content)


@given(st.fractions(min_value=0, max_value=100, max_denominator=10**9) | st.decimals(0, 100, places=9).map(Fraction))
def test_every_number_comes_back_as_it_was(value):
    assert read_value(RATE, typed_in(RATE, Cell(number_cell(value)))) == value


def test_a_percentage_is_read_as_the_person_sees_it():
    assert typed_in(RATE, Cell(0.45, percent=True)) == "45"
    assert typed_in(RATE, Cell(0.45)) == "0.45"
    with pytest.raises(CellFault, match="单元格里是百分数"):
        typed_in(COUNT, Cell(0.45, percent=True))


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (Cell(45838), "2025-06-30"),
        (Cell(45838.75), "2025-06-30"),
        (Cell(44376, from_1904=True), "2025-06-30"),
        (Cell(date(2025, 6, 30)), "2025-06-30"),
        (Cell(20250630), "20250630"),  # no day of a spreadsheet: left to be refused
        (Cell(-1), "-1"),
    ],
)
def test_a_day_may_be_its_number(cell, day):
    assert typed_in(DAY, cell) == day


def test_what_a_spreadsheet_found_no_value_for_is_no_blank_cell():
    with pytest.raises(CellFault, match="错误值 #REF!"):
        typed_in(COUNT, Cell("#REF!", fault="error"))
    with pytest.raises(CellFault, match="还没有算出结果"):
        typed_in(COUNT, Cell(fault="formula"))
    with pytest.raises(CellFault, match="错误值 inf"):
        typed_in(COUNT, Cell(float("inf")))
    assert not Cell(fault="formula").blank


@pytest.mark.parametrize("word", ["√", " ✓ ", "是", "YES", 1, True, "不清楚", "Not known"])
def test_these_are_ticks(word):
    assert is_ticked(Cell(word))


@pytest.mark.parametrize("word", [None, "", "  ", "—", "否", "no", 0, False])
def test_these_are_none(word):
    assert not is_ticked(Cell(word))


@pytest.mark.parametrize("word", ["×", "x", "2", "也许", date(2025, 1, 1)])
def test_what_may_mean_either_is_asked_about(word):
    with pytest.raises(CellFault, match="不是勾选"):
        is_ticked(Cell(word))


def test_a_tick_is_no_reason():
    assert reason_in(Cell(" 没有这道工序\r\n")) == "没有这道工序"
    assert reason_in(Cell(None)) == ""
    with pytest.raises(CellFault, match="请写明理由"):
        reason_in(Cell("√"))


def test_a_text_keeps_its_lines_and_loses_only_what_no_cell_can_hold():
    assert text_cell(" 一\r\n二\r三\t四\x0b五\u2028六 ") == "一\n二\n三\t四 五 六"


def test_what_a_cell_cannot_tell_apart_counts_as_the_same():
    kept = Said("stated", '"一\\r\\n二"', "按执照")

    assert alike(NAME, stated("一\n二"), kept)
    assert not alike(NAME, stated("一二"), kept)
    assert not alike(NAME, Said("unknown"), kept)
    assert alike(COUNT, Said("not_applicable", None, "a\nb"), Said("not_applicable", None, "a\r\nb"))
    assert not alike(COUNT, stated(Fraction(1)), stated(Fraction(2)))
    assert alike(None, Said("stated", "true", "来图"), Said("stated", "true", "来图"))


def test_only_control_characters_are_written_in_another_way():
    assert unescaped("a_x000D_b_x000d_c") == "a\rb\rc"
    assert unescaped("_x0041_ _xD83D_") == "_x0041_ _xD83D_"
