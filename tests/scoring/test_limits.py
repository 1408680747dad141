from datetime import date

import pytest

from scoring.limits import LimitsRefused, limits_from_text
from scoring.plan import Limits

BEGINS = date(2027, 1, 1)


def refused(budget=None, by=None, people=None):
    with pytest.raises(LimitsRefused) as caught:
        limits_from_text(budget, by, people, BEGINS)
    return caught.value.messages


def test_what_is_not_said_is_no_limit():
    assert limits_from_text(None, None, None, BEGINS) == Limits(None, None, None)


def test_all_three_limits_are_read():
    assert limits_from_text("300", "2028-12-31", "5", BEGINS) == Limits(budget=300, quarters=8, people=5)


def test_nothing_at_all_is_a_budget_and_a_number_of_people():
    assert limits_from_text("0", None, "0", BEGINS) == Limits(budget=0, people=0)


@pytest.mark.parametrize("words", ["-5", "", "many", "12.5", "1e3", " 7", "１２", "1,200", "1000000000", "nan", "0x10"])
def test_a_budget_that_is_no_whole_number_of_ten_thousand_yuan_is_refused(words):
    [message] = refused(budget=words)

    assert message.zh == f"--budget“{words}”：万元数应是 0 到 999999999 的整数。请按 300 的样子填写。"
    assert message.en.startswith(f"--budget “{words}”: ")


@pytest.mark.parametrize("words", ["-1", "", "两个", "1.5"])
def test_a_number_of_people_that_is_not_whole_is_refused(words):
    [message] = refused(people=words)

    assert message.zh.startswith(f"--people“{words}”：人数应是")


@pytest.mark.parametrize("words", ["", "2028", "2028-02-30", "28-12-31", "2028/12/31", "20281231", "明年底", "2028Q4"])
def test_what_is_no_day_is_refused(words):
    [message] = refused(by=words)

    assert message.zh == f"--by“{words}”：不是一个日期。请按 2027-03-31 的样子填写年、月、日。"


@pytest.mark.parametrize("words", ["2027-03-30", "2026-12-31", "0001-01-01"])
def test_a_day_before_the_first_quarter_has_ended_is_refused(words):
    [message] = refused(by=words)

    assert message.en == (
        f"--by “{words}”: the plan begins on 2027-01-01, and its first quarter ends on 2027-03-31. "
        "Write that day or a later one."
    )


def test_everything_that_is_wrong_is_said_at_once():
    assert len(refused("-1", "soon", "x")) == 3
