"""The part of `less_work` that has to do with the letters of drawings, which are set one by one.

A letter of one family, weight and size is shaped and written once for a document; then only its place is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from math import inf
from types import ModuleType
from typing import Any

PLACED = frozenset(
    (
        *("dx", "dy", "rotate", "letter-spacing", "textLength", "display-anchor", "alignment-baseline"),
        *("direction", "font-style", "font"),
    )
)
MIDDLE = ("central", "middle")
WEIGHTS = {None: 400, "normal": 400, "400": 400, "bold": 700, "700": 700}
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
ABOVE, BELOW = 0.8, 0.2  # of the size of a letter, as the renderer has it
AT_REST = [0, 0]


class _Letter:
    """A letter in a style: its layout, its size, and, once it has been drawn, what shows it."""

    def __init__(self, layout: Any, width: float, height: float, baseline: float) -> None:
        self.layout, self.width, self.height, self.baseline = layout, width, height, baseline
        self.font: tuple[Any, float] | None = None
        self.shown: bytes | None = None

    def draw(self, stream: Any, style: Any, x: float, y: float) -> Any:
        """Draw the letter at a place; return the pictures that a font has instead of it."""
        if self.shown is None:
            return self._draw_first(stream, style, x, y)
        if self.font is not None:
            stream.set_text_matrix(1, 0, 0, -1, x, y)
            stream.set_font_size(*self.font)
            stream.stream.append(self.shown)
        return ()

    def _draw_first(self, stream: Any, style: Any, x: float, y: float) -> Any:
        from weasyprint.matrix import Matrix  # noqa: PLC0415  # as in `less_work`
        from weasyprint.svg.text import TextBox  # noqa: PLC0415

        before = len(stream.stream)
        self.layout.reactivate(style)
        box = TextBox(self.layout, style)
        box.baseline = self.baseline
        pictures = of_texts().draw_first_line(stream, box, "none", "none", Matrix(d=-1, e=x, f=y))
        written = stream.stream[before:]
        if not written:  # a space
            self.shown = b""
        elif not pictures and _is_placed_and_shown(written):
            self.font, self.shown = stream._current_font, written[-1]
        return pictures


def _is_placed_and_shown(written: list[Any]) -> bool:
    """Tell whether a letter was put in its place and shown, with or without another font before it."""
    ends = [one[-3:] for one in written]
    return ends in ([b" Tm", b" TJ"], [b" Tm", b" Tf", b" TJ"])


class _Letters(dict[str, _Letter]):
    """The letters of a style, each laid out when it is first asked for."""

    def __init__(self, style: Any, context: Any) -> None:
        super().__init__()
        self.style, self.context = style, context

    def __missing__(self, letter: str) -> _Letter:
        from weasyprint.text import line_break  # noqa: PLC0415  # as in `less_work`

        layout, _, _, width, height, baseline = line_break.split_first_line(letter, self.style, self.context, inf, 0)
        self[letter] = _Letter(layout, width, height, baseline)
        return self[letter]


def leave_out() -> None:
    """Arrange it for this process."""
    from weasyprint import svg as of_renderer  # noqa: PLC0415  # as in `less_work`

    former = of_renderer.text

    def text(svg: Any, node: Any, font_size: float) -> None:
        if _is_plain(svg, node):
            _draw(svg, node, font_size)
        else:
            former(svg, node, font_size)

    of_renderer.text = text
    of_renderer.TAGS.update((tag, text) for tag, draw in of_renderer.TAGS.items() if draw is former)


def _is_plain(svg: Any, node: Any) -> bool:
    """Tell whether these are words of one style at one place."""
    attributes = node.attrib
    return bool(
        node.tag == "text"
        and node.text
        and svg.context is not None
        and not len(node._etree_node)
        and PLACED.isdisjoint(attributes)
        and attributes.get("font-weight") in WEIGHTS
        and attributes.get("dominant-baseline") in (None, *MIDDLE)
        and all(NUMBER.fullmatch(attributes.get(axis, "0")) for axis in "xy")
        and svg.cursor_d_position == AT_REST
    )


def _draw(svg: Any, node: Any, font_size: float) -> None:
    style, letters = _letters(svg, node, font_size)
    placed = list(_placed(svg, node, font_size, [letters[letter] for letter in node.text]))
    stream = svg.stream
    stream.push_state()
    fill, stroke = svg.set_graphical_state(node, font_size)
    stream.begin_text()
    pictures = []
    for letter, x, y, line in placed:
        svg.fill_stroke(fill, stroke, text=True)
        pictures.append((x, line, letter.draw(stream, style, x, y)))
    stream.end_text()
    stream.pop_state()
    for x, line, drawn in pictures:
        of_texts().draw_emojis(stream, style, x, line, drawn)


def _placed(
    svg: Any, node: Any, font_size: float, letters: list[_Letter]
) -> Iterator[tuple[_Letter, float, float, float]]:
    """Yield each letter with its place and the height of its line, and extend the box around the words to it."""
    from weasyprint.svg.bounding_box import extend_bounding_box  # noqa: PLC0415  # as in `less_work`

    attributes = node.attrib
    x = float(attributes["x"]) if "x" in attributes else svg.cursor_position[0]
    y = float(attributes["y"]) if "y" in attributes else svg.cursor_position[1]
    shift: float = 0
    if attributes.get("dominant-baseline") in MIDDLE:
        above, below = font_size * ABOVE, font_size * BELOW
        shift = (above + below) / 2 - below
    for letter in letters:
        top = y + shift - letter.baseline
        corners = (x, top), (x + letter.width, top + letter.height)
        node.text_bounding_box = extend_bounding_box(node.text_bounding_box, corners)
        yield letter, x, y + shift, y
        x += letter.width
    svg.cursor_position = x, y


def _letters(svg: Any, node: Any, font_size: float) -> tuple[Any, _Letters]:
    """Return the style of some words and what is known of its letters in this document."""
    families = tuple([one.strip("\"'") for one in node.get("font-family", "sans-serif").split(",")])
    weight = WEIGHTS[node.get("font-weight")]
    known = vars(svg.context).setdefault("letters", {})
    key = (families, weight, font_size)
    if key not in known:
        style = _style(svg.font_config, families, weight, font_size)
        known[key] = style, _Letters(style, svg.context)
    return known[key]  # type: ignore[no-any-return]  # as in `less_work`


def _style(fonts: Any, families: tuple[str, ...], weight: int, font_size: float) -> Any:
    from weasyprint.css.properties import INITIAL_VALUES  # noqa: PLC0415  # as in `less_work`
    from weasyprint.svg.text import Style  # noqa: PLC0415

    style = Style()
    style.update(INITIAL_VALUES)
    style.font_config = fonts
    style.update(font_family=[*families], font_style="normal", font_weight=weight, font_size=font_size)
    return style


@cache
def of_texts() -> ModuleType:
    """Return the module of the renderer that draws lines."""
    from weasyprint.draw import text  # noqa: PLC0415  # as in `less_work`

    return text  # type: ignore[no-any-return]
