"""Reports in one zip: the forms that were chosen, each as it was written, and a list that says what is in it."""

from __future__ import annotations

import csv
import io
import tracemalloc
from hashlib import sha256
from zipfile import ZipFile

import pytest
from sqlalchemy import delete, select

from app.access import Role
from app.diagnosis.models import Layer, Stage
from app.extensions import db
from app.firms.models import Assignment, Firm
from app.reporting import batches, packing, service
from app.reporting.models import Form, ReportFile
from tests.factories import make_consultant, make_diagnosis, make_firm, make_user, sign_in
from tests.printing import freeze, in_all_forms, leave_the_pdf_only, print_all

EVERY = list(Form)


@pytest.fixture
def batch_of(flask_app, client):
    """Issue and print a report of each firm, asked for together by one consultant who is signed in."""

    def made(*names, pdf=b"%PDF-1.7"):
        firms = [make_firm(flask_app, name=name) for name in names]
        consultant = make_consultant(flask_app, *firms)
        found = [make_diagnosis(flask_app, firm, stage=Stage.REVIEWED) for firm in firms]
        with flask_app.test_request_context():
            for one in found:
                freeze(consultant, one, Layer.VERIFIED)
            batch, _left_out = batches.ask(consultant, [one.id for one in found])
            print_all(pdf)
            sign_in(client, consultant)
            return f"/reports/batches/{batch.id}/zip"

    return made


def opened(answer):
    """Return what a zip holds, and the lines of its list."""
    with ZipFile(io.BytesIO(answer.data)) as folder:
        assert folder.testzip() is None
        held = {name: folder.read(name) for name in folder.namelist()}
    listed = held.pop("清单.csv")
    assert listed.startswith(b"\xef\xbb\xbf")  # so that Excel reads it as UTF-8
    return held, list(csv.reader(io.StringIO(listed.decode("utf-8-sig"))))


def test_it_holds_the_pdf_alone_unless_somebody_chooses(client, batch_of):
    held, _lines = opened(client.get(batch_of("甲零件有限公司")))

    assert [name.rpartition(".")[2] for name in held] == ["pdf"]


def test_it_holds_the_forms_that_are_chosen_and_a_list_with_their_digests(client, batch_of):
    address = batch_of("甲零件有限公司", "乙零件有限公司")
    answer = client.get(f"{address}?form=pdf&form=docx&form=xlsx&form=exe")
    held, (heads, *lines) = opened(answer)

    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("application/zip", "private, no-store")
    assert sorted(held.values()) == sorted([*in_all_forms().values()] * 2)
    assert heads[:5] == ["企业名称", "统一社会信用代码", "诊断次数", "文件种类", "语言"]
    assert heads[5:] == ["文件名", "字节", "SHA-256", "备注"]
    assert [line[3] for line in lines] == ["诊断报告", "诊断报告", "诊断报告_评分底稿"] * 2
    assert {line[0] for line in lines} == {"甲零件有限公司", "乙零件有限公司"}
    assert {(line[5], int(line[6]), line[7]) for line in lines} == {
        (name, len(content), sha256(content).hexdigest()) for name, content in held.items()
    }


def test_a_file_that_is_lost_or_changed_is_left_out_and_the_list_says_so(flask_app, client, batch_of, data_dir):
    address = batch_of("甲零件有限公司", "乙零件有限公司")
    with flask_app.app_context():
        lost, changed = db.session.scalars(select(ReportFile.name).where(ReportFile.form == Form.PDF)).all()
    (data_dir / "reports" / lost).unlink()
    (data_dir / "reports" / changed).write_bytes(b"%PDF-1.7 otherwise")
    held, (_heads, *lines) = opened(client.get(f"{address}?form=pdf&form=docx"))

    assert set(held.values()) == {b"PK for Word"}
    assert {line[8] for line in lines if line[5]} == {""}
    assert {line[8] for line in lines if not line[5]} == {
        "没有装入：文件不在存放的位置。请告诉管理员。",
        "没有装入：文件与签发时的校验值不符。请告诉管理员。",
    }


