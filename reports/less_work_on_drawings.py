"""The part of `less_work` that has to do with drawings: how a part of one looks, its lines, and its letters.

Nothing of a shape that is neither moved, cut, faded nor filtered has to be looked for. What the renderer works out for
a look, and for a letter in a size, it works out once for all parts that have them.
"""

from __future__ import annotations

import re
from contextlib import suppress
from functools import cache, lru_cache
from typing import Any

from reports import less_work_on_letters
from reports.less_work_on_text import put_in_place

SHAPES = frozenset(("path", "rect", "line", "circle", "ellipse", "polyline", "polygon"))
SPECIAL = frozenset(
    ("filter", "transform", "opacity", "clip-path", "mask", "marker", "marker-start", "marker-mid", "marker-end")
)
LOOK = (
    *("fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray", "stroke-dashoffset"),
    *("stroke-linecap", "stroke-linejoin", "stroke-miterlimit"),
)
TEXTS = frozenset(("text", "textPath", "a"))
WORDS = frozenset(("currentColor", "inherit"))
LENGTHS, LENGTHS_END = 4, 7  # of a look
ABSOLUTE = frozenset("0123456789., ")
LOOKS_KEPT = VALUES_KEPT = 256
STRAIGHT = re.compile(r"(?:[Mm][-\d., ]+(?:[LlHhVv][-\d., ]+)*[Zz]? *)+")
PART = re.compile(r"([MmLlHhVvZz])([^MmLlHhVvZz]*)")
NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")

Point = tuple[float, float]


def leave_out() -> None:
    """Arrange it for this process."""
    _read_values_once()
    _set_a_look_once()
    _inherit_plainly()
    _turn_plainly()
    _draw_plain_shapes_plainly()
    _draw_straight_lines_plainly()
    less_work_on_letters.leave_out()


def _read_values_once() -> None:
    """Read a number as a number before looking for its unit, other values once, and no address where there is none."""
    from weasyprint.svg import utils  # noqa: PLC0415  # as in `less_work`

    size, colour, parse_url = utils.size, utils.color, utils.parse_url
    kept_size, kept_colour = (lru_cache(VALUES_KEPT)(former) for former in (size, colour))
    nowhere = parse_url(None)

    def read_size(string: Any, font_size: Any = None, percentage_reference: Any = None) -> Any:
        if not string:
            return 0
        try:
            return float(string)
        except ValueError:
            return kept_size(string, font_size, percentage_reference)

    def read_colour(string: Any) -> Any:
        read = kept_colour(string)
        return type(read)(read.space, read.coordinates, read.alpha)  # it is faded in place

    put_in_place(size, read_size)
    put_in_place(colour, read_colour)
    put_in_place(parse_url, lambda url: parse_url(url) if url else nowhere)
    put_in_place(utils.normalize, lru_cache(VALUES_KEPT)(utils.normalize))


# --- looks ------------------------------------------------------------------------------------------------------------


@cache
def _asked_kind() -> type[Any]:
    """Return the kind of a stream that keeps what it is asked for, colours as colours."""
    from pydyf import Stream  # type: ignore[import-untyped]  # noqa: PLC0415  # as in `less_work`

    def set_color(stream: Any, color: Any, stroke: bool = False) -> None:
        stream.stream.append((color, stroke))

    return type("Asked", (Stream,), {"set_color": set_color})


def _set_a_look_once() -> None:
    """Ask once how a pen of this look is set."""
    from weasyprint.svg import SVG  # noqa: PLC0415  # as in `less_work`

    former, looks = SVG.set_graphical_state, {}  # type: ignore[var-annotated]

    def set_graphical_state(svg: Any, node: Any, font_size: float, context: Any = None) -> Any:
        look = tuple([node.attrib.get(name) for name in LOOK])
        if look not in looks:
            if len(looks) >= LOOKS_KEPT:
                looks.clear()
            plain = _is_plain(look) and context is None
            looks[look] = _asked(svg, lambda: former(svg, node, font_size)) if plain else None
        kept = None if context is not None else looks[look]
        if kept is None:
            return former(svg, node, font_size, context)
        asked, answer = kept
        for one in asked:
            if type(one) is bytes:
                svg.stream.stream.append(one)
            else:
                svg.stream.set_color(*one)
        return answer

    SVG.set_graphical_state = set_graphical_state


def _is_plain(look: tuple[str | None, ...]) -> bool:
    """Tell whether a look is the same wherever it stands: colours, no gradients, no lengths relative to anything."""
    colours, lengths = f"{look[0]}{look[2]}", "".join(one or "" for one in look[LENGTHS:LENGTHS_END])
    return "(" not in colours and "context" not in colours and not set(lengths.replace("none", "")) - ABSOLUTE


def _asked(svg: Any, ask: Any) -> tuple[list[Any], Any]:
    stream, svg.stream = svg.stream, _asked_kind()()
    try:
        answer = ask()
        return svg.stream.stream, answer
    finally:
        svg.stream = stream


