"""Somebody without an account, with a report in his hands and a phone: is it real, and is it unchanged?"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.extensions import db
from app.reporting import files
from app.reporting.codes import ALPHABET, read_code
from app.reporting.models import IssuedReport
from tests.browser.conftest import PHONE

pytestmark = pytest.mark.browser


def test_a_stranger_checks_a_report_and_a_file_without_an_account_and_without_scripts(
    open_browser, flask_app, site, district, tmp_path
):
    code = str(district.filling["report_code"])
    with flask_app.app_context():
        report = db.session.scalars(select(IssuedReport).where(IssuedReport.code == read_code(code))).one()
        pdf = files.pdf_of(report).read_bytes()
    (tmp_path / "same.pdf").write_bytes(pdf)
    (tmp_path / "other.pdf").write_bytes(pdf + b"\n")
    slip = ALPHABET[ALPHABET.index(code[0]) - 1] + code[1:]
    page = open_browser(**PHONE, java_script_enabled=False)

    page.goto(f"{site.address}/sign-in")
    page.get_by_role("link", name="核对报告").click()
    page.get_by_label("核对编号").fill(slip)
    page.get_by_role("button", name="核对", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("抄错了")
    page.get_by_label("核对编号").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="核对", exact=True).click()
    expect(page.get_by_text("系统保存的文件与出具时一字不差")).to_be_visible()
    page.get_by_label("报告的文件（PDF、Word 或评分底稿）").set_input_files(tmp_path / "other.pdf")
    page.get_by_role("button", name="核对", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("与本系统出具的文件不同")
    page.get_by_label("报告的文件（PDF、Word 或评分底稿）").set_input_files(tmp_path / "same.pdf")
    page.get_by_role("button", name="核对", exact=True).click()

    expect(page.get_by_role("heading", name="与本系统出具的文件一字不差")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
