from fractions import Fraction

import pytest

from scoring.exact import Bounds, exactly


def test_a_known_value_is_settled():
    assert exactly(3) == Bounds(Fraction(3), Fraction(3))
    assert exactly(3).settled


@pytest.mark.parametrize(
    ("low", "high", "reached"), [(50, 60, True), (50, 50, True), (40, 49, False), (40, 50, None), (0, 100, None)]
)
def test_a_threshold_is_reached_only_when_both_ends_agree(low, high, reached):
    assert Bounds(Fraction(low), Fraction(high)).reaches(Fraction(50)) is reached


def test_bounds_the_wrong_way_round_are_refused():
    with pytest.raises(ValueError, match="wrong way round"):
        Bounds(Fraction(2), Fraction(1))
