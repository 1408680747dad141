"""Evidence from a phone on the shop floor: several files at once, the network cut, the session gone, no script."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from app.access import Role
from tests.app.evidence import samples as made
from tests.browser import walking as walk
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import make_consultant, make_diagnosis, make_firm, make_user

pytestmark = pytest.mark.browser

MB = 1024 * 1024
PHOTO = {"name": "image.jpg", "mimeType": "image/jpeg", "buffer": made.picture(size=(1600, 1200))}
TABLE = {"name": "采集点表.csv", "mimeType": "text/csv", "buffer": made.CSV}
FALSE = {"name": "图纸.pdf", "mimeType": "application/pdf", "buffer": made.picture("PNG")}
LARGE = {"name": "大.csv", "mimeType": "text/csv", "buffer": b"1,2\n" * (11 * MB // 4)}


@pytest.fixture
def firm(flask_app):
    return make_firm(flask_app, {"一工厂": ("冲压车间",)})


@pytest.fixture
def manager(flask_app, firm):
    return make_user(flask_app, Role.FACTORY_MANAGER, firm_id=firm.id, name="王厂长")


@pytest.fixture
def place(flask_app, firm) -> str:
    return f"/diagnoses/{make_diagnosis(flask_app, firm).id}/fill/data/firm/evidence/data.L1.1"


def take_photo(page: Page, *photos: dict[str, object]) -> None:
    page.get_by_label("拍照").set_input_files([*photos])


def choose(page: Page, *files: dict[str, object] | Path) -> None:
    page.get_by_label("选择文件，可以多选").set_input_files([*files])


def going(page: Page) -> Locator:
    """The files that go up, each with how far it is or what went wrong."""
    return page.locator(".uploads")


def listed(page: Page, name: str) -> Locator:
    return page.locator("#files").get_by_role("link", name=name, exact=True)


def test_photos_and_files_of_a_phone_go_up_by_themselves_and_the_bad_one_is_named(phone, manager, place):
    walk.sign_in(phone, manager)
    phone.goto(place)
    take_photo(phone, PHOTO)
    expect(listed(phone, "image.jpg")).to_be_visible()
    choose(phone, TABLE, FALSE, LARGE)

    expect(listed(phone, "采集点表.csv")).to_be_visible()
    expect(going(phone).get_by_text("扩展名是 .pdf，内容却是“PNG 图片”")).to_be_visible()
    expect(going(phone).get_by_text("超过单个文件的上限，没有上传。")).to_be_visible()
    expect(phone.locator("#files img")).to_have_js_property("naturalWidth", 192)
    expect(phone.locator("#files-title small")).to_have_text("2")
    assert walk.sideways(phone) == []


def test_an_upload_that_the_network_cut_is_tried_again_without_choosing_the_file_again(phone, manager, place):
    walk.sign_in(phone, manager)
    phone.goto(place)
    phone.context.set_offline(True)
    take_photo(phone, PHOTO)
    expect(going(phone).get_by_text("网络中断，没有传完。")).to_be_visible()
    phone.context.set_offline(False)
    phone.get_by_role("button", name="重试 image.jpg").click()

    expect(listed(phone, "image.jpg")).to_be_visible()
    expect(going(phone).get_by_text("网络中断")).to_have_count(0)


def test_a_session_that_ends_during_an_upload_costs_a_sign_in_and_no_file(phone, manager, place):
    walk.sign_in(phone, manager)
    phone.goto(place)
    phone.wait_for_load_state("networkidle")  # whatever still comes would bring the cookie back
    phone.context.clear_cookies()
    take_photo(phone, PHOTO)
    expect(going(phone).get_by_text("登录可能已过期")).to_be_visible()
    other = phone.context.new_page()
    walk.sign_in(other, manager)
    phone.get_by_role("button", name="重试 image.jpg").click()

    expect(listed(phone, "image.jpg")).to_be_visible()


def test_without_a_script_files_go_up_with_the_button_and_refusals_stand_on_the_page(open_browser, manager, place):
    plain = open_browser(**PHONE, java_script_enabled=False)
    walk.sign_in(plain, manager)
    plain.goto(place)
    walk.save(plain, "上传")
    expect(plain.get_by_role("alert")).to_contain_text("还没有选择文件")
    take_photo(plain, PHOTO)
    choose(plain, TABLE, FALSE)
    walk.save(plain, "上传")
    expect(plain.get_by_text("已上传：image.jpg、采集点表.csv")).to_be_visible()
    expect(plain.get_by_role("alert")).to_contain_text("“图纸.pdf”：扩展名是 .pdf")
    plain.get_by_role("button", name="取消关联 image.jpg").click()
    plain.get_by_role("button", name="撤销这一步").click()

    expect(listed(plain, "image.jpg")).to_be_visible()
    assert walk.sideways(plain) == []


def test_far_too_much_at_once_is_answered_by_a_page_and_not_by_a_broken_line(open_browser, manager, place, tmp_path):
    for number in range(6):
        (tmp_path / f"{number}.csv").write_bytes(bytes(9 * MB))
    plain = open_browser(**DESKTOP, java_script_enabled=False)
    walk.sign_in(plain, manager)
    plain.goto(place)
    choose(plain, *sorted(tmp_path.iterdir()))
    walk.save(plain, "上传")

    expect(plain.get_by_role("alert")).to_contain_text("一次上传的内容超过 51 MB，没有收下。")


def test_one_file_serves_two_questions_and_the_consultant_downloads_it(open_browser, flask_app, firm, manager):
    diagnosis = make_diagnosis(flask_app, firm, {"data.L1.1": "full"}, declared_by="王某")
    page = open_browser(**DESKTOP)
    walk.sign_in(page, manager)
    page.goto(f"/diagnoses/{diagnosis.id}/evidence")
    choose(page, TABLE)
    expect(listed(page, "采集点表.csv")).to_be_visible()
    for fact in ("data.L1.1", "data.L1.2"):
        page.goto(f"/diagnoses/{diagnosis.id}/fill/data/firm/evidence/{fact}")
        page.locator("#others .option").filter(has_text="采集点表.csv").click()
        walk.save(page, "关联到这一题")
        expect(listed(page, "采集点表.csv")).to_be_visible()
    page.get_by_role("link", name="回到题目").first.click()
    assert page.url.endswith("/fill/data/firm/levels_1_2#data.L1.2")

    consultant = open_browser(**DESKTOP)
    walk.sign_in(consultant, make_consultant(flask_app, firm))
    consultant.goto(f"/reviews/{diagnosis.id}/pages/data/firm/levels_1_2")
    evidence = consultant.locator("[id='data.L1.1']").get_by_role("link", name="采集点表.csv")
    with consultant.expect_download() as download:
        evidence.click()

    assert download.value.suggested_filename == "采集点表.csv"
    assert download.value.path().read_bytes() == made.CSV
