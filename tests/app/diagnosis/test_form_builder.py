"""What is read from a posted page."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from app.diagnosis.draft import NOTHING, Said
from app.diagnosis.form_builder import build_form, faults_in, said_in
from questionnaires.facts import load_facts

FACTS = load_facts()


def posted(flask_app, fact, *pairs):
    with flask_app.test_request_context():
        form = build_form([FACTS[fact]], MultiDict(pairs))
        form.validate()
        return said_in(form), faults_in(form)


def test_a_number_is_read_exactly_with_its_thousands_and_unit(flask_app):
    said, faults = posted(flask_app, "employees", ("employees", "1,320 人"))

    assert (said, faults) == ({"employees": Said("stated", "1320")}, {})


def test_letters_in_a_number_are_named_and_nothing_is_read(flask_app):
    said, faults = posted(flask_app, "employees", ("employees", "abc"))

    assert said == {}
    assert "abc" in faults["employees"]
    assert "请只填数字" in faults["employees"]


def test_not_known_is_something_else_than_blank(flask_app):
    unknown, _ = posted(flask_app, "employees", ("employees", ""), ("employees!", "?"))
    blank, _ = posted(flask_app, "employees", ("employees", ""))

    assert unknown == {"employees": Said("unknown")}
    assert blank == {"employees": NOTHING}


def test_a_fact_the_post_does_not_speak_of_is_left_alone(flask_app):
    said, faults = posted(flask_app, "employees", ("something_else", "1"))

    assert (said, faults) == ({}, {})


def test_a_figure_together_with_not_known_asks_to_keep_one(flask_app):
    said, faults = posted(flask_app, "employees", ("employees", "320"), ("employees!", "?"))

    assert said == {}
    assert "请只保留一个" in faults["employees"]


def test_not_applicable_needs_its_reason(flask_app):
    said, faults = posted(flask_app, "revenue", ("revenue!", "-"), ("revenue!reason", "  "))

    assert said == {}
    assert "为什么不适用" in faults["revenue"]


def test_not_applicable_keeps_its_reason(flask_app):
    said, _ = posted(flask_app, "revenue", ("revenue!", "-"), ("revenue!reason", "新设企业"))

    assert said == {"revenue": Said("not_applicable", None, "新设企业")}


def test_a_practice_is_never_not_applicable(flask_app):
    said, faults = posted(flask_app, "data.L2.1", ("data.L2.1", "-"), ("data.L2.1!reason", "没有"))

    assert said == {}
    assert "裁剪" in faults["data.L2.1"]


@pytest.mark.parametrize(
    ("fact", "value"), [("data.L2.1", "mostly<b>"), ("production_type", "batch"), ("district", "1")]
)
def test_a_value_that_is_no_option_is_refused(flask_app, fact, value):
    said, faults = posted(flask_app, fact, (fact, value))

    assert said == {}
    assert fact in faults


def test_several_options_are_kept_in_order(flask_app):
    said, _ = posted(flask_app, "systems", ("systems", ""), ("systems", "thermal"), ("systems", "battery"))

    assert said == {"systems": Said("stated", '["battery","thermal"]')}


def test_all_options_taken_away_is_blank(flask_app):
    said, _ = posted(flask_app, "systems", ("systems", ""))

    assert said == {"systems": NOTHING}


def test_two_answers_side_by_side_must_be_chosen_between(flask_app):
    _, faults = posted(flask_app, "employees", ("employees", "12"), ("employees!asked", "1"))
    mine, _ = posted(flask_app, "employees", ("employees", "12"), ("employees!asked", "1"), ("employees!keep", "mine"))
    theirs, _ = posted(
        flask_app, "employees", ("employees", "12"), ("employees!asked", "1"), ("employees!keep", "theirs")
    )

    assert "请选择保留哪一个" in faults["employees"]
    assert mine == {"employees": Said("stated", "12")}
    assert theirs == {}
