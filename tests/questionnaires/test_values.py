from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.facts import load_facts
from questionnaires.model import Text
from questionnaires.values import AnswerFault, decimal_text, read_value, show_number, show_value


@pytest.fixture(scope="module")
def facts(room):
    return load_facts(room / "facts")


def refusal(fact, typed):
    with pytest.raises(AnswerFault) as refused:
        read_value(fact, typed)
    return refused.value.message


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("machines", "1,200", Fraction(1200)),
        ("machines", "1 200", Fraction(1200)),
        ("machines", "１２０", Fraction(120)),
        ("machines", "１，２００", Fraction(1200)),
        ("machines", " 12 ", Fraction(12)),
        ("machines", "\u300012 台", Fraction(12)),
        ("machines", "12 sets", Fraction(12)),
        ("machines", 12, Fraction(12)),
        ("machines", "12.0", Fraction(12)),
        ("machines", Fraction(12), Fraction(12)),
        ("revenue", "15,000.5", Fraction(30001, 2)),
        ("revenue", "15000．5", Fraction(30001, 2)),
        ("revenue", "1/3", Fraction(1, 3)),
        ("scrap_rate", "0.1%", Fraction(1, 10)),
        ("scrap_rate", "２．５％", Fraction(5, 2)),
        ("has_mes", True, True),
        ("has_mes", "no", False),
        ("has_mes", " 是 ", True),
        ("has_mes", "False", False),
        ("production_type", "discrete", "discrete"),
        ("systems", ["thermal", "battery", "thermal"], ("battery", "thermal")),
        ("systems", "none", ("none",)),
        ("firm_name", "  某厂 ", "某厂"),
        ("firm_name", 3, "3"),
        ("uscc", "91500157ma00aa017c", "91500157MA00AA017C"),
        ("uscc", 914403001922038216, "914403001922038216"),
        ("industry", "C3670", "3670"),
        ("industry", "３６７０", "3670"),
        ("industry", 3670, "3670"),
        ("mes_since", "2026-10-31", date(2026, 10, 31)),
        ("mes_since", "2026/1/5", date(2026, 1, 5)),
        ("mes_since", "2026年10月3日", date(2026, 10, 3)),
        ("mes_since", "2026.10.31", date(2026, 10, 31)),
        ("mes_since", date(2026, 10, 31), date(2026, 10, 31)),
        ("plan.L1.1", "mostly", "mostly"),
    ],
)
def test_a_value_is_read_as_people_write_it(facts, name, typed, value):
    read = read_value(facts[name], typed)

    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("name", "typed", "zh", "en"),
    [
        (
            "machines",
            "30000",
            "生产装备数应在 0 到 20,000 台之间，填写的是 30,000。请核对数值和单位。",
            "Machines should be between 0 and 20,000 sets; 30,000 was given. Please check the figure and its unit.",
        ),
        ("machines", "-1", "填写的是 -1", "-1 was given"),
        ("machines", "－1", "填写的是 -1", "-1 was given"),
        (
            "machines",
            "12.5",
            "生产装备数应是整数，填写的是 12.5。请填整数，单位：台。",
            "Machines is a whole number, not 12.5. Please give it without a fraction.",
        ),
        ("machines", "十二", "应是数字，填写的是“十二”", "“十二” is not a number"),
        ("machines", "1,2", "应是数字", "is not a number"),
        ("machines", "1e3", "应是数字", "is not a number"),
        ("machines", "", "应是数字", "is not a number"),
        ("machines", "1/0", "应是数字", "is not a number"),
        ("machines", 12.0, "应是数字", "is not a number"),
        ("machines", True, "应是数字", "is not a number"),
        ("machines", None, "应是数字", "is not a number"),
        ("machines", "9" * 5000, "应是数字，填写的是“9999999999999999999999999999999999999999…”", "is not a number"),
        ("machines", "²", "应是数字", "is not a number"),
        ("has_mes", "maybe", "请选“是”或“否”", "choose yes or no"),
        ("has_mes", 1, "请选“是”或“否”", "choose yes or no"),
        ("production_type", "both", "没有“both”这一项", "“both” is not among the options"),
        ("production_type", None, "没有“None”这一项", "not among"),
        ("systems", ["battery", "bicycle"], "没有“bicycle”这一项", "“bicycle” is not among"),
        ("systems", ["battery", "none"], "“都不属于”不能与其他选项同时选", "“None of them” excludes"),
        ("systems", [], "请至少选一项", "choose at least one"),
        ("firm_name", "  ", "请填写文字", "write a text"),
        ("firm_name", "a\x00b", "请填写文字", "write a text"),
        ("firm_name", "x" * 2001, "不超过 2000 字", "at most 2000"),
        ("firm_name", ["a"], "请填写文字", "write a text"),
        ("uscc", "9150O157MA00AA017C", "第 5 位是字母 O", "Character 5 is the letter O"),
        ("industry", "36", "行业代码应是四位数字", "four digits"),
        ("mes_since", "2026-02-30", "不是一个日期", "is not a date"),
        ("mes_since", "1066-10-14", "不是一个日期", "is not a date"),
        ("mes_since", "yesterday", "不是一个日期", "is not a date"),
        ("mes_since", 2026, "不是一个日期", "is not a date"),
        ("plan.L1.1", "完全", "全部满足、大部分满足、部分满足、不满足", "Fully met, Mostly met, Partly met, Not met"),
        ("plan.L1.1", True, "请选一项", "choose one"),
    ],
)
def test_a_value_that_cannot_be_is_refused_in_both_languages(facts, name, typed, zh, en):
    message = refusal(facts[name], typed)

    assert zh in message.zh
    assert en in message.en


