"""Thousands of fillings under everything that goes wrong: no acknowledged answer lost, none changed by nobody.

Every filling is one diagnosis with two windows of two people that answer the same pages at the same time. By a seed,
connections break before the answer comes, posts are sent twice, sessions end, and workers are killed in the middle.
Each window does what the script of the page does: what was not acknowledged is sent again, unchanged, first.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import create_engine, text

from app import audit
from bench.figures import Figure
from bench.fillings_site import application, fill_database
from bench.serving import free_port, wait_for
from bench.window import Acknowledged, Filling, Window

FILLINGS, SEED, AT_ONCE = 10_000, 20_261_126, 16
MOST_MINUTES = 60
KILL_EVERY = 25  # fillings: by progress and not by the clock, so that a slow machine still gets on
PROJECT = Path(__file__).resolve().parent.parent


@dataclass(slots=True)
class Outcome:
    """What happened, and what was found wrong afterwards."""

    fillings: int = 0
    acknowledged: int = 0
    happened: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    changed_by_nobody: list[str] = field(default_factory=list)
    overwritten: list[str] = field(default_factory=list)
    broken_chain: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def faults(self) -> list[str]:
        return [*self.lost, *self.changed_by_nobody, *self.overwritten, *self.broken_chain]


def measure() -> list[Figure]:
    """Run all fillings and count what was lost."""
    outcome = run(FILLINGS, SEED, minutes=MOST_MINUTES)
    for fault in outcome.faults[:20]:
        print("  ", fault)
    happened = ", ".join(f"{name} {count:,}" for name, count in sorted(outcome.happened.items()))
    return [
        Figure(
            "fillings without a loss",
            float(outcome.fillings),
            f"fillings, {outcome.acknowledged:,} acknowledged answers, {outcome.seconds:.0f} s",
            f"what went wrong on purpose: {happened}",
            float(len(outcome.faults)),
            f"ratio = answers lost, overwritten or changed by nobody: 0 of {FILLINGS:,} fillings",
            not outcome.faults and outcome.fillings == FILLINGS,
        )
    ]


def run(fillings: int, seed: int, minutes: float) -> Outcome:
    """Fill in so many diagnoses on a server of two workers, and hold the database against what was acknowledged."""
    outcome, start = Outcome(), time.monotonic()
    with TemporaryDirectory() as folder:
        made = fill_database(Path(folder), fillings)
        with _served(folder) as (address, kill_one):
            ends = start + minutes * 60
            kills: list[bool] = []

            def one(place: int, filling: Filling) -> tuple[list[Window], Counter[str]] | None:
                if time.monotonic() > ends:
                    return None
                if place % KILL_EVERY == KILL_EVERY - 1:
                    kills.append(kill_one())
                return _fill_in(filling, address, random.Random(f"{seed} {place}"))

            with ThreadPoolExecutor(AT_ONCE) as people:
                done = [result for result in people.map(one, range(fillings), made) if result is not None]
        outcome.happened["workers killed"] = sum(kills)
        windows = [window for pair, happened in done for window in pair]
        for _, happened in done:
            outcome.happened += happened
        outcome.fillings = len(done)
        _hold_against(Path(folder), windows, outcome)
    outcome.seconds = time.monotonic() - start
    return outcome


def _fill_in(filling: Filling, address: tuple[str, int], chance: random.Random) -> tuple[list[Window], Counter[str]]:
    """Let two people answer the same pages at the same time."""
    windows = [Window(filling, user, address, random.Random(chance.random())) for user in filling.users]
    threads = [threading.Thread(target=window.fill_in) for window in windows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for window in windows:
        if window.died:
            raise window.died
    return windows, sum((window.happened for window in windows), Counter())


@contextmanager
def _served(folder: str) -> Iterator[tuple[tuple[str, int], Callable[[], bool]]]:
    """Serve from two workers; what is given with the address kills one of them without warning."""
    port, chance = free_port(), random.Random(SEED)
    command = [sys.executable, "-m", "gunicorn", "--workers", "2", "--worker-class", "gthread", "--threads", "4"]
    command += ["--bind", f"127.0.0.1:{port}", "--log-level", "critical", "bench.fillings_site:serve()"]
    server = subprocess.Popen(command, cwd=PROJECT, env=os.environ | {"BENCH_FOLDER": folder})

    def kill_one() -> bool:
        try:
            os.kill(chance.choice(_children_of(server.pid)), signal.SIGKILL)
        except (IndexError, ProcessLookupError):  # none there just now: the last one is being replaced
            return False
        return True

    wait_for(port)
    try:
        yield ("127.0.0.1", port), kill_one
    finally:
        server.terminate()
        server.wait(60)


def _children_of(process: int) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process)], capture_output=True, text=True, check=False)
    return [int(pid) for pid in listed.stdout.split()]


# --- afterwards -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One answer as it lies in the database."""

    value: str
    revision: int
    by: str


def _hold_against(folder: Path, windows: list[Window], outcome: Outcome) -> None:
    rows = _rows(folder)
    acknowledged = [one for window in windows for one in window.acknowledged]
    outcome.acknowledged = len(acknowledged)
    outcome.lost += [_words("lost", one) for one in acknowledged if not _is_there(one, rows)]
    sent = {(w.filling.diagnosis, one.fact, w.user, one.value) for w in windows for one in w.sent}
    seen = defaultdict(set)
    for window in windows:
        for one in window.sent:
            seen[window.filling.diagnosis, one.fact, window.user, one.value].add(one.seen)
    for (diagnosis, fact), said in rows.items():
        for before, row in zip([None, *said], said, strict=False):
            key = (diagnosis, fact, row.by, row.value)
            if key not in sent:
                outcome.changed_by_nobody.append(f"nobody said {fact} = {row.value} (save {row.revision})")
            elif before is not None and not _knew(before, row, said, seen[key]):
                outcome.overwritten.append(f"{fact}: save {row.revision} overwrote {before.revision} without seeing it")
    outcome.broken_chain += _chain(folder)


def _knew(before: Row, row: Row, said: list[Row], seen: set[int]) -> bool:
    """Tell whether who said `row` knew what stood before: it was his own, or he had seen just that value kept."""
    if before.by == row.by or max(seen) >= before.revision:
        return True
    shown = (next((one.value for one in reversed(said) if one.revision <= save), None) for save in seen)
    return before.value in shown


def _is_there(one: Acknowledged, rows: dict[tuple[str, str], list[Row]]) -> bool:
    return any(
        row.revision == one.revision and row.value == one.value for row in rows.get((one.diagnosis, one.fact), ())
    )


def _words(what: str, one: Acknowledged) -> str:
    return f"{what}: {one.fact} = {one.value}, acknowledged as save {one.revision}"


def _rows(folder: Path) -> dict[tuple[str, str], list[Row]]:
    said: dict[tuple[str, str], list[Row]] = defaultdict(list)
    engine = create_engine(f"sqlite:///{folder / 'fillings.db'}")
    query = "select diagnosis_id, fact, value, revision, said_by from answer_entry where layer = 'stated' order by id"
    with engine.connect() as connection:
        for diagnosis, fact, value, revision, by in connection.execute(text(query)):
            said[diagnosis, fact].append(Row(json.loads(value) if value else "?", revision, by))
    engine.dispose()
    return said


def _chain(folder: Path) -> list[str]:
    with application(folder).app_context():
        return list(audit.verify())
