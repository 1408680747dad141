from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.assessment import assess
from scoring.indicators import Case
from scoring.loader import load_all
from scoring.model import Outcome, RequirementState
from scoring.points import level_reached, share_of_band
from tests.scoring.make import DAY, factory, firm, workshop

SME = "sme_digital_2024"
SMALL = {"employees": 320, "revenue": 15000, "production_type": "discrete"}


def criteria():
    return load_all(DAY).criteria[SME]


def judged(facts, rate=(10, 10, 10)):
    machines, digital, networked = rate
    one = workshop(equipment_count=machines, equipment_digital_count=digital, equipment_networked_count=networked)
    whole = firm(factory(one), **{**SMALL, **{name.replace(".", "__"): value for name, value in facts.items()}})
    return assessed(whole)


def assessed(whole):
    known = load_all(DAY)
    return assess(criteria(), Case((whole,), known.facts, known.indicators), {})


def answers(question, best):
    """The best or the first answer to one question, by hand from its shares."""
    codes = sorted(question.shares, key=lambda code: int(code[1:]) if code[1:].isdigit() else 0)
    if question.adds_up:
        return tuple(codes[1:]) if best else (codes[0],)
    return max(codes, key=question.shares.get) if best else min(codes, key=question.shares.get)


def everything(best):
    asked = {q.requirement.fact: answers(q, best) for q in criteria().questions if q.requirement.fact}
    return asked | {s.requirement.fact: "l4" if best else "l0" for s in criteria().scenes}


def test_all_top_answers_give_exactly_100_and_level_4():
    assessment = judged(everything(best=True))

    assert (assessment.total.low, assessment.total.high) == (100, 100)
    assert (assessment.level.low, assessment.level.high) == (4, 4)


def test_all_first_answers_give_0_and_no_level():
    assessment = judged(everything(best=False), rate=(10, 0, 0))

    assert (assessment.total.low, assessment.total.high) == (0, 0)
    assert (assessment.level.low, assessment.level.high) == (0, 0)


def test_nothing_answered_leaves_everything_open():
    assessment = judged({}, rate=(10, None, None))

    assert (assessment.total.low, assessment.total.high) == (0, 100)
    assert (assessment.level.low, assessment.level.high) == (0, 4)
    assert assessment.coverage.answered == 1  # the number of machines


def test_there_are_15_questions_of_100_points_and_16_scenes_of_which_10_are_binding():
    assert sum(question.points for question in criteria().questions) == 100
    assert len(criteria().questions) == 15
    assert len(criteria().scenes) == 16
    assert sum(scene.binding for scene in criteria().scenes) == 10


@pytest.mark.parametrize(
    ("rate", "share"),
    [
        ("0", "0"),
        ("10", "0"),
        ("101/10", "1/4"),
        ("20", "1/4"),
        ("40", "1/2"),
        ("60", "3/4"),
        ("6001/100", "1"),
        ("100", "1"),
    ],
)
def test_bands_are_open_on_the_left_and_closed_on_the_right(rate, share):
    bands = next(q.bands for q in criteria().questions if q.bands)

    assert share_of_band(Fraction(rate), bands) == Fraction(share)


def test_half_points_are_exact():
    assessment = judged({**everything(best=False), "sme.m1": "o1", "sme.m2": ("o1", "o2", "o3")}, rate=(10, 0, 0))

    assert assessment.total.low == Fraction(3, 2) + Fraction(45, 8)


def placed(*levels):
    return [Fraction(level) for level in levels] + [Fraction(0)] * (16 - len(levels))


BINDING = [True] * 10 + [False] * 6


@pytest.mark.parametrize(
    ("score", "levels", "expected"),
    [
        (80, [4] * 10, 4),
        (Fraction(799, 10), [4] * 10, 3),
        (80, [4] * 9, 3),
        (60, [3] * 8, 3),
        (40, [3] * 7, 2),
        (20, [1] * 6, 1),
        (20, [1] * 5, 0),
        (100, [1] * 16, 1),
        (19, [4] * 16, 0),
    ],
)
def test_a_level_needs_score_and_scenes(score, levels, expected):
    assert level_reached(criteria().level_rules, Fraction(score), placed(*levels), BINDING) == expected


def test_enough_scenes_without_enough_binding_ones_are_not_enough():
    few_binding = [Fraction(0)] * 8 + [Fraction(2)] * 8

    assert level_reached(criteria().level_rules, Fraction(100), few_binding, BINDING) == 0


def test_a_large_firm_is_not_evaluated_as_a_small_one():
    large = firm(employees=1000, revenue=40000)
    assessment = assessed(large)

    assert assessment.outcome is Outcome.NOT_APPLICABLE
    assert assessment.coverage.asked == 0


def test_a_firm_that_may_be_large_is_not_concluded_on():
    unsaid = firm(employees=1000)
    assessment = assessed(unsaid)

    assert assessment.outcome is Outcome.NOT_KNOWN


OPEN = {
    "sme.f1": (("o0",), ("o1", "o2"), ("o1", "o2", "o3", "o4")),
    "sme.r1": ("up", "flat", "down"),
    "sme.s01": ("l0", "l2", "l4"),
}


@given(st.lists(st.sampled_from(sorted(OPEN)), unique=True), st.booleans())
def test_bounds_are_the_worst_and_best_of_all_answers(left_open, best):
    known = {name: value for name, value in everything(best).items() if name not in left_open}
    found = judged(known)
    every = [
        judged({**known, **dict(zip(left_open, way, strict=True))}) for way in product(*[OPEN[n] for n in left_open])
    ]

    assert (found.total.low, found.total.high) == (min(a.total.low for a in every), max(a.total.high for a in every))
    assert (found.level.low, found.level.high) == (min(a.level.low for a in every), max(a.level.high for a in every))


@given(st.data())
def test_a_better_answer_never_lowers_score_or_level(data):
    better = everything(best=True)
    some = {n: data.draw(st.sampled_from([v, better[n]])) for n, v in everything(best=False).items()}
    raised = {**some, **{n: better[n] for n in data.draw(st.sets(st.sampled_from(sorted(better))))}}
    before, after = judged(some), judged(raised)

    assert before.total.low <= after.total.low
    assert before.level.low <= after.level.low


def test_each_question_says_whether_anything_is_left_to_gain():
    assessment = judged({"sme.f5": "o4", "sme.m1": "o2"}, rate=(10, 10, 5))
    states = {result.requirement.id: result.state for result in assessment.requirements}

    assert states["f5"] is RequirementState.MET
    assert states["m1"] is RequirementState.NOT_MET
    assert states["f2"] is RequirementState.MET
    assert states["f3"] is RequirementState.NOT_MET
    assert states["s01"] is RequirementState.NOT_KNOWN
