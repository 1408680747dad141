from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.answers import Entry, facts_on_path, from_text, on_path, to_text, with_evidence
from questionnaires.facts import load_facts
from questionnaires.loader import load
from questionnaires.model import FilledDiagnosis, State, Statement, Subject, SubjectKind
from questionnaires.values import AnswerFault

FIRM = Subject(SubjectKind.FIRM, "firm", "某厂", {})


def said(fact, revision, value, layer="stated", subject="firm"):
    return Entry(subject, fact, revision, layer, "stated", to_text(value))


def took_back(fact, revision, layer="stated"):
    return Entry("firm", fact, revision, layer, "blank")


def counted(questionnaire, *entries, layer="stated", tailored=()):
    facts = facts_on_path(questionnaire, entries, FIRM, tailored, layer).facts
    return {name: statement.value for name, statement in facts.items()}


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("machines", Fraction(120), "120"),
        ("revenue", Fraction(15, 2), '"7.5"'),
        ("revenue", Fraction(1, 3), '"1/3"'),
        ("has_mes", True, "true"),
        ("systems", ("battery", "thermal"), '["battery","thermal"]'),
        ("mes_since", date(2026, 10, 31), '"2026-10-31"'),
        ("firm_name", "某厂", '"某厂"'),
        ("plan.L1.1", "mostly", '"mostly"'),
    ],
)
def test_a_value_is_kept_as_json_text_and_read_back(room, name, value, text):
    assert to_text(value) == text
    assert from_text(load_facts(room / "facts")[name], text) == value


@given(st.fractions())
def test_every_number_survives_being_kept(room, number):
    assert from_text(load_facts(room / "facts")["revenue"], to_text(number)) == number


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("machines", "7.5"),
        ("machines", '"seven"'),
        ("machines", '"1/0"'),
        ("machines", "true"),
        ("has_mes", "1"),
        ("systems", '"battery"'),
        ("systems", "[1]"),
        ("mes_since", '"yesterday"'),
        ("mes_since", "5"),
        ("firm_name", "5"),
        ("firm_name", ""),
        ("firm_name", "{"),
    ],
)
def test_what_was_never_kept_that_way_is_refused(room, name, text):
    with pytest.raises(AnswerFault, match="请重新填写这一项"):
        from_text(load_facts(room / "facts")[name], text)


def test_the_newest_entry_counts_in_whatever_order_they_come(small):
    old, new = said("has_mes", 1, False), said("has_mes", 2, True)

    assert counted(small("hidden_page"), old, new) == {"has_mes": True}
    assert counted(small("hidden_page"), new, old) == {"has_mes": True}


def test_an_answer_taken_back_leaves_a_blank(small):
    assert counted(small("hidden_page"), said("has_mes", 1, True), took_back("has_mes", 2)) == {}


def test_an_answer_given_again_after_it_was_taken_back_counts(small):
    entries = (said("has_mes", 1, True), took_back("has_mes", 2), said("has_mes", 3, False))

    assert counted(small("hidden_page"), *entries) == {"has_mes": False}


def test_unknown_and_not_applicable_are_kept_apart_from_blank(small):
    entries = [
        Entry("firm", "has_mes", 1, "stated", "unknown"),
        Entry("firm", "mes_plans", 2, "stated", "not_applicable", reason="没有排产", evidence=("a.pdf",)),
    ]

    assert facts_on_path(small("hidden_page"), entries, FIRM).facts == {
        "has_mes": Statement(State.UNKNOWN),
        "mes_plans": Statement(State.NOT_APPLICABLE, None, "没有排产", ("a.pdf",)),
    }


def test_what_the_consultant_says_counts_only_when_verified_answers_are_asked_for(small):
    entries = (said("has_mes", 5, True), said("has_mes", 3, False, layer="verified"))

    assert counted(small("hidden_page"), *entries) == {"has_mes": True}
    assert counted(small("hidden_page"), *entries, layer="verified") == {"has_mes": False}


def test_where_the_consultant_says_nothing_the_firm_is_believed(small):
    assert counted(small("hidden_page"), said("has_mes", 1, True), layer="verified") == {"has_mes": True}


def test_when_the_consultant_takes_back_a_value_the_firm_is_believed_again(small):
    entries = (
        said("has_mes", 1, True),
        said("has_mes", 2, False, layer="verified"),
        took_back("has_mes", 3, layer="verified"),
    )

    assert counted(small("hidden_page"), *entries, layer="verified") == {"has_mes": True}


