"""Earlier answers in later wording, as the pages show them: escaped, of this firm alone, plain while they are open."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.diagnosis import service
from app.diagnosis.draft import Said
from tests.factories import make_diagnosis, make_firm, make_user, parts_of, sign_in

PLAIN = "这个车间的生产装备里，多少台（套）已经联网？"
HOSTILE = "<script>alert(1)</script>{revenue}"


@pytest.fixture
def opened(flask_app, client):
    """Open a page of a firm with these answers: returns its text."""

    def open_(page, answers=(), subject="firm", language="zh"):
        firm = make_firm(flask_app, {"一工厂": ("冲压车间",)})
        keys = {name: str(key) for name, key in parts_of(flask_app, firm).items()}
        said = {(keys.get(who, who), fact): value for (who, fact), value in dict(answers).items()}
        made = make_diagnosis(flask_app, firm, said)
        sign_in(client, make_user(flask_app, firm_id=firm.id, language=language))
        section, page_id = page.split("/")
        return client.get(f"/diagnoses/{made.id}/fill/{section}/{keys.get(subject, subject)}/{page_id}").text

    return open_


def test_an_answer_of_an_earlier_page_stands_in_the_question(opened):
    page = opened("workshop_equipment/networking", {("冲压车间", "equipment_count"): Fraction(1200)}, "冲压车间")

    assert "这 1,200 台（套）生产装备里，多少台（套）已经联网？" in page
    assert PLAIN not in page


@pytest.mark.parametrize("answers", [{}, {("冲压车间", "equipment_count"): Fraction(0)}])
def test_without_that_answer_the_question_is_plain(opened, answers):
    assert PLAIN in opened("workshop_equipment/networking", answers, "冲压车间")


def test_an_answer_of_the_firm_stands_in_the_question_of_a_factory_in_english_too(opened):
    page = opened("factory_design/tools", {("firm", "employees"): Fraction(320)}, "一工厂", "en")

    assert "Of the 320 employees of the firm" in page


def test_the_sentence_under_the_title_names_answers_as_text(opened):
    answers = {("firm", "traditional_maker"): True, ("firm", "baseline_products"): HOSTILE}
    page = opened("conversion/new_products", answers)

    assert "<script>alert" not in page
    assert "转型以前主要做：&lt;script&gt;alert(1)&lt;/script&gt;{revenue}。" in page


def test_an_answer_off_the_path_is_not_named(opened):
    answers = {("firm", "traditional_maker"): False, ("firm", "baseline_products"): "变速箱壳体"}

    assert "变速箱壳体" not in opened("conversion/new_products", answers)


def test_on_the_shortest_way_too_questions_name_earlier_answers(flask_app, client):
    firm = make_firm(flask_app, {"一工厂": ("冲压车间",)})
    shop = str(parts_of(flask_app, firm)["冲压车间"])
    made = make_diagnosis(flask_app, firm, {(shop, "equipment_count"): Fraction(1200)})
    sign_in(client, make_user(flask_app, firm_id=firm.id))
    asked = f"to=cq_digital_workshop.{shop}&again=equipment_networked_count&again=key_process_count"
    page = client.get(f"/diagnoses/{made.id}/fill/workshop_equipment/{shop}/way?{asked}").text

    assert "这 1,200 台（套）生产装备里，多少台（套）已经联网？" in page
    assert 'name="key_process_count"' in page


def test_what_one_firm_answered_never_shows_in_the_question_of_another(opened):
    first = opened("workshop_equipment/networking", {("冲压车间", "equipment_count"): Fraction(77)}, "冲压车间")
    second = opened("workshop_equipment/networking", {}, "冲压车间")
    third = opened("workshop_equipment/networking", {("冲压车间", "equipment_count"): Fraction(88)}, "冲压车间")

    assert "这 77 台" in first
    assert PLAIN in second
    assert "这 88 台" in third
    assert "这 77 台" not in second + third


def test_a_changed_answer_changes_the_question_at_once(flask_app, client):
    firm = make_firm(flask_app, {"一工厂": ("冲压车间",)})
    shop = str(parts_of(flask_app, firm)["冲压车间"])
    made, person = (
        make_diagnosis(flask_app, firm, {(shop, "equipment_count"): Fraction(5)}),
        make_user(flask_app, firm_id=firm.id),
    )
    sign_in(client, person)
    address = f"/diagnoses/{made.id}/fill/workshop_equipment/{shop}"
    before = client.get(f"{address}/networking").text
    client.post(f"{address}/machines", data={"revision": "1", "equipment_count": "6"})
    after = client.get(f"{address}/networking").text
    with flask_app.test_request_context():
        draft = service.open_draft(person, made.id)
        service.save_page(person, draft, shop, {"equipment_count": Said("unknown")}, 2)

    assert "这 5 台" in before
    assert "这 6 台" in after
    assert PLAIN in client.get(f"{address}/networking").text


def test_a_stated_option_none_of_these_is_not_named(opened):
    answers = {("firm", "traditional_maker"): True, ("firm", "systems"): ("none",)}

    assert "企业有属于七大系统的产品已经批量供货吗？" in opened("conversion/new_products", answers)
