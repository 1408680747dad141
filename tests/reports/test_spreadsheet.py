"""Workbooks as they are written: text stays text, rows are as high as their text, rules are written once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from reports.spreadsheet import Rule, Spreadsheet, height_of

AT = datetime(2026, 1, 5, tzinfo=UTC)


def book_with(write):
    book = Spreadsheet("标题", AT, "Arial")
    write(book.sheet("表", (10, 20, 0)))
    return load_workbook(BytesIO(book.content()))


@pytest.mark.parametrize("said", ["=1+1", "+86", "-5", "@SUM(A1)", "00123", "1e5", "http://x.example", "\t=1", "TRUE"])
def test_whatever_is_said_stays_text(said):
    cell = book_with(lambda sheet: sheet.write(0, 0, said, {}))["表"]["A1"]

    assert (cell.data_type, cell.value) == ("s", said)
    assert bool(cell.quotePrefix) is (said[0] in "=+-@\t")


def test_numbers_and_days_can_be_computed_with_and_nothing_is_blank():
    def write(sheet):
        for column, content in enumerate((5, 7.5, date(2025, 6, 30), None)):
            sheet.write(0, column, content, {"bold": True})

    row = book_with(write)["表"][1]

    assert [row[0].value, row[1].value, row[2].value.date(), row[3].value] == [5, 7.5, date(2025, 6, 30), None]
    assert row[3].font.bold
    assert row[2].number_format == "yyyy-mm-dd"


def test_a_column_without_width_is_hidden():
    sheet = book_with(lambda sheet: sheet.write(0, 0, "x", {}))["表"]

    assert sheet.column_dimensions["C"].hidden
    assert not sheet.column_dimensions["B"].hidden


@pytest.mark.parametrize(
    ("words", "width", "height"),
    [
        ("短", 20, 17),
        ("一二三四五六七八九十" * 3, 20, 62),
        ("a" * 30, 20, 28),
        ("一\n二\n三", 20, 47),
        ("", 20, 15),
        ("一\n" * 99, 20, 409),
    ],
)
def test_a_row_is_as_high_as_its_text(words, width, height):
    assert height_of(words, width, {"text_wrap": True}) == height


def test_a_text_that_does_not_wrap_has_one_line():
    assert height_of("一二三四五六七八九十" * 3, 5, {"font_size": 16}) == 26


def test_cells_with_the_same_rule_share_it():
    rule = Rule("integer", least=1, most=9, title="很" * 40, help="长" * 300)

    def write(sheet):
        for row, column in ((0, 0), (1, 0), (2, 0), (5, 0), (1, 1)):
            sheet.take(row, column, rule)

    (made,) = book_with(write)["表"].data_validations.dataValidation

    assert sorted(str(made.sqref).split()) == ["A1:A3", "A6", "B2"]
    assert (len(made.promptTitle), len(made.prompt)) == (32, 255)
