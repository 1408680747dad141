"""A list filled in, confirmed and kept through its pages: nothing typed is lost, and the figures become answers."""

from __future__ import annotations

import csv
import io
import re
from fractions import Fraction

import pytest
from sqlalchemy import select

from app.access import Role
from app.audit import AuditEvent
from app.diagnosis import service as diagnoses
from app.diagnosis.models import AnswerEntry, Diagnosis, ListVersion, Stage
from app.errors import Stale
from app.extensions import db
from tests.factories import make_consultant, make_diagnosis, make_firm, make_user, parts_of, sign_in

HOSTILE = "<script>alert(1)</script>"
DIGITAL, NETWORKED = "equipment_digital_count", "equipment_networked_count"
TWO_ROWS = {
    "r1.name": "压力机",
    "r1.detail": "J23-200",
    "r1.count": "40",
    f"r1.{DIGITAL}": "1",
    f"r1.{NETWORKED}": "1",
    "r2.name": "老冲床",
    "r2.count": "80",
}


@pytest.fixture
def firm(flask_app):
    return make_firm(flask_app, {"一工厂": ("冲压车间", "焊装车间")}, name="示例山城零部件厂")


@pytest.fixture
def shop(flask_app, firm):
    return str(parts_of(flask_app, firm)["冲压车间"])


@pytest.fixture
def diagnosis(flask_app, firm, shop):
    return make_diagnosis(flask_app, firm, {(shop, "equipment_count"): Fraction(118)})


@pytest.fixture
def browser(flask_app, client, firm):
    sign_in(client, make_user(flask_app, firm_id=firm.id, name="王厂长"))
    return client


@pytest.fixture
def page(diagnosis, shop):
    return f"/diagnoses/{diagnosis.id}/fill/workshop_equipment/{shop}/list/equipment_digital_rate"


def hidden(text, name):
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    return found[1] if found else ""


def post(browser, page, shown="", **data):
    """Post what the page showed with what is typed now."""
    carried = {name: hidden(shown, name) for name in ("revision", "version", "confirmed")}
    return browser.post(page, data={**carried, **data})


def keep(browser, page, rows=TWO_ROWS):
    """Fill in, compute and confirm, from a page opened just now."""
    checked = post(browser, page, browser.get(page).text, **rows).text
    return post(browser, page, checked, then="save", **rows)


def answers(flask_app, shop):
    with flask_app.app_context():
        rows = select(AnswerEntry).where(AnswerEntry.subject_key == shop).order_by(AnswerEntry.id)
        return {row.fact: (row.state, row.value) for row in db.session.scalars(rows)}


def versions(flask_app):
    with flask_app.app_context():
        return db.session.scalars(select(ListVersion).order_by(ListVersion.id)).all()


# --- from rows to answers ---------------------------------------------------------------------------------------------


def test_the_question_leads_to_its_list(browser, diagnosis, shop, page):
    question = browser.get(f"/diagnoses/{diagnosis.id}/fill/workshop_equipment/{shop}/machines").text

    assert 'href="list/equipment_digital_rate"' in question
    assert "<h1>装备清单</h1>" in browser.get(page).text


def test_the_figures_are_shown_beside_what_is_stated_before_anything_is_kept(flask_app, browser, shop, page):
    checked = post(browser, page, browser.get(page).text, **TWO_ROWS).text

    assert "算出来是这些数，对吗？" in checked
    assert "<strong>120 台（套）</strong>" in checked
    assert "▲ 118 台（套）" in checked
    assert '生产装备数字化率 <strong class="number">33.3%</strong>' in checked
    assert 'value="J23-200"' in checked
    assert answers(flask_app, shop) == {"equipment_count": ("stated", "118")}
    assert versions(flask_app) == []


