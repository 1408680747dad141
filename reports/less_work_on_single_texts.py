"""The part of `less_work` that has to do with lines that hold one text and nothing else, beside no float.

Three of five lines of a report do. The renderer takes each for a tree of boxes that float, are raised, or break
somewhere in the middle, and asks a dozen questions; here the answers are known.
"""

from __future__ import annotations

from typing import Any

from reports.less_work_on_text import put_in_place

SPACES = tuple(f"{kind}_{side}" for kind in ("margin", "padding") for side in ("left", "right", "top"))
WIDER = 1 + 1e-9  # as the renderer makes a line, against the last digit


def leave_out() -> None:
    """Arrange it for this process."""
    from weasyprint.formatting_structure.boxes import TextBox  # noqa: PLC0415
    from weasyprint.layout import inline  # noqa: PLC0415

    lay_out, avoid = inline.get_next_linebox, inline.avoid_collisions

    def get_next_linebox(
        context: Any, linebox: Any, position_y: float, bottom_space: float, skip_stack: Any, around: Any, *others: Any
    ) -> Any:
        children, (*_boxes, first_letter, first_line) = linebox.children, others
        single = len(children) == 1 and type(children[0]) is TextBox and not (first_letter or first_line)
        if single and not context.excluded_shapes and _is_plain(linebox, children[0], around):
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


def _is_plain(linebox: Any, text: Any, around: Any) -> bool:
    """Tell whether nothing moves a line, its text, or what follows it, and there is no space around it."""
    of_line, of_text = vars(linebox.style), vars(text.style)
    if "still" not in of_line:
        of_line["still"] = _is_still(linebox.style)
    if "still" not in of_text:
        of_text["still"] = _is_still(text.style)
    still = of_line["still"] and of_text["still"] and around.style["direction"] == "ltr"
    return still and not any(getattr(linebox, name) for name in SPACES)


def _is_still(style: Any) -> bool:
    return bool(
        style["position"] == "static"
        and style["float"] == "none"
        and style["direction"] == "ltr"
        and style["vertical_align"] == "baseline"
    )


def _line(context: Any, linebox: Any, position_y: float, skip_stack: Any, around: Any) -> Any:
    """Return the next line, and where the one after it begins; None where the renderer has to see to it."""
    from weasyprint.layout import inline  # noqa: PLC0415

    [text] = linebox.children
    if skip_stack is not None or text.text[:1] in ("", " "):
        skip_stack = inline.skip_first_whitespace(linebox, skip_stack)
        if skip_stack == "continue":
            return None, None
    [skip] = skip_stack[0] if skip_stack else [0]
    left = around.content_box_x()
    room = left + around.width - left
    linebox.position_x, linebox.position_y = left, position_y
    inline.resolve_percentages(text, around)
    text.position_x, text.position_y = left + linebox.text_indent, position_y
    shown, following, broken = inline.split_text_box(context, text, (left + room) * WIDER - text.position_x, skip)
    if shown is None:
        return None
    line = linebox.copy_with_children([shown])
    line.remove_decoration(start=skip_stack is not None, end=following is not None)
    line.width = shown.position_x + shown.margin_width() - line.content_box_x()
    inline._adjust_line_height(line)
    linebox.width, linebox.height = line.width, line.height
    if shown.text[-1] == " ":
        inline.remove_last_whitespace(context, line)
    aside = inline.text_align(context, line, room, last=following is None or broken)
    _stand(line, shown, position_y, aside)
    return line, None if following is None else {0: {following: None}}


def _stand(line: Any, shown: Any, position_y: float, aside: float) -> None:
    """Put a line where it belongs, as high as its text and its own style want it."""
    shown.position_y = text_top = 0 - shown.baseline
    line_top = 0 - line.baseline
    top = min(text_top, line_top)
    bottom = max(text_top + shown.margin_height(), line_top + line.margin_height())
    line.baseline, line.height, line.position_y = -top, bottom - top, top
    line.margin_top = line.margin_bottom = 0
    line.translate(aside, position_y - top)
    line.position_y = position_y  # exactly
