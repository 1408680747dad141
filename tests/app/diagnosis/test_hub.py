"""The overview: rows, counts, the next page, and what can be said by now."""

from __future__ import annotations

from fractions import Fraction

from app.diagnosis import hub
from app.diagnosis.page import steps

NUMBERS = {"equipment_count": Fraction(120), "equipment_networked_count": Fraction(54)}


def in_workshop(key, digital):
    numbers = {**NUMBERS, "equipment_digital_count": Fraction(digital)}
    return {(key, fact): value for fact, value in numbers.items()}


def row(view, title):
    return next(row for group in view.groups for row in group.rows if row.title == title)


def test_each_workshop_is_one_row_with_its_sections_below(draft_of, keys):
    view = hub.view(draft_of(), [])
    workshops = next(group for group in view.groups if group.title == "车间")

    assert [row.title for row in workshops.rows] == ["冲压车间", "焊装车间"]
    assert [part.title for part in workshops.rows[0].parts][:2] == ["装备与联网", "关键工序"]


def test_a_contradiction_marks_its_row_and_is_counted(draft_of, keys):
    view = hub.view(draft_of(in_workshop(keys["冲压车间"], digital=126)), [])

    assert (row(view, "冲压车间").state, row(view, "冲压车间").contradictions) == ("check", 1)
    assert row(view, "焊装车间").state == "todo"
    assert view.contradictions == 1


def test_a_row_counts_what_is_settled_of_what_is_asked(draft_of, keys):
    view = hub.view(draft_of(in_workshop(keys["冲压车间"], digital=54)), [])

    assert row(view, "冲压车间").settled == 3
    assert row(view, "冲压车间").done == 100 * 3 // row(view, "冲压车间").asked


def test_the_next_page_is_the_first_with_an_open_question(draft_of):
    view = hub.view(draft_of({"production_type": "discrete"}), [])

    assert view.next_title == "企业概况"
    assert view.next_address.endswith("/fill/profile/firm/identity")


def test_a_workshop_is_filled_in_to_its_end_before_the_next_one_begins(draft_of, keys):
    draft = draft_of()
    _facts, path = draft.walk()
    names = [step.subject.name for step in steps(draft, path) if step.section.id.startswith("workshop_")]

    assert names == sorted(names, key=["冲压车间", "焊装车间"].index)


def test_a_workshop_verdict_says_its_distance(draft_of, keys):
    view = hub.view(draft_of(in_workshop(keys["冲压车间"], digital=54)), [])
    verdict = next(one.verdict for one in view.standing.lines if one.verdict.subject == "冲压车间")

    assert (verdict.state, verdict.words) == ("not_met", "差 6 台（套）")


def test_nothing_answered_leaves_the_whole_ruler_open(draft_of):
    view = hub.view(draft_of({"production_type": "discrete"}), [])

    assert (view.standing.scale.low, view.standing.scale.high) == ("0.00", "5.00")
    assert "等级还不能判断" in view.standing.level
    assert view.standing.settle > 0


def test_a_level_that_every_answer_settles_is_said_as_certain(draft_of):
    draft = draft_of()
    practices = {f.id: "none" for f in draft.questionnaire.facts.values() if f.kind == "practice"}
    view = hub.view(draft_of({"production_type": "discrete", **practices}), [])

    assert view.standing.scale.settled
    assert view.standing.settle == 0
    assert "现在是一级以下" in view.standing.level
