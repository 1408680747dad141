from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.still_open import (
    NEVER,
    NO,
    NOTHING,
    STUCK,
    YES,
    Open,
    any_of,
    at_least,
    decided,
    every,
    opposite,
    run,
    unanswered,
)

A, B, C = (unanswered(("firm", name)) for name in "abc")
BOTH = Open((("firm", "a"), ("firm", "b")), 2, 1, 1)


def names(one):
    return "".join(fact for _, fact in one.places)


def test_one_part_that_surely_fails_ends_the_asking():
    assert every([A, NO, B]) == NO
    assert any_of([A, YES, B]) == YES


def test_parts_that_surely_hold_need_no_answer():
    assert every([YES, YES]) == every([]) == YES
    assert names(every([YES, A])) == "a"


def test_all_parts_take_all_their_answers_and_one_no_is_enough():
    assert every([A, B, C])[1:3] == (3, 1)
    assert any_of([A, B, C])[1:3] == (1, 3)


def test_what_is_refuted_with_the_fewest_answers_is_asked_first():
    two_for_a_no = Open((("firm", "x"), ("firm", "y")), 1, 2, 1)

    assert names(every([two_for_a_no, A])) == "axy"


def test_parts_that_share_a_question_are_not_counted_twice():
    assert every([BOTH, A])[1:3] == (2, 1)


def test_what_nobody_can_answer_keeps_a_whole_from_holding_but_not_from_failing():
    assert every([STUCK, A])[1:] == (NEVER, 1, 1)
    assert names(every([STUCK, A])) == "a"
    assert every([STUCK, YES]) == STUCK


def test_of_several_as_many_as_wanted_are_enough_the_nearest_first():
    near, far = unanswered(("w1", "x")), Open((("w2", "x"), ("w2", "y")), 2, 1, 1)

    assert at_least([far, near, YES], 2) == Open((("w1", "x"), ("w2", "x"), ("w2", "y")), 1, 2, 1)
    assert at_least([far, near], 3) == NO
    assert at_least([YES, YES, far], 2) == YES


def test_a_run_ends_at_the_first_part_that_fails_and_asks_nothing_above_it():
    assert [fact for _, fact in run([YES, A, NO, B]).places] == ["a"]
    assert run([YES, NO, A]) == run([YES, YES]) == NOTHING


def test_a_run_is_settled_by_the_cheaper_of_its_ends():
    assert run([BOTH, C]).fewest == 1  # one no ends it at 0
    assert run([Open((("firm", "a"),), 1, 3, 1), C]).fewest == 2  # a yes, then a no


# --- against every way to answer --------------------------------------------------------------------------------------

FACTS = "abcd"
WHOLES = {"every": lambda n, size: n == size, "any_of": lambda n, _size: n > 0, "two": lambda n, _size: n >= 2}


def built(whole, parts):
    return {"every": every, "any_of": any_of, "two": lambda those: at_least(those, 2)}[whole](parts)


@st.composite
def trees(draw, depth=2):
    """A tree of wholes over yes or no facts, some of which turn a part round."""
    if depth == 0 or draw(st.booleans()):
        return draw(st.sampled_from(FACTS)), draw(st.booleans())
    parts = draw(st.lists(trees(depth - 1), min_size=1, max_size=3))
    return draw(st.sampled_from(list(WHOLES))), parts


def holds(tree, answers):
    name, rest = tree
    if name in FACTS:
        return answers[name] is not rest
    found = [holds(part, answers) for part in rest]
    return WHOLES[name](sum(found), len(found))


def still(tree, known):
    name, rest = tree
    if name in FACTS:
        one = unanswered(("firm", name)) if known[name] is None else decided(known[name])
        return opposite(one) if rest else one
    return built(name, [still(part, known) for part in rest])


def completions(known):
    left = [name for name in FACTS if known[name] is None]
    return [{**known, **dict(zip(left, way, strict=True))} for way in product((True, False), repeat=len(left))]


@given(trees(), st.lists(st.sampled_from([True, False, None]), min_size=4, max_size=4))
def test_an_answer_that_is_not_asked_for_changes_nothing(tree, said):
    known = dict(zip(FACTS, said, strict=True))
    asked = {fact for _, fact in still(tree, known).places}
    outcome = {}
    for complete in completions(known):
        key = tuple(complete[name] for name in FACTS if name in asked or known[name] is not None)
        assert outcome.setdefault(key, holds(tree, complete)) == holds(tree, complete)


@given(trees(), st.lists(st.sampled_from([True, False, None]), min_size=4, max_size=4), st.data())
def test_fewer_answers_than_counted_never_make_it_certain(tree, said, data):
    known = dict(zip(FACTS, said, strict=True))
    one, complete = still(tree, known), data.draw(st.sampled_from(completions(known)))
    left = [name for name in FACTS if known[name] is None]
    for taken in product((True, False), repeat=len(left)):
        answered = {**known, **{name: complete[name] for name, take in zip(left, taken, strict=True) if take}}

        assert still(tree, answered) != YES or sum(taken) >= one.yes
        assert still(tree, answered) != NO or sum(taken) >= one.no
        assert still(tree, answered).places or sum(taken) >= one.end


@pytest.mark.parametrize("said", [True, False])
def test_a_known_answer_is_certain(said):
    assert decided(said) in (YES, NO)
    assert opposite(decided(said)) == decided(not said)
