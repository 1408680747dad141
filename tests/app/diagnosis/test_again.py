"""Change and return: after a change exactly the complete pages that rest on it are to be looked at again."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

import pytest
from sqlalchemy import func, select

from app.diagnosis import service
from app.diagnosis.again import Again, pages_again
from app.diagnosis.asked import published
from app.diagnosis.draft import NOTHING, Said, stated
from app.diagnosis.models import AnswerEntry
from app.extensions import db
from questionnaires.model import FactKind
from tests.factories import credit_code, make_diagnosis, make_firm, make_user, parts_of, sign_in

PARTS = {"一工厂": ("冲压车间", "焊装车间"), "二工厂": ()}


def some_value(fact):
    """Something that may be said about a fact; whether it makes sense is of no interest here."""
    if fact.format in ("uscc", "industry"):
        return {"uscc": credit_code(1), "industry": "3670"}[fact.format]
    if fact.format == "year":
        return Fraction(2020)
    return {
        FactKind.NUMBER: Fraction(5),
        FactKind.YES_NO: True,
        FactKind.PRACTICE: "mostly",
        FactKind.TEXT: "壳体",
        FactKind.CHOICE: fact.options[0].code if fact.options else "",
        FactKind.CHOICES: (fact.options[0].code,) if fact.options else (),
        FactKind.DATE: date(2025, 1, 1),
    }[fact.kind]


@pytest.fixture
def firm(flask_app):
    return make_firm(flask_app, PARTS)


@pytest.fixture
def parts(flask_app, firm):
    return {name: str(key) for name, key in parts_of(flask_app, firm).items()}


@pytest.fixture
def person(flask_app, firm):
    return make_user(flask_app, firm_id=firm.id)


@pytest.fixture
def filled(flask_app, firm, parts):
    """A diagnosis in which everything is answered, in one save."""
    keys = {"firm": ["firm"], "factory": [parts["一工厂"], parts["二工厂"]]}
    keys["workshop"] = [parts["冲压车间"], parts["焊装车间"]]
    facts = published("auto_parts", "2026.1").facts.values()
    return make_diagnosis(flask_app, firm, {(key, f.id): some_value(f) for f in facts for key in keys[f.of.value]})


@pytest.fixture
def change(flask_app, person, filled):
    """Say something else as a request of its own, or on another page of the same subject."""

    def say(subject, said, seen=None):
        db.session.rollback()
        draft = service.open_draft(person, filled.id, seen)
        seen = draft.diagnosis.revision if seen is None else seen
        as_kept = {fact: one if isinstance(one, Said) else stated(one) for fact, one in said.items()}
        return service.save_page(person, draft, subject, as_kept, seen)

    with flask_app.test_request_context():
        yield say


@pytest.fixture
def again(person, filled, parts):
    """The pages to be looked at again, by the names of their subjects, and why."""
    names = {key: name for name, key in parts.items()}

    def look():
        db.session.rollback()
        found = pages_again(service.open_draft(person, filled.id))
        return {(section, names.get(key, key), page): one.changed for (section, key, page), one in found.items()}

    return look


def test_nothing_is_to_be_looked_at_again_before_anything_was_changed(change, again):
    assert again() == {}


@pytest.mark.parametrize(
    ("subject", "said", "pages"),
    [
        (
            "冲压车间",
            {"equipment_count": Fraction(6)},
            {("workshop_equipment", "冲压车间", "networking"), ("workshop_data", "冲压车间", "upload")},
        ),
        ("冲压车间", {"workshop_process": "welding"}, {("workshop_key_processes", "冲压车间", "control")}),
        ("冲压车间", {"uploading_device_count": Fraction(4)}, set()),
        ("冲压车间", {"mes_quality": False}, set()),
        ("firm", {"revenue": Fraction(9000)}, {("conversion", "firm", "revenue_shares")}),
        (
            "firm",
            {"employees": Fraction(99)},
            {("factory_design", "一工厂", "tools"), ("factory_design", "二工厂", "tools")},
        ),
        ("firm", {"systems": ("thermal",)}, {("conversion", "firm", "new_products")}),
        ("firm", {"chain_platform_joined": Said("unknown")}, {("chain", "firm", "platform")}),
        ("firm", {"data.L1.1": "full"}, set()),
    ],
)
def test_exactly_the_pages_that_rest_on_a_changed_answer_are_to_be_looked_at_again(
    change, again, parts, subject, said, pages
):
    change(parts.get(subject, subject), said)

    assert set(again()) == pages
    assert set(again().values()) <= {tuple(said)}


def test_of_a_comparison_only_how_it_turns_out_matters(change, again, parts):
    """The designers of both factories were more than the employees, still are after one change, and then fit."""
    change(parts["一工厂"], {"designers_count": Fraction(2), "designers_with_tools_count": Fraction(1)})
    still_more = again()
    change(parts["二工厂"], {"designers_count": Fraction(2), "designers_with_tools_count": Fraction(1)})

    assert still_more == {}
    assert again() == {("profile", "firm", "size"): ("designers_count",)}


def test_of_a_condition_to_show_a_page_only_how_it_turns_out_matters(change, again):
    """The pages of the evaluation for small firms are shown below 1,000 employees, whatever their number."""
    change("firm", {"employees": Fraction(400)})

    assert not any(section.startswith("sme_") for section, _subject, _page in again())


def test_what_was_changed_back_need_not_be_looked_at(change, again, parts):
    change(parts["冲压车间"], {"equipment_count": Fraction(6)})
    change(parts["冲压车间"], {"equipment_count": Fraction(5)})

    assert again() == {}


def test_what_was_blank_before_and_is_given_later_is_no_change(flask_app, firm, parts, person):
    shop = parts["冲压车间"]
    made = make_diagnosis(
        flask_app, firm, {(shop, "collected_device_count"): Fraction(5), (shop, "uploading_device_count"): Fraction(5)}
    )
    with flask_app.test_request_context():
        draft = service.open_draft(person, made.id)
        service.save_page(person, draft, shop, {"equipment_count": stated(Fraction(9))}, 1)
        db.session.rollback()

        assert pages_again(service.open_draft(person, made.id)) == {}


def test_what_was_taken_back_is_a_change(change, again, parts):
    change(parts["冲压车间"], {"workshop_process": NOTHING})

    assert set(again()) == {("workshop_key_processes", "冲压车间", "control")}


def test_a_page_that_is_open_anyhow_is_not_named(change, again, parts):
    change(parts["冲压车间"], {"uploading_device_count": NOTHING})
    change(parts["冲压车间"], {"equipment_count": Fraction(6)})

    assert set(again()) == {("workshop_equipment", "冲压车间", "networking")}


# --- until it is saved again ------------------------------------------------------------------------------------------


def test_saving_the_page_as_it_is_says_it_again_and_that_is_enough(change, again, parts):
    shop = parts["冲压车间"]
    change(shop, {"equipment_count": Fraction(6)})
    saved = change(shop, {"collected_device_count": Fraction(5), "uploading_device_count": Fraction(5)})

    assert saved.changed == frozenset()
    assert set(again()) == {("workshop_equipment", "冲压车间", "networking")}


def test_changing_one_answer_of_the_page_is_enough_too(change, again, parts):
    shop = parts["冲压车间"]
    change(shop, {"equipment_count": Fraction(6)})
    change(shop, {"equipment_networked_count": Fraction(4)})

    assert set(again()) == {("workshop_data", "冲压车间", "upload")}


def test_a_page_opened_before_the_change_does_not_count_as_looked_at(change, again, parts):
    shop = parts["冲压车间"]
    change(shop, {"equipment_count": Fraction(6)})
    change(shop, {"collected_device_count": Fraction(5), "uploading_device_count": Fraction(5)}, seen=1)

    assert ("workshop_data", "冲压车间", "upload") in again()


def test_a_page_that_need_not_be_looked_at_writes_nothing_when_it_is_saved_as_it_is(change, parts):
    shop = parts["焊装车间"]
    change(parts["冲压车间"], {"equipment_count": Fraction(6)})
    rows = db.session.scalar(select(func.count()).select_from(AnswerEntry))
    change(shop, {"collected_device_count": Fraction(5), "uploading_device_count": Fraction(5)})

    assert db.session.scalar(select(func.count()).select_from(AnswerEntry)) == rows


def test_a_second_change_asks_for_a_second_look(change, again, parts):
    shop = parts["冲压车间"]
    for count in (6, 7):
        change(shop, {"equipment_count": Fraction(count)})
        change(shop, {"equipment_networked_count": Fraction(5), "devices_networked_and_monitored": True})
    change(shop, {"equipment_count": Fraction(8)})

    assert ("workshop_equipment", "冲压车间", "networking") in again()


def test_pages_that_left_the_path_and_came_back_filled_in_are_looked_at_again_only_where_something_changed(
    change, again
):
    change("firm", {"traditional_maker": False})
    change("firm", {"traditional_maker": True})

    assert again() == {}


# --- on the pages -----------------------------------------------------------------------------------------------------


@pytest.fixture
def browser(client, person):
    sign_in(client, person)
    return client


def test_the_reason_is_said_on_the_overview_the_check_page_and_the_page_itself(browser, filled, parts):
    base, shop = f"/diagnoses/{filled.id}", parts["冲压车间"]
    places = [base, f"{base}/answers", f"{base}/fill/workshop_equipment/{shop}/networking"]
    before = [browser.get(place).text for place in places]
    machines = f"{base}/fill/workshop_equipment/{shop}/machines"
    figures = {"workshop_process": "stamping", "equipment_count": "6", "equipment_digital_count": "5"}
    browser.post(machines, data={"revision": "1", **figures})
    after = [browser.get(place).text for place in places]

    assert ["请再看" in page for page in before] == [False] * 3
    assert "请再看：</small>" not in after[0]
    assert "因为 生产装备总数 改了" in after[0]
    assert "2 页请再看" in after[0]
    assert "请再看：2 页" in after[1]
    assert "冲压车间 · 联网与监控" in after[1]
    assert "请再看这一页：因为 生产装备总数 改了。没有变化就直接保存。" in after[2]
    assert "● 已完成" in after[0]  # all that rests on other answers


def test_from_the_check_page_one_looks_and_comes_back(browser, filled, parts):
    base, shop = f"/diagnoses/{filled.id}", parts["冲压车间"]
    figures = {"workshop_process": "stamping", "equipment_count": "6", "equipment_digital_count": "5"}
    browser.post(f"{base}/fill/workshop_equipment/{shop}/machines", data={"revision": "1", **figures})
    link = re.search(r'<a href="([^"]+)">冲压车间 · 联网与监控</a>', browser.get(f"{base}/answers").text)[1].replace(
        "&amp;", "&"
    )
    data = {"equipment_networked_count": "5", "devices_networked_and_monitored": "yes"}
    back = browser.post(
        link.partition("#")[0], data={"revision": "2", "back": "check", "at": "equipment_networked_count", **data}
    )

    assert back.location.startswith(f"{base}/answers")
    assert "请再看：1 页" in browser.get(f"{base}/answers").text


def test_several_reasons_of_one_page_stand_together(flask_app, firm, filled, parts, change, person):
    shop = parts["冲压车间"]
    change("firm", {"revenue": Fraction(1), "traditional_maker": Said("unknown")})
    db.session.rollback()
    found = pages_again(service.open_draft(person, filled.id))

    assert found["conversion", "firm", "revenue_shares"] == Again(("revenue", "traditional_maker"))
    assert shop not in {key for _section, key, _page in found}
