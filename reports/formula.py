"""Formulas that are written into a workbook and computed here as well, exactly, from one and the same expression.

So every cell of a workbook keeps what its formula gives, also for programs that show a file without computing it.
Only functions that every spreadsheet has known for decades are here; nothing is an array formula.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor, gcd, lcm
from typing import Final, TypeAlias

# A spreadsheet keeps 15 digits of a number, and compares no more of them: a whole number below is exact in each.
EXACT_BELOW: Final = 10**15
_COMPARED, _JOINED, _ADDED, _MULTIPLIED, _WHOLE = range(5)  # how firmly the parts of a formula hold together

Now: TypeAlias = int | Fraction | str | bool | None  # what a formula gives; None is an error such as #VALUE!


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula, or one cell that a formula refers to: how it is written, and what it gives now."""

    text: str
    now: Now
    rank: int = _WHOLE

    def __add__(self, other: Formula | int) -> Formula:
        return _infix("+", self, as_formula(other), _ADDED, lambda a, b: a + b)

    def __sub__(self, other: Formula | int) -> Formula:
        return _infix("-", self, as_formula(other), _ADDED, lambda a, b: a - b)

    def __mul__(self, other: Formula | int) -> Formula:
        return _infix("*", self, as_formula(other), _MULTIPLIED, lambda a, b: a * b)

    def __truediv__(self, other: Formula | int) -> Formula:
        return _infix("/", self, as_formula(other), _MULTIPLIED, lambda a, b: a / b if b else None)

    def __ge__(self, other: Formula | int) -> Formula:
        return _infix(">=", self, as_formula(other), _COMPARED, lambda a, b: a >= b)

    def __gt__(self, other: Formula | int) -> Formula:
        return _infix(">", self, as_formula(other), _COMPARED, lambda a, b: a > b)

    def __le__(self, other: Formula | int) -> Formula:
        return _infix("<=", self, as_formula(other), _COMPARED, lambda a, b: a <= b)

    def __lt__(self, other: Formula | int) -> Formula:
        return _infix("<", self, as_formula(other), _COMPARED, lambda a, b: a < b)

    def equals(self, other: Formula | int | str) -> Formula:
        """Return whether both are the same: numbers, or texts."""
        right = as_formula(other)
        return Formula(_written("=", self, right, _COMPARED), _same(self.now, right.now), _COMPARED)

    def differs(self, other: Formula | int | str) -> Formula:
        """Return whether they are not the same."""
        right = as_formula(other)
        return Formula(_written("<>", self, right, _COMPARED), not _same(self.now, right.now), _COMPARED)


@dataclass(frozen=True, slots=True)
class Block:
    """Cells under or beside each other, and what they hold now."""

    text: str
    now: tuple[Now, ...]


def as_formula(value: Formula | int | Fraction | str) -> Formula:
    """Return a number or a text as it stands in a formula."""
    if isinstance(value, Formula):
        return value
    if isinstance(value, str):
        return Formula('"' + value.replace('"', '""') + '"', value)
    whole = value.denominator == 1
    return Formula(str(value), int(value) if whole else value, _WHOLE if whole and value >= 0 else _ADDED)


def block(cells: Sequence[Formula]) -> Block:
    """Return cells that stand in one row or column, without a gap, as a block."""
    last = cells[-1].text.rpartition("!")[2]
    return Block(f"{cells[0].text}:{last}" if len(cells) > 1 else cells[0].text, tuple(cell.now for cell in cells))


def scaled(value: Formula, by: Formula | int) -> Formula:
    """Return a product; what is written out is multiplied at once, and a 1 is left out."""
    factor = as_formula(by)
    if value.text.isdigit() and factor.text.isdigit():
        return as_formula(int(value.text) * int(factor.text))
    if "1" in (value.text, factor.text):
        return factor if value.text == "1" else value
    return value * factor


# --- functions --------------------------------------------------------------------------------------------------------


def if_else(condition: Formula, then: Formula | int | str, other: Formula | int | str) -> Formula:
    """IF: what is not chosen may be an error."""
    yes, no = as_formula(then), as_formula(other)
    return Formula(f"IF({condition.text},{yes.text},{no.text})", yes.now if condition.now else no.now)


def flag(condition: Formula) -> Formula:
    """Return 1 where a condition holds, else 0."""
    return if_else(condition, 1, 0)


def every(*conditions: Formula) -> Formula:
    """AND."""
    return _function("AND", conditions, all(one.now for one in conditions))


def either(*conditions: Formula) -> Formula:
    """OR."""
    return _function("OR", conditions, any(one.now for one in conditions))


def is_number(value: Formula) -> Formula:
    """ISNUMBER."""
    return _function("ISNUMBER", (value,), _is_number(value.now))


def least(*parts: Formula | Block | int) -> Formula:
    """MIN."""
    return _of_numbers("MIN", parts, min)


def greatest(*parts: Formula | Block | int) -> Formula:
    """MAX."""
    return _of_numbers("MAX", parts, max)


def total(*parts: Formula | Block | int) -> Formula:
    """SUM."""
    return _of_numbers("SUM", parts, lambda numbers: sum(numbers, Fraction(0)))


def counted(cells: Block) -> Formula:
    """COUNT: how many of the cells hold a number."""
    return Formula(f"COUNT({cells.text})", sum(map(_is_number, cells.now)))


def common_divisor(*parts: Formula) -> Formula:
    """GCD."""
    return _of_numbers("GCD", parts, lambda numbers: gcd(*map(int, numbers)))


