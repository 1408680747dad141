"""One window of one person: what the script of the page of questions does, and everything that goes wrong with it."""

from __future__ import annotations

import http.client
import json
import random
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import UUID

from questionnaires.model import Degree

SECTION, PAGE, FACTS = "data", "levels_1_2", ("data.L1.1", "data.L1.2", "data.L2.1", "data.L2.2")
ANSWERS = (*(degree.value for degree in Degree), "?")
ROUNDS = 5  # answers that one window gives
BREAKS, DOUBLES, ENDS, SLOW = 0.12, 0.10, 0.04, 0.10  # how often what goes wrong
GIVES_UP_AFTER_S = 120.0


@dataclass(frozen=True, slots=True)
class Filling:
    """One diagnosis and the people who fill it in, by the identities of the database and of the address."""

    diagnosis: str
    address: str
    users: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Sent:
    """What a window said about one fact, and at which save it had last seen what was kept."""

    fact: str
    value: str
    seen: int


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What the server said it keeps."""

    diagnosis: str
    fact: str
    value: str
    revision: int


@dataclass
class Window:
    """Fills in one page of one diagnosis, as app/static/saver.js would."""

    filling: Filling
    user: str
    address: tuple[str, int]
    chance: random.Random
    sent: list[Sent] = field(default_factory=list)
    acknowledged: list[Acknowledged] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)
    died: BaseException | None = None

    def __post_init__(self) -> None:
        self.page = f"/diagnoses/{self.filling.address}/fill/{SECTION}/firm/{PAGE}"
        self.cookies: dict[str, str] = {}
        self.line: http.client.HTTPConnection | None = None
        self.seen: dict[str, int] = {}
        self.revision, self.token = 0, ""

    def fill_in(self) -> None:
        """Open the page and answer some questions, again and again the same ones."""
        try:
            self._open()
            for _ in range(ROUNDS):
                self._say(self.chance.choice(FACTS), self.chance.choice(ANSWERS))
                if self.chance.random() < SLOW:
                    time.sleep(self.chance.random() * 0.02)
        except BaseException as error:  # told to the thread that waits
            self.died = error
        finally:
            self._hang_up()

    def _open(self) -> None:
        shown = self._until_answered("GET", self.page)
        self.token = re.search(r'name="csrf_token" value="([^"]+)"', shown)[1]  # type: ignore[index]
        self.revision = int(re.search(r'name="revision" value="(\d+)"', shown)[1])  # type: ignore[index]
        self.seen.clear()

    def _say(self, fact: str, code: str) -> None:
        """Save one answer; what breaks is sent again unchanged, and a colleague's different answer is decided on."""
        for _ in range(20):
            seen = self.seen.get(fact, self.revision)
            self.sent.append(Sent(fact, code, seen))
            answer = json.loads(self._until_answered("POST", f"{self.page}/answers", self._body(fact, code, seen)))
            for other, theirs in answer["others"].items():
                self.seen[other] = theirs["revision"]
            if fact in answer["kept"]:
                self.seen[fact] = answer["kept"][fact]
                self.acknowledged.append(Acknowledged(self.filling.diagnosis, fact, code, answer["kept"][fact]))
                return
            if fact in answer["others"]:  # left as it was shown, and changed by the other one meanwhile
                self.happened["shown what the other one said"] += 1
                return
            self.happened["asked which of two"] += 1
            self.seen[fact] = answer["conflicts"][fact]["revision"]
            if self.chance.random() < 0.5:
                return  # theirs stays
        raise RuntimeError(f"{fact}: asked which of two twenty times")

    def _body(self, fact: str, code: str, seen: int) -> dict[str, str]:
        known = {f"{name}!seen": str(save) for name, save in self.seen.items() if name != fact}
        return {"revision": str(self.revision), fact: code, f"{fact}!seen": str(seen)} | known

    # --- the line, and what goes wrong on it --------------------------------------------------------------------------

    def _until_answered(self, method: str, address: str, said: dict[str, str] | None = None) -> str:
        ends = time.monotonic() + GIVES_UP_AFTER_S
        while time.monotonic() < ends:
            if self.chance.random() < ENDS:
                self.cookies.clear()
                self.happened["sessions ended"] += 1
            try:
                if said is not None and self.chance.random() < DOUBLES:
                    self._ask(method, address, said)
                    self.happened["sent twice"] += 1
                status, text = self._ask(method, address, said, breaks=self.chance.random() < BREAKS)
            except (OSError, http.client.HTTPException):
                self._hang_up()
                time.sleep(0.01)
                continue
            if status in (401, 302):
                self._sign_in()
            elif status == 200:
                return text
            elif status < 500:
                raise RuntimeError(f"{method} {address}: {status} {text[:300]}")
        raise RuntimeError(f"{method} {address}: no answer within {GIVES_UP_AFTER_S} s")

    def _sign_in(self) -> None:
        try:
            self._ask("GET", f"/bench-sign-in/{UUID(self.user)}")
            status, text = self._ask("GET", "/session")
            if status == 200:
                self.token = json.loads(text)["token"]
        except (OSError, http.client.HTTPException):
            self._hang_up()

    def _ask(
        self, method: str, address: str, said: dict[str, str] | None = None, breaks: bool = False
    ) -> tuple[int, str]:
        self.line = self.line or http.client.HTTPConnection(*self.address, timeout=20)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if address.endswith(("/answers", "/session")):
            headers["Accept"] = "application/json"
        body = None
        if said is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode({"csrf_token": self.token} | said)
        self.line.request(method, address, body, headers)
        if breaks:
            self.happened["connections broken"] += 1
            time.sleep(self.chance.random() * 0.01)  # before, while or after the server has saved
            raise ConnectionResetError
        answer = self.line.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
        return answer.status, answer.read().decode()

    def _hang_up(self) -> None:
        if self.line is not None:
            self.line.close()
            self.line = None
