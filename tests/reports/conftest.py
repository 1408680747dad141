"""The sample report, its HTML and its PDF, each made once for all tests of this room."""

from __future__ import annotations

import pytest

from reports.html import to_html
from reports.model import DiagnosisReport
from reports.pdf import to_pdf
from tests.reports.sample import sample_report


@pytest.fixture(scope="session")
def report() -> DiagnosisReport:
    return sample_report()


@pytest.fixture(scope="session")
def open_report() -> DiagnosisReport:
    """The same firm with a third of its answers missing, so that the level is open."""
    return sample_report(settled=False)


@pytest.fixture(scope="session")
def html(report: DiagnosisReport) -> str:
    return to_html(report)


@pytest.fixture(scope="session")
def pdf(html: str) -> bytes:
    return to_pdf(html)
