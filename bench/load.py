"""Two hundred people who fill in at the same time, on the server that the README starts; and what one page costs."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.diagnosis.models import AnswerEntry
from app.extensions import db
from bench import journey, rendering
from bench.figures import Figure
from bench.installation import PASSWORD, PROJECT, Installation, command_of_readme, install, served, verified
from bench.journey import Kind
from questionnaires import loader
from questionnaires.answers import to_text
from questionnaires.values import read_value

PEOPLE, ARRIVING_A_SECOND = 200, 2
FIRST = 4  # people who walk before anything is counted: a process that has just started reads its files first
MEASURED_S, AT_MOST_S = 60, 300
BAR_MS = 250
HELD = (Kind.PAGE, Kind.ANSWER, Kind.NEXT)  # what a person who fills in waits for; signing in is told beside it
WHOLE = "audit: the chain is whole"
BLINK_S = 0.005


def measure() -> list[Figure]:
    """Let one person walk alone and then two hundred, and look afterwards whether everything told is kept."""
    drawn = rendering.measure()
    with TemporaryDirectory() as folder:
        site = install(Path(folder), FIRST + 1 + PEOPLE)
        with served(site) as address:
            first = _walk(site, address, site.emails[:FIRST], unhurried=True)
            alone = _walk(site, address, site.emails[FIRST : FIRST + 1], unhurried=True)
            with _overslept() as late:
                crowd = _walk(site, address, site.emails[FIRST + 1 :])
        faults = [fault for told in (first, alone, crowd) for fault in (*_faults(told), *_lost(site, told))]
        if (said := verified(site)) != WHOLE:
            faults.append(f"flask audit verify: {said}")
    _print(alone, crowd, faults)
    return [_figure(alone, crowd, late, faults), *drawn]


@dataclass(frozen=True, slots=True)
class Told:
    """What Locust counted in one run, and what people were told is kept."""

    people: int
    seconds: float  # measured, with everybody there
    left_early: int
    asked: Mapping[str, Mapping[str, Any]]  # name in the statistics -> count, failed, p50, p95, p99, max in ms
    failures: list[str]
    acknowledged: list[dict[str, Any]]

    def worst(self, percentile: str) -> float:
        """Return the highest among the kinds that the bar is about; endless when nobody came so far."""
        return max((float(self.asked[kind][percentile]) for kind in HELD if kind in self.asked), default=inf)


def _walk(site: Installation, address: str, emails: tuple[str, ...], unhurried: bool = False) -> Told:
    """Run Locust in a process of its own: it changes the standard library for whatever shares its process."""
    folder = site.settings.data_dir
    people, told, log = folder / "people.json", folder / "told.json", folder / "locust.log"
    people.write_text(json.dumps([{"email": email, "password": PASSWORD} for email in emails]), encoding="utf-8")
    told.unlink(missing_ok=True)
    command = [sys.executable, "-m", "locust", "--locustfile", "bench/fillers.py", "--headless", "--only-summary"]
    command += ["--host", address, "--users", str(len(emails)), "--spawn-rate", str(ARRIVING_A_SECOND)]
    command += ["--run-time", f"{AT_MOST_S}s", "--people", str(people), "--told", str(told)]
    command += ["--measured", str(MEASURED_S), *["--unhurried"][: int(unhurried)]]
    with log.open("wb") as kept:
        subprocess.run(command, cwd=PROJECT, stdout=kept, stderr=kept, check=False)
    if not told.exists():
        raise SystemExit(f"bench load: Locust told nothing\n{log.read_text(encoding='utf-8')[-2000:]}")
    found = json.loads(told.read_text(encoding="utf-8"))
    return Told(len(emails), asked={one["name"]: one for one in found.pop("asked")}, **found)


def _faults(told: Told) -> list[str]:
    """Return what went wrong, in words; when somebody left early the rest was not measured under the whole load."""
    faults = list(told.failures)
    if not told.seconds:
        faults.append(f"{told.people} people were never there together within {AT_MOST_S} s")
    if told.people == PEOPLE and told.left_early:
        faults.append(f"{told.left_early} people left before the end: too short a journey, or a failure")
    return faults


def _lost(site: Installation, told: Told) -> Iterator[str]:
    """Yield a sentence for each answer of which a person was told that it is kept, and which is not there as told."""
    facts = loader.load("auto_parts").facts
    row = AnswerEntry
    with site.flask_app.app_context():
        stored = {
            (str(diagnosis), subject, fact, revision): value
            for diagnosis, subject, fact, revision, value in db.session.execute(
                select(row.diagnosis_id, row.subject_key, row.fact, row.revision, row.value)
            )
        }
    for one in told.acknowledged:
        place = (str(UUID(one["diagnosis"])), one["subject"], one["fact"], one["revision"])
        if stored.get(place) != to_text(read_value(facts[one["fact"]], one["typed"])):
            yield f"lost: {one}, kept is {stored.get(place)}"


@contextmanager
def _overslept() -> Iterator[list[float]]:
    """Note how late, in ms, somebody wakes up who only sleeps: what the machine itself does to every waiting."""
    late, over = list[float](), threading.Event()

    def sleep() -> None:
        while not over.is_set():
            began = time.perf_counter()
            time.sleep(BLINK_S)
            late.append(1000 * (time.perf_counter() - began - BLINK_S))

    sleeper = threading.Thread(target=sleep, daemon=True)
    sleeper.start()
    yield late
    over.set()
    sleeper.join()


def _print(alone: Told, crowd: Told, faults: list[str]) -> None:
    walked, (fast, slow) = journey.read(), journey.PACES
    print(
        f"journey: {walked.browser}, {walked.count(Kind.ANSWER)} answers on {walked.count(Kind.PAGE)} pages, "
        f"{walked.pace}; each person at {fast} to {slow} of those pauses, {ARRIVING_A_SECOND} more a second, "
        f"then {crowd.seconds:.0f} s measured\n"
        f"server: {' '.join(command_of_readme())}; Locust on the same cores; times in ms as Locust rounds them"
    )
    for who, told in (("alone", alone), (f"{crowd.people} people", crowd)):
        for name, one in sorted(told.asked.items()):
            times = " | ".join(f"{part} {one[part]:>5.0f}" for part in ("p50", "p95", "p99", "max"))
            print(f"  {who:>10} | {name:<32} | {one['count']:>6} asked | {one['failed']} failed | {times}")
    for fault in faults[:20]:
        print(f"  FAULT: {fault}")


def _figure(alone: Told, crowd: Told, late: list[float], faults: list[str]) -> Figure:
    p99, by_oneself = crowd.worst("p99"), alone.worst("p99")
    oversleeping = quantiles(late, n=100)[-1]
    asked = sum(one["count"] for name, one in crowd.asked.items() if name in set(Kind))
    return Figure(
        "page under load",
        p99,
        f"ms, p99 of the slowest of page GET, autosave POST and page POST; {crowd.people} people, "
        f"{asked / max(crowd.seconds, 1):.0f} requests/s, {len(crowd.acknowledged)} answers acknowledged, "
        f"{len(faults)} errors",
        f"one person alone, without a pause {by_oneself:.0f} ms; a mere sleep ends {oversleeping:.1f} ms late",
        p99 / by_oneself,
        f"value <= {BAR_MS} and no error",
        p99 <= BAR_MS and not faults,
    )
