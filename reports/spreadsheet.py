"""Workbooks as they are written: the only file that knows XlsxWriter. Whatever is said stays text, never a formula."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from io import BytesIO
from itertools import groupby
from math import ceil, inf
from typing import Any, TypeAlias, cast
from unicodedata import east_asian_width

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

# Whatever is typed stays text, also where it begins like a formula, a number or an address.
AS_TEXT = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
A4 = 9
CHINESE_LINE, LATIN_LINE = 1.5, 1.3  # times the size of the letters
LINE, HIGHEST = 17.5, 409  # points: a row is at least so high, and no program draws a higher one
LONGEST_NAME = 31  # characters of the name of a sheet
LONGEST_MESSAGE, LONGEST_TITLE, LONGEST_FOOTER = 255, 32, 200  # characters

Content: TypeAlias = str | int | float | date | None
Style: TypeAlias = Mapping[str, object]  # properties of a format, as XlsxWriter names them


@dataclass(frozen=True, slots=True)
class Rule:
    """What a cell takes, and what a person is told who stands on it or types something else."""

    takes: str  # "list", "integer", "decimal", "date", "length"
    words: tuple[str, ...] = ()  # of a list
    cells: str = ""  # of a list that stands elsewhere in the workbook
    least: int | float | date = 0
    most: int | float | date = 0
    title: str = ""
    help: str = ""
    fault: str = ""


class Spreadsheet:
    """One workbook in the making."""

    def __init__(self, title: str, made_at: datetime, font: str = "") -> None:
        self._held = BytesIO()
        of_all = {"default_format_properties": {"font_name": font, "font_size": 10}} if font else {}
        self._book = xlsxwriter.Workbook(self._held, {**AS_TEXT, **of_all})
        self._book.set_properties({"title": title, "created": made_at})
        self._formats: dict[tuple[tuple[str, object], ...], Format] = {}
        self._sheets: list[Sheet] = []

    def sheet(self, name: str, widths: Sequence[float], hidden: bool = False) -> Sheet:
        """Add a sheet for printing on A4 across, with the widths of its columns in characters."""
        sheet = Sheet(self, self._book.add_worksheet(name), widths)
        if hidden:
            sheet.page.hide()
        self._sheets.append(sheet)
        return sheet

    def format(self, style: Style) -> Format:
        """Return the format of a style; one for all cells that look alike."""
        key = tuple(sorted(style.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(dict(style))
        return self._formats[key]

    def content(self) -> bytes:
        """Return the .xlsx. Nothing can be added afterwards."""
        for sheet in self._sheets:
            sheet.finish()
        self._book.close()
        return self._held.getvalue()


class Sheet:
    """One sheet: cells by row and column, both counted from 0."""

    def __init__(self, book: Spreadsheet, page: Worksheet, widths: Sequence[float]) -> None:
        self.book, self.page, self.widths = book, page, widths
        self._heights: dict[int, float] = {}
        self._rules: dict[Rule, list[tuple[int, int]]] = {}
        page.set_landscape()
        page.set_paper(A4)
        page.fit_to_pages(1, 0)
        page.set_default_row(LINE)
        for column, width in enumerate(widths):
            page.set_column(column, column, width or None, None, {"hidden": not width})

    def write(self, row: int, column: int, content: Content, style: Style) -> None:
        """Fill a cell: text stays text, numbers and days can be computed with, nothing leaves it blank."""
        if content is None:
            self.page.write_blank(row, column, None, self.book.format(style))
        elif isinstance(content, str):
            self._text(row, column, content, style)
        elif isinstance(content, date):
            moment = datetime.combine(content, time())
            self.page.write_datetime(row, column, moment, self.book.format({"num_format": "yyyy-mm-dd", **style}))
        else:
            self.page.write_number(row, column, content, self.book.format(style))

    def _text(self, row: int, column: int, words: str, style: Style) -> None:
        # The quote in front keeps a spreadsheet from computing the cell once somebody edits it.
        quoted = {**style, "quote_prefix": True} if words.startswith(FORMULA_STARTS) else style
        self.page.write_string(row, column, words, self.book.format(quoted))
        self._heights[row] = max(self._heights.get(row, 0), height_of(words, self.widths[column], style))

    def compute(self, row: int, column: int, formula: str, now: str | float, style: Style) -> None:
        """Let a cell compute itself; `now` is what it gives as long as nobody changes anything."""
        self.page.write_formula(row, column, formula, self.book.format(style), now)
        if isinstance(now, str):
            self._heights[row] = max(self._heights.get(row, 0), height_of(now, self.widths[column], style))

    def add_up(self, row: int, column: int, first: int, now: int, style: Style) -> None:
        """Let a cell add up those above it, from the row `first` on; `now` is their sum."""
        area = f"{xl_rowcol_to_cell(first, column)}:{xl_rowcol_to_cell(row - 1, column)}"
        self.compute(row, column, f"=SUM({area})", now, style)

    def link(self, row: int, column: int, to: str, cell: tuple[int, int], words: str, style: Style) -> None:
        """Lead from a cell to another one on the sheet called `to`."""
        address = f"internal:'{to}'!{xl_rowcol_to_cell(*cell)}"
        self.page.write_url(row, column, address, self.book.format(style), words)

    def take(self, row: int, column: int, rule: Rule) -> None:
        """Let a cell take only what a rule allows."""
        self._rules.setdefault(rule, []).append((row, column))

    def finish(self) -> None:
        """Give each row the height of its text, and write each rule once for all its cells: the file stays small."""
        for row, height in self._heights.items():
            if height > LINE:
                self.page.set_row(row, height)
        for rule, cells in self._rules.items():
            first, *others = _ranges(cells)
            self.page.data_validation(*first, {**_options(rule), "other_cells": others})

    def warn(self, first: tuple[int, int], last: tuple[int, int], formula: str, style: Style) -> None:
        """Mark the cells of an area for which a formula, written for its first cell, is true."""
        rule = {"type": "formula", "criteria": formula, "format": self.book.format(style)}
        self.page.conditional_format(*first, *last, rule)

    def calm(self, first: tuple[int, int], last: tuple[int, int]) -> None:
        """Say that numbers written as text are meant so, lest each gets a mark in its corner."""
        area = f"{xl_rowcol_to_cell(*first)}:{xl_rowcol_to_cell(*last)}"
        self.page.ignore_errors({"number_stored_as_text": area})

    def freeze(self, rows: int, columns: int = 0) -> None:
        """Keep the first rows and columns in sight."""
        self.page.freeze_panes(rows, columns)

    def sift(self, rows: int, columns: int) -> None:
        """Let people sort and choose among so many rows below the first."""
        self.page.autofilter(0, 0, rows, columns - 1)

    def head(self, rows: int) -> None:
        """Keep the rows above in sight and repeat the last of them on each printed page."""
        self.freeze(rows)
        self.page.repeat_rows(rows - 1)

    def hide_row(self, row: int) -> None:
        """Keep a row out of sight and off the paper."""
        self.page.set_row(row, None, None, {"hidden": True})
        self._heights.pop(row, None)

    def foot(self, title: str) -> None:
        """Print a title and the number of the page below each page."""
        self.page.set_footer(f"&L&8{title.replace('&', '&&')[:LONGEST_FOOTER]}&R&8&P / &N")

    def protect(self) -> None:
        """Lock every cell but those whose style says otherwise. No password: it guards against slips, not people."""
        self.page.protect("", {"format_cells": True, "format_rows": True})
        self.page.hide_gridlines(2)


def address(row: int, column: int) -> str:
    """Return the name of a cell, as A1."""
    return str(xl_rowcol_to_cell(row, column))


def height_of(words: str, width: float, style: Style) -> float:
    """Return the height in points that a text needs in a column so wide.

    Said and not left to the program: some open a row without a height at one line and hide the rest.
    """
    size = cast(float, style.get("font_size", 10))
    room = max(width - 1, 1) if style.get("text_wrap") else inf
    lines = sum(max(1, ceil(_length(line, size) / room)) for line in words.split("\n"))
    return min(round(lines * size * (CHINESE_LINE if _square_letters(words) else LATIN_LINE) + 2, 1), HIGHEST)


@lru_cache(maxsize=4096)
def _length(words: str, size: float) -> float:
    """Return how many columns of one digit a line takes; Chinese letters are square, others about half as wide."""
    square = _square_letters(words)
    return (square + 0.52 * (len(words) - square)) * size * 0.192


def _square_letters(words: str) -> int:
    """Count the letters that are as wide as high; quotes and dots are so only in Chinese."""
    widths = [east_asian_width(letter) for letter in words]
    chinese = widths.count("W") + widths.count("F")
    return chinese + widths.count("A") if chinese else 0


def _ranges(cells: Iterable[tuple[int, int]]) -> Iterator[list[int]]:
    """Yield cells that stand under each other as one area: first row, first column, last row, last column."""
    by_column = sorted(cells, key=lambda cell: (cell[1], cell[0]))
    for (column, _step), run in groupby(enumerate(by_column), key=lambda one: (one[1][1], one[1][0] - one[0])):
        rows = [cell[0] for _place, cell in run]
        yield [rows[0], column, rows[-1], column]


def _options(rule: Rule) -> dict[str, Any]:
    texts = {"input_title": rule.title, "error_title": rule.title}
    messages = {"input_message": rule.help, "error_message": rule.fault or rule.help}
    told = {name: words[:LONGEST_TITLE] for name, words in texts.items() if words}
    told |= {name: words[:LONGEST_MESSAGE] for name, words in messages.items() if words}
    if rule.takes == "list":
        return {"validate": "list", "source": list(rule.words) or f"={rule.cells}", **told}
    return {"validate": rule.takes, "criteria": "between", "minimum": rule.least, "maximum": rule.most, **told}
