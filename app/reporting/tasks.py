"""The process that prints what is queued: one report after another, each renderer in a process of its own."""

from __future__ import annotations

from uuid import UUID

from flask import current_app
from flask.cli import AppGroup
from jinja2 import UndefinedError

from app.accounts.models import User
from app.diagnosis.models import Layer
from app.evidence.service import letter_of
from app.extensions import db
from app.jobs import alone
from app.presentation import day_in_chongqing, today
from app.reporting import blanks, service
from app.reporting.models import Edition, IssuedReport
from app.reporting.printing import CannotPrint, Order, html_of, pages_in
from app.reporting.terms import read_terms, terms_of_now
from questionnaires.exchange import ExchangeError
from questionnaires.yaml_file import DefinitionError
from reports.pdf import RenderFailed, to_pdf
from scoring.solver import SolverFault

jobs = AppGroup("jobs", help="Work outside the web process.")


@jobs.command("work")
def work() -> None:
    """Print every report and every blank questionnaire that waits, then stop."""
    print_queued()


def print_queued() -> None:
    """Print until nothing waits, unless another process of this installation does so already."""
    while _print_all() and _something_waits():
        pass


def _print_all() -> bool:
    """Print until nothing waits. False when another process is printing: it will see what is queued."""
    with alone(current_app.config["ZHIZHEN"].data_dir) as free:
        if not free:
            return False
        service.take_back_orphans()
        while report := service.begin_next():
            print_one(report)
        blanks.print_waiting(current_app.config["ZHIZHEN"].report_timeout_s)
    return True


def _something_waits() -> bool:
    """Look again after others could get in: what was queued in between may have found the way barred."""
    waits = service.is_any_queued() or any(blanks.waiting())
    db.session.remove()
    return waits


def print_one(report: IssuedReport) -> None:
    """Print a report that was begun; whatever goes wrong becomes a sentence in its row."""
    report_id, timeout_s = report.id, current_app.config["ZHIZHEN"].report_timeout_s
    try:
        order = _order(report)
        db.session.remove()  # others may write while the pages are made
        pdf = to_pdf(html_of(order), timeout_s)
    except (CannotPrint, RenderFailed) as fault:
        service.give_up(report_id, str(fault))
    except (DefinitionError, ExchangeError, SolverFault, UndefinedError, LookupError, ValueError) as fault:
        current_app.logger.exception("report %s was not printed", report_id)
        service.give_up(report_id, _unexpected(report_id, fault))
    else:
        service.finish(report_id, pdf, pages_in(pdf))


def _order(report: IssuedReport) -> Order:
    """Read everything that the report is made of."""
    record, letter = report.record, letter_of(report.diagnosis_id, report.requested_at)
    verified = record.layer is Layer.VERIFIED
    return Order(
        record=record,
        terms=read_terms(report.plan_terms or terms_of_now(report.diagnosis)),
        day=today(),
        language=report.language,
        preview=report.edition is Edition.PREVIEW,
        stated=service.stated_before(record),
        consultant=db.session.get_one(User, record.made_by).name if verified else "",
        remarks=tuple((one.subject_key or "", one.fact or "", one.text) for one in service.remarks_before(record)),
        letter=day_in_chongqing(letter.added_at) if letter else None,
    )


def _unexpected(report_id: UUID, fault: Exception) -> str:
    return f"报告没有排成（{type(fault).__name__}）。答案没有丢失；请把编号 {str(report_id)[:8]} 告诉管理员。"
