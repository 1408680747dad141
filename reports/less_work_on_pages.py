"""The part of `less_work` that has to do with laid-out pages: what lies over what, what has a mark, what is drawn.

Each box was copied, and asked a dozen times for what hardly any has: a depth, an outline, a picture as border, a place
in the table of contents. What a style asks for holds for all its boxes, and is found out once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reports.less_work_on_text import put_in_place

MATRIX, LINK = 4, 6  # what is handed down: a turn of the page, a link around
TOP, RIGHT, BOTTOM, LEFT = (f"border_{side}_width" for side in ("top", "right", "bottom", "left"))


def leave_out() -> None:
    """Arrange it for this process."""
    _pile_what_may_lie_over_others()
    _gather_marks_where_there_are_any()
    _draw_outlines_where_there_are_any()
    _draw_frames_where_there_are_any()
    _draw_lines_of_text_first()


def _once(name: str) -> Callable[[Callable[[Any], bool]], Callable[[Any], bool]]:
    """Let a question be answered once for a style, which keeps the answer under `name`."""

    def kept(tell: Callable[[Any], bool]) -> Callable[[Any], bool]:
        def told(style: Any) -> bool:
            known = style.__dict__.get(name)
            if known is None:
                known = style.__dict__[name] = tell(style)
            return known  # type: ignore[no-any-return]  # as above

        return told

    return kept


def _set(style: Any, name: str) -> Any:
    """Return what somebody has set for a property that does not come from the parent; None where nobody has.

    To ask the style itself would have it work out and keep what is nearly always the same.
    """
    return style[name] if name in style or name in getattr(style, "cascaded", ()) else None


# --- depth ------------------------------------------------------------------------------------------------------------


def _pile_what_may_lie_over_others() -> None:
    """Leave a box where it is, and uncopied, unless it or something in it may lie over others."""
    from weasyprint import stacking  # noqa: PLC0415  # as in `less_work`
    from weasyprint.formatting_structure import boxes  # noqa: PLC0415

    former = stacking._dispatch
    blocks_kinds = frozenset((boxes.BlockBox, boxes.TableBox))
    inside = frozenset((boxes.LineBox, boxes.InlineBox, boxes.TableRowBox, boxes.TableRowGroupBox))

    def dispatch(box: Any, page: Any, contexts: Any, blocks: Any, floats: Any, cells: Any) -> Any:
        kind = type(box)
        if not _stays(box.style):
            return former(box, page, contexts, blocks, floats, cells)
        if kind in inside:
            return with_children(box, page, contexts, blocks, floats, cells)
        if kind in blocks_kinds:
            place, within = len(blocks), {}  # type: ignore[var-annotated]
            box = with_children(box, page, contexts, blocks, floats, within)
            blocks.insert(place, box)
            cells[box] = within
            return box
        return former(box, page, contexts, blocks, floats, cells)

    def with_children(box: Any, *given: Any) -> Any:
        children = [
            child if type(child) is boxes.TextBox and _stays(child.style) else dispatch(child, *given)
            for child in box.children
        ]
        if children == list(box.children):
            return box
        return box.copy_with_children([child for child in children if child is not None])

    put_in_place(former, dispatch)


@_once("stays")
def _stays(style: Any) -> bool:
    return bool(
        _has_no_outline(style)  # it is drawn over what follows
        and style["position"] == "static"
        and style["float"] == "none"
        and _set(style, "opacity") in (None, 1)
        and not _set(style, "transform")
        and _set(style, "overflow") in (None, "visible")
        and _set(style, "z_index") in (None, "auto")
    )


# --- marks ------------------------------------------------------------------------------------------------------------


def _gather_marks_where_there_are_any() -> None:
    """Do not ask a box for its place on the page that nothing points to and that points to nothing."""
    from weasyprint import anchors as of_renderer  # noqa: PLC0415  # as in `less_work`

    former = of_renderer.gather_anchors

    def gather(box: Any, *given: Any) -> None:
        if len(given) > LINK and (given[MATRIX] or given[LINK]):
            former(box, *given)
            return
        waiting = [box]
        while waiting:
            one = waiting.pop()
            if one.link or not _is_unmarked(one.style) or one.is_form():
                former(one, *given)
            elif one.children:
                waiting += [*one.all_children()][::-1]

    put_in_place(former, gather)


@_once("unmarked")
def _is_unmarked(style: Any) -> bool:
    return (
        not _set(style, "transform")
        and _set(style, "bookmark_level") in (None, "none")
        and not _set(style, "anchor")
        and _set(style, "appearance") != "auto"
    )


# --- outlines and frames ----------------------------------------------------------------------------------------------


def _draw_outlines_where_there_are_any() -> None:
    """Look for outlines only where a style that has one has been seen."""
    from weasyprint.draw import border  # noqa: PLC0415  # as in `less_work`

    former = border.draw_outline

    def draw_outline(stream: Any, box: Any) -> None:
        if _OUTLINED or not _has_no_outline(box.style):
            former(stream, box)

    put_in_place(former, draw_outline)


_OUTLINED: list[str] = []  # what outlines of this process look like; a report has none


@_once("no_outline")
def _has_no_outline(style: Any) -> bool:
    plain = _set(style, "outline_style") in (None, "none") or style["outline_width"] == 0
    if not plain:
        _OUTLINED.append(style["outline_style"])
    return bool(plain)


def _draw_frames_where_there_are_any() -> None:
    """Do not ask a style what its border looks like for a box that has none."""
    from weasyprint.draw import border  # noqa: PLC0415  # as in `less_work`

    draw, mask = border.draw_border, border.set_mask_border

    def draw_border(stream: Any, box: Any) -> None:
        if not _is_frameless(box):
            draw(stream, box)

    def set_mask_border(stream: Any, box: Any) -> None:
        if getattr(box, "mask_border_image", None) is not None:
            mask(stream, box)

    put_in_place(draw, draw_border)
    put_in_place(mask, set_mask_border)


def _is_frameless(box: Any) -> bool:
    """Tell whether a box surely has no border, no rules between columns and no picture around it."""
    sides = vars(box)
    return not (
        sides.get(TOP, 1) or sides.get(RIGHT, 1) or sides.get(BOTTOM, 1) or sides.get(LEFT, 1)
    ) and _has_no_picture(box.style)


@_once("no_picture")
def _has_no_picture(style: Any) -> bool:
    pictures = (_set(style, "border_image_source"), _set(style, "mask_border_source"))
    columns = (_set(style, "column_width"), _set(style, "column_count"))
    return all(one is None or one[0] == "none" for one in pictures) and all(one in (None, "auto") for one in columns)


# --- lines ------------------------------------------------------------------------------------------------------------


def _draw_lines_of_text_first() -> None:
    """Draw lines of text, which have neither background nor border, without asking for these."""
    from weasyprint import draw  # noqa: PLC0415  # as in `less_work`
    from weasyprint.formatting_structure import boxes  # noqa: PLC0415

    former, lines = draw.draw_inline_level, frozenset((boxes.LineBox, boxes.InlineBox))

    def draw_inline_level(
        stream: Any, page: Any, box: Any, offset: float = 0, overflow: str = "clip", ellipsis: Any = "none"
    ) -> None:
        if type(box) not in lines or box.background is not None or not _is_frameless(box):
            former(stream, page, box, offset, overflow, ellipsis)
            return
        if type(box) is boxes.LineBox:
            overflow, ellipsis = box.text_overflow, box.block_ellipsis
        last = len(box.children) - 1
        for place, child in enumerate(box.children):
            at_end = ellipsis if place == last else "none"
            if type(child) is boxes.TextBox:
                with stream.marked(child, "Span"):
                    draw.draw_text(stream, child, offset + child.position_x - box.position_x, overflow, at_end)
            else:
                shift = child.position_x - box.position_x if hasattr(child, "position_x") else 0
                draw_inline_level(stream, page, child, offset + shift, overflow, at_end)

    put_in_place(former, draw_inline_level)
    _go_through_blocks_plainly(draw_inline_level)


def _go_through_blocks_plainly(draw_line: Callable[..., None]) -> None:
    """Go only into blocks that have others inside."""
    from weasyprint import draw  # noqa: PLC0415  # as in `less_work`
    from weasyprint.formatting_structure.boxes import LineBox, ReplacedBox  # noqa: PLC0415

    former = draw.draw_block_level

    def draw_block_level(page: Any, stream: Any, within: dict[Any, Any]) -> None:
        for block, cells in within.items():
            if isinstance(block, ReplacedBox):
                former(page, stream, {block: cells})
                continue
            if block.children and isinstance(block.children[-1], LineBox):
                for child in block.children:
                    draw_line(stream, page, child)
            if cells:
                draw_block_level(page, stream, cells)

    put_in_place(former, draw_block_level)
