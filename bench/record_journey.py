"""Record the journey that `ONLY=load make bench` replays: `python -m bench.record_journey`; takes five minutes.

A real Chromium fills in at the pace of a person, and what reaches the server is written down as it comes. To be done
again when the pages ask for other things than before.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from urllib.parse import parse_qsl

from playwright.sync_api import Locator, Page, expect, sync_playwright
from werkzeug.serving import make_server

from bench.installation import PASSWORD, WALKED, Installation, install
from bench.journey import SEEN, Asset, Journey, Kind, Step, diagnosis_in, subjects_in, write
from tests.browser.chromium import SWITCHES, find
from tests.browser.conftest import DESKTOP, PATIENCE_MS

ANSWER_S, READING_S = (3.2, 4.8), (6.0, 12.0)  # between two answers; before the first one of a page
PACE = "an answer every 3.2 to 4.8 s, 6 to 12 s of reading on each new page"
KEY_MS = 130
PAGES = 10
FIGURES = ("48", "30", "24", "16")  # falling, so that no part is more than its whole
DAYS, CODES = ("2025-03-31", "2026-03-31"), ("full", "mostly", "partly", "yes")
Environ = dict[str, object]


@dataclass(frozen=True, slots=True)
class Heard:
    """One request as it came, and what was answered."""

    began: float
    ended: float
    method: str
    path: str
    wanted_as: str  # document, style, script, manifest, image, or empty for a script's own request
    known: bool
    fields: tuple[tuple[str, str], ...]
    status: int
    body: bytes


class Ear:
    """Stands before the application and writes down everything that is asked of it."""

    def __init__(self, application: object) -> None:
        self.application, self.heard = application, list[Heard]()

    def __call__(self, environ: Environ, start_response: object) -> Iterable[bytes]:
        began, answered = time.monotonic(), list[int]()
        posted = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))  # type: ignore[attr-defined]
        environ["wsgi.input"] = BytesIO(posted)
        environ.pop("HTTP_ACCEPT_ENCODING", None)  # what is answered is read here as well

        def start(status: str, *rest: object) -> object:
            answered.append(int(status[:3]))
            return start_response(status, *rest)  # type: ignore[operator]

        body = b"".join(self.application(environ, start))  # type: ignore[operator]
        self.heard.append(_heard(environ, began, posted, answered[0], body))
        return [body]


def _heard(environ: Mapping[str, object], began: float, posted: bytes, status: int, body: bytes) -> Heard:
    query = environ.get("QUERY_STRING")
    return Heard(
        began=began,
        ended=time.monotonic(),
        method=str(environ["REQUEST_METHOD"]),
        path=f"{environ['PATH_INFO']}?{query}" if query else str(environ["PATH_INFO"]),
        wanted_as=str(environ.get("HTTP_SEC_FETCH_DEST", "")).replace("empty", ""),
        known="HTTP_IF_NONE_MATCH" in environ,
        fields=tuple(parse_qsl(posted.decode(), keep_blank_values=True)),
        status=status,
        body=body,
    )


# --- the person -------------------------------------------------------------------------------------------------------


def _walk(page: Page, address: str, email: str) -> None:
    chance = Random(90)
    page.goto(f"{address}/sign-in")
    page.get_by_label("邮箱").press_sequentially(email, delay=KEY_MS)
    page.get_by_label("密码").press_sequentially(PASSWORD, delay=KEY_MS)
    page.get_by_role("button", name="登录", exact=True).click()
    _think(page, chance, READING_S)
    page.locator(f'a.list__row[href*="/fill/{WALKED[0]}/"]').click()
    for _page in range(PAGES):
        _fill_in(page, chance)
        address_before = page.url
        page.get_by_role("button", name="保存，下一页", exact=True).click()
        page.wait_for_url(lambda url, before=address_before: url != before)
    expect(page.locator("form[data-ready]")).to_be_visible()


def _fill_in(page: Page, chance: Random) -> None:
    expect(page.locator("form[data-ready]")).to_be_visible()
    _think(page, chance, READING_S)
    figures, days = iter(FIGURES), iter(DAYS)
    for box in page.locator(".fact").all():
        _answer(box, figures, days, chance)
        _think(page, chance, ANSWER_S)
    expect(page.locator("#saved")).to_contain_text("✓ 已保存")


def _answer(box: Locator, figures: Iterator[str], days: Iterator[str], chance: Random) -> None:
    if (one := box.locator("select")).count():
        one.select_option(index=3)
    elif (one := box.locator('input[placeholder^="20"]')).count():
        _type(one, next(days))
    elif (one := box.locator("input[inputmode]")).count():
        _type(one, next(figures))
    else:
        options = box.locator(",".join(f'.option:has(input[value="{code}"])' for code in CODES))
        options.nth(chance.randrange(options.count())).click()


def _type(field: Locator, words: str) -> None:
    field.press_sequentially(words, delay=KEY_MS)
    field.press("Tab")


def _think(page: Page, chance: Random, between: tuple[float, float]) -> None:
    page.wait_for_timeout(1000 * chance.uniform(*between))


# --- from what was heard to a journey ---------------------------------------------------------------------------------


def _journey(heard: list[Heard], site: Installation, browser: str) -> Journey:
    [overview] = [one for one in heard if _kind(one) is Kind.OVERVIEW]
    identities = diagnosis_in(overview.path) | subjects_in(overview.body.decode())
    names = {value: f"{{{name}}}" for name, value in identities.items()}
    names |= {site.emails[0]: "{email}", PASSWORD: "{password}"}
    steps: list[Step] = []
    ended = heard[0].began
    for one in sorted(heard, key=lambda each: each.began):
        if _kind(one) is Kind.ASSET:
            steps[-1] = _with_asset(steps[-1], Asset(one.path.partition("?")[0], one.known))
        else:
            steps.append(_step(one, one.began - ended, names))
        ended = max(ended, one.ended)
    return Journey(PACE, browser, tuple(steps))


def _with_asset(step: Step, asset: Asset) -> Step:
    return Step(step.think_s, step.kind, step.method, step.path, step.fields, (*step.assets, asset))


def _step(one: Heard, think_s: float, names: Mapping[str, str]) -> Step:
    fields = tuple((name, _blank(name, value, names)) for name, value in one.fields)
    return Step(round(max(0.0, think_s), 2), _kind(one), one.method, _without(one.path, names), fields)


def _blank(name: str, value: str, names: Mapping[str, str]) -> str:
    if name.endswith(SEEN):
        return "{seen}"
    return {"csrf_token": "{token}", "revision": "{revision}"}.get(name, names.get(value, value))


def _without(path: str, names: Mapping[str, str]) -> str:
    for value, name in names.items():
        path = path.replace(value, name)
    return path


def _kind(one: Heard) -> Kind:
    post, parts = one.method == "POST", one.path.strip("/").split("/")
    if one.wanted_as not in ("", "document"):
        return Kind.ASSET
    if parts == ["sign-in"]:
        return Kind.SIGN_IN if post else Kind.SIGN_IN_PAGE
    if parts[0] != "diagnoses":
        return Kind.WAY
    if "fill" not in parts:
        return Kind.OVERVIEW
    if parts[-1] == "answers":
        return Kind.ANSWER
    if one.path.endswith("/notes"):
        return Kind.NOTES
    return Kind.NEXT if post else Kind.PAGE


@contextmanager
def _heard_by(site: Installation) -> Iterator[tuple[str, Ear]]:
    ear = Ear(site.flask_app.wsgi_app)
    site.flask_app.wsgi_app = ear  # type: ignore[method-assign, assignment]
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, site.flask_app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", ear
    server.shutdown()


def main() -> None:
    """Walk, listen and write the journey down."""
    chromium = find()
    if chromium is None:
        raise SystemExit("bench record_journey needs Chromium: script/setup --with-tests installs it")
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = install(Path(folder), 1)
        browser = playwright.chromium.launch(executable_path=chromium, args=list(SWITCHES))
        with _heard_by(site) as (address, ear):
            context = browser.new_context(locale="zh-CN", **DESKTOP)
            context.set_default_timeout(PATIENCE_MS)
            _walk(context.new_page(), address, site.emails[0])
        made = _journey(ear.heard, site, f"Chromium {browser.version.split('.')[0]}")
        browser.close()
    if wrong := [one for one in ear.heard if one.status >= 400]:
        raise SystemExit(f"bench record_journey: {wrong[0].path} answered {wrong[0].status}; nothing was written")
    write(made)
    print(f"{len(made.steps)} steps, {made.count(Kind.ANSWER)} answers, {made.thinking_s:.0f} s of thinking")


if __name__ == "__main__":
    main()
