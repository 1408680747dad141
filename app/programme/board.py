"""The board: how far the plan is by target, district, system and year, and where the firms are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil
from typing import TypeVar

from sqlalchemy import func, select

from app.access import Role
from app.accounts.models import User
from app.diagnosis.models import Diagnosis, Stage
from app.extensions import db
from app.firms.models import Firm
from app.firms.service import visible_firms
from app.presentation import district, text
from app.programme import tiles
from app.programme.counted import Counted, Filters, state_of, system_name
from app.programme.rule import RuleLine, rule_lines
from scoring.tally import (
    NONE_STATED,
    SEVERAL,
    PlanTargets,
    TargetTally,
    Unit,
    by_district,
    by_system,
    by_year,
)

Key = TypeVar("Key", str, int)

BAR = 280  # length of a bar, in drawing units
QUARTERS_A_YEAR, DAYS_A_YEAR = 4, 365
NOT_STARTED = "none"  # a firm without a diagnosis, among the stages


@dataclass(frozen=True, slots=True)
class Pace:
    """Our arithmetic on one target: the same number every day from the counting start to the horizon."""

    expected: int  # by today, rounded down
    tick: int  # its place on the bar
    a_quarter: int | None  # still needed each quarter, rounded up; None when the time is over
    done: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One target: what counts of it, narrowed by the filters, and what does not."""

    id: str
    title: str
    unit: str
    number: int
    target: int
    filled: int  # length of the bar
    pace: Pace | None  # only where the whole city is shown
    others: int


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: a name, and the number under each target."""

    key: str | int
    name: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """One district on the map."""

    code: str
    name: str
    full_name: str
    number: int
    shade: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Map:
    """The districts with the numbers of one target."""

    title: str
    tiles: tuple[Tile, ...]
    legend: tuple[tuple[int, int, int], ...]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the board shows."""

    day: date
    plan: PlanTargets
    filters: Filters
    own_district: str | None  # of an officer, who sees no other
    cards: tuple[Card, ...]
    shown: str  # the target on the map
    map: Map
    districts: tuple[Row, ...]
    empty_districts: int
    systems: tuple[Row, ...]
    years: tuple[Row, ...]
    steps: tuple[tuple[str, str, int], ...]  # state of a conversion: key, name, firms
    stages: tuple[tuple[str, int], ...]  # stage of the newest diagnosis: key, firms
    rule: tuple[RuleLine, ...]


# --- the page ---------------------------------------------------------------------------------------------------------


def board(user: User, counted: Counted, shown: str | None) -> Board:
    """Return everything the board shows; `shown` is the target on the map."""
    ids = [target.id for target in counted.plan.targets]
    shown = shown if shown in ids else ids[0]
    by_place = _rows(counted, by_district, district)
    return Board(
        day=counted.tally.day,
        plan=counted.plan,
        filters=counted.filters,
        own_district=counted.own_district,
        cards=tuple(_card(counted, one) for one in counted.tally.targets),
        shown=shown,
        map=_map(counted, shown),
        districts=tuple(sorted(by_place, key=lambda row: (*(-number for number in row.numbers), row.key))),
        empty_districts=len(tiles.PLACES) - len(by_place),
        systems=_by_system(counted),
        years=tuple(_rows(counted, by_year, str)),
        steps=tuple(_steps(counted)),
        stages=tuple(_stages(user, counted.filters.district)),
        rule=tuple(rule_lines(counted.plan)),
    )


def _card(counted: Counted, tally: TargetTally) -> Card:
    target, number = tally.target, len(counted.units(tally.target.id))
    whole_city = not counted.filters.any
    return Card(
        id=target.id,
        title=text(target.text),
        unit=text(target.unit),
        number=number,
        target=target.target,
        filled=_on_bar(number, target.target),
        pace=pace(number, target.target, counted.plan, counted.tally.day) if whole_city else None,
        others=len(counted.others(target.id)),
    )


def pace(number: int, target: int, rule: PlanTargets, day: date) -> Pace:
    """Spread a target evenly over all days from the counting start to the horizon; exact, rounded down at the end."""
    whole = (rule.horizon - rule.counting_start).days
    gone = min(max((day - rule.counting_start).days, 0), whole)
    expected = target * gone // whole
    left, missing = (rule.horizon - day).days, max(target - number, 0)
    quarters = Fraction(left * QUARTERS_A_YEAR, DAYS_A_YEAR)
    return Pace(expected, _on_bar(expected, target), ceil(missing / quarters) if left > 0 else None, missing == 0)


