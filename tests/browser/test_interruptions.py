"""What happens when the session ends while somebody types, and when two windows show the same page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from app.access import Role
from tests.browser import walking as walk
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import make_diagnosis, make_firm, make_user

pytestmark = pytest.mark.browser


def manager_with_diagnosis(flask_app):
    """Return a factory manager and the diagnosis that the firm has begun."""
    firm = make_firm(flask_app)
    return make_user(flask_app, Role.FACTORY_MANAGER, firm_id=firm.id), make_diagnosis(flask_app, firm)


def test_without_a_script_what_was_typed_when_the_session_ended_is_saved_after_signing_in_again(
    open_browser, flask_app
):
    manager, diagnosis = manager_with_diagnosis(flask_app)
    phone = open_browser(**PHONE, java_script_enabled=False)

    walk.sign_in(phone, manager)
    walk.open_page(phone, diagnosis.id, "profile", "size")
    walk.field(phone, "employees").fill("320")
    walk.choose(phone, "above_scale", "是")
    phone.context.clear_cookies()
    walk.save(phone)
    expect(phone.get_by_text("您刚才填写的内容还在。")).to_be_visible()
    walk.type_who(phone, manager.email)
    expect(walk.heading(phone)).to_have_text("您刚才填写的内容还在")
    walk.save(phone, "继续保存")
    expect(walk.heading(phone)).to_have_text("产品")
    walk.save(phone, "上一页")

    expect(walk.field(phone, "employees")).to_have_value("320")
    expect(walk.question(phone, "above_scale").get_by_role("radio", name="是", exact=True)).to_be_checked()


def test_without_a_script_two_windows_that_change_the_same_answer_are_both_shown_and_the_choice_is_kept(
    open_browser, flask_app
):
    manager, diagnosis = manager_with_diagnosis(flask_app)
    desktop = open_browser(**DESKTOP, java_script_enabled=False)

    walk.sign_in(desktop, manager)
    other = desktop.context.new_page()
    for window in (desktop, other):
        walk.open_page(window, diagnosis.id, "profile", "size")
    walk.field(desktop, "employees").fill("320")
    walk.field(desktop, "revenue").fill("15000")
    walk.save(desktop)
    walk.field(other, "employees").fill("350")
    walk.save(other)
    both = other.get_by_role("group", name="从业人数").locator(".both").or_(other.locator(".both"))
    expect(both).to_contain_text("350")
    expect(both).to_contain_text("320")
    both.locator(".option").filter(has_text="用已保存的").click()
    walk.save(other)
    expect(walk.heading(other)).to_have_text("产品")
    walk.save(other, "上一页")

    expect(walk.field(other, "employees")).to_have_value("320")
    expect(walk.field(other, "revenue")).to_have_value("15000")
