"""One page of twelve questions, GET and POST, beside the same page with stock WTForms widgets and ORM saves."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from bench.figures import Figure, in_turn
from bench.our_page import long_page, prepare
from questionnaires.model import Degree

SECONDS, RATIO_BAR = 4.0, 3.0
DEGREES = tuple(Degree)
PROJECT = Path(__file__).resolve().parent.parent


def measure() -> list[Figure]:
    """Serve both pages from one worker with one thread, and count whole cycles a second, in turn."""
    with TemporaryDirectory() as folder:
        _, ours, stock = prepare(Path(folder))
        with _served("bench.our_page:serve()", folder) as port:
            mine, theirs = _Filler(port, ours), _Filler(port, stock)
            ours_rate, stock_rate, ratio = in_turn(mine.cycles_a_second, theirs.cycles_a_second)
    return [
        Figure(
            "page of 12 questions",
            ours_rate,
            "cycles/s (GET + POST, login, CSRF, audit; one worker)",
            f"the same page with stock WTForms widgets and ORM saves {stock_rate:.1f}/s",
            ratio,
            f"ratio >= {RATIO_BAR}",
            ratio >= RATIO_BAR,
        )
    ]


@contextmanager
def _served(application: str, folder: str) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--workers", "1", "--worker-class", "gthread", "--threads", "1"]
    command += ["--keep-alive", "60", "--bind", f"127.0.0.1:{port}", "--log-level", "error", application]
    server = subprocess.Popen(command, cwd=PROJECT, env=os.environ | {"BENCH_FOLDER": folder})
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("bench page: the server did not start")


class _Filler:
    """Signs in once, then reads and saves the page again and again, every time with other answers."""

    def __init__(self, port: int, page: str) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port)
        self.names = [question.facts[0].id for question in long_page().questions]
        self.page, self.turn = page, 0
        self.cookies: dict[str, str] = {}
        self._ask("GET", "/bench-sign-in")

    def cycles_a_second(self) -> float:
        count, start = 0, time.perf_counter()
        while time.perf_counter() - start < SECONDS:
            self._cycle()
            count += 1
        return count / (time.perf_counter() - start)

    def _cycle(self) -> None:
        status, shown = self._ask("GET", self.page)
        hidden = dict(re.findall(r'name="(csrf_token|revision)"[^>]* value="([^"]*)"', shown))
        if status != 200 or "csrf_token" not in hidden:
            raise SystemExit(f"bench page: {self.page} answered {status}")
        self.turn += 1
        code = DEGREES[self.turn % 4]
        status, _ = self._ask("POST", self.page, urlencode(hidden | dict.fromkeys(self.names, code)))
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
