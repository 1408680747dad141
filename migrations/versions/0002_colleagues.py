"""A factory manager can share sections with colleagues, and people can talk about a question.

Adds the sections shared with colleagues, invitations to colleagues, comments on questions, talks that are resolved and
questions that are marked. Nobody has any of these before this day.
Safe while the site runs: new tables only. Old code ignores them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_colleagues"
down_revision = "0001_first_tables"


def upgrade() -> None:
    op.create_table(
        "shared_section",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("diagnosis_id", sa.Uuid(), nullable=False),
        sa.Column("colleague_id", sa.Uuid(), nullable=False),
        sa.Column("section_id", sa.String(), nullable=False),
        sa.Column("subject_key", sa.String(), nullable=False),
        sa.Column("shared_by", sa.Uuid(), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["colleague_id"], ["user.id"], name=op.f("fk_shared_section_colleague_id")),
        sa.ForeignKeyConstraint(["diagnosis_id"], ["diagnosis.id"], name=op.f("fk_shared_section_diagnosis_id")),
        sa.ForeignKeyConstraint(["shared_by"], ["user.id"], name=op.f("fk_shared_section_shared_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_section")),
        sa.UniqueConstraint(
            "diagnosis_id",
            "colleague_id",
            "section_id",
            "subject_key",
            name="uq_shared_section_place",
        ),
    )
    op.create_index(op.f("ix_shared_section_colleague_id"), "shared_section", ["colleague_id"])

    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("diagnosis_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("token_digest", sa.String(), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["diagnosis_id"], ["diagnosis.id"], name=op.f("fk_invitation_diagnosis_id")),
        sa.ForeignKeyConstraint(["invited_by"], ["user.id"], name=op.f("fk_invitation_invited_by")),
        sa.ForeignKeyConstraint(["used_by"], ["user.id"], name=op.f("fk_invitation_used_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_invitation_token_digest")),
    )
    op.create_index(op.f("ix_invitation_diagnosis_id"), "invitation", ["diagnosis_id"])

    op.create_table(
        "comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("diagnosis_id", sa.Uuid(), nullable=False),
        sa.Column("subject_key", sa.String(), nullable=False),
        sa.Column("fact", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["diagnosis_id"], ["diagnosis.id"], name=op.f("fk_comment_diagnosis_id")),
        sa.ForeignKeyConstraint(["written_by"], ["user.id"], name=op.f("fk_comment_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    op.create_index("ix_comment_question", "comment", ["diagnosis_id", "subject_key", "fact", "id"])

    op.create_table(
        "resolved_talk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("diagnosis_id", sa.Uuid(), nullable=False),
        sa.Column("subject_key", sa.String(), nullable=False),
        sa.Column("fact", sa.String(), nullable=False),
        sa.Column("last_comment", sa.Integer(), nullable=False),
        sa.Column("last_remark", sa.Integer(), nullable=False),
        sa.Column("resolved_by", sa.Uuid(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["diagnosis_id"], ["diagnosis.id"], name=op.f("fk_resolved_talk_diagnosis_id")),
        sa.ForeignKeyConstraint(["resolved_by"], ["user.id"], name=op.f("fk_resolved_talk_resolved_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolved_talk")),
        sa.UniqueConstraint(
            "diagnosis_id", "subject_key", "fact", name=op.f("uq_resolved_talk_diagnosis_id_subject_key_fact")
        ),
    )

    op.create_table(
        "marked_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("diagnosis_id", sa.Uuid(), nullable=False),
        sa.Column("subject_key", sa.String(), nullable=False),
        sa.Column("fact", sa.String(), nullable=False),
        sa.Column("marked_by", sa.Uuid(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["diagnosis_id"], ["diagnosis.id"], name=op.f("fk_marked_question_diagnosis_id")),
        sa.ForeignKeyConstraint(["marked_by"], ["user.id"], name=op.f("fk_marked_question_marked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marked_question")),
        sa.UniqueConstraint(
            "diagnosis_id", "subject_key", "fact", name=op.f("uq_marked_question_diagnosis_id_subject_key_fact")
        ),
    )


def downgrade() -> None:
    op.drop_table("marked_question")
    op.drop_table("resolved_talk")
    op.drop_index("ix_comment_question", "comment")
    op.drop_table("comment")
    op.drop_index(op.f("ix_invitation_diagnosis_id"), "invitation")
    op.drop_table("invitation")
    op.drop_index(op.f("ix_shared_section_colleague_id"), "shared_section")
    op.drop_table("shared_section")
