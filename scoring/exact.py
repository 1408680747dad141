"""Bounds: the exact lowest and highest value that the unanswered facts leave open. Never a float.

Rounding is for people and happens in `reports/wording.py`, never before a comparison.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Bounds:
    """The lowest and the highest value still possible, both attained by some answer to the open facts."""

    low: Fraction
    high: Fraction

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError(f"bounds the wrong way round: {self.low} > {self.high}")

    @property
    def settled(self) -> bool:
        """True when both ends agree, so that the value is known."""
        return self.low == self.high

    def reaches(self, threshold: Fraction) -> bool | None:
        """Tell whether the value is at least `threshold`; None while the two ends disagree."""
        if self.low >= threshold:
            return True
        return False if self.high < threshold else None


def exactly(value: Fraction | int) -> Bounds:
    """Return the bounds of a known value."""
    return Bounds(Fraction(value), Fraction(value))
