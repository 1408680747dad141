"""Work that WeasyPrint would do for every report and that changes nothing in it, left out.

With and without it the PDF has the same bytes (tests/reports/test_less_work.py), but for how hard they are pressed. It
knows the inside of one version of WeasyPrint; under any other `leave_out` does nothing, and reports are printed as
before, more slowly.
"""

from __future__ import annotations

import copy
import zlib
from collections.abc import Collection
from functools import cache, lru_cache
from math import inf
from types import SimpleNamespace
from typing import Any

from reports import less_work_on_text
from reports.less_work_on_text import put_in_place

# The library has no types, and the web process imports this file without it.
MADE_FOR = ("70.0", "0.13.0")  # WeasyPrint and pydyf, its writer of PDF
NOTES = ("footnote", "note(", "note-")
PRESSED = 5  # of 9: a third of the time for the last 2 % of the size
LINES_AS_RECTANGLES = True  # looks the same, with other bytes
SIDES = ("top", "right", "bottom", "left")
BORDERS = tuple(f"border_{side}_width" for side in SIDES)
LENGTHS = (
    *(f"{kind}_{side}" for kind in ("margin", "padding") for side in SIDES),
    *(f"{bound}{axis}" for axis in ("width", "height") for bound in ("", "min_", "max_")),
)
CORNERS = tuple(f"border_{corner}_radius" for corner in ("top_left", "top_right", "bottom_right", "bottom_left"))
FILLINGS = ("border_image_source", "mask_border_source", "background_image", "background_color", "box_shadow", *CORNERS)
FRAMES = ("column_width", "column_count", "border_image_source", *CORNERS, *(f"border_{side}_style" for side in SIDES))
UNSIZED: dict[str, Any] = {
    **dict.fromkeys(LENGTHS, 0),
    **dict.fromkeys(("width", "height"), "auto"),
    **dict.fromkeys(("max_width", "max_height"), inf),
}
SQUARE = dict.fromkeys(CORNERS, (0, 0))


@cache
def leave_out() -> bool:
    """Arrange it once for this process; tell whether it could be done."""
    import pydyf  # type: ignore[import-untyped]  # noqa: PLC0415
    import weasyprint  # noqa: PLC0415

    if (weasyprint.__version__, pydyf.VERSION) != MADE_FOR:
        return False
    _name_pages_once()
    _press_less()
    _write_plain_kinds_first()
    _resolve_lengths_once()
    _skip_empty_backgrounds()
    _see_the_flow_first()
    less_work_on_text.leave_out()
    if LINES_AS_RECTANGLES:
        _draw_lines_as_rectangles()
    return True


# --- style sheets -----------------------------------------------------------------------------------------------------


def lighter(sheet: Any, html: str) -> Any:
    """Return the renderer's own style sheet without the rules for what `html` never names.

    It gives every element six pseudo-elements, of notes and of lists, and every page sixteen margin boxes, and each of
    them gets a style of its own: three of four styles of a report.
    """
    if not leave_out():
        return sheet
    light, matcher = copy.copy(sheet), copy.copy(sheet.matcher)
    of_all, of_lists = matcher.other_selectors, [one for one in matcher.other_selectors if one[3] == "marker"]
    matcher.other_selectors = [one for one in of_all if is_named(one[3], html) and one not in of_lists]
    if "list-item" in html or "<summary" in html:
        matcher.other_selectors += of_lists
    else:
        names = matcher.lower_local_name_selectors
        matcher.lower_local_name_selectors = names | {"li": names.get("li", []) + of_lists}
    light.matcher = matcher
    light.page_rules = [rule for rule in sheet.page_rules if all(is_named(one[1], html) for one in rule[1])]
    return light


def is_named(pseudo: str | None, html: str) -> bool:
    """Tell whether the text has a use for a pseudo-element or for a part of a page.

    Every kind of note, also the area that holds them, needs the word footnote or note() in a style sheet.
    """
    if pseudo is None or pseudo == "marker":
        return True
    if "note" in pseudo:
        return _has_notes(html)
    return pseudo in html


@lru_cache(maxsize=1)
def _has_notes(html: str) -> bool:
    return any(word in html for word in NOTES)


# --- layout -----------------------------------------------------------------------------------------------------------


def _resolve_lengths_once() -> None:
    """Resolve lengths that are no percentages once for a style, not for each box and each try to lay it out."""
    from weasyprint.layout import percent  # noqa: PLC0415

    resolve = percent.resolve_percentages

    def resolve_percentages(box: Any, containing_block: Any) -> None:
        style = box.style
        kept = vars(style)
        if "lengths" not in kept:
            kept["lengths"] = _fixed_lengths(style)
        if kept["lengths"] is None:
            resolve(box, containing_block)
        elif style["border_collapse"] == "collapse" and "border_top_width" in vars(box):
            # The borders of this cell have been settled with those of its neighbours.
            vars(box).update(kept["lengths"] | {name: vars(box)[name] for name in BORDERS})
        else:
            vars(box).update(kept["lengths"])

    put_in_place(resolve, resolve_percentages)


def _fixed_lengths(style: Any) -> dict[str, Any] | None:
    """Return what `resolve_percentages` sets wherever a box of this style stands; None where that depends."""
    if _is_as_it_came(style, (*UNSIZED, "box_sizing")):
        return UNSIZED | {name: style[name] for name in BORDERS}
    values = {name: style[name] for name in LENGTHS}
    depends = any(value != "auto" and getattr(value, "unit", None) != "px" for value in values.values())
    if depends or style["box_sizing"] != "content-box":
        return None
    lengths = {name: value if value == "auto" else value.value for name, value in values.items()}
    lengths |= {name: 0 for name in ("min_width", "min_height") if lengths[name] == "auto"}
    return lengths | {name: style[name] for name in BORDERS}


