"""Workbooks as files: edited, merged, computed, swollen by 50,000 rows; read as they are or refused in words."""

from __future__ import annotations

import re
import subprocess
import sys
from io import BytesIO
from zipfile import ZipFile

import pytest
import xlsxwriter
from openpyxl import Workbook, load_workbook

from app.workbooks.archive import NotReadable
from app.workbooks.origin import MARK
from app.workbooks.question_sheet import COLUMNS
from app.workbooks.reader import MOST_ROWS, read_book

MEASURE = """
import resource, sys
from pathlib import Path
from app.workbooks.reader import read_book

content = Path(sys.argv[1]).read_bytes()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
(sheet,) = read_book(content).sheets
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(sheet.too_long and sheet.rows == (), grown // 1024)
"""


@pytest.fixture(autouse=True)
def _a_request(flask_app):
    with flask_app.test_request_context():
        yield


def small(*rows, columns=COLUMNS[1:], **options):
    """A workbook with one sheet of ours; its rows are key, number, question, help, unit, answer, unknown, absent."""
    held = BytesIO()
    with xlsxwriter.Workbook(held, {"strings_to_formulas": True, **options}) as book:
        sheet = book.add_worksheet("装备")
        sheet.write_row(1, 0, [f"{MARK}token", *columns])
        for place, row in enumerate(rows, start=4):
            sheet.write_row(place, 0, row)
    return held.getvalue()


def rows_of(content):
    (sheet,) = read_book(content).sheets
    return sheet.rows


