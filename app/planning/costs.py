"""What the improvements cost a firm: its own figures, else those of the installation, else the catalogue's."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from uuid import UUID

from flask import current_app
from sqlalchemy import select

from app.extensions import db
from app.planning.models import CostOverride
from scoring.costs_file import OwnCosts
from scoring.model import CriteriaSet, Improvement, PricedBy
from scoring.own_costs import CostPart, OwnCost, effective, with_own_costs


def catalogue_for(firm_id: UUID, criteria: CriteriaSet) -> CriteriaSet:
    """Return the criteria with the costs that a plan of this firm is computed with; as they are where none differ."""
    return with_own_costs(criteria, own_costs_for(firm_id))


def own_costs_for(firm_id: UUID) -> tuple[OwnCost, ...]:
    """Return what replaces costs of the catalogue in the plans of a firm."""
    firm = (OwnCost(one.improvement_id, one.part, one.cost, PricedBy.FIRM) for one in overrides_of(firm_id))
    return effective((*_of_installation(), *firm))


def catalogue_of_installation(criteria: CriteriaSet) -> CriteriaSet:
    """Return the criteria with the costs for firms that have none of their own."""
    return with_own_costs(criteria, effective(_of_installation()))


def overrides_of(firm_id: UUID) -> list[CostOverride]:
    """Return the costs that a firm plans with instead. Whether it may be seen is asked before."""
    query = select(CostOverride).where(CostOverride.firm_id == firm_id)
    return list(db.session.scalars(query.order_by(CostOverride.improvement_id, CostOverride.part)))


def _of_installation() -> Iterator[OwnCost]:
    costs: Mapping[str, OwnCosts] = current_app.config["ZHIZHEN"].costs
    for name, one in costs.items():
        for part, cost in ((CostPart.PLACE, one.cost), (CostPart.UNIT, one.each)):
            if cost:
                yield OwnCost(name, part, cost, PricedBy.INSTALLATION)


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
