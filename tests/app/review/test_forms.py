"""What a consultant posts about one page."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from werkzeug.datastructures import MultiDict

from app.diagnosis.draft import Kept, Said, stated
from app.review.forms import read_findings
from questionnaires.facts import load_facts

FACT = load_facts()["data.L2.1"]
STATED = {FACT.id: Kept("firm", FACT.id, "stated", stated("full"), 1, UUID(int=1), datetime(2026, 11, 24, tzinfo=UTC))}


def findings(flask_app, *pairs, theirs=STATED):
    with flask_app.test_request_context():
        return read_findings([FACT], theirs, MultiDict(pairs))


def test_the_same_value_is_an_agreement_without_reason(flask_app):
    read = findings(flask_app, (FACT.id, "full"), (f"{FACT.id}!why", "看过现场"))

    assert (read.found, read.faults) == ({FACT.id: stated("full")}, {})


def test_another_value_carries_its_reason(flask_app):
    read = findings(flask_app, (FACT.id, "none"), (f"{FACT.id}!why", " 现场没有 "))

    assert read.found == {FACT.id: Said("stated", '"none"', "现场没有")}


def test_another_value_without_reason_is_a_fault_and_not_a_finding(flask_app):
    read = findings(flask_app, (FACT.id, "none"), (f"{FACT.id}!why", "  "))

    assert read.found == {}
    assert "请写明理由" in read.faults[FACT.id]


def test_a_value_for_what_the_firm_left_blank_needs_a_reason_too(flask_app):
    read = findings(flask_app, (FACT.id, "mostly"), theirs={})

    assert FACT.id in read.faults


def test_a_remark_stands_apart_from_the_finding(flask_app):
    read = findings(flask_app, (FACT.id, "full"), (f"{FACT.id}!note", "请附采集点表"))

    assert read.notes == {FACT.id: "请附采集点表"}


def test_a_remark_beside_a_fault_waits_until_the_fault_is_corrected(flask_app):
    read = findings(flask_app, (FACT.id, "none"), (f"{FACT.id}!note", "请附采集点表"))

    assert read.notes == {}


def test_a_page_that_says_nothing_about_a_fact_finds_nothing(flask_app):
    assert findings(flask_app, ("revision", "1")).found == {}