def test_an_answer_off_the_path_does_not_count_and_comes_back_with_its_page(small):
    entries = (said("has_mes", 1, True), said("mes_plans", 2, True), said("has_mes", 3, False))

    assert counted(small("hidden_page"), *entries) == {"has_mes": False}
    assert counted(small("hidden_page"), *entries, said("has_mes", 4, True)) == {"has_mes": True, "mes_plans": True}


def test_answers_of_a_subdomain_left_out_do_not_count(small):
    entries = (said("plan.L1.1", 1, "full"), said("plan.L2.1", 2, "full"))

    assert counted(small("left_out"), *entries) == {"plan.L1.1": "full", "plan.L2.1": "full"}
    assert counted(small("left_out"), *entries, tailored={"sales"}) == {}


def test_a_fact_that_the_questionnaire_does_not_ask_does_not_count(small):
    assert counted(small("hidden_page"), said("employees", 1, Fraction(5)), said("unheard_of", 1, "x")) == {}


def test_each_workshop_keeps_its_own_answers(small, firm):
    skeleton = firm({"w1": {}, "w2": {}})
    entries = [said("machines", 1, Fraction(5), subject="w1"), said("machines", 2, Fraction(7), subject="w2")]
    tree = facts_on_path(small("every_workshop"), entries, skeleton)

    assert [shop.facts["machines"].value for shop in tree.parts[0].parts] == [5, 7]
    assert tree.facts == tree.parts[0].facts == {}


def test_evidence_is_named_beside_the_statements_of_its_own_subject_and_nothing_else_changes():
    stated = Statement(State.STATED, Fraction(3))
    unknown = Statement(State.UNKNOWN, evidence=("读入的.pdf",))
    shop = Subject(SubjectKind.WORKSHOP, "shop", "冲压车间", {"machines": stated, "has_mes": unknown})
    own_firm = Subject(SubjectKind.FIRM, "firm", "某厂", {"machines": stated}, (shop,))
    whole = FilledDiagnosis("every_kind", "1", date(2026, 10, 31), own_firm)
    shown = with_evidence(whole, {("shop", "machines"): ("a.jpg", "b.pdf"), ("firm", "revenue"): ("c.pdf",)})
    [own] = shown.firm.parts

    assert own.facts["machines"] == Statement(State.STATED, Fraction(3), evidence=("a.jpg", "b.pdf"))
    assert own.facts["has_mes"] == unknown
    assert shown.firm.facts == whole.firm.facts
    assert with_evidence(whole, {}) is whole


def test_a_filled_diagnosis_is_cut_down_to_its_path(small, firm, filled):
    whole = filled(small("hidden_page"), firm(has_mes=False, mes_plans=True))

    assert list(on_path(small("hidden_page"), whole).firm.facts) == ["has_mes"]
    assert list(whole.firm.facts) == ["has_mes", "mes_plans"]


ENTRIES = st.lists(
    st.builds(
        Entry,
        subject_key=st.just("firm"),
        fact=st.sampled_from(["has_mes", "mes_plans"]),
        revision=st.integers(),
        layer=st.sampled_from(["stated", "verified"]),
        state=st.just("stated"),
        value=st.sampled_from(["true", "false"]),
    )
    | st.builds(
        Entry,
        subject_key=st.just("firm"),
        fact=st.sampled_from(["has_mes", "mes_plans"]),
        revision=st.integers(),
        layer=st.sampled_from(["stated", "verified"]),
        state=st.sampled_from(["blank", "unknown"]),
    ),
    unique_by=lambda entry: (entry.fact, entry.revision),
    max_size=8,
)


@given(ENTRIES, st.randoms(use_true_random=False), st.sampled_from(["stated", "verified"]))
def test_the_order_in_which_entries_are_read_does_not_matter(room, entries, random, layer):
    questionnaire = load("hidden_page", room=room)
    shuffled = random.sample(entries, len(entries))

    assert facts_on_path(questionnaire, shuffled, FIRM, layer=layer) == facts_on_path(
        questionnaire, entries, FIRM, layer=layer
    )


@given(ENTRIES)
def test_what_is_off_the_path_never_counts(room, entries):
    facts = facts_on_path(load("hidden_page", room=room), entries, FIRM).facts

    assert not ("mes_plans" in facts and facts.get("has_mes") == Statement(State.STATED, False))


@given(ENTRIES)
def test_the_firm_alone_decides_the_stated_layer(room, entries):
    questionnaire = load("hidden_page", room=room)
    own = [entry for entry in entries if entry.layer == "stated"]

    assert facts_on_path(questionnaire, entries, FIRM) == facts_on_path(questionnaire, own, FIRM)
