"""The marks of both languages, and that a label lacks neither."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from questionnaires.model import Text
from reports.labels import LABELS, Labels
from reports.language import CHINESE, ENGLISH

CHINESE_MARKS = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


def test_lists_sentences_and_brackets_have_the_marks_of_their_language():
    assert CHINESE.items(["甲", "乙"]) == "甲、乙"
    assert ENGLISH.items(["a", "b"]) == "a, b"
    assert CHINESE.clauses(["甲", "", "乙"]) == "甲；乙"
    assert ENGLISH.clauses(["a", "", "b"]) == "a; b"
    assert CHINESE.of("甲", "乙") == "甲：乙"
    assert ENGLISH.of("a", "b") == "a: b"
    assert CHINESE.bracketed("甲", "乙") == "甲（乙）"
    assert ENGLISH.bracketed("a", "b") == "a (b)"


def test_nothing_in_brackets_leaves_the_name_alone():
    assert CHINESE.bracketed("甲", "") == "甲"


@pytest.mark.parametrize(
    ("language", "said", "printed"),
    [
        (CHINESE, "现在是二级", "现在是二级。"),
        (ENGLISH, "now level 2", "Now level 2."),
        (ENGLISH, "Why not?", "Why not?"),
    ],
)
def test_a_sentence_begins_and_ends_as_its_language_wants_it(language, said, printed):
    assert language.sentence(said) == printed


def test_what_is_empty_makes_no_sentence():
    assert ENGLISH.sentences(["one", "", "two"]) == "One. Two."
    assert CHINESE.sentences(["一", "", "二"]) == "一。二。"


def test_the_id_that_a_sentence_begins_with_keeps_its_letters():
    assert ENGLISH.ended("data.L2.1 collects") == "data.L2.1 collects."


def test_curly_quotes_which_are_as_wide_as_a_character_are_straight_in_english():
    quoted = Text("“甲”", "the “first” one’s")

    assert (CHINESE.say(quoted), ENGLISH.say(quoted)) == ("“甲”", 'the "first" one\'s')


def test_every_label_is_said_in_both_languages_with_the_same_blanks():
    for name, text in LABELS.items():
        blanks = [{field for _, field, _, _ in Formatter().parse(half) if field} for half in (text.zh, text.en)]

        assert text.zh, name
        assert text.en or name == "page_after", name
        assert not CHINESE_MARKS.search(text.en), name
        assert blanks[0] == blanks[1], name


def test_a_label_that_there_is_not_stops_the_report():
    with pytest.raises(KeyError, match="headlin"):
        Labels("en")("headlin")


def test_a_brace_in_an_answer_is_printed_as_typed():
    assert Labels("zh-CN")("unknown", facts="{facts} {0}") == "不清楚：{facts} {0}。"
