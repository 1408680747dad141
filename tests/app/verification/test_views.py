"""The public pages: what a stranger learns of a report by its code, and that he learns nothing else."""

from __future__ import annotations

import hashlib
from io import BytesIO

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.accounts import attempts
from app.audit import AuditEvent
from app.diagnosis.models import Layer, Stage
from app.extensions import db
from app.reporting import files, service
from app.reporting.codes import check_character, grouped, new_code
from app.reporting.models import IssuedReport
from tests.factories import make_consultant, make_diagnosis, make_firm, make_user, sign_in
from tests.printing import begin_printing, freeze, in_all_forms

MARKER = "绝密标记汽车零部件厂"
PDF = b"%PDF-1.7 as printed"


@pytest.fixture
def firm(flask_app):
    return make_firm(flask_app, {f"{MARKER}一工厂": (f"{MARKER}冲压车间",)}, name=MARKER)


@pytest.fixture
def consultant(flask_app, firm):
    return make_consultant(flask_app, firm, name=f"{MARKER}陈工")


@pytest.fixture
def diagnosis(flask_app, firm, consultant):
    made = make_diagnosis(flask_app, firm, {"data.L1.1": "full"}, stage=Stage.REVIEWED)
    with flask_app.app_context():
        for layer in (Layer.STATED, Layer.VERIFIED):
            freeze(consultant, made, layer)
    return made


def issued(flask_app, consultant, diagnosis, pdf=PDF, language="zh"):
    """Issue and print the diagnostic report, and return it."""
    with flask_app.app_context():
        service.issue(consultant, diagnosis.id, language)
        service.finish(begin_printing().id, in_all_forms(pdf), 38)
        found = db.session.scalars(select(IssuedReport).where(IssuedReport.language == language)).one()
        db.session.refresh(found)
        assert found.record.program
        assert len(found.files) == 3
        db.session.expunge_all()
        return found


@pytest.fixture
def report(flask_app, consultant, diagnosis):
    return issued(flask_app, consultant, diagnosis)


def address(report):
    return f"/verify/{grouped(report.code)}"


