import pytest

from questionnaires.lint import lint_questionnaires

FACTS = """facts:
  yes_a: {of: firm, kind: yes_no, zh: 甲, en: A, source: &s {title: 测试, confidence: ours}}
  yes_b: {of: firm, kind: yes_no, zh: 乙, en: B, source: *s}
  number: {of: firm, kind: number, whole: true, min: 0, max: 10, unit: {zh: 台, en: sets}, zh: 数, en: N, source: *s}
  share: {of: firm, kind: number, min: 0, max: 10, unit: {zh: 台, en: sets}, zh: 份, en: S, source: *s}
  money: {of: firm, kind: number, min: 0, max: 10, unit: {zh: 万元, en: 10k yuan}, zh: 钱, en: M, source: *s}
  one_of:
    {of: firm, kind: choice, zh: 选, en: O, source: *s,
     options: [&x {code: x, zh: 一, en: X}, &y {code: y, zh: 二, en: Y}]}
  some_of:
    {of: firm, kind: choices, options: [*x, *y, {code: z, zh: 无, en: Z, alone: true}], zh: 多选, en: P, source: *s}
  degree: {of: firm, kind: practice, zh: 做法, en: D, source: *s}
  day: {of: firm, kind: date, zh: 日期, en: Day, source: *s}
  words: {of: firm, kind: text, zh: 文字, en: W, source: *s}
  last: {of: firm, kind: yes_no, zh: 末, en: L, source: *s}
  shop: {of: workshop, kind: yes_no, zh: 车间, en: Shop, source: *s}
"""
COACH = """coach:
  degree:
    means: {zh: 问什么。, en: What is asked.}
    full: {zh: 全部。, en: All.}
    mostly: {zh: 大半。, en: Most.}
    partly: {zh: 一些。, en: Some.}
    none: {zh: 没有。, en: Nothing.}
    not_counted: {zh: 不算的。, en: What does not count.}
    evidence: {zh: 记录。, en: Records.}
"""
ALL = "yes_a, yes_b, number, share, money, one_of, some_of, degree, day, words"
HEAD = """id: q
version: "1"
zh: 问卷
en: Questionnaire
sections:
  - id: shop
    zh: 车间
    en: Shop
    of: workshop
    pages: [{id: shop, zh: 车间, en: Shop, ask: [shop]}]
  - id: s
    zh: 节
    en: Section
    of: firm
    pages:
"""


@pytest.fixture
def lint(write_room):
    """The faults of a questionnaire with these pages, without the path of the file."""

    def run(pages, facts=FACTS):
        room = write_room(facts, COACH, q=HEAD + pages)
        return [fault.split("/", 1)[1] for fault in lint_questionnaires(room)]

    return run


def page(name, ask, more=""):
    return f"      - {{id: {name}, zh: 页, en: Page, ask: [{ask}]{more}}}\n"


def when(condition):
    return page("first", ALL) + page("last", "last", f", show_when: {condition}")


def test_our_own_questionnaires_have_no_fault():
    assert lint_questionnaires() == []


def test_the_questionnaires_for_tests_have_no_fault(room):
    assert lint_questionnaires(room) == []


def test_a_fact_nobody_asks_is_found(lint):
    (fault,) = lint(page("first", ALL))

    assert fault == "facts/facts.yaml:15: facts.last: no questionnaire asks “last”. List it on a page, or remove it."


def test_a_fact_asked_twice_is_found(lint):
    (fault,) = lint(page("first", f"{ALL}, last") + page("second", "yes_a"))

    assert "s.pages.second.ask: “yes_a” is asked before, on s.first." in fault


def test_a_fact_asked_twice_on_one_page_is_found(lint):
    (fault,) = lint(page("first", f"{ALL}, last, yes_a"))

    assert "“yes_a” is asked before" in fault


def test_a_page_with_more_than_twelve_questions_is_found(lint):
    more = "".join(f"  more_{n}: {{of: firm, kind: yes_no, zh: 多, en: M, source: *s}}\n" for n in range(2))
    pages = page("first", f"{ALL}, last, more_0")

    assert not any("questions on one page" in fault for fault in lint(pages, FACTS + more))
    assert any(
        "13 questions on one page" in fault
        for fault in lint(page("first", f"{ALL}, last, more_0, more_1"), FACTS + more)
    )


@pytest.mark.parametrize(
    "condition",
    [
        '{"==": [yes_a, true]}',
        '{all: [{">": [number, 9]}, {"<=": [number, 10]}]}',
        '{all: [{">": [share, 9]}, {"<": [share, 10]}]}',
        '{all: [{">=": [number, 10]}, {"==": [one_of, x]}]}',
        '{"<": [share, number]}',
        '{all: [{"==": [some_of, x]}, {"==": [some_of, y]}]}',
        '{all: [{">=": [degree, partly]}, {"<": [degree, full]}]}',
        '{any: [{">": [number, 10]}, {"==": [yes_a, false]}]}',
        '{all: [{any: [{"==": [one_of, x]}, {"==": [one_of, y]}]}, {"==": [one_of, y]}]}',
    ],
)
def test_a_page_that_can_be_shown_is_let_pass(lint, condition):
    assert lint(when(condition)) == []


