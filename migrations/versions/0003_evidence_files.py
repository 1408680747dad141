"""A firm can give files as evidence and say what each of them shows.

Adds two tables; the files themselves lie in the folder `evidence` of the data folder.
Safe while the site runs. Going back forgets which files there were and leaves them on disk.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003_evidence_files"
down_revision = "0002_colleagues"


def upgrade() -> None:
    op.create_table(
        "evidence_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("diagnosis_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("preview", sa.String(), nullable=True),
        sa.Column("scanned", sa.Boolean(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_by", sa.Uuid(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["diagnosis_id"], ["diagnosis.id"], name=op.f("fk_evidence_file_diagnosis_id")),
        sa.ForeignKeyConstraint(["added_by"], ["user.id"], name=op.f("fk_evidence_file_added_by")),
        sa.ForeignKeyConstraint(["removed_by"], ["user.id"], name=op.f("fk_evidence_file_removed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_file")),
    )
    op.create_index(op.f("ix_evidence_file_diagnosis_id"), "evidence_file", ["diagnosis_id"])
    op.create_index(
        "uq_evidence_file_diagnosis_id_digest",
        "evidence_file",
        ["diagnosis_id", "digest"],
        unique=True,
        sqlite_where=sa.text("erased_at IS NULL"),
        postgresql_where=sa.text("erased_at IS NULL"),
    )

    op.create_table(
        "evidence_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("diagnosis_id", sa.Uuid(), nullable=False),
        sa.Column("subject_key", sa.String(), nullable=False),
        sa.Column("fact", sa.String(), nullable=False),
        sa.Column("linked_by", sa.Uuid(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unlinked_by", sa.Uuid(), nullable=True),
        sa.Column("unlinked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["file_id"], ["evidence_file.id"], name=op.f("fk_evidence_link_file_id")),
        sa.ForeignKeyConstraint(["diagnosis_id"], ["diagnosis.id"], name=op.f("fk_evidence_link_diagnosis_id")),
        sa.ForeignKeyConstraint(["linked_by"], ["user.id"], name=op.f("fk_evidence_link_linked_by")),
        sa.ForeignKeyConstraint(["unlinked_by"], ["user.id"], name=op.f("fk_evidence_link_unlinked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_link")),
    )
    op.create_index("ix_evidence_link_place", "evidence_link", ["diagnosis_id", "subject_key", "fact"])
    op.create_index(
        "uq_evidence_link_file_id_subject_key_fact",
        "evidence_link",
        ["file_id", "subject_key", "fact"],
        unique=True,
        sqlite_where=sa.text("unlinked_at IS NULL"),
        postgresql_where=sa.text("unlinked_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("uq_evidence_link_file_id_subject_key_fact", "evidence_link")
    op.drop_index("ix_evidence_link_place", "evidence_link")

    op.drop_table("evidence_link")
    op.drop_index("uq_evidence_file_diagnosis_id_digest", "evidence_file")
    op.drop_index(op.f("ix_evidence_file_diagnosis_id"), "evidence_file")

    op.drop_table("evidence_file")
