"""What one person may see of the tally, under filters, and the list behind every number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext as _

from app.access import Role
from app.accounts.models import User
from app.diagnosis.punctuation import bracketed
from app.diagnosis.punctuation import listed as joined
from app.presentation import districts, text, today
from app.programme.service import LEVELS, events_for, plan
from scoring.tally import (
    NONE_STATED,
    SEVERAL,
    ConversionEvent,
    Event,
    NotCounted,
    PlanTargets,
    RecognitionEvent,
    Tally,
    Unit,
    count,
)

COUNTED, OTHERS = "counted", "others"  # parts of a list; a state of a conversion is one too


@dataclass(frozen=True, slots=True)
class Filters:
    """What the board is narrowed to; None is everything."""

    district: str | None = None
    system: str | None = None
    year: int | None = None

    @property
    def any(self) -> bool:
        """Tell whether less than everything is shown."""
        return (self.district, self.system, self.year) != (None, None, None)

    def args(self, **changes: str | int | None) -> dict[str, str | int]:
        """Return the filters as they stand in an address, some of them changed."""
        said = {"district": self.district, "system": self.system, "year": self.year, **changes}
        return {name: value for name, value in said.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Listed:
    """One firm, workshop or factory in a list, with what it rests on and why it counts or does not."""

    firm_uscc: str
    firm_name: str
    unit: str
    district: str
    systems: str
    state: str
    day: date
    document: str
    issuer: str
    list_where: str
    counts: bool
    why: str


@dataclass(frozen=True, slots=True)
class Counted:
    """The tally as one person may see it, with the rule it was made by."""

    plan: PlanTargets
    tally: Tally
    filters: Filters
    own_district: str | None

    def units(self, target_id: str) -> tuple[Unit, ...]:
        """Return what counts to a target, narrowed by the filters."""
        narrowed = self.filters
        return self.tally[target_id].units(narrowed.district, narrowed.system, narrowed.year)

    def others(self, target_id: str) -> tuple[NotCounted, ...]:
        """Return what does not count to a target, narrowed by the filters."""
        return tuple(other for other in self.tally[target_id].others if _matches(other.unit, self.filters))


def counted_for(user: User, filters: Filters) -> Counted:
    """Count what this person may see. An officer sees the own district only, whatever the filter says."""
    own = user.district if user.role is Role.DISTRICT_OFFICER else None
    rule = plan()
    narrowed = replace(filters, district=own) if own else filters
    return Counted(rule, count(events_for(user), rule, today()), narrowed, own)


def _matches(unit: Unit, filters: Filters) -> bool:
    return (
        filters.district in (None, unit.district)
        and (filters.system is None or filters.system == unit.system or filters.system in unit.systems)
        and filters.year in (None, unit.since.year)
    )


def read_filters(given: Mapping[str, str]) -> Filters:
    """Return the filters that an address names; what is none of ours is left out."""
    systems = {*plan().systems, SEVERAL, NONE_STATED}
    where, system, year = given.get("district"), given.get("system"), given.get("year", "")
    return Filters(
        district=where if where in districts() else None,
        system=system if system in systems else None,
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
    )


def listed(counted: Counted, target_id: str, part: str) -> tuple[Listed, ...]:
    """Return the list behind a number: what counts, what does not, or the conversions in one state."""
    shown = [
        *(_counted(unit, counted) for unit in counted.units(target_id) if part in (COUNTED, state_of(unit))),
        *(_other(other) for other in counted.others(target_id) if part in (OTHERS, state_of(other.unit))),
    ]
    return tuple(sorted(shown, key=lambda one: (one.district, one.firm_name, one.unit)))


def _counted(unit: Unit, counted: Counted) -> Listed:
    start = counted.plan.counting_start
    why = _(
        "自 %(since)s 起为“%(state)s”，在计数起点 %(start)s 当日或之后",
        since=unit.since,
        state=event_words(unit.events[-1]),
        start=start,
    )
    return _listed(unit, True, why)


def _other(other: NotCounted) -> Listed:
    return _listed(other.unit, False, text(other.text))


def _listed(unit: Unit, counts: bool, why: str) -> Listed:
    """Show the paper on which the present state rests: of several events of one state the first."""
    rests_on = next(event for event in unit.events if event.day == unit.since or event is unit.events[-1])
    return Listed(
        firm_uscc=unit.firm_uscc,
        firm_name=unit.firm_name,
        unit=unit.name,
        district=unit.district,
        systems=joined(system_name(key) for key in unit.systems) or system_name(NONE_STATED),
        state=event_words(unit.events[-1]),
        day=unit.since,
        document=rests_on.document,
        issuer=rests_on.issuer,
        list_where=rests_on.list_where if isinstance(rests_on, RecognitionEvent) else "",
        counts=counts,
        why=why,
    )


def event_words(event: Event) -> str:
    """Say what an event states: 市级认可; 数字化车间; 国家智能工厂（先进级）."""
    if isinstance(event, ConversionEvent):
        return text(plan().states[event.state])
    kind = text(plan().kinds[event.kind])
    graded = bracketed(kind, text(LEVELS[event.level])) if event.level in LEVELS else kind
    return _("%(kind)s，已撤销", kind=graded) if event.revoked else graded


def state_of(unit: Unit) -> str:
    """Return the key of the state in which a conversion is, the kind of what was recognised otherwise."""
    newest = unit.events[-1]
    return newest.state if isinstance(newest, ConversionEvent) else newest.kind


def system_name(key: str) -> str:
    """Show a system of the plan by its key."""
    if key in plan().systems:
        return text(plan().systems[key])
    return _("涉及多个系统") if key == SEVERAL else _("未注明系统")
