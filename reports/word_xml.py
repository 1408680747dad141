"""The pieces of a Word document as XML text: paragraphs, runs, links, fields, tables, pictures.

Whatever is said stands in it as it was said, but for what XML forbids and what would turn the direction of the text
after it. Which files a document consists of, `word_file.py` knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from reports.ruler import INK, INK_2
from reports.word_styles import RULE, TABLE, TEXT_WIDTH_MM, twips

LONGEST_PIECE = 4000  # characters: a paragraph that is much longer takes programs minutes to set
LONGEST_NAME = 40  # characters of a bookmark
EMU_PER_MM = 36000
CONTENTS = r'TOC \o "1-2" \h \z'  # chapters and sections, as links
LETTER_MM = 3  # in the cells of a table
UNBROKEN = 40  # lines of a row that may not go over a page

# Control characters are no XML; U+FFFE and U+FFFF neither; overrides would show what follows them in reverse.
_UNPRINTABLE = re.compile(
    "[^\\t\\n\\r\x20-\x7e\x85\xa0-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
_NEW_LINE = re.compile("\r\n|[\r\x85\u2028\u2029]")
_CHINESE_MARKS = re.compile("([“”‘’—…]+)")
_CHINESE = '<w:rFonts w:hint="eastAsia"/>'
_GO_ON = "\x00"  # stands in no XML: where a paragraph goes on in another one
_NO_RULES = '<w:tblBorders><w:bottom w:val="nil"/><w:insideH w:val="nil"/></w:tblBorders>'
_HEADS = {"t": "TableHead", "n": "TableHeadNumber", "a": "TableHeadApart"}
_CENTRED = '<w:jc w:val="center"/>'
_ROOM = (
    "<w:tcMar>"
    + "".join(f'<w:{side} w:w="170" w:type="dxa"/>' for side in ("top", "left", "bottom", "right"))
    + "</w:tcMar>"
)


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one look of letters; a line feed in them begins a new line."""

    words: str
    look: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to a place in the document."""

    words: str
    target: str
    look: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """An SVG of ours, so many millimetres wide."""

    svg: str
    width: float


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture that is PNG already, so many millimetres wide and high, with the text that can stand for it."""

    png: bytes
    width: float
    height: float
    alternative: str


@dataclass(frozen=True, slots=True)
class Tab:
    """A step to the next tab."""


Piece = str | Run | Link | Image | Photo | Tab


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: a cell for each column, or a single one across all of them."""

    cells: Sequence[Sequence[Piece]]
    look: str = ""  # "grade": a heading within the table; "sum": below a line; "goal": on a ground
    depth: int = 0  # 1 is strong, deeper ones stand further in


@dataclass(frozen=True, slots=True)
class Table:
    """A table with columns so many per cent wide; "n" in `kinds` marks a column of numbers."""

    widths: Sequence[float]
    rows: Sequence[Row]
    head: Sequence[str] = ()
    kinds: str = ""
    text: str = "TableText"  # the style of its paragraphs
    ruled: bool = True
    whole: bool = False  # stays on one page


@dataclass(frozen=True, slots=True)
class Box:
    """One of a few boxes that stand beside each other: a title and a text, either may be missing."""

    title: str
    text: Sequence[Piece] = ()


@dataclass(frozen=True, slots=True)
class Signing:
    """Where one party signs: its name, a line for each signature, and the word in the place for its seal, if any."""

    name: str
    lines: Sequence[str]
    seal: str


def printable(words: str) -> str:
    """Return words without what no document may hold; every way of beginning a new line becomes a line feed."""
    return _UNPRINTABLE.sub("", _NEW_LINE.sub("\n", words)).replace("\t", " ")


# --- letters ----------------------------------------------------------------------------------------------------------


def run(words: str, look: str = "") -> str:
    """Return words in one look of letters; `paragraph` goes on in another one where they are very many."""
    style = f'<w:rStyle w:val="{look}"/>' if look else ""
    return "".join(_lines(printable(words), style))


def _lines(words: str, style: str) -> Iterator[str]:
    """Yield every line, a long one in pieces."""
    for number, line in enumerate(words.split("\n")):
        if number:
            yield "<w:r><w:br/></w:r>"
        for start in range(0, len(line), LONGEST_PIECE):
            yield _GO_ON if start else ""
            yield from _texts(line[start : start + LONGEST_PIECE], style)


def _texts(words: str, style: str) -> Iterator[str]:
    """Yield runs; Word sets Chinese quotation marks and dashes in the Latin font unless it is told what they are."""
    for number, text in enumerate(_CHINESE_MARKS.split(words)):
        properties = style + (_CHINESE if number % 2 else "")
        properties = f"<w:rPr>{properties}</w:rPr>" if properties else ""
        if text:
            yield f'<w:r>{properties}<w:t xml:space="preserve">{escape(text, quote=False)}</w:t></w:r>'


def tab() -> str:
    """Return a step to the next tab."""
    return "<w:r><w:tab/></w:r>"


def link(inner: str, bookmark: str) -> str:
    """Let runs lead to a bookmark."""
    return f'<w:hyperlink w:anchor="{bookmark}" w:history="1">{inner}</w:hyperlink>'


def field(instruction: str, now: str = "") -> str:
    """Return a field that the program works out itself; `now` stands there until it does."""
    return f'<w:fldSimple w:instr=" {escape(instruction)} ">{run(now) if now else ""}</w:fldSimple>'


def _begin(instruction: str) -> str:
    """Begin a field whose present result goes over several paragraphs."""
    said = f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
    return f"{_mark('begin')}{said}{_mark('separate')}"


def _mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def bookmark(name: str, number: int, inner: str) -> str:
    """Name a place; the numbers of bookmarks differ."""
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{inner}<w:bookmarkEnd w:id="{number}"/>'


def bookmark_name(target: str) -> str:
    """Return a place's name as Word takes it: letters, digits and underscores, not too long."""
    return re.sub(r"\W", "_", target)[:LONGEST_NAME]


