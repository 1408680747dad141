"""Which conversions, digital workshops and smart factories count to the plan's 500 / 100 / 10, each unit once.

Every number is the length of a list, and every unit that does not count says why. What counts is in the plan file.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from questionnaires.model import Text
from scoring.model import Rule

SEVERAL, NONE_STATED = "several", "none"  # keys of the drill-down by system


@dataclass(frozen=True, slots=True)
class ConversionEvent:
    """A step in the conversion of one firm, with the paper that shows it."""

    firm_uscc: str
    firm_name: str
    district: str  # GB/T 2260
    systems: tuple[str, ...]
    day: date
    state: str  # a key of PlanTargets.states
    document: str
    issuer: str


@dataclass(frozen=True, slots=True)
class RecognitionEvent:
    """A recognition of one workshop or factory, or its withdrawal, with the list it stands in."""

    kind: str  # a key of PlanTargets.kinds
    level: str  # of a graded kind: basic, advanced, excellent, leading; else empty
    firm_uscc: str
    firm_name: str
    district: str  # GB/T 2260
    systems: tuple[str, ...]
    unit: str  # the workshop or factory as the list names it
    day: date
    document: str
    issuer: str
    list_where: str
    revoked: bool = False


Event = ConversionEvent | RecognitionEvent


@dataclass(frozen=True, slots=True)
class Target:
    """One target of the plan and what counts to it."""

    id: str
    text: Text
    target: int
    unit: Text
    considers: frozenset[str]  # kinds of event looked at: "conversion" or kinds of recognition
    counts: frozenset[str]  # states, kinds, or kinds with a level: "cn_smart_factory.advanced"
    rule: Rule


@dataclass(frozen=True, slots=True)
class PlanTargets:
    """The targets of plan 渝府办发〔2023〕90号 with the counting start and the words of its lists."""

    id: str
    title: Text
    number: str
    horizon: date
    rule: Rule
    notice: Text
    counting_start: date
    counting_rule: Rule
    targets: tuple[Target, ...]
    states: Mapping[str, Text]  # of a conversion, in order
    kinds: Mapping[str, Text]
    systems: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class Unit:
    """One firm, workshop or factory with all its events up to the day, oldest first; names are the newest ones."""

    firm_uscc: str
    firm_name: str
    name: str  # of the workshop or factory; of a conversion the firm's
    district: str
    systems: tuple[str, ...]
    since: date  # the day of what is true of it now: recognised, or in its present state
    events: tuple[Event, ...]

    @property
    def system(self) -> str:
        """The key of the drill-down by system: the only one, `several` or `none`."""
        return self.systems[0] if len(self.systems) == 1 else SEVERAL if self.systems else NONE_STATED


@dataclass(frozen=True, slots=True)
class NotCounted:
    """A unit that does not count to a target, and why."""

    unit: Unit
    reason: str  # "later" | "not_reached" | "kind" | "revoked" | "before_start"
    text: Text


@dataclass(frozen=True, slots=True)
class TargetTally:
    """The units that count to one target, and those that do not."""

    target: Target
    counted: tuple[Unit, ...]
    others: tuple[NotCounted, ...]

    def units(
        self, district: str | None = None, system: str | None = None, year: int | None = None
    ) -> tuple[Unit, ...]:
        """Return the counted units of a district (GB/T 2260), of a system (also `several`, `none`), of a year.

        A unit of several systems is found under each of them and under `several`.
        """
        return tuple(
            unit
            for unit in self.counted
            if district in (None, unit.district)
            and (system is None or system == unit.system or system in unit.systems)
            and year in (None, unit.since.year)
        )


@dataclass(frozen=True, slots=True)
class Tally:
    """How far the plan is on one day."""

    day: date
    targets: tuple[TargetTally, ...]

    def __getitem__(self, target_id: str) -> TargetTally:
        return next(tally for tally in self.targets if tally.target.id == target_id)


REASONS: Mapping[str, Text] = {
    "later": Text("日期晚于统计日", "Dated after the day of the count"),
    "not_reached": Text("尚未达到计入的状态", "Has not reached the state that counts"),
    "kind": Text("这一类或这一级认定不计入本目标", "This kind or level of recognition does not count here"),
    "revoked": Text("认定已撤销", "The recognition was withdrawn"),
    "before_start": Text("在计数起点之前已认定", "Recognised before the counting start"),
}


def count(records: Iterable[Event], rule: PlanTargets, day: date) -> Tally:
    """Count every unit once to each target as of `day`.

    A firm is known by its USCC whatever its name, a workshop or factory by firm and name (blanks and width of letters
    do not matter). Of several events the newest state holds; of two on one day the one recorded later.
    """
    events = list(records)
    return Tally(day, tuple(_tally(target, events, rule, day) for target in rule.targets))


def by_district(units: Iterable[Unit]) -> dict[str, tuple[Unit, ...]]:
    """Return the units by district code; every unit stands in one list."""
    return _grouped(units, lambda unit: unit.district)


def by_system(units: Iterable[Unit]) -> dict[str, tuple[Unit, ...]]:
    """Return the units by system, `several` and `none` apart; every unit stands in one list."""
    return _grouped(units, lambda unit: unit.system)


def by_year(units: Iterable[Unit]) -> dict[int, tuple[Unit, ...]]:
    """Return the units by the year in which they came to count; every unit stands in one list."""
    return {int(year): listed for year, listed in _grouped(units, lambda unit: f"{unit.since.year:04}").items()}


def _tally(target: Target, events: list[Event], rule: PlanTargets, day: date) -> TargetTally:
    considered = [event for event in events if _kind(event) in target.considers]
    units = [_unit(listed, target, day) for listed in _by_identity(considered)]
    judged = [(unit, _reason(unit, target, rule.counting_start, day)) for unit in units]
    return TargetTally(
        target=target,
        counted=tuple(unit for unit, reason in judged if reason is None),
        others=tuple(NotCounted(unit, reason, REASONS[reason]) for unit, reason in judged if reason is not None),
    )


def _by_identity(events: Iterable[Event]) -> list[list[Event]]:
    ordered = sorted(events, key=lambda event: event.day)  # stable: two of one day stay as recorded
    keyed = sorted(ordered, key=_identity)
    return [list(group) for _, group in groupby(keyed, key=_identity)]


def _identity(event: Event) -> tuple[str, str]:
    name = event.unit if isinstance(event, RecognitionEvent) else ""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return event.firm_uscc, "".join(plain.split())


def _unit(events: list[Event], target: Target, day: date) -> Unit:
    """Return the unit as it stands on `day`; one whose events all come later stands as its first event."""
    known = [event for event in events if event.day <= day] or events[:1]
    newest = known[-1]
    name = newest.unit if isinstance(newest, RecognitionEvent) else newest.firm_name
    since = _present_run(known, target)[0].day
    return Unit(newest.firm_uscc, newest.firm_name, name, newest.district, newest.systems, since, tuple(known))


def _present_run(events: list[Event], target: Target) -> list[Event]:
    """Return the newest events that all count, or all do not count, to the target."""
    run: list[Event] = []
    for event in reversed(events):
        if run and _counts(event, target.counts) is not _counts(run[0], target.counts):
            break
        run.insert(0, event)
    return run


def _reason(unit: Unit, target: Target, start: date, day: date) -> str | None:
    newest = unit.events[-1]
    if newest.day > day:
        return "later"
    if isinstance(newest, RecognitionEvent) and newest.revoked:
        return "revoked"
    if not _counts(newest, target.counts):
        return "kind" if isinstance(newest, RecognitionEvent) else "not_reached"
    return "before_start" if unit.since < start else None


def _counts(event: Event, counted: Collection[str]) -> bool:
    if isinstance(event, ConversionEvent):
        return event.state in counted
    return not event.revoked and (event.kind in counted or f"{event.kind}.{event.level}" in counted)


def _kind(event: Event) -> str:
    return "conversion" if isinstance(event, ConversionEvent) else event.kind


def _grouped(units: Iterable[Unit], key: Callable[[Unit], str]) -> dict[str, tuple[Unit, ...]]:
    ordered = sorted(units, key=key)
    return {name: tuple(group) for name, group in groupby(ordered, key=key)}
