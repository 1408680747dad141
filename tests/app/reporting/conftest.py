"""The firm whose reports are printed in these tests, and its people."""

from __future__ import annotations

import pytest

from app.diagnosis.models import Layer, Stage
from tests.factories import make_consultant, make_diagnosis, make_firm, make_user
from tests.printing import freeze


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
