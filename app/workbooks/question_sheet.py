"""One section of the questionnaire on its sheet: hidden keys, questions, and the three cells of each answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext as _

from app.diagnosis.draft import Said
from app.presentation import text
from app.workbooks import cells, layout
from app.workbooks.cells import TICK
from questionnaires.answers import EntryState, from_text
from questionnaires.model import Fact, FactKind, Option
from questionnaires.values import DEGREES, LONGEST_TEXT, NO, YES, show_number
from reports.spreadsheet import Content, Rule, Sheet, Style

# The columns of every sheet with questions, by the code that stands hidden above each.
COLUMNS = ("key", "number", "question", "help", "unit", "answer", "unknown", "absent")
KEY, NUMBER, QUESTION, HELP, UNIT, ANSWER, UNKNOWN, ABSENT = range(len(COLUMNS))
WIDTHS = (0, 8, 42, 48, 11, 26, 9, 26)
HEAD_KEY = "head"  # of the row that names the columns
OPTION_MARK = "="  # between a fact and one of its options in a key
TITLE_ROW, CODE_ROW, LEAD_ROW, HEAD_ROW = range(4)
FIRST_ROW = HEAD_ROW + 1
LONGEST_REASON = 500  # characters

_TOP: Style = {"valign": "top", "text_wrap": True}
TITLE: Style = {"bold": True, "font_size": 16, "font_color": "#16242f"}
NOTE: Style = {"font_color": "#51616f", "font_size": 9}
HEAD: Style = {**_TOP, "bold": True, "bg_color": "#d9e8f3", "bottom": 1, "bottom_color": "#0b5a8f"}
SUBJECT: Style = {"bold": True, "font_size": 13, "font_color": "#0b5a8f", "bottom": 2, "bottom_color": "#0b5a8f"}
PAGE: Style = {**_TOP, "bold": True, "bg_color": "#f4f6f8", "bottom": 1, "bottom_color": "#d5dde4"}
PAGE_NOTE: Style = {**PAGE, "bold": False, "font_color": "#51616f", "font_size": 9}
PLAIN: Style = {**_TOP, "bottom": 1, "bottom_color": "#d5dde4"}
SMALL: Style = {**PLAIN, "font_color": "#51616f", "font_size": 9}
OPTION: Style = {**PLAIN, "align": "left", "indent": 2}
_BOX: Style = {**_TOP, "border": 1, "border_color": "#72808d", "bg_color": "#eef5fa"}
OPEN: Style = {**_BOX, "locked": False}
OPEN_TEXT: Style = {**OPEN, "num_format": "@"}
OPEN_DAY: Style = {**OPEN, "num_format": "yyyy-mm-dd", "align": "left"}
OPEN_TICK: Style = {**OPEN, "align": "center"}
COUNTED: Style = {**PLAIN, "font_color": "#51616f"}
CLOSED: Style = {**PLAIN, "bg_color": "#f4f6f8"}
TWICE: Style = {"bg_color": "#fbe9df", "font_color": "#b8470f"}
HIDDEN: Style = {"font_color": "#51616f", "font_size": 8}


@dataclass(frozen=True, slots=True)
class Span:
    """Where one block came to stand: what the guide counts."""

    sheet: str
    title: str
    first: int  # row, counted from 0
    last: int
    asked: int
    answered: int


def key_of(subject_key: str, name: str, option: str = "") -> str:
    """Return what stands hidden before a row: whose fact it is, and which option."""
    return f"{subject_key} {name}{OPTION_MARK if option else ''}{option}"


class QuestionSheet:
    """Writes the rows of one sheet from the top."""

    def __init__(self, sheet: Sheet, laid_out: layout.Sheet, token: str, listed_at: Mapping[str, str]) -> None:
        self.sheet, self.laid_out, self.token, self.listed_at = sheet, laid_out, token, listed_at
        self.row = FIRST_ROW

    def write(self, firm: str) -> list[Span]:
        """Write everything and return where each block came to stand."""
        self._head(firm)
        spans = [self._block(block) for block in self.laid_out.blocks]
        twice = f'=(($F{FIRST_ROW + 1}<>"")+($G{FIRST_ROW + 1}<>"")+($H{FIRST_ROW + 1}<>""))>1'
        last = max(self.row - 1, FIRST_ROW)
        self.sheet.warn((FIRST_ROW, ANSWER), (last, ABSENT), twice, TWICE)
        self.sheet.calm((FIRST_ROW, NUMBER), (last, ABSENT))
        self.sheet.protect()
        return spans

    def _head(self, firm: str) -> None:
        self.sheet.write(TITLE_ROW, NUMBER, self.laid_out.title, TITLE)
        self.sheet.write(LEAD_ROW, NUMBER, _("只填浅色格子；每题只填“回答”“不清楚”“不适用的理由”中的一处。"), NOTE)
        for column, code in enumerate(COLUMNS):
            self.sheet.write(CODE_ROW, column, code if column else self.token, HIDDEN)
        self.sheet.hide_row(CODE_ROW)
        names = (_("编号"), _("问题"), _("说明"), _("单位"), _("回答"), _("不清楚"), _("不适用的理由"))
        self.sheet.write(HEAD_ROW, KEY, HEAD_KEY, HIDDEN)
        for column, name in enumerate(names, start=NUMBER):
            self.sheet.write(HEAD_ROW, column, name, HEAD)
        self.sheet.head(FIRST_ROW)
        self.sheet.foot(f"{firm} · {self.laid_out.title}")

    def _block(self, block: layout.Block) -> Span:
        if block.title:
            self._line(("", block.title), SUBJECT)
        first, rows = self.row, [part for part in block.parts if isinstance(part, layout.Row)]
        for part in block.parts:
            if isinstance(part, layout.Heading):
                self._page(part)
            else:
                self._question(part)
        answered = sum(row.said.state != EntryState.BLANK for row in rows)
        return Span(self.laid_out.name, block.title, first, self.row - 1, len(rows), answered)

    def _line(self, words: tuple[str, ...], style: Style) -> None:
        for column in range(NUMBER, len(COLUMNS)):
            said = words[column - NUMBER] if column - NUMBER < len(words) else ""
            self.sheet.write(self.row, column, said or None, style)
        self.row += 1

    def _page(self, heading: layout.Heading) -> None:
        notes = "\n".join(heading.notes)
        self._line(("", heading.title), PAGE)
        self.sheet.write(self.row - 1, HELP, notes or None, PAGE_NOTE)

    # --- one question -------------------------------------------------------------------------------------------------

    def _question(self, row: layout.Row) -> None:
        several = row.fact is not None and row.fact.kind is FactKind.CHOICES
        at = self.row
        self._words(key_of(row.subject_key, row.name), (row.number, row.question, row.help, row.unit))
        self._aside(at, row)
        if row.fact is None:
            self._reason(at, ANSWER, row.said)
        elif several:
            self._options(at, row, row.fact)
        else:
            self._answer(at, row.fact, cells.answer_cell(row.fact, row.said))

    def _words(self, key: str, words: tuple[str, ...]) -> None:
        self.sheet.write(self.row, KEY, key, HIDDEN)
        for column, said, style in zip(
            (NUMBER, QUESTION, HELP, UNIT), words, (SMALL, PLAIN, SMALL, SMALL), strict=True
        ):
            self.sheet.write(self.row, column, said or None, style)
        self.row += 1

    def _answer(self, at: int, fact: Fact, content: Content) -> None:
        style = OPEN_TEXT if isinstance(content, str) and fact.kind is FactKind.NUMBER else _STYLES.get(fact.kind, OPEN)
        self.sheet.write(at, ANSWER, content, style)
        if rule := self._rule(fact):
            self.sheet.take(at, ANSWER, rule)

    def _aside(self, at: int, row: layout.Row) -> None:
        """Write the two cells beside the answer, closed where they may not be used."""
        unknown = row.said.state == EntryState.UNKNOWN
        if row.fact is None:
            self.sheet.write(at, UNKNOWN, None, CLOSED)
        else:
            self.sheet.write(at, UNKNOWN, TICK if unknown else None, OPEN_TICK)
            self.sheet.take(at, UNKNOWN, Rule("list", (TICK,)))
        if row.may_not_apply or row.said.state == EntryState.NOT_APPLICABLE:
            self._reason(at, ABSENT, row.said if row.said.state == EntryState.NOT_APPLICABLE else None)
        else:
            self.sheet.write(at, ABSENT, None, CLOSED)

    def _reason(self, at: int, column: int, said: Said | None) -> None:
        reason = said.reason if said else None
        self.sheet.write(at, column, cells.text_cell(reason) if reason else None, OPEN_TEXT)
        help_ = _("写明理由，不超过 %(most)s 字。", most=LONGEST_REASON)
        self.sheet.take(at, column, Rule("length", most=LONGEST_REASON, help=help_))

    def _options(self, at: int, row: layout.Row, fact: Fact) -> None:
        """Write a row for each option below the question, and count the ticks beside the question."""
        chosen = _chosen(fact, row)
        for option in (one for one in fact.options if not one.retired or one.code in chosen):
            self._option(row, option, option.code in chosen)
        ticks = f'COUNTIF(F{at + 2}:F{self.row},"{TICK}")'
        before, _count, after = _("已选 %(count)s 项", count="|").partition("|")
        formula = f'=IF({ticks}=0,"",CONCATENATE("{before}",{ticks},"{after}"))'
        self.sheet.compute(at, ANSWER, formula, f"{before}{len(chosen)}{after}" if chosen else "", COUNTED)

    def _option(self, row: layout.Row, option: Option, chosen: bool) -> None:
        at = self.row
        self._line(("", text(option.text)), OPTION)
        self.sheet.write(at, KEY, key_of(row.subject_key, row.name, option.code), HIDDEN)
        self.sheet.write(at, ANSWER, TICK if chosen else None, OPEN_TICK)
        self.sheet.take(at, ANSWER, Rule("list", (TICK,)))

    # --- what a cell takes --------------------------------------------------------------------------------------------

    def _rule(self, fact: Fact) -> Rule | None:
        if fact.kind is FactKind.PRACTICE:
            return Rule("list", tuple(map(text, DEGREES.values())), fault=_("请从下拉列表中选一项。"))
        if fact.kind is FactKind.YES_NO:
            return Rule("list", (text(YES), text(NO)), fault=_("请从下拉列表中选一项。"))
        if fact.kind is FactKind.CHOICE:
            return Rule("list", cells=self.listed_at[fact.id], fault=_("请从下拉列表中选一项。"))
        if fact.kind is FactKind.DATE:
            said = _("填一个日期，例如 2026-10-31。")
            return Rule("date", least=date(1900, 1, 1), most=date(2100, 12, 31), title=text(fact.label), help=said)
        if fact.kind is FactKind.NUMBER:
            return _number_rule(fact)
        return Rule("length", most=LONGEST_TEXT, fault=_("不超过 %(most)s 字。", most=LONGEST_TEXT))


_STYLES: Mapping[FactKind, Style] = {FactKind.TEXT: OPEN_TEXT, FactKind.DATE: OPEN_DAY}


def _chosen(fact: Fact, row: layout.Row) -> tuple[str, ...]:
    if row.said.state != EntryState.STATED:
        return ()
    value = from_text(fact, row.said.value or "")
    return value if isinstance(value, tuple) else ()


def _number_rule(fact: Fact) -> Rule | None:
    if fact.min is None or fact.max is None:
        return None
    show = str if fact.format == "year" else show_number
    least, most, unit = show(fact.min), show(fact.max), text(fact.unit)
    said = (
        _("填 %(least)s 到 %(most)s 之间的整数，单位：%(unit)s。", least=least, most=most, unit=unit)
        if fact.whole
        else _("填 %(least)s 到 %(most)s 之间的数，单位：%(unit)s。", least=least, most=most, unit=unit)
    )
    more = _("只写数，不写单位，也不写“约”。不清楚的在右边选 √。")
    takes = "integer" if fact.whole else "decimal"
    help_ = f"{said}\n{more}"
    in_range = Rule(takes, title=text(fact.label), help=help_, fault=said)
    if fact.whole:
        return replace(in_range, least=int(fact.min), most=int(fact.max))
    return replace(in_range, least=float(fact.min), most=float(fact.max))
