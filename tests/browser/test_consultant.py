"""The second user: a consultant at a desk, from the list of assigned firms to the issued report."""

from __future__ import annotations

from fractions import Fraction

import pytest
from playwright.sync_api import Page, expect

from app.access import Role
from app.diagnosis.models import Stage
from tests.browser import walking as walk
from tests.factories import NOW, make_consultant, make_diagnosis, make_firm, make_user

pytestmark = pytest.mark.browser

WHY = "现场只见一条产线有记录"
REMARK = "请补充其余产线的采集记录。"


def answers_of(firm) -> dict[str, object]:
    """Three pages are answered, two of them only with what the registration says."""
    return {
        "firm_name": firm.name,
        "uscc": firm.uscc,
        "district": firm.district,
        "production_type": "discrete",
        "employees": Fraction(320),
        "data.L1.1": "full",
        "data.L1.2": "mostly",
    }


def sees_only_assigned_firms(page: Page, own: str, other: str) -> None:
    expect(page.get_by_text(own)).to_be_visible()
    expect(page.get_by_text(other)).to_have_count(0)


def find_otherwise(page: Page, fact: str, words: str) -> None:
    about = walk.question(page, fact)
    about.get_by_text("核实值不同").click()
    walk.choose(page, fact, words)


def verify_the_data_page(page: Page) -> None:
    """Find two answers otherwise, one with a remark; without a reason that one is refused and nothing typed is lost."""
    walk.open_link(page, "采集、分析和部门内共享")
    find_otherwise(page, "data.L1.1", "不满足")
    find_otherwise(page, "data.L1.2", "部分满足")
    page.locator('[id="data.L1.2-why"]').fill(WHY)
    walk.question(page, "data.L1.1").get_by_text("给企业留言").click()
    page.locator('[id="data.L1.1-note"]').fill(REMARK)
    walk.save(page, "确认，回总览")
    expect(page.get_by_role("alert")).to_contain_text("核实值与企业填报不同，请写明理由。")
    page.locator('[id="data.L1.1-why"]').fill("没有看到记录")
    walk.save(page, "确认，回总览")
    expect(page.get_by_text("其中 2 项与填报不同")).to_be_visible()


def give_back(page: Page) -> None:
    page.get_by_text("退回企业补充").click()
    page.get_by_label("退回原因和需要补充的内容").fill("数据采集一节请补充。")
    walk.save(page, "退回企业")
    expect(page.get_by_text("已退回企业。")).to_be_visible()


def correct_and_submit_again(page: Page, diagnosis: object) -> None:
    """As the firm: read what the consultant wrote beside the question, correct one answer and submit again."""
    expect(page.get_by_text("专家留言 2 条")).to_be_visible()
    page.get_by_role("region", name="专家留言").get_by_role("link").click()
    expect(page.get_by_text(REMARK)).to_be_visible()
    walk.choose(page, "data.L1.1", "部分满足")
    walk.save(page, "回总览")
    page.get_by_role("link", name="核对并提交").click()
    page.get_by_text("我承诺：以上内容如实反映").click()
    walk.save(page, "提交诊断")
    expect(page.get_by_text("按企业填报的数据")).to_be_visible()


def confirm_every_page(page: Page) -> None:
    """Go on from page to page until the overview comes back; what the firm has changed is looked at again."""
    expect(page.get_by_text("已复核 1 / 7 项")).to_be_visible()
    page.get_by_role("link", name="继续复核").click()
    while page.get_by_role("button", name="确认本页，下一页").count():
        walk.save(page, "确认本页，下一页")


def sign_off_and_issue(page: Page) -> bytes:
    """Sign off, issue the report and download it once it is printed."""
    walk.save(page, "签字，固定核实结果")
    expect(walk.heading(page)).to_have_text("填报与核实对照")
    expect(page.get_by_role("cell", name=WHY)).to_be_visible()
    walk.open_link(page, "总览")
    page.get_by_role("link", name="签发诊断报告").click()
    with walk.saying_yes(page), page.expect_navigation():
        walk.press(page, "签发诊断报告")
    expect(page.get_by_text("诊断报告已签发。")).to_be_visible()
    expect(page.get_by_role("link", name="下载 PDF")).to_be_visible(timeout=90_000)
    with page.expect_download() as download:
        walk.open_link(page, "下载 PDF")
    return download.value.path().read_bytes()


def test_a_consultant_reviews_returns_signs_off_and_issues_the_report(desktop, open_browser, flask_app):
    firm = make_firm(flask_app, {"一工厂": ("压铸车间",)}, name="示例北碚压铸件厂")
    other = make_firm(flask_app, name="示例别处转向器厂")
    manager = make_user(flask_app, Role.FACTORY_MANAGER, firm_id=firm.id)
    submitted = {"submitted_at": NOW, "declared_by": "王某"}
    diagnosis = make_diagnosis(flask_app, firm, answers_of(firm), stage=Stage.SUBMITTED, **submitted)
    make_diagnosis(flask_app, other, {"employees": Fraction(80)}, stage=Stage.SUBMITTED, **submitted)

    walk.sign_in(desktop, make_consultant(flask_app, firm, name="陈专家"))
    sees_only_assigned_firms(desktop, firm.name, other.name)
    walk.open_link(desktop, "复核")
    sees_only_assigned_firms(desktop, firm.name, other.name)
    walk.open_link(desktop, firm.name)
    verify_the_data_page(desktop)
    give_back(desktop)

    firms_browser = open_browser()
    walk.sign_in(firms_browser, manager)
    correct_and_submit_again(firms_browser, diagnosis.id)

    desktop.reload()
    confirm_every_page(desktop)
    expect(desktop.get_by_text("已复核 7 / 7 项，其中 1 项与填报不同")).to_be_visible()

    assert sign_off_and_issue(desktop).startswith(b"%PDF")
