"""What a file would change, held against what was kept when it was made and what is kept now."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from app.diagnosis.draft import NOTHING, Kept, Said, stated
from app.diagnosis.models import Layer
from app.workbooks.difference import chosen, difference, fingerprint
from app.workbooks.reading import Reading


@pytest.fixture
def draft(draft_of, manager):
    """A diagnosis with saves 1 to 3: employees changed in each, revenue in the first, policy_fit taken back."""

    def kept(fact, said, revision):
        return Kept("firm", fact, Layer.STATED, said, revision, manager.id, None)

    said = (
        kept("employees", stated(Fraction(1)), 1),
        kept("revenue", stated(Fraction(100)), 1),
        kept("policy_fit", stated(True), 1),
        kept("employees", stated(Fraction(2)), 2),
        kept("policy_fit", NOTHING, 3),
        kept("employees", stated(Fraction(3)), 3),
    )
    return replace(draft_of(), kept=said)


def of(draft, said, seen, from_cells=True):
    found = difference(Reading({"firm": said}, seen=seen, from_cells=from_cells), draft)
    return {change.fact: (change.new, change.old.revision if change.old else None, change.conflict) for change in found}


def test_what_was_left_as_it_was_shown_changes_nothing(draft):
    assert of(draft, {"employees": stated(2), "revenue": stated(100), "scene_count": NOTHING}, seen=2) == {}


def test_what_only_the_file_changed_is_a_change(draft):
    assert of(draft, {"revenue": stated(200), "firm_name": stated("甲")}, seen=2) == {
        "revenue": (stated(200), 1, False),
        "firm_name": (stated("甲"), None, False),
    }


def test_what_both_changed_is_a_conflict_unless_both_say_the_same(draft):
    assert of(draft, {"employees": stated(9), "policy_fit": stated(False)}, seen=2) == {
        "employees": (stated(9), 3, True),
        "policy_fit": (stated(False), 3, True),
    }
    assert of(draft, {"employees": stated(3)}, seen=2) == {}


def test_an_answer_that_was_cleared_is_taken_back(draft):
    (change,) = difference(Reading({"firm": {"revenue": NOTHING}}, seen=3, from_cells=True), draft)

    assert (change.takes_back, change.conflict, change.old.said) == (True, False, stated(100))


def test_without_a_sure_save_every_difference_is_a_conflict_and_blanks_take_nothing_back(draft):
    said = {"employees": stated(9), "revenue": NOTHING, "firm_name": stated("甲"), "policy_fit": NOTHING}

    assert of(draft, said, seen=0) == {"employees": (stated(9), 3, True), "firm_name": (stated("甲"), None, False)}


def test_a_file_that_shows_no_save_is_held_against_now(draft):
    assert of(draft, {"employees": stated(9)}, seen=None, from_cells=False) == {"employees": (stated(9), 3, False)}


def test_what_cells_cannot_tell_apart_is_no_change(draft, manager):
    kept = Kept("firm", "firm_name", Layer.STATED, Said("stated", '"甲\\r\\n乙"', "按执照"), 1, manager.id, None)
    draft = replace(draft, kept=(kept,))

    assert of(draft, {"firm_name": stated("甲\n乙")}, seen=1) == {}
    assert of(draft, {"firm_name": stated("甲\n乙")}, seen=None, from_cells=False) != {}


def test_only_what_is_chosen_of_the_conflicts_is_saved(draft):
    found = difference(Reading({"firm": {"employees": stated(9), "revenue": stated(7)}}, seen=2), draft)

    assert chosen(found, frozenset()) == {"firm": {"revenue": stated(7)}}
    assert chosen(found, frozenset({("firm", "employees"), ("firm", "other")})) == {
        "firm": {"employees": stated(9), "revenue": stated(7)}
    }


def test_the_fingerprint_changes_with_every_answer_in_question_and_with_no_other(draft, manager):
    reading = Reading({"firm": {"employees": stated(9), "revenue": stated(7)}}, seen=3)
    before = fingerprint(difference(reading, draft))

    def after(fact, said):
        kept = Kept("firm", fact, Layer.STATED, said, 4, manager.id, None)
        return fingerprint(difference(reading, replace(draft, kept=(*draft.kept, kept))))

    assert after("firm_name", stated("别的")) == before
    assert after("employees", stated(4)) != before
    assert after("revenue", stated(7)) != before
    assert after("revenue", Said("stated", "100", "理由")) != before
