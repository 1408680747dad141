"""The result page: exact numbers in words, rules with their confidence, reasons down to the answer."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.diagnosis import outcome
from app.diagnosis.records import assess


@pytest.fixture
def view(draft_of, keys):
    workshop = keys["冲压车间"]
    figures = {"equipment_count": 120, "equipment_digital_count": 54, "equipment_networked_count": 54}
    answers = {(workshop, fact): Fraction(figure) for fact, figure in figures.items()}
    draft = draft_of({"production_type": "discrete", "data.L1.1": "mostly", **answers})
    return outcome.view(draft, assess(draft), verified=False)


def scheme(view, title):
    return next(scheme for scheme in view.schemes if scheme.title == title)


def test_a_gate_shows_value_threshold_distance_and_state(view):
    judged = scheme(view, "重庆市数字化车间").judged[0]
    row = next(row for row in judged.rows if row.id == "W2")

    assert (row.now, row.distance, row.state) == ("45% → 50%", "差 6 台（套）", "not_met")
    assert row.bar.startswith("<svg")
    assert judged.subject == "冲压车间（一工厂）"


def test_every_rule_carries_how_sure_it_is(view):
    rows = [row for one in view.schemes for judged in one.judged for row in judged.rows]

    assert {row.basis.confidence for row in rows} <= {"sourced", "known-high", "known-medium", "uncertain", "ours"}
    assert scheme(view, "智能网联和新能源化转型升级").basis.confidence == "ours"


def test_the_reasons_lead_from_the_conclusion_to_the_answers(view):
    why = scheme(view, "重庆市数字化车间").judged[0].why
    gate = next(step for step in why.because if step.ref == "W2")
    answers = [answer for indicator in gate.because for answer in indicator.because]

    assert gate.state == "未达到"
    assert [answer.state for answer in answers] == ["54 台（套）", "120 台（套）"]


def test_a_practice_answer_stands_in_words_at_the_end_of_its_reasons(view):
    def leaves(step):
        return [step] if not step.because else [leaf for below in step.because for leaf in leaves(below)]

    states = {leaf.ref: leaf.state for leaf in leaves(view.maturity.why)}

    assert states["data.L1.1"] == "大部分满足"
    assert states["data.L1.2"] == "未填"


def test_each_level_says_its_bounds_and_what_is_certain(view):
    assert [level.state for level in view.maturity.levels] == ["not_known"] * 5
    assert view.maturity.pass_mark == "0.8"


def test_pictures_carry_their_numbers_as_a_table_and_in_words(view):
    radar, bars = view.maturity.pictures
    spoken = radar.drawing.split("<title>")[1].split("</title>")[0]

    assert (radar.key, bars.key) == ("radar", "bars")
    assert bars.drawing == ""
    assert all(part.score and part.bar.startswith("<svg") for part in radar.parts + bars.parts)
    assert spoken == "一级：各能力域得分：" + "、".join(f"{part.name} {part.score}" for part in radar.parts)


def test_a_rule_is_named_once_in_a_line_of_reasons(view):
    top = view.maturity.why

    assert top.basis.title.startswith("GB/T 39117-2020")
    assert {level.basis for level in top.because} == {None}
    assert all(step.basis != top.basis for level in top.because for step in level.because)


def test_a_blank_requirement_is_a_gap_called_blank_and_not_unknown(view):
    assert {gap.now for gap in view.gaps} <= {"未填", "大部分满足", "未达到", "待定"}
    assert view.gaps[0].now == "未填"


def test_contradicting_figures_give_no_rate_and_say_why(draft_of, keys):
    workshop = keys["冲压车间"]
    draft = draft_of({(workshop, "equipment_count"): Fraction(10), (workshop, "equipment_digital_count"): Fraction(12)})
    shown = outcome.view(draft, assess(draft), verified=False)
    row = next(row for row in scheme(shown, "重庆市数字化车间").judged[0].rows if row.id == "W2")

    assert (row.state, row.distance) == ("not_known", "数字前后不一致，请先核对")
