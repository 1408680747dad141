"""The PDF: every sentence can be copied, every sign has a glyph, and it is tagged, titled and harmless."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Iterator
from ctypes import util
from dataclasses import replace
from html import unescape
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from itertools import pairwise
from xml.etree import ElementTree

import pymupdf
import pytest
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from reports import fonts
from reports import pdf as renderer
from reports.html import to_html
from reports.model import DiagnosisReport
from reports.pdf import PROJECT, RendererMissing, RenderFailed, RenderTimedOut, missing_part, require_renderer, to_pdf
from tests.reports.sample import FIRM_NAME

# Radicals and private use come out of fonts whose text layer is wrong; U+FFFD stands for what could not be read.
WRONG = re.compile("[\u2e80-\u2fdf\ue000-\uf8ff\ufffd]")
BELOW_THE_HEAD = pymupdf.Rect(0, 60, 595, 785)  # what stands between the running head and the page number
SMALL = "<html lang='zh-CN'><title>题</title><body style='font-family:Noto Sans CJK SC'>{}</body></html>"


@pytest.fixture(scope="module")
def text(pdf) -> str:
    command = ["pdftotext", "-raw", "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


@pytest.fixture(scope="module")
def reader(pdf) -> PdfReader:
    return PdfReader(BytesIO(pdf))


@pytest.fixture(scope="module")
def document(pdf) -> pymupdf.Document:
    return pymupdf.open(stream=pdf, filetype="pdf")


@pytest.fixture(scope="module")
def small_report(report) -> DiagnosisReport:
    """The cover, the brief and who the firm is; the rest takes most of the time."""
    rest = {"recognition": (), "others": (), "gaps": (), "steps": (), "method": (), "sources": (), "derivations": ()}
    return replace(report, maturity=None, plan=None, contents=(), answers=(), **rest)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def without_running_heads(text: str) -> str:
    """The text of all pages in one piece, so that a sentence that goes over a page is whole again."""
    head = re.compile(f"^{FIRM_NAME}.智能制造诊断报告 .+$|^准备与诊断用，不是官方认定结果 第 .+ 页$", re.MULTILINE)
    return squeezed(head.sub("", text))


def printed_sentences(html: str) -> Iterator[str]:
    body = html.split("<body>", 1)[1]
    # A title is spoken, not printed; a reference is set in between.
    body = re.sub(r"<title>.*?</title>", "", body, flags=re.DOTALL)
    for piece in re.split(r"<[^>]+>", body):
        yield from (part for part in re.split("[。；，]", squeezed(unescape(piece))) if part)


def test_every_printed_sentence_can_be_copied(html, text):
    whole = without_running_heads(text)
    sentences = set(printed_sentences(html))

    assert len(sentences) > 1000
    assert [sentence for sentence in sentences if sentence not in whole] == []


def test_the_text_layer_holds_no_radical_private_or_unreadable_character(text):
    assert WRONG.findall(text) == []


def test_every_character_has_a_glyph(document):
    missing = {
        chr(character[0])
        for page in document
        for span in page.get_texttrace()
        for character in span["chars"]
        if character[1] == 0
    }

    assert missing == set()


def test_only_the_chinese_fonts_are_used(document):
    families = {font[3].split("+")[1].rsplit("-Bold", 1)[0] for page in document for font in page.get_fonts()}

    assert families <= {"Zhizhen-Sans", "Zhizhen-Serif", "Noto-Sans-CJK-SC", "Noto-Serif-CJK-SC"}


def test_language_title_and_tags_are_set(reader):
    root = reader.trailer["/Root"]

    assert root["/Lang"] == "zh-CN"
    assert reader.metadata.title == f"{FIRM_NAME} 智能制造诊断报告"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert {"/H1", "/H2", "/P", "/Table", "/TH", "/Figure"} <= {node["/S"] for node in structure(reader)}


def structure(reader: PdfReader) -> Iterator[DictionaryObject]:
    pending = [reader.trailer["/Root"]["/StructTreeRoot"]]
    while pending:
        node = pending.pop().get_object()
        if isinstance(node, DictionaryObject) and "/S" in node:
            yield node
        children = node.get("/K", []) if isinstance(node, DictionaryObject) else []
        several = children if isinstance(children, list) else [children]
        pending += [child for child in several if not isinstance(child, int)]


def test_every_figure_has_a_text_alternative(reader):
    figures = [node for node in structure(reader) if node["/S"] == "/Figure"]

    assert len(figures) > 5
    assert all(node.get("/Alt") for node in figures)


def test_headings_skip_no_level(reader):
    levels = [int(node["/S"][2:]) for node in in_reading_order(reader) if re.fullmatch("/H[1-6]", node["/S"])]

    assert len(levels) > 50
    assert [pair for pair in pairwise([1, *levels]) if pair[1] > pair[0] + 1] == []


def test_every_table_has_heads_and_rows_of_one_length(reader):
    tables = [node for node in structure(reader) if node["/S"] == "/Table"]
    rows = [[row for row in below(table) if row["/S"] == "/TR"] for table in tables]

    assert len(tables) > 15
    assert all(any(cell["/S"] == "/TH" for row in table for cell in below(row)) for table in rows)
    assert all(len({columns(row) for row in table}) == 1 for table in rows)


def columns(row: DictionaryObject) -> int:
    return sum(int(cell["/A"].get("/ColSpan", 1)) for cell in below(row) if cell["/S"] in ("/TH", "/TD"))


def test_every_link_has_words(reader):
    links = [node for node in structure(reader) if node["/S"] == "/Link"]

    assert len(links) > 100
    assert all(any(isinstance(child, int) for child in node["/K"]) for node in links)


def below(node: DictionaryObject) -> Iterator[DictionaryObject]:
    children = node.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        if not isinstance(child, int) and "/S" in (known := child.get_object()):
            yield known
            yield from below(known)


def in_reading_order(reader: PdfReader) -> Iterator[DictionaryObject]:
    yield from below(reader.trailer["/Root"]["/StructTreeRoot"])


def test_bookmarks_nest_chapters_sections_and_subjects(document):
    outline = document.get_toc()
    depths = [depth for depth, _, _ in outline]

    assert [1, "1　决策简报", 2] in outline
    assert any(title.startswith("冲压车间") and depth == 3 for depth, title, _ in outline)
    assert all(after - before <= 1 for before, after in pairwise(depths))


def test_page_margins_are_chinese_and_the_cover_has_none(document):
    cover, brief = document[0].get_text(), document[1].get_text()

    assert f"第 2 页，共 {len(document)} 页" in brief
    assert "准备与诊断用，不是官方认定结果" in brief
    assert "页，共" not in cover


def test_the_brief_takes_two_pages(document):
    starts = {title: page for _, title, page in document.get_toc()}

    assert starts["1　决策简报"] == 2
    assert starts["目录"] == 4


def test_the_brief_of_an_open_level_takes_two_pages_as_well(open_report):
    printed = pymupdf.open(stream=to_pdf(to_html(open_report)), filetype="pdf")
    starts = {title: page for _, title, page in printed.get_toc()}

    assert starts["目录"] == 4


def test_the_contents_name_the_pages_on_which_chapters_begin(document):
    chapters = {title: page for depth, title, page in document.get_toc() if depth == 1 and title != "目录"}
    lines = re.findall(r"^(.+)\n(\d+)$", document[3].get_text(), re.MULTILINE)
    named = {title: int(page) for title, page in lines}

    assert len(named) > len(chapters) > 10
    assert {title: named.get(title) for title in chapters} == chapters


def test_no_heading_stands_alone_at_the_foot_of_a_page(document):
    for page in document:
        spans = [
            (line["bbox"][3], span["size"])
            for block in page.get_text("dict", clip=BELOW_THE_HEAD)["blocks"]
            for line in block.get("lines", ())
            for span in line["spans"]
            if span["text"].strip()
        ]
        bottom, size = max(spans, default=(0, 0))

        assert not (bottom > 740 and size > 11.5), page.number + 1


def test_the_name_of_a_grade_goes_to_the_next_page_with_its_first_condition():
    look = (PROJECT / "reports" / "templates" / "report.css").read_text(encoding="utf-8")
    grade, row = '<tr class="grade"><td>先进级</td></tr>', "<tr><td>成熟度等级<br/>二级</td></tr>"
    rows = [f"{row * before}{grade}{row * (40 - before)}" for before in range(8, 30)]
    tables = [f"<h1>题</h1><table><tbody>{some}</tbody></table>" for some in rows]
    printed = to_pdf(f"<html lang='zh-CN'><title>题</title><style>{look}</style><body>{''.join(tables)}</body></html>")
    texts = [page.get_text(clip=BELOW_THE_HEAD).split() for page in pymupdf.open(stream=printed, filetype="pdf")]

    assert "先进级" in [words[0] for words in texts]
    assert "先进级" not in [words[-1] for words in texts]


def test_the_same_html_gives_the_same_bytes():
    html = SMALL.format("同样的内容")

    assert to_pdf(html) == to_pdf(html)


def test_a_rare_character_of_a_name_is_printed_from_the_full_font():
    printed = pymupdf.open(
        stream=to_pdf(SMALL.format("<p style='font-family:Zhizhen Sans,Noto Sans CJK SC'>镕㛃䶮</p>"))
    )

    assert "镕㛃䶮" in printed[0].get_text()
    assert all(c[1] for span in printed[0].get_texttrace() for c in span["chars"])


def test_the_report_is_read_as_xml(html):
    ElementTree.fromstring(html)


@pytest.mark.parametrize("loose", ["甲&nbsp;乙<br>丙", "甲\x0b乙<br>丙", "<p>甲<p>乙<br>丙"])
def test_what_is_not_xml_is_printed_all_the_same(loose):
    printed = pymupdf.open(stream=to_pdf(SMALL.format(loose)), filetype="pdf")

    assert re.findall("[甲乙丙]", printed[0].get_text()) == ["甲", "乙", "丙"]


def test_both_ways_of_reading_print_the_same(html, pdf):
    read_as_html = html.replace("</head>", '<link rel="x"></head>')  # an open element: not XML

    with pytest.raises(ElementTree.ParseError):
        ElementTree.fromstring(read_as_html)
    assert pages_of(to_pdf(read_as_html)) == pages_of(pdf)


def pages_of(pdf: bytes) -> list[str]:
    return [page.get_text() for page in pymupdf.open(stream=pdf, filetype="pdf")]


def test_an_entity_that_multiplies_is_refused():
    steps = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE html [<!ENTITY e0 "x">{steps}]><html><title>题</title><body>&e9;</body></html>'

    assert len(to_pdf(bomb)) < 100_000


def test_an_entity_reads_no_file(tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    asking = (
        f'<!DOCTYPE html [<!ENTITY e SYSTEM "{(tmp_path / "secret.txt").as_uri()}">]><html><body>文&e;</body></html>'
    )

    assert "secret" not in pages_of(to_pdf(asking))[0]


def test_libraries_are_opened_without_starting_a_program():
    started = "import sys; sys.addaudithook(lambda event, _: event == 'subprocess.Popen' and print(event))"
    command = [sys.executable, "-c", f"{started}; from reports import pdf; print(pdf._missing_library())"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=renderer.PROJECT)

    assert done.stdout == "None\n"


def test_the_search_for_libraries_is_given_back():
    search = util.find_library
    with renderer._libraries_by_file_name():
        assert sys.platform != "linux" or util.find_library("harfbuzz") is None

    assert util.find_library is search


def test_nothing_is_fetched_from_the_network():
    asked: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/"
        to_pdf(SMALL.format(f"<img src='{address}a.png' alt='x'><style>@import '{address}b.css'</style>文"))
        server.shutdown()

    assert asked == []


def test_no_file_of_the_machine_is_read(tmp_path):
    picture = tmp_path / "secret.svg"
    picture.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20"><text y="15">secret</text></svg>'
    )
    printed = pymupdf.open(stream=to_pdf(SMALL.format(f"<img src='{picture.as_uri()}' alt='x'>文")), filetype="pdf")

    assert "secret" not in printed[0].get_text()


HOSTILE = (
    "<img src='file:///etc/hostname'>",
    "<img src='http://127.0.0.1:9/a.png'/>",
    "<object data='file:///etc/passwd'></object>",
    "<link rel='attachment' title='x' download='x' href='file:///etc/passwd'/>",
    f"<img src='data:image/png;base64,{'A' * 20_000}'>",
    "</style><style>@import url(file:///etc/passwd)</style>",
    "{{ 7*7 }}{% for i in range(9) %}{{ self }}{% endfor %}",
    "&lt;b&gt; &amp; ]]> <!-- <![CDATA[ <!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
)


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_of_a_firm_are_printed_as_they_were_typed(words, small_report):
    said = replace(small_report.profile.differences[0], reason=words)
    report = replace(small_report, profile=replace(small_report.profile, differences=(said,)))
    read = PdfReader(BytesIO(to_pdf(to_html(report))))

    assert squeezed(words) in squeezed("".join(page.extract_text() for page in read.pages))
    assert not read.attachments


def test_a_megabyte_of_words_in_one_answer_is_stopped_in_time_with_a_sentence(small_report):
    said = replace(small_report.profile.differences[0], reason="很长的理由。" * 60_000)
    report = replace(small_report, profile=replace(small_report.profile, differences=(said,)))

    with pytest.raises(RenderTimedOut, match="超过 3 秒，已停止"):
        to_pdf(to_html(report), timeout_s=3)


def test_the_result_file_is_inside(small_report):
    result = '{"数控化率": "3/4"}'
    html = to_html(small_report, result)
    pdf = to_pdf(html)

    assert PdfReader(BytesIO(pdf)).attachments == {"result.json": [result.encode()]}
    assert to_pdf(html) == pdf


def test_a_report_that_takes_too_long_is_stopped_with_a_sentence():
    endless = SMALL.format("<p>一段文字</p>" * 40000)

    with pytest.raises(RenderTimedOut, match="超过 1 秒"):
        to_pdf(endless, timeout_s=1)


def test_a_failing_renderer_says_that_no_answer_is_lost(monkeypatch):
    monkeypatch.setattr(renderer, "MEMORY_MB", 60)

    with pytest.raises(RenderFailed, match="答案没有丢失"):
        to_pdf(SMALL.format("文"))


def test_a_renderer_without_memory_leaves_the_list_of_fonts_as_it_was(monkeypatch):
    monkeypatch.setattr(renderer, "MEMORY_MB", 60)
    with pytest.raises(RenderFailed):
        to_pdf(SMALL.format("文"))

    require_renderer()


def test_everything_that_printing_needs_is_here():
    require_renderer()

    assert missing_part() is None


def test_a_missing_subsetting_library_is_named_with_the_package(monkeypatch):
    monkeypatch.setattr("weasyprint.text.ffi.harfbuzz_subset", None)

    assert "libharfbuzz-subset0" in (missing_part() or "")


def test_a_missing_chinese_font_is_named_with_the_package(monkeypatch):
    monkeypatch.setattr(fonts, "installed", lambda family: "Serif" not in family)

    assert "fonts-noto-cjk" in (missing_part() or "")
    assert "Noto Serif CJK SC" in (missing_part() or "")


def test_starting_without_the_renderer_is_refused_in_words(monkeypatch):
    failed = subprocess.CompletedProcess([], 3, b"", "缺少中文字体".encode())
    monkeypatch.setattr(renderer, "_start", lambda *_, **__: failed)

    with pytest.raises(RendererMissing, match="缺少中文字体"):
        require_renderer()


def test_of_pictures_inside_the_text_only_png_is_read():
    pixel = BytesIO()
    Image.new("RGB", (2, 2), "#0b5a8f").save(pixel, "PNG")
    data = b64encode(pixel.getvalue()).decode()
    drawing = b64encode(b'<svg xmlns="http://www.w3.org/2000/svg"><text>secret</text></svg>').decode()
    addresses = (f"png;base64,{data}", f"jpeg;base64,{data}", f"svg+xml;base64,{drawing}", "png;base64,no picture")
    shown = "".join(f"<img alt='x' src='data:image/{address}'/>" for address in addresses)
    printed = pymupdf.open(stream=to_pdf(SMALL.format(f"{shown}文")), filetype="pdf")

    assert [image[2:4] for image in printed[0].get_images()] == [(2, 2)]
    assert "secret" not in printed[0].get_text()


def test_an_argument_that_printing_does_not_know_is_refused_with_those_it_knows():
    asked = [sys.executable, "-m", "reports.pdf", "--second", "9"]
    done = subprocess.run(asked, input=b"", capture_output=True, cwd=renderer.PROJECT, check=False)

    assert done.returncode == 2
    assert done.stderr == b"python -m reports.pdf [--check | --seconds N --megabytes N]\n"
