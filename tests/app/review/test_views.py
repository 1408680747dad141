"""A consultant's review through the pages, from the list to the signature."""

from __future__ import annotations

import json
import re
from fractions import Fraction

import pytest
from sqlalchemy import select

from app.audit import verify
from app.diagnosis.models import AnswerEntry, AssessmentRecord, Diagnosis, Layer, Remark, Stage
from app.extensions import db
from tests.factories import make_consultant, make_diagnosis, make_evidence, make_firm, make_user, parts_of, sign_in

PAGE = "pages/data/firm/levels_1_2"


@pytest.fixture
def firm(flask_app):
    return make_firm(flask_app, {"一工厂": ("冲压车间",)}, name="示例山城零部件厂")


@pytest.fixture
def diagnosis(flask_app, firm):
    workshop = str(parts_of(flask_app, firm)["冲压车间"])
    stated = {"production_type": "discrete", "data.L1.1": "full", (workshop, "equipment_count"): Fraction(120)}
    return make_diagnosis(flask_app, firm, stated, stage=Stage.SUBMITTED)


@pytest.fixture
def review(diagnosis):
    return f"/reviews/{diagnosis.id}"


@pytest.fixture
def consultant(flask_app, client, firm):
    sign_in(client, make_consultant(flask_app, firm, name="陈专家"))
    return client


@pytest.fixture
def manager(flask_app, firm):
    browser = flask_app.test_client()
    sign_in(browser, make_user(flask_app, firm_id=firm.id))
    return browser


def verified(flask_app) -> dict[str, tuple[str, str | None, str | None]]:
    with flask_app.app_context():
        rows = db.session.scalars(select(AnswerEntry).where(AnswerEntry.layer == Layer.VERIFIED))
        return {row.fact: (row.state, row.value, row.reason) for row in rows}


def test_every_explained_answer_leads_to_its_plain_words_and_these_back_to_it(consultant, review):
    page = consultant.get(f"{review}/{PAGE}").text
    address = f"{review}/pages/data/firm/coach/data.L1.2"
    words = consultant.get(address).text

    assert page.count("/coach/data.L") == page.count('<fieldset class="verify')
    assert f'href="{address}"' in page
    assert f'href="{review}/{PAGE}#data.L1.2"' in words
    assert "拿什么给专家看" in words


def test_an_answer_that_nobody_explains_leads_nowhere(consultant, review):
    assert "/coach/" not in consultant.get(f"{review}/pages/profile/firm/size").text


def stage(flask_app, diagnosis) -> Stage:
    with flask_app.app_context():
        return db.session.get_one(Diagnosis, diagnosis.id).stage


def agree_with_everything(browser, review) -> None:
    """Open one page after the other and press the button, as a consultant does who agrees."""
    address = re.search(r'class="button" href="([^"]+)">继续复核', browser.get(review).text)[1]
    while "/pages/" in address:
        text = browser.get(address).text
        fields = re.findall(r'<input type="radio" name="([^"]+)" value="([^"]+)" checked>', text)
        fields += re.findall(r'<input id="[^"]+-field" name="([^"]+)" value="([^"]*)"', text)
        fields += re.findall(r'name="(revision)" value="(\d+)"', text)
        address = browser.post(address, data=dict(fields)).location


def test_the_list_shows_assigned_firms_with_those_that_wait_first(flask_app, consultant, firm, diagnosis):
    make_diagnosis(flask_app, make_firm(flask_app, name="不相干的厂"), stage=Stage.SUBMITTED)
    text = consultant.get("/reviews").text

    assert "示例山城零部件厂" in text
    assert "去复核" in text
    assert "不相干的厂" not in text


def test_one_click_agrees_with_a_whole_page(flask_app, consultant, review):
    answer = consultant.post(f"{review}/{PAGE}", data={"revision": "1", "data.L1.1": "full"})

    assert answer.status_code == 302
    assert verified(flask_app) == {"data.L1.1": ("stated", '"full"', None)}
    assert "● 已复核 1 / 1" in consultant.get(review).text


def test_the_evidence_of_an_answer_stands_beside_it_to_be_downloaded(flask_app, consultant, diagnosis, review):
    file = make_evidence(flask_app, diagnosis, "采集点表.csv", shows=[("firm", "data.L1.1")])
    make_evidence(flask_app, diagnosis, "别处.pdf", b"%PDF-1.7 %%EOF", kind="pdf", shows=[("firm", "network.L1.1")])
    text = consultant.get(f"{review}/{PAGE}").text

    assert f'<a href="/diagnoses/{diagnosis.id}/evidence/{file.id}/file" download>采集点表.csv</a>' in text
    assert text.count("佐证：") == 1
    assert "别处.pdf" not in text


