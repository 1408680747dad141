"""What is done with reports: ask, issue, find, print what is queued. The only file here that commits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app import audit, jobs
from app.accounts.models import User
from app.certificate import Signature
from app.diagnosis import service as diagnoses
from app.diagnosis.draft import read_draft
from app.diagnosis.models import FIRM_MAY_FILL, AssessmentRecord, Diagnosis, Layer, Stage
from app.diagnosis.records import latest_record, record_of
from app.errors import NotFound, Refused, Stale
from app.extensions import db
from app.papers import LANGUAGES
from app.presentation import later
from app.report_templates.models import TemplateVersion
from app.report_templates.service import version_to_use
from app.reporting import files, finishing
from app.reporting.codes import new_code
from app.reporting.models import (
    IN_BATCH,
    UNDER_WAY,
    Edition,
    FileState,
    Form,
    IssuedReport,
    RenderState,
    ReportBatch,
)
from app.reporting.terms import Stored, terms_of_now
from app.reporting.waiting import lock_of

MOST_BATCHES = 20  # shown of one person
MOST_ATTEMPTS = 3  # printings begun of one report, before it has failed
PRINTED_AGAIN = later("上一次打印中断，已自动重新排队。")
BROKEN_OFF = later("打印三次都中断了。请重新生成；若再次出现，请联系管理员。")


# --- asking for a report ----------------------------------------------------------------------------------------------


def request_report(
    user: User, diagnosis_id: UUID, language: str = "zh", template_id: UUID | None = None
) -> IssuedReport:
    """Queue a report of what the firm states: a preview while it still fills in, else its self-assessment.

    One under way for the same answers, costs, plan, language and template is given back instead. Raises NotFound,
    Refused.
    """
    _refuse_other_language(language)
    diagnosis = diagnoses.diagnosis_for(user, diagnosis_id)
    layout = Layout(language, version_to_use(user, template_id))
    if diagnosis.is_quick_check:
        raise Refused(_("快速自查没有报告，结果页上有全部内容。请开始正式诊断。"))
    preview = diagnosis.stage in FIRM_MAY_FILL
    record = _record_of_now(user, diagnosis) if preview else latest_record(diagnosis.id, Layer.STATED)
    if record is None:
        raise Refused(_("这份诊断还没有提交，没有可以打印的自评。"))
    edition = Edition.PREVIEW if preview else Edition.SELF
    return _queue(user, diagnosis, record, edition, layout, terms_of_now(diagnosis, record))


def _refuse_other_language(language: str) -> None:
    if language not in LANGUAGES:
        raise Refused(_("报告只有中文和英文两种。请选择其中一种。"))


def issue(user: User, diagnosis_id: UUID, language: str = "zh", template_id: UUID | None = None) -> IssuedReport:
    """Issue the report of a reviewed diagnosis: from now on it stands. Raises NotFound, Stale, Refused.

    An issued diagnosis may be printed again in a language of which there is no finished report.
    """
    _refuse_other_language(language)
    diagnosis = diagnoses.diagnosis_for(user, diagnosis_id)
    record = latest_record(diagnosis.id, Layer.VERIFIED)
    if record is None:
        raise Stale(_("这份诊断还没有复核定稿，不能签发。请先完成复核。"))
    layout = Layout(language, version_to_use(user, template_id))
    if diagnosis.stage is not Stage.ISSUED:
        diagnoses.move(diagnosis, Stage.ISSUED)
        audit.record(user.id, "report.issue", f"diagnosis:{diagnosis.id}", record=record.id)
    elif _newest(record, Edition.DIAGNOSTIC, language, RenderState.READY):
        raise Stale(_("诊断报告已经签发。请在报告列表中下载；文件丢失的，打开那份报告，按原样补印。"))
    return _queue(user, diagnosis, record, Edition.DIAGNOSTIC, layout, _terms_of_issue(record, diagnosis))


def _terms_of_issue(record: AssessmentRecord, diagnosis: Diagnosis) -> Stored:
    """Return what an issued report rests on: what it rested on when it was issued first.

    Where the catalogue has changed since, nothing of it was printed and nothing can be, so it is issued on that of now.
    """
    now = terms_of_now(diagnosis, record)
    issued = IssuedReport.record_id == record.id, IssuedReport.edition == Edition.DIAGNOSTIC
    earlier = db.session.scalars(select(IssuedReport.plan_terms).where(*issued).order_by(IssuedReport.requested_at))
    return next((terms for terms in earlier if terms and terms["catalogue"] == now["catalogue"]), now)


def languages_to_issue(diagnosis: Diagnosis) -> tuple[str, ...]:
    """Return the languages in which the diagnostic report may be issued or printed now: those that have none yet."""
    if diagnosis.stage is Stage.REVIEWED:
        return LANGUAGES
    record = latest_record(diagnosis.id, Layer.VERIFIED) if diagnosis.stage is Stage.ISSUED else None
    if record is None:
        return ()
    reports = [one for one in reports_of(diagnosis) if one.record_id == record.id]
    there = {
        one.language for one in reports if one.edition is Edition.DIAGNOSTIC and one.state is not RenderState.FAILED
    }
    return tuple(language for language in LANGUAGES if language not in there)


def _record_of_now(user: User, diagnosis: Diagnosis) -> AssessmentRecord:
    """Return the record of the running answers; the last one again while nothing has changed since."""
    draft = read_draft(diagnosis)
    now, last = record_of(draft, Layer.STATED), latest_record(diagnosis.id, Layer.STATED)
    if last and (last.diagnosis_file, last.result_file) == (now.diagnosis_file, now.result_file):
        return last
    return diagnoses.freeze(user, draft, Layer.STATED)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a report is printed: its language, and the version of a template; None for the standard layout."""

    language: str
    version: TemplateVersion | None = None

    @property
    def version_id(self) -> UUID | None:
        return self.version.id if self.version else None


