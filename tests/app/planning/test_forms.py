"""The form of a step comes back with what was typed, and never overrules what others saved meanwhile unseen."""

from __future__ import annotations

from datetime import date

import pytest

from app.errors import Refused
from app.planning.forms import form_again, form_of, said_in, seen_in
from app.planning.models import PlanStep, Progress

KEPT = {"owner": "李工", "due": "2027-06-30", "progress": "under_way", "note": "已立项"}


@pytest.fixture
def step():
    return PlanStep(owner="李工", due=date(2027, 6, 30), progress=Progress.UNDER_WAY, note="已立项")


def posted(typed, seen):
    return {**typed, **{f"seen-{name}": words for name, words in seen.items()}}


def test_a_form_says_what_it_shows(step):
    form = form_of(step)

    assert (form.typed, form.seen) == (KEPT, KEPT)


def test_what_was_said_and_seen_is_read_as_far_as_the_form_asked():
    assert said_in({"progress": "done", "other": "x"}) == {"progress": "done"}
    assert said_in({"due": "2027-06-30", "owner": " 李工"}) == {"due": date(2027, 6, 30), "owner": " 李工"}
    assert said_in({"due": ""}) == {"due": None}
    assert seen_in({"seen-due": "", "seen-note": "x"}) == {"due": None, "note": "x"}


def test_a_day_that_is_none_is_refused_where_it_was_typed_and_left_out_where_it_was_shown():
    with pytest.raises(Refused, match="“morgen”不是日期"):
        said_in({"due": "morgen"})

    assert seen_in({"seen-due": "morgen", "seen-owner": "x"}) == {"owner": "x"}


def test_what_nobody_typed_comes_back_as_it_is_kept_by_now(step):
    shown = {**KEPT, "note": ""}
    form = form_again(step, posted({**shown, "owner": "长" * 61}, shown), compared=False)

    assert form.typed == {**KEPT, "owner": "长" * 61}
    assert form.seen == KEPT


def test_what_both_changed_stays_unseen_until_the_page_shows_it(step):
    shown = {**KEPT, "owner": ""}
    form = posted({**shown, "owner": "王工"}, shown)

    assert form_again(step, form, compared=False).seen["owner"] == ""
    assert form_again(step, form, compared=True).seen["owner"] == "李工"
    assert form_again(step, form, compared=True).typed["owner"] == "王工"


def test_a_press_that_was_refused_comes_back_as_a_choice(step):
    form = form_again(step, {"progress": "done", "seen-progress": "not_started"}, compared=True)

    assert form.typed == {**KEPT, "progress": "done"}
    assert form.seen == KEPT
