"""The file around a Word document: nothing needless, no clock, pictures once, places that differ."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import docx
import pytest

from reports.word_file import ZIP_DAY, About, Document
from reports.word_xml import Image, Link, Run, Tab
from tests.reports.reading_word import Read

ABOUT = About("题", "重庆某某公司", "准备与诊断用", "zh-CN", date(2026, 10, 31))
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 10"><title>三成</title><rect width="9" height="9"/></svg>'
)


def written(fill) -> bytes:
    document = Document(ABOUT)
    fill(document)
    return document.content()


def test_the_library_itself_opens_it_again():
    made = written(lambda document: document.paragraph("Heading1", "一"))
    opened = docx.Document(BytesIO(made))

    assert [(p.style.name, p.text) for p in opened.paragraphs] == [("Heading 1", "一")]
    assert opened.sections[0].page_width.mm == pytest.approx(210, abs=0.1)
    assert opened.core_properties.comments == "准备与诊断用"


def test_nothing_stands_in_it_that_a_report_has_no_use_for():
    names = Read(written(lambda document: document.paragraph("Normal", "文"))).zip.namelist()

    assert not [name for name in names if re.search("thumbnail|customXml|Effects|webSettings|app.xml", name)]
    assert "word/theme/theme1.xml" in names


def test_no_file_in_it_tells_when_it_was_made():
    made = ZipFile(BytesIO(written(lambda document: document.paragraph("Normal", "文"))))

    assert {entry.date_time for entry in made.infolist()} == {ZIP_DAY}


def test_the_library_is_named_nowhere():
    made = Read(written(lambda document: document.paragraph("Normal", "文")))

    assert [name for name in made.zip.namelist() if b"python-docx" in made.zip.read(name)] == []


def test_a_picture_that_stands_twice_is_kept_once():
    def fill(document):
        document.paragraph("Figure", Image(SVG, 60), Image(SVG, 60))

    made = Read(written(fill))

    assert [name for name in made.zip.namelist() if "media" in name] == ["word/media/image1.png"]
    assert made.zip.read("word/document.xml").decode().count('descr="三成"') == 4  # each frame and each picture


def test_places_whose_names_are_cut_alike_differ():
    long = "R1-" + "x" * 60

    def fill(document):
        for end in ("甲", "乙", "丙"):
            document.paragraph("Normal", Link(end, long + end, "Reference"))
        for end in ("甲", "乙", "丙"):
            document.paragraph("Normal", Run(end, "Strong"), Tab(), target=long + end)

    xml = Read(written(fill)).zip.read("word/document.xml").decode()
    links, places = re.findall(r'w:anchor="(\w+)"', xml), re.findall(r'bookmarkStart w:id="\d+" w:name="(\w+)"', xml)

    assert links == places
    assert len(set(places)) == 3
    assert all(len(name) <= 40 for name in places)
