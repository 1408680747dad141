"""Improvements that are ticked in a trial, and others that are offered to be ticked, with how many units they add."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.diagnosis.gap_lines import heaviest
from app.diagnosis.trying import PROJECT, UNITS, Tried
from app.errors import Refused
from app.planning.asked import whole_from
from app.planning.basis import Basis
from app.planning.showing import named
from app.presentation import text
from reports import wording
from scoring.gaps import facts_changed, find_gaps
from scoring.limits import whole_in
from scoring.model import CriteriaSet
from scoring.projects import Project, effects
from scoring.trial import Trial
from scoring.what_if import Place

MOST_OFFERED = 12  # improvements to be ticked, besides those that are ticked
MOST_UNITS = 100_000


@dataclass(frozen=True, slots=True)
class Chosen:
    """The improvements that are ticked, by project, with their units; and units that cannot be, with why."""

    units: Mapping[str, int]
    faults: Mapping[str, str]


def chosen_in(given: MultiDict[str, str]) -> Chosen:
    """Read “<project>” or “<project>:<units>” of each ticked box; units may stand in a field of their own.

    Without units a project adds all that is missing. What is no such thing is left out.
    """
    units: dict[str, int] = {}
    faults: dict[str, str] = {}
    for word in given.getlist(PROJECT):
        name, _colon, said = word.rpartition(":") if ":" in word else (word, "", str(MOST_UNITS))
        read = whole_in(said, MOST_UNITS)
        if name and isinstance(read, int):
            units[name] = read
            try:
                units[name] = _typed_units(given.get(UNITS + name, ""), read)
            except Refused as refusal:
                faults[name] = refusal.message
    return Chosen(units, faults)


def _typed_units(typed: str, otherwise: int) -> int:
    read = whole_from(typed, _("增加多少"), _("个"), MOST_UNITS, _("留空就补齐"))
    return otherwise if read is None else read


@dataclass(frozen=True, slots=True)
class Tick:
    """One improvement at one place, to be ticked."""

    project: str
    name: str
    cost: str  # 万元, from low to high
    ticked: bool
    counts: bool  # it adds units, and how many may be said
    units: str
    unit: str
    most: str
    error: str


def ticks(trial: Trial, tried: Tried, chosen: Chosen, given: MultiDict[str, str], basis: Basis) -> tuple[Tick, ...]:
    """Return the improvements that are ticked, and others: those that lift what is tried, else the heaviest gaps."""
    places = {field.place for field in tried.fields}
    helping = [one for one in trial.possible if _touches(one, places, basis.criteria)]
    others = [one.id for one in helping or _heaviest(trial, basis) if one.id not in chosen.units][:MOST_OFFERED]
    shown = {*chosen.units, *others}
    return tuple(_tick(one, chosen, given, basis.criteria) for one in trial.possible if one.id in shown)


def _touches(project: Project, places: set[Place], criteria: CriteriaSet) -> bool:
    facts = facts_changed(project.improvement, criteria)
    keys = {key for key, fact in places if fact in facts}
    return bool(keys) and any(effect.subject.key in keys for effect in effects(project, criteria))


def _heaviest(trial: Trial, basis: Basis) -> Iterator[Project]:
    for improvement, _count in heaviest(find_gaps(trial.before, basis.criteria, basis.filled), basis.criteria):
        yield from (one for one in trial.possible if one.improvement.id == improvement.id)


def _tick(project: Project, chosen: Chosen, given: MultiDict[str, str], criteria: CriteriaSet) -> Tick:
    adds, units = project.improvement.adds, chosen.units.get(project.id)
    counts = adds is not None and project.units > 0
    kept = min(units, project.units) if units is not None else project.units
    return Tick(
        project=project.id,
        name=named(project),
        cost=wording.cost_text(project.cost),
        ticked=units is not None,
        counts=counts,
        units=given.get(UNITS + project.id, "") if project.id in chosen.faults else str(kept),
        unit=text(criteria.facts[adds.count].unit) if adds else "",
        most=f"{project.units:,}",
        error=chosen.faults.get(project.id, ""),
    )
