"""Every page that a role may open fits a phone and a desk and is put together soundly."""

from __future__ import annotations

import pytest

from tests.browser import walking as walk
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.pages import Route, routes

pytestmark = pytest.mark.browser

# What is put together wrongly: identities that repeat, fields without a name, a crowded head, skipped headings.
UNSOUND = """() => {
  const faults = [], seen = new Set();
  for (const {id} of document.querySelectorAll("[id]")) {
    if (seen.has(id)) faults.push(`id ${id} repeats`);
    seen.add(id);
  }
  for (const field of document.querySelectorAll("input:not([type=hidden], [hidden]), select, textarea")) {
    const named = field.labels.length || field.getAttribute("aria-label") || field.getAttribute("aria-labelledby");
    if (!named) faults.push(`field ${field.name} has no name`);
  }
  for (const link of document.querySelectorAll("a[href], button")) {
    if (!link.textContent.trim() && !link.getAttribute("aria-label")) faults.push(`${link.outerHTML} has no words`);
  }
  const ways = [...document.querySelectorAll(".head a, .head button, .saved")]
    .filter((one) => !one.matches(".skip, .visually-hidden"));
  const boxes = ways.map((one) => one.getBoundingClientRect());
  boxes.forEach((box, place) => boxes.slice(place + 1).forEach((other) => {
    const beside = box.right <= other.left || other.right <= box.left;
    const below = box.bottom <= other.top || other.bottom <= box.top;
    if (!beside && !below) faults.push(`${ways[place].innerText} lies under something else of the head`);
  }));
  const depths = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map((one) => Number(one.tagName[1]));
  if (depths.filter((depth) => depth === 1).length !== 1) faults.push("not exactly one h1");
  depths.forEach((depth, place) => {
    if (depth > (depths[place - 1] ?? 0) + 1) faults.push(`heading ${place} skips a step`);
  });
  for (const part of document.querySelectorAll("[aria-labelledby], [aria-describedby]")) {
    const names = [part.getAttribute("aria-labelledby"), part.getAttribute("aria-describedby")].join(" ").split(" ");
    for (const name of names) if (name && !document.getElementById(name)) faults.push(`${name} is named and missing`);
  }
  return faults;
}"""


@pytest.mark.parametrize("route", routes(), ids=str)
def test_a_page_fits_phone_and_desk_and_is_put_together_soundly(route: Route, district, window_of, watch):
    page = window_of(district.login(route), PHONE)
    before = len(watch.faults)

    page.set_viewport_size(PHONE["viewport"])
    answer = page.goto(district.address(route))

    assert (answer.status, walk.sideways(page), page.evaluate(UNSOUND)) == (200, [], [])
    page.set_viewport_size(DESKTOP["viewport"])
    assert walk.sideways(page) == []
    assert watch.faults[before:] == []