def test_confirmed_figures_become_answers_in_one_save_and_the_rows_are_kept(flask_app, browser, diagnosis, shop, page):
    answer = keep(browser, page)
    (kept,) = versions(flask_app)
    with flask_app.app_context():
        last = db.session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc())).first()

    assert answer.location.endswith("/machines#equipment_count")
    assert answers(flask_app, shop) == {
        "equipment_count": ("stated", "120"),
        DIGITAL: ("stated", "40"),
        NETWORKED: ("stated", "40"),
    }
    assert (kept.row_count, kept.totals, kept.revision) == (2, {"equipment_count": 120, DIGITAL: 40, NETWORKED: 40}, 2)
    assert (last.action, last.detail["list"], last.detail["rows"]) == ("diagnosis.keep_list", "equipment", 2)


def test_figures_that_were_not_confirmed_are_shown_once_more(flask_app, browser, shop, page):
    checked = post(browser, page, browser.get(page).text, **TWO_ROWS).text
    changed = post(browser, page, checked, then="save", **{**TWO_ROWS, "r2.count": "81"})

    assert changed.status_code == 200
    assert "<strong>121 台（套）</strong>" in changed.text
    assert versions(flask_app) == []


def test_a_kept_list_is_shown_again_with_its_rows(browser, page):
    keep(browser, page)
    again = browser.get(page).text

    assert re.findall(r'name="r\d+\.name" value="([^"]+)"', again) == ["压力机", "老冲床"]
    assert f'name="r1.{DIGITAL}" value="1" checked' in again
    assert "保存，2 行。" in again


def test_a_list_saved_again_is_a_new_version_and_the_old_one_stays(flask_app, browser, page):
    keep(browser, page)
    keep(browser, page, {"r1.name": "压力机", "r1.count": "10"})

    assert [one.row_count for one in versions(flask_app)] == [2, 1]


def test_emptied_rows_are_gone(flask_app, browser, shop, page):
    keep(browser, page)
    keep(browser, page, {**TWO_ROWS, "r1.name": "", "r1.detail": "", "r1.count": ""})

    assert answers(flask_app, shop)["equipment_count"] == ("stated", "80")


# --- bad input --------------------------------------------------------------------------------------------------------


def test_faults_are_named_by_row_and_nothing_typed_is_lost(flask_app, browser, shop, page):
    answer = post(browser, page, browser.get(page).text, **{**TWO_ROWS, "r2.count": "八十", "r3.detail": "没有名称"})

    assert answer.status_code == 422
    assert '<a href="#r2-count">第 2 行：台（套）数应是 1 以上的整数，填写的是“八十”。</a>' in answer.text
    assert '<a href="#r3-name">第 3 行：请填写装备名称。</a>' in answer.text
    assert 'value="八十"' in answer.text
    assert 'value="没有名称"' in answer.text
    assert f'name="r1.{DIGITAL}" value="1" checked' in answer.text
    assert answers(flask_app, shop) == {"equipment_count": ("stated", "118")}


def test_hostile_rows_are_kept_as_text_and_never_become_markup(browser, diagnosis, shop, page):
    keep(browser, page, {"r1.name": HOSTILE, "r1.detail": '"><img src=x>', "r1.count": "1"})
    shown = [browser.get(page).text, browser.get(f"/diagnoses/{diagnosis.id}/lists/equipment/{shop}").text]

    assert [HOSTILE in text or "<img" in text for text in shown] == [False, False]
    assert all("&lt;script&gt;" in text for text in shown)


@pytest.mark.parametrize("name", ["r1.", "r99999.name", "rx.name", "r1.name.more", "r-1.name", "r1.employees"])
def test_fields_with_odd_names_count_nothing(flask_app, browser, page, name):
    post(browser, page, browser.get(page).text, then="save", confirmed="0,0,0", **{name: "5"})

    assert all(one.row_count == 0 for one in versions(flask_app))


def test_five_hundred_rows_are_the_most(browser, page):
    lines = "\n".join(f"设备{number}\t\t1\t是\t否" for number in range(501))
    answer = post(browser, page, browser.get(page).text, then="paste", lines=lines)

    assert answer.status_code == 422
    assert "现在有 501 行，最多 500 行" in answer.text
    assert "设备500" in answer.text


