from datetime import date

import pytest

from scoring.limits import Fault, Limit, LimitsRefused, Wrong, day_in, limits_from_text, quarters_until, whole_in
from scoring.plan import Limits

BEGINS = date(2027, 1, 1)


def read(**given):
    return limits_from_text({Limit(name): words for name, words in given.items()}, BEGINS)


def refused(**given):
    with pytest.raises(LimitsRefused) as caught:
        read(**given)
    return {name.value: fault.wrong for name, fault in caught.value.faults.items()}


def test_what_is_not_said_is_no_limit():
    assert read() == Limits(None, None, None)


def test_all_three_limits_are_read():
    assert read(budget="300", by="2028-12-31", people="5") == Limits(budget=300, quarters=8, people=5)


def test_nothing_at_all_is_a_budget_and_a_number_of_people():
    assert read(budget="0", people="0") == Limits(budget=0, people=0)


@pytest.mark.parametrize("words", ["1200", " 1200 ", "1,200", "１２００", "1200万元", "1,200 万元", "01200"])
def test_a_budget_is_read_as_people_write_it(words):
    assert read(budget=words) == Limits(budget=1200)


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        *((words, Wrong.NOT_WHOLE) for words in ("", " ", "many", "12.5", "1e3", "nan", "0x10", "5人", "--5", "+5")),
        *((words, Wrong.NEGATIVE) for words in ("-5", "-1万元", "－3")),
        *((words, Wrong.TOO_MUCH) for words in ("1000001", "9" * 13)),
    ],
)
def test_a_budget_that_cannot_be_is_refused(words, wrong):
    assert refused(budget=words) == {"budget": wrong}


def test_the_greatest_limits_are_still_read():
    assert read(budget="1000000", people="10000", by="2036-12-31") == Limits(1_000_000, 40, 10_000)


@pytest.mark.parametrize(
    ("words", "wrong"),
    [("-1", Wrong.NEGATIVE), ("两个", Wrong.NOT_WHOLE), ("1.5", Wrong.NOT_WHOLE), ("10001", Wrong.TOO_MUCH)],
)
def test_a_number_of_people_that_cannot_be_is_refused(words, wrong):
    assert refused(people=words) == {"people": wrong}


@pytest.mark.parametrize("words", ["", "2028", "2028-02-30", "28-12-31", "2028/12/31", "20281231", "明年底", "2028Q4"])
def test_what_is_no_day_is_refused(words):
    assert refused(by=words) == {"by": Wrong.NO_DAY}


@pytest.mark.parametrize("words", ["2027-03-30", "2026-12-31", "0001-01-01"])
def test_a_day_before_the_first_quarter_has_ended_is_refused(words):
    assert refused(by=words) == {"by": Wrong.TOO_EARLY}


@pytest.mark.parametrize("words", ["2037-03-31", "2090-01-01", "9999-12-31"])
def test_a_day_after_more_than_ten_years_is_refused(words):
    assert refused(by=words) == {"by": Wrong.TOO_LATE}


def test_a_fault_says_what_was_typed_and_between_what_it_has_to_lie():
    assert whole_in("-5", 300) == Fault(Wrong.NEGATIVE, "-5", 300)
    fault = quarters_until(BEGINS, date(2026, 12, 31))
    assert (fault.typed, fault.first, fault.last) == ("2026-12-31", date(2027, 3, 31), date(2036, 12, 31))


@pytest.mark.parametrize(
    ("by", "number"),
    [(date(2027, 3, 31), 1), (date(2027, 6, 29), 1), (date(2027, 12, 31), 4), (date(2028, 1, 1), 4)],
)
def test_only_whole_quarters_until_the_day_count(by, number):
    assert quarters_until(BEGINS, by) == number


def test_a_day_is_read_with_full_width_digits_too():
    assert day_in(" ２０２７-12-31 ") == date(2027, 12, 31)


def test_everything_that_is_wrong_is_said_at_once():
    assert refused(budget="-1", by="soon", people="x") == {
        "budget": Wrong.NEGATIVE,
        "by": Wrong.NO_DAY,
        "people": Wrong.NOT_WHOLE,
    }
