"""The board as a workbook: a summary, one sheet a target, and the rule by which it was counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.presentation import district, text
from app.programme.board import Board, Row
from app.programme.counted import COUNTED, OTHERS, Counted, Listed, listed, system_name
from reports.spreadsheet import LONGEST_NAME, Sheet, Spreadsheet, Style

HEAD: Style = {"bold": True, "bg_color": "#d9e8f3", "bottom": 1, "text_wrap": True, "valign": "top"}
TITLE: Style = {"bold": True, "font_size": 14}
PLAIN: Style = {"text_wrap": True, "valign": "top"}
DAY: Style = {"align": "left", "valign": "top"}
NUMBER: Style = {"num_format": "0", "valign": "top"}
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
    sheets = _Sheets(Spreadsheet(text(board.plan.title), datetime.combine(board.day, time(), UTC)))
    sheets.summary(board)
    for card in board.cards:
        lists = (*listed(counted, card.id, COUNTED), *listed(counted, card.id, OTHERS))
        sheets.targets(card.title, lists)
    sheets.rule(board)
    return sheets.book.content()


class _Sheets:
    """Writes the sheets of one workbook with the same few styles."""

    def __init__(self, book: Spreadsheet) -> None:
        self.book = book

    def summary(self, board: Board) -> None:
        sheet = self._sheet(_("汇总"), (30, 16, 16, 16, 16))
        sheet.write(0, 0, text(board.plan.title), TITLE)
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
        sheet.freeze(1, 2)
        self._line(sheet, 0, [str(name) for name, _width in LIST_COLUMNS], HEAD)
        for number, one in enumerate(rows, start=1):
            self._line(sheet, number, _cells(one))
        if rows:
            sheet.sift(len(rows), len(LIST_COLUMNS))

    def rule(self, board: Board) -> None:
        """Write how it was counted, since when that holds, and how sure it is."""
        sheet = self._sheet(_("口径"), (30, 30, 14, 50, 30))
        sheet.freeze(1)
        self._line(sheet, 0, [_("项目"), _("规定"), _("自"), _("依据"), _("可信程度")], HEAD)
        for number, row in enumerate(board.rule, start=1):
            self._line(sheet, number, [row.what, row.how, row.since or "", row.basis, row.sure])

    def _sheet(self, name: str, widths: Sequence[int]) -> Sheet:
        sheet = self.book.sheet(name, widths)
        if name == _("汇总"):
            sheet.freeze(1)
        return sheet

    def _table(self, sheet: Sheet, row: int, head: Sequence[str], lines: Iterable[Sequence[object]]) -> int:
        self._line(sheet, row, head, HEAD)
        for line in lines:
            row += 1
            self._line(sheet, row, line)
        return row + 1

    def _line(self, sheet: Sheet, row: int, cells: Sequence[object], style: Style | None = None) -> None:
        for column, cell in enumerate(cells):
            if isinstance(cell, int):
                sheet.write(row, column, cell, style or NUMBER)
            elif isinstance(cell, date):
                sheet.write(row, column, cell, DAY)
            else:
                sheet.write(row, column, str(cell), style or PLAIN)


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
    end = whole[-LONGEST_NAME:]
    return end if end == whole else end.partition(" ")[2] or end  # from the first whole word on
