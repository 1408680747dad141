"""Every change is recorded, and no recorded change can be altered unseen."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update

from app import audit
from app.access import Role
from app.accounts.models import User
from app.audit import AuditEvent, UnrecordedChange
from app.extensions import db
from tests.factories import make_firm, make_user


def _three_events(flask_app: Flask) -> None:
    for name in ("甲", "乙", "丙"):
        make_firm(flask_app, name=name)


def _behind_our_back(flask_app: Flask, statement: object) -> list[str]:
    """Change the table as somebody with the database in his hands would, then verify."""
    with flask_app.app_context():
        with db.engine.begin() as connection:
            connection.execute(statement)
        return list(audit.verify())


def test_an_untouched_chain_is_whole(flask_app: Flask) -> None:
    _three_events(flask_app)

    with flask_app.app_context():
        assert list(audit.verify()) == []
        assert sorted(db.session.scalars(select(AuditEvent.number))) == [1, 2, 3]


def test_the_first_event_follows_nothing_and_each_other_one_the_one_before(flask_app: Flask) -> None:
    _three_events(flask_app)
    with flask_app.app_context():
        first, second, third = db.session.scalars(select(AuditEvent).order_by(AuditEvent.number))

        assert first.previous == "0" * 64
        assert (second.previous, third.previous) == (first.digest, second.digest)


@pytest.mark.parametrize("column", ["at", "actor", "action", "subject"])
def test_a_changed_word_is_found(flask_app: Flask, column: str) -> None:
    _three_events(flask_app)
    found = _behind_our_back(flask_app, update(AuditEvent).where(AuditEvent.number == 2).values({column: "other"}))

    assert found == ["第 2 条事件的内容被改动过。 / Event 2 was changed after it was written."]


def test_changed_details_are_found(flask_app: Flask) -> None:
    _three_events(flask_app)
    found = _behind_our_back(flask_app, text("update audit_event set detail = '{\"x\": 1}' where number = 3"))

    assert found == ["第 3 条事件的内容被改动过。 / Event 3 was changed after it was written."]


def test_a_removed_event_is_found(flask_app: Flask) -> None:
    _three_events(flask_app)
    found = _behind_our_back(flask_app, delete(AuditEvent).where(AuditEvent.number == 2))

    assert found == [
        "第 2 条事件缺失，下一条是第 3 条。 / Event 2 is missing.",
        "第 3 条事件没有接上前一条。 / Event 3 does not follow the one before.",
    ]


def test_an_event_rewritten_with_its_own_digest_breaks_the_next_one(flask_app: Flask) -> None:
    _three_events(flask_app)
    with flask_app.app_context():
        second = db.session.get_one(AuditEvent, 2)
        second.actor = "somebody else"
        forged = audit.digest_of(second)
        db.session.rollback()
    statement = update(AuditEvent).where(AuditEvent.number == 2).values(actor="somebody else", digest=forged)
    found = _behind_our_back(flask_app, statement)

    assert found == ["第 3 条事件没有接上前一条。 / Event 3 does not follow the one before."]


def test_a_row_added_without_an_event_is_never_committed(flask_app: Flask) -> None:
    user = make_user(flask_app, Role.COMMISSION)
    with flask_app.app_context():
        db.session.get_one(User, user.id).name = "unrecorded"
        with pytest.raises(UnrecordedChange):
            db.session.commit()
        db.session.rollback()

        assert db.session.get_one(User, user.id).name == user.name


def test_a_bulk_statement_without_an_event_is_never_committed(flask_app: Flask) -> None:
    user = make_user(flask_app, Role.COMMISSION)
    with flask_app.app_context():
        db.session.execute(update(User).values(name="unrecorded"))
        with pytest.raises(UnrecordedChange):
            db.session.commit()
        db.session.rollback()

        assert db.session.get_one(User, user.id).name == user.name


def test_a_prepared_statement_without_an_event_is_never_committed(flask_app: Flask) -> None:
    user = make_user(flask_app)
    with flask_app.app_context():
        audit.change(update(User.__table__), {"name": "unrecorded"})
        with pytest.raises(UnrecordedChange):
            db.session.commit()
        db.session.rollback()

        assert db.session.get_one(User, user.id).name == user.name


def test_one_recorded_change_does_not_cover_the_next_transaction(flask_app: Flask) -> None:
    user = make_user(flask_app, Role.COMMISSION)
    with flask_app.app_context():
        db.session.get_one(User, user.id).name = "recorded"
        audit.record("system", "account.rename", f"user:{user.id}")
        db.session.commit()
        db.session.get_one(User, user.id).name = "unrecorded"

        with pytest.raises(UnrecordedChange):
            db.session.commit()


def test_a_change_given_up_needs_no_event(flask_app: Flask) -> None:
    user = make_user(flask_app, Role.COMMISSION)
    with flask_app.app_context():
        db.session.get_one(User, user.id).name = "given up"
        db.session.flush()
        db.session.rollback()
        db.session.commit()

        assert db.session.get_one(User, user.id).name == user.name


def test_an_event_and_its_change_are_stored_together_or_not_at_all(flask_app: Flask) -> None:
    with flask_app.app_context():
        audit.record("system", "firm.register", "firm:1")
        db.session.rollback()

        assert db.session.scalars(select(AuditEvent)).all() == []
