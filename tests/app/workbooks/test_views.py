"""Files before a browser: downloaded, sent, looked through, confirmed; a refusal says what to do and loses nothing."""

from __future__ import annotations

import re
from io import BytesIO
from urllib.parse import unquote
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from sqlalchemy import select

from app import audit
from app.access import Role
from app.diagnosis.models import AnswerEntry, Diagnosis, Stage
from app.extensions import db
from app.workbooks import service
from app.workbooks.models import WaitingFile
from tests.app.workbooks.conftest import Filling
from tests.factories import make_consultant, make_diagnosis, make_user, sign_in


@pytest.fixture
def diagnosis(flask_app, firm):
    return make_diagnosis(flask_app, firm, {"firm_name": "某厂", "employees": 300})


@pytest.fixture
def address(diagnosis):
    return f"/diagnoses/{diagnosis.id}"


@pytest.fixture
def send(browser, address):
    """Send a file as the form does."""

    def post(content, name="填好的.xlsx", follow=True):
        return browser.post(f"{address}/import", data={"file": (BytesIO(content), name)}, follow_redirects=follow)

    return post


@pytest.fixture
def file(browser, address):
    return Filling(browser.get(f"{address}/workbook.xlsx").data)


def confirm(browser, page, **fields):
    shown = re.search(r'name="shown" value="(\w+)"', page.text)[1]
    data = {"then": "import", "shown": shown, **fields}
    return browser.post(page.request.path, data=data, follow_redirects=True)


def answers(flask_app):
    with flask_app.app_context():
        rows = db.session.scalars(select(AnswerEntry).where(AnswerEntry.revision > 1))
        return {(row.fact, row.state, row.value) for row in rows}


# --- out --------------------------------------------------------------------------------------------------------------


def test_the_workbook_is_downloaded_under_a_name_that_says_what_it_is(browser, address):
    answer = browser.get(f"{address}/workbook.xlsx")
    name = unquote(answer.headers["Content-Disposition"].partition("filename*=UTF-8''")[2])

    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert answer.headers["Cache-Control"] == "no-store"
    assert re.fullmatch(r"智能制造诊断问卷 示例山城零部件厂 第1次 \d{4}-\d\d-\d\d\.xlsx", name)
    assert Filling(answer.data).book.sheetnames[0] == "填写说明"


def test_those_who_see_a_diagnosis_get_its_workbook_and_those_who_do_not_get_nothing(flask_app, client, firm, address):
    for person, status in (
        (make_consultant(flask_app, firm), 200),
        (make_user(flask_app, Role.DISTRICT_OFFICER, district=firm.district), 200),
        (make_user(flask_app), 404),
        (make_user(flask_app, Role.AUTHOR), 403),
    ):
        sign_in(client, person)

        assert client.get(f"{address}/workbook.xlsx").status_code == status, person.role


def test_a_download_changes_nothing(flask_app, browser, address):
    with flask_app.app_context():
        before = db.session.scalar(select(audit.AuditEvent.number).order_by(audit.AuditEvent.number.desc()))
        browser.get(f"{address}/workbook.xlsx")
        browser.get(f"{address}/diagnosis.json")

        assert db.session.scalar(select(audit.AuditEvent.number).order_by(audit.AuditEvent.number.desc())) == before


# --- in ---------------------------------------------------------------------------------------------------------------


def test_a_file_is_shown_before_it_is_saved_and_saved_when_confirmed(flask_app, browser, send, file):
    file.fill("firm employees", 320)
    file.fill("firm firm_name", None)
    file.fill("firm revenue", "约一亿")
    page = send(file.content())

    assert page.status_code == 200
    assert "现在还没有保存任何内容" in page.text
    assert "会改变的回答 2 项，其中清空 1 项" in page.text
    assert "“企业概况”表 F13：主营业务收入应是数字，填写的是“约一亿”。" in page.text
    assert "导入其余的" in page.text
    assert "factory_manager" in page.text  # who gave the answer that would change
    assert answers(flask_app) == set()
    done = confirm(browser, page)
    assert "文件已导入：2 项有变化，其余未变。" in done.text
    assert answers(flask_app) == {("employees", "stated", "320"), ("firm_name", "blank", None)}


def test_nothing_can_be_chosen_as_well(flask_app, browser, send, file):
    file.fill("firm employees", 320)
    page = send(file.content())
    done = browser.post(page.request.path, data={"then": "nothing"}, follow_redirects=True)

    assert "文件没有导入，回答没有变化。" in done.text
    assert answers(flask_app) == set()
    again = browser.get(page.request.path)
    assert again.status_code == 404
    assert "这份文件已经导入、放弃或过期" in again.text


def test_a_confirmation_of_something_else_shows_the_difference_again(flask_app, browser, send, file, address):
    file.fill("firm employees", 320)
    page = send(file.content())
    browser.post(f"{address}/fill/profile/firm/size", data={"revision": "1", "employees": "310"})
    again = confirm(browser, page)

    assert again.status_code == 409
    assert "所以还没有保存" in again.text
    assert "两边都改过、请您选择的 1 项" in again.text
    assert "310 人" in again.text
    assert answers(flask_app) == {("employees", "stated", "310")}
    done = confirm(browser, again, **{"keep firm employees": "mine"})
    assert "文件已导入：1 项有变化" in done.text
    assert ("employees", "stated", "320") in answers(flask_app)


