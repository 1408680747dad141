"""A firm with a workshop, its diagnosis, and a place for a request: refusals speak the reader's language."""

from __future__ import annotations

from io import BytesIO

import pytest

from app.diagnosis.draft import read_draft
from app.diagnosis.models import Diagnosis
from app.evidence import service
from app.evidence.receiving import Given
from app.extensions import db
from tests.app.evidence import samples as made
from tests.factories import make_diagnosis, make_firm, make_user, parts_of, sign_in


@pytest.fixture
def firm(flask_app):
    return make_firm(flask_app, {"一工厂": ("冲压车间", "焊装车间")}, name="示例山城零部件厂")


@pytest.fixture
def workshop(flask_app, firm) -> str:
    return str(parts_of(flask_app, firm)["冲压车间"])


@pytest.fixture
def diagnosis(flask_app, firm):
    return make_diagnosis(flask_app, firm)


@pytest.fixture
def manager(flask_app, firm):
    return make_user(flask_app, firm_id=firm.id, name="王厂长")


@pytest.fixture
def browser(client, manager):
    sign_in(client, manager)
    return client


@pytest.fixture
def speaking(flask_app):
    """A request in Chinese."""
    with flask_app.test_request_context():
        yield


@pytest.fixture
def place(diagnosis) -> str:
    """The page of the evidence of one practice."""
    return f"/diagnoses/{diagnosis.id}/fill/data/firm/evidence/data.L1.1"


@pytest.fixture
def draft(flask_app, diagnosis, speaking):
    """Read the diagnosis as it stands."""
    return lambda: read_draft(db.session.get_one(Diagnosis, diagnosis.id))


@pytest.fixture
def add(manager, draft):
    """Give one file, for the practice of that page unless another place is named."""

    def adds(name="设备清单.csv", content=made.CSV, place=("firm", "data.L1.1")):
        return service.add(manager, draft(), [Given(name, BytesIO(content))], place)

    return adds
