"""The page that is opened most: operable by keyboard, with targets that a thumb hits."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app.access import Role
from tests.browser import walking as walk
from tests.factories import make_diagnosis, make_firm, make_user

pytestmark = pytest.mark.browser

THUMB = 44  # CSS px, the least width and height of a target
ANSWER = 48  # of an answer

# What can be pressed and is smaller than a thumb. A small circle counts as large as the label that it belongs to.
TOO_SMALL = """([within, width, height]) => {
  const kinds = ["a[href]", "button", "input:not([type=hidden])", "select", "textarea", "summary"];
  return [...document.querySelectorAll(kinds.map((kind) => `${within} ${kind}`).join(", "))]
    .map((one) => one.matches("[type=radio], [type=checkbox]") ? one.closest("label") : one)
    .filter((one) => one.checkVisibility() && !one.matches(".skip, .visually-hidden"))
    .map((one) => ({one, size: one.getBoundingClientRect()}))
    .filter(({size}) => size.width < width || size.height < height)
    .map(({one, size}) => `${one.tagName}.${one.className} ${one.innerText} ${size.width} × ${size.height}`);
}"""


@pytest.fixture
def firm(flask_app):
    return make_firm(flask_app, {"一工厂": ("冲压车间",)})


@pytest.fixture
def manager(flask_app, firm):
    return make_user(flask_app, Role.FACTORY_MANAGER, firm_id=firm.id)


@pytest.fixture
def diagnosis(flask_app, firm):
    return make_diagnosis(flask_app, firm)


def focused(page: Page) -> str:
    """Return what has the focus: its identity, or its words where it has none."""
    found: str = page.evaluate("() => document.activeElement.id || document.activeElement.innerText")
    return found


@pytest.mark.parametrize(("section", "page_id"), [("org_strategy", "practices"), ("profile", "size")])
def test_everything_to_press_on_a_page_of_questions_is_as_large_as_a_thumb(phone, manager, diagnosis, section, page_id):
    walk.sign_in(phone, manager)
    walk.open_page(phone, diagnosis.id, section, page_id)

    assert phone.evaluate(TOO_SMALL, ["body", THUMB, THUMB]) == []
    assert phone.evaluate(TOO_SMALL, [".question .fact", THUMB, ANSWER]) == []


def test_the_keyboard_alone_reaches_the_first_error_and_corrects_it(desktop, manager, diagnosis):
    walk.sign_in(desktop, manager)
    walk.open_page(desktop, diagnosis.id, "profile", "size")
    walk.field(desktop, "employees").focus()
    desktop.keyboard.type("三百二十")
    with desktop.expect_navigation():
        desktop.keyboard.press("Enter")
    expect(desktop.get_by_role("alert")).to_be_focused()
    desktop.keyboard.press("Tab")
    assert "从业人员" in focused(desktop)
    desktop.keyboard.press("Enter")
    desktop.keyboard.press("Tab")
    assert focused(desktop) == "employees-field"
    desktop.keyboard.press("Control+A")
    desktop.keyboard.type("320")
    with desktop.expect_navigation():
        desktop.keyboard.press("Enter")

    expect(walk.heading(desktop)).to_have_text("产品")
