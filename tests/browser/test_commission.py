"""The third user: the commission, which counts."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from app.access import Role
from tests.browser import walking as walk
from tests.factories import make_firm

pytestmark = pytest.mark.browser

CITY_DISTRICT = "500156"  # 武隆: nobody else in these tests has a firm there
TARGETS = {"conversion": 500, "digital_workshop": 100, "smart_factory": 10}


def counted(page: Page, target: str) -> tuple[int, int]:
    """Return what a target's card says: what counts, and how many there are to be."""
    said = page.locator(f'section[aria-labelledby="target-{target}"] .target__number').inner_text()
    number, of = re.findall(r"\d+", said)
    return int(number), int(of)


def all_counted(page: Page) -> dict[str, int]:
    """Return target -> what counts for the whole city; the numbers to be reached are the plan's."""
    page.goto("/board")
    found = {target: counted(page, target) for target in TARGETS}
    assert {target: of for target, (_number, of) in found.items()} == TARGETS
    return {target: number for target, (number, _of) in found.items()}


def find_the_firm(page: Page, uscc: str) -> None:
    page.get_by_role("link", name="登记转型与认定").click()
    page.get_by_label("名称或信用代码").fill(uscc)
    walk.save(page, "查找")
    page.locator("a.list__row").click()


def type_paper(page: Page, document: str) -> None:
    page.get_by_label("日期").fill("2026-10-31")
    page.get_by_label("文件名称或文号").fill(document)
    page.get_by_label("发文单位").fill("示例发文单位")


def record_conversion(page: Page) -> None:
    page.get_by_role("link", name="登记转型升级的一步").click()
    page.get_by_label("状态").select_option(label="市级认可")
    type_paper(page, "示例〔2026〕7号")
    walk.save(page, "登记")
    expect(page.get_by_text("已登记。")).to_be_visible()


def record_recognition(page: Page, workshop: str) -> None:
    page.get_by_role("link", name="登记认定", exact=True).last.click()
    page.get_by_label("认定种类").select_option(value="digital_workshop")
    page.get_by_label("车间或工厂", exact=True).select_option(label=workshop)
    type_paper(page, "示例〔2026〕8号")
    walk.save(page, "登记")
    expect(page.get_by_text("已登记。")).to_be_visible()


def exported(page: Page) -> dict[str, list[object]]:
    """Return the lines of the exported workbook's summary by their first cell, the first of each name."""
    with page.expect_download() as download:
        page.get_by_role("link", name="导出 xlsx").click()
    summary = load_workbook(BytesIO(download.value.path().read_bytes()), read_only=True)["汇总"]
    lines = [(str(first), rest) for first, *rest in summary.iter_rows(values_only=True) if first]
    return dict(reversed(lines))


def test_the_commission_records_filters_and_exports_and_every_number_agrees(desktop, site, flask_app):
    firm = make_firm(flask_app, {"武隆工厂": ("线束车间",)}, name="示例武隆线束厂", district=CITY_DISTRICT)

    walk.sign_in(desktop, site.logins[Role.COMMISSION])
    before = all_counted(desktop)
    find_the_firm(desktop, firm.uscc)
    record_conversion(desktop)
    record_recognition(desktop, "武隆工厂 · 线束车间")
    after = all_counted(desktop)

    assert after == {
        "conversion": before["conversion"] + 1,
        "digital_workshop": before["digital_workshop"] + 1,
        "smart_factory": before["smart_factory"],
    }

    desktop.locator('section[aria-labelledby="target-conversion"]').get_by_role("link").first.click()
    expect(desktop.get_by_role("row").filter(has_text=firm.name)).to_contain_text("示例〔2026〕7号")
    assert desktop.locator("tbody tr").count() == after["conversion"]

    desktop.goto("/board")
    desktop.get_by_label("区县", exact=True).select_option(CITY_DISTRICT)
    walk.save(desktop, "筛选")
    expect(desktop.locator(".target__number")).to_have_text([re.compile(rf"^\s*{n}\s") for n in (1, 0, 1)])

    summary = exported(desktop)
    assert summary["区县"][0] == "武隆区"
    titles = desktop.locator(".target h2").all_inner_texts()
    assert [summary[title][:2] for title in titles] == [[1, 500], [0, 10], [1, 100]]
