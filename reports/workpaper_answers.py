"""The answers of a workpaper: every fact of every subject with what it can be, least and most, and the open cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from questionnaires.model import Fact, FactKind, State, Statement, Subject, Text
from questionnaires.path import Path, find_path
from questionnaires.values import NO, YES, show_value
from reports import wording
from reports.formula import EXACT_BELOW, Block, Formula, block, either, every, flag, if_else, is_number, like, rounded
from reports.given import paths
from reports.spreadsheet import Content, Rule
from reports.workpaper_exact import fits, judging, read_facts, scales
from reports.workpaper_page import NUMBER, OPEN, PART, SMALL, WORDS, Column, Page, Paper
from scoring.indicators import stated_value
from scoring.model import MaturityCriteria

NAME, TITLE = Text("答案", "Answers"), Text("企业、工厂和车间的回答", "Answers of firm, factories and workshops")
NOTE = Text(
    "浅蓝格可以改，改后后面各表随即重算。“最低”“最高”是这个答案还可能的两端，按“倍数”放大成整数，比较才不失真。",
    "Pale blue cells may be changed; all sheets follow. Least and most are the ends that an answer still allows, "
    "multiplied to whole numbers so that comparisons stay exact.",
)
COLUMNS = (
    Column(Text("编号", "Id"), 24),
    Column(Text("填报项", "Fact"), 40),
    Column(Text("单位", "Unit"), 11),
    Column(Text("回答", "Answer"), 28),
    Column(Text("不清楚／不适用", "Unknown or not applicable"), 12),
    Column(Text("状态", "State"), 10),
    Column(Text("最低", "Least"), 15, True),
    Column(Text("最高", "Most"), 15, True),
    Column(Text("倍数", "Times"), 9, True),
    Column(Text("说明", "Remarks"), 34),
)
ID, LABEL, UNIT, ANSWER, ABSENT, STATE, LEAST, MOST, TIMES, REMARKS = range(len(COLUMNS))
TICK = "√"
STATED, BLANK = Text("已答", "answered"), Text("未填", "blank")
UNKNOWN, NOT_APPLICABLE = Text("不清楚", "unknown"), Text("不适用", "not applicable")
NO_NUMBER, NO_OPTION = Text("不是数字", "no number"), Text("没有这一项", "no such option")
CHOSEN = Text("已选项数", "chosen")
NOT_IN_QUESTIONNAIRE = Text("评价标准要用、本问卷没有问到的", "Read by the criteria, not asked in this questionnaire")
OFF_PATH = Text("按其他回答，不问这一项", "not asked, by other answers")
ROUGH = Text("超过表格能保留的 15 位，按近似值", "more digits than the 15 of a spreadsheet: approximate")


@dataclass(frozen=True, slots=True)
class Answer:
    """Where one fact of one subject stands, as formulas refer to it."""

    cell: Formula
    state: Formula
    low: Formula | None = None  # of a number, or 0 and 1 of a yes or no; None where it has no limits
    high: Formula | None = None
    times: int = 1
    ticks: Block | None = None  # of several choices, in the order of the options
    options: Block | None = None  # of one choice: where they are listed


Answers = Mapping[tuple[str, str], Answer]  # (subject key, fact) -> where it stands
Lists = Mapping[str, Block]  # fact -> its options where they are listed


def write_answers(page: Page, lists: Lists) -> Answers:
    """Write the facts of every subject but for the practices, which stand with the requirements."""
    return _Writer(page, lists).write()


class _Writer:
    def __init__(self, page: Page, lists: Lists) -> None:
        self.page, self.paper, self.lists = page, page.paper, lists
        self.given = page.paper.given
        self.read, self.scales = read_facts(self.given), scales(self.given)
        self.found: dict[tuple[str, str], Answer] = {}

    def write(self) -> Answers:
        filled = self.given.filled
        path = find_path(self.given.questionnaire, filled.firm, filled.tailored)
        for subject in (line[0] for line in paths(filled.firm)):
            self.page.heading(f"{self.paper.say(wording.SUBJECT_WORDS[subject.kind])}　{subject.name}")
            for title, facts in self._groups(subject):
                self.page.heading(title, PART)
                for fact in facts:
                    self._fact(fact, subject, path)
        self.page.finish()
        return self.found

    def _groups(self, subject: Subject) -> Iterator[tuple[str, list[Fact]]]:
        sections = [one for one in self.given.questionnaire.sections if one.of is subject.kind]
        for section in sections:
            facts = [self.given.fact(name) for page in section.pages for name in page.fact_ids]
            if measured := [fact for fact in facts if fact.kind is not FactKind.PRACTICE]:
                yield self.paper.say(section.title), measured
        others = [self.given.criteria.facts[name] for name in self.given.criteria.facts if name in self.read]
        asked = self.given.questionnaire.facts
        if missing := [fact for fact in others if fact.of is subject.kind and fact.id not in asked]:
            yield self.paper.say(NOT_IN_QUESTIONNAIRE), missing

    def _fact(self, fact: Fact, subject: Subject, path: Path) -> None:
        statement = subject.facts.get(fact.id)
        self.page.rule_off(WORDS)
        self.page.put(ID, fact.id, SMALL)
        self.page.put(LABEL, self.paper.say(fact.label))
        self.page.put(UNIT, self.paper.say(fact.unit) if fact.unit else None)
        self.page.put(REMARKS, "；".join(self._remarks(fact, subject, statement, path)) or None, SMALL)
        if fact.id not in self.read:
            self._shown(fact, statement)
        elif fact.kind is FactKind.NUMBER:
            self.found[subject.key, fact.id] = self._number(fact, statement)
        elif fact.kind is FactKind.YES_NO:
            self.found[subject.key, fact.id] = self._yes_no(statement)
        elif fact.kind is FactKind.CHOICES:
            self.found[subject.key, fact.id] = self._choices(fact, statement)
        else:
            self.found[subject.key, fact.id] = self._choice(fact, statement)
        self.page.row += 1

    def _remarks(self, fact: Fact, subject: Subject, statement: Statement | None, path: Path) -> Iterator[str]:
        if fact.id in self.given.questionnaire.facts and fact.id not in path.asked.get(subject.key, ()):
            yield self.paper.say(OFF_PATH)
        if statement is None:
            return
        if statement.reason:
            yield statement.reason
        if statement.evidence:
            yield self.paper.say(Text("佐证：", "evidence: ")) + "、".join(statement.evidence)
        value = statement.value
        if fact.id in self.read and isinstance(value, Fraction) and not self._is_exact(fact, value):
            yield self.paper.say(ROUGH)

    def _shown(self, fact: Fact, statement: Statement | None) -> None:
        value = stated_value(statement)
        shown = None if value is None else show_value(fact, value, self.paper.lang)
        self.page.put(ANSWER, value if isinstance(value, date) else shown)
        self.page.put(STATE, self._state_word(statement))

    def _state_word(self, statement: Statement | None) -> str:
        words = {State.STATED: STATED, State.UNKNOWN: UNKNOWN, State.NOT_APPLICABLE: NOT_APPLICABLE}
        return self.paper.say(words[statement.state] if statement else BLANK)

    # --- the kinds of facts that formulas read ------------------------------------------------------------------------

    def _absent(self, statement: Statement | None) -> Formula:
        word = self._state_word(statement) if statement and statement.state is not State.STATED else None
        return open_absent(self.page, ABSENT, word)

    def _number(self, fact: Fact, statement: Statement | None) -> Answer:
        value, times = stated_value(statement), self.scales[fact.id]
        number = value if isinstance(value, Fraction) else None
        cell = self._number_cell(fact, number)
        state = self._state(cell, self._absent(statement), is_number(cell), NO_NUMBER)
        self.page.put(TIMES, times, NUMBER)
        if fact.min is None or fact.max is None:
            return Answer(cell, state, times=times)
        stated = state.equals(self.paper.say(STATED))
        scaled = rounded(cell * times) if times > 1 else rounded(cell)
        low = self.page.let(LEAST, if_else(stated, scaled, _times(fact.min, times)))
        high = self.page.let(MOST, if_else(stated, scaled, _times(fact.max, times)))
        return Answer(cell, state, low, high, times)

    def _number_cell(self, fact: Fact, number: Fraction | None) -> Formula:
        rule = Rule(
            "integer" if fact.whole else "decimal",
            least=float(fact.min or 0),
            most=float(fact.max if fact.max is not None else EXACT_BELOW),
        )
        if number is not None and self._is_exact(fact, number) and not fits(number):
            self.page.sheet.take(self.page.row, ANSWER, rule)
            return self.page.let(ANSWER, Formula(str(number), number), OPEN)
        content: Content = None
        if number is not None:
            content = int(number) if number.denominator == 1 else float(number)
        self.page.open(ANSWER, content, rule)
        exact = number if number is None or self._is_exact(fact, number) else Fraction(float(number))
        return self.page.cell(ANSWER, exact if exact is not None else "")

    def _is_exact(self, fact: Fact, number: Fraction) -> bool:
        small = abs(number.numerator) < EXACT_BELOW and number.denominator < EXACT_BELOW
        return small and (number * self.scales[fact.id]).denominator == 1

    def _yes_no(self, statement: Statement | None) -> Answer:
        value = stated_value(statement)
        yes, no = self.paper.say(YES), self.paper.say(NO)
        word = None if value is None else yes if value else no
        self.page.open(ANSWER, word, Rule("list", words=(yes, no)))
        cell = self.page.cell(ANSWER, word)
        state = self._state(cell, self._absent(statement), either(cell.equals(yes), cell.equals(no)), NO_OPTION)
        stated = state.equals(self.paper.say(STATED))
        low = self.page.let(LEAST, flag(every(stated, cell.equals(yes))))
        high = self.page.let(MOST, flag(either(state.differs(self.paper.say(STATED)), cell.equals(yes))))
        self.page.put(TIMES, 1, NUMBER)
        return Answer(cell, state, low, high)

    def _choice(self, fact: Fact, statement: Statement | None) -> Answer:
        value = stated_value(statement)
        word = None if value is None else show_value(fact, value, self.paper.lang)
        listed = self.lists[fact.id]
        if self._is_fixed(fact):
            cell, absent = self.page.put(ANSWER, word), self.page.cell(ABSENT, None)
        else:
            self.page.open(ANSWER, word, Rule("list", cells=absolute(listed.text)))
            cell, absent = self.page.cell(ANSWER, word), self._absent(statement)
        state = self._state(cell, absent, like(listed, cell) >= 1, NO_OPTION)
        return Answer(cell, state, options=listed)

    def _is_fixed(self, fact: Fact) -> bool:
        """Tell whether another answer would need other sheets: the table of the other production type."""
        shown = sum(isinstance(one, MaturityCriteria) for one in judging(self.given))
        every = sum(isinstance(one, MaturityCriteria) for one in self.given.criteria.criteria.values())
        return fact.id in FIXED and shown < every

    def _choices(self, fact: Fact, statement: Statement | None) -> Answer:
        value = stated_value(statement)
        chosen = value if isinstance(value, tuple) else ()
        absent, at = self._absent(statement), self.page.row
        ticks = []
        for option in fact.options:
            self.page.row += 1
            self.page.rule_off(WORDS)
            self.page.put(LABEL, self.paper.say(option.text), {**WORDS, "align": "left", "indent": 1})
            content = TICK if option.code in chosen else None
            self.page.open(ANSWER, content, Rule("list", words=(TICK,)))
            ticks.append(self.page.cell(ANSWER, content))
        last, self.page.row = self.page.row, at
        cell = self.page.let(
            ANSWER, like(block(ticks), TICK), {**WORDS, "align": "left", "num_format": f'"{self.paper.say(CHOSEN)} "0'}
        )
        answered = if_else(cell.equals(0), self.paper.say(BLANK), self.paper.say(STATED))
        state = self.page.let(STATE, if_else(absent.differs(""), absent, answered), WORDS)
        self.page.row = last
        return Answer(cell, state, ticks=block(ticks))

    def _state(self, cell: Formula, absent: Formula, allowed: Formula, otherwise: Text) -> Formula:
        return self.page.let(STATE, state_formula(self.paper, cell, absent, allowed, otherwise), WORDS)


FIXED = frozenset({"production_type"})


def open_absent(page: Page, column: int, word: str | None) -> Formula:
    """Write the open cell that says why there is no answer."""
    words = (page.paper.say(UNKNOWN), page.paper.say(NOT_APPLICABLE))
    page.open(column, word, Rule("list", words=words))
    return page.cell(column, word)


def state_formula(paper: Paper, cell: Formula, absent: Formula, allowed: Formula, otherwise: Text) -> Formula:
    """Return the state of an answer: why there is none, blank, answered, or not to be understood."""
    answered = if_else(allowed, paper.say(STATED), paper.say(otherwise))
    return if_else(absent.differs(""), absent, if_else(cell.equals(""), paper.say(BLANK), answered))


def absolute(area: str) -> str:
    """Return an area so that it stays the same for every cell that takes from it."""
    sheet, _, cells = area.rpartition("!")
    return f"{sheet}!" + ":".join("$" + _with_dollar(cell) for cell in cells.split(":"))


def _with_dollar(cell: str) -> str:
    letters = cell.rstrip("0123456789")
    return f"{letters}${cell[len(letters) :]}"


def _times(end: Fraction, times: int) -> int:
    return int(end * times)
