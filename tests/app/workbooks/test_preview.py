"""What a person sees before a file is taken in: old and new, who said the old one when, what both changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from app.diagnosis.draft import NOTHING, Kept, Said, stated
from app.diagnosis.models import Layer
from app.diagnosis.service import may_tailor
from app.workbooks.difference import Change
from app.workbooks.preview import MOST_FAULTS, view

AT = datetime(2026, 11, 24, 6, 3, tzinfo=UTC)  # 14:03 in Chongqing


def kept(person, fact, said, subject="firm"):
    return Kept(subject, fact, Layer.STATED, said, 1, person.id, AT)


def shown(draft, person, *changes, faults=(), notices=()):
    return view(draft, changes, faults, notices, {person.id: "王某"}, may_tailor(draft))


def test_an_answer_is_shown_with_who_gave_the_old_one_and_when(draft_of, manager):
    old = kept(manager, "employees", stated(300))
    page = shown(draft_of(), manager, Change("firm", "employees", stated(320), old, conflict=False))
    (group,) = page.changed
    (line,) = group.lines

    assert group.title == "企业概况"
    assert (line.question, line.now, line.said_by, line.new) == (
        "从业人员数",
        "300 人",
        "王某 2026-11-24 14:03",
        "320 人",
    )
    assert (page.sure, page.doubtful, page.wrong) == (1, 0, 0)


def test_an_answer_that_nobody_gave_has_nobody_beside_it(draft_of, manager):
    page = shown(draft_of(), manager, Change("firm", "employees", stated(320), None, conflict=False))

    assert (page.changed[0].lines[0].now, page.changed[0].lines[0].said_by) == ("未填", "")


def test_what_is_taken_back_and_what_is_in_conflict_stand_apart(draft_of, manager):
    page = shown(
        draft_of(),
        manager,
        Change("firm", "employees", NOTHING, kept(manager, "employees", stated(1)), conflict=False),
        Change("firm", "revenue", stated(5), kept(manager, "revenue", Said("unknown")), conflict=True),
        Change("firm", "policy_fit", NOTHING, kept(manager, "policy_fit", stated(True)), conflict=True),
    )

    assert [line.new for line in page.taken_back[0].lines] == ["未填"]
    assert [(line.place, line.now, line.new) for line in page.conflicts[0].lines] == [
        ("firm revenue", "不清楚", "5 万元"),
        ("firm policy_fit", "是", "未填"),
    ]
    assert (page.sure, page.doubtful) == (1, 2)


def test_the_order_is_that_of_the_questionnaire_workshop_by_workshop(draft_of, manager, keys):
    welding, stamping = keys["焊装车间"], keys["冲压车间"]
    places = (
        (welding, "equipment_count"),
        ("tailoring", "sales"),
        ("firm", "data.L1.1"),
        (stamping, "mes_planning"),
        (stamping, "equipment_count"),
    )
    said = {"data.L1.1": stated("full"), "mes_planning": stated(True), "sales": Said("stated", "true", "不卖")}
    changes = (Change(key, fact, said.get(fact, stated(5)), None, conflict=False) for key, fact in places)
    page = shown(draft_of(), manager, *changes)

    assert [group.title for group in page.changed] == [
        "一工厂 · 冲压车间 · 装备与联网",
        "一工厂 · 冲压车间 · MES 与集成",
        "一工厂 · 焊装车间 · 装备与联网",
        "数据",
        "裁剪",
    ]
    assert page.changed[-1].lines[0].question == "销售"
    assert page.changed[-1].lines[0].new == "裁剪：不卖"


def test_taking_a_tailoring_back_is_said(draft_of, manager):
    old = kept(manager, "sales", Said("stated", "true", "不卖"), "tailoring")
    page = shown(draft_of(), manager, Change("tailoring", "sales", NOTHING, old, conflict=False))

    assert (page.taken_back[0].lines[0].now, page.taken_back[0].lines[0].new) == ("裁剪：不卖", "不裁剪")


def test_the_first_faults_are_listed_and_the_others_counted(draft_of, manager):
    page = shown(draft_of(), manager, faults=tuple(map(str, range(MOST_FAULTS + 7))), notices=("甲",))

    assert (len(page.faults), page.more_faults, page.wrong, page.notices) == (MOST_FAULTS, 7, MOST_FAULTS + 7, ("甲",))


def test_a_closed_workshop_does_not_stop_the_page(draft_of, manager, keys):
    draft = draft_of()
    without = replace(draft, firm=replace(draft.firm, parts=()))
    page = shown(without, manager, Change(keys["冲压车间"], "equipment_count", stated(5), None, conflict=False))

    assert page.sure == 1
