"""The verbs of a diagnosis: what they keep, refuse and record."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from sqlalchemy import event, func, select

from app.access import Role
from app.accounts.models import User
from app.audit import AuditEvent, verify
from app.diagnosis import service
from app.diagnosis.draft import FIRM_KEY, NOTHING, Said, stated
from app.diagnosis.models import AnswerEntry, AssessmentRecord, Diagnosis, Layer, Stage
from app.errors import NotFound, Refused, Stale
from app.extensions import db
from questionnaires.exchange import read_diagnosis
from tests.factories import make_diagnosis, make_firm, make_user

FULL = stated("full")
REQUIRED = {
    "firm_name": "示例一厂",
    "district": "500120",
    "production_type": "discrete",
    "employees": Fraction(320),
    "revenue": Fraction(15000),
}


@pytest.fixture
def request_context(flask_app):
    with flask_app.test_request_context():
        yield flask_app


def a_manager(flask_app, firm) -> User:
    """Rows are made in sessions of their own, so this one must not hold on to an earlier view of the database."""
    made = make_user(flask_app, firm_id=firm.id)
    db.session.rollback()
    return made


@pytest.fixture
def firm(request_context):
    return make_firm(request_context, {"一工厂": ("冲压车间",)})


@pytest.fixture
def manager(request_context, firm):
    return a_manager(request_context, firm)


@pytest.fixture
def diagnosis(request_context, firm):
    return make_diagnosis(request_context, firm)


def rows() -> int:
    return db.session.scalar(select(func.count()).select_from(AnswerEntry))


def newest(diagnosis, manager) -> dict[str, Said]:
    kept = service.open_draft(manager, diagnosis.id).newest(FIRM_KEY, Layer.STATED)
    return {fact: one.said for fact, one in kept.items()}


def test_a_new_diagnosis_states_what_the_registration_says(firm, manager):
    made = service.start(manager, firm.id)

    assert newest(made, manager) == {
        "firm_name": stated(firm.name),
        "uscc": stated(firm.uscc),
        "district": stated("500120"),
    }
    assert (made.number, made.stage, made.questionnaire_id) == (1, Stage.FILLING, "auto_parts")


def test_a_second_diagnosis_waits_until_the_first_is_issued(diagnosis, firm, manager):
    with pytest.raises(Refused, match="第 1 次诊断还在进行中"):
        service.start(manager, firm.id)


def test_a_saved_page_adds_one_row_for_each_answer_and_counts_one_save(diagnosis, manager):
    draft = service.open_draft(manager, diagnosis.id)

    saved = service.save_page(manager, draft, FIRM_KEY, {"data.L1.1": FULL, "data.L1.2": Said("unknown")}, seen=0)

    assert saved.changed == {"data.L1.1", "data.L1.2"}
    assert rows() == 2
    assert db.session.get_one(Diagnosis, diagnosis.id).revision == 1


def test_the_same_answers_saved_again_add_no_row_and_no_event(diagnosis, manager):
    service.save_page(manager, service.open_draft(manager, diagnosis.id), FIRM_KEY, {"data.L1.1": FULL}, seen=0)
    events = db.session.scalar(select(func.count()).select_from(AuditEvent))

    service.save_page(manager, service.open_draft(manager, diagnosis.id), FIRM_KEY, {"data.L1.1": FULL}, seen=1)

    assert rows() == 1
    assert db.session.scalar(select(func.count()).select_from(AuditEvent)) == events


def test_a_changed_answer_keeps_the_earlier_row(diagnosis, manager):
    for number, said in enumerate((FULL, stated("none"), NOTHING)):
        draft = service.open_draft(manager, diagnosis.id)
        service.save_page(manager, draft, FIRM_KEY, {"data.L1.1": said}, seen=number)

    assert rows() == 3
    assert newest(diagnosis, manager) == {"data.L1.1": NOTHING}


def test_saving_writes_with_at_most_three_statements_beside_the_audit_chain(diagnosis, manager, request_context):
    draft = service.open_draft(manager, diagnosis.id)
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    service.save_page(manager, draft, FIRM_KEY, {"data.L1.1": FULL, "data.L1.2": FULL, "data.L2.1": FULL}, seen=0)
    event.remove(db.engine, "before_cursor_execute", note)

    assert len([one for one in statements if "audit_event" not in one]) <= 3
    assert len([one for one in statements if "INSERT INTO answer_entry" in one]) == 1


def test_two_people_who_change_different_facts_are_merged_silently(diagnosis, manager):
    service.save_page(manager, service.open_draft(manager, diagnosis.id), FIRM_KEY, {"data.L1.1": FULL}, seen=0)
    page_as_opened_before = {"data.L1.1": NOTHING, "data.L1.2": FULL}

    draft = service.open_draft(manager, diagnosis.id, seen=0)
    saved = service.save_page(manager, draft, FIRM_KEY, page_as_opened_before, seen=0)

    assert saved.conflicts == {}
    assert newest(diagnosis, manager) == {"data.L1.1": FULL, "data.L1.2": FULL}


def test_two_people_who_change_the_same_fact_see_a_conflict_and_nothing_is_overwritten(diagnosis, manager):
    service.save_page(manager, service.open_draft(manager, diagnosis.id), FIRM_KEY, {"data.L1.1": FULL}, seen=0)

    draft = service.open_draft(manager, diagnosis.id, seen=0)
    saved = service.save_page(manager, draft, FIRM_KEY, {"data.L1.1": stated("none")}, seen=0)

    assert saved.conflicts["data.L1.1"].said == FULL
    assert newest(diagnosis, manager) == {"data.L1.1": FULL}


def test_a_save_that_was_outrun_between_reading_and_writing_is_refused(diagnosis, manager):
    draft = service.open_draft(manager, diagnosis.id)
    db.session.execute(db.update(Diagnosis.__table__).values(revision=7))

    with pytest.raises(Stale, match="请再按一次保存"):
        service.save_page(manager, draft, FIRM_KEY, {"data.L1.1": FULL}, seen=0)


def test_nothing_is_saved_after_the_submission(request_context, firm, manager):
    submitted = make_diagnosis(request_context, firm, stage=Stage.SUBMITTED)

    with pytest.raises(Stale, match="已经提交"):
        service.save_page(manager, service.open_draft(manager, submitted.id), FIRM_KEY, {"data.L1.1": FULL}, seen=0)
    assert rows() == 0


def test_another_firm_never_finds_the_diagnosis(request_context, diagnosis):
    stranger = a_manager(request_context, make_firm(request_context))

    with pytest.raises(NotFound):
        service.open_draft(stranger, diagnosis.id)


def test_a_district_officer_of_another_district_never_finds_it(request_context, diagnosis):
    officer = make_user(request_context, Role.DISTRICT_OFFICER, district="500112")

    with pytest.raises(NotFound):
        service.diagnosis_for(db.session.get_one(User, officer.id), diagnosis.id)


def test_a_subdomain_inside_manufacturing_is_left_out_with_its_reason(diagnosis, manager):
    service.tailor(manager, service.open_draft(manager, diagnosis.id), {"product_design": "来图加工"}, seen=0)

    assert service.open_draft(manager, diagnosis.id).tailored == {"product_design": "来图加工"}


def test_a_tailoring_is_taken_back_by_leaving_it_out(diagnosis, manager):
    service.tailor(manager, service.open_draft(manager, diagnosis.id), {"product_design": "来图加工"}, seen=0)

    service.tailor(manager, service.open_draft(manager, diagnosis.id), {}, seen=1)

    assert service.open_draft(manager, diagnosis.id).tailored == {}


@pytest.mark.parametrize(
    ("reasons", "sentence"),
    [
        ({"org_strategy": "不需要"}, "不能裁剪"),
        ({"product_design": "  "}, "没有写明理由"),
        ({"logistics": "长" * 501}, "超过 500 字"),
    ],
)
def test_what_may_not_be_left_out_is_refused_in_words(diagnosis, manager, reasons, sentence):
    with pytest.raises(Refused, match=sentence):
        service.tailor(manager, service.open_draft(manager, diagnosis.id), reasons, seen=0)


def test_a_submission_names_the_required_answers_that_are_missing(diagnosis, manager):
    with pytest.raises(Refused, match="生产类型"):
        service.submit(manager, service.open_draft(manager, diagnosis.id), "王某", truthful=True)


@pytest.mark.parametrize(("name", "truthful"), [("王某", False), ("  ", True)])
def test_a_submission_needs_the_statement_and_a_name(request_context, firm, manager, name, truthful):
    ready = make_diagnosis(request_context, firm, {**REQUIRED, "uscc": firm.uscc})

    with pytest.raises(Refused, match="真实性承诺"):
        service.submit(manager, service.open_draft(manager, ready.id), name, truthful=truthful)


def test_a_submission_freezes_facts_outcome_and_digests(request_context, firm, manager):
    ready = make_diagnosis(request_context, firm, {**REQUIRED, "uscc": firm.uscc, "data.L1.1": "full"})
    draft = service.open_draft(manager, ready.id)

    made = service.submit(manager, draft, " 王某 ", truthful=True)

    record = db.session.get_one(AssessmentRecord, made.id)
    frozen = read_diagnosis(record.diagnosis_file, "diagnosis.json")
    result = json.loads(record.result_file)
    assert frozen.firm.facts["data.L1.1"].value == "full"
    assert result["format"] == "zhizhen/result@1"
    assert record.layer is Layer.STATED
    assert record.questionnaire_digest == draft.questionnaire.digest
    assert record.criteria_digests["cq_digital_workshop"]
    assert (record.program, draft.diagnosis.stage, draft.diagnosis.declared_by) == (
        "zhizhen 0.1.0",
        Stage.SUBMITTED,
        "王某",
    )


def test_every_change_is_in_an_unbroken_audit_chain(firm, manager):
    made = service.start(manager, firm.id)
    service.save_page(manager, service.open_draft(manager, made.id), FIRM_KEY, {"data.L1.1": FULL}, seen=1)

    assert list(verify()) == []
    assert db.session.scalar(select(AuditEvent.action).order_by(AuditEvent.number.desc())) == "diagnosis.save_page"
