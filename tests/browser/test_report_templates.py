"""A consultant gives reports a face of their own: writes a template, is told what is wrong, looks at it, uses it."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser import walking as walk
from tests.factories import make_consultant, make_diagnosis, make_firm
from tests.reports.own_sample import logo

pytestmark = pytest.mark.browser

PRINTED_WITHIN_MS = 90_000
BODY = "尊敬的{{ firm }}：\n{% for one in conclusions %}\n- {{ one.subject }}：**{{ one.conclusion }}**\n{% endfor %}"


def write(page: Page) -> None:
    """Make a mistake first: it stands at its field, and neither words nor logo are lost."""
    page.get_by_label("模板名称").fill("研究院版")
    page.get_by_label("机构名称").fill("示例研究院")
    page.get_by_label("标志图片").set_input_files({"name": "x.png", "mimeType": "image/png", "buffer": logo().png})
    page.get_by_label("标题").fill("致{{ firm }}")
    page.get_by_label("内容", exact=True).fill(BODY.replace("conclusions", "conclusion"))
    walk.save(page, "检查并保存")
    expect(page.get_by_role("alert")).to_contain_text("第 2 行：没有“conclusion”这个值。")
    expect(page.get_by_alt_text("现在的标志")).to_be_visible()
    page.get_by_label("内容", exact=True).fill(BODY)
    page.get_by_label("次序：改进计划").fill("1")
    walk.save(page, "检查并保存")
    expect(page.get_by_role("status").first).to_contain_text("已检查并保存为第 1 版")


def look_at_it_and_use_it(page: Page) -> None:
    page.get_by_role("button", name="生成预览 中文").click()
    expect(page.get_by_text("▶ 正在打印")).to_be_visible()
    with page.expect_download(timeout=PRINTED_WITHIN_MS) as download:
        page.get_by_role("link", name="下载 PDF 中文").click(timeout=PRINTED_WITHIN_MS)
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    walk.press(page, "启用这一版")
    expect(page.get_by_text("● 在用")).to_be_visible()


def test_from_an_empty_page_to_a_template_that_is_chosen_for_a_report(desktop: Page, flask_app: Flask):
    firm = make_firm(flask_app)
    diagnosis = make_diagnosis(flask_app, firm, {"production_type": "discrete"})
    walk.sign_in(desktop, make_consultant(flask_app, firm))
    walk.open_link(desktop, "报告模板")
    walk.open_link(desktop, "新建模板")
    write(desktop)
    look_at_it_and_use_it(desktop)
    desktop.goto(f"/reports/diagnosis/{diagnosis.id}")

    desktop.get_by_label("版式").select_option(label="研究院版")