def drawing(relation: str, number: int, millimetres: tuple[float, float], alternative: str) -> str:
    """Return a picture in a line of text, with the text that can stand for it."""
    wide, high = (round(length * EMU_PER_MM) for length in millimetres)
    said, size = escape(printable(alternative)), f'cx="{wide}" cy="{high}"'
    named = f'id="{number}" name="Picture {number}" descr="{said}"'
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/><wp:docPr {named}/>'
        '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr><a:graphic>'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
        f'<pic:cNvPr {named}/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{relation}"/>'
        f'<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/>'
        '</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )


# --- paragraphs -------------------------------------------------------------------------------------------------------


def paragraph(style: str, inner: str, own: str = "") -> str:
    """Return a paragraph; `own` are properties that differ from its style, in the order of the schema."""
    begun = f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{own}</w:pPr>'
    return f"{begun}{inner.replace(_GO_ON, f'</w:p>{begun}')}</w:p>"


def contents(links: Sequence[tuple[int, str]]) -> str:
    """Return a filled table of contents, depth and link of each line, which Word offers to bring up to date."""
    last = len(links) - 1
    lines = "".join(
        paragraph(f"TOC{depth}", f"{'' if n else _begin(CONTENTS)}{inner}{_mark('end') if n == last else ''}")
        for n, (depth, inner) in enumerate(links)
    )
    gallery = '<w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/>'
    about = f"<w:sdtPr><w:docPartObj>{gallery}</w:docPartObj></w:sdtPr>"
    return f"<w:sdt>{about}<w:sdtContent>{lines}</w:sdtContent></w:sdt>"


# A table needs a paragraph behind it: two that touch would become one.
AFTER_TABLE = paragraph("TableEnd", "")
BEFORE_SIGNING = paragraph("TableEnd", "", '<w:spacing w:before="400"/>')


# --- tables -----------------------------------------------------------------------------------------------------------


def table(given: Table, cells: Sequence[Sequence[str]], head: Sequence[str] = ()) -> str:
    """Return a table whose cells are already runs; its head stands on every page, its rows are not torn apart."""
    widths = [twips(TEXT_WIDTH_MM * width / 100) for width in given.widths]
    rows = (_row(given, row, inner, widths) for row, inner in zip(given.rows, cells, strict=True))
    top = _head(given, head, widths) if head else ""
    return _whole(widths, top + "".join(rows), bool(head), "" if given.ruled else _NO_RULES)


def _whole(widths: Sequence[int], rows: str, headed: bool, borders: str) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    first = 'w:val="0620" w:firstRow="1"' if headed else 'w:val="0600" w:firstRow="0"'
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{TABLE}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>{borders}'
        f'<w:tblLayout w:type="fixed"/><w:tblLook {first} w:lastRow="0" w:firstColumn="0" w:lastColumn="0"'
        f' w:noHBand="1" w:noVBand="1"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
    )


def boxes(titles: Sequence[str], texts: Sequence[str], line: str, ground: str, least_mm: float) -> str:
    """Set boxes beside each other, each below a line of its own; `line` is its eighths of a point and colour."""
    gap, count = 4, len(titles)
    wide = twips((TEXT_WIDTH_MM - gap * (count - 1)) / count)
    above = _edge("top", *line.split())
    cells = [
        _cell(
            wide, _boxed(title, text), f"<w:tcBorders>{above}</w:tcBorders>{_ground(ground) if ground else ''}{_ROOM}"
        )
        for title, text in zip(titles, texts, strict=True)
    ]
    between = _cell(twips(gap), paragraph("TableText", ""))
    widths = [wide if place % 2 == 0 else twips(gap) for place in range(2 * count - 1)]
    high = f'<w:trPr><w:cantSplit/><w:trHeight w:val="{twips(least_mm)}" w:hRule="atLeast"/></w:trPr>'
    return _whole(widths, f"<w:tr>{high}{between.join(cells)}</w:tr>", False, _NO_RULES)


