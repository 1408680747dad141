"""A colleague with a phone: from the link that the manager sends to answered sections, and what both say about them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app.access import Role
from tests.browser import walking as walk
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import make_diagnosis, make_firm, make_invitation, make_user, parts_of

pytestmark = pytest.mark.browser

PASSWORD_SAID = "three old presses in a row"


def invite(page: Page, diagnosis: object) -> str:
    """Tick one section of the firm and one of the workshop; return the link that the message carries."""
    page.goto(f"/diagnoses/{diagnosis}")
    page.get_by_role("link", name="协作人：把章节分给同事").click()
    page.get_by_role("link", name="邀请协作人").click()
    page.get_by_label("请谁来填").fill("设备科 李工")
    page.get_by_role("group", name="资源").get_by_label("装备").check()
    page.get_by_role("group", name="冲压车间（一工厂）").get_by_label("装备与联网").check()
    walk.press(page, "得到链接")
    expect(page.locator("svg.qr")).to_be_visible()
    message = page.get_by_label("复制下面的话，发到微信或短信").input_value()
    assert "中的 2 节" in message
    return message.split()[-1]


def join(page: Page, link: str, phone_number: str) -> None:
    """Join with a phone number; without the consent it is refused and the rest stays."""
    page.goto(link)
    assert walk.sideways(page) == []
    page.get_by_label("姓名").fill("李工")
    page.get_by_label("手机号或邮箱").fill(phone_number)
    page.get_by_label("自己设的密码").fill(PASSWORD_SAID)
    walk.press(page, "建立账号，开始填写")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("手机号或邮箱")).to_have_value(phone_number)
    page.get_by_label("自己设的密码").fill(PASSWORD_SAID)
    page.get_by_text("我已阅读并同意").click()
    walk.press(page, "建立账号，开始填写")
    expect(walk.heading(page)).to_have_text("我的章节")


def fill_in(page: Page) -> None:
    """Go on from the start page: the machines, then the own section of the firm, then back to the start page."""
    page.get_by_role("link", name="继续：装备与联网").click()
    walk.field(page, "equipment_count").fill("120")
    walk.field(page, "equipment_digital_count").fill("54")
    walk.save(page)
    expect(walk.heading(page)).to_have_text("联网与监控")
    walk.save(page)
    expect(walk.heading(page)).to_have_text("关键工序的设备")
    walk.choose(page, "equipment.L1.1", "全部满足")
    walk.save(page, "回我的章节")
    expect(walk.heading(page)).to_have_text("我的章节")
    assert walk.sideways(page) == []


def ask(page: Page, talk: str, words: str) -> None:
    page.goto(talk)
    walk.press(page, "标为待再看")
    page.get_by_label("写留言").fill(words)
    walk.press(page, "发表")
    expect(page.get_by_text(words)).to_be_visible()
    assert walk.sideways(page) == []


def answer_and_resolve(page: Page, diagnosis: object, words: str) -> None:
    """As the manager: find the talk in the list, answer it and call it resolved."""
    page.goto(f"/diagnoses/{diagnosis}/talk")
    page.get_by_role("link", name="看讨论").first.click()
    page.get_by_label("写留言").fill(words)
    walk.press(page, "发表")
    walk.press(page, "标为已解决")
    expect(page.get_by_text("● 已解决")).to_be_visible()


def take_all_back(page: Page, diagnosis: object) -> None:
    page.goto(f"/diagnoses/{diagnosis}/colleagues")
    expect(page.get_by_role("region", name="李工")).to_contain_text("最近活动")
    page.get_by_role("link", name="改章节、转给别人或收回").click()
    with walk.saying_yes(page):
        walk.press(page, "全部收回")
    expect(page.get_by_text("李工 的章节已保存。")).to_be_visible()


def test_a_colleague_joins_by_the_link_fills_in_and_talks_until_the_sections_are_taken_back(
    desktop, open_browser, flask_app
):
    firm = make_firm(flask_app, {"一工厂": ("冲压车间",)}, name="示例协作冲压件厂")
    manager = make_user(flask_app, Role.FACTORY_MANAGER, firm_id=firm.id, name="王厂长")
    diagnosis = make_diagnosis(flask_app, firm).id
    talk = f"/diagnoses/{diagnosis}/fill/equipment/firm/talk/equipment.L1.1"

    walk.sign_in(desktop, manager)
    link = invite(desktop, diagnosis)
    phone = open_browser(**PHONE)
    join(phone, link, "139 0000 0007")
    fill_in(phone)
    ask(phone, talk, "三台老设备算不算？")
    answer_and_resolve(desktop, diagnosis, "算，按关键工序数。")
    phone.goto(talk)
    expect(phone.get_by_text("算，按关键工序数。")).to_be_visible()
    phone.get_by_role("link", name="回到这道题").click()
    expect(walk.heading(phone)).to_have_text("关键工序的设备")
    take_all_back(desktop, diagnosis)
    phone.goto("/my-sections")
    expect(phone.get_by_text("现在没有分给您的章节。")).to_be_visible()

    desktop.goto(f"/diagnoses/{diagnosis}/fill/workshop_equipment/{parts_of(flask_app, firm)['冲压车间']}/machines")
    expect(walk.field(desktop, "equipment_count")).to_have_value("120")


def test_without_javascript_somebody_joins_comments_marks_and_resolves(open_browser, flask_app):
    diagnosis = make_diagnosis(flask_app, make_firm(flask_app))
    make_invitation(flask_app, diagnosis, "without-javascript")
    plain = open_browser(**DESKTOP, java_script_enabled=False)

    plain.goto("/join/without-javascript")
    plain.get_by_label("手机号或邮箱").fill("139 0000 0008")
    plain.get_by_label("自己设的密码").fill(PASSWORD_SAID)
    plain.get_by_text("我已阅读并同意").click()
    walk.press(plain, "建立账号，开始填写")
    plain.goto(f"/diagnoses/{diagnosis.id}/fill/data/firm/talk/data.L1.1")
    plain.get_by_label("写留言").fill("没有脚本也行")
    walk.press(plain, "发表")
    walk.press(plain, "标为待再看")
    walk.press(plain, "标为已解决")

    expect(plain.get_by_text("没有脚本也行")).to_be_visible()
    expect(plain.get_by_text("● 已解决")).to_be_visible()
    expect(plain.get_by_text("◆ 待再看")).to_be_visible()
