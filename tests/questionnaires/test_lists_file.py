import pytest

from questionnaires.lint import lint_questionnaires
from questionnaires.loader import load
from questionnaires.yaml_file import DefinitionError

FACTS = """facts:
  machines: {of: workshop, kind: number, whole: true, min: 0, max: 99, unit: &u {zh: 台, en: sets}, zh: 台, en: M, source: &s {title: 测试, confidence: ours}}
  online: {of: workshop, kind: number, whole: true, min: 0, max: 99, unit: *u, zh: 联网, en: O, source: *s}
  people: {of: workshop, kind: number, whole: true, min: 0, max: 99, unit: {zh: 人, en: persons}, zh: 人, en: P, source: *s}
  rate: {of: workshop, kind: number, min: 0, max: 99, unit: *u, zh: 率, en: R, source: *s}
  staff: {of: firm, kind: number, whole: true, min: 0, max: 99, unit: *u, zh: 员, en: S, source: *s}
  has_it: {of: workshop, kind: yes_no, zh: 是, en: Y, source: *s}
"""  # noqa: E501
SHEET = """id: q
version: "1"
zh: 问卷
en: Questionnaire
lists:
{lists}
sections:
  - id: firm
    zh: 企业
    en: Firm
    of: firm
    pages: [{{id: firm, zh: 企业, en: Firm, ask: [staff]}}]
  - id: shop
    zh: 车间
    en: Shop
    of: workshop
    pages:
      - id: shop
        zh: 车间
        en: Shop
        ask: [{{facts: [machines, online], zh: 几台, en: How many, indicator: {indicator}}}, people, rate, has_it]
"""
COACH = """coach:
  r:
    means: {zh: 问比率。, en: A ratio.}
    example: {zh: 4台里3台，3÷4=75%。, en: "3 of 4 machines: 3 / 4 = 75%."}
    not_counted: {zh: 封存的。, en: What is mothballed.}
    evidence: {zh: 台账。, en: The ledger.}
"""
GOOD = "  - &list {id: list, zh: 清单, en: List, of: workshop, name: {zh: 名, en: Name}, detail: {zh: 号, en: Number}, count: {fact: machines, zh: 台, en: Sets}, marks: [{fact: online, zh: 联网, en: Online}]}"  # noqa: E501


@pytest.fixture
def room(write_room):
    return lambda lists=GOOD, indicator="r": write_room(FACTS, COACH, q=SHEET.format(lists=lists, indicator=indicator))


def changed(old, new):
    assert old in GOOD
    return GOOD.replace(old, new)


def test_a_list_is_read_with_its_columns(room):
    (one,) = load("q", room=room()).lists

    assert [column.fact.id for column in one.columns] == ["machines", "online"]
    assert (one.title.zh, one.name.en, one.marks[0].text.zh) == ("清单", "Name", "联网")


def test_a_good_list_has_no_fault(room):
    assert lint_questionnaires(room()) == []


@pytest.mark.parametrize(
    ("lists", "said"),
    [
        (changed("fact: online", "fact: onlin"), "there is no fact “onlin”. Did you mean “online”"),
        (changed("fact: online", "fact: staff"), "“staff” describes a firm, this list a workshop"),
        (changed("fact: online", "fact: machines"), "the list counts one fact twice"),
        (changed("fact: online", "fact: people"), "“people” has another unit than “machines”"),
        (changed("fact: online", "fact: rate"), "“rate” is no whole number"),
        (changed("fact: online", "fact: has_it"), "“has_it” is no whole number"),
        (changed("[{fact: online, zh: 联网, en: Online}]", "[]"), "the list has no mark"),
        (changed("name: {zh: 名, en: Name}, ", ""), "missing: name"),
        (changed("of: workshop", "of: shop"), "“shop” is not known here"),
        (f"{GOOD}\n  - *list", "“list” is the id of two entries"),
    ],
)
def test_a_list_that_cannot_be_counted_is_refused(room, lists, said):
    with pytest.raises(DefinitionError, match=said):
        load("q", room=room(lists))


def test_a_list_that_no_question_leads_to_is_found(room):
    text = room().joinpath("definitions/q-1.yaml")
    text.write_text(text.read_text("utf-8").replace(", indicator: r", ""), "utf-8")

    assert any(
        "no question with an indicator asks only facts of the list" in fault
        for fault in lint_questionnaires(text.parent.parent)
    )


def test_a_fact_that_is_counted_by_two_lists_or_not_asked_is_found(room):
    second = GOOD.replace("&list ", "").replace("id: list", "id: other").replace("fact: online", "fact: guests")
    guests = (
        "  guests: {of: workshop, kind: number, whole: true, min: 0, max: 9, unit: *u, zh: 客, en: G, source: *s}\n"
    )
    folder = room(f"{GOOD}\n{second}")
    (folder / "facts" / "facts.yaml").write_text(FACTS + guests, "utf-8")
    found = lint_questionnaires(folder)

    assert any("“guests” is not asked in this questionnaire" in fault for fault in found)
    assert any("another list counts “machines” too" in fault for fault in found)


def test_chinese_in_an_english_heading_is_found(room):
    assert any("holds Chinese" in fault for fault in lint_questionnaires(room(changed("en: Online", "en: 联网"))))
