"""What people do on the pages, in their words; a journey is a list of these."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page, expect

from app.accounts.models import User
from tests.factories import PASSWORD

# How far a page reaches beyond its window, and what reaches there.
SIDEWAYS = """() => {
  const edge = document.documentElement.clientWidth;
  const beyond = document.documentElement.scrollWidth - edge;
  if (beyond <= 0) return [];
  const far = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > edge + 1);
  return [`${beyond} px`, ...far.slice(0, 5).map((one) => `${one.tagName}.${one.className.baseVal ?? one.className}`)];
}"""


# --- coming and going -------------------------------------------------------------------------------------------------


def sign_in(page: Page, who: User | tuple[str, str]) -> None:
    """Sign in through the page, from wherever the browser is, in the language that it shows."""
    email, password = (who.email, PASSWORD) if isinstance(who, User) else who
    if "/sign-in" not in page.url:
        page.goto("/sign-in")
    type_who(page, email, password)
    expect(page.get_by_role("button", name=re.compile("^(退出|Sign out)$"))).to_be_visible()


def type_who(page: Page, email: str, password: str = PASSWORD) -> None:
    page.get_by_label(re.compile("^(邮箱或手机号|E-mail or phone number)$")).fill(email)
    page.get_by_label(re.compile("^(密码|Password)$")).fill(password)
    page.get_by_role("button", name=re.compile("^(登录|Sign in)$")).click()


def choose_english(page: Page) -> None:
    """Choose English for this window, before anybody signs in."""
    page.goto("/sign-in")
    with page.expect_navigation():
        press(page, "English")


def open_link(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).first.click()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


@contextmanager
def saying_yes(page: Page) -> Iterator[None]:
    """Agree when a dangerous button asks once more."""
    page.once("dialog", lambda dialog: dialog.accept())
    yield


# --- the firm ---------------------------------------------------------------------------------------------------------


def add_factory(page: Page, name: str) -> None:
    _add(page.get_by_role("region", name="增加工厂"), "增加工厂", name)
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def add_workshop(page: Page, factory: str, name: str) -> None:
    card = page.get_by_role("region", name=factory, exact=True)
    _add(card, "增加车间", name)
    expect(card.get_by_role("listitem").filter(has_text=name)).to_be_visible()


def _add(card: Locator, label: str, name: str) -> None:
    card.get_by_label(label).fill(name)
    card.get_by_role("button", name="增加", exact=True).click()


# --- questions --------------------------------------------------------------------------------------------------------


def question(page: Page, fact: str) -> Locator:
    return page.locator(f'[id="{fact}"]')


def choose(page: Page, fact: str, words: str) -> None:
    """Choose the answer that begins with these words; like a finger, press the words and not the small circle."""
    question(page, fact).locator(".option").filter(has_text=re.compile(rf"^\s*{words}")).click()


def field(page: Page, fact: str) -> Locator:
    return page.locator(f'[id="{fact}-field"]')


def save(page: Page, button: str = "保存，下一页") -> None:
    """Save the page and wait for what the server answers."""
    with page.expect_navigation():
        press(page, button)


def open_page(page: Page, diagnosis: object, section: str, page_id: str, subject: object = "firm") -> None:
    page.goto(f"/diagnoses/{diagnosis}/fill/{section}/{subject}/{page_id}")


# --- looking ----------------------------------------------------------------------------------------------------------


def sideways(page: Page) -> list[str]:
    """Return how far the page must be scrolled sideways and why; nothing where it fits its window."""
    found: list[str] = page.evaluate(SIDEWAYS)
    return found


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)
