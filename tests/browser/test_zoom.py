"""For who needs things larger: twice the size, a window of 320 pixels, wider spacing; nothing is lost or cut off."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playwright.sync_api import Page

from app.access import Role
from tests.browser import walking as walk
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.pages import routes
from tests.factories import make_diagnosis, make_firm, make_user

pytestmark = pytest.mark.browser

ONCE = {route.endpoint: route for route in routes()}
TWICE_AS_LARGE = {"width": 640, "height": 450}  # a window of 1280 pixels at 200 %
NARROWEST = {"width": 320, "height": 640}  # a window of 1280 pixels at 400 %
# All words that can be seen, also those that the style sheet puts before a cell where the head of the table is gone.
WORDS_SEEN = """() => {
  const seen = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const words = walker.currentNode.data.trim(), holder = walker.currentNode.parentElement;
    const unseen = holder.closest(".visually-hidden, .skip, script");
    if (words && !unseen && holder.checkVisibility({visibilityProperty: true})) seen.add(words);
  }
  for (const cell of document.querySelectorAll("[data-label]")) {
    const label = getComputedStyle(cell, "::before").content;
    if (label !== "none" && cell.checkVisibility()) seen.add(cell.dataset.label);
  }
  return [...seen];
}"""
# Heads of tables that are cells one below the other on a narrow window: each cell says its own.
HEADS = """() => [...document.querySelectorAll(".table--stack thead th")].map((head) => head.textContent.trim())"""
# The map of tiles says what the table of districts beside it says in full.
MAP = """() => [...document.querySelectorAll(".board__map *")].map((one) => one.textContent.trim())"""
# What WCAG 1.4.12 asks for, put in so that the content policy of the page holds.
SPACED = """() => {
  const wide = new CSSStyleSheet();
  wide.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets = [wide];
}"""
# Words that reach beyond the box that holds them and are cut off there.
CUT_OFF = """() => [...document.querySelectorAll("body *")]
  .filter((one) => !one.closest(".visually-hidden, .skip, svg, thead") && one.textContent.trim())
  .filter((one) => ["hidden", "clip"].includes(getComputedStyle(one).overflowX) && one.checkVisibility())
  .filter((one) => one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)
  .map((one) => `${one.tagName}.${one.className}: ${one.innerText.slice(0, 40)}`)"""


def opened(window_of, district, route, language: str = "zh") -> Page:
    page = window_of(district.login(route), PHONE, language)
    page.set_viewport_size(DESKTOP["viewport"])
    page.goto(district.address(route))
    return page


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("route", ONCE.values(), ids=str)
def test_at_twice_and_four_times_the_size_nothing_is_lost_and_nothing_lies_beside_the_window(
    route, language, district, window_of
):
    page = opened(window_of, district, route, language)
    wide, told_otherwise = set(page.evaluate(WORDS_SEEN)), {*page.evaluate(HEADS), *page.evaluate(MAP)}
    page.set_viewport_size(TWICE_AS_LARGE)
    twice, beside_twice = set(page.evaluate(WORDS_SEEN)), walk.sideways(page)
    page.set_viewport_size(NARROWEST)

    assert wide - twice - told_otherwise == set()
    assert (beside_twice, walk.sideways(page)) == ([], [])


@pytest.mark.parametrize("route", ONCE.values(), ids=str)
def test_wider_spacing_of_the_text_cuts_nothing_off(route, district, window_of):
    page = opened(window_of, district, route)
    page.evaluate(SPACED)
    at_a_desk = page.evaluate(CUT_OFF), walk.sideways(page)
    page.set_viewport_size(PHONE["viewport"])

    assert at_a_desk == ([], [])
    assert (page.evaluate(CUT_OFF), walk.sideways(page)) == ([], [])


def test_the_page_glides_only_for_those_who_do_not_mind(desktop, flask_app):
    walk.sign_in(desktop, make_user(flask_app, Role.COMMISSION))
    glides = []
    for wish in ("no-preference", "reduce"):
        desktop.emulate_media(reduced_motion=wish)
        glides.append(desktop.evaluate("() => getComputedStyle(document.documentElement).scrollBehavior"))
    moving = desktop.evaluate(
        "() => [...document.querySelectorAll('*')].filter((one) => one.getAnimations().length"
        " || getComputedStyle(one).transitionDuration !== '0s').length"
    )

    assert glides == ["smooth", "auto"]
    assert moving == 0


# --- questions --------------------------------------------------------------------------------------------------------

# For each question: the left edge, the top and the height of each of its answers, and how many tables stand in it.
OPTIONS = """() => [...document.querySelectorAll(".question")].map((question) => ({
  id: question.id,
  tables: question.querySelectorAll("table, [role=grid], [role=table]").length,
  boxes: [...question.querySelectorAll(".fact > .option")].map((one) => one.getBoundingClientRect())
    .map(({left, top, height}) => [left, top, height]),
}))"""
PAGES_OF_CHOICES = (("org_strategy", "practices"), ("profile", "products"), ("sme_foundation", "networks_and_systems"))


@pytest.mark.parametrize("width", [320, 360, 640, 1280])
@pytest.mark.parametrize(("section", "page_id"), PAGES_OF_CHOICES)
def test_a_question_of_four_or_more_answers_is_a_list_and_never_a_matrix(desktop, flask_app, section, page_id, width):
    firm = make_firm(flask_app)
    diagnosis = make_diagnosis(flask_app, firm)
    walk.sign_in(desktop, make_user(flask_app, Role.FACTORY_MANAGER, firm_id=firm.id))
    desktop.set_viewport_size({"width": width, "height": 900})
    walk.open_page(desktop, diagnosis.id, section, page_id)
    asked = desktop.evaluate(OPTIONS)
    lists = [question["boxes"] for question in asked if len(question["boxes"]) >= 4]

    assert lists
    assert [question["id"] for question in asked if question["tables"]] == []
    for boxes in lists:
        assert len({left for left, _top, _height in boxes}) == 1, "one below the other"
        assert all(above[1] + above[2] <= below[1] for above, below in pairwise(boxes))
        assert min(height for _left, _top, height in boxes) >= 48
