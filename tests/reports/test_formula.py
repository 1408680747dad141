"""Formulas: how they are written, and that they give here what a spreadsheet gives."""

from __future__ import annotations

from fractions import Fraction

import pytest

from reports import formula as f
from reports.formula import Formula

A, B, ZERO = Formula("A1", 7), Formula("B1", 2), Formula("C1", 0)
WORD, BLANK = Formula("D1", "是"), Formula("E1", "")
COLUMN = f.block([Formula("'表'!A1", 3), Formula("'表'!A2", ""), Formula("'表'!A3", 5)])
WORDS = f.block([Formula("F1", "甲"), Formula("F2", "乙"), Formula("F3", "甲")])


@pytest.mark.parametrize(
    ("made", "text", "now"),
    [
        (A + B * 3, "A1+B1*3", 13),
        ((A + B) * 3, "(A1+B1)*3", 27),
        (A - (B - 1), "A1-(B1-1)", 6),
        (A / B, "A1/B1", Fraction(7, 2)),
        (A * (B / B), "A1*(B1/B1)", 7),
        (A / (B * 2), "A1/(B1*2)", Fraction(7, 4)),
        (A * 4 / 5, "A1*4/5", Fraction(28, 5)),
        (A >= B * 3, "A1>=B1*3", True),
        (A < B, "A1<B1", False),
        (f.flag(A * 5 >= B * 4), "IF(A1*5>=B1*4,1,0)", 1),
        (A.equals(7), "A1=7", True),
        (WORD.equals("是"), 'D1="是"', True),
        (BLANK.equals(""), 'E1=""', True),
        (BLANK.equals(0), "E1=0", False),
        (WORD.differs("否"), 'D1<>"否"', True),
        (f.every(A > 1, B > 5), "AND(A1>1,B1>5)", False),
        (f.either(A > 1, B > 5), "OR(A1>1,B1>5)", True),
        (f.is_number(A), "ISNUMBER(A1)", True),
        (f.is_number(BLANK), "ISNUMBER(E1)", False),
        (f.least(A, B), "MIN(A1,B1)", 2),
        (f.greatest(A, 9), "MAX(A1,9)", 9),
        (f.total(COLUMN), "SUM('表'!A1:A3)", 8),
        (f.counted(COLUMN), "COUNT('表'!A1:A3)", 2),
        (f.common_divisor(Formula("A1", 12), Formula("A2", 18)), "GCD(A1,A2)", 6),
        (f.common_divisor(ZERO, A), "GCD(C1,A1)", 7),
        (f.common_multiple(Formula("A1", 12), Formula("A2", 18)), "LCM(A1,A2)", 36),
        (f.rounded(Formula("A1", Fraction(5, 2))), "ROUND(A1,0)", 3),
        (f.rounded(Formula("A1", Fraction(-5, 2))), "ROUND(A1,0)", -3),
        (f.picked(B, "甲", "乙"), 'CHOOSE(B1,"甲","乙")', "乙"),
        (f.joined(WORD, "、", f.digits(A)), 'D1&"、"&TEXT(A1,"0")', "是、7"),
        (f.like(WORDS, "甲"), 'SUMPRODUCT((F1:F3="甲")*1)', 2),
        (f.worth(WORDS, "甲", COLUMN), "SUMPRODUCT((F1:F3=\"甲\")*'表'!A1:A3)", 8),
        (f.reaching(COLUMN, 4), "SUMPRODUCT(('表'!A1:A3>=4)*1)", 1),
        (f.as_formula('"引"'), '"""引"""', '"引"'),
    ],
)
def test_a_formula_is_written_and_computed_alike(made, text, now):
    assert (made.text, made.now) == (text, now)


def test_a_fraction_is_said_in_its_lowest_terms():
    assert f.quotient(Formula("A1", 16), Formula("B1", 20)).now == "4/5"
    assert f.quotient(Formula("A1", 40), Formula("B1", 20)).now == "2"
    assert f.quotient(ZERO, Formula("B1", 20)).now == "0"


def test_what_is_not_chosen_may_be_an_error_and_what_is_chosen_shows_it():
    broken = f.rounded(BLANK * 3)

    assert broken.now is None
    assert (A / ZERO).now is None
    assert f.if_else(f.is_number(BLANK), broken, 5).now == 5
    assert f.if_else(f.is_number(A), broken, 5).now is None


def test_factors_of_one_are_left_out_and_written_numbers_are_multiplied_at_once():
    assert f.scaled(A, 1) == A
    assert f.scaled(f.as_formula(1), A) == A
    assert f.scaled(f.as_formula(100), 3) == f.as_formula(300)
    assert f.scaled(A, 100).text == "A1*100"
