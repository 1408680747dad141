"""What is late and what this quarter is for, by hand on fixed days."""

from __future__ import annotations

from datetime import date

import pytest

from app.planning.following import (
    Chosen,
    Show,
    asked_for,
    beside,
    chosen_in,
    count,
    is_late,
    is_of_quarter,
    owners,
    shown,
)
from app.planning.models import PlanStep, Progress, SavedPlan

BEGINS, TODAY = date(2026, 7, 1), date(2026, 11, 27)  # the plan's first quarter is over, its second one runs


def step(number, **given):
    usual = {"id": number, "owner": "", "due": None, "progress": Progress.NOT_STARTED, "start": 1, "end": 1, "note": ""}
    return PlanStep(**{**usual, **given})


def plan(*steps):
    made = SavedPlan(begins=BEGINS)
    made.steps = [step(number, **given) for number, given in enumerate(steps, start=1)]
    return made


@pytest.mark.parametrize(
    ("progress", "due", "late"),
    [
        ("not_started", date(2026, 11, 26), True),
        ("under_way", date(2026, 11, 26), True),
        ("under_way", TODAY, False),  # until the evening
        ("done", date(2026, 11, 26), False),
        ("dropped", date(2026, 11, 26), False),
        ("not_started", None, False),
    ],
)
def test_a_step_is_late_once_its_day_is_over_and_it_is_not(progress, due, late):
    assert is_late(step(1, progress=Progress(progress), due=due), TODAY) is late


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"start": 1, "end": 1}, False),
        ({"start": 1, "end": 2}, True),
        ({"start": 2, "end": 5}, True),
        ({"start": 3, "end": 4}, False),
        ({"start": 3, "end": 4, "due": date(2026, 10, 1)}, True),
        ({"start": 3, "end": 4, "due": date(2026, 12, 31)}, True),
        ({"start": 3, "end": 4, "due": date(2027, 1, 1)}, False),
        ({"start": 2, "end": 2, "progress": Progress.DROPPED}, False),
        ({"start": 2, "end": 2, "progress": Progress.DONE}, True),
    ],
)
def test_a_step_is_of_the_quarter_in_which_it_is_planned_or_due(given, expected):
    assert is_of_quarter(step(1, **given), BEGINS, TODAY) is expected


def test_steps_are_shown_by_kind_and_by_owner():
    made = plan(
        {"owner": "李工", "progress": Progress.DONE},
        {"owner": "李工", "progress": Progress.UNDER_WAY, "due": date(2026, 9, 30)},
        {"start": 2, "end": 3},
    )
    numbers = {show: [one.id for one in shown(made, show, TODAY)] for show in Show}

    assert numbers == {"all": [1, 2, 3], "open": [2, 3], "late": [2], "quarter": [3], "unowned": [3]}
    assert [one.id for one in asked_for(made, Chosen(Show.OPEN, "李工"), TODAY)] == [2]
    assert asked_for(made, Chosen(Show.ALL, "王工"), TODAY) == []
    assert owners(made) == {"李工": 2}


def test_what_is_asked_for_is_read_from_the_address_and_nonsense_shows_all():
    assert chosen_in({"show": "late", "owner": "李工"}) == Chosen(Show.LATE, "李工")
    assert chosen_in({"show": "'; --"}) == Chosen()
    assert Chosen(Show.LATE, "李工").address == {"show": "late", "owner": "李工"}
    assert Chosen().address == {"show": None, "owner": None}


def test_steps_are_counted():
    late = {"progress": Progress.UNDER_WAY, "due": date(2026, 9, 30)}
    found = count(plan({"progress": Progress.DONE}, late, {}, {"progress": Progress.DROPPED}).steps, TODAY)

    assert (found.steps, found.late, found.is_over) == (4, 1, False)
    assert found.by == {"not_started": 1, "under_way": 1, "done": 1, "dropped": 1}
    assert count(plan({"progress": Progress.DONE}, {"progress": Progress.DROPPED}).steps, TODAY).is_over


def test_a_step_knows_its_neighbours():
    made = plan({}, {}, {})
    first, second, third = made.steps

    assert [beside(made, one) for one in made.steps] == [(None, second), (first, third), (second, None)]
