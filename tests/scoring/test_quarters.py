from datetime import date

import pytest

from scoring.quarters import calendar_quarter, first_quarter_after, last_day, whole_quarters


@pytest.mark.parametrize(
    ("day", "begins"),
    [
        (date(2026, 10, 31), date(2027, 1, 1)),
        (date(2026, 12, 31), date(2027, 1, 1)),
        (date(2027, 1, 1), date(2027, 4, 1)),
        (date(2027, 3, 31), date(2027, 4, 1)),
        (date(2028, 2, 29), date(2028, 4, 1)),
        (date(2028, 7, 1), date(2028, 10, 1)),
    ],
)
def test_a_plan_begins_with_the_first_whole_quarter_after_the_day_of_the_facts(day, begins):
    assert first_quarter_after(day) == begins


def test_quarters_are_called_as_in_the_calendar_over_the_turn_of_years():
    names = [calendar_quarter(date(2026, 10, 1), number) for number in range(1, 7)]

    assert names == ["2026Q4", "2027Q1", "2027Q2", "2027Q3", "2027Q4", "2028Q1"]


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2027, 1, 1), date(2027, 3, 31)),
        (date(2027, 6, 30), date(2027, 6, 30)),
        (date(2027, 8, 15), date(2027, 9, 30)),
        (date(2027, 12, 31), date(2027, 12, 31)),
    ],
)
def test_a_quarter_ends_with_its_last_day(day, last):
    assert last_day(day) == last


@pytest.mark.parametrize(
    ("until", "quarters"),
    [
        (date(2026, 12, 31), 0),
        (date(2027, 3, 30), 0),
        (date(2027, 3, 31), 1),
        (date(2027, 6, 29), 1),
        (date(2027, 6, 30), 2),
        (date(2028, 1, 1), 4),
        (date(2025, 1, 1), 0),
        (date(9999, 12, 31), 4 * (9999 - 2027) + 4),
    ],
)
def test_only_quarters_that_have_ended_by_the_day_count(until, quarters):
    assert whole_quarters(date(2027, 1, 1), until) == quarters
