"""Small faulty files, one fault each: what is asked and not explained, explained and not asked, or badly written."""

import pytest

from questionnaires.lint import lint_questionnaires

FACTS = """facts:
  p.L1.1: {of: firm, kind: practice, zh: 做法, en: P, source: &s {title: 测试, confidence: ours}}
  over: {of: firm, kind: number, min: 0, max: 9, unit: {zh: 台, en: sets}, zh: 上, en: Over, source: *s}
  under: {of: firm, kind: number, min: 0, max: 9, unit: {zh: 台, en: sets}, zh: 下, en: Under, source: *s}
"""
SHEET = """id: q
version: "1"
zh: 问卷
en: Questionnaire
sections:
  - id: s
    zh: 节
    en: Section
    of: firm
    pages:
      - id: p
        zh: 页
        en: Page
        ask:
          - p.L1.1
          - facts: [over, under]
            zh: 几台？
            en: How many?
            indicator: rate
"""
PRACTICE = """  p.L1.1:
    means: {zh: 问什么。, en: What is asked.}
    full: {zh: 12条线都接了。, en: All 12 lines are connected.}
    mostly: {zh: 12条线接了10条。, en: Ten of the 12 lines are connected.}
    partly: {zh: 12条线接了3条。, en: Three of the 12 lines are connected.}
    none: {zh: 一条也没接。, en: Not one is connected.}
    not_counted: {zh: 买了没用的“MES”不算。, en: An MES that was bought and not used.}
    evidence: {zh: 接线台账（采集点表.xlsx）。, en: The list of connections.}
"""
RATIO = """  rate:
    means: {zh: 问比率。, en: A ratio.}
    example: {zh: 4台里3台，3÷4=75%。, en: "3 of 4 machines: 3 / 4 = 75%."}
    not_counted: {zh: 封存的。, en: What is mothballed.}
    evidence: {zh: 台账。, en: The ledger.}
"""
GOOD = f"coach:\n{PRACTICE}{RATIO}"


@pytest.fixture
def lint(write_room):
    """The faults of a room with this coach, without the path of the file."""

    def run(coach):
        return [fault.split("/", 1)[1] for fault in lint_questionnaires(write_room(FACTS, coach, q=SHEET))]

    return run


def test_what_is_asked_and_explained_has_no_fault(lint):
    assert lint(GOOD) == []


def test_a_practice_that_nobody_explains_is_found_where_it_is_defined(lint):
    assert lint(f"coach:\n{RATIO}") == [
        "facts/facts.yaml:2: facts.p.L1.1: nobody explains the practice “p.L1.1”. Explain it in coach/facts.yaml."
    ]


def test_a_ratio_that_a_question_shows_and_nobody_explains_is_found_where_it_is_asked(lint):
    assert lint(f"coach:\n{PRACTICE}") == [
        "definitions/q-1.yaml:19: sections.s.pages.p.ask[2].indicator: nobody explains the ratio “rate”. "
        "Explain it in coach/ratios.yaml."
    ]


def test_without_a_folder_everything_is_unexplained(write_room):
    room = write_room(FACTS, q=SHEET)
    (room / "coach" / "facts.yaml").unlink()
    (room / "coach").rmdir()

    assert len(lint_questionnaires(room)) == 2


def test_an_entry_with_a_fault_is_there_and_only_to_be_mended(lint):
    (fault,) = lint(GOOD.replace("    none: {zh: 一条也没接。, en: Not one is connected.}\n", ""))

    assert fault == "coach/facts.yaml:3: coach.p.L1.1: missing: none. Add it."


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (
            PRACTICE.replace("p.L1.1", "p.L1.2"),
            "coach.p.L1.2: there is no practice “p.L1.2”, and no question shows such a ratio. Did you mean “p.L1.1”?",
        ),
        (
            RATIO.replace("rate:", "share:", 1),
            "coach.share: there is no practice “share”, and no question shows such a ratio. "
            "Correct the id, or remove the entry.",
        ),
        (
            RATIO.replace("rate:", "over:", 1),
            "coach.over: “over” is a number; only practices and ratios that a question shows are explained. "
            "Write it as the definition of the fact.",
        ),
    ],
)
def test_an_entry_for_something_that_is_not_asked_so_is_found(lint, entry, fault):
    (found,) = lint(GOOD + entry)

    assert found == f"coach/facts.yaml:16: {fault}"


