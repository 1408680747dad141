"""What stands around a page is kept for each language, role and place, and shows to nobody else."""

from __future__ import annotations

import re

from flask import Flask

from app.access import Role
from tests.factories import make_consultant, make_diagnosis, make_firm, make_user, sign_in


def addresses_in_head(page: str) -> list[str]:
    return re.findall(r'<a href="([^"]+)"', page[page.index('<nav class="head__nav"') : page.index("</nav>")])


def test_each_role_sees_its_own_navigation_whoever_came_before(flask_app: Flask) -> None:
    shown = {}
    for role in (Role.ADMINISTRATOR, Role.CONSULTANT, Role.ADMINISTRATOR):
        browser = flask_app.test_client()
        sign_in(browser, make_user(flask_app, role))
        shown[role] = addresses_in_head(browser.get("/firms").text)

    assert "/accounts" in shown[Role.ADMINISTRATOR]
    assert "/accounts" not in shown[Role.CONSULTANT]
    assert "/reviews" in shown[Role.CONSULTANT]


def test_who_is_not_signed_in_sees_no_navigation_and_no_name(flask_app: Flask) -> None:
    browser = flask_app.test_client()
    sign_in(browser, make_user(flask_app, Role.ADMINISTRATOR, name="周主任"))
    inside = browser.get("/accounts").text
    outside = flask_app.test_client().get("/sign-in").text

    assert "周主任" in inside
    assert "周主任" not in outside
    assert "head__nav" not in outside


def test_the_place_in_the_navigation_is_that_of_the_page(flask_app: Flask) -> None:
    browser = flask_app.test_client()
    sign_in(browser, make_user(flask_app, Role.ADMINISTRATOR))
    marked = [
        re.findall(r'href="([^"]+)" aria-current', browser.get(path).text) for path in ("/accounts/new", "/firms")
    ]

    assert marked == [["/accounts"], ["/firms"]]


def test_a_diagnosis_belongs_to_what_the_person_has_come_for(flask_app: Flask) -> None:
    firm = make_firm(flask_app)
    diagnosis = make_diagnosis(flask_app, firm)
    people = (
        make_user(flask_app, Role.FACTORY_MANAGER, firm_id=firm.id),
        make_consultant(flask_app, firm),
        make_user(flask_app, Role.COMMISSION),
    )
    marked = []
    for person in people:
        browser = flask_app.test_client()
        sign_in(browser, person)
        marked.append(re.findall(r'href="([^"]+)" aria-current', browser.get(f"/diagnoses/{diagnosis.id}").text))

    assert marked == [["/firms/own"], ["/reviews"], ["/firms"]]


def test_each_person_has_his_own_name_and_token_in_the_head(flask_app: Flask) -> None:
    pages = []
    for name in ("甲主任", "乙主任"):
        browser = flask_app.test_client()
        sign_in(browser, make_user(flask_app, Role.ADMINISTRATOR, name=name))
        with browser.session_transaction() as session:
            session["csrf_token"] = name.encode().hex()
        pages.append(browser.get("/accounts").text)
    tokens = [set(re.findall(r'name="csrf_token"[^>]* value="([^"]+)"', page)) for page in pages]

    assert [name in page for page in pages for name in ("甲主任</a>", "乙主任</a>")] == [True, False, False, True]
    assert tokens[0].isdisjoint(tokens[1])


def test_the_other_language_is_offered_in_each_language(flask_app: Flask) -> None:
    browser = flask_app.test_client()
    sign_in(browser, make_user(flask_app, Role.ADMINISTRATOR))
    offered = []
    for code in ("zh", "en"):
        browser.post(f"/language/{code}")
        offered.append(re.search(r'action="(/language/\w+)"', browser.get("/accounts").text)[1])

    assert offered == ["/language/en", "/language/zh"]


def test_a_site_below_another_address_is_linked_there(flask_app: Flask) -> None:
    browser = flask_app.test_client()
    sign_in(browser, make_user(flask_app, Role.ADMINISTRATOR))
    browser.get("/accounts")
    below = browser.get("/accounts", base_url="http://localhost/zhizhen").text

    assert addresses_in_head(below)[0].startswith("/zhizhen/")
