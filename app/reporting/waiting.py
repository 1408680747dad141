"""What waits to be printed, and whether anybody prints it. Reads only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import func, select

from app import jobs
from app.extensions import db
from app.reporting.models import UNDER_WAY, IssuedReport, RenderState

PATIENCE_S = 10  # a row may wait this long before the printers are called again


def nobody_prints(report: IssuedReport) -> bool:
    """Tell whether a report waits for long, or was left half-done, and nothing is being printed."""
    if report.state not in UNDER_WAY:
        return False
    if report.state is RenderState.QUEUED and _seconds_since(report.requested_at) <= PATIENCE_S:
        return False
    printing = db.session.scalars(select(IssuedReport).where(IssuedReport.state == RenderState.RENDERING))
    return not any(jobs.is_held(lock_of(one)) for one in printing)


def _seconds_since(moment: datetime) -> float:
    # SQLite gives moments back without a zone; they were stored as UTC.
    known = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (datetime.now(UTC) - known) / timedelta(seconds=1)


def lock_of(report: IssuedReport) -> Path:
    """Return the file that a process holds while it prints a report."""
    folder: Path = current_app.config["ZHIZHEN"].data_dir / "printing"
    return folder / str(report.id)


def forgotten() -> int:
    """Return how many reports wait longer than a message takes: the messages about them were lost."""
    since = datetime.now(UTC) - timedelta(seconds=PATIENCE_S)
    queued = select(func.count()).where(IssuedReport.state == RenderState.QUEUED, IssuedReport.requested_at < since)
    return db.session.scalar(queued) or 0


def is_under_way() -> bool:
    """Tell whether a report waits or is being printed."""
    found = select(IssuedReport.id).where(IssuedReport.state.in_(UNDER_WAY)).limit(1)
    return db.session.scalar(found) is not None
