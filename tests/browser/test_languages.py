"""The language is switched in the middle of every form: the same page afterwards, and nothing typed is lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app.access import Role
from tests.browser import walking as walk
from tests.browser.conftest import DESKTOP
from tests.browser.pages import routes
from tests.factories import make_diagnosis, make_firm, make_user, parts_of

pytestmark = pytest.mark.browser

# Each page once; the list of firms is not for those who have one.
PAGES = {route.endpoint: route for route in routes() if str(route) != "firms.index-factory_manager"}
# Several forms of one line each: which of them was typed into, only the script can tell.
MANY_FORMS = frozenset(
    {
        "colleagues.me",
        "colleagues.sections",
        "evidence.index",
        "evidence.question",
        "firms.detail",
        "firms.factory",
        "firms.workshop",
        "planning.plan",
    }
)
# What is typed here is kept or saved at once by the script: test_offline and test_shortest_way walk through it.
SAVED_AT_ONCE = frozenset({"diagnosis.offline_section", "way.screen"})
TYPED = '甲 & 乙 "<1>" 2026'
# Something in every field that a person sees, where there are many forms in the last; of several choices the last.
# Returns how many fields there are.
FILL_IN = """([typed, onlyLast]) => {
  const forms = [...document.querySelectorAll("main form")].map((form) => [...form.elements]
    .filter((one) => one.name && !one.matches("[type=hidden], [type=password], [type=file], [hidden], button")));
  const fields = onlyLast ? forms.findLast((form) => form.length) ?? [] : forms.flat();
  for (const one of fields) {
    if (one.matches("[type=radio], [type=checkbox]")) one.checked = true;
    else if (one.matches("select")) one.selectedIndex = one.options.length - 1;
    else one.value = {email: "jia@example.com", date: "2026-05-17"}[one.type] ?? typed;
    one.dispatchEvent(new Event("input", {bubbles: true}));
  }
  return fields.length;
}"""
# Everything that the forms would send.
SENT = """() => [...document.querySelectorAll("main form")].map((form) => [...new FormData(form)]
  .filter(([name, value]) => name !== "csrf_token" && typeof value === "string"))"""


def switch(page: Page, to: str) -> None:
    with page.expect_navigation():
        walk.press(page, to)


def address(page: Page) -> str:
    return re.sub(r"[?&]typed=[^&]*", "", page.url)


def shown(page: Page) -> tuple[str, str | None, list]:
    """Return where the page is, in which language, and everything that stands in its fields."""
    return address(page), page.locator("html").get_attribute("lang"), page.evaluate(SENT)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
@pytest.mark.parametrize("route", [one for name, one in PAGES.items() if name not in SAVED_AT_ONCE], ids=str)
def test_switching_the_language_keeps_the_page_and_what_was_typed(route, scripts, district, window_of, watch):
    page = window_of(district.login(route), {**DESKTOP, "java_script_enabled": scripts})
    before = len(watch.faults)

    page.goto(district.address(route))
    many = route.endpoint in MANY_FORMS
    fields = page.evaluate(FILL_IN, [TYPED, many])
    if not scripts and (fields == 0 or many):
        return
    here, _chinese, typed = shown(page)
    switch(page, "English")
    in_english = shown(page)
    switch(page, "中文")

    assert in_english == (here, "en", typed)
    assert shown(page) == (here, "zh-CN", typed)
    assert watch.faults[before:] == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_the_enter_key_sends_the_form_and_never_switches_the_language(open_browser, flask_app, scripts):
    page = open_browser(**DESKTOP, java_script_enabled=scripts)
    walk.sign_in(page, make_user(flask_app, Role.COMMISSION))
    page.goto("/firms")
    page.get_by_label("名称或信用代码").fill("没有这一家")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    searched = page.url
    page.goto("/firms/new")
    page.get_by_label("企业全称").fill("甲厂")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert "words=" in searched
    assert "csrf_token" not in searched
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "zh-CN"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_answers_typed_in_one_language_are_saved_in_the_other(open_browser, flask_app, scripts):
    firm = make_firm(flask_app, {"一工厂": ("冲压车间",)})
    workshop = parts_of(flask_app, firm)["冲压车间"]
    diagnosis = make_diagnosis(flask_app, firm)
    page = open_browser(**DESKTOP, java_script_enabled=scripts)

    walk.sign_in(page, make_user(flask_app, Role.FACTORY_MANAGER, firm_id=firm.id))
    walk.open_page(page, diagnosis.id, "workshop_equipment", "machines", workshop)
    walk.field(page, "equipment_count").fill("120")
    walk.field(page, "equipment_digital_count").fill("many")
    switch(page, "English")
    walk.save(page, "Save and continue")
    expect(page.get_by_role("alert")).to_contain_text("Digital equipment")
    switch(page, "中文")
    expect(walk.field(page, "equipment_digital_count")).to_have_value("many")
    walk.field(page, "equipment_digital_count").fill("54")
    walk.save(page)
    walk.save(page, "上一页")

    expect(walk.field(page, "equipment_count")).to_have_value("120")
    expect(walk.field(page, "equipment_digital_count")).to_have_value("54")


def test_a_colleagues_answer_is_not_overwritten_because_the_language_was_switched(desktop, flask_app):
    firm = make_firm(flask_app)
    diagnosis = make_diagnosis(flask_app, firm)
    walk.sign_in(desktop, make_user(flask_app, Role.FACTORY_MANAGER, firm_id=firm.id))
    other = desktop.context.new_page()
    for window in (desktop, other):
        walk.open_page(window, diagnosis.id, "profile", "size")
    walk.field(other, "employees").fill("350")
    walk.save(other)
    walk.field(desktop, "revenue").fill("15000")
    switch(desktop, "English")
    walk.save(desktop, "Save and continue")
    walk.open_page(desktop, diagnosis.id, "profile", "size")

    expect(walk.field(desktop, "employees")).to_have_value("350")
    expect(walk.field(desktop, "revenue")).to_have_value("15000")
