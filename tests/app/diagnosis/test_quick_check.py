"""The quick check: begun from the firm's page, an honest interval, never in the way, taken over by the diagnosis."""

from __future__ import annotations

import re
from types import SimpleNamespace
from uuid import UUID

import pytest
from sqlalchemy import select

from app.access import Role
from app.audit import AuditEvent
from app.diagnosis import records, service
from app.diagnosis.draft import FIRM_KEY, Said, read_draft, stated
from app.diagnosis.models import Diagnosis, Layer, Stage
from app.diagnosis.starting import taken_over
from app.errors import Refused, Stale
from app.extensions import db
from app.programme import board
from app.reporting import service as reporting
from app.review import service as reviews
from questionnaires.loader import load
from tests.factories import make_consultant, make_diagnosis, make_firm, make_user, sign_in

QUICK = load("auto_parts_quick")
PARTLY = {name: stated("partly") for name in QUICK.facts if name != "production_type"}
ANSWERS = {"production_type": stated("discrete"), **PARTLY}


@pytest.fixture
def firm(flask_app):
    return make_firm(flask_app, {"一工厂": ("冲压车间",)})


@pytest.fixture
def manager(flask_app, firm):
    return make_user(flask_app, firm_id=firm.id)


@pytest.fixture
def inside(flask_app):
    with flask_app.test_request_context():
        yield


def answer(manager, check, said):
    draft = service.open_draft(manager, check.id)
    return service.save_page(manager, draft, FIRM_KEY, said, draft.diagnosis.revision)


def newest(diagnosis):
    kept = read_draft(db.session.get_one(Diagnosis, diagnosis.id)).newest(FIRM_KEY, Layer.STATED)
    return {fact: one.said for fact, one in kept.items()}


# --- beginning --------------------------------------------------------------------------------------------------------


def test_it_takes_no_number_of_a_diagnosis(firm, manager, inside):
    check = service.start_quick_check(manager, firm.id)
    diagnosis = service.start(manager, firm.id)

    assert (check.number, check.questionnaire_id, check.is_quick_check) == (-1, "auto_parts_quick", True)
    assert (diagnosis.number, diagnosis.is_quick_check) == (1, False)


def test_begun_twice_it_is_the_same_one(firm, manager, inside):
    assert service.start_quick_check(manager, firm.id).id == service.start_quick_check(manager, firm.id).id


def test_it_is_refused_while_a_diagnosis_is_under_way_and_says_what_to_do(flask_app, firm, manager, inside):
    make_diagnosis(flask_app, firm)

    with pytest.raises(Refused, match="第 1 次诊断正在进行，它的总览随时给出同样的范围"):
        service.start_quick_check(manager, firm.id)


def test_after_a_diagnosis_is_issued_another_one_may_begin(flask_app, firm, manager, inside):
    first = service.start_quick_check(manager, firm.id)
    db.session.get_one(Diagnosis, service.start(manager, firm.id).id).stage = Stage.ISSUED
    service.audit.record(manager.id, "test.issue", "test")
    db.session.commit()
    second = service.start_quick_check(manager, firm.id)

    assert (first.number, second.number) == (-1, -2)


# --- what it says -----------------------------------------------------------------------------------------------------


def test_its_25_answers_give_an_interval(firm, manager, inside):
    check = service.start_quick_check(manager, firm.id)
    draft = answer(manager, check, ANSWERS).draft
    [maturity] = [one for one in records.stand(draft).assessments if one.method == "gbt_39117"]

    assert (maturity.level.low, maturity.level.high) == (0, 2)
    assert maturity.coverage.answered == 24


def test_it_is_never_submitted_and_never_printed(firm, manager, inside):
    check = service.start_quick_check(manager, firm.id)
    draft = answer(manager, check, ANSWERS).draft

    with pytest.raises(Refused, match="快速自查不用提交"):
        service.submit(manager, draft, "王厂长", truthful=True)
    with pytest.raises(Refused, match="快速自查没有报告"):
        reporting.request_report(manager, check.id)


def test_neither_the_board_nor_the_consultant_takes_it_for_a_diagnosis(flask_app, firm, manager, inside):
    service.start_quick_check(manager, firm.id)
    consultant, commission = make_consultant(flask_app, firm), make_user(flask_app, Role.COMMISSION)

    assert reviews.diagnoses_of(consultant) == {}
    assert [one.id for one in board.firms_at(commission, "none", None)] == [firm.id]
    assert board.firms_at(commission, "filling", None) == []


# --- taken over -------------------------------------------------------------------------------------------------------


