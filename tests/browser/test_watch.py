"""The watch over the browsers notices what it is there for; otherwise every journey would pass in silence."""

from __future__ import annotations

import pytest

from tests.browser.conftest import DESKTOP, Watch, new_page

pytestmark = pytest.mark.browser


def test_an_inline_style_a_foreign_picture_and_a_script_fault_are_noticed(chromium, site):
    watch = Watch(site.address)
    page = new_page(chromium, site, watch, DESKTOP)
    page.goto("/sign-in")

    assert watch.faults == []
    page.evaluate("() => document.body.setAttribute('style', 'color: red')")
    page.evaluate("() => { new Image().src = 'https://example.com/mark.png'; }")
    with page.expect_event("pageerror"):
        page.evaluate("() => { setTimeout(() => { throw new Error('a fault of a script'); }); }")
    page.context.close()

    noticed = " ".join(watch.faults)
    assert all(words in noticed for words in ("inline style", "https://example.com/mark.png", "a fault of a script"))
