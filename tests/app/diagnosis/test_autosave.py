"""Single answers saved from the open page: what is kept, what is wrong, what colleagues said, and who may."""

from __future__ import annotations

from fractions import Fraction

import pytest
from sqlalchemy import event, select

from app.access import Role
from app.diagnosis.models import AnswerEntry, Diagnosis, Stage
from app.extensions import db
from tests.factories import make_diagnosis, make_firm, make_user, parts_of, sign_in

JSON = {"Accept": "application/json"}


@pytest.fixture
def firm(flask_app):
    return make_firm(flask_app, {"一工厂": ("冲压车间",)})


@pytest.fixture
def diagnosis(flask_app, firm):
    return make_diagnosis(flask_app, firm)


@pytest.fixture
def page(diagnosis):
    return f"/diagnoses/{diagnosis.id}/fill/profile/firm/size/answers"


@pytest.fixture
def manager(flask_app, firm, client):
    user = make_user(flask_app, firm_id=firm.id, name="王厂长")
    sign_in(client, user)
    return user


@pytest.fixture
def colleague(flask_app, firm):
    """Return the client of a colleague in the same firm."""
    other = flask_app.test_client()
    sign_in(other, make_user(flask_app, firm_id=firm.id, name="李工"))
    return other


def post(client, page, **data):
    names = {name.replace("__", "!"): value for name, value in data.items()}
    return client.post(page, data={"revision": "0"} | names, headers=JSON)


def values(flask_app, fact):
    with flask_app.app_context():
        return list(db.session.scalars(select(AnswerEntry.value).where(AnswerEntry.fact == fact)))


def test_an_answer_is_kept_and_the_page_learns_its_save_number_and_the_time(client, manager, page):
    answer = post(client, page, employees="320").json

    assert answer["kept"] == {"employees": 1}
    assert answer["revision"] == 1
    assert len(answer["at"]) == len("14:03:22")
    assert (answer["errors"], answer["conflicts"], answer["others"]) == ({}, {}, {})


def test_saying_the_same_again_adds_nothing_and_is_no_conflict(flask_app, client, manager, page):
    for _time in range(3):
        assert post(client, page, employees="320").json["kept"] == {"employees": 1}

    assert values(flask_app, "employees") == ["320"]


def test_one_who_goes_on_from_his_own_save_is_not_asked_about_it(flask_app, client, manager, page):
    post(client, page, employees="320")
    answer = post(client, page, employees="350", employees__seen="1").json

    assert answer["conflicts"] == {}
    assert values(flask_app, "employees") == ["320", "350"]


def test_the_page_sent_as_a_whole_after_single_saves_is_no_conflict_either(flask_app, client, manager, page):
    post(client, page, employees="320")
    whole = {"revision": "0", "employees": "350", "employees!seen": "1", "revenue": "15000"}

    assert client.post(page.removesuffix("/answers"), data=whole).status_code == 302
    assert values(flask_app, "employees") == ["320", "350"]


def test_a_wrong_figure_comes_back_with_its_sentence_and_the_others_are_kept(flask_app, client, manager, page):
    answer = post(client, page, employees="三百二", revenue="15000").json

    assert answer["kept"] == {"revenue": 1}
    assert "填写的是“三百二”" in answer["errors"]["employees"]
    assert values(flask_app, "employees") == []


def test_what_contradicts_comes_back_in_pairs_with_the_way_to_the_other_page(flask_app, client, firm, manager):
    shop = str(parts_of(flask_app, firm)["冲压车间"])
    said = {(shop, "equipment_count"): Fraction(120), (shop, "key_process_count"): Fraction(4)}
    made = make_diagnosis(flask_app, firm, said)
    address = f"/diagnoses/{made.id}/fill/workshop_equipment/{shop}"
    answer = post(client, f"{address}/networking/answers", equipment_networked_count="130").json

    assert [field for field, _sentence in answer["contradictions"]] == ["equipment_networked_count"]
    assert answer["elsewhere"] == {
        "equipment_networked_count": [
            {"title": "冲压车间 · 生产装备", "address": f"{address}/machines#equipment_count"},
        ]
    }
    assert answer["notes"] == {}


def test_what_was_copied_says_so_until_it_is_changed(flask_app, client, firm, manager):
    shop = str(parts_of(flask_app, firm)["冲压车间"])
    said = {(shop, "equipment_count"): Fraction(120), (shop, "equipment_digital_count"): Fraction(60)}
    made = make_diagnosis(flask_app, firm, said)
    copy = client.post(f"/diagnoses/{made.id}/parts/new", data={"source": shop, "name": "二号冲压车间"}).location
    new = copy.split("/")[5]
    page = f"/diagnoses/{made.id}/fill/workshop_equipment/{new}/machines/answers"
    answer = post(client, page, revision="2", equipment_count="121").json

    assert answer["notes"] == {"equipment_digital_count": "复制自 冲压车间，请核对"}


