"""The pages of saved plans and of costs, as a browser without scripts uses them."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import unquote

import pytest

from app.access import Role
from app.extensions import db
from app.planning.costs import overrides_of
from app.planning.models import PlanStep, Progress
from scoring.model import Costs
from scoring.own_costs import CostPart
from tests.app.planning.test_service import LEVELS, MISSING, answers
from tests.factories import make_consultant, make_diagnosis, make_firm, make_plan, make_user, sign_in


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


SHOWN = {"owner": "", "due": "2027-03-31", "progress": "not_started", "note": ""}


def step_form(plan, shown=SHOWN, **typed):
    """The address and the form of the first step, as its page posts it."""
    said = {"owner": "李工", "due": "2027-06-30", "progress": "under_way", "note": "已立项"}
    seen = {f"seen-{name}": words for name, words in shown.items()}
    return f"/plans/{plan.id}/steps/{plan.steps[0].id}", {**said, **seen, **typed}


def words_of(answer):
    """The text of a page without its marks."""
    return re.sub("<[^>]+>", "", answer.text)


def press(plan, to, shown="not_started", number=0):
    """The address and the form of one press in the list."""
    return f"/plans/{plan.id}/steps/{plan.steps[number].id}", {"progress": to, "seen-progress": shown}


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
    assert re.search(r"\d+ 项改进：\d+ 未开始 · 约 \d+ 万元", words_of(listed))


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
    assert "<form" not in client.get(address).text.partition("<main")[2]
    assert "2027-03-31" in client.get(address).text
    assert client.post(f"/diagnoses/{diagnosis.id}/plans", data={"goal": f"{LEVELS}:1"}).status_code == 403
    assert client.post(address, data=typed).status_code == 403
    assert client.post(f"/plans/{plan.id}/withdraw").status_code == 403


# --- one plan ---------------------------------------------------------------------------------------------------------


def test_a_step_is_followed_up(client, plan):
    address, typed = step_form(plan)
    answer = client.post(address, data=typed, follow_redirects=True)
    page = client.get(address).text

    assert answer.status_code == 200
    assert "已保存：“智能制造规划与年度投入”进行中。" in answer.text
    assert "李工" in answer.text
    assert 'value="李工"' in page
    assert '<option value="under_way" selected>' in page
    assert "已立项</textarea>" in page


def test_steps_are_counted_at_the_head_and_brought_further_by_one_press(flask_app, client, diagnosis):
    late = {"progress": Progress.UNDER_WAY, "due": date(2026, 11, 24)}
    plan = make_plan(flask_app, diagnosis, {}, late, {"progress": Progress.DONE}, {"progress": Progress.DROPPED})
    page = client.get(f"/plans/{plan.id}")
    pressed = [press(plan, "under_way"), press(plan, "done", "under_way", 1)]
    started, done = [client.post(address, data=data, follow_redirects=True) for address, data in pressed]

    assert "4 项改进：1 完成，1 进行，1 未开始，1 不做，1 逾期" in words_of(page)
    assert page.text.count('name="progress" value=') == 2  # what is done or dropped has no button
    assert "应在 2026-11-24 前完成" in page.text
    assert "4 项改进：1 完成，2 进行，1 不做，1 逾期" in words_of(started)
    assert "4 项改进：2 完成，1 进行，1 不做" in words_of(done)
    assert "逾期" not in done.text


def test_steps_are_chosen_by_kind_and_owner_and_a_press_leads_back_to_them(flask_app, client, diagnosis):
    late = {"progress": Progress.UNDER_WAY, "due": date(2026, 11, 24), "owner": "李工", "name_zh": "甲"}
    plan = make_plan(flask_app, diagnosis, late, {"owner": "王工", "name_zh": "乙"}, {"name_zh": "丙"})
    shown = {
        asked: re.findall(r'<a class="list__row" href="[^"]+">\s*<span><strong>(.)<', client.get(asked).text)
        for asked in (
            f"/plans/{plan.id}",
            f"/plans/{plan.id}?show=late",
            f"/plans/{plan.id}?owner=王工",
            f"/plans/{plan.id}?show=unowned",
            f"/plans/{plan.id}?show=late&owner=王工",
            f"/plans/{plan.id}?show=nonsense",
        )
    }
    address, data = press(plan, "done", "under_way")
    pressed = client.post(f"{address}?show=late&owner=李工", data=data)

    assert list(shown.values()) == [["甲", "乙", "丙"], ["甲"], ["乙"], ["丙"], [], ["甲", "乙", "丙"]]
    assert unquote(pressed.location) == f"/plans/{plan.id}?show=late&owner=李工#step-{plan.steps[0].id}"
    assert "没有这样的步骤" in client.get(pressed.location).text


def test_each_step_leads_to_the_ones_beside_it(flask_app, client, diagnosis):
    plan = make_plan(flask_app, diagnosis, {"name_zh": "甲"}, {"name_zh": "乙"}, {"name_zh": "丙"})
    page = client.get(f"/plans/{plan.id}/steps/{plan.steps[1].id}").text

    assert "← 甲" in page
    assert "丙 →" in page


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"unit": {"zh": "台（套）", "en": "sets"}}, "增加 1,200 台（套）"),
        ({}, "增加 1,200 台（套）"),  # kept before units were: the catalogue says so
    ],
)
def test_what_a_step_adds_has_its_unit(flask_app, client, diagnosis, words, said):
    adding = {"improvement_id": "machine_networking", "units": 1200, "words": words}
    plan = make_plan(flask_app, diagnosis, adding)

    assert said in client.get(f"/plans/{plan.id}/steps/{plan.steps[0].id}").text


def test_a_done_step_is_drawn_as_done(flask_app, client, diagnosis):
    done, open_ = ({"progress": Progress.DONE}, {"progress": Progress.NOT_STARTED})
    drawn = [client.get(f"/plans/{make_plan(flask_app, diagnosis, one).id}").text for one in (done, open_)]
    bars = [re.search(r'height="12" rx="2" fill="(#\w+)"', text)[1] for text in drawn]

    assert bars[0] != bars[1]


def test_a_stale_form_comes_back_filled_in_beside_what_is_kept(client, plan):
    address, typed = step_form(plan)
    client.post(address, data=typed)
    answer = client.post(address, data={**typed, "owner": "王工", "note": "已立项"})
    again = client.post(address, data={**typed, "owner": "王工", "seen-owner": "李工"})

    assert answer.status_code == 409
    assert "负责人：刚才由别人改过，没有保存" in answer.text
    assert 'value="王工"' in answer.text
    assert "现在的内容：李工" in answer.text
    assert "现在的内容：已立项" not in answer.text
    assert 'name="seen-owner" value="李工"' in answer.text
    assert again.status_code == 302


def test_a_press_on_a_page_that_is_out_of_date_is_refused_on_the_page_of_the_step(client, plan):
    address, data = press(plan, "under_way")
    client.post(address, data={"progress": "dropped", "seen-progress": "not_started"})
    answer = client.post(address, data=data)

    assert answer.status_code == 409
    assert "进度：刚才由别人改过，没有保存" in answer.text
    assert "现在的内容：不做了" in answer.text
    assert '<option value="under_way" selected>' in answer.text


def test_a_refused_form_never_takes_back_what_a_colleague_wrote_meanwhile(flask_app, client, plan):
    address, typed = step_form(plan)
    client.post(address, data={"note": "已立项", "seen-note": ""})
    refused = client.post(address, data={**typed, "owner": "长" * 61, "note": ""})
    again = client.post(address, data={**fields_in(refused.text), "owner": "李工"})
    with flask_app.app_context():
        kept = db.session.get_one(PlanStep, plan.steps[0].id)

        assert (refused.status_code, again.status_code) == (422, 302)
        assert (kept.owner, kept.note) == ("李工", "已立项")


def fields_in(page):
    """What the form of a step would send as it stands on the page."""
    hidden = dict(re.findall(r'<input type="hidden" name="(seen-\w+)" value="([^"]*)"', page))
    shown = dict(re.findall(r'<input id="\w+" name="(\w+)"[^>]* value="([^"]*)"', page))
    progress = re.search(r'<option value="(\w+)" selected>', page)[1]
    return {**hidden, **shown, "progress": progress, "note": re.search(r">\n(.*)</textarea>", page)[1]}


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"due": "morgen"}, 422, "完成日期：“morgen”不是日期"),
        ({"due": "2020-01-01"}, 422, "完成日期：应在 2026-11-24"),
        ({"progress": "<b>"}, 422, "进度：请从列表中选择一项"),
        ({"owner": "长" * 61}, 422, "负责人：超过 60 个字"),
        ({"seen-due": "x"}, 409, "完成日期：刚才由别人改过"),
        ({"seen-progress": "<b>"}, 409, "进度：刚才由别人改过"),
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


GONE = {
    "improvement_id": "taken_out",
    "name_zh": "旧的改进项",
    "units": 12,
    "words": {
        "what": {"zh": "换掉旧的设备", "en": "Old machines go"},
        "proof": {"zh": "验收单", "en": "A signed note"},
        "unit": {"zh": "台（套）", "en": "sets"},
    },
    "helps": [{"criteria": "x", "id": "R1", "subject": "firm", "zh": "旧的要求", "en": "An old requirement"}],
}


@pytest.fixture
def plan_of_old(flask_app, diagnosis):
    """A plan whose one step, with its facts, is in no catalogue and no questionnaire any more."""
    promised = {"subject": "firm", "name": "厂", "value": "40", "before": None, "direction": "up"}
    known = {"subject": "firm", "name": "厂", "fact": "org_strategy.L1.1", "value": '"full"', "before": '"none"'}
    effects = [{**promised, "fact": "no.such.fact"}, {**known, "direction": ""}]
    return make_plan(flask_app, diagnosis, {**GONE, "effects": effects})


def test_an_entry_that_left_the_catalogue_is_shown_as_it_was_kept(client, plan_of_old):
    page = client.get(f"/plans/{plan_of_old.id}").text
    step = client.get(f"/plans/{plan_of_old.id}/steps/{plan_of_old.steps[0].id}").text

    assert "改进项目录或造价有变化" in page
    for words in ("目录中已没有此项", "旧的改进项", "增加 12 台（套）", "换掉旧的设备", "验收单", "<li>旧的要求</li>"):
        assert words in step


def test_an_entry_that_left_the_catalogue_is_followed_up_and_compared_as_before(
    flask_app, client, firm, diagnosis, plan_of_old
):
    address, data = press(plan_of_old, "under_way")
    pressed = client.post(address, data=data, follow_redirects=True)
    make_diagnosis(flask_app, firm, answers(**{"org_strategy.L1.1": "full"}))
    step = client.get(address).text

    assert "1 项改进：1 进行" in words_of(pressed)
    assert "对照第 2 次诊断" in step
    assert "no.such.fact" in step
    assert "不再询问" in step
    assert "已实现" in step


def test_requirements_that_were_kept_without_words_have_those_of_the_criteria_or_their_number(
    flask_app, client, diagnosis
):
    of_criteria = {"criteria": "gbt_39117_2020_discrete", "id": "org_strategy.L1.1", "subject": "firm"}
    helps = [of_criteria, {"criteria": "x", "id": "R1", "subject": "firm"}]
    plan = make_plan(flask_app, diagnosis, {"helps": helps})
    page = client.get(f"/plans/{plan.id}/steps/{plan.steps[0].id}").text

    assert "<li>R1</li>" in page
    assert "<li>org_strategy.L1.1</li>" not in page


def test_a_plan_that_was_just_kept_is_not_held_against_what_it_was_computed_from(client, plan):
    page = client.get(f"/plans/{plan.id}").text
    step = client.get(f"/plans/{plan.id}/steps/{plan.steps[0].id}").text

    assert "还没有后来的诊断可以对照" in page
    assert "未实现" not in page + step
    assert "想达到" in page


def test_promised_stands_beside_achieved_and_the_diagnosis_can_be_chosen(flask_app, client, firm, diagnosis, plan):
    second = make_diagnosis(flask_app, firm, answers(**{"org_strategy.L1.1": "full"}))
    third = make_diagnosis(flask_app, firm, answers())
    newest = client.get(f"/plans/{plan.id}").text
    earlier = client.get(f"/plans/{plan.id}?with={second.id}").text
    own = client.get(f"/plans/{plan.id}?with={diagnosis.id}").text

    assert "对照第 3 次诊断" in newest
    assert 'data-label="已实现的填报项">0 / 1<' in newest
    assert "对照第 2 次诊断" in earlier
    assert 'data-label="已实现的填报项">1 / 1<' in earlier
    assert "1 项改进：1 已实现" in re.sub("<[^>]+>", "", earlier)
    assert all(f"/plans/{plan.id}?with={one.id}" in newest for one in (second, third))
    assert "还没有后来的诊断可以对照" in own


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


@pytest.mark.parametrize("role", [Role.FACTORY_MANAGER, Role.CONSULTANT, Role.DISTRICT_OFFICER])
def test_another_firms_plan_is_not_found(flask_app, client, diagnosis, plan, role):
    others = {"district": "500101"} if role is Role.DISTRICT_OFFICER else {}
    sign_in(client, make_consultant(flask_app) if role is Role.CONSULTANT else make_user(flask_app, role, **others))
    address, form = step_form(plan)
    refused = 403 if role is Role.DISTRICT_OFFICER else 404

    assert client.get(f"/plans/{plan.id}").status_code == 404
    assert client.get(f"/diagnoses/{diagnosis.id}/plans").status_code == 404
    assert client.get(address).status_code == 404
    assert client.post(address, data=form).status_code == refused
    assert client.post(f"/plans/{plan.id}/withdraw").status_code == refused


def test_the_consultant_of_the_firm_sees_the_plan_and_writes_notes(flask_app, client, firm, plan):
    sign_in(client, make_consultant(flask_app, firm, name="陈专家"))
    address, _form = step_form(plan)
    answer = client.post(address, data={"note": "先做网络", "seen-note": ""}, follow_redirects=True)

    assert "先做网络" in answer.text
    assert "由 陈专家 更新" in client.get(address).text


def test_colleagues_authors_and_administrators_see_no_plan(flask_app, client, plan):
    for role in (Role.COLLEAGUE, Role.AUTHOR, Role.ADMINISTRATOR):
        sign_in(client, make_user(flask_app, role))

        assert client.get(f"/plans/{plan.id}").status_code == 403
        assert client.get(step_form(plan)[0]).status_code == 403


def test_a_step_of_another_plan_is_not_found_below_this_one(flask_app, client, plan):
    theirs = make_plan(flask_app, make_diagnosis(flask_app))

    assert client.get(f"/plans/{plan.id}/steps/{theirs.steps[0].id}").status_code == 404
    assert client.get(f"/plans/{plan.id}/steps/99999").status_code == 404


# --- ways to saved plans ----------------------------------------------------------------------------------------------


def test_overview_result_firm_and_plan_lead_to_what_the_firm_carries_out(client, firm, diagnosis, plan):
    one = f'href="/plans/{plan.id}"'

    for address in (f"/diagnoses/{diagnosis.id}", f"/diagnoses/{diagnosis.id}/result", f"/firms/{firm.id}"):
        page = client.get(address).text
        assert one in page
        assert "执行中的计划" in page
    assert "已保存的计划 1 份" in client.get(f"/diagnoses/{diagnosis.id}/plan").text


def test_without_a_saved_plan_only_the_overview_leads_to_the_list_and_the_list_to_a_plan(client, firm, diagnosis):
    assert f'href="/diagnoses/{diagnosis.id}/plans"' in client.get(f"/diagnoses/{diagnosis.id}").text
    assert "执行中的计划" not in client.get(f"/diagnoses/{diagnosis.id}/result").text
    assert "执行中的计划" not in client.get(f"/firms/{firm.id}").text
    assert f'href="/diagnoses/{diagnosis.id}/plan"' in client.get(f"/diagnoses/{diagnosis.id}/plans").text


def test_several_plans_are_listed_with_those_of_earlier_diagnoses(flask_app, client, firm, diagnosis, plan):
    later = make_diagnosis(flask_app, firm, answers())
    second = make_plan(flask_app, later, {"progress": Progress.DONE})
    listed = client.get(f"/diagnoses/{later.id}/plans").text

    assert listed.index(f"/plans/{second.id}") < listed.index(f"/plans/{plan.id}")
    assert "第 1 次诊断" in listed
    assert "已做完" in listed
    assert f'href="/diagnoses/{later.id}/plans"' in client.get(f"/diagnoses/{later.id}/result").text


def test_a_withdrawn_plan_is_nothing_that_the_firm_carries_out(client, firm, diagnosis, plan):
    client.post(f"/plans/{plan.id}/withdraw")

    assert "执行中的计划" not in client.get(f"/diagnoses/{diagnosis.id}").text


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
