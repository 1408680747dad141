"""What one trial takes on the server, on the page of a result or a plan: a full case, other answers each time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient

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
        site = _site(make_app(Path(folder)), full.firm)
        changed, opened = (sorted(_trials(site, part)) for part in ("1", "form"))
    criteria = load_all(DAY)
    start = time.perf_counter()
    for _round in range(20):
        assess_diagnosis(full, criteria)
    yardstick = (time.perf_counter() - start) * 1000 / 20
    return [
        _figure("what-if", "trials of a full case, answers of every kind and 40 projects", changed, yardstick),
        _figure("what-if opened", "trials opened beside a requirement, with the form", opened, yardstick),
    ]


def _figure(name: str, what: str, times: list[float], yardstick: float) -> Figure:
    value = times[int(len(times) * 0.95)]
    return Figure(
        name,
        value,
        f"ms, p95 of {TRIALS} {what}, page included; median {median(times):.0f} ms",
        f"judging the case in full with all reasons {yardstick:.1f} ms",
        value / yardstick,
        f"value <= {BAR_MS:.0f}",
        value <= BAR_MS,
    )


def _is_full(made: Made) -> bool:
    workshops = [workshop for factory in made.full.firm.parts for workshop in factory.parts]
    kind = stated_value(made.full.firm.facts.get("production_type"))
    return len(workshops) >= WORKSHOPS and kind == "discrete"


class _Site(NamedTuple):
    """Where trials are asked for: a browser signed in, the address, and what may be tried."""

    browser: FlaskClient
    address: str
    projects: list[str]
    workshops: list[str]


def _site(flask_app: Flask, whole: Subject) -> _Site:
    layout = {factory.name: tuple(workshop.name for workshop in factory.parts) for factory in whole.parts}
    firm = make_firm(flask_app, layout)
    keys = {name: str(key) for name, key in parts_of(flask_app, firm).items()}
    answers = dict(_answers(whole, None))
    for factory in whole.parts:
        for part in (factory, *factory.parts):
            answers |= dict(_answers(part, keys[part.name]))
    diagnosis = make_diagnosis(flask_app, firm, answers)
    browser = flask_app.test_client()
    sign_in(browser, make_user(flask_app, firm_id=firm.id))
    workshops = [keys[workshop.name] for factory in whole.parts for workshop in factory.parts]
    return _Site(browser, f"/diagnoses/{diagnosis.id}/plan/trial", _projects(whole, keys), workshops)


def _trials(site: _Site, part: str) -> Iterator[float]:
    """Yield the milliseconds of each trial."""
    chance = Random(1)
    for number in range(WARM + TRIALS):
        chosen = chance.sample(site.projects, min(40, len(site.projects))) if part == "1" else []
        asked = [("project", f"{name}:{chance.randint(0, 30)}") for name in chosen]
        asked += [
            *_otherwise(chance.choice(site.workshops), chance),
            ("budget", "3000"),
            ("tried", "1"),
            ("part", part),
        ]
        start = time.perf_counter()
        answer = site.browser.get(f"{site.address}?{urlencode(asked)}")
        taken = (time.perf_counter() - start) * 1000
        if answer.status_code != 200 or 'class="trial__outcome"' not in answer.text:
            raise SystemExit(f"bench what-if: {answer.status_code}")
        if number >= WARM:
            yield taken


def _otherwise(workshop: str, chance: Random) -> list[tuple[str, str]]:
    """Return answers of every kind: a degree, a rate of a workshop, a yes or no, a choice, and what nobody knows."""
    machines = chance.randint(40, 200)
    return [
        ("answer.firm.planning.L3.1", chance.choice(tuple(Degree)).value),
        ("answer.firm.sales.L2.1", "?"),
        ("answer.firm.policy_fit", chance.choice(("yes", "no"))),
        ("answer.firm.production_type", chance.choice(("discrete", "process"))),
        (f"answer.{workshop}.equipment_count", str(machines)),
        (f"answer.{workshop}.equipment_digital_count", str(chance.randint(0, machines))),
        (f"answer.{workshop}.mes_quality", chance.choice(("yes", "no"))),
    ]


def _answers(subject: Subject, key: str | None) -> Iterator[tuple[str | tuple[str, str], object]]:
    for fact, statement in subject.facts.items():
        value = stated_value(statement)
        if value is not None:
            yield (fact if key is None else (key, fact)), value


def _projects(whole: Subject, keys: dict[str, str]) -> list[str]:
    """Return the projects of the case by the names that they have in the application."""
    every = projects_of(FilledDiagnosis("auto_parts", "2026.1", DAY, whole), load_all(DAY))
    return [f"{one.improvement.id}@{keys.get(one.place.name, one.place.key)}" for one in every]
