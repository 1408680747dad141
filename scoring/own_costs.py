"""Costs that stand in for those of the catalogue, and the catalogue with them: what plans of a firm are computed with.

A firm's own cost of a place is what that place costs; one of the installation follows the size of the firm as before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from scoring.model import Costs, CriteriaSet, Improvement, PricedBy


class CostPart(StrEnum):
    """What a cost is for."""

    PLACE = "place"  # carrying an improvement out at one place
    UNIT = "unit"  # each unit that it adds


class OwnCost(NamedTuple):
    """A cost that replaces another."""

    improvement_id: str
    part: CostPart
    cost: Costs
    whose: PricedBy


def effective(own: Iterable[OwnCost]) -> tuple[OwnCost, ...]:
    """Return what counts of several costs, in a fixed order: of two for the same thing the firm's."""
    found: dict[tuple[str, CostPart], OwnCost] = {}
    for one in own:
        known = found.get((one.improvement_id, one.part))
        if known is None or known.whose is not PricedBy.FIRM:
            found[one.improvement_id, one.part] = one
    return tuple(sorted(found.values()))


@lru_cache(maxsize=64)
def with_own_costs(criteria: CriteriaSet, own: tuple[OwnCost, ...]) -> CriteriaSet:
    """Return the criteria with these costs; what is no improvement of the catalogue is left out."""
    if not own:
        return criteria
    by_improvement: dict[str, list[OwnCost]] = {}
    for one in effective(own):
        by_improvement.setdefault(one.improvement_id, []).append(one)
    improvements = (_priced(one, by_improvement.get(one.id, ())) for one in criteria.improvements)
    return replace(criteria, improvements=tuple(improvements))


def _priced(improvement: Improvement, own: Iterable[OwnCost]) -> Improvement:
    for one in own:
        firm = PricedBy.FIRM in (one.whose, improvement.priced_by)
        improvement = replace(improvement, priced_by=PricedBy.FIRM if firm else one.whose)
        if one.part is CostPart.UNIT:
            improvement = replace(improvement, each=one.cost)
        else:
            # A scale that is not known leaves a cost as it is.
            scale = "" if one.whose is PricedBy.FIRM else improvement.scale
            improvement = replace(improvement, cost=one.cost, scale=scale)
    return improvement
