"""The sample report, its HTML and its PDF, and what set-up prepares, each made once for all tests of this room."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from reports.html import to_html
from reports.model import DiagnosisReport
from reports.pdf import PROJECT, to_pdf
from scoring.advice import Advice, advise
from scoring.goals import Goal
from scoring.loader import load_all
from scoring.model import Costs
from tests.reports.sample import sample_diagnosis, sample_report


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


@pytest.fixture(scope="session")
def by_workshop() -> Advice:
    """To level 3 where better machine controls of a workshop cost 1, 2 or 4 only, so that all three get them."""
    filled = sample_diagnosis(settled=True)
    criteria = load_all(filled.as_of)
    cheap = [replace(i, cost=Costs(1, 2, 4)) if i.id == "control_system_upgrade" else i for i in criteria.improvements]
    return advise(filled, replace(criteria, improvements=tuple(cheap)), [Goal("gbt_39117_2020_discrete", 3)])


@pytest.fixture(scope="session")
def prepared(tmp_path_factory) -> Path:
    """The declarations as set-up prepares them, in a folder of their own."""
    folder = tmp_path_factory.mktemp("prepared")
    making = (
        "from pathlib import Path; from reports import declarations as d; "
        f"d.FOLDER = Path({str(folder)!r}); d.PREPARED = d.FOLDER / 'declarations'; d.prepare()"
    )
    subprocess.run([sys.executable, "-c", making], cwd=PROJECT, capture_output=True, check=True)
    return folder / "declarations"
