"""The plain words of a question lead back to it, on a phone and without scripts too."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from app.access import Role
from tests.browser import walking as walk
from tests.browser.conftest import PHONE
from tests.factories import make_diagnosis, make_firm, make_user

pytestmark = pytest.mark.browser


def test_without_javascript_somebody_reads_what_a_question_means_and_comes_back_to_it(open_browser, flask_app):
    firm = make_firm(flask_app)
    diagnosis = make_diagnosis(flask_app, firm, {"data.L2.1": "mostly"})
    phone = open_browser(**PHONE, java_script_enabled=False)

    walk.sign_in(phone, make_user(flask_app, Role.FACTORY_MANAGER, firm_id=firm.id))
    phone.goto(f"/diagnoses/{diagnosis.id}/fill/data/firm/coach/data.L2.1")
    expect(phone.get_by_role("term")).to_have_text(["全部满足", "大部分满足", "部分满足", "不满足"])
    phone.get_by_role("main").get_by_role("link", name="回到这一题").last.click()

    expect(phone).to_have_url(re.compile(r"/fill/data/firm/levels_1_2#data\.L2\.1$"))
    expect(phone.locator('[id="data.L2.1"]').get_by_text("大部分满足")).to_be_in_viewport()


def test_the_plain_words_open_under_the_question_and_close_again_and_go_along_offline(phone, flask_app):
    firm = make_firm(flask_app)
    diagnosis = make_diagnosis(flask_app, firm)
    walk.sign_in(phone, make_user(flask_app, Role.FACTORY_MANAGER, firm_id=firm.id))
    walk.open_page(phone, diagnosis.id, "data", "levels_1_2")
    asked = walk.question(phone, "data.L2.1")
    explain = asked.get_by_role("link", name="说明与例子")
    explain.click()

    expect(asked.get_by_role("term")).to_have_text(["全部满足", "大部分满足", "部分满足", "不满足"])
    expect(explain).to_have_attribute("aria-expanded", "true")
    assert walk.sideways(phone) == []
    explain.click()
    expect(asked.get_by_role("term")).to_have_count(0)
    phone.get_by_role("link", name="离线填写这一部分").click()
    expect(phone.locator("#along")).to_have_text("✓ 已带上：没有网络也能打开本页。")
    phone.context.set_offline(True)
    phone.reload()
    walk.question(phone, "data.L2.1").get_by_role("link", name="说明与例子").click()

    expect(walk.question(phone, "data.L2.1").get_by_role("term")).to_have_count(4)
