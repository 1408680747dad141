"""The pages about two hundred factories and as many workshops, beside those about one of each."""

from __future__ import annotations

import time
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask

from bench.figures import Figure
from tests.factories import empty_again, make_app, make_diagnosis, make_firm, make_user, parts_of, sign_in

MANY, BAR_S = 200, 2.0
PAGES = ("", "/answers", "/result", "/parts?of=workshop", "/parts/new")


def measure() -> list[Figure]:
    """Open each page twice, so that what is kept in the process is there, and take the work of the slowest."""
    with TemporaryDirectory() as folder:
        flask_app = make_app(Path(folder))
        few = _slowest(flask_app, 1)
        empty_again(flask_app)
        many = _slowest(flask_app, MANY)
    return [
        Figure(
            "pages about many",
            many,
            f"s of work for the slowest of {len(PAGES)} pages of a firm with {MANY} factories and {MANY} workshops",
            f"the slowest of a firm with one of each {few:.3f} s",
            many / few,
            f"value < {BAR_S:.0f}",
            many < BAR_S,
        )
    ]


def _slowest(flask_app: Flask, count: int) -> float:
    shops = tuple(f"{number}号车间" for number in range(1, count + 1))
    firm = make_firm(flask_app, {f"{number}号工厂": shops if number == 1 else () for number in range(1, count + 1)})
    keys = [str(key) for name, key in parts_of(flask_app, firm).items() if name in shops]
    diagnosis = make_diagnosis(flask_app, firm, {(key, "equipment_count"): Fraction(100) for key in keys})
    browser = flask_app.test_client()
    sign_in(browser, make_user(flask_app, firm_id=firm.id))
    taken = []
    for page in PAGES:
        for _round in range(2):
            began = time.process_time()
            answer = browser.get(f"/diagnoses/{diagnosis.id}{page}")
            work = time.process_time() - began
        if answer.status_code != 200:
            raise SystemExit(f"bench crowd: {page} answered {answer.status_code}")
        taken.append(work)
    return max(taken)
