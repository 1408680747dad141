"""Conditions as formulas: what surely holds and what may hold, as 1 or 0; where the two differ, it is not known."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from questionnaires.model import AllOf, Comparison, Condition, Fact, Subject, Text
from questionnaires.values import NO, YES, show_value
from reports import wording
from reports.formula import Block, Formula, as_formula, either, every, flag, greatest, if_else, least, scaled
from reports.workpaper_answers import STATED, TICK, Answers
from reports.workpaper_indicators import Ends, Indicators, Path
from reports.workpaper_page import Paper
from scoring.criteria_file import compares_threshold
from scoring.indicators import bearers

Flags = tuple[Formula, Formula]  # surely, perhaps: 1 or 0
NOT_KNOWN: Flags = (as_formula(0), as_formula(1))
SIGNS = {">=": "≥", "<=": "≤", ">": "＞", "<": "＜", "==": "＝"}
TO_BE_SET = Text("门槛待定", "no threshold yet")
ALL, ANY = Text("以下各项都要达到", "all of the following"), Text("以下各项有一项达到即可", "one of the following")


@dataclass(frozen=True, slots=True)
class Compared:
    """One comparison: in words, the ends that it compares where it compares a number, and what follows."""

    words: str
    ends: Ends | None
    flags: Flags


class Conditions:
    """Turns the conditions of criteria into formulas over the answers."""

    def __init__(self, paper: Paper, answers: Answers, indicators: Indicators) -> None:
        self.paper, self.answers, self.indicators = paper, answers, indicators
        self.facts, self.names = paper.given.criteria.facts, paper.given.criteria.indicators

    def flags(self, condition: Condition, path: Path) -> Flags:
        """Return whether a condition surely holds and whether it may hold, in one formula each."""
        if isinstance(condition, Comparison):
            return self.compared(condition, path, None).flags
        return joined_flags(condition, [self.flags(part, path) for part in condition.parts])

    def compared(self, comparison: Comparison, path: Path, threshold: Formula | None) -> Compared:
        """Return one comparison; `threshold` is the cell with the number on its right, where it has one."""
        words, ends = self.words(comparison), self.indicators.ends(comparison.left, path)
        if compares_threshold(comparison):
            return Compared(words, ends, NOT_KNOWN)
        if isinstance(comparison.right, Fraction):
            right = _constant(comparison.right, threshold)
            return Compared(words, ends, NOT_KNOWN if ends is None else _by_number(comparison.operator, ends, right))
        if comparison.right_is_name:
            other = self.indicators.ends(str(comparison.right), path)
            if ends is None or other is None:
                return Compared(words, ends, NOT_KNOWN)
            self.paper.largest += [_product(ends, other), _product(other, ends)]
            return Compared(words, ends, _by_number(comparison.operator, ends, other))
        return self._by_answer(comparison, path, words, ends)

    def words(self, comparison: Comparison) -> str:
        """Return a comparison in words: 生产装备数字化率 ≥ 50%."""
        return f"{self.name(comparison.left)} {SIGNS[comparison.operator]} {self._right(comparison)}"

    def in_words(self, condition: Condition) -> str:
        """Return a whole condition in words."""
        if isinstance(condition, Comparison):
            return self.words(condition)
        sign = Text("，且", ", and ") if isinstance(condition, AllOf) else Text("，或", ", or ")
        return self.paper.say(sign).join(self.in_words(part) for part in condition.parts)

    def name(self, name: str) -> str:
        """Return a fact or an indicator by its words."""
        return self.paper.say(self.names[name].text if name in self.names else self.facts[name].label)

    def _right(self, comparison: Comparison) -> str:
        right = comparison.right
        if compares_threshold(comparison):
            return self.paper.say(TO_BE_SET)
        if isinstance(right, bool):
            return self.paper.say(YES if right else NO)
        if isinstance(right, Fraction):
            unit = (
                self.names[comparison.left].unit if comparison.left in self.names else self.facts[comparison.left].unit
            )
            sign = wording.unit_sign(unit) if self.paper.lang == "zh" else _sign_en(unit)
            return wording.number_text(right) + sign
        if comparison.right_is_name:
            return self.name(right)
        return show_value(self.facts[comparison.left], right, self.paper.lang)

    # --- facts that are no numbers ------------------------------------------------------------------------------------

    def _by_answer(self, comparison: Comparison, path: Path, words: str, ends: Ends | None) -> Compared:
        fact = self.facts[comparison.left]
        asked = bearers(fact.of, path)
        if len(asked) != 1:
            return Compared(words, None, NOT_KNOWN)
        if isinstance(comparison.right, bool) and comparison.operator == "==" and ends is not None:
            low, high = ends.low[0], ends.high[0]
            yes = (low, high) if comparison.right else (flag(high.equals(0)), flag(low.equals(0)))
            return Compared(words, ends, yes)
        return Compared(words, None, self._by_option(comparison, fact, asked[0]))

    def _by_option(self, comparison: Comparison, fact: Fact, subject: Subject) -> Flags:
        code, answer = str(comparison.right), self.answers.get((subject.key, fact.id))
        codes = [option.code for option in fact.options]
        listed = (answer.ticks or answer.options) if answer is not None else None
        if answer is None or listed is None or comparison.operator != "==" or code not in codes:
            raise TypeError(f"{comparison.left} {comparison.operator} {code}: no formula compares this")
        stated, option = answer.state.equals(self.paper.say(STATED)), _cell_of(listed, codes.index(code))
        chosen = option.equals(TICK) if answer.ticks is not None else answer.cell.equals(option)
        return flag(every(stated, chosen)), if_else(stated, flag(chosen), 1)


def joined_flags(condition: Condition, parts: list[Flags]) -> Flags:
    """Return what several conditions together give: all of them, or one of them."""
    if len(parts) == 1:
        return parts[0]
    join = least if isinstance(condition, AllOf) else greatest
    return join(*(low for low, _high in parts)), join(*(high for _low, high in parts))


def where_applied(that: Flags, applies: Flags) -> Flags:
    """Return what a requirement gives that applies only on a condition: where it does not, it hinders nothing."""
    return greatest(that[0], as_formula(1) - applies[1]), greatest(that[1], as_formula(1) - applies[0])


def _constant(number: Fraction, cell: Formula | None) -> Ends:
    """Return a number as ends; a cell that shows it is read where that is exact."""
    whole = number.denominator == 1
    over = cell if cell is not None and whole else as_formula(number.numerator)
    end = (over, as_formula(number.denominator))
    return Ends(end, end)


def _by_number(operator: str, left: Ends, right: Ends) -> Flags:
    """Compare numbers exactly: numerators over denominators are multiplied crosswise."""
    if operator == "==":
        surely = every(*(_cross(end, right, other, "==") for end, other in _pairs(left, right)))
        never = either(
            _cross((left.high, left.factor), right, right.low, "<"), _cross(_low(left), right, right.high, ">")
        )
        flags = flag(surely), if_else(never, 0, 1)
    elif operator in (">=", ">"):
        flags = (
            flag(_cross(_low(left), right, right.high, operator)),
            flag(_cross(_high(left), right, right.low, operator)),
        )
    else:
        flags = (
            flag(_cross(_high(left), right, right.low, operator)),
            flag(_cross(_low(left), right, right.high, operator)),
        )
    known = [ends.has_value.equals(1) for ends in (left, right) if ends.has_value is not None]
    if not known:
        return flags
    return if_else(every(*known), flags[0], 0), if_else(every(*known), flags[1], 1)


def _product(left: Ends, right: Ends) -> Formula:
    """Return the largest number that a comparison of two figures meets."""
    return scaled(scaled(left.high[0], left.factor), right.high[1])


End = tuple[tuple[Formula, Formula], int]


def _low(ends: Ends) -> End:
    return ends.low, ends.factor


def _high(ends: Ends) -> End:
    return ends.high, ends.factor


def _pairs(left: Ends, right: Ends) -> list[tuple[End, tuple[Formula, Formula]]]:
    return [(_low(left), right.high), (_high(left), right.low)]


def _cross(end: End, right: Ends, other: tuple[Formula, Formula], operator: str) -> Formula:
    (over, under), factor = end
    one, two = scaled(scaled(over, factor), other[1]), scaled(scaled(other[0], right.factor), under)
    match operator:
        case ">=":
            return one >= two
        case ">":
            return one > two
        case "<=":
            return one <= two
        case "<":
            return one < two
    return one.equals(two)


def _cell_of(area: Block, place: int) -> Formula:
    """Return one cell of a block that stands in a column."""
    sheet, _, cells = area.text.rpartition("!")
    first = cells.partition(":")[0]
    letters = first.rstrip("0123456789")
    return Formula(f"{sheet}!{letters}{int(first[len(letters) :]) + place}", area.now[place])


def _sign_en(unit: Text | None) -> str:
    return "" if unit is None else unit.en if unit.en == "%" else f" {unit.en}"
