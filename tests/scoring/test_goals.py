"""Goals in words: each is understood, or refused with what is wrong."""

import pytest

from scoring.goals import Goal, GoalRefused, GoalsRefused, goal_from_text, goals_from_text
from scoring.loader import load_all
from tests.scoring.make import DAY, factory, filled, firm, good_workshop, workshop

CRITERIA = load_all(DAY)
FIRM = filled(firm(factory(good_workshop()), production_type="discrete"))
LEVELS, WORKSHOPS = "gbt_39117_2020_discrete", "cq_digital_workshop"


def read(*words):
    return goals_from_text(words, FIRM, CRITERIA)


def refused(*words):
    with pytest.raises(GoalsRefused) as caught:
        read(*words)
    return [message.zh for message in caught.value.messages]


def test_goals_stay_in_their_order():
    assert read(f"{WORKSHOPS}:met", f"{LEVELS}:2") == (Goal(WORKSHOPS, 1), Goal(LEVELS, 2))


def test_of_several_levels_of_the_same_criteria_the_highest_counts():
    assert read(f"{LEVELS}:2", f"{LEVELS}:4", f"{LEVELS}:3", f"{LEVELS}:4") == (Goal(LEVELS, 4),)


def test_everything_that_is_wrong_is_said_at_once():
    first, second = refused("nothing:1", f"{LEVELS}:2", f"{LEVELS}:9")

    assert "没有评价标准“nothing”" in first
    assert "等级应为 1–5" in second


def test_more_than_twenty_goals_are_too_many():
    assert refused(*(f"{LEVELS}:{number}" for number in range(21))) == ["目标：选了 21 个，最多 20 个。请减少几个。"]


def test_no_goal_is_no_fault_here():
    assert read() == ()


def test_a_goal_names_criteria_level_and_place():
    whole = filled(firm(factory(good_workshop("a"))))

    assert goal_from_text("gbt_39117_2020_discrete:3", whole, CRITERIA) == Goal(LEVELS, 3)
    assert goal_from_text("cq_digital_workshop:met@a", whole, CRITERIA) == Goal(WORKSHOPS, 1, "a")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("nothing:1", "no criteria"),
        ("gbt_39117_2020_discrete:6", "has to be 1–5"),
        ("gbt_39117_2020_discrete:met", "has to be 1–5"),
        ("gbt_39117_2020_discrete", "has to be 1–5"),
        ("cq_digital_workshop:2", "has to be met"),
        ("cq_digital_workshop:met@c", "nothing is called “c”"),
        ("cq_digital_workshop:met@冲压车间", "several are called “冲压车间”"),
    ],
)
def test_a_goal_that_does_not_exist_is_refused(words, said):
    whole = filled(firm(factory(workshop(), name="一工厂"), factory(workshop(), name="二工厂")))
    with pytest.raises(GoalRefused) as refused:
        goal_from_text(words, whole, CRITERIA)

    assert said in refused.value.message.en