def test_the_diagnosis_takes_its_answers_over_and_closes_it(firm, manager, inside):
    check = service.start_quick_check(manager, firm.id)
    answer(manager, check, {**ANSWERS, "sales.L3.1": Said("unknown")})
    made = service.start(manager, firm.id)

    assert {fact: said for fact, said in newest(made).items() if fact in ANSWERS} == newest(check)
    assert newest(made)["sales.L3.1"] == Said("unknown")
    assert newest(made)["uscc"] == stated(firm.uscc)
    assert taken_over(made) == 25
    assert db.session.get_one(Diagnosis, check.id).stage is Stage.TAKEN_OVER
    events = db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.number)).all()
    assert events[-2:] == ["diagnosis.start", "diagnosis.take_over"]


def test_what_was_taken_back_in_it_is_not_taken_over(firm, manager, inside):
    check = service.start_quick_check(manager, firm.id)
    answer(manager, check, {"sales.L3.1": stated("full")})
    answer(manager, check, {"sales.L3.1": Said("blank")})

    assert "sales.L3.1" not in newest(service.start(manager, firm.id))


def test_once_taken_over_it_is_no_longer_changed(firm, manager, inside):
    check = service.start_quick_check(manager, firm.id)
    service.start(manager, firm.id)

    with pytest.raises(Stale, match="已经带入正式诊断"):
        answer(manager, check, PARTLY)


def test_a_diagnosis_without_one_begins_as_always(firm, manager, inside):
    assert taken_over(service.start(manager, firm.id)) == 0


# --- its pages --------------------------------------------------------------------------------------------------------


@pytest.fixture
def site(client, firm, manager):
    sign_in(client, manager)
    return SimpleNamespace(
        get=client.get, post=client.post, firm=f"/firms/{firm.id}", quick=f"/diagnoses/firm/{firm.id}/quick-check"
    )


def test_the_firms_page_offers_it_beside_the_diagnosis(site):
    text = site.get(site.firm).text

    assert "开始诊断" in text
    assert "25 题，约十分钟" in text
    assert "开始快速自查" in text


def test_while_it_is_open_the_firms_page_leads_to_it_and_says_that_its_answers_go_along(site):
    overview = site.post(site.quick).location
    text = site.get(site.firm).text

    assert f'href="{overview}"' in text
    assert "快速自查的回答会带过去" in text
    assert "开始快速自查" not in text
    assert site.get("/firms/own").location == site.firm


def test_while_a_diagnosis_is_under_way_the_firms_page_does_not_offer_it(flask_app, firm, site):
    make_diagnosis(flask_app, firm)

    assert "快速自查" not in site.get(site.firm).text
    assert site.post(site.quick).status_code == 422


def test_its_overview_speaks_of_no_workshop_no_report_and_no_submission(site):
    text = site.get(site.post(site.quick).location).text

    assert "快速自查 · 反映" in text
    assert "已答 0 / 25 题" in text
    assert "开始正式诊断，带入这些回答" in text
    for word in ("数字化车间", ">报告<", "核对并提交", "裁剪：", "走最短的路", "清单", "请再看"):
        assert word not in text


def test_a_quick_check_offers_no_lists_and_copies_no_workshops(site, manager, firm):
    overview = site.post(site.quick).location
    page = re.search(r'href="([^"]+/fill/[^"]+)"', site.get(overview).text)[1]

    assert "自动合计" not in site.get(page).text
    assert site.get(f"{overview}/parts/new").status_code == 404


def test_its_result_says_what_it_leaves_open(site, manager, firm, flask_app):
    overview = site.post(site.quick).location
    with flask_app.test_request_context():
        answer(manager, SimpleNamespace(id=UUID(overview.rpartition("/")[2])), ANSWERS)
    text = site.get(f"{overview}/result").text

    assert "等级在一级以下与二级之间" in text
    assert "自查只问 25 题；成熟度的 207 项要求里，有 183 项没有问。" in text
    assert "没有问车间、工厂、中小企业评测和转型升级" in text
    assert "重庆市数字化车间" not in text
    assert "data-chart" not in text


def test_beginning_the_diagnosis_says_how_many_answers_came_along(site, manager, firm, flask_app):
    overview = site.post(site.quick).location
    with flask_app.test_request_context():
        answer(manager, SimpleNamespace(id=UUID(overview.rpartition("/")[2])), ANSWERS)
    there = site.post(f"/diagnoses/firm/{firm.id}").location

    assert "快速自查的 25 个回答已经带入" in site.get(there).text
    assert "这份自查的回答已经带入正式诊断" in site.get(overview).text
    assert "→</span> 已带入" in site.get(site.firm).text


def test_its_answers_page_has_nothing_to_submit(site):
    overview = site.post(site.quick).location

    assert "提交诊断" not in site.get(f"{overview}/answers").text
    assert site.post(f"{overview}/submit", data={"truthful": "yes", "name": "王厂长"}).status_code == 422
