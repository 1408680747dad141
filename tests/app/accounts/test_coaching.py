"""Every practice and every ratio in plain words, for authors and for consultants on site."""

from __future__ import annotations

import re

import pytest

from app.access import Role
from app.accounts import coaching
from questionnaires.coach import load_coach
from questionnaires.loader import load
from questionnaires.model import Confidence, Degree, Text
from scoring.loader import load_all
from tests.factories import NOW, make_user, sign_in


@pytest.fixture
def author(flask_app, client):
    sign_in(client, make_user(flask_app, Role.AUTHOR))
    return client


def explained(name):
    questions = {f.id: q for s in load("auto_parts").sections for p in s.pages for q in p.questions for f in q.facts}
    return coaching.explain(questions[name], load_coach(), load_all(NOW.date()).indicators)


def test_a_practice_has_a_ladder_from_fully_met_down_and_the_source_of_its_requirement():
    one = explained("data.L2.1")

    assert [rung.degree for rung in one.ladder] == [Degree.FULL, Degree.MOSTLY, Degree.PARTLY, Degree.NONE]
    assert one.ladder[0].words == Text("全部满足", "Fully met")
    assert one.ladder[3].example == one.coach.degrees[Degree.NONE]
    assert (one.title, one.confidence) == ("GB/T 39116-2020 智能制造能力成熟度模型", Confidence.KNOWN_HIGH)
    assert one.where.startswith("数据，二级")


def test_a_ratio_has_no_ladder_and_the_source_of_its_definition():
    one = explained("equipment_count")

    assert one.id == "equipment_digital_rate"
    assert one.ladder == ()
    assert (one.title, one.confidence) == ("中小企业数字化水平评测指标（2024年版）", Confidence.SOURCED)
    assert one.where == "评测题目中的计算口径（按台套数计）"


def test_a_figure_without_a_ratio_and_a_plain_question_have_no_coach():
    assert explained("employees") is None
    assert explained("systems") is None


def test_everything_explained_stands_once_in_the_order_in_which_it_is_asked(flask_app):
    with flask_app.test_request_context():
        sections = coaching.sections()
    names = [one.id for section in sections for one in section.questions]

    assert len(names) == len(set(names)) == 207 + 16
    assert [section.id for section in sections][:2] == ["conversion", "factory_design"]
    assert next(s for s in sections if s.id == "org_strategy").questions[0].id == "org_strategy.L1.1"


def test_the_list_leads_to_every_section_with_how_much_is_explained(author):
    page = author.get("/content/coach").text

    assert page.count('href="/content/coach/') == 20 + 8  # capability subdomains, and other sections with ratios
    assert re.search(r'href="/content/coach/org_strategy"><strong>组织战略</strong><span[^>]*>6 条<', page)


def test_a_section_can_be_read_aloud_with_every_degree(author):
    page = author.get("/content/coach/data").text

    assert page.count('<article class="card explained"') == page.count('<dl class="ladder">')
    assert page.count("<dt>大部分满足</dt>") == page.count("例子是我们写的，不是标准原文。")
    assert '<article class="card explained" id="data.L2.1"' in page


def test_a_section_without_explanations_is_not_found(author):
    assert author.get("/content/coach/profile").status_code == 404
    assert author.get("/content/coach/nothing").status_code == 404


@pytest.mark.parametrize(
    ("role", "status"), [(Role.CONSULTANT, 200), (Role.COMMISSION, 200), (Role.DISTRICT_OFFICER, 403)]
)
def test_who_may_see_the_content_may_read_it(flask_app, client, role, status):
    sign_in(client, make_user(flask_app, role, district="500120" if role is Role.DISTRICT_OFFICER else None))

    assert client.get("/content/coach").status_code == status


def test_the_overview_of_the_content_leads_to_it(author):
    assert 'href="/content/coach"' in author.get("/content").text
