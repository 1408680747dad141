"""GB/T 39117: degrees of satisfaction -> level scores -> maturity level and totals, exact throughout.

Written twice on purpose: short functions on Fractions that explain one firm, and the same sums compiled to integers
for very many firms. Tests hold the two equal. How facts become degrees and reasons is in `maturity_assessment.py`.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import product, takewhile
from math import lcm
from operator import getitem
from typing import NamedTuple

from scoring.model import Capability, EmptyLevel, GapLevels, MaturityCriteria, Requirement
from scoring.tailoring import shares, subdomains, without

PIECE = 4  # requirements looked up together: tables of 4 ** 4 = 256 entries stay in the processor's cache
OPEN = 255  # the code of a requirement that is unanswered or not known


def level_score(degrees: Mapping[str, Sequence[Fraction]], weights: Mapping[str, int]) -> Fraction:
    """Return the weighted mean degree of satisfaction (满足程度) of one group at one level, 0 to 1.

    `degrees` gives, for each member of the group, the degree of every requirement at this level. A member with no
    requirement at this level is left out and the other weights scaled up (switch `empty_level`, open question Q1).
    Source: GB/T 39117-2020 part 6. Exact: 4/5 is the pass mark, so no rounding.
    """
    rated = [member for member in weights if degrees.get(member)]
    means = {m: sum(degrees[m], Fraction(0)) / len(degrees[m]) for m in rated}
    return sum((weights[m] * means[m] for m in rated), Fraction(0)) / sum(weights[m] for m in rated)


def maturity_level(level_scores: Sequence[Fraction], pass_mark: Fraction) -> int:
    """Count the levels met one after another from level 1; 0 when level 1 is not met."""
    return len(list(takewhile(lambda score: score >= pass_mark, level_scores)))


def stop_total(level_scores: Sequence[Fraction], pass_mark: Fraction) -> Fraction:
    """Return the levels met one after another plus the score of the first unmet one, 0 to 5.

    The stop rule is this product's conservative reading (open question Q2); the literal total stands beside it.
    """
    level = maturity_level(level_scores, pass_mark)
    return level + (level_scores[level] if level < len(level_scores) else Fraction(0))


def literal_total(level_scores: Sequence[Fraction], pass_mark: Fraction) -> Fraction:
    """Return the plain sum over all levels, a met level counted as 1. Source: GB/T 39117-2020 part 6 (known-high)."""
    return sum((Fraction(1) if score >= pass_mark else score for score in level_scores), Fraction(0))


def level_of_total(total: Fraction, bands: Sequence[Fraction]) -> int:
    """Return the level whose band holds `total`; `bands` gives the lowest total of level 1, 2, ..."""
    return sum(total >= lowest for lowest in bands)


def node_scores(
    capability: Capability, level: int, degrees: Mapping[str, Fraction], empty: EmptyLevel
) -> dict[tuple[str, str], Fraction]:
    """Return the scores at `level` of a capability and of everything below it, by (kind, id).

    Left out is what has no requirement at this level. `degrees` holds the degree of every requirement, by its id.
    """
    own = (capability.kind, capability.id)
    if not capability.parts:
        counted = requirements_at(capability, level, empty)
        return {own: sum((degrees[r.id] for r in counted), Fraction(0)) / len(counted)} if counted else {}
    found: dict[tuple[str, str], Fraction] = {}
    for part in capability.parts:
        found |= node_scores(part, level, degrees, empty)
    scores = {p.id: [found[p.kind, p.id]] for p in capability.parts if (p.kind, p.id) in found}
    return found | {own: level_score(scores, {p.id: p.weight for p in capability.parts})} if scores else found


def whole_score(
    capabilities: Sequence[Capability],
    level: int,
    degrees: Mapping[str, Fraction],
    empty: EmptyLevel = EmptyLevel.SPREAD,
) -> Fraction:
    """Return the level score of the whole firm, 0 to 1; 0 where no requirement stands at this level."""
    whole = Capability("whole", "whole", capabilities[0].text, 100, tuple(capabilities))
    return node_scores(whole, level, degrees, empty).get(("whole", "whole"), Fraction(0))


def requirements_at(subdomain: Capability, level: int, empty: EmptyLevel) -> tuple[Requirement, ...]:
    """Return the requirements of a subdomain that count at `level`, by the switch `empty_level`."""
    own = tuple(r for r in subdomain.requirements if r.level == level)
    if own or empty is EmptyLevel.SPREAD or level == 1:
        return own
    return requirements_at(subdomain, level - 1, empty)


def lifts(capabilities: Sequence[Capability], level: int, empty: EmptyLevel = EmptyLevel.SPREAD) -> dict[str, Fraction]:
    """Return, by requirement id, what a full degree adds to the level score; the values sum to 1."""
    counted = {s.id: requirements_at(s, level, empty) for s in subdomains(capabilities)}
    rated = without(capabilities, [s for s, requirements in counted.items() if not requirements])
    return {r.id: share / len(counted[s]) for s, share in shares(rated).items() for r in counted[s]} if rated else {}


def tailored_tree(criteria: MaturityCriteria, tailored: Collection[str]) -> tuple[Capability, ...]:
    """Return the capability elements of `criteria` without the tailored subdomains."""
    return without(criteria.capabilities, tailored)


class MaturityScore(NamedTuple):
    """One firm's outcome as integers over the common denominator of the compiled criteria."""

    level: int  # by the switch `gap_levels`
    stop: int  # total by the stop rule, times `denominator`
    literal: int  # literal total, times `denominator`
    scores: tuple[int, ...]  # level scores, times `denominator`
    denominator: int

    @property
    def total(self) -> Fraction:
        """The total by the stop rule, 0 to 5."""
        return Fraction(self.stop, self.denominator)

    @property
    def literal_total(self) -> Fraction:
        """The plain sum over the levels, 0 to 5."""
        return Fraction(self.literal, self.denominator)

    @property
    def level_scores(self) -> tuple[Fraction, ...]:
        """The score of level 1, 2, ..., each 0 to 1."""
        return tuple(Fraction(score, self.denominator) for score in self.scores)


