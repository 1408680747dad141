"""One sheet of the workpaper in the making: columns, rows from the top, cells that later formulas refer to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from questionnaires.model import Text
from reports import wording
from reports.formula import Block, Formula, as_formula, if_else, joined, picked, quotient
from reports.given import Given
from reports.spreadsheet import Content, Rule, Sheet, Spreadsheet, Style, address
from scoring.exact import Bounds
from scoring.model import Assessment, RequirementState
from scoring.model import Rule as SourceRule

FIRST = 3  # row of the heads of columns: above stand the title, a sentence, and an empty row
SAME, OTHER = Text("● 一致", "● same"), Text("× 不一致", "× differs")
OURS, SYSTEM, CHECK = Text("工作簿算得", "Workpaper"), Text("系统算得", "System"), Text("核对", "Check")

_MIDDLE: Style = {"valign": "vcenter", "text_wrap": True}
_LINE: Style = {"bottom": 1, "bottom_color": "#d5dde4"}
TITLE: Style = {"bold": True, "font_size": 16, "font_color": "#16242f"}
NOTE: Style = {"font_color": "#51616f", "font_size": 9}
HEAD: Style = {**_MIDDLE, "bold": True, "bg_color": "#d9e8f3", "bottom": 1, "bottom_color": "#0b5a8f"}
GROUP: Style = {"bold": True, "font_size": 12, "font_color": "#0b5a8f", "bottom": 2, "bottom_color": "#0b5a8f"}
PART: Style = {**_MIDDLE, **_LINE, "bold": True, "bg_color": "#f4f6f8"}
WORDS: Style = {**_MIDDLE, **_LINE}
STRONG: Style = {**WORDS, "bold": True}
QUIET: Style = {"font_size": 8, "font_color": "#51616f", "bold": False}
SMALL: Style = {**WORDS, **QUIET}
RIGHT: Style = {**_LINE, "valign": "vcenter", "num_format": "#,##0", "align": "right"}
NUMBER: Style = {**_LINE, "valign": "vcenter", "num_format": "#,##0"}
DECIMAL: Style = {**_LINE, "valign": "vcenter", "num_format": "0.0000"}
FIGURE: Style = {**_LINE, "valign": "vcenter", "align": "right"}
PERCENT: Style = {**_LINE, "valign": "vcenter", "num_format": "0.00%"}
ASIDE: Style = {"align": "left", "indent": 1}  # of texts beside a column of numbers
EXACT: Style = {**WORDS, **ASIDE, "font_size": 9}
MIDDLE: Style = {**WORDS, "align": "center"}
RESULT: Style = {**STRONG, **ASIDE, "font_color": "#0b5a8f"}
SHEET_RESULT: Style = {**STRONG, "font_color": "#0b5a8f", "top": 1, "top_color": "#0b5a8f", "bg_color": "#f4f6f8"}
OPEN: Style = {**_MIDDLE, "border": 1, "border_color": "#72808d", "bg_color": "#eef5fa", "locked": False}
MET: Style = {"font_color": "#1e7a55"}
GAP: Style = {"font_color": "#b8470f"}
STILL_OPEN: Style = {"font_color": "#6b7682"}
WRONG: Style = {"font_color": "#b8470f", "bg_color": "#fbe9df"}


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column and its width in characters."""

    text: Text
    width: float
    right: bool = False  # of numbers: head and cells stand at the right


