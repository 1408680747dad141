"""The rows of a list (清单): read as people type or paste them, checked row by row, and counted into facts.

Which lists there are stands in the questionnaire; who kept which rows is for the application.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from questionnaires.model import CountedList, Question, Questionnaire, Text
from questionnaires.values import AnswerFault, read_value

MOST_ROWS: Final = 500
LONGEST_CELL: Final = 100  # characters
YES: Final = Text("是", "yes")
NO: Final = Text("否", "no")
_YES_WORDS: Final = frozenset({"是", "有", "已", "√", "✓", "✔", "☑", "●", "v", "y", "yes", "true", "1"})
NO_WORDS: Final = frozenset(
    {"", "否", "无", "未", "没有", "×", "✗", "✘", "☐", "○", "-", "—", "/", "n", "no", "false", "0"}
)
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class TypedRow:
    """One row as it was typed or pasted, right or wrong; `marks` gives for each fact what stands in its column."""

    name: str = ""
    detail: str = ""
    count: str = ""
    marks: Mapping[str, str] = field(default_factory=lambda: _NOTHING)

    @property
    def is_blank(self) -> bool:
        """Tell whether the row says nothing: a mark alone marks nothing."""
        return not (self.name or self.detail or self.count)


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row as it is kept: so many of the same, with the facts whose mark they carry."""

    name: str
    detail: str
    count: int
    marks: frozenset[str]


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong in a row, counted from 1; row 0 is the whole list. `field` is name, detail, count or a fact."""

    row: int
    field: str
    message: Text


def list_for(questionnaire: Questionnaire, question: Question) -> CountedList | None:
    """Return the list from which the facts of a question are counted: one with a rate, all of whose facts it counts."""
    if question.indicator is None:
        return None
    asked = {fact.id for fact in question.facts}
    return next((one for one in questionnaire.lists if asked <= {c.fact.id for c in one.columns}), None)


# --- reading ----------------------------------------------------------------------------------------------------------


def read_rows(of: CountedList, typed: Sequence[TypedRow]) -> tuple[tuple[ListRow, ...], tuple[RowFault, ...]]:
    """Return the rows that are right and every fault, named by the row as it was typed; blank rows are left out."""
    rows: list[ListRow] = []
    faults: list[RowFault] = []
    for number, one in enumerate(typed, start=1):
        if one.is_blank:
            continue
        found = list(_faults_of(of, number, one))
        faults += found
        if not found:
            marks = frozenset(fact for fact, word in one.marks.items() if means(word))
            rows.append(ListRow(one.name, one.detail, _count(of, one.count), marks))
    return tuple(rows), (*faults, *_faults_of_all(of, typed, rows))


def _faults_of(of: CountedList, number: int, one: TypedRow) -> Iterator[RowFault]:
    if not one.name:
        yield RowFault(number, "name", Text(f"请填写{of.name.zh}。", f"Please give the {of.name.en.lower()}."))
    for column, cell in (("name", one.name), ("detail", one.detail)):
        if len(cell) > LONGEST_CELL or not cell.isprintable():
            zh, en = f"文字最多 {LONGEST_CELL} 个，不含控制字符。", f"At most {LONGEST_CELL} printable characters."
            yield RowFault(number, column, Text(zh, en))
    try:
        _count(of, one.count)
    except AnswerFault as fault:
        yield RowFault(number, "count", fault.message)
    for column_of in of.marks:
        word = one.marks.get(column_of.fact.id, "")
        if means(word) is None:
            zh = f"“{column_of.text.zh}”写的是“{_short(word)}”，请写“是”或“否”。"
            en = f"“{column_of.text.en}” says “{_short(word)}”. Please write yes or no."
            yield RowFault(number, column_of.fact.id, Text(zh, en))


def _faults_of_all(of: CountedList, typed: Sequence[TypedRow], rows: Sequence[ListRow]) -> Iterator[RowFault]:
    filled = sum(not one.is_blank for one in typed)
    if filled > MOST_ROWS:
        zh = f"现在有 {filled} 行，最多 {MOST_ROWS} 行。请把相同的合成一行，填上数量。"
        en = f"There are {filled} rows, {MOST_ROWS} at most. Please join those that are alike and give their count."
        yield RowFault(0, "", Text(zh, en))
    for column in of.columns:
        try:
            read_value(column.fact, totals(of, rows)[column.fact.id])
        except AnswerFault as fault:
            yield RowFault(0, column.fact.id, fault.message)


def _count(of: CountedList, typed: str) -> int:
    """Return how many of the same a row stands for; one when it does not say. Raises AnswerFault."""
    if not typed:
        return 1
    try:
        number = read_value(of.count.fact, typed)
    except AnswerFault as fault:
        raise _no_count(of, typed) from fault
    if not isinstance(number, Fraction) or number < 1:
        raise _no_count(of, typed)
    return int(number)


def _no_count(of: CountedList, typed: str) -> AnswerFault:
    zh = f"{of.count.text.zh}应是 1 以上的整数，填写的是“{_short(typed)}”。"
    en = f"{of.count.text.en}: “{_short(typed)}” is not a whole number from 1 on."
    return AnswerFault(Text(zh, en))


def means(word: str) -> bool | None:
    """Return what stands in the column of a mark as yes or no; None when it can be either."""
    said = word.strip().casefold()
    if said in _YES_WORDS:
        return True
    return False if said in NO_WORDS else None


def _short(text: str) -> str:
    return text if len(text) <= 20 else f"{text[:20]}…"


# --- pasting ----------------------------------------------------------------------------------------------------------


def paste(of: CountedList, text: str) -> list[TypedRow]:
    """Return the rows of a text copied from a spreadsheet: a line each, cells apart by tabs, in the order of columns.

    A first line of headings is left out. Cells beyond the last column are left out too.
    """
    lines = [[_cell(cell) for cell in line.split("\t")] for line in text.replace("\r", "\n").split("\n")]
    filled = [cells for cells in lines if any(cells)]
    if filled and _is_heading(of, filled[0]):
        filled = filled[1:]
    return [_typed(of, cells) for cells in filled]


def _cell(cell: str) -> str:
    """Return a cell without the quotes that a spreadsheet puts around one that holds quotes."""
    cell = cell.strip()
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        cell = cell[1:-1].replace('""', '"')
    return " ".join(cell.split())


def _is_heading(of: CountedList, cells: list[str]) -> bool:
    headings = {of.name, of.detail, *(column.text for column in of.columns)}
    known = {word.casefold() for text in headings for word in (text.zh, text.en)}
    matching = sum(cell.casefold() in known for cell in cells)
    row = _typed(of, cells)
    counts_nothing = bool(row.count) and not any(character.isdigit() for character in row.count)
    return matching > 1 or (counts_nothing and any(means(word) is None for word in row.marks.values()))


def _typed(of: CountedList, cells: list[str]) -> TypedRow:
    name, detail, count, *marks = [*cells, "", "", ""][: max(3, len(cells))]
    facts = (column.fact.id for column in of.marks)
    return TypedRow(name, detail, count, dict(zip(facts, marks, strict=False)))


def written(of: CountedList, rows: Iterable[TypedRow | ListRow], language: str) -> list[list[str]]:
    """Return a list as lines of cells, with its headings first, as `paste` reads them back."""
    heads = [of.name, of.detail, *(column.text for column in of.columns)]
    return [[str(getattr(head, language)) for head in heads], *(_cells(of, one, language) for one in rows)]


def _cells(of: CountedList, one: TypedRow | ListRow, language: str) -> list[str]:
    return [one.name, one.detail, str(one.count), *(_mark(one, column.fact.id, language) for column in of.marks)]


def _mark(one: TypedRow | ListRow, fact: str, language: str) -> str:
    if isinstance(one, TypedRow):
        return one.marks.get(fact, "")
    return str(getattr(YES if fact in one.marks else NO, language))


def as_typed(one: ListRow) -> TypedRow:
    """Return a kept row as it would be typed."""
    return TypedRow(one.name, one.detail, str(one.count), dict.fromkeys(sorted(one.marks), YES.zh))


# --- counting and keeping ---------------------------------------------------------------------------------------------


def totals(of: CountedList, rows: Iterable[ListRow]) -> dict[str, Fraction]:
    """Return fact -> what the rows count up to, for every fact of the list."""
    counted = dict.fromkeys((column.fact.id for column in of.columns), Fraction(0))
    for one in rows:
        counted[of.count.fact.id] += one.count
        for fact in one.marks & counted.keys():
            counted[fact] += one.count
    return counted


def to_text(rows: Iterable[ListRow]) -> str:
    """Return rows as the JSON text that is kept."""
    return json.dumps([[r.name, r.detail, r.count, sorted(r.marks)] for r in rows], ensure_ascii=False)


def from_text(text: str) -> tuple[ListRow, ...]:
    """Return the rows that `to_text` made `text` of."""
    return tuple(ListRow(name, detail, count, frozenset(marks)) for name, detail, count, marks in json.loads(text))