def _inherit_plainly() -> None:
    """Give a part what it has from the one around it without asking for style sheets where there are none."""
    from weasyprint import svg as of_renderer  # noqa: PLC0415  # as in `less_work`

    former, own = of_renderer.Node.cascade, of_renderer.NOT_INHERITED_ATTRIBUTES

    def cascade(node: Any, child: Any) -> None:
        attributes = child.attrib
        words = WORDS.isdisjoint(attributes.values()) and WORDS.isdisjoint(node.attrib.values())
        has_rules = any(matcher.order for matcher in node._style)
        if (
            not words
            or has_rules
            or child.tag in TEXTS
            or "style" in attributes
            or "font" in (node.attrib | attributes)
        ):
            former(node, child)
            return
        for name, value in node.attrib.items():
            if name not in own:
                attributes.setdefault(name, value)

    of_renderer.Node.cascade = cascade


def _turn_plainly() -> None:
    """Multiply matrices without a generator for each of their nine numbers."""
    from weasyprint.matrix import Matrix  # noqa: PLC0415  # as in `less_work`

    def multiply(one: Any, other: Any) -> Any:
        (a, b, c), (d, e, f), (g, h, i) = other
        # Each sum begins with 0, as that of the renderer: it makes 0 of -0.
        rows = [[0 + x * a + y * d + z * g, 0 + x * b + y * e + z * h, 0 + x * c + y * f + z * i] for x, y, z in one]
        return Matrix(matrix=rows)

    Matrix.__matmul__ = multiply


# --- shapes -----------------------------------------------------------------------------------------------------------


def _draw_plain_shapes_plainly() -> None:
    """Draw a shape that is not special without looking for a dozen ways in which it might be."""
    from weasyprint import svg as of_renderer  # noqa: PLC0415  # as in `less_work`

    former, size = of_renderer.SVG.draw_node, of_renderer.size

    def draw_node(svg: Any, node: Any, font_size: float, fill_stroke: bool = True, context: Any = None) -> None:
        tag, attributes = node.tag, node.attrib
        if tag not in SHAPES or not fill_stroke or not SPECIAL.isdisjoint(attributes) or len(node._etree_node):
            former(svg, node, font_size, fill_stroke, context)
            return
        font_size = size(attributes.get("font-size", "1em"), font_size, font_size)
        svg.stream.push_state()
        fill, stroke = svg.set_graphical_state(node, font_size, context=context)
        if node.visible:
            with suppress(of_renderer.PointError):
                of_renderer.TAGS[tag](svg, node, font_size)
        svg.fill_stroke(fill, stroke, attributes.get("fill-rule") == "evenodd")
        node.vertices.clear()  # where markers would stand
        svg.stream.pop_state()

    of_renderer.SVG.draw_node = draw_node


# --- lines ------------------------------------------------------------------------------------------------------------


def _draw_straight_lines_plainly() -> None:
    """Read a path of straight lines in one pass."""
    from weasyprint import svg as of_renderer  # noqa: PLC0415  # as in `less_work`

    former = of_renderer.path

    def path(svg: Any, node: Any, font_size: float) -> None:
        parts = _parts(node.get("d", ""))
        if parts and SPECIAL.isdisjoint(node.attrib):
            _draw(svg.stream, parts)
        else:
            former(svg, node, font_size)

    of_renderer.TAGS["path"] = of_renderer.path = path


def _parts(lines: str) -> list[tuple[str, list[float]]]:
    """Return the letters of a path of straight lines, each with its numbers; nothing for any other path."""
    if not STRAIGHT.fullmatch(lines):
        return []
    parts = [(part[1], [float(one) for one in NUMBER.findall(part[2])]) for part in PART.finditer(lines)]
    whole = all(
        numbers and (letter in "HhVv" or len(numbers) % 2 == 0) for letter, numbers in parts if letter not in "Zz"
    )
    return parts if whole else []


def _draw(stream: Any, parts: list[tuple[str, list[float]]]) -> None:
    stream.move_to(0, 0)
    at: Point = (0, 0)
    start = at
    drawn = False
    for letter, numbers in parts:
        if letter in "Zz":
            if drawn:
                stream.close()
                at = start
            continue
        for place, (across, down) in enumerate(_steps(letter, numbers)):
            at = (
                at[0] if across is None else across + at[0] if letter.islower() else across,
                at[1] if down is None else down + at[1] if letter.islower() else down,
            )
            if letter in "Mm" and place == 0:
                stream.move_to(*at)
                start, drawn = at, False
            else:
                stream.line_to(*at)
                drawn = True


def _steps(letter: str, numbers: list[float]) -> list[tuple[float | None, float | None]]:
    if letter in "Hh":
        return [(one, None) for one in numbers]
    if letter in "Vv":
        return [(None, one) for one in numbers]
    return list(zip(numbers[::2], numbers[1::2], strict=True))