@dataclass(frozen=True, slots=True)
class CompiledMaturity:
    """The criteria as integers: answers are bytes, one a requirement, and every sum is a table look-up.

    A table entry holds what one piece of answers adds to all levels at once, each level in its own `field` bits.
    """

    requirements: tuple[str, ...]  # requirement ids in the order of the bytes
    codes: Mapping[str, int]  # degree -> byte, worst degree 0
    denominator: int
    cut: struct.Struct  # cuts the answers into pieces
    tables: tuple[Mapping[bytes, int], ...]  # piece of answers -> its share of all level scores
    field: int  # bits a level
    levels: int
    lowest_met: int  # pass mark times denominator
    bands: tuple[int, ...]  # times denominator
    gap_levels: GapLevels
    values: tuple[Fraction, ...]  # of the degrees, worst first
    lifts: tuple[Mapping[str, int], ...]  # what a full degree adds to level 1, 2, ..., times denominator

    @property
    def levels_apart(self) -> bool:
        """True when every level is judged by requirements of its own, and none above the first unmet one counts."""
        counted = sum(len(by_requirement) for by_requirement in self.lifts)
        return self.gap_levels is GapLevels.STOP and counted == len(set().union(*self.lifts))

    def encode(self, degrees: Mapping[str, str | None]) -> bytes:
        """Return the answers as bytes; a requirement that `degrees` lacks or maps to None is open."""
        return bytes(OPEN if (d := degrees.get(r)) is None else self.codes[d] for r in self.requirements)

    def score(self, degrees: bytes) -> MaturityScore:
        """Score a fully answered firm; `degrees` is what `encode` gives. KeyError when a requirement is open."""
        packed = sum(map(getitem, self.tables, self.cut.unpack(degrees)))
        field, mask, met = self.field, (1 << self.field) - 1, self.lowest_met
        scores = tuple([packed >> shift & mask for shift in range(0, field * self.levels, field)])
        return self._judge(scores, [self.denominator if score >= met else score for score in scores])

    def bounds(self, degrees: bytes) -> tuple[MaturityScore, MaturityScore]:
        """Score the worst and the best that the open requirements allow.

        Both are attained, and nothing lies outside: every score only grows with every answer.
        """
        worst = degrees.replace(bytes([OPEN]), b"\0")
        best = degrees.replace(bytes([OPEN]), bytes([max(self.codes.values())]))
        return self.score(worst), self.score(best)

    def _judge(self, scores: tuple[int, ...], counted: Sequence[int]) -> MaturityScore:
        one, level = self.denominator, 0
        while level < self.levels and counted[level] == one:
            level += 1
        stop = level * one + (counted[level] if level < self.levels else 0)
        literal = sum(counted)
        if self.gap_levels is GapLevels.LITERAL:
            level = sum(literal >= lowest for lowest in self.bands)
        return MaturityScore(level, stop, literal, scores, one)


@lru_cache(maxsize=64)
def compile_maturity(criteria: MaturityCriteria, tailored: frozenset[str] = frozenset()) -> CompiledMaturity:
    """Compile `criteria` without the tailored subdomains to integers; kept for the next call."""
    tree = tailored_tree(criteria, tailored)
    order = tuple(r.id for s in subdomains(tree) for r in s.requirements)
    levels = range(1, len(criteria.bands) + 1)
    lift = [lifts(tree, level, criteria.empty_level) for level in levels]
    degrees = sorted(criteria.degrees, key=lambda degree: criteria.degrees[degree])
    values = [criteria.degrees[degree] for degree in degrees]
    one = _common_denominator([*_all(lift), Fraction(1)], [*values, criteria.pass_mark, *criteria.bands])
    field = one.bit_length() + 1
    packed = [sum(int(by.get(r, 0) * one) << field * n for n, by in enumerate(lift)) for r in order]
    return CompiledMaturity(
        requirements=order,
        codes={degree: code for code, degree in enumerate(degrees)},
        denominator=one,
        cut=struct.Struct("".join(f"{len(piece)}s" for piece in _pieces(packed))),
        tables=tuple(_table(piece, values) for piece in _pieces(packed)),
        field=field,
        levels=len(lift),
        lowest_met=int(criteria.pass_mark * one),
        bands=tuple(int(lowest * one) for lowest in criteria.bands),
        gap_levels=criteria.gap_levels,
        values=tuple(values),
        lifts=tuple({requirement: int(share * one) for requirement, share in by.items()} for by in lift),
    )


def _all(lift: Iterable[Mapping[str, Fraction]]) -> Iterator[Fraction]:
    return (value for by_requirement in lift for value in by_requirement.values())


def _common_denominator(lift: Iterable[Fraction], values: Iterable[Fraction]) -> int:
    return lcm(*(f.denominator for f in lift)) * lcm(*(f.denominator for f in values))


def _pieces(packed: Sequence[int]) -> list[Sequence[int]]:
    return [packed[start : start + PIECE] for start in range(0, len(packed), PIECE)]


def _table(piece: Sequence[int], values: Sequence[Fraction]) -> dict[bytes, int]:
    # One times a degree is whole in every level field, because the denominators of the degrees divide it.
    worth = [[lift * v.numerator // v.denominator for v in values] for lift in piece]
    answers = product(range(len(values)), repeat=len(piece))
    return {bytes(codes): sum(map(getitem, worth, codes)) for codes in answers}
