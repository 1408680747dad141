"""The process that prints: real pages once, and a sentence in the row whatever goes wrong."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from io import BytesIO

import pytest
from docx import Document as WordDocument
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy.orm import selectinload

from app.diagnosis.models import AnswerEntry, AssessmentRecord, Layer, Stage
from app.extensions import db
from app.jobs import held, printers_lock
from app.reporting import files, service
from app.reporting.models import IssuedReport, RenderState
from app.reporting.printing import pages_in
from app.review import service as reviews
from reports.office import WarmOffice
from reports.pdf import RenderTimedOut
from reports.warm import WarmRenderer
from tests.factories import NOW, make_consultant, make_diagnosis, make_evidence, make_user, parts_of
from tests.printing import freeze, work, write_quickly


def report(flask_app, report_id):
    with flask_app.app_context():
        found = db.session.get_one(IssuedReport, report_id, options=[selectinload(IssuedReport.files)])
        db.session.expunge_all()
        return found


def test_a_queued_report_is_printed_in_all_forms_kept_and_described(flask_app, report_id, data_dir):
    done = work(flask_app)
    printed = report(flask_app, report_id)
    pdf, word, workpaper = ((data_dir / "reports" / file.name).read_bytes() for file in files.files_of(printed))
    pages = PdfReader(BytesIO(pdf)).pages
    cover = pages[0].extract_text()
    sheets = load_workbook(BytesIO(workpaper)).worksheets
    with flask_app.app_context():
        result = db.session.get_one(AssessmentRecord, printed.record_id).result_file

    assert (done.exit_code, printed.state, printed.fault) == (0, RenderState.READY, None)
    assert [(file.name, file.sha256, file.size) for file in files.files_of(printed)] == [
        (f"{report_id}.{form}", hashlib.sha256(content).hexdigest(), len(content))
        for form, content in (("pdf", pdf), ("docx", word), ("xlsx", workpaper))
    ]
    assert printed.pages == len(pages) > 5
    assert PdfReader(BytesIO(pdf)).attachments == {"result.json": [result.encode()]}
    assert "示例汽车零部件有限公司" in cover
    assert "预览（填报中，尚未提交）" in cover
    assert "示例汽车零部件有限公司" in [one.text for one in WordDocument(BytesIO(word)).paragraphs]
    assert "示例汽车零部件有限公司" in [cell.value for row in sheets[0].iter_rows() for cell in row]


@pytest.mark.parametrize("form", ["to_word", "workpaper"])
def test_a_fault_of_any_form_fails_the_report_and_leaves_no_file(
    flask_app, report_id, data_dir, monkeypatch, caplog, form
):
    def stop(*_given):
        raise RenderTimedOut("超过 60 秒没有写完，已停止。")

    monkeypatch.setattr(WarmRenderer, "to_pdf", lambda _renderer, _html, _timeout_s: b"%PDF")
    write_quickly(monkeypatch)
    monkeypatch.setattr(WarmOffice, form, stop)
    work(flask_app)
    failed = report(flask_app, report_id)

    assert (failed.state, failed.fault) == (RenderState.FAILED, "超过 60 秒没有写完，已停止。")
    assert failed.files == list((data_dir / "reports").glob(f"{report_id}*")) == []
    assert f"report {report_id} was not printed" in caplog.text


def test_a_printing_that_fails_says_why_in_its_row_and_the_next_one_is_printed_all_the_same(
    flask_app, report_id, monkeypatch
):
    def stop(_renderer, _html, _timeout_s):
        raise RenderTimedOut("报告排版超过 60 秒，已停止。")

    monkeypatch.setattr(WarmRenderer, "to_pdf", stop)
    work(flask_app)
    failed = report(flask_app, report_id)

    assert (failed.state, failed.fault) == (RenderState.FAILED, "报告排版超过 60 秒，已停止。")


def test_a_fault_of_the_program_becomes_a_sentence_with_a_number_to_tell(flask_app, report_id, monkeypatch):
    def break_down(*_given):
        raise LookupError("nothing for a reader")

    monkeypatch.setattr("app.reporting.press.given_of", break_down)
    work(flask_app)

    assert report(flask_app, report_id).fault == (
        f"报告没有排成（LookupError）。答案没有丢失；请把编号 {str(report_id)[:8]} 告诉管理员。"
    )


def test_printers_of_this_machine_are_started_once(flask_app, report_id, data_dir):
    with held(printers_lock(data_dir)):
        done = flask_app.test_cli_runner().invoke(args=["jobs", "work"])

    assert done.stderr == "Printers are running on this machine already.\n"
    assert report(flask_app, report_id).state is RenderState.QUEUED


def test_a_record_whose_rules_have_changed_is_not_printed_as_if_nothing_had_happened(flask_app, report_id):
    with flask_app.app_context():
        record = db.session.get_one(IssuedReport, report_id).record
        record.criteria_digests = {**record.criteria_digests, "cq_digital_workshop": "0" * 64}
        service.audit.record("system", "test.change", "record")
        db.session.commit()
    work(flask_app)

    assert report(flask_app, report_id).fault.startswith("问卷、评价标准或程序在定稿之后更新过")


def test_a_record_whose_result_was_altered_is_not_printed(flask_app, report_id):
    with flask_app.app_context():
        record = db.session.get_one(IssuedReport, report_id).record
        record.result_file = record.result_file.replace('"not_met"', '"met"')
        service.audit.record("system", "test.change", "record")
        db.session.commit()
    work(flask_app)

    assert report(flask_app, report_id).state is RenderState.FAILED


def test_the_report_is_made_from_the_record_and_not_from_what_was_answered_since(flask_app, firm, printed):
    manager = make_user(flask_app, firm_id=firm.id)
    workshop = str(parts_of(flask_app, firm)["冲压车间"])
    diagnosis = make_diagnosis(flask_app, firm, {(workshop, "equipment_count"): 120})
    with flask_app.app_context():
        service.request_report(manager, diagnosis.id)
        _say(diagnosis, manager, workshop, "equipment_count", "999")
    work(flask_app)

    assert "120 台" in printed[0]
    assert "999 台" not in printed[0]


def test_the_diagnostic_report_lists_where_the_consultant_found_something_else_and_why(flask_app, firm, printed):
    consultant = make_consultant(flask_app, firm, name="陈工")
    workshop = str(parts_of(flask_app, firm)["冲压车间"])
    diagnosis = make_diagnosis(flask_app, firm, {(workshop, "equipment_count"): 120}, stage=Stage.REVIEWED)
    with flask_app.app_context():
        freeze(consultant, diagnosis, Layer.STATED)
        _say(diagnosis, consultant, workshop, "equipment_count", "114", Layer.VERIFIED, "六台已封存")
        freeze(consultant, diagnosis, Layer.VERIFIED)
        service.issue(consultant, diagnosis.id)
    work(flask_app)

    assert "诊断版（专家核实）" in printed[0]
    assert "陈工" in printed[0]
    assert all(shown in printed[0] for shown in ("120 台", "114 台", "六台已封存"))


def test_pages_are_counted_in_the_pdf_itself():
    assert pages_in(b"%PDF-1.7 without any") == 0


def _say(diagnosis, user, subject, fact, value, layer=Layer.STATED, reason=None):
    row = AnswerEntry(diagnosis_id=diagnosis.id, subject_key=subject, fact=fact, layer=layer, state="stated")
    row.value, row.reason, row.revision, row.said_by, row.said_at = value, reason, 2, user.id, datetime.now(UTC)
    db.session.add(row)
    service.audit.record(user.id, "test.say", f"diagnosis:{diagnosis.id}")
    db.session.commit()


def test_the_diagnostic_report_prints_what_the_consultant_wrote_and_the_day_of_the_letter(flask_app, firm, printed):
    consultant = make_consultant(flask_app, firm, name="陈工")
    diagnosis = make_diagnosis(flask_app, firm, {"data.L1.1": "full"}, stage=Stage.SUBMITTED)
    make_evidence(flask_app, diagnosis, "承诺书.pdf", purpose="commitment_letter")
    with flask_app.app_context():
        freeze(consultant, diagnosis, Layer.STATED)
        draft = reviews.open_review(consultant, diagnosis.id)
        for step in reviews.steps_of(draft):
            stated, _verified = reviews.stated_and_verified(draft, step.subject.key)
            found = {fact: stated[fact].said for fact in step.page.fact_ids if fact in stated}
            notes = {"data.L1.1": "返修区仍用纸质记录"} if "data.L1.1" in found else {}
            reviews.verify(consultant, draft, step, found, notes, draft.diagnosis.revision)
        reviews.sign_off(
            consultant, reviews.open_review(consultant, diagnosis.id), "基础扎实。", "先补齐联网。\n再申报。"
        )
        service.issue(consultant, diagnosis.id, "en")
    work(flask_app)

    assert '<html lang="en">' in printed[0]
    assert "<h2>Observations</h2>\n<p>基础扎实。</p>" in printed[0]
    assert "<p>先补齐联网。</p>\n<p>再申报。</p>" in printed[0]
    assert "返修区仍用纸质记录" in printed[0]
    assert f"signed scan attached, {NOW.date().isoformat()}" in printed[0]
