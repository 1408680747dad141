"""Blank questionnaires: asked for, printed outside the web process once for an edition and language, then kept."""

from __future__ import annotations

import os
import shutil
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access import Role
from app.papers import PaperState
from app.reporting import blanks
from reports.pdf import RenderFailed
from reports.warm import WarmRenderer
from tests.factories import make_user, sign_in
from tests.printing import work

PAGE = "/reports/blank/auto_parts/2026.1"


@pytest.fixture(autouse=True)
def _nothing_printed_yet(data_dir):
    shutil.rmtree(data_dir / "blank-questionnaires", ignore_errors=True)


@pytest.fixture
def manager(flask_app: Flask, client: FlaskClient) -> FlaskClient:
    sign_in(client, make_user(flask_app))
    return client


def state(flask_app: Flask, language: str = "zh") -> PaperState:
    with flask_app.app_context():
        return blanks.find("auto_parts", "2026.1", language).state


def test_it_is_offered_in_both_languages_that_of_the_reader_first(manager):
    page = manager.get(PAGE).text

    assert page.index(f'action="{PAGE}/zh"') < page.index(f'action="{PAGE}/en"')
    assert "汽车零部件企业智能制造诊断" in page
    assert "data-refresh" not in page


def test_it_is_printed_by_the_printing_process_and_then_there_for_everybody(flask_app, manager, woken, printed):
    asked = manager.post(f"{PAGE}/zh")
    waits = manager.get(PAGE).text
    done = work(flask_app)
    sign_in(manager, make_user(flask_app, Role.COMMISSION))
    file = manager.get(f"{PAGE}/zh/file")

    assert (asked.status_code, asked.location, len(woken)) == (302, PAGE, 1)
    assert 'data-refresh="3"' in waits
    assert done.exit_code == 0
    assert (file.status_code, file.mimetype, file.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert "汽车零部件企业智能制造诊断_空白问卷_2026.1.pdf" in unquote(file.headers["Content-Disposition"])
    assert f'href="{PAGE}/zh/file"' in manager.get(PAGE).text


def test_it_is_made_once(flask_app, manager, woken, printed):
    for _ in range(3):
        manager.post(f"{PAGE}/en")
        work(flask_app)

    assert len(printed) == 1
    assert state(flask_app, "en") is PaperState.READY
    assert state(flask_app, "zh") is PaperState.NONE


def test_a_changed_questionnaire_or_layout_is_printed_anew(flask_app, manager, woken, printed, monkeypatch):
    manager.post(f"{PAGE}/zh")
    work(flask_app)
    blanks._html.cache_clear()
    monkeypatch.setattr(blanks, "blank_to_html", lambda _blank: "<html>changed</html>")

    assert state(flask_app) is PaperState.NONE
    manager.post(f"{PAGE}/zh")
    work(flask_app)
    blanks._html.cache_clear()
    assert printed[-1] == "<html>changed</html>"


def test_what_cannot_be_printed_says_so_and_can_be_asked_for_again(flask_app, manager, woken, printed, monkeypatch):
    def fails(_renderer: WarmRenderer, _html: str, _timeout_s: int) -> bytes:
        raise RenderFailed("报告排版超过 60 秒，已停止。")

    works = WarmRenderer.to_pdf
    monkeypatch.setattr(WarmRenderer, "to_pdf", fails)
    manager.post(f"{PAGE}/zh")
    work(flask_app)
    failed, page = state(flask_app), manager.get(PAGE).text
    monkeypatch.setattr(WarmRenderer, "to_pdf", works)
    manager.post(f"{PAGE}/zh")
    work(flask_app)

    assert failed is PaperState.FAILED
    assert "没有印成" in page
    assert f'action="{PAGE}/zh"' in page
    assert state(flask_app) is PaperState.READY


def test_when_nobody_prints_the_printing_process_is_called_again(flask_app, manager, woken, data_dir):
    manager.post(f"{PAGE}/zh")
    manager.get(PAGE)
    soon = len(woken)
    (asked,) = (data_dir / "blank-questionnaires").glob("*.html")
    os.utime(asked, (0, 0))
    manager.get(PAGE)

    assert (soon, len(woken)) == (1, 2)


def test_a_file_that_is_not_there_leads_to_the_page_that_makes_it(manager):
    assert manager.get(f"{PAGE}/zh/file").location == PAGE


def test_a_file_that_a_browser_has_is_not_sent_again(flask_app, manager, woken, printed):
    manager.post(f"{PAGE}/zh")
    work(flask_app)
    first = manager.get(f"{PAGE}/zh/file")
    again = manager.get(f"{PAGE}/zh/file", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304


@pytest.mark.parametrize(
    "address",
    [
        "/reports/blank/auto_parts/2020.1",
        "/reports/blank/nothing/2026.1",
        "/reports/blank/..%2F..%2Fetc/2026.1",
        f"{PAGE}/fr/file",
        f"{PAGE}/..%2Fzh/file",
    ],
)
def test_what_is_not_published_is_not_there(manager, address):
    assert manager.get(address).status_code == 404


def test_nobody_outside_gets_one(client):
    assert client.get(PAGE).location.startswith("/sign-in")
    assert client.post(f"{PAGE}/zh").status_code == 401
