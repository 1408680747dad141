"""The page of the improvement plan, its choices and its trials, as people of a firm see them."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from html import unescape
from io import BytesIO
from urllib.parse import parse_qs, unquote, urlencode

import pytest
from openpyxl import load_workbook

from app.access import Role
from questionnaires.loader import load
from questionnaires.model import FactKind
from scoring.loader import load_all
from scoring.solver import OutOfTime
from tests.factories import make_diagnosis, make_firm, make_user, parts_of, sign_in

TABLE = "gbt_39117_2020_discrete"


@pytest.fixture
def firm(flask_app):
    return make_firm(flask_app, {"一工厂": ("冲压车间",)}, name="示例山城零部件厂")


@pytest.fixture
def diagnosis(flask_app, firm):
    """A firm that does everything of level 1 but one requirement, and whose workshop lacks two kinds of MES."""
    workshop = str(parts_of(flask_app, firm)["冲压车间"])
    practices = [f.id for f in load("auto_parts").facts.values() if f.kind is FactKind.PRACTICE and ".L1." in f.id]
    stated = dict.fromkeys(practices, "full") | {
        "sales.L1.1": "none",
        "sales.L1.2": "none",
        "customer_service.L1.1": "none",
        "customer_service.L1.2": "none",
        "product_service.L1.1": "none",
        "product_service.L1.2": "none",
        "production_type": "discrete",
        "employees": Fraction(350),
        "revenue": Fraction(9000),
        "chongqing_legal_person": True,
        "policy_fit": True,
    }
    own = {
        "equipment_count": Fraction(40),
        "equipment_digital_count": Fraction(18),
        "collected_device_count": Fraction(20),
        "uploading_device_count": Fraction(19),
        "devices_networked_and_monitored": True,
        "systems_integrated": True,
        **dict.fromkeys(("mes_planning", "mes_execution", "mes_quality", "mes_logistics", "mes_equipment"), True),
    }
    return make_diagnosis(flask_app, firm, stated | {(workshop, fact): value for fact, value in own.items()})


@pytest.fixture
def manager(flask_app, client, firm):
    sign_in(client, make_user(flask_app, firm_id=firm.id))
    return client


def read(answer) -> str:
    """Return the words of a page without its tags."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text)))


def test_without_a_question_the_page_plans_the_next_level(manager, diagnosis):
    answer = manager.get(f"/diagnoses/{diagnosis.id}/plan")

    assert answer.status_code == 200
    # Six requirements of level 1 are not met; one project, sales and service rules for 6 万元, lifts them all.
    assert "到成熟度一级（规划级），最可能 6 万元（2–15 万元），1 个项目，2 个季度" in read(answer)


def test_two_machines_more_make_a_digital_workshop(manager, diagnosis):
    # 50 % of 40 machines are 20; 18 are digital, so 2 are added, at 5 万元 each beside the fixed part of the project.
    shown = read(manager.get(f"/diagnoses/{diagnosis.id}/plan?goal=cq_digital_workshop:1"))

    assert "到重庆市数字化车间，最可能 32 万元（11–84 万元），1 个项目" in shown
    assert "设备数控化与数字化改造（冲压车间） 增加 2 台" in shown
    assert "W2 数字化装备占生产装备的比例" in shown


def test_a_goal_that_is_reached_costs_nothing(flask_app, client):
    firm = make_firm(flask_app, {"二工厂": ()}, name="示例江北零部件厂")
    level_1 = [f.id for f in load("auto_parts").facts.values() if ".L1." in f.id]
    done = make_diagnosis(flask_app, firm, {**dict.fromkeys(level_1, "full"), "production_type": "discrete"})
    sign_in(client, make_user(flask_app, firm_id=firm.id))

    shown = read(client.get(f"/diagnoses/{done.id}/plan?goal={TABLE}:1"))

    assert "成熟度一级（规划级）已经达到，不用再花钱" in shown


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("goal=nothing:1", "没有评价标准“nothing”"),
        (f"goal={TABLE}:9", "等级应为 1–5"),
        (f"goal={TABLE}:2&budget=-5", "预算：“-5”是负数。"),
        (f"goal={TABLE}:2&budget=much", "预算：“much”不是整数。"),
        (f"goal={TABLE}:2&by=2020-01-01", "太早"),
        (f"goal={TABLE}:2&people=x", "“x”不是整数"),
        ("goal=cq_digital_workshop:1@elsewhere", "没有“elsewhere”"),
    ],
)
def test_what_cannot_be_planned_is_refused_with_what_to_do(manager, diagnosis, asked, said):
    answer = manager.get(f"/diagnoses/{diagnosis.id}/plan?{asked}")

    assert answer.status_code == 422
    assert said in read(answer)


