"""The board and the recording in the browser."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from app.access import Role
from app.extensions import db
from app.presentation import today
from app.programme.models import ConversionEntry, RecognitionEntry
from tests.factories import make_diagnosis, make_firm, make_user, sign_in

PAPER = {"day": "2026-03-01", "document": "渝经信〔2026〕1号", "issuer": "市经济信息委"}


@pytest.fixture
def commission(client, city):
    sign_in(client, city.commission)
    return client


@pytest.fixture
def officer(client, city):
    sign_in(client, city.officer)
    return client


def text(answer):
    return answer.get_data(as_text=True)


def count_of(flask_app, table):
    with flask_app.app_context():
        return db.session.scalar(select(func.count()).select_from(table))


def test_every_number_on_the_board_opens_a_list_of_that_length(flask_app, commission, city):
    make_diagnosis(flask_app, city.first)
    page = text(commission.get("/board"))
    links = re.findall(r'href="(/board/(?:list|firms)/[^"]+)"[^>]*>(?:<[^>]*>|\s)*?(\d+)</a>', page)
    checked = 0
    for address, number in links:
        found = text(commission.get(address.replace("&amp;", "&")))
        rows = len(re.findall(r'<th scope="row">', found)) + len(re.findall(r'class="list__row"', found))
        assert rows == int(number), address
        checked += 1

    assert checked >= 20


def test_the_board_prints_its_rule_and_names_its_assumptions(commission):
    page = text(commission.get("/board"))

    assert "计数起点 2023-12-04（本工具的假设）" in page
    assert "计数起点与计入口径为本工具默认口径，待主管部门确认。" in page
    assert "不是方案规定的年度任务" in page


def test_the_filters_stay_in_every_link_of_the_page(commission):
    page = text(commission.get("/board?district=500151&year=2026"))

    assert 'href="/board/list/conversion?district=500151&amp;year=2026"' in page
    assert 'href="/board/export.xlsx?district=500151&amp;year=2026"' in page
    assert '<option value="500151" selected>' in page


@pytest.mark.parametrize("path", ["/board/list/moon", "/board/list/conversion?part=<b>"])
def test_an_unknown_list_is_not_found(commission, path):
    assert commission.get(path).status_code == 404


def test_an_officer_never_sees_firms_of_another_district(officer):
    pages = [
        text(officer.get(path))
        for path in ("/board", "/board?district=500120", "/board/list/conversion?district=500120", "/recognitions",
                     "/board/firms/none?district=500120")
    ]  # fmt: skip

    assert all("示例甲" not in page for page in pages)
    assert "示例乙" in pages[2]


def test_the_export_of_an_officer_holds_the_own_district_only(officer):
    answer = officer.get("/board/export.xlsx?district=500120")
    sheet = load_workbook(BytesIO(answer.data))["传统汽车零部件企业累计完成转型升级"]
    names = [row[1] for row in sheet.iter_rows(min_row=2, values_only=True)]

    assert answer.headers["Content-Disposition"] == f"attachment; filename=plan90-{today()}.xlsx"
    assert names == ["示例乙有限公司", "示例丙有限公司"]


@pytest.mark.parametrize("role", [Role.FACTORY_MANAGER, Role.CONSULTANT, Role.AUTHOR, Role.ADMINISTRATOR])
def test_the_board_is_for_the_authorities(flask_app, client, role):
    sign_in(client, make_user(flask_app, role))

    assert [client.get(path).status_code for path in ("/board", "/recognitions")] == [403, 403]


def test_a_conversion_recorded_by_the_commission_counts_at_once(flask_app, commission, city):
    answer = commission.post(
        f"/recognitions/firm/{city.third.id}/conversion",
        data={**PAPER, "day": "2026-08-01", "state": "city_recognised"},
    )
    page = text(commission.get("/board/list/conversion"))

    assert answer.status_code == 302
    assert "示例丙有限公司" in page


def test_a_step_before_the_newest_one_is_kept_and_said_to_change_nothing(commission, city):
    answer = commission.post(
        f"/recognitions/firm/{city.third.id}/conversion", data={**PAPER, "state": "declared"}, follow_redirects=True
    )

    assert "它早于 2026-07-01 的一条，企业的现状不变" in text(answer)


def test_a_day_in_the_future_is_refused_beside_what_was_typed(flask_app, commission, city):
    before = count_of(flask_app, ConversionEntry)
    tomorrow = (today() + timedelta(days=1)).isoformat()
    answer = commission.post(
        f"/recognitions/firm/{city.third.id}/conversion",
        data={**PAPER, "day": tomorrow, "state": "declared", "document": "我的文件"},
    )
    page = text(answer)

    assert answer.status_code == 422
    assert f"日期 {tomorrow} 在今天" in page
    assert 'value="我的文件"' in page
    assert count_of(flask_app, ConversionEntry) == before


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"day": ""}, "请填写日期。"),
        ({"day": "2026年3月"}, "“2026年3月”不是日期，应像 2026-10-31。"),
        ({"state": ""}, "请选择状态。"),
        ({"state": "converted"}, "请核对 1 处"),
        ({"systems": ["gearbox"]}, "请核对 1 处"),
    ],
)
def test_a_form_that_is_wrong_says_what_to_do_and_keeps_nothing(flask_app, commission, city, changed, words):
    before = count_of(flask_app, ConversionEntry)
    answer = commission.post(
        f"/recognitions/firm/{city.third.id}/conversion", data={**PAPER, "state": "declared", **changed}
    )

    assert answer.status_code == 422
    assert words in text(answer)
    assert count_of(flask_app, ConversionEntry) == before


def test_an_officer_is_not_offered_what_the_city_records(officer, city):
    officer_page = text(officer.get(f"/recognitions/firm/{city.third.id}"))
    page = text(officer.get(f"/recognitions/firm/{city.third.id}/conversion"))

    assert "区县核实" in page
    assert 'value="city_recognised"' not in page
    assert f'/recognitions/firm/{city.third.id}/recognition"' not in officer_page


def test_an_officer_cannot_record_a_recognition_by_posting_it(flask_app, officer, city):
    before = count_of(flask_app, RecognitionEntry)
    unit = city.parts[2]["压铸车间"]
    answer = officer.post(
        f"/recognitions/firm/{city.third.id}/recognition", data={**PAPER, "kind": "digital_workshop", "unit": str(unit)}
    )

    assert answer.status_code == 422
    assert count_of(flask_app, RecognitionEntry) == before


def test_a_workshop_is_recognised_and_withdrawn_again(flask_app, commission, city):
    unit = city.parts[2]["压铸车间"]
    commission.post(
        f"/recognitions/firm/{city.third.id}/recognition", data={**PAPER, "kind": "digital_workshop", "unit": str(unit)}
    )
    with flask_app.app_context():
        entry = db.session.scalar(select(RecognitionEntry).order_by(RecognitionEntry.id.desc()))
        key, day = entry.id, entry.day
    standing = text(commission.get("/board/list/digital_workshop"))
    commission.post(f"/recognitions/firm/{city.third.id}/{key}/withdraw", data={**PAPER, "day": "2026-10-01"})
    gone = text(commission.get("/board/list/digital_workshop?part=others"))

    assert day == date(2026, 3, 1)
    assert "压铸车间" in standing
    assert "压铸车间" in gone
    assert "认定已撤销" in gone


def test_what_is_recorded_of_a_firm_is_listed_with_its_paper_and_whether_it_holds(commission, city):
    page = text(commission.get(f"/recognitions/firm/{city.first.id}"))
    rows = re.findall(r"<strong>([^<]+)</strong>.*?(现状|较早|有效|撤销)<", page, re.DOTALL)

    assert rows == [
        ("市级认可", "现状"),
        ("在转型", "较早"),
        ("数字化车间 · 一工厂 · 冲压车间", "撤销"),
        ("数字化车间 · 一工厂 · 焊装车间", "有效"),
        ("数字化车间 · 一工厂 · 冲压车间", "较早"),
    ]


def test_a_recognition_of_another_firm_cannot_be_withdrawn_under_this_one(flask_app, commission, city):
    with flask_app.app_context():
        foreign = db.session.scalar(select(RecognitionEntry.id).where(RecognitionEntry.firm_id == city.first.id))
    answer = commission.post(f"/recognitions/firm/{city.third.id}/{foreign}/withdraw", data=PAPER)

    assert answer.status_code == 404


def test_a_unit_of_another_firm_cannot_be_recognised_under_this_one(flask_app, commission, city):
    before = count_of(flask_app, RecognitionEntry)
    foreign = city.parts[0]["焊装车间"]
    answer = commission.post(
        f"/recognitions/firm/{city.third.id}/recognition",
        data={**PAPER, "kind": "digital_workshop", "unit": str(foreign)},
    )

    assert answer.status_code == 422
    assert count_of(flask_app, RecognitionEntry) == before


def test_an_unknown_firm_is_answered_with_what_to_do(commission):
    page = text(commission.get("/recognitions?words=没有这家"))

    assert "没有找到“没有这家”。请核对名称或信用代码" in page


def test_a_hostile_firm_name_is_shown_as_text(flask_app, commission, city):
    firm = make_firm(flask_app, name="<script>alert(1)</script>")
    commission.post(f"/recognitions/firm/{firm.id}/conversion", data={**PAPER, "state": "city_recognised"})
    page = text(commission.get("/board/list/conversion"))

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
