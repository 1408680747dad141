"""Report templates: checked before use, moved, left out and added parts, in PDF and Word, nothing else changed."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from reports.html import to_html
from reports.own_template import (
    MOST_BLOCKS,
    CannotApply,
    OwnBlock,
    applied,
    faults,
    from_data,
    places,
    to_data,
)
from reports.own_text import LONGEST_SAID
from reports.parts import OPTIONAL, STANDARD, completed
from reports.pdf import to_pdf
from reports.specimen import specimen, specimens
from reports.word import to_word
from tests.reports.own_sample import INSTITUTION, logo, template

DRAWN = re.compile(r"zr\d+-(?:cls-\d+|\w+)")  # the charts number their looks over all drawings of a process
TURNED = ("contents", "plan", "brief", *(part for part in STANDARD if part not in ("contents", "plan", "brief")))


def chapters(html):
    return re.findall(r'<h1[^>]* id="([\w-]+)"', html)


def words_of(html):
    return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL))


def fields(own, samples=()):
    return [fault.field for fault in faults(own, samples)]


# --- what it does -----------------------------------------------------------------------------------------------------


def test_the_standard_order_changes_no_word_of_the_report():
    report = specimen()
    own = applied(report, template(OwnBlock("after:annex", "结束语", "完。")))
    bare = replace(own, own=None, parts=report.parts, contents=report.contents)
    standard, added = (DRAWN.sub("", to_html(one)) for one in (report, bare))

    assert added == standard
    assert own.parts[:-1] == report.parts
    assert own.contents[:-1] == report.contents


def test_parts_are_printed_in_the_order_chosen_and_numbered_in_it():
    own = applied(specimen(), template(order=TURNED))

    assert chapters(to_html(own))[:5] == ["own-1", "contents", "plan", "brief", "profile"]
    assert own.chapters["plan"] == "1　改进计划"
    assert own.chapters["brief"] == "2　决策简报"
    assert [line.title for line in own.contents][:3] == ["致样例汽车零部件厂（虚构）", "1　改进计划", "2　决策简报"]


def test_what_is_left_out_is_named_on_the_cover_and_not_in_the_contents():
    own = applied(specimen(), template(left_out=("gaps", "recognition")))
    html = to_html(own)

    assert not {"gaps", "recognition", "others"} & set(chapters(html))
    assert "本版未印：数字化车间与智能工厂条件、数字化水平评测与转型升级佐证、差距；标准版式的报告里有。" in html
    assert not {"gaps", "recognition", "others"} & {line.target for line in own.contents}


def test_every_reference_still_leads_somewhere_whatever_is_left_out():
    html = to_html(applied(specimen(), template(left_out=tuple(OPTIONAL))))

    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(re.findall(r'\bid="([^"]+)"', html))


@pytest.mark.parametrize("part", sorted(set(STANDARD) - OPTIONAL))
def test_what_makes_a_report_honest_cannot_be_left_out(part):
    stored = from_data("样板", {**to_data(template()), "left_out": [part]})

    assert part in applied(specimen(), stored).parts


def test_the_annex_stays_last_and_a_part_that_is_not_named_stands_beside_its_neighbour():
    assert completed(("annex", "plan", "nonsense", "brief")) == (
        "plan", "peers", "method", "signatures", "letter", "brief", "contents", "profile", "opinion", "maturity",
        "recognition", "gaps", "improvements", "annex",
    )  # fmt: skip


def test_an_own_part_says_whose_it_is_and_the_cover_says_so_too():
    html = to_html(applied(specimen(), template()))

    assert f'<p class="own-label">自有内容 · {INSTITUTION}</p>' in html
    assert f"标有“自有内容 · {INSTITUTION}”的部分由该机构撰写，不是本工具的结论。" in html
    assert "准备与诊断用，不是官方认定结果" in html


def test_an_own_part_keeps_its_place_when_the_part_beside_it_is_left_out_or_missing():
    block = OwnBlock("after:opinion", "顾问说明", "完。")
    own = applied(specimen(), template(block, OwnBlock("before:gaps", "承上", "启下。"), left_out=("gaps",)))
    order = [part if isinstance(part, str) else part.title for part in own.parts]

    assert order[order.index("opinion") + 1] == "顾问说明"
    assert order[order.index("recognition") + 1] == "承上"


def test_an_own_part_never_stands_on_the_cover_nor_on_a_page_that_is_signed():
    own = applied(
        specimen(), template(*(OwnBlock(f"after:{part}", "题", "文") for part in ("letter", "gaps", "cover")))
    )

    assert {part.target: part.new_page for part in own.parts if not isinstance(part, str)} == {
        "own-1": True,
        "own-2": False,
        "own-3": True,
    }
    assert '<h1 class="own" id="own-1">' in to_html(own)


def test_names_hold_nothing_that_no_document_may_hold():
    html = to_html(applied(specimen(), template(name="样\x00板", institution="机\x07构\ufffe", logo=logo())))

    ElementTree.fromstring(html)
    assert "自有内容 · 机构" in html


def test_an_own_part_that_says_nothing_in_a_language_is_not_printed_in_it():
    block = OwnBlock("after:brief", "English", "{% if language == 'en' %}Only here.{% endif %}")

    assert "own-1" not in chapters(to_html(applied(specimen("zh"), template(block))))
    assert "Only here." in to_html(applied(specimen("en"), template(block)))


def test_every_place_offered_is_one_where_a_part_is_printed():
    blocks = [OwnBlock(place, f"T{number}", "完") for number, (place, _name) in enumerate(places())]
    own = applied(specimen(), template(*blocks))

    assert {part.title for part in own.parts if not isinstance(part, str)} == {block.title for block in blocks}


def test_behind_the_cover_the_own_part_is_on_the_second_page():
    pdf = to_pdf(to_html(applied(specimen("zh", answered=False), template())))
    first, second, third = (page.extract_text() for page in PdfReader(BytesIO(pdf)).pages[:3])

    assert "尊敬的样例汽车零部件厂（虚构）" not in first
    assert "尊敬的样例汽车零部件厂（虚构）" in second
    assert "决策简报" in third


def test_the_logo_is_printed_without_reading_anything_and_has_a_text_alternative():
    pdf = to_pdf(to_html(applied(specimen("zh", answered=False), template(logo=logo()))))

    assert [image.image.size for image in PdfReader(BytesIO(pdf)).pages[0].images] == [(600, 160)]
    assert f'alt="标志：{INSTITUTION}"' in to_html(applied(specimen("zh", answered=False), template(logo=logo())))


def test_a_text_too_long_for_one_report_is_no_report_and_says_which_text():
    long = replace(specimen().gaps[0], title="长" * 300)
    report = replace(specimen(), gaps=(long,) * 199)

    with pytest.raises(CannotApply, match=r"差距一览.*20000"):
        applied(
            report, template(OwnBlock("after:gaps", "差距一览", "{% for one in gaps %}{{ one.title }}{% endfor %}"))
        )


def test_what_is_stored_is_what_was_typed():
    own = template(OwnBlock("before:plan", "题", "文"), order=TURNED, left_out=("gaps",), logo=logo())

    assert from_data(own.name, to_data(own), own.logo) == own


# --- Word -------------------------------------------------------------------------------------------------------------


def test_word_has_the_same_order_the_own_parts_their_label_and_the_logo():
    word = ZipFile(BytesIO(to_word(applied(specimen(), template(order=TURNED, left_out=("gaps",), logo=logo())))))
    body = re.sub(r"<[^>]+>", "", word.read("word/document.xml").decode())
    heads = ["某某智能制造研究院", "致样例汽车零部件厂（虚构）", "目录", "1　改进计划"]
    at = [body.index(words) for words in heads]

    assert at == sorted(at)
    assert "4　企业概况" not in body
    assert [name for name in word.namelist() if name.endswith(".png")]
    assert 'descr="标志：某某智能制造研究院"' in word.read("word/document.xml").decode()
    assert body.count(f"自有内容 · {INSTITUTION}") == 2  # above the part, and in the note on the cover
    assert body.count("•") == 2


# --- checked before use -----------------------------------------------------------------------------------------------


def test_a_good_template_has_no_fault_on_any_sample():
    assert faults(template(logo=logo()), specimens()) == []


def test_every_fault_stands_at_its_field():
    bad = template(
        OwnBlock("before:cover", "", ""),
        OwnBlock("before:plan", "x" * 201, "{{ nobody }}"),
        name=" ",
        institution="长" * 61,
    )

    assert fields(bad) == [
        "name", "institution", "block-1-place", "block-1-title", "block-1-body", "block-2-title", "block-2-body",
    ]  # fmt: skip


def test_too_many_own_parts_are_refused():
    assert fields(template(*[OwnBlock("before:plan", "题", "文")] * (MOST_BLOCKS + 1))) == ["blocks"]


def test_what_becomes_too_long_is_found_on_the_sample():
    body = "{% for one in improvements %}" + "{{ one.what }}" * 200 + "{% endfor %}"
    [fault] = faults(template(OwnBlock("after:plan", "题", body)), specimens())

    assert fault.field == "block-1-body"
    assert str(LONGEST_SAID) in fault.words.zh


# --- the sample -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "样例，不是任何企业的诊断报告。"), ("en", "A sample, not the diagnosis report")]
)
def test_every_page_of_the_sample_says_that_it_is_one(language, said):
    report = specimen(language)

    assert report.aid_only.startswith(said)
    assert report.plan is not None
    assert report.plan.sum is not None
    assert report.maturity is not None


def test_the_empty_sample_has_nothing_to_say():
    empty = specimen("zh", answered=False)

    assert (empty.plan, empty.recognition, empty.brief.blocks) == (None, (), ())
