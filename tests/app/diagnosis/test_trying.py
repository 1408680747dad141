"""Answers that are tried: read as the pages of questions read them, refused at their field, and never kept."""

from __future__ import annotations

from fractions import Fraction

import pytest
from werkzeug.datastructures import MultiDict

from app.diagnosis.draft import Said
from app.diagnosis.models import AnswerEntry, Layer
from app.diagnosis.trying import behind, carried_by, read_tried, with_more
from app.extensions import db
from questionnaires.answers import EntryState
from questionnaires.model import FactKind, SubjectKind

FIGURES = {"equipment_count": Fraction(40), "equipment_digital_count": Fraction(18)}


@pytest.fixture
def draft(draft_of, keys):
    workshop = keys["冲压车间"]
    figures = {(workshop, fact): figure for fact, figure in FIGURES.items()}
    return draft_of({"production_type": "discrete", "data.L1.1": "mostly", "mes_in_use": True} | figures)


@pytest.fixture
def tried(draft, keys):
    """Try what an address says; “W.” stands for the key of the stamping workshop."""

    def trying(*pairs, offered=()):
        given = MultiDict((name.replace("W.", f"{keys['冲压车间']}."), words) for name, words in pairs)
        return read_tried(given, draft, Layer.STATED, draft.filled(), offered)

    return trying


@pytest.fixture
def several(draft):
    """Return a fact of the firm of which several options may be chosen, and two of them."""
    facts = draft.questionnaire.facts.values()
    fact = next(one for one in facts if one.kind is FactKind.CHOICES and one.of is SubjectKind.FIRM)
    first, second, *_others = sorted(option.code for option in fact.options if not option.alone)
    return fact.id, (first, second)


def faults(tried):
    return {field.place[1]: field.answer.error for field in tried.fields if field.answer.error}


def facts_of(tried, keys):
    [workshop, *_others] = tried.filled.firm.parts[0].parts
    assert workshop.key == keys["冲压车间"]
    return workshop.facts


@pytest.mark.parametrize(
    ("name", "words", "said"),
    [
        ("answer.firm.data.L1.1", "full", Said(EntryState.STATED, '"full"')),
        ("answer.firm.data.L1.2", "?", Said(EntryState.UNKNOWN)),
        ("answer.firm.production_type", "process", Said(EntryState.STATED, '"process"')),
        ("answer.firm.chongqing_legal_person", "no", Said(EntryState.STATED, "false")),
        ("answer.W.equipment_digital_count", "20 台", Said(EntryState.STATED, "20")),
        ("answer.W.equipment_digital_count", "１,９", None),
        ("answer.W.equipment_digital_count!", "?", Said(EntryState.UNKNOWN)),
    ],
)
def test_an_answer_of_any_kind_is_read_as_on_its_page(tried, name, words, said):
    found = tried((name, words))

    assert list(found.said.values()) == ([said] if said else [])
    assert bool(faults(found)) == (said is None)


def test_several_options_are_read_together(tried, several):
    fact, codes = several
    found = tried(*((f"answer.firm.{fact}", code) for code in ("", *codes)))

    assert found.filled.firm.facts[fact].value == codes
    assert found.carried[f"answer.firm.{fact}"] == ["", *codes]


@pytest.mark.parametrize(("name", "words"), [("answer.firm.data.L1.1", "mostly"), ("answer.W.equipment_count", "40")])
def test_an_answer_as_it_is_now_tries_nothing(tried, name, words, draft):
    found = tried((name, words))

    assert found.said == {}
    assert found.filled.firm == draft.filled().firm
    assert len(found.fields) == 1


def test_a_blank_field_is_shown_as_it_is_now_and_tries_nothing(tried):
    [field] = tried(("answer.W.equipment_digital_count", "")).fields

    assert (field.now, field.kept, field.answer.typed, field.whose) == ("18 台（套）", "18", "18", "冲压车间")


