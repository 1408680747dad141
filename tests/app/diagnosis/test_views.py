"""Filling in through the pages: what is saved, what is shown again, what is refused."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from urllib.parse import urljoin

import pytest
from sqlalchemy import select

from app.access import Role
from app.diagnosis import service
from app.diagnosis.models import AnswerEntry, AssessmentRecord, Diagnosis, Stage
from app.errors import Stale
from app.extensions import db
from tests.factories import (
    make_colleague,
    make_consultant,
    make_diagnosis,
    make_firm,
    make_user,
    parts_of,
    sign_in,
)

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def firm(flask_app):
    return make_firm(flask_app, {"一工厂": ("冲压车间", "焊装车间")}, name="示例山城零部件厂")


@pytest.fixture
def diagnosis(flask_app, firm):
    return make_diagnosis(flask_app, firm)


@pytest.fixture
def browser(flask_app, client, firm):
    sign_in(client, make_user(flask_app, firm_id=firm.id, name="王厂长"))
    return client


@pytest.fixture
def page(diagnosis):
    return f"/diagnoses/{diagnosis.id}/fill/data/firm/levels_1_2"


@pytest.fixture
def identity(diagnosis):
    return f"/diagnoses/{diagnosis.id}/fill/profile/firm/identity"


@pytest.fixture
def machines(flask_app, firm, diagnosis):
    return f"/diagnoses/{diagnosis.id}/fill/workshop_equipment/{parts_of(flask_app, firm)['冲压车间']}/machines"


def answers(flask_app) -> dict[str, tuple[str, str | None]]:
    with flask_app.app_context():
        rows = db.session.scalars(select(AnswerEntry).order_by(AnswerEntry.id))
        return {row.fact: (row.state, row.value) for row in rows}


def revision_on(page_text: str) -> str:
    return re.search(r'name="revision" value="(\d+)"', page_text)[1]


# --- one page ---------------------------------------------------------------------------------------------------------


def test_a_page_is_saved_and_the_next_one_shows_when(flask_app, browser, page):
    answer = browser.post(page, data={"revision": "0", "data.L1.1": "full", "data.L1.2": "?"})
    following = browser.get(answer.location).text

    assert answer.location.endswith("/fill/data/firm/levels_3_5")
    assert re.search(r"✓ 已保存 \d\d:\d\d:\d\d", following)
    assert answers(flask_app) == {"data.L1.1": ("stated", '"full"'), "data.L1.2": ("unknown", None)}


def test_what_was_saved_stands_in_the_form_again(browser, page):
    browser.post(page, data={"revision": "0", "data.L1.1": "mostly"})

    assert '<input type="radio" name="data.L1.1" value="mostly" checked>' in browser.get(page).text


def test_every_question_has_a_legend_and_not_known_beside_it(browser, page):
    text = browser.get(page).text

    assert text.count("<legend>") == text.count("<fieldset")
    assert text.count('value="?"') == text.count("<legend>")


def test_the_buttons_lead_back_on_and_to_the_overview(browser, diagnosis, page):
    places = [browser.post(page, data={"revision": "0", "then": then}).location for then in ("next", "previous", "hub")]

    assert places[0].endswith("/data/firm/levels_3_5")
    assert "/fill/staff_skill/firm/" in places[1]
    assert places[2].endswith(f"/diagnoses/{diagnosis.id}")


def test_letters_in_a_number_are_shown_as_typed_and_the_rest_is_saved(flask_app, browser, machines):
    answer = browser.post(
        machines, data={"revision": "0", "equipment_count": "一百二", "equipment_digital_count": "54"}
    )

    assert answer.status_code == 422
    assert 'value="一百二"' in answer.text
    assert '<a href="#equipment_count">' in answer.text
    assert answer.text.count("填写的是“一百二”") == 2
    assert "其余回答已经保存" in answer.text
    assert answers(flask_app) == {"equipment_digital_count": ("stated", "54")}


def test_a_numerator_above_its_denominator_is_saved_and_shown_with_both_figures(
    flask_app, browser, diagnosis, machines
):
    data = {"revision": "0", "equipment_count": "120", "equipment_digital_count": "126"}
    answer = browser.post(machines, data=data)
    text = browser.get(answer.location.partition("#")[0]).text

    assert answer.location.endswith("/machines#contradictions")
    assert "120 台（套），数字化装备数 126 台（套）" in text
    assert answers(flask_app)["equipment_digital_count"] == ("stated", "126")
    assert "▲ 请核对" in browser.get(f"/diagnoses/{diagnosis.id}").text


def test_a_contradiction_that_is_left_as_it_is_does_not_hold_anybody_up(browser, machines):
    data = {"equipment_count": "120", "equipment_digital_count": "126"}
    browser.post(machines, data={"revision": "0", **data})

    assert "/networking" in browser.post(machines, data={"revision": "1", **data}).location


def test_the_rate_of_two_figures_is_shown_exactly(browser, machines):
    browser.post(machines, data={"revision": "0", "equipment_count": "120", "equipment_digital_count": "55"})

    assert '<output class="number">45.8%</output>' in browser.get(machines).text


def test_hostile_text_is_kept_as_text_and_never_becomes_markup(flask_app, browser, identity):
    browser.post(identity, data={"revision": "0", "firm_name": HOSTILE})

    assert json.loads(answers(flask_app)["firm_name"][1]) == HOSTILE
    assert HOSTILE not in browser.get(identity).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in browser.get(identity).text


def test_names_that_the_page_does_not_ask_are_not_kept(flask_app, browser, page):
    browser.post(page, data={"revision": "0", "employees": "5", "data.L1.1": "full", "no_such_fact": "1"})

    assert set(answers(flask_app)) == {"data.L1.1"}


def test_a_code_that_is_no_option_is_refused_and_nothing_of_it_is_kept(flask_app, browser, page):
    answer = browser.post(page, data={"revision": "0", "data.L1.1": "perfect"})

    assert answer.status_code == 422
    assert answers(flask_app) == {}


def test_a_wrong_credit_code_is_explained_beside_its_field(browser, identity):
    answer = browser.post(identity, data={"revision": "0", "uscc": "91500157MA00AA017D"})

    assert answer.status_code == 422
    assert "末位应为 C" in answer.text
    assert 'value="91500157MA00AA017D"' in answer.text


@pytest.mark.parametrize("place", ["data/firm/no_such_page", "no_such_section/firm/x", "data/no-one/levels_1_2"])
def test_a_page_that_does_not_exist_is_not_found(browser, diagnosis, place):
    assert browser.get(f"/diagnoses/{diagnosis.id}/fill/{place}").status_code == 404


def test_a_workshop_of_another_firm_is_not_found(flask_app, browser, diagnosis):
    other = parts_of(flask_app, make_firm(flask_app, {"二工厂": ("涂装车间",)}))["涂装车间"]

    assert browser.get(f"/diagnoses/{diagnosis.id}/fill/workshop_equipment/{other}/machines").status_code == 404


# --- several people ---------------------------------------------------------------------------------------------------


def test_two_tabs_with_different_questions_both_count(flask_app, browser, page):
    browser.post(page, data={"revision": "0", "data.L1.1": "full"})
    second = browser.post(page, data={"revision": "0", "data.L1.2": "none"})

    assert second.status_code == 302
    assert answers(flask_app) == {"data.L1.1": ("stated", '"full"'), "data.L1.2": ("stated", '"none"')}


def test_two_tabs_with_the_same_question_show_both_answers_and_keep_the_first(flask_app, browser, page):
    browser.post(page, data={"revision": "0", "data.L1.1": "full"})
    second = browser.post(page, data={"revision": "0", "data.L1.1": "none"})

    assert second.status_code == 409
    assert "用我填的<strong>不满足</strong>" in second.text
    assert "<strong>全部满足</strong>" in second.text
    assert '<input type="radio" name="data.L1.1" value="none" checked>' in second.text
    assert answers(flask_app) == {"data.L1.1": ("stated", '"full"')}


@pytest.mark.parametrize(("choice", "kept"), [("mine", '"none"'), ("theirs", '"full"')])
def test_the_person_chooses_which_of_two_answers_stays(flask_app, browser, page, choice, kept):
    browser.post(page, data={"revision": "0", "data.L1.1": "full"})
    shown = browser.post(page, data={"revision": "0", "data.L1.1": "none"}).text
    chosen = {"data.L1.1": "none", "data.L1.1!asked": "1", "data.L1.1!keep": choice}
    answer = browser.post(page, data={"revision": revision_on(shown), **chosen})

    assert answer.status_code == 302
    assert answers(flask_app) == {"data.L1.1": ("stated", kept)}


def test_without_a_choice_both_answers_are_shown_again_and_nothing_changes(flask_app, browser, page):
    browser.post(page, data={"revision": "0", "data.L1.1": "full"})
    shown = browser.post(page, data={"revision": "0", "data.L1.1": "none"}).text
    answer = browser.post(page, data={"revision": revision_on(shown), "data.L1.1": "none", "data.L1.1!asked": "1"})

    assert answer.status_code == 422
    assert "用我填的<strong>不满足</strong>" in answer.text
    assert answers(flask_app) == {"data.L1.1": ("stated", '"full"')}


def test_a_save_that_was_outrun_shows_everything_as_typed_and_can_be_repeated(flask_app, browser, page, monkeypatch):
    def outrun(*_arguments):
        raise Stale("刚才有同事也在保存。")

    monkeypatch.setattr(service, "_count_save", outrun)
    typed = {"revision": "0", "data.L1.1": "partly", "data.L1.2": "?"}
    answer = browser.post(page, data=typed)
    monkeypatch.undo()

    assert answer.status_code == 409
    assert '<input type="radio" name="data.L1.1" value="partly" checked>' in answer.text
    assert '<input type="radio" name="data.L1.2" value="?" checked>' in answer.text
    assert browser.post(page, data=typed).status_code == 302
    assert answers(flask_app) == {"data.L1.1": ("stated", '"partly"'), "data.L1.2": ("unknown", None)}


def test_a_post_after_the_submission_saves_nothing_and_shows_what_was_typed(flask_app, browser, firm, diagnosis, page):
    with flask_app.app_context():
        db.session.execute(db.update(Diagnosis.__table__).values(stage=Stage.SUBMITTED))
        db.session.connection().commit()
    answer = browser.post(page, data={"revision": "0", "data.L1.1": "partly"})

    assert answer.status_code == 409
    assert "已经提交" in answer.text
    assert '<input type="radio" name="data.L1.1" value="partly" checked>' in answer.text
    assert answers(flask_app) == {}


@pytest.mark.parametrize("path", ["", "/answers", "/result", "/fill/data/firm/levels_1_2"])
def test_a_foreign_manager_finds_nothing(flask_app, client, diagnosis, path):
    sign_in(client, make_user(flask_app))

    assert client.get(f"/diagnoses/{diagnosis.id}{path}").status_code == 404


def test_a_consultant_reads_but_does_not_fill(flask_app, client, firm, diagnosis, page):
    sign_in(client, make_consultant(flask_app, firm))

    assert client.get(f"/diagnoses/{diagnosis.id}/answers").status_code == 200
    assert client.post(page, data={"data.L1.1": "full"}).status_code == 403


def test_ten_megabytes_are_refused_with_a_sentence(browser, page):
    answer = browser.post(page, data={"revision": "0", "data.L1.1": "x" * 10_000_000})

    assert answer.status_code == 413
    assert "提交的内容太大" in answer.text


# --- overview, tailoring, checking, submitting ------------------------------------------------------------------------


def test_the_overview_asks_for_factories_where_there_are_none(flask_app, client):
    empty = make_firm(flask_app)
    made = make_diagnosis(flask_app, empty)
    sign_in(client, make_user(flask_app, firm_id=empty.id))
    text = client.get(f"/diagnoses/{made.id}").text

    assert "请先添加工厂和车间" in text
    assert f"/firms/{empty.id}" in text


def test_the_overview_has_one_row_for_each_workshop_and_a_next_step(browser, diagnosis):
    text = browser.get(f"/diagnoses/{diagnosis.id}").text

    assert text.count("<strong>冲压车间</strong>") == text.count("<strong>焊装车间</strong>") == 1
    assert "继续：企业概况" in text
    assert "准备与诊断用，不是官方认定结果" in text


def test_a_tailored_subdomain_is_no_longer_asked_and_its_reason_is_printed(browser, diagnosis):
    place = f"/diagnoses/{diagnosis.id}/tailoring"
    data = {"revision": "0", "left_out": "logistics", "reason.logistics": "客户自提"}

    assert browser.post(place, data=data).status_code == 302
    assert "/fill/logistics/firm/" not in browser.get(f"/diagnoses/{diagnosis.id}").text
    assert "物流：客户自提" in browser.get(f"/diagnoses/{diagnosis.id}").text
    assert "理由：客户自提" in browser.get(f"/diagnoses/{diagnosis.id}/result").text


def test_a_tailoring_without_reason_keeps_what_was_ticked(browser, diagnosis):
    answer = browser.post(f"/diagnoses/{diagnosis.id}/tailoring", data={"revision": "0", "left_out": "logistics"})

    assert answer.status_code == 422
    assert "没有写明理由" in answer.text
    assert 'value="logistics" checked' in answer.text


def test_a_changed_answer_leads_back_to_its_line_on_the_check_page(browser, diagnosis, page):
    check = f"/diagnoses/{diagnosis.id}/answers"
    link = re.search(r'href="([^"]+at=data\.L1\.1)#data\.L1\.1"', browser.get(check).text)[1].replace("&amp;", "&")
    form = browser.get(link).text
    answer = browser.post(page, data={"revision": "0", "back": "check", "at": "data.L1.1", "data.L1.1": "full"})

    assert '<input type="hidden" name="back" value="check">' in form
    assert answer.location.endswith("/answers#firm.data.L1.1")
    assert 'id="firm.data.L1.1"' in browser.get(check).text


def test_the_check_page_begins_with_what_is_missing(browser, diagnosis):
    text = browser.get(f"/diagnoses/{diagnosis.id}/answers").text

    assert "提交前必填" in text
    assert text.index("提交前必填") < text.index('<dl class="answers">')


def test_a_submission_with_missing_required_answers_is_refused_and_says_which(flask_app, browser, diagnosis):
    answer = browser.post(f"/diagnoses/{diagnosis.id}/submit", data={"truthful": "yes", "name": "王某"})

    assert answer.status_code == 422
    assert "生产类型" in answer.text
    assert 'value="王某"' in answer.text


def test_a_submission_opens_the_result_at_once(flask_app, browser, firm):
    given = {"production_type": "discrete", "employees": Fraction(320), "revenue": Fraction(15000)}
    ready = make_diagnosis(flask_app, firm, {**given, "firm_name": firm.name, "uscc": firm.uscc, "district": "500120"})
    answer = browser.post(
        f"/diagnoses/{ready.id}/submit", data={"truthful": "yes", "name": "王某"}, follow_redirects=True
    )

    assert answer.request.path == f"/diagnoses/{ready.id}/result"
    with flask_app.app_context():
        assert db.session.get_one(Diagnosis, ready.id).stage is Stage.SUBMITTED
        assert len(list(db.session.scalars(select(AssessmentRecord)))) == 1


def test_a_district_officer_reads_the_result_with_its_rules_and_their_confidence(flask_app, client, diagnosis):
    sign_in(client, make_user(flask_app, Role.DISTRICT_OFFICER, district="500120"))
    text = client.get(f"/diagnoses/{diagnosis.id}/result").text

    assert "重庆市数字化车间" in text
    assert "confidence--sourced" in text
    assert "准备与诊断用，不是官方认定结果" in text
    assert "<style" not in text
    assert " style=" not in text


def test_every_page_speaks_english_too(browser, diagnosis, page):
    browser.post("/language/en")

    assert "Fully met" in browser.get(page).text
    assert browser.get(f"/diagnoses/{diagnosis.id}/result").status_code == 200
    assert browser.get(f"/diagnoses/{diagnosis.id}").status_code == 200


# --- the conclusions of now, beside the questions ---------------------------------------------------------------------


def test_the_way_to_the_conclusions_of_now_stands_on_a_page_of_questions_for_the_manager_only(flask_app, client):
    made = make_diagnosis(flask_app, make_firm(flask_app))
    page, pages = f"/diagnoses/{made.id}/fill/data/firm/levels_1_2", []
    for person in (make_user(flask_app, firm_id=made.firm_id), make_colleague(flask_app, made, ("data", "firm"))):
        sign_in(client, person)
        pages.append(client.get(page).text)
    manager, colleague = pages
    sign_in(client, make_user(flask_app, firm_id=made.firm_id))
    found = [re.search(rf'{name}="([^"]+)"', manager[manager.index('id="now"') :])[1] for name in ("data-from", "href")]

    assert [client.get(urljoin(page, address)).status_code for address in found] == [200, 200]
    assert "现在的结论" not in colleague
    assert "standing.js" not in colleague


def test_a_colleague_goes_back_to_his_sections_and_the_manager_to_the_overview(flask_app, client):
    made = make_diagnosis(flask_app, make_firm(flask_app))
    place, ways = f"/diagnoses/{made.id}/fill/data/firm", []
    for person in (make_user(flask_app, firm_id=made.firm_id), make_colleague(flask_app, made, ("data", "firm"))):
        sign_in(client, person)
        page, sheet = client.get(f"{place}/levels_1_2").text, client.get(f"{place}/offline").text
        button = re.search(r'value="hub">([^<]+)<', page)[1]
        ways.append((button, *(re.search(r'class="crumbs"><a [^>]+>([^<]+)<', one)[1] for one in (page, sheet))))

    assert ways == [("回总览", "← 总览", "← 总览"), ("回我的章节", "← 我的章节", "← 我的章节")]
