"""The code on a cover: unguessable, read as people type it, every slip told from a code that nobody has."""

from __future__ import annotations

import pytest

from app.reporting.codes import ALPHABET, CodeFault, check_character, grouped, new_code, read_code

# By hand, weights 2 to 20 and 1 mod 31: nineteen 2s have the value 0, so 0 completes them; with a 3 in the first place
# the sum is 2, and 29 is the character at place 29.
ALL_ZERO = "2" * 20
ONE_AT_FIRST = "3" + "2" * 18 + "Y"


@pytest.fixture(autouse=True)
def _in_chinese(flask_app):
    with flask_app.test_request_context():
        yield


def test_the_alphabet_has_no_character_that_is_taken_for_another():
    assert len(set(ALPHABET)) == 31
    assert not set("01OIL") & set(ALPHABET)


@pytest.mark.parametrize("code", [ALL_ZERO, ONE_AT_FIRST])
def test_the_last_character_checks_the_others(code):
    assert read_code(code) == code


def test_codes_are_long_enough_not_to_be_guessed_and_never_the_same():
    codes = {new_code() for _ in range(500)}

    assert len(codes) == 500
    assert all(len(code) == 20 and set(code) <= set(ALPHABET) and read_code(code) == code for code in codes)
    assert {code[at] for code in codes for at in range(19)} == set(ALPHABET)


def test_a_code_is_printed_in_fours():
    assert grouped("3222222222222222222Y") == "3222-2222-2222-2222-222Y"


@pytest.mark.parametrize(
    "typed",
    [
        "3222-2222-2222-2222-222Y",
        "3222 2222 2222 2222 222y",
        " 3222222222222222222y\n",
        "３２２２－２２２２－２２２２－２２２２－２２２Ｙ",
        "3222–2222—2222−2222_222y",
    ],
)
def test_a_code_is_read_however_it_is_typed(typed):
    assert read_code(typed) == ONE_AT_FIRST


def test_every_single_wrong_character_and_every_two_that_changed_places_show():
    code = new_code()
    wrong = {code[:at] + sign + code[at + 1 :] for at in range(20) for sign in ALPHABET}
    wrong |= {code[:at] + code[at + 1] + code[at] + code[at + 2 :] for at in range(19)}
    wrong.discard(code)

    assert len(wrong) >= 600
    for typed in wrong:
        with pytest.raises(CodeFault, match="抄错了"):
            read_code(typed)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "还没有填写"),
        ("--- ", "还没有填写"),
        ("2222", "应有 20 个字符，现在是 4 个"),
        ("2" * 21, "现在是 21 个"),
        ("O" + "2" * 19, "没有 O"),
        ("01" + "2" * 18, "没有 0、1"),
        ("核对" + "2" * 18, "没有“对、核”"),
        ("<script>" * 100, "只有数字和大写字母|没有 I"),
    ],
)
def test_what_cannot_be_a_code_is_refused_with_what_to_look_at(typed, said):
    with pytest.raises(CodeFault, match=said):
        read_code(typed)


def test_the_check_character_is_one_of_the_alphabet_for_every_sum():
    assert {check_character(sign + "2" * 18) for sign in ALPHABET} == set(ALPHABET)
