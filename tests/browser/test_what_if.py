"""What if: the manager tries other answers on the page of the result, sees all follow, and takes it back."""

from __future__ import annotations

from fractions import Fraction

import pytest
from playwright.sync_api import Locator, Page, expect

from app.access import Role
from questionnaires.loader import load
from questionnaires.model import FactKind
from tests.browser import axe
from tests.browser import walking as walk
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import make_diagnosis, make_firm, make_user, parts_of

pytestmark = pytest.mark.browser


@pytest.fixture
def tried(flask_app):
    """A firm at level 1, whose workshop lacks two digital machines, with its manager."""
    firm = make_firm(flask_app, {"一工厂": ("冲压车间",)}, name="示例山城零部件厂")
    workshop = str(parts_of(flask_app, firm)["冲压车间"])
    practices = [f.id for f in load("auto_parts").facts.values() if f.kind is FactKind.PRACTICE and ".L1." in f.id]
    own = {
        "equipment_count": Fraction(40),
        "equipment_digital_count": Fraction(18),
        "collected_device_count": Fraction(20),
        "uploading_device_count": Fraction(19),
        **dict.fromkeys(("mes_planning", "mes_execution", "mes_quality", "mes_logistics", "mes_equipment"), True),
        **dict.fromkeys(("devices_networked_and_monitored", "systems_integrated"), True),
    }
    stated = dict.fromkeys(practices, "full") | dict.fromkeys(("chongqing_legal_person", "policy_fit"), True)
    stated |= {"production_type": "discrete", "employees": Fraction(350), "revenue": Fraction(9000)}
    diagnosis = make_diagnosis(flask_app, firm, stated | {(workshop, fact): value for fact, value in own.items()})
    return diagnosis, workshop, make_user(flask_app, Role.FACTORY_MANAGER, firm_id=firm.id, name="王厂长")


def unfold(page: Page) -> None:
    page.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true; })")


def open_result(page: Page, tried) -> None:
    diagnosis, _workshop, manager = tried
    walk.sign_in(page, manager)
    page.goto(f"/diagnoses/{diagnosis.id}/result")
    unfold(page)


def row_of(page: Page, workshop: str) -> Locator:
    """Return the condition about digital machines of the workshop."""
    return page.locator("tr").filter(has=page.locator(f'[data-after="cq_digital_workshop.{workshop}.W2"]')).first


def field(page: Page, workshop: str, fact: str) -> Locator:
    return page.locator(f'[id="answer.{workshop}.{fact}"]')


def conclusion(page: Page, workshop: str) -> Locator:
    return page.locator(f'[data-after="cq_digital_workshop.{workshop}"]')


def test_a_count_is_tried_beside_its_condition_and_all_follows_until_it_is_taken_back(desktop, tried):
    _diagnosis, workshop, _manager = tried
    open_result(desktop, tried)
    row_of(desktop, workshop).get_by_role("link", name="试一试").click()
    digital = field(desktop, workshop, "equipment_digital_count")

    expect(digital).to_be_focused()
    expect(digital).to_have_value("18")
    expect(desktop.get_by_text("这是试算，不保存，也不改变填报。")).to_be_visible()
    digital.fill("20")
    expect(row_of(desktop, workshop).locator("[data-after]")).to_have_text("试算后 ● 达到")
    expect(conclusion(desktop, workshop)).to_have_text("试算后 ● 达到")
    expect(desktop.get_by_role("status").filter(has_text="试算：")).to_contain_text("差 2 台（套） → 达到")
    assert f"answer.{workshop}.equipment_digital_count=20" in desktop.url

    desktop.get_by_role("button", name="全部取消").click()
    expect(conclusion(desktop, workshop)).to_have_text("")
    expect(desktop.get_by_role("status").filter(has_text="已取消试算")).to_be_visible()
    expect(row_of(desktop, workshop).get_by_role("link", name="试一试")).to_be_focused()
    assert "?" not in desktop.url
    desktop.reload()
    expect(row_of(desktop, workshop)).to_contain_text("45% → 50%")


def test_what_cannot_be_is_said_at_its_field_and_the_rest_is_worked_out(desktop, tried):
    _diagnosis, workshop, _manager = tried
    open_result(desktop, tried)
    row_of(desktop, workshop).get_by_role("link", name="试一试").click()
    digital = field(desktop, workshop, "equipment_digital_count")
    digital.fill("41")

    fault = desktop.locator(f'[id="answer.{workshop}.equipment_digital_count-error"]')
    expect(fault).to_contain_text("数字化装备多于全部生产装备。请核对其中一个数。")
    expect(digital).to_have_attribute("aria-invalid", "true")
    expect(desktop.locator("#trial-said")).to_contain_text("生产装备总数 40 台（套），数字化装备数 41 台（套）")
    field(desktop, workshop, "equipment_count").fill("82")
    expect(fault).to_have_text("")
    expect(digital).not_to_have_attribute("aria-invalid", "true")
    expect(conclusion(desktop, workshop)).to_have_text("试算后 ● 达到")
    assert axe.violations(desktop) == []


