"""English, chosen on the overview, holds on every page that a firm goes to from there."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from app.access import Role
from tests.browser import walking as walk
from tests.browser.conftest import PHONE
from tests.factories import make_diagnosis, make_firm, make_user

pytestmark = pytest.mark.browser

# Without the result and the reports: they name Chinese papers, which tests/app/test_translations.py tells apart.
EVIDENCE = "/fill/org_strategy/firm/evidence/org_strategy.L1.1"
PAGES = (
    "",
    "/fill/org_strategy/firm/practices",
    "/fill/profile/firm/products",
    "/answers",
    "/tailoring",
    "/import",
    "/evidence",
    EVIDENCE,
)
# All that a reader sees or hears: texts, titles, names and hints. The button of the other language is in that language.
WORDS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [document.title];
  while (walker.nextNode()) {
    if (!walker.currentNode.parentElement.closest("script, style, [lang=zh-CN]")) found.push(walker.currentNode.data);
  }
  for (const one of document.body.querySelectorAll("*")) {
    for (const name of ["aria-label", "title", "placeholder", "data-ask"]) found.push(one.getAttribute(name) ?? "");
  }
  return found;
}"""
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


def chinese_left(page: Page) -> list[str]:
    return [words.strip() for words in page.evaluate(WORDS) if CHINESE.search(words)]


def test_english_chosen_on_the_overview_leaves_no_chinese_on_the_pages_of_a_firm_and_fits_a_phone(desktop, flask_app):
    firm = make_firm(flask_app, {"Plant 1": ("Press shop",)}, name="Example Pressing Works")
    manager = make_user(flask_app, Role.FACTORY_MANAGER, firm_id=firm.id, name="Wang")
    diagnosis = make_diagnosis(flask_app, firm)

    walk.sign_in(desktop, manager)
    with desktop.expect_navigation():
        walk.press(desktop, "English")

    assert desktop.url.endswith(f"/diagnoses/{diagnosis.id}")
    assert desktop.locator("html").get_attribute("lang") == "en"
    for page in PAGES:
        desktop.goto(f"/diagnoses/{diagnosis.id}{page}")
        desktop.set_viewport_size(PHONE["viewport"])
        assert (page, chinese_left(desktop), walk.sideways(desktop)) == (page, [], [])
