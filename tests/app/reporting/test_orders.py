"""What is read for a report: of remarks those of the last round only."""

from __future__ import annotations

from datetime import UTC, datetime

from app import audit
from app.diagnosis.models import Layer, Remark, Stage
from app.extensions import db
from app.reporting import orders
from tests.factories import make_diagnosis, make_remark
from tests.printing import freeze


def test_only_remarks_of_the_last_round_on_single_facts_belong_to_a_verified_record(flask_app, firm, consultant):
    diagnosis = make_diagnosis(flask_app, firm, stage=Stage.SUBMITTED)
    make_remark(flask_app, diagnosis, consultant, "data.L1.1", "上一轮的话")  # NOW lies before every record here
    with flask_app.app_context():
        freeze(consultant, diagnosis)
        for fact, words in (("data.L1.1", "返修区仍用纸质记录"), (None, "请补充台账")):
            remark = Remark(diagnosis_id=diagnosis.id, subject_key="firm", fact=fact, text=words)
            remark.written_by, remark.written_at = consultant.id, datetime.now(UTC)
            db.session.add(remark)
        audit.record(consultant.id, "test.remark", f"diagnosis:{diagnosis.id}")
        record = freeze(consultant, diagnosis, Layer.VERIFIED)

        assert [one.text for one in orders.remarks_before(record)] == ["返修区仍用纸质记录"]
