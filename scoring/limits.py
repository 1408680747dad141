"""Limits of a plan as somebody writes them: a budget in whole 万元, a day by which all is done, own people at once.

What may stand there is decided here, for pages and for the command line alike; each says in its own words what is
wrong.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from questionnaires.yaml_file import iso_day
from scoring.plan import Limits
from scoring.quarters import end_of, whole_quarters
from scoring.schedule import MOST_QUARTERS

HIGHEST_BUDGET = 1_000_000  # 万元: ten thousand million yuan
MOST_PEOPLE = 10_000
UNITS = {"budget": ("万元",), "people": ("人",)}  # what may stand behind the number
_WHOLE = re.compile(r"-?[0-9]{1,40}")


class Limit(StrEnum):
    """What a plan may be limited by; the names of the fields, and of what follows ? in an address."""

    BUDGET = "budget"
    BY = "by"
    PEOPLE = "people"


class Wrong(StrEnum):
    """What can be wrong with what was written."""

    NOT_WHOLE = "not_whole"
    NEGATIVE = "negative"
    TOO_MUCH = "too_much"
    NO_DAY = "no_day"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one thing that was written, and between what it has to lie: 0 and `most`, or two days."""

    wrong: Wrong
    typed: str
    most: int = 0
    first: date = date.min
    last: date = date.max


class LimitsRefused(Exception):
    """Limits that cannot be; `faults` has each that is wrong, by its name."""

    def __init__(self, faults: Mapping[Limit, Fault]) -> None:
        super().__init__(", ".join(f"{name}: {fault.wrong}" for name, fault in faults.items()))
        self.faults = faults


def limits_from_text(given: Mapping[Limit, str], begins: date) -> Limits:
    """Read limits; one that is not given is none. Raises LimitsRefused with everything that is wrong.

    Only quarters that have ended by the day `by` count, from the one in which the plan `begins`.
    """
    read = {name: _read(name, words, begins) for name, words in given.items()}
    if faults := {name: one for name, one in read.items() if isinstance(one, Fault)}:
        raise LimitsRefused(faults)
    known = {name: one for name, one in read.items() if isinstance(one, int)}
    return Limits(known.get(Limit.BUDGET), known.get(Limit.BY), known.get(Limit.PEOPLE))


def _read(name: Limit, words: str, begins: date) -> int | Fault:
    if name is Limit.BY:
        day = day_in(words)
        return day if isinstance(day, Fault) else quarters_until(begins, day)
    return whole_in(words, HIGHEST_BUDGET if name is Limit.BUDGET else MOST_PEOPLE, UNITS[name])


def whole_in(words: str, most: int, units: Iterable[str] = ()) -> int | Fault:
    """Read a whole number from 0 to `most` as people write it: “1,200”, “３００”, “300 万元”."""
    plain = unicodedata.normalize("NFKC", words).replace(",", "").strip()
    for unit in units:
        plain = plain.removesuffix(unit).rstrip()
    if not _WHOLE.fullmatch(plain):
        return Fault(Wrong.NOT_WHOLE, words, most)
    number = int(plain)
    if 0 <= number <= most:
        return number
    return Fault(Wrong.NEGATIVE if number < 0 else Wrong.TOO_MUCH, words, most)


def day_in(words: str) -> date | Fault:
    """Read a day, written as 2027-12-31."""
    return iso_day(unicodedata.normalize("NFKC", words).strip()) or Fault(Wrong.NO_DAY, words)


def quarters_until(begins: date, by: date) -> int | Fault:
    """Return how many whole quarters a plan has until a day, that day included; it has at least one."""
    first, last = end_of(begins, 1), end_of(begins, MOST_QUARTERS)
    number = whole_quarters(begins, by)
    if 1 <= number <= MOST_QUARTERS:
        return number
    return Fault(Wrong.TOO_LATE if number else Wrong.TOO_EARLY, by.isoformat(), first=first, last=last)
