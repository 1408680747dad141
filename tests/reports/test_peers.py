"""The chapter on comparable firms: places worked by hand, both languages, PDF and Word, and nothing of too few."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.edition import Edition
from reports.html import to_html
from reports.model import DiagnosisReport
from reports.peers import BOTTOM, LOWER, MIDDLE, OPEN, TOP, UPPER, place_of
from reports.word import to_word
from scoring.coarse import Quartiles, Share
from scoring.exact import Bounds, exactly
from scoring.peers import TOTAL, Comparison, Group, part_key
from tests.reports.reading_word import Read, squeezed
from tests.reports.sample import EDITION, report_on, sample_diagnosis
from tests.reports.test_english import CHINESE, printed
from tests.reports.test_word import said

DAY = date(2026, 11, 20)
FEW = Comparison(DAY)
AROUND = Quartiles(9, Fraction("1.6"), Fraction("2.1"), Fraction("2.7"))
PARTS = Quartiles(8, Fraction("0.25"), Fraction("0.35"), Fraction("0.9"))
NARROW, MOST = Share(9, Fraction(0), Fraction(1, 4)), Share(9, Fraction(3, 4), Fraction(1))
PEERS = Comparison(
    day=DAY,
    group=Group.SIZE,
    industry="3670",
    size=3,
    firms=11,
    level=3,
    quartiles={
        TOTAL: AROUND,
        part_key("element", "technology"): PARTS,
        part_key("capability_domain", "data"): PARTS,
        part_key("capability_domain", "sales"): Quartiles(8, Fraction("0.9"), Fraction("0.95"), Fraction(1)),
        "equipment_digital_rate": Quartiles(11, Fraction(25), Fraction(35), Fraction(50)),
    },
    levels={0: NARROW, 1: NARROW, 2: MOST, 3: NARROW, 4: NARROW, 5: NARROW},
    met={"cq_digital_workshop": NARROW, "cq_smart_factory": NARROW},
)


MADE: dict[tuple[int, str], DiagnosisReport] = {}


def on(peers: Comparison, language: str = "zh") -> DiagnosisReport:
    """Return the report of the sample with this comparison, kept for the next test."""
    key = (id(peers), language)
    if key not in MADE:
        MADE[key] = report_on(sample_diagnosis(), replace(EDITION, language=language), None, peers)
    return MADE[key]


def chapter(html: str) -> str:
    return html.partition('<h1 id="peers">')[2].partition('<h1 id="method">')[0]


# --- places -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "place"),
    [
        ("2.75", "2.75", TOP),  # 2.8 in steps of 0.1
        ("2.74", "2.74", UPPER),  # 2.7: as the upper quartile
        ("2.15", "2.15", UPPER),
        ("2.05", "2.14", MIDDLE),
        ("2.04", "2.04", LOWER),
        ("1.55", "1.55", LOWER),  # 1.6: as the lower quartile
        ("1.54", "1.54", BOTTOM),
        ("1.54", "1.56", OPEN),
        ("0", "5", OPEN),
        ("2.2", "2.6", UPPER),  # open, and yet in one place
    ],
)
def test_a_place_is_told_from_the_steps_that_are_printed(low, high, place):
    assert place_of(Bounds(Fraction(low), Fraction(high)), AROUND, Fraction(1, 10)) == place


@given(st.fractions(0, 5, max_denominator=1000))
def test_a_place_tells_no_more_than_the_steps_do(value):
    step = Fraction(1, 10)
    in_steps = Fraction(int(value / step + Fraction(1, 2))) * step

    assert place_of(exactly(value), AROUND, step) == place_of(exactly(in_steps), AROUND, step)


# --- the chapter ------------------------------------------------------------------------------------------------------


def test_the_chapter_stands_between_plan_and_method_and_in_the_contents():
    places = list(on(PEERS).chapters)

    assert places[places.index("peers") - 1 : places.index("peers") + 2] == ["plan", "peers", "method"]
    assert [line.title for line in on(PEERS).contents if line.target == "peers"] == ["9　同行对照"]


def test_a_report_for_which_nobody_was_counted_has_no_such_chapter():
    without = report_on(sample_diagnosis())

    assert without.peers is None
    assert "peers" not in without.chapters
    assert "同行对照" not in to_html(without)


def test_the_group_is_named_in_words_with_the_day():
    assert on(PEERS).peers.lead.startswith("这里与同行业（行业代码 3670）、同规模（中型）的 11 家企业比较：")
    assert "截至 2026 年 11 月 20 日" in on(PEERS).peers.lead
    assert "11 firms of the same industry (code 3670) and class of size (medium)" in on(PEERS, "en").peers.lead


@pytest.mark.parametrize(
    ("group", "said"), [(Group.INDUSTRY, "同行业（行业代码 3670）的 11 家企业"), (Group.ALL, "评价的全部 11 家企业")]
)
def test_so_is_a_wider_group(group, said):
    wider = replace(PEERS, group=group, size=None)

    assert said in report_on(sample_diagnosis(), peers=wider).peers.lead


def test_the_firm_stands_beside_the_quartiles_of_the_others():
    found = on(PEERS).peers
    [total] = found.total
    parts = {row.name: row for row in found.parts}

    assert (total.low, total.median, total.high, total.counted) == ("1.6", "2.1", "2.7", "9")
    assert found.headline.startswith(f"成熟度总分在同行中：{total.place}（本企业 {total.own}，同行中位数 2.1）")
    assert (parts["技术"].low, parts["技术"].median, parts["技术"].high) == ("0.25", "0.35", "0.90")
    assert (found.rates[0].own, found.rates[0].place) == ("42–66%", "待定")  # 114 to 178 of 270 machines


def test_a_value_that_too_few_peers_have_settled_shows_the_firm_alone():
    network = next(row for row in on(PEERS).peers.parts if row.name == "网络")

    assert network.own != "—"
    assert (network.low, network.median, network.high, network.place) == ("—", "—", "—", "—")
    assert network.counted == "不足 5"


def test_shares_are_bands_and_the_level_of_the_firm_is_marked():
    found = on(PEERS).peers

    assert [(row.share, row.here) for row in found.levels[1:4]] == [
        ("不到 25%", ""),
        ("75% 以上", "本企业"),
        ("不到 25%", ""),
    ]
    # of the workshops one meets all but one condition, which is open
    assert [(row.share, row.state.word) for row in found.met] == [("不到 25%", "待定"), ("不到 25%", "未达到")]


def test_the_picture_names_the_domains_in_the_bottom_quarter_and_has_its_alternative():
    drawing = on(PEERS).peers.drawing

    assert drawing.title == "与同行相比，落在后四分之一的有：数据、销售"
    assert "数据：本企业" in drawing.svg
    assert "同行 0.25、0.35、0.90" in drawing.svg


def test_where_too_few_have_a_settled_total_the_headline_says_so():
    rest = {key: found for key, found in PEERS.quartiles.items() if key != TOTAL}
    found = report_on(sample_diagnosis(), peers=replace(PEERS, quartiles=rest)).peers

    assert found.headline == "同行中总分已定的不足 5 家，总分不比较。"


def test_the_method_says_steps_ranks_and_that_open_values_do_not_count():
    how = "".join(on(PEERS).peers.how)

    assert "总分取到 0.1，能力得分取到 0.05，比率取到 5 个百分点" in how
    assert "最近秩法" in how
    assert "没有定下来的不算低，也不计入" in how
    assert "尚未" not in how


def test_a_self_assessment_says_that_its_own_values_are_not_verified():
    stated = report_on(sample_diagnosis(), Edition(day=DAY, program="zhizhen 0.1.0"), peers=PEERS)

    assert "本企业的数是企业自己填报的" in stated.peers.how[-1]


# --- too few ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_of_too_few_firms_the_chapter_says_one_sentence_and_no_number_but_the_threshold(language):
    html = chapter(to_html(on(FEW, language)))
    body = re.sub(r"<[^>]+>", " ", html.partition("</h1>")[2])

    assert re.findall(r"\d+", body) == ["5"]
    assert len(re.findall(r"<p", html)) == 1
    assert "<table" not in html
    assert "<svg" not in html


def test_so_does_the_word_report():
    read = Read(to_word(on(FEW)))
    words = [words for _style, words in read.paragraphs()]
    begins = max(number for number, said in enumerate(words) if said.endswith("同行对照"))

    assert words[begins + 1].startswith("经专家核实的可比企业还不足 5 家")
    assert words[begins + 2].endswith("方法")


# --- PDF and Word -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_everything_the_chapter_says_is_in_the_page_and_in_the_document(language):
    html = chapter(to_html(on(PEERS, language)))
    page = squeezed(re.sub(r"<[^>]+>", "", html).replace("&amp;", "&"))
    document = squeezed(Read(to_word(on(PEERS, language))).text)
    texts = {squeezed(text) for text in said(on(PEERS, language).peers)} - {""}

    assert len(texts) > 30
    assert [text for text in texts if text not in page] == []
    assert [text for text in texts if text not in document] == []


@pytest.mark.parametrize("peers", [PEERS, replace(PEERS, group=Group.ALL, size=None, quartiles={}), FEW])
def test_an_english_chapter_holds_no_chinese_of_ours(peers):
    assert CHINESE.findall(printed(chapter(to_html(on(peers, "en"))))) == []


def test_the_picture_is_in_the_document_with_its_alternative():
    read = Read(to_word(on(PEERS)))
    spoken = [one.get("descr", "") for one in read.body.iter() if one.tag.endswith("}docPr")]

    assert [one for one in spoken if one.startswith("与同行相比")]