def test_fifty_thousand_pasted_rows_are_refused_in_words(browser, page):
    lines = "\n".join(f"x{number}" for number in range(50_000))
    answer = post(browser, page, browser.get(page).text, then="paste", lines=lines)

    assert answer.status_code == 422
    assert "现在有 50000 行，最多 500 行" in answer.text


@pytest.mark.parametrize("indicator", ["no_such_rate", "nev_revenue_share_y1", "productivity_gain", "equipment_count"])
def test_there_is_a_list_only_where_figures_are_counted_from_one(browser, diagnosis, shop, indicator):
    for section in ("workshop_equipment", "conversion", "no_such_section"):
        address = f"/diagnoses/{diagnosis.id}/fill/{section}/{shop}/list/{indicator}"

        assert browser.get(address).status_code == 404


def test_a_list_of_another_kind_of_subject_or_another_firm_is_not_found(flask_app, browser, diagnosis, firm):
    other = parts_of(flask_app, make_firm(flask_app, {"二工厂": ("涂装车间",)}))["涂装车间"]
    for key in ("firm", parts_of(flask_app, firm)["一工厂"], other, "nonsense"):
        address = f"/diagnoses/{diagnosis.id}/fill/workshop_equipment/{key}/list/equipment_digital_rate"

        assert browser.get(address).status_code == 404
        assert browser.post(address, data=TWO_ROWS).status_code == 404


# --- pasting ----------------------------------------------------------------------------------------------------------


def test_lines_from_a_spreadsheet_join_the_rows(browser, page):
    lines = "装备名称\t型号或编号\t台（套）数\t数字化\t已联网\n机器人\tKR-10\t3\t是\t否\n"
    joined = post(browser, page, browser.get(page).text, then="paste", lines=lines, **TWO_ROWS).text

    assert re.findall(r'name="r\d+\.name" value="([^"]+)"', joined) == ["压力机", "老冲床", "机器人"]
    assert "<strong>123 台（套）</strong>" in joined


def test_a_long_list_is_text_and_its_faults_name_the_line(browser, page):
    lines = [f"设备{number}\t\t1\t是\t否" for number in range(99)]
    lines[41] = "设备41\t\t1\t部分\t否"
    answer = post(browser, page, browser.get(page).text, then="paste", lines="\n".join(lines))

    assert answer.status_code == 422
    assert "第 42 行：“数字化”写的是“部分”，请写“是”或“否”。" in answer.text
    assert "设备41\t\t1\t部分\t否" in answer.text
    assert 'name="r1.name"' not in answer.text


def test_a_long_list_is_kept_and_shown_again_as_text(flask_app, browser, page):
    lines = "\n".join(f"设备{number}\tM-{number}\t1\t是\t" for number in range(99))
    keep(browser, page, {"lines": lines})

    assert versions(flask_app)[0].totals == {"equipment_count": 99, DIGITAL: 99, NETWORKED: 0}
    assert "设备98\tM-98\t1\t是\t" in browser.get(page).text


def test_more_empty_rows_keep_what_is_typed(browser, page):
    more = post(browser, page, browser.get(page).text, then="more", **TWO_ROWS).text

    assert 'value="J23-200"' in more
    assert len(re.findall(r'name="r\d+\.name"', more)) == 17
    assert "算出来是这些数" not in more


def test_a_second_list_can_begin_with_the_rows_of_the_first(browser, diagnosis, shop, page):
    keep(browser, page)
    devices = f"/diagnoses/{diagnosis.id}/fill/workshop_data/{shop}/list/data_upload_rate"
    offered = browser.get(devices).text
    begun = browser.get(f"{devices}?like=equipment").text
    nothing = browser.get(f"{devices}?like=nonsense").text

    assert "从“装备清单”的 2 行开始" in offered
    assert re.findall(r'name="r\d+\.name" value="([^"]+)"', begun) == ["压力机", "老冲床"]
    assert " checked" not in begun
    assert re.findall(r'name="r\d+\.name" value="([^"]+)"', nothing) == []


