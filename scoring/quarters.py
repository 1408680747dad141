"""Quarters of the calendar: which one a plan begins with, what its n-th one is called, how many end by a day.

A plan begins with the first whole quarter after the day that its facts describe.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date

MONTHS = 3


def first_quarter_after(day: date) -> date:
    """Return the first day of the quarter after the one in which `day` lies."""
    return _first_day(_number(day) + 1)


def calendar_quarter(begins: date, number: int) -> str:
    """Return the calendar name of the `number`-th quarter of a plan, "2027Q1"; 1 is the one in which it begins."""
    year, quarter = divmod(_number(begins) + number - 1, 4)
    return f"{year:04}Q{quarter + 1}"


def end_of(begins: date, number: int) -> date:
    """Return the last day of the `number`-th quarter of a plan."""
    return last_day(_first_day(_number(begins) + number - 1))


def last_day(day: date) -> date:
    """Return the day with which the quarter of `day` ends."""
    month = _first_day(_number(day)).month + MONTHS - 1
    return date(day.year, month, monthrange(day.year, month)[1])


def whole_quarters(begins: date, until: date) -> int:
    """Return how many quarters from the one in which a plan begins have ended by the evening of `until`."""
    ended = _number(until) + (1 if until == last_day(until) else 0)
    return max(0, ended - _number(begins))


def _number(day: date) -> int:
    return day.year * 4 + (day.month - 1) // MONTHS


def _first_day(number: int) -> date:
    year, quarter = divmod(number, 4)
    return date(year, quarter * MONTHS + 1, 1)
