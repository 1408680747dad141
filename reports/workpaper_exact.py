"""Which facts the formulas of a workpaper read, and by how much each number is multiplied to be whole.

A spreadsheet computes with 15 digits. Whole numbers below 10^15 are exact in all of them, so whatever meets a threshold
is a whole number: degrees are counted in tenths, points in fortieths, sums of money in yuan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from math import lcm

from questionnaires.conditions import comparisons
from questionnaires.model import FactKind
from questionnaires.values import decimal_text
from reports.formula import EXACT_BELOW
from reports.given import Given, paths
from scoring.gates import names_of, sides
from scoring.indicators import facts_behind, stated_value
from scoring.model import Criteria, GatesCriteria, PointsCriteria, SizeClasses

ROOM = 1000  # a number meets a threshold in percent, and that may have a decimal
FINEST = 4  # decimals, where they fit


def judging(given: Given) -> tuple[Criteria, ...]:
    """Return the criteria of the assessments, each once, in their order."""
    ids = dict.fromkeys(one.criteria_id for one in given.assessments)
    return tuple(given.criteria.criteria[name] for name in ids)


def read_names(given: Given) -> tuple[str, ...]:
    """Return every fact and indicator that these criteria read, but for the practices of the maturity tables."""
    return tuple(dict.fromkeys(name for criteria in judging(given) for name in _names(criteria) if name))


def read_facts(given: Given) -> frozenset[str]:
    """Return every fact that a formula reads, but for the practices of the maturity tables."""
    return frozenset(fact for name in read_names(given) for fact in facts_behind(name, given.criteria.indicators))


def _names(criteria: Criteria) -> Iterator[str]:
    if criteria.applies_when is not None:
        yield from (name for one in comparisons(criteria.applies_when) for name in sides(one))
    if isinstance(criteria, GatesCriteria):
        yield from (name for one in criteria.requirements for name in names_of(one))
    if isinstance(criteria, PointsCriteria):
        yield from (one.indicator or one.requirement.fact or "" for one in criteria.questions)
        yield from (one.requirement.fact or "" for one in criteria.scenes)


def scales(given: Given) -> Mapping[str, int]:
    """Return by how much each number that is read is multiplied; facts of one indicator by the same."""
    found: dict[str, int] = {}
    for together in _together(given):
        scale = _scale(given, together)
        found |= dict.fromkeys(together, scale)
    return found


def _together(given: Given) -> list[frozenset[str]]:
    """Return the numbers that are read, gathered so that what one indicator reads is in one group."""
    groups: list[frozenset[str]] = []
    for facts in _compared(given):
        group = frozenset(fact for fact in facts if given.fact(fact).kind is FactKind.NUMBER)
        joined = [one for one in groups if one & group]
        groups = [one for one in groups if not one & group] + [group.union(*joined)]
    return [group for group in groups if group]


def _compared(given: Given) -> Iterator[tuple[str, ...]]:
    """Yield what each name that is read rests on; the figures of a size class are never held against each other."""
    for name in read_names(given):
        facts, indicator = facts_behind(name, given.criteria.indicators), given.criteria.indicators.get(name)
        if indicator is not None and isinstance(indicator.how, SizeClasses):
            yield from ((fact,) for fact in facts)
        else:
            yield facts


def _scale(given: Given, names: Iterable[str]) -> int:
    facts = [given.fact(name) for name in names]
    if all(fact.whole for fact in facts):
        return 1
    ends = [end for fact in facts for end in (fact.min, fact.max) if end is not None]
    values = [*ends, *(value for fact in facts for value in _values(given, fact.id))]
    every = lcm(*(value.denominator for value in values))
    largest = max([abs(end) for end in ends], default=Fraction(1)) * ROOM * _bearers(given)
    fitting = [one for one in _finest_first(every) if largest * one < EXACT_BELOW]
    return next(iter(fitting), next(one for one in _finest_first(1) if largest * one < EXACT_BELOW or one == 1))


def _finest_first(denominator: int) -> Iterator[int]:
    return (lcm(10**places, denominator) for places in range(FINEST, -1, -1))


def _bearers(given: Given) -> int:
    return sum(1 for _path in paths(given.filled.firm))


def _values(given: Given, name: str) -> Iterator[Fraction]:
    for path in paths(given.filled.firm):
        value = stated_value(path[0].facts.get(name))
        if isinstance(value, Fraction):
            yield value


def fits(value: Fraction) -> bool:
    """Tell whether a spreadsheet keeps every digit of a number."""
    digits = decimal_text(value)
    return digits is not None and len(digits.lstrip("-").replace(".", "").strip("0")) <= 15