def test_what_was_chosen_stays_chosen_when_the_difference_is_shown_again(browser, send, file, address):
    file.fill("firm employees", 320)
    file.fill("firm firm_name", "新名称")
    browser.post(f"{address}/fill/profile/firm/size", data={"revision": "1", "employees": "310"})
    page = send(file.content())
    browser.post(f"{address}/fill/profile/firm/identity", data={"revision": "2", "firm_name": "别的名称"})
    again = confirm(browser, page, **{"keep firm employees": "mine"})

    assert again.status_code == 409
    chosen = re.findall(r'name="keep firm (\w+)" value="(\w+)" checked', again.text)
    assert chosen == [("firm_name", "theirs"), ("employees", "mine")]


def test_a_waiting_file_is_offered_again(browser, send, file, address):
    file.fill("firm employees", 320)
    page = send(file.content())
    text = browser.get(f"{address}/import").text

    assert "有一份文件等您确认" in text
    assert page.request.path in text
    assert "填好的.xlsx" in text


def test_a_file_without_a_difference_needs_no_import(browser, send, file):
    page = send(file.content())

    assert "文件里没有与现有回答不同的内容，不用导入。" in page.text
    assert 'value="import"' not in page.text


def test_the_diagnosis_file_taken_out_is_taken_in_the_same_way(flask_app, browser, send, address):
    content = browser.get(f"{address}/diagnosis.json").data
    assert "文件里没有与现有回答不同的内容" in send(content, "diagnosis.json").text
    page = send(content.replace(b'"employees": 300', b'"employees": 333, "district": 5'), "diagnosis.json")

    assert "firm.district" in page.text
    confirm(browser, page)
    assert answers(flask_app) == {("employees", "stated", "333")}


BOMB = BytesIO()
with ZipFile(BOMB, "w", ZIP_DEFLATED) as _file:
    _file.writestr("xl/workbook.xml", bytes(200 * 1024 * 1024))


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"%PDF-1.7", "a.xlsx", "这不是 Excel 工作簿"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "a.xls", "这是旧格式的表格文件"),
        (BOMB.getvalue(), "a.xlsx", "文件解开后有 200 MB，上限是 64 MB"),
        (b"facts: [", "a.yaml", "a.yaml"),
        (b"\xff\xfe", "a.json", "既不是 Excel 工作簿，也不是 UTF-8 编码的诊断文件"),
        (b"", "", "请先选择一个文件"),
    ],
)
def test_a_file_that_cannot_be_read_is_answered_on_the_same_page(flask_app, send, content, name, said):
    page = send(content, name)

    assert page.status_code == 422
    assert "文件没有导入，诊断里的内容没有变化。" in page.text
    assert said in page.text
    assert 'type="file"' in page.text
    with flask_app.app_context():
        assert db.session.scalars(select(WaitingFile)).all() == []


def post_large(client, address, content):
    """Send a large file; the test client itself would leave a temporary file open."""
    head = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n'
    body = head + content + b"\r\n--edge--\r\n"
    return client.post(f"{address}/import", data=body, content_type="multipart/form-data; boundary=edge")


def test_a_file_may_be_larger_than_other_posts_but_not_without_end(browser, address):
    allowed = post_large(browser, address, b"PK" + bytes(3 * service.MB))
    refused = post_large(browser, address, bytes(service.LARGEST_POST + 1))
    elsewhere = browser.post(f"{address}/tailoring", data={"x": "y" * (3 * service.MB)})

    assert (allowed.status_code, refused.status_code, elsewhere.status_code) == (422, 413, 413)
    assert "文件超过 5 MB。请删掉里面的图片和多余的表" in refused.text
    assert 'type="file"' in refused.text
    assert "超过 2 MB" in elsewhere.text


def test_a_post_that_is_too_large_tells_a_stranger_nothing(flask_app, client, address):
    too_large = bytes(service.LARGEST_POST + 1)

    for person in (None, make_user(flask_app), make_user(flask_app, Role.AUTHOR)):
        if person:
            sign_in(client, person)
        answer = post_large(client, address, too_large)
        assert answer.status_code == 413
        assert "文件超过 5 MB" in answer.text
        assert 'type="file"' not in answer.text


def test_a_diagnosis_that_was_handed_in_takes_no_file(flask_app, browser, send, diagnosis, address):
    with flask_app.app_context():
        db.session.get_one(Diagnosis, diagnosis.id).stage = Stage.SUBMITTED
        audit.record("system", "test.submit", "test")
        db.session.commit()

    assert "这份诊断已经提交，不能再导入。" in browser.get(f"{address}/import").text
    assert send(b"PK").status_code == 409


def test_the_overview_leads_to_download_and_import(browser, address):
    text = browser.get(address).text

    assert f"{address}/workbook.xlsx" in text
    assert f"{address}/import" in text
    assert f"{address}/diagnosis.json" in text
