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

from reports import (
    less_work_on_declarations,
    less_work_on_drawings,
    less_work_on_glyphs,
    less_work_on_layout,
    less_work_on_lines,
    less_work_on_own_sheets,
    less_work_on_pages,
    less_work_on_plain_lines,
    less_work_on_styles,
    less_work_on_tags,
    less_work_on_text,
    less_work_on_the_pen,
    less_work_on_writing,
)
from reports.less_work_on_text import put_in_place

# The library has no types, and the web process imports this file without it.
MADE_FOR = ("70.0", "0.13.0")  # WeasyPrint and pydyf, its writer of PDF
NOTES = ("footnote", "note(", "note-")
PRESSED = 2  # of 9: a quarter of the time for the last 9 % of the size
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
    _resolve_lengths_once()
    _skip_empty_backgrounds()
    _see_the_flow_first()
    less_work_on_text.leave_out()
    less_work_on_own_sheets.leave_out()
    less_work_on_styles.leave_out()
    less_work_on_layout.leave_out()
    less_work_on_glyphs.leave_out()
    less_work_on_lines.leave_out()
    less_work_on_plain_lines.leave_out()
    less_work_on_declarations.leave_out()
    less_work_on_writing.leave_out()
    less_work_on_the_pen.leave_out()
    _press_less()
    less_work_on_tags.leave_out()
    if LINES_AS_RECTANGLES:
        _draw_lines_as_rectangles()
    less_work_on_pages.leave_out()
    less_work_on_drawings.leave_out()
    return True


def _press_less() -> None:
    """Compress what is written quickly and not to the last byte."""
    import pydyf  # noqa: PLC0415

    pydyf.zlib = SimpleNamespace(compressobj=lambda level: zlib.compressobj(min(level, PRESSED)))


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
    light.shares = not less_work_on_styles.is_singular(html)
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
        kept = vars(box.style)
        if kept.get("lengths"):
            vars(box).update(kept["lengths"])
        elif "lengths" in kept:
            resolve(box, containing_block)
        else:
            # The borders of a cell that collapse have been settled with those of its neighbours.
            collapses = box.style["border_collapse"] == "collapse"
            kept["lengths"] = None if collapses else _fixed_lengths(box.style)
            resolve_percentages(box, containing_block)

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
    from weasyprint.formatting_structure.boxes import Box, TextBox  # noqa: PLC0415
    from weasyprint.layout import background  # noqa: PLC0415
    from weasyprint.layout.absolute import AbsolutePlaceholder  # noqa: PLC0415

    lay_out = background.layout_box_backgrounds
    for name, none in {**SQUARE, "background": None}.items():
        setattr(Box, name, none)  # of a box that has nothing of its own

    def layout_box_backgrounds(
        page: Any, box: Any, get_image: Any, layout_children: bool = True, style: Any = None
    ) -> None:
        if box is page or style is not None or type(box) is AbsolutePlaceholder or not _is_bare(box.style):
            lay_out(page, box, get_image, layout_children, style)
            return
        waiting = [box]
        while waiting:
            one = waiting.pop()
            if type(one) is AbsolutePlaceholder or not _is_bare(one.style):
                lay_out(page, one, get_image)
                continue
            if "background" in vars(one):
                one.background = None
            if layout_children and type(one) is not TextBox:
                waiting += [*one.all_children()][::-1]

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
        if "frame_of_lines" not in kept:
            kept["frame_of_lines"] = _has_plain_lines(box.style)
        drawn = [side for side in SIDES if getattr(box, f"border_{side}_width")]
        if not kept["frame_of_lines"] or len(drawn) > 1:
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
    if side in ("top", "bottom"):
        return left, top if side == "top" else top + high - thick, wide, thick
    return left if side == "left" else left + wide - thick, top, thick, high
