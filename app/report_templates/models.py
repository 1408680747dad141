"""Report templates and their versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base


class ReportTemplate(Base):
    """A report template (报告模板) of a consultant, or of the whole installation; what it says are its versions."""

    __tablename__ = "report_template"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"), index=True)  # None: the installation's
    in_use: Mapped[int | None]  # the number of the version that reports may be printed with
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]

    versions: Mapped[list[TemplateVersion]] = relationship(order_by="TemplateVersion.number", back_populates="template")


class TemplateVersion(Base):
    """What a template says, as it was saved once. Rows are only added: reports printed with them stay as they are."""

    __tablename__ = "template_version"
    __table_args__ = (UniqueConstraint("template_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    template_id: Mapped[UUID] = mapped_column(ForeignKey("report_template.id"))
    number: Mapped[int]  # 1, 2, 3 of its template
    name: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)  # reports/own_template.py reads it
    logo: Mapped[bytes | None] = mapped_column(LargeBinary)  # PNG, drawn anew by us
    made_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime]

    template: Mapped[ReportTemplate] = relationship(back_populates="versions")