def test_improvements_and_a_budget_are_tried_and_go_along_to_the_plan_and_back(desktop, tried):
    _diagnosis, workshop, _manager = tried
    open_result(desktop, tried)
    row_of(desktop, workshop).get_by_role("link", name="试一试").click()
    expect(field(desktop, workshop, "equipment_digital_count")).to_be_focused()
    unfold(desktop)
    desktop.get_by_role("checkbox", name="设备数控化与数字化改造").check()
    desktop.locator(f'[id="units.nc_retrofit@{workshop}"]').fill("2")
    desktop.get_by_label("预算（万元）").fill("1")

    expect(desktop.get_by_role("heading", name="试算：1 项，")).to_contain_text("比预算多")
    expect(desktop.get_by_role("region", name="试算的进度")).to_contain_text("设备数控化")
    expect(conclusion(desktop, workshop)).to_have_text("试算后 ● 达到")
    desktop.get_by_role("link", name="带着这次试算看改进计划").click()
    expect(desktop.locator("#trial-said")).to_contain_text("做 1 项改进")
    expect(desktop.locator("#trial-budget")).to_have_value("1")
    desktop.get_by_role("link", name="带着这次试算看结果").click()
    expect(conclusion(desktop, workshop)).to_have_text("试算后 ● 达到")
    expect(desktop.get_by_text("这里带着一次试算，没有保存。")).to_be_visible()


def test_a_degree_is_tried_with_the_keyboard_alone(desktop, tried):
    open_result(desktop, tried)
    gap = desktop.get_by_role("region", name="主要差距，影响大的在前").get_by_role("link", name="试一试").first
    gap.focus()
    desktop.keyboard.press("Enter")
    degree = desktop.locator("#trial-panel select").first

    expect(degree).to_be_focused()
    desktop.keyboard.press("ArrowDown")
    expect(desktop.locator("#trial-said")).to_contain_text("改了 1 个回答")
    expect(degree).to_be_focused()


def test_in_english_on_a_phone_a_trial_fits_and_breaks_no_rule(phone, tried):
    diagnosis, workshop, manager = tried
    walk.choose_english(phone)
    walk.sign_in(phone, manager)
    phone.goto(f"/diagnoses/{diagnosis.id}/result")
    unfold(phone)
    row_of(phone, workshop).get_by_role("link", name="Try it").tap()
    field(phone, workshop, "equipment_digital_count").fill("20")

    expect(conclusion(phone, workshop)).to_have_text("In the trial ● Met")
    expect(phone.get_by_text("This is a trial. It is not saved and changes no answer.")).to_be_visible()
    unfold(phone)
    assert walk.sideways(phone) == []
    assert axe.violations(phone) == []
    phone.get_by_role("button", name="Take it all back").tap()
    expect(conclusion(phone, workshop)).to_have_text("")


@pytest.mark.parametrize("shape", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_without_javascript_a_trial_is_a_page_of_its_own_and_a_link_leads_back(open_browser, tried, shape):
    diagnosis, workshop, manager = tried
    plain = open_browser(**shape, java_script_enabled=False)
    walk.sign_in(plain, manager)
    plain.goto(f"/diagnoses/{diagnosis.id}/result")
    row_of(plain, workshop).get_by_role("link", name="试一试").click()

    expect(walk.heading(plain)).to_have_text("试算")
    field(plain, workshop, "equipment_digital_count").fill("41")
    walk.press(plain, "试算")
    expect(plain.get_by_role("alert")).to_contain_text("请核对 1 处")
    field(plain, workshop, "equipment_digital_count").fill("20")
    walk.press(plain, "试算")
    digital = plain.get_by_role("row", name="重庆市数字化车间（冲压车间）")
    expect(digital).to_contain_text("达到")
    expect(plain.get_by_text("数字化装备占生产装备的比例：未达到 → 达到")).to_be_visible()
    assert walk.sideways(plain) == []
    plain.get_by_role("link", name="← 结果").click()
    expect(plain.get_by_text("这里带着一次试算，没有保存。")).to_be_visible()
    plain.get_by_role("link", name="全部取消").click()
    expect(plain.get_by_text("这里带着一次试算，没有保存。")).to_have_count(0)
