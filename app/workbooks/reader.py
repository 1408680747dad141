"""The sheets of a workbook that ask our questions, row by row as they were filled: only this file knows openpyxl."""

from __future__ import annotations

import re
import warnings
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from io import BytesIO
from itertools import accumulate, islice
from threading import Lock
from typing import Any, TypeAlias, cast

from openpyxl import load_workbook
from openpyxl.utils.cell import get_column_letter, range_boundaries
from openpyxl.utils.datetime import MAC_EPOCH

from app.workbooks.archive import NotReadable, Part, damaged, weigh
from app.workbooks.cells import Cell, unescaped
from app.workbooks.origin import MARK
from app.workbooks.question_sheet import COLUMNS
from reports.spreadsheet import LONGEST_NAME

Row: TypeAlias = tuple[Any, ...]  # cells of openpyxl
MOST_ROWS = 20_000  # of one sheet that are read
MOST_COLUMNS = 40
ROWS_ABOVE = 30  # in which the hidden codes are looked for
_ASKED = ("answer", "unknown", "absent")
_NEEDED = frozenset({"key", *_ASKED})
_one_at_a_time = Lock()  # so that memory stays within bounds, and because the filter of warnings is the process's
_QUOTED = re.compile(r'"[^"]*"|\\.')


@dataclass(frozen=True, slots=True)
class FilledRow:
    """One row of a question, or of one of its options, as it came back."""

    number: int  # of the row, counted from 1
    key: str
    shown_number: str
    question: str
    cells: Mapping[str, Cell]  # "answer", "unknown", "absent"
    merged: bool


@dataclass(frozen=True, slots=True)
class FilledSheet:
    """One sheet of ours."""

    name: str
    token: str
    letters: Mapping[str, str]  # code of a column -> its letter
    rows: tuple[FilledRow, ...] = ()
    too_long: bool = False

    @property
    def asks(self) -> bool:
        """Tell whether it is a sheet with questions, and not the guide or the lists."""
        return len(self.letters) > 1

    @property
    def has_all_columns(self) -> bool:
        """Tell whether answers can be read from it."""
        return self.letters.keys() >= _NEEDED

    def place(self, row: FilledRow, code: str) -> str:
        """Return the address of a cell: F12."""
        return f"{self.letters[code]}{row.number}"


@dataclass(frozen=True, slots=True)
class FilledBook:
    """All sheets of a workbook: ours, and the names of the others."""

    sheets: tuple[FilledSheet, ...]
    others: tuple[str, ...]


def read_book(content: bytes) -> FilledBook:
    """Return what stands in a workbook. Raises NotReadable, with a sentence for the person."""
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl would lose if it wrote the file again
        parts = weigh(content)
        try:
            return _Reader(content, parts).read()
        except Exception as error:  # whatever a damaged file makes openpyxl stumble over
            raise NotReadable(damaged()) from error


class _Reader:
    """Reads one workbook, which was weighed before."""

    def __init__(self, content: bytes, parts: Mapping[str, Part]) -> None:
        self.content, self.parts = content, parts
        self.book = _open(content, results=True)
        self.from_1904 = self.book.epoch == MAC_EPOCH

    def read(self) -> FilledBook:
        found = [(sheet.title[:LONGEST_NAME], self._sheet(sheet)) for sheet in self.book.worksheets]
        ours = tuple(filled for _title, filled in found if filled is not None)
        return FilledBook(ours, tuple(title for title, filled in found if filled is None))

    def _sheet(self, sheet: Any) -> FilledSheet | None:
        rows = enumerate(_rows(sheet), start=1)
        head = next((row for _number, row in islice(rows, ROWS_ABOVE) if _token_at(row) is not None), None)
        if head is None:
            return None
        at = _columns(head)
        letters = {code: get_column_letter(place + 1) for code, place in at.items()}
        token = str(head[at["key"]].value)
        empty = FilledSheet(sheet.title[:LONGEST_NAME], token, letters)
        return self._filled(sheet, empty, at, rows) if empty.has_all_columns else empty

    def _filled(
        self, sheet: Any, empty: FilledSheet, at: Mapping[str, int], rows: Iterator[tuple[int, Row]]
    ) -> FilledSheet:
        part = self.parts.get(sheet._worksheet_path.lstrip("/"), Part((), computes=True))
        without_result = self._formulas(sheet.title) if part.computes else frozenset()
        merged = _merged_rows(part.merged, [at[code] + 1 for code in _ASKED])
        found, too_long = [], False
        for number, row in rows:
            cells = {code: self._cell(row[at[code]], (number, at[code]) in without_result) for code in _ASKED}
            key = _words(row, at, "key")
            if number > MOST_ROWS:
                too_long = bool(key) or not all(cell.blank for cell in cells.values())
            elif key or not all(cell.blank for cell in cells.values()):
                shown, question = _words(row, at, "number"), _words(row, at, "question")
                found.append(FilledRow(number, key, shown, question, cells, merged[number]))
        return replace(empty, rows=() if too_long else tuple(found), too_long=too_long)

    def _cell(self, cell: Any, is_formula: bool) -> Cell:
        value = cell.value
        if value is None:
            return Cell(fault="formula") if is_formula else Cell()
        if cell.data_type == "e":
            return Cell(value, fault="error")
        if isinstance(value, str):
            return Cell(unescaped(value))
        percent = isinstance(value, (int, float)) and "%" in _QUOTED.sub("", cell.number_format or "")
        return Cell(value, percent, from_1904=self.from_1904)

    def _formulas(self, title: str) -> frozenset[tuple[int, int]]:
        """Return where formulas stand: row counted from 1, column from 0."""
        rows = enumerate(_rows(self._as_written[title]), start=1)
        return frozenset(
            (number, place)
            for number, row in rows
            for place, cell in enumerate(row)
            if cell.value is not None and cell.data_type == "f"
        )

    @cached_property
    def _as_written(self) -> Any:
        return _open(self.content, results=False)


def _open(content: bytes, results: bool) -> Any:
    return load_workbook(BytesIO(content), read_only=True, data_only=results, keep_links=False)


def _rows(sheet: Any) -> Iterator[Row]:
    """Yield the first rows, each as wide as all; no further than that, whatever the sheet says of its size."""
    yield from sheet.iter_rows(min_row=1, max_row=MOST_ROWS + 1, min_col=1, max_col=MOST_COLUMNS)


def _token_at(row: Row) -> int | None:
    return next(
        (at for at, cell in enumerate(row) if isinstance(cell.value, str) and cell.value.startswith(MARK)), None
    )


def _columns(head: Row) -> dict[str, int]:
    """Return code -> column, counted from 0, from the hidden row."""
    codes = {cell.value: at for at, cell in enumerate(head) if cell.value in COLUMNS[1:]}
    return codes | {"key": cast(int, _token_at(head))}


def _words(row: Row, at: Mapping[str, int], code: str) -> str:
    value = row[at[code]].value if code in at else None
    return "" if value is None else unescaped(str(value)).strip()


def _merged_rows(areas: Iterable[str], columns: Collection[int]) -> list[bool]:
    """Return for each row, counted from 1, whether one of its answer cells was merged with another cell."""
    begins = [0] * (MOST_ROWS + 3)
    for area in areas:
        left, top, right, bottom = range_boundaries(area)
        if top <= MOST_ROWS and any(left <= column <= right for column in columns):
            begins[top] += 1
            begins[min(bottom, MOST_ROWS + 1) + 1] -= 1
    return [depth > 0 for depth in accumulate(begins)]
