"""Two people save the same page."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from app.diagnosis.draft import NOTHING, Kept, Said
from app.diagnosis.saving import merge

TEN, TWELVE, FIFTEEN = (Said("stated", number) for number in ("10", "12", "15"))


def kept(said: Said) -> dict[str, Kept]:
    return {"a": Kept("firm", "a", "stated", said, 1, UUID(int=1), datetime(2026, 11, 24, tzinfo=UTC))}


def test_a_fact_changed_by_this_person_alone_is_written():
    outcome = merge({"a": TWELVE}, seen=kept(TEN), newest=kept(TEN))

    assert (outcome.changed, outcome.conflicts) == ({"a": TWELVE}, {})


def test_a_fact_left_as_it_was_shown_keeps_what_somebody_else_saved():
    outcome = merge({"a": TEN}, seen=kept(TEN), newest=kept(TWELVE))

    assert (outcome.changed, outcome.conflicts) == ({}, {})


def test_a_fact_changed_by_both_is_a_conflict_that_shows_the_other_answer():
    outcome = merge({"a": FIFTEEN}, seen=kept(TEN), newest=kept(TWELVE))

    assert outcome.changed == {}
    assert outcome.conflicts["a"].said == TWELVE


def test_the_same_answer_given_by_both_is_no_conflict_and_no_second_row():
    outcome = merge({"a": TWELVE}, seen=kept(TEN), newest=kept(TWELVE))

    assert (outcome.changed, outcome.conflicts) == ({}, {})


def test_an_answer_removed_by_this_person_is_written_as_blank():
    outcome = merge({"a": NOTHING}, seen=kept(TEN), newest=kept(TEN))

    assert outcome.changed == {"a": NOTHING}


def test_a_blank_that_stays_blank_writes_nothing():
    outcome = merge({"a": NOTHING}, seen={}, newest={})

    assert outcome.changed == {}
