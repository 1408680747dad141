"""Inviting, joining and sharing through the pages: what is shown, kept when something is wrong, and refused."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from sqlalchemy import select

from app.access import Role
from app.accounts.models import User
from app.audit import verify
from app.colleagues import invitations
from app.colleagues.models import Invitation
from app.diagnosis.models import SharedSection, Stage
from app.extensions import db
from tests.factories import (
    NOW,
    PASSWORD,
    make_colleague,
    make_diagnosis,
    make_firm,
    make_invitation,
    make_user,
    parts_of,
    sign_in,
)

OWN_PASSWORD = "three old presses in a row"
DATA, ENERGY = ("data", "firm"), ("energy", "firm")
HOSTILE = "<script>alert(1)</script>"
OWN = {"Sec-Fetch-Site": "same-origin"}
JOINING = {"name": "李工", "login": "138 0000 0001", "password": OWN_PASSWORD, "agreed": "y"}


def token_on(page: str) -> str:
    return unescape(re.search(r'name="csrf_token" value="([^"]+)"', page)[1])


def join(client, token="token", **typed):
    """Open the link and post its form as a browser does."""
    page = client.get(f"/join/{token}").text
    return client.post(f"/join/{token}", data={**JOINING, **typed, "csrf_token": token_on(page)}, headers=OWN)


def ticked(page: str) -> set[str]:
    return set(re.findall(r'name="place" value="([^"]+)" checked', page))


# --- inviting -------------------------------------------------------------------------------------------------------


def test_a_manager_gets_a_link_to_send_and_a_code_to_scan(flask_app, browser_of, manager, diagnosis, firm):
    workshop = parts_of(flask_app, firm)["冲压车间"]
    places = ["data/firm", f"workshop_equipment/{workshop}"]
    page = browser_of(manager).post(
        f"/diagnoses/{diagnosis.id}/colleagues/invite", data={"name": "李工", "place": places}
    )
    link = re.search(r"http://localhost/join/[\w-]{43}", page.text)[0]

    assert page.status_code == 200
    assert "王厂长 请您填写“示例山城零部件厂”智能制造诊断中的 2 节" in page.text
    assert 'class="qr"' in page.text
    assert "只显示这一次" in page.text
    assert flask_app.test_client().get(link).status_code == 200


def test_the_choices_stand_under_their_headings_with_who_has_them(flask_app, browser_of, manager, diagnosis, firm):
    make_colleague(flask_app, diagnosis, DATA, name="李工")
    page = browser_of(manager).get(f"/diagnoses/{diagnosis.id}/colleagues/invite").text
    legends = re.findall(r"<legend>([^<]+)</legend>", page)

    assert "冲压车间（一工厂）" in legends
    assert "焊装车间（一工厂）" in legends
    assert "一工厂" in legends
    assert page.count("已分给：李工") == 1
    assert len(set(re.findall(r'name="place" value="([^"]+)"', page))) == page.count('name="place"')


def test_what_was_typed_and_ticked_stays_when_something_is_missing(browser_of, manager, diagnosis):
    page = browser_of(manager).post(
        f"/diagnoses/{diagnosis.id}/colleagues/invite", data={"name": "", "place": ["data/firm", "energy/firm"]}
    )

    assert page.status_code == 422
    assert "请填写姓名。" in page.text
    assert ticked(page.text) == {"data/firm", "energy/firm"}


def test_a_name_with_markup_is_shown_as_it_was_typed(browser_of, manager, diagnosis):
    browser = browser_of(manager)
    made = browser.post(
        f"/diagnoses/{diagnosis.id}/colleagues/invite", data={"name": HOSTILE, "place": "data/firm"}
    ).text
    listed = browser.get(f"/diagnoses/{diagnosis.id}/colleagues").text

    for page in (made, listed):
        assert HOSTILE not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_waiting_invitations_are_listed_renewed_and_taken_back(flask_app, browser_of, manager, diagnosis):
    waiting = make_invitation(flask_app, diagnosis, "waiting", name="李工")
    make_invitation(flask_app, diagnosis, "late", name="王工", expires_at=NOW)
    make_invitation(flask_app, diagnosis, "used", name="赵工", used_at=NOW)
    browser, base = browser_of(manager), f"/diagnoses/{diagnosis.id}/colleagues"
    page = browser.get(base).text
    renewed = browser.post(f"{base}/invitations/{waiting.id}/renew").text
    gone = browser.post(f"{base}/invitations/{waiting.id}/withdraw", follow_redirects=True).text

    assert page.count("链接可用到") == 1
    assert page.count("链接已过期") == 1
    assert "赵工" not in page
    assert re.search(r"http://localhost/join/[\w-]{43}", renewed)
    assert "邀请已收回，链接不能再用。" in gone
    assert "李工" not in gone


# --- joining --------------------------------------------------------------------------------------------------------


def test_the_link_says_who_asks_for_what_and_what_is_kept_about_the_person(flask_app, client, diagnosis, manager):
    make_invitation(flask_app, diagnosis, "token", invited_by=manager.id)
    page = client.get("/join/token").text

    assert "王厂长 请您一起填写" in page
    assert "示例山城零部件厂" in page
    assert "数据" in page
    assert 'value="设备科 李工"' in page
    for heading in ("保存什么", "用来做什么", "谁能看到", "保存在哪里", "您的权利"):
        assert f"<dt>{heading}</dt>" in page


def test_looking_at_a_link_never_uses_it_up(flask_app, client, diagnosis):
    make_invitation(flask_app, diagnosis, "token")
    for _time in range(3):  # as a messenger does that draws a preview
        assert client.get("/join/token").status_code == 200
    with flask_app.app_context():
        assert db.session.scalars(select(Invitation)).one().used_at is None


def test_joining_signs_in_and_shows_the_sections(flask_app, client, diagnosis):
    make_invitation(flask_app, diagnosis, "token")
    answer = join(client)
    page = client.get(answer.location).text

    assert answer.location == "/my-sections"
    assert "欢迎，李工。下次用“13800000001”和刚才设的密码登录。" in page
    assert f"/diagnoses/{diagnosis.id}/fill/data/firm/levels_1_2" in page
    assert "李工</a>" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": " "}, "请填写姓名。"),
        ({"login": "12345"}, "这不是完整的手机号或邮箱地址"),
        ({"login": "li@factory"}, "这不是完整的手机号或邮箱地址"),
        ({"password": "short"}, "密码至少 12 个字符，现在是 5 个"),
        ({"agreed": ""}, "请先阅读说明，并勾选同意"),
        ({"name": "李" * 61}, "姓名最多 60 个字"),
    ],
)
def test_a_fault_keeps_what_was_typed_apart_from_the_password(flask_app, client, diagnosis, typed, said):
    make_invitation(flask_app, diagnosis, "token")
    answer = join(client, **typed)

    assert answer.status_code == 422
    assert said in answer.text
    assert OWN_PASSWORD not in answer.text
    if "login" not in typed:
        assert 'value="138 0000 0001"' in answer.text
    with flask_app.app_context():
        assert db.session.scalar(select(User).where(User.role == Role.COLLEAGUE)) is None


def test_who_joins_in_english_is_kept_as_a_reader_of_english(flask_app, client, diagnosis):
    make_invitation(flask_app, diagnosis, "token")
    with client.session_transaction() as session:
        session["language"] = "en"
    join(client)

    with flask_app.app_context():
        assert db.session.scalars(select(User.language).where(User.role == Role.COLLEAGUE)).one() == "en"


def test_an_e_mail_address_is_as_good_as_a_phone_number(flask_app, client, diagnosis):
    make_invitation(flask_app, diagnosis, "token")
    join(client, login=" Li.Gong@Example.com ")

    with flask_app.app_context():
        assert db.session.scalars(select(User).where(User.role == Role.COLLEAGUE)).one().email == "li.gong@example.com"


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ({"withdrawn_at": NOW}, 410, "这个邀请已被收回。如有疑问，请联系邀请您的人。"),
        ({"expires_at": NOW}, 410, "现在已过期。请向邀请您的人要一个新链接。"),
        ({"used_at": NOW}, 410, "每个链接只能用一次。如果是您用的，请直接登录"),
    ],
)
def test_a_dead_link_shows_a_sentence_whether_opened_or_posted(flask_app, client, diagnosis, given, status, said):
    make_invitation(flask_app, diagnosis, "token", **given)
    page = client.get("/sign-in").text
    posted = client.post("/join/token", data={**JOINING, "csrf_token": token_on(page)})

    for answer in (client.get("/join/token"), posted):
        assert answer.status_code == status
        assert said in answer.text


def test_an_unknown_link_is_not_found_and_guessing_must_wait(client):
    answers = [client.get(f"/join/guess{number}") for number in range(11)]

    assert [answer.status_code for answer in answers] == [404] * 10 + [429]
    assert "这个链接不对，或已换成新的。" in answers[0].text
    assert "尝试次数太多。请等一分钟再试。" in answers[10].text


def test_trying_numbers_to_find_out_who_has_an_account_must_wait(flask_app, client, diagnosis):
    make_user(flask_app, Role.CONSULTANT, email="13800000001")
    make_invitation(flask_app, diagnosis, "token")
    statuses = [join(client).status_code for _time in range(10)]

    assert statuses == [422] * 10
    assert client.get("/join/token").status_code == 429


def test_the_second_of_two_who_opened_one_link_is_told_so(flask_app, diagnosis):
    make_invitation(flask_app, diagnosis, "token")
    first, second = flask_app.test_client(), flask_app.test_client()
    pages = [browser.get("/join/token").text for browser in (first, second)]
    answers = [
        browser.post("/join/token", data={**JOINING, "login": login, "csrf_token": token_on(page)}, headers=OWN)
        for browser, login, page in ((first, "13800000001", pages[0]), (second, "13800000002", pages[1]))
    ]

    assert [answer.status_code for answer in answers] == [302, 410]
    assert "这个链接已经用过了" in answers[1].text


def test_a_page_that_was_open_too_long_keeps_what_was_typed_and_no_password_travels(flask_app, client, diagnosis):
    make_invitation(flask_app, diagnosis, "token")
    client.get("/join/token")
    client.delete_cookie("session")
    answer = client.post("/join/token", data={**JOINING, "csrf_token": "old"}, headers=OWN)

    assert answer.status_code == 400
    assert "这一页打开得太久，刚才没有提交成功" in answer.text
    assert 'value="138 0000 0001"' in answer.text
    assert OWN_PASSWORD not in answer.text
    assert "kept" not in answer.text


def test_a_dead_link_that_was_open_too_long_still_says_why(flask_app, client, diagnosis):
    make_invitation(flask_app, diagnosis, "token", used_at=NOW)
    answer = client.post("/join/token", data=JOINING, headers=OWN)

    assert answer.status_code == 410
    assert "这个链接已经用过了" in answer.text


def test_who_has_an_account_signs_in_and_comes_back_to_the_link(flask_app, client, diagnosis):
    colleague = make_colleague(flask_app, diagnosis, ENERGY, name="李工")
    make_invitation(flask_app, diagnosis, "token")
    ask = unescape(re.search(r'href="(/sign-in\?next=[^"]+)"', client.get("/join/token").text)[1])
    form = client.get(ask).text
    there = unescape(re.search(r'name="next"[^>]* value="([^"]+)"', form)[1])
    data = {"email": colleague.email, "password": PASSWORD, "next": there, "csrf_token": token_on(form)}
    back = client.post("/sign-in", data=data, headers=OWN).location
    page = client.get(back).text
    answer = client.post(back, data={"csrf_token": token_on(page)}, headers=OWN)

    assert back == "/join/token"
    assert "您已登录为 李工。" in page
    assert "新的章节已加到您的账号。" in client.get(answer.location).text
    with flask_app.app_context():
        assert {row.section_id for row in db.session.scalars(select(SharedSection))} == {"data", "energy"}


def test_who_is_signed_in_for_another_firm_is_told_to_sign_out(flask_app, browser_of, diagnosis):
    stranger = make_colleague(flask_app, make_diagnosis(flask_app, make_firm(flask_app)))
    make_invitation(flask_app, diagnosis, "token")
    browser = browser_of(stranger)

    for answer in (browser.get("/join/token"), browser.post("/join/token")):
        assert "不属于发出邀请的企业。请先退出" in answer.text
    with flask_app.app_context():
        assert db.session.scalar(select(SharedSection)) is None


def test_a_closed_account_neither_signs_in_nor_sees_its_sections(flask_app, client, browser_of, diagnosis):
    colleague = make_colleague(flask_app, diagnosis, DATA)
    browser = browser_of(colleague)
    before = browser.get("/my-sections").status_code
    with flask_app.app_context():
        db.session.execute(db.text("update user set active = 0 where role = 'colleague'"))
        db.session.info["recorded"] = True
        db.session.commit()
    after = browser.get(f"/diagnoses/{diagnosis.id}/fill/data/firm/levels_1_2")
    form = client.get("/sign-in").text
    data = {"email": colleague.email, "password": PASSWORD, "csrf_token": token_on(form)}

    assert before == 200
    assert after.location.startswith("/sign-in?next=")
    assert "账号或密码不对" in client.post("/sign-in", data=data, headers=OWN).text


# --- who has which sections -------------------------------------------------------------------------------------------


def test_the_list_shows_who_has_which_sections_how_far_they_are_and_when_somebody_was_active(
    flask_app, browser_of, manager, diagnosis
):
    busy = make_colleague(flask_app, diagnosis, DATA, name="李工")
    make_colleague(flask_app, diagnosis, name="赵工")
    browser_of(busy).post(
        f"/diagnoses/{diagnosis.id}/fill/data/firm/levels_1_2", data={"revision": "0", "data.L1.1": "full"}
    )
    page = browser_of(manager).get(f"/diagnoses/{diagnosis.id}/colleagues").text
    card = page[page.index("李工") : page.index("现在没有章节的协作人")]

    assert re.search(r"已答 1 / \d+ 题", card)
    assert "◐ 进行中 1 /" in card
    assert re.search(r"最近活动 \d{4}-\d\d-\d\d \d\d:\d\d", card)
    assert "赵工" in page[page.index("现在没有章节的协作人") :]


def test_sections_are_given_and_taken_back_on_the_page_of_a_colleague(flask_app, browser_of, manager, diagnosis):
    colleague = make_colleague(flask_app, diagnosis, DATA, name="李工")
    browser, address = browser_of(manager), f"/diagnoses/{diagnosis.id}/colleagues/{colleague.id}"
    before = browser.get(address).text
    answer = browser.post(address, data={"had": "data/firm", "place": "energy/firm"}, follow_redirects=True).text

    assert ticked(before) == {"data/firm"}
    assert "李工 的章节已保存。已填的回答和留言都保留。" in answer
    assert ticked(browser.get(address).text) == {"energy/firm"}


def test_answers_stay_when_a_section_is_taken_back(flask_app, browser_of, manager, diagnosis):
    colleague = make_colleague(flask_app, diagnosis, DATA)
    page = f"/diagnoses/{diagnosis.id}/fill/data/firm/levels_1_2"
    browser_of(colleague).post(page, data={"revision": "0", "data.L1.1": "full"})
    browser = browser_of(manager)
    browser.post(f"/diagnoses/{diagnosis.id}/colleagues/{colleague.id}", data={"had": "data/firm"})

    assert browser_of(colleague).get(page).status_code == 404
    assert 'name="data.L1.1" value="full" checked' in browser.get(page).text


def test_all_sections_are_handed_to_another_colleague(flask_app, browser_of, manager, diagnosis):
    one, other = (
        make_colleague(flask_app, diagnosis, DATA, name="李工"),
        make_colleague(flask_app, diagnosis, name="赵工"),
    )
    browser, address = browser_of(manager), f"/diagnoses/{diagnosis.id}/colleagues/{one.id}"
    wrong = browser.post(f"{address}/hand-over", data={"to": ""})
    done = browser.post(f"{address}/hand-over", data={"to": str(other.id)}, follow_redirects=True).text

    assert (wrong.status_code, "请选择另一位协作人。" in wrong.text) == (422, True)
    assert "1 节已从 李工 转给 赵工。" in done
    assert ticked(browser.get(f"/diagnoses/{diagnosis.id}/colleagues/{other.id}").text) == {"data/firm"}


def test_a_colleague_of_another_firm_has_no_page(flask_app, browser_of, manager, diagnosis):
    stranger = make_colleague(flask_app, make_diagnosis(flask_app, make_firm(flask_app)))
    address = f"/diagnoses/{diagnosis.id}/colleagues/{stranger.id}"

    assert browser_of(manager).get(address).status_code == 404
    assert browser_of(manager).post(f"{address}/hand-over", data={"to": str(stranger.id)}).status_code == 404


def test_the_overview_names_who_has_a_section_to_the_manager_and_not_to_an_officer(
    flask_app, browser_of, manager, diagnosis
):
    make_colleague(flask_app, diagnosis, DATA, name="李工")
    make_colleague(flask_app, diagnosis, DATA, name="赵工")
    officer = make_user(flask_app, Role.COMMISSION)
    address = f"/diagnoses/{diagnosis.id}"

    assert "分给：李工、赵工" in browser_of(manager).get(address).text
    assert "李工" not in browser_of(officer).get(address).text


def test_the_page_of_the_firm_lists_no_colleagues(flask_app, browser_of, firm, diagnosis):
    make_colleague(flask_app, diagnosis, name="李工")

    assert "李工" not in browser_of(make_user(flask_app, Role.COMMISSION)).get(f"/firms/{firm.id}").text


# --- where a colleague begins -----------------------------------------------------------------------------------------


def test_a_colleague_begins_at_his_sections_with_the_way_on(flask_app, browser_of, diagnosis, firm):
    workshop = parts_of(flask_app, firm)["冲压车间"]
    browser = browser_of(make_colleague(flask_app, diagnosis, DATA, ("workshop_equipment", workshop)))
    page = browser.get(browser.get("/").location).text
    machines = f"/diagnoses/{diagnosis.id}/fill/workshop_equipment/{workshop}/machines"

    assert "示例山城零部件厂" in page
    assert f'class="button" href="{machines}"' in page
    assert "冲压车间（一工厂）" in page
    assert "焊装车间" not in page
    assert page.count('class="list__row"') == 2


def test_without_a_section_the_start_page_says_what_will_happen(flask_app, browser_of, diagnosis):
    page = browser_of(make_colleague(flask_app, diagnosis)).get("/my-sections").text

    assert "现在没有分给您的章节。" in page


def test_after_the_submission_the_start_page_says_that_nothing_can_be_changed(flask_app, browser_of, firm):
    submitted = make_diagnosis(flask_app, firm, stage=Stage.SUBMITTED)
    page = browser_of(make_colleague(flask_app, submitted, DATA)).get("/my-sections").text

    assert "这次诊断已经提交，现在不能修改；您的回答都还在。" in page
    assert f"/diagnoses/{submitted.id}/answers#data.firm" in page


def test_a_section_that_the_answers_take_off_the_path_is_said_to_be_not_asked(flask_app, browser_of, firm):
    diagnosis = make_diagnosis(flask_app, firm, {"traditional_maker": False})
    page = browser_of(make_colleague(flask_app, diagnosis, ("conversion", "firm"), DATA)).get("/my-sections").text

    assert page.count("现在不用填") == 1


def test_every_link_is_valid_for_as_long_as_the_page_says(flask_app, browser_of, manager, diagnosis):
    page = browser_of(manager).get(f"/diagnoses/{diagnosis.id}/colleagues/invite").text
    browser_of(manager).post(
        f"/diagnoses/{diagnosis.id}/colleagues/invite", data={"name": "李工", "place": "data/firm"}
    )
    with flask_app.app_context():
        ends = db.session.scalars(select(Invitation.expires_at)).one().replace(tzinfo=UTC)

    assert "链接 7 天内有效" in page
    assert invitations.INVITATION_DAYS == 7
    assert abs(ends - datetime.now(UTC) - timedelta(days=7)) < timedelta(minutes=1)


def test_a_person_who_must_choose_a_password_first_is_not_lost(flask_app, client, diagnosis):
    colleague = make_colleague(flask_app, diagnosis, DATA, must_change_password=True)
    sign_in(client, colleague)

    assert client.get("/my-sections").location == "/password"


# --- what is kept about a colleague -----------------------------------------------------------------------------------


def test_a_colleague_sees_what_is_kept_about_him_and_corrects_his_name(flask_app, browser_of, diagnosis):
    colleague = make_colleague(flask_app, diagnosis, DATA, name="李公", email="13800000001")
    browser = browser_of(colleague)
    browser.post(f"/diagnoses/{diagnosis.id}/fill/data/firm/levels_1_2", data={"revision": "0", "data.L1.1": "full"})
    page = browser.get("/my-sections/me").text
    refused = browser.post("/my-sections/me", data={"name": "李" * 61})
    corrected = browser.post("/my-sections/me", data={"name": "李工"}, follow_redirects=True).text

    assert "<dd>13800000001</dd>" in page
    assert [int(count) for count in re.findall(r'<dd class="number">(\d+)</dd>', page)] == [1, 1, 0]
    assert (refused.status_code, "姓名最多 60 个字" in refused.text, "李" * 61 in refused.text) == (422, True, True)
    assert "姓名已更正。" in corrected
    assert "李工</a>" in corrected


def test_who_leaves_is_forgotten_and_what_he_said_stays_with_the_firm(flask_app, browser_of, manager, diagnosis):
    make_invitation(flask_app, diagnosis, "token", name="设备科 李工")
    browser = flask_app.test_client()
    join(browser)
    page, talk = (f"/diagnoses/{diagnosis.id}/fill/data/firm/{place}" for place in ("levels_1_2", "talk/data.L1.1"))
    for address, data in ((page, {"revision": "0", "data.L1.1": "full"}), (talk, {"words": "一句话", "seen": "0"})):
        browser.post(address, data={**data, "csrf_token": token_on(browser.get("/my-sections").text)}, headers=OWN)
    form = {"csrf_token": token_on(browser.get("/my-sections/me").text)}
    unsure = browser.post("/my-sections/me/leave", data=form, headers=OWN)
    gone = browser.post("/my-sections/me/leave", data={**form, "sure": "yes"}, headers=OWN)

    assert (unsure.status_code, "请先勾选“我确定”，再停用账号。" in unsure.text) == (422, True)
    assert "您的账号已停用，姓名和登录名已删除。" in browser.get(gone.location).text
    assert browser.get("/my-sections").status_code == 302
    shown = browser_of(manager).get(talk).text
    assert "一句话" in shown
    assert 'value="full" checked' in browser_of(manager).get(page).text
    with flask_app.app_context():
        tables = [db.text(f"select * from {name}") for name in ("user", "invitation", "audit_event", "shared_section")]
        everything = repr([db.session.execute(table).all() for table in tables])
        assert "李工" not in everything
        assert "13800000001" not in everything
        assert db.session.scalar(select(SharedSection)) is None
        assert list(verify()) == []


def test_a_reader_of_english_leaves_in_english(flask_app, browser_of, diagnosis):
    browser = browser_of(make_colleague(flask_app, diagnosis, DATA, language="en"))
    unsure = browser.post("/my-sections/me/leave").text
    gone = browser.get(browser.post("/my-sections/me/leave", data={"sure": "yes"}).location).text

    assert "Tick “I am sure” before you close the account." in unsure
    assert "Your account is closed; your name and what you signed in with are deleted." in gone
    assert "E-mail or phone number" in gone


def test_the_sections_of_a_closed_account_are_shown_to_be_handed_on(flask_app, browser_of, manager, diagnosis):
    make_colleague(flask_app, diagnosis, DATA, name="李工", active=False)
    make_colleague(flask_app, diagnosis, name="赵工", active=False)
    page = browser_of(manager).get(f"/diagnoses/{diagnosis.id}/colleagues").text

    assert "李工 <span" in page
    assert page.count("— 已停用") == 1
    assert "赵工" not in page