def _queue(
    user: User, diagnosis: Diagnosis, record: AssessmentRecord, edition: Edition, layout: Layout, terms: Stored
) -> IssuedReport:
    for state in UNDER_WAY:
        waiting = _newest(record, edition, layout.language, state)
        if waiting and (waiting.plan_terms, waiting.template_version_id) == (terms, layout.version_id):
            db.session.rollback()
            return waiting
    made = IssuedReport(
        diagnosis_id=diagnosis.id,
        record_id=record.id,
        edition=edition,
        language=layout.language,
        template_version_id=layout.version_id,
        plan_terms=terms,
        code=None if edition is Edition.PREVIEW else new_code(),
        address=current_app.config["ZHIZHEN"].address or None,
        state=RenderState.QUEUED,
        requested_by=user.id,
        requested_at=datetime.now(UTC),
    )
    db.session.add(made)
    db.session.flush()
    said = {"diagnosis": diagnosis.id, "record": record.id, "edition": edition, "language": layout.language}
    if layout.version:
        said["template_version"] = layout.version.id
    audit.record(user.id, "report.request", f"report:{made.id}", **said)
    db.session.commit()
    return made


def _newest(record: AssessmentRecord, edition: Edition, language: str, state: RenderState) -> IssuedReport | None:
    row = IssuedReport
    wanted = select(row).where(row.record_id == record.id, row.edition == edition)
    wanted = wanted.where(row.language == language, row.state == state)
    return db.session.scalar(wanted.order_by(IssuedReport.requested_at.desc()).limit(1))


def keep_together(user: User, reports: Sequence[IssuedReport]) -> ReportBatch:
    """Keep reports as a batch, in their order; each has been asked for or found by one who may see it."""
    batch = ReportBatch(id=uuid4(), requested_by=user.id, requested_at=datetime.now(UTC))
    db.session.add(batch)
    db.session.flush()
    rows = [{"batch_id": batch.id, "report_id": one.id, "position": at} for at, one in enumerate(reports, start=1)]
    audit.change(IN_BATCH.insert(), rows)
    audit.record(user.id, "report.batch", f"batch:{batch.id}", reports=[str(one.id) for one in reports])
    db.session.commit()
    return batch


def print_again(user: User, report_id: UUID) -> IssuedReport:
    """Queue a report of which a file is lost: the same row, record, code and day. Raises NotFound, Refused.

    Only the very same bytes are kept: see `finish`. Files that have come back from a copy are taken as they are.
    """
    report = report_for(user, report_id)
    if report.state in UNDER_WAY:
        return report
    if not finishing.may_print_again(report):
        raise Refused(_("只有打印好以后文件丢失或被改动的报告才需要补印。这一份可以直接下载，或重新生成。"))
    is_back = files.state_of_files(report) is FileState.UNCHANGED
    report.state, report.fault = RenderState.READY if is_back else RenderState.QUEUED, None
    report.attempts, report.started_at = 0, None
    action = "report.restored" if is_back else "report.print_again"
    audit.record(user.id, action, f"report:{report.id}", sha256=finishing.digests(report))
    db.session.commit()
    return report


