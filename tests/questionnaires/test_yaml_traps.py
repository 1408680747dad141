import pytest

from questionnaires.yaml_traps import find_trap


@pytest.mark.parametrize("written", ["on", "2026.10", "1:30", "012", "1e3", "Null", "<<", "2026-2-30"])
def test_a_trap_is_named_in_both_languages_with_what_was_written(written):
    fault, remedy = find_trap(written)

    assert f"“{written}”" in fault.zh
    assert f"“{written}”" in fault.en
    assert remedy.zh != remedy.en


@pytest.mark.parametrize("written", ["true", "0", "-12", "7.5", "冲压", "L2.1", "9150015712", "a:30", "yes please", ""])
def test_a_word_that_all_programs_read_alike_is_no_trap(written):
    assert find_trap(written) is None


def test_a_closing_zero_may_be_let_pass_and_nothing_else():
    assert find_trap("12.50") is not None
    assert find_trap("12.50", closing_zeros=True) is None
    assert find_trap("012", closing_zeros=True) is not None


def test_a_very_long_word_is_not_searched():
    assert find_trap("9" * 1_000_000) is None
