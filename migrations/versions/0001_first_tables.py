"""The first tables: people, firms, diagnoses with their answers, reports, what the commission counts, every change.

Nothing changes for people: before this there is no installation. Run it once, before the first start.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001_first_tables"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_event")),
    )
    op.create_index(op.f("ix_audit_event_action"), "audit_event", ["action"])
    op.create_index(op.f("ix_audit_event_subject"), "audit_event", ["subject"])

    op.create_table(
        "firm",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("uscc", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("district", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_firm")),
        sa.UniqueConstraint("uscc", name=op.f("uq_firm_uscc")),
    )
    op.create_index(op.f("ix_firm_district"), "firm", ["district"])

    op.create_table(
        "factory",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_factory_firm_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factory")),
        sa.UniqueConstraint("firm_id", "name", name=op.f("uq_factory_firm_id_name")),
    )
    op.create_index(op.f("ix_factory_firm_id"), "factory", ["firm_id"])

    op.create_table(
        "user",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("firm_id", sa.Uuid(), nullable=True),
        sa.Column("district", sa.String(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_user_firm_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email", name=op.f("uq_user_email")),
    )
    op.create_index(op.f("ix_user_firm_id"), "user", ["firm_id"])

    op.create_table(
        "assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("consultant_id", sa.Uuid(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["consultant_id"], ["user.id"], name=op.f("fk_assignment_consultant_id")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_assignment_firm_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("firm_id", "consultant_id", name=op.f("uq_assignment_firm_id_consultant_id")),
    )
    op.create_index(op.f("ix_assignment_consultant_id"), "assignment", ["consultant_id"])
    op.create_index(op.f("ix_assignment_firm_id"), "assignment", ["firm_id"])

    op.create_table(
        "conversion_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("document", sa.String(), nullable=True),
        sa.Column("issuer", sa.String(), nullable=True),
        sa.Column("systems", sa.JSON(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_conversion_entry_firm_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["user.id"], name=op.f("fk_conversion_entry_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversion_entry")),
    )
    op.create_index(op.f("ix_conversion_entry_firm_id"), "conversion_entry", ["firm_id"])

    op.create_table(
        "diagnosis",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("questionnaire_id", sa.String(), nullable=False),
        sa.Column("questionnaire_version", sa.String(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("started_by", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declared_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_diagnosis_firm_id")),
        sa.ForeignKeyConstraint(["started_by"], ["user.id"], name=op.f("fk_diagnosis_started_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diagnosis")),
        sa.UniqueConstraint("firm_id", "number", name=op.f("uq_diagnosis_firm_id_number")),
    )
    op.create_index(op.f("ix_diagnosis_firm_id"), "diagnosis", ["firm_id"])
    op.create_index(op.f("ix_diagnosis_stage"), "diagnosis", ["stage"])

    op.create_table(
        "workshop",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("factory_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["factory_id"], ["factory.id"], name=op.f("fk_workshop_factory_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop")),
        sa.UniqueConstraint("factory_id", "name", name=op.f("uq_workshop_factory_id_name")),
    )
    op.create_index(op.f("ix_workshop_factory_id"), "workshop", ["factory_id"])

    op.create_table(
        "answer_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("diagnosis_id", sa.Uuid(), nullable=False),
        sa.Column("subject_key", sa.String(), nullable=False),
        sa.Column("fact", sa.String(), nullable=False),
        sa.Column("layer", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["diagnosis_id"], ["diagnosis.id"], name=op.f("fk_answer_entry_diagnosis_id")),
        sa.ForeignKeyConstraint(["said_by"], ["user.id"], name=op.f("fk_answer_entry_said_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_entry")),
    )
    op.create_index("ix_answer_entry_newest", "answer_entry", ["diagnosis_id", "subject_key", "fact", "layer", "id"])

    op.create_table(
        "assessment_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("diagnosis_id", sa.Uuid(), nullable=False),
        sa.Column("layer", sa.String(length=32), nullable=False),
        sa.Column("diagnosis_file", sa.String(), nullable=False),
        sa.Column("result_file", sa.String(), nullable=False),
        sa.Column("questionnaire_digest", sa.String(), nullable=False),
        sa.Column("criteria_digests", sa.JSON(), nullable=False),
        sa.Column("program", sa.String(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["diagnosis_id"], ["diagnosis.id"], name=op.f("fk_assessment_record_diagnosis_id")),
        sa.ForeignKeyConstraint(["made_by"], ["user.id"], name=op.f("fk_assessment_record_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_record")),
    )
    op.create_index(op.f("ix_assessment_record_diagnosis_id"), "assessment_record", ["diagnosis_id"])

    op.create_table(
        "recognition_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("factory_id", sa.Uuid(), nullable=True),
        sa.Column("workshop_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("list_where", sa.String(), nullable=True),
        sa.Column("systems", sa.JSON(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["factory_id"], ["factory.id"], name=op.f("fk_recognition_entry_factory_id")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_recognition_entry_firm_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["user.id"], name=op.f("fk_recognition_entry_recorded_by")),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"], name=op.f("fk_recognition_entry_workshop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recognition_entry")),
    )
    op.create_index(op.f("ix_recognition_entry_firm_id"), "recognition_entry", ["firm_id"])

    op.create_table(
        "remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("diagnosis_id", sa.Uuid(), nullable=False),
        sa.Column("subject_key", sa.String(), nullable=True),
        sa.Column("fact", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["diagnosis_id"], ["diagnosis.id"], name=op.f("fk_remark_diagnosis_id")),
        sa.ForeignKeyConstraint(["written_by"], ["user.id"], name=op.f("fk_remark_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark")),
    )
    op.create_index(op.f("ix_remark_diagnosis_id"), "remark", ["diagnosis_id"])

    op.create_table(
        "issued_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("diagnosis_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("fault", sa.String(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["diagnosis_id"], ["diagnosis.id"], name=op.f("fk_issued_report_diagnosis_id")),
        sa.ForeignKeyConstraint(["record_id"], ["assessment_record.id"], name=op.f("fk_issued_report_record_id")),
        sa.ForeignKeyConstraint(["requested_by"], ["user.id"], name=op.f("fk_issued_report_requested_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_report")),
    )
    op.create_index(op.f("ix_issued_report_diagnosis_id"), "issued_report", ["diagnosis_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_issued_report_diagnosis_id"), "issued_report")

    op.drop_table("issued_report")
    op.drop_index(op.f("ix_remark_diagnosis_id"), "remark")

    op.drop_table("remark")
    op.drop_index(op.f("ix_recognition_entry_firm_id"), "recognition_entry")

    op.drop_table("recognition_entry")
    op.drop_index(op.f("ix_assessment_record_diagnosis_id"), "assessment_record")

    op.drop_table("assessment_record")
    op.drop_index("ix_answer_entry_newest", "answer_entry")

    op.drop_table("answer_entry")
    op.drop_index(op.f("ix_workshop_factory_id"), "workshop")

    op.drop_table("workshop")
    op.drop_index(op.f("ix_diagnosis_stage"), "diagnosis")
    op.drop_index(op.f("ix_diagnosis_firm_id"), "diagnosis")

    op.drop_table("diagnosis")
    op.drop_index(op.f("ix_conversion_entry_firm_id"), "conversion_entry")

    op.drop_table("conversion_entry")
    op.drop_index(op.f("ix_assignment_firm_id"), "assignment")
    op.drop_index(op.f("ix_assignment_consultant_id"), "assignment")

    op.drop_table("assignment")
    op.drop_index(op.f("ix_user_firm_id"), "user")

    op.drop_table("user")
    op.drop_index(op.f("ix_factory_firm_id"), "factory")

    op.drop_table("factory")
    op.drop_index(op.f("ix_firm_district"), "firm")

    op.drop_table("firm")
    op.drop_index(op.f("ix_audit_event_subject"), "audit_event")
    op.drop_index(op.f("ix_audit_event_action"), "audit_event")

    op.drop_table("audit_event")
