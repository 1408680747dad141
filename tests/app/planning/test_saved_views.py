"""The pages of saved plans and of costs, as a browser without scripts uses them."""

from __future__ import annotations

import re

import pytest

from app.access import Role
from app.extensions import db
from app.planning.costs import overrides_of
from app.planning.models import CostPart, PlanStep, Progress
from scoring.model import Costs
from tests.app.planning.test_service import LEVELS, MISSING, answers
from tests.factories import make_diagnosis, make_firm, make_plan, make_user, sign_in


@pytest.fixture
def firm(flask_app):
    return make_firm(flask_app, {"一工厂": ("冲压车间",)}, name="示例制动")


@pytest.fixture
def manager(flask_app, client, firm):
    person = make_user(flask_app, firm_id=firm.id)
    sign_in(client, person)
    return person


@pytest.fixture
def diagnosis(flask_app, firm, manager):
    return make_diagnosis(flask_app, firm, answers())


@pytest.fixture
def plan(flask_app, diagnosis):
    return make_plan(flask_app, diagnosis)


def step_form(plan, **typed):
    [step] = plan.steps
    said = {"owner": "李工", "due": "2027-06-30", "progress": "under_way", "note": "已立项", "seen": "0"}
    return f"/plans/{plan.id}/steps/{step.id}", {**said, **typed}


# --- saving -----------------------------------------------------------------------------------------------------------


def test_what_is_posted_is_computed_anew_and_leads_to_the_saved_plan(client, diagnosis):
    form = {"goal": f"{LEVELS}:1", "budget": "500", "by": "", "people": "", "projects": "adaptive_cell", "cost": "1"}
    saved = client.post(f"/diagnoses/{diagnosis.id}/plans", data=form)
    page = client.get(saved.location)
    listed = client.get(f"/diagnoses/{diagnosis.id}/plans")

    assert saved.status_code == 302
    assert "计划已保存" in page.text
    assert "改进计划 1" in page.text
    assert "500 万元" in page.text
    assert "adaptive_cell" not in page.text
    assert re.search(r"完成 0 / \d", listed.text)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"goal": f"{LEVELS}:1", "budget": "-20"}, "预算：“-20”是负数。请填 0 到 1000000 的整数（万元），不限就留空。"),
        ({"goal": f"{LEVELS}:1", "budget": "0"}, "这个预算一个项目也做不了，没有可以保存的计划。请提高预算。"),
        ({"goal": f"{LEVELS}:1", "by": "2027-02-31"}, "完成日期：“2027-02-31”不是日期。"),
        ({"goal": "nonsense:1"}, "没有评价标准“nonsense”"),
        ({}, "请至少选择一个要达到的等级或认定"),
    ],
)
def test_a_faulty_request_saves_nothing_and_says_what_to_do(client, diagnosis, form, said):
    answer = client.post(f"/diagnoses/{diagnosis.id}/plans", data=form)

    assert answer.status_code == 422
    assert said in answer.text
    assert "还没有保存过计划" in answer.text


def test_a_goal_that_is_met_already_says_so(flask_app, client, firm, manager):
    met = make_diagnosis(flask_app, firm, answers(**dict.fromkeys(MISSING, "full")))
    answer = client.post(f"/diagnoses/{met.id}/plans", data={"goal": f"{LEVELS}:1"})

    assert answer.status_code == 422
    assert "目标已经达到，没有要做的项目" in answer.text


@pytest.mark.parametrize("role", [Role.DISTRICT_OFFICER, Role.COMMISSION])
def test_who_only_looks_on_sees_a_plan_and_changes_nothing(flask_app, client, diagnosis, plan, role):
    sign_in(client, make_user(flask_app, role))
    address, typed = step_form(plan)

    assert "智能制造规划与年度投入" in client.get(f"/plans/{plan.id}").text
    assert "<form" not in client.get(f"/plans/{plan.id}").text.partition("<main")[2]
    assert client.post(f"/diagnoses/{diagnosis.id}/plans", data={"goal": f"{LEVELS}:1"}).status_code == 403
    assert client.post(address, data=typed).status_code == 403
    assert client.post(f"/plans/{plan.id}/withdraw").status_code == 403


