"""Plans that were chosen and what became of their steps; costs that a firm plans with instead of the catalogue's."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.diagnosis.models import Diagnosis, Layer
from app.extensions import Base
from scoring.model import Costs
from scoring.own_costs import CostPart


class Progress(StrEnum):
    """How far a step is."""

    NOT_STARTED = "not_started"  # 未开始
    UNDER_WAY = "under_way"  # 进行中
    DONE = "done"  # 已完成
    DROPPED = "dropped"  # 不做了


class SavedPlan(Base):
    """One plan (改进计划) as it was computed from one diagnosis. What it promises is never changed."""

    __tablename__ = "saved_plan"
    __table_args__ = (UniqueConstraint("diagnosis_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    diagnosis_id: Mapped[UUID] = mapped_column(ForeignKey("diagnosis.id"))
    number: Mapped[int]  # 1 for the diagnosis's first plan
    layer: Mapped[Layer]  # whose answers it was computed from
    revision: Mapped[int]  # of the diagnosis: the save it was computed from
    result: Mapped[str]  # a Result of scoring/plan.py: "reached", or "over_budget" for the furthest under the budget
    goals: Mapped[list[str]] = mapped_column(JSON)  # as app/planning/asked.py reads them
    limits: Mapped[dict[str, int | None]] = mapped_column(JSON)  # budget, quarters, people
    begins: Mapped[date]  # first day of its first quarter
    cost_low: Mapped[int]  # 万元, of all steps
    cost_likely: Mapped[int]
    cost_high: Mapped[int]
    proved: Mapped[bool]  # nothing cheaper exists
    catalogue_digest: Mapped[str]  # SHA-256 of the improvements and costs it was computed with
    promised: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # by goal and subject: what is surely reached then
    saved_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    saved_at: Mapped[datetime]
    withdrawn_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime | None]

    diagnosis: Mapped[Diagnosis] = relationship()
    steps: Mapped[list[PlanStep]] = relationship(order_by="PlanStep.position", back_populates="plan")

    @property
    def cost(self) -> Costs:
        """What all steps cost."""
        return Costs(self.cost_low, self.cost_likely, self.cost_high)


class PlanStep(Base):
    """One improvement at one place, as planned. Who does it until when, and how far it is, may be changed."""

    __tablename__ = "plan_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("saved_plan.id"), index=True)
    position: Mapped[int]  # 1, 2, 3 in the order in which they start
    improvement_id: Mapped[str]
    name_zh: Mapped[str]  # as the catalogue had it
    name_en: Mapped[str]
    words: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON, server_default="{}")  # app/planning/promise.py
    subject_key: Mapped[str]
    subject_name: Mapped[str]
    units: Mapped[int]  # that it adds; 0 for none
    start: Mapped[int]  # quarter, 1 for the plan's first
    end: Mapped[int]  # the quarter at whose end it is done
    cost_low: Mapped[int]  # 万元
    cost_likely: Mapped[int]
    cost_high: Mapped[int]
    helps: Mapped[list[dict[str, str]]] = mapped_column(JSON)  # requirements: criteria, id, subject, text in zh and en
    effects: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # facts it promises to change: app/planning/promise.py
    owner: Mapped[str]  # who sees to it, as the firm writes it; empty while nobody does
    due: Mapped[date | None]
    progress: Mapped[Progress]
    note: Mapped[str]
    revision: Mapped[int]  # counts changes
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    changed_at: Mapped[datetime | None]

    plan: Mapped[SavedPlan] = relationship(back_populates="steps")

    @property
    def cost(self) -> Costs:
        """What the step costs."""
        return Costs(self.cost_low, self.cost_likely, self.cost_high)


class CostOverride(Base):
    """What a firm plans to pay for an improvement, for one place or one unit, whatever the catalogue says."""

    __tablename__ = "cost_override"
    __table_args__ = (UniqueConstraint("firm_id", "improvement_id", "part"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    firm_id: Mapped[UUID] = mapped_column(ForeignKey("firm.id"))
    improvement_id: Mapped[str]
    part: Mapped[CostPart]
    low: Mapped[int]  # 万元
    likely: Mapped[int]
    high: Mapped[int]
    set_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    set_at: Mapped[datetime]

    @property
    def cost(self) -> Costs:
        """The three figures."""
        return Costs(self.low, self.likely, self.high)
