"""A kept plan says of each step what is done, what proves it done and what its units are, whatever the catalogue says.

Adds plan_step.words; steps that were kept before this day have none, and their pages look into the catalogue.
Safe while the site runs: one column with a default. Old code ignores it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_kept_words"
down_revision = "0006_saved_plans"


def upgrade() -> None:
    op.add_column("plan_step", sa.Column("words", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("plan_step", "words")
