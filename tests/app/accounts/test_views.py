"""Signing in and out, ended sessions, languages and accounts, through the pages."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.access import Role
from app.accounts.frame import NAVIGATION
from app.accounts.models import User
from app.accounts.views import START_PAGES
from app.extensions import db
from tests.factories import PASSWORD, make_firm, make_user, sign_in

OWN = {"Sec-Fetch-Site": "same-origin"}


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page)
    assert found, f"no field {name}"
    return unescape(found[1])


def _sign_in_by_page(client: FlaskClient, email: str, password: str = PASSWORD, **more: str) -> str:
    """Sign in as a browser does: load the page, post its token."""
    token = _hidden(client.get("/sign-in").text, "csrf_token")
    data = {"email": email, "password": password, "csrf_token": token, **more}
    return client.post("/sign-in", data=data, headers=OWN).text


def _factories(flask_app: Flask, firm_id: object) -> list[str]:
    with flask_app.app_context():
        rows = db.session.execute(db.text("select name from factory where firm_id = :id"), {"id": firm_id.hex})
        return [name for (name,) in rows]


# --- signing in and out --------------------------------------------------------------------------------------------


def test_the_right_password_leads_to_the_start_page_of_the_role(flask_app: Flask, client: FlaskClient) -> None:
    user = make_user(flask_app, Role.ADMINISTRATOR)
    _sign_in_by_page(client, user.email)

    assert client.get("/").location == "/accounts"


def test_a_wrong_password_is_answered_on_the_same_page_with_the_address_kept(
    flask_app: Flask, client: FlaskClient
) -> None:
    user = make_user(flask_app, Role.ADMINISTRATOR)
    token = _hidden(client.get("/sign-in").text, "csrf_token")
    answer = client.post("/sign-in", data={"email": user.email, "password": "wrong", "csrf_token": token})

    assert answer.status_code == 422
    assert "账号或密码不对" in answer.text
    assert f'value="{user.email}"' in answer.text
    assert "wrong" not in answer.text


def test_the_session_is_a_new_one_after_sign_in(flask_app: Flask, client: FlaskClient) -> None:
    user = make_user(flask_app, Role.ADMINISTRATOR)
    client.get("/sign-in")
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
        before = session["csrf_token"]
    _sign_in_by_page(client, user.email)
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != before
        assert session.permanent is True


def test_after_ten_failures_in_a_minute_the_account_must_wait(flask_app: Flask, client: FlaskClient) -> None:
    user = make_user(flask_app, Role.ADMINISTRATOR)
    for _attempt in range(10):
        assert "账号或密码不对" in _sign_in_by_page(client, user.email, "wrong")

    assert "尝试次数太多。请等一分钟再试。" in _sign_in_by_page(client, user.email)


def test_failures_for_one_account_count_from_all_addresses_together(flask_app: Flask, client: FlaskClient) -> None:
    user = make_user(flask_app, Role.ADMINISTRATOR)
    token = _hidden(client.get("/sign-in").text, "csrf_token")
    data = {"email": user.email, "password": "wrong", "csrf_token": token}
    answers = [
        client.post("/sign-in", data=data, environ_base={"REMOTE_ADDR": f"127.0.0.{number}"}).status_code
        for number in range(1, 12)
    ]

    assert answers == [422] * 10 + [429]


def test_blanks_in_a_phone_number_give_nobody_more_attempts(flask_app: Flask, client: FlaskClient) -> None:
    make_user(flask_app, Role.COLLEAGUE, email="13800000001")
    token = _hidden(client.get("/sign-in").text, "csrf_token")
    answers = [
        client.post(
            "/sign-in",
            data={"email": f"138{' ' * number}00000001", "password": "wrong", "csrf_token": token},
            environ_base={"REMOTE_ADDR": f"127.0.0.{number + 1}"},
        ).status_code
        for number in range(11)
    ]

    assert answers == [422] * 10 + [429]


def test_failures_from_one_address_count_for_every_account_together(flask_app: Flask, client: FlaskClient) -> None:
    user = make_user(flask_app, Role.ADMINISTRATOR)
    for attempt in range(10):
        _sign_in_by_page(client, f"guess{attempt}@example.com", "wrong")

    assert "尝试次数太多" in _sign_in_by_page(client, user.email)


def test_success_is_never_counted_as_an_attempt(flask_app: Flask, client: FlaskClient) -> None:
    user = make_user(flask_app, Role.ADMINISTRATOR)
    for _time in range(12):
        _sign_in_by_page(client, user.email)
        sign_in(client, user)
        client.post("/sign-out")

    assert "尝试次数太多" not in _sign_in_by_page(client, user.email)


def test_signing_out_needs_a_post_and_ends_the_session(flask_app: Flask, client: FlaskClient) -> None:
    sign_in(client, make_user(flask_app, Role.ADMINISTRATOR))

    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").status_code == 302
    assert client.get("/accounts").location.startswith("/sign-in")


def test_who_wanted_a_page_gets_there_after_sign_in(flask_app: Flask, client: FlaskClient) -> None:
    user = make_user(flask_app, Role.ADMINISTRATOR)
    asked = client.get("/accounts/new").location
    form = client.get(asked).text
    data = {
        "email": user.email,
        "password": PASSWORD,
        "next": _hidden(form, "next"),
        "csrf_token": _hidden(form, "csrf_token"),
    }

    assert client.post("/sign-in", data=data).location == "/accounts/new"


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1", "/x"])
def test_sign_in_never_leads_to_another_site(flask_app: Flask, client: FlaskClient, there: str) -> None:
    user = make_user(flask_app, Role.ADMINISTRATOR)
    token = _hidden(client.get("/sign-in").text, "csrf_token")
    data = {"email": user.email, "password": PASSWORD, "next": there, "csrf_token": token}

    assert client.post("/sign-in", data=data).location == "/"


def test_a_changed_password_ends_every_other_session(flask_app: Flask, client: FlaskClient) -> None:
    user = make_user(flask_app, Role.ADMINISTRATOR)
    elsewhere = flask_app.test_client()
    for browser in (client, elsewhere):
        sign_in(browser, user)
    client.post("/password", data={"old": PASSWORD, "new": "another-long-password"})

    assert client.get("/accounts").status_code == 200
    assert elsewhere.get("/accounts").status_code == 302


def test_a_closed_account_is_out_at_once(flask_app: Flask, client: FlaskClient) -> None:
    administrator, other = make_user(flask_app, Role.ADMINISTRATOR), make_user(flask_app, Role.AUTHOR)
    elsewhere = flask_app.test_client()
    sign_in(client, administrator)
    sign_in(elsewhere, other)
    client.post(f"/accounts/{other.id}/active", data={"active": "no"})

    assert elsewhere.get("/content").location.startswith("/sign-in")


def test_a_one_time_password_must_be_changed_before_anything_else(flask_app: Flask, client: FlaskClient) -> None:
    sign_in(client, make_user(flask_app, Role.ADMINISTRATOR, must_change_password=True))

    assert client.get("/accounts").location == "/password"
    assert client.post("/accounts/new", data={}).location == "/password"
    client.post("/password", data={"old": PASSWORD, "new": "another-long-password"})
    assert client.get("/accounts").status_code == 200


# --- a session that has ended --------------------------------------------------------------------------------------


def test_what_was_typed_when_the_session_ended_is_saved_after_signing_in(flask_app: Flask, client: FlaskClient) -> None:
    user = make_user(flask_app)
    address = f"/firms/{user.firm_id}/factories"
    ended = client.post(address, data={"name": "东<b>厂</b>", "csrf_token": "stale"}, headers=OWN)
    again = _sign_in_by_page(client, user.email, kept=_hidden(ended.text, "kept"))
    saved = client.post(address, data={"name": _hidden(again, "name"), "csrf_token": _hidden(again, "csrf_token")})

    assert ended.status_code == 401
    assert "您刚才填写的内容还在" in ended.text
    assert "<b>" not in again.split("<main")[1]
    assert f'action="{address}"' in again
    assert saved.status_code == 302
    assert _factories(flask_app, user.firm_id) == ["东<b>厂</b>"]


def test_a_mistyped_password_does_not_lose_what_was_typed(flask_app: Flask, client: FlaskClient) -> None:
    user = make_user(flask_app)
    ended = client.post(f"/firms/{user.firm_id}/factories", data={"name": "东厂"}, headers=OWN)
    wrong = _sign_in_by_page(client, user.email, "wrong", kept=_hidden(ended.text, "kept"))
    again = _sign_in_by_page(client, user.email, kept=_hidden(wrong, "kept"))

    assert "您刚才填写的内容还在" in wrong
    assert _hidden(again, "name") == "东厂"


def test_a_page_older_than_the_session_can_be_sent_again_with_one_press(flask_app: Flask, client: FlaskClient) -> None:
    user = make_user(flask_app)
    sign_in(client, user)
    client.sends_token = False
    address = f"/firms/{user.firm_id}/factories"
    answer = client.post(address, data={"name": "东厂", "csrf_token": "stale"}, headers=OWN)

    assert answer.status_code == 409
    assert _hidden(answer.text, "name") == "东厂"
    assert _factories(flask_app, user.firm_id) == []
    client.post(address, data={"name": "东厂", "csrf_token": _hidden(answer.text, "csrf_token")})
    assert _factories(flask_app, user.firm_id) == ["东厂"]


@pytest.mark.parametrize("signed_in", [True, False])
def test_a_forged_post_of_another_site_is_neither_done_nor_carried(
    flask_app: Flask, client: FlaskClient, signed_in: bool
) -> None:
    user = make_user(flask_app)
    if signed_in:
        sign_in(client, user)
    client.sends_token = False
    forged = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    answer = client.post(f"/firms/{user.firm_id}/factories", data={"name": "forged"}, headers=forged)

    assert answer.status_code == (400 if signed_in else 401)
    assert "forged" not in answer.text
    assert "您刚才填写的内容还在" not in answer.text
    assert _factories(flask_app, user.firm_id) == []


def test_a_hostile_parcel_leads_to_the_start_page(flask_app: Flask, client: FlaskClient) -> None:
    user = make_user(flask_app, Role.ADMINISTRATOR)
    answer = _sign_in_by_page(client, user.email, kept="WyIvL2V2aWwuZXhhbXBsZSIsW11d.forged")

    assert "evil" not in answer
    assert 'href="/"' in answer


def test_what_could_not_be_carried_is_said_plainly(flask_app: Flask, client: FlaskClient) -> None:
    answer = client.post(f"/firms/{make_firm(flask_app).id}/factories", data={"name": "字" * 200_000}, headers=OWN)

    assert "没能带过来。请用浏览器的“后退”取回" in answer.text


# --- languages, navigation -----------------------------------------------------------------------------------------


def test_a_language_once_chosen_stays_after_signing_in_elsewhere(flask_app: Flask, client: FlaskClient) -> None:
    user = make_user(flask_app, Role.ADMINISTRATOR)
    sign_in(client, user)
    client.post("/language/en", headers={"Referer": "http://localhost/accounts/new"})
    elsewhere = flask_app.test_client()
    sign_in(elsewhere, user)

    assert '<html lang="en">' in elsewhere.get("/accounts").text


def test_choosing_a_language_leads_back_to_the_page_it_was_chosen_on(flask_app: Flask, client: FlaskClient) -> None:
    sign_in(client, make_user(flask_app, Role.ADMINISTRATOR))
    own = client.post("/language/en", headers={"Referer": "http://localhost/accounts/new?x=1"})
    foreign = client.post("/language/en", headers={"Referer": "https://evil.example/accounts/new"})

    assert own.location == "/accounts/new?x=1"
    assert foreign.location == "/"


def test_an_unknown_language_is_not_found(flask_app: Flask, client: FlaskClient) -> None:
    sign_in(client, make_user(flask_app, Role.ADMINISTRATOR))

    assert client.post("/language/xx").status_code == 404


def test_every_page_named_in_head_and_start_exists(flask_app: Flask) -> None:
    named = {*START_PAGES.values(), *(endpoint for endpoint, _permission, _words in NAVIGATION)}

    assert named <= set(flask_app.view_functions)
    assert set(START_PAGES) == set(Role)


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_start_page_it_may_see(flask_app: Flask, client: FlaskClient, role: Role) -> None:
    sign_in(client, make_user(flask_app, role))

    assert client.get("/", follow_redirects=True).status_code == 200


# --- accounts by the administrator ---------------------------------------------------------------------------------


def test_the_administrator_makes_an_account_and_sees_its_password_once(flask_app: Flask, client: FlaskClient) -> None:
    sign_in(client, make_user(flask_app, Role.ADMINISTRATOR))
    data = {"email": "zhou@example.com", "name": "周工", "role": "district_officer", "district": "500151"}
    page = client.post("/accounts/new", data=data).text
    password = re.search(r'<code class="secret">([^<]+)</code>', page)[1]

    assert password not in client.get("/accounts").text
    newcomer = flask_app.test_client()
    _sign_in_by_page(newcomer, "zhou@example.com", password)
    assert newcomer.get("/").location == "/password"


def test_mistakes_in_a_new_account_are_named_beside_the_field(flask_app: Flask, client: FlaskClient) -> None:
    sign_in(client, make_user(flask_app, Role.ADMINISTRATOR))
    answer = client.post("/accounts/new", data={"email": "zhou", "name": "周工", "role": ""})

    assert answer.status_code == 422
    assert '<a href="#email">这不是完整的邮箱地址，应像 name@example.com。</a>' in answer.text
    assert '<a href="#role">请选择角色。</a>' in answer.text
    assert 'value="周工"' in answer.text


def test_a_role_that_the_form_does_not_offer_is_refused(flask_app: Flask, client: FlaskClient) -> None:
    sign_in(client, make_user(flask_app, Role.ADMINISTRATOR))
    answer = client.post("/accounts/new", data={"email": "a@example.com", "name": "甲", "role": "factory_manager"})

    assert answer.status_code == 422
    with flask_app.app_context():
        assert db.session.scalar(select(User).where(User.email == "a@example.com")) is None


def test_a_new_password_replaces_the_old_one(flask_app: Flask, client: FlaskClient) -> None:
    other = make_user(flask_app, Role.AUTHOR)
    sign_in(client, make_user(flask_app, Role.ADMINISTRATOR))
    page = client.post(f"/accounts/{other.id}/password").text

    assert re.search(r'<code class="secret">[a-z2-9]{4}(-[a-z2-9]{4}){3}</code>', page)
    assert "账号或密码不对" in _sign_in_by_page(flask_app.test_client(), other.email)


def test_an_author_sees_every_file_its_basis_and_that_it_has_no_fault(flask_app: Flask, client: FlaskClient) -> None:
    sign_in(client, make_user(flask_app, Role.AUTHOR))
    page = client.get("/content").text

    assert "auto_parts-2026.1" in page
    for criteria in ("gbt_39117_2020_discrete", "cq_digital_workshop", "cq_smart_factory", "sme_digital_2024"):
        assert criteria in page
    assert "全部通过检查" in page
