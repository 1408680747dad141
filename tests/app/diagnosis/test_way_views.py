"""The shortest way through the pages: what is asked, saved, put off, shown again, refused, and where it stops."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from app.access import Role
from app.diagnosis.models import AnswerEntry, Stage
from app.extensions import db
from questionnaires.loader import load
from questionnaires.model import FactKind
from tests.factories import make_consultant, make_diagnosis, make_firm, make_user, parts_of, sign_in

PRACTICES = [fact.id for fact in load("auto_parts").facts.values() if fact.kind is FactKind.PRACTICE]


@pytest.fixture
def firm(flask_app):
    return make_firm(flask_app, {"一工厂": ("冲压车间",)}, name="示例山城零部件厂")


@pytest.fixture
def diagnosis(flask_app, firm):
    return make_diagnosis(flask_app, firm, {"production_type": "discrete"})


@pytest.fixture
def stamping(flask_app, firm):
    return str(parts_of(flask_app, firm)["冲压车间"])


@pytest.fixture
def browser(flask_app, client, firm):
    sign_in(client, make_user(flask_app, firm_id=firm.id, name="王厂长"))
    return client


@pytest.fixture
def begin(diagnosis):
    return f"/diagnoses/{diagnosis.id}/way?to=gbt_39117.firm"


def answers(flask_app):
    with flask_app.app_context():
        rows = db.session.scalars(select(AnswerEntry).order_by(AnswerEntry.id))
        return {row.fact: row.value for row in rows}


def asked_on(text):
    return re.findall(r'name="asked" value="([^"]+)"', text)


def revision_on(text):
    return re.search(r'name="revision" value="(\d+)"', text)[1]


def post(browser, address, text, said):
    data = {"revision": revision_on(text), "asked": asked_on(text), **said}
    return browser.post(address, data=data)


def follow(browser, address):
    """The address to which a chain of redirects leads, and what is there."""
    while (answer := browser.get(address)).status_code == 302:
        address = answer.location
    return address, answer.text


def test_the_verdicts_are_offered_each_with_its_way(browser, diagnosis, stamping):
    text = browser.get(f"/diagnoses/{diagnosis.id}/way").text

    assert f"/way?to=cq_digital_workshop.{stamping}" in text
    assert "再答 4 题可定（至少），最多 207 题" in text


def test_a_screen_asks_few_questions_and_its_address_holds_its_topic_and_subject(browser, begin):
    address, text = follow(browser, begin)

    assert re.search(r"/fill/process_design/firm/way\?to=gbt_39117\.firm$", address)
    assert 3 <= len(asked_on(text)) <= 6
    assert text.count("<fieldset") == len(asked_on(text))
    assert "再答 4 题可定（至少），最多 207 题" in text


def test_answers_are_saved_and_the_next_screen_asks_others(flask_app, browser, begin):
    address, text = follow(browser, begin)
    first = asked_on(text)
    answer = post(browser, address, text, dict.fromkeys(first, "mostly"))
    _address, following = follow(browser, answer.location)

    assert {answers(flask_app)[fact] for fact in first} == {'"mostly"'}
    assert set(asked_on(following)) & set(first) == set()
    assert "改刚才的回答" in following


def test_it_stops_by_itself_and_says_why(browser, begin):
    address, text = follow(browser, begin)
    screens = 0
    while "/fill/" in address:
        address, text = follow(browser, post(browser, address, text, dict.fromkeys(asked_on(text), "none")).location)
        screens += 1

    assert screens <= 3
    assert "<h1>已经定了：一级以下</h1>" in text
    assert re.search(r"其余 \d{3} 题不会改变它。", text)
    assert "低于达标线 0.8" in text
    assert "接着填其余的题" in text


def test_a_question_left_blank_is_put_off_and_named_in_the_address(browser, begin):
    address, text = follow(browser, begin)
    first = asked_on(text)
    answer = post(browser, address, text, {first[0]: "full"})
    _address, following = follow(browser, answer.location)

    assert parse_qs(urlsplit(answer.location).query)["later"] == [f"firm.{fact}" for fact in first[1:]]
    assert set(asked_on(following)) & set(first) == set()


def test_not_knowing_is_an_answer_and_is_not_asked_again(browser, begin):
    address, text = follow(browser, begin)
    first = asked_on(text)
    _address, following = follow(browser, post(browser, address, text, dict.fromkeys(first, "?")).location)

    assert set(asked_on(following)) & set(first) == set()
    assert f"另有 {len(first)} 题您选了“不清楚”" in following


def test_the_last_answers_can_be_changed(flask_app, browser, begin):
    address, text = follow(browser, begin)
    first = asked_on(text)
    _address, following = follow(browser, post(browser, address, text, dict.fromkeys(first, "mostly")).location)
    back = re.search(r'<a href="([^"]+)">← 改刚才的回答', following)[1].replace("&amp;", "&")
    again = browser.get(back).text
    post(browser, back, again, dict.fromkeys(first, "full"))

    assert sorted(asked_on(again)) == sorted(first)
    assert again.count('value="mostly" checked') == len(first)
    assert {answers(flask_app)[fact] for fact in first} == {'"full"'}


def test_the_way_back_to_the_overview_saves_too(flask_app, browser, diagnosis, begin):
    address, text = follow(browser, begin)
    answer = post(browser, address, text, {asked_on(text)[0]: "full", "then": "hub"})

    assert answer.location.endswith(f"/diagnoses/{diagnosis.id}")
    assert answers(flask_app)[asked_on(text)[0]] == '"full"'


def workshop_screen(browser, diagnosis, stamping):
    return follow(browser, f"/diagnoses/{diagnosis.id}/way?to=cq_digital_workshop.{stamping}")


def test_a_wrong_figure_is_shown_as_typed_and_the_rest_is_saved(flask_app, browser, diagnosis, stamping):
    address, text = workshop_screen(browser, diagnosis, stamping)
    said = {"devices_networked_and_monitored": "yes", "equipment_count": "一百二"}
    answer = browser.post(
        address,
        data={"revision": revision_on(text), "asked": ["devices_networked_and_monitored", "equipment_count"], **said},
    )

    assert f"/{stamping}/way" in address
    assert answer.status_code == 422
    assert 'value="一百二"' in answer.text
    assert "其余回答已经保存" in answer.text
    assert answers(flask_app)["devices_networked_and_monitored"] == "true"


def test_figures_that_contradict_are_saved_and_shown_before_going_on(flask_app, browser, diagnosis, stamping):
    address, text = workshop_screen(browser, diagnosis, stamping)
    said = {"equipment_count": "120", "equipment_digital_count": "126"}
    answer = browser.post(address, data={"revision": revision_on(text), "asked": list(said), **said})
    shown = browser.get(answer.location).text

    assert answer.location.endswith("#contradictions")
    assert "数字化装备数 126 台（套）" in shown
    assert answers(flask_app)["equipment_digital_count"] == "126"


def test_a_fact_changed_by_two_people_asks_which_to_keep(flask_app, browser, begin):
    address, text = follow(browser, begin)
    fact = asked_on(text)[0]
    post(browser, address, text, {fact: "full"})
    answer = post(browser, address, text, {fact: "none"})

    assert answer.status_code == 409
    assert f'name="{fact}!keep"' in answer.text
    assert answers(flask_app)[fact] == '"full"'


def test_facts_that_no_screen_asks_are_not_written(flask_app, browser, begin):
    address, text = follow(browser, begin)
    data = {"revision": revision_on(text), "asked": ["no_such_fact", "equipment_count"], "equipment_count": "5"}
    answer = browser.post(address, data=data)

    assert answer.status_code == 404
    assert "equipment_count" not in answers(flask_app)


def test_a_screen_whose_questions_are_answered_meanwhile_leads_on(browser, begin):
    address, text = follow(browser, begin)
    post(browser, address, text, dict.fromkeys(asked_on(text), "full"))
    there = browser.get(address)

    assert there.status_code == 302
    assert set(asked_on(follow(browser, there.location)[1])) & set(asked_on(text)) == set()


def test_unknown_verdicts_subjects_and_topics_are_not_found(browser, diagnosis):
    for address in ("way?to=no_such.firm", "fill/data/nobody/way", "fill/nothing/firm/way", "way?to=gbt_39117.nobody"):
        assert browser.get(f"/diagnoses/{diagnosis.id}/{address}").status_code == 404


def test_a_submitted_diagnosis_shows_the_end_and_asks_nothing(flask_app, browser, firm):
    submitted = make_diagnosis(flask_app, firm, {"production_type": "discrete"}, Stage.SUBMITTED)
    shown = browser.get(f"/diagnoses/{submitted.id}/way?to=gbt_39117.firm")

    assert shown.status_code == 200
    assert "asked" not in shown.text
    assert browser.get(f"/diagnoses/{submitted.id}/fill/data/firm/way").status_code == 302


def test_only_the_firms_own_manager_walks(flask_app, client, firm, diagnosis):
    for person in (make_consultant(flask_app, firm), make_user(flask_app, Role.COMMISSION)):
        sign_in(client, person)
        assert client.get(f"/diagnoses/{diagnosis.id}/way").status_code == 403
    sign_in(client, make_user(flask_app))
    assert client.get(f"/diagnoses/{diagnosis.id}/way").status_code == 404


def test_the_overview_offers_the_way_to_what_is_open_only(flask_app, browser, firm, diagnosis):
    done = make_diagnosis(flask_app, firm, {"production_type": "discrete", **dict.fromkeys(PRACTICES, "none")})

    assert f"/diagnoses/{diagnosis.id}/way?to=gbt_39117.firm" in browser.get(f"/diagnoses/{diagnosis.id}").text
    assert f"/diagnoses/{done.id}/way?to=gbt_39117.firm" not in browser.get(f"/diagnoses/{done.id}").text
