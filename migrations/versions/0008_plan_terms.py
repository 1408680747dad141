"""A report keeps what its improvement plan rests on, so that it is printed again with the same plan.

Adds issued_report.plan_terms: the digest of the catalogue of improvements, the costs that stand in for those of the
catalogue, and the plan that the firm had kept. It is empty for reports of before, whose PDF is there already; one that
still waits is printed with the costs of the day. Going back forgets it, and reports that wait are printed with the
costs of the catalogue.
Safe while the site runs: one column that may be empty, which old code ignores.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008_plan_terms"
down_revision = "0007_kept_words"


def upgrade() -> None:
    op.add_column("issued_report", sa.Column("plan_terms", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("issued_report", "plan_terms")
