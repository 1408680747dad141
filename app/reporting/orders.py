"""Everything that a report is made of, read from the rows: its record, what it rests on, what was remarked."""

from __future__ import annotations

from sqlalchemy import select

from app.accounts.models import User
from app.diagnosis.models import AssessmentRecord, Layer, Remark
from app.evidence.service import letter_of
from app.extensions import db
from app.presentation import day_in_chongqing
from app.report_templates.service import own_of
from app.reporting.codes import grouped
from app.reporting.models import Edition, IssuedReport
from app.reporting.printing import Order
from app.reporting.terms import read_terms, terms_of_now


def order_of(report: IssuedReport) -> Order:
    """Return what is to be printed of a report."""
    record, letter = report.record, letter_of(report.diagnosis_id, report.requested_at)
    verified = record.layer is Layer.VERIFIED
    return Order(
        record=record,
        terms=read_terms(report.plan_terms or terms_of_now(report.diagnosis)),
        day=day_in_chongqing(report.requested_at),  # not today: printed again, it has to be the same
        language=report.language,
        preview=report.edition is Edition.PREVIEW,
        stated=stated_before(record),
        consultant=db.session.get_one(User, record.made_by).name if verified else "",
        remarks=tuple((one.subject_key or "", one.fact or "", one.text) for one in remarks_before(record)),
        letter=day_in_chongqing(letter.added_at) if letter else None,
        code=grouped(report.code) if report.code else "",
        address=f"{report.address}/verify/{grouped(report.code)}" if report.code and report.address else "",
        template=own_of(report.template_version) if report.template_version else None,
    )


def stated_before(record: AssessmentRecord) -> AssessmentRecord | None:
    """Return what the firm had stated when the consultant froze `record`; None for a record of the firm's own."""
    if record.layer is not Layer.VERIFIED:
        return None
    stated = select(AssessmentRecord).where(
        AssessmentRecord.diagnosis_id == record.diagnosis_id,
        AssessmentRecord.layer == Layer.STATED,
        AssessmentRecord.made_at <= record.made_at,
    )
    return db.session.scalar(stated.order_by(AssessmentRecord.made_at.desc()).limit(1))


def remarks_before(record: AssessmentRecord) -> list[Remark]:
    """Return what consultants remarked on single facts between the last submission and `record`, the oldest first.

    Remarks of earlier rounds were for the firm, which has answered them by submitting again.
    """
    stated = stated_before(record)
    if stated is None:
        return []
    written = select(Remark).where(Remark.diagnosis_id == record.diagnosis_id, Remark.fact.is_not(None))
    written = written.where(Remark.written_at >= stated.made_at, Remark.written_at <= record.made_at)
    return list(db.session.scalars(written.order_by(Remark.id)))
