"""A walk over pages of twelve questions, GET and POST, beside the same pages the stock way."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode
from uuid import UUID

from bench.figures import Figure, in_turn
from bench.our_page import long_pages, prepare
from bench.serving import free_port, wait_for
from questionnaires.model import Degree

RATIO_BAR, PEOPLE = 3.0, 4
SECONDS, PAIRS = 1.0, 21  # short ones in turn: the machine's own ups and downs meet both alike
DEGREES = tuple(Degree)
PROJECT = Path(__file__).resolve().parent.parent


def measure() -> list[Figure]:
    """Serve both from one worker, and count whole cycles of several people a second, in turn."""
    with TemporaryDirectory() as folder:
        _, walks = prepare(Path(folder), PEOPLE)
        with _served("bench.our_page:serve()", folder) as port:
            ours = [_Filler(port, walk.user, walk.ours) for walk in walks]
            stock = [_Filler(port, walk.user, walk.stock) for walk in walks]
            ours_rate, stock_rate, ratio = in_turn(
                lambda: _cycles_a_second(ours), lambda: _cycles_a_second(stock), PAIRS
            )
    return [
        Figure(
            "page of 12 questions",
            ours_rate,
            f"cycles/s (GET + POST, login, CSRF, audit; one worker, {PEOPLE} people)",
            f"the same page with stock WTForms widgets and ORM saves {stock_rate:.1f}/s",
            ratio,
            f"ratio >= {RATIO_BAR}",
            ratio >= RATIO_BAR,
        )
    ]


def _cycles_a_second(fillers: list[_Filler]) -> float:
    """Let all fill in at the same time, so that the worker never waits for the one who asks."""
    start = time.perf_counter()
    with ThreadPoolExecutor(len(fillers)) as people:
        cycles = sum(people.map(lambda filler: filler.cycles_until(start + SECONDS), fillers))
    return cycles / (time.perf_counter() - start)


@contextmanager
def _served(application: str, folder: str) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--workers", "1", "--worker-class", "gthread", "--threads", "1"]
    command += ["--keep-alive", "60", "--bind", f"127.0.0.1:{port}", "--log-level", "error", application]
    server = subprocess.Popen(command, cwd=PROJECT, env=os.environ | {"BENCH_FOLDER": folder})
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(10)


class _Filler:
    """Signs in once, then reads and saves one page after another as a person does, each round with other answers."""

    def __init__(self, port: int, user: UUID, pages: list[str]) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port)
        names = ([question.facts[0].id for question in page.questions] for page in long_pages().values())
        self.walk, self.turn = list(zip(pages, names, strict=True)), 0
        self.cookies: dict[str, str] = {}
        self._ask("GET", f"/bench-sign-in/{user}")

    def cycles_until(self, end: float) -> int:
        count = 0
        while time.perf_counter() < end:
            self._cycle()
            count += 1
        return count

    def _cycle(self) -> None:
        page, names = self.walk[self.turn % len(self.walk)]
        status, shown = self._ask("GET", page)
        hidden = dict(re.findall(r'name="(csrf_token|revision)"[^>]* value="([^"]*)"', shown))
        if status != 200 or "csrf_token" not in hidden:
            raise SystemExit(f"bench page: {page} answered {status}")
        self.turn += 1
        code = DEGREES[self.turn % len(DEGREES)]
        status, _ = self._ask("POST", page, urlencode(hidden | dict.fromkeys(names, code)))
        if status != 302:
            raise SystemExit(f"bench page: saving answered {status}")

    def _ask(self, method: str, address: str, body: str | None = None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.line.request(method, address, body, headers)
        answer = self.line.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
        return answer.status, answer.read().decode()
