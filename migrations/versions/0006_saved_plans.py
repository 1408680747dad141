"""Improvement plans can be saved with owners and dates, followed up, and computed with a firm's own costs.

Adds the tables saved_plan, plan_step and cost_override; nothing that is there changes. Going back removes saved plans
and the costs of firms for good, and nothing else.
Safe while the site runs: three new tables, which old code ignores.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006_saved_plans"
down_revision = "0005_machine_lists"


def upgrade() -> None:
    op.create_table(
        "saved_plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("diagnosis_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("layer", sa.String(length=32), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("goals", sa.JSON(), nullable=False),
        sa.Column("limits", sa.JSON(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("cost_low", sa.Integer(), nullable=False),
        sa.Column("cost_likely", sa.Integer(), nullable=False),
        sa.Column("cost_high", sa.Integer(), nullable=False),
        sa.Column("proved", sa.Boolean(), nullable=False),
        sa.Column("catalogue_digest", sa.String(), nullable=False),
        sa.Column("promised", sa.JSON(), nullable=False),
        sa.Column("saved_by", sa.Uuid(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["diagnosis_id"], ["diagnosis.id"], name=op.f("fk_saved_plan_diagnosis_id")),
        sa.ForeignKeyConstraint(["saved_by"], ["user.id"], name=op.f("fk_saved_plan_saved_by")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["user.id"], name=op.f("fk_saved_plan_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_plan")),
        sa.UniqueConstraint("diagnosis_id", "number", name=op.f("uq_saved_plan_diagnosis_id_number")),
    )
    op.create_table(
        "plan_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("improvement_id", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("subject_key", sa.String(), nullable=False),
        sa.Column("subject_name", sa.String(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("cost_low", sa.Integer(), nullable=False),
        sa.Column("cost_likely", sa.Integer(), nullable=False),
        sa.Column("cost_high", sa.Integer(), nullable=False),
        sa.Column("helps", sa.JSON(), nullable=False),
        sa.Column("effects", sa.JSON(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("progress", sa.String(length=32), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["changed_by"], ["user.id"], name=op.f("fk_plan_step_changed_by")),
        sa.ForeignKeyConstraint(["plan_id"], ["saved_plan.id"], name=op.f("fk_plan_step_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_step")),
    )
    op.create_index(op.f("ix_plan_step_plan_id"), "plan_step", ["plan_id"])
    op.create_table(
        "cost_override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("improvement_id", sa.String(), nullable=False),
        sa.Column("part", sa.String(length=32), nullable=False),
        sa.Column("low", sa.Integer(), nullable=False),
        sa.Column("likely", sa.Integer(), nullable=False),
        sa.Column("high", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_cost_override_firm_id")),
        sa.ForeignKeyConstraint(["set_by"], ["user.id"], name=op.f("fk_cost_override_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost_override")),
        sa.UniqueConstraint(
            "firm_id", "improvement_id", "part", name=op.f("uq_cost_override_firm_id_improvement_id_part")
        ),
    )


def downgrade() -> None:
    op.drop_table("cost_override")
    op.drop_index(op.f("ix_plan_step_plan_id"), table_name="plan_step")
    op.drop_table("plan_step")
    op.drop_table("saved_plan")
