"""The blank questionnaire, from the overview to the file in the hand, printed by the real printing process."""

from __future__ import annotations

from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from app.access import Role
from tests.browser import walking as walk
from tests.factories import make_diagnosis, make_firm, make_user

pytestmark = pytest.mark.browser

ENOUGH_MS = 120_000


def downloaded(page: Page) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 PDF 中文").click()
    return download.value.path().read_bytes()


def test_a_manager_has_the_questionnaire_printed_and_whoever_comes_next_finds_it_there(phone, open_browser, flask_app):
    firm = make_firm(flask_app)
    make_diagnosis(flask_app, firm)
    walk.sign_in(phone, make_user(flask_app, Role.FACTORY_MANAGER, firm_id=firm.id))
    walk.open_link(phone, "空白问卷，打印用")
    walk.press(phone, "生成 PDF 中文")
    expect(phone.get_by_role("status")).to_have_text("正在打印，通常不到一分钟。")
    expect(phone.get_by_text("自动更新")).to_be_visible()
    assert walk.sideways(phone) == []
    expect(phone.get_by_role("link", name="下载 PDF 中文")).to_be_visible(timeout=ENOUGH_MS)
    expect(phone.get_by_role("status")).to_contain_text("汽车零部件企业智能制造诊断")
    mine = downloaded(phone)

    author = open_browser()
    walk.sign_in(author, make_user(flask_app, Role.AUTHOR))
    author.goto("/content")
    walk.open_link(author, "空白问卷，打印用")

    assert "空白问卷" in PdfReader(BytesIO(mine)).pages[0].extract_text()
    assert downloaded(author) == mine
