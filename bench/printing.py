"""A batch of fifty reports: printers killed in the middle of it, and how much faster two printers are than one.

What counts is in the rows and files of the installation: a report arrives when it is ready and its file is as its row
says; it has arrived twice when its printing ended well twice.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from app.accounts.models import User
from app.audit import AuditEvent
from app.diagnosis.models import Diagnosis
from app.extensions import db
from app.reporting import files, service, waiting
from app.reporting.models import Form, IssuedReport, RenderState
from bench.figures import Figure
from bench.installation import Installation, install

BATCH, KILLS = 50, {15: "a printer", 30: "the process of all printers"}

SPEEDUP_BAR = 1.8


def measure() -> list[Figure]:
    """Print a batch of fifty while printers are killed, then as many with one printer and with two."""
    with TemporaryDirectory() as folder:
        firms = install(Path(folder), BATCH)
        with firms.flask_app.app_context():
            arrived = _killed(firms)
            one, two = _rate(firms, 1), _rate(firms, 2)
    return [
        Figure(
            "reports of a batch whose printers were killed",
            arrived,
            "arrived once",
            f"{BATCH} asked for, {len(KILLS)} kills",
            arrived / BATCH,
            f"value = {BATCH}",
            arrived == BATCH,
        ),
        Figure(
            "two printers",
            two * 60,
            "reports a minute",
            f"one printer {one * 60:.1f}",
            two / one,
            f"ratio >= {SPEEDUP_BAR}",
            two / one >= SPEEDUP_BAR,
        ),
        Figure(
            "500 reports", 500 / two / 60, "min, estimated", f"{2 * BATCH} real ones", 500 / BATCH, "none set", True
        ),
    ]


def _killed(firms: Installation) -> int:
    """Return how many of the batch arrived, each just once, although their printers were killed."""
    asked, kills = _ask(), dict(KILLS)
    with _printers(firms, 2) as watching:
        while _under_way():
            done = _done(asked)
            for number in [number for number in kills if done >= number]:
                print(f"  {done} printed: {kills.pop(number)} killed", flush=True)
                _kill(watching.pid, deep=number == min(KILLS))
            time.sleep(0.2)
    times = Counter(db.session.scalars(select(AuditEvent.subject).where(AuditEvent.action == "report.ready")))
    reports = [db.session.get_one(IssuedReport, one) for one in asked]
    return sum(_is_whole(one) and times[f"report:{one.id}"] == 1 for one in reports)


def _rate(firms: Installation, printers: int) -> float:
    """Return how many reports a second are printed, from the first that is begun to the last that is done."""
    asked = _ask()
    with _printers(firms, printers):
        while _under_way():
            time.sleep(0.2)
    rows = [db.session.get_one(IssuedReport, one) for one in asked]
    begun = [row.started_at for row in rows if row.started_at]
    ended = [row.finished_at for row in rows if row.finished_at]
    assert len(begun) == len(ended) == BATCH
    return BATCH / _seconds(min(begun), max(ended))


def _seconds(begun: datetime, ended: datetime) -> float:
    return (ended - begun).total_seconds()


def _ask() -> list[object]:
    """Ask for a report of every firm; one that is printed already is printed again."""
    asked = []
    for diagnosis in list(db.session.scalars(select(Diagnosis))):
        manager = db.session.scalar(select(User).where(User.firm_id == diagnosis.firm_id))
        assert manager is not None
        asked.append(service.request_report(manager, diagnosis.id).id)
    return asked


@contextmanager
def _printers(firms: Installation, number: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "flask", "--app", "app", "jobs", "work"]
    with (firms.settings.data_dir / "printing.log").open("ab") as log:
        watching = subprocess.Popen(
            command, env=firms.environment | {"ZHIZHEN_PRINTERS": str(number)}, stdout=log, stderr=log
        )
    try:
        yield watching
    finally:
        watching.terminate()
        watching.wait()


def _kill(watching: int, deep: bool) -> None:
    """Kill the process that holds all printers, or (deep) one of its printers, without a word of warning."""
    (main,) = _children(watching)
    victim = next(iter(_children(main)), main) if deep else main
    os.kill(victim, signal.SIGKILL)


def _children(parent: int) -> list[int]:
    said = subprocess.run(["pgrep", "--parent", str(parent)], capture_output=True, text=True, check=False)
    return [int(line) for line in said.stdout.split()]


def _under_way() -> bool:
    found = waiting.is_under_way()
    db.session.remove()  # the printers have to write
    return found


def _done(asked: list[object]) -> int:
    ready = select(IssuedReport.id).where(IssuedReport.state == RenderState.READY, IssuedReport.id.in_(asked))
    found = len(list(db.session.scalars(ready)))
    db.session.remove()
    return found


def _is_whole(report: IssuedReport) -> bool:
    right = [sha256(files.path_of(one).read_bytes()).hexdigest() == one.sha256 for one in files.files_of(report)]
    return report.state is RenderState.READY and len(right) == len(Form) and all(right)
