"""What one trial of a plan takes on the server: a full case, other projects and another answer each time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from flask import Flask

from bench.figures import Figure
from questionnaires.model import Degree, FilledDiagnosis, Subject
from scoring.assessment import assess_diagnosis
from scoring.indicators import stated_value
from scoring.loader import load_all
from scoring.projects import projects_of
from tests.factories import make_app, make_diagnosis, make_firm, make_user, parts_of, sign_in
from tests.scoring.random_firms import DAY, Made
from tests.scoring.random_firms import make_firm as made_up

TRIALS, WARM, BAR_MS = 200, 10, 150.0
WORKSHOPS = 4


def measure() -> list[Figure]:
    """Ask for trials one after another through the whole application, beside judging the same case in full."""
    full = next(one for one in map(made_up, range(1000)) if _is_full(one)).full
    with TemporaryDirectory() as folder:
        flask_app = make_app(Path(folder))
        times = sorted(_trials(flask_app, full.firm))
    criteria = load_all(DAY)
    start = time.perf_counter()
    for _round in range(20):
        assess_diagnosis(full, criteria)
    yardstick = (time.perf_counter() - start) * 1000 / 20
    value = times[int(len(times) * 0.95)]
    return [
        Figure(
            "what-if",
            value,
            f"ms, p95 of {TRIALS} trials of a full case, page included; median {median(times):.0f} ms",
            f"judging the case in full with all reasons {yardstick:.1f} ms",
            value / yardstick,
            f"value <= {BAR_MS:.0f}",
            value <= BAR_MS,
        )
    ]


def _is_full(made: Made) -> bool:
    workshops = [workshop for factory in made.full.firm.parts for workshop in factory.parts]
    kind = stated_value(made.full.firm.facts.get("production_type"))
    return len(workshops) >= WORKSHOPS and kind == "discrete"


def _trials(flask_app: Flask, whole: Subject) -> Iterator[float]:
    """Yield the milliseconds of each trial."""
    layout = {factory.name: tuple(workshop.name for workshop in factory.parts) for factory in whole.parts}
    firm = make_firm(flask_app, layout)
    keys = {name: str(key) for name, key in parts_of(flask_app, firm).items()}
    answers = dict(_answers(whole, None))
    for factory in whole.parts:
        for part in (factory, *factory.parts):
            answers |= dict(_answers(part, keys[part.name]))
    diagnosis = make_diagnosis(flask_app, firm, answers)
    browser, chance = flask_app.test_client(), Random(1)
    sign_in(browser, make_user(flask_app, firm_id=firm.id))
    names = _projects(whole, keys)
    for number in range(WARM + TRIALS):
        chosen = chance.sample(names, min(40, len(names)))
        asked = [("project", f"{name}:{chance.randint(0, 30)}") for name in chosen]
        asked += [("answer.firm.planning.L3.1", chance.choice(tuple(Degree)).value), ("budget", "3000"), ("part", "1")]
        start = time.perf_counter()
        answer = browser.get(f"/diagnoses/{diagnosis.id}/plan/trial?{urlencode(asked)}")
        taken = (time.perf_counter() - start) * 1000
        if answer.status_code != 200:
            raise SystemExit(f"bench what-if: {answer.status_code}")
        if number >= WARM:
            yield taken


def _answers(subject: Subject, key: str | None) -> Iterator[tuple[str | tuple[str, str], object]]:
    for fact, statement in subject.facts.items():
        value = stated_value(statement)
        if value is not None:
            yield (fact if key is None else (key, fact)), value


def _projects(whole: Subject, keys: dict[str, str]) -> list[str]:
    """Return the projects of the case by the names that they have in the application."""
    every = projects_of(FilledDiagnosis("auto_parts", "2026.1", DAY, whole), load_all(DAY))
    return [f"{one.improvement.id}@{keys.get(one.place.name, one.place.key)}" for one in every]
