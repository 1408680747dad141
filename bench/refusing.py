"""Files that would keep a server busy: how soon each is refused or given up, beside reading all of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter
import yaml
from openpyxl import load_workbook

from app.workbooks.archive import MB, NotReadable, weigh
from app.workbooks.origin import MARK
from app.workbooks.question_sheet import COLUMNS
from app.workbooks.reader import read_book
from bench.figures import Figure
from questionnaires.exchange import read_with_every_fault
from tests.factories import make_app

SHEET = "xl/worksheets/sheet1.xml"
ROW = ("firm employees", "1.6", "多少人？", "说明", "人", 320, "", "")
FAR = b'<row r="1048576"><c r="A1048576"><v>1</v></c></row><row r="999999999"><c r="A999999999"><v>1</v></c></row>'


def measure() -> list[Figure]:
    """Hand in each of the files."""
    with TemporaryDirectory() as folder, make_app(Path(folder)).test_request_context():
        return [_bomb(), _far_row(), _long(), _faults()]


def _bomb() -> Figure:
    bomb = _packed({SHEET: bytes(100 * MB)})
    ours = _seconds(lambda: _refused(bomb))
    theirs = _seconds(lambda: ZipFile(BytesIO(bomb)).read(SHEET))
    return _figure("a bomb refused", ours, "a workbook of 100 MB", f"unpacking it {theirs:.2f} s", theirs, 1)


def _far_row() -> Figure:
    near = _workbook([ROW])
    with ZipFile(BytesIO(near)) as old:
        far = _packed({name: old.read(name).replace(b"</sheetData>", FAR + b"</sheetData>") for name in old.namelist()})
    ours, theirs = _seconds(lambda: read_book(far)), _seconds(lambda: read_book(near))
    return _figure("a row far below", ours, "one row in a thousand million", f"without it {theirs:.3f} s", theirs, 2)


def _long() -> Figure:
    content = _workbook([ROW] * 50_000)
    ours, theirs = _seconds(lambda: read_book(content)), _seconds(lambda: load_workbook(BytesIO(content)))
    return _figure("a long workbook refused", ours, "50,000 rows", f"openpyxl reading them {theirs:.1f} s", theirs, 20)


def _faults() -> Figure:
    keys = ", ".join(f"has_me{number}: 1" for number in range(20_000))
    head = "format: zhizhen/diagnosis@1\nquestionnaire: auto_parts\nas_of: 2026-10-31\nfirm: {name: 某厂}\n"
    text = f"{head}facts: {{{keys}}}\n"
    ours = _seconds(partial(read_with_every_fault, text, "x.yaml"))
    theirs = _seconds(lambda: yaml.safe_load(text))
    return _figure("a file of faults given up", ours, "20,000 faults", f"PyYAML reading it {theirs:.1f} s", theirs, 10)


def _figure(name: str, ours: float, what: str, yardstick: str, theirs: float, bar_s: int) -> Figure:
    return Figure(name, ours, f"s, {what}", yardstick, ours / theirs, f"value < {bar_s}", ours < bar_s)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _refused(content: bytes) -> None:
    try:
        weigh(content)
    except NotReadable:
        return
    raise SystemExit("bench refusing: the bomb was taken")


def _packed(parts: dict[str, bytes]) -> bytes:
    held = BytesIO()
    with ZipFile(held, "w", ZIP_DEFLATED) as file:
        for name, content in {"xl/workbook.xml": b"<workbook/>", **parts}.items():
            file.writestr(name, content)
    return held.getvalue()


def _workbook(rows: Iterable[tuple[object, ...]]) -> bytes:
    held = BytesIO()
    with xlsxwriter.Workbook(held) as book:
        sheet = book.add_worksheet("装备")
        sheet.write_row(1, 0, [f"{MARK}token", *COLUMNS[1:]])
        for place, row in enumerate(rows, start=4):
            sheet.write_row(place, 0, row)
    return held.getvalue()
