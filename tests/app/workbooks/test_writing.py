"""The workbook as people get it: what is locked and hidden, what a cell takes, how it prints, how much it weighs."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from flask import session
from openpyxl import load_workbook

from app.diagnosis.service import may_tailor
from app.workbooks import service
from app.workbooks.writing import questionnaire_workbook

AT = datetime(2026, 11, 24, 6, 3, tzinfo=UTC)
ANSWERS = {
    "firm_name": "=cmd|' /C calc'!A0",
    "employees": 320,
    "policy_fit": True,
    "production_type": "discrete",
    "systems": ("lightweight", "thermal"),
    "data.L1.1": "mostly",
}


@pytest.fixture
def file(draft_of, downloaded, keys):
    """The workbook of a diagnosis with an answer of each kind."""
    answers = {**ANSWERS, (keys["冲压车间"], "ws_improvement_after_date"): date(2025, 6, 30)}
    return downloaded(draft_of(answers))


def answer(file, key):
    sheet, row = file.place(key)
    return sheet[f"F{row}"]


def rule(file, key, column="F"):
    sheet, row = file.place(key)
    return next(rule for rule in sheet.data_validations.dataValidation if f"{column}{row}" in rule.cells)


def test_present_answers_stand_in_their_cells(file, keys):
    assert answer(file, "firm employees").value == 320
    assert answer(file, "firm policy_fit").value == "是"
    assert answer(file, "firm production_type").value == "离散型：一件一件加工、装配（如冲压件、总成、电子件）"
    assert answer(file, "firm data.L1.1").value == "大部分满足"
    assert [answer(file, f"firm systems={code}").value for code in ("thermal", "none")] == ["√", None]
    assert answer(file, f"{keys['冲压车间']} ws_improvement_after_date").value.date() == date(2025, 6, 30)
    assert answer(file, "firm revenue").value is None


def test_what_looks_like_a_formula_stays_text(file):
    cell = answer(file, "firm firm_name")

    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", "=cmd|' /C calc'!A0", True)


def test_only_the_cells_of_answers_can_be_changed(file):
    for sheet in file.book.worksheets:
        assert sheet.protection.sheet, sheet.title
        assert not sheet.protection.password
        open_cells = {cell.column_letter for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
        assert open_cells <= {"F", "G", "H"}
    sheet, row = file.place("firm data.L1.1")
    assert [sheet[f"{column}{row}"].protection.locked for column in "EFGH"] == [True, False, False, True]


def test_keys_are_hidden_and_heads_stay_in_sight(file):
    sheet, row = file.place("firm employees")

    assert sheet.column_dimensions["A"].hidden
    assert sheet.row_dimensions[2].hidden
    assert sheet["A2"].value.startswith("zhizhen:")
    assert sheet.freeze_panes == "A5"
    assert [cell.value for cell in sheet[4]][1:] == ["编号", "问题", "说明", "单位", "回答", "不清楚", "不适用的理由"]
    assert [sheet[f"{column}{row}"].value for column in "BCE"] == ["1.6", "上年末，企业有多少名从业人员？", "人"]
    assert sheet.print_title_rows == "$4:$4"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)


def test_a_number_says_its_range_before_and_after(file, keys):
    of = rule(file, f"{keys['焊装车间']} equipment_count")

    assert (of.type, float(of.formula1), float(of.formula2)) == ("whole", 0, 20000)
    assert of.promptTitle == "生产装备总数"
    assert (
        of.prompt == "填 0 到 20,000 之间的整数，单位：台（套）。\n只写数，不写单位，也不写“约”。不清楚的在右边选 √。"
    )
    assert of.error == "填 0 到 20,000 之间的整数，单位：台（套）。"
    assert rule(file, "firm revenue").type == "decimal"
    assert "填 2010 到 2027 之间的整数" in rule(file, "firm baseline_year").prompt


def test_choices_come_as_lists(file):
    assert rule(file, "firm data.L1.1").formula1 == '"全部满足,大部分满足,部分满足,不满足"'
    assert rule(file, "firm policy_fit").formula1 == '"是,否"'
    assert rule(file, "firm policy_fit", "G").formula1 == '"√"'
    assert rule(file, "firm systems=none").formula1 == '"√"'
    name, first, last = re.fullmatch(
        r"'(.+)'!\$A\$(\d+):\$A\$(\d+)", rule(file, "firm production_type").formula1
    ).groups()
    offered = [file.book[name][f"A{row}"].value for row in range(int(first), int(last) + 1)]
    assert [one.partition("：")[0] for one in offered] == ["离散型", "流程型"]
    assert file.book[name].sheet_state == "hidden"


def test_options_that_are_no_longer_offered_are_not_in_the_list(file):
    name, first, last = re.fullmatch(r"'(.+)'!\$A\$(\d+):\$A\$(\d+)", rule(file, "firm district").formula1).groups()
    offered = [file.book[name][f"A{row}"].value for row in range(int(first), int(last) + 1)]

    assert "璧山区" in offered
    assert "江北区" not in offered


def test_a_rule_is_written_once_for_all_its_cells(file):
    sheet, _row = file.place("firm data.L1.1")

    assert len(sheet.data_validations.dataValidation) == 2  # the degrees, and the tick of what is not known


def test_the_guide_explains_and_counts(file):
    guide = file.book.worksheets[0]
    lines = {row[1].value: [cell.value for cell in row[2:]] for row in guide.iter_rows()}

    assert guide.title == "填写说明"
    assert guide["B1"].value == "智能制造诊断问卷：示例山城零部件厂"
    assert "第 1 次诊断，反映 2026-11-24 的情况。" in guide["B3"].value
    assert "准备与诊断用，不是官方认定结果。" in guide["B4"].value
    assert "只填浅色格子" in lines["填哪里"][0]
    assert lines["企业概况"][2] == 16
    assert lines["企业概况"][1].startswith("=SUMPRODUCT(")
    assert guide.freeze_panes is None


def test_the_counts_are_right_before_any_program_computes_them(draft_of, at_work, keys):
    draft = draft_of({**ANSWERS, (keys["冲压车间"], "equipment_count"): 5})
    content = service.workbook_of(at_work, draft.diagnosis.id)[1]
    guide = load_workbook(BytesIO(content), data_only=True).worksheets[0]
    counted = {(row[1].value, row[2].value): (row[3].value, row[4].value) for row in guide.iter_rows(max_col=5)}

    assert counted["企业概况", None] == (5, 16)
    assert counted["装备与联网", "一工厂 · 冲压车间"] == (1, 5)
    assert counted["裁剪", None] == (0, 13)


def test_the_whole_of_a_firm_with_three_workshops_is_light(draft_of, at_work):
    draft = draft_of(ANSWERS)

    assert len(questionnaire_workbook(draft, may_tailor(draft), AT)) < 200_000


def test_an_english_reader_gets_an_english_workbook(flask_app, draft_of, at_work):
    draft = draft_of(ANSWERS)
    with flask_app.test_request_context(headers={"Accept-Language": "en"}):
        session["language"] = "en"
        book = load_workbook(BytesIO(questionnaire_workbook(draft, may_tailor(draft), AT)))

    assert book.sheetnames[:2] == ["Guide", "Profile of the firm"]
    said = {cell.value for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    chinese = [words for words in said if isinstance(words, str) and re.search("[一-鿿]", words)]
    names = ("示例山城零部件厂", "一工厂")  # of the firm and its parts
    assert [words for words in chinese if not any(name in words for name in names)] == []
