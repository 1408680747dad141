"""A plan is followed up on a phone: one press, one step, and two people at once."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import walking as walk
from tests.browser.conftest import PHONE
from tests.factories import make_diagnosis, make_firm, make_plan, make_user

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_plan_is_followed_up_on_a_phone(open_browser, flask_app, scripts):
    firm = make_firm(flask_app)
    plan = make_plan(flask_app, make_diagnosis(flask_app, firm), {"name_zh": "仓储管理系统"}, {"name_zh": "线边叫料"})
    page = open_browser(**PHONE, java_script_enabled=scripts)
    walk.sign_in(page, make_user(flask_app, firm_id=firm.id))

    page.goto(f"/plans/{plan.id}")
    expect(page.get_by_text("2 项改进：2 未开始")).to_be_visible()
    walk.press(page, "开始 线边叫料")
    expect(page.get_by_text("2 项改进：1 进行，1 未开始")).to_be_visible()
    walk.open_link(page, "仓储管理系统")
    page.get_by_label("负责人").fill("李工")
    walk.press(page, "保存")
    walk.open_link(page, "李工 1")

    expect(page.locator(".step-row")).to_have_count(1)
    expect(page.locator(".step-row")).to_contain_text("李工")
    assert walk.sideways(page) == []


def test_what_a_colleague_wrote_meanwhile_is_kept_and_the_same_field_asks(open_browser, flask_app):
    firm = make_firm(flask_app)
    plan = make_plan(flask_app, make_diagnosis(flask_app, firm))
    manager, other = make_user(flask_app, firm_id=firm.id), make_user(flask_app, firm_id=firm.id)
    windows = [open_browser(**PHONE), open_browser(**PHONE)]
    for window, person in zip(windows, (manager, other), strict=True):
        walk.sign_in(window, person)
        window.goto(f"/plans/{plan.id}/steps/{plan.steps[0].id}")
    mine, theirs = windows

    theirs.get_by_label("负责人").fill("王工")
    theirs.get_by_label("备注").fill("等设备到货")
    walk.press(theirs, "保存")
    mine.get_by_label("负责人").fill("李工")
    walk.press(mine, "保存")
    expect(mine.get_by_role("alert")).to_contain_text("负责人：刚才由别人改过，没有保存")
    expect(mine.get_by_text("现在的内容：王工")).to_be_visible()
    expect(mine.get_by_label("负责人")).to_have_value("李工")
    expect(mine.get_by_label("备注")).to_have_value("等设备到货")
    walk.press(mine, "保存")

    expect(mine.locator(".step-row")).to_contain_text("李工")
    expect(mine.locator(".step-row")).to_contain_text("等设备到货")
