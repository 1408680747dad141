"""One answer as it stands in the cells of a row, and what a cell means when it comes back.

A cell keeps 15 digits of a number and no control characters of a text; what does not fit stays as it was said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import lru_cache
from math import inf

from flask_babel import gettext as _

from app.diagnosis.draft import Said
from app.diagnosis.form_builder import NOT_APPLICABLE, UNKNOWN
from app.presentation import text
from questionnaires.answers import EntryState, from_text
from questionnaires.model import Degree, Fact, FactKind, Text, Value
from questionnaires.values import DEGREES, NO, YES, decimal_text
from reports.spreadsheet import Content

DIGITS = 15  # that every spreadsheet keeps of a number
TICK = "√"
_TICKS = frozenset({TICK, "✓", "✔", "☑"})
_TICKED = _TICKS | {"v", "1", "是", "yes", "y", "true"}
_NOT_TICKED = frozenset({"", "否", "no", "n", "0", "false", "—", "-"})
_UNKNOWN_WORDS = frozenset({"不清楚", "notknown"})
_FIRST_DAY, _FIRST_DAY_1904 = date(1899, 12, 30), date(1904, 1, 1)  # on which the days of a spreadsheet are counted
_LAST_DAY = 73_415  # 2100-12-31


class CellFault(ValueError):
    """A cell that says nothing we can read; its text is for the person."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell of a file holds, and what a spreadsheet knows about it besides."""

    value: object = None  # text, number, yes or no, day or moment
    percent: bool = False  # a number shown as a percentage
    fault: str = ""  # "error" for #DIV/0! and its kin, "formula" for one without a result
    from_1904: bool = False  # the workbook counts days from 1904

    @property
    def blank(self) -> bool:
        """Tell whether nothing stands in it."""
        return not self.fault and plain(self.value) == ""


def plain(value: object) -> str:
    """Return a value as one word without spaces and capitals, to be looked up."""
    return "" if value is None else "".join(str(value).split()).casefold()


# --- into the cells ---------------------------------------------------------------------------------------------------


def answer_cell(fact: Fact, said: Said) -> Content:
    """Return what stands in the answer cell of a fact that takes one answer; nothing where there is none."""
    if said.state != EntryState.STATED:
        return None
    return _shown(fact, from_text(fact, said.value or ""))


def _shown(fact: Fact, value: Value) -> Content:
    if isinstance(value, bool):
        return text(YES if value else NO)
    if isinstance(value, Fraction):
        return number_cell(value)
    if isinstance(value, date):
        return value
    if fact.kind is FactKind.PRACTICE:
        return text(DEGREES[Degree(str(value))])
    if fact.kind is FactKind.CHOICE:
        return text(next((one.text for one in fact.options if one.code == value), Text(str(value), str(value))))
    return text_cell(str(value))


def number_cell(value: Fraction) -> int | float | str:
    """Return a number as a spreadsheet keeps it exactly, else its digits as text."""
    digits = decimal_text(value)
    if digits is None or len(digits.lstrip("-").replace(".", "").strip("0")) > DIGITS:
        return digits or str(value)
    return int(value) if value.denominator == 1 and abs(value) < 10**DIGITS else float(value)


def text_cell(words: str) -> str:
    """Return a text as a cell can hold it: line ends alike, without other control characters."""
    one_kind_of_end = words.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(" " if _is_control(letter) else letter for letter in one_kind_of_end).strip()


def _is_control(letter: str) -> bool:
    return letter not in "\n\t" and (letter < " " or "\x7f" <= letter <= "\x9f" or letter in "\u2028\u2029")


def alike(fact: Fact | None, mine: Said, kept: Said) -> bool:
    """Tell whether cells that say `mine` say the same as what is kept, as far as cells can."""
    if mine.state != kept.state:
        return False
    if mine.state == EntryState.NOT_APPLICABLE or fact is None:
        return text_cell(mine.reason or "") == text_cell(kept.reason or "")
    if mine.state == EntryState.STATED and fact.kind is FactKind.TEXT:
        return text_cell(str(from_text(fact, mine.value or ""))) == text_cell(str(from_text(fact, kept.value or "")))
    return mine.value == kept.value


# --- out of the cells -------------------------------------------------------------------------------------------------


