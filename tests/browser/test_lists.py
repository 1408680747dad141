"""A list is filled in on a desk and on a phone, with its sums running along, and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app.access import Role
from tests.browser import walking as walk
from tests.browser.conftest import PHONE
from tests.factories import make_diagnosis, make_firm, make_user, parts_of

pytestmark = pytest.mark.browser

PASTED = "加工中心\tVMC-850\t12\t是\t是\n普通车床\tC-6140\t8\t否\t否\n"


@pytest.fixture
def firm(flask_app):
    return make_firm(flask_app, {"一工厂": ("机加车间",)})


@pytest.fixture
def manager(flask_app, firm):
    return make_user(flask_app, Role.FACTORY_MANAGER, firm_id=firm.id)


@pytest.fixture
def machines(flask_app, firm):
    """Where the machines of the workshop are asked about."""
    diagnosis = make_diagnosis(flask_app, firm)
    return f"/diagnoses/{diagnosis.id}/fill/workshop_equipment/{parts_of(flask_app, firm)['机加车间']}/machines"


def write_row(page: Page, number: int, name: str, count: str, *marks: str) -> None:
    page.locator(f"#r{number}-name").fill(name)
    page.locator(f"#r{number}-count").fill(count)
    row = page.locator("[data-row]").nth(number - 1)
    for mark in marks:
        row.get_by_label(mark).check()


def sums(page: Page) -> list[str]:
    shown: list[str] = page.locator(".sums output:visible").all_inner_texts()
    return shown


def test_the_sums_run_along_and_become_answers_once_they_are_confirmed(desktop, manager, machines):
    walk.sign_in(desktop, manager)
    desktop.goto(machines)
    walk.open_link(desktop, "列一张清单，自动合计")
    write_row(desktop, 1, "加工中心", "12", "数字化", "已联网")
    write_row(desktop, 2, "普通车床", "8")
    along = sums(desktop)
    walk.save(desktop, "算一算，再确认")
    expect(desktop.get_by_role("heading", name="算出来是这些数，对吗？")).to_be_visible()
    walk.save(desktop, "确认，填进题目")

    assert along == ["20 台（套）", "12 台（套）", "12 台（套）", "60%", "60%"]
    expect(walk.field(desktop, "equipment_count")).to_have_value("20")
    expect(walk.field(desktop, "equipment_digital_count")).to_have_value("12")


def test_one_more_row_comes_without_asking_the_server_and_counts(desktop, manager, machines):
    walk.sign_in(desktop, manager)
    desktop.goto(machines)
    walk.open_link(desktop, "列一张清单，自动合计")
    rows = desktop.locator("[data-row]")
    before = rows.count()
    desktop.get_by_role("button", name="再加几行").click()
    expect(rows).to_have_count(before + 1)
    expect(desktop.locator(f"#r{before + 1}-name")).to_be_focused()
    write_row(desktop, before + 1, "机器人", "3", "数字化")

    assert sums(desktop)[:2] == ["3 台（套）", "3 台（套）"]


def test_on_a_phone_lines_of_a_spreadsheet_are_pasted_and_join_the_rows(phone, manager, machines):
    walk.sign_in(phone, manager)
    phone.goto(machines)
    walk.open_link(phone, "列一张清单，自动合计")
    phone.locator("#lines").fill(PASTED)
    along = sums(phone)
    walk.save(phone, "并入清单")

    assert along[:2] == ["20 台（套）", "12 台（套）"]
    expect(phone.locator("#r2-name")).to_have_value("普通车床")
    assert walk.sideways(phone) == []


def test_without_scripts_a_list_is_filled_in_and_confirmed_all_the_same(open_browser, manager, machines):
    page = open_browser(**PHONE, java_script_enabled=False)
    walk.sign_in(page, manager)
    page.goto(machines)
    walk.open_link(page, "列一张清单，自动合计")
    write_row(page, 1, "加工中心", "12", "数字化")
    walk.save(page, "＋ 再加几行")
    walk.save(page, "算一算，再确认")
    walk.save(page, "确认，填进题目")

    expect(walk.field(page, "equipment_count")).to_have_value("12")