def posted(client, to, content, name="report.pdf", token=""):
    """Send a file as a browser does; built here, as the test client leaves open what it builds of large files."""
    form = {"csrf_token": token, "file": FileStorage(BytesIO(content), name)}
    boundary, body = encode_multipart(form)
    return client.post(to, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def sent(client, report, content, name="report.pdf", code=""):
    """Send a file from the page of a report, with the token that the page gave."""
    page = client.get(address(report)).get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    return posted(client, f"/verify/{code}" if code else address(report), content, name, token)


def test_a_stranger_sees_when_and_as_what_a_report_was_issued_and_that_it_is_unchanged(client, report):
    page = client.get(address(report)).get_data(as_text=True)
    facts = hashlib.sha256(report.record.diagnosis_file.encode()).hexdigest()
    result = hashlib.sha256(report.record.result_file.encode()).hexdigest()

    assert "系统保存的文件与出具时一字不差" in page
    assert "没有更新的报告取代它" in page
    assert "诊断报告（专家核实）" in page
    assert '<dd class="number">38</dd>' in page
    assert report.record.program in page
    assert "问卷 auto_parts 2026.1" in page
    assert "评价标准 gbt_39117_2020_discrete" in page
    known = [
        *(file.sha256 for file in report.files),
        facts,
        result,
        report.record.questionnaire_digest,
        *report.record.criteria_digests.values(),
    ]
    assert [digest for digest in known if digest not in page] == []


def test_the_day_is_that_of_the_cover(client, flask_app, report):
    with flask_app.app_context():
        row = db.session.get_one(IssuedReport, report.id)
        row.requested_at = row.requested_at.replace(year=2026, month=11, day=23, hour=17)  # the 24th in Chongqing
        service.audit.record("system", "test.change", "report")
        db.session.commit()

    assert "本系统于 2026-11-24 出具" in client.get(address(report)).get_data(as_text=True)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_names_neither_the_firm_nor_anything_that_the_report_says(client, report, firm, language):
    with client.session_transaction() as session:
        session["language"] = language
    pages = [client.get(address(report)), sent(client, report, b"another"), sent(client, report, PDF)]

    for page in pages:
        said = page.get_data(as_text=True) + str(page.headers)
        assert MARKER not in said
        assert firm.uscc not in said
        assert str(report.id) not in said
        assert str(report.diagnosis_id) not in said


@pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", ""), lambda code: code.replace("-", " ")])
def test_a_code_leads_to_its_report_however_it_is_typed(client, report, typed):
    found = client.get("/verify", query_string={"code": typed(grouped(report.code))})

    assert (found.status_code, found.location) == (302, address(report))
    assert client.get(f"/verify/{typed(grouped(report.code))}").status_code == 200


def test_a_slip_is_told_from_an_unknown_code_and_what_was_typed_stays(client, report):
    other = "3" if report.code[0] == "2" else "2"
    slip = client.get("/verify", query_string={"code": other + report.code[1:]})
    unknown = client.get(f"/verify/{new_code()}")

    assert slip.status_code == 422
    assert "核对编号抄错了" in slip.text
    assert f'value="{other + report.code[1:]}"' in slip.text
    assert unknown.status_code == 404
    assert "本系统没有出具过编号为" in unknown.text


def test_a_report_that_is_not_printed_yet_is_as_unknown_as_one_that_never_was(flask_app, client, consultant, diagnosis):
    with flask_app.app_context():
        code = service.issue(consultant, diagnosis.id).code
    waiting, unknown = client.get(f"/verify/{code}"), client.get(f"/verify/{ALWAYS_UNKNOWN}")

    assert waiting.status_code == unknown.status_code == 404
    assert waiting.text.replace(grouped(code), "").replace(code, "") == unknown.text.replace(
        grouped(ALWAYS_UNKNOWN), ""
    ).replace(ALWAYS_UNKNOWN, "")


ALWAYS_UNKNOWN = "2" * 20


def test_a_preview_has_no_code(flask_app, firm):
    running = make_diagnosis(flask_app, firm)
    with flask_app.app_context():
        assert service.request_report(make_user(flask_app, firm_id=firm.id), running.id).code is None


def test_who_tries_many_codes_has_to_wait_and_slips_are_not_counted(client, report):
    slips = [client.get(f"/verify/2{'3' * 19}").status_code for _ in range(12)]
    before = client.get(address(report)).status_code
    tried = [client.get(f"/verify/{new_code()}").status_code for _ in range(11)]
    after = client.get(address(report)).status_code
    attempts.forget()

    assert set(slips) == {422}
    assert (before, after) == (200, 429)
    assert tried == [404] * 10 + [429]


def test_a_lost_file_and_a_changed_one_are_said_plainly(flask_app, client, report):
    with flask_app.app_context():
        file = files.pdf_of(report)
    file.write_bytes(PDF + b" ")
    changed = client.get(address(report)).get_data(as_text=True)
    file.unlink()
    lost = client.get(address(report)).get_data(as_text=True)

    assert "系统里的文件与出具时不同" in changed
    assert "系统里的文件丢失了" in lost


def test_a_report_that_was_replaced_says_so(flask_app, client, consultant, diagnosis, report):
    with flask_app.app_context():
        row = db.session.get_one(IssuedReport, report.id)
        later = service._queue(  # as after a lost file that cannot be printed again
            consultant, row.diagnosis, row.record, row.edition, service.Layout("zh"), row.plan_terms
        )
        before = client.get(address(report)).get_data(as_text=True)
        begin_printing()
        service.finish(later.id, in_all_forms(b"%PDF-1.7 newer"), 39)
    after = client.get(address(report)).get_data(as_text=True)

    assert "没有更新的报告取代它" in before
    assert "这一份已被取代" in after


def test_a_report_in_the_other_language_replaces_nothing(flask_app, client, consultant, diagnosis, report):
    english = issued(flask_app, consultant, diagnosis, b"%PDF-1.7 english", "en")

    assert "没有更新的报告取代它" in client.get(address(report)).get_data(as_text=True)
    assert english.code != report.code


# --- the file that somebody holds ------------------------------------------------------------------------------------


def test_the_very_file_is_told_from_any_other(flask_app, client, consultant, diagnosis, report):
    other = issued(flask_app, consultant, diagnosis, b"%PDF-1.7 english", "en")
    same = sent(client, report, PDF)
    changed = sent(client, report, PDF + b"\n")
    of_other = sent(client, other, PDF)

    assert same.status_code == 200
    assert "与本系统出具的文件一字不差" in same.text
    for answer in (changed, of_other, sent(client, report, b"no pdf at all", "报告.docx")):
        assert answer.status_code == 200
        assert "与本系统出具的文件不同" in answer.text
        assert "索要原来的文件" in answer.text
    assert hashlib.sha256(PDF + b"\n").hexdigest() in changed.text


@pytest.mark.parametrize(("content", "name"), [(b"PK for Word", "Word"), (b"PK workpaper", "评分底稿")])
def test_the_other_files_of_a_report_are_known_too(client, report, content, name):
    assert f"您选的文件就是这份报告的 {name} 文件" in sent(client, report, content).text


def test_a_file_can_be_checked_while_ours_is_lost(flask_app, client, report):
    with flask_app.app_context():
        files.pdf_of(report).unlink()

    assert "与本系统出具的文件一字不差" in sent(client, report, PDF).text


@pytest.mark.parametrize(("content", "name", "said"), [(b"", "leer.pdf", "是空的"), (b"", "", "还没有选择文件")])
def test_nothing_to_check_is_said(client, report, content, name, said):
    answer = sent(client, report, content, name)

    assert answer.status_code == 422
    assert said in answer.text


def test_a_file_may_be_larger_than_other_forms_and_not_without_end(client, report):
    large, too_large = sent(client, report, b"%" * 9_000_000), sent(client, report, b"%" * 60_000_000)

    assert large.status_code == 200
    assert "与本系统出具的文件不同" in large.text
    assert too_large.status_code == 413
    assert "文件超过 10 MB，没有核对" in too_large.text


def test_who_was_never_shown_the_page_sends_no_large_file(client, report):
    assert posted(client, address(report), b"%" * 3_000_000).status_code == 413


def test_a_file_without_the_token_of_the_page_is_not_looked_at(client, report):
    answer = posted(client, address(report), PDF)

    assert answer.status_code == 400
    assert "这个页面已过期，文件没有核对" in answer.text
    assert "一字不差，" not in answer.text


def test_a_file_for_an_unknown_code_is_answered_as_the_page_is(client, report):
    answer = sent(client, report, PDF, code=ALWAYS_UNKNOWN)
    attempts.forget()

    assert answer.status_code == 404
    assert "本系统没有出具过编号为" in answer.text


def test_looking_and_checking_write_nothing(flask_app, client, report, data_dir):
    def state():
        with flask_app.app_context():
            events = len(list(db.session.scalars(select(AuditEvent))))
        return events, sorted(str(file) for file in data_dir.rglob("*") if not file.name.startswith("test.db"))

    before = state()
    sent(client, report, PDF)
    sent(client, report, b"another")

    assert state() == before


def test_search_engines_are_asked_to_stay_away(client, report):
    assert client.get(address(report)).headers["X-Robots-Tag"] == "noindex"


def test_the_way_to_the_page_stands_where_a_stranger_comes(client, consultant, diagnosis, report):
    assert '<a href="/verify">核对报告</a>' in client.get("/sign-in").get_data(as_text=True)
    sign_in(client, consultant)
    rows = client.get(f"/reports/diagnosis/{diagnosis.id}").get_data(as_text=True)

    assert f'<a href="{address(report)}">{grouped(report.code)}</a>' in rows


def test_the_made_up_code_of_these_tests_is_a_right_one():
    assert check_character(ALWAYS_UNKNOWN[:-1]) == ALWAYS_UNKNOWN[-1]
