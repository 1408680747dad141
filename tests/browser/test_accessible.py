"""axe-core finds nothing on any page: every role, both languages, a phone and a desk, and what pages become in use."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.access import Role
from app.diagnosis.models import Stage
from app.reporting import service as reporting
from tests.browser import axe
from tests.browser import walking as walk
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.pages import Route, routes
from tests.factories import make_diagnosis, make_firm, make_user, parts_of

pytestmark = pytest.mark.browser

# Each page once, and where each role begins: roles see more or less of a page, made of the same parts.
ONCE = {route.endpoint: route for route in routes()}
HOMES = [route for route in routes() if route.endpoint == "accounts.home" and route not in ONCE.values()]


# CSS px. In a window as long as the page nothing lies half under the buttons that stay at its lower edge.
AS_LONG_AS_THE_PAGE = 12_000


def breaches(page: Page) -> list[str]:
    """Return what axe finds at a desk, and on a phone with everything unfolded."""
    page.set_viewport_size({**DESKTOP["viewport"], "height": AS_LONG_AS_THE_PAGE})
    found = [f"desk: {one}" for one in axe.violations(page)]
    page.set_viewport_size({**PHONE["viewport"], "height": AS_LONG_AS_THE_PAGE})
    return found + [f"phone: {one}" for one in axe.violations(page, unfold=True)]


@pytest.mark.parametrize("route", [*ONCE.values(), *HOMES], ids=str)
def test_a_page_breaks_no_rule(route: Route, district, window_of):
    page = window_of(district.login(route), PHONE)

    page.goto(district.address(route))

    assert breaches(page) == []


@pytest.mark.parametrize("route", ONCE.values(), ids=str)
def test_a_page_in_english_breaks_no_rule(route: Route, district, window_of):
    page = window_of(district.login(route), PHONE, "en")

    page.goto(district.address(route))

    assert page.locator("html").get_attribute("lang") == "en"
    assert breaches(page) == []


# --- what pages become in use -----------------------------------------------------------------------------------------


@pytest.fixture
def filled(flask_app: Flask, desktop: Page):
    """A firm with a workshop, its diagnosis, and its manager at work."""
    firm = make_firm(flask_app, {"一工厂": ("冲压车间",)})
    diagnosis = make_diagnosis(flask_app, firm, {"uscc": firm.uscc, "production_type": "discrete"})
    walk.sign_in(desktop, make_user(flask_app, Role.FACTORY_MANAGER, firm_id=firm.id))
    return diagnosis, str(parts_of(flask_app, firm)["冲压车间"])


def with_an_error(page: Page, diagnosis, workshop: str) -> None:
    walk.open_page(page, diagnosis.id, "workshop_equipment", "machines", workshop)
    walk.field(page, "equipment_count").fill("一百二")
    walk.save(page)
    expect(page.get_by_role("alert")).to_be_visible()


def with_figures_that_contradict(page: Page, diagnosis, workshop: str) -> None:
    walk.open_page(page, diagnosis.id, "workshop_equipment", "machines", workshop)
    walk.field(page, "equipment_count").fill("120")
    walk.field(page, "equipment_digital_count").fill("126")
    walk.save(page)
    expect(page.locator("#contradictions")).to_be_visible()


def with_two_answers_to_choose_from(page: Page, diagnosis, _workshop: str) -> None:
    other = page.context.new_page()
    for window in (page, other):
        walk.open_page(window, diagnosis.id, "profile", "size")
    walk.field(other, "employees").fill("320")
    walk.save(other)
    walk.field(page, "employees").fill("350")
    walk.save(page)
    expect(page.locator(".both")).to_be_visible()


def refused_without_the_promise(page: Page, diagnosis, _workshop: str) -> None:
    page.goto(f"/diagnoses/{diagnosis.id}/answers")
    walk.save(page, "提交诊断")
    expect(page.get_by_role("alert")).to_be_visible()


def after_the_session_has_ended(page: Page, diagnosis, _workshop: str) -> None:
    walk.open_page(page, diagnosis.id, "profile", "size")
    walk.field(page, "employees").fill("320")
    page.context.clear_cookies()
    with page.expect_navigation():  # as without scripts: with them the page stays and says so itself
        page.evaluate("() => document.querySelector('form.questions').submit()")
    expect(page.get_by_text("您刚才填写的内容还在。")).to_be_visible()


def with_a_name_that_cannot_be_taken(page: Page, diagnosis, _workshop: str) -> None:
    page.goto(f"/firms/{diagnosis.firm_id}")
    walk.add_factory(page, "二工厂")
    card = page.get_by_role("region", name="增加工厂")
    card.get_by_label("增加工厂").fill("二工厂")
    card.get_by_role("button", name="增加", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()


def that_is_not_there(page: Page, _diagnosis, _workshop: str) -> None:
    page.goto("/nowhere")
    expect(page.get_by_role("alert")).to_be_visible()


def that_is_for_others(page: Page, _diagnosis, _workshop: str) -> None:
    page.goto("/accounts")
    expect(page.get_by_role("alert")).to_be_visible()


IN_USE: tuple[Callable[[Page, object, str], None], ...] = (
    with_an_error,
    with_figures_that_contradict,
    with_two_answers_to_choose_from,
    refused_without_the_promise,
    after_the_session_has_ended,
    with_a_name_that_cannot_be_taken,
    that_is_not_there,
    that_is_for_others,
)


@pytest.mark.parametrize("becomes", IN_USE, ids=lambda step: step.__name__)
def test_a_page_in_use_breaks_no_rule(desktop: Page, filled, becomes):
    becomes(desktop, *filled)

    assert breaches(desktop) == []


def test_a_page_that_waits_for_its_report_breaks_no_rule(desktop: Page, flask_app: Flask, filled):
    diagnosis, _workshop = filled
    with flask_app.test_request_context():
        manager = make_user(flask_app, firm_id=diagnosis.firm_id)
        report_id = reporting.request_report(manager, diagnosis.id).id
    desktop.goto(f"/reports/{report_id}")
    found = breaches(desktop)
    with flask_app.test_request_context():
        reporting.give_up(report_id, "")

    assert found == []


def test_the_page_with_a_remark_of_the_consultant_breaks_no_rule(desktop: Page, flask_app: Flask):
    firm = make_firm(flask_app)
    diagnosis = make_diagnosis(flask_app, firm, stage=Stage.RETURNED)
    walk.sign_in(desktop, make_user(flask_app, Role.FACTORY_MANAGER, firm_id=firm.id))
    desktop.goto(f"/diagnoses/{diagnosis.id}")

    assert breaches(desktop) == []


def test_the_forms_of_the_offices_break_no_rule_when_they_are_refused(desktop: Page, flask_app: Flask):
    walk.sign_in(desktop, make_user(flask_app, Role.ADMINISTRATOR))
    for form, button in (("/firms/new", "登记企业"), ("/accounts/new", "建立账号"), ("/password", "更改密码")):
        desktop.goto(form)
        walk.save(desktop, button)
        expect(desktop.get_by_role("alert")).to_be_focused()

        assert breaches(desktop) == []


def test_the_page_of_a_one_time_password_breaks_no_rule(desktop: Page, flask_app: Flask):
    walk.sign_in(desktop, make_user(flask_app, Role.ADMINISTRATOR))
    desktop.goto("/accounts/new")
    desktop.get_by_label("姓名").fill("李工")
    desktop.get_by_label("邮箱").fill("li.gong@example.com")
    desktop.get_by_label("角色").select_option(label="诊断专家")
    walk.save(desktop, "建立账号")
    expect(desktop.locator(".secret")).to_be_visible()

    assert breaches(desktop) == []
