"""Asking for reports, issuing them, and who may do it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.access import Role
from app.audit import AuditEvent
from app.diagnosis.models import AssessmentRecord, Diagnosis, Layer, Stage
from app.errors import NotFound, Refused, Stale
from app.extensions import db
from app.reporting import service
from app.reporting.models import Edition, IssuedReport, RenderState
from tests.factories import make_diagnosis, make_firm, make_user
from tests.printing import begin_printing, freeze, in_all_forms

FIRM_FACTS = {"production_type": "discrete", "data.L1.1": "full"}


def actions(report):
    return list(db.session.scalars(select(AuditEvent.action).where(AuditEvent.subject == f"report:{report.id}")))


def test_a_report_asked_for_while_filling_in_is_a_preview_of_the_running_answers(flask_app, firm, manager):
    diagnosis = make_diagnosis(flask_app, firm, FIRM_FACTS)
    with flask_app.app_context():
        report = service.request_report(manager, diagnosis.id)

        assert (report.edition, report.state) == (Edition.PREVIEW, RenderState.QUEUED)
        assert '"data.L1.1": "full"' in report.record.diagnosis_file
        assert actions(report) == ["report.request"]


def test_a_report_asked_for_twice_is_printed_once(flask_app, firm, manager):
    diagnosis = make_diagnosis(flask_app, firm, FIRM_FACTS)
    with flask_app.app_context():
        first = service.request_report(manager, diagnosis.id).id
        second = service.request_report(manager, diagnosis.id).id

        assert first == second
        assert len(list(db.session.scalars(select(AssessmentRecord)))) == 1


def test_after_submission_the_report_is_the_frozen_self_assessment(flask_app, firm, manager):
    diagnosis = make_diagnosis(flask_app, firm, FIRM_FACTS, stage=Stage.SUBMITTED)
    with flask_app.app_context():
        record = freeze(manager, diagnosis)
        report = service.request_report(manager, diagnosis.id)

        assert (report.edition, report.record_id) == (Edition.SELF, record.id)


def test_without_a_frozen_record_there_is_no_self_assessment_to_print(flask_app, firm, manager):
    diagnosis = make_diagnosis(flask_app, firm, FIRM_FACTS, stage=Stage.SUBMITTED)
    with flask_app.app_context(), pytest.raises(Refused, match="还没有提交"):
        service.request_report(manager, diagnosis.id)


def test_issuing_moves_a_reviewed_diagnosis_on_and_queues_the_report_of_the_verified_record(
    flask_app, firm, consultant
):
    diagnosis = make_diagnosis(flask_app, firm, FIRM_FACTS, stage=Stage.REVIEWED)
    with flask_app.app_context():
        freeze(consultant, diagnosis)
        verified = freeze(consultant, diagnosis, Layer.VERIFIED)
        report = service.issue(consultant, diagnosis.id)

        assert db.session.get_one(Diagnosis, diagnosis.id).stage is Stage.ISSUED
        assert (report.edition, report.record_id) == (Edition.DIAGNOSTIC, verified.id)


@pytest.mark.parametrize("stage", [Stage.FILLING, Stage.SUBMITTED, Stage.RETURNED])
def test_a_diagnosis_that_is_not_reviewed_cannot_be_issued(flask_app, firm, consultant, stage):
    diagnosis = make_diagnosis(flask_app, firm, FIRM_FACTS, stage=stage)
    with flask_app.app_context():
        with pytest.raises(Stale):
            service.issue(consultant, diagnosis.id)

        assert list(db.session.scalars(select(IssuedReport))) == []


def test_a_diagnosis_returned_after_its_review_cannot_be_issued_on_the_old_record(flask_app, firm, consultant):
    diagnosis = make_diagnosis(flask_app, firm, FIRM_FACTS, stage=Stage.RETURNED)
    with flask_app.app_context():
        freeze(consultant, diagnosis, Layer.VERIFIED)

        with pytest.raises(Stale):
            service.issue(consultant, diagnosis.id)


def test_an_issued_report_that_failed_may_be_printed_again_and_one_that_stands_may_not(flask_app, firm, consultant):
    diagnosis = make_diagnosis(flask_app, firm, FIRM_FACTS, stage=Stage.REVIEWED)
    with flask_app.app_context():
        freeze(consultant, diagnosis, Layer.VERIFIED)
        first = service.issue(consultant, diagnosis.id)
        begin_printing()
        service.give_up(first.id, "纸用完了。")
        second = service.issue(consultant, diagnosis.id)
        begin_printing()
        service.finish(second.id, in_all_forms(), 1)

        assert second.id != first.id
        with pytest.raises(Stale, match="已经签发"):
            service.issue(consultant, diagnosis.id)


def test_nobody_asks_for_or_sees_the_report_of_a_foreign_firm(flask_app, firm, manager):
    diagnosis = make_diagnosis(flask_app, firm, FIRM_FACTS)
    stranger = make_user(flask_app)
    with flask_app.app_context():
        report = service.request_report(manager, diagnosis.id)

        with pytest.raises(NotFound):
            service.request_report(stranger, diagnosis.id)
        with pytest.raises(NotFound):
            service.report_for(stranger, report.id)


def test_an_officer_sees_the_reports_of_the_own_district_only(flask_app, firm, manager):
    diagnosis = make_diagnosis(flask_app, firm, FIRM_FACTS)
    own = make_user(flask_app, Role.DISTRICT_OFFICER, district="500120")
    other = make_user(flask_app, Role.DISTRICT_OFFICER, district="500151")
    with flask_app.app_context():
        report = service.request_report(manager, diagnosis.id)

        assert service.report_for(own, report.id).id == report.id
        with pytest.raises(NotFound):
            service.report_for(other, report.id)


def test_what_a_killed_process_left_is_printed_twice_more_and_then_given_up(flask_app, firm, manager):
    diagnosis = make_diagnosis(flask_app, firm, FIRM_FACTS)
    with flask_app.app_context():
        report = service.request_report(manager, diagnosis.id)
        begin_printing()
        service.take_back_orphans()
        after_one = (report.state, report.fault)
        begin_printing()
        service.take_back_orphans()
        after_two = (report.state, report.fault)
        begin_printing()
        service.take_back_orphans()

        assert after_one == after_two == (RenderState.QUEUED, service.PRINTED_AGAIN)
        assert (report.state, report.fault) == (RenderState.FAILED, service.BROKEN_OFF)
        assert actions(report) == [
            "report.request",
            "report.begin",
            "report.queue_again",
            "report.begin",
            "report.queue_again",
            "report.begin",
            "report.fail",
        ]


def test_the_report_that_waited_longest_is_printed_first(flask_app, firm, manager):
    diagnosis = make_diagnosis(flask_app, firm, FIRM_FACTS)
    other_firm = make_firm(flask_app)
    other, colleague = make_diagnosis(flask_app, other_firm, FIRM_FACTS), make_user(flask_app, firm_id=other_firm.id)
    with flask_app.app_context():
        first = service.request_report(manager, diagnosis.id).id
        service.request_report(colleague, other.id)

        assert begin_printing().id == first


def test_a_report_that_was_given_up_meanwhile_stays_given_up(flask_app, firm, manager, data_dir):
    diagnosis = make_diagnosis(flask_app, firm, FIRM_FACTS)
    with flask_app.app_context():
        report = service.request_report(manager, diagnosis.id)
        begin_printing()
        service.give_up(report.id, "太久。")
        service.finish(report.id, in_all_forms(), 1)

        assert report.state is RenderState.FAILED
        assert not list((data_dir / "reports").glob(f"{report.id}*"))


def test_what_is_being_printed_is_not_taken_for_left(flask_app, firm, manager):
    diagnosis = make_diagnosis(flask_app, firm, FIRM_FACTS)
    with flask_app.app_context():
        report = service.request_report(manager, diagnosis.id)
        with service.next_report():
            service.take_back_orphans()

            assert report.state is RenderState.RENDERING


def test_of_two_that_ask_only_one_is_given_a_report(flask_app, firm, manager):
    diagnosis = make_diagnosis(flask_app, firm, FIRM_FACTS)
    with flask_app.app_context():
        service.request_report(manager, diagnosis.id)
        with service.next_report() as first, service.next_report() as second:
            assert first is not None
            assert second is None


def test_a_report_in_the_other_language_is_a_report_of_its_own(flask_app, firm, manager):
    diagnosis = make_diagnosis(flask_app, firm, FIRM_FACTS)
    with flask_app.app_context():
        chinese, english = (service.request_report(manager, diagnosis.id, language) for language in ("zh", "en"))

        assert chinese.id != english.id
        assert chinese.record_id == english.record_id
        assert service.request_report(manager, diagnosis.id, "en").id == english.id


def test_an_issued_report_is_printed_once_in_each_language(flask_app, firm, consultant):
    diagnosis = make_diagnosis(flask_app, firm, FIRM_FACTS, stage=Stage.REVIEWED)
    with flask_app.app_context():
        freeze(consultant, diagnosis)
        freeze(consultant, diagnosis, Layer.VERIFIED)
        now = db.session.get_one(Diagnosis, diagnosis.id)
        left = [service.languages_to_issue(now)]
        for language in ("zh", "en"):
            service.issue(consultant, diagnosis.id, language)
            service.finish(begin_printing().id, in_all_forms(), 1)
            left.append(service.languages_to_issue(now))

        assert left == [("zh", "en"), ("en",), ()]
        with pytest.raises(Stale, match="已经签发"):
            service.issue(consultant, diagnosis.id, "en")
