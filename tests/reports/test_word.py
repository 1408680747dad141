"""The Word report: all that the view model says, in real styles, with links that lead somewhere; whatever is said."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from itertools import pairwise

import pytest

from reports.charts import Chart
from reports.edition import Edition, Observation
from reports.labels import LABELS
from reports.model import DiagnosisReport
from reports.model_annex import AnswerGroup
from reports.word import to_word
from tests.libreoffice import converted, reads_documents
from tests.reports.reading_word import SPACES, Read, named, outline_of_html, squeezed, style_of, text_of
from tests.reports.sample import EDITION, FIRM_NAME, report_on, sample_diagnosis, sample_report

# What is a place, a key or a drawing and not said; a picture says its alternative where nobody sees it.
NOT_SAID = {"target", "key", "svg", "bar", "ruler", "lang", "iso_day", "options", "alternative", "parts"}
SPOKEN = replace(
    EDITION,
    observations="车间看板齐全。\n\n返修区仍用纸质记录。",
    recommendations="先把返修区的记录纳入系统。",
    remarks=(Observation("冲压车间", "数字化装备数", "六台气动冲床按定义不计"),),
)
STATED = Edition(day=EDITION.day, program="zhizhen 0.1.0")


@pytest.fixture(scope="module")
def verified() -> DiagnosisReport:
    return report_on(sample_diagnosis(), SPOKEN)


@pytest.fixture(scope="module")
def docx(verified) -> bytes:
    return to_word(verified)


@pytest.fixture(scope="module")
def read(docx) -> Read:
    return Read(docx)


def said(one: object, name: str = "") -> Iterator[str]:
    """Every text of the view model that is printed."""
    if name in NOT_SAID:
        return
    if isinstance(one, str):
        yield one
    elif isinstance(one, AnswerGroup) and not (one.practices or one.measured or one.evidence):
        return  # nobody has answered anything in it
    elif is_dataclass(one):
        for field in fields(one):
            yield from said(getattr(one, field.name), field.name)
    elif isinstance(one, dict) or hasattr(one, "values"):
        for value in one.values():
            yield from said(value)
    elif isinstance(one, tuple):
        for value in one:
            yield from said(value, name)


# --- everything is said -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edition", "settled"),
    [(SPOKEN, True), (STATED, False), (replace(STATED, preview=True), False), (replace(SPOKEN, language="en"), True)],
    ids=["verified", "stated", "preview", "english"],
)
def test_every_text_of_the_view_model_is_in_the_document(edition, settled):
    report = report_on(sample_diagnosis(settled=settled), edition)
    read = Read(to_word(report))
    running = [text_of(read.part(f"word/{part}1.xml")) for part in ("header", "footer")]
    texts = {squeezed(text).casefold() for text in said(report)} - {""}  # a sentence begins with a capital in English
    whole = squeezed(read.text + "".join(running)).casefold()

    assert len(texts) > 500
    assert [text for text in texts if text not in whole] == []


def test_nothing_is_said_but_the_view_model_and_the_labels(verified, read):
    known = sorted({text for one in said(verified) if (text := squeezed(one))}, key=len, reverse=True)
    rest = squeezed("|".join(words for _style, words in read.paragraphs()))
    for text in known:
        if len(text) > 3:
            rest = rest.replace(text, "|")
    unknown = {piece for piece in re.split(r"[|。；：，（）()■●✕◐○—0-9A-Za-z.·–/→≥%\s]+", rest) if len(piece) > 3}
    ours = squeezed("".join(text.zh for text in LABELS.values()))

    assert [piece for piece in unknown if piece not in ours] == []


def test_the_parts_stand_in_the_order_of_the_pdf(verified, read):
    chapters = [words for depth, words in read.headings() if depth == 1]

    assert chapters == list(verified.chapters.values())


def test_a_firm_without_workshops_and_gaps_still_gets_a_document(report):
    bare = replace(
        report, maturity=None, recognition=(), gaps=(), steps=(), plan=None,
        profile=replace(report.profile, sites=(), differences=()),
        brief=replace(report.brief, lead="", ref=None, blocks=(), conditions=(), steps=(), open_facts=()),
    )  # fmt: skip
    text = Read(to_word(bare)).text

    assert "还没有登记工厂和车间" in text
    assert "没有发现差距" in text
    assert "请先填写生产类型" in text


# --- styles, headings, tables, pictures -------------------------------------------------------------------------------


def test_every_paragraph_and_run_has_a_style_that_is_there(read):
    kinds = ("w:pStyle", "w:rStyle", "w:tblStyle")
    used = {mark.get(named("w:val")) for kind in kinds for mark in read.body.iter(named(kind))}

    assert {"Title", "Heading1", "Heading2", "Heading3", "Caption", "List", "TableText", "Reference"} <= used
    assert used - read.styles.keys() == set()


def test_headings_nest_without_gaps(read):
    depths = [depth for depth, _ in read.headings()]

    assert depths[0] == 1
    assert set(depths) == {1, 2, 3}
    assert [pair for pair in pairwise(depths) if pair[1] - pair[0] > 1] == []


def test_the_contents_name_chapters_and_schemes_and_lead_to_them(verified, read):
    lines = [(style, words) for style, words in read.paragraphs() if style.startswith("TOC") and style[-1].isdigit()]

    assert lines == [(f"TOC{line.depth}", line.title) for line in verified.contents]
    assert 'TOC \\o "1-2"' in "".join(text.text or "" for text in read.body.iter(named("w:instrText")))


def test_every_link_leads_to_a_place_that_is_named_once(read):
    wanted = {link.get(named("w:anchor")) for link in read.body.iter(named("w:hyperlink"))}
    names = [mark.get(named("w:name"), "") for mark in read.body.iter(named("w:bookmarkStart"))]

    assert "R2_W2" in wanted
    assert wanted - set(names) == set()
    assert len({name.lower() for name in names}) == len(names)
    assert [name for name in names if not re.fullmatch(r"[A-Za-z]\w{0,39}", name)] == []


def test_a_reference_leads_to_its_line_of_the_annex(read):
    [line] = [
        paragraph
        for paragraph in read.body.iter(named("w:p"))
        if any(mark.get(named("w:name")) == "R2_W2" for mark in paragraph.iter(named("w:bookmarkStart")))
    ]

    assert text_of(line).startswith("W2 数字化装备占生产装备的比例")


def test_numbers_of_bookmarks_and_pictures_differ(read):
    numbers = [mark.get(named("w:id")) for mark in read.body.iter(named("w:bookmarkStart"))]
    pictures = [mark.get("id") for mark in read.body.iter(named("wp:docPr"))]

    assert len(set(numbers)) == len(numbers)
    assert len(set(pictures)) == len(pictures)


def test_heads_of_tables_are_repeated_and_rows_stay_whole(read):
    tables = [table for table, headed in zip(read.body.iter(named("w:tbl")), read.headed(), strict=True) if headed]
    rows = [row for table in tables for row in table.iterfind("w:tr", SPACES)]

    assert len(tables) > 12
    assert all(row.find("w:trPr/w:cantSplit", SPACES) is not None for row in rows)
    assert all(table.find("w:tblPr/w:tblLayout", SPACES).get(named("w:type")) == "fixed" for table in tables)


def test_every_cell_is_as_wide_as_its_column_and_every_row_has_all_columns(read):
    for table in read.body.iter(named("w:tbl")):
        grid = [int(column.get(named("w:w"))) for column in table.iterfind("w:tblGrid/w:gridCol", SPACES)]
        for row in table.iterfind("w:tr", SPACES):
            widths = [int(width.get(named("w:w"))) for width in row.iterfind("w:tc/w:tcPr/w:tcW", SPACES)]

            assert widths in (grid, [sum(grid)])


def test_every_picture_has_its_text_alternative(verified, read):
    spoken = [picture.get("descr") for picture in read.body.iter(named("wp:docPr"))]
    charts = [chart.alternative for chart in verified.maturity.charts if isinstance(chart, Chart)]

    assert len(spoken) > 10
    assert all(spoken)
    assert charts
    assert set(charts) <= set(spoken)


def test_chinese_fonts_are_named_for_chinese_letters(read):
    normal = read.part("word/styles.xml").find("w:docDefaults/w:rPrDefault/w:rPr/w:rFonts", SPACES)
    heading = read.styles["Heading1"].find("w:rPr/w:rFonts", SPACES)
    theme = read.part("word/theme/theme1.xml")
    fonts = {kind: theme.find(f".//a:{kind}/a:ea", SPACES).get("typeface") for kind in ("majorFont", "minorFont")}

    assert normal.get(named("w:eastAsia")) == "宋体"
    assert heading.get(named("w:eastAsia")) == "黑体"
    assert fonts == {"majorFont": "黑体", "minorFont": "宋体"}


def test_the_document_says_its_language_title_and_day(read):
    core = read.part("docProps/core.xml")
    language = read.part("word/styles.xml").find("w:docDefaults/w:rPrDefault/w:rPr/w:lang", SPACES)

    assert core.find("dc:title", SPACES).text == f"{FIRM_NAME} 智能制造诊断报告"
    assert core.find("dc:creator", SPACES).text == FIRM_NAME
    assert core.find("dc:language", SPACES).text == "zh-CN"
    assert core.find("dcterms:created", SPACES).text == "2026-11-24T00:00:00Z"
    assert language.get(named("w:eastAsia")) == "zh-CN"


def test_names_of_styles_and_the_language_are_english_in_an_english_report():
    read = Read(to_word(sample_report(language="en")))
    names = {style.find("w:name", SPACES).get(named("w:val")) for style in read.styles.values()}

    assert read.part("docProps/core.xml").find("dc:language", SPACES).text == "en"
    assert [name for name in names if not name.isascii()] == []


def test_page_numbers_stand_on_every_page_but_the_cover(read):
    footer = read.part("word/footer1.xml")
    fields = [field.get(named("w:instr"), "").strip() for field in footer.iter(named("w:fldSimple"))]

    assert fields == ["PAGE", "NUMPAGES"]
    assert re.search(r"第 \d 页，共 \d 页", text_of(footer))
    assert read.body.find("w:sectPr/w:titlePg", SPACES) is not None


def test_no_program_is_told_to_ask_before_it_opens_the_document(docx):
    settings = Read(docx).zip.read("word/settings.xml").decode()

    assert "updateFields" not in settings
    assert 'w:name="compatibilityMode"' in settings
    assert 'w:val="15"' in settings


# --- the same bytes, whatever is said ---------------------------------------------------------------------------------


def test_the_same_report_gives_the_same_bytes(verified, docx):
    assert to_word(verified) == docx


def test_another_process_at_another_hour_gives_the_same_bytes(root, report, tmp_path):
    made = "from reports.word import to_word; from tests.reports.sample import sample_report; import sys;"
    command = [sys.executable, "-c", f"{made} sys.stdout.buffer.write(to_word(sample_report()))"]
    other = subprocess.run(command, cwd=root, env={"PYTHONPATH": str(root), "TZ": "Asia/Shanghai", "PATH": "/usr/bin"},
                           capture_output=True, check=True).stdout  # fmt: skip

    assert other == to_word(report)


HOSTILE = [
    "甲\x00\x01\x08\x0b\x0c\x1f\x7f\x9f乙",
    "甲\ufffe\uffff乙",
    "甲\ud800乙",
    "]]><w:p/></w:t>&amp;<!--",
    '"><script>alert(1)</script>{{ 7*7 }}',
    "=cmd|'/c calc'!A0",
    "file:///etc/passwd http://x.example/a.png",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stand_there_as_they_were_said(words):
    read = Read(to_word(_named(words)))
    shown = re.sub("[\x00-\x1f\x7f-\x9f\ufffe\uffff\ud800]", "", words)

    assert squeezed(shown) in squeezed(read.text)
    assert not [rel for rel in _relations(read) if rel.get("TargetMode") == "External"]


def small_report() -> DiagnosisReport:
    """The sample report without its pictures, which take most of the time."""
    report = sample_report()
    return replace(report, maturity=None, plan=None, brief=replace(report.brief, lead="", ref=None))


def _named(words: str) -> DiagnosisReport:
    """A report of a firm with these words as its name, and in all places where a firm writes."""
    report = small_report()
    rows = tuple(replace(row, value=words) for row in report.profile.rows)
    differences = tuple(replace(one, subject=words, reason=words) for one in report.profile.differences)
    answers = tuple(
        replace(section, title=words, groups=tuple(
            replace(g, measured=tuple(replace(a, value=words) for a in g.measured)) for g in section.groups
        ))
        for section in report.answers
    )  # fmt: skip
    profile = replace(report.profile, rows=rows, differences=differences)
    return replace(report, firm=words, profile=profile, answers=answers)


def _relations(read: Read) -> Iterator[object]:
    for name in read.zip.namelist():
        if name.endswith(".rels"):
            yield from read.part(name)


def test_nothing_turns_the_direction_of_the_text_after_it():
    text = Read(to_word(_named("甲\u202e乙\u2066丙\u200f丁"))).text

    assert "甲乙丙\u200f丁" in text
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", text)


def test_a_new_line_stays_a_new_line_and_a_tab_becomes_a_space():
    read = Read(to_word(replace(small_report(), firm="甲\n乙\r\n丙\u2028丁\t戊")))
    [subtitle] = [paragraph for paragraph in read.body.iter(named("w:p")) if style_of(paragraph) == "Subtitle"]

    assert text_of(subtitle) == "甲乙丙丁 戊"
    assert len(list(subtitle.iter(named("w:br")))) == 3


@pytest.mark.parametrize("name", ["重庆𬭊㛃䶮精密有限公司", "شركة قطع الغيار", "חברה בע״מ", "🏭龘𠮷"])
def test_a_rare_name_stands_on_the_cover_in_the_margin_and_in_the_properties(name):
    title = f"{name} 智能制造诊断报告"
    read = Read(to_word(replace(small_report(), firm=name)))

    assert ("Subtitle", name) in list(read.paragraphs())
    assert name in text_of(read.part("word/header1.xml"))
    assert read.part("docProps/core.xml").find("dc:title", SPACES).text == title


def test_a_megabyte_of_words_is_kept_whole_and_its_row_may_go_over_pages():
    words = "很长的理由。" * 60_000
    differences = (replace(EDITION.differences[0], reason=words),)
    report = small_report()
    read = Read(to_word(replace(report, profile=replace(report.profile, differences=differences))))
    [row] = [row for row in read.body.iter(named("w:tr")) if len(text_of(row)) > 10**5]

    assert len(words.encode()) > 2**20
    assert words in read.text
    assert row.find("w:trPr/w:cantSplit", SPACES) is None


def test_a_long_name_is_cut_in_the_margin_alone():
    name = "很长的企业名称" * 30
    read = Read(to_word(replace(small_report(), firm=name)))

    assert len(text_of(read.part("word/header1.xml"))) < 100
    assert ("Subtitle", name) in list(read.paragraphs())


# --- as others read it ------------------------------------------------------------------------------------------------


@pytest.mark.skipif(
    not reads_documents(), reason="install libreoffice-writer-nogui to have LibreOffice read the report"
)
def test_libreoffice_shows_the_same_headings_and_tables(docx, read, tmp_path):
    (tmp_path / "report.docx").write_bytes(docx)
    html = converted(tmp_path / "report.docx", "html", tmp_path).read_text(encoding="utf-8")

    assert outline_of_html(html) == read.outline()
    assert len(read.outline().headings) > 100
    assert len(read.outline().heads) > 12


# --- the order that the schema asks for -------------------------------------------------------------------------------

# Of ECMA-376 part 1, the properties that stand in a report: Word refuses a document in which they stand otherwise.
ORDERS = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs spacing ind jc outlineLvl rPr",
    "rPr": "rStyle rFonts b bCs i noProof color position sz szCs shd vertAlign lang",
    "tblPr": "tblStyle tblW jc tblInd tblBorders tblLayout tblCellMar tblLook",
    "tcPr": "tcW gridSpan vMerge tcBorders shd tcMar vAlign",
    "tcBorders": "top left bottom right",
    "tblBorders": "top left bottom right insideH insideV",
    "tblCellMar": "top left bottom right",
    "tcMar": "top left bottom right",
    "style": "name basedOn next uiPriority semiHidden unhideWhenUsed qFormat pPr rPr tblPr tblStylePr",
    "sectPr": "headerReference footerReference pgSz pgMar cols titlePg",
    "inline": "extent docPr cNvGraphicFramePr graphic",
    "font": "altName panose1 charset family pitch",
    "settings": (
        "zoom defaultTabStop characterSpacingControl compat themeFontLang clrSchemeMapping decimalSymbol listSeparator"
    ),
    "lvl": "start numFmt pStyle lvlText lvlJc",
}  # fmt: skip
PARTS = ("document", "styles", "settings", "fontTable", "numbering", "header1", "footer1")


@pytest.mark.parametrize("edition", [SPOKEN, STATED], ids=["verified", "stated"])
def test_properties_stand_in_the_order_that_the_schema_asks_for(edition):
    read = Read(to_word(report_on(sample_diagnosis(), edition)))
    for part in PARTS:
        for element in read.part(f"word/{part}.xml").iter():
            order = ORDERS.get(_plain(element.tag), "").split()
            found = [_plain(child.tag) for child in element]

            assert not order or found == sorted(found, key=order.index), (part, element.tag, found)


def _plain(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]