@pytest.mark.parametrize(
    "condition",
    [
        '{">": [number, 10]}',
        '{"<": [number, 0]}',
        '{"==": [number, 2.5]}',
        '{all: [{">": [number, 9]}, {"<": [number, 10]}]}',
        '{all: [{"==": [yes_a, true]}, {"==": [yes_a, false]}]}',
        '{all: [{"==": [one_of, x]}, {"==": [one_of, y]}]}',
        '{all: [{"==": [some_of, x]}, {"==": [some_of, z]}]}',
        '{all: [{">": [degree, mostly]}, {"<": [degree, full]}]}',
        '{any: [{">": [number, 10]}, {"<": [share, 0]}]}',
        '{all: [{any: [{"==": [one_of, x]}, {">": [number, 10]}]}, {"==": [one_of, y]}]}',
    ],
)
def test_a_page_that_can_never_be_shown_is_found(lint, condition):
    (fault,) = lint(when(condition))

    assert "s.pages.last.show_when: the page can never be shown" in fault


def test_a_page_is_never_shown_when_the_page_it_depends_on_excludes_it(lint):
    pages = (
        page("first", ALL.replace("yes_b, ", ""))
        + page("second", "yes_b", ', show_when: {"==": [yes_a, true]}')
        + page("last", "last", ', show_when: {all: [{"==": [yes_b, true]}, {"==": [yes_a, false]}]}')
    )
    (fault,) = lint(pages)

    assert "s.pages.last.show_when: the page can never be shown" in fault


def test_a_page_that_may_be_shown_for_another_reason_is_let_pass(lint):
    pages = (
        page("first", ALL.replace("yes_b, ", ""))
        + page("second", "yes_b", ', show_when: {"==": [yes_a, true]}')
        + page("last", "last", ', show_when: {any: [{"==": [yes_b, true]}, {"==": [yes_a, false]}]}')
    )

    assert lint(pages) == []


def test_a_condition_with_too_many_ways_is_let_pass(lint):
    either = '{any: [{"==": [yes_a, true]}, {"==": [yes_b, true]}]}'
    many = f"{{all: [{', '.join([either] * 13)}]}}"

    assert lint(when(many)) == []


@pytest.mark.parametrize(
    ("condition", "part"),
    [
        ('{"==": [last, true]}', "“last” is asked only later"),
        ('{"==": [shop, true]}', "“shop” is stated for each workshop, this page is about the firm"),
        ('{"==": [yess, true]}', "nothing is called “yess”"),
        ('{"==": [yes_a, 1]}', "“yes_a” is a yes_no and cannot be compared with “1”. Write true or false."),
        ('{">": [number, true]}', "cannot be compared with “True”. Write a number."),
        ('{"==": [one_of, zz]}', "Write the code of one of its options."),
        ('{"==": [some_of, zz]}', "Write the code of one of its options."),
        ('{">=": [degree, fully]}', "Write full, mostly, partly or none."),
        ('{">=": [day, today]}', "Compare a date with another date fact."),
        ('{"==": [words, 5]}', "Write a text."),
        ('{">": [one_of, x]}', "a choice like “one_of” has no order"),
        ('{">": [yes_a, yes_b]}', "a yes_no like “yes_a” has no order"),
        ('{"<=": [number, one_of]}', "“number” is a number, “one_of” a choice"),
        ('{"<=": [number, money]}', "“number” is in 台, “money” in 万元"),
        ('{"<=": [number, number]}', "“number” is compared with itself"),
    ],
)
def test_a_condition_that_makes_no_sense_is_found(lint, condition, part):
    faults = lint(when(condition))

    assert any(part in fault for fault in faults)


def test_a_check_is_looked_at_like_a_condition(lint):
    check = ', checks: [{that: {"<=": [number, money]}, say: {zh: 不能多, en: Not more}}]'
    (fault,) = lint(page("first", f"{ALL}, last", check))

    assert "checks[1].that: “number” is in 台, “money” in 万元. Compare the same unit." in fault


def test_a_condition_on_a_fact_that_this_questionnaire_does_not_ask_is_found(lint):
    faults = lint(page("first", "yes_b") + page("last", "last", ', show_when: {"==": [yes_a, true]}'))

    assert any("“yes_a” is not asked in this questionnaire" in fault for fault in faults)


def test_chinese_in_an_english_text_is_found(lint):
    faults = lint(page("first", f"{ALL}, last").replace("en: Page", "en: 页"), FACTS.replace("en: Day", "en: 日"))

    assert ["holds Chinese" in fault for fault in faults] == [True, True]


def test_a_text_in_one_language_only_is_found(lint):
    faults = lint(page("first", f"{ALL}, last"), FACTS.replace("zh: 日期, en: Day", "zh: 日期"))

    assert any("facts.day: missing: en" in fault for fault in faults)


@pytest.mark.parametrize("text", ["facts: [1]\n", "facts:\n  a: 1\n  a: 2\n", "- 1\n", "a: ["])
def test_an_unreadable_dictionary_is_reported_and_not_a_crash(lint, text):
    assert any("facts/facts.yaml" in fault for fault in lint(page("first", "last"), text))


def test_an_unreadable_questionnaire_is_reported_and_not_a_crash(write_room):
    faults = lint_questionnaires(write_room(FACTS, COACH, q="id: q\nid: q\n"))

    assert "definitions/q-1.yaml:2: id: the key “id” is written twice" in faults[0]
