"""The board as a workbook: a summary, one sheet a target, and the rule by which it was counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from io import BytesIO

import xlsxwriter
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from app.presentation import district, text
from app.programme.board import Board, Row
from app.programme.counted import COUNTED, OTHERS, Counted, Listed, listed, system_name

# Whatever is typed stays text, also where it begins like a formula, a number or an address.
AS_TEXT = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
LONGEST_SHEET_NAME = 31  # characters
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
LIST_COLUMNS = (
    (_l("是否计入"), 10),
    (_l("企业名称"), 34),
    (_l("统一社会信用代码"), 22),
    (_l("车间或工厂"), 30),
    (_l("区县"), 14),
    (_l("系统"), 26),
    (_l("状态"), 20),
    (_l("日期"), 12),
    (_l("文件"), 34),
    (_l("发文单位"), 22),
    (_l("名单网址"), 30),
    (_l("计入或不计入的理由"), 44),
)


def workbook(board: Board, counted: Counted) -> bytes:
    """Return the .xlsx with the same numbers as the board, under the same filters."""
    held = BytesIO()
    with xlsxwriter.Workbook(held, AS_TEXT) as book:
        book.set_properties({"title": text(board.plan.title), "created": datetime.combine(board.day, time(), UTC)})
        sheets = _Sheets(book)
        sheets.summary(board)
        for card in board.cards:
            lists = (*listed(counted, card.id, COUNTED), *listed(counted, card.id, OTHERS))
            sheets.targets(card.title, lists)
        sheets.rule(board)
    return held.getvalue()


class _Sheets:
    """Writes the sheets of one workbook with the same few formats."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.head = book.add_format(
            {"bold": True, "bg_color": "#d9e8f3", "bottom": 1, "text_wrap": True, "valign": "top"}
        )
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.plain = book.add_format({"text_wrap": True, "valign": "top"})
        self.quoted = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
        self.day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"})
        self.number = book.add_format({"num_format": "0", "valign": "top"})

    def summary(self, board: Board) -> None:
        sheet = self._sheet(_("汇总"), (30, 16, 16, 16, 16))
        self._text(sheet, 0, 0, text(board.plan.title), self.title)
        for row, (name, said) in enumerate(_conditions(board), start=1):
            self._line(sheet, row, [name, said])
        row = 6
        row = self._table(sheet, row, [_("目标"), _("已计入"), _("目标数"), _("未计入"), _("单位")], _targets(board))
        titles = [card.title for card in board.cards]
        for name, rows in ((_("区县"), board.districts), (_("系统"), board.systems), (_("年度"), board.years)):
            row = self._table(sheet, row + 1, [name, *titles], _numbers(rows))
        row = self._table(
            sheet, row + 1, [_("转型升级状态"), _("企业数")], [[name, n] for _key, name, n in board.steps]
        )

    def targets(self, title: str, rows: Sequence[Listed]) -> None:
        """Write one target: what counts first, then what does not, each with the reason."""
        sheet = self._sheet(_sheet_name(title), tuple(width for _name, width in LIST_COLUMNS))
        sheet.freeze_panes(1, 2)
        self._line(sheet, 0, [str(name) for name, _width in LIST_COLUMNS], self.head)
        for number, one in enumerate(rows, start=1):
            self._line(sheet, number, _cells(one))
        if rows:
            sheet.autofilter(0, 0, len(rows), len(LIST_COLUMNS) - 1)

    def rule(self, board: Board) -> None:
        """Write how it was counted, since when that holds, and how sure it is."""
        sheet = self._sheet(_("口径"), (30, 30, 14, 50, 30))
        sheet.freeze_panes(1, 0)
        self._line(sheet, 0, [_("项目"), _("规定"), _("自"), _("依据"), _("可信程度")], self.head)
        for number, row in enumerate(board.rule, start=1):
            self._line(sheet, number, [row.what, row.how, row.since or "", row.basis, row.sure])

    def _sheet(self, name: str, widths: Sequence[int]) -> Worksheet:
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        if name == _("汇总"):
            sheet.freeze_panes(1, 0)
        return sheet

    def _table(self, sheet: Worksheet, row: int, head: Sequence[str], lines: Iterable[Sequence[object]]) -> int:
        self._line(sheet, row, head, self.head)
        for line in lines:
            row += 1
            self._line(sheet, row, line)
        return row + 1

    def _line(self, sheet: Worksheet, row: int, cells: Sequence[object], style: object = None) -> None:
        for column, cell in enumerate(cells):
            if isinstance(cell, int):
                sheet.write_number(row, column, cell, style or self.number)
            elif hasattr(cell, "year"):
                sheet.write_datetime(row, column, datetime.combine(cell, time()), self.day)  # type: ignore[arg-type]
            else:
                self._text(sheet, row, column, str(cell), style)

    def _text(self, sheet: Worksheet, row: int, column: int, said: str, style: object = None) -> None:
        # The quote in front keeps a spreadsheet from computing the cell once somebody edits it.
        plain = self.quoted if said.startswith(FORMULA_STARTS) else self.plain
        sheet.write_string(row, column, said, style or plain)


def _conditions(board: Board) -> Iterable[tuple[str, str]]:
    filters = board.filters
    yield _("统计日"), board.day.isoformat()
    yield _("区县"), district(filters.district) if filters.district else _("全部")
    yield _("系统"), system_name(filters.system) if filters.system else _("全部")
    yield _("年度"), str(filters.year) if filters.year else _("全部")


def _targets(board: Board) -> Iterable[list[object]]:
    for card in board.cards:
        yield [card.title, card.number, card.target, card.others, card.unit]


def _numbers(rows: Iterable[Row]) -> Iterable[list[object]]:
    for row in rows:
        yield [row.name, *row.numbers]


def _cells(one: Listed) -> list[object]:
    counts = _("是") if one.counts else _("否")
    return [counts, one.firm_name, one.firm_uscc, one.unit, district(one.district), one.systems, one.state, one.day,
            one.document, one.issuer, one.list_where, one.why]  # fmt: skip


def _sheet_name(title: str) -> str:
    """Return the end of a title, which tells the targets apart, without what a sheet name may not hold."""
    whole = "".join(letter for letter in title if letter not in "[]:*?/\\'")
    end = whole[-LONGEST_SHEET_NAME:]
    return end if end == whole else end.partition(" ")[2] or end  # from the first whole word on