def with_part(content, part, change):
    held = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(held, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return held.getvalue()


def test_a_row_is_read_with_its_place():
    book = read_book(small(["firm employees", "1.6", "多少人？", "", "人", 320, "", "没有"]))
    (sheet,), (row,) = book.sheets, book.sheets[0].rows

    assert (sheet.name, sheet.token, sheet.asks, sheet.has_all_columns) == ("装备", f"{MARK}token", True, True)
    assert (row.number, row.key, row.shown_number, row.question) == (5, "firm employees", "1.6", "多少人？")
    assert [row.cells[code].value for code in ("answer", "unknown", "absent")] == [320, None, "没有"]
    assert sheet.place(row, "answer") == "F5"


def test_columns_are_found_wherever_they_were_moved():
    columns = ("absent", "answer", "unknown", "number")
    (sheet,) = read_book(small(["firm employees", "没有", 320, "√", "1.6"], columns=columns)).sheets

    assert sheet.place(sheet.rows[0], "answer") == "C5"
    assert sheet.rows[0].cells["answer"].value == 320
    assert sheet.rows[0].shown_number == "1.6"


def test_a_sheet_without_its_columns_is_known_as_ours_and_read_no_further():
    (sheet,) = read_book(small(["firm employees", 320], columns=("answer",))).sheets

    assert not sheet.has_all_columns
    assert sheet.rows == ()


def test_other_sheets_are_named():
    held = BytesIO()
    with xlsxwriter.Workbook(held) as book:
        book.add_worksheet("甲").write(50, 0, f"{MARK}too far down")
        book.add_worksheet("乙").write(0, 0, "x")
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=甲!$A$1:$A$2"})
        book.add_chartsheet("图").set_chart(chart)

    assert read_book(held.getvalue()).others == ("甲", "乙")


def test_an_empty_workbook_has_nothing_of_ours():
    held = BytesIO()
    Workbook().save(held)

    assert read_book(held.getvalue()).sheets == ()
    assert read_book(held.getvalue()).others == ("Sheet",)


def test_the_result_of_a_formula_is_read_and_a_missing_one_is_no_blank():
    content = small(["firm employees", "1.6", "", "", "", "=300+20"], ["firm revenue", "1.7", "", "", "", "=1/0"])
    computed = with_part(
        content, "xl/worksheets/sheet1.xml", lambda xml: re.sub(rb"(300\+20</f><v>)0", rb"\g<1>320", xml)
    )
    without = with_part(content, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</f><v>0</v>", b"</f>"))
    failed = with_part(
        content, "xl/worksheets/sheet1.xml", lambda xml: re.sub(rb'r="F6"(.*?)<v>0', rb'r="F6" t="e"\1<v>#DIV/0!', xml)
    )

    assert [row.cells["answer"].value for row in rows_of(computed)] == [320, 0]
    assert [row.cells["answer"].fault for row in rows_of(without)] == ["formula", "formula"]
    assert [row.cells["answer"].fault for row in rows_of(failed)] == ["", "error"]


def test_a_percentage_is_known_by_its_format():
    held = BytesIO()
    with xlsxwriter.Workbook(held) as book:
        sheet = book.add_worksheet()
        sheet.write_row(1, 0, [f"{MARK}t", *COLUMNS[1:]])
        for place, format_ in enumerate(("0%", "0.00%", "General", '0"%"', "0.0\\%")):
            sheet.write(4 + place, 0, "firm x")
            sheet.write(4 + place, 5, 0.45, book.add_format({"num_format": format_}))

    assert [row.cells["answer"].percent for row in rows_of(held.getvalue())] == [True, True, False, False, False]


def test_a_day_far_out_of_time_is_an_error_and_the_epoch_of_1904_is_known():
    held = BytesIO()
    with xlsxwriter.Workbook(held, {"date_1904": True}) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(1, 0, [f"{MARK}t", *COLUMNS[1:]])
        for place, number in enumerate((44376, 10**9)):
            sheet.write(4 + place, 0, "firm x")
            sheet.write_number(4 + place, 5, number, day)
        sheet.write_row(6, 0, ["firm y", "", "", "", "", 44376])
    first, second, third = rows_of(held.getvalue())

    assert first.cells["answer"].value.date().isoformat() == "2025-06-30"
    assert second.cells["answer"].fault == "error"
    assert third.cells["answer"].from_1904


@pytest.mark.parametrize(
    ("area", "touched"),
    [
        ("F5:F6", [True, True, False]),
        ("F5:H5", [True, False, False]),
        ("A5:E7", [False] * 3),
        ("A1:XFD1048576", [True] * 3),
    ],
)
def test_a_merged_answer_is_marked(area, touched):
    content = small(*(["firm x", str(n), "", "", "", n] for n in range(3)))
    merged = with_part(
        content,
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(
            b"</sheetData>", b'</sheetData><mergeCells count="1"><mergeCell ref="%b"/></mergeCells>' % area.encode()
        ),
    )

    assert [row.merged for row in rows_of(merged)] == touched


def test_fifty_thousand_rows_are_refused_in_bounded_memory(root, tmp_path):
    file = tmp_path / "long.xlsx"
    file.write_bytes(small(*(["firm employees", "1.6", "多少人？", "说明", "人", n, "", ""] for n in range(50_000))))
    measured = subprocess.run(
        [sys.executable, "-c", MEASURE, str(file)], cwd=root, capture_output=True, text=True, check=True
    )
    too_long, megabytes = measured.stdout.split()

    assert too_long == "True"
    assert int(megabytes) < 100


def test_as_many_rows_as_there_may_be_are_read():
    content = small(*(["firm employees", "1.6", "", "", "", n, "", ""] for n in range(MOST_ROWS - 4)))

    assert len(rows_of(content)) == MOST_ROWS - 4


def test_a_row_far_below_is_passed_over():
    content = small(["firm employees", "1.6", "", "", "", 320])
    far = b'<row r="1048576"><c r="A1048576"><v>1</v></c></row><row r="999999999"><c r="A999999999"><v>1</v></c></row>'
    below = with_part(
        content, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</sheetData>", far + b"</sheetData>")
    )

    assert len(rows_of(below)) == 1


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("xl/worksheets/sheet1.xml", lambda xml: xml[:-40]),
        ("xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"<v>", b"<v>999999")),
        ("xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'r="F5"', b'r="nowhere"')),
        ("xl/workbook.xml", lambda xml: xml.replace(b"rId1", b"rId99")),
        ("xl/styles.xml", lambda xml: xml[:200]),
        ("[Content_Types].xml", lambda xml: xml.replace(b"worksheet+xml", b"x")),
        ("xl/_rels/workbook.xml.rels", lambda xml: xml.replace(b"worksheets/sheet1", b"worksheets/sheet9")),
    ],
)
def test_a_damaged_workbook_is_refused_or_says_nothing_wrong(part, change):
    content = with_part(small(["firm employees", "1.6", "", "", "", 320]), part, change)
    try:
        said = [sheet.rows[0].cells["answer"].value for sheet in read_book(content).sheets]
    except NotReadable as refused:
        said = str(refused)

    assert said in ([], [320], "文件已损坏，读不出来。请在表格软件里打开，另存为 .xlsx 后再试。")


def test_what_was_filled_in_a_spreadsheet_is_read(draft_of, downloaded):
    file = downloaded(draft_of())
    address = file.fill("firm employees", 320)
    sheet = next(sheet for sheet in read_book(file.content()).sheets if sheet.name == "企业概况")
    row = next(row for row in sheet.rows if row.key == "firm employees")

    assert row.cells["answer"].value == 320
    assert f"“{sheet.name}”表 {sheet.place(row, 'answer')}" == address


def test_the_reader_leaves_the_warnings_of_others_alone():
    before = list(__import__("warnings").filters)
    read_book(small(["firm employees", "1.6", "", "", "", 320]))

    assert list(__import__("warnings").filters) == before
    assert load_workbook(BytesIO(small())).sheetnames == ["装备"]