def test_another_finding_needs_its_reason_and_stays_as_typed(flask_app, consultant, review):
    answer = consultant.post(f"{review}/{PAGE}", data={"revision": "1", "data.L1.1": "partly"})

    assert answer.status_code == 422
    assert "请写明理由" in answer.text
    assert '<input type="radio" name="data.L1.1" value="partly" checked>' in answer.text
    assert verified(flask_app) == {}


def test_another_finding_is_kept_with_its_reason_and_a_remark_reaches_the_firm(flask_app, consultant, manager, review):
    found = {"data.L1.1": "partly", "data.L1.1!why": "现场只见一条产线", "data.L1.1!note": "请补充其余产线的记录"}
    consultant.post(f"{review}/{PAGE}", data={"revision": "1", **found})
    comparison = consultant.get(f"{review}/comparison").text

    assert verified(flask_app) == {"data.L1.1": ("stated", '"partly"', "现场只见一条产线")}
    assert "现场只见一条产线" in comparison
    assert "请补充其余产线的记录" in manager.get(review.replace("reviews", "diagnoses")).text


def test_a_wrong_figure_in_a_finding_is_named(consultant, flask_app, firm, review):
    workshop = parts_of(flask_app, firm)["冲压车间"]
    data = {"revision": "1", "equipment_count": "many", "equipment_count!why": "数过"}
    answer = consultant.post(f"{review}/pages/workshop_equipment/{workshop}/machines", data=data)

    assert answer.status_code == 422
    assert "填写的是“many”" in answer.text


def test_a_signature_waits_until_every_answer_was_looked_at(flask_app, consultant, diagnosis, review):
    answer = consultant.post(f"{review}/sign-off")

    assert answer.status_code == 422
    assert "还有 3 项回答没有复核" in answer.text
    assert stage(flask_app, diagnosis) is Stage.SUBMITTED


def test_a_signed_review_freezes_what_was_verified(flask_app, consultant, diagnosis, review):
    found = {"data.L1.1": "partly", "data.L1.1!why": "现场只见一条产线"}
    consultant.post(f"{review}/{PAGE}", data={"revision": "1", **found})
    agree_with_everything(consultant, review)
    answer = consultant.post(f"{review}/sign-off")

    assert answer.location.endswith("/comparison")
    assert stage(flask_app, diagnosis) is Stage.REVIEWED
    with flask_app.app_context():
        record = db.session.scalars(select(AssessmentRecord)).one()
        facts = json.loads(record.diagnosis_file)["facts"]
        assert record.layer is Layer.VERIFIED
        assert facts["data.L1.1"] == {"value": "partly", "reason": "现场只见一条产线"}
        assert list(verify()) == []


def test_what_the_consultant_observed_and_recommends_is_kept_with_the_signature(flask_app, consultant, review):
    agree_with_everything(consultant, review)
    consultant.post(f"{review}/sign-off", data={"observations": " 基础扎实。\n", "recommendations": "先补齐联网。"})
    with flask_app.app_context():
        record = db.session.scalars(select(AssessmentRecord)).one()

        assert (record.observations, record.recommendations) == ("基础扎实。", "先补齐联网。")


@pytest.mark.parametrize("words", [{"observations": "长" * 3001}, {"recommendations": "长" * 3001}])
def test_an_opinion_that_is_too_long_is_refused_and_stays_as_typed(flask_app, consultant, diagnosis, review, words):
    agree_with_everything(consultant, review)
    answer = consultant.post(f"{review}/sign-off", data=words)

    assert answer.status_code == 422
    assert "各不超过 3000 字" in answer.text
    assert "长" * 3001 in answer.text
    assert stage(flask_app, diagnosis) is Stage.SUBMITTED


def test_an_opinion_typed_before_everything_was_looked_at_stays_as_typed(consultant, review):
    answer = consultant.post(f"{review}/sign-off", data={"observations": "<b>基础扎实</b>"})

    assert answer.status_code == 422
    assert "&lt;b&gt;基础扎实&lt;/b&gt;" in answer.text


