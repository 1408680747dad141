from datetime import date
from fractions import Fraction

import pytest

from questionnaires.lint import lint_questionnaires
from questionnaires.loader import load
from questionnaires.model import Text
from questionnaires.recall import LONGEST, names_in, recalled_on, say
from questionnaires.yaml_file import DefinitionError

FACTS = """facts:
  employees: {of: firm, kind: number, whole: true, min: 0, max: 99999, unit: {zh: 人, en: persons}, zh: 人, en: E, source: &s {title: 测试, confidence: ours}}
  since: {of: firm, kind: number, format: year, whole: true, min: 1900, max: 2100, unit: {zh: 年, en: year}, zh: 年, en: Y, source: *s}
  share: {of: firm, kind: number, min: 0, max: 9, unit: {zh: 份, en: parts}, zh: 份, en: S, source: *s}
  trade: {of: firm, kind: choices, zh: 行, en: T, source: *s, options: [&a {code: a, zh: 冲压（大件）, en: Stamping (large)}, &b {code: b, zh: 注塑, en: Moulding}, {code: none, zh: 都不是, en: None of these, alone: true}]}
  day: {of: firm, kind: date, zh: 日, en: D, source: *s}
  words: {of: firm, kind: text, zh: 字, en: W, source: *s}
  good: {of: firm, kind: yes_no, zh: 好, en: G, source: *s}
  machines: {of: workshop, kind: number, whole: true, min: 0, max: 99, unit: {zh: 台, en: sets}, zh: 台, en: M, source: *s}
  digital: {of: workshop, kind: number, whole: true, min: 0, max: 99, unit: {zh: 台, en: sets}, zh: 数, en: D, source: *s}
"""  # noqa: E501
FIRM = "employees, since, share, trade, day, words, good"
SHEET = """id: q
version: "1"
zh: 问卷
en: Questionnaire
sections:
  - {{id: firm, zh: 企业, en: Firm, of: firm, pages: [{{id: firm, zh: 企业, en: Firm, ask: [{firm}]}}]}}
  - id: shop
    zh: 车间
    en: Shop
    of: workshop
    pages:
      - {{id: first, zh: 一, en: One, ask: [machines]}}
      - {second}
"""
KNOWING = "knowing: {zh: '这 {machines} 台里几台？', en: 'How many of these {machines}?'}"
SECOND = "{id: second, zh: 二, en: Two, ask: [{facts: [digital], zh: 几台？, en: 'How many?', %s}]}"


@pytest.fixture
def facts(write_room):
    return load("q", room=write_room(FACTS, q=SHEET.format(firm=FIRM, second=SECOND % KNOWING))).facts


@pytest.fixture
def room(write_room):
    return lambda knowing=KNOWING, second=SECOND: write_room(FACTS, q=SHEET.format(firm=FIRM, second=second % knowing))


def told(facts, zh, language="zh", **known):
    return say(Text(zh, zh), language, facts, known.get)


# --- in a sentence ----------------------------------------------------------------------------------------------------


def test_a_number_stands_in_the_sentence_without_its_unit(facts):
    assert told(facts, "这 {employees} 人里", employees=Fraction(1200)) == "这 1,200 人里"


def test_a_year_has_no_comma_and_a_share_stays_exact(facts):
    assert told(facts, "{since} 年，{share} 份", since=Fraction(2019), share=Fraction(15, 2)) == "2019 年，7.5 份"


@pytest.mark.parametrize(("language", "words"), [("zh", "冲压、注塑"), ("en", "Stamping, Moulding")])
def test_options_are_named_without_their_examples(facts, language, words):
    assert told(facts, "{trade}", language, trade=("a", "b")) == words


def test_days_yes_and_texts_are_named_as_people_read_them(facts):
    known = {"day": date(2026, 10, 31), "good": True, "words": "壳体\n 与  支架"}

    assert told(facts, "{day} {good} {words}", **known) == "2026-10-31 是 壳体 与 支架"


def test_a_long_text_is_cut(facts):
    assert told(facts, "{words}", words="长" * 500) == "长" * LONGEST + "…"


@pytest.mark.parametrize("value", [None, Fraction(0), ("none",)])
def test_what_is_not_known_or_names_nothing_leaves_the_plain_wording(facts, value):
    assert told(facts, "{trade} {employees}", trade=value if value == ("none",) else ("a",), employees=value) is None


