"""A report that is issued comes as PDF, for Word and as a workpaper, and each file has its digest and its size.

Adds the table report_file and moves the digests of the PDF files into it; reports from before have their PDF only,
whose size was not kept. Going back keeps the digest of each PDF and forgets the other two files of a report: they stay
in the folder of the reports, where nothing leads to them any more.
Stop the printing processes first: old ones would write a digest into a column that is gone.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011_report_files"
down_revision = "0010_report_batches"

REPORTS = sa.table("issued_report", sa.column("id", sa.Uuid()), sa.column("sha256", sa.String()))
FILES = sa.table(
    "report_file",
    sa.column("report_id", sa.Uuid()),
    sa.column("form", sa.String()),
    sa.column("name", sa.String()),
    sa.column("sha256", sa.String()),
)


def upgrade() -> None:
    op.create_table(
        "report_file",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["report_id"], ["issued_report.id"], name=op.f("fk_report_file_report_id")),
        sa.PrimaryKeyConstraint("report_id", "form", name=op.f("pk_report_file")),
    )
    op.create_index(op.f("ix_report_file_sha256"), "report_file", ["sha256"])
    printed = op.get_bind().execute(sa.select(REPORTS).where(REPORTS.c.sha256.is_not(None))).all()
    kept = [dict(zip(FILES.c.keys(), (id_, "pdf", f"{id_}.pdf", digest), strict=True)) for id_, digest in printed]
    if kept:
        op.get_bind().execute(FILES.insert(), kept)
    op.drop_column("issued_report", "sha256")


def downgrade() -> None:
    op.add_column("issued_report", sa.Column("sha256", sa.String(), nullable=True))
    digest = sa.select(FILES.c.sha256).where(FILES.c.report_id == REPORTS.c.id, FILES.c.form == "pdf")
    op.get_bind().execute(REPORTS.update().values(sha256=digest.scalar_subquery()))
    op.drop_index(op.f("ix_report_file_sha256"), "report_file")
    op.drop_table("report_file")
