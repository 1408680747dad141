"""What the improvements cost a firm: its own figures, else those of the installation, else the catalogue's."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from flask import current_app
from sqlalchemy import select

from app.extensions import db
from app.planning.models import CostOverride, CostPart
from scoring.costs_file import OwnCosts
from scoring.model import Costs, CriteriaSet, Improvement


class _Replaced(NamedTuple):
    """A cost that replaces another; a firm's own is not scaled by its size."""

    improvement_id: str
    part: CostPart
    cost: Costs
    of_firm: bool


def catalogue_for(firm_id: UUID, criteria: CriteriaSet) -> CriteriaSet:
    """Return the criteria with the costs that a plan of this firm is computed with; as they are where none differ."""
    own = [_Replaced(one.improvement_id, one.part, one.cost, True) for one in overrides_of(firm_id)]
    return _with_costs(criteria, (*_of_installation(), *own))


def catalogue_of_installation(criteria: CriteriaSet) -> CriteriaSet:
    """Return the criteria with the costs for firms that have none of their own."""
    return _with_costs(criteria, _of_installation())


def overrides_of(firm_id: UUID) -> list[CostOverride]:
    """Return the costs that a firm plans with instead. Whether it may be seen is asked before."""
    query = select(CostOverride).where(CostOverride.firm_id == firm_id)
    return list(db.session.scalars(query.order_by(CostOverride.improvement_id, CostOverride.part)))


def _of_installation() -> tuple[_Replaced, ...]:
    costs: Mapping[str, OwnCosts] = current_app.config["ZHIZHEN"].costs
    places = [_Replaced(name, CostPart.PLACE, one.cost, False) for name, one in costs.items() if one.cost]
    units = [_Replaced(name, CostPart.UNIT, one.each, False) for name, one in costs.items() if one.each]
    return (*places, *units)


@lru_cache(maxsize=64)
def _with_costs(criteria: CriteriaSet, replaced: tuple[_Replaced, ...]) -> CriteriaSet:
    if not replaced:
        return criteria
    by_improvement: dict[str, list[_Replaced]] = {}
    for one in replaced:
        by_improvement.setdefault(one.improvement_id, []).append(one)
    improvements = (_replaced(one, by_improvement.get(one.id, ())) for one in criteria.improvements)
    return replace(criteria, improvements=tuple(improvements))


def _replaced(improvement: Improvement, costs: list[_Replaced] | tuple[()]) -> Improvement:
    for one in costs:
        if one.part is CostPart.UNIT:
            improvement = replace(improvement, each=one.cost)
        else:
            # A scale that is not known leaves a cost as it is.
            improvement = replace(improvement, cost=one.cost, scale="" if one.of_firm else improvement.scale)
    return improvement


def digest_of(criteria: CriteriaSet) -> str:
    """Return the SHA-256 of what plans are computed with: every improvement with its effects, costs and conditions."""
    said = [_said(one) for one in criteria.improvements]
    scales = {name: dict(sizes) for name, sizes in criteria.cost_scales.items()}
    return hashlib.sha256(json.dumps([said, scales], ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _said(one: Improvement) -> list[object]:
    effects = [
        dict(one.lifts),
        dict(one.sets),
        one.adds and [one.adds.count, one.adds.most, *one.adds.along],
        dict(one.gains),
    ]
    return [
        one.id,
        one.scope,
        effects,
        one.cost,
        one.each,
        one.scale,
        one.months,
        one.people,
        one.requires,
        one.excludes,
    ]
