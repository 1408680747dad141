"""What stands on which sheet: sections, factories and workshops, numbers, conditions in words."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from app.diagnosis.draft import NOTHING, Kept, Said, stated
from app.diagnosis.service import may_tailor
from app.workbooks.layout import Heading, Row, by_subject, numbers, sheets
from questionnaires.model import AllOf, AnyOf, Comparison, Text


@pytest.fixture
def laid_out(draft_of):
    def lay(answers=None):
        draft = draft_of(answers)
        return {sheet.title: sheet for sheet in sheets(draft, may_tailor(draft))}

    return lay


def rows(sheet):
    return [part for block in sheet.blocks for part in block.parts if isinstance(part, Row)]


def headings(sheet):
    return [part for block in sheet.blocks for part in block.parts if isinstance(part, Heading)]


def test_there_is_a_sheet_for_each_section_and_one_for_what_is_left_out(laid_out):
    made = laid_out()

    assert len(made) == 37
    assert list(made)[:4] == ["企业概况", "转型升级", "产业链与平台", "数字化覆盖的环节"]
    assert list(made)[-1] == "裁剪"
    assert len(rows(made["裁剪"])) == 13
    assert len({row.name for sheet in made.values() for row in rows(sheet)}) == 316 + 13


def test_a_section_of_workshops_has_a_block_for_each(laid_out, keys):
    blocks = laid_out()["装备与联网"].blocks

    assert [block.title for block in blocks] == ["一工厂 · 冲压车间", "一工厂 · 焊装车间"]
    assert {row.subject_key for row in blocks[1].parts if isinstance(row, Row)} == {keys["焊装车间"]}


def test_a_firm_without_workshops_has_no_sheets_for_them(draft_of):
    draft = draft_of()
    bare = replace(draft, firm=replace(draft.firm, parts=()))

    assert {"装备与联网", "设计工具"}.isdisjoint({sheet.title for sheet in sheets(bare, {})})


def test_a_row_says_everything_about_its_question(laid_out):
    (row,) = (row for row in rows(laid_out({"employees": 320})["企业概况"]) if row.name == "employees")

    assert (row.number, row.question, row.unit) == ("1.6", "上年末，企业有多少名从业人员？", "人")
    assert row.help == "按统计报表的期末从业人员数填，含劳务派遣人员。\n可作佐证：统计报表、社保缴纳记录"
    assert (row.said, row.may_not_apply) == (stated(320), True)


def test_each_number_of_a_ratio_is_asked_for_itself(laid_out):
    asked = {row.name: row for row in rows(laid_out()["装备与联网"])}

    assert asked["equipment_digital_count"].question == "其中多少台（套）是数字化装备？"
    assert asked["equipment_digital_count"].help.startswith("数字化装备：由数控系统、PLC")


def test_a_requirement_and_a_required_fact_are_always_applicable(laid_out):
    made = laid_out()
    may = {row.name: row.may_not_apply for title in ("企业概况", "数据") for row in rows(made[title])}

    assert (may["uscc"], may["production_type"], may["data.L1.1"]) == (False, False, False)


def test_evidence_that_is_the_same_for_all_is_said_once(laid_out):
    sheet = laid_out()["数据"]

    assert (
        headings(sheet)[0].notes[-1]
        == "可作佐证：采集点表、数据字典、数据编码与交换规范、数据平台架构与截图、分析模型清单与效果报告"
    )
    assert all(row.help == "" for row in rows(sheet))


def test_a_page_that_depends_on_an_answer_says_on_which(laid_out):
    made = laid_out()

    assert headings(made["转型升级"])[0].notes[0] == "“传统汽车零部件企业”是“是”时才填，否则留空。"
    assert headings(made["数字化基础"])[0].notes[0] == (
        "“从业人员数”小于 1,000 人，或者“主营业务收入”小于 40,000 万元时才填，否则留空。"
    )


def test_all_that_must_hold_is_said(draft_of):
    draft = draft_of()
    section = draft.questionnaire.sections[0]
    some = AnyOf((Comparison("==", "policy_fit", True), Comparison(">", "employees", "revenue", right_is_name=True)))
    condition = AllOf((Comparison(">=", "employees", Fraction(5)), some))
    page = replace(section.pages[0], show_when=condition)
    changed = replace(draft.questionnaire, sections=(replace(section, pages=(page,)),))

    assert headings(sheets(replace(draft, questionnaire=changed), {})[0])[0].notes[0] == (
        "“从业人员数”不小于 5 人，并且“项目符合产业政策”是“是”，或者“从业人员数”大于 “主营业务收入”时才填，否则留空。"
    )


def test_what_is_left_out_says_so_and_keeps_its_reason(draft_of, manager):
    draft = draft_of()
    kept = Kept("tailoring", "product_design", "stated", Said("stated", "true", "来图加工"), 1, manager.id, None)
    made = {sheet.title: sheet for sheet in sheets(replace(draft, kept=(kept,)), may_tailor(draft))}

    assert all(heading.notes[0] == "这个能力子域已裁剪，不用填。" for heading in headings(made["产品设计"]))
    assert rows(made["裁剪"])[0].said == Said("stated", "true", "来图加工")
    assert rows(made["裁剪"])[1].said == NOTHING


def test_names_of_sheets_hold_nothing_that_a_name_may_not_and_are_never_the_same(draft_of):
    draft = draft_of()
    section = draft.questionnaire.sections[0]
    titles = ("a/b: [c]?*\\'", "A B C", "a" * 40, "a" * 45, "一", "一", "''")
    sections = tuple(replace(section, id=str(n), title=Text(title, title)) for n, title in enumerate(titles))
    made = sheets(replace(draft, questionnaire=replace(draft.questionnaire, sections=sections)), {})

    assert [sheet.name for sheet in made] == ["ab c", "A B C", "a" * 31, "a" * 27 + " 2", "一", "一 2", "-", "裁剪"]


def test_numbers_count_within_each_section():
    number = numbers("auto_parts", "2026.1")

    assert (number["firm_name"], number["employees"], number["baseline_year"]) == ("1.1", "1.6", "2.1")


def test_what_stood_at_an_earlier_save_is_told_apart(draft_of, manager):
    draft = draft_of({"employees": 1})
    later = Kept("firm", "employees", "stated", stated(2), 2, manager.id, None)
    draft = replace(draft, kept=(*draft.kept, later))

    assert by_subject(draft)["firm"]["employees"].said == stated(2)
    assert by_subject(draft, 1)["firm"]["employees"].said == stated(1)
    assert by_subject(draft, 0) == {}
