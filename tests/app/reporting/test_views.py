"""Reports in the browser: ask, wait, download."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest

from app.access import Role
from app.diagnosis.models import Diagnosis, Layer, Stage
from app.extensions import db
from app.reporting import files, service
from app.reporting.models import Form, IssuedReport, RenderState
from tests.factories import make_consultant, make_diagnosis, make_firm, make_user, sign_in
from tests.printing import begin_printing, freeze, in_all_forms, leave_the_pdf_only, print_all


def requested(flask_app, client, firm, manager, woken):
    """Ask for a preview in the browser and return its identity."""
    diagnosis = make_diagnosis(flask_app, firm)
    sign_in(client, manager)
    answer = client.post(f"/reports/diagnosis/{diagnosis.id}/request")
    return answer.headers["Location"].rsplit("/", 1)[1]


def print_out(flask_app, pdf=b"%PDF-1.7 printed"):
    with flask_app.app_context():
        print_all(pdf, 38)


def test_asking_calls_the_printer_and_shows_a_page_that_looks_again_by_itself(
    flask_app, client, firm, manager, woken, data_dir
):
    report_id = requested(flask_app, client, firm, manager, woken)
    page = client.get(f"/reports/{report_id}").get_data(as_text=True)

    assert len(woken) == 1
    assert 'data-refresh="3"' in page
    assert "等待打印" in page


def test_a_finished_report_is_offered_with_its_pages_and_its_digest(flask_app, client, firm, manager, woken):
    report_id = requested(flask_app, client, firm, manager, woken)
    print_out(flask_app)
    page = client.get(f"/reports/{report_id}").get_data(as_text=True)

    assert "http-equiv" not in page
    assert '<dd class="number">38</dd>' in page
    assert _digest(flask_app, report_id) in page


def test_the_file_comes_under_its_chinese_name_and_is_not_kept_by_the_browser(flask_app, client, firm, manager, woken):
    report_id = requested(flask_app, client, firm, manager, woken)
    print_out(flask_app)
    answer = client.get(f"/reports/{report_id}/file")
    name = answer.headers["Content-Disposition"]

    assert (answer.data, answer.mimetype) == (b"%PDF-1.7 printed", "application/pdf")
    assert unquote(name.partition("filename*=UTF-8''")[2]).startswith("示例汽车零部件有限公司_预览_20")
    assert f'filename="report-{firm.uscc}-1.pdf"' in name
    assert name.isascii()
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_firm_cannot_break_out_of_the_file_name(flask_app, client, woken):
    firm = make_firm(flask_app, name='坏"\r\nX-Evil: 1;名')
    report_id = requested(flask_app, client, firm, make_user(flask_app, firm_id=firm.id), woken)
    print_out(flask_app)
    answer = client.get(f"/reports/{report_id}/file")

    assert answer.status_code == 200
    assert "X-Evil" not in answer.headers
    assert answer.headers["Content-Disposition"].count('"') == 2


def test_a_failed_report_says_why_and_leads_back_to_asking(flask_app, client, firm, manager, woken):
    report_id = requested(flask_app, client, firm, manager, woken)
    with flask_app.app_context():
        service.give_up(begin_printing().id, "打印超过 60 秒，已停止。")
    page = client.get(f"/reports/{report_id}").get_data(as_text=True)

    assert "打印超过 60 秒，已停止。" in page
    assert "重新生成" in page


def test_the_page_calls_the_printer_again_when_a_report_waits_and_nobody_prints(
    flask_app, client, firm, manager, woken, data_dir
):
    report_id = requested(flask_app, client, firm, manager, woken)
    client.get(f"/reports/{report_id}")
    with flask_app.app_context():
        waiting = db.session.query(IssuedReport).one()
        waiting.requested_at = datetime.now(UTC) - timedelta(seconds=11)
        service.audit.record("system", "test.wait", "report")
        db.session.commit()
    client.get(f"/reports/{report_id}")

    assert len(woken) == 2


def test_a_report_that_is_not_ready_is_refused_in_words(flask_app, client, firm, manager, woken):
    report_id = requested(flask_app, client, firm, manager, woken)
    answer = client.get(f"/reports/{report_id}/file")

    assert answer.status_code == 422
    assert "还没有打印好" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "path",
    [
        "/reports/{report}",
        "/reports/{report}/file",
        "/reports/{report}/file/docx",
        "/reports/{report}/file/xlsx",
        "/reports/diagnosis/{diagnosis}",
    ],
)
def test_another_firm_finds_nothing(flask_app, client, firm, manager, woken, path):
    report_id = requested(flask_app, client, firm, manager, woken)
    print_out(flask_app)
    sign_in(client, make_user(flask_app))

    assert client.get(path.format(report=report_id, diagnosis=_diagnosis(flask_app))).status_code == 404


def test_the_consultant_issues_a_reviewed_diagnosis_and_finds_the_report_in_the_list(flask_app, client, firm, woken):
    consultant = make_consultant(flask_app, firm)
    diagnosis = make_diagnosis(flask_app, firm, stage=Stage.REVIEWED)
    with flask_app.app_context():
        freeze(consultant, diagnosis, Layer.VERIFIED)
    sign_in(client, consultant)
    offered = client.get(f"/reports/diagnosis/{diagnosis.id}").get_data(as_text=True)
    client.post(f"/reports/diagnosis/{diagnosis.id}/issue")
    listed = client.get(f"/reports/diagnosis/{diagnosis.id}").get_data(as_text=True)

    assert "签发诊断报告" in offered
    assert "诊断报告（专家核实）" in listed
    assert "签发诊断报告" not in listed


@pytest.mark.parametrize("role", [Role.FACTORY_MANAGER, Role.DISTRICT_OFFICER, Role.COMMISSION])
def test_only_a_consultant_issues(flask_app, client, firm, woken, role):
    diagnosis = make_diagnosis(flask_app, firm, stage=Stage.REVIEWED)
    sign_in(client, make_user(flask_app, role, **({"firm_id": firm.id} if role is Role.FACTORY_MANAGER else {})))
    answer = client.post(f"/reports/diagnosis/{diagnosis.id}/issue")

    assert answer.status_code == 403
    assert woken == []


def _digest(flask_app, report_id):
    with flask_app.app_context():
        return files.files_of(db.session.query(IssuedReport).filter_by(state=RenderState.READY).one())[0].sha256


def _diagnosis(flask_app):
    with flask_app.app_context():
        return db.session.query(Diagnosis).first().id


def test_the_language_is_chosen_where_a_report_is_asked_for_and_shown_in_the_list(
    flask_app, client, firm, manager, woken
):
    diagnosis = make_diagnosis(flask_app, firm)
    sign_in(client, manager)
    client.post(f"/reports/diagnosis/{diagnosis.id}/request", data={"language": "en"})
    client.post(f"/reports/diagnosis/{diagnosis.id}/request")
    with flask_app.app_context():
        languages = [one.language for one in service.reports_of(db.session.get_one(Diagnosis, diagnosis.id))]
    page = client.get(f"/reports/diagnosis/{diagnosis.id}").text

    assert languages == ["zh", "en"]
    assert '<select id="request-language" name="language">' in page
    assert "英文 · " in page
    assert "中文 · " in page


def test_a_language_that_there_is_not_is_refused(flask_app, client, firm, manager, woken):
    diagnosis = make_diagnosis(flask_app, firm)
    sign_in(client, manager)
    answer = client.post(f"/reports/diagnosis/{diagnosis.id}/request", data={"language": "fr"})

    assert answer.status_code == 422
    assert "只有中文和英文" in answer.text
    assert woken == []


def test_the_file_of_an_english_report_has_an_english_name(flask_app, client, firm, manager, woken):
    diagnosis = make_diagnosis(flask_app, firm)
    sign_in(client, manager)
    answer = client.post(f"/reports/diagnosis/{diagnosis.id}/request", data={"language": "en"})
    print_out(flask_app)
    name = client.get(f"{answer.headers['Location']}/file").headers["Content-Disposition"]

    assert unquote(name.partition("filename*=UTF-8''")[2]).startswith("示例汽车零部件有限公司_Preview_20")
    assert f'filename="report-{firm.uscc}-1-en.pdf"' in name


@pytest.mark.parametrize(
    ("form", "ending", "words", "plain"),
    [
        (Form.WORD, "wordprocessingml.document", "预览", "report"),
        (Form.WORKPAPER, "spreadsheetml.sheet", "预览_评分底稿", "workpaper"),
    ],
)
def test_word_and_workpaper_come_under_their_chinese_names(  # noqa: PLR0917 - one line of the table each
    flask_app, client, firm, woken, form, ending, words, plain
):
    report_id = requested(flask_app, client, firm, make_user(flask_app, firm_id=firm.id), woken)
    print_out(flask_app)
    answer = client.get(f"/reports/{report_id}/file/{form}")
    name = answer.headers["Content-Disposition"]

    assert (answer.status_code, answer.data) == (200, in_all_forms()[form])
    assert answer.mimetype.startswith("application/vnd.openxmlformats-officedocument.")
    assert answer.mimetype.endswith(ending)
    assert unquote(name.partition("filename*=UTF-8''")[2]).startswith(f"示例汽车零部件有限公司_{words}_20")
    assert unquote(name).endswith(f".{form}")
    assert f'filename="{plain}-{firm.uscc}-1.{form}"' in name
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_the_list_and_the_page_of_a_report_offer_every_form_with_its_size(flask_app, client, firm, manager, woken):
    report_id = requested(flask_app, client, firm, manager, woken)
    print_out(flask_app, b"%PDF-" + bytes(3 * 1024 * 1024))
    listed = client.get(f"/reports/diagnosis/{_diagnosis(flask_app)}").text
    page = client.get(f"/reports/{report_id}").text

    for shown in (listed, page):
        assert all(f'href="/reports/{report_id}/file{path}"' in shown for path in ("", "/docx", "/xlsx"))
        assert all(size in shown for size in ("3.0 MB", "1 KB"))
    assert "评分底稿（Excel）" in listed
    assert "只有 PDF" not in listed + page


def test_a_report_of_early_days_offers_its_pdf_and_says_that_there_is_nothing_else(
    flask_app, client, firm, manager, woken
):
    report_id = requested(flask_app, client, firm, manager, woken)
    print_out(flask_app)
    with flask_app.app_context():
        leave_the_pdf_only()
    listed = client.get(f"/reports/diagnosis/{_diagnosis(flask_app)}").text
    page, refused = client.get(f"/reports/{report_id}").text, client.get(f"/reports/{report_id}/file/docx")

    for shown in (listed, page):
        assert "/docx" not in shown
        assert "这份报告只有 PDF" in shown
    assert refused.status_code == 422
    assert "这份报告只有 PDF" in refused.text


@pytest.mark.parametrize("form", ["doc", "pdf.new", "..%2Fpdf"])
def test_a_form_that_there_is_not_is_not_found(flask_app, client, firm, manager, woken, form):
    report_id = requested(flask_app, client, firm, manager, woken)
    print_out(flask_app)

    assert client.get(f"/reports/{report_id}/file/{form}").status_code == 404
