"""What was typed stands in the page of the other language; nothing is checked, nothing saved, no password repeated."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access import Role
from app.accounts.refill import refill
from app.extensions import db
from app.firms.models import Firm
from tests.factories import PASSWORD, make_firm, make_user, sign_in

OWN = {"Sec-Fetch-Site": "same-origin"}
HERE = "/firms/new"


def form(*fields: str) -> str:
    return f'<form id="typed" action="/x">{"".join(fields)}</form>'


@pytest.mark.parametrize(
    ("field", "typed", "filled"),
    [
        ('<input name="a" value="old" maxlength="9">', ["新"], '<input name="a" value="新" maxlength="9">'),
        ('<input name="a">', ['"<b>&'], '<input name="a" value="&quot;&lt;b&gt;&amp;">'),
        ('<input name="a" value="old">', [""], '<input name="a" value="">'),
        ('<input type="hidden" name="a" value="7">', ["3"], '<input type="hidden" name="a" value="3">'),
        ('<input type="radio" name="a" value="x">', ["x"], '<input type="radio" name="a" value="x" checked>'),
        ('<input type="checkbox" name="a" value="x" checked>', [], '<input type="checkbox" name="a" value="x">'),
        ("<textarea name=a>old</textarea>", ["one\ntwo <3"], "<textarea name=a>\none\ntwo &lt;3</textarea>"),
        ("<textarea name=a>old</textarea>", [""], "<textarea name=a>\n</textarea>"),
        ('<select name="a"><option value="1" selected>甲</option><option value="2">乙</option></select>', ["2"],
         '<select name="a"><option value="1">甲</option><option value="2" selected>乙</option></select>'),
        ('<details class="d"><input name="a"></details>', ["x"],
         '<details class="d" open><input name="a" value="x"></details>'),
        ('<details><input name="a"></details>', [" "], '<details><input name="a" value=" "></details>'),
    ],
)  # fmt: skip
def test_a_field_holds_what_was_typed(field, typed, filled):
    assert refill(form(field), "typed", {"a": typed} if typed else {}, HERE) == form(filled)


@pytest.mark.parametrize(
    "field",
    [
        '<input type="password" name="a">',
        '<input type="file" name="a">',
        '<input type="hidden" name="csrf_token" value="t">',
        '<input name="other" value="kept">',
        '<button name="a" value="next">',
    ],
)
def test_passwords_files_tokens_and_what_was_not_sent_stay_as_they_are(field):
    assert refill(form(field), "typed", {"a": ["x"], "csrf_token": ["x"]}, HERE) == form(field)


def test_fields_of_one_name_are_filled_in_their_order():
    fields = '<input name="a"><input name="a">'

    assert refill(form(fields), "typed", {"a": ["1", "2"]}, HERE) == form(
        '<input name="a" value="1"><input name="a" value="2">'
    )


def test_only_the_form_that_was_typed_in_is_filled():
    page = '<form action="/a"><input name="name"></form>\r\n<p title="&amp;">&nbsp;' + (
        '<form action="/b"><input name="name"></form>'
    )

    filled = refill(page, "/b", {"name": ["乙"]}, HERE)

    assert filled == page.replace('"/b"><input name="name"', '"/b"><input name="name" value="乙"')


@pytest.mark.parametrize("named", ["", HERE])
def test_a_form_without_an_address_is_sent_to_its_page_and_not_to_the_one_drawn_again(named):
    page = '<form method="post"><input name="a"></form>'

    filled = refill(page, named, {"a": ["x"]}, HERE)

    assert filled == '<form method="post" action="/firms/new"><input name="a" value="x"></form>'


# --- through the application ------------------------------------------------------------------------------------------


@pytest.fixture
def commission(flask_app: Flask, client: FlaskClient) -> FlaskClient:
    sign_in(client, make_user(flask_app, Role.COMMISSION))
    return client


def switch(client: FlaskClient, code: str, page: str, typed: dict[str, str], into: str = "typed"):
    """Press the button of the other language, and send everything once more where the answer says, as browsers do."""
    sent = client.post(f"/language/{code}", query_string={"from": page, "into": into}, data=typed, headers=OWN)

    assert sent.status_code == 307
    return client.post(sent.location, data=typed, headers=OWN, follow_redirects=True)


def test_a_switched_page_is_the_same_page_with_what_was_typed_and_saves_nothing(flask_app, commission):
    page = switch(commission, "en", "/firms/new", {"name": "甲厂", "uscc": "1", "district": "500118"})

    assert page.status_code == 200
    assert page.request.path == "/firms/new"
    assert '<html lang="en">' in page.text
    assert 'value="甲厂"' in page.text
    assert '<option value="500118" selected>' in page.text
    with flask_app.app_context():
        assert db.session.query(Firm).count() == 0


def test_without_anything_typed_the_page_is_only_asked_for_again(commission):
    answer = commission.post("/language/en?from=/firms/new&into=typed")

    assert (answer.status_code, answer.location) == (302, "/firms/new")


def test_what_was_typed_beside_others_of_the_same_kind_goes_where_it_was_typed(flask_app, client):
    firm = make_firm(flask_app, {"一工厂": (), "二工厂": ()})
    sign_in(client, make_user(flask_app, firm_id=firm.id))
    page = client.get(f"/firms/{firm.id}").text
    first, second = re.findall(r'action="(/firms/factories/[^"]+/workshops)"', page)

    shown = switch(client, "en", f"/firms/{firm.id}", {"name": "焊装"}, second)

    assert shown.text.count('value="焊装"') == 1
    assert shown.text.index(first) < shown.text.index(second) < shown.text.index('value="焊装"')


def test_a_page_drawn_in_answer_to_a_post_is_shown_from_its_own_address(flask_app, client):
    firm = make_firm(flask_app)
    sign_in(client, make_user(flask_app, firm_id=firm.id))
    refused = client.post(f"/firms/{firm.id}/factories", data={"name": ""})

    assert refused.status_code == 422
    assert f"from=%2Ffirms%2F{firm.id}" in refused.text
    assert "factories&" not in refused.text.split("data-language")[1].split(">")[0]


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}])
def test_what_another_site_has_filled_in_is_not_shown(commission, headers):
    answer = commission.post("/firms/new?typed=typed", data={"name": "甲厂"}, headers=headers)

    assert (answer.status_code, answer.location) == (302, "/firms/new")


def test_who_opens_a_kept_address_is_sent_to_the_page_itself(commission):
    answer = commission.get("/board?typed=typed&year=2026")

    assert (answer.status_code, answer.location) == (302, "/board?year=2026")


@pytest.mark.parametrize("page", ["//evil.example/", "https://evil.example/", "/language/en", "/nowhere", "\\x"])
def test_a_switch_never_leads_elsewhere(commission, page):
    answer = commission.post("/language/en", query_string={"from": page}, data={"name": "x"}, headers=OWN)

    assert (answer.status_code, answer.location) == (302, "/")


def test_a_site_below_another_address_comes_back_there(flask_app, client):
    sign_in(client, make_user(flask_app, Role.COMMISSION))
    below = {"base_url": "http://localhost/zhizhen"}
    page = client.get("/firms/new", **below).text
    answer = client.post("/language/en?from=/firms/new&into=typed", data={"name": "x"}, **below)

    assert 'formaction="/zhizhen/language/en?into=typed&amp;from=%2Ffirms%2Fnew"' in page
    assert answer.location == "/zhizhen/firms/new?typed=typed"


# --- what only this page holds ----------------------------------------------------------------------------------------


def hidden_in(page: str, name: str) -> str:
    return re.search(rf'name="{name}"[^>]*value="([^"]+)"', page)[1]


def test_a_one_time_password_is_still_shown_after_the_language_is_switched(flask_app, client):
    sign_in(client, make_user(flask_app, Role.ADMINISTRATOR))
    given = {"name": "李", "email": "li@example.com", "role": "consultant", "district": ""}
    made = client.post("/accounts/new", data=given).text
    password = re.search('<code class="secret">(.+)</code>', made)[1]

    shown = switch(client, "en", "/accounts/one-time", {"parcel": hidden_in(made, "parcel")})

    assert "from=%2Faccounts%2Fone-time" in made
    assert f'<code class="secret">{password}</code>' in shown.text
    assert "One-time password" in shown.text


@pytest.mark.parametrize("parcel", ["", "made up"])
def test_without_its_parcel_there_is_no_one_time_password_to_show(flask_app, client, parcel):
    sign_in(client, make_user(flask_app, Role.ADMINISTRATOR))

    assert switch(client, "en", "/accounts/one-time", {"parcel": parcel}).request.path == "/accounts"


def test_what_a_session_that_ended_left_unsaved_is_still_there_after_the_language_is_switched(flask_app, client):
    firm = make_firm(flask_app)
    manager = make_user(flask_app, firm_id=firm.id)
    ended = client.post(f"/firms/{firm.id}/factories", data={"name": "一工厂"}, headers=OWN).text
    typed = {"email": manager.email, "kept": hidden_in(ended, "kept"), "csrf_token": hidden_in(ended, "csrf_token")}

    asked = switch(client, "en", "/sign-in", typed)
    again = client.post("/sign-in", data={**typed, "password": PASSWORD}, headers=OWN)
    sign_in(client, manager)
    shown = switch(client, "zh", "/continue", {"parcel": hidden_in(again.text, "parcel")})

    assert f'value="{manager.email}"' in asked.text
    assert typed["kept"] in asked.text
    assert "What you entered is still here." in asked.text
    assert 'name="name" value="一工厂"' in shown.text
    assert "您刚才填写的内容还在" in shown.text


def test_without_its_parcel_there_is_nothing_to_continue(flask_app, client):
    sign_in(client, make_user(flask_app, Role.COMMISSION))

    assert client.get("/continue").location == "/"