# --- one plan ---------------------------------------------------------------------------------------------------------


def test_a_step_is_followed_up(client, plan):
    address, typed = step_form(plan)
    answer = client.post(address, data=typed, follow_redirects=True)

    assert answer.status_code == 200
    assert "已保存。" in answer.text
    assert 'value="李工"' in answer.text
    assert '<option value="under_way" selected>' in answer.text
    assert 'value="已立项"' in answer.text


def test_a_done_step_is_drawn_as_done(flask_app, client, diagnosis):
    done, open_ = ({"progress": Progress.DONE}, {"progress": Progress.NOT_STARTED})
    drawn = [client.get(f"/plans/{make_plan(flask_app, diagnosis, one).id}").text for one in (done, open_)]
    bars = [re.search(r'height="12" rx="2" fill="(#\w+)"', text)[1] for text in drawn]

    assert bars[0] != bars[1]


def test_a_stale_form_comes_back_filled_in_beside_what_is_kept(client, plan):
    address, typed = step_form(plan)
    client.post(address, data=typed)
    answer = client.post(address, data={**typed, "owner": "王工"})
    again = client.post(address, data={**typed, "owner": "王工", "seen": "1"})

    assert answer.status_code == 409
    assert "这一步刚才由别人改过" in answer.text
    assert 'value="王工"' in answer.text
    assert "现在的内容：李工 · 2027-06-30 · 进行中" in answer.text
    assert 'name="seen" value="1"' in answer.text
    assert again.status_code == 302


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"due": "morgen"}, 422, "完成日期：“morgen”不是日期"),
        ({"due": "2020-01-01"}, 422, "完成日期：应在 2027-01-01"),
        ({"progress": "<b>"}, 422, "进度：请从列表中选择一项"),
        ({"owner": "长" * 61}, 422, "负责人：超过 60 个字"),
        ({"seen": "x"}, 409, "这一步刚才由别人改过"),
        ({"seen": ""}, 409, "这一步刚才由别人改过"),
    ],
)
def test_a_faulty_form_of_a_step_comes_back_with_the_sentence(flask_app, client, plan, typed, status, said):
    address, form = step_form(plan, **typed)
    answer = client.post(address, data=form)

    assert (answer.status_code, said in answer.text) == (status, True)
    with flask_app.app_context():
        assert db.session.get_one(PlanStep, plan.steps[0].id).revision == 0


def test_what_was_typed_is_escaped(client, plan):
    address, form = step_form(plan, note="<script>alert(1)</script>")
    answer = client.post(address, data=form, follow_redirects=True)

    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text


def test_an_entry_that_left_the_catalogue_keeps_its_name_and_promise(flask_app, client, diagnosis):
    gone = {"improvement_id": "taken_out", "name_zh": "旧的改进项"}
    facts = [
        {"subject": "firm", "name": "厂", "fact": "no.such.fact", "value": "40", "before": None, "direction": "up"}
    ]
    plan = make_plan(
        flask_app, diagnosis, {**gone, "effects": facts, "helps": [{"criteria": "x", "id": "R1", "subject": "firm"}]}
    )
    page = client.get(f"/plans/{plan.id}")

    assert page.status_code == 200
    assert "旧的改进项" in page.text
    assert "目录中已没有此项" in page.text
    assert "不再询问" in page.text
    assert "<li>R1</li>" in page.text
    assert "改进项目录或造价有变化" in page.text


def test_promised_stands_beside_achieved_and_the_diagnosis_can_be_chosen(flask_app, client, firm, diagnosis, plan):
    later = make_diagnosis(flask_app, firm, answers(**{"org_strategy.L1.1": "full"}))
    newest = client.get(f"/plans/{plan.id}").text
    own = client.get(f"/plans/{plan.id}?with={diagnosis.id}").text

    assert "对照第 2 次诊断" in newest
    assert "承诺改变 1 项填报，已实现 1 项" in newest
    assert f"/plans/{plan.id}?with={later.id}" in newest
    assert "对照第 1 次诊断" in own
    assert "承诺改变 1 项填报，已实现 0 项" in own


