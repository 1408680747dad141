"""Where every verdict stands: the same as the full assessment says, fetched cheaply, and never another firm's."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from flask_login import login_user
from sqlalchemy import event

from app.diagnosis import records, standing
from app.diagnosis.draft import read_draft
from app.diagnosis.models import Diagnosis
from app.diagnosis.verdicts import MOST_VERDICTS, maturity_of, verdict
from app.extensions import db
from questionnaires.loader import load
from questionnaires.model import FactKind
from tests.factories import make_diagnosis, make_firm, make_user, parts_of, sign_in

LEVELS_1_AND_2 = {
    fact.id: "full"
    for fact in load("auto_parts").facts.values()
    if fact.kind is FactKind.PRACTICE and fact.id.partition(".L")[2][0] in "12"
}


def filled(keys):
    machines = {"equipment_count": Fraction(120), "equipment_digital_count": Fraction(54)}
    workshop = {(keys["冲压车间"], name): value for name, value in machines.items()}
    return {"production_type": "discrete", **LEVELS_1_AND_2, **workshop}


def test_it_says_what_the_full_assessment_says(draft_of, keys):
    draft = draft_of(filled(keys))
    brief = standing.view(draft.diagnosis, records.stand(draft))
    full = records.assess(draft)

    assert (brief.level_between, brief.total) == (
        maturity_of(full.assessments).level,
        maturity_of(full.assessments).total,
    )
    assert [line.verdict for line in brief.lines] == [verdict(one) for one in full.assessments[1:]]


def test_a_workshop_that_fails_says_how_far_it_is_and_has_no_way_any_more(draft_of, keys):
    draft = draft_of(filled(keys))
    lines = {line.verdict.subject: line for line in standing.view(draft.diagnosis, records.stand(draft)).lines}

    assert (lines["冲压车间"].verdict.words, lines["冲压车间"].way) == ("差 6 台（套）", None)
    assert lines["焊装车间"].way.endswith(f"/way?to=cq_digital_workshop.{keys['焊装车间']}")


def test_once_the_full_assessment_is_there_it_is_used(draft_of, keys):
    draft = draft_of(filled(keys))
    full = records.assess(draft)

    assert records.stand(draft) is full
    assert records.kept_standing(draft.diagnosis, draft.firm) is full


def test_of_very_many_workshops_it_shows_how_many_are_in_which_state(flask_app):
    firm = make_firm(flask_app, {"一工厂": tuple(f"车间{number}" for number in range(MOST_VERDICTS + 1))})
    made = make_diagnosis(flask_app, firm, {"production_type": "discrete"})
    with flask_app.test_request_context():
        login_user(make_user(flask_app, firm_id=firm.id))
        draft = read_draft(db.session.get_one(Diagnosis, made.id))
        whole = standing.view(draft.diagnosis, records.stand(draft))
        many = next(line for line in whole.shown if line.aim.by == "cq_digital_workshop")

        assert sum(line.aim.by == "cq_digital_workshop" for line in whole.lines) == 7
        assert sum(line.aim.by == "cq_digital_workshop" for line in whole.shown) == 1
        assert (many.verdict.subject, many.verdict.words) == ("共 7 个", "待定 7")
        assert many.way == f"/diagnoses/{made.id}/way"


# --- fetched while somebody fills in ----------------------------------------------------------------------------------


@pytest.fixture
def firm(flask_app):
    return make_firm(flask_app, {"一工厂": ("冲压车间", "焊装车间")})


@pytest.fixture
def diagnosis(flask_app, firm):
    return make_diagnosis(flask_app, firm, filled({name: str(key) for name, key in parts_of(flask_app, firm).items()}))


@pytest.fixture
def browser(flask_app, client, firm):
    sign_in(client, make_user(flask_app, firm_id=firm.id))
    return client


def test_a_piece_of_a_page_comes_back_that_can_be_put_in_the_place_of_the_old_one(browser, diagnosis):
    answer = browser.get(f"/diagnoses/{diagnosis.id}/standing", headers={"Accept": "text/html"})

    assert answer.mimetype == "text/html"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.text.count("<html") == 0
    assert f'data-revision="{diagnosis.revision}"' in answer.text
    assert "走最短的路" in answer.text
    assert "差 6 台（套）" in answer.text


def test_a_program_gets_exact_numbers(browser, diagnosis):
    answer = browser.get(f"/diagnoses/{diagnosis.id}/standing", headers={"Accept": "application/json"}).json

    assert answer["level"] == {"low": "2", "high": "5"}
    assert answer["revision"] == diagnosis.revision
    assert answer["settle_at_least"] > 0
    [stamping] = [one for one in answer["verdicts"] if one["name"] == "冲压车间"]
    assert (stamping["by"], stamping["state"], stamping["words"]) == ("cq_digital_workshop", "not_met", "差 6 台（套）")


def test_it_follows_every_save(browser, diagnosis):
    page = f"/diagnoses/{diagnosis.id}/fill/data/firm/levels_3_5"
    before = browser.get(f"/diagnoses/{diagnosis.id}/standing", headers={"Accept": "application/json"}).json
    revision = re.search(r'name="revision" value="(\d+)"', browser.get(page).text)[1]
    browser.post(page, data={"revision": revision, "data.L3.1": "full"})
    after = browser.get(f"/diagnoses/{diagnosis.id}/standing", headers={"Accept": "application/json"}).json

    assert after["revision"] == before["revision"] + 1
    assert Fraction(after["total"]["low"]) > Fraction(before["total"]["low"])


def test_asked_again_without_a_save_no_answer_is_read(browser, diagnosis, flask_app):
    address, statements = f"/diagnoses/{diagnosis.id}/standing", []

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    browser.get(address)
    with flask_app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
        browser.get(address)
        event.remove(db.engine, "before_cursor_execute", note)

    assert len(statements) <= 2  # who asks, and the diagnosis with its parts
    assert [one for one in statements if "answer_entry" in one] == []


def test_another_firms_standing_is_not_there(flask_app, client, diagnosis):
    sign_in(client, make_user(flask_app))

    assert client.get(f"/diagnoses/{diagnosis.id}/standing").status_code == 404
