from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from questionnaires.model import AllOf, AnyOf, Comparison
from scoring.distance import compared_number, distance, missing_in_ratio, rounded_up
from scoring.indicators import Case
from scoring.loader import load_all
from tests.scoring.make import DAY, factory, firm, workshop


def case_of(*path):
    criteria = load_all(DAY)
    return Case(path, criteria.facts, criteria.indicators)


def at_least(name, number):
    return Comparison(">=", name, Fraction(number))


@given(st.integers(0, 60), st.integers(1, 60), st.integers(1, 100), st.booleans())
def test_the_missing_number_is_the_smallest_that_is_enough(numerator, denominator, threshold, strictly):
    assume(numerator <= denominator and 100 * numerator < threshold * denominator)
    missing = missing_in_ratio(Fraction(numerator), Fraction(denominator), Fraction(threshold), strictly, whole=True)

    def enough(more):
        rate = Fraction(100 * (numerator + more), denominator)
        return rate > threshold if strictly else rate >= threshold

    assert enough(missing)
    assert not enough(missing - 1)


def test_money_is_missing_to_the_fraction():
    assert missing_in_ratio(Fraction(1), Fraction(3), Fraction(50), strictly=False, whole=False) == Fraction(1, 2)


def test_machines_are_counted_in_machines():
    case = case_of(firm(), factory(), workshop(equipment_count=40, equipment_digital_count=14))
    missing = distance(at_least("equipment_digital_rate", 50), case)

    assert (missing.zh, missing.en) == ("差 6 台（套）", "6 more needed (sets)")


def test_a_rate_that_is_still_open_is_short_in_percentage_points_at_least():
    whole = firm(
        factory(workshop("a", equipment_count=40, equipment_digital_count=0), workshop("b", equipment_count=10))
    )
    missing = distance(at_least("equipment_digital_rate", 65), case_of(whole))

    assert missing.zh == "至少差 45 个百分点"
    assert missing.en == "at least 45 more needed (percentage points)"


def test_a_change_is_short_in_percentage_points_rounded_up():
    one = factory(productivity_before=900, productivity_after=960)

    assert distance(at_least("productivity_gain", 10), case_of(firm(one), one)).zh == "差 3.4 个百分点"


def test_missing_functions_are_named():
    yes = dict.fromkeys(("mes_planning", "mes_execution", "mes_logistics", "mes_equipment"), True)
    missing = distance(at_least("mes_module_count", 5), case_of(firm(), factory(), workshop(**yes, mes_quality=False)))

    assert missing.zh.startswith("差 1 类：")
    assert load_all(DAY).facts["mes_quality"].label.zh in missing.zh


def test_a_plain_no_needs_no_distance():
    case = case_of(firm(policy_fit=False))

    assert distance(Comparison("==", "policy_fit", True), case) is None


def test_of_several_conditions_only_the_missing_ones_are_named():
    case = case_of(firm(policy_fit=False, chongqing_legal_person=True))
    parts = (Comparison("==", "policy_fit", True), Comparison("==", "chongqing_legal_person", True))
    missing = distance(AllOf(parts), case)

    assert missing.zh == f"还缺：{case.facts['policy_fit'].label.zh}"


def test_alternatives_are_joined_by_or():
    case = case_of(firm(conversion_e_projects=1, conversion_e_patents=0))
    missing = distance(AnyOf((at_least("conversion_e_projects", 3), at_least("conversion_e_patents", 2))), case)

    assert "，或" in missing.zh
    assert ", or " in missing.en


@pytest.mark.parametrize(("number", "shown"), [("6", "6"), ("10/3", "3.4"), ("12/5", "2.4"), ("1/1000", "0.1")])
def test_what_is_missing_is_never_understated(number, shown):
    assert rounded_up(Fraction(number)) == shown


def test_the_number_beside_a_threshold_is_the_first_one_compared():
    condition = AllOf((Comparison("==", "design_knowledge_management", True), at_least("design_tool_rate", 80)))

    assert compared_number(condition, case_of(firm())) == "design_tool_rate"
    assert compared_number(Comparison("==", "policy_fit", True), case_of(firm())) is None