# --- seeing reports ---------------------------------------------------------------------------------------------------


def report_for(user: User, report_id: UUID) -> IssuedReport:
    """Return a report of a diagnosis that the person may see. Raises NotFound."""
    report = db.session.get(IssuedReport, report_id)
    if report is None:
        raise NotFound
    diagnoses.diagnosis_for(user, report.diagnosis_id)
    return report


def batch_for(user: User, batch_id: UUID) -> ReportBatch:
    """Return a batch that the person has asked for. Raises NotFound."""
    whose = selectinload(ReportBatch.reports).joinedload(IssuedReport.diagnosis).joinedload(Diagnosis.firm)
    batch = db.session.get(ReportBatch, batch_id, options=[whose])
    if batch is None or batch.requested_by != user.id:
        raise NotFound
    return batch


def batches_of(user: User) -> list[ReportBatch]:
    """Return what the person has asked for together, the newest first."""
    mine = select(ReportBatch).where(ReportBatch.requested_by == user.id)
    return list(db.session.scalars(mine.order_by(ReportBatch.requested_at.desc()).limit(MOST_BATCHES)))


def reports_of(diagnosis: Diagnosis) -> list[IssuedReport]:
    """Return the reports of a diagnosis, the newest first. Whether it may be seen, is asked before."""
    mine = select(IssuedReport).where(IssuedReport.diagnosis_id == diagnosis.id)
    return list(db.session.scalars(mine.order_by(IssuedReport.requested_at.desc())))


# --- printing: called by the processes in tasks.py only ---------------------------------------------------------------


def take_back_orphans() -> int:
    """Queue once more what a killed process left half-done, and return how many; what was left so twice has failed."""
    queued = 0
    for report in db.session.scalars(select(IssuedReport).where(IssuedReport.state == RenderState.RENDERING)):
        if jobs.is_held(lock_of(report)):
            continue
        if report.attempts >= MOST_ATTEMPTS:
            finishing.fail(report, BROKEN_OFF)
            continue
        report.state, report.started_at, report.fault = RenderState.QUEUED, None, PRINTED_AGAIN
        audit.record("system", "report.queue_again", f"report:{report.id}")
        queued += 1
    db.session.commit()
    return queued


@contextmanager
def next_report() -> Iterator[IssuedReport | None]:
    """Give the report that has waited longest, marked as being printed and held until it is done; None if none waits.

    Of several processes only one gets it. What is held by nobody and marked so was left by a process that was killed.
    """
    queued = select(IssuedReport).where(IssuedReport.state == RenderState.QUEUED)
    oldest = queued.order_by(IssuedReport.requested_at, IssuedReport.id).limit(1).with_for_update(skip_locked=True)
    report = db.session.scalar(oldest)
    if report is None:
        db.session.rollback()
        yield None
        return
    lock = lock_of(report)
    lock.parent.mkdir(mode=0o700, exist_ok=True)
    with jobs.held(lock):
        report.state, report.started_at = RenderState.RENDERING, datetime.now(UTC)
        report.attempts += 1
        audit.record("system", "report.begin", f"report:{report.id}")
        db.session.commit()
        yield report
        lock.unlink(missing_ok=True)


def finish(report_id: UUID, made: Mapping[Form, bytes], pages: int, signature: Signature | None = None) -> None:
    """Keep a report in all its forms and mark it as ready; one that was given up meanwhile stays so."""
    report = db.session.get_one(IssuedReport, report_id)
    if report.state is not RenderState.RENDERING:
        db.session.rollback()
        return
    if report.files:
        finishing.keep_again(report, made)
    else:
        finishing.keep(report, made, pages, signature)
    db.session.commit()


def give_up(report_id: UUID, fault: str) -> None:
    """Mark a report as failed, with the sentence that says why."""
    finishing.fail(db.session.get_one(IssuedReport, report_id), fault)
    db.session.commit()