def test_a_budget_that_is_too_small_says_what_the_goal_costs_and_how_far_it_gets(manager, diagnosis):
    shown = read(manager.get(f"/diagnoses/{diagnosis.id}/plan?goal={TABLE}:2&budget=7"))

    assert "预算 7 万元到不了成熟度二级（规范级），至少要" in shown
    assert "这是这笔预算能走到的最远处，约用 6 万元，做完以后：一级（规划级）。" in shown


def test_no_budget_at_all_says_what_the_goal_costs(manager, diagnosis):
    shown = read(manager.get(f"/diagnoses/{diagnosis.id}/plan?goal={TABLE}:1&budget=0"))

    assert "预算 0 万元到不了成熟度一级（规划级），至少要 6 万元；这笔预算一项也做不了" in shown


def test_a_missing_answer_is_named_as_what_comes_first(flask_app, client):
    firm = make_firm(flask_app, {"三工厂": ("焊装车间",)}, name="示例巴南零部件厂")
    started = make_diagnosis(flask_app, firm, {"chongqing_legal_person": True, "policy_fit": True})
    sign_in(client, make_user(flask_app, firm_id=firm.id))

    shown = read(client.get(f"/diagnoses/{started.id}/plan?goal=cq_digital_workshop:1"))

    assert "先把没有答清的答清，才能算出到重庆市数字化车间的办法" in shown
    assert "数字化装备占生产装备的比例（焊装车间）：要先答清生产装备总数" in shown


def test_what_no_project_changes_is_named_with_the_reason(flask_app, client):
    firm = make_firm(flask_app, {"三工厂": ("焊装车间",)}, name="示例巴南零部件厂")
    started = make_diagnosis(flask_app, firm, {"traditional_maker": False, "above_scale": False})
    sign_in(client, make_user(flask_app, firm_id=firm.id))

    gradient = read(client.get(f"/diagnoses/{started.id}/plan?goal=cn_smart_factory_2025:1"))
    conversion = read(client.get(f"/diagnoses/{started.id}/plan?goal=conversion:1"))

    assert "规模以上工业企业（三工厂）：没有项目能改变，规模以上要年主营业务收入到 2000 万元并纳入统计名录" in gradient
    assert "“智能网联和新能源化转型升级”不适用于本企业：没有项目能改变，是不是传统零部件企业" in conversion


def test_under_a_budget_what_is_left_is_a_matter_of_money(flask_app, client):
    firm = make_firm(flask_app, {"三工厂": ("焊装车间",)}, name="示例巴南零部件厂")
    legal = {"chongqing_legal_person": True, "policy_fit": True}
    workshop = str(parts_of(flask_app, firm)["焊装车间"])
    own = {(workshop, name): Fraction(10) for name in ("equipment_count", "equipment_digital_count")}
    own |= {(workshop, "collected_device_count"): Fraction(0)}
    started = make_diagnosis(flask_app, firm, legal | own)
    sign_in(client, make_user(flask_app, firm_id=firm.id))

    shown = read(client.get(f"/diagnoses/{started.id}/plan?goal=cq_digital_workshop:1&budget=1"))

    assert "数据采集系统、MES 与企业管理、设计系统集成（焊装车间）：这笔预算还做不到" in shown
    assert "目录里没有能达到它的改进项" not in shown


def test_choices_show_what_every_level_costs(manager, diagnosis):
    shown = read(manager.get(f"/diagnoses/{diagnosis.id}/plan/choices?goal={TABLE}:2&part=1"))

    assert "每一级要花多少" in shown
    assert all(name in shown for name in ("一级（规划级）", "三级（集成级）", "五级（引领级）"))
    assert "<html" not in manager.get(f"/diagnoses/{diagnosis.id}/plan/choices?goal={TABLE}:2&part=1").text


