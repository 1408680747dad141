"""What a plan is asked for: four things, each read leniently and refused in one sentence."""

from __future__ import annotations

from datetime import date

import pytest
from flask import session
from werkzeug.datastructures import MultiDict

from app.errors import Refused
from app.planning.asked import begins, ends, goal_words, quarters_named, request_from
from questionnaires.model import FilledDiagnosis, Subject, SubjectKind
from scoring.goals import Goal
from scoring.loader import load_all
from scoring.plan import Limits

AS_OF = date(2026, 11, 24)
LEVELS = "gbt_39117_2020_discrete"
WORKSHOPS = "cq_digital_workshop"


@pytest.fixture
def ask(flask_app):
    """Ask as a form does: pairs of field and text, repeated where a field is."""
    workshops = tuple(Subject(SubjectKind.WORKSHOP, key, f"车间{key}", {}) for key in ("w1", "w2"))
    factory = Subject(SubjectKind.FACTORY, "f1", "一工厂", {}, workshops)
    firm = Subject(SubjectKind.FIRM, "firm", "示例厂", {}, (factory,))
    filled = FilledDiagnosis("auto_parts", "2026.1", AS_OF, firm, {})

    def asking(*fields):
        with flask_app.test_request_context():
            return request_from(MultiDict(fields), filled, load_all(AS_OF))

    return asking


def test_a_goal_alone_has_no_limits(ask):
    assert ask(("goal", f"{LEVELS}:2")) == ((Goal(LEVELS, 2),), Limits())


def test_blank_fields_are_no_limits_and_blank_goals_are_none(ask):
    asked = ask(("goal", ""), ("goal", f"{LEVELS}:2"), ("budget", " "), ("by", ""), ("people", ""))

    assert asked == ((Goal(LEVELS, 2),), Limits())


def test_several_goals_stay_in_their_order_and_each_subject_is_asked_once_at_its_highest(ask):
    goals, _limits = ask(("goal", f"{WORKSHOPS}:1@w2"), ("goal", f"{LEVELS}:2"), ("goal", f"{LEVELS}:3"))

    assert goals == (Goal(WORKSHOPS, 1, "w2"), Goal(LEVELS, 3))
    assert [goal_words(goal) for goal in goals] == [f"{WORKSHOPS}:1@w2", f"{LEVELS}:3"]


@pytest.mark.parametrize("typed", ["300", " 300 ", "３００", "300万元", "0300"])
def test_a_budget_is_read_as_people_write_it(ask, typed):
    assert ask(("goal", f"{LEVELS}:2"), ("budget", typed))[1].budget == 300


def test_a_number_with_commas_is_read_whole(ask):
    assert ask(("goal", f"{LEVELS}:2"), ("budget", "1,200"))[1].budget == 1200


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("budget", "-5", "预算：“-5”是负数。请填 0 到 1000000 的整数（万元），不限就留空。"),
        ("budget", "12.5", "预算：“12.5”不是整数。"),
        ("budget", "很多", "预算：“很多”不是整数。"),
        ("budget", "9" * 13, "太大"),
        ("budget", "1000001", "预算：“1000001”太大。"),
        ("people", "-1", "每季度可投入的人员：“-1”是负数。"),
        ("people", "two", "每季度可投入的人员：“two”不是整数。"),
        ("by", "soon", "完成日期：“soon”不是日期。请写成 2027-12-31 这样"),
        ("by", "2027-02-30", "不是日期"),
        ("by", "2027-03-30", "完成日期：2027-03-30 太早，计划从 2027-01-01 开始，按季度安排。请填 2027-03-31 或更晚"),
        ("by", "2020-01-01", "太早"),
        ("by", "2090-01-01", "太远"),
        ("by", "9999-12-31", "太远"),
        ("goal", "nonsense", "没有评价标准“nonsense”"),
        ("goal", f"{LEVELS}:9", "等级应为 1–5"),
        ("goal", f"{WORKSHOPS}:1@w9", "没有“w9”"),
        ("goal", "<script>:1", "没有评价标准"),
    ],
)
def test_what_cannot_be_is_refused_with_where_what_and_what_to_do(ask, field, typed, said):
    with pytest.raises(Refused) as refused:
        ask(("goal", f"{LEVELS}:2"), (field, typed))

    assert said in refused.value.message


def test_nothing_is_a_budget_too(ask):
    assert ask(("goal", f"{LEVELS}:2"), ("budget", "0"))[1].budget == 0


def test_everything_that_is_wrong_is_said_at_once(ask):
    with pytest.raises(Refused) as refused:
        ask(("goal", f"{LEVELS}:2"), ("budget", "-5"), ("by", "soon"), ("people", "x"))

    assert [refused.value.message.count(word) for word in ("预算：", "完成日期：", "人员：")] == [1, 1, 1]


def test_no_goal_is_refused(ask):
    with pytest.raises(Refused, match="请至少选择一个"):
        ask(("budget", "100"))


def test_too_many_goals_are_refused(ask):
    with pytest.raises(Refused, match="最多 20 个"):
        ask(*(("goal", f"{LEVELS}:{number}") for number in range(1, 22)))


@pytest.mark.parametrize(
    ("as_of", "first"),
    [
        (date(2026, 11, 24), date(2027, 1, 1)),
        (date(2026, 1, 1), date(2026, 4, 1)),
        (date(2026, 6, 30), date(2026, 7, 1)),
        (date(2026, 7, 1), date(2026, 10, 1)),
    ],
)
def test_a_plan_begins_with_the_first_whole_quarter_after_the_diagnosis(as_of, first):
    assert begins(as_of) == first


def test_the_last_day_of_a_quarter_is_its_end():
    assert [ends(begins(AS_OF), number) for number in (1, 4)] == [date(2027, 3, 31), date(2027, 12, 31)]


def test_quarters_are_named_in_both_languages(flask_app):
    with flask_app.test_request_context():
        assert quarters_named(date(2027, 1, 1), 1, 1) == "2027年一季度"
        assert quarters_named(date(2027, 1, 1), 1, 3) == "2027年一至三季度"
        assert quarters_named(date(2027, 1, 1), 4, 5) == "2027年四季度至2028年一季度"
    with flask_app.test_request_context():
        session["language"] = "en"
        assert quarters_named(date(2027, 1, 1), 4, 4) == "2027 Q4"
        assert quarters_named(date(2027, 1, 1), 1, 3) == "2027 Q1–Q3"