def _on_bar(number: int, target: int) -> int:
    return min(number, target) * BAR // target


def _rows(
    counted: Counted, split: Callable[[Iterable[Unit]], Mapping[Key, tuple[Unit, ...]]], name: Callable[[Key], str]
) -> list[Row]:
    """Return one line for each part that has units, the numbers in the order of the targets."""
    parts = [split(counted.units(target.id)) for target in counted.plan.targets]
    keys = sorted({key for part in parts for key in part}, key=str)
    return [Row(key, name(key), tuple(len(part.get(key, ())) for part in parts)) for key in keys]


def _by_system(counted: Counted) -> tuple[Row, ...]:
    """Return the systems in the order of the plan; firms of several and of none stated have lines of their own."""
    known = {row.key: row for row in _rows(counted, by_system, system_name)}
    nothing = tuple(0 for _target in counted.plan.targets)
    order = [*counted.plan.systems, SEVERAL, NONE_STATED]
    return tuple(known.get(key, Row(key, system_name(key), nothing)) for key in order)


def _map(counted: Counted, target_id: str) -> Map:
    numbers = {code: len(units) for code, units in by_district(counted.units(target_id)).items()}
    most = max([tiles.SHADES, *numbers.values()])
    column, row = tiles.WIDTH + tiles.GAP, tiles.HEIGHT + tiles.GAP
    drawn = (
        Tile(
            code=code,
            name=tiles.short_name(district(code)),
            full_name=district(code),
            number=numbers.get(code, 0),
            shade=tiles.shade(numbers.get(code, 0), most),
            x=(place[0] - tiles.FIRST_COLUMN) * column,
            y=place[1] * row,
        )
        for code, place in tiles.PLACES.items()
    )
    return Map(
        title=text(counted.tally[target_id].target.text),
        tiles=tuple(sorted(drawn, key=lambda tile: (tile.y, tile.x))),
        legend=tuple(tiles.steps(most)),
        width=(tiles.COLUMNS - tiles.FIRST_COLUMN) * column - tiles.GAP,
        height=tiles.ROWS * row - tiles.GAP,
    )


def _steps(counted: Counted) -> Iterable[tuple[str, str, int]]:
    """Count the firms by the state in which their conversion is now."""
    found = Counter(state_of(unit) for unit in _conversions(counted))
    for key, name in counted.plan.states.items():
        yield key, text(name), found[key]


def _conversions(counted: Counted) -> list[Unit]:
    target = next(target.id for target in counted.plan.targets if "conversion" in target.considers)
    return [*counted.units(target), *(other.unit for other in counted.others(target))]


# --- diagnoses --------------------------------------------------------------------------------------------------------


def _stages(user: User, only_district: str | None) -> Iterable[tuple[str, int]]:
    found = Counter(stage for _firm, stage in _newest_stages(user, only_district))
    for key in (NOT_STARTED, *(stage.value for stage in Stage if stage is not Stage.TAKEN_OVER)):
        yield key, found[key]


def firms_at(user: User, stage: str, only_district: str | None) -> list[Firm]:
    """Return the firms whose newest diagnosis is at a stage (`none`: that have no diagnosis), by name."""
    if user.role is Role.DISTRICT_OFFICER:
        only_district = user.district
    return [firm for firm, at in _newest_stages(user, only_district) if at == stage]


def _newest_stages(user: User, only_district: str | None) -> Iterable[tuple[Firm, str]]:
    newest = (
        select(Diagnosis.firm_id, func.max(Diagnosis.number).label("number"))
        .where(Diagnosis.number > 0)  # a quick check is no diagnosis
        .group_by(Diagnosis.firm_id)
        .subquery()
    )
    wanted = (
        visible_firms(user)
        .add_columns(Diagnosis.stage)
        .outerjoin(newest, newest.c.firm_id == Firm.id)
        .outerjoin(Diagnosis, (Diagnosis.firm_id == Firm.id) & (Diagnosis.number == newest.c.number))
        .order_by(Firm.name, Firm.id)
    )
    if only_district:
        wanted = wanted.where(Firm.district == only_district)
    for firm, stage in db.session.execute(wanted):
        yield firm, stage.value if stage else NOT_STARTED
