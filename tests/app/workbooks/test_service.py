"""Files sent, looked through, confirmed or given up: one save, one event, and nothing that was not shown before."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from app import audit
from app.diagnosis import service as diagnosis_service
from app.diagnosis.draft import NOTHING, read_draft, stated
from app.diagnosis.models import AnswerEntry, Diagnosis, Stage
from app.errors import NotFound, Stale
from app.extensions import db
from app.workbooks import service
from app.workbooks.models import WaitingFile
from app.workbooks.reading import FileRefused
from tests.factories import make_user


@pytest.fixture
def draft(draft_of, keys):
    return draft_of({"firm_name": "某厂", "employees": 300, (keys["冲压车间"], "equipment_count"): 5})


@pytest.fixture
def sent(at_work, draft, downloaded, keys):
    """A workbook with four answers changed, in the firm and in a workshop, and one fault."""

    def send(**answers):
        file = downloaded(draft)
        for key, value in {
            "firm employees": 320,
            "firm revenue": 100,
            f"{keys['冲压车间']} equipment_count": 6,
            **answers,
        }.items():
            file.fill(key, value)
        file.fill(f"{keys['焊装车间']} equipment_count", "约五十")
        return service.send(at_work, draft.diagnosis.id, file.content(), "填好的.xlsx")

    return send


def said(draft, subject="firm"):
    db.session.expire_all()
    newest = read_draft(db.session.get_one(Diagnosis, draft.diagnosis.id)).newest(subject, "stated")
    return {fact: kept.said for fact, kept in newest.items()}


def events(action):
    return list(db.session.scalars(select(audit.AuditEvent).where(audit.AuditEvent.action == action)))


def test_nothing_is_saved_before_it_is_confirmed(draft, sent, at_work):
    file = sent()
    service.preview(at_work, draft.diagnosis.id, file.id)

    assert said(draft)["employees"] == stated(300)
    assert db.session.get_one(Diagnosis, draft.diagnosis.id).revision == 1


def test_a_confirmed_file_is_one_save_and_one_event_with_its_digest(draft, sent, at_work, keys):
    file = sent()
    content, file_id = file.content, file.id
    seen = service.preview(at_work, draft.diagnosis.id, file_id)

    assert len(seen.changes) == 3
    assert len(seen.reading.faults) == 1
    assert service.take_in(at_work, draft.diagnosis.id, file_id, seen.fingerprint, ()) == 3
    assert said(draft) == {"firm_name": stated("某厂"), "employees": stated(320), "revenue": stated(100)}
    assert said(draft, keys["冲压车间"]) == {"equipment_count": stated(6)}
    assert said(draft, keys["焊装车间"]) == {}
    entries = list(db.session.scalars(select(AnswerEntry).where(AnswerEntry.revision > 1)))
    assert {(entry.revision, entry.said_by) for entry in entries} == {(2, at_work.id)}
    (event,) = events("diagnosis.import")
    assert event.detail == {
        "file": "填好的.xlsx",
        "sha256": hashlib.sha256(content).hexdigest(),
        "revision": 2,
        "changed": 3,
        "faults": 1,
    }
    assert list(audit.verify()) == []


def test_a_file_is_taken_in_once(draft, sent, at_work):
    file_id = sent().id
    shown = service.preview(at_work, draft.diagnosis.id, file_id).fingerprint
    service.take_in(at_work, draft.diagnosis.id, file_id, shown, ())

    with pytest.raises(NotFound, match="已经导入、放弃或过期"):
        service.take_in(at_work, draft.diagnosis.id, file_id, shown, ())
    assert db.session.get_one(Diagnosis, draft.diagnosis.id).revision == 2


def save_elsewhere(flask_app, firm, diagnosis_id, fact, value):
    db.session.rollback()  # what was read so far is old news
    colleague = make_user(flask_app, firm_id=firm.id, name="李某")
    draft = diagnosis_service.open_draft(colleague, diagnosis_id)
    diagnosis_service.save_page(colleague, draft, "firm", {fact: stated(value)}, draft.diagnosis.revision)


def test_somebody_elses_save_of_the_same_answer_is_noticed_before_saving(flask_app, firm, draft, sent, at_work):
    file_id = sent().id
    shown = service.preview(at_work, draft.diagnosis.id, file_id).fingerprint
    save_elsewhere(flask_app, firm, draft.diagnosis.id, "employees", 310)

    with pytest.raises(Stale, match="所以还没有保存"):
        service.take_in(at_work, draft.diagnosis.id, file_id, shown, ())
    db.session.rollback()
    assert said(draft)["employees"] == stated(310)
    assert "revenue" not in said(draft)


def test_somebody_elses_save_of_another_answer_does_not_stop_a_confirmation(flask_app, firm, draft, sent, at_work):
    file_id = sent().id
    shown = service.preview(at_work, draft.diagnosis.id, file_id).fingerprint
    save_elsewhere(flask_app, firm, draft.diagnosis.id, "policy_fit", True)

    assert service.take_in(at_work, draft.diagnosis.id, file_id, shown, ()) == 3
    assert said(draft)["policy_fit"] == stated(True)


def test_of_what_both_changed_the_person_chooses(flask_app, firm, draft, downloaded, at_work):
    file = downloaded(draft)
    file.fill("firm employees", 320)
    file.fill("firm firm_name", "另一个名称")
    for fact, value in (("employees", 310), ("firm_name", "同事改的")):
        save_elsewhere(flask_app, firm, draft.diagnosis.id, fact, value)
    file_id = service.send(at_work, draft.diagnosis.id, file.content(), "a.xlsx").id
    seen = service.preview(at_work, draft.diagnosis.id, file_id)

    assert {change.fact: change.conflict for change in seen.changes} == {"employees": True, "firm_name": True}
    assert service.take_in(at_work, draft.diagnosis.id, file_id, seen.fingerprint, [("firm", "employees")]) == 1
    assert said(draft) == {"firm_name": stated("同事改的"), "employees": stated(320)}


def test_a_cleared_cell_takes_the_answer_back(draft, sent, at_work):
    file_id = sent(**{"firm firm_name": None}).id
    seen = service.preview(at_work, draft.diagnosis.id, file_id)
    service.take_in(at_work, draft.diagnosis.id, file_id, seen.fingerprint, ())

    assert said(draft)["firm_name"] == NOTHING


def test_a_file_that_changes_nothing_counts_no_save(draft, downloaded, at_work):
    file_id = service.send(at_work, draft.diagnosis.id, downloaded(draft).content(), "a.xlsx").id
    seen = service.preview(at_work, draft.diagnosis.id, file_id)

    assert seen.changes == ()
    assert service.take_in(at_work, draft.diagnosis.id, file_id, seen.fingerprint, ()) == 0
    assert db.session.get_one(Diagnosis, draft.diagnosis.id).revision == 1


def test_a_file_that_is_given_up_is_gone_and_leaves_everything_as_it_was(draft, sent, at_work):
    file_id = sent().id
    service.give_up(at_work, draft.diagnosis.id, file_id)

    assert said(draft)["employees"] == stated(300)
    assert db.session.scalars(select(WaitingFile)).all() == []
    assert len(events("diagnosis.give_up_file")) == 1
    with pytest.raises(NotFound):
        service.preview(at_work, draft.diagnosis.id, file_id)


def test_a_new_file_replaces_the_one_that_waited(draft, sent, at_work):
    first = sent().id
    second = sent(**{"firm firm_name": "改"}).id

    assert db.session.scalars(select(WaitingFile.id)).all() == [second]
    assert service.waiting_file(at_work, draft.diagnosis.id).id == second
    with pytest.raises(NotFound):
        service.preview(at_work, draft.diagnosis.id, first)


def test_a_file_waits_for_a_day_and_then_for_nobody(draft, sent, at_work):
    file_id = sent().id
    too_long = service.WAITS + timedelta(seconds=1)
    db.session.execute(update(WaitingFile).values(sent_at=WaitingFile.sent_at))
    file = db.session.get_one(WaitingFile, file_id)
    file.sent_at -= too_long
    audit.record("system", "test.wait", "test")
    db.session.commit()

    with pytest.raises(NotFound):
        service.preview(at_work, draft.diagnosis.id, file_id)
    assert service.waiting_file(at_work, draft.diagnosis.id) is None
    another = sent().id
    assert db.session.scalars(select(WaitingFile.id)).all() == [another]


def test_a_file_waits_for_the_person_who_sent_it_and_for_no_one_else(flask_app, firm, draft, sent, draft_of):
    file_id = sent().id
    colleague = make_user(flask_app, firm_id=firm.id)
    other = draft_of().diagnosis.id

    for person, diagnosis_id, wanted in (
        (colleague, draft.diagnosis.id, file_id),
        (colleague, draft.diagnosis.id, uuid4()),
    ):
        with pytest.raises(NotFound):
            service.preview(person, diagnosis_id, wanted)
    with pytest.raises(NotFound):
        service.preview(db.session.get(type(colleague), colleague.id), other, file_id)
    with pytest.raises(NotFound):
        service.preview(make_user(flask_app), draft.diagnosis.id, file_id)


def test_nothing_can_be_sent_or_confirmed_after_the_diagnosis_was_handed_in(draft, sent, at_work):
    file_id = sent().id
    seen = service.preview(at_work, draft.diagnosis.id, file_id).fingerprint
    db.session.get_one(Diagnosis, draft.diagnosis.id).stage = Stage.SUBMITTED
    audit.record("system", "test.submit", "test")
    db.session.commit()

    with pytest.raises(Stale, match="已经提交"):
        service.take_in(at_work, draft.diagnosis.id, file_id, seen, ())
    db.session.rollback()
    with pytest.raises(Stale, match="已经提交"):
        service.send(at_work, draft.diagnosis.id, b"PK", "a.xlsx")


def test_a_file_of_which_nothing_can_be_read_is_not_kept(draft, at_work):
    for content, name in ((b"PK\x03\x04 nothing", "a.xlsx"), (b"- 1", "a.yaml"), ("é".encode("latin-1"), "a.json")):
        with pytest.raises(FileRefused):
            service.send(at_work, draft.diagnosis.id, content, name)
        db.session.rollback()

    assert db.session.scalars(select(WaitingFile)).all() == []
    assert events("diagnosis.send_file") == []


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"PK" + bytes(service.LARGEST_WORKBOOK), "a.xlsx"), (b" " * (service.LARGEST_TEXT + 1), "a.json")],
)
def test_a_file_larger_than_its_kind_may_be_is_refused_unread(draft, at_work, content, name):
    with pytest.raises(FileRefused, match="没有导入") as refused:
        service.send(at_work, draft.diagnosis.id, content, name)
    assert refused.value.status == 413
    assert "文件超过" in refused.value.faults[0]


def test_a_diagnosis_file_takes_the_same_way(draft, at_work):
    content = service.diagnosis_file_of(at_work, draft.diagnosis.id)[1].replace('"employees": 300', '"employees": 333')
    file_id = service.send(at_work, draft.diagnosis.id, content.encode(), "d.json").id
    seen = service.preview(at_work, draft.diagnosis.id, file_id)

    assert [(change.fact, change.new, change.conflict) for change in seen.changes] == [
        ("employees", stated(333), False)
    ]
    assert service.take_in(at_work, draft.diagnosis.id, file_id, seen.fingerprint, ()) == 1
    assert said(draft)["employees"] == stated(333)


def test_while_a_file_is_read_others_can_save(draft, sent, at_work, monkeypatch):
    """The write lock is let go before the file is taken apart: what others do meanwhile does not wait for it."""
    asked = []
    read = service.read_book
    monkeypatch.setattr(
        service, "read_book", lambda content: asked.append(db.session().in_transaction()) or read(content)
    )
    sent()

    assert asked == [False]
