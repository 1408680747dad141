"""Where a colleague begins: the sections that are shared with him, how far they are, and where to go on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from app.accounts.models import User
from app.colleagues import talk
from app.colleagues.models import Comment
from app.colleagues.places import Piece, pieces, read_progress
from app.diagnosis.draft import Draft
from app.diagnosis.models import AnswerEntry, Diagnosis, SharedSection
from app.diagnosis.service import open_shared
from app.extensions import db
from app.presentation import as_utc


@dataclass(frozen=True, slots=True)
class Desk:
    """One diagnosis, as far as it is shared with the reader."""

    diagnosis: Diagnosis
    pieces: tuple[Piece, ...]
    next: Piece | None
    settled: int
    asked: int
    may_fill: bool
    open: int  # questions of these sections that are talked about without an end
    marked: int


@dataclass(frozen=True, slots=True)
class About:
    """What is kept about a colleague, for himself to see."""

    login: str
    since: datetime
    sections: int
    answers: int
    comments: int


def about(user: User) -> About:
    """Return what is kept about a colleague."""
    counted = (
        select(func.count()).select_from(SharedSection).where(SharedSection.colleague_id == user.id),
        select(func.count()).select_from(AnswerEntry).where(AnswerEntry.said_by == user.id),
        select(func.count()).select_from(Comment).where(Comment.written_by == user.id),
    )
    return About(user.email, as_utc(user.created_at), *(db.session.scalar(query) or 0 for query in counted))


def desks(user: User) -> list[Desk]:
    """Return the diagnoses of which something is shared with a colleague, the newest first."""
    return [_desk(open_shared(user, diagnosis_id)) for diagnosis_id in _shared_diagnoses(user)]


def _shared_diagnoses(user: User) -> list[UUID]:
    mine = select(SharedSection.diagnosis_id).where(SharedSection.colleague_id == user.id)
    query = select(Diagnosis.id).where(Diagnosis.id.in_(mine), Diagnosis.firm_id == user.firm_id)
    return list(db.session.scalars(query.order_by(Diagnosis.number.desc())))


def _desk(draft: Draft) -> Desk:
    own = pieces(draft, draft.shared or frozenset(), read_progress(draft))
    waiting = next((one for one in own if one.is_open), None) if draft.may_fill else None
    settled, asked = sum(one.settled for one in own), sum(one.asked for one in own)
    return Desk(draft.diagnosis, own, waiting, settled, asked, draft.may_fill, *talk.counts(draft))