def test_the_plan_comes_as_a_workbook_to_work_with(manager, diagnosis):
    answer = manager.get(f"/diagnoses/{diagnosis.id}/plan/workbook.xlsx?goal=cq_digital_workshop:1")
    book = load_workbook(BytesIO(answer.data))
    cells = [str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None]

    assert answer.headers["Content-Type"].startswith("application/vnd.openxmlformats")
    assert "改进计划" in unquote(answer.headers["Content-Disposition"])
    assert any("设备数控化与数字化改造" in cell for cell in cells)


def test_a_plan_that_takes_too_long_is_refused_with_what_to_do(manager, diagnosis, monkeypatch):
    def too_long(*_asked):
        raise OutOfTime("nothing was found")

    monkeypatch.setattr("app.planning.views.advise", too_long)
    answer = manager.get(f"/diagnoses/{diagnosis.id}/plan?goal={TABLE}:3")

    assert answer.status_code == 422
    assert "请减少目标，或放宽期限和人手后再试。" in read(answer)


def test_a_trial_says_which_rule_changes_and_what_it_costs(manager, flask_app, firm, diagnosis):
    workshop = parts_of(flask_app, firm)["冲压车间"]
    with_two = f"project=nc_retrofit@{workshop}:2"

    shown = read(manager.get(f"/diagnoses/{diagnosis.id}/plan/trial?goal=cq_digital_workshop:1&{with_two}&part=1"))
    without = read(manager.get(f"/diagnoses/{diagnosis.id}/plan/trial?goal=cq_digital_workshop:1&part=1"))

    assert "重庆市数字化车间（冲压车间）：数字化装备占生产装备的比例：未达到 → 达到" in shown
    assert "试算：1 项" in shown
    assert "没有哪条规则的结论因此改变。" in without
    assert "试算：0 项，0 万元" in without


def test_a_trial_of_an_answer_raises_the_score_and_stores_nothing(manager, diagnosis):
    answers = [f"answer.firm.{name}=full" for name in ("sales.L1.1", "sales.L1.2", "customer_service.L1.1")]
    address = f"/diagnoses/{diagnosis.id}/plan/trial?{'&'.join(answers)}&part=1"
    before = manager.get(f"/diagnoses/{diagnosis.id}/result").text

    assert "试算：0 项，0 万元" in read(manager.get(address))
    assert manager.get(f"/diagnoses/{diagnosis.id}/result").text == before


@pytest.mark.parametrize(
    "asked", ["project=mes_suite@nowhere:1", "project=x", "answer.firm.nothing=full", "answer.=no"]
)
def test_what_is_not_there_is_not_tried(manager, diagnosis, asked):
    shown = read(manager.get(f"/diagnoses/{diagnosis.id}/plan/trial?{asked}"))

    assert "试算：0 项，0 万元" in shown


def test_a_trial_over_the_budget_says_by_how_much(manager, flask_app, firm, diagnosis):
    workshop = parts_of(flask_app, firm)["冲压车间"]
    asked = f"goal=cq_digital_workshop:1&budget=1&project=nc_retrofit@{workshop}:2&part=1"

    assert re.search(r"比预算多 \d+ 万元", read(manager.get(f"/diagnoses/{diagnosis.id}/plan/trial?{asked}")))


# --- what if: from the page of the result, and back -------------------------------------------------------------------


@pytest.fixture
def workshop(flask_app, firm):
    return str(parts_of(flask_app, firm)["冲压车间"])


def links_in(answer, page: str) -> list[dict[str, list[str]]]:
    """Return what the links to a page carry."""
    found = re.findall(rf'href="[^"]*/{page}\?([^"]*)"', answer.text)
    return [parse_qs(unescape(query), keep_blank_values=True) for query in found]


