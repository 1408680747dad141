"""Reports can be printed in English, signed letters attached, and the consultant's opinion is printed with the review.

Adds issued_report.language ("zh" for every report before this day), evidence_file.purpose (empty: evidence for
answers), and assessment_record.observations and .recommendations (empty before). Going back loses what was written and
which file is a letter; the files themselves stay.
Safe while the site runs: columns that are empty or have a default, which old code ignores.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009_signed_reports"
down_revision = "0008_plan_terms"


def upgrade() -> None:
    op.add_column("issued_report", sa.Column("language", sa.String(length=2), nullable=False, server_default="zh"))
    op.add_column("evidence_file", sa.Column("purpose", sa.String(length=32), nullable=True))
    op.add_column("assessment_record", sa.Column("observations", sa.String(), nullable=True))
    op.add_column("assessment_record", sa.Column("recommendations", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("assessment_record", "recommendations")
    op.drop_column("assessment_record", "observations")
    op.drop_column("evidence_file", "purpose")
    op.drop_column("issued_report", "language")
