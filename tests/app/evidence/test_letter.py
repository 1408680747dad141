"""The signed letter of truthfulness: attached by the firm until the report is issued, seen by the consultant."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import audit
from app.diagnosis.models import Diagnosis, EvidenceFile, Stage
from app.evidence import service
from app.extensions import db
from tests.app.evidence import samples as made
from tests.app.evidence.reading import upload
from tests.factories import NOW, make_consultant, make_diagnosis, make_evidence, make_firm, make_user, sign_in


@pytest.fixture
def page(diagnosis) -> str:
    return f"/diagnoses/{diagnosis.id}/letter"


def bring_to(flask_app, diagnosis, stage):
    with flask_app.app_context():
        db.session.get_one(Diagnosis, diagnosis.id).stage = stage
        audit.record("system", "test.stage", f"diagnosis:{diagnosis.id}")
        db.session.commit()


def attached(flask_app, diagnosis) -> str | None:
    with flask_app.app_context():
        found = service.letter_of(diagnosis.id)
        return found.name if found else None


def standing(flask_app) -> dict[str, bool]:
    """Name of every file -> whether it is put aside."""
    with flask_app.app_context():
        return {file.name: file.removed_at is not None for file in db.session.query(EvidenceFile)}


@pytest.mark.parametrize("stage", [Stage.FILLING, Stage.SUBMITTED, Stage.RETURNED, Stage.REVIEWED])
def test_the_firm_attaches_the_scan_before_and_during_the_review(flask_app, browser, diagnosis, page, stage):
    bring_to(flask_app, diagnosis, stage)
    answer = browser.post(page, **upload(("承诺书.pdf", made.PDF)), follow_redirects=True)

    assert answer.status_code == 200
    assert "已上传：承诺书.pdf" in answer.text
    assert attached(flask_app, diagnosis) == "承诺书.pdf"


def test_the_consultant_sees_and_downloads_it_and_cannot_attach_one(flask_app, client, firm, diagnosis, page):
    file = make_evidence(flask_app, diagnosis, "承诺书.pdf", made.PDF, kind="pdf", purpose=service.LETTER)
    sign_in(client, make_consultant(flask_app, firm))

    assert "承诺书.pdf" in client.get(page).text
    assert client.get(f"/diagnoses/{diagnosis.id}/evidence/{file.id}/file").data == made.PDF
    assert client.post(page, **upload(("假.pdf", made.PDF))).status_code == 403


def test_a_new_scan_puts_the_old_one_aside(flask_app, browser, diagnosis, page):
    browser.post(page, **upload(("旧.pdf", made.PDF)))
    browser.post(page, **upload(("新.png", made.picture("PNG"))))

    assert attached(flask_app, diagnosis) == "新.png"
    assert standing(flask_app) == {"旧.pdf": True, "新.png": False}


def test_the_same_scan_sent_twice_stays_one_letter(flask_app, browser, diagnosis, page):
    for _time in range(2):
        browser.post(page, **upload(("承诺书.pdf", made.PDF)))

    assert standing(flask_app) == {"承诺书.pdf": False}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("承诺书.csv", made.CSV, "承诺书要扫描件或照片"),
        ("承诺书.pdf", made.CSV, "扩展名是 .pdf"),
        ("承诺书.pdf", b"", "文件是空的"),
    ],
)
def test_what_is_no_scan_is_refused_on_the_page_and_keeps_nothing(
    flask_app, browser, diagnosis, page, name, content, said
):
    answer = browser.post(page, **upload((name, content)))

    assert answer.status_code >= 400
    assert said in answer.text
    assert "真实性承诺书" in answer.text
    assert standing(flask_app) == {}


def test_sending_without_a_file_says_what_to_do(browser, page):
    answer = browser.post(page, data={}, content_type="multipart/form-data")

    assert answer.status_code == 422
    assert "还没有选择文件" in answer.text


def test_a_scan_larger_than_one_upload_is_refused_on_the_page(browser, page):
    answer = browser.post(page, **upload(("大.pdf", b"%PDF-1.4" + bytes(43 * 1024 * 1024))))

    assert answer.status_code == 413
    assert "真实性承诺书" in answer.text


def test_after_the_report_is_issued_the_letter_stands(flask_app, browser, diagnosis, page):
    bring_to(flask_app, diagnosis, Stage.ISSUED)
    answer = browser.post(page, **upload(("承诺书.pdf", made.PDF)))

    assert answer.status_code == 409
    assert "不能再更换" in answer.text
    assert attached(flask_app, diagnosis) is None


def test_the_list_of_evidence_says_what_it_is(flask_app, browser, diagnosis):
    make_evidence(flask_app, diagnosis, "承诺书.pdf", made.PDF, kind="pdf", purpose=service.LETTER)

    assert "真实性承诺书，签字扫描件" in browser.get(f"/diagnoses/{diagnosis.id}/evidence").text


def test_a_report_asked_for_earlier_does_not_know_of_a_letter_attached_later(flask_app, diagnosis):
    make_evidence(flask_app, diagnosis, "承诺书.pdf", made.PDF, kind="pdf", purpose=service.LETTER)
    with flask_app.app_context():
        earlier, later = (service.letter_of(diagnosis.id, NOW + timedelta(seconds=s)) for s in (-1, 1))

    assert earlier is None
    assert later is not None


def test_a_letter_handed_in_once_cannot_be_destroyed(flask_app, diagnosis):
    file = make_evidence(flask_app, diagnosis, "承诺书.pdf", made.PDF, kind="pdf", purpose=service.LETTER)
    with flask_app.app_context():
        submitted = db.session.get_one(Diagnosis, diagnosis.id)
        submitted.submitted_at = NOW - timedelta(days=1)

        assert not service.may_erase(file, submitted)


def test_the_letter_of_another_firm_is_not_found(flask_app, client, page):
    sign_in(client, make_user(flask_app, firm_id=make_firm(flask_app).id))

    assert client.get(page).status_code == 404
    assert client.post(page, **upload(("承诺书.pdf", made.PDF))).status_code == 404


def test_nobody_signs_a_letter_for_a_quick_check(flask_app, browser, firm):
    check = make_diagnosis(flask_app, firm, number=-1, questionnaire_id="auto_parts_quick")

    assert browser.get(f"/diagnoses/{check.id}/letter").status_code == 404
