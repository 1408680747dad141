"""The letter of truthfulness: asked for, printed outside the web process, kept, and only for who may see it."""

from __future__ import annotations

import os
import shutil
from io import BytesIO
from urllib.parse import unquote

import pytest
from pypdf import PdfReader

from app.diagnosis import service as diagnoses
from reports.pdf import RenderFailed
from reports.warm import WarmRenderer
from tests.factories import make_diagnosis, make_user, sign_in
from tests.printing import work


@pytest.fixture(autouse=True)
def _nothing_printed_yet(data_dir):
    shutil.rmtree(data_dir / "letters", ignore_errors=True)


@pytest.fixture
def page(flask_app, client, firm, woken) -> str:
    """The page of a letter, whose firm's manager is signed in."""
    diagnosis = make_diagnosis(flask_app, firm)
    sign_in(client, make_user(flask_app, firm_id=firm.id))
    return f"/reports/diagnosis/{diagnosis.id}/letter"


@pytest.mark.parametrize(("code", "title"), [("zh", "真实性承诺书"), ("en", "Letter of truthfulness")])
def test_it_is_one_page_printed_by_the_printing_process(flask_app, client, firm, page, woken, code, title):
    asked = client.post(f"{page}/{code}")
    waits = client.get(page).text
    done = work(flask_app)
    answer = client.get(f"{page}/{code}/file")
    pages = PdfReader(BytesIO(answer.data)).pages

    assert (asked.location, woken, done.exit_code) == (page, [1], 0)
    assert 'data-refresh="3"' in waits
    assert len(pages) == 1
    assert title in pages[0].extract_text()
    assert firm.uscc in pages[0].extract_text()
    assert unquote(answer.headers["Content-Disposition"]).endswith(f"{firm.name}_{title}.pdf")
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_it_is_printed_once_and_then_handed_out_at_once(flask_app, client, page, woken, printed):
    client.post(f"{page}/zh")
    work(flask_app)
    again = client.post(f"{page}/zh")

    assert again.location == f"{page}/zh/file"
    assert (len(printed), len(woken)) == (1, 1)
    assert f'href="{page}/zh/file"' in client.get(page).text


def test_it_does_not_wait_behind_reports(flask_app, client, page, printed, data_dir):
    diagnosis_id = page.split("/")[3]
    client.post(f"/reports/diagnosis/{diagnosis_id}/request")
    client.post(f"{page}/zh")
    work(flask_app)

    assert "承诺" in printed[0]
    assert len(printed) == 2


def test_a_letter_that_says_something_else_takes_the_place_of_the_one_before(
    flask_app, client, page, printed, monkeypatch, data_dir
):
    client.post(f"{page}/zh")
    work(flask_app)
    monkeypatch.setattr("app.reporting.letters.letter_to_html", lambda _letter: "<html>otherwise</html>")
    before = client.get(f"{page}/zh/file")
    client.post(f"{page}/zh")
    work(flask_app)

    assert before.location == page
    assert printed[-1] == "<html>otherwise</html>"
    assert len(list((data_dir / "letters").glob("*.pdf"))) == 1


def test_what_cannot_be_printed_says_so_and_can_be_asked_for_again(flask_app, client, page, monkeypatch):
    def fails(_renderer, _html, _timeout_s):
        raise RenderFailed("报告排版超过 60 秒，已停止。")

    monkeypatch.setattr(WarmRenderer, "to_pdf", fails)
    client.post(f"{page}/zh")
    work(flask_app)
    shown = client.get(page).text

    assert "没有印成" in shown
    assert f'action="{page}/zh"' in shown


def test_when_nobody_prints_the_printing_process_is_called_again(client, page, woken, data_dir):
    client.post(f"{page}/zh")
    client.get(page)
    soon = len(woken)
    (asked,) = (data_dir / "letters").glob("*.html")
    os.utime(asked, (0, 0))
    client.get(page)

    assert (soon, len(woken)) == (1, 2)


def test_it_is_read_by_the_account_of_the_product_only(flask_app, client, page, printed, data_dir):
    client.post(f"{page}/zh")
    work(flask_app)
    (file,) = (data_dir / "letters").glob("*.pdf")

    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("path", ["", "/zh/file"])
def test_another_firm_finds_nothing(flask_app, client, page, printed, path):
    client.post(f"{page}/zh")
    work(flask_app)
    sign_in(client, make_user(flask_app))

    assert client.get(page + path).status_code == 404


def test_another_firm_cannot_ask_for_it(flask_app, client, page, data_dir):
    sign_in(client, make_user(flask_app))

    assert client.post(f"{page}/zh").status_code == 404
    assert not list((data_dir / "letters").glob("*"))


@pytest.mark.parametrize("path", ["", "/zh/file"])
def test_for_a_quick_check_there_is_none(flask_app, client, firm, path):
    manager = make_user(flask_app, firm_id=firm.id)
    with flask_app.test_request_context():
        check = diagnoses.start_quick_check(manager, firm.id).id
    sign_in(client, manager)

    assert client.get(f"/reports/diagnosis/{check}/letter{path}").status_code == 404
    assert client.post(f"/reports/diagnosis/{check}/letter/zh").status_code == 404


def test_the_page_of_the_letter_leads_to_it_without_scripts(client, page):
    diagnosis_id = page.split("/")[3]
    shown = client.get(f"/diagnoses/{diagnosis_id}/letter").text

    assert all(f'<form method="post" action="{page}/{code}">' in shown for code in ("zh", "en"))
    assert f"/diagnoses/{diagnosis_id}/letter" in client.get(f"/reports/diagnosis/{diagnosis_id}").text
