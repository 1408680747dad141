"""The recorded journey fits the pages of now, and holds nothing of the person and the machine it was recorded with."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from bench import journey
from bench.journey import Journey, Kind
from bench.load import ARRIVING_A_SECOND, MEASURED_S, PEOPLE
from questionnaires import loader
from tests.readme import ROOT

NAMES = {"diagnosis", "subject1", "subject2", "token", "revision", "seen", "email", "password"}


@pytest.fixture(scope="module")
def recorded() -> Journey:
    return journey.read()


def test_it_holds_no_identity_no_token_and_no_host():
    kept = journey.RECORDED.read_text(encoding="utf-8")

    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}|[\w-]{40}|://|127\.0\.0\.1|localhost|@", kept)
    assert set(re.findall(r"\{(\w+)\}", kept)) <= NAMES


def test_it_signs_in_once_and_then_answers_page_by_page(recorded):
    kinds = [step.kind for step in recorded.steps if step.kind is not Kind.WAY]

    assert kinds[:4] == [Kind.SIGN_IN_PAGE, Kind.SIGN_IN, Kind.OVERVIEW, Kind.PAGE]
    assert recorded.count(Kind.NEXT) == 10
    assert recorded.count(Kind.ANSWER) >= 40


def test_it_lasts_longer_than_the_fastest_person_is_measured(recorded):
    assert journey.PACES[0] * recorded.thinking_s > PEOPLE / ARRIVING_A_SECOND + MEASURED_S


def test_every_page_is_one_of_the_questionnaire_and_asks_what_is_answered_on_it(recorded):
    questionnaire = loader.load("auto_parts")
    asked = {(section.id, page.id): set(page.fact_ids) for section in questionnaire.sections for page in section.pages}
    answered = [(step.path.split("/")[4], step.path.split("/")[6], step.facts) for step in _answers(recorded)]

    assert [one for one in answered if not set(one[2]) <= asked[one[0], one[1]]] == []


def test_every_style_and_script_it_loads_is_there(recorded):
    paths = {asset.path for step in recorded.steps for asset in step.assets}

    assert {path for path in paths if path.startswith("/static/")} == paths
    assert [path for path in paths if not (ROOT / "app" / path.lstrip("/")).exists()] == []


def test_it_is_read_as_it_was_written(recorded, tmp_path, monkeypatch):
    kept = journey.RECORDED.read_text(encoding="utf-8")
    monkeypatch.setattr(journey, "RECORDED", tmp_path / "journey.json")
    journey.write(recorded)

    assert (tmp_path / "journey.json").read_text(encoding="utf-8") == kept


def test_what_a_page_loads_is_asked_for_as_the_page_names_it():
    page = '<link href="/static/app.css?v=1&amp;w=2"><script src="/static/app.js"></script><a href="/firms/own">x</a>'

    assert journey.assets_in(page) == {"/static/app.css": "/static/app.css?v=1&w=2", "/static/app.js": "/static/app.js"}


def test_measuring_does_not_bring_the_load_generator_into_its_own_process():
    code = "import bench.__main__, sys; print([name for name in ('gevent', 'locust') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def _answers(recorded: Journey) -> list[journey.Step]:
    return [step for step in recorded.steps if step.kind is Kind.ANSWER]
