"""Reports can be asked for by the hundred, and each remembers how often its printing was begun.

Adds the table report_batch and two columns of issued_report; reports that are there belong to no batch. Going back
forgets which reports were asked for together, and nothing else.
Safe while the site runs: old code ignores both.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009_report_batches"
down_revision = "0006_saved_plans"


def upgrade() -> None:
    op.create_table(
        "report_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["requested_by"], ["user.id"], name=op.f("fk_report_batch_requested_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_batch")),
    )
    op.create_index(op.f("ix_report_batch_requested_by"), "report_batch", ["requested_by"])
    with op.batch_alter_table("issued_report") as table:
        table.add_column(sa.Column("batch_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
        table.create_foreign_key(op.f("fk_issued_report_batch_id"), "report_batch", ["batch_id"], ["id"])
        table.create_index(op.f("ix_issued_report_batch_id"), ["batch_id"])


def downgrade() -> None:
    with op.batch_alter_table("issued_report") as table:
        table.drop_index(op.f("ix_issued_report_batch_id"))
        table.drop_constraint(op.f("fk_issued_report_batch_id"), type_="foreignkey")
        table.drop_column("attempts")
        table.drop_column("batch_id")
    op.drop_index(op.f("ix_report_batch_requested_by"), "report_batch")
    op.drop_table("report_batch")
