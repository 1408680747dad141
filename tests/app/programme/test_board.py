"""The numbers of the board, each equal to the list behind it, under every filter."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from app.access import Role
from app.programme import board as boards
from app.programme import counted as lists
from app.programme.board import pace
from app.programme.counted import Filters
from scoring.tally_file import load_plan
from tests.factories import make_diagnosis, make_firm, make_user

PLAN = load_plan(date(2026, 11, 24))


@pytest.fixture
def shown(flask_app, city):
    """Build the board of the commission under filters."""

    def build(user=None, **filters):
        user = user or city.commission
        return boards.board(user, lists.counted_for(user, Filters(**filters)), None)

    with flask_app.test_request_context():
        yield build


def numbers(board):
    return {card.id: (card.number, card.others) for card in board.cards}


def test_only_what_is_recognised_since_the_start_counts_and_each_unit_once(shown):
    assert numbers(shown()) == {"conversion": (2, 1), "smart_factory": (1, 1), "digital_workshop": (1, 2)}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"district": "500120"}, {"conversion": (1, 0), "smart_factory": (0, 0), "digital_workshop": (1, 1)}),
        ({"district": "500151"}, {"conversion": (1, 1), "smart_factory": (1, 1), "digital_workshop": (0, 1)}),
        ({"system": "thermal"}, {"conversion": (1, 0), "smart_factory": (0, 0), "digital_workshop": (1, 1)}),
        ({"system": "several"}, {"conversion": (1, 0), "smart_factory": (0, 0), "digital_workshop": (1, 1)}),
        ({"year": 2026}, {"conversion": (1, 1), "smart_factory": (1, 1), "digital_workshop": (0, 0)}),
        (
            {"district": "500151", "year": 2022},
            {"conversion": (0, 0), "smart_factory": (0, 0), "digital_workshop": (0, 1)},
        ),
    ],
)
def test_filters_narrow_what_counts_and_what_does_not(shown, filters, expected):
    assert numbers(shown(**filters)) == expected


@pytest.mark.parametrize(
    ("district", "system", "year"),
    list(product((None, "500120", "500151"), (None, "battery", "several"), (None, 2024, 2026))),
)
def test_every_number_is_the_length_of_its_list_and_the_tables_add_up_to_it(shown, city, district, system, year):
    board = shown(district=district, system=system, year=year)
    counted = lists.counted_for(city.commission, board.filters)
    for place, card in enumerate(board.cards):
        assert len(lists.listed(counted, card.id, lists.COUNTED)) == card.number
        assert len(lists.listed(counted, card.id, lists.OTHERS)) == card.others
        for table in (board.districts, board.systems, board.years):
            assert sum(row.numbers[place] for row in table) == card.number


def test_the_map_holds_the_numbers_of_the_target_chosen(flask_app, city):
    with flask_app.test_request_context():
        counted = lists.counted_for(city.commission, Filters())
        board = boards.board(city.commission, counted, "smart_factory")
    filled = {tile.code: tile.number for tile in board.map.tiles if tile.number}

    assert (board.shown, filled) == ("smart_factory", {"500151": 1})


def test_an_unknown_target_on_the_map_is_the_first_one(flask_app, city):
    with flask_app.test_request_context():
        counted = lists.counted_for(city.commission, Filters())

        assert boards.board(city.commission, counted, "moon").shown == "conversion"


def test_an_officer_sees_the_own_district_whatever_the_filter_says(shown, city):
    board = shown(city.officer, district="500120")

    assert (board.own_district, board.filters.district) == ("500151", "500151")
    assert numbers(board) == {"conversion": (1, 1), "smart_factory": (1, 1), "digital_workshop": (0, 1)}
    assert {row.key for row in board.districts} == {"500151"}


def test_firms_are_counted_by_the_state_of_their_conversion(shown):
    steps = {key: number for key, _name, number in shown().steps}

    assert steps == {"not_started": 0, "converting": 0, "declared": 0, "district_verified": 1, "city_recognised": 2}


def test_firms_are_counted_by_the_stage_of_their_newest_diagnosis(flask_app, city):
    make_diagnosis(flask_app, city.first, stage="issued")
    make_diagnosis(flask_app, city.first, stage="filling")
    make_diagnosis(flask_app, city.second, stage="submitted")
    with flask_app.test_request_context():
        board = boards.board(city.commission, lists.counted_for(city.commission, Filters()), None)
        filling = [firm.name for firm in boards.firms_at(city.commission, "filling", None)]
        idle = [firm.name for firm in boards.firms_at(city.officer, "none", "500120")]

    assert dict(board.stages) == {"none": 1, "filling": 1, "submitted": 1, "returned": 0, "reviewed": 0, "issued": 0}
    assert filling == ["示例甲有限公司"]
    assert idle == ["示例丙有限公司"]


@pytest.mark.parametrize(
    ("number", "day", "expected", "a_quarter", "done"),
    [
        (0, date(2023, 12, 4), 0, 31, False),  # 1488 days are 16.3 quarters: 500 / 16.3 = 30.66
        (318, date(2026, 11, 24), 364, 42, False),  # 1086 of 1488 days; 182 over 402 days = 4.405 quarters = 41.3
        (500, date(2026, 11, 24), 364, 0, True),
        (499, date(2027, 12, 31), 500, None, False),
        (500, date(2028, 6, 1), 500, None, True),
    ],
)
def test_the_even_pace_is_plain_arithmetic_over_the_days(number, day, expected, a_quarter, done):
    found = pace(number, 500, PLAN, day)

    assert (found.expected, found.a_quarter, found.done) == (expected, a_quarter, done)


def test_the_mark_of_the_pace_is_shown_for_the_whole_city_only(shown):
    assert all(card.pace is not None for card in shown().cards)
    assert all(card.pace is None for card in shown(year=2026).cards)


def test_a_city_without_any_record_shows_zero_everywhere(flask_app):
    make_firm(flask_app)
    user = make_user(flask_app, Role.COMMISSION)
    with flask_app.test_request_context():
        board = boards.board(user, lists.counted_for(user, Filters()), None)

    assert [card.number for card in board.cards] == [0, 0, 0]
    assert (board.districts, board.years) == ((), ())
