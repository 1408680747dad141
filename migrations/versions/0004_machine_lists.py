"""Answers can be taken over from another workshop or factory.

Adds answer_entry.copied_from, empty for the entries before this day: an answer that was copied says where it comes
from until somebody confirms or changes it.
Safe while the site runs: one nullable column. Old code ignores it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004_machine_lists"
down_revision = "0001_first_tables"


def upgrade() -> None:
    op.add_column("answer_entry", sa.Column("copied_from", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("answer_entry", "copied_from")
