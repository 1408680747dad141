"""Firms with their factories and workshops, and the consultants assigned to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base


class Firm(Base):
    """One enterprise (企业), known by its unified social credit code."""

    __tablename__ = "firm"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    uscc: Mapped[str] = mapped_column(unique=True)  # 统一社会信用代码, GB 32100-2015
    name: Mapped[str]
    district: Mapped[str] = mapped_column(index=True)  # GB/T 2260 code as of registration here
    created_at: Mapped[datetime]

    factories: Mapped[list[Factory]] = relationship(order_by="Factory.position", back_populates="firm")
    # Named, not imported: `diagnosis` comes after `firms`. Newest first, for lists to show where the firm stands.
    diagnoses: Mapped[list[Any]] = relationship(
        "Diagnosis",
        primaryjoin="and_(Firm.id == Diagnosis.firm_id, Diagnosis.number > 0)",
        order_by="Diagnosis.number.desc()",
        viewonly=True,
    )
    quick_checks: Mapped[list[Any]] = relationship(
        "Diagnosis",
        primaryjoin="and_(Firm.id == Diagnosis.firm_id, Diagnosis.number < 0)",
        order_by="Diagnosis.number",
        viewonly=True,
    )


class Factory(Base):
    """One site of a firm (工厂)."""

    __tablename__ = "factory"
    __table_args__ = (UniqueConstraint("firm_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    firm_id: Mapped[UUID] = mapped_column(ForeignKey("firm.id"), index=True)
    name: Mapped[str]
    position: Mapped[int]
    closed_at: Mapped[datetime | None]  # no longer asked about; its answers stay

    firm: Mapped[Firm] = relationship(back_populates="factories")
    workshops: Mapped[list[Workshop]] = relationship(order_by="Workshop.position", back_populates="factory")


class Workshop(Base):
    """One workshop of a factory (车间): what the digital workshop is judged by."""

    __tablename__ = "workshop"
    __table_args__ = (UniqueConstraint("factory_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    factory_id: Mapped[UUID] = mapped_column(ForeignKey("factory.id"), index=True)
    name: Mapped[str]
    position: Mapped[int]
    closed_at: Mapped[datetime | None]

    factory: Mapped[Factory] = relationship(back_populates="workshops")


class Assignment(Base):
    """A consultant who may see and review one firm."""

    __tablename__ = "assignment"
    __table_args__ = (UniqueConstraint("firm_id", "consultant_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    firm_id: Mapped[UUID] = mapped_column(ForeignKey("firm.id"), index=True)
    consultant_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"), index=True)
    assigned_at: Mapped[datetime]
