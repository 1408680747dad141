"""Where every verdict stands, beside the questions: fetched when it is wanted, and kept up to date while it is open."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from app.access import Role
from questionnaires.loader import load
from questionnaires.model import FactKind
from tests.browser import walking as walk
from tests.browser.conftest import DESKTOP
from tests.factories import make_diagnosis, make_firm, make_user

pytestmark = pytest.mark.browser

# Everything of the two lowest levels, but not of the page that is opened.
LEVELS_1_AND_2 = [
    fact.id
    for fact in load("auto_parts").facts.values()
    if fact.kind is FactKind.PRACTICE and fact.id.partition(".L")[2][0] in "12" and not fact.id.startswith("data.")
]


@pytest.fixture
def firm(flask_app):
    return make_firm(flask_app, {"一工厂": ("冲压车间",)}, name="示例缙云机加厂")


@pytest.fixture
def diagnosis(flask_app, firm):
    return make_diagnosis(flask_app, firm, {"production_type": "discrete", **dict.fromkeys(LEVELS_1_AND_2, "full")})


@pytest.fixture
def filling(flask_app, firm, diagnosis):
    """Sign in and open a page of questions."""

    def opened(page: Page) -> Page:
        walk.sign_in(page, make_user(flask_app, Role.FACTORY_MANAGER, firm_id=firm.id, name="周厂长"))
        return ready(page, diagnosis)

    return opened


def ready(page: Page, diagnosis, page_id: str = "levels_1_2") -> Page:
    walk.open_page(page, diagnosis.id, "data", page_id)
    expect(page.locator("form[data-ready]")).to_be_visible()
    return page


def now(page: Page) -> Locator:
    return page.locator("#now")


def unfold(page: Page) -> None:
    with page.expect_response("**/standing"):
        now(page).locator("summary").click()


def revision_shown(page: Page) -> int:
    return int(now(page).locator(".standing").get_attribute("data-revision") or 0)


@pytest.mark.parametrize("shape", ["desktop", "phone"])
def test_it_is_fetched_only_when_opened_follows_every_save_and_stays_open_on_the_next_page(
    request, filling, diagnosis, shape
):
    page, asked = request.getfixturevalue(shape), []
    page.on("request", lambda one: asked.append(one.url) if one.url.endswith("/standing") else None)
    filling(page)
    walk.choose(page, "data.L1.1", "部分满足")
    expect(page.locator("#saved")).to_contain_text("✓ 已保存")
    before = list(asked)
    unfold(page)
    expect(now(page).locator(".verdicts")).to_contain_text("冲压车间")
    first = revision_shown(page)
    with page.expect_response("**/standing"):
        walk.choose(page, "data.L2.1", "大部分满足")
    expect(now(page).locator(f".standing[data-revision='{first + 1}']")).to_be_visible()
    assert walk.sideways(page) == []
    with page.expect_response("**/standing"):
        walk.save(page)

    assert before == []
    expect(now(page).get_by_role("link", name=re.compile("走最短的路：重庆市数字化车间"))).to_be_visible()


def test_folded_again_it_keeps_the_level_in_one_line_until_the_next_save(desktop, filling):
    page = filling(desktop)
    unfold(page)
    expect(now(page).locator(".standing")).to_be_visible()
    now(page).locator("summary").click()
    expect(now(page).locator(".now__line")).to_have_text(re.compile("^等级还不能确定：.+到五级。$"))
    walk.choose(page, "data.L1.1", "部分满足")
    expect(page.locator("#saved")).to_contain_text("✓ 已保存")

    expect(now(page).locator(".now__line")).to_be_hidden()


def test_without_a_network_it_says_so_and_the_answers_are_kept_all_the_same(phone, filling):
    page = filling(phone)
    page.context.set_offline(True)
    now(page).locator("summary").click()
    expect(now(page)).to_contain_text("现在取不到结论")
    walk.choose(page, "data.L1.1", "部分满足")
    expect(page.locator("#saved")).to_contain_text("1 项回答存在本机")
    page.context.set_offline(False)

    expect(now(page).locator(".standing")).to_be_visible()


def test_without_javascript_it_leads_to_the_result(open_browser, filling, flask_app, firm, diagnosis):
    plain = open_browser(**DESKTOP, java_script_enabled=False)
    walk.sign_in(plain, make_user(flask_app, Role.FACTORY_MANAGER, firm_id=firm.id))
    walk.open_page(plain, diagnosis.id, "data", "levels_1_2")
    now(plain).locator("summary").click()
    now(plain).get_by_role("link", name="查看完整结果和依据").click()

    expect(plain).to_have_url(re.compile(f"/diagnoses/{diagnosis.id}/result$"))
