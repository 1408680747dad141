"""What Locust runs: people who replay the recorded journey, each with an account, a firm and a pace of his own.

Every answer is looked at as the browser's script would: what a browser would show as a fault counts as a failure. The
statistics tell what happened before everybody had opened a page from what is measured after that.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

import gevent
from locust import FastHttpUser, events, task
from locust.env import Environment
from locust.exception import StopUser

from bench import journey
from bench.journey import PACES, SEEN, Asset, Kind, Step

JOURNEY = journey.read()
BEFORE = ", before"  # after the name of whatever was asked while not all were there
CONNECTIONS = 6  # as many as a browser opens
HOST = "zhizhen.example"
FORM = "application/x-www-form-urlencoded"
PERCENTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
Check = Callable[["Filler", Step, Any], str]


class Crowd:
    """Everybody together: when the last one has opened his first page, the measured time begins."""

    def __init__(self, environment: Environment) -> None:
        self.environment, self.given = environment, environment.parsed_options
        people = json.loads(Path(self.given.people).read_text(encoding="utf-8"))
        self.people: Iterator[tuple[int, dict[str, str]]] = iter(enumerate(people))
        self.waited_for = self.walking = len(people)
        self.began: float | None = None
        self.acknowledged: list[dict[str, object]] = []

    def arrives(self) -> None:
        self.waited_for -= 1
        if self.waited_for == 0:
            self.began = time.monotonic()
            gevent.spawn_later(self.given.measured, self.environment.runner.quit)

    def leaves(self) -> None:
        self.walking -= 1
        if self.walking == 0:  # everybody left
            gevent.spawn(self.environment.runner.quit)

    def name_of(self, kind: Kind) -> str:
        return str(kind) if self.began is not None else f"{kind}{BEFORE}"

    def tell(self) -> None:
        """Write down what Locust counted, and every answer that a person was told is kept."""
        stats = self.environment.stats
        told = {
            "seconds": time.monotonic() - self.began if self.began is not None else 0,
            "left_early": self.given.num_users - self.walking,
            "asked": [
                {"name": entry.name, "count": entry.num_requests, "failed": entry.num_failures}
                | {name: entry.get_response_time_percentile(part) for name, part in PERCENTILES.items()}
                | {"max": entry.max_response_time}
                for entry in stats.entries.values()
            ],
            "failures": [f"{one.occurrences} x {one.name}: {one.error}" for one in stats.errors.values()],
            "acknowledged": self.acknowledged,
        }
        Path(self.given.told).write_text(json.dumps(told), encoding="utf-8")


@events.init_command_line_parser.add_listener
def _options(parser: Any) -> None:
    parser.add_argument("--people", required=True, help="file with address and password of everybody")
    parser.add_argument("--told", required=True, help="file for what is found")
    parser.add_argument("--measured", type=float, required=True, help="seconds from when everybody is there")
    parser.add_argument("--unhurried", action="store_true", default=False, help="nobody waits between two steps")


@events.init.add_listener
def _gather(environment: Environment, **_: object) -> None:
    environment.crowd = Crowd(environment)  # type: ignore[attr-defined]


@events.quitting.add_listener
def _tell(environment: Environment, **_: object) -> None:
    environment.crowd.tell()  # type: ignore[attr-defined]


class Filler(FastHttpUser):
    """One person with a browser."""

    concurrency = CONNECTIONS

    def on_start(self) -> None:
        self.crowd: Crowd = self.environment.crowd
        number, self.login = next(self.crowd.people)
        self.pace = 0.0 if self.crowd.given.unhurried else Random(number).uniform(*PACES)
        self.identities: dict[str, str] = {}
        self.told: dict[str, str] = dict(self.login)  # what fields in braces stand for
        self.seen: dict[str, int] = {}  # fact -> the save at which this page last knew it
        self.saves: int | None = None  # the newest save number this person was told
        self.etags: dict[str, str] = {}  # of what a page loads, by its address without a query
        self.named: dict[str, str] = {}  # that address -> the whole of it, as the last page names it
        self.leads_to, self.arrived = "", False
        self.client.client.redirect_response_codes = frozenset()
        self.client.cookiejar.set_policy(DefaultCookiePolicy(secure_protocols=("http", "https")))  # the front has HTTPS
        # What the web server in front says of everybody.
        self.front = {
            "X-Forwarded-For": f"10.0.{number // 250}.{number % 250 + 1}",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-Host": HOST,
        }

    @task
    def walk(self) -> None:
        for step in JOURNEY.steps:
            gevent.sleep(step.think_s * self.pace)
            self._take(step)
        self._leave()

    def _take(self, step: Step) -> None:
        path = journey.filled(step.path, self.identities)
        body = urlencode([(name, self._value(name, value)) for name, value in step.fields]) or None
        with self.client.request(
            step.method,
            path,
            name=self.crowd.name_of(step.kind),
            data=body,
            headers=self._headers(step, path),
            catch_response=True,
        ) as response:
            wrong = self._wrong(step, path, response)
            if wrong:
                response.failure(wrong)
        if wrong and step.kind is not Kind.ANSWER:
            self._leave()  # there is no page to go on from; the failure is counted
        if step.assets:
            self.named |= journey.assets_in(response.text)
            gevent.joinall([gevent.spawn(self._load, asset) for asset in step.assets])
        if step.kind is Kind.PAGE:
            self._arrive()

    def _arrive(self) -> None:
        if not self.arrived:
            self.arrived = True
            self.crowd.arrives()

    def _leave(self) -> None:
        self._arrive()  # nobody waits for one who does not come
        self.crowd.leaves()
        raise StopUser

    def _value(self, name: str, value: str) -> str:
        if value == "{seen}":
            return str(self.seen.get(name.removesuffix(SEEN), self.told["revision"]))
        return self.told[value[1:-1]] if value.startswith("{") else value

    def _headers(self, step: Step, path: str) -> dict[str, str]:
        headers = self.front | {"Accept": "application/json" if step.kind in (Kind.ANSWER, Kind.NOTES) else "text/html"}
        if step.method == "POST":
            headers |= {"Content-Type": FORM, "Referer": f"https://{HOST}{path.removesuffix('/answers')}"}
        return headers

    def _load(self, asset: Asset) -> None:
        known = {"If-None-Match": self.etags[asset.path]} if asset.known else {}
        address, name = self.named.get(asset.path, asset.path), self.crowd.name_of(Kind.ASSET)
        with self.client.get(address, name=name, headers=self.front | known, catch_response=True) as response:
            if response.status_code != (304 if known else 200):
                response.failure(f"{asset.path} answered {response.status_code}")
            self.etags[asset.path] = response.headers["ETag"] if response.headers else ""

    # --- looking at what came ------------------------------------------------------------------------------------

    def _wrong(self, step: Step, path: str, response: Any) -> str:
        """Return what is not as it has to be, or nothing."""
        if self.leads_to and path != self.leads_to:
            return f"the answer before led to {self.leads_to} and not to {path}"
        status, self.leads_to = response.status_code, ""
        if status == 302:
            self.leads_to = response.headers["Location"]
        check, expected = CHECKS[step.kind]
        if status != expected:
            return f"answered {status or getattr(response, 'error', '')!r}"
        return check(self, step, response)

    def _redirected(self, _step: Step, _response: Any) -> str:
        self.identities |= journey.diagnosis_in(self.leads_to)
        return "" if self.leads_to.startswith("/") else f"leads to {self.leads_to!r}"

    def _sign_in_page(self, _step: Step, response: Any) -> str:
        self.told |= journey.hidden_in(response.text)
        return "" if "token" in self.told else "the sign-in page has no form"

    def _overview(self, _step: Step, response: Any) -> str:
        self.identities |= journey.subjects_in(response.text)
        return "" if "subject1" in self.identities else "the overview names no part of the firm"

    def _notes(self, _step: Step, response: Any) -> str:
        return "" if response.headers["Content-Type"] == "application/json" else "no counts came"

    def _page(self, step: Step, response: Any) -> str:
        page = response.text
        self.told |= (hidden := journey.hidden_in(page))
        self.seen = {}
        if hidden.keys() != {"token", "revision"} or "data-who=" not in page:
            return "the page has no form that saves"
        if missing := [fact for fact in ASKED[step.path] if f'name="{fact}"' not in page]:
            return f"the page does not ask {missing}"
        before, self.saves = self.saves, int(hidden["revision"])
        return "" if before in (None, self.saves) else f"the page shows save {self.saves}, after save {before}"

    def _answer(self, step: Step, response: Any) -> str:
        told = response.json()
        if any(told[name] for name in ("errors", "conflicts", "others", "contradictions")):
            return f"not simply kept: {response.text}"
        if tuple(sorted(told["kept"])) != step.facts:
            return f"kept {sorted(told['kept'])} of {step.facts}"
        if told["revision"] != int(self.saves or 0) + 1:
            return f"save {told['revision']} after save {self.saves}"
        self.saves = told["revision"]
        self.seen |= told["kept"]
        self._note(step, told["kept"])
        return ""

    def _note(self, step: Step, kept: dict[str, int]) -> None:
        subject = journey.filled(step.path, self.identities).split("/")[5]
        typed = dict(step.fields)
        self.crowd.acknowledged += [
            {"diagnosis": self.identities["diagnosis"], "subject": subject, "fact": fact}
            | {"typed": typed[fact], "revision": revision}
            for fact, revision in kept.items()
        ]


CHECKS: dict[Kind, tuple[Check, int]] = {
    Kind.SIGN_IN_PAGE: (Filler._sign_in_page, 200),
    Kind.SIGN_IN: (Filler._redirected, 302),
    Kind.WAY: (Filler._redirected, 302),
    Kind.OVERVIEW: (Filler._overview, 200),
    Kind.PAGE: (Filler._page, 200),
    Kind.NOTES: (Filler._notes, 200),
    Kind.ANSWER: (Filler._answer, 200),
    Kind.NEXT: (Filler._redirected, 302),
}
# Page -> the facts that the journey answers on it.
ASKED = {
    page.path: {fact for step in JOURNEY.steps if step.path == f"{page.path}/answers" for fact in step.facts}
    for page in JOURNEY.steps
    if page.kind is Kind.PAGE
}