# --- several people ---------------------------------------------------------------------------------------------------


def test_a_list_that_a_colleague_kept_meanwhile_is_named_and_nothing_is_lost(flask_app, browser, page):
    opened = browser.get(page).text
    keep(browser, page, {"r1.name": "同事的一行", "r1.count": "7"})
    checked = post(browser, page, opened, **TWO_ROWS).text
    checked = checked.replace(f'name="version" value="{hidden(checked, "version")}"', 'name="version" value="0"')
    refused = post(browser, page, checked, then="save", **TWO_ROWS)
    again = post(browser, page, refused.text, then="save", **TWO_ROWS)

    assert refused.status_code == 409
    assert "由同事保存过（1 行）" in refused.text
    assert 'value="J23-200"' in refused.text
    assert again.status_code == 302
    assert [one.row_count for one in versions(flask_app)] == [1, 2]


def test_a_figure_that_a_colleague_changed_meanwhile_is_shown_before_it_is_replaced(
    flask_app, browser, diagnosis, shop, page
):
    checked = post(browser, page, browser.get(page).text, **TWO_ROWS).text
    machines = f"/diagnoses/{diagnosis.id}/fill/workshop_equipment/{shop}/machines"
    browser.post(machines, data={"revision": "1", "equipment_count": "125"})
    refused = post(browser, page, checked, then="save", **TWO_ROWS)
    again = post(browser, page, refused.text, then="save", **TWO_ROWS)

    assert refused.status_code == 409
    assert "由同事改过。请对照下面“现在填的”" in refused.text
    assert "▲ 125 台（套）" in refused.text
    assert again.status_code == 302
    assert answers(flask_app, shop)["equipment_count"] == ("stated", "120")


def test_a_save_that_was_outrun_keeps_nothing_and_shows_everything(flask_app, browser, page, monkeypatch):
    def outrun(*_arguments):
        raise Stale("刚才有同事也在保存。")

    monkeypatch.setattr(diagnoses, "_count_save", outrun)
    refused = keep(browser, page)

    assert refused.status_code == 409
    assert 'value="J23-200"' in refused.text
    assert versions(flask_app) == []


def test_after_the_submission_nothing_is_kept(flask_app, browser, page, shop):
    checked = post(browser, page, browser.get(page).text, **TWO_ROWS).text
    with flask_app.app_context():
        db.session.execute(db.update(Diagnosis.__table__).values(stage=Stage.SUBMITTED))
        db.session.connection().commit()
    refused = post(browser, page, checked, then="save", **TWO_ROWS)

    assert refused.status_code == 409
    assert "已经提交" in refused.text
    assert 'value="J23-200"' in refused.text
    assert versions(flask_app) == []


# --- evidence ---------------------------------------------------------------------------------------------------------


def test_a_list_is_downloaded_as_it_was_kept_and_can_be_pasted_again(flask_app, browser, diagnosis, shop, page):
    keep(browser, page)
    file = browser.get(f"/diagnoses/{diagnosis.id}/lists/equipment/{shop}/rows.csv")
    rows = list(csv.reader(io.StringIO(file.data.decode("utf-8-sig"))))
    pasted = "\n".join("\t".join(row) for row in rows)
    again = post(browser, page, browser.get(page).text, then="paste", lines=pasted).text

    assert rows == [
        ["装备名称", "型号或编号", "台（套）数", "数字化", "已联网"],
        ["压力机", "J23-200", "40", "是", "是"],
        ["老冲床", "", "80", "否", "否"],
    ]
    assert "attachment" in file.headers["Content-Disposition"]
    assert "<strong>120 台（套）</strong>" in again


@pytest.mark.parametrize("cell", ["=1+1", "+86", "-5", "@sum"])
def test_no_cell_of_a_download_is_a_formula(browser, diagnosis, shop, page, cell):
    keep(browser, page, {"r1.name": cell, "r1.count": "1"})
    file = browser.get(f"/diagnoses/{diagnosis.id}/lists/equipment/{shop}/rows.csv").data.decode("utf-8-sig")

    assert f"'{cell}" in file


