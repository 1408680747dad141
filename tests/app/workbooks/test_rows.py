"""Rows that were moved, doubled, lost or made up: each told by its cell, the others read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from itsdangerous import URLSafeSerializer

from app.diagnosis.draft import stated
from app.workbooks.origin import MARK, origin_of, seal
from app.workbooks.reader import FilledBook, FilledSheet
from app.workbooks.reading import FileRefused

TAMPERED = "这一行隐藏的标识被改动过，认不出是哪一题。"


def changed_rows(filled, key, change):
    """Replace the rows with this key by what `change` makes of them."""
    for place, sheet in enumerate(filled.sheets):
        rows = [made for row in sheet.rows for made in (change(row) if row.key == key else [row])]
        filled.sheets[place] = replace(sheet, rows=tuple(rows))


def of_origin(filled, token):
    filled.sheets = [replace(sheet, token=token) for sheet in filled.sheets]
    return filled.book()


def refused(read_back, draft, book):
    with pytest.raises(FileRefused) as caught:
        read_back(draft, book)
    return caught.value.faults


def test_a_workbook_of_another_firm_is_refused(draft_of, filled_of, read_back):
    draft = draft_of()
    theirs = replace(origin_of(draft.diagnosis), firm_id="00000000-0000-0000-0000-000000000001")

    assert refused(read_back, draft, of_origin(filled_of(draft), seal(theirs))) == (
        "这是另一家企业的问卷。请上传本企业的工作簿。",
    )


def test_a_workbook_of_an_earlier_diagnosis_is_refused_with_both_numbers(draft_of, filled_of, read_back):
    first = draft_of()
    second = draft_of()

    assert refused(read_back, second, filled_of(first).book()) == (
        "这是第 1 次诊断的问卷，现在是第 2 次。请下载这一次的工作簿填写。",
    )


def test_a_hidden_text_that_says_nothing_is_told(draft_of, filled_of, read_back):
    draft = draft_of()

    assert (
        "隐藏的标识被改动过，认不出是哪一次诊断的问卷"
        in refused(read_back, draft, of_origin(filled_of(draft), MARK + "x"))[0]
    )


def test_a_workbook_without_any_sheet_of_ours_is_refused(draft_of, read_back):
    assert "不是从这里下载的问卷" in refused(read_back, draft_of(), FilledBook((), ("Sheet1",)))[0]


def test_the_guide_alone_is_refused(draft_of, filled_of, read_back):
    draft = draft_of()
    guide = [sheet for sheet in filled_of(draft).sheets if not sheet.asks]

    assert len(guide) == 2
    assert "问卷的表都不在这份工作簿里" in refused(read_back, draft, FilledBook(tuple(guide), ()))[0]


def test_a_broken_seal_makes_every_difference_a_question(draft_of, filled_of, read_back):
    draft = draft_of({"employees": 320})
    said = [str(draft.diagnosis.id), str(draft.diagnosis.firm_id), 1, "auto_parts", "2026.1", 1]
    reading = read_back(draft, of_origin(filled_of(draft), MARK + URLSafeSerializer("x", salt="workbook").dumps(said)))

    assert reading.seen == 0
    assert reading.notices == ("认不出工作簿是哪一次保存以后下载的。与现有回答不同的，都请您逐项选择。",)


def test_sheets_of_two_downloads_count_from_the_older_one(draft_of, filled_of, read_back):
    draft = draft_of({"employees": 320})
    filled = filled_of(draft)
    older = seal(replace(origin_of(draft.diagnosis), revision=0))
    filled.sheets[2] = replace(filled.sheets[2], token=older)

    assert read_back(draft, filled.book()).seen == 0


@pytest.mark.parametrize(
    "key", ["firm", "firm nonsense", "nobody employees", "firm equipment_count", " ", "tailoring sale"]
)
def test_a_key_that_was_changed_is_told_and_the_rest_is_read(draft_of, filled_of, read_back, key):
    draft = draft_of()
    filled = filled_of(draft)
    filled.fill("firm employees", answer=5)
    filled.fill("firm revenue", answer=5)
    changed_rows(filled, "firm employees", lambda row: [replace(row, key=key)])
    reading = read_back(draft, filled.book())

    assert reading.said["firm"]["revenue"] == stated(5)
    assert "employees" not in reading.said["firm"]
    assert [fault for fault in reading.faults if TAMPERED not in fault] == []
    assert len(reading.faults) == (0 if key.startswith("nobody") else 1)


def test_two_keys_that_changed_places_do_not_change_answers(draft_of, filled_of, read_back):
    draft = draft_of()
    filled = filled_of(draft)
    filled.fill("firm policy_fit", answer="是")
    changed_rows(filled, "firm policy_fit", lambda row: [replace(row, key="firm x")])
    changed_rows(filled, "firm traditional_maker", lambda row: [replace(row, key="firm policy_fit")])
    changed_rows(filled, "firm x", lambda row: [replace(row, key="firm traditional_maker")])
    reading = read_back(draft, filled.book())

    assert [TAMPERED in fault for fault in reading.faults] == [True, True]
    assert reading.said["firm"].keys().isdisjoint({"policy_fit", "traditional_maker"})


def test_an_answer_beside_no_question_is_told(draft_of, filled_of, read_back):
    draft = draft_of()
    filled = filled_of(draft)
    changed_rows(filled, "firm employees", lambda row: [row, replace(row, key="", number=99)])
    reading = read_back(draft, filled.book())

    assert reading.faults == ("“企业概况”表 F99：这一行不是问卷里的题。请把回答填在问卷原来的行里。",)


def test_a_sheet_that_was_copied_does_no_harm(draft_of, filled_of, read_back):
    draft = draft_of()
    filled = filled_of(draft)
    filled.fill("firm employees", answer=320)
    filled.sheets += [replace(sheet, name=f"{sheet.name} (2)") for sheet in filled.sheets]

    assert read_back(draft, filled.book()).faults == ()


def test_two_answers_to_the_same_question_are_told_with_both_cells(draft_of, filled_of, read_back):
    draft = draft_of()
    filled = filled_of(draft)
    copied = next(sheet for sheet in filled.sheets if sheet.name == "企业概况")
    filled.fill("firm employees", answer=320)
    filled.sheets.append(replace(copied, name="副本"))
    reading = read_back(draft, filled.book())

    assert reading.faults == ("“副本”表 F12：同一题在“企业概况”表 F12 有另一个回答。请只保留一处。",)
    assert reading.said["firm"]["employees"] == stated(320)


def test_a_lost_row_of_an_option_takes_no_answer_back(draft_of, filled_of, read_back):
    draft = draft_of({"systems": ("thermal",)})
    filled = filled_of(draft)
    changed_rows(filled, "firm systems=thermal", lambda row: [])
    reading = read_back(draft, filled.book())

    assert reading.faults == ("“企业概况”表 F16：选项的行不全。请重新下载工作簿，把这一题的回答填进去。",)
    assert "systems" not in reading.said["firm"]


def test_an_option_without_its_question_is_told(draft_of, filled_of, read_back):
    draft = draft_of()
    filled = filled_of(draft)
    changed_rows(filled, "firm systems", lambda row: [])

    assert all(TAMPERED in fault for fault in read_back(draft, filled.book()).faults)


def test_lost_rows_and_sheets_leave_their_answers_as_they_are(draft_of, filled_of, read_back):
    draft = draft_of({"employees": 320, "data.L1.1": "full"})
    filled = filled_of(draft)
    changed_rows(filled, "firm employees", lambda row: [])
    filled.sheets = [sheet for sheet in filled.sheets if sheet.name not in ("数据", "销售")]
    reading = read_back(draft, filled.book())

    assert reading.faults == ()
    assert reading.said["firm"].keys().isdisjoint({"employees", "data.L1.1"})
    assert reading.notices == ("这些部分不在文件里，其中的回答保持不变：数据、销售。",)


def test_sheets_may_be_renamed_put_in_another_order_and_mixed_with_others(draft_of, filled_of, read_back):
    draft = draft_of()
    filled = filled_of(draft)
    filled.fill("firm employees", answer=320)
    sheets = [replace(sheet, name=f"表{place}") for place, sheet in enumerate(reversed(filled.sheets))]
    reading = read_back(draft, FilledBook(tuple(sheets), ("我的计算", "Sheet2")))

    assert reading.said["firm"]["employees"] == stated(320)
    assert reading.faults == ()
    assert reading.notices == ("这些表不是问卷的表，没有读取：我的计算、Sheet2。",)


def test_a_workshop_that_was_closed_meanwhile_is_named(draft_of, filled_of, read_back, keys):
    draft = draft_of()
    filled = filled_of(draft)
    workshop = keys["焊装车间"]
    without = replace(draft.firm.parts[0], parts=draft.firm.parts[0].parts[:1])
    reading = read_back(replace(draft, firm=replace(draft.firm, parts=(without,))), filled.book())

    assert workshop not in reading.said
    assert reading.faults == ()
    assert reading.notices[0].startswith(
        "这些行属于已停用的工厂或车间，没有读取：“装备与联网”表 5 行、“关键工序”表 2 行"
    )


def test_of_an_older_questionnaire_what_is_still_asked_is_read_and_the_rest_named(draft_of, filled_of, read_back):
    draft = draft_of()
    older = seal(replace(origin_of(draft.diagnosis), questionnaire_version="2025.2"))
    filled = filled_of(draft)
    filled.fill("firm employees", answer=320)
    of_origin(filled, older)
    changed_rows(filled, "firm policy_fit", lambda row: [replace(row, key="firm policy_fit_2025")])
    changed_rows(filled, "firm employees", lambda row: [replace(row, shown_number="1.2")])  # it stood elsewhere then
    reading = read_back(draft, filled.book())

    assert reading.said["firm"]["employees"] == stated(320)
    assert reading.faults == ()
    assert reading.notices == (
        "问卷已经更新。这些题不再询问，没有读取：企业的车间、工厂建设项目符合国家和重庆市的产业政策吗？。",
    )


def test_a_sheet_that_lost_a_column_or_is_too_long_is_left_out_as_a_whole(draft_of, filled_of, read_back):
    draft = draft_of()
    filled = filled_of(draft)
    by_name = {sheet.name: place for place, sheet in enumerate(filled.sheets)}
    data, sales = by_name["数据"], by_name["销售"]
    lost = {code: letter for code, letter in filled.sheets[data].letters.items() if code != "unknown"}
    filled.sheets[data] = FilledSheet("数据", filled.sheets[data].token, lost)
    filled.sheets[sales] = replace(filled.sheets[sales], rows=(), too_long=True)
    reading = read_back(draft, filled.book())

    assert reading.faults == (
        "“数据”表：缺少“回答”“不清楚”或“不适用的理由”列，整张表没有读取。请重新下载工作簿，把回答填进去。",
        "“销售”表：超过 20,000 行，整张表没有读取。请删掉问卷以外的行后再试。",
    )
