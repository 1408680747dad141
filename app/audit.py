"""Every change as an event, each chained to the one before by digest.

A transaction that changes rows and records no event is refused before it is committed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CursorResult, UpdateBase, event, insert, select
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column

from app.extensions import Base, db

START = "0" * 64


class AuditEvent(Base):
    """One change: who did what to which object, when. Rows are only added."""

    __tablename__ = "audit_event"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # 1, 2, 3 without gaps
    at: Mapped[str]  # UTC, ISO 8601, as digested
    actor: Mapped[str]  # identity of a user, or "system"
    action: Mapped[str] = mapped_column(index=True)  # "diagnosis.submit"
    subject: Mapped[str] = mapped_column(index=True)  # "diagnosis:<identity>"
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous: Mapped[str]  # digest of the event before
    digest: Mapped[str]


class UnrecordedChange(RuntimeError):
    """A transaction changed rows without recording an event: a fault of the program."""


_EVENTS = AuditEvent.__table__
_LAST = select(_EVENTS.c.number, _EVENTS.c.digest).order_by(_EVENTS.c.number.desc()).limit(1)
# For the RETURNING of a change: the last event comes back with it, and `record` need not ask for it.
LAST_EVENT = tuple(_LAST.with_only_columns(_EVENTS.c[name]).scalar_subquery() for name in ("number", "digest"))
_ADD = insert(_EVENTS)  # type: ignore[arg-type]
_SAID = ("number", "at", "actor", "action", "subject", "detail", "previous")  # what the digest is taken over


def record(actor: UUID | str, action: str, subject: str, **detail: Any) -> None:
    """Add one event to the running transaction, chained to the last one."""
    db.session.flush()
    connection = db.session.connection()
    last = db.session.info.get("last") or connection.execute(_LAST).first()
    number, previous = (last[0] + 1, last[1]) if last else (1, START)
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    said = (number, at, str(actor), action, subject, json.loads(json.dumps(detail, default=str)), previous)
    digest = _digest(said)
    connection.execute(_ADD, dict(zip(_SAID, said, strict=True)) | {"digest": digest})
    db.session.info.update(recorded=True, last=(number, digest))


def change(statement: UpdateBase, given: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> CursorResult:
    """Run a statement that changes rows, in the running transaction, which has to be recorded like every other."""
    db.session.info["changed"] = True
    return db.session.connection().execute(statement, given)


def last_is(number: int | None, digest: str | None) -> None:
    """Take over what a change returned as LAST_EVENT; nobody else can record until the transaction ends."""
    if number is not None:
        db.session.info["last"] = (number, digest)


def digest_of(entry: AuditEvent) -> str:
    """Return the SHA-256 of everything an event says and of the digest before it."""
    return _digest([getattr(entry, name) for name in _SAID])


def _digest(said: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def verify() -> Iterator[str]:
    """Yield one sentence for each event that was changed, removed or put in afterwards."""
    previous, expected = START, 1
    for entry in db.session.scalars(select(AuditEvent).order_by(AuditEvent.number).execution_options(yield_per=1000)):
        if entry.number != expected:
            yield f"第 {expected} 条事件缺失，下一条是第 {entry.number} 条。 / Event {expected} is missing."
        if entry.previous != previous:
            yield f"第 {entry.number} 条事件没有接上前一条。 / Event {entry.number} does not follow the one before."
        if entry.digest != digest_of(entry):
            yield f"第 {entry.number} 条事件的内容被改动过。 / Event {entry.number} was changed after it was written."
        previous, expected = entry.digest, entry.number + 1


def watch(session: Any) -> None:
    """Refuse to commit a transaction of this session that changes rows and records nothing."""

    @event.listens_for(session, "before_flush")
    def _rows(flushing: Session, *_: object) -> None:
        if flushing.new or flushing.dirty or flushing.deleted:
            flushing.info["changed"] = True

    @event.listens_for(session, "do_orm_execute")
    def _statements(state: ORMExecuteState) -> None:
        if state.is_insert or state.is_update or state.is_delete:
            state.session.info["changed"] = True

    @event.listens_for(session, "before_commit")
    def _check(committing: Session) -> None:
        committing.flush()
        if committing.info.pop("changed", False) and not committing.info.pop("recorded", False):
            raise UnrecordedChange("this transaction changed rows without an audit event")
        committing.info.pop("recorded", None)
        committing.info.pop("last", None)

    @event.listens_for(session, "after_rollback")
    def _forget(rolled_back: Session) -> None:
        rolled_back.info.pop("changed", None)
        rolled_back.info.pop("recorded", None)
        rolled_back.info.pop("last", None)
