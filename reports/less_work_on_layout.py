"""The part of `less_work` that has to do with boxes: how they are built and laid out.

Each question below is asked of every box, and answered here at once where the answer is known: where no page has a
name, where no box is flexible or part of a table, where nothing is moved from its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from types import NoneType, SimpleNamespace
from typing import Any

from reports.less_work_on_text import put_in_place

SINGLE = frozenset((int, str, NoneType))


def leave_out() -> None:
    """Arrange it for this process."""
    _add_margins_at_once()
    _walk_flat()
    _name_no_pages()
    _build_simple_boxes()
    _wrap_tables_alike()
    _know_contexts()
    _move_only_what_moves()
    _copy_quickly()
    _count_quickly()


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
    plain = {
        boxes.TextBox,
        boxes.InlineBox,
        boxes.BlockBox,
        boxes.InlineBlockBox,
        boxes.InlineReplacedBox,
        boxes.BlockReplacedBox,
    }
    holding = plain | {boxes.TableCellBox, boxes.TableCaptionBox, boxes.MarginBox}

    def create_anonymous_boxes(box: Any) -> Any:
        if not box.style.cache.get("inflexible"):
            return create(box)
        return build.block_in_inline(build.inline_in_block(build.anonymous_table_boxes(box)))

    def table_boxes_children(box: Any, children: list[Any]) -> Any:
        if type(box) not in holding or not plain.issuperset(map(type, children)):
            return add(box, children)
        box.children = list(children)
        return box

    put_in_place(create, create_anonymous_boxes)
    put_in_place(add, table_boxes_children)


def _wrap_tables_alike() -> None:
    """Give tables of one style, and the boxes around them, one style too, if nothing leads to them."""
    from weasyprint.formatting_structure import build  # noqa: PLC0415

    wrap = build.wrap_table

    def wrap_table(box: Any, children: Any) -> Any:
        style, wrapper = box.style, wrap(box, children)
        if style["anchor"] is None:
            table = wrapper.get_wrapped_table()
            table.style, wrapper.style = vars(style).setdefault("wrapped", (table.style, wrapper.style))
        return wrapper

    put_in_place(wrap, wrap_table)


def _move_only_what_moves() -> None:
    """Do not ask of each text in a line whether it is moved from its place."""
    from weasyprint.formatting_structure.boxes import InlineBox, LineBox, TextBox  # noqa: PLC0415
    from weasyprint.layout import block  # noqa: PLC0415

    move = block.relative_positioning

    def relative_positioning(box: Any, around: Any) -> None:
        if box.style["position"] == "relative":
            move(box, around)
        elif isinstance(box, (InlineBox, LineBox)):
            for child in box.children:
                if type(child) is not TextBox or child.style["position"] == "relative":
                    relative_positioning(child, around)

    put_in_place(move, relative_positioning)


def _know_contexts() -> None:
    """Know of a cell, or of a plain block, whether others can float into it."""
    from weasyprint.formatting_structure.boxes import BlockBox, Box, TableCellBox  # noqa: PLC0415

    ask = Box.establishes_formatting_context

    def establishes_formatting_context(box: Any) -> bool:
        kind = type(box)
        if kind is TableCellBox:
            return True
        if kind is BlockBox and _holds_no_floats(box.style):
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


def _count_quickly() -> None:
    """Copy the counters of a page without looking for what they do not hold."""
    from weasyprint.layout import page  # noqa: PLC0415

    page.copy = SimpleNamespace(deepcopy=_copy_of)


def _copy_of(value: Any) -> Any:
    kind = type(value)
    if kind is list:
        return [_copy_of(one) for one in value]
    if kind is dict:
        return {name: _copy_of(one) for name, one in value.items()}
    if kind is set:
        return value.copy()  # of names
    return value if kind in SINGLE else deepcopy(value)


def _holds_no_floats(style: Any) -> bool:
    """Tell whether what floats in a block of this style may reach out of it, and what floats beside it into it."""
    kept = vars(style)
    if "no context" not in kept:
        kept["no context"] = (
            style["position"] not in ("absolute", "fixed")
            and style["float"] == "none"
            and style["overflow"] == "visible"
            and "flow-root" not in style["display"]
        )
    return bool(kept["no context"])