def test_a_report_of_early_days_is_packed_as_pdf_and_the_list_says_that_there_is_nothing_else(
    flask_app, client, batch_of
):
    address = batch_of("甲零件有限公司")
    with flask_app.app_context():
        leave_the_pdf_only()
    held, (_heads, pdf, word) = opened(client.get(f"{address}?form=pdf&form=docx"))

    assert len(held) == 1
    assert (pdf[8], word[5], word[8][:10]) == ("", "", "这份报告只有 PDF"[:10])


def test_firms_of_the_same_name_are_told_apart_and_no_name_leaves_its_folder_or_is_too_long(
    flask_app, client, batch_of
):
    held, _lines = opened(client.get(batch_of("../甲\n公司", "../甲\n公司", "Ab" * 40, "aB" * 40, "字" * 120)))

    assert len({name.casefold() for name in held}) == 5
    assert not any("/" in name or "\n" in name for name in held)
    assert all(len(name.encode()) < 255 for name in held)
    assert sum(name.startswith(".._甲_公司_9") for name in held) == 2


def test_the_list_holds_no_formula_whatever_a_firm_is_called(client, batch_of):
    _held, (_heads, line) = opened(client.get(batch_of("=HYPERLINK(1)")))

    assert line[0] == "'=HYPERLINK(1)"


def test_words_of_the_list_are_those_of_the_reader(flask_app, client, batch_of):
    address = batch_of("甲零件有限公司")
    client.post("/language/en")
    with ZipFile(io.BytesIO(client.get(address).data)) as folder:
        listed = folder.read("list of files.csv").decode("utf-8-sig").splitlines()

    assert listed[0] == "Firm,Unified social credit code,Diagnosis no.,What it is,Language,File,Bytes,SHA-256,Note"
    assert ",Chinese," in listed[1]


def test_a_zip_of_many_large_reports_takes_the_memory_of_a_few(flask_app, data_dir):
    large, folder = b"%PDF-" + bytes(2 * 1024 * 1024), data_dir / "reports"
    folder.mkdir(exist_ok=True)
    (folder / "large.pdf").write_bytes(large)
    about, digest = ("甲", "", "1", "诊断报告", "中文"), sha256(large).hexdigest()
    entries = tuple(packing.Entry(about, f"{n}.pdf", folder / "large.pdf", digest) for n in range(60))
    tracemalloc.start()
    size = sum(map(len, packing.written(packing.Packing(entries, "清单.csv", ("",) * 9, "", "", ""))))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert size > 60 * len(large)
    assert peak < 6 * len(large)


@pytest.mark.parametrize("form", Form)
def test_a_batch_of_somebody_else_is_not_found_in_any_form(flask_app, client, batch_of, form):
    address = batch_of("甲零件有限公司")
    sign_in(client, make_user(flask_app, Role.COMMISSION))

    assert client.get(f"{address}?form={form}").status_code == 404


def test_a_firm_that_is_no_longer_the_consultants_is_left_out(flask_app, client, batch_of):
    address = batch_of("甲零件有限公司", "乙零件有限公司")
    with flask_app.app_context():
        other = db.session.scalar(select(Firm).where(Firm.name == "乙零件有限公司"))
        db.session.execute(delete(Assignment).where(Assignment.firm_id == other.id))
        service.audit.record("system", "test.unassign", "firm")
        db.session.commit()
    held, (_heads, *lines) = opened(client.get(address))

    assert [line[0] for line in lines] == ["甲零件有限公司"]
    assert len(held) == 1


def test_the_page_of_a_batch_lets_choose_and_begins_with_the_pdf(client, batch_of):
    page = client.get(batch_of("甲零件有限公司").removesuffix("/zip")).text

    assert '<input type="checkbox" name="form" value="pdf" checked>' in page
    assert all(f'<input type="checkbox" name="form" value="{form}">' in page for form in ("docx", "xlsx"))
