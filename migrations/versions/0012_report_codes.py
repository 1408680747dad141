"""Every report that is issued has a code on its cover, by which anybody can check it, and may carry a signature.

Adds issued_report.code (unique), .address, .signature, .signed_by and .signed_until. Previews, and reports from before
this day, have none and cannot be checked by a code; nothing else about them changes. Going back loses the codes, so
that the covers lead nowhere, and the signatures of files that are to be printed again; the files themselves stay.
Safe while the site runs: columns that are empty, which old code ignores.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012_report_codes"
down_revision = "0011_report_files"


def upgrade() -> None:
    op.add_column("issued_report", sa.Column("code", sa.String(length=20), nullable=True))
    op.add_column("issued_report", sa.Column("address", sa.String(), nullable=True))
    op.add_column("issued_report", sa.Column("signature", sa.LargeBinary(), nullable=True))
    op.add_column("issued_report", sa.Column("signed_by", sa.String(), nullable=True))
    op.add_column("issued_report", sa.Column("signed_until", sa.Date(), nullable=True))
    op.create_index(op.f("ix_issued_report_code"), "issued_report", ["code"], unique=True)


def downgrade() -> None:
    op.drop_index(op.f("ix_issued_report_code"), "issued_report")
    for name in ("signed_until", "signed_by", "signature", "address", "code"):
        op.drop_column("issued_report", name)
