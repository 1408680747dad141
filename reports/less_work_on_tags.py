"""The part of `less_work` that has to do with tags: what a page says to somebody who hears it.

A report has seven thousand of them, nearly all of a few plain kinds. Those are made here; every other kind, and
whatever carries a link, is made by the renderer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

MADE_THERE = frozenset(("html", "body"))  # they have no tag of their own
SPECIAL = frozenset(("LI", "Figure", "Table", "Link"))
CELLS = ("TD", "TH")
FACTS = 5  # of every tag
INSIDE_A_CELL = ("/TD", "/TH")

Build = Callable[..., Iterable[Any]]


def leave_out() -> None:
    """Arrange it for this process."""
    from weasyprint.formatting_structure import boxes  # noqa: PLC0415  # as in `less_work`
    from weasyprint.pdf import tags as of_renderer  # noqa: PLC0415

    plain = frozenset((boxes.BlockBox, boxes.InlineBox, boxes.TableCellBox, boxes.TableRowBox, boxes.TableRowGroupBox))
    build, names = of_renderer._build_box_tree, _Names(of_renderer._get_pdf_tag)

    def build_box_tree(
        box: Any, parent: Any, pdf: Any, page: int, nums: dict[int, bytes], links: list[Any], tags: dict[Any, Any]
    ) -> Iterable[Any]:
        name = names[None if box.element is None else box.element_tag] if type(box) in plain else None
        if name is None or box.link_annotation or box.widget_annotation:
            made: Iterable[Any] = build(box, parent, pdf, page, nums, links, tags)
            return made
        if name in CELLS and parent["S"] in INSIDE_A_CELL:
            name = "NonStruct"
        element = _element(name, box, parent, pdf.page_references[page])
        _add(pdf, element)
        _add_children(box, element, build_box_tree, (pdf, page, nums, links, tags))
        return (element,)

    of_renderer._build_box_tree = build_box_tree


class _Names(dict[str | None, str | None]):
    """The name of the tag for that of an element; None where the renderer has more to do."""

    def __init__(self, name: Callable[[str | None], str]) -> None:
        super().__init__()
        self.name = name

    def __missing__(self, element: str | None) -> str | None:
        name = self.name(element)
        self[element] = None if name in SPECIAL or element in MADE_THERE else name
        return self[element]


def _element(name: str, box: Any, parent: Any, page: bytes) -> Any:
    from pydyf import Dictionary  # type: ignore[import-untyped]  # noqa: PLC0415  # as in `less_work`

    element = _tag_kind()({"Type": "/StructElem", "S": f"/{name}", "K": [], "Pg": page, "P": parent.reference})
    if name in CELLS:
        element["A"] = Dictionary({"O": "/Table"})
        spans = (("ColSpan", box.colspan), ("RowSpan", box.rowspan))
        element["A"].update((span, over) for span, over in spans if over != 1)
        box.mark = element  # with its heads, when all of the table is known
    return element


def _add_children(box: Any, element: Any, build: Build, given: tuple[Any, ...]) -> None:
    from weasyprint.formatting_structure.boxes import LineBox, TextBox  # noqa: PLC0415  # as in `less_work`

    pdf, _page, nums, _links, tags = given
    kids, reference, page = element["K"], element.reference, element["Pg"]
    for part in box.children:
        for child in part.children if type(part) is LineBox else (part,):
            if type(child) is TextBox:
                text = tags.pop(child)
                number = text["mcid"]
                assert number not in nums
                nums[number] = _add(pdf, _text(text["tag"], number, page, reference))
                kids.append(nums[number])
            else:
                before = len(kids)  # a list inside puts its own last
                kids[before:before] = [one.reference for one in build(child, element, *given)]


def _add(pdf: Any, made: Any) -> bytes:
    """Give a tag its number among the objects; return its name."""
    made.number = number = len(pdf.objects)
    pdf.objects.append(made)
    made.reference = reference = b"%d 0 R" % number
    return reference


def _text(tag: str, number: int, page: bytes, parent: bytes) -> Any:
    """Return the tag of a line of text, written once and for all."""
    made = _written_kind()()
    made.data = b"<</Type /StructElem/S /%b/K [%d]/Pg %b/P %b>>" % (tag.encode(), number, page, parent)
    return made


@cache
def _written_kind() -> type[Any]:
    """Return the kind of an object whose bytes are known when it is made."""
    from pydyf import Object  # noqa: PLC0415  # as above

    return type("Written", (Object,), {"data": b"", "reference": b""})


@cache
def _tag_kind() -> type[Any]:
    """Return the kind of a tag that knows in which order its five facts are written; others follow."""
    from pydyf import Dictionary, _to_bytes  # noqa: PLC0415  # as above

    def data(tag: Any) -> bytes:
        kids = b" ".join([one if type(one) is bytes else b"%d" % one for one in tag["K"]])
        facts = (tag["S"].encode(), kids, tag["Pg"], tag["P"])
        others = [b"/%b %b" % (name.encode(), _to_bytes(tag[name])) for name in list(tag)[FACTS:]]
        return b"<</Type /StructElem/S %b/K [%b]/Pg %b/P %b%b>>" % (*facts, b"".join(others))

    return type("Tag", (Dictionary,), {"data": property(data), "reference": b""})
