"""Quartiles in steps and shares in bands: worked by hand, and telling no single firm."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.coarse import FEWEST, Quartiles, Share, quartiles, settled, share, steps_to
from scoring.exact import Bounds, exactly

ONE, TENTH, TWENTIETH = Fraction(1), Fraction(1, 10), Fraction(1, 20)
VALUES = st.lists(st.integers(0, 50), min_size=FEWEST, max_size=60)


@pytest.mark.parametrize(
    ("value", "step", "expected"),
    [
        ("2.64", TENTH, "2.6"),
        ("2.65", TENTH, "2.7"),  # two are equally near: the upper
        ("2.7", TENTH, "2.7"),
        ("0.024", TWENTIETH, "0"),
        ("0.025", TWENTIETH, "0.05"),
        ("52.4", Fraction(5), "50"),
        ("52.5", Fraction(5), "55"),
    ],
)
def test_a_value_goes_to_the_nearest_step(value, step, expected):
    assert steps_to(Fraction(value), step) * step == Fraction(expected)


def test_a_value_is_settled_where_both_ends_are_the_same_in_steps():
    assert settled(Bounds(Fraction("2.65"), Fraction("2.74")), TENTH) == 27
    assert settled(Bounds(Fraction("2.64"), Fraction("2.65")), TENTH) is None
    assert settled(exactly(2), TENTH) == 20


@pytest.mark.parametrize(
    ("values", "low", "median", "high"),
    [
        ((1, 2, 3, 4, 5), 2, 3, 4),  # ranks 2, 3, 4
        ((6, 5, 4, 3, 2, 1), 2, 3, 5),  # 1.5 -> 2, 3, 4.5 -> 5
        ((1, 2, 3, 4, 5, 6, 7), 2, 4, 6),  # 1.75 -> 2, 3.5 -> 4, 5.25 -> 6
        ((1, 2, 3, 4, 5, 6, 7, 8), 2, 4, 6),
        ((1, 1, 1, 1, 9, 9, 9, 9, 9), 1, 9, 9),  # 2.25 -> 3, 4.5 -> 5, 6.75 -> 7
        (range(1, 12), 3, 6, 9),  # 2.75 -> 3, 5.5 -> 6, 8.25 -> 9
    ],
)
def test_quartiles_are_the_values_of_the_nearest_ranks(values, low, median, high):
    assert quartiles(values, TENTH) == Quartiles(len(values), *(Fraction(end, 10) for end in (low, median, high)))


def test_from_fewer_than_five_settled_values_nothing_is_told():
    assert quartiles([1, 2, 3, 4], ONE) is None
    assert quartiles([1, 2, 3, 4, None, None], ONE) is None
    assert share([True, False, True, True, None, None]) is None


def test_a_value_that_is_not_settled_does_not_count_as_a_low_one():
    known = [3, 3, 4, 4, 5]

    assert quartiles([*known, None, None, None], ONE) == quartiles(known, ONE)
    assert share([True, True, True, True, True, None, None]) == share([True] * 5)


@given(VALUES)
def test_a_quartile_leaves_a_firm_at_least_on_either_side_of_it(values):
    found = quartiles(values, ONE)
    left = sorted(values)

    assert found is not None
    assert left[0] <= left[1] <= found.low <= found.median <= found.high <= left[-2] <= left[-1]


@given(VALUES, st.randoms())
def test_the_order_of_the_firms_does_not_matter(values, chance):
    mixed = list(values)
    chance.shuffle(mixed)

    assert quartiles(mixed, ONE) == quartiles(values, ONE)


@given(st.lists(st.fractions(0, 5, max_denominator=999), min_size=FEWEST, max_size=40))
def test_counting_in_steps_before_or_after_sorting_is_the_same(values):
    found = quartiles([steps_to(value, TENTH) for value in values], TENTH)
    median = sorted(values)[-(-len(values) // 2) - 1]

    assert found is not None
    assert found.median == steps_to(median, TENTH) * TENTH


@pytest.mark.parametrize(
    ("yes", "of", "least", "below"),
    [
        (0, 5, "0", "1/4"),
        (1, 5, "0", "1/4"),
        (2, 5, "1/4", "3/4"),
        (4, 5, "3/4", "1"),
        (5, 5, "3/4", "1"),
        (2, 9, "0", "1/4"),
        (0, 10, "0", "1/5"),
        (2, 10, "1/5", "2/5"),
        (10, 10, "4/5", "1"),
        (7, 11, "3/5", "4/5"),
        (5, 50, "1/10", "1/5"),
        (50, 50, "9/10", "1"),
    ],
)
def test_a_share_is_told_as_the_band_it_lies_in(yes, of, least, below):
    claims = [True] * yes + [False] * (of - yes)

    assert share(claims) == Share(of, Fraction(least), Fraction(below))


@pytest.mark.parametrize("firms", range(FEWEST, 121))
def test_every_band_has_room_for_two_counts_so_that_none_is_told(firms):
    bands = [share([True] * yes + [False] * (firms - yes)) for yes in range(firms + 1)]

    assert min(bands.count(band) for band in bands) >= 2
    assert bands[0] == bands[1]  # not even that there is none
    assert bands[-1] == bands[-2]  # or that all do
