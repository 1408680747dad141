"""The report once more as typst source, so that typst can be the yardstick: the same text, tables, charts and links.

It reads the HTML that is printed, element by element, and writes what a typst template would give: headings with
bookmarks, tables with heads that repeat, drawings as SVG with their alternatives, the contents with page numbers, the
running head and the page numbers, in the same fonts and sizes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

SVG = "{http://www.w3.org/2000/svg}"
ElementTree.register_namespace("", SVG[1:-1])

LOOK = Path(__file__).with_name("report.typ")

# What report.css says of a paragraph, as arguments of `para`.
PARAGRAPHS = {
    "note": "size: 8.5pt, fill: soft",
    "kind": "size: 12pt, fill: blue, font: sans",
    "title": 'size: 32pt, weight: "bold", font: sans, above: 2mm, below: 4mm',
    "firm": 'size: 17pt, weight: "bold", font: sans, below: 22mm',
    "aid": 'size: 12pt, weight: "bold", font: sans, left: 4mm, above: 16mm',
    "headline": 'size: 19pt, weight: "bold", font: sans, below: 3mm',
    "verdict": 'size: 11pt, weight: "bold", font: sans, below: 1mm',
    "g": "size: 9pt, hang: 20mm, below: .8mm",
    "ways": "size: 9pt, left: 3mm, above: 1.5mm",
    "step": "size: 9pt, below: 1mm",
    "l1": "size: 8.5pt, below: 1.2mm",
    "l2": "size: 8.5pt, left: 5mm, below: 1.2mm",
    "l3": "size: 8pt, left: 10mm, below: 1.2mm",
    "answer": "size: 8.5pt, font: sans, below: 1mm",
    "proof": "size: 8.5pt, font: sans, fill: soft, below: 1mm",
    "open": "size: 8.5pt, font: sans, fill: open, below: 1mm",
}
# What it says of a piece of text, as arguments of `text`.
PIECES = {
    "soft": 'fill: soft, weight: "regular"',
    "id": "font: sans, size: 6.5pt, fill: soft",
    "met": 'fill: met, weight: "bold"',
    "gap": 'fill: gap, weight: "bold"',
    "open": 'fill: open, weight: "bold"',
    "none": 'fill: soft, weight: "bold"',
    "fact": 'fill: blue, weight: "bold"',
}
PAGE_WORDS = re.compile(r'@bottom-right \{ content: "(.*?)" counter\(page\) "(.*?)" counter\(pages\) "(.*?)" \}')


def to_typst(html: str) -> str:
    """Return the typst source of a report that `reports.html` has written."""
    page = ElementTree.fromstring(html)
    body = _found(page, "body")
    firm, aid = (_words(next(one for one in body.iter() if one.get("class") == name)) for name in ("strings", "aids"))
    words = PAGE_WORDS.search(html)
    assert words is not None
    chapters = [f"{_quoted(one.get('id', ''))}: {_quoted(_words(one))}" for one in body.iter("h1") if one.get("id")]
    names = (
        f"#let firm = {_quoted(firm)}; #let aid = {_quoted(aid)}\n"
        f"#let chapters = ({', '.join(chapters)})\n"
        f"#let page-words = ({', '.join(map(_quoted, words.groups()))})\n"
        f"#set document(title: {_quoted(_words(_found(page, 'title')))}, author: {_quoted(_meta(page, 'author'))}, "
        f"description: {_quoted(_meta(page, 'description'))})\n#set text(lang: {_quoted(page.get('lang', '')[:2])})\n"
    )
    return names + LOOK.read_text(encoding="utf-8") + "".join(_Writer().blocks(body))


class _Writer:
    """Writes one report; knows the depth of the last heading, for one may not skip a level in PDF/UA."""

    def __init__(self) -> None:
        self._depth = 0

    def blocks(self, parent: Element) -> Iterator[str]:
        for node in parent:
            yield from self._block(node)

    def _block(self, node: Element) -> Iterator[str]:
        kind, classes = node.tag, _classes(node)
        write: dict[str, Callable[[Element], str]] = {"table": _table, "ol": _list, "figure": _figure}
        if kind == "section":
            yield f"#page(header: none, footer: none, margin: (x: 20mm, top: 62mm))[\n{''.join(self.blocks(node))}]\n"
        elif kind in ("h1", "h2", "h3") and classes[:1] != ["title"]:
            yield self._heading(node)
        elif kind in write:
            yield write[kind](node)
        elif kind == f"{SVG}svg":
            yield _drawing(node, "34mm") + "\n"  # the code on the cover
        elif kind in ("p", "h1"):
            yield (
                _line_of_contents(node)
                if node.find("a[@href]") in list(node)[:1] and not node.text
                else _paragraph(node)
            )
        elif classes == ["blocks"]:
            yield _blocks_beside(node)
        elif classes == ["ruler"]:
            yield _drawing(node[0]) + "\n"
        else:
            yield from (_answers(self, node) if classes == ["answers"] else self.blocks(node))

    def _heading(self, node: Element) -> str:
        depth = min(int(node.tag[1]), self._depth + 1)
        self._depth, classes = depth, _classes(node)
        new_page = (node.tag == "h1" and "follows" not in classes) or "second" in classes
        level = f", level: {depth}" if node.tag == "h3" else ""
        return f"{'#pagebreak(weak: true)' if new_page else ''}\n#{node.tag}([{_inline(node)}]{level}){_label(node)}\n"


def _answers(writer: _Writer, node: Element) -> Iterator[str]:
    for one in node:
        if one.tag == "p" and not one.get("class"):
            one.set("class", "answer")
        yield from writer._block(one)


def _paragraph(node: Element) -> str:
    style = next((PARAGRAPHS[one] for one in _classes(node) if one in PARAGRAPHS), "")
    if "unseen" in _classes(node):
        return ""  # only carries the words of the running head
    return f"#para({style})[{_inline(node)}]{_label(node)}\n"


def _line_of_contents(node: Element) -> str:
    deep = node.get("class") == "c2"
    link = _found(node, "a")
    left, weight = ("7mm", '"regular"') if deep else ("0mm", '"bold"')
    return f"#line-of-contents({_quoted(link.get('href', '')[1:])}, {left}, {weight})[{_inline(link)}]\n"


def _list(node: Element) -> str:
    return "#enum(" + ", ".join(f"[{_inline(one)}]" for one in node) + ")\n"


def _figure(node: Element) -> str:
    caption, drawing = node
    bold = f'#text(font: sans, weight: "bold", [{_inline(caption)}])'
    return f"#block(breakable: false, above: 3mm, below: 5mm)[{bold}\\ {_drawing(drawing)}]\n"


def _blocks_beside(node: Element) -> str:
    cells = (
        f'[#text(size: 10pt, weight: "bold", [{_inline(one[0])}])\\ {_escaped(one[0].tail)}{_inline(one, 1)}]'
        for one in node
    )
    look = 'fill: rgb("#f4f6f8"), stroke: (top: 1.8pt + gap), inset: 3mm, column-gutter: 4mm'
    return f"#text(font: sans, size: 8.5pt, grid(columns: (1fr,) * {len(node)}, {look}, {', '.join(cells)}))\n"


def _drawing(node: Element, width: str = "") -> str:
    title = node.find(f"{SVG}title")
    alternative = _quoted(_words(title) if title is not None else "")
    tail, node.tail = node.tail, None  # written by whoever holds the drawing
    source, node.tail = ElementTree.tostring(node, encoding="unicode"), tail
    width = width or ("42mm" if node.get("viewBox") == "0 0 150 12" else "100%")
    return f'#image(bytes({_quoted(source)}), format: "svg", width: {width}, alt: {alternative})'


# --- tables -----------------------------------------------------------------------------------------------------------


def _table(node: Element) -> str:
    widths = [column.get("style", "").removeprefix("width:").removesuffix("%") for column in node.iter("col")]
    columns = ", ".join(f"{width}fr" for width in widths)
    head, body = node.find("thead"), _found(node, "tbody")
    cells = [f"table.header({', '.join(_cells(head[0]))})"] if head is not None else []
    cells += [cell for row in body for cell in _cells(row)]
    table = f"table(columns: ({columns}), {', '.join(cells)})"
    whole = {"short", "party"}.intersection(_classes(node))
    return f"#block(breakable: {'false' if whole else 'true'}, below: 3mm, {table})\n"


def _cells(row: Element) -> Iterator[str]:
    style = _classes(row)
    for place, cell in enumerate(row):
        said = {"align": "right + top"} if "n" in _classes(cell) else {}
        said |= {name: cell.get(name, "") for name in ("colspan", "rowspan") if cell.get(name)}
        if {"grade", "goal"}.intersection(style):
            said["fill"] = 'rgb("#f4f6f8")'
        if place == 0 and style and style[0] in ("d2", "d3"):
            said["inset"] = f"(left: {4 * int(style[0][1]) - 4}mm, y: 1.25mm)"
        bold = {"grade", "sum", "goal"}.intersection(style) or (place == 0 and style == ["d1"])
        soft = "soft" in _classes(cell)
        words = _inline(cell)
        words = f'#text(weight: "bold")[{words}]' if bold else f"#text(fill: soft)[{words}]" if soft else words
        arguments = "".join(f"{name}: {value}, " for name, value in said.items())
        yield f"table.cell({arguments}[{words}])" if said else f"[{words}]"


# --- text -------------------------------------------------------------------------------------------------------------


def _inline(node: Element, first: int = 0) -> str:
    """Return what stands in an element, from its child number `first` on."""
    parts = [] if first else [_escaped(node.text)]
    for child in list(node)[first:]:
        parts += [_piece(child), _escaped(child.tail)]
    return "".join(parts).strip(" ")


def _piece(node: Element) -> str:
    if node.tag == "br":
        return "\\ "
    if node.tag == f"{SVG}svg":
        return _drawing(node)
    if node.tag == "a":
        return f"#ref-to({_quoted(node.get('href', '')[1:])})[{_inline(node)}]"
    style = next((PIECES[one] for one in reversed(_classes(node)) if one in PIECES), "")
    style = style or ('weight: "bold"' if node.tag == "b" else "")
    target = f"#metadata(none){_label(node)}" if node.get("id") else ""
    return f"{target}#text({style})[{_inline(node)}]"


def _escaped(text: str | None) -> str:
    """Return text that stands for itself in typst's markup."""
    one_space = re.sub("[ \t\r\n]+", " ", text or "")
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", one_space)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _label(node: Element) -> str:
    return f"#label({_quoted(node.get('id', ''))})" if node.get("id") else ""


def _classes(node: Element) -> list[str]:
    return node.get("class", "").split()


def _words(node: Element) -> str:
    return "".join(node.itertext()).strip()


def _found(node: Element, name: str) -> Element:
    return next(node.iter(name))


def _meta(page: Element, name: str) -> str:
    return next(one.get("content", "") for one in page.iter("meta") if one.get("name") == name)
