"""Indicators in a workpaper: from the facts of each subject to a numerator and a denominator, least and most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from questionnaires.model import FactKind, Subject, Text
from reports import wording
from reports.formula import (
    Formula,
    as_formula,
    block,
    either,
    every,
    flag,
    greatest,
    if_else,
    least,
    like,
    scaled,
    total,
)
from reports.workpaper_answers import Answers
from reports.workpaper_page import FIGURE, NUMBER, PART, SMALL, STRONG, WORDS, Column, Page
from scoring.indicators import bearers
from scoring.model import Change, CountMet, Indicator, LevelOf, Method, Ratio, SizeClasses, Sum

NAME = Text("指标", "Indicators")
NOTE = Text(
    "比率一律由分子和分母算出。没有回答的数，在允许的范围内取最不利和最有利的一端；分子不超过分母。",
    "Rates are always computed from numerator and denominator. A figure that is not answered takes the least and the "
    "most favourable end of its range; a numerator never exceeds its denominator.",
)
COLUMNS = (
    Column(Text("指标、组成部分", "Indicator and its parts"), 40),
    Column(Text("对象", "Of whom"), 24),
    Column(Text("分子（最低）", "Numerator, least"), 17, True),
    Column(Text("分子（最高）", "Numerator, most"), 17, True),
    Column(Text("分母（最低）", "Denominator, least"), 15, True),
    Column(Text("分母（最高）", "Denominator, most"), 15, True),
    Column(Text("取高时的分子", "Numerator when most"), 15, True),
    Column(Text("取高时的分母", "Denominator when most"), 15, True),
    Column(Text("矛盾", "Contradicts"), 8, True),
    Column(Text("有数值", "Has a value"), 8, True),
    Column(Text("数值（最低）", "Value, least"), 11, True),
    Column(Text("数值（最高）", "Value, most"), 11, True),
    Column(Text("单位", "Unit"), 8),
    Column(Text("依据、出处、可信程度", "Rule, source, confidence"), 38),
)
(
    PART_NAME, WHOM, OVER_LOW, OVER_HIGH, UNDER_LOW, UNDER_HIGH, HELD, BEST, CONTRADICTS, HAS_VALUE, VALUE_LOW,
    VALUE_HIGH, UNIT, SOURCE,
) = range(len(COLUMNS))  # fmt: skip
HUNDRED = 100
Path = tuple[Subject, ...]  # the firm first, the judged subject last


@dataclass(frozen=True, slots=True)
class Ends:
    """The least and the most that a number can be: whole numerators over whole denominators, times a factor."""

    low: tuple[Formula, Formula]
    high: tuple[Formula, Formula]
    factor: int = 1
    has_value: Formula | None = None  # 1 where there is a value at all; None where there always is
    counts: bool = True  # numerator and denominator are figures that people know


@dataclass(frozen=True, slots=True)
class Counted:
    """What the outcome of one criteria file on one subject is, for indicators that count or read outcomes."""

    criteria_id: str
    method: Method
    name: str  # of the subject
    met: tuple[Formula, Formula] | None = None  # surely, perhaps
    level: tuple[Formula, Formula] | None = None
    applies: tuple[Formula, Formula] | None = None


@dataclass
class Indicators:
    """Writes an indicator of a subject the first time that somebody asks for it."""

    page: Page
    answers: Answers
    outcomes: list[Counted] = field(default_factory=list)
    found: dict[tuple[str, str], Ends | None] = field(default_factory=dict)

    def ends(self, name: str, path: Path) -> Ends | None:
        """Return the ends of a fact or indicator for a subject; None where it is no number or has no limits."""
        given = self.page.paper.given
        if name not in given.criteria.indicators:
            return self._of_fact(name, path)
        key = (name, path[-1].key)
        if key not in self.found:
            self.found[key] = self._write(given.criteria.indicators[name], path)
        return self.found[key]

    def _of_fact(self, name: str, path: Path) -> Ends | None:
        fact = self.page.paper.given.criteria.facts[name]
        asked = bearers(fact.of, path)
        if len(asked) != 1 or fact.kind not in (FactKind.NUMBER, FactKind.YES_NO):
            return None
        answer = self.answers[asked[0].key, name]
        if answer.low is None or answer.high is None:
            return None
        under = as_formula(answer.times)
        return Ends((answer.low, under), (answer.high, under), counts=False)

    # --- writing --------------------------------------------------------------------------------------------------

    def _write(self, indicator: Indicator, path: Path) -> Ends | None:
        page, say = self.page, self.page.paper.say
        page.heading(f"{say(indicator.text)}　{path[-1].name}", PART)
        match indicator.how:
            case Ratio() as ratio:
                ends = self._ratio(ratio, path)
            case Sum(facts):
                ends = self._sum(facts, path)
            case Change() as change:
                ends = self._change(change, path)
            case CountMet(criteria):
                ends = self._count(criteria)
            case LevelOf(method):
                ends = self._level(method)
            case SizeClasses() as classes:
                ends = self._size(classes, path)
        if ends is not None:
            self._values(ends)
        page.put(PART_NAME, say(indicator.text), STRONG)
        page.put(WHOM, path[-1].name, STRONG)
        page.put(UNIT, wording.unit_sign(indicator.unit).strip() if page.paper.lang == "zh" else indicator.unit.en)
        page.put(SOURCE, page.paper.source(indicator.rule), SMALL)
        page.row += 1
        return ends

    def _values(self, ends: Ends) -> None:
        for column, (over, under) in ((VALUE_LOW, ends.low), (VALUE_HIGH, ends.high)):
            value = scaled(over, ends.factor) / under
            shown = value if ends.has_value is None else if_else(ends.has_value.equals(1), value, "—")
            self.page.let(column, shown, FIGURE)

    def _part(self, label: str, whom: str) -> None:
        self.page.rule_off(WORDS)
        self.page.put(PART_NAME, label, {**WORDS, "align": "left", "indent": 1})
        self.page.put(WHOM, whom)

    def _label(self, names: Sequence[str]) -> str:
        facts = [self.page.paper.given.criteria.facts[name] for name in names]
        return "＋".join(self.page.paper.say(fact.label) for fact in facts)

    def _added(self, names: Sequence[str], subject: Subject) -> tuple[Formula, Formula] | None:
        """Return facts of one subject added up, least and most; None where one has no limits."""
        answers = [self.answers[subject.key, name] for name in names]
        times = max(answer.times for answer in answers)
        lows = [scaled(one.low, times // one.times) for one in answers if one.low is not None]
        highs = [scaled(one.high, times // one.times) for one in answers if one.high is not None]
        if len(lows) < len(names):
            return None
        return (lows[0], highs[0]) if len(names) == 1 else (total(*lows), total(*highs))

    def _ratio(self, ratio: Ratio, path: Path) -> Ends | None:
        facts = self.page.paper.given.criteria.facts
        label = f"{self._label(ratio.numerator)} ÷ {self._label(ratio.denominator)}"
        rows = []
        for subject in bearers(facts[ratio.denominator[0]].of, path):
            over, under = self._added(ratio.numerator, subject), self._added(ratio.denominator, subject)
            if over is None or under is None:
                return self._nothing()
            self._part(label, subject.name)
            rows.append(self._ratio_row(over, under))
            self.page.row += 1
        return self._ratio_total(ratio, rows) if rows else self._nothing()

    def _ratio_row(self, over: tuple[Formula, Formula], under: tuple[Formula, Formula]) -> dict[int, Formula]:
        page = self.page
        row = {OVER_LOW: page.let(OVER_LOW, over[0]), OVER_HIGH: page.let(OVER_HIGH, over[1])}
        row[UNDER_LOW] = page.let(UNDER_LOW, greatest(under[0], row[OVER_LOW]))
        row[UNDER_HIGH] = page.let(UNDER_HIGH, under[1])
        row[BEST] = page.let(BEST, least(greatest(row[OVER_HIGH], row[UNDER_LOW]), row[UNDER_HIGH]))
        row[HELD] = page.let(HELD, least(row[OVER_HIGH], row[BEST]))
        row[CONTRADICTS] = page.let(CONTRADICTS, flag(row[OVER_LOW] > row[UNDER_HIGH]))
        return row

    def _ratio_total(self, ratio: Ratio, rows: Sequence[dict[int, Formula]]) -> Ends:
        self.page.rule_off(STRONG)
        summed = {c: self.page.let(c, total(block([row[c] for row in rows]))) for c in range(OVER_LOW, CONTRADICTS + 1)}
        whole, may_be_empty = summed[CONTRADICTS].equals(0), summed[UNDER_LOW].equals(0)
        low, high = (summed[OVER_LOW], summed[UNDER_HIGH]), (summed[HELD], summed[BEST])
        if ratio.if_empty is None:
            has_value = self.page.let(HAS_VALUE, flag(every(whole, summed[UNDER_LOW] > 0)))
            return Ends(low, high, HUNDRED, has_value)
        has_value = self.page.let(HAS_VALUE, flag(whole))
        return _or_empty(ratio, may_be_empty, low, high, has_value)

    def _nothing(self) -> Ends | None:
        """Write that there is no value at all."""
        self.page.rule_off(STRONG)
        self.page.put(HAS_VALUE, 0, NUMBER)
        return None

    def _sum(self, names: Sequence[str], path: Path) -> Ends | None:
        facts, rows, times = self.page.paper.given.criteria.facts, list[tuple[Formula, Formula]](), 1
        for name in names:
            for subject in bearers(facts[name].of, path):
                answer = self.answers[subject.key, name]
                if answer.low is None or answer.high is None:
                    return self._nothing()
                times = max(times, answer.times)
                self._part(self._label([name]), subject.name)
                rows.append((self.page.let(OVER_LOW, answer.low), self.page.let(OVER_HIGH, answer.high)))
                self.page.row += 1
        return self._total(rows, times)

    def _total(self, rows: Sequence[tuple[Formula, Formula]], times: int = 1) -> Ends:
        self.page.rule_off(STRONG)
        ends = [total(block([row[end] for row in rows])) if rows else 0 for end in (0, 1)]
        low, high = self.page.let(OVER_LOW, ends[0]), self.page.let(OVER_HIGH, ends[1])
        return Ends((low, as_formula(times)), (high, as_formula(times)), counts=False)

    def _change(self, change: Change, path: Path) -> Ends | None:
        rows = []
        for name in (change.before, change.after):
            if (ends := self._of_fact(name, path)) is None:
                return self._nothing()
            self._part(self._label([name]), path[-1].name)
            rows.append((self.page.let(OVER_LOW, ends.low[0]), self.page.let(OVER_HIGH, ends.high[0])))
            self.page.row += 1
        (before, before_most), (after, after_most) = rows
        self.page.rule_off(STRONG)
        known = every(before.equals(before_most), after.equals(after_most), before > 0)
        has_value = self.page.let(HAS_VALUE, flag(known))
        rise = after - before if change.direction == "up" else before - after
        over = self.page.let(OVER_LOW, if_else(has_value.equals(1), rise, 0))
        under = self.page.let(UNDER_HIGH, if_else(has_value.equals(1), before, 1))
        return Ends((over, under), (over, under), HUNDRED, has_value)

    def _count(self, criteria_id: str) -> Ends:
        rows = []
        for one in self.outcomes:
            if one.criteria_id == criteria_id and one.met is not None:
                self._part(self.page.paper.say(Text("达到条件", "meets the conditions")), one.name)
                rows.append((self.page.let(OVER_LOW, one.met[0]), self.page.let(OVER_HIGH, one.met[1])))
                self.page.row += 1
        return self._total(rows)

    def _level(self, method: Method) -> Ends | None:
        """Return the lowest and highest level of the tables that may apply."""
        rows = []
        for one in self.outcomes:
            if one.method is method and one.level is not None:
                self._part(self.page.paper.say(Text("等级", "level")), one.name)
                outside = one.applies[1].equals(0) if one.applies else None
                rows.append([self.page.let(c, _or_dash(end, outside)) for c, end in _columns(one.level)])
                self.page.row += 1
        if not rows:
            return self._nothing()
        self.page.rule_off(STRONG)
        lows, highs = block([row[0] for row in rows]), block([row[1] for row in rows])
        dashes = like(lows, "—")
        has_value = self.page.let(HAS_VALUE, flag(dashes < len(rows)))
        low, high = self.page.let(OVER_LOW, least(lows)), self.page.let(OVER_HIGH, greatest(highs))
        one_ = as_formula(1)
        return Ends((low, one_), (high, one_), has_value=has_value, counts=False)

    def _size(self, classes: SizeClasses, path: Path) -> Ends | None:
        staff, money = self._of_fact(classes.employees, path), self._of_fact(classes.revenue, path)
        if staff is None or money is None:
            return self._nothing()
        rows = []
        for number, one in enumerate(classes.classes, start=1):
            need = self.page.paper.say(Text("从业人员不少于", "employees at least "))
            money_need = self.page.paper.say(Text("，营业收入不少于", ", revenue at least "))
            words = f"{self.page.paper.say(one.text)}：{need} {one.employees}{money_need} {one.revenue}"
            self._part(words, path[-1].name)
            ends = []
            for end in (0, 1):
                people, sales = (staff.low, staff.high)[end], (money.low, money.high)[end]
                enough = (scaled(people[1], int(one.employees)), scaled(sales[1], int(one.revenue)))
                reached = every(people[0] >= enough[0], sales[0] >= enough[1])
                ends.append(self.page.let(OVER_LOW + end, if_else(reached, number, 0)))
            rows.append((ends[0], ends[1]))
            self.page.row += 1
        self.page.rule_off(STRONG)
        low = self.page.let(OVER_LOW, greatest(block([row[0] for row in rows])))
        high = self.page.let(OVER_HIGH, greatest(block([row[1] for row in rows])))
        return Ends((low, as_formula(1)), (high, as_formula(1)), counts=False)


def _columns(ends: tuple[Formula, Formula]) -> tuple[tuple[int, Formula], ...]:
    return ((OVER_LOW, ends[0]), (OVER_HIGH, ends[1]))


def _or_dash(end: Formula, outside: Formula | None) -> Formula:
    return end if outside is None else if_else(outside, "—", end)


def _or_empty(
    ratio: Ratio,
    may_be_empty: Formula,
    low: tuple[Formula, Formula],
    high: tuple[Formula, Formula],
    has_value: Formula,
) -> Ends:
    """Return the ends of a rate that has a value also where its denominator may be 0."""
    assert ratio.if_empty is not None
    over, under = ratio.if_empty.numerator, HUNDRED * ratio.if_empty.denominator
    least_known = low[1].equals(0)  # the denominator is 0 for sure
    lower = (
        if_else(may_be_empty, if_else(least_known, over, 0), low[0]),
        if_else(may_be_empty, if_else(least_known, under, 1), low[1]),
    )
    emptier = every(may_be_empty, either(high[1].equals(0), high[0] * under <= high[1] * over))
    upper = (if_else(emptier, over, high[0]), if_else(emptier, under, high[1]))
    return Ends(lower, upper, HUNDRED, has_value)
