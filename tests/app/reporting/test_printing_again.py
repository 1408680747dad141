"""A report whose file is lost: printed again from its record, byte for byte under the same code, or refused."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import pymupdf
import pytest
import zxingcpp
from PIL import Image
from pyhanko.sign.validation.status import SignatureCoverageLevel
from sqlalchemy import select

from app.access import Role
from app.audit import AuditEvent
from app.certificate import Expired, NotSigned, load_certificate
from app.diagnosis.models import AssessmentRecord, Layer, Stage
from app.errors import NotFound, Refused, Stale
from app.extensions import db
from app.presentation import day_in_chongqing
from app.reporting import files, finishing, service, tasks
from app.reporting.codes import grouped
from app.reporting.models import FileState, Form, IssuedReport, RenderState
from reports.warm import WarmRenderer
from tests.certificates import PASSPHRASE, WHO, certificate_file, validated
from tests.factories import make_consultant, make_diagnosis, make_user, sign_in
from tests.printing import freeze, work

ADDRESS = "https://zhizhen.example"


@pytest.fixture
def certificate(tmp_path):
    return load_certificate(certificate_file(tmp_path), PASSPHRASE)


@pytest.fixture
def set_up(flask_app, monkeypatch):
    """Change settings of this installation for one test."""

    def change(**changes):
        monkeypatch.setitem(flask_app.config, "ZHIZHEN", replace(flask_app.config["ZHIZHEN"], **changes))

    return change


def issued(flask_app, firm, consultant):
    """Issue a report of a reviewed diagnosis, not printed yet, and return its identity."""
    diagnosis = make_diagnosis(flask_app, firm, {"data.L1.1": "full"}, stage=Stage.REVIEWED)
    with flask_app.app_context():
        for layer in (Layer.STATED, Layer.VERIFIED):
            freeze(consultant, diagnosis, layer)
        return service.issue(consultant, diagnosis.id).id


def row(flask_app, report_id):
    with flask_app.app_context():
        found = db.session.get_one(IssuedReport, report_id)
        assert found.signature is None or found.signature
        assert found.files is not None
        db.session.expunge(found)
        return found


def digests(report):
    return {file.form: file.sha256 for file in report.files}


def file_of(flask_app, report_id):
    with flask_app.app_context():
        return files.pdf_of(db.session.get_one(IssuedReport, report_id))


def lose(flask_app, report_id):
    """Remove the file."""
    file_of(flask_app, report_id).unlink()


def print_again(flask_app, consultant, report_id):
    with flask_app.test_request_context():
        service.print_again(consultant, report_id)
    work(flask_app)


def test_a_signed_report_that_is_lost_comes_back_byte_for_byte_under_its_code(
    flask_app, firm, consultant, certificate, set_up
):
    set_up(certificate=certificate, address=ADDRESS)
    report_id = issued(flask_app, firm, consultant)
    work(flask_app)
    first, content = row(flask_app, report_id), file_of(flask_app, report_id).read_bytes()
    lose(flask_app, report_id)
    set_up(certificate=None, address="https://elsewhere.example")  # neither is asked for again
    print_again(flask_app, consultant, report_id)
    again = row(flask_app, report_id)

    assert (first.state, first.fault) == (RenderState.READY, None)
    assert (again.state, again.fault) == (RenderState.READY, None)
    assert file_of(flask_app, report_id).read_bytes() == content
    assert (digests(again), again.code, again.pages) == (digests(first), first.code, first.pages)
    assert digests(first)[Form.PDF] == hashlib.sha256(content).hexdigest()
    assert (first.signed_by, first.signed_until) == (WHO, day_in_chongqing(certificate.valid_until))
    _is_signed_as_a_whole(content, certificate)
    _cover_leads_to(content, f"{ADDRESS}/verify/{grouped(first.code)}")


def _is_signed_as_a_whole(content, certificate):
    _signature, status = validated(content, certificate)

    assert (status.intact, status.valid, status.coverage) == (True, True, SignatureCoverageLevel.ENTIRE_FILE)


def _cover_leads_to(content, address):
    with pymupdf.open(stream=content, filetype="pdf") as document:
        drawn = document[0].get_pixmap(dpi=150)
        text = document[0].get_text().replace("\n", "")
    found = zxingcpp.read_barcodes(Image.frombytes("RGB", (drawn.width, drawn.height), drawn.samples))

    assert [one.text for one in found] == [address]
    assert address in text


def test_the_day_on_the_cover_is_that_of_the_request_however_late_it_is_printed(flask_app, firm, consultant, printed):
    report_id = issued(flask_app, firm, consultant)
    with flask_app.app_context():
        report = db.session.get_one(IssuedReport, report_id)
        report.requested_at -= timedelta(days=40)
        day = day_in_chongqing(report.requested_at)
        service.audit.record("system", "test.change", "report")
        db.session.commit()
    work(flask_app)

    assert f'<meta name="dcterms.created" content="{day.isoformat()}"/>' in printed[0]


def test_without_an_address_the_cover_has_the_code_and_says_where_to_type_it(flask_app, firm, consultant, printed):
    report_id = issued(flask_app, firm, consultant)
    work(flask_app)

    assert grouped(row(flask_app, report_id).code) in printed[0]
    assert "打开“核对报告”页，填上这个编号" in printed[0]
    assert 'class="qr"' not in printed[0]


def test_what_comes_out_otherwise_is_not_kept_and_a_new_report_may_be_issued(
    flask_app, firm, consultant, printed, monkeypatch
):
    report_id = issued(flask_app, firm, consultant)
    work(flask_app)
    first = row(flask_app, report_id)
    lose(flask_app, report_id)
    monkeypatch.setattr(WarmRenderer, "to_pdf", lambda *_given: b"%PDF-1.7 otherwise")
    print_again(flask_app, consultant, report_id)
    again = row(flask_app, report_id)

    assert (again.state, again.fault) == (RenderState.FAILED, finishing.NOT_THE_SAME)
    assert (digests(again), again.code) == (digests(first), first.code)
    assert not file_of(flask_app, report_id).exists()
    with flask_app.test_request_context():
        new = service.issue(consultant, again.diagnosis_id)
        assert new.code not in (None, first.code)


def test_a_record_that_can_no_longer_be_printed_is_told_as_not_the_same(flask_app, firm, consultant, printed):
    report_id = issued(flask_app, firm, consultant)
    work(flask_app)
    lose(flask_app, report_id)
    with flask_app.app_context():
        record = db.session.get_one(IssuedReport, report_id).record
        record.criteria_digests = {**record.criteria_digests, "cq_digital_workshop": "0" * 64}
        service.audit.record("system", "test.change", "record")
        db.session.commit()
    print_again(flask_app, consultant, report_id)

    assert row(flask_app, report_id).fault == finishing.NOT_THE_SAME


def test_a_failure_that_passes_may_be_tried_again(flask_app, firm, consultant, printed, monkeypatch):
    report_id = issued(flask_app, firm, consultant)
    work(flask_app)
    lose(flask_app, report_id)
    with flask_app.test_request_context():
        service.print_again(consultant, report_id)
        with service.next_report():
            pass
        service.give_up(report_id, "纸用完了。")
    print_again(flask_app, consultant, report_id)

    again = row(flask_app, report_id)

    assert (again.state, again.fault) == (RenderState.READY, None)
    assert file_of(flask_app, report_id).exists()


def test_a_file_that_comes_back_from_a_copy_is_taken_as_it_is(flask_app, firm, consultant, printed):
    report_id = issued(flask_app, firm, consultant)
    work(flask_app)
    content = file_of(flask_app, report_id).read_bytes()
    lose(flask_app, report_id)
    with flask_app.test_request_context():
        service.print_again(consultant, report_id)
        with service.next_report():
            pass
        service.give_up(report_id, finishing.NOT_THE_SAME)
    file_of(flask_app, report_id).write_bytes(content)
    with flask_app.test_request_context():
        service.print_again(consultant, report_id)

    assert row(flask_app, report_id).state is RenderState.READY
    assert len(printed) == 1


def test_a_changed_file_is_put_back_and_one_that_is_whole_is_left_alone(flask_app, firm, consultant, printed):
    report_id = issued(flask_app, firm, consultant)
    work(flask_app)
    with flask_app.test_request_context(), pytest.raises(Refused, match="可以直接下载"):
        service.print_again(consultant, report_id)
    file_of(flask_app, report_id).write_bytes(b"%PDF-1.7 changed")
    print_again(flask_app, consultant, report_id)

    with flask_app.app_context():
        assert files.state_of_files(db.session.get_one(IssuedReport, report_id)) is FileState.UNCHANGED
        subject = f"report:{report_id}"
        actions = list(db.session.scalars(select(AuditEvent.action).where(AuditEvent.subject == subject)))
    assert actions[-3:] == ["report.print_again", "report.begin", "report.restored"]


def test_a_report_that_was_never_printed_is_not_printed_again(flask_app, firm, consultant):
    report_id = issued(flask_app, firm, consultant)
    with flask_app.test_request_context():
        service.give_up(report_id, "没有排成。")
        with pytest.raises(Refused):
            service.print_again(consultant, report_id)


def test_nobody_prints_the_report_of_a_foreign_firm_again(flask_app, firm, consultant, printed):
    report_id = issued(flask_app, firm, consultant)
    work(flask_app)
    lose(flask_app, report_id)
    with flask_app.test_request_context(), pytest.raises(NotFound):
        service.print_again(make_consultant(flask_app), report_id)


# --- on the page -----------------------------------------------------------------------------------------------------


def test_the_page_offers_it_to_the_consultant_alone_and_the_download_says_so(
    flask_app, client, firm, consultant, printed, woken
):
    report_id = issued(flask_app, firm, consultant)
    work(flask_app)
    sign_in(client, consultant)
    whole = client.get(f"/reports/{report_id}").get_data(as_text=True)
    lose(flask_app, report_id)
    lost, download = (
        client.get(f"/reports/{report_id}").get_data(as_text=True),
        client.get(f"/reports/{report_id}/file"),
    )
    asked = client.post(f"/reports/{report_id}/print-again")
    sign_in(client, make_user(flask_app, Role.COMMISSION))
    waiting = client.get(f"/reports/{report_id}").get_data(as_text=True)

    assert "按原样补印" not in whole
    assert "下载 PDF" not in lost
    assert f'action="/reports/{report_id}/print-again"' in lost
    assert download.status_code == 422
    assert "专家可以打开这份报告，按原样补印" in download.text
    assert asked.status_code == 302
    assert "等待打印" in waiting
    assert client.post(f"/reports/{report_id}/print-again").status_code == 403


def test_issuing_again_while_it_stands_tells_of_the_other_way(flask_app, firm, consultant, printed):
    report_id = issued(flask_app, firm, consultant)
    work(flask_app)
    lose(flask_app, report_id)
    with flask_app.test_request_context(), pytest.raises(Stale, match="文件丢失的，打开那份报告，按原样补印"):
        service.issue(consultant, row(flask_app, report_id).diagnosis_id)


# --- signing in the printing process ---------------------------------------------------------------------------------


@pytest.fixture(params=[NotSigned, Expired])
def refusing(request, certificate, set_up, monkeypatch):
    """A certificate with which nothing can be signed; returns why."""

    def refuse(_pdf, _certificate):
        raise request.param

    set_up(certificate=certificate)
    monkeypatch.setattr(tasks, "sign", refuse)
    return request.param


def test_a_report_that_cannot_be_signed_fails_with_a_sentence(flask_app, firm, consultant, printed, refusing):
    said = tasks.EXPIRED if refusing is Expired else tasks.NOT_SIGNED
    report_id = issued(flask_app, firm, consultant)
    work(flask_app)
    failed = row(flask_app, report_id)

    assert (failed.state, failed.fault, failed.files) == (RenderState.FAILED, said, [])


def test_a_preview_is_not_signed(flask_app, firm, certificate, set_up, printed):
    set_up(certificate=certificate)
    diagnosis = make_diagnosis(flask_app, firm)
    with flask_app.app_context():
        report_id = service.request_report(make_user(flask_app, firm_id=firm.id), diagnosis.id).id
    work(flask_app)
    kept = row(flask_app, report_id)

    assert (kept.state, kept.signed_by, kept.code) == (RenderState.READY, None, None)
    assert "核对编号" not in printed[0]


def test_the_frozen_record_is_what_is_printed(flask_app, firm, consultant, printed):
    report_id = issued(flask_app, firm, consultant)
    work(flask_app)
    lose(flask_app, report_id)
    print_again(flask_app, consultant, report_id)

    with flask_app.app_context():
        assert len(list(db.session.scalars(select(AssessmentRecord)))) == 2
    assert printed[0] == printed[1]