@pytest.mark.parametrize("asked", ["nonsense", "8f2d6a7c-1b39-4689-88b2-8138a80c6f49", "'; --"])
def test_a_diagnosis_that_is_none_of_the_plans_is_not_found(client, plan, asked):
    assert client.get(f"/plans/{plan.id}", query_string={"with": asked}).status_code == 404


def test_a_withdrawn_plan_is_read_only(client, plan, diagnosis):
    answer = client.post(f"/plans/{plan.id}/withdraw", follow_redirects=True)
    page = client.get(f"/plans/{plan.id}").text
    address, form = step_form(plan)

    assert "已撤回" in answer.text
    assert "只供查看" in page
    assert 'name="owner"' not in page
    assert client.post(address, data=form).status_code == 409
    assert client.post(f"/plans/{plan.id}/withdraw").status_code == 409


def test_another_firms_plan_is_not_found(flask_app, client, plan):
    sign_in(client, make_user(flask_app))
    address, form = step_form(plan)

    assert client.get(f"/plans/{plan.id}").status_code == 404
    assert client.post(address, data=form).status_code == 404
    assert client.post(f"/plans/{plan.id}/withdraw").status_code == 404


def test_the_overview_leads_to_the_saved_plans(client, diagnosis):
    assert f'href="/diagnoses/{diagnosis.id}/plans"' in client.get(f"/diagnoses/{diagnosis.id}").text


# --- costs ------------------------------------------------------------------------------------------------------------


def test_costs_are_listed_for_the_size_of_the_firm_and_changed_for_plans_from_then_on(client, firm, diagnosis):
    before = client.get(f"/firms/{firm.id}/costs").text
    address = f"/firms/{firm.id}/costs/smart_roadmap"
    form = {"place-low": "1", "place-likely": "2", "place-high": "1,234"}
    after = client.post(address, data=form, follow_redirects=True)
    back = client.post(address, data=dict.fromkeys(form, ""), follow_redirects=True)

    assert "1 / 2 / 1,234" not in before
    assert "“智能制造规划与年度投入”的造价已保存" in after.text
    assert "1 / 2 / 1,234" in after.text
    assert 'value="1234"' not in client.get(address).text
    assert "1 / 2 / 1,234" not in back.text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"place-low": "5", "place-likely": "4", "place-high": "9"}, "一处的造价：应为最低 ≤ 可能 ≤ 最高"),
        ({"place-low": "-1", "place-likely": "4", "place-high": "9"}, "最低：“-1”是负数。请填 0 到 1000000"),
        ({"place-low": "1", "place-likely": "", "place-high": "9"}, "三个数要填齐"),
        ({"place-low": "1.5", "place-likely": "2", "place-high": "9"}, "最低：“1.5”不是整数"),
        ({"place-low": "0", "place-likely": "0", "place-high": "0"}, "可能至少为 1"),
    ],
)
def test_faulty_costs_come_back_as_typed_with_the_sentence(client, firm, manager, form, said):
    answer = client.post(f"/firms/{firm.id}/costs/smart_roadmap", data=form)

    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{form["place-high"]}"' in answer.text


def test_an_improvement_with_units_has_a_cost_for_each(flask_app, client, firm, manager):
    typed = {f"{part}-{name}": "7" for part in CostPart for name in ("low", "likely", "high")}
    client.post(f"/firms/{firm.id}/costs/machine_networking", data=typed)
    with flask_app.app_context():
        kept = {one.part: one.cost for one in overrides_of(firm.id)}

    assert kept == dict.fromkeys(CostPart, Costs(7, 7, 7))


def test_what_is_not_in_the_catalogue_has_no_cost(client, firm, manager):
    assert client.get(f"/firms/{firm.id}/costs/no_such").status_code == 404
    assert client.post(f"/firms/{firm.id}/costs/no_such").status_code == 404


def test_costs_of_another_firm_are_not_found(flask_app, client, firm, manager):
    other = make_firm(flask_app)

    assert client.get(f"/firms/{other.id}/costs").status_code == 404
    assert client.post(f"/firms/{other.id}/costs/smart_roadmap", data={}).status_code == 404
