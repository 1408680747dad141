"""Somebody who comes back sees what others changed meanwhile, by whom and when."""

from __future__ import annotations

import pytest

from tests.factories import make_diagnosis, make_firm, make_user, parts_of, sign_in


@pytest.fixture
def firm(flask_app):
    return make_firm(flask_app, {"一工厂": ("冲压车间",)})


@pytest.fixture
def diagnosis(flask_app, firm):
    return make_diagnosis(flask_app, firm)


@pytest.fixture
def people(flask_app, firm):
    """Return the browsers of two people of the firm."""
    browsers = []
    for name in ("王厂长", "李工"):
        browsers.append(flask_app.test_client())
        sign_in(browsers[-1], make_user(flask_app, firm_id=firm.id, name=name))
    return browsers


def say(browser, diagnosis, where, revision, **said):
    answer = browser.post(f"/diagnoses/{diagnosis.id}/fill/{where}", data={"revision": str(revision)} | said)
    assert answer.status_code == 302


def test_who_comes_back_sees_what_others_changed_since_and_gets_to_each_answer(flask_app, firm, people, diagnosis):
    boss, engineer = people
    workshop = parts_of(flask_app, firm)["冲压车间"]
    say(engineer, diagnosis, "profile/firm/size", 0, revenue="15000")
    say(boss, diagnosis, "profile/firm/size", 1, employees="320")
    say(engineer, diagnosis, "profile/firm/size", 2, employees="350")
    say(engineer, diagnosis, f"workshop_equipment/{workshop}/machines", 3, equipment_count="120")
    hub, page = boss.get(f"/diagnoses/{diagnosis.id}").text, boss.get(f"/diagnoses/{diagnosis.id}/since").text

    assert "李工 改了 2 项" in hub
    assert "冲压车间 · 生产装备总数" in page
    assert "现在是：350 人" in page
    assert "15,000" not in page
    assert f"/fill/workshop_equipment/{workshop}/machines#equipment_count" in page
    assert page.index("生产装备总数") < page.index("350 人")


def test_who_saved_last_or_never_is_told_of_no_changes(people, diagnosis):
    _boss, engineer = people
    say(engineer, diagnosis, "profile/firm/size", 0, revenue="15000")

    for browser in people:
        assert "您离开以后的变化" not in browser.get(f"/diagnoses/{diagnosis.id}").text
        assert "没有变化。" in browser.get(f"/diagnoses/{diagnosis.id}/since").text
