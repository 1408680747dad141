"""What is refused when files are sent, in which words, and that nothing of it stays."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import update

from app.diagnosis.models import Diagnosis, Stage
from app.extensions import db
from tests.app.evidence import samples as made
from tests.app.evidence.daemon import EICAR, listening
from tests.app.evidence.reading import files, upload
from tests.factories import make_app, make_consultant, make_diagnosis, make_evidence, make_user, sign_in

MB = 1024 * 1024


@pytest.mark.parametrize("data", [{}, {"files": (BytesIO(), "")}, {"files": "text"}])
def test_sending_without_a_file_says_what_to_do(browser, place, data):
    answer = browser.post(place, data=data, content_type="multipart/form-data")

    assert answer.status_code == 422
    assert "还没有选择文件" in answer.text


REFUSED = [
    ("图纸.pdf", made.picture("PNG"), 415, "“图纸.pdf”：扩展名是 .pdf，内容却是“PNG 图片”"),
    ("页面.jpg", b"<!DOCTYPE html><script>alert(1)</script>", 415, "“页面.jpg”：内容是“.html 文件”"),
    ("图.svg", b"<svg onload='alert(1)'/>", 415, "“图.svg”：内容是“.svg 文件”"),
    ("压缩.zip", made.archive({"a": b"x"}), 415, "“压缩.zip”：内容是“.zip 文件”"),
    ("炸弹.docx", made.package(more={"word/a.bin": bytes(201 * MB)}), 422, "“炸弹.docx”：解开后有 201 MB"),
    ("空.csv", b"", 422, "“空.csv”：文件是空的"),
    ("大.csv", b"1,2\n" * (11 * MB // 4), 413, "“大.csv”：有 11.0 MB，超过单个文件 10 MB 的上限"),
]


@pytest.mark.parametrize(("name", "content", "status", "said"), REFUSED, ids=[one[0] for one in REFUSED])
def test_what_is_refused_is_named_on_the_same_page_and_keeps_nothing(
    flask_app, browser, place, name, content, status, said
):
    answer = browser.post(place, **upload((name, content)))

    assert answer.status_code == status
    assert said in answer.text
    assert "这一题的佐证材料" in answer.text
    assert files(flask_app) == []


def test_of_several_files_the_good_ones_stay_and_only_the_bad_one_is_named(browser, place):
    answer = browser.post(place, **upload(("a.csv", made.CSV), ("b.pdf", made.CSV), ("c.pdf", made.PDF)))

    assert answer.status_code == 415
    assert "已上传：a.csv、c.pdf" in answer.text
    assert "1 处没有完成" in answer.text
    assert "“b.pdf”：扩展名是 .pdf，内容却是“文本”" in answer.text


def test_more_than_one_upload_may_hold_is_refused_on_the_page_it_came_from(flask_app, browser, place):
    answer = browser.post(place, **upload(*((f"{letter}.csv", b"1,2\n" * (9 * MB // 4)) for letter in "abcdef")))

    assert answer.status_code == 413
    assert "一次上传的内容超过 51 MB，没有收下。请分几次上传；单个文件不超过 10 MB。" in answer.text
    assert "这一题的佐证材料" in answer.text
    assert files(flask_app) == []


@pytest.mark.parametrize("who", ["stranger", "consultant"])
def test_too_much_from_somebody_else_shows_nothing_of_the_diagnosis(flask_app, client, firm, diagnosis, place, who):
    sign_in(client, make_user(flask_app) if who == "stranger" else make_consultant(flask_app, firm))
    answer = client.post(place, **upload(("a.csv", b"1" * (52 * MB))))

    assert answer.status_code == 413
    assert "没有收下" in answer.text
    assert firm.name not in answer.text
    assert "佐证材料" not in answer.text


def test_a_photo_that_comes_after_the_session_ended_leads_to_the_sign_in_and_back(client, place):
    """Without a session no more is read than other forms hold, so it cannot be kept; it can be said."""
    answer = client.post(place, **upload(("现场.jpg", b"1" * (3 * MB))))

    assert (answer.status_code, answer.location) == (303, f"/sign-in?next={place}")
    assert "登录已过期，文件没有收下。请登录后再上传。" in client.get(answer.location).text


def test_more_than_fifty_files_at_once_are_too_many(flask_app, browser, place):
    answer = browser.post(place, **upload(*((f"{number}.csv", b"%d" % number) for number in range(51))))

    assert answer.status_code == 422
    assert "一次选了 51 个文件，最多 50 个。请分几次上传。" in answer.text
    assert files(flask_app) == []


def test_other_forms_hold_two_megabytes_as_before(browser, diagnosis, place):
    for other in (
        f"{place}/link",
        f"/diagnoses/{diagnosis.id}/fill/data/firm/levels_1_2",
        f"/diagnoses/{diagnosis.id}/tailoring",
    ):
        assert browser.post(other, data={"file": "x" * (3 * MB)}).status_code == 413


def test_refusals_speak_english_too(browser, place):
    browser.post("/language/en")
    false_name = browser.post(place, **upload(("drawing.pdf", made.picture("PNG"))))
    too_large = browser.post(place, **upload(("large.csv", b"1,2\n" * (11 * MB // 4))))
    too_much = browser.post(place, **upload(("a.csv", b"1" * (52 * MB))))

    assert (false_name.status_code, too_large.status_code, too_much.status_code) == (415, 413, 413)
    assert "“drawing.pdf”: its extension is .pdf, but its content is of the kind “PNG picture”." in false_name.text
    assert "“large.csv”: it has 11.0 MB, and one file may have 10 MB." in too_large.text
    assert "The upload holds more than 51 MB and was not taken." in too_much.text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("../../../etc/passwd.csv", "passwd.csv"),
        ("清单\u202egpj.csv", "清单gpj.csv"),
        ("<script>alert(1)<script>.csv", "_script_alert(1)_script_.csv"),
        ("长" * 300 + ".csv", "长" * 115 + "….csv"),
    ],
)
def test_a_name_never_becomes_a_path_or_markup(flask_app, browser, place, data_dir, typed, kept):
    answer = browser.post(place, **upload((typed, made.CSV)), follow_redirects=True)
    [file] = files(flask_app)
    on_disk = [path for path in (data_dir / "evidence").rglob("*") if path.is_file()]

    assert file.name == kept
    assert [path.name for path in on_disk] == [file.digest]
    assert "<script>alert" not in answer.text


def test_a_post_without_its_token_keeps_nothing(flask_app, browser, place):
    browser.sends_token = False

    assert browser.post(place, **upload(("a.csv", made.CSV))).status_code == 400
    assert files(flask_app) == []


def test_a_session_that_ended_says_so_and_leads_back_to_the_page(flask_app, client, place):
    answer = client.post(place, **upload(("a.csv", made.CSV)), headers={"Referer": f"http://localhost{place}"})

    assert answer.status_code == 401
    assert place in answer.text
    assert files(flask_app) == []


def test_after_the_submission_the_page_says_so_shows_the_files_and_takes_none(flask_app, browser, diagnosis, place):
    make_evidence(flask_app, diagnosis, shows=[("firm", "data.L1.1")])
    with flask_app.app_context():
        db.session.execute(update(Diagnosis.__table__).values(stage=Stage.SUBMITTED))
        db.session.connection().commit()
    answer = browser.post(place, **upload(("a.pdf", made.PDF)))

    assert answer.status_code == 409
    assert "佐证材料不能再增减。如需补充，请联系诊断专家退回。" in answer.text
    assert "设备清单.csv" in answer.text
    assert 'type="file"' not in answer.text
    assert len(files(flask_app)) == 1


def test_an_infected_file_and_a_scanner_that_is_away_are_said_on_the_page(tmp_path):
    with listening() as daemon:
        flask_app = make_app(tmp_path, clamd=daemon.server_address)
        diagnosis, client = make_diagnosis(flask_app), flask_app.test_client()
        sign_in(client, make_user(flask_app, firm_id=diagnosis.firm_id))
        at = f"/diagnoses/{diagnosis.id}/evidence"
        infected, clean = (
            client.post(at, **upload(("a.txt", EICAR))),
            client.post(at, **upload(("b.csv", made.CSV))),
        )
        page = client.get(at).text
    away = client.post(at, **upload(("c.pdf", made.PDF)))

    assert (infected.status_code, clean.status_code, away.status_code) == (422, 302, 503)
    assert "Eicar-Test-Signature" in infected.text
    assert "已查毒" in page
    assert "收下之前先查毒" in page
    assert "“c.pdf”：病毒扫描程序没有回应，文件没有收下" in away.text
