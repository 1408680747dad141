"""What is frozen of a diagnosis names the evidence as it was at that moment, and can be printed from it."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from io import BytesIO

import pytest
from sqlalchemy import update

from app.diagnosis import records, service
from app.diagnosis.draft import read_draft
from app.diagnosis.models import Diagnosis, EvidenceFile, EvidenceLink, Layer
from app.extensions import db
from app.reporting.printing import Order
from app.reporting.terms import read_terms, terms_of_now
from tests.factories import NOW, make_diagnosis, make_evidence, make_user, sign_in
from tests.printing import report_of

GIVEN = {"production_type": "discrete", "employees": Fraction(320), "revenue": Fraction(15000), "data.L1.1": "full"}
SHOWS = [("firm", "data.L1.1")]


@pytest.fixture
def diagnosis(flask_app, a_firm):
    own = {"firm_name": a_firm.name, "uscc": a_firm.uscc, "district": "500120"}
    return make_diagnosis(flask_app, a_firm, {**GIVEN, **own})


@pytest.fixture
def draft(flask_app, diagnosis):
    with flask_app.test_request_context():
        yield lambda: read_draft(db.session.get_one(Diagnosis, diagnosis.id))


def evidence_in(record) -> object:
    return json.loads(record.diagnosis_file)["facts"]["data.L1.1"]


def test_a_submitted_diagnosis_keeps_the_names_and_its_report_prints_them(flask_app, draft, a_firm, diagnosis):
    make_evidence(flask_app, diagnosis, "现场.jpg", shows=SHOWS)
    made = service.submit(make_user(flask_app, firm_id=a_firm.id), draft(), "王某", truthful=True)
    report = report_of(Order(made, read_terms(terms_of_now(diagnosis)), date(2026, 11, 24)))
    named = [pair.value for section in report.answers for group in section.groups for pair in group.evidence]

    assert evidence_in(made) == {"value": "full", "evidence": ["现场.jpg"]}
    assert named == ["现场.jpg"]


@pytest.mark.parametrize("layer", [Layer.STATED, Layer.VERIFIED])
def test_evidence_given_after_the_outcome_was_computed_is_named_in_the_record(flask_app, draft, diagnosis, layer):
    before = evidence_in(records.record_of(draft(), layer))
    db.session.rollback()
    make_evidence(flask_app, diagnosis, shows=SHOWS)

    assert before == "full"
    assert evidence_in(records.record_of(draft(), layer)) == {"value": "full", "evidence": ["设备清单.csv"]}


@pytest.mark.parametrize(
    "change", [update(EvidenceFile).values(removed_at=NOW), update(EvidenceLink).values(unlinked_at=NOW)]
)
def test_what_was_removed_or_taken_back_is_not_named(flask_app, draft, diagnosis, change):
    make_evidence(flask_app, diagnosis, shows=SHOWS)
    with db.engine.begin() as connection:
        connection.execute(change)

    assert records.evidence_names(diagnosis.id) == {}
    assert evidence_in(records.record_of(draft(), Layer.STATED)) == "full"


def test_the_diagnosis_file_names_the_evidence_of_each_answer_and_can_be_read_again(flask_app, client, a_firm, keys):
    said = {
        "data.L1.1": "full",
        "firm_name": a_firm.name,
        "uscc": a_firm.uscc,
        (keys["冲压车间"], "workshop_process"): "stamping",
    }
    answered = make_diagnosis(flask_app, a_firm, said)
    shows = [("firm", "data.L1.1"), ("firm", "uscc"), (keys["冲压车间"], "workshop_process"), ("firm", "data.L1.2")]
    make_evidence(flask_app, answered, shows=shows)
    make_evidence(flask_app, answered, "b.pdf", b"%PDF-1.7 %%EOF", shows=[("firm", "data.L1.1")])
    sign_in(client, make_user(flask_app, firm_id=a_firm.id))
    written = client.get(f"/diagnoses/{answered.id}/diagnosis.json")
    file = json.loads(written.data)
    back = client.post(
        f"/diagnoses/{answered.id}/import", data={"file": (BytesIO(written.data), "d.json")}, follow_redirects=True
    )

    assert file["facts"] == {"data.L1.1": {"value": "full", "evidence": ["设备清单.csv", "b.pdf"]}}
    assert file["firm"]["uscc"] == {"value": a_firm.uscc, "evidence": ["设备清单.csv"]}
    assert file["factories"][0]["workshops"][0]["facts"]["workshop_process"]["evidence"] == ["设备清单.csv"]
    assert "会改变的回答 0 项" in back.text
