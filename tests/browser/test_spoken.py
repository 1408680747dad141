"""What a screen reader is told of the pages that matter most: every field with its question, its help and its fault."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.access import Role
from tests.browser import walking as walk
from tests.factories import make_diagnosis, make_firm, make_user, parts_of

pytestmark = pytest.mark.browser

FIELDS = frozenset({"textbox", "combobox", "radio", "checkbox"})


@dataclass(frozen=True, slots=True)
class Spoken:
    """One thing of a page as it is told."""

    role: str
    name: str
    description: str
    invalid: bool


def told(page: Page) -> list[Spoken]:
    """Return what the browser tells a screen reader, in its order."""
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")
    return [_spoken(node) for node in tree["nodes"] if not node["ignored"]]


def _spoken(node: dict) -> Spoken:
    said = {one["name"]: one["value"].get("value") for one in node.get("properties", ())}
    texts = (str(node.get(part, {}).get("value", "")) for part in ("role", "name", "description"))
    return Spoken(*texts, invalid=said.get("invalid", "false") != "false")


@pytest.fixture
def firm(flask_app: Flask):
    return make_firm(flask_app, {"一工厂": ("冲压车间",)})


@pytest.fixture
def workshop(flask_app: Flask, firm) -> str:
    return str(parts_of(flask_app, firm)["冲压车间"])


@pytest.fixture
def diagnosis(flask_app: Flask, firm, workshop: str):
    answers = {"production_type": "discrete", "data.L1.1": "mostly", (workshop, "equipment_count"): Fraction(120)}
    return make_diagnosis(flask_app, firm, answers)


@pytest.fixture
def manager(desktop: Page, flask_app: Flask, firm) -> Page:
    walk.sign_in(desktop, make_user(flask_app, Role.FACTORY_MANAGER, firm_id=firm.id))
    return desktop


def test_a_figure_is_told_with_its_question_its_name_its_unit_and_its_help(manager, diagnosis, workshop):
    walk.open_page(manager, diagnosis.id, "workshop_equipment", "machines", workshop)
    both = {one.name: one.description for one in told(manager) if one.role == "textbox"}
    walk.open_page(manager, diagnosis.id, "workshop_equipment", "networking", workshop)
    heard = told(manager)
    fields = {one.name: one.description for one in heard if one.role == "textbox"}

    assert "这 120 台（套）生产装备里，多少台（套）已经联网？" in [one.name for one in heard if one.role == "group"]
    assert fields["联网装备数"].startswith("联网：通过有线或无线网络接到车间或企业的系统")
    assert fields["联网装备数"].endswith("台（套）")
    assert both["生产装备总数〔台（套）〕"].startswith("生产装备：在用的加工、成形")
    assert both["数字化装备数〔台（套）〕"] == both["生产装备总数〔台（套）〕"]


def test_two_boxes_for_not_known_in_one_question_are_told_apart(manager, diagnosis, workshop):
    walk.open_page(manager, diagnosis.id, "workshop_equipment", "machines", workshop)
    boxes = [one.name for one in told(manager) if one.role == "checkbox"]

    assert {"不清楚 生产装备总数", "不清楚 数字化装备数"} <= set(boxes)


def test_a_choice_is_told_as_one_of_a_group_with_question_and_help(manager, diagnosis, workshop):
    walk.open_page(manager, diagnosis.id, "workshop_equipment", "networking", workshop)
    heard = told(manager)
    group = next(one for one in heard if one.role == "group" and one.name.startswith("这个车间的加工、检测、物流设备"))

    assert group.description.startswith("三类设备都要有")
    assert {"是", "否", "不清楚"} <= {one.name for one in heard if one.role == "radio"}


def test_a_fault_is_told_with_its_field_and_in_the_list_that_has_the_focus(manager, diagnosis, workshop):
    walk.open_page(manager, diagnosis.id, "workshop_equipment", "networking", workshop)
    walk.field(manager, "equipment_networked_count").fill("很多")
    walk.save(manager)
    expect(manager.get_by_role("alert")).to_be_focused()
    field = next(one for one in told(manager) if one.role == "textbox" and one.name == "联网装备数")
    fault = walk.question(manager, "equipment_networked_count").locator(".question__error").inner_text()

    assert field.invalid
    assert fault in field.description
    assert manager.get_by_role("alert").get_by_role("link", name=fault).count() == 1


def test_a_contradiction_is_told_as_a_status_and_with_its_field(manager, diagnosis, workshop):
    walk.open_page(manager, diagnosis.id, "workshop_equipment", "machines", workshop)
    walk.field(manager, "equipment_digital_count").fill("126")
    walk.save(manager)
    heard = told(manager)
    field = next(one for one in heard if one.name == "数字化装备数〔台（套）〕")

    assert "数字化装备多于全部生产装备" in field.description
    assert manager.locator("#contradictions").get_attribute("role") == "status"


@pytest.mark.parametrize(
    ("section", "page_id"), [("org_strategy", "practices"), ("profile", "identity"), ("chain", "ties")]
)
def test_every_field_of_a_page_of_questions_has_a_name_inside_a_question(manager, diagnosis, section, page_id):
    walk.open_page(manager, diagnosis.id, section, page_id)
    asked = [one for one in told(manager) if one.role in FIELDS]
    outside = manager.locator("main form :is(input:not([type=hidden]), select, textarea):not(fieldset *)").count()

    assert len(asked) > 10
    assert [one for one in asked if not one.name] == []
    assert outside == 0


def test_the_overview_tells_what_is_done_and_what_can_be_said(manager, diagnosis):
    manager.goto(f"/diagnoses/{diagnosis.id}")
    tree = manager.locator("main").aria_snapshot()

    assert '- heading "目前能说的" [level=2]' in tree
    assert "冲压车间 一工厂 ◐ 进行中 1 / 21" in tree
    assert '- link "装备与联网 进行中"' in tree
    assert manager.get_by_role("img", name="成熟度总分").count() == 1


def test_every_picture_of_the_result_is_told_in_words_and_in_a_table(manager, diagnosis):
    manager.goto(f"/diagnoses/{diagnosis.id}/result")
    pictures = [one for one in told(manager) if one.role == "image"]
    numbers = manager.get_by_role("table", name="一级：各能力域得分").get_by_role("row")

    assert len(pictures) >= 2
    assert [one for one in pictures if len(one.name) < 8] == []
    assert "组织战略 0.00–1.00" in next(one.name for one in pictures if "各能力域得分" in one.name)
    expect(numbers.filter(has_text="组织战略")).to_contain_text("0.00–1.00")
    expect(manager.get_by_role("table", name="各级得分").get_by_role("rowheader")).to_have_count(5)