def test_a_returned_diagnosis_shows_the_firm_why_and_where(flask_app, consultant, manager, diagnosis, review):
    note = {"revision": "1", "data.L1.1": "full", "data.L1.1!note": "请附采集点表"}
    consultant.post(f"{review}/{PAGE}", data=note)
    consultant.post(f"{review}/return", data={"words": "请补充车间数据"})
    fill = f"/diagnoses/{diagnosis.id}/fill/data/firm/levels_1_2"
    hub = manager.get(f"/diagnoses/{diagnosis.id}").text

    assert stage(flask_app, diagnosis) is Stage.RETURNED
    assert "请补充车间数据" in hub
    assert f'href="{fill}#data.L1.1"' in hub


def test_a_question_shows_the_remark_about_it(flask_app, consultant, manager, diagnosis, review):
    with flask_app.app_context():
        db.session.execute(db.update(Diagnosis.__table__).values(submitted_at=diagnosis.started_at))
        db.session.connection().commit()
    consultant.post(f"{review}/{PAGE}", data={"revision": "1", "data.L1.1": "full", "data.L1.1!note": "请附采集点表"})
    consultant.post(f"{review}/return", data={"words": "请补充"})

    assert (
        '<p class="remark">请附采集点表</p>' in manager.get(f"/diagnoses/{diagnosis.id}/fill/data/firm/levels_1_2").text
    )


def test_a_return_without_words_is_refused(flask_app, consultant, diagnosis, review):
    answer = consultant.post(f"{review}/return", data={"words": " "})

    assert answer.status_code == 422
    assert stage(flask_app, diagnosis) is Stage.SUBMITTED


def test_an_agreement_falls_when_the_firm_answers_anew(flask_app, consultant, manager, diagnosis, review):
    consultant.post(f"{review}/{PAGE}", data={"revision": "1", "data.L1.1": "full"})
    consultant.post(f"{review}/return", data={"words": "请核对"})
    fill = f"/diagnoses/{diagnosis.id}/fill/data/firm/levels_1_2"
    manager.post(fill, data={"revision": "2", "data.L1.1": "none"})
    text = consultant.get(f"{review}/{PAGE}").text

    assert "企业填报：<strong>不满足</strong>" in text
    assert "已同意" not in text
    assert "○ 未复核 0 / 1" in consultant.get(review).text


def test_nothing_is_verified_before_the_submission_or_after_the_signature(flask_app, consultant, firm):
    for number, at in enumerate((Stage.FILLING, Stage.REVIEWED), start=7):
        made = make_diagnosis(flask_app, firm, {"data.L1.1": "full"}, stage=at, number=number)
        answer = consultant.post(f"/reviews/{made.id}/{PAGE}", data={"revision": "1", "data.L1.1": "full"})

        assert answer.status_code == 409
        assert "没有保存" in answer.text
    assert verified(flask_app) == {}


def test_two_consultants_on_one_page_do_not_overwrite_each_other(flask_app, consultant, firm, review):
    second = flask_app.test_client()
    sign_in(second, make_consultant(flask_app, firm))
    consultant.post(f"{review}/{PAGE}", data={"revision": "1", "data.L1.1": "none", "data.L1.1!why": "现场未见"})
    answer = second.post(f"{review}/{PAGE}", data={"revision": "1", "data.L1.1": "full"})

    assert answer.status_code == 409
    assert "另一位专家" in answer.text
    assert verified(flask_app) == {"data.L1.1": ("stated", '"none"', "现场未见")}


@pytest.mark.parametrize("path", ["", f"/{PAGE}", "/comparison"])
def test_a_consultant_of_other_firms_finds_nothing(flask_app, client, diagnosis, path):
    sign_in(client, make_consultant(flask_app, make_firm(flask_app)))

    assert client.get(f"/reviews/{diagnosis.id}{path}").status_code == 404


def test_the_firm_sees_the_comparison_only_after_the_signature(flask_app, consultant, manager, review):
    before = manager.get(f"{review}/comparison").status_code
    agree_with_everything(consultant, review)
    consultant.post(f"{review}/sign-off")

    assert before == 404
    assert manager.get(f"{review}/comparison").status_code == 200


def test_hostile_remarks_are_shown_as_text(consultant, flask_app, review):
    consultant.post(f"{review}/{PAGE}", data={"revision": "1", "data.L1.1": "full", "data.L1.1!note": "<b>粗</b>"})

    assert "<b>粗</b>" not in consultant.get(review).text
    with flask_app.app_context():
        assert db.session.scalars(select(Remark.text)).one() == "<b>粗</b>"
