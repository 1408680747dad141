"""The factory manager who wants to know soon: the quick check, then the shortest way, on a phone and at a desk."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.access import Role
from app.diagnosis.models import AnswerEntry, Diagnosis
from app.extensions import db
from tests.browser import walking as walk
from tests.factories import make_diagnosis, make_firm, make_user

pytestmark = pytest.mark.browser

MOST_SCREENS = 12
NO_NETWORK = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
SAVED = re.compile(r"✓ 已保存 \d\d:\d\d:\d\d")


def answer_all(page: Page, words: str) -> None:
    """Choose the same answer to every question of the page, pressing the words as a finger does."""
    for question in page.locator("fieldset.question").all():
        question.locator(".option").filter(has_text=re.compile(rf"^\s*{words}")).first.click()


def check_quickly(page: Page) -> None:
    walk.press(page, "开始快速自查")
    expect(page.get_by_text("已答 0 / 25 题")).to_be_visible()
    assert walk.sideways(page) == []
    walk.open_link(page, "继续：")
    answer_all(page, "离散型")
    walk.save(page)
    while "/fill/" in page.url:
        answer_all(page, "部分满足")
        walk.save(page)
    expect(page.get_by_text("已答 25 / 25 题")).to_be_visible()


def read_what_it_leaves_open(page: Page) -> None:
    page.get_by_role("link", name="查看结果", exact=True).click()
    expect(walk.heading(page)).to_contain_text("等级在一级以下与二级之间")
    expect(page.get_by_role("region", name="这次自查还说不定的")).to_contain_text("有 183 项没有问")
    assert walk.sideways(page) == []


def walk_to_the_level(page: Page, words: str) -> int:
    """Follow the shortest way, answering all alike, until it stops by itself; return how many screens it took."""
    with page.expect_navigation():
        page.get_by_role("link", name="走最短的路：成熟度等级").click()
    screens = 0
    while "/fill/" in page.url and screens < MOST_SCREENS:
        assert walk.sideways(page) == []
        answer_all(page, words)
        walk.save(page, "保存，继续")
        screens += 1
    return screens


def test_a_manager_checks_quickly_begins_the_diagnosis_with_it_and_walks_to_the_level_on_a_phone(phone, flask_app):
    firm = make_firm(flask_app, {"一工厂": ("冲压车间",)}, name="示例山城压铸件厂")
    walk.sign_in(phone, make_user(flask_app, Role.FACTORY_MANAGER, firm_id=firm.id, name="王厂长"))

    check_quickly(phone)
    read_what_it_leaves_open(phone)
    walk.press(phone, "开始正式诊断，带入这些回答")
    expect(phone.get_by_text("快速自查的 25 个回答已经带入")).to_be_visible()
    screens = walk_to_the_level(phone, "部分满足")

    assert screens < MOST_SCREENS
    expect(walk.heading(phone)).to_have_text("已经定了：一级以下")
    expect(phone.get_by_text(re.compile(r"其余 2\d\d 题不会改变它。"))).to_be_visible()
    expect(phone.get_by_role("region", name="为什么")).to_contain_text("低于达标线 0.8")
    assert walk.sideways(phone) == []


def test_one_yes_or_no_settles_a_workshop_and_the_rest_can_be_filled_in_later(desktop, flask_app):
    firm = make_firm(flask_app, {"一工厂": ("冲压车间",)}, name="示例清泉冲压件厂")
    walk.sign_in(desktop, make_user(flask_app, Role.FACTORY_MANAGER, firm_id=firm.id, name="李厂长"))
    walk.press(desktop, "开始诊断")

    desktop.get_by_role("link", name="走最短的路：重庆市数字化车间 冲压车间").click()
    expect(desktop.get_by_text("再答 1 题可定（至少），最多 13 题")).to_be_visible()
    walk.choose(desktop, "devices_networked_and_monitored", "否")
    walk.save(desktop, "保存，继续")

    expect(walk.heading(desktop)).to_have_text("已经定了：未达到")
    walk.open_link(desktop, "接着填其余的题")
    line = desktop.locator(".verdicts > div").filter(has_text="冲压车间")
    expect(line).to_contain_text("差 1 项条件")
    expect(line.get_by_role("link")).to_have_count(0)


@pytest.fixture
def on_the_way(desktop, flask_app):
    """Open the first screen of the way to a firm's level; every link of a question may lead to another section."""
    firm = make_firm(flask_app, {"一工厂": ("冲压车间",)}, name="示例云篆机加厂")
    made = make_diagnosis(flask_app, firm, {"production_type": "discrete"})
    walk.sign_in(desktop, make_user(flask_app, Role.FACTORY_MANAGER, firm_id=firm.id, name="赵厂长"))
    return open_way(desktop, made), made


