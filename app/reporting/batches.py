"""Diagnostic reports by the hundred: whose can be had, asking for many at once, how far they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, selectinload

from app.access import PERMISSIONS
from app.accounts.models import User
from app.diagnosis.models import Diagnosis, Stage
from app.errors import NotFound, Refused
from app.extensions import db
from app.firms.models import Firm
from app.firms.service import visible_firms
from app.report_templates.service import version_to_use
from app.reporting import service
from app.reporting.models import IN_BATCH, UNDER_WAY, Edition, IssuedReport, RenderState, ReportBatch

MOST = 500
STAGES = (Stage.REVIEWED, Stage.ISSUED)


@dataclass(frozen=True, slots=True)
class Choice:
    """A diagnosis whose report can be had in a batch."""

    diagnosis: Diagnosis
    to_issue: bool  # it is signed off and would be issued now


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is."""

    done: int
    failed: int
    count: int

    @property
    def is_over(self) -> bool:
        return self.done + self.failed == self.count


def choices(user: User) -> list[Choice]:
    """Return the diagnoses that the person may issue, then those that are issued, each by the name of the firm."""
    visible = visible_firms(user).with_only_columns(Firm.id)
    query = select(Diagnosis).join(Diagnosis.firm).options(contains_eager(Diagnosis.firm))
    query = query.where(Firm.id.in_(visible), Diagnosis.stage.in_(STAGES)).order_by(Firm.name, Diagnosis.number)
    found = [Choice(one, one.stage is Stage.REVIEWED) for one in db.session.scalars(query)]
    return sorted((one for one in found if _may_issue(user) or not one.to_issue), key=lambda one: not one.to_issue)


def ask(user: User, diagnosis_ids: Sequence[UUID], template_id: UUID | None = None) -> tuple[ReportBatch, list[str]]:
    """Issue what is to be issued, gather what is, and keep it as a batch; with the firms that were left out, and why.

    What is issued now is printed with the template; what is issued already stays as it is.
    Raises Refused where nothing or too much was chosen, or nothing of it can be had.
    """
    if not diagnosis_ids:
        raise Refused(_("还没有选择。请至少选择一家企业的诊断。"))
    if len(diagnosis_ids) > MOST:
        raise Refused(_("一次最多 %(most)s 份，现在选了 %(count)s 份。请分几次。", most=MOST, count=len(diagnosis_ids)))
    version_to_use(user, template_id)
    wanted = {one.diagnosis.id: one for one in choices(user)}
    reports, left_out = list[IssuedReport](), list[str]()
    for diagnosis_id in dict.fromkeys(diagnosis_ids):
        if diagnosis_id not in wanted:
            raise NotFound
        try:
            reports.append(_report(user, wanted[diagnosis_id], template_id))
        except Refused as refusal:
            left_out.append(f"{wanted[diagnosis_id].diagnosis.firm.name}：{refusal.message}")
    if not reports:
        raise Refused("".join(left_out))
    return service.keep_together(user, reports), left_out


def _may_issue(user: User) -> bool:
    return user.role in PERMISSIONS["report.issue"]


def _report(user: User, choice: Choice, template_id: UUID | None) -> IssuedReport:
    stands = (
        one
        for one in service.reports_of(choice.diagnosis)
        if one.edition is Edition.DIAGNOSTIC and one.state is not RenderState.FAILED
    )
    found = None if choice.to_issue else next(stands, None)
    if found is not None:
        return found
    if not _may_issue(user):
        raise Refused(_("还没有可以下载的诊断报告。"))
    return service.issue(user, choice.diagnosis.id, template_id=template_id)


def progress(batch: ReportBatch) -> Progress:
    """Return how far a batch is."""
    states = [one.state for one in batch.reports]
    return Progress(states.count(RenderState.READY), states.count(RenderState.FAILED), len(states))


def ready(user: User, batch: ReportBatch) -> list[IssuedReport]:
    """Return the reports of a batch that are printed, of firms that the person may still see.

    Raises Refused where there is none.
    """
    row, visible = IssuedReport, visible_firms(user).with_only_columns(Firm.id)
    query = select(row).join(IN_BATCH, IN_BATCH.c.report_id == row.id).join(row.diagnosis).join(Diagnosis.firm)
    query = query.where(IN_BATCH.c.batch_id == batch.id, row.state == RenderState.READY, Firm.id.in_(visible))
    query = query.options(contains_eager(row.diagnosis).contains_eager(Diagnosis.firm), selectinload(row.files))
    found = list(db.session.scalars(query.order_by(IN_BATCH.c.position)))
    if not found:
        raise Refused(_("这一批还没有打印好的报告。请稍后再下载。"))
    return found


def waiting(batch: ReportBatch) -> list[IssuedReport]:
    """Return the reports of a batch that are not printed yet."""
    return [one for one in batch.reports if one.state in UNDER_WAY]