def test_beside_a_requirement_that_is_not_met_its_answers_may_be_tried(manager, diagnosis, workshop):
    answer = manager.get(f"/diagnoses/{diagnosis.id}/result")
    tries = [set(carried) - {"tried"} for carried in links_in(answer, "plan/trial")]

    assert {f"answer.{workshop}.equipment_digital_count", f"answer.{workshop}.equipment_count"} in tries
    assert {"answer.firm.sales.L1.1"} in tries  # a gap of maturity
    assert {"project"} in tries  # an improvement
    assert not any(f"answer.{workshop}.mes_planning" in one for one in tries)  # that condition is met


def test_a_count_is_tried_and_the_conditions_follow(manager, diagnosis, workshop):
    asked = f"tried=1&answer.{workshop}.equipment_digital_count=20"
    answer = manager.get(f"/diagnoses/{diagnosis.id}/plan/trial?{asked}")
    shown = read(answer)

    assert "重庆市数字化车间（冲压车间）：数字化装备占生产装备的比例：未达到 → 达到" in shown
    assert "这是试算，不保存，也不改变填报。" in shown
    assert "现在：18 台（套）" in shown
    assert 'value="20"' in answer.text


def test_a_yes_or_no_and_a_choice_are_tried(manager, diagnosis, workshop):
    lost = read(manager.get(f"/diagnoses/{diagnosis.id}/plan/trial?answer.{workshop}.systems_integrated=no"))
    other = read(manager.get(f"/diagnoses/{diagnosis.id}/plan/trial?answer.firm.production_type=process"))

    assert re.search("重庆市数字化车间（冲压车间）：[^：]+：达到 → 未达到", lost)
    # By the table of process industries, whose requirements differ, the level is open again.
    assert "智能工厂梯度培育（2025 年版）（一工厂）：智能制造能力成熟度等级：未达到 → 待定" in other


def test_what_nobody_knows_leaves_a_condition_open(manager, diagnosis, workshop):
    shown = read(manager.get(f"/diagnoses/{diagnosis.id}/plan/trial?answer.{workshop}.equipment_digital_count=%3F"))

    assert "数字化装备占生产装备的比例：未达到 → 待定" in shown


def test_what_cannot_be_stands_at_its_field_and_the_rest_is_worked_out(manager, diagnosis, workshop):
    asked = f"answer.{workshop}.equipment_digital_count=41&answer.firm.sales.L1.1=full&budget=-5"
    answer = manager.get(f"/diagnoses/{diagnosis.id}/plan/trial?{asked}")
    shown = read(answer)

    assert shown.count("数字化装备多于全部生产装备。请核对其中一个数。") == 3  # on top, at its field, for the script
    assert shown.count("预算：“-5”是负数。") == 3
    assert f'id="answer.{workshop}.equipment_digital_count-error"' in answer.text
    assert "变了的得分（1 级）" in shown


def test_an_improvement_is_tried_with_all_that_is_missing_or_with_so_many_units(manager, diagnosis, workshop):
    address = f"/diagnoses/{diagnosis.id}/plan/trial?project=nc_retrofit@{workshop}"
    everything, two = (read(manager.get(address + units)) for units in ("", f"&units.nc_retrofit@{workshop}=2"))
    wrong = read(manager.get(f"{address}&units.nc_retrofit@{workshop}=x"))

    cost = [int(re.search(r"试算：1 项，([\d,]+)", shown)[1].replace(",", "")) for shown in (everything, two)]
    assert cost[0] > cost[1] > 0
    assert "增加多少：“x”不是整数。" in wrong


def test_an_improvement_that_the_answers_make_needless_is_named_and_not_counted(manager, diagnosis):
    [rules] = [one for one in load_all(date(2026, 11, 24)).improvements if one.id == "sales_service_rules"]
    done = "&".join(f"answer.firm.{name}=full" for name in rules.lifts) + "&answer.firm.sme.s03=l1"
    ticked = f"project={rules.id}@firm"
    before = read(manager.get(f"/diagnoses/{diagnosis.id}/plan/trial?{ticked}"))
    known = read(manager.get(f"/diagnoses/{diagnosis.id}/plan/trial?{ticked}&{done}"))

    assert "试算：1 项，6" in before
    assert "试算：0 项，0 万元" in known
    assert "按这些回答已经做到，不再计入。" in known


