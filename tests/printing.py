"""What reports are printed from in the tests, and printing them without the time that it takes."""

from __future__ import annotations

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import delete, update

from app import audit
from app.accounts.models import User
from app.diagnosis import service as diagnoses
from app.diagnosis.draft import read_draft
from app.diagnosis.models import AssessmentRecord, Diagnosis, Layer
from app.extensions import db
from app.reporting import service as reporting
from app.reporting.models import Form, IssuedReport, ReportFile
from app.reporting.printing import Order, given_of, laid_out
from reports.model import DiagnosisReport
from reports.office import WarmOffice


def freeze(user: User, diagnosis: Diagnosis, layer: Layer = Layer.STATED) -> AssessmentRecord:
    """Freeze what is answered now, as submitting or signing off does, and return the record."""
    made = diagnoses.freeze(user, read_draft(db.session.get_one(Diagnosis, diagnosis.id)), layer)
    audit.record(user.id, "test.freeze", f"diagnosis:{diagnosis.id}")
    db.session.commit()
    return made


def work(flask_app: Flask) -> Result:
    """Print everything that waits, as the printing process does."""
    done = flask_app.test_cli_runner().invoke(args=["jobs", "work", "--once"])
    assert done.exit_code == 0, done.output
    return done


def report_of(order: Order) -> DiagnosisReport:
    """Return everything that the report says."""
    return laid_out(given_of(order), order.template)


def begin_printing() -> IssuedReport | None:
    """Begin to print the report that has waited longest and leave it, as a process does that is killed meanwhile."""
    with reporting.next_report() as report:
        return report


def in_all_forms(pdf: bytes = b"%PDF-1.7") -> dict[Form, bytes]:
    """Return what a printer makes of a report, without the time that it takes."""
    return {Form.PDF: pdf, Form.WORD: b"PK for Word", Form.WORKPAPER: b"PK workpaper"}


def leave_the_pdf_only() -> None:
    """Let every report be one of early days: a PDF of unknown size, and nothing for Word or to audit."""
    db.session.execute(delete(ReportFile).where(ReportFile.form != Form.PDF))
    db.session.execute(update(ReportFile).values(size=None))
    audit.record("system", "test.early", "reports")
    db.session.commit()


def write_quickly(patch: pytest.MonkeyPatch) -> None:
    """Let the report for Word and the workpaper be written in no time, for who looks at the pages only."""
    quick = in_all_forms()
    patch.setattr(WarmOffice, "to_word", lambda _office, _report, _timeout_s: quick[Form.WORD])
    patch.setattr(WarmOffice, "workpaper", lambda _office, _given, _timeout_s: quick[Form.WORKPAPER])


def print_all(pdf: bytes = b"%PDF-1.7", pages: int = 3) -> None:
    """Print every report that waits, in no time."""
    while (report := begin_printing()) is not None:
        reporting.finish(report.id, in_all_forms(pdf), pages)
