"""The part of `less_work` that has to do with lines of text and nothing else, beside no float.

Nearly all lines of a report are one text, or a few of which some are bold, without space around them. The renderer
takes each for a tree of boxes that float, are raised, or break somewhere in the middle, and asks dozens of questions;
here the answers are known. Where texts follow each other they have to fit as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from reports.less_work_on_text import put_in_place

SPACES = itemgetter(
    *(name % side for name in ("margin_%s", "padding_%s", "border_%s_width") for side in ("left", "right"))
)
WIDER = 1 + 1e-9  # as the renderer makes a line, against the last digit


def leave_out() -> None:
    """Arrange it for this process."""
    from weasyprint.layout import inline  # noqa: PLC0415

    lay_out, avoid = inline.get_next_linebox, inline.avoid_collisions

    def get_next_linebox(
        context: Any, linebox: Any, position_y: float, bottom_space: float, skip_stack: Any, around: Any, *others: Any
    ) -> Any:
        *_boxes, first_letter, first_line = others
        if not (first_letter or first_line or context.excluded_shapes) and _is_plain(linebox, around):
            made = _line(context, linebox, position_y, skip_stack, around)
            if made is not None:
                return made
        return lay_out(context, linebox, position_y, bottom_space, skip_stack, around, *others)

    def avoid_collisions(context: Any, box: Any, around: Any, outer: bool = True) -> Any:
        if outer or context.excluded_shapes or around.style["direction"] != "ltr":
            return avoid(context, box, around, outer)
        left = around.content_box_x()
        right = left + around.width - box.margin_right
        left += box.margin_left
        return left - box.margin_left, box.border_box_y() - box.margin_top, right - left

    put_in_place(lay_out, get_next_linebox)
    inline.avoid_collisions = avoid_collisions  # of lines


def _is_plain(linebox: Any, around: Any) -> bool:
    """Tell whether a line begins at the left of what it is in, and nothing moves it."""
    still = _is_still(linebox.style) and around.style["direction"] == "ltr"
    return still and not linebox.margin_top and _is_tight(linebox)


def _is_still(style: Any) -> bool:
    kept = vars(style)
    if "still" not in kept:
        kept["still"] = (
            style["position"] == "static"
            and style["float"] == "none"
            and style["direction"] == "ltr"
            and style["vertical_align"] == "baseline"
        )
    return bool(kept["still"])


def _is_tight(box: Any) -> bool:
    return not any(SPACES(vars(box)))


def _line(context: Any, linebox: Any, position_y: float, skip_stack: Any, around: Any) -> Any:
    """Return the next line, and where the one after it begins; None where the renderer has to see to it."""
    from weasyprint.layout import inline  # noqa: PLC0415

    skip_stack = inline.skip_first_whitespace(linebox, skip_stack)
    if skip_stack == "continue":
        return None, None
    left = around.content_box_x()
    room = left + around.width - left
    linebox.position_x, linebox.position_y = left, position_y
    begins, ends, following = left + linebox.text_indent, left + room, None
    if len(linebox.children) == 1:
        [skip] = skip_stack[0] if skip_stack else [0]
        line, following, broken = _one(context, linebox, (begins, ends), skip, around)
    else:
        line, broken = None if skip_stack else _all(context, linebox, begins, ends, around), False
    if line is None:
        return None
    linebox.width, linebox.height = line.width, line.height
    inline.remove_last_whitespace(context, line)
    _stand(line, position_y, inline.text_align(context, line, room, last=following is None or broken))
    return line, None if following is None else {0: {following: None}}


def _one(context: Any, linebox: Any, room: tuple[float, float], skip: int, around: Any) -> tuple[Any, Any, Any]:
    """Return a line with as much of its only text as fits, where the next one begins, and what stands between."""
    from weasyprint.formatting_structure.boxes import TextBox  # noqa: PLC0415
    from weasyprint.layout import inline  # noqa: PLC0415

    [text] = linebox.children
    if type(text) is not TextBox or not _is_still(text.style):
        whole = None if skip else _all(context, linebox, *room, around)
        return whole, None, None
    inline.resolve_percentages(text, around)
    text.position_x, text.position_y = room[0], linebox.position_y
    shown, following, broken = inline.split_text_box(context, text, room[1] * WIDER - room[0], skip)
    if shown is None:
        return None, None, None
    line = linebox.copy_with_children([shown])
    line.remove_decoration(start=skip > 0, end=following is not None)
    _measure(line)
    return line, following, broken


def _all(context: Any, box: Any, begins: float, ends: float, around: Any, at_start: bool | None = None) -> Any:
    """Return a line, or a part of one, with everything in it; None where it does not fit or is not all text."""
    from weasyprint.formatting_structure.boxes import InlineBox, TextBox  # noqa: PLC0415
    from weasyprint.layout import inline  # noqa: PLC0415

    place, ends, shown = begins, ends * WIDER, []
    for number, child in enumerate(box.children):
        if type(child) not in (TextBox, InlineBox) or not _is_still(child.style):
            return None
        child.position_y, first = box.position_y, number == 0 if at_start is None else at_start
        inline.resolve_percentages(child, around)
        if type(child) is TextBox:
            child.position_x = place
            made, following, _broken = inline.split_text_box(context, child, ends - place, 0, is_line_start=first)
        else:
            made, following = _all(context, child, place, ends, around, first) if _is_tight(child) else None, None
        if made is None or following is not None:
            return None
        place = made.position_x + made.margin_width()
        if place > ends:
            return None
        shown.append(made)
    if not shown:
        return None
    new = box.copy_with_children(shown)
    new.position_x = begins if at_start is not None else box.position_x
    _measure(new)
    return new


def _measure(box: Any) -> None:
    """Make a line, or a part of one, as wide as what is in it and as high as its style wants it."""
    from weasyprint.layout import inline  # noqa: PLC0415

    last = box.children[-1]
    box.width = last.position_x + last.margin_width() - box.content_box_x()
    inline._adjust_line_height(box)


def _stand(line: Any, position_y: float, aside: float) -> None:
    """Put a line where it belongs, as high as everything in it wants it."""
    top = 0 - line.baseline
    bottom = top + line.margin_height()
    for box in _inside(line):
        box.position_y = highest = 0 - box.baseline
        top, bottom = min(top, highest), max(bottom, highest + box.margin_height())
    line.baseline, line.height, line.position_y = -top, bottom - top, top
    line.margin_top = line.margin_bottom = 0
    line.translate(aside, position_y - top)
    line.position_y = position_y  # exactly


def _inside(box: Any) -> Iterator[Any]:
    for child in box.children:
        yield child
        yield from _inside(child)
