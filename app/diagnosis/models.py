"""One diagnosis of one firm, its answers as rows that are only added, and its frozen outcomes."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from app.firms.models import Firm


class Stage(StrEnum):
    """Where a diagnosis stands."""

    FILLING = "filling"  # 填报中
    SUBMITTED = "submitted"  # 已提交
    RETURNED = "returned"  # 退回
    REVIEWED = "reviewed"  # 已复核
    ISSUED = "issued"  # 已签发
    TAKEN_OVER = "taken_over"  # 已带入: a quick check whose answers a diagnosis has taken over


TRANSITIONS: dict[Stage, frozenset[Stage]] = {
    Stage.FILLING: frozenset({Stage.SUBMITTED, Stage.TAKEN_OVER}),
    Stage.SUBMITTED: frozenset({Stage.RETURNED, Stage.REVIEWED}),
    Stage.RETURNED: frozenset({Stage.SUBMITTED}),
    Stage.REVIEWED: frozenset({Stage.RETURNED, Stage.ISSUED}),
    Stage.ISSUED: frozenset(),
    Stage.TAKEN_OVER: frozenset(),
}
FIRM_MAY_FILL = frozenset({Stage.FILLING, Stage.RETURNED})
DIAGNOSIS, QUICK_CHECK = "auto_parts", "auto_parts_quick"  # the questionnaires that are filled in


class Layer(StrEnum):
    """Whose answer it is."""

    STATED = "stated"  # by the firm
    VERIFIED = "verified"  # by a consultant


class Diagnosis(Base):
    """One filling-in of one questionnaire version by one firm."""

    __tablename__ = "diagnosis"
    __table_args__ = (UniqueConstraint("firm_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    firm_id: Mapped[UUID] = mapped_column(ForeignKey("firm.id"), index=True)
    number: Mapped[int]  # 1 for the firm's first diagnosis; quick checks count -1, -2, ... and take none of them
    questionnaire_id: Mapped[str]
    questionnaire_version: Mapped[str]
    as_of: Mapped[date]  # the day the answers describe; rules are taken as in force on it
    stage: Mapped[Stage] = mapped_column(default=Stage.FILLING, index=True)
    revision: Mapped[int] = mapped_column(default=0)  # counts saves
    started_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    started_at: Mapped[datetime]
    saved_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    declared_by: Mapped[str | None]  # name under the truthfulness statement

    firm: Mapped[Firm] = relationship()

    @property
    def is_quick_check(self) -> bool:
        """Tell whether this is a quick check (快速自查): never submitted, its answers go into the next diagnosis."""
        return self.number < 0


class AnswerEntry(Base):
    """One fact of one subject, said once by one person. Rows are only added; the newest of a layer counts."""

    __tablename__ = "answer_entry"
    __table_args__ = (Index("ix_answer_entry_newest", "diagnosis_id", "subject_key", "fact", "layer", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    diagnosis_id: Mapped[UUID] = mapped_column(ForeignKey("diagnosis.id"))
    subject_key: Mapped[str]  # "firm", identity of a factory or workshop, or "tailoring" (then `fact` is a subdomain)
    fact: Mapped[str]  # key in questionnaires/facts/
    layer: Mapped[Layer]
    state: Mapped[str]  # stated, unknown, not_applicable, or blank when taken back
    value: Mapped[str | None]  # JSON text, read by questionnaires/answers.py
    reason: Mapped[str | None]  # why not applicable, or why the consultant differs
    copied_from: Mapped[str | None]  # subject key it was taken over from; the next entry, the same or not, confirms it
    revision: Mapped[int]  # of the diagnosis, counted from 1
    said_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    said_at: Mapped[datetime]


class SharedSection(Base):
    """A section about one subject that a colleague of the firm may see and fill in. No row, no section."""

    __tablename__ = "shared_section"
    __table_args__ = (
        UniqueConstraint("diagnosis_id", "colleague_id", "section_id", "subject_key", name="uq_shared_section_place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    diagnosis_id: Mapped[UUID] = mapped_column(ForeignKey("diagnosis.id"))
    colleague_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"), index=True)
    section_id: Mapped[str]
    subject_key: Mapped[str]
    shared_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    shared_at: Mapped[datetime]


class ListVersion(Base):
    """One state of a list (清单) from which facts of a subject were counted. Rows are only added; the newest counts."""

    __tablename__ = "list_version"
    __table_args__ = (Index("ix_list_version_newest", "diagnosis_id", "subject_key", "list_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    diagnosis_id: Mapped[UUID] = mapped_column(ForeignKey("diagnosis.id"))
    subject_key: Mapped[str]
    list_id: Mapped[str]  # one of the lists of the questionnaire
    rows: Mapped[str]  # JSON text, read by questionnaires/lists.py
    row_count: Mapped[int]
    totals: Mapped[dict[str, int]] = mapped_column(JSON)  # fact -> what the rows count up to
    revision: Mapped[int]  # of the diagnosis: the save that stated the totals
    said_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    said_at: Mapped[datetime]


class Remark(Base):
    """A consultant's remark to the firm, on one fact or on the whole diagnosis."""

    __tablename__ = "remark"

    id: Mapped[int] = mapped_column(primary_key=True)
    diagnosis_id: Mapped[UUID] = mapped_column(ForeignKey("diagnosis.id"), index=True)
    subject_key: Mapped[str | None]
    fact: Mapped[str | None]
    text: Mapped[str]
    written_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    written_at: Mapped[datetime]


