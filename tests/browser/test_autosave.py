"""Every answer is saved by itself; nothing is lost when the network, the session or the window goes away meanwhile."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.access import Role
from app.diagnosis.models import AnswerEntry
from app.extensions import db
from tests.browser import walking as walk
from tests.factories import make_diagnosis, make_firm, make_user

pytestmark = pytest.mark.browser

SAVED = re.compile(r"✓ 已保存 \d\d:\d\d:\d\d")
# What this device keeps of answers, as it lies on the disk.
ON_THIS_DEVICE = """() => new Promise((resolve) => {
  const opening = indexedDB.open("zhizhen", 1);
  opening.onsuccess = () => {
    const all = opening.result.transaction("answers").objectStore("answers").getAll();
    all.onsuccess = () => resolve(all.result.map((row) => ({fact: row.fact,
      bytes: new TextDecoder("latin1").decode(row.sealed)})));
  };
})"""

# Once more than one frame has been drawn, so that everything that can be drawn is.
DRAWN = "() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"


@pytest.fixture
def firm(flask_app):
    return make_firm(flask_app)


@pytest.fixture
def manager(flask_app, firm):
    return make_user(flask_app, Role.FACTORY_MANAGER, firm_id=firm.id, name="王厂长")


@pytest.fixture
def diagnosis(flask_app, firm):
    return make_diagnosis(flask_app, firm)


@pytest.fixture
def on_size(manager, diagnosis):
    """Sign in and open the page that asks for employees and revenue."""

    def opened(page: Page, who=manager) -> Page:
        walk.sign_in(page, who)
        return ready(page, diagnosis)

    return opened


def ready(page: Page, diagnosis) -> Page:
    walk.open_page(page, diagnosis.id, "profile", "size")
    expect(page.locator("form[data-ready]")).to_be_visible()
    return page


def status(page: Page):
    return page.locator("#saved")


def said(flask_app, diagnosis, fact: str) -> list[str | None]:
    with flask_app.app_context():
        row = AnswerEntry
        query = select(row.value).where(row.diagnosis_id == diagnosis.id, row.fact == fact).order_by(row.id)
        return list(db.session.scalars(query))


def arrives(flask_app, diagnosis, fact: str, values: list[str]) -> bool:
    """Wait until exactly these values were saved one after another; at most some seconds."""
    end = time.monotonic() + 8
    while said(flask_app, diagnosis, fact) != values and time.monotonic() < end:
        time.sleep(0.05)
    return said(flask_app, diagnosis, fact) == values


def type_in(page: Page, fact: str, figure: str) -> None:
    """Type a figure, go on to the next field and wait until the server has answered."""
    with page.expect_response(lambda answer: answer.url.endswith("/answers") and answer.ok):
        walk.field(page, fact).fill(figure)
        walk.field(page, fact).blur()


def test_an_answer_is_saved_without_a_button_and_the_time_is_shown(phone, on_size, flask_app, diagnosis):
    page = on_size(phone)
    walk.field(page, "employees").fill("320")
    walk.choose(page, "above_scale", "是")
    expect(status(page)).to_have_text(SAVED)
    page.reload()

    expect(walk.field(page, "employees")).to_have_value("320")
    expect(walk.question(page, "above_scale").get_by_role("radio", name="是", exact=True)).to_be_checked()
    assert arrives(flask_app, diagnosis, "employees", ["320"])
    assert walk.sideways(page) == []


def test_the_first_answer_of_a_page_is_kept_at_the_first_try(desktop, on_size):
    page = on_size(desktop)
    with page.expect_response("**/answers") as answered:
        walk.choose(page, "above_scale", "是")

    assert answered.value.status == 200


def test_going_on_saves_what_was_typed_in_the_last_moment(desktop, on_size, flask_app, diagnosis):
    page = on_size(desktop)
    walk.field(page, "employees").fill("320")
    walk.field(page, "revenue").fill("15000")
    walk.save(page)

    expect(walk.heading(page)).to_have_text("产品")
    assert arrives(flask_app, diagnosis, "employees", ["320"])
    assert arrives(flask_app, diagnosis, "revenue", ["15000"])


def test_a_wrong_figure_is_pointed_out_at_once_and_what_is_right_is_saved(desktop, on_size, flask_app, diagnosis):
    page = on_size(desktop)
    walk.field(page, "employees").fill("三百二十")
    walk.field(page, "revenue").fill("15000")
    walk.field(page, "revenue").blur()

    expect(page.locator("[id='employees-error']")).to_contain_text("填写的是“三百二十”")
    expect(walk.field(page, "employees")).to_have_attribute("aria-invalid", "true")
    expect(status(page)).to_have_text("有 1 处要改，其余已保存")
    assert arrives(flask_app, diagnosis, "revenue", ["15000"])
    walk.field(page, "employees").fill("320")
    expect(status(page)).to_have_text(SAVED)
    expect(page.locator("[id='employees-error']")).to_have_count(0)


def test_a_button_stays_where_it_is_pressed_although_a_fault_is_found_meanwhile(desktop, on_size):
    page = on_size(desktop)
    page.set_viewport_size({"width": 1280, "height": 2000})  # the buttons follow the questions and what is said of them
    walk.field(page, "employees").fill("三百二十")
    page.get_by_role("button", name="保存，下一页").hover()
    with page.expect_response("**/answers"):
        page.mouse.down()  # which leaves the field, and that saves it
    page.evaluate(DRAWN)
    with page.expect_navigation():
        page.mouse.up()

    expect(page.get_by_role("alert")).to_contain_text("填写的是“三百二十”")


def test_held_down_too_long_a_button_hides_nothing_that_is_to_be_said(desktop, on_size):
    page = on_size(desktop)
    walk.field(page, "employees").fill("三百二十")
    page.get_by_role("button", name="保存，下一页").hover()
    page.mouse.down()

    expect(page.locator("[id='employees-error']")).to_contain_text("填写的是“三百二十”")
    expect(status(page)).to_have_text("有 1 处要改，其余已保存")


def test_a_button_pressed_while_the_page_takes_the_token_of_a_new_session_goes_on(
    desktop, on_size, manager, flask_app, diagnosis
):
    page, asked = on_size(desktop), []
    page.context.clear_cookies()
    walk.sign_in(page.context.new_page(), manager)
    page.route("**/session", lambda route, _request: asked.append(route))  # answered below, as over a slow network
    with page.expect_request("**/session"):
        walk.choose(page, "above_scale", "是")
    with page.expect_navigation():
        walk.press(page, "保存，下一页")
        asked.pop().continue_()

    expect(walk.heading(page)).to_have_text("产品")
    assert arrives(flask_app, diagnosis, "above_scale", ["true"])


def test_without_a_network_the_answers_wait_on_this_device_unreadable_and_arrive_later(
    phone, on_size, flask_app, diagnosis
):
    page = on_size(phone)
    page.context.set_offline(True)
    walk.field(page, "employees").fill("320")
    walk.choose(page, "above_scale", "是")
    expect(status(page)).to_contain_text("2 项回答存在本机")
    kept = page.evaluate(ON_THIS_DEVICE)

    assert {row["fact"] for row in kept} == {"employees", "above_scale"}
    assert not any("320" in row["bytes"] or "fields" in row["bytes"] for row in kept)
    assert said(flask_app, diagnosis, "employees") == []
    page.context.set_offline(False)
    expect(status(page)).to_have_text(SAVED)
    assert arrives(flask_app, diagnosis, "employees", ["320"])
    assert page.evaluate(ON_THIS_DEVICE) == []


def test_a_window_closed_without_a_network_is_taken_up_again(phone, on_size, flask_app, diagnosis):
    page = on_size(phone)
    page.context.set_offline(True)
    walk.field(page, "employees").fill("320")
    expect(status(page)).to_contain_text("1 项回答存在本机")
    page.close()
    phone.context.set_offline(False)
    again = ready(phone.context.new_page(), diagnosis)

    expect(walk.field(again, "employees")).to_have_value("320")
    expect(status(again)).to_have_text(SAVED)
    assert arrives(flask_app, diagnosis, "employees", ["320"])


def test_an_answer_that_arrived_without_its_receipt_is_neither_saved_twice_nor_asked_about(
    desktop, on_size, flask_app, diagnosis
):
    page = on_size(desktop)

    def lose_the_receipt(route):
        route.fetch()
        route.abort()

    page.route("**/answers", lose_the_receipt, times=1)
    walk.field(page, "employees").fill("320")
    walk.field(page, "employees").blur()
    expect(status(page)).to_contain_text("存在本机")
    walk.field(page, "employees").fill("350")
    walk.field(page, "employees").blur()

    assert arrives(flask_app, diagnosis, "employees", ["320", "350"])
    expect(status(page)).to_have_text(SAVED)
    expect(page.locator(".both")).to_have_count(0)


def test_a_colleagues_answer_to_another_question_appears_and_nothing_is_overwritten(
    desktop, open_browser, on_size, flask_app, firm, diagnosis
):
    mine, theirs = (
        on_size(desktop),
        on_size(open_browser(), make_user(flask_app, firm_id=firm.id, name="李工")),
    )
    type_in(theirs, "revenue", "15000")
    expect(status(theirs)).to_have_text(SAVED)
    type_in(mine, "employees", "320")

    expect(walk.field(mine, "revenue")).to_have_value("15000")
    expect(mine.locator(".remark")).to_contain_text(re.compile(r"李工 \d\d:\d\d:\d\d 把“.+”改为：15,000"))
    type_in(mine, "revenue", "15800")
    expect(status(mine)).to_have_text(SAVED)
    assert arrives(flask_app, diagnosis, "revenue", ["15000", "15800"])


@pytest.mark.parametrize("choice", [("用我填的", "350"), ("用已保存的", "320")])
def test_the_same_answer_given_differently_by_two_is_asked_about_at_once(
    desktop, open_browser, on_size, flask_app, firm, diagnosis, choice
):
    kept, counts = choice
    mine, theirs = (
        on_size(desktop),
        on_size(open_browser(), make_user(flask_app, firm_id=firm.id, name="李工")),
    )
    type_in(theirs, "employees", "320")
    expect(status(theirs)).to_have_text(SAVED)
    type_in(mine, "employees", "350")
    both = mine.locator(".both")

    expect(both).to_contain_text("李工")
    expect(status(mine)).to_have_text("有 1 处两人填得不同，请选择")
    assert arrives(flask_app, diagnosis, "employees", ["320"])
    both.get_by_role("button", name=kept).click()
    expect(both).to_have_count(0)
    expect(status(mine)).to_have_text(SAVED)
    expect(walk.field(mine, "employees")).to_have_value(counts)
    assert arrives(flask_app, diagnosis, "employees", ["320", "350"][: 1 + (counts == "350")])


def test_when_the_session_ends_the_page_keeps_everything_and_saves_after_signing_in_beside_it(
    desktop, on_size, manager, flask_app, diagnosis
):
    page = on_size(desktop)
    page.wait_for_load_state("networkidle")  # an answer that is still on its way would bring the session back
    page.context.clear_cookies()
    walk.field(page, "employees").fill("320")
    walk.field(page, "employees").blur()
    expect(status(page)).to_contain_text("登录已过期")
    with page.context.expect_page() as opened:
        status(page).get_by_role("link", name="去登录").click()
    walk.type_who(opened.value, manager.email)
    expect(opened.value.get_by_role("button", name="退出")).to_be_visible()
    page.bring_to_front()
    page.evaluate("() => window.dispatchEvent(new Event('focus'))")

    expect(status(page)).to_have_text(SAVED)
    expect(walk.field(page, "employees")).to_have_value("320")
    assert arrives(flask_app, diagnosis, "employees", ["320"])


def test_nothing_is_saved_under_the_name_of_somebody_else_who_signed_in_meanwhile(
    desktop, on_size, flask_app, firm, diagnosis
):
    page = on_size(desktop)
    page.context.clear_cookies()
    walk.field(page, "employees").fill("320")
    walk.field(page, "employees").blur()
    expect(status(page)).to_contain_text("登录已过期")
    other = page.context.new_page()
    walk.sign_in(other, make_user(flask_app, firm_id=firm.id, name="李工"))
    page.bring_to_front()
    page.evaluate("() => window.dispatchEvent(new Event('focus'))")

    expect(status(page)).to_contain_text("现在登录的是另一位用户")
    assert said(flask_app, diagnosis, "employees") == []


def test_before_the_session_ends_somebody_who_reads_long_is_asked_and_may_stay(desktop, on_size):
    desktop.clock.install()
    page = on_size(desktop)
    page.clock.fast_forward("01:57:00")

    expect(page.get_by_role("dialog")).to_contain_text("还在填写吗")
    with page.expect_response("**/session"):
        walk.press(page, "继续填写")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.evaluate("() => Date.now() - Number(localStorage.getItem('contact'))") < 60_000
