"""The shortest way through the pages: what is asked, saved, put off, shown again, refused, and where it stops."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from sqlalchemy import event, select

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


# --- every answer saved by itself -------------------------------------------------------------------------------------


@pytest.fixture
def colleague(flask_app, firm):
    """Return the client of somebody else in the same firm."""
    other = flask_app.test_client()
    sign_in(other, make_user(flask_app, firm_id=firm.id, name="李工"))
    return other


@pytest.fixture
def of_workshop(diagnosis, stamping):
    return f"/diagnoses/{diagnosis.id}/fill/workshop_equipment/{stamping}/way/answers"


def tell(client, address, revision="1", **said):
    """Post single answers as the script of the screen does; `__` stands for `!`."""
    names = {name.replace("__", "!"): value for name, value in said.items()}
    return client.post(address, data={"revision": revision} | names, headers={"Accept": "application/json"})


def saves_to(text):
    return re.search(r'data-answers="([^"]+)"', text)[1]


def test_the_screen_is_ready_to_save_every_answer_by_itself(browser, begin):
    address, text = follow(browser, begin)
    _address, later = follow(browser, post(browser, address, text, dict.fromkeys(asked_on(text), "full")).location)

    assert re.search(r'<form id="typed"[^>]+data-who="[^"]+" data-minutes="\d+"', text)
    assert saves_to(text) == saves_to(later)
    assert saves_to(text).endswith("/firm/way/answers")
    assert 'id="say"' in text
    assert "fill.js" in text
    assert 'id="saved" role="status"' in text


def test_a_single_answer_is_kept_and_the_screen_learns_its_save_number(flask_app, browser, begin):
    _address, text = follow(browser, begin)
    fact = asked_on(text)[0]
    said = {"revision": revision_on(text), "asked": asked_on(text), fact: "mostly"}
    answer = browser.post(saves_to(text), data=said).json

    assert answer["kept"] == {fact: answer["revision"]}
    assert (answer["errors"], answer["conflicts"], answer["others"]) == ({}, {}, {})
    assert answers(flask_app)[fact] == '"mostly"'


def test_an_answer_of_an_earlier_screen_arrives_though_this_one_asks_others(flask_app, browser, of_workshop):
    answer = tell(browser, of_workshop, asked="devices_networked_and_monitored", equipment_count="120").json

    assert list(answer["kept"]) == ["equipment_count"]
    assert answers(flask_app)["equipment_count"] == "120"


def test_figures_of_several_topics_come_back_with_faults_rates_and_contradictions(browser, of_workshop):
    machines = {"equipment_count": "120", "equipment_digital_count": "126"}
    processes = {"key_process_count": "10", "key_process_controlled_count": "7"}
    answer = tell(browser, of_workshop, **machines, **processes, collected_device_count="不多").json

    assert set(answer["kept"]) == {*machines, *processes}
    assert "填写的是“不多”" in answer["errors"]["collected_device_count"]
    assert [name for name, words in answer["contradictions"] if "126 台（套）" in words] == ["equipment_digital_count"]
    assert answer["rates"]["key_process_control_rate"] == "70%"


def test_what_somebody_else_said_about_the_screens_facts_comes_back_with_the_name(browser, colleague, of_workshop):
    tell(colleague, of_workshop, equipment_count="120", equipment_digital_count="54")
    asked = ["equipment_count", "equipment_digital_count"]
    answer = browser.post(of_workshop, data={"revision": "1", "asked": asked, "equipment_count": "130"}).json

    assert answer["kept"] == {}
    assert (answer["conflicts"]["equipment_count"]["by"], answer["conflicts"]["equipment_count"]["mine"]) == (
        "李工",
        "130 台（套）",
    )
    assert answer["others"]["equipment_digital_count"]["words"] == "54 台（套）"


def test_facts_of_other_subjects_and_unknown_ones_are_not_written_whatever_is_asked(flask_app, browser, of_workshop):
    before = answers(flask_app)
    foreign = tell(browser, of_workshop, asked="employees", employees="320", no_such_fact="1")
    mixed = tell(browser, of_workshop, asked="employees", employees="320", equipment_count="120").json

    assert foreign.status_code == 404
    assert list(mixed["kept"]) == ["equipment_count"]
    assert answers(flask_app) == before | {"equipment_count": "120"}


def test_single_answers_go_to_no_unknown_place_no_closed_diagnosis_and_from_nobody_else(
    flask_app, client, browser, firm, diagnosis, of_workshop
):
    submitted = make_diagnosis(flask_app, firm, {"production_type": "discrete"}, Stage.SUBMITTED)
    fact = "data.L1.1"
    found = [
        browser.post(f"/diagnoses/{one.id}/fill/{place}/way/answers", data={"revision": "1", fact: "full"}).status_code
        for one, place in ((diagnosis, "data/nobody"), (diagnosis, "nothing/firm"), (submitted, "data/firm"))
    ]
    sign_in(client, make_user(flask_app))
    stranger = tell(client, of_workshop, equipment_count="120").status_code
    sign_in(client, make_consultant(flask_app, firm))

    assert found == [404, 404, 409]
    assert (stranger, tell(client, of_workshop, equipment_count="120").status_code) == (404, 403)
    assert fact not in answers(flask_app)


def test_saving_one_answer_takes_no_more_statements_than_on_a_page_of_questions(flask_app, browser, of_workshop):
    page, seen = of_workshop.replace("/way/", "/machines/"), []
    with flask_app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note := lambda *given: seen[-1].append(given[2]))
    try:
        for address, figure, revision in ((page, "120", "1"), (of_workshop, "121", "2")):
            seen.append([])
            assert tell(browser, address, revision, equipment_count=figure).json["kept"]
    finally:
        event.remove(engine, "before_cursor_execute", note)

    assert len(seen[1]) <= len(seen[0]) <= 7


def test_the_button_after_single_saves_shows_the_contradiction_once_and_then_goes_on(browser, diagnosis, stamping):
    address, text = workshop_screen(browser, diagnosis, stamping)
    said = {"equipment_count": "120", "equipment_digital_count": "126"}
    saved = tell(browser, saves_to(text), revision_on(text), **said).json
    posted = {"revision": revision_on(text), "asked": list(said), **said}
    seen = {f"{fact}!seen": number for fact, number in saved["kept"].items()}
    first = browser.post(address, data=posted | seen)
    second = browser.post(first.location.partition("#")[0], data=posted | {"revision": saved["revision"]})

    assert first.location.endswith("#contradictions")
    assert "/way?to=" in second.location
    assert "#contradictions" not in second.location


def test_every_link_of_every_question_opens_also_where_a_screen_asks_out_of_several_sections(browser, begin):
    address, text = follow(browser, begin)
    sections, links = set(), 0
    while "/fill/" in address:
        for link in re.findall(r'<p class="question__tools">(.*?)</p>', text):
            for href in re.findall(r'href="([^"]+)"', link):
                opened = urljoin(address, href)
                sections.add((address, opened.split("/")[4]))
                links += 1
                assert browser.get(opened).status_code == 200, (address, href)
        address, text = follow(browser, post(browser, address, text, dict.fromkeys(asked_on(text), "full")).location)
        if links > 60:
            break

    assert links > 30
    assert len(sections) > len({screen for screen, _section in sections})