class EvidenceFile(Base):
    """One file that a firm gave as evidence (佐证材料). Its bytes lie in `app/storage.py` under their digest."""

    __tablename__ = "evidence_file"
    __table_args__ = (
        Index(
            "uq_evidence_file_diagnosis_id_digest",
            "diagnosis_id",
            "digest",
            unique=True,
            sqlite_where=text("erased_at IS NULL"),
            postgresql_where=text("erased_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    diagnosis_id: Mapped[UUID] = mapped_column(ForeignKey("diagnosis.id"), index=True)
    name: Mapped[str]  # as the firm calls it, made harmless; never a path
    kind: Mapped[str]  # a Kind of app/evidence/kinds.py: told by the bytes
    size: Mapped[int]  # bytes
    digest: Mapped[str]  # SHA-256
    preview: Mapped[str | None]  # digest of a small picture of it
    purpose: Mapped[str | None]  # "commitment_letter": the signed letter of truthfulness; None: shows answers
    scanned: Mapped[bool]  # found clean by the virus scanner before it was kept
    added_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    added_at: Mapped[datetime]
    removed_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    removed_at: Mapped[datetime | None]  # shows nothing any more; can be taken back
    erased_at: Mapped[datetime | None]  # the bytes are gone for good, this row stays


class EvidenceLink(Base):
    """One file shows one fact of one subject. Taken back, the row stays with who did it and when."""

    __tablename__ = "evidence_link"
    __table_args__ = (
        Index("ix_evidence_link_place", "diagnosis_id", "subject_key", "fact"),
        Index(
            "uq_evidence_link_file_id_subject_key_fact",
            "file_id",
            "subject_key",
            "fact",
            unique=True,
            sqlite_where=text("unlinked_at IS NULL"),
            postgresql_where=text("unlinked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[UUID] = mapped_column(ForeignKey("evidence_file.id"))
    diagnosis_id: Mapped[UUID] = mapped_column(ForeignKey("diagnosis.id"))  # that of the file: counted at every page
    subject_key: Mapped[str]
    fact: Mapped[str]
    linked_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    linked_at: Mapped[datetime]
    unlinked_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    unlinked_at: Mapped[datetime | None]


class AssessmentRecord(Base):
    """One outcome, frozen: the facts, the result, and what both were made with. Never changed."""

    __tablename__ = "assessment_record"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    diagnosis_id: Mapped[UUID] = mapped_column(ForeignKey("diagnosis.id"), index=True)
    layer: Mapped[Layer]
    diagnosis_file: Mapped[str]  # zhizhen/diagnosis@1, JSON
    result_file: Mapped[str]  # zhizhen/result@1, JSON
    questionnaire_digest: Mapped[str]
    criteria_digests: Mapped[dict[str, Any]] = mapped_column(JSON)
    program: Mapped[str]
    observations: Mapped[str | None]  # of a verified record: what the consultant wrote, printed in the report
    recommendations: Mapped[str | None]
    made_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime]