def typed_in(fact: Fact, cell: Cell) -> str:
    """Return what an answer cell says, as the form of the page would post it. Raises CellFault."""
    value = written_in(cell)
    if isinstance(value, str):
        return UNKNOWN if plain(value) in _UNKNOWN_WORDS else _code(fact, value)
    if isinstance(value, (datetime, date, time, timedelta)):
        return _day(fact, value)
    if isinstance(value, bool):
        return str(value).lower()
    return _number(fact, value, cell) if isinstance(value, (int, float)) else ""


def written_in(cell: Cell) -> object:
    """Return the value of a cell. Raises CellFault when a spreadsheet itself found no value."""
    if cell.fault == "error" or cell.value in (inf, -inf):
        raise CellFault(_("单元格里是错误值 %(value)s。请改正公式，或直接填写。", value=cell.value))
    if cell.fault:
        raise CellFault(_("单元格里的公式还没有算出结果。请在表格软件里打开并保存一次，或直接填写结果。"))
    return None if cell.blank else cell.value


def _code(fact: Fact, words: str) -> str:
    """Return the code of an option by its words in either language; other words as they are."""
    return _codes(fact).get(plain(words), words)


@lru_cache(maxsize=1024)
def _codes(fact: Fact) -> Mapping[str, str]:
    if fact.kind is FactKind.PRACTICE:
        options = [(degree.value, words) for degree, words in DEGREES.items()]
    elif fact.kind is FactKind.CHOICE:
        options = [(option.code, option.text) for option in fact.options]
    else:
        return {}
    return {plain(words): code for code, named in options for words in (code, named.zh, named.en)}


def _day(fact: Fact, value: datetime | date | time | timedelta) -> str:
    shown = value.date().isoformat() if isinstance(value, datetime) else str(value)
    if fact.kind is FactKind.NUMBER:
        raise CellFault(_("应是数字，单元格里是日期 %(day)s。请把单元格格式改为“常规”，再填数字。", day=shown))
    return shown


def _number(fact: Fact, value: float, cell: Cell) -> str:
    number = _exact(value)
    if cell.percent and fact.kind is FactKind.NUMBER:
        number = _of_percent(fact, number)
    if fact.kind is FactKind.DATE:
        return _counted_day(number, cell.from_1904)
    return decimal_text(number) or str(number)


def _exact(value: float) -> Fraction:
    """Return the number that a spreadsheet shows: what goes beyond 15 digits is how machines halve."""
    return Fraction(value) if isinstance(value, int) else Fraction(format(value, f".{DIGITS}g"))


def _of_percent(fact: Fact, number: Fraction) -> Fraction:
    """Return 45 for a cell that shows 45% and holds 0.45."""
    if fact.unit is not None and fact.unit.zh == "%":
        return number * 100
    raise CellFault(_("应是数量，单元格里是百分数。请把单元格格式改为“常规”，再填数字。"))


def _counted_day(number: Fraction, from_1904: bool) -> str:
    if not 0 < number <= _LAST_DAY:
        return decimal_text(number) or str(number)
    first = _FIRST_DAY_1904 if from_1904 else _FIRST_DAY
    return (first + timedelta(days=int(number))).isoformat()


def is_ticked(cell: Cell) -> bool:
    """Tell whether a cell is ticked. Raises CellFault for what is neither a tick nor nothing."""
    word = plain(written_in(cell))
    if word in _TICKED or word in _UNKNOWN_WORDS:
        return True
    if word in _NOT_TICKED:
        return False
    raise CellFault(_("“%(word)s”不是勾选。请选 √，或留空。", word=str(cell.value)[:20]))


def reason_in(cell: Cell) -> str:
    """Return the reason written into a cell; nothing where none is. Raises CellFault, also for a tick alone."""
    value = written_in(cell)
    if value is True or value in _TICKS:
        raise CellFault(_("只打勾不够，请写明理由。"))
    return "" if value is None else text_cell(str(value))


def posted(answers: list[str], unknown: bool, reason: str) -> list[str]:
    """Return what the form of the page would post for one fact with these cells."""
    return [*answers, *([UNKNOWN] if unknown else []), *([NOT_APPLICABLE] if reason else [])] or [""]


_ESCAPED = re.compile(r"_x(00[01][0-9A-Fa-f]|007F|00[89][0-9A-Fa-f])_")


def unescaped(words: str) -> str:
    """Return a text without the notation in which workbooks write control characters.

    Other letters written so are what somebody typed: the reader has taken the mark away that tells them apart.
    """
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), words)