@dataclass
class Paper:
    """The workpaper in the making: what it is built from, in which language, and the checks that stand in it so far."""

    given: Given
    lang: str
    book: Spreadsheet
    checks: list[Block] = field(default_factory=list)
    largest: list[Formula] = field(default_factory=list)  # numbers that have to stay exact
    concluded: list[Concluded] = field(default_factory=list)

    def say(self, text: Text) -> str:
        """Return a text in the language of the workpaper."""
        return text.zh if self.lang == "zh" else text.en

    def state(self, state: RequirementState) -> str:
        """Return shape and word of a state."""
        return self.say(wording.state_words(state))

    def source(self, rule: SourceRule) -> str:
        """Return document, clause, first day, where it was read and how sure it is, in one text."""
        document = f"{rule.title} {rule.clause}" if rule.clause else rule.title
        since = f"{rule.since.isoformat()}{self.say(Text(' 起', ' on'))}" if rule.since else ""
        sure = self.say(wording.CONFIDENCE_WORDS[rule.confidence])
        return self.say(Text("；", "; ")).join(part for part in (document, since, rule.source or "", sure) if part)

    def page(self, title: Text, name: str, note: Text, columns: Sequence[Column]) -> Page:
        """Begin a sheet."""
        return Page(self, name, title, note, columns)


class Page:
    """Writes one sheet row by row; what it writes can be referred to by any formula of the workpaper."""

    def __init__(self, paper: Paper, name: str, title: Text, note: Text, columns: Sequence[Column]) -> None:
        self.paper, self.name, self.columns = paper, name, columns
        self.sheet: Sheet = paper.book.sheet(name, [one.width for one in columns])
        self.row = FIRST + 1
        self._checks: list[Formula] = []
        self.sheet.write(0, 0, paper.say(title), TITLE)
        self.sheet.write(1, 0, paper.say(note), NOTE)
        for number, column in enumerate(columns):
            beside = bool(number) and columns[number - 1].right
            style = {**HEAD, "align": "right"} if column.right else {**HEAD, **ASIDE} if beside else HEAD
            self.sheet.write(FIRST, number, paper.say(column.text), style)
        self.sheet.head(FIRST + 1)
        self.sheet.foot(f"{paper.given.filled.firm.name}　{paper.say(title)}　{paper.say(wording.AID_ONLY)}")

    def cell(self, column: int, now: Content | Fraction) -> Formula:
        """Return the cell of the present row in a column, as formulas refer to it."""
        known = now if isinstance(now, int | Fraction | str) else ""
        return Formula(f"'{self.name}'!{address(self.row, column)}", known)

    def put(self, column: int, content: Content, style: Style = WORDS) -> Formula:
        """Write what is given: text stays text."""
        self.sheet.write(self.row, column, content, style)
        return self.cell(column, content if isinstance(content, int | str) else "")

    def figure(self, column: int, value: Fraction, style: Style = FIGURE) -> Formula:
        """Write a number that is given, exactly as far as a spreadsheet can."""
        self.sheet.write(self.row, column, int(value) if value.denominator == 1 else float(value), style)
        return self.cell(column, value)

    def let(self, column: int, formula: Formula | int, style: Style = NUMBER) -> Formula:
        """Write a formula with what it gives now, or a number."""
        if isinstance(formula, int):
            return self.put(column, formula, style)
        if formula.now is None:
            raise ValueError(f"{self.name}!{address(self.row, column)}: {formula.text} gives no value")
        now = formula.now if isinstance(formula.now, str) else float(formula.now)
        if isinstance(now, float) and now.is_integer():
            now = int(now)
        self.sheet.compute(self.row, column, "=" + formula.text.replace(f"'{self.name}'!", ""), now, style)
        return self.cell(column, formula.now)

    def open(self, column: int, content: Content, rule: Rule | None = None, style: Style = OPEN) -> None:
        """Write a cell that everybody may change."""
        self.sheet.write(self.row, column, content, style)
        if rule is not None:
            self.sheet.take(self.row, column, rule)

    def rule_off(self, style: Style, columns: Sequence[int] | None = None) -> None:
        """Give the present row its line, before anything is written to it."""
        for column in range(len(self.columns)) if columns is None else columns:
            self.sheet.write(self.row, column, None, style)

    def heading(self, words: str, style: Style = GROUP) -> None:
        """Write a line across the sheet that heads what follows."""
        self.rule_off(style)
        self.sheet.write(self.row, 0, words, {**style, "text_wrap": False})
        self.row += 1

    def check(self, column: int, ours: Formula, system: str, style: Style = WORDS) -> Formula:
        """Write what the system found, and beside it whether the workpaper finds the same."""
        theirs = self.put(column, system, style)
        same = if_else(ours.equals(theirs), self.paper.say(SAME), self.paper.say(OTHER))
        self._checks.append(self.let(column + 1, same, {**style, "font_size": 10}))
        return self._checks[-1]

    def finish(self, results: Sequence[int] = (), check: int | None = None) -> None:
        """Colour states in the columns of results, note the column of checks, lock what is not open."""
        last = max(self.row - 1, FIRST + 1)
        for column in [*results, *([] if check is None else [check])]:
            top = address(FIRST + 1, column)
            for mark, style in (("●", MET), ("×", GAP), ("◐", STILL_OPEN)):
                self.sheet.warn((FIRST + 1, column), (last, column), f'=LEFT(${top},1)="{mark}"', style)
        if check is not None and self._checks:
            top, end = address(FIRST + 1, check), address(last, check)
            self.paper.checks.append(Block(f"'{self.name}'!{top}:{end}", tuple(one.now for one in self._checks)))
        self.sheet.calm((FIRST + 1, 0), (last, len(self.columns) - 1))
        self.sheet.protect()

    def conclude(self, column: int, assessment: Assessment, ours: Formula) -> None:
        """Write what is concluded in the end, and note it for the cover."""
        cell, row = self.let(column, ours, {**SHEET_RESULT, **ASIDE}), self.row
        system = self.paper.say(wording.outcome_text(assessment))
        same = self.check(column + 1, cell, system, {**SHEET_RESULT, "bold": False, "font_color": "#16242f"})
        self.paper.concluded.append(Concluded(assessment, cell, system, same, self.name, row))


