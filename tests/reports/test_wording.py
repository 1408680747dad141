"""Sentences of the report, held against cases written by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.model import Comparison, Confidence, SubjectKind, Text
from reports import wording
from scoring.exact import Bounds, exactly
from scoring.model import (
    Assessment,
    Coverage,
    Gap,
    Method,
    Outcome,
    Reason,
    Requirement,
    RequirementKind,
    RequirementResult,
    RequirementState,
    Rule,
    Threshold,
)

CASES = yaml.safe_load((Path(__file__).parent.parent / "cases" / "wording.yaml").read_text(encoding="utf-8"))
RULE = Rule("标准", None, None, None, Confidence.OURS)
NAMES = tuple(
    Text(zh, en)
    for zh, en in (
        ("规划级", "Planning"),
        ("规范级", "Standardised"),
        ("集成级", "Integrated"),
        ("优化级", "Optimised"),
        ("引领级", "Leading"),
    )
)
ENGLISH = {"计划与调度": "Planning", "集成": "Integration", "采购": "Purchasing", "组织战略": "Organisation"}


def by_name(cases: str) -> Any:
    return pytest.mark.parametrize("case", CASES[cases], ids=lambda case: case["name"])


def bounds(ends: list[Any]) -> Bounds:
    return Bounds(*(Fraction(str(end)) for end in ends))


def maturity(level: list[int], counts: list[int], total: list[str] | None = None, settle: int = 0) -> Assessment:
    return Assessment(
        criteria_id="gbt_39117_2020_discrete",
        criteria_digest="",
        criteria_title=Text("成熟度", "Maturity"),
        subject_kind=SubjectKind.FIRM,
        subject_key="firm",
        subject_name="企业",
        factory_name=None,
        outcome=Outcome.LEVEL,
        coverage=Coverage(sum(counts), *counts),
        derivation=Reason("R", Text("", ""), "level"),
        level=bounds(level),
        level_names=NAMES,
        total=bounds(total) if total else None,
        settle=tuple(f"fact{number}" for number in range(settle)),
        method=Method.GBT_39117,
    )


def requirement(key: str, unit: str | None = None, threshold: str | None = None, operator: str = ">=") -> Requirement:
    return Requirement(
        id=key,
        text=Text("条件", "condition"),
        kind=RequirementKind.GATE,
        rule=RULE,
        that=Comparison(operator, "rate", "threshold"),
        unit=Text(unit, unit) if unit else None,
        threshold=Threshold(Fraction(threshold), RULE) if threshold else None,
    )


def workshop(
    name: str,
    outcome: str,
    missing: tuple[list[str], ...] = (),
    undecided: tuple[list[str], ...] = (),
    answered: int = 5,
) -> Assessment:
    results = [
        RequirementResult(requirement(f"W{number}"), RequirementState.NOT_MET, None, (), (), Text(*said))
        for number, said in enumerate(missing)
    ]
    results += [
        RequirementResult(requirement("W9"), RequirementState.NOT_KNOWN, None, tuple(facts), tuple(facts))
        for facts in undecided
    ]
    return Assessment(
        criteria_id="cq_digital_workshop",
        criteria_digest="",
        criteria_title=Text("数字化车间", "Digital workshop"),
        subject_kind=SubjectKind.WORKSHOP,
        subject_key=name,
        subject_name=name,
        factory_name="一工厂",
        outcome=Outcome(outcome),
        coverage=Coverage(5, answered, 0, 5 - answered),
        derivation=Reason("R", Text("", ""), outcome),
        requirements=tuple(results),
        method=Method.GATES,
    )


def gap(group: str, weight: str) -> Gap:
    text = Text(group, ENGLISH[group])
    return Gap("gbt_39117_2020_discrete", "firm", "企业", requirement("x"), text, Fraction(weight), "none")


@by_name("headlines")
def test_the_headline_says_where_the_firm_stands(case):
    shops = [
        workshop(
            w["name"], w["outcome"], tuple(w.get("missing", ())), tuple(w.get("undecided", ())), w.get("answered", 5)
        )
        for w in case.get("workshops", ())
    ]
    said = wording.headline(maturity(**case["maturity"]), [gap(*g) for g in case.get("gaps", ())], shops)

    assert (said.zh, said.en) == (case["zh"], case["en"])


def test_without_any_assessment_the_headline_says_so():
    assert wording.headline(None, [], []).zh == "还没有可以判断的内容"


@by_name("leads")
def test_the_paragraph_under_the_headline_says_what_the_total_rests_on(case):
    said = wording.lead(maturity(**case["maturity"]), date(2026, 10, 31), case["verified"])

    assert said.zh == case["zh"]


@by_name("bounds")
def test_bounds_are_rounded_outwards(case):
    assert wording.bounds_text(bounds([case["low"], case["high"]]), case["digits"]) == case["expect"]


@by_name("against_threshold")
def test_a_number_stands_beside_its_threshold(case):
    value = bounds(case["value"]) if case["value"] else None
    asked = requirement("W2", case["unit"], case["threshold"], case.get("operator", ">="))
    result = RequirementResult(asked, RequirementState.NOT_KNOWN, value, (), ())

    assert wording.value_against_threshold(result) == case["expect"]


@given(st.fractions(-100, 100), st.fractions(-100, 100), st.integers(0, 3))
def test_printed_bounds_always_contain_the_exact_ones(one, other, digits):
    low, high = min(one, other), max(one, other)

    assert Fraction(wording.rounded_down(low, digits)) <= low <= high <= Fraction(wording.rounded_up(high, digits))


@given(st.fractions(0, 100), st.integers(0, 100))
def test_a_printed_open_value_lies_on_the_true_side_of_its_threshold(high, threshold):
    value = Bounds(Fraction(0), high)
    digits = wording.digits_needed(value, Fraction(threshold))
    shown = Fraction(wording.rounded_up(high, digits))

    assert (shown >= threshold) == (high >= threshold) or digits == 3


def test_a_level_is_named_where_its_name_says_more_than_its_number():
    plain = (Text("一级", "Level 1"),)

    assert wording.level_name(2, NAMES) == Text("二级（规范级）", "level 2 (Standardised)")
    assert wording.level_name(1, plain).zh == "一级"
    assert wording.level_name(0, NAMES).zh == "一级以下"


def test_an_open_level_is_never_printed_as_one_level():
    said = wording.outcome_text(maturity([1, 2], [100, 0, 107]))

    assert said == Text(
        "◐ 待定：一级（规划级）至二级（规范级）", "◐ open: level 1 (Planning) to level 2 (Standardised)"
    )


def test_every_state_has_a_shape_and_a_word_of_its_own():
    said = {wording.state_words(state).zh for state in RequirementState}

    assert said == {"● 达到", "× 未达到", "◐ 待定", "— 不适用", "○ 不评判"}


def test_money_and_months_are_printed_as_ranges():
    assert wording.cost_text((30, 50, 1200)) == "30–1,200"
    assert wording.cost_text((30, 30, 30)) == "30"
    assert wording.months_text((3, 6)) == Text("3–6 个月", "3–6 months")
    assert wording.months_text((3, 3)).zh == "3 个月"


def test_exact_numbers_are_printed_without_needless_zeros():
    shown = [wording.number_text(Fraction(text)) for text in ("15/2", "12000", "4/5", "1/3", "3")]

    assert shown == ["7.5", "12,000", "0.8", "0.333", "3"]


def test_long_lists_are_cut_and_say_how_long_they_are():
    assert wording.listed(["甲", "乙", "丙", "丁"]).zh == "甲、乙、丙等 4 项"
    assert wording.listed(["甲", "乙"]).zh == "甲、乙"


def test_a_share_is_printed_rounded_down():
    assert wording.percent(Fraction(59199, 1000000)) == "5.91%"


def test_the_level_worked_on_is_the_one_above_what_is_sure():
    worked_on = [wording.working_level(maturity(level, [207, 0, 0])) for level in ([0, 0], [2, 2], [1, 3], [5, 5])]

    assert worked_on == [1, 3, 2, 5]


def test_a_known_number_says_whether_it_suffices_whatever_else_is_asked():
    result = RequirementResult(requirement("F6", "%", "80"), RequirementState.NOT_MET, exactly(83), (), ())

    assert wording.number_suffices(result) is True
