"""A Word document as tests read it: from the XML itself, not by the library that wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from io import BytesIO
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from zipfile import ZipFile

SPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
}


def named(name: str) -> str:
    prefix, own = name.split(":")
    return f"{{{SPACES[prefix]}}}{own}"


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@dataclass(frozen=True)
class Outline:
    """The headings with their depth, how many tables there are, and the heads of those that have one."""

    headings: list[tuple[int, str]]
    tables: int
    heads: list[list[str]]


def outline_of_html(html: str) -> Outline:
    """The same of what LibreOffice has made of a document."""
    headings = [(int(depth), _words(inner)) for depth, inner in re.findall(r"<h([1-6])[ >](.*?)</h", html, re.DOTALL)]
    heads = [
        [_words(cell) for cell in re.findall(r"<td(.*?)</td>", head, re.DOTALL)]
        for head in re.findall(r"<thead>.*?</thead>", html, re.DOTALL)
    ]
    return Outline(headings, len(re.findall(r"<table[ >]", html)), heads)


def _words(html: str) -> str:
    return squeezed(unescape(re.sub(r"<[^>]+>", "", f"<{html}")))


class Read:
    """The parts of one .docx."""

    def __init__(self, content: bytes) -> None:
        self.zip = ZipFile(BytesIO(content))

    def part(self, name: str) -> Element:
        return ElementTree.fromstring(self.zip.read(name))

    @cached_property
    def body(self) -> Element:
        body = self.part("word/document.xml").find("w:body", SPACES)
        assert body is not None
        return body

    @cached_property
    def styles(self) -> dict[str, Element]:
        styles = self.part("word/styles.xml").iterfind("w:style", SPACES)
        return {style.get(named("w:styleId"), ""): style for style in styles}

    @property
    def text(self) -> str:
        return text_of(self.body)

    def paragraphs(self) -> Iterator[tuple[str, str]]:
        """Every paragraph with the id of its style."""
        for paragraph in self.body.iter(named("w:p")):
            yield style_of(paragraph), text_of(paragraph)

    def headings(self) -> list[tuple[int, str]]:
        """Every heading with its depth in the outline, as its style or the ones below that say."""
        found = ((self.depth(style), words) for style, words in self.paragraphs())
        return [(depth, words) for depth, words in found if depth]

    def depth(self, style: str) -> int:
        while style:
            found = self.styles[style]
            if (level := found.find("w:pPr/w:outlineLvl", SPACES)) is not None:
                return int(level.get(named("w:val"), "")) + 1
            below = found.find("w:basedOn", SPACES)
            style = "" if below is None else below.get(named("w:val"), "")
        return 0

    def tables(self) -> list[list[list[str]]]:
        """Every table as rows of cells."""
        return [
            [[text_of(cell) for cell in row.iterfind("w:tc", SPACES)] for row in table.iterfind("w:tr", SPACES)]
            for table in self.body.iter(named("w:tbl"))
        ]

    def outline(self) -> Outline:
        """What a converted copy is held against."""
        tables = [[[squeezed(cell) for cell in row] for row in table] for table in self.tables()]
        heads = [rows[0] for rows, headed in zip(tables, self.headed(), strict=True) if headed]
        return Outline([(depth, squeezed(words)) for depth, words in self.headings()], len(tables), heads)

    def headed(self) -> list[bool]:
        """Whether each table has a row that is repeated on every page."""
        found = (table.find("w:tr/w:trPr/w:tblHeader", SPACES) for table in self.body.iter(named("w:tbl")))
        return [head is not None for head in found]


def style_of(paragraph: Element) -> str:
    style = paragraph.find("w:pPr/w:pStyle", SPACES)
    return "Normal" if style is None else style.get(named("w:val"), "")


def text_of(element: Element) -> str:
    return "".join(text.text or "" for text in element.iter(named("w:t")))
