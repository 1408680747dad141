"""Consultants and administrators can make report templates, and a report remembers the version it was printed with.

Adds the tables report_template and template_version and a column of issued_report; reports that are there were printed
in the standard layout. Going back forgets the templates; reports that are printed stay as they are.
Safe while the site runs: old code ignores all of it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013_report_templates"
down_revision = "0012_report_codes"


def upgrade() -> None:
    op.create_table(
        "report_template",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("in_use", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_report_template_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_template")),
    )
    op.create_index(op.f("ix_report_template_owner_id"), "report_template", ["owner_id"])
    op.create_table(
        "template_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["template_id"], ["report_template.id"], name=op.f("fk_template_version_template_id")),
        sa.ForeignKeyConstraint(["made_by"], ["user.id"], name=op.f("fk_template_version_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template_version")),
        sa.UniqueConstraint("template_id", "number", name=op.f("uq_template_version_template_id_number")),
    )
    op.add_column("issued_report", sa.Column("template_version_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("issued_report", "template_version_id")
    op.drop_table("template_version")
    op.drop_index(op.f("ix_report_template_owner_id"), "report_template")
    op.drop_table("report_template")