def test_what_a_colleague_said_about_the_same_fact_comes_back_with_name_and_fields(
    flask_app, client, manager, colleague, page
):
    post(colleague, page, employees="320")
    answer = post(client, page, employees="350").json
    theirs = answer["conflicts"]["employees"]

    assert (theirs["by"], theirs["words"], theirs["mine"]) == ("李工", "320 人", "350 人")
    assert theirs["fields"] == {"chosen": [], "typed": "320", "mark": "", "reason": ""}
    assert (theirs["revision"], answer["kept"]) == (1, {})
    assert values(flask_app, "employees") == ["320"]


def test_what_a_colleague_said_about_another_fact_of_the_page_is_told_until_the_page_knows_it(
    client, manager, colleague, page
):
    post(colleague, page, revenue="15000")
    first = post(client, page, employees="320").json
    second = post(client, page, employees="350", employees__seen="2", revenue__seen="1").json

    assert [(name, one["by"], one["words"]) for name, one in first["others"].items()] == [
        ("revenue", "李工", "15,000 万元")
    ]
    assert second["others"] == {}


def test_an_answer_left_as_the_page_showed_it_gives_way_to_what_a_colleague_said_meanwhile(
    flask_app, client, manager, colleague, page
):
    post(client, page, employees="320")
    post(colleague, page, employees="350", employees__seen="1")
    answer = post(client, page, employees="320", employees__seen="1").json

    assert (answer["kept"], answer["conflicts"]) == ({}, {})
    assert (answer["others"]["employees"]["by"], answer["others"]["employees"]["revision"]) == ("李工", 2)
    assert values(flask_app, "employees") == ["320", "350"]


def test_what_the_same_person_said_in_another_window_is_told_too(client, manager, page):
    post(client, page, revenue="15000")

    assert post(client, page, employees="320").json["others"]["revenue"]["by"] == "王厂长"


@pytest.mark.parametrize("number", ["-1", "x", "99999999999", "１"])
def test_a_save_number_that_is_none_counts_as_nothing_seen(client, manager, colleague, page, number):
    post(colleague, page, employees="320")

    assert "employees" in post(client, page, employees="350", employees__seen=number).json["conflicts"]


def test_an_ended_session_answers_the_script_in_words_and_saves_nothing(flask_app, client, page):
    answer = post(client, page, employees="320")

    assert answer.status_code == 401
    assert "您填写的内容还在本页" in answer.json["message"]
    assert values(flask_app, "employees") == []


def test_another_firms_diagnosis_is_not_found_and_a_submitted_one_is_closed(flask_app, client, manager, page):
    elsewhere = make_diagnosis(flask_app, make_firm(flask_app))
    foreign = post(client, f"/diagnoses/{elsewhere.id}/fill/profile/firm/size/answers", employees="1")
    with flask_app.app_context():
        db.session.execute(db.update(Diagnosis).values(stage=Stage.SUBMITTED))
        db.session.info["recorded"] = True
        db.session.commit()
    closed = post(client, page, employees="320")

    assert (foreign.status_code, closed.status_code) == (404, 409)
    assert "已经提交" in closed.json["message"]
    assert values(flask_app, "employees") == []


def test_who_only_reads_may_not_save(flask_app, client, page):
    sign_in(client, make_user(flask_app, Role.COMMISSION))

    assert post(client, page, employees="320").status_code == 403


def test_a_save_takes_three_statements(flask_app, client, manager, page):
    post(client, page, employees="320")
    seen: list[str] = []
    with flask_app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note := lambda *given: seen.append(given[2]))
    try:
        post(client, page, employees="350", revenue="15000", employees__seen="1")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    writing = [one.split()[0] for one in seen if not one.lstrip().upper().startswith(("SELECT", "BEGIN"))]

    assert writing == ["UPDATE", "INSERT", "INSERT"]


def test_the_session_tells_who_is_signed_in_and_gives_a_token_to_post_with(client, manager):
    told = client.get("/session", headers=JSON)

    assert told.json["who"] == str(manager.id)
    assert told.json["token"]
    assert told.headers["Cache-Control"] == "no-store"
    client.post("/sign-out")
    assert client.get("/session").json["who"] == ""
