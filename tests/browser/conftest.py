"""A real Chromium before a real server. Whatever a journey does, the browser may not complain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

from tests.browser import walking as walk
from tests.browser.chromium import SWITCHES, find
from tests.browser.pages import District, district_of
from tests.browser.site import Site, open_site

DESKTOP = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}
PATIENCE_MS = 15_000
Opener = Callable[..., Page]


@dataclass  # without slots: Playwright writes on the object whose methods it calls
class Watch:
    """Writes down what a browser complains of, and whom it asks besides our server."""

    address: str
    faults: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("request", self._on_request)
        context.on("response", self._on_response)

    def _on_console(self, message: ConsoleMessage) -> None:
        # What a page says by its status is judged by `_on_response`; the console repeats it.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console: {message.text}")

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", "data:", "blob:")):
            self.faults.append(f"another host: {request.url}")

    def _on_response(self, response: Response) -> None:
        # A page, and a script that asks, say in words what was refused; what a page merely loads has to be there.
        asked = response.request.is_navigation_request() or response.request.resource_type in ("xhr", "fetch")
        worst = 500 if asked else 400
        if response.status >= worst:
            self.faults.append(f"status {response.status}: {response.url}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    found = find()
    if found is None:
        pytest.skip("no journey without a browser: install Chromium (apt-get install chromium) and run the tests again")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(SWITCHES))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("site")) as opened:
        yield opened


@pytest.fixture
def flask_app(site: Site) -> Flask:
    """The application for making rows, on the database that the server reads."""
    return site.flask_app


# --- journeys ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def open_browser(chromium: Browser, site: Site) -> Iterator[Opener]:
    """Open one more browser that shares nothing with the others; at the end none of them may have complained."""
    watch, opened = Watch(site.address), list[Page]()

    def opens(**shape: Any) -> Page:
        opened.append(new_page(chromium, site, watch, shape or DESKTOP))
        return opened[-1]

    yield opens
    for page in opened:
        page.context.close()

    assert watch.faults == []


def new_page(chromium: Browser, site: Site, watch: Watch, shape: dict[str, Any]) -> Page:
    context = chromium.new_context(base_url=site.address, locale="zh-CN", **shape)
    context.set_default_timeout(PATIENCE_MS)
    watch.over(context)
    return context.new_page()


@pytest.fixture
def desktop(open_browser: Opener) -> Page:
    return open_browser(**DESKTOP)


@pytest.fixture
def phone(open_browser: Opener) -> Page:
    return open_browser(**PHONE)


# --- one window for each person, for the tests that only look at pages ------------------------------------------------


@pytest.fixture(scope="session")
def district(site: Site) -> District:
    return district_of(site)


@pytest.fixture(scope="session")
def watch(site: Site) -> Watch:
    """What the windows below complain of."""
    return Watch(site.address)


@pytest.fixture(scope="session")
def window_of(chromium: Browser, site: Site, watch: Watch) -> Iterator[Opener]:
    """Return the window of a person who has signed in, or of a visitor; each person signs in once for each shape."""
    windows: dict[object, Page] = {}

    def window(who: tuple[str, str] | None, shape: dict[str, Any], language: str = "zh") -> Page:
        key = (who, "is_mobile" in shape, shape.get("java_script_enabled", True), language)
        if key not in windows:
            windows[key] = new_page(chromium, site, watch, shape)
            if language == "en":
                walk.choose_english(windows[key])  # before signing in: it holds in this window, not in the others
            if who:
                walk.sign_in(windows[key], who)
        return windows[key]

    yield window
    for page in windows.values():
        page.context.close()
