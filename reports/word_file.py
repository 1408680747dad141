"""A Word document as it is written: the only file that knows python-docx. The same parts give the same bytes.

It takes paragraphs and tables one after the other and keeps what stands in the other files of the package: pictures,
styles, fonts, page margins, properties.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm

from reports import word_styles, word_xml
from reports.pictures import picture
from reports.word_xml import Box, Image, Link, Photo, Piece, Run, Signing, Tab, Table

PIXELS_PER_MM = 10  # as many as 254 to the inch
LONGEST_PROPERTY = 255  # characters
ZIP_DAY = (1980, 1, 1, 0, 0, 0)  # the first that a zip can name
# What the library's template brings along and no report needs.
NEEDLESS = {"customXml", "stylesWithEffects", "webSettings", "thumbnail", "extended-properties"}


@dataclass(frozen=True, slots=True)
class About:
    """What a document says about itself."""

    title: str
    author: str
    comment: str
    tag: str  # of its language: "zh-CN" or "en"
    day: date


class Document:
    """One document in the making: A4 upright, with a cover that has no page margins."""

    def __init__(self, about: About) -> None:
        self._about, self._body = about, list[str]()
        self._places: dict[str, str] = {}  # target -> name of its bookmark
        self._pictures: dict[str, tuple[str, float, str]] = {}  # SVG -> relation, height by width, alternative
        self._numbered = 0
        self._docx = docx.Document()
        self._prepare()

    # --- what stands in it -------------------------------------------------------------------------------------------

    def paragraph(self, style: str, *pieces: Piece, target: str = "", own: str = "") -> None:
        """Add a paragraph; links lead to it by `target`."""
        inner = self._inline(pieces)
        if target:
            inner = word_xml.bookmark(self._place(target), self._number(), inner)
        self._body.append(word_xml.paragraph(style, inner, own))

    def table(self, given: Table) -> None:
        """Add a table and the room after it."""
        cells = [[self._inline(cell) for cell in row.cells] for row in given.rows]
        self._body += [word_xml.table(given, cells, [word_xml.run(name) for name in given.head]), word_xml.AFTER_TABLE]

    def boxes(self, given: Sequence[Box], line: str, ground: str = "", least_mm: float = 0) -> None:
        """Add a few boxes beside each other, each below a line of so many eighths of a point and such a colour."""
        titles, texts = [word_xml.run(box.title) for box in given], [self._inline(box.text) for box in given]
        self._body += [word_xml.boxes(titles, texts, line, ground, least_mm), word_xml.AFTER_TABLE]

    def signing(self, given: Signing) -> None:
        """Add the places where one party signs and seals."""
        self._body += [word_xml.BEFORE_SIGNING, word_xml.signing(given), word_xml.AFTER_TABLE]

    def contents(self, lines: Iterable[tuple[int, str, str]]) -> None:
        """Add the table of contents, filled: depth, title and target of each line.

        Only the program that sets the pages knows their numbers; it adds them when it brings the contents up to date.
        """
        links = [(depth, word_xml.link(word_xml.run(title), self._place(target))) for depth, title, target in lines]
        self._body.append(word_xml.contents(links))

    def running(self, head: Sequence[str], foot: Sequence[str]) -> None:
        """Set what stands above and below each page but the first, at the left and at the right: runs and fields."""
        section = self._docx.sections[0]
        section.different_first_page_header_footer = True
        for margin, style, said in ((section.header, "Header", head), (section.footer, "Footer", foot)):
            margin.is_linked_to_previous = False
            element: Any = margin._element  # the library takes no paragraph out
            for former in list(element):
                element.remove(former)
            element.append(_parsed(word_xml.paragraph(style, word_xml.tab().join(said))))

    def _inline(self, pieces: Iterable[Piece]) -> str:
        return "".join(map(self._piece, pieces))

    def _piece(self, piece: Piece) -> str:
        match piece:
            case str():
                return word_xml.run(piece)
            case Run(words, look):
                return word_xml.run(words, look)
            case Link(words, target, look):
                return word_xml.link(word_xml.run(words, look), self._place(target))
            case Image(svg, width):
                return self._image(svg, width)
            case Photo(png, width, height, alternative):
                relation, _image = self._docx.part.get_or_add_image(BytesIO(png))
                return word_xml.drawing(relation, self._number(), (width, height), alternative)
            case Tab():
                return word_xml.tab()

    def _image(self, svg: str, width: float) -> str:
        if svg not in self._pictures:
            drawn = picture(svg, round(width * PIXELS_PER_MM))
            relation, _image = self._docx.part.get_or_add_image(BytesIO(drawn.png))
            self._pictures[svg] = relation, drawn.height / drawn.width, drawn.alternative
        relation, shape, alternative = self._pictures[svg]
        return word_xml.drawing(relation, self._number(), (width, width * shape), alternative)

    def _place(self, target: str) -> str:
        """Return the name of a place, which differs from all others however they are shortened."""
        if target not in self._places:
            name, taken = word_xml.bookmark_name(target), {one.lower() for one in self._places.values()}
            if name.lower() in taken:
                name = f"{name[:-8]}_{len(taken):07}"
            self._places[target] = name
        return self._places[target]

    def _number(self) -> int:
        self._numbered += 1
        return self._numbered

    # --- the file ----------------------------------------------------------------------------------------------------

    def content(self) -> bytes:
        """Return the .docx. Nothing can be added afterwards."""
        body: Any = self._docx.element.body
        for element in _parsed(f"<w:body>{''.join(self._body)}</w:body>"):
            body.insert(len(body) - 1, element)
        held = BytesIO()
        self._docx.save(held)
        return _dated(held)

    def _prepare(self) -> None:
        part: Any = self._docx.part
        for source in (part, part.package):
            for key in [key for key, rel in source.rels.items() if rel.reltype.rsplit("/", 1)[1] in NEEDLESS]:
                del source.rels[key]
        self._set_page()
        _fill(self._docx.styles.element, word_styles.styles_xml(self._about.tag), keep="latentStyles")
        _fill(self._docx.settings.element, word_styles.settings_xml())
        _fill(part.numbering_part.element, word_styles.numbering_xml())
        _replace(part, RELATIONSHIP_TYPE.THEME, _theme)
        _replace(part, RELATIONSHIP_TYPE.FONT_TABLE, _fonts)
        self._describe()

    def _set_page(self) -> None:
        section = self._docx.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin, section.right_margin = Mm(20), Mm(210 - 20 - word_styles.TEXT_WIDTH_MM)
        section.top_margin, section.bottom_margin = Mm(24), Mm(20)
        section.header_distance, section.footer_distance = Mm(14), Mm(11)
        properties: Any = section._sectPr
        for grid in properties.findall(qn("w:docGrid")):  # it would space lines for a typewriter
            properties.remove(grid)

    def _describe(self) -> None:
        about, said = self._about, self._docx.core_properties
        said.title, said.author, said.comments = map(_short, (about.title, about.author, about.comment))
        said.last_modified_by, said.language, said.revision = said.author, about.tag, 1
        said.created = said.modified = datetime.combine(about.day, time())


def _short(words: str) -> str:
    return word_xml.printable(words)[:LONGEST_PROPERTY]


def _parsed(xml: str) -> Any:
    """Parse one element, whose prefixes are those of the library."""
    opening, rest = xml.split(">", 1)
    return parse_xml(f"{opening} {nsdecls('w', 'r', 'a', 'pic', 'wp')}>{rest}")


def _fill(element: Any, xml: str, keep: str = "") -> None:
    """Put other children into an element; one that is kept stands behind the first of them."""
    kept = [child for child in element if child.tag == qn(f"w:{keep}")]
    children = list(_parsed(f"<w:all>{xml}</w:all>"))
    for child in list(element):
        element.remove(child)
    for child in (*children[:1], *kept, *children[1:]):
        element.append(child)


def _replace(part: Any, kind: str, change: Any) -> None:
    """Put another file in the place of the one of this kind."""
    [key] = [key for key, rel in part.rels.items() if rel.reltype == kind]
    former = part.rels.pop(key).target_part
    part.relate_to(Part(former.partname, former.content_type, change(former.blob), former.package), kind)


def _theme(blob: bytes) -> bytes:
    """Give the theme our fonts and colours, so that they can all be changed at once."""
    theme: Any = parse_xml(blob)
    theme.set("name", "Zhizhen")
    for kind, (latin, chinese) in (("majorFont", word_styles.SANS), ("minorFont", word_styles.SERIF)):
        fonts = theme.find(f".//{qn(f'a:{kind}')}")
        fonts.find(qn("a:latin")).set("typeface", latin)
        fonts.find(qn("a:ea")).set("typeface", chinese)
        fonts.find(f"{qn('a:font')}[@script='Hans']").set("typeface", chinese)
    for name, colour in word_styles.THEME_COLOURS.items():
        theme.find(f".//{qn(f'a:{name}')}/{qn('a:srgbClr')}").set("val", colour.lstrip("#"))
    return serialize_part_xml(theme)


def _fonts(blob: bytes) -> bytes:
    """Name the fonts, with the names that they have outside China."""
    listed: Any = parse_xml(blob)
    _fill(listed, word_styles.font_table_xml())
    return serialize_part_xml(listed)


def _dated(held: BytesIO) -> bytes:
    """Write the files of a zip once more, none with the time at which it was made."""
    again = BytesIO()
    with ZipFile(held) as made, ZipFile(again, "w") as target:
        for name in made.namelist():
            entry = ZipInfo(name, ZIP_DAY)
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o600 << 16
            target.writestr(entry, made.read(name))
    return again.getvalue()
