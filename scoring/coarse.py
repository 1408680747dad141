"""Numbers about a group of firms that show none of them: quartiles in steps and shares in bands, from a few firms on.

Everything is exact. What a value is rounded to before it is looked at, nothing that follows can tell more finely.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Final

from scoring.exact import Bounds

FEWEST: Final = 5  # firms behind a number; of fewer there is none
PARTS: Final = ((50, 10), (10, 5))  # from so many firms on a share is told in tenths, in fifths
QUARTERS: Final = (Fraction(1, 4), Fraction(3, 4))  # of fewer: under a quarter, between, three quarters or more
HALF: Final = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Quartiles:
    """The values below which about a quarter, half and three quarters of the firms stand, in steps."""

    counted: int  # firms whose value is settled
    low: Fraction
    median: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the firms, as a band of the whole: from `least` on, and under `below` unless that is 1."""

    counted: int  # firms of which it is settled
    least: Fraction
    below: Fraction


def steps_to(value: Fraction, step: Fraction) -> int:
    """Return how many steps the nearest multiple of `step` is, of two equally near ones the upper."""
    return floor(value / step + HALF)


def settled(bounds: Bounds, step: Fraction) -> int | None:
    """Return how many steps a value is; None where the open answers leave more than one."""
    low, high = steps_to(bounds.low, step), steps_to(bounds.high, step)
    return low if low == high else None


def quartiles(values: Iterable[int | None], step: Fraction) -> Quartiles | None:
    """Return the quartiles by nearest rank of values counted in steps, those not settled (None) left out.

    The value of rank k·n/4, rounded up, of n values from the lowest on. With five or more values that is never the
    lowest or the highest of them. None: fewer than FEWEST are settled.
    """
    known = sorted(value for value in values if value is not None)
    if len(known) < FEWEST:
        return None
    low, median, high = (known[-(-quarter * len(known) // 4) - 1] * step for quarter in (1, 2, 3))
    return Quartiles(len(known), low, median, high)


def share(claims: Iterable[bool | None]) -> Share | None:
    """Return how large a part of the settled claims holds, as the band it lies in; None: fewer than FEWEST are settled.

    Each band has room for two counts at least, so that none is told, and neither “all” nor “nobody”.
    """
    known = [claim for claim in claims if claim is not None]
    if len(known) < FEWEST:
        return None
    edges = (Fraction(0), *_edges(len(known)), Fraction(1))
    part = Fraction(sum(known), len(known))
    place = sum(part >= edge for edge in edges[1:-1])
    return Share(len(known), edges[place], edges[place + 1])


def _edges(firms: int) -> tuple[Fraction, ...]:
    parts = next((parts for fewest, parts in PARTS if firms >= fewest), 0)
    return tuple(Fraction(part, parts) for part in range(1, parts)) or QUARTERS