def test_one_unknown_answer_of_two_leaves_the_plain_wording(facts):
    assert told(facts, "{employees} {share}", employees=Fraction(3)) is None


def test_an_answer_that_looks_like_a_name_stays_as_it_is(facts):
    assert told(facts, "{words}", words="{employees}", employees=Fraction(3)) == "{employees}"


def test_the_names_of_a_text_are_found():
    assert names_in(Text("{a} 和 {b.L1.2}", "")) == {"a", "b.L1.2"}


# --- in the file ------------------------------------------------------------------------------------------------------


def test_questions_titles_and_leads_may_name_answers(room):
    second = "{id: second, zh: 二, en: Two, %s, lead: {zh: 引, en: Lead}, lead_knowing: {zh: '{employees} 人', en: '{employees} persons'}, ask: [digital]}"  # noqa: E501
    page = load("q", room=room(second=second)).sections[1].pages[1]

    assert [sorted(names_in(text)) for text in recalled_on(page)] == [["machines"], ["employees"]]
    assert page.title.zh == "二"


def test_earlier_answers_of_the_same_subject_and_of_those_above_have_no_fault(room):
    both = "knowing: {zh: '{employees} {machines}', en: '{machines} {employees}'}"

    assert lint_questionnaires(room(both)) == []


@pytest.mark.parametrize(
    ("knowing", "said"),
    [
        ("knowing: {zh: '{machine} 台', en: '{machine} sets'}", "there is no fact “machine”. Did you mean “machines”"),
        ("knowing: {zh: '{machines} 台', en: sets}", "the languages name different answers: machines"),
        ("knowing: {zh: 几台, en: sets}", "the text names no earlier answer"),
        ("knowing: {zh: '{machines} {台', en: '{machines}'}", "a brace stands alone"),
        ("knowing: {zh: '{machines} {}', en: '{machines}'}", "a brace stands alone"),
        ("knowing: {zh: '{machines}'}", "missing: en"),
        ("knowing: '{machines}'", "knowing"),
    ],
)
def test_a_wording_that_cannot_be_said_is_refused(room, knowing, said):
    with pytest.raises(DefinitionError, match=said):
        load("q", room=room(knowing))


def test_a_lead_that_names_answers_needs_a_plain_one(room):
    with pytest.raises(DefinitionError, match="there is no lead to fall back on"):
        load(
            "q",
            room=room(
                "lead_" + KNOWING,
                SECOND.replace("ask: [{facts: [digital], zh: 几台？, en: 'How many?', %s}]", "ask: [digital], %s"),
            ),
        )


@pytest.mark.parametrize(
    ("name", "of", "said"),
    [
        ("digital", "second", "“digital” is asked only later"),
        ("machines", "firm", "“machines” is stated for each workshop, this page is about the firm"),
        ("words", "second", "“words” is not asked in this questionnaire"),
    ],
)
def test_an_answer_out_of_reach_is_found(write_room, name, of, said):
    knowing = f"{{zh: '{{{name}}}', en: '{{{name}}}'}}"
    second = SECOND % (f"knowing: {knowing}" if of == "second" else "help: {zh: 助, en: Help}")
    sheet = SHEET.format(firm=FIRM.replace("words, ", "") if name == "words" else FIRM, second=second)
    if of == "firm":
        sheet = sheet.replace(
            "{id: firm, zh: 企业, en: Firm, ask:", f"{{id: firm, zh: 企业, en: Firm, knowing: {knowing}, ask:"
        )

    assert any(said in fault for fault in lint_questionnaires(write_room(FACTS, q=sheet)))


def test_chinese_in_the_english_wording_is_found(room):
    assert any("holds Chinese" in fault for fault in lint_questionnaires(room(KNOWING.replace("How many", "几台"))))


# --- our own questionnaire --------------------------------------------------------------------------------------------


def test_our_own_questionnaire_names_earlier_answers_where_it_helps():
    pages = [page for section in load("auto_parts").sections for page in section.pages]
    named = {name for page in pages for text in recalled_on(page) for name in names_in(text)}

    assert named >= {"equipment_count", "workshop_process", "revenue", "employees", "systems", "baseline_products"}
