"""The part of `less_work` that has to do with boxes: how they are built, laid out and sorted for drawing.

Each question below is asked of every box or line, and answered here at once where the answer is known: where nothing
floats, where no page has a name, where no box is flexible, where nothing in a line stands out of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reports.less_work_on_text import put_in_place


def leave_out() -> None:
    """Arrange it for this process."""
    _put_lines_where_nothing_floats()
    _add_margins_at_once()
    _walk_flat()
    _name_no_pages()
    _build_simple_boxes()
    _know_contexts()
    _copy_quickly()
    _draw_lines_as_they_are()
    _draw_no_outlines()
    _gather_quickly()


def _put_lines_where_nothing_floats() -> None:
    """Give a line the whole width of its block where no box floats beside it."""
    from weasyprint.layout import float as floats  # noqa: PLC0415

    avoid = floats.avoid_collisions

    def avoid_collisions(context: Any, box: Any, block: Any, outer: bool = True) -> Any:
        if context.excluded_shapes or block.style["direction"] == "rtl" or box.style["float"] != "none":
            return avoid(context, box, block, outer)
        left = block.content_box_x()
        right = left + block.width
        if outer:
            return left, box.position_y, right - left
        left, right = left + box.margin_left, right - box.margin_right
        return left - box.margin_left, box.border_box_y() - box.margin_top, right - left

    put_in_place(avoid, avoid_collisions)


def _add_margins_at_once() -> None:
    """Find the highest and the lowest margin in one pass."""
    from weasyprint.layout import block  # noqa: PLC0415

    def collapse_margin(margins: list[float]) -> float:
        highest = lowest = 0.0
        for one in margins:
            if one > highest:
                highest = one
            elif one < lowest:
                lowest = one
        return highest + lowest

    put_in_place(block.collapse_margin, collapse_margin)


def _walk_flat() -> None:
    """Go through the boxes of a page with one generator, not with one for each box."""
    from weasyprint.formatting_structure.boxes import Box  # noqa: PLC0415

    def descendants(root: Any, placeholders: bool = False) -> Iterator[Any]:
        yield root
        waiting = [iter(root.children)]
        while waiting:
            for child in waiting[-1]:
                if not isinstance(child, Box):
                    if not placeholders:
                        yield child
                        continue
                    child = child._box  # noqa: PLW2901 - what it stands for
                yield child
                if child.children:
                    waiting.append(iter(child.children))
                    break
            else:
                waiting.pop()

    Box.descendants = descendants


def _name_no_pages() -> None:
    """Do not look for the names of pages in the first and last boxes of every box of a document that has none."""
    from weasyprint.formatting_structure.boxes import ParentBox  # noqa: PLC0415

    look = ParentBox.page_values

    def page_values(box: Any) -> Any:
        return ("", "") if box.style.cache.get("unnamed") else look(box)

    ParentBox.page_values = page_values


def _build_simple_boxes() -> None:
    """Leave out what is done for flexible boxes and for parts of tables where there are none."""
    from weasyprint.formatting_structure import boxes, build  # noqa: PLC0415

    create, add = build.create_anonymous_boxes, build.table_boxes_children
    of_tables = (
        boxes.TableBox,
        boxes.TableRowGroupBox,
        boxes.TableRowBox,
        boxes.TableColumnBox,
        boxes.TableColumnGroupBox,
    )

    def create_anonymous_boxes(box: Any) -> Any:
        if not box.style.cache.get("inflexible"):
            return create(box)
        return build.block_in_inline(build.inline_in_block(build.anonymous_table_boxes(box)))

    def table_boxes_children(box: Any, children: list[Any]) -> Any:
        parted = isinstance(box, of_tables) or any(
            child.proper_table_child or child.internal_table_or_caption or isinstance(child, boxes.TableCellBox)
            for child in children
        )
        if parted:
            return add(box, children)
        box.children = list(children)
        return box

    put_in_place(create, create_anonymous_boxes)
    put_in_place(add, table_boxes_children)


def _know_contexts() -> None:
    """Know of a cell, or of a plain block, whether others can float into it."""
    from weasyprint.formatting_structure.boxes import BlockBox, Box, TableCellBox  # noqa: PLC0415

    ask = Box.establishes_formatting_context

    def establishes_formatting_context(box: Any) -> bool:
        kind = type(box)
        if kind is TableCellBox:
            return True
        if kind is BlockBox and _is_still(box.style) and "flow-root" not in box.style["display"]:
            return bool(box.is_column)
        return bool(ask(box))

    Box.establishes_formatting_context = establishes_formatting_context


def _copy_quickly() -> None:
    """Copy all that is known of a box as one dictionary: it takes a quarter of the time."""
    from weasyprint.formatting_structure.boxes import Box  # noqa: PLC0415

    def copy(box: Any) -> Any:
        made = object.__new__(type(box))
        made.__dict__ = vars(box).copy()
        return made

    Box.copy = copy


def _draw_no_outlines() -> None:
    """Do not look for outlines in every box of a document that has none."""
    from weasyprint.draw import border  # noqa: PLC0415

    draw = border.draw_outline

    def draw_outline(stream: Any, box: Any) -> None:
        if not box.style.cache.get("without outlines"):
            draw(stream, box)

    put_in_place(draw, draw_outline)


def _gather_quickly() -> None:
    """Go past boxes that nothing leads to or from: no link, anchor, bookmark or form."""
    from weasyprint import anchors  # noqa: PLC0415
    from weasyprint.formatting_structure.boxes import TextBox  # noqa: PLC0415

    gather = anchors.gather_anchors

    def gather_anchors(box: Any, found: Any, links: Any, bookmarks: Any, forms: Any, *above: Any) -> None:
        matrix, form, link = above or (None, None, None)
        link = box.link or link
        silent = _is_silent(box.style) and box.style["anchor"] is None and box.element_tag != "form"
        if not silent or (link and type(box) is not TextBox):
            gather(box, found, links, bookmarks, forms, *above)
        elif type(box) is not TextBox:
            for child in box.all_children():
                gather_anchors(child, found, links, bookmarks, forms, matrix, form, link)

    put_in_place(gather, gather_anchors)


def _is_silent(style: Any) -> bool:
    kept = vars(style)
    if "silent" not in kept:
        kept["silent"] = not style["transform"] and style["bookmark_level"] == "none" and style["appearance"] != "auto"
    return bool(kept["silent"])


def _draw_lines_as_they_are() -> None:
    """Do not copy a line, to take out what is drawn before or after it, if there is nothing of the kind in it."""
    from weasyprint import stacking  # noqa: PLC0415
    from weasyprint.formatting_structure.boxes import InlineBox, LineBox, TextBox  # noqa: PLC0415

    dispatch = stacking._dispatch_children

    def holds_nothing_else(box: Any) -> bool:
        for child in box.children:
            kind = type(child)
            if (kind is not TextBox and kind is not InlineBox) or not _is_still(child.style):
                return False
            if kind is InlineBox and not holds_nothing_else(child):
                return False
        return True

    def _dispatch_children(box: Any, *given: Any) -> Any:
        if type(box) is LineBox and holds_nothing_else(box):
            return box
        return dispatch(box, *given)

    put_in_place(dispatch, _dispatch_children)


def _is_still(style: Any) -> bool:
    """Tell whether a box of this style stands where it came and is drawn with what is around it."""
    kept = vars(style)
    if "still" not in kept:
        kept["still"] = (
            style["position"] == "static"
            and style["float"] == "none"
            and style["opacity"] == 1
            and not style["transform"]
            and style["overflow"] == "visible"
            and style["z_index"] == "auto"
        )
    return bool(kept["still"])
