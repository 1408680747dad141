"""The first user: a factory manager with a phone, from nothing to the printed report."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app.access import Role
from tests.browser import walking as walk
from tests.browser.conftest import PHONE
from tests.factories import make_firm, make_user

pytestmark = pytest.mark.browser

BOTH_FIGURES = "数字化装备多于全部生产装备。请核对其中一个数。生产装备总数 120 台（套），数字化装备数 126 台（套）。"


def start(page: Page) -> str:
    """Begin the diagnosis from the page of the firm; return its number in addresses."""
    walk.press(page, "开始诊断")
    expect(page.get_by_text("请先添加工厂和车间")).to_be_visible()
    return page.url.rsplit("/", 1)[-1]


def build_up(page: Page) -> None:
    page.get_by_role("link", name="添加工厂和车间").click()
    walk.add_factory(page, "一工厂")
    walk.add_workshop(page, "一工厂", "冲压车间")
    walk.add_workshop(page, "一工厂", "焊装车间")
    assert walk.sideways(page) == []


def fill_the_practices(page: Page) -> None:
    """Answer the page on strategy: one practice in each way, one as not known."""
    for fact, words in {
        "org_strategy.L1.1": "全部满足",
        "org_strategy.L1.2": "大部分满足",
        "org_strategy.L2.1": "部分满足",
        "org_strategy.L2.2": "不满足",
        "org_strategy.L3.1": "不清楚",
    }.items():
        walk.choose(page, fact, words)
    walk.save(page, "回总览")


def count_the_machines(page: Page) -> None:
    """Give more digital machines than machines: both figures stand beside the field and in a list that leads to it."""
    walk.field(page, "workshop_process").select_option(label="冲压")
    for fact, figure in {"equipment_count": "120", "equipment_digital_count": "126"}.items():
        walk.field(page, fact).fill(figure)
    walk.save(page)
    expect(walk.question(page, "equipment_digital_count").locator(".question__error")).to_have_text(BOTH_FIGURES)
    page.locator("#contradictions").get_by_role("link", name=BOTH_FIGURES).click()
    assert page.url.endswith("#equipment_digital_count")
    assert walk.sideways(page) == []


def correct_the_machines(page: Page) -> None:
    walk.field(page, "equipment_digital_count").fill("54")
    expect(page.locator(".rate output").first).to_have_text("45%")
    walk.save(page)
    expect(walk.heading(page)).to_have_text("联网与监控")
    expect(page.get_by_text("这 120 台（套）生产装备里，多少台（套）已经联网？")).to_be_visible()


def change_one_answer(page: Page) -> None:
    """Change an answer from the check-answers page and come back to its line."""
    page.locator('[id="firm.org_strategy.L2.2"]').get_by_role("link").click()
    walk.choose(page, "org_strategy.L2.2", "全部满足")
    walk.save(page, "保存并返回核对页")
    expect(walk.heading(page)).to_have_text("核对回答")
    assert page.url.endswith("#firm.org_strategy.L2.2")
    expect(page.locator('[id="firm.org_strategy.L2.2"] dd').first).to_have_text("全部满足")


def leave_out_design(page: Page) -> None:
    """Leave out a business that the firm does not have; without a reason it is refused."""
    page.get_by_role("link", name="裁剪：本企业没有的业务").click()
    page.get_by_text("没有“产品设计”这项业务").click()
    walk.save(page, "保存裁剪")
    expect(page.get_by_role("alert")).to_contain_text("裁剪“产品设计”没有写明理由。")
    page.get_by_label("理由").locator("visible=true").fill("来图加工，不做产品设计")
    walk.save(page, "保存裁剪")
    expect(page.get_by_text("已裁剪 产品设计：来图加工，不做产品设计")).to_be_visible()


def submit(page: Page) -> None:
    """Submit; without the statement it is refused."""
    page.get_by_role("link", name="核对并提交").click()
    walk.save(page, "提交诊断")
    expect(page.get_by_role("alert")).to_contain_text("请勾选真实性承诺")
    page.get_by_text("我承诺：以上内容如实反映").click()
    walk.save(page, "提交诊断")


def read_the_result(page: Page) -> None:
    """Read the levels with their bounds, the drawing of the domains and the bars of their parts."""
    expect(page.get_by_text("按企业填报的数据")).to_be_visible()
    levels = page.get_by_role("table", name="各级得分")
    expect(levels.get_by_role("row")).to_have_count(6)
    expect(levels.get_by_role("row").nth(1)).to_contain_text("0.02–1.00  ◐ 待定")
    assert walk.sideways(page) == []
    expect(page.get_by_role("img", name="一级：各能力域得分")).to_be_visible()
    lowest = page.get_by_role("table", name="一级：各能力子域得分，最低的在上").get_by_role("row").nth(1)
    expect(lowest).to_contain_text("待定")
    expect(lowest.locator(".cell-bar svg")).to_be_visible()


def download_the_report(page: Page) -> bytes:
    """Ask for the report, wait while the page looks again by itself, and download the file."""
    page.get_by_role("link", name="报告", exact=True).first.click()
    walk.press(page, "生成自评报告")
    expect(page.get_by_text("正在打印").or_(page.get_by_text("等待打印"))).to_be_visible()
    assert walk.sideways(page) == []
    expect(page.get_by_role("link", name="下载 PDF")).to_be_visible(timeout=90_000)
    with page.expect_download() as download:
        walk.open_link(page, "下载 PDF")
    return download.value.path().read_bytes()


def test_a_factory_manager_goes_from_nothing_to_the_printed_report_on_a_phone(phone, open_browser, flask_app):
    firm = make_firm(flask_app, name="示例山城冲压件厂")
    manager = make_user(flask_app, Role.FACTORY_MANAGER, firm_id=firm.id, name="王厂长")

    walk.sign_in(phone, manager)
    diagnosis = start(phone)
    build_up(phone)
    walk.open_page(phone, diagnosis, "profile", "identity")
    expect(walk.field(phone, "uscc")).to_have_value(firm.uscc)
    walk.choose(phone, "production_type", "离散型")
    walk.save(phone)
    expect(walk.heading(phone)).to_have_text("规模")
    walk.open_page(phone, diagnosis, "org_strategy", "practices")
    fill_the_practices(phone)
    expect(phone.locator(".saved")).to_contain_text("已保存")
    phone.get_by_role("link", name=re.compile("^冲压车间")).click()
    count_the_machines(phone)
    phone.context.close()

    elsewhere = open_browser(**PHONE)
    walk.sign_in(elsewhere, manager)
    expect(elsewhere.get_by_text("1 处数字不一致")).to_be_visible()
    elsewhere.get_by_role("link", name=re.compile("^冲压车间")).click()
    expect(walk.field(elsewhere, "equipment_digital_count")).to_have_value("126")
    correct_the_machines(elsewhere)
    walk.open_link(elsewhere, "总览")
    leave_out_design(elsewhere)
    elsewhere.get_by_role("link", name="核对并提交").click()
    change_one_answer(elsewhere)
    walk.open_link(elsewhere, "总览")
    submit(elsewhere)

    read_the_result(elsewhere)

    assert download_the_report(elsewhere).startswith(b"%PDF")