@pytest.mark.parametrize(
    ("name", "words", "said"),
    [
        ("answer.W.equipment_digital_count", "-3", "数字化装备数应在 0 到 20,000"),
        ("answer.W.equipment_digital_count", "很多", "数字化装备数应是数字"),
        ("answer.W.equipment_digital_count", "2.5", "应是整数"),
        ("answer.W.equipment_digital_count", "41", "数字化装备多于全部生产装备。请核对其中一个数。"),
        ("answer.W.equipment_count", "17", "数字化装备多于全部生产装备。请核对其中一个数。"),
        ("answer.firm.data.L1.1", "perfect", "请选一项"),
        ("answer.firm.data.L1.1", "-", "能力要求不能选“不适用”"),
        ("answer.firm.chongqing_legal_person", "perhaps", "请选“是”或“否”"),
        ("answer.firm.production_type", "both", "没有“both”这一项"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_the_rest_stands(tried, keys, name, words, said):
    found = tried((name, words), ("answer.firm.sales.L1.1", "full"))

    assert [said in sentence for sentence in faults(found).values()] == [True]
    assert found.said == {("firm", "sales.L1.1"): Said(EntryState.STATED, '"full"')}
    assert facts_of(found, keys)["equipment_digital_count"].value == 18


def test_a_whole_and_its_part_are_tried_together(tried, keys):
    found = tried(("answer.W.equipment_digital_count", "55"), ("answer.W.equipment_count", "60"))

    assert faults(found) == {}
    assert facts_of(found, keys)["equipment_digital_count"].value == 55


def test_figures_that_contradict_each_other_are_both_left_out(tried, keys):
    found = tried(("answer.W.equipment_digital_count", "61"), ("answer.W.equipment_count", "60"))

    assert set(faults(found)) == {"equipment_digital_count", "equipment_count"}
    assert "生产装备总数 60 台（套），数字化装备数 61 台（套）" in faults(found)["equipment_count"]
    assert {name: facts_of(found, keys)[name].value for name in FIGURES} == FIGURES


def test_what_was_typed_wrongly_stays_in_its_field(tried):
    [field] = tried(("answer.W.equipment_digital_count", "很多")).fields

    assert field.answer.typed == "很多"


def test_not_knowing_wins_over_the_figure_of_now_that_stands_beside_it(tried):
    found = tried(("answer.W.equipment_digital_count", "18"), ("answer.W.equipment_digital_count!", "?"))

    assert list(found.said.values()) == [Said(EntryState.UNKNOWN)]
    assert faults(found) == {}


@pytest.mark.parametrize(
    "name",
    ["answer.", "answer.firm", "answer.firm.nothing", "answer.nobody.equipment_count", "answer.firm.equipment_count"],
)
def test_what_is_not_there_is_not_tried(tried, name):
    found = tried((name, "5"))

    assert (found.said, found.fields, found.carried) == ({}, (), {"tried": ["1"]})


def test_a_question_that_does_not_arise_is_refused_until_another_answer_asks_it(tried):
    alone = tried(("answer.firm.chain_platform_joined", "no"), ("answer.firm.chain_platform_name", "示例平台"))
    both = tried(("answer.firm.chain_platform_joined", "yes"), ("answer.firm.chain_platform_name", "示例平台"))

    assert faults(alone) == {"chain_platform_name": "按其余的回答，这一题不用答，所以试了也不算。"}
    assert faults(both) == {}


def test_nothing_of_it_is_kept(tried, draft):
    before = db.session.query(AnswerEntry).count()
    tried(("answer.firm.data.L1.1", "none"))

    assert db.session.query(AnswerEntry).count() == before
    assert draft.filled().firm.facts["data.L1.1"].value == "mostly"


def test_a_verified_answer_is_tried_like_a_stated_one(draft):
    given = MultiDict({"answer.firm.data.L1.1": "none"})
    found = read_tried(given, draft, Layer.VERIFIED, draft.filled(Layer.VERIFIED))

    assert found.filled.firm.facts["data.L1.1"].value == "none"


# --- an address -------------------------------------------------------------------------------------------------------


def test_an_address_carries_only_what_is_tried(tried, keys):
    pairs = [("tried", "1"), ("answer.firm.data.L1.1", "mostly"), ("answer.W.equipment_count", "50"), ("budget", " ")]
    found = tried(*pairs, ("project", "mes_execution@firm"), ("goal", "x:1"), ("part", "1"))

    assert found.carried == {
        "answer." + keys["冲压车间"] + ".equipment_count": ["50"],
        "project": ["mes_execution@firm"],
        "tried": ["1"],
    }


def test_an_address_that_speaks_of_no_trial_carries_none():
    assert carried_by(MultiDict({"answer.firm.data.L1.1": "full", "budget": "5"})) == {}


def test_a_link_keeps_what_is_tried_and_adds_its_own():
    carried = {"tried": ["1"], "answer.firm.data.L1.1": ["full"], "project": ["a@firm"]}

    assert with_more(carried, ("answer.firm.data.L1.1", "answer.firm.data.L1.2"), ("b@firm", "a@firm")) == {
        "tried": ["1"],
        "answer.firm.data.L1.1": ["full"],
        "answer.firm.data.L1.2": [""],
        "project": ["a@firm", "b@firm"],
    }


def test_a_rate_of_a_factory_is_tried_workshop_by_workshop(draft, keys):
    names = behind(("equipment_digital_count", "equipment_count"), keys["一工厂"], draft)

    assert names == tuple(
        f"answer.{keys[workshop]}.{fact}"
        for fact in ("equipment_digital_count", "equipment_count")
        for workshop in ("冲压车间", "焊装车间")
    )
