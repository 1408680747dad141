"""Conversions and recognitions of the demonstration, with papers that nobody can take for real ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from app.accounts.models import User
from app.demo.cast import STATES, MadeUp
from app.firms.models import Factory, Firm, Workshop
from app.presentation import today
from app.programme import service
from app.programme.service import Paper

ISSUER = "示例发文单位"
ORDER = ("not_started", "converting", "declared", "district_verified", "city_recognised")
EARLY = date(2022, 6, 15)  # before the counting start: is not counted
WORKSHOPS, FACTORIES, GRADED = 14, 2, 3  # how many are recognised of each kind


def record_city(commission: User, firms: Sequence[tuple[MadeUp, Firm]]) -> None:
    """Record how far every firm has come, and which workshops and factories are recognised."""
    chance = Random(len(STATES))  # noqa: S311 - made-up figures, no secrets
    for firm, made in firms:
        if firm.state is not None:
            _convert(commission, firm, made, chance)
    strong = sorted(firms, key=lambda pair: (-pair[0].strength, pair[0].number))
    _recognise_workshops(commission, strong, chance)
    for firm, made in strong[:FACTORIES]:
        _recognise(commission, made.factories[0], "smart_factory", _paper(_day(chance), 40 + firm.number), firm)
    for firm, made in strong[FACTORIES : FACTORIES + GRADED]:
        _recognise(commission, made.factories[0], "cn_smart_factory", _paper(_day(chance), 60), firm, "basic")


def _convert(commission: User, firm: MadeUp, made: Firm, chance: Random) -> None:
    """Record the steps of a conversion up to its present state, one after another."""
    reached = ORDER[: ORDER.index(str(firm.state)) + 1]
    days = sorted(_day(chance) for _state in reached)
    for state, day in zip(reached, days, strict=True):
        paper = _paper(day, 100 + firm.number) if state in service.WITH_PAPER else Paper(day)
        service.record_conversion(commission, made.id, state=state, paper=paper, systems=firm.trade.systems)


def _recognise_workshops(commission: User, strong: Sequence[tuple[MadeUp, Firm]], chance: Random) -> None:
    workshops = [(firm, shop) for firm, made in strong for shop in _workshops(made)][: WORKSHOPS + 2]
    for place, (firm, shop) in enumerate(workshops):
        day = EARLY if place == WORKSHOPS else _day(chance)
        _recognise(commission, shop, "digital_workshop", _paper(day, place), firm)
    _firm, last = workshops[-1]
    entry = service.recognitions_of(last.factory.firm)[0]
    withdrawn = min(entry.day + timedelta(days=200), today())
    service.withdraw(commission, entry.id, _paper(withdrawn, 99))


def _workshops(made: Firm) -> Iterator[Workshop]:
    for factory in made.factories:
        yield from factory.workshops


def _recognise(
    commission: User, unit: Factory | Workshop, kind: str, paper: Paper, firm: MadeUp, level: str = ""
) -> None:
    service.record_recognition(commission, unit, kind=kind, level=level, paper=paper, systems=firm.trade.systems)


def _day(chance: Random) -> date:
    """Return a day between the counting start and today."""
    start = service.plan().counting_start
    return start + timedelta(days=chance.randrange((today() - start).days))


def _paper(day: date, number: int) -> Paper:
    return Paper(day, f"示例〔{day.year}〕{number + 1}号", ISSUER, "https://example.com/list")
