"""Questions that are drawn once for all: nothing of one language, firm or answer shows in another."""

from __future__ import annotations

import pytest
from flask import Flask

from app.diagnosis import drawing
from tests.factories import make_diagnosis, make_firm, make_user, sign_in

RADIOS = "fill/data/firm/levels_1_2"
TEXTS = "fill/profile/firm/identity"


@pytest.fixture
def browser_of(flask_app: Flask):
    """Open a browser for the manager of a new firm; returns it with the address of the firm's diagnosis."""

    def opened():
        firm = make_firm(flask_app)
        browser = flask_app.test_client()
        sign_in(browser, make_user(flask_app, firm_id=firm.id))
        return browser, f"/diagnoses/{make_diagnosis(flask_app, firm).id}"

    return opened


def questions_in(page: str) -> str:
    return page[page.index("<fieldset") : page.index('<div class="walk">')]


def test_a_question_drawn_once_is_the_same_as_one_drawn_afresh(browser_of, monkeypatch):
    browser, address = browser_of()
    browser.post(f"{address}/{RADIOS}", data={"revision": "0", "data.L1.1": "mostly"})
    kept = [questions_in(browser.get(f"{address}/{RADIOS}").text) for _time in range(2)]
    monkeypatch.setattr(drawing, "_drawn_once", drawing._drawn_once.__wrapped__)
    afresh = questions_in(browser.get(f"{address}/{RADIOS}").text)

    assert kept == [afresh, afresh]
    assert 'value="mostly" checked' in afresh


def test_the_answers_of_one_firm_do_not_show_in_the_page_of_another(browser_of):
    (first, first_address), (second, second_address) = browser_of(), browser_of()
    first.post(f"{first_address}/{RADIOS}", data={"revision": "0", "data.L1.1": "full"})
    first.post(f"{first_address}/{TEXTS}", data={"revision": "1", "firm_name": "甲厂的名字"})
    own = first.get(f"{first_address}/{RADIOS}").text, first.get(f"{first_address}/{TEXTS}").text
    foreign = second.get(f"{second_address}/{RADIOS}").text, second.get(f"{second_address}/{TEXTS}").text

    assert own[0].count(" checked") == 1
    assert "甲厂的名字" in own[1]
    assert foreign[0].count(" checked") == 0
    assert "甲厂的名字" not in foreign[1]


def test_a_question_is_drawn_for_each_language_by_itself(browser_of):
    browser, address = browser_of()
    pages = []
    for code in ("zh", "en", "zh"):
        browser.post(f"/language/{code}")
        pages.append(questions_in(browser.get(f"{address}/{RADIOS}").text))

    assert pages[0] == pages[2]
    assert "全部满足" in pages[0]
    assert "Fully met" not in pages[0]
    assert "Fully met" in pages[1]
    assert "全部满足" not in pages[1]


def test_a_reason_and_a_fault_show_only_where_they_belong(browser_of):
    (first, first_address), (second, second_address) = browser_of(), browser_of()
    refused = first.post(f"{first_address}/{RADIOS}", data={"revision": "0", "data.L1.1": "perhaps"})
    unmarked = second.get(f"{second_address}/{RADIOS}").text

    assert 'class="question__error"' in refused.text
    assert 'class="question__error"' not in unmarked
