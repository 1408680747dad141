"""Invitations to fill in sections, and what is said about single questions beside their answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class Invitation(Base):
    """A link that makes whoever holds it a colleague with these sections, once. Its token is kept nowhere."""

    __tablename__ = "invitation"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    diagnosis_id: Mapped[UUID] = mapped_column(ForeignKey("diagnosis.id"), index=True)
    name: Mapped[str]  # of the person invited, as the manager wrote it; empty once taken back
    places: Mapped[list[Any]] = mapped_column(JSON)  # pairs of section id and subject key
    token_digest: Mapped[str] = mapped_column(unique=True)  # SHA-256
    invited_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    used_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))


class Comment(Base):
    """What one person said about one question. Rows are only added."""

    __tablename__ = "comment"
    __table_args__ = (Index("ix_comment_question", "diagnosis_id", "subject_key", "fact", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    diagnosis_id: Mapped[UUID] = mapped_column(ForeignKey("diagnosis.id"))
    subject_key: Mapped[str]
    fact: Mapped[str]
    text: Mapped[str]
    written_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    written_at: Mapped[datetime]


class ResolvedTalk(Base):
    """A question about which everything said so far is resolved; what is said later opens the talk again."""

    __tablename__ = "resolved_talk"
    __table_args__ = (UniqueConstraint("diagnosis_id", "subject_key", "fact"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    diagnosis_id: Mapped[UUID] = mapped_column(ForeignKey("diagnosis.id"))
    subject_key: Mapped[str]
    fact: Mapped[str]
    last_comment: Mapped[int]  # identity of the last comment that was read; 0 for none
    last_remark: Mapped[int]  # the same for the consultants' remarks
    resolved_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    resolved_at: Mapped[datetime]


class MarkedQuestion(Base):
    """A question that somebody of the firm wants to look at again (待再看)."""

    __tablename__ = "marked_question"
    __table_args__ = (UniqueConstraint("diagnosis_id", "subject_key", "fact"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    diagnosis_id: Mapped[UUID] = mapped_column(ForeignKey("diagnosis.id"))
    subject_key: Mapped[str]
    fact: Mapped[str]
    marked_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    marked_at: Mapped[datetime]
