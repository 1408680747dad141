"""The manager's page: who has which sections, how far each is, when somebody was last active, which links wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from app.accounts.models import User
from app.colleagues import invitations, service
from app.colleagues.models import Comment
from app.colleagues.places import Done, Piece, pieces, read_progress
from app.diagnosis.draft import Draft, Shared
from app.diagnosis.models import AnswerEntry
from app.extensions import db
from app.presentation import as_utc


@dataclass(frozen=True, slots=True)
class Person:
    """One colleague with what is shared with him."""

    id: UUID
    name: str
    active: bool
    pieces: tuple[Piece, ...]
    settled: int
    asked: int
    last_at: datetime | None  # his last answer or comment in this diagnosis


@dataclass(frozen=True, slots=True)
class Waiting:
    """One invitation that nobody has used."""

    id: UUID
    name: str
    pieces: tuple[Piece, ...]
    expires_at: datetime
    is_expired: bool


@dataclass(frozen=True, slots=True)
class People:
    """Everything the page shows."""

    busy: tuple[Person, ...]
    idle: tuple[Person, ...]  # colleagues without a section in this diagnosis
    waiting: tuple[Waiting, ...]
    unshared: int  # sections on the path that nobody but the manager has
    sections: int


def view(draft: Draft) -> People:
    """Return who helps with a diagnosis read in full."""
    done, shares = read_progress(draft), service.shares_of(draft.diagnosis.id)
    last = _last_active(draft.diagnosis.id)
    found = [
        _person(draft, user, shares.get(user.id, frozenset()), done, last.get(user.id))
        for user in service.colleagues_of(draft.diagnosis.firm_id)
    ]
    taken = frozenset(place for places in shares.values() for place in places)
    return People(
        busy=tuple(one for one in found if one.pieces),
        idle=tuple(one for one in found if one.active and not one.pieces),
        waiting=tuple(_waiting(draft, done)),
        unshared=len(done.keys() - taken),
        sections=len(done),
    )


def _person(draft: Draft, user: User, places: Shared, done: Done, last: datetime | None) -> Person:
    own = pieces(draft, places, done)
    settled, asked = sum(one.settled for one in own), sum(one.asked for one in own)
    return Person(user.id, user.name, user.active, own, settled, asked, last)


def _waiting(draft: Draft, done: Done) -> list[Waiting]:
    return [
        Waiting(
            one.id,
            one.name,
            pieces(draft, invitations.places_of(one), done),
            as_utc(one.expires_at),
            invitations.is_expired(one),
        )
        for one in invitations.waiting(draft.diagnosis.id)
    ]


def _last_active(diagnosis_id: UUID) -> dict[UUID, datetime]:
    """Return user -> when he last answered or commented."""
    found: dict[UUID, datetime] = {}
    for kind, by, at in (
        (AnswerEntry, AnswerEntry.said_by, AnswerEntry.said_at),
        (Comment, Comment.written_by, Comment.written_at),
    ):
        query = select(by, func.max(at)).where(kind.diagnosis_id == diagnosis_id).group_by(by)
        for user_id, moment in db.session.execute(query):
            found[user_id] = max(as_utc(moment), found.get(user_id, as_utc(moment)))
    return found
