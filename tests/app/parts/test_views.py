"""Copying and listing factories and workshops through the pages; and a firm with very many of them."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from app.access import Role
from app.diagnosis import service
from app.diagnosis.models import Stage
from app.parts.progress import ROWS_ON_A_PAGE
from tests.factories import make_consultant, make_diagnosis, make_firm, make_user, parts_of, sign_in

MANY = 200
HOSTILE = '"><img src=x onerror=alert(1)>'


@pytest.fixture
def firm(flask_app):
    return make_firm(flask_app, {"一工厂": ("冲压车间", "焊装车间"), "二工厂": ()})


@pytest.fixture
def parts(flask_app, firm):
    return {name: str(key) for name, key in parts_of(flask_app, firm).items()}


@pytest.fixture
def diagnosis(flask_app, firm, parts):
    shop = parts["冲压车间"]
    return make_diagnosis(flask_app, firm, {(shop, "equipment_count"): Fraction(120), (shop, "mes_quality"): True})


@pytest.fixture
def browser(flask_app, client, firm):
    sign_in(client, make_user(flask_app, firm_id=firm.id))
    return client


def copy(browser, diagnosis, **data):
    return browser.post(f"/diagnoses/{diagnosis.id}/parts/new", data=data)


def key_in(address):
    return re.search(r"/fill/\w+/([0-9a-f-]{36})/", address)[1]


def fill(browser, diagnosis, page, data):
    address = f"/diagnoses/{diagnosis.id}/fill/{page}"
    revision = re.search(r'name="revision" value="(\d+)"', browser.get(address).text)[1]
    return browser.post(address, data={"revision": revision, **data})


# --- copying ----------------------------------------------------------------------------------------------------------


def test_the_page_says_beforehand_how_many_answers_are_copied(browser, diagnosis, parts):
    page = browser.get(f"/diagnoses/{diagnosis.id}/parts/new?source={parts['冲压车间']}").text

    assert "照着“冲压车间”新增" in page
    assert "将复制 2 个回答" in page


def test_a_copy_leads_to_the_first_page_of_the_new_workshop_where_it_is_marked(browser, diagnosis, parts):
    answer = copy(browser, diagnosis, source=parts["冲压车间"], name="二号冲压车间")
    page = browser.get(answer.location).text

    assert answer.location.endswith("/machines")
    assert "二号冲压车间 · 装备与联网" in page
    assert "复制自 冲压车间，请核对" in page
    assert 'value="120"' in page


def test_the_mark_goes_when_the_page_is_saved_as_it_is(browser, diagnosis, parts):
    address = copy(browser, diagnosis, source=parts["冲压车间"], name="二号冲压车间").location
    revision = re.search(r'name="revision" value="(\d+)"', browser.get(address).text)[1]
    browser.post(address, data={"revision": revision, "equipment_count": "120"})

    assert "复制自" not in browser.get(address).text


def test_a_complete_page_of_copies_is_to_be_looked_at_again_until_it_is_saved(flask_app, browser, diagnosis, parts):
    shop = parts["冲压车间"]
    figures = {"key_process_count": "8", "key_process_controlled_count": "5"}
    fill(browser, diagnosis, f"workshop_key_processes/{shop}/control", figures)
    new = key_in(copy(browser, diagnosis, source=shop, name="二号冲压车间").location)
    before = [browser.get(f"/diagnoses/{diagnosis.id}{page}").text for page in ("", "/answers")]
    fill(browser, diagnosis, f"workshop_key_processes/{new}/control", figures)
    after = [browser.get(f"/diagnoses/{diagnosis.id}{page}").text for page in ("", "/answers")]

    assert ["2 个回答复制自 冲压车间，核对后保存那一页即可" in page for page in before] == [True, True]
    assert "请再看：1 页" in before[1]
    assert ["复制自" in page for page in after] == [False, False]


def test_a_taken_name_is_shown_again_with_what_is_wrong(browser, diagnosis, parts):
    answer = copy(browser, diagnosis, source=parts["冲压车间"], name="焊装车间")

    assert answer.status_code == 422
    assert "“焊装车间”已存在" in answer.text
    assert 'value="焊装车间"' in answer.text


def test_without_a_source_the_person_chooses_one(browser, diagnosis):
    page = browser.get(f"/diagnoses/{diagnosis.id}/parts/new").text

    assert "一工厂 · 冲压车间</option>" in page
    assert copy(browser, diagnosis, name="新车间").status_code == 422


def test_a_name_is_shown_as_text_whatever_it_holds(browser, diagnosis, parts):
    new = key_in(copy(browser, diagnosis, source=parts["冲压车间"], name=HOSTILE).location)
    copy(browser, diagnosis, source=new, name="再抄一个")
    pages = [
        browser.get(f"/diagnoses/{diagnosis.id}{place}").text for place in ("", "/parts", "/answers", "/parts/new")
    ]

    assert ["<img" in page for page in pages] == [False] * 4
    assert all("&lt;img" in page for page in pages)


def test_a_consultant_sees_the_list_but_copies_nothing(flask_app, client, firm, diagnosis, parts):
    sign_in(client, make_consultant(flask_app, firm))

    assert "冲压车间" in client.get(f"/diagnoses/{diagnosis.id}/parts").text
    assert copy(client, diagnosis, source=parts["冲压车间"], name="新车间").status_code == 403


def test_after_the_submission_nothing_can_be_copied(flask_app, browser, firm, parts):
    submitted = make_diagnosis(flask_app, firm, stage=Stage.SUBMITTED)

    assert copy(browser, submitted, source=parts["冲压车间"], name="新车间").location == f"/diagnoses/{submitted.id}"


def test_the_consultant_reads_too_what_the_firm_copied_and_has_not_confirmed(flask_app, client, firm, parts, diagnosis):
    sign_in(client, make_user(flask_app, firm_id=firm.id))
    page = copy(client, diagnosis, source=parts["冲压车间"], name="二号冲压车间").location.split("/fill/")[1]
    sign_in(client, make_consultant(flask_app, firm))

    assert "复制自 冲压车间，请核对" in client.get(f"/reviews/{diagnosis.id}/pages/{page}").text


# --- very many --------------------------------------------------------------------------------------------------------


@pytest.fixture
def crowd(flask_app):
    """A firm with 200 factories, the first of which has 200 workshops; every workshop and factory states something."""
    shops = tuple(f"{number}号车间" for number in range(1, MANY + 1))
    names = [f"{number}号工厂" for number in range(1, MANY + 1)]
    return make_firm(flask_app, {name: shops if name == names[0] else () for name in names})


@pytest.fixture
def crowded(flask_app, crowd):
    shops = {name: key for name, key in parts_of(flask_app, crowd).items() if name.endswith("车间")}
    counts = {(str(key), "equipment_count"): Fraction(100) for key in shops.values()}
    wrong = {(str(shops[f"{number}号车间"]), "equipment_digital_count"): Fraction(101) for number in (7, 150)}
    return make_diagnosis(flask_app, crowd, {**counts, **wrong})


@pytest.fixture
def crowd_browser(flask_app, client, crowd):
    sign_in(client, make_user(flask_app, Role.FACTORY_MANAGER, firm_id=crowd.id))
    return client


@pytest.mark.parametrize(
    ("place", "heaviest_kb"),
    [("", 80), ("/answers", 200), ("/result", 300), ("/parts?of=workshop", 120), ("/parts/new", 80)],
)
def test_pages_about_two_hundred_factories_stay_light(crowd_browser, crowded, place, heaviest_kb):
    page = crowd_browser.get(f"/diagnoses/{crowded.id}{place}")

    assert page.status_code == 200
    assert len(page.data) < heaviest_kb * 1000


def test_the_firms_page_lists_two_hundred_factories_page_by_page(crowd_browser, crowd):
    first = crowd_browser.get(f"/firms/{crowd.id}")
    last = crowd_browser.get(f"/firms/{crowd.id}?page=10").text

    assert len(first.data) < 100_000
    assert "第 1 页，共 10 页" in first.text
    assert "全部 200 个车间" in first.text
    assert "200号工厂" in last


def test_the_overview_shows_first_what_contradicts_and_leads_to_the_whole_list(crowd_browser, crowded):
    hub = crowd_browser.get(f"/diagnoses/{crowded.id}").text
    shown = re.findall(r"<strong>(\d+号车间)</strong>", hub)

    assert shown[:2] == ["7号车间", "150号车间"]
    assert len(shown) == 12
    assert f"/diagnoses/{crowded.id}/parts?of=workshop" in hub


def test_the_list_is_searched_by_name_and_turned_page_by_page(crowd_browser, crowded):
    pages = [crowd_browser.get(f"/diagnoses/{crowded.id}/parts?of=workshop&page={n}").text for n in (1, 4, 99, -3)]
    found = crowd_browser.get(f"/diagnoses/{crowded.id}/parts?of=workshop&words=150号").text

    assert [len(re.findall(r"<strong>\d+号车间</strong>", page)) for page in pages] == [ROWS_ON_A_PAGE] * 4
    assert "第 4 页，共 4 页" in pages[2]
    assert re.findall(r"<strong>(\d+号车间)</strong>", found) == ["150号车间"]


def test_the_answers_and_the_result_of_one_of_many_can_be_chosen(flask_app, crowd_browser, crowd, crowded):
    shop = parts_of(flask_app, crowd)["7号车间"]
    firm_only = crowd_browser.get(f"/diagnoses/{crowded.id}/answers").text
    answers = crowd_browser.get(f"/diagnoses/{crowded.id}/answers?about={shop}").text
    result = crowd_browser.get(f"/diagnoses/{crowded.id}/result?about={shop}").text

    assert f'id="{shop}.equipment_count"' not in firm_only
    assert f'id="{shop}.equipment_count"' in answers
    assert "7号车间 · 装备与联网" in answers
    assert re.search(r"<h3>7号车间", result)


def test_after_a_change_one_comes_back_to_the_very_line_also_of_one_of_many(flask_app, crowd_browser, crowd, crowded):
    shop = parts_of(flask_app, crowd)["7号车间"]
    address = f"/diagnoses/{crowded.id}/fill/workshop_equipment/{shop}/machines"
    data = {"revision": "1", "back": "check", "at": "equipment_count", "equipment_count": "200"}

    assert crowd_browser.post(address, data=data).location == (
        f"/diagnoses/{crowded.id}/answers?about={shop}#{shop}.equipment_count"
    )


def test_a_page_of_one_workshop_does_not_read_the_answers_of_the_others(flask_app, crowd, crowded):
    parts, person = parts_of(flask_app, crowd), make_user(flask_app, firm_id=crowd.id)
    shop = str(parts["7号车间"])
    with flask_app.test_request_context():
        draft = service.open_page(person, crowded.id, "workshop_equipment", "machines", None, shop)

    assert {kept.subject_key for kept in draft.kept} == {shop}
