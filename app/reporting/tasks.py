"""The processes that print what is queued: one report after another each, the renderer in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from uuid import UUID

import click
from celery import signals
from flask import Flask, current_app
from flask.cli import AppGroup
from jinja2 import UndefinedError
from sqlalchemy.exc import OperationalError

from app import papers
from app.certificate import Expired, NotSigned, Signature, sign
from app.extensions import db
from app.jobs import PRINT_NEXT, announce, end_with_parent, held, printers_lock, queue
from app.presentation import later
from app.report_templates import previews
from app.reporting import blanks, finishing, letters, service, waiting
from app.reporting.models import Form, IssuedReport
from app.reporting.orders import order_of
from app.reporting.press import Press
from app.reporting.printing import CannotPrint, pages_in
from questionnaires.exchange import ExchangeError
from questionnaires.yaml_file import DefinitionError
from reports.pdf import RenderFailed
from scoring.solver import SolverFault

jobs = AppGroup("jobs", help="Work outside the web process.")

LOOK_S = 2  # between two looks at what waits
PATIENCE_S = 60  # a report may take so much longer than its files are allowed, before its process is stopped
EXPIRED = later("本机构的签名证书已过期，报告没有签名，也就没有打印成。请管理员换上有效的证书，再重新生成。")
NOT_SIGNED = later("报告没有签成名，也就没有打印成。请管理员检查签名证书，再重新生成。")


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
        time_limit=settings.report_timeout_s * len(Form) + PATIENCE_S,
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
    announce(service.take_back_orphans() + min(waiting.forgotten(), current_app.config["ZHIZHEN"].printers))
    on_paper = any(any(papers.waiting(kind)) for kind in (letters.KIND, blanks.KIND)) or any(previews.waiting())
    if on_paper:
        announce()
    busy = waiting.is_under_way() or on_paper
    db.session.remove()
    return busy


# --- printing ---------------------------------------------------------------------------------------------------------


def _prepare(flask_app: Flask) -> None:
    """Tell the queue what a message means, and each printer to keep warm processes and a connection of its own."""
    press = Press()

    def begin(**_signal: object) -> None:
        with flask_app.app_context():
            db.engine.dispose(close=False)  # what was open before the fork belongs to the process that opened it

    def print_next() -> None:
        with flask_app.app_context():
            print_oldest(press)

    signals.worker_process_init.connect(begin, weak=False)
    signals.worker_process_shutdown.connect(lambda **_signal: press.close(), weak=False)
    flask_app.extensions["celery"].task(print_next, name=PRINT_NEXT)


def print_queued() -> None:
    """Print in this process until nothing waits: for the demonstration, and for who starts printing by the clock."""
    service.take_back_orphans()
    with Press() as press:
        while print_oldest(press):
            pass


def print_oldest(press: Press) -> bool:
    """Print the report that has waited longest, else blank questionnaires and previews; False when nothing waits.

    Letters go before: each is one page, and somebody waits for it with a pen.
    """
    timeout_s, to_pdf = current_app.config["ZHIZHEN"].report_timeout_s, press.renderer.to_pdf
    printed = papers.print_waiting(letters.KIND, timeout_s, to_pdf)
    with service.next_report() as report:
        if report is not None:
            print_one(report, press)
            return True
    printed |= papers.print_waiting(blanks.KIND, timeout_s, to_pdf)
    return previews.print_waiting(timeout_s, to_pdf) or printed


def print_one(report: IssuedReport, press: Press) -> None:
    """Print a report that was begun, in all its forms; whatever goes wrong becomes a sentence in its row."""
    report_id, timeout_s = report.id, current_app.config["ZHIZHEN"].report_timeout_s
    was_printed = bool(report.files)
    is_signed = report.code is not None and not was_printed
    try:
        order = order_of(report)
        db.session.remove()  # others may write while the pages are made
        made = press.print_all(order, timeout_s)
        signature = _sign(made[Form.PDF]) if is_signed else None
    except CannotPrint as fault:
        service.give_up(report_id, finishing.NOT_THE_SAME if was_printed else str(fault))
    except RenderFailed as fault:
        current_app.logger.warning("report %s was not printed: %s", report_id, fault)
        service.give_up(report_id, str(fault))
    except NotSigned as fault:
        current_app.logger.exception("report %s was not signed", report_id)
        service.give_up(report_id, EXPIRED if isinstance(fault, Expired) else NOT_SIGNED)
    except (DefinitionError, ExchangeError, SolverFault, UndefinedError, LookupError, ValueError) as fault:
        current_app.logger.exception("report %s was not printed", report_id)
        service.give_up(report_id, _unexpected(report_id, fault))
    else:
        service.finish(report_id, made, pages_in(made[Form.PDF]), signature)


def _sign(pdf: bytes) -> Signature | None:
    """Sign in this process: the renderer, which reads what people typed, never has the key."""
    certificate = current_app.config["ZHIZHEN"].certificate
    return sign(pdf, certificate) if certificate else None


def _unexpected(report_id: UUID, fault: Exception) -> str:
    return f"报告没有排成（{type(fault).__name__}）。答案没有丢失；请把编号 {str(report_id)[:8]} 告诉管理员。"
