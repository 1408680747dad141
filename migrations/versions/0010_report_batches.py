"""Reports can be asked for by the hundred, and each remembers how often its printing was begun.

Adds the tables report_batch and report_in_batch and a column of issued_report; reports that are there belong to no
batch. Going back forgets which reports were asked for together, and nothing else.
Safe while the site runs: old code ignores both.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010_report_batches"
down_revision = "0009_signed_reports"


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
    op.create_table(
        "report_in_batch",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["report_batch.id"], name=op.f("fk_report_in_batch_batch_id")),
        sa.ForeignKeyConstraint(["report_id"], ["issued_report.id"], name=op.f("fk_report_in_batch_report_id")),
        sa.PrimaryKeyConstraint("batch_id", "report_id", name=op.f("pk_report_in_batch")),
    )
    op.add_column("issued_report", sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("issued_report", "attempts")
    op.drop_table("report_in_batch")
    op.drop_index(op.f("ix_report_batch_requested_by"), "report_batch")
    op.drop_table("report_batch")
