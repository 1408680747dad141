"""Answers of several pages that contradict each other: shown on each of them, with the way to the others."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from app.diagnosis import check, hub
from app.diagnosis.contradictions import contradictions_at, links
from questionnaires.loader import load
from questionnaires.progress import Step
from tests.factories import make_diagnosis, make_firm, make_user, parts_of, sign_in

PARTS = {"一工厂": ("冲压车间", "焊装车间"), "二工厂": ()}


@pytest.fixture
def firm(flask_app):
    return make_firm(flask_app, PARTS)


@pytest.fixture
def parts(flask_app, firm):
    return {name: str(key) for name, key in parts_of(flask_app, firm).items()}


@pytest.fixture
def opened(flask_app, client, firm, parts):
    """A diagnosis with these answers, and a function that opens its pages."""

    def begin(answers, language="zh"):
        made = make_diagnosis(
            flask_app, firm, {(parts.get(who, who), fact): value for (who, fact), value in answers.items()}
        )
        sign_in(client, make_user(flask_app, firm_id=firm.id, language=language))

        def page(place):
            return client.get(f"/diagnoses/{made.id}{place}").text

        return made, page

    return begin


def in_workshop(**figures):
    return {("冲压车间", fact): Fraction(value) for fact, value in figures.items()}


def of_page(text):
    """Return the links beside a question to other pages of what contradicts it."""
    return re.findall(r'<p class="elsewhere">.*?</p>', text, re.DOTALL)


# --- on both pages ----------------------------------------------------------------------------------------------------


def test_a_contradiction_is_shown_on_both_pages_with_a_link_to_the_other(opened, parts):
    _made, page = opened(in_workshop(equipment_count=120, equipment_networked_count=130))
    shop = parts["冲压车间"]
    machines, networking = (page(f"/fill/workshop_equipment/{shop}/{name}") for name in ("machines", "networking"))
    said = "联网装备多于全部生产装备。请核对其中一个数。生产装备总数 120 台（套），联网装备数 130 台（套）。"

    assert said in machines
    assert said in networking
    assert f"/workshop_equipment/{shop}/networking#equipment_networked_count" in of_page(machines)[0]
    assert f"/workshop_equipment/{shop}/machines#equipment_count" in of_page(networking)[0]
    assert "冲压车间 · 生产装备" in of_page(networking)[0]


def test_a_page_of_another_workshop_shows_nothing_of_it(opened, parts):
    _made, page = opened(in_workshop(equipment_count=120, equipment_networked_count=130))

    assert "请核对其中一个数" not in page(f"/fill/workshop_equipment/{parts['焊装车间']}/machines")


def test_workshops_together_contradict_their_factory_on_the_page_of_each(opened, parts):
    answers = {
        ("一工厂", "stage_production_management"): False,
        ("冲压车间", "mes_planning"): True,
        ("冲压车间", "mes_quality"): True,
    }
    _made, page = opened(answers)
    factory = page(f"/fill/factory_stages/{parts['一工厂']}/stages")
    shop = page(f"/fill/workshop_mes/{parts['冲压车间']}/functions")
    other = page(f"/fill/workshop_mes/{parts['焊装车间']}/functions")

    assert "各车间在用的 MES 功能合计 至少 2" in factory
    assert "冲压车间 · MES 的五项功能与系统集成" in of_page(factory)[0]
    assert "各车间在用的 MES 功能合计 至少 2" in shop
    assert "一工厂 · 五个环节" in of_page(shop)[0]
    assert "各车间在用的 MES 功能合计" not in other


def test_factories_together_contradict_the_firm_also_seen_from_one_of_them(opened, parts):
    answers = {
        ("firm", "employees"): Fraction(30),
        ("一工厂", "designers_count"): Fraction(20),
        ("二工厂", "designers_count"): Fraction(15),
    }
    _made, page = opened(answers)
    said = "各工厂研发设计人员合计 35 人，从业人员数 30 人。"

    assert said in page("/fill/profile/firm/size")
    assert said in page(f"/fill/factory_design/{parts['二工厂']}/tools")


def test_two_contradictions_of_one_answer_stand_one_after_the_other(opened, parts):
    _made, page = opened(in_workshop(equipment_count=120, equipment_digital_count=130, equipment_networked_count=125))
    text = page(f"/fill/workshop_equipment/{parts['冲压车间']}/machines")

    assert "已保存，但有 2 处数字前后不一致" in text


# --- listed -----------------------------------------------------------------------------------------------------------


def test_the_check_page_lists_each_contradiction_once_with_all_its_pages(opened, parts):
    _made, page = opened(in_workshop(equipment_count=120, equipment_networked_count=130))
    text = page("/answers")
    listed = text[text.index('id="contradictions-title"') : text.index("不一致不妨碍提交")]

    assert "数字前后不一致：1 处" in text
    assert listed.count("<li>") == 1
    assert [name for name in ("machines", "networking") if f"/{name}?back=check" in listed.replace("&amp;", "&")] == [
        "machines",
        "networking",
    ]


def test_the_overview_counts_it_once_and_marks_every_row_that_gives_a_side(draft_of, keys):
    answers = {"employees": Fraction(3), (keys["一工厂"], "designers_count"): Fraction(9)}
    view = hub.view(draft_of(answers), [])
    marked = {row.title for group in view.groups for row in group.rows if row.state == "check"}

    assert view.contradictions == 1
    assert marked == {"企业概况", "一工厂"}


def test_a_row_that_says_check_leads_to_what_contradicts(draft_of, keys):
    view = hub.view(draft_of({"employees": Fraction(3), (keys["一工厂"], "designers_count"): Fraction(9)}), [])
    rows = {row.title: row.address for group in view.groups for row in group.rows}

    assert rows["企业概况"].endswith("/profile/firm/size")
    assert rows["一工厂"].endswith("/tools")


def test_at_most_some_links_are_shown_of_many_parts(draft_of, keys, monkeypatch):
    monkeypatch.setattr("app.diagnosis.contradictions.MOST_LINKS", 1)
    shops = [keys["冲压车间"], keys["焊装车间"]]
    answers = {(key, "uploading_device_count"): Fraction(3) for key in shops}
    draft = draft_of({**answers, "data.L2.1": "none"})
    section = next(one for one in draft.questionnaire.sections if one.id == "data")
    step = Step(section, draft.firm, section.pages[0])
    (found,) = contradictions_at(draft, step)

    assert len(found.steps) == 3
    assert len(links(draft, found, but=step)) == 1
    assert check.view(draft).contradictions.total == 1


# --- what a consultant would ask --------------------------------------------------------------------------------------

CASES = yaml.safe_load((Path(__file__).parents[2] / "cases" / "contradictions.yaml").read_text(encoding="utf-8"))
OWN_NAMES = re.compile("(冲压|焊装)车间|[一二]工厂")


def answers_of(case):
    """Return the answers of a case; a whole number is exact, true and false are yes and no."""
    return {
        (who, fact): Fraction(value) if type(value) is int else value
        for who, facts in case["answers"].items()
        for fact, value in facts.items()
    }


def listed_on(page):
    text = page("/answers")
    return re.search(r'id="contradictions-title".*?</section>', text, re.DOTALL)[0]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_does_not_fit_is_asked_about_with_both_figures(opened, case):
    _made, page = opened(answers_of(case))
    listed = listed_on(page)

    assert case["says"] in listed
    assert [figure for figure in case["figures"] if figure not in listed] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_question_is_asked_in_english_too(opened, case):
    _made, page = opened(answers_of(case), "en")

    assert re.findall("[\u4e00-\u9fff]+", OWN_NAMES.sub("", listed_on(page))) == []


def test_only_what_cannot_be_true_stops_the_judging_of_a_file():
    checks = [one for section in load("auto_parts").sections for page in section.pages for one in page.checks]

    assert {check.doubtful for check in checks if check.totals} == {True}
    assert sum(not check.doubtful for check in checks) == 11
