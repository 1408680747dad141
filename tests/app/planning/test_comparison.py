"""Promised against achieved, by hand: one fact of each kind, and several at once."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace

import pytest

from app.planning.comparison import Verdict, _fact_now, _outcome_verdict, together
from app.planning.promise import PromisedFact, PromisedOutcome
from questionnaires.loader import load
from questionnaires.model import State, Statement
from scoring.exact import Bounds
from scoring.model import Outcome

ASKED = load("auto_parts").facts
UNKNOWN, NOT_APPLICABLE = Statement(State.UNKNOWN), Statement(State.NOT_APPLICABLE, reason="无此业务")


def verdict(fact, value, before, now, direction="", asked=ASKED):
    said = {"firm": {fact: now if isinstance(now, Statement) else Statement(State.STATED, now)}}
    return _fact_now(PromisedFact("firm", "示例厂", fact, value, before, direction), said, asked, ASKED).verdict


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (None, "full", Verdict.ACHIEVED),
        ('"none"', "full", Verdict.ACHIEVED),
        ('"none"', "partly", Verdict.PARTLY),
        (None, "partly", Verdict.PARTLY),
        ('"partly"', "partly", Verdict.NOT_ACHIEVED),
        ('"partly"', "none", Verdict.NOT_ACHIEVED),
        (None, "none", Verdict.NOT_ACHIEVED),
        ('"none"', UNKNOWN, Verdict.NOT_KNOWN),
        ('"none"', NOT_APPLICABLE, Verdict.NOT_KNOWN),
    ],
)
def test_a_practice(before, now, expected):
    assert verdict("org_strategy.L1.1", '"full"', before, now) == expected


@pytest.mark.parametrize(
    ("now", "expected"), [(True, Verdict.ACHIEVED), (False, Verdict.NOT_ACHIEVED), (UNKNOWN, Verdict.NOT_KNOWN)]
)
def test_yes_or_no(now, expected):
    assert verdict("smart_org_and_talent", "true", "false", now) == expected


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ('"down"', "up", Verdict.ACHIEVED),
        ('"down"', "flat", Verdict.PARTLY),
        (None, "flat", Verdict.PARTLY),
        ('"flat"', "flat", Verdict.NOT_ACHIEVED),
        ('"flat"', "down", Verdict.NOT_ACHIEVED),
    ],
)
def test_a_choice_whose_first_option_is_the_best(before, now, expected):
    assert verdict("sme.r2", '"up"', before, now) == expected


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ('["o1"]', ("o1", "o2", "o3", "o4"), Verdict.ACHIEVED),
        ('["o1"]', ("o1", "o2"), Verdict.PARTLY),
        ('["o1"]', ("o1",), Verdict.NOT_ACHIEVED),
        (None, ("o1",), Verdict.PARTLY),
        (None, ("o5",), Verdict.NOT_ACHIEVED),
    ],
)
def test_several_choices(before, now, expected):
    assert verdict("sme.m3", '["o1","o2","o3"]', before, now) == expected


@pytest.mark.parametrize(
    ("direction", "value", "before", "now", "expected"),
    [
        ("up", "40", "10", 40, Verdict.ACHIEVED),
        ("up", "40", "10", 41, Verdict.ACHIEVED),
        ("up", "40", "10", 39, Verdict.PARTLY),
        ("up", "40", "10", 10, Verdict.NOT_ACHIEVED),
        ("up", "40", None, 5, Verdict.PARTLY),
        ("down", "40", "50", 40, Verdict.ACHIEVED),
        ("down", "40", "50", 45, Verdict.PARTLY),
        ("down", "40", "50", 55, Verdict.NOT_ACHIEVED),
        ("down", "40", None, 45, Verdict.NOT_ACHIEVED),
    ],
)
def test_a_number_is_held_against_the_way_it_should_go(direction, value, before, now, expected):
    assert verdict("equipment_networked_count", value, before, Fraction(now), direction) == expected


def test_what_nobody_answers_or_asks_any_more_is_not_known():
    promised = PromisedFact("gone", "已关闭车间", "org_strategy.L1.1", '"full"', None)

    assert _fact_now(promised, {}, ASKED, ASKED).verdict == Verdict.NOT_KNOWN
    assert verdict("org_strategy.L1.1", '"full"', None, "full", asked={}) == Verdict.NOT_KNOWN
    assert verdict("employees", '"full"', None, Fraction(3)) == Verdict.NOT_KNOWN  # of another kind by now


def test_a_fact_that_is_asked_no_longer_still_says_what_it_was():
    promised = PromisedFact("firm", "示例厂", "org_strategy.L1.1", '"full"', None)
    said = {"firm": {"org_strategy.L1.1": Statement(State.STATED, "full")}}
    found = _fact_now(promised, said, {}, ASKED)

    assert (found.asked, found.fact, found.value, found.now) == (False, ASKED["org_strategy.L1.1"], "full", None)
    assert found.verdict == Verdict.NOT_KNOWN


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ("", "not_known"),
        ("A", "achieved"),
        ("A A", "achieved"),
        ("N N", "not_achieved"),
        ("A N", "partly"),
        ("P", "partly"),
        ("A ?", "not_known"),  # achieved or partly
        ("N ?", "not_known"),  # partly or not achieved
        ("P ?", "partly"),  # whatever the other is
        ("A N ?", "partly"),
        ("? ?", "not_known"),
    ],
)
def test_several_facts_leave_open_what_those_not_known_could_decide(verdicts, expected):
    kinds = {"A": Verdict.ACHIEVED, "P": Verdict.PARTLY, "N": Verdict.NOT_ACHIEVED, "?": Verdict.NOT_KNOWN}

    assert together([kinds[one] for one in verdicts.split()]) == expected


@pytest.mark.parametrize(
    ("outcome", "level", "expected"),
    [
        (Outcome.LEVEL, (2, 2), Verdict.ACHIEVED),
        (Outcome.LEVEL, (3, 4), Verdict.ACHIEVED),
        (Outcome.LEVEL, (1, 2), Verdict.NOT_KNOWN),
        (Outcome.LEVEL, (0, 1), Verdict.NOT_ACHIEVED),
        (Outcome.MET, None, Verdict.ACHIEVED),
        (Outcome.NOT_MET, None, Verdict.NOT_ACHIEVED),
        (Outcome.NOT_KNOWN, None, Verdict.NOT_KNOWN),
        (Outcome.NOT_APPLICABLE, None, Verdict.NOT_KNOWN),
    ],
)
def test_an_outcome_is_held_against_both_ends_of_what_is_open(outcome, level, expected):
    promised = PromisedOutcome("c", "标准", "criteria", "firm", "厂", 2, "二级", "level 2", 2, "二级", "level 2")
    bounds = Bounds(*map(Fraction, level)) if level else None

    assert _outcome_verdict(promised, SimpleNamespace(outcome=outcome, level=bounds)) == expected


def test_a_subject_that_is_judged_no_longer_leaves_the_outcome_open():
    promised = PromisedOutcome("c", "标准", "criteria", "gone", "车间", 1, "达到", "met", 1, "达到", "met")

    assert _outcome_verdict(promised, None) == Verdict.NOT_KNOWN
