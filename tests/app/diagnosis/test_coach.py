"""A question in plain words: as a page with a way back, and as a part to be put under the question."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import event

from app.diagnosis.models import Stage
from app.extensions import db
from tests.factories import make_diagnosis, make_firm, make_user, parts_of, sign_in


@pytest.fixture
def firm(flask_app):
    return make_firm(flask_app, {"一工厂": ("冲压车间",)})


@pytest.fixture
def diagnosis(flask_app, firm):
    return make_diagnosis(flask_app, firm)


@pytest.fixture
def browser(flask_app, client, firm):
    sign_in(client, make_user(flask_app, firm_id=firm.id))
    return client


@pytest.fixture
def fill(diagnosis):
    return f"/diagnoses/{diagnosis.id}/fill"


@pytest.fixture
def machines(flask_app, firm, fill):
    return f"{fill}/workshop_equipment/{parts_of(flask_app, firm)['冲压车间']}"


def test_a_practice_shows_its_four_degrees_in_order_and_the_way_back_to_the_question(browser, fill):
    page = browser.get(f"{fill}/data/firm/coach/data.L2.1").text

    assert re.findall(r"<dt>(\w+)</dt>", page) == ["全部满足", "大部分满足", "部分满足", "不满足"]
    assert page.count(f'href="{fill}/data/firm/levels_1_2#data.L2.1"') == 2
    assert all(f">{words}</h2>" in page for words in ("这题在问什么", "各档是什么样", "不算的", "拿什么给专家看"))


def test_the_source_of_the_requirement_its_confidence_and_that_the_examples_are_ours_are_said(browser, fill):
    page = browser.get(f"{fill}/data/firm/coach/data.L2.1").text

    assert "要求的出处：<span>GB/T 39116-2020 智能制造能力成熟度模型，数据，二级" in page
    assert '<span class="confidence confidence--known-high">较有把握</span>' in page
    assert "例子是我们写的，不是标准原文。" in page


def test_both_figures_of_a_ratio_lead_to_the_same_words_and_each_back_to_itself(browser, machines):
    pages = {
        name: browser.get(f"{machines}/coach/{name}").text for name in ("equipment_count", "equipment_digital_count")
    }

    assert all(f'href="{machines}/machines#{name}"' in page for name, page in pages.items())
    assert all("算一个例子" in page and "67.5%" in page and "<dl" not in page for page in pages.values())
    assert all("冲压车间" in page for page in pages.values())


def test_the_way_back_leads_to_the_field_itself(browser, machines):
    assert 'id="equipment_digital_count"' in browser.get(f"{machines}/machines").text


def test_the_part_says_the_same_without_head_and_foot(browser, fill):
    address = f"{fill}/data/firm/coach/data.L2.1"
    whole, part = browser.get(address).text, browser.get(f"{address}?part=1").text
    said = re.search(r'<div class="coach">.*不是标准原文。</p>', whole, re.DOTALL)[0]

    assert said in part
    assert "<html" not in part
    assert part.lstrip().startswith('<section class="coach-part" aria-label="填报助手">')


def test_the_part_is_small(browser, fill):
    assert len(browser.get(f"{fill}/data/firm/coach/data.L2.1?part=1").data) < 6_000


def test_a_reader_of_english_reads_english_and_the_name_of_the_document(flask_app, client, firm, fill):
    sign_in(client, make_user(flask_app, firm_id=firm.id, language="en"))
    page = client.get(f"{fill}/data/firm/coach/data.L2.1").text

    assert all(words in page for words in ("What is asked", "What each degree looks like", "Back to the question"))
    assert '<span lang="zh-CN">GB/T 39116-2020 智能制造能力成熟度模型</span>' in page


@pytest.mark.parametrize(
    "address",
    [
        "data/firm/coach/data.L9.9",  # no such fact
        "data/firm/coach/network.L1.1",  # asked in another section
        "nothing/firm/coach/data.L2.1",
        "data/firm2/coach/data.L2.1",
        "workshop_equipment/firm/coach/equipment_count",  # stated of a workshop, not of the firm
    ],
)
def test_what_is_not_asked_there_is_not_found(browser, fill, address):
    assert browser.get(f"{fill}/{address}").status_code == 404


def test_a_question_without_a_coach_says_where_its_words_stand(browser, fill):
    answer = browser.get(f"{fill}/profile/firm/coach/employees")

    assert answer.status_code == 404
    assert "这一题没有填报助手；怎么算、算什么，写在题目下面。" in answer.text


def test_the_workshop_of_another_firm_has_no_coach_here(flask_app, browser, fill):
    other = make_firm(flask_app, {"二工厂": ("压铸车间",)})
    foreign = parts_of(flask_app, other)["压铸车间"]

    assert browser.get(f"{fill}/workshop_equipment/{foreign}/coach/equipment_count").status_code == 404


def test_another_firm_reads_nothing(flask_app, client, fill):
    sign_in(client, make_user(flask_app, firm_id=make_firm(flask_app).id))

    assert client.get(f"{fill}/data/firm/coach/data.L2.1").status_code == 404


def test_after_the_submission_the_words_can_still_be_read(flask_app, browser, firm):
    submitted = make_diagnosis(flask_app, firm, stage=Stage.SUBMITTED)

    assert browser.get(f"/diagnoses/{submitted.id}/fill/data/firm/coach/data.L2.1").status_code == 200


def test_the_words_are_read_with_one_statement_about_the_diagnosis(flask_app, browser, fill):
    statements: list[str] = []
    with flask_app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    browser.get(f"{fill}/data/firm/coach/data.L2.1")

    assert len([one for one in statements if "FROM diagnosis" in one]) == 1
    assert not any("answer_entry" in one for one in statements)
