"""What a report rests on besides the answers, kept with the report so that it is printed again the same.

The catalogue by its digest, the costs that stand in for those of the catalogue, the plan that the firm has kept, and
what is told of comparable firms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.diagnosis.asked import criteria_on
from app.diagnosis.draft import FIRM_KEY
from app.diagnosis.models import AssessmentRecord, Diagnosis
from app.planning.costs import own_costs_for
from app.planning.models import PlanStep, SavedPlan
from app.planning.service import plans_of, standing
from app.presentation import day
from app.reporting.peers import peers_of_now, read_peers
from questionnaires.model import Text
from reports.kept_plan import KeptPlan, KeptStep
from scoring.model import Costs, PricedBy
from scoring.own_costs import CostPart, OwnCost
from scoring.peers import Comparison
from scoring.plan import Limits

Stored = dict[str, Any]


def terms_of_now(diagnosis: Diagnosis, record: AssessmentRecord | None = None) -> Stored:
    """Return what a report of `record` that is asked for now rests on, as it is stored.

    Without a record nothing is told of comparable firms: so it was before they were kept.
    """
    newest = next(iter(standing(plans_of(diagnosis.id))), None)
    return {
        "catalogue": criteria_on(diagnosis.as_of).improvements_digest,
        "costs": [_stored_cost(one) for one in own_costs_for(diagnosis.firm_id)],
        "plan": _stored_plan(newest) if newest else None,
        "peers": peers_of_now(record, diagnosis.firm_id) if record else None,
    }


def _stored_cost(one: OwnCost) -> Stored:
    return {
        "improvement": one.improvement_id,
        "part": one.part.value,
        "whose": one.whose.value,
        "cost": list(one.cost),
    }


def _stored_plan(plan: SavedPlan) -> Stored:
    return {
        "number": plan.number,
        "saved_on": day(plan.saved_at),
        "goals": plan.goals,
        "limits": plan.limits,
        "cost": list(plan.cost),
        "steps": [_stored_step(step) for step in plan.steps],
    }


def _stored_step(step: PlanStep) -> Stored:
    return {
        "improvement": step.improvement_id,
        "name": {"zh": step.name_zh, "en": step.name_en},
        "subject": step.subject_key,
        "place": "" if step.subject_key == FIRM_KEY else step.subject_name,
        "units": step.units,
        "start": step.start,
        "end": step.end,
        "cost": list(step.cost),
        "owner": step.owner,
        "due": day(step.due) or None,
        "progress": step.progress.value,
    }


# --- reading ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Terms:
    """The same, read: the digest of the catalogue, the costs, the plan that the firm has kept, comparable firms."""

    catalogue: str
    costs: tuple[OwnCost, ...]
    kept: KeptPlan | None
    peers: Comparison | None = None


def read_terms(stored: Mapping[str, Any]) -> Terms:
    """Return what `terms_of_now` has stored."""
    plan, peers = stored["plan"], stored.get("peers")
    costs, kept = tuple(map(_cost, stored["costs"])), _kept(plan) if plan else None
    return Terms(stored["catalogue"], costs, kept, read_peers(peers) if peers else None)


def _cost(stored: Mapping[str, Any]) -> OwnCost:
    part, whose = CostPart(stored["part"]), PricedBy(stored["whose"])
    return OwnCost(stored["improvement"], part, Costs(*stored["cost"]), whose)


def _kept(stored: Mapping[str, Any]) -> KeptPlan:
    return KeptPlan(
        number=stored["number"],
        saved_on=date.fromisoformat(stored["saved_on"]),
        goals=tuple(stored["goals"]),
        limits=Limits(**stored["limits"]),
        cost=Costs(*stored["cost"]),
        steps=tuple(map(_step, stored["steps"])),
    )


def _step(stored: Mapping[str, Any]) -> KeptStep:
    due = date.fromisoformat(stored["due"]) if stored["due"] else None
    return KeptStep(
        project_id=f"{stored['improvement']}@{stored['subject']}",
        name=Text(**stored["name"]),
        place=stored["place"],
        units=stored["units"],
        start=stored["start"],
        end=stored["end"],
        cost=Costs(*stored["cost"]),
        owner=stored["owner"],
        due=due,
        progress=stored["progress"],
    )