def test_an_earlier_version_stays_readable(flask_app, browser, diagnosis, shop, page):
    keep(browser, page)
    keep(browser, page, {"r1.name": "机器人", "r1.count": "3"})
    first = versions(flask_app)[0].id
    address = f"/diagnoses/{diagnosis.id}/lists/equipment/{shop}"
    newest, earlier = browser.get(address).text, browser.get(f"{address}?version={first}").text

    assert "机器人" in newest
    assert "压力机" not in newest
    assert "历次版本" in newest
    assert "压力机" in earlier
    assert "这是以前的版本" in earlier
    assert "老冲床" in browser.get(f"{address}/rows.csv?version={first}").text


@pytest.mark.parametrize("more", ["?version=99999", "?version=-1"])
def test_a_version_that_there_never_was_is_not_found(browser, diagnosis, shop, page, more):
    keep(browser, page)

    assert browser.get(f"/diagnoses/{diagnosis.id}/lists/equipment/{shop}{more}").status_code == 404


def test_a_list_that_was_never_kept_is_not_found(browser, diagnosis, shop):
    for path in ("equipment", "no_such_list", "designers"):
        assert browser.get(f"/diagnoses/{diagnosis.id}/lists/{path}/{shop}").status_code == 404


def test_a_figure_that_left_its_list_is_pointed_out_wherever_it_is_shown(browser, diagnosis, shop, page):
    keep(browser, page)
    machines = f"/diagnoses/{diagnosis.id}/fill/workshop_equipment/{shop}/machines"
    before = browser.get(machines).text
    browser.post(machines, data={"revision": "2", "equipment_count": "130", DIGITAL: "40", NETWORKED: "40"})
    after = [browser.get(place).text for place in (machines, f"/diagnoses/{diagnosis.id}/lists", page)]

    assert "清单里数的是" not in before
    assert "清单里数的是 120 台（套），与这里不同" in after[0]
    assert "1 份清单的合计与填报的数不同" in after[1]
    assert "填报的是 130 台（套）" in after[1]
    assert "1 份清单的合计与填报的数不同。" in browser.get(f"/diagnoses/{diagnosis.id}/answers").text


def test_the_consultant_reads_the_lists_and_is_led_to_them(flask_app, client, firm, diagnosis, shop, page):
    sign_in(client, make_user(flask_app, firm_id=firm.id, name="王厂长"))
    keep(client, page)
    sign_in(client, make_consultant(flask_app, firm))
    review = client.get(f"/reviews/{diagnosis.id}/pages/workshop_equipment/{shop}/machines").text
    listed = client.get(f"/diagnoses/{diagnosis.id}/lists").text

    assert f"/diagnoses/{diagnosis.id}/lists/equipment/{shop}" in review
    assert "一工厂 · 冲压车间" in listed
    assert "王厂长" in listed
    assert "老冲床" in client.get(f"/diagnoses/{diagnosis.id}/lists/equipment/{shop}").text
    assert client.get(page).status_code == 403


def test_lists_of_another_firm_are_not_found(flask_app, client, browser, diagnosis, shop, page):
    keep(browser, page)
    sign_in(client, make_user(flask_app, Role.FACTORY_MANAGER))
    for path in ("", f"/equipment/{shop}", f"/equipment/{shop}/rows.csv"):
        assert client.get(f"/diagnoses/{diagnosis.id}/lists{path}").status_code == 404


def test_the_list_of_a_closed_workshop_is_kept_and_comes_back_with_it(flask_app, browser, diagnosis, shop, page):
    keep(browser, page)
    browser.post(f"/firms/workshops/{shop}/open", data={"open": "no"})
    closed = browser.get(f"/diagnoses/{diagnosis.id}/lists").text
    browser.post(f"/firms/workshops/{shop}/open", data={"open": "yes"})

    assert "一工厂 · 冲压车间" not in closed
    assert "一工厂 · 冲压车间" in browser.get(f"/diagnoses/{diagnosis.id}/lists").text