def test_a_range_with_one_end_names_that_end(facts):
    least = replace(facts["machines"], max=None)
    most = replace(facts["machines"], min=None)
    free = replace(facts["machines"], min=None, max=None, unit=None)

    assert "不应小于 0 台" in refusal(least, -1).zh
    assert "at least 0 sets" in refusal(least, -1).en
    assert "不应大于 20,000 台" in refusal(most, 20001).zh
    assert "at most 20,000 sets" in refusal(most, 20001).en
    assert read_value(free, -5) == Fraction(-5)


@pytest.mark.parametrize(
    ("name", "value", "zh", "en"),
    [
        ("machines", Fraction(1200), "1,200 台", "1,200 sets"),
        ("scrap_rate", Fraction(5, 2), "2.5%", "2.5%"),
        ("has_mes", True, "是", "Yes"),
        ("has_mes", False, "否", "No"),
        ("production_type", "discrete", "离散型", "Discrete"),
        ("production_type", "gone", "gone", "gone"),
        ("systems", ("battery", "thermal"), "动力电池、热管理", "Battery, Thermal management"),
        ("firm_name", "某厂", "某厂", "某厂"),
        ("mes_since", date(2026, 10, 31), "2026-10-31", "2026-10-31"),
        ("plan.L1.1", "mostly", "大部分满足", "Mostly met"),
    ],
)
def test_a_value_is_shown_in_both_languages(facts, name, value, zh, en):
    assert show_value(facts[name], value, "zh") == zh
    assert show_value(facts[name], value, "en") == en


@pytest.mark.parametrize("written", ["50台", "50 套", "50 台（套）", "５０台", "50 sets"])
def test_pieces_may_be_called_by_either_half_of_their_unit(facts, written):
    pieces = replace(facts["machines"], unit=Text("台（套）", "sets"))

    assert read_value(pieces, written) == 50


@pytest.mark.parametrize("written", ["50人", "50 小时", "50 件", "50人·小时"])
def test_a_part_of_a_compound_unit_is_none(facts, written):
    rate = replace(facts["machines"], unit=Text("件/（人·小时）", "pieces an hour"))

    with pytest.raises(AnswerFault):
        read_value(rate, written)


def test_a_year_is_shown_without_a_comma(facts):
    year = replace(facts["machines"], format="year", unit=Text("年", "year"))

    assert show_value(year, Fraction(2021), "zh") == "2021 年"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (Fraction(0), "0"),
        (Fraction(1234567), "1,234,567"),
        (Fraction(-12345, 10), "-1,234.5"),
        (Fraction(-1, 20), "-0.05"),
        (Fraction(1, 3), "1/3"),
        (Fraction(1, 1000), "0.001"),
    ],
)
def test_a_number_is_shown_exactly(number, shown):
    assert show_number(number) == shown


@given(st.fractions())
def test_what_is_shown_is_read_back_exactly(number):
    assert Fraction(show_number(number).replace(",", "")) == number


@given(st.integers(-(10**12), 10**12), st.integers(0, 12))
def test_every_finite_decimal_has_its_digits(digits, places):
    number = Fraction(digits, 10**places)

    assert Fraction(decimal_text(number)) == number