def open_way(page: Page, diagnosis: Diagnosis) -> Page:
    page.goto(f"/diagnoses/{diagnosis.id}/way?to=gbt_39117.firm")
    expect(page.locator("form[data-ready]")).to_be_visible()
    return page


def asked_on(page: Page) -> list[str]:
    return [one.get_attribute("value") or "" for one in page.locator("input[name=asked]").all()]


def test_on_the_way_every_answer_is_saved_as_it_is_given_and_the_window_may_close(on_the_way, flask_app):
    page, diagnosis = on_the_way
    first, second = asked_on(page)[:2]
    walk.choose(page, first, "大部分满足")
    expect(page.locator("#saved")).to_have_text(SAVED)
    page.context.set_offline(True)
    walk.choose(page, second, "部分满足")
    expect(page.locator("#saved")).to_contain_text("1 项回答存在本机")
    page.close()
    page.context.set_offline(False)
    again = open_way(page.context.new_page(), diagnosis)

    expect(again.locator("#saved")).to_have_text(SAVED)
    kept = said(flask_app, diagnosis)
    assert (kept[first], kept[second]) == ('"mostly"', '"partly"')


def test_going_on_along_the_way_right_after_an_answer_loses_nothing_and_asks_others(on_the_way):
    page, _diagnosis = on_the_way
    first = asked_on(page)
    answer_all(page, "大部分满足")
    walk.save(page, "保存，继续")

    assert page.locator(".both").count() == 0
    assert set(asked_on(page)) & set(first) == set()
    page.get_by_role("link", name="改刚才的回答").click()
    assert page.locator("input[value=mostly]:checked").count() == len(first)


def test_on_the_way_a_question_of_any_section_is_explained_under_it(on_the_way):
    page, _diagnosis = on_the_way
    answer_all(page, "全部满足")
    walk.save(page, "保存，继续")
    links = page.locator("a[data-panel]")
    for link in links.all():
        link.click()

    expect(page.locator(".panel .coach")).to_have_count(links.count())
    assert len({page.evaluate("link => link.href.split('/')[6]", link.element_handle()) for link in links.all()}) > 1


def test_an_answer_of_an_earlier_screen_that_a_colleague_gave_otherwise_is_asked_about_on_the_next(
    on_the_way, open_browser, flask_app
):
    page, diagnosis = on_the_way
    first = asked_on(page)[0]
    # Only this window, and it stays open: one that closes is given its network back, and sends the answer.
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", NO_NETWORK)
    walk.choose(page, first, "部分满足")
    expect(page.locator("#saved")).to_contain_text("1 项回答存在本机")
    other = open_browser()
    walk.sign_in(other, make_user(flask_app, Role.FACTORY_MANAGER, firm_id=diagnosis.firm_id, name="李工"))
    open_way(other, diagnosis)
    answer_all(other, "大部分满足")
    walk.save(other, "保存，继续")
    again = open_way(page.context.new_page(), diagnosis)

    assert first not in asked_on(again)
    expect(again.locator(".both")).to_contain_text("李工")
    again.locator(".both").get_by_role("button", name="用我填的 部分满足").click()
    expect(again.locator("#saved")).to_have_text(SAVED)
    assert said(flask_app, diagnosis) | {first: '"partly"'} == said(flask_app, diagnosis)


def said(flask_app: Flask, diagnosis: Diagnosis) -> dict[str, str | None]:
    query = select(AnswerEntry).where(AnswerEntry.diagnosis_id == diagnosis.id).order_by(AnswerEntry.id)
    with flask_app.app_context():
        return {row.fact: row.value for row in db.session.scalars(query)}