def test_a_practice_explained_like_a_ratio_is_found(lint):
    (fault,) = lint(f"coach:\n{RATIO}{RATIO.replace('rate:', 'p.L1.1:', 1)}")

    assert fault == (
        "coach/facts.yaml:9: coach.p.L1.1.example: “p.L1.1” is a practice. "
        "Write an example for full, mostly, partly and none."
    )


def test_a_ratio_explained_like_a_practice_is_found(lint):
    (fault,) = lint(f"coach:\n{PRACTICE}{PRACTICE.replace('p.L1.1:', 'rate:', 1)}")

    assert (
        fault == "coach/facts.yaml:11: coach.rate: “rate” is a ratio and has no degrees. "
        "Write one example that is computed."
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("zh: 12条线接了3条。", "zh: 12条线接了10条。"),
        ("zh: 12条线接了3条。", "zh: 12条线， 接了10条"),
        ("en: Three of the 12 lines are connected.", "en: ten of the 12 lines are connected"),
    ],
)
def test_two_degrees_with_the_same_example_are_found_in_either_language(lint, old, new):
    (fault,) = lint(GOOD.replace(old, new))

    assert fault == (
        "coach/facts.yaml:6: coach.p.L1.1.partly: the example is the same as that of “mostly”. Say what is less here."
    )


@pytest.mark.parametrize(
    ("old", "new", "mark"),
    [
        ("一条也没接。", '"一条也没接,停着。"', "接,"),
        ("一条也没接。", '"一条也没接,PLC没接。"', "接,"),
        ("一条也没接。", '"PLC,一条也没接。"', ",一"),
        ("一条也没接。", "一条也没接.", "接."),
        ("一条也没接。", "一条也没接.停着。", "接."),
        ("一条也没接。", "一条(旧线)没接。", "条("),
        ("一条也没接。", "'一条\"旧线\"没接。'", '条"'),
        ("一条也没接。", "'没接: 一条。'", "接:"),
        ("一条也没接。", "一条也没接?", "接?"),
    ],
)
def test_a_half_width_mark_beside_chinese_is_found(lint, old, new, mark):
    (fault,) = lint(GOOD.replace(old, new))

    assert fault == (
        f"coach/facts.yaml:7: coach.p.L1.1.none.zh: a half-width mark stands beside Chinese: “{mark}”. "
        "Use full-width marks in Chinese: ，。；：？！（）“”."
    )


@pytest.mark.parametrize(
    "text", ["查采集点表.xlsx，共3.5页。", "按1:1配，在MES (V2) 上查，SPC/AOI都算。", "看“PLC, CNC”两栏。"]
)
def test_marks_inside_codes_names_and_figures_are_let_pass(lint, text):
    assert lint(GOOD.replace("一条也没接。", f"'{text}'")) == []


@pytest.mark.parametrize("text", ["Not one 一条.", "Not one，stopped.", "Not one。"])
def test_chinese_in_the_english_text_is_found(lint, text):
    (fault,) = lint(GOOD.replace("Not one is connected.", text))

    assert fault.startswith("coach/facts.yaml:7: coach.p.L1.1.none.en: the English text holds Chinese: “Not one")


def test_english_in_place_of_the_chinese_text_is_found(lint):
    (fault,) = lint(GOOD.replace("一条也没接。", "Not one."))

    assert fault == (
        "coach/facts.yaml:7: coach.p.L1.1.none.zh: there is no Chinese in the Chinese text. Write it in Chinese."
    )