@dataclass(frozen=True, slots=True)
class Concluded:
    """One conclusion with the place where the workpaper computes it."""

    assessment: Assessment
    ours: Formula
    system: str
    same: Formula
    sheet: str
    row: int


def level_conclusion(
    paper: Paper, assessment: Assessment, level: tuple[Formula, Formula], applies: tuple[Formula, Formula] | None
) -> Formula:
    """Return the conclusion on a level from its ends, as the report words it."""
    low, high = level
    names = [paper.say(wording.named_level(n, assessment)) for n in range(len(assessment.level_names) + 1)]
    between = (paper.say(Text("◐ 待定：", "◐ open: ")), paper.say(Text("至", " to ")))
    opened = joined(between[0], picked(low + 1, *names), between[1], picked(high + 1, *names))
    return where_it_applies(paper, if_else(low.equals(high), picked(low + 1, *names), opened), applies)


def state_conclusion(paper: Paper, low: Formula, high: Formula) -> Formula:
    """Return met, not met or open, from what surely holds and what may hold."""
    otherwise = if_else(high.equals(1), paper.state(RequirementState.NOT_KNOWN), paper.state(RequirementState.NOT_MET))
    return if_else(low.equals(1), paper.state(RequirementState.MET), otherwise)


def where_it_applies(paper: Paper, concluded: Formula, applies: tuple[Formula, Formula] | None) -> Formula:
    """Return a conclusion that says so where the rule does not apply, or where that is not known."""
    if applies is None:
        return concluded
    surely, perhaps = applies
    known = if_else(surely.equals(0), paper.state(RequirementState.NOT_KNOWN), concluded)
    return if_else(perhaps.equals(0), paper.state(RequirementState.NOT_APPLICABLE), known)


def span_text(low: Formula, high: Formula, under: Formula | int) -> Formula:
    """Return both ends of a score exactly: 4/5, or 1/2–4/5."""
    beneath = as_formula(under)
    both = joined(quotient(low, beneath), " – ", quotient(high, beneath))
    return if_else(low.equals(high), quotient(low, beneath), both)


def exact_span(bounds: Bounds) -> str:
    """Return the bounds that the system found in the same words."""
    return str(bounds.low) if bounds.settled else f"{bounds.low} – {bounds.high}"
