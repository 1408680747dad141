"""The processes that print what is queued: one report after another each, the renderer in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from uuid import UUID

import click
from celery import signals
from flask import Flask, current_app
from flask.cli import AppGroup
from jinja2 import UndefinedError
from sqlalchemy.exc import OperationalError

from app.accounts.models import User
from app.diagnosis.models import Layer
from app.evidence.service import letter_of
from app.extensions import db
from app.jobs import PRINT_NEXT, announce, end_with_parent, held, printers_lock, queue
from app.presentation import day_in_chongqing, today
from app.reporting import blanks, previews, service
from app.reporting.models import Edition, IssuedReport
from app.reporting.own_templates import own_of
from app.reporting.printing import CannotPrint, Order, html_of, pages_in
from app.reporting.terms import read_terms, terms_of_now
from questionnaires.exchange import ExchangeError
from questionnaires.yaml_file import DefinitionError
from reports.pdf import RenderFailed, to_pdf
from reports.warm import WarmRenderer
from scoring.solver import SolverFault

jobs = AppGroup("jobs", help="Work outside the web process.")

LOOK_S = 2  # between two looks at what waits
PATIENCE_S = 60  # a report may take so much longer than its renderer is allowed, before its process is stopped
Printer = Callable[[str, int], bytes]


@jobs.command("work")
@click.option("--once", is_flag=True, help="Print what waits in this process, then stop.")
@click.option("--idle", type=click.IntRange(min=1), help="Stop after so many seconds without work.")
def work(once: bool, idle: int | None) -> None:
    """Print reports as they are asked for: ZHIZHEN_PRINTERS of them at the same time."""
    if once:
        print_queued()
        return
    with held(printers_lock(current_app.config["ZHIZHEN"].data_dir)) as free:
        if not free:
            click.echo("Printers are running on this machine already.", err=True)
            return
        _watch(idle)


@jobs.command("printers", hidden=True)
def printers() -> None:
    """Run the printers; `work` starts them and watches over them."""
    end_with_parent()
    settings, flask_app = current_app.config["ZHIZHEN"], current_app._get_current_object()  # type: ignore[attr-defined]
    _prepare(flask_app)
    worker = queue().Worker(
        pool="prefork",
        concurrency=settings.printers,
        loglevel="WARNING",
        time_limit=settings.report_timeout_s + PATIENCE_S,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()
    sys.exit(worker.exitcode)


# --- watching ---------------------------------------------------------------------------------------------------------


def _watch(idle: int | None) -> None:
    """Keep the printers running, and see to it that nothing that waits is forgotten."""
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(0))
    busy_at, running = time.monotonic(), _start()
    try:
        while idle is None or time.monotonic() - busy_at < idle:
            time.sleep(LOOK_S)
            if running.poll() is not None:
                running = _start()
            try:
                is_busy = _look_after()
            except OperationalError:  # the database is busy; two seconds later it is not
                current_app.logger.exception("what waits to be printed could not be looked at")
                is_busy = True
            if is_busy:
                busy_at = time.monotonic()
    finally:
        running.terminate()
        running.wait()


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "flask", "--app", "app", "jobs", "printers"], env=os.environ)


def _look_after() -> bool:
    """Announce again what was left half-done or forgotten; tell whether there is anything to do."""
    announce(service.take_back_orphans() + min(service.forgotten(), current_app.config["ZHIZHEN"].printers))
    others = any(blanks.waiting()) or any(previews.waiting())
    if others:
        announce()
    busy = service.is_under_way() or others
    db.session.remove()
    return busy


# --- printing ---------------------------------------------------------------------------------------------------------


def _prepare(flask_app: Flask) -> None:
    """Tell the queue what a message means, and each printer to keep a warm renderer and a connection of its own."""
    renderer = WarmRenderer()

    def begin(**_signal: object) -> None:
        with flask_app.app_context():
            db.engine.dispose(close=False)  # what was open before the fork belongs to the process that opened it

    def print_next() -> None:
        with flask_app.app_context():
            print_oldest(renderer.to_pdf)

    signals.worker_process_init.connect(begin, weak=False)
    signals.worker_process_shutdown.connect(lambda **_signal: renderer.close(), weak=False)
    flask_app.extensions["celery"].task(print_next, name=PRINT_NEXT)


def print_queued() -> None:
    """Print in this process until nothing waits: for the demonstration, and for who starts printing by the clock."""
    service.take_back_orphans()
    with WarmRenderer() as renderer:
        while print_oldest(renderer.to_pdf):
            pass


def print_oldest(printer: Printer = to_pdf) -> bool:
    """Print the report that has waited longest, else blank questionnaires and previews; False when nothing waits."""
    with service.next_report() as report:
        if report is not None:
            print_one(report, printer)
            return True
    timeout_s = current_app.config["ZHIZHEN"].report_timeout_s
    return blanks.print_waiting(timeout_s, printer) or previews.print_waiting(timeout_s, printer)


def print_one(report: IssuedReport, printer: Printer = to_pdf) -> None:
    """Print a report that was begun; whatever goes wrong becomes a sentence in its row."""
    report_id, timeout_s = report.id, current_app.config["ZHIZHEN"].report_timeout_s
    try:
        order = _order(report)
        db.session.remove()  # others may write while the pages are made
        pdf = printer(html_of(order), timeout_s)
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
        template=own_of(report.template_version) if report.template_version else None,
    )


def _unexpected(report_id: UUID, fault: Exception) -> str:
    return f"报告没有排成（{type(fault).__name__}）。答案没有丢失；请把编号 {str(report_id)[:8]} 告诉管理员。"
