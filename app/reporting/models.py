"""Reports that were asked for and issued."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Column, ForeignKey, Integer, LargeBinary, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.diagnosis.models import AssessmentRecord, Diagnosis
from app.extensions import Base
from app.report_templates.models import TemplateVersion


class Edition(StrEnum):
    """Who speaks in the report."""

    PREVIEW = "preview"  # 预览: the firm, before it submits
    SELF = "self"  # 企业自评
    DIAGNOSTIC = "diagnostic"  # 专家诊断


class RenderState(StrEnum):
    """Where the printing stands. The row is the truth; the printing process reports into it."""

    QUEUED = "queued"
    RENDERING = "rendering"
    READY = "ready"
    FAILED = "failed"


class FileState(StrEnum):
    """What has become of the file of a report since it was printed."""

    UNCHANGED = "unchanged"
    LOST = "lost"
    CHANGED = "changed"


class Form(StrEnum):
    """What a report is written as; the value is how the names of its files end."""

    PDF = "pdf"
    WORD = "docx"
    WORKPAPER = "xlsx"  # 评分底稿


UNDER_WAY = frozenset({RenderState.QUEUED, RenderState.RENDERING})


class ReportBatch(Base):
    """Reports that somebody asked for together (批量打印)."""

    __tablename__ = "report_batch"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    requested_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"), index=True)
    requested_at: Mapped[datetime]

    reports: Mapped[list[IssuedReport]] = relationship(
        secondary="report_in_batch", order_by="report_in_batch.c.position"
    )


class IssuedReport(Base):
    """One report made from one frozen assessment record, in all its forms."""

    __tablename__ = "issued_report"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    diagnosis_id: Mapped[UUID] = mapped_column(ForeignKey("diagnosis.id"), index=True)
    record_id: Mapped[UUID] = mapped_column(ForeignKey("assessment_record.id"))
    edition: Mapped[Edition]
    language: Mapped[str] = mapped_column(default="zh", server_default="zh")  # or "en"
    # None: the standard layout. No foreign key: SQLite adds none to a table that is there, and no version is removed.
    template_version_id: Mapped[UUID | None]
    plan_terms: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # what it rests on: app/reporting/terms.py
    state: Mapped[RenderState] = mapped_column(default=RenderState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)  # how often its printing was begun
    fault: Mapped[str | None]  # why it failed, in words for the reader; on a queued row: why it is printed once more
    pages: Mapped[int | None]  # of the PDF
    # By which anybody can check it, see app/reporting/codes.py; no preview has one.
    code: Mapped[str | None] = mapped_column(String(20), unique=True, index=True)
    address: Mapped[str | None]  # of this installation when the report was asked for; its cover leads there
    signature: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # the end of a signed PDF
    signed_by: Mapped[str | None]  # whom the certificate names
    signed_until: Mapped[date | None]  # the last day of the certificate
    requested_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    requested_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    diagnosis: Mapped[Diagnosis] = relationship()
    record: Mapped[AssessmentRecord] = relationship()
    files: Mapped[list[ReportFile]] = relationship()  # in no order: see files.files_of
    template_version: Mapped[TemplateVersion | None] = relationship(
        primaryjoin="foreign(IssuedReport.template_version_id) == TemplateVersion.id"
    )


class ReportFile(Base):
    """One form of a report that is ready, as it was written; reports of early days have a PDF only."""

    __tablename__ = "report_file"

    report_id: Mapped[UUID] = mapped_column(ForeignKey("issued_report.id"), primary_key=True)
    form: Mapped[Form] = mapped_column(primary_key=True)
    name: Mapped[str]  # in the folder `reports` of the data folder
    sha256: Mapped[str] = mapped_column(index=True)
    size: Mapped[int | None]  # bytes; not known of a file from before sizes were kept


IN_BATCH = Table(
    "report_in_batch",
    Base.metadata,
    Column("batch_id", ForeignKey("report_batch.id"), primary_key=True),
    Column("report_id", ForeignKey("issued_report.id"), primary_key=True),
    Column("position", Integer, nullable=False),
)
