"""What is printed in the tests of reports."""

from __future__ import annotations

import pytest

from app import audit
from app.diagnosis import service as diagnoses
from app.diagnosis.draft import read_draft
from app.diagnosis.models import Diagnosis, Layer, Stage
from app.extensions import db
from tests.factories import make_consultant, make_diagnosis, make_firm


@pytest.fixture
def firms(flask_app):
    """Three firms of one consultant: two diagnoses signed off, one still filled in."""
    made = [make_firm(flask_app, name=name) for name in ("甲零件有限公司", "乙零件有限公司", "丙零件有限公司")]
    consultant = make_consultant(flask_app, *made)
    stages = (Stage.REVIEWED, Stage.REVIEWED, Stage.FILLING)
    found = [make_diagnosis(flask_app, firm, stage=stage) for firm, stage in zip(made, stages, strict=True)]
    with flask_app.app_context():
        for one in found[:2]:
            diagnoses.freeze(consultant, read_draft(db.session.get_one(Diagnosis, one.id)), Layer.VERIFIED)
        audit.record(consultant.id, "test.freeze", "diagnoses")
        db.session.commit()
    return consultant, found
