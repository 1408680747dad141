"""An integer program as plain whole numbers: what may be chosen, what it costs, what has to be reached.

Knows no solver. Everything is checked again here in whole numbers, so no tolerance of a solver decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from math import gcd, lcm

Terms = Mapping[int, Fraction | int]  # variable -> what one of it adds


@dataclass(slots=True)
class Variable:
    """A number to choose from 0 up to `most`, whole or, where that follows from the others, not."""

    most: int
    whole: bool
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A sum of variables that has to be at least `least`, all in whole numbers."""

    terms: Mapping[int, int]
    least: int
    need: int | None = None  # which need of the goals it says; None for what holds the program together


@dataclass(slots=True)
class Program:
    """Variables and rows; built once for a firm and its goals, solved with different costs, limits and fixings."""

    variables: list[Variable] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    _limits: dict[int, list[Row]] = field(default_factory=dict)
    _looked_at: tuple[int, bool] = (0, False)  # how many rows, and whether one of them is hopeless

    def variable(self, most: int = 1, *, whole: bool = True, cost: int = 0) -> int:
        """Add a variable and return its number."""
        self.variables.append(Variable(most, whole, cost))
        return len(self.variables) - 1

    def at_least(self, terms: Terms, least: Fraction | int, need: int | None = None) -> None:
        """Ask that the sum of `terms` is at least `least`; fractions are brought to whole numbers."""
        used = {number: Fraction(worth) for number, worth in terms.items() if worth}
        scale = lcm(Fraction(least).denominator, *(worth.denominator for worth in used.values()))
        whole = {number: int(worth * scale) for number, worth in used.items()}
        least_whole = int(least * scale)
        shared = reduce(gcd, whole.values(), 0) or 1
        # Rounding up after dividing keeps every whole solution, and keeps the numbers small for the solver.
        only_whole = all(self.variables[number].whole for number in whole)
        divided = -(-least_whole // shared) if only_whole else None
        if divided is None:
            shared = gcd(shared, least_whole)
            divided = least_whole // shared
        row = Row({number: worth // shared for number, worth in whole.items()}, divided, need)
        self.rows.append(row)
        for number, worth in row.terms.items():
            if worth < 0 and not self.variables[number].whole:
                self._limits.setdefault(number, []).append(row)

    def at_most(self, terms: Terms, most: Fraction | int) -> None:
        """Ask that the sum of `terms` is at most `most`."""
        self.at_least({number: -worth for number, worth in terms.items()}, -most)

    def limits(self, number: int) -> list[Row]:
        """Return the rows that limit a variable that follows from others, which come before it."""
        return self._limits.get(number, [])

    def is_hopeless(self, row: Row) -> bool:
        """Tell whether a row cannot be satisfied whatever is chosen."""
        return sum(worth * self.variables[n].most for n, worth in row.terms.items() if worth > 0) < row.least

    def any_hopeless(self) -> bool:
        """Tell the same of all rows; kept until another is added, for a program is solved many times."""
        known, hopeless = self._looked_at
        if known < len(self.rows):
            hopeless = hopeless or any(map(self.is_hopeless, self.rows[known:]))
            self._looked_at = len(self.rows), hopeless
        return hopeless

    def lowest(self, terms: Terms) -> Fraction:
        """Return the least that the sum of `terms` can be."""
        return sum((Fraction(w) * self.variables[n].most for n, w in terms.items() if w < 0), Fraction(0))


def total(terms: Mapping[int, int], values: Sequence[int]) -> int:
    """Return the exact sum of `terms` for chosen `values`."""
    return sum(worth * values[number] for number, worth in terms.items())