def common_multiple(*parts: Formula) -> Formula:
    """LCM. Not for large numbers: some programs multiply before they divide."""
    return _of_numbers("LCM", parts, lambda numbers: lcm(*map(int, numbers)))


def rounded(value: Formula) -> Formula:
    """Return the nearest whole number, halves away from zero."""
    return Formula(f"ROUND({value.text},0)", _half_away(value.now) if _is_number(value.now) else None)


def picked(place: Formula, *options: str) -> Formula:
    """CHOOSE: the text at a place, counted from 1."""
    at = place.now
    now = options[int(at) - 1] if isinstance(at, int | Fraction) and 1 <= at <= len(options) else None
    return Formula(f"CHOOSE({place.text},{','.join(as_formula(one).text for one in options)})", now)


def joined(*parts: Formula | str) -> Formula:
    """Return texts one after another."""
    formulas = [as_formula(part) for part in parts]
    text = "&".join(_within(one, _JOINED) for one in formulas)
    return Formula(text, "".join(str(one.now) for one in formulas), _JOINED)


def digits(value: Formula) -> Formula:
    """Return a whole number as text, all its digits."""
    return Formula(f'TEXT({value.text},"0")', str(int(value.now)) if isinstance(value.now, int | Fraction) else None)


def quotient(numerator: Formula, denominator: Formula) -> Formula:
    """Return a fraction in its lowest terms as text: 4/5, or a whole number."""
    shared = common_divisor(numerator, denominator)
    under = denominator / shared
    return joined(digits(numerator / shared), if_else(under.equals(1), "", joined("/", digits(under))))


def like(cells: Block, wanted: Formula | str) -> Formula:
    """Return how many of the cells hold this text."""
    sought = as_formula(wanted)
    now = sum(_same(one, sought.now) for one in cells.now)
    return Formula(f"SUMPRODUCT(({cells.text}={_within(sought, _JOINED)})*1)", now)


def worth(cells: Block, wanted: Formula | str, values: Block) -> Formula:
    """Add up the values beside the cells that hold this text."""
    sought = as_formula(wanted)
    pairs = zip(cells.now, values.now, strict=True)
    now = _whole(sum((_number(value) for cell, value in pairs if _same(cell, sought.now)), Fraction(0)))
    return Formula(f"SUMPRODUCT(({cells.text}={_within(sought, _JOINED)})*{values.text})", now)


def reaching(cells: Block, wanted: Formula | int) -> Formula:
    """Return how many of the cells hold at least this number."""
    level = as_formula(wanted)
    now = sum(_number(one) >= _number(level.now) for one in cells.now)
    return Formula(f"SUMPRODUCT(({cells.text}>={_within(level, _JOINED)})*1)", now)


def reaching_and(cells: Block, wanted: Formula | int, marked: Block) -> Formula:
    """Return how many of the cells hold at least this number and are marked by a 1 beside them."""
    level = as_formula(wanted)
    pairs = zip(cells.now, marked.now, strict=True)
    now = sum(_number(one) >= _number(level.now) and mark == 1 for one, mark in pairs)
    return Formula(f"SUMPRODUCT(({cells.text}>={_within(level, _JOINED)})*{marked.text})", now)


# --- writing and computing --------------------------------------------------------------------------------------------


def _function(name: str, parts: Sequence[Formula], now: Now) -> Formula:
    return Formula(f"{name}({','.join(one.text for one in parts)})", now)


def _of_numbers(
    name: str, parts: Sequence[Formula | Block | int], compute: Callable[[list[Fraction]], Fraction | int]
) -> Formula:
    given = [one if isinstance(one, Block) else as_formula(one) for one in parts]
    text = f"{name}({','.join(one.text for one in given)})"
    single = [one.now for one in given if isinstance(one, Formula)]
    if not all(map(_is_number, single)):
        return Formula(text, None)
    numbers = [_number(now) for one in given for now in _all(one) if _is_number(now)]
    return Formula(text, _whole(compute(numbers)) if numbers else 0)


def _all(one: Formula | Block) -> Iterable[Now]:
    return one.now if isinstance(one, Block) else (one.now,)


def _infix(
    sign: str,
    left: Formula,
    right: Formula,
    rank: int,
    compute: Callable[[Fraction, Fraction], Fraction | bool | None],
) -> Formula:
    text = _written(sign, left, right, rank)
    if not (_is_number(left.now) and _is_number(right.now)):
        return Formula(text, None, rank)
    now = compute(_number(left.now), _number(right.now))
    return Formula(text, now if isinstance(now, bool) or now is None else _whole(now), rank)


def _written(sign: str, left: Formula, right: Formula, rank: int) -> str:
    # Written in the order in which it is computed here: a*b/c would grow larger on its way than a*(b/c).
    behind = rank if sign == "+" else rank + 1
    return f"{_within(left, rank)}{sign}{_within(right, behind)}"


def _within(part: Formula, rank: int) -> str:
    return part.text if part.rank >= rank else f"({part.text})"


def _is_number(now: Now) -> bool:
    return isinstance(now, int | Fraction) and not isinstance(now, bool)


def _number(now: Now) -> Fraction:
    return Fraction(now) if isinstance(now, int | Fraction) else Fraction(0)


def _whole(now: Fraction | int) -> int | Fraction:
    return int(now) if now.denominator == 1 else now


def _half_away(now: Now) -> int:
    number = _number(now)
    return floor(number + Fraction(1, 2)) if number >= 0 else -floor(Fraction(1, 2) - number)


def _same(one: Now, other: Now) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one.casefold() == other.casefold()
    return _is_number(one) and _is_number(other) and one == other