def _is_as_it_came(style: Any, names: Collection[str]) -> bool:
    """Tell whether a style is that of a box of no element, and none of the names has been set: half of all styles."""
    return type(style).__name__ == "AnonymousStyle" and style.keys().isdisjoint(names)


def _see_the_flow_first() -> None:
    """Tell a box that stands where it came from others with one question instead of five."""
    from weasyprint.formatting_structure.boxes import Box  # noqa: PLC0415

    tell = Box.is_in_normal_flow

    def is_in_normal_flow(box: Any) -> bool:
        style = box.style
        return (style["position"] == "static" and style["float"] == "none") or bool(tell(box))

    Box.is_in_normal_flow = is_in_normal_flow


def _skip_empty_backgrounds() -> None:
    """Do not look for the backgrounds of a box whose style has none."""
    from weasyprint.layout import background  # noqa: PLC0415
    from weasyprint.layout.absolute import AbsolutePlaceholder  # noqa: PLC0415

    lay_out = background.layout_box_backgrounds

    def layout_box_backgrounds(
        page: Any, box: Any, get_image: Any, layout_children: bool = True, style: Any = None
    ) -> None:
        stands_for_another = isinstance(box, AbsolutePlaceholder)
        if box is page or style is not None or stands_for_another or not _is_bare(box.style):
            lay_out(page, box, get_image, layout_children, style)
            return
        vars(box).update(SQUARE)
        box.background = None
        if layout_children:
            for child in box.all_children():
                layout_box_backgrounds(page, child, get_image)

    put_in_place(lay_out, layout_box_backgrounds)


def _is_bare(style: Any) -> bool:
    kept = vars(style)
    if "bare" not in kept:
        kept["bare"] = _has_no_background(style)
    return bool(kept["bare"])


def _has_no_background(style: Any) -> bool:
    from weasyprint.draw.color import get_color  # noqa: PLC0415

    if _is_as_it_came(style, FILLINGS):
        return True
    pictures = (style["border_image_source"], style["mask_border_source"], *style["background_image"])
    square = all((0, "px") in style[corner] for corner in CORNERS)
    return (
        square
        and all(one[0] == "none" for one in pictures)
        and not style["box_shadow"]
        and get_color(style, "background_color").alpha == 0
    )


def _draw_lines_as_rectangles() -> None:
    """Draw the line below or beside a box as one rectangle, not as a frame of which all but one side is cut away."""
    from weasyprint.draw import border  # noqa: PLC0415
    from weasyprint.draw.color import get_color  # noqa: PLC0415

    draw = border.draw_border

    def draw_border(stream: Any, box: Any) -> None:
        kept = vars(box.style)
        if "lines" not in kept:
            kept["lines"] = _has_plain_lines(box.style)
        drawn = [side for side in SIDES if getattr(box, f"border_{side}_width")]
        if not kept["lines"] or len(drawn) > 1:
            draw(stream, box)
        elif drawn:
            with stream.artifact(), stream.stacked():
                stream.set_color(get_color(box.style, f"border_{drawn[0]}_color"))
                stream.rectangle(*_line(box, drawn[0]))
                stream.fill()

    put_in_place(draw, draw_border)


def _has_plain_lines(style: Any) -> bool:
    """Tell whether each side of the border is a solid line or none, square, without a picture or columns."""
    from weasyprint.draw.color import get_color  # noqa: PLC0415

    if _is_as_it_came(style, FRAMES):
        return bool(style["visibility"] == "visible")
    plain = style["visibility"] == "visible" and style["column_width"] == "auto" and style["column_count"] == "auto"
    return (
        plain
        and style["border_image_source"][0] == "none"
        and all((0, "px") in style[corner] for corner in CORNERS)
        and all(style[f"border_{side}_style"] in ("solid", "none") for side in SIDES)
        and all(get_color(style, f"border_{side}_color").alpha for side in SIDES)
    )


def _line(box: Any, side: str) -> tuple[float, float, float, float]:
    """Return left, top, width and height of the only side of a border."""
    left, top, wide, high = box.border_box_x(), box.border_box_y(), box.border_width(), box.border_height()
    thick = getattr(box, f"border_{side}_width")
    return {
        "top": (left, top, wide, thick),
        "bottom": (left, top + high - thick, wide, thick),
        "left": (left, top, thick, high),
        "right": (left + wide - thick, top, thick, high),
    }[side]


# --- PDF --------------------------------------------------------------------------------------------------------------


def _name_pages_once() -> None:
    """Write the names of all pages once, not once for each of six thousand tags."""
    import pydyf  # noqa: PLC0415

    names = pydyf.PDF.page_references.fget

    def page_references(pdf: Any) -> tuple[bytes, ...]:
        kept: tuple[bytes, ...] = vars(pdf).get("names_of_pages", ())
        if len(kept) != pdf.pages["Count"]:
            kept = vars(pdf)["names_of_pages"] = names(pdf)
        return kept

    pydyf.PDF.page_references = property(page_references)


def _press_less() -> None:
    """Compress what is written quickly and not to the last byte."""
    import pydyf  # noqa: PLC0415

    pydyf.zlib = SimpleNamespace(compressobj=lambda level: zlib.compressobj(min(level, PRESSED)))


def _write_plain_kinds_first() -> None:
    """Write what is text or a number without asking first whether it is something else."""
    import pydyf  # noqa: PLC0415

    write = pydyf._to_bytes

    def to_bytes(item: Any) -> Any:
        kind = type(item)
        if kind is bytes:
            return item
        if kind is str:
            return item.encode("ascii")
        return b"%d" % item if kind is int else write(item)

    pydyf._to_bytes = to_bytes
