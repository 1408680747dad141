"""The XML of a Word document: what is said stays, what no document may hold goes, rows and places are as promised."""

from __future__ import annotations

import re

import pytest

from reports import word_xml
from reports.word_xml import Row, Table


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("甲\x00\x07乙", "甲乙"),
        ("甲\r\n乙\r丙\u2029丁", "甲\n乙\n丙\n丁"),
        ("甲\t乙", "甲 乙"),
        ("甲\u202e乙\u2067丙", "甲乙丙"),
        ("א\u200fב", "א\u200fב"),
        ("𬭊㛃䶮🏭", "𬭊㛃䶮🏭"),
        ("甲\ufffe\ud800乙", "甲乙"),
    ],
)
def test_only_what_no_document_may_hold_goes(said, kept):
    assert word_xml.printable(said) == kept


def test_words_cannot_leave_their_place():
    made = word_xml.run("</w:t></w:r><w:p/>&")

    assert "&lt;/w:t&gt;&lt;/w:r&gt;&lt;w:p/&gt;&amp;" in made
    assert made.count("</w:r>") == 1


def test_chinese_marks_are_told_to_be_chinese_and_signs_that_both_have_are_not():
    made = word_xml.run("“甲”2–3 个月·——", "Strong")
    texts = re.findall(r"<w:rPr>(.*?)</w:rPr><w:t xml:space=\"preserve\">(.*?)</w:t>", made)

    assert [words for properties, words in texts if "eastAsia" in properties] == ["“", "”", "——"]
    assert "".join(words for _properties, words in texts) == "“甲”2–3 个月·——"
    assert all('w:val="Strong"' in properties for properties, _words in texts)


def test_very_many_words_go_on_in_another_paragraph_of_the_same_style():
    made = word_xml.paragraph("Note", word_xml.run("字" * (2 * word_xml.LONGEST_PIECE + 1)))

    assert [len(words) for words in re.findall("字+", made)] == [word_xml.LONGEST_PIECE] * 2 + [1]
    assert made.count('<w:p><w:pPr><w:pStyle w:val="Note"/></w:pPr>') == 3
    assert "\x00" not in made


@pytest.mark.parametrize(
    ("target", "name"),
    [("R2-W2", "R2_W2"), ("R1-org_strategy.L1.1", "R1_org_strategy_L1_1"), ("R" + "x" * 80, "R" + "x" * 39)],
)
def test_a_place_is_named_as_word_takes_it(target, name):
    assert word_xml.bookmark_name(target) == name


def test_a_row_that_fills_most_of_a_page_may_go_over_it():
    rows = [Row([["短"], ["短"]]), Row([["长" * 900], ["短"]])]
    made = word_xml.table(Table((30, 70), rows), [["", ""], ["", ""]])

    assert [("cantSplit" in row) for row in re.findall(r"<w:tr>.*?</w:tr>", made)] == [True, False]


def test_numbers_stand_right_and_words_after_them_apart():
    made = word_xml.table(
        Table((50, 20, 30), [Row([["a"], ["1"], ["b"]])], ("x", "y", "z"), "tnt"), [["a", "1", "b"]], ["x", "y", "z"]
    )
    styles = re.findall(r'pStyle w:val="(\w+)"', made)

    assert styles == ["TableHead", "TableHeadNumber", "TableHeadApart", "TableText", "TableNumber", "TableApart"]


def test_inner_rows_stand_further_in():
    rows = [Row([["甲"], ["1"]], depth=depth) for depth in (1, 2, 3)]
    made = word_xml.table(Table((50, 50), rows, kinds="tn"), [["甲", "1"]] * 3)

    assert re.findall(r'pStyle w:val="(\w+)"', made)[::2] == ["TableText", "TableInner2", "TableInner3"]


def test_a_table_that_stays_on_one_page_keeps_every_row_with_the_next():
    rows = [Row([["甲"], ["乙"]]) for _ in range(3)]
    made = word_xml.table(Table((50, 50), rows, whole=True), [["甲", "乙"]] * 3)

    assert [row.count("keepNext") for row in re.findall(r"<w:tr>.*?</w:tr>", made)] == [2, 2, 0]
