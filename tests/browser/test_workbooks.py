"""A workbook on its way: downloaded, filled beside a colleague who fills in online, checked, confirmed."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.app.workbooks.conftest import Filling
from tests.browser import walking as walk
from tests.browser.conftest import PHONE
from tests.factories import make_diagnosis, make_firm, make_user

pytestmark = pytest.mark.browser


def downloaded(page: Page, folder: Path) -> Path:
    with page.expect_download() as started:
        page.get_by_role("link", name="下载工作簿").click()
    assert started.value.suggested_filename.startswith("智能制造诊断问卷 示例山城零部件厂 第1次 ")
    file = folder / "填好的.xlsx"
    started.value.save_as(file)
    return file


def fill(file: Path, **answers: object) -> None:
    filling = Filling(file.read_bytes())
    for fact, answer in answers.items():
        filling.fill(f"firm {fact}", answer)
    file.write_bytes(filling.content())


def send(page: Page, file: Path) -> None:
    page.get_by_label("文件", exact=True).set_input_files(file)
    walk.press(page, "检查文件")


def test_a_workbook_comes_back_beside_a_colleague_who_fills_in_online(open_browser, desktop, flask_app, tmp_path):
    firm = make_firm(flask_app, {"一工厂": ("冲压车间",)}, name="示例山城零部件厂")
    manager, colleague = (make_user(flask_app, firm_id=firm.id, name=name) for name in ("王某", "李某"))
    diagnosis = make_diagnosis(flask_app, firm, {"firm_name": "示例", "employees": 300, "policy_fit": True})
    walk.sign_in(desktop, manager)
    file = downloaded(desktop, tmp_path)
    fill(file, employees=320, revenue="约一亿", policy_fit=None, firm_name="示例山城零部件厂")

    phone = open_browser(**PHONE)
    walk.sign_in(phone, colleague)
    phone.goto(f"/diagnoses/{diagnosis.id}/fill/profile/firm/size")
    walk.field(phone, "employees").fill("310")
    walk.save(phone)

    walk.open_link(desktop, "导入填好的文件")
    send(desktop, file)
    expect(walk.heading(desktop)).to_have_text("导入前核对")
    expect(desktop.get_by_text("会改变的回答 2 项，其中清空 1 项")).to_be_visible()
    expect(desktop.get_by_role("region", name="这些地方有问题，不会导入")).to_contain_text("“企业概况”表 F13")
    expect(desktop.get_by_role("group", name="从业人员数")).to_contain_text("李某")
    assert walk.sideways(desktop) == []
    desktop.get_by_label("改用文件里的").check()
    walk.press(desktop, "导入其余的")
    expect(desktop.get_by_text("文件已导入：3 项有变化，其余未变。")).to_be_visible()

    desktop.goto(f"/diagnoses/{diagnosis.id}/fill/profile/firm/size")
    expect(walk.field(desktop, "employees")).to_have_value("320")


def test_a_phone_shows_what_a_file_would_change_and_may_do_nothing(phone, flask_app, tmp_path):
    firm = make_firm(flask_app, name="示例山城零部件厂")
    make_diagnosis(flask_app, firm, {"firm_name": "示例", "employees": 300})
    walk.sign_in(phone, make_user(flask_app, firm_id=firm.id))
    file = downloaded(phone, tmp_path)
    fill(file, employees=320)
    walk.open_link(phone, "导入填好的文件")
    send(phone, file)
    expect(phone.get_by_text("320 人")).to_be_visible()
    assert walk.sideways(phone) == []
    walk.press(phone, "什么都不导入")

    expect(phone.get_by_text("文件没有导入，回答没有变化。")).to_be_visible()


def test_a_file_that_is_too_large_is_answered_in_words(desktop, flask_app, tmp_path):
    firm = make_firm(flask_app)
    diagnosis = make_diagnosis(flask_app, firm)
    walk.sign_in(desktop, make_user(flask_app, firm_id=firm.id))
    desktop.goto(f"/diagnoses/{diagnosis.id}/import")
    (tmp_path / "large.xlsx").write_bytes(b"PK" + bytes(12 * 1024 * 1024))
    send(desktop, tmp_path / "large.xlsx")

    expect(desktop.get_by_role("alert")).to_contain_text("文件超过 5 MB")
    expect(desktop.get_by_label("文件", exact=True)).to_be_visible()


def test_what_is_downloaded_opens_as_a_workbook(desktop, flask_app, tmp_path):
    firm = make_firm(flask_app, name="示例山城零部件厂")
    make_diagnosis(flask_app, firm)
    walk.sign_in(desktop, make_user(flask_app, firm_id=firm.id))

    assert load_workbook(downloaded(desktop, tmp_path)).sheetnames[:2] == ["填写说明", "企业概况"]
