"""What files show, and how they are taken away: nothing is lost before somebody erases it, and a record stays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from app.diagnosis.draft import read_draft
from app.diagnosis.models import Diagnosis, EvidenceLink, Stage
from app.diagnosis.records import evidence_names
from app.errors import NotFound, Refused, Stale
from app.evidence import service
from app.extensions import db
from tests.app.evidence import samples as made
from tests.app.evidence.reading import events, kept, rows
from tests.factories import NOW, make_diagnosis, make_evidence

PLACE = ("firm", "data.L1.1")
OTHER = ("firm", "data.L1.2")


# --- what a file shows ------------------------------------------------------------------------------------------------


def test_one_file_shows_several_questions_and_one_question_has_several_files(add, manager, draft, diagnosis, workshop):
    add()
    add("b.pdf", made.PDF)
    both = [file.id for file in rows()]
    linked = service.link(manager, draft(), [*both, both[0]], (workshop, "equipment_count"))

    assert linked == 2
    assert service.counts(diagnosis.id) == {PLACE: 2, (workshop, "equipment_count"): 2}
    assert service.link(manager, draft(), both, PLACE) == 0


def test_a_link_taken_back_stays_on_record_and_can_be_made_again(add, manager, draft, diagnosis):
    add()
    [file] = rows()
    for _time in range(2):
        service.unlink(manager, draft(), file.id, PLACE)
    empty = service.counts(diagnosis.id)
    service.link(manager, draft(), [file.id], PLACE)
    first, second = db.session.scalars(select(EvidenceLink).order_by(EvidenceLink.id))

    assert empty == {}
    assert service.counts(diagnosis.id) == {PLACE: 1}
    assert (first.unlinked_by, second.unlinked_by) == (manager.id, None)
    assert [action for action, _detail in events()] == ["evidence.add", "evidence.unlink", "evidence.link"]


def test_a_file_of_another_diagnosis_cannot_be_linked(flask_app, manager, draft, diagnosis):
    foreign = make_evidence(flask_app, make_diagnosis(flask_app))

    with pytest.raises(NotFound):
        service.link(manager, draft(), [foreign.id], PLACE)
    assert service.counts(diagnosis.id) == {}


# --- removing ---------------------------------------------------------------------------------------------------------


def test_a_removed_file_shows_nothing_until_it_is_taken_back_with_its_links(add, manager, draft, diagnosis):
    add()
    [file] = rows()
    service.remove(manager, draft(), file.id)
    gone = service.counts(diagnosis.id), service.places_of(diagnosis.id), evidence_names(diagnosis.id)
    service.restore(manager, draft(), file.id)

    assert gone == ({}, {}, {})
    assert service.counts(diagnosis.id) == {PLACE: 1}
    assert [action for action, _detail in events()] == ["evidence.add", "evidence.remove", "evidence.restore"]


def test_a_removed_file_cannot_be_linked_and_comes_back_when_it_is_given_again(add, manager, draft, diagnosis):
    add()
    [file] = rows()
    service.remove(manager, draft(), file.id)
    with pytest.raises(NotFound):
        service.link(manager, draft(), [file.id], OTHER)
    db.session.rollback()
    again = add(place=OTHER)

    assert again.kept == ["设备清单.csv"]
    assert len(rows()) == 1
    assert service.counts(diagnosis.id) == {PLACE: 1, OTHER: 1}
    assert events()[-1][0] == "evidence.restore"


def test_an_erased_file_is_gone_from_the_disk_and_its_record_stays(add, manager, draft, diagnosis):
    add("现场.jpg", made.picture())
    [file] = rows()
    digest = file.digest
    with pytest.raises(Stale, match="请先删除"):
        service.erase(manager, draft(), file.id)
    service.remove(manager, draft(), file.id)
    service.erase(manager, draft(), file.id)

    assert kept() == []
    assert [(one.name, one.digest) for one in rows()] == [("现场.jpg", digest)]
    assert service.files_of(diagnosis.id) == []
    with pytest.raises(NotFound):
        service.restore(manager, draft(), file.id)
    add("现场.jpg", made.picture())
    assert service.counts(diagnosis.id) == {PLACE: 1}


def test_bytes_that_another_firm_has_too_stay_when_one_erases_them(flask_app, add, manager, draft):
    make_evidence(flask_app, make_diagnosis(flask_app), content=made.CSV)
    add()
    [mine] = [file for file in rows() if file.added_by == manager.id]
    service.remove(manager, draft(), mine.id)
    service.erase(manager, draft(), mine.id)

    assert len(kept()) == 1


def test_what_was_handed_in_once_cannot_be_erased(flask_app, firm, manager, speaking):
    returned = make_diagnosis(flask_app, firm, stage=Stage.RETURNED, submitted_at=NOW + timedelta(hours=1))
    handed_in = make_evidence(flask_app, returned)
    draft = read_draft(db.session.get_one(Diagnosis, returned.id))
    service.remove(manager, draft, handed_in.id)

    with pytest.raises(Refused, match="随诊断提交过"):
        service.erase(manager, draft, handed_in.id)
    db.session.rollback()
    later = make_evidence(flask_app, returned, "b.pdf", made.PDF, added_at=NOW + timedelta(hours=2))
    service.remove(manager, read_draft(db.session.get_one(Diagnosis, returned.id)), later.id)
    assert service.erase(manager, read_draft(db.session.get_one(Diagnosis, returned.id)), later.id)


def test_erasing_while_the_same_bytes_come_in_again_loses_nothing(
    flask_app, add, manager, draft, diagnosis, monkeypatch
):
    """Between keeping the bytes and writing the row somebody erases them: they are put down once more."""
    add()
    [file] = rows()
    service.remove(manager, draft(), file.id)
    original = service._kept

    def erased_meanwhile(*given):
        monkeypatch.setattr(service, "_kept", original)
        service.erase(manager, draft(), file.id)
        return original(*given)

    monkeypatch.setattr(service, "_kept", erased_meanwhile)
    add()

    assert len(kept()) == 1
    assert service.counts(diagnosis.id) == {PLACE: 1}


def test_counting_the_files_of_a_diagnosis_takes_one_statement(add, diagnosis, count_statements):
    add()

    with count_statements() as asked:
        assert service.counts(diagnosis.id) == {PLACE: 1}
    assert len(asked) == 1


@pytest.fixture
def count_statements():
    @contextmanager
    def counting() -> Iterator[list[str]]:
        asked: list[str] = []

        def listener(*given: object) -> None:
            asked.append(str(given[2]))

        event.listen(db.engine, "before_cursor_execute", listener)
        yield asked
        event.remove(db.engine, "before_cursor_execute", listener)

    return counting
