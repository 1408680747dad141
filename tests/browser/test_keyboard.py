"""With the keyboard alone: from signing in to the result, in a sensible order, always seeing where one is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.access import Role
from tests.browser import walking as walk
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.pages import Route, routes
from tests.factories import PASSWORD, make_diagnosis, make_firm, make_user

pytestmark = pytest.mark.browser

ONCE = {route.endpoint: route for route in routes()}
MOST_STEPS = 50  # of one page; the order of a longer list is that of its beginning
STICKY = ("diagnosis.fill", "review.page")  # whose buttons stay at the foot of the window
# Where the focus is: its place among all elements, whether it is seen, what lies over it.
FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const drawn = one.closest(".option") ?? one;
  const style = getComputedStyle(drawn), box = one.getBoundingClientRect();
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const inSvg = one.ownerSVGElement && getComputedStyle(one.querySelector("rect") ?? one).strokeWidth >= "2";
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  const above = document.elementFromPoint(x, y);
  const free = above && (one.contains(above) || above.contains(one) || above.closest("label")?.contains(one));
  return {
    place: [...document.querySelectorAll("*")].indexOf(one),
    name: `${one.tagName} ${one.id || one.name || one.innerText || ""}`.slice(0, 60),
    seen: Boolean(ring || inSvg),
    free: Boolean(free) && y > 0 && y < innerHeight,
    under: free ? "" : `${above?.tagName}.${above?.className}`,
  };
}"""


def tab_until(page: Page, wanted: str, most: int = 300) -> None:
    """Press Tab until what has the focus says these words or has this name."""
    for _ in range(most):
        page.keyboard.press("Tab")
        found = page.evaluate("() => { const a = document.activeElement; return `${a.innerText} ${a.name} ${a.id}` }")
        if wanted in found:
            return
    raise AssertionError(f"Tab does not lead to {wanted}")


def press_enter(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


# --- the journey ------------------------------------------------------------------------------------------------------


def sign_in_with_the_keyboard(page: Page, email: str) -> None:
    page.goto("/sign-in")
    tab_until(page, "email")
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    press_enter(page)


def answer_a_page_of_practices(page: Page) -> None:
    """Choose the second degree of the first question and the first of the next, with the arrows and the space bar."""
    tab_until(page, "org_strategy.L1.1")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    tab_until(page, "org_strategy.L1.2", most=6)
    page.keyboard.press("Space")
    tab_until(page, "回总览")
    press_enter(page)


def test_from_signing_in_to_the_result_with_the_keyboard_alone(desktop: Page, flask_app: Flask):
    firm = make_firm(flask_app)
    manager = make_user(flask_app, Role.FACTORY_MANAGER, firm_id=firm.id)
    diagnosis = make_diagnosis(flask_app, firm, {"uscc": firm.uscc, "production_type": "discrete"})

    sign_in_with_the_keyboard(desktop, manager.email)
    tab_until(desktop, "组织战略")
    press_enter(desktop)
    answer_a_page_of_practices(desktop)
    tab_until(desktop, "核对并提交")
    press_enter(desktop)
    tab_until(desktop, "去提交")
    desktop.keyboard.press("Enter")
    tab_until(desktop, "truthful", most=3)
    desktop.keyboard.press("Space")
    tab_until(desktop, "提交诊断", most=3)
    press_enter(desktop)

    expect(desktop).to_have_url(f"{desktop.url.split('/diagnoses')[0]}/diagnoses/{diagnosis.id}/result")
    expect(walk.heading(desktop)).to_be_visible()
    desktop.goto(f"/diagnoses/{diagnosis.id}/answers")
    expect(desktop.get_by_text("大部分满足")).to_have_count(1)
    expect(desktop.get_by_text("全部满足")).to_have_count(1)


def test_the_first_stop_skips_to_the_text(desktop: Page, flask_app: Flask):
    walk.sign_in(desktop, make_user(flask_app, Role.COMMISSION))
    desktop.goto("/firms")
    desktop.keyboard.press("Tab")
    expect(desktop.get_by_role("link", name="跳到正文")).to_be_focused()
    expect(desktop.get_by_role("link", name="跳到正文")).to_be_in_viewport()
    desktop.keyboard.press("Enter")

    expect(desktop.locator("main")).to_be_focused()
    desktop.keyboard.press("Tab")
    assert desktop.evaluate("() => document.querySelector('main').contains(document.activeElement)")


def test_a_password_may_be_pasted_and_filled_in_by_the_browser(desktop: Page, flask_app: Flask):
    manager = make_user(flask_app)
    desktop.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desktop.goto("/sign-in")
    for label, words in (("邮箱", manager.email), ("密码", PASSWORD)):
        desktop.evaluate("(words) => navigator.clipboard.writeText(words)", words)
        desktop.get_by_label(label).focus()
        desktop.keyboard.press("Control+V")

    assert desktop.get_by_label("邮箱").get_attribute("autocomplete") == "username"
    assert desktop.get_by_label("密码").get_attribute("autocomplete") == "current-password"
    press_enter(desktop)
    expect(desktop.get_by_role("button", name="退出")).to_be_visible()


# --- page by page -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("route", "shape"),
    [*((route, DESKTOP) for route in ONCE.values()), *((ONCE[name], PHONE) for name in STICKY)],
    ids=lambda one: str(one) if isinstance(one, Route) else str(one["viewport"]["width"]),
)
def test_tab_walks_through_a_page_in_its_order_and_every_stop_is_seen(route, shape, district, window_of):
    page = window_of(district.login(route), PHONE)
    page.set_viewport_size(shape["viewport"])
    page.emulate_media(reduced_motion="reduce")  # the page jumps to what has the focus and does not glide
    page.goto(district.address(route))
    stops = list(walk_with_tab(page))
    places = [stop["place"] for stop in stops]

    assert len(stops) > 2
    assert places == sorted(set(places)), "the order of the page; nothing holds the focus"
    assert [stop["name"] for stop in stops if not stop["seen"]] == []
    assert [(stop["name"], stop["under"]) for stop in stops if not stop["free"]] == []


def walk_with_tab(page: Page) -> Iterator[dict]:
    """Yield each stop until the focus leaves the page or begins anew; a date has several stops in one field."""
    first = last = None
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop is None or stop["place"] == first:
            return
        if stop["place"] != last:
            yield stop
        first, last = first or stop["place"], stop["place"]