def test_a_trial_goes_to_the_plan_and_back_with_all_that_it_tries(manager, diagnosis, workshop):
    name = f"answer.{workshop}.equipment_digital_count"
    trial = manager.get(f"/diagnoses/{diagnosis.id}/plan/trial?tried=1&{name}=20&budget=50&goal=cq_digital_workshop:1")
    [to_plan, *_more], [back, *_others] = links_in(trial, "plan"), links_in(trial, "result")
    plan = manager.get(f"/diagnoses/{diagnosis.id}/plan?{urlencode(to_plan, doseq=True)}")
    result = manager.get(f"/diagnoses/{diagnosis.id}/result?{urlencode(back, doseq=True)}")

    assert (to_plan[name], to_plan["budget"], to_plan["goal"]) == (["20"], ["50"], ["cq_digital_workshop:1"])
    assert (back[name], back["budget"], "goal" in back) == (["20"], ["50"], False)
    assert re.search(rf'name="{re.escape(name)}" value="20"', plan.text)
    assert all(carried[name] == ["20"] for carried in links_in(result, "plan/trial"))
    assert "这里带着一次试算，没有保存。" in read(result)


def test_the_plan_ticks_what_a_trial_brings_along_and_nothing_else(manager, diagnosis, workshop):
    asked = f"goal=cq_digital_workshop:1&tried=1&project=mes_execution@{workshop}&project=sales_service_rules@firm"
    brought = manager.get(f"/diagnoses/{diagnosis.id}/plan?{asked}").text
    usual = manager.get(f"/diagnoses/{diagnosis.id}/plan?goal=cq_digital_workshop:1").text

    assert re.search(r'value="nc_retrofit@[^"]*" checked', usual)
    assert not re.search(r'value="nc_retrofit@[^"]*" checked', brought)


def test_a_trial_is_not_lost_where_its_budget_is_too_small_for_any_plan(manager, diagnosis, workshop):
    asked = f"goal=cq_digital_workshop:1&tried=1&budget=1&project=nc_retrofit@{workshop}&units.nc_retrofit@{workshop}=2"
    shown = manager.get(f"/diagnoses/{diagnosis.id}/plan?{asked}").text

    assert "预算 1 万元到不了" in shown
    assert f'value="nc_retrofit@{workshop}:2" checked' in shown


def test_counts_and_yes_or_no_are_offered_on_the_page_of_the_plan(manager, diagnosis, workshop):
    shown = manager.get(f"/diagnoses/{diagnosis.id}/plan?goal=cq_digital_workshop:1").text

    assert f'name="answer.{workshop}.equipment_digital_count" value="18"' in shown
    assert f'name="answer.{workshop}.equipment_count" value="40"' in shown


def test_once_it_is_verified_only_the_verified_result_is_tried(manager, diagnosis, monkeypatch):
    monkeypatch.setattr("app.diagnosis.views.latest_record", lambda _diagnosis, _layer: object())
    verified, stated = (manager.get(f"/diagnoses/{diagnosis.id}/result{query}") for query in ("", "?layer=stated"))

    assert "data-try" in verified.text
    assert "data-try" not in stated.text


@pytest.mark.parametrize("page", ["plan", "plan/trial", "plan/choices"])
def test_a_manager_of_another_firm_finds_no_plan(flask_app, client, diagnosis, page):
    other = make_firm(flask_app, {}, name="示例別家零部件厂")
    sign_in(client, make_user(flask_app, firm_id=other.id))

    assert client.get(f"/diagnoses/{diagnosis.id}/{page}").status_code == 404


def test_a_colleague_who_sees_only_sections_sees_no_plan(flask_app, client, firm, diagnosis):
    sign_in(client, make_user(flask_app, role=Role.COLLEAGUE, firm_id=firm.id))

    assert client.get(f"/diagnoses/{diagnosis.id}/plan").status_code == 403


def test_english_pages_say_everything_in_english(flask_app, client, firm, diagnosis):
    sign_in(client, make_user(flask_app, firm_id=firm.id, language="en"))

    shown = read(client.get(f"/diagnoses/{diagnosis.id}/plan?goal=cq_digital_workshop:1"))

    assert "Chongqing digital workshop: most likely 32 (11–84), in 10,000 yuan" in shown
    assert "adds 2 " in shown
