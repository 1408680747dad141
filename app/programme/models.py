"""Dated events that the commission counts: conversions and recognitions. Rows are only added."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from app.firms.models import Firm


class ConversionEntry(Base):
    """A firm reached a state of its conversion (转型升级) on a day; the newest by day counts."""

    __tablename__ = "conversion_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    firm_id: Mapped[UUID] = mapped_column(ForeignKey("firm.id"), index=True)
    state: Mapped[str]  # not_started, converting, declared, district_verified, city_recognised
    day: Mapped[date]
    document: Mapped[str | None]  # number or title of the paper
    issuer: Mapped[str | None]
    systems: Mapped[list[str]] = mapped_column(JSON)  # of the plan's seven systems
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime]

    firm: Mapped[Firm] = relationship()


class RecognitionEntry(Base):
    """A workshop or factory was recognised (认定) on a day, or a recognition was withdrawn."""

    __tablename__ = "recognition_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    firm_id: Mapped[UUID] = mapped_column(ForeignKey("firm.id"), index=True)
    factory_id: Mapped[UUID | None] = mapped_column(ForeignKey("factory.id"))
    workshop_id: Mapped[UUID | None] = mapped_column(ForeignKey("workshop.id"))
    kind: Mapped[str]  # digital_workshop, smart_factory, cn_smart_factory
    level: Mapped[str | None]  # of the national gradient: basic, advanced, excellent, leading
    withdrawn: Mapped[bool] = mapped_column(default=False)
    day: Mapped[date]
    document: Mapped[str]
    issuer: Mapped[str]
    list_where: Mapped[str | None]  # address of the published list
    systems: Mapped[list[str]] = mapped_column(JSON)
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime]

    firm: Mapped[Firm] = relationship()
