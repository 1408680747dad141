"""Figures can be counted from lists that are kept, and answers taken over from another workshop or factory.

Adds the table list_version: each save of a list of machines, processes or people is a row of its own. Adds
answer_entry.copied_from, empty for the entries before this day: an answer that was copied says where it comes from
until somebody confirms or changes it.
Safe while the site runs: a new table and one nullable column. Old code ignores both.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005_machine_lists"
down_revision = "0004_waiting_files"


def upgrade() -> None:
    op.add_column("answer_entry", sa.Column("copied_from", sa.String(), nullable=True))
    op.create_table(
        "list_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("diagnosis_id", sa.Uuid(), nullable=False),
        sa.Column("subject_key", sa.String(), nullable=False),
        sa.Column("list_id", sa.String(), nullable=False),
        sa.Column("rows", sa.String(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("totals", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["diagnosis_id"], ["diagnosis.id"], name=op.f("fk_list_version_diagnosis_id")),
        sa.ForeignKeyConstraint(["said_by"], ["user.id"], name=op.f("fk_list_version_said_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_version")),
    )
    op.create_index("ix_list_version_newest", "list_version", ["diagnosis_id", "subject_key", "list_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_list_version_newest", table_name="list_version")
    op.drop_table("list_version")
    op.drop_column("answer_entry", "copied_from")