def _boxed(title: str, text: str) -> str:
    heading = paragraph("BlockTitle" if text else "TableText", title)
    return heading + (paragraph("TableText", text) if text else "")


def signing(given: Signing) -> str:
    """Return the lines for the signatures of one party, beside the place for its seal."""
    widths = [twips(TEXT_WIDTH_MM * share / 100) for share in (64, 36)]
    name = paragraph("BlockTitle", run(given.name))
    heading = _cell(
        sum(widths), name, f'<w:gridSpan w:val="2"/><w:tcBorders>{_edge("top", "6", INK[1:])}</w:tcBorders>'
    )
    high = f'<w:trPr><w:cantSplit/><w:trHeight w:val="{twips(15)}" w:hRule="atLeast"/></w:trPr>'
    below = f'<w:tcBorders>{_edge("bottom", "5", INK_2[1:])}</w:tcBorders><w:vAlign w:val="bottom"/>'
    rows = [f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{heading}</w:tr>"]
    for number, line in enumerate(given.lines, start=1):
        keep = "<w:keepNext/>" if number < len(given.lines) else ""
        signed = _cell(widths[0], paragraph("TableText", run(line), keep), below)
        sealed = _cell(
            widths[1], paragraph("TableText", run(given.seal if number == 1 else ""), _CENTRED), _seal(given, number)
        )
        rows.append(f"<w:tr>{high}{signed}{sealed}</w:tr>")
    return _whole(widths, "".join(rows), False, _NO_RULES)


def _seal(given: Signing, number: int) -> str:
    """Let the place for the seal go over all lines, in a dashed frame where there is one."""
    over = '<w:vMerge w:val="restart"/>' if number == 1 else "<w:vMerge/>"
    sides = "".join(
        f'<w:{side} w:val="dashed" w:sz="5" w:space="0" w:color="{RULE}"/>'
        for side in ("top", "left", "bottom", "right")
    )
    return f'{over}{f"<w:tcBorders>{sides}</w:tcBorders>" if given.seal else ""}<w:vAlign w:val="center"/>'


def _head(given: Table, cells: Sequence[str], widths: Sequence[int]) -> str:
    inner = "".join(
        _cell(width, paragraph(_HEADS[_kind(given, column)], said))
        for column, (width, said) in enumerate(zip(widths, cells, strict=True))
    )
    return f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{inner}</w:tr>"


def _row(given: Table, row: Row, cells: Sequence[str], widths: Sequence[int]) -> str:
    whole = "" if _lines_of(row, widths) > UNBROKEN else "<w:trPr><w:cantSplit/></w:trPr>"
    if len(cells) == 1 < len(widths):
        keep, ground = "<w:keepNext/>", _ground("f4f6f8")
        span = f'<w:gridSpan w:val="{len(widths)}"/>'
        inner = _cell(sum(widths), paragraph(given.text, cells[0], keep), span + ground)
        return f"<w:tr>{whole}{inner}</w:tr>"
    more = {"sum": _line_above(), "goal": _ground("f4f6f8")}.get(row.look, "")
    inner = "".join(
        _cell(width, paragraph(_cell_style(given, row, column), said, _kept(given, row)), more)
        for column, (width, said) in enumerate(zip(widths, cells, strict=True))
    )
    return f"<w:tr>{whole}{inner}</w:tr>"


def _kept(given: Table, row: Row) -> str:
    """Keep a row with the one below it where the table stays on one page."""
    return "<w:keepNext/>" if given.whole and row is not given.rows[-1] else ""


def _lines_of(row: Row, widths: Sequence[int]) -> float:
    """Return about how many lines the fullest cell of a row takes."""
    room = zip(row.cells, widths, strict=False)
    return max(sum(map(_letters, cell)) * twips(LETTER_MM) / width for cell, width in room)


def _letters(piece: Piece) -> int:
    if isinstance(piece, str):
        return len(piece)
    return len(piece.words) if isinstance(piece, Run | Link) else 0


def _cell(width: int, inner: str, more: str = "") -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{more}</w:tcPr>{inner}</w:tc>'


def _cell_style(given: Table, row: Row, column: int) -> str:
    """Set numbers to the right, words further from the numbers before them, and inner rows further in."""
    if column == 0 and row.depth > 1:
        return f"TableInner{row.depth}"
    return {"n": "TableNumber", "a": "TableApart"}.get(_kind(given, column), given.text)


def _kind(given: Table, column: int) -> str:
    """Return "n" for a column of numbers and "a" for one of words behind it."""
    kinds = given.kinds.ljust(len(given.widths), "t")
    return "a" if column and kinds[column] == "t" and kinds[column - 1] == "n" else kinds[column]


def _ground(colour: str) -> str:
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{colour}"/>'


def _line_above() -> str:
    return f"<w:tcBorders>{_edge('top', '5', RULE)}</w:tcBorders>"


def _edge(side: str, width: str, colour: str) -> str:
    return f'<w:{side} w:val="single" w:sz="{width}" w:space="0" w:color="{colour}"/>'
