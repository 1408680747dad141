"""Evidence in the browser: give, link, take back, download; what is refused, and how little a file may do."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest

from app.access import Role
from app.evidence import service, sheet
from tests.app.evidence import samples as made
from tests.app.evidence.reading import files, upload
from tests.factories import (
    make_consultant,
    make_diagnosis,
    make_evidence,
    make_firm,
    make_user,
    sign_in,
)

MB = 1024 * 1024
LOCKED = "default-src 'none'; sandbox"


def counted(flask_app, diagnosis) -> dict[tuple[str, str], int]:
    with flask_app.app_context():
        return service.counts(diagnosis.id)


# --- the page of one question -----------------------------------------------------------------------------------------


def test_the_page_says_the_question_what_is_wanted_and_the_limits_before_a_file_is_chosen(browser, place):
    text = browser.get(place).text

    assert "这一题的佐证材料" in text
    assert "可作佐证" in text
    assert "单个文件不超过 10 MB；一次最多 50 个，合计不超过 50 MB；整份诊断不超过 500 MB" in text
    assert text.index("单个文件不超过 10 MB") < text.index('type="file"')
    assert "照片里的拍摄时间和位置也会保留" in text
    assert re.search(r'<input[^>]+accept="image/\*" capture="environment"', text)
    assert re.search(r'<input[^>]+ multiple accept="[^"]*\.docx', text)


def test_several_files_at_once_are_kept_and_the_page_leads_back_to_the_question(flask_app, browser, diagnosis, place):
    answer = browser.post(place, **upload(("现场.jpg", made.picture()), ("采集点表.csv", made.CSV)))
    text = browser.get(answer.location).text

    assert answer.status_code == 302
    assert answer.location == f"{place}#files"
    assert counted(flask_app, diagnosis) == {("firm", "data.L1.1"): 2}
    assert "已上传：现场.jpg、采集点表.csv" in text
    assert f'href="/diagnoses/{diagnosis.id}/fill/data/firm/levels_1_2#data.L1.1"' in text
    assert "王厂长" in text


def test_the_answer_to_the_question_stands_beside_it(flask_app, client, firm, manager):
    answered = make_diagnosis(flask_app, firm, {"data.L1.1": "mostly"})
    sign_in(client, manager)

    assert "大部分满足" in client.get(f"/diagnoses/{answered.id}/fill/data/firm/evidence/data.L1.1").text


def test_a_figure_of_a_workshop_has_its_own_evidence(flask_app, browser, diagnosis, workshop):
    at = f"/diagnoses/{diagnosis.id}/fill/workshop_equipment/{workshop}/evidence/equipment_count"
    browser.post(at, **upload(("清单.xlsx", made.workbook())))
    text = browser.get(at).text

    assert counted(flask_app, diagnosis) == {(workshop, "equipment_count"): 1}
    assert "冲压车间" in text
    assert "生产装备总数" in text


@pytest.mark.parametrize(
    "at",
    [
        "data/firm/evidence/nothing",
        "data/firm/evidence/employees",
        "nothing/firm/evidence/data.L1.1",
        "data/no-one/evidence/data.L1.1",
    ],
)
def test_what_is_not_asked_there_has_no_evidence(browser, diagnosis, at):
    assert browser.get(f"/diagnoses/{diagnosis.id}/fill/{at}").status_code == 404
    assert browser.post(f"/diagnoses/{diagnosis.id}/fill/{at}", **upload(("a.csv", made.CSV))).status_code == 404


def test_a_file_given_before_is_linked_taken_back_and_the_taking_back_undone(flask_app, browser, diagnosis, place):
    file = make_evidence(flask_app, diagnosis)
    offered = browser.get(place).text
    linked = browser.post(f"{place}/link", data={"file": str(file.id)})
    with_file = counted(flask_app, diagnosis)
    taken = browser.post(f"{place}/unlink", data={"file": str(file.id)})
    without, undo = counted(flask_app, diagnosis), browser.get(taken.location).text

    assert "用已上传的文件（1 个）" in offered
    assert (linked.status_code, with_file, without) == (302, {("firm", "data.L1.1"): 1}, {})
    assert "“设备清单.csv”不再用于这一题，文件还在。" in undo
    assert f'name="file" value="{file.id}"' in undo


@pytest.mark.parametrize(
    ("chosen", "status"), [([], 422), (["x"], 404), (["00000000-0000-0000-0000-000000000000"], 404)]
)
@pytest.mark.parametrize("step", ["link", "unlink"])
def test_choosing_no_file_or_none_of_ours_is_refused(browser, place, step, chosen, status):
    assert browser.post(f"{place}/{step}", data={"file": chosen}).status_code == status


# --- all files --------------------------------------------------------------------------------------------------------


def test_all_files_stand_on_one_page_with_what_each_shows(flask_app, browser, diagnosis, workshop):
    make_evidence(flask_app, diagnosis, shows=[("firm", "data.L1.1"), (workshop, "equipment_count")])
    make_evidence(flask_app, diagnosis, "b.pdf", made.PDF, kind="pdf")
    make_evidence(
        flask_app, diagnosis, "c.csv", b"x", shows=[("00000000-0000-0000-0000-000000000000", "equipment_count")]
    )
    text = browser.get(f"/diagnoses/{diagnosis.id}/evidence").text

    assert "3 个，共" in text
    assert f'href="/diagnoses/{diagnosis.id}/fill/data/firm/evidence/data.L1.1"' in text
    assert "冲压车间 · 生产装备总数" in text
    assert "还没有关联到题目" in text
    assert "用于：生产装备总数" in text  # of a workshop that is no longer asked about: without a link
    assert f'/diagnoses/{diagnosis.id}/evidence"' in browser.get(f"/diagnoses/{diagnosis.id}").text


def test_many_files_stand_on_several_pages_with_the_newest_first(flask_app, browser, diagnosis, monkeypatch):
    monkeypatch.setattr(sheet, "FILES_ON_A_PAGE", 2)
    for minute in range(5):
        added_at = diagnosis.started_at + timedelta(minutes=minute)
        make_evidence(flask_app, diagnosis, f"{minute}.csv", b"%d" % minute, added_at=added_at)
    at = f"/diagnoses/{diagnosis.id}/evidence"
    shown = {
        page: re.findall(r"(\d)\.csv</a>", browser.get(f"{at}?page={page}").text) for page in ("1", "3", "9", "x", "-1")
    }

    assert shown == {"1": ["4", "3"], "3": ["0"], "9": ["0"], "x": ["4", "3"], "-1": ["4", "3"]}
    assert f'href="{at}?page=2" rel="next"' in browser.get(at).text
    assert "5 个，共" in browser.get(at).text


def test_a_file_is_removed_taken_back_and_erased(flask_app, browser, diagnosis, data_dir):
    file = make_evidence(flask_app, diagnosis, shows=[("firm", "data.L1.1")])
    at = f"/diagnoses/{diagnosis.id}/evidence"
    removed = browser.get(browser.post(f"{at}/{file.id}/remove").location).text
    browser.post(f"{at}/{file.id}/restore")
    back = counted(flask_app, diagnosis)
    early = browser.post(f"{at}/{file.id}/erase")
    browser.post(f"{at}/{file.id}/remove")
    browser.post(f"{at}/{file.id}/erase")

    assert "已删除“设备清单.csv”。" in removed
    assert "已删除的文件（1 个）" in removed
    assert back == {("firm", "data.L1.1"): 1}
    assert (early.status_code, "请先删除文件，再彻底删除" in early.text) == (409, True)
    assert [path for path in (data_dir / "evidence").rglob("*") if path.is_file()] == []
    assert "设备清单.csv" not in browser.get(at).text
    assert browser.get(f"{at}/{file.id}/file").status_code == 404


def test_a_step_that_there_is_not_and_a_file_that_there_is_not_are_not_found(browser, diagnosis):
    nobody = "00000000-0000-0000-0000-000000000000"

    assert browser.post(f"/diagnoses/{diagnosis.id}/evidence/{nobody}/remove").status_code == 404
    assert browser.post(f"/diagnoses/{diagnosis.id}/evidence/{nobody}/publish").status_code == 404


# --- the bytes --------------------------------------------------------------------------------------------------------


def test_a_file_comes_back_byte_for_byte_to_be_saved_and_never_to_be_shown(browser, flask_app, diagnosis, place):
    photo = made.photo_with_place()
    browser.post(place, **upload(("现场 一.jpg", photo)))
    [file] = files(flask_app)
    answer = browser.get(f"/diagnoses/{diagnosis.id}/evidence/{file.id}/file")

    assert answer.data == photo
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert unquote(answer.headers["Content-Disposition"]).endswith("UTF-8''现场 一.jpg")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Security-Policy"] == LOCKED
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_small_picture_is_shown_and_carries_neither_place_nor_time(browser, flask_app, diagnosis, place):
    browser.post(place, **upload(("现场.jpg", made.photo_with_place())))
    [file] = files(flask_app)
    address = f"/diagnoses/{diagnosis.id}/evidence/{file.id}/preview"
    answer = browser.get(address)

    assert f'src="{address}"' in browser.get(place).text
    assert answer.content_type == "image/jpeg"
    assert b"Exif" not in answer.data
    assert len(answer.data) < 10_000
    assert answer.headers["Content-Security-Policy"] == LOCKED
    assert answer.headers["Content-Disposition"].startswith("inline;")
    assert browser.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_other_kinds_have_no_small_picture(flask_app, browser, diagnosis):
    file = make_evidence(flask_app, diagnosis)

    assert browser.get(f"/diagnoses/{diagnosis.id}/evidence/{file.id}/preview").status_code == 404


def test_a_file_that_was_changed_or_is_lost_on_disk_is_not_handed_out(flask_app, browser, diagnosis, data_dir):
    file = make_evidence(flask_app, diagnosis)
    on_disk, address = (
        data_dir / "evidence" / file.digest[:2] / file.digest,
        f"/diagnoses/{diagnosis.id}/evidence/{file.id}/file",
    )
    on_disk.write_bytes(b"something else")
    changed = browser.get(address)
    on_disk.unlink()
    lost = browser.get(address)

    assert (changed.status_code, lost.status_code) == (404, 404)
    assert "服务器上的文件与上传时不同，没有发出" in changed.text
    assert "文件不在服务器上了，记录还在" in lost.text


@pytest.mark.parametrize("role", [Role.CONSULTANT, Role.DISTRICT_OFFICER, Role.COMMISSION])
def test_those_who_read_a_diagnosis_see_its_files_and_change_none(flask_app, client, firm, diagnosis, place, role):
    file = make_evidence(flask_app, diagnosis, shows=[("firm", "data.L1.1")])
    gone = make_evidence(flask_app, diagnosis, "gone.pdf", made.PDF, kind="pdf", removed_at=diagnosis.started_at)
    reader = make_consultant(flask_app, firm) if role is Role.CONSULTANT else make_user(flask_app, role)
    sign_in(client, reader)
    at = f"/diagnoses/{diagnosis.id}/evidence"
    pages = client.get(place).text + client.get(at).text

    assert pages.count("设备清单.csv</a>") == 2
    assert "gone.pdf" not in pages
    assert 'type="file"' not in pages
    assert "取消关联" not in pages
    assert client.get(f"{at}/{file.id}/file").data == made.CSV
    assert client.get(f"{at}/{gone.id}/file").status_code == 404
    assert client.post(place, **upload(("a.pdf", made.PDF))).status_code == 403
    assert client.post(f"{at}/{file.id}/remove").status_code == 403


@pytest.mark.parametrize(
    "path", ["evidence", "evidence/{file}/file", "evidence/{file}/preview", "fill/data/firm/evidence/data.L1.1"]
)
def test_a_foreign_manager_finds_nothing(flask_app, client, diagnosis, path):
    file = make_evidence(flask_app, diagnosis, picture=b"small")
    sign_in(client, make_user(flask_app))

    assert client.get(f"/diagnoses/{diagnosis.id}/{path.format(file=file.id)}").status_code == 404


def test_a_foreign_file_is_not_found_below_an_own_diagnosis(flask_app, browser, diagnosis, place):
    foreign = make_evidence(flask_app, make_diagnosis(flask_app, make_firm(flask_app)), picture=b"small")
    at = f"/diagnoses/{diagnosis.id}/evidence/{foreign.id}"

    assert [browser.get(f"{at}/{what}").status_code for what in ("file", "preview")] == [404, 404]
    assert [browser.post(f"{at}/{step}").status_code for step in ("remove", "restore", "erase")] == [404] * 3
    assert browser.post(f"{place}/link", data={"file": str(foreign.id)}).status_code == 404
    assert foreign.name not in browser.get(f"{place}?unlinked={foreign.id}").text


def test_pages_of_evidence_speak_english_too(browser, place, diagnosis):
    browser.post("/language/en")

    assert "One file may have 10 MB" in browser.get(place).text
    assert "All files" in browser.get(f"/diagnoses/{diagnosis.id}/evidence").text
