"""Reading a page: only what counts now, at the same cost however often it was saved, and never out of date."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, insert, update

from app import audit
from app.accounts.models import User
from app.diagnosis import draft as drafts
from app.diagnosis import service
from app.diagnosis.draft import Draft, Said, stated
from app.diagnosis.models import AnswerEntry, Diagnosis, Layer
from app.errors import NotFound
from app.extensions import db
from app.firms.models import Firm
from tests.factories import NOW, make_diagnosis, make_user, parts_of, sign_in

PAGE = ("data", "levels_1_2")
PARTLY, FULL, NONE = stated("partly"), stated("full"), stated("none")


@pytest.fixture
def person(flask_app: Flask, a_firm: Firm) -> User:
    return make_user(flask_app, firm_id=a_firm.id)


@pytest.fixture
def diagnosis(flask_app: Flask, a_firm: Firm) -> Diagnosis:
    return make_diagnosis(flask_app, a_firm)


@pytest.fixture
def open_page(flask_app: Flask, person: User, diagnosis: Diagnosis) -> Iterator[Callable[..., Draft]]:
    """Read the page as at a request of its own."""

    def read(seen: int | None = None, asked_by: User = person) -> Draft:
        db.session.rollback()
        return service.open_page(asked_by, diagnosis.id, *PAGE, seen)

    with flask_app.test_request_context():
        yield read


def said_about(draft: Draft, fact: str) -> list[Said]:
    return [kept.said for kept in draft.kept if kept.fact == fact]


def save_elsewhere(person: User, diagnosis_id: UUID, said: Said, saves: int = 1) -> None:
    """Save as another process would: nothing of it passes through what this one remembers."""
    before = db.session.get_one(Diagnosis, diagnosis_id).revision
    entry = {"diagnosis_id": diagnosis_id, "subject_key": "firm", "layer": Layer.STATED, "said_by": person.id}
    entry |= {"state": said.state, "value": said.value, "reason": said.reason, "said_at": NOW}
    rows = [entry | {"fact": f"data.L1.{n}", "revision": before + 1 + k} for k in range(saves) for n in (1, 2)]
    db.session.execute(insert(AnswerEntry), rows)
    at = NOW + timedelta(seconds=before + saves)
    counted = update(Diagnosis).where(Diagnosis.id == diagnosis_id).values(revision=before + saves, saved_at=at)
    db.session.execute(counted.execution_options(synchronize_session=False))
    audit.record("system", "test.save", f"diagnosis:{diagnosis_id}")
    db.session.commit()
    db.session.expire_all()


def steps_of(work: Callable[[], Any]) -> int:
    """Return how many steps the database takes for some work, in hundreds."""
    steps = [0]

    def count() -> int:
        steps[0] += 1
        return 0

    db.session.rollback()
    sqlite: Any = db.session.connection().connection.driver_connection
    sqlite.set_progress_handler(count, 100)
    try:
        work()
    finally:
        sqlite.set_progress_handler(None, 100)
    return steps[0]


# --- what is read -----------------------------------------------------------------------------------------------------


def test_only_the_newest_of_many_saves_is_read(open_page, person, diagnosis):
    save_elsewhere(person, diagnosis.id, PARTLY, saves=3)
    save_elsewhere(person, diagnosis.id, FULL)

    assert said_about(open_page(), "data.L1.1") == [FULL]


def test_what_a_page_showed_is_read_beside_what_counts_now(open_page, person, diagnosis):
    save_elsewhere(person, diagnosis.id, PARTLY, saves=3)
    save_elsewhere(person, diagnosis.id, FULL, saves=2)

    assert said_about(open_page(seen=3), "data.L1.1") == [PARTLY, FULL]
    assert open_page(seen=3).newest("firm", Layer.STATED, 3)["data.L1.1"].revision == 3
    assert said_about(open_page(seen=5), "data.L1.1") == [FULL]


@pytest.mark.parametrize("behind", [None, 0, 1])
def test_a_page_after_two_thousand_saves_costs_what_it_costs_after_two(person, diagnosis, open_page, behind):
    """`behind` is how many saves the page that is posted has missed; None when it is only shown."""

    def read_after(saves: int) -> int:
        seen = None if behind is None else saves - behind
        return steps_of(lambda: service.open_page(person, diagnosis.id, *PAGE, seen))

    save_elsewhere(person, diagnosis.id, PARTLY, saves=2)
    early = read_after(2)
    save_elsewhere(person, diagnosis.id, FULL, saves=1998)
    late = read_after(2000)

    assert early > 0
    assert late <= early + 2  # a step deeper into the index


def test_the_answers_of_a_workshop_come_with_its_page(flask_app, a_firm, person):
    workshop = str(parts_of(flask_app, a_firm)["冲压车间"])
    made = make_diagnosis(flask_app, a_firm, {(workshop, "equipment_count"): 120, "employees": 320})
    with flask_app.test_request_context():
        draft = service.open_page(person, made.id, "workshop_equipment", "machines")

    assert {(kept.subject_key, kept.fact) for kept in draft.kept} == {
        (workshop, "equipment_count"),
        ("firm", "employees"),
    }


def test_a_left_out_subdomain_is_known_on_every_page(open_page, person, diagnosis):
    full = service.open_draft(person, diagnosis.id)
    service.tailor(person, full, {"product_design": "按图加工，没有产品设计"}, 0)

    assert open_page().tailored == {"product_design": "按图加工，没有产品设计"}


def test_the_path_of_a_page_is_that_of_the_whole_diagnosis(open_page, person, diagnosis):
    full = service.open_draft(person, diagnosis.id)
    service.save_page(person, full, "firm", {"production_type": stated("continuous"), "employees": stated(320)}, 0)
    whole, path = service.open_draft(person, diagnosis.id).walk()

    assert whole.facts.keys() >= {"employees"}
    assert open_page().path().pages == path.pages
    assert open_page().path().asked == path.asked


# --- what is remembered -----------------------------------------------------------------------------------------------


def test_a_page_shown_again_is_not_read_again_until_somebody_saves(open_page, person, diagnosis):
    save_elsewhere(person, diagnosis.id, PARTLY)
    open_page()
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    open_page()
    again = [statement for statement in statements if "answer_entry" in statement]
    save_elsewhere(person, diagnosis.id, FULL)
    seen = said_about(open_page(), "data.L1.1")

    assert again == []
    assert seen == [FULL]


def test_what_is_remembered_after_a_save_is_what_is_stored(open_page, person, diagnosis, monkeypatch):
    save_elsewhere(person, diagnosis.id, PARTLY)
    service.save_page(person, open_page(seen=1), "firm", {"data.L1.1": FULL, "data.L1.2": Said("unknown")}, 1)
    remembered = open_page()
    monkeypatch.setattr(drafts, "_pages", drafts.Lately(1))
    read = open_page()

    assert said_about(remembered, "data.L1.1") == [FULL]
    assert {kept.fact: kept.said for kept in remembered.kept} == {kept.fact: kept.said for kept in read.kept}
    assert {kept.fact: kept.revision for kept in remembered.kept} == {kept.fact: kept.revision for kept in read.kept}


def test_a_save_that_was_given_up_is_not_remembered(open_page, person, diagnosis, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(RuntimeError):
        service.save_page(person, open_page(seen=0), "firm", {"data.L1.1": FULL}, 0)

    assert said_about(open_page(), "data.L1.1") == []


def test_a_database_put_back_to_an_earlier_day_is_read_afresh(open_page, person, diagnosis):
    save_elsewhere(person, diagnosis.id, PARTLY)
    open_page()
    other_day = update(Diagnosis).values(saved_at=NOW - timedelta(days=1))  # another save with the same number
    db.session.execute(other_day)
    db.session.execute(update(AnswerEntry).values(value=NONE.value))
    audit.record("system", "test.put_back", f"diagnosis:{diagnosis.id}")
    db.session.commit()

    assert said_about(open_page(), "data.L1.1") == [NONE]


def test_what_is_remembered_is_shown_to_nobody_who_may_not_see_it(flask_app, open_page, person, diagnosis):
    save_elsewhere(person, diagnosis.id, FULL)
    open_page()
    stranger = make_user(flask_app)

    with pytest.raises(NotFound):
        open_page(asked_by=stranger)


# --- how often the database is asked ----------------------------------------------------------------------------------


def test_a_page_takes_three_statements_and_a_save_seven(flask_app: Flask, client: FlaskClient, person, diagnosis):
    sign_in(client, person)
    address = f"/diagnoses/{diagnosis.id}/fill/data/firm/levels_1_2"
    statements: list[str] = []
    with flask_app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    shown = client.get(address)
    to_show = [statement for statement in statements if not statement.startswith("BEGIN")]
    statements.clear()
    saved = client.post(address, data={"revision": "0", "data.L1.1": "full"})
    to_save = [statement for statement in statements if not statement.startswith("BEGIN")]

    assert (shown.status_code, saved.status_code) == (200, 302)
    assert len(to_show) <= 3
    assert len(to_save) <= 7
