"""A workbook or diagnosis file that was sent waits for the person's word before anything of it is saved.

Adds the table waiting_file; a file stays there for a day at most. People see what it would change before it does.
Safe while the site runs: old code does not know the table.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004_waiting_files"
down_revision = "0003_evidence_files"


def upgrade() -> None:
    op.create_table(
        "waiting_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("diagnosis_id", sa.Uuid(), nullable=False),
        sa.Column("sent_by", sa.Uuid(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["diagnosis_id"], ["diagnosis.id"], name=op.f("fk_waiting_file_diagnosis_id")),
        sa.ForeignKeyConstraint(["sent_by"], ["user.id"], name=op.f("fk_waiting_file_sent_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_file")),
    )
    op.create_index(op.f("ix_waiting_file_diagnosis_id"), "waiting_file", ["diagnosis_id"])
    op.create_index(op.f("ix_waiting_file_sent_at"), "waiting_file", ["sent_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_waiting_file_sent_at"), "waiting_file")
    op.drop_index(op.f("ix_waiting_file_diagnosis_id"), "waiting_file")

    op.drop_table("waiting_file")
