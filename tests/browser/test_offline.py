"""A section taken along where there is no network: it opens, takes answers, keeps them unreadable, merges later."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import walking as walk
from tests.browser.test_autosave import ON_THIS_DEVICE, SAVED, arrives, said, status, type_in
from tests.factories import make_diagnosis, make_firm, make_user, parts_of

pytestmark = pytest.mark.browser


@pytest.fixture
def firm(flask_app):
    return make_firm(flask_app, {"一工厂": ("冲压车间",)})


@pytest.fixture
def manager(flask_app, firm):
    return make_user(flask_app, firm_id=firm.id, name="王厂长")


@pytest.fixture
def diagnosis(flask_app, firm):
    return make_diagnosis(flask_app, firm)


@pytest.fixture
def machines(flask_app, firm, diagnosis):
    workshop = parts_of(flask_app, firm)["冲压车间"]
    return f"/diagnoses/{diagnosis.id}/fill/workshop_equipment/{workshop}/machines"


def take_along(page: Page, who, address: str) -> None:
    walk.sign_in(page, who)
    page.goto(address)
    page.get_by_role("link", name="离线填写这一部分").click()
    expect(page.locator("#along")).to_have_text("✓ 已带上：没有网络也能打开本页。")


def test_a_section_taken_along_opens_and_is_filled_in_without_a_network_and_arrives_later(
    phone, manager, flask_app, diagnosis, machines
):
    take_along(phone, manager, machines)
    assert walk.sideways(phone) == []
    phone.context.set_offline(True)
    # The browser forgets for a moment, while a page loads, that it was put off the network.
    phone.context.route("**/answers", lambda route: route.abort())
    phone.reload()
    expect(phone.locator("#along")).to_have_text("◐ 没有网络：正在用带来的题目。")
    walk.field(phone, "equipment_count").fill("120")
    walk.field(phone, "equipment_digital_count").fill("54")
    walk.field(phone, "equipment_digital_count").blur()
    expect(status(phone)).to_contain_text("2 项回答存在本机")
    phone.reload()

    expect(walk.field(phone, "equipment_count")).to_have_value("120")
    assert {row["fact"] for row in phone.evaluate(ON_THIS_DEVICE)} == {"equipment_count", "equipment_digital_count"}
    assert said(flask_app, diagnosis, "equipment_count") == []
    phone.context.unroute("**/answers")
    phone.context.set_offline(False)
    expect(status(phone)).to_have_text(SAVED)
    assert arrives(flask_app, diagnosis, "equipment_count", ["120"])
    assert arrives(flask_app, diagnosis, "equipment_digital_count", ["54"])


def test_what_a_colleague_changed_meanwhile_is_merged_and_the_same_answer_is_asked_about(
    phone, open_browser, manager, flask_app, firm, diagnosis, machines
):
    take_along(phone, manager, machines)
    phone.context.set_offline(True)
    walk.field(phone, "equipment_count").fill("120")
    walk.field(phone, "equipment_count").blur()
    expect(status(phone)).to_contain_text("1 项回答存在本机")
    other = open_browser()
    walk.sign_in(other, make_user(flask_app, firm_id=firm.id, name="李工"))
    other.goto(machines)
    expect(other.locator("form[data-ready]")).to_be_visible()
    type_in(other, "equipment_count", "118")
    type_in(other, "equipment_digital_count", "60")
    phone.context.set_offline(False)

    expect(phone.locator(".both")).to_contain_text("李工")
    expect(walk.field(phone, "equipment_digital_count")).to_have_value("60")
    phone.locator(".both").get_by_role("button", name="用我填的").click()
    expect(phone.locator(".both")).to_have_count(0)
    expect(status(phone)).to_have_text(SAVED)
    assert arrives(flask_app, diagnosis, "equipment_count", ["118", "120"])


def test_the_list_of_what_was_taken_along_opens_without_a_network_and_leads_to_each(phone, manager, machines):
    take_along(phone, manager, machines)
    phone.context.set_offline(True)
    walk.field(phone, "equipment_count").fill("120")
    expect(status(phone)).to_contain_text("1 项回答存在本机")
    phone.goto("/offline")

    row = phone.get_by_role("link", name=re.compile("冲压车间"))
    expect(row).to_contain_text("1 项回答待上传")
    row.click()
    expect(walk.field(phone, "equipment_count")).to_have_value("120")
    phone.context.set_offline(False)
    expect(status(phone)).to_have_text(SAVED)


def test_what_is_kept_for_offline_holds_no_answers_in_the_clear_and_signing_out_removes_it(
    phone, manager, flask_app, firm, machines
):
    workshop = parts_of(flask_app, firm)["冲压车间"]
    walk.sign_in(phone, manager)
    phone.goto(machines)
    expect(phone.locator("form[data-ready]")).to_be_visible()
    type_in(phone, "equipment_count", "7353")
    phone.goto(f"{machines.removesuffix('machines')}offline")
    expect(walk.field(phone, "equipment_count")).to_have_value("7353")
    expect(phone.locator("#along")).to_have_text("✓ 已带上：没有网络也能打开本页。")
    kept = phone.evaluate(
        """async () => {
          const cache = await caches.open("taken-along"), found = {};
          for (const one of await cache.keys()) found[one.url] = await (await cache.match(one)).text();
          return found;
        }"""
    )

    assert any(str(workshop) in url for url in kept)
    assert not any("7353" in text for text in kept.values())
    walk.press(phone, "退出")
    expect(phone.get_by_label("密码")).to_be_visible()
    assert phone.evaluate("() => caches.has('taken-along')") is False
    assert phone.evaluate("async () => (await indexedDB.databases()).length") == 0


def test_signing_out_asks_first_when_answers_have_not_left_the_device(phone, manager, flask_app, diagnosis, machines):
    take_along(phone, manager, machines)
    phone.route("**/answers", lambda route: route.abort())
    walk.field(phone, "equipment_count").fill("120")
    expect(status(phone)).to_contain_text("1 项回答存在本机")
    asked: list[str] = []
    phone.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    walk.press(phone, "退出")
    phone.wait_for_timeout(500)

    assert asked == ["有 1 项回答还在这台设备上，没有上传；退出会清除它们。确定退出吗？"]
    assert "/offline" in phone.url
    phone.unroute("**/answers")
    expect(status(phone)).to_have_text(SAVED, timeout=40_000)
    assert arrives(flask_app, diagnosis, "equipment_count", ["120"])
