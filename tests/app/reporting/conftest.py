"""The firm whose reports are printed in these tests, and its people."""

from __future__ import annotations

import re

import pytest

from app.diagnosis.models import Layer, Stage
from app.reporting import service
from reports.warm import WarmRenderer
from tests.factories import make_consultant, make_diagnosis, make_firm, make_user
from tests.printing import freeze, write_quickly


@pytest.fixture
def firm(flask_app):
    return make_firm(flask_app, {"一工厂": ("冲压车间",)}, name="示例汽车零部件有限公司")


@pytest.fixture
def manager(flask_app, firm):
    return make_user(flask_app, firm_id=firm.id)


@pytest.fixture
def consultant(flask_app, firm):
    return make_consultant(flask_app, firm)


@pytest.fixture
def report_id(flask_app, firm, manager):
    """A preview that waits to be printed."""
    diagnosis = make_diagnosis(flask_app, firm, {"production_type": "discrete", "data.L1.1": "full"})
    with flask_app.app_context():
        return service.request_report(manager, diagnosis.id).id


@pytest.fixture
def firms(flask_app):
    """Three firms of one consultant: two diagnoses signed off, one still filled in."""
    made = [make_firm(flask_app, name=name) for name in ("甲零件有限公司", "乙零件有限公司", "丙零件有限公司")]
    consultant = make_consultant(flask_app, *made)
    stages = (Stage.REVIEWED, Stage.REVIEWED, Stage.FILLING)
    found = [make_diagnosis(flask_app, firm, stage=stage) for firm, stage in zip(made, stages, strict=True)]
    with flask_app.app_context():
        for one in found[:2]:
            freeze(consultant, one, Layer.VERIFIED)
    return consultant, found


@pytest.fixture
def woken(monkeypatch) -> list[int]:
    """How many printers were called, each time that some were; none is started."""
    calls: list[int] = []
    monkeypatch.setattr("app.jobs.wake", lambda times=1: calls.append(times))
    return calls


@pytest.fixture
def printed(monkeypatch) -> list[str]:
    """What the renderer was given; it gives that back as a PDF, without the time that printing takes.

    The charts number their classes through, which leaves no trace in a PDF: see the first test of printing again.
    """
    given: list[str] = []

    def to_pdf(_renderer: WarmRenderer, html: str, _timeout_s: int) -> bytes:
        given.append(re.sub(r"zr\d+-(cls-\d+)?", "", html))
        return b"%PDF-1.7 " + given[-1].encode()

    monkeypatch.setattr(WarmRenderer, "to_pdf", to_pdf)
    write_quickly(monkeypatch)
    return given
