"""Somebody who comes back sees what others changed meanwhile, by whom and when."""

from __future__ import annotations

import pytest

from app.diagnosis.models import Diagnosis
from app.extensions import db
from tests.factories import make_consultant, make_diagnosis, make_firm, make_user, parts_of, sign_in


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


def test_nobody_outside_the_firm_is_told_who_of_it_answered(flask_app, client, firm, people):
    boss, engineer = people
    consultant = make_consultant(flask_app, firm, name="陈专家")
    sign_in(client, consultant)
    client.post(f"/diagnoses/firm/{firm.id}")  # so that there is something since the consultant's own answers
    with flask_app.app_context():
        started = db.session.scalars(db.select(Diagnosis).where(Diagnosis.firm_id == firm.id)).one()
    say(boss, started, "profile/firm/size", started.revision, employees="320")
    say(engineer, started, "profile/firm/size", started.revision + 1, revenue="15000")
    address = f"/diagnoses/{started.id}"
    shown, inside = [client.get(address + part).text for part in ("", "/since")], boss.get(f"{address}/since").text

    assert "企业方 改了 2 项" in shown[0]
    assert '<h2 id="by-1">企业方 · 2 项</h2>' in shown[1]
    assert "320 人" in shown[1]
    assert not any(name in text for name in ("王厂长", "李工") for text in shown)
    assert "李工" in inside
