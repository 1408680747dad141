from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.credit_code import ALPHABET, CodeFault, check_digit, check_uscc, organisation_warning
from questionnaires.yaml_file import read_yaml

CASES = read_yaml(Path(__file__).parent.parent / "cases" / "credit_codes.yaml")
PREFIXES = st.text(ALPHABET, min_size=17, max_size=17)


@pytest.mark.parametrize("case", CASES["good"], ids=lambda case: case["why"])
def test_a_good_code_is_kept_in_capitals_without_blanks(case):
    assert check_uscc(case["typed"]) == case["code"]


@pytest.mark.parametrize("case", CASES["bad"], ids=lambda case: case["why"])
def test_a_bad_code_is_refused_with_what_is_wrong(case):
    with pytest.raises(CodeFault) as refused:
        check_uscc(case["typed"])

    assert case["zh"] in refused.value.message.zh
    assert case["en"] in refused.value.message.en


@pytest.mark.parametrize("case", CASES["organisation"], ids=lambda case: case["code"])
def test_the_inner_organisation_code_is_only_a_warning(case):
    assert check_uscc(case["code"]) == case["code"]

    warning = organisation_warning(case["code"])

    if case["ends_in"] is None:
        assert warning is None
    else:
        assert f"以 {case['ends_in']} 结尾" in warning.zh
        assert f"usually end in {case['ends_in']} here" in warning.en


@given(PREFIXES)
def test_exactly_one_check_digit_fits_each_code(prefix):
    accepted = [digit for digit in ALPHABET if _is_accepted(prefix + digit)]

    assert accepted == [check_digit(prefix)]


@given(PREFIXES, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_mistyped_character_is_always_noticed(prefix, place, other):
    code = prefix + check_digit(prefix)
    mistyped = code[:place] + other + code[place + 1 :]

    assert _is_accepted(mistyped) == (mistyped == code)


def _is_accepted(code: str) -> bool:
    try:
        check_uscc(code)
    except CodeFault:
        return False
    return True
