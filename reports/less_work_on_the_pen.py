"""The part of `less_work` that has to do with the pen: its colours, its place, and which part of a page it draws."""

from __future__ import annotations

from typing import Any

from reports.less_work_on_text import put_in_place

UPRIGHT: tuple[float, ...] = (1, 0, 0, -1)  # text that is neither turned nor stretched


def leave_out() -> None:
    """Arrange it for this process, after `less_work_on_writing`, whose numbers it writes."""
    _place_text_plainly()
    _open_and_close_plainly()
    _tell_colours_by_kind()
    _write_colours_once()


def _place_text_plainly() -> None:
    """Put a line of text in its place without asking six numbers what kind they are."""
    from pydyf import Stream, _to_bytes  # type: ignore[import-untyped]  # noqa: PLC0415  # as in `less_work`

    turn = Stream.set_text_matrix

    def set_text_matrix(stream: Any, a: float, b: float, c: float, d: float, e: float, f: float) -> None:
        turned = (a, b, c, d)
        if turned != UPRIGHT:
            turn(stream, *turned, e, f)
        else:
            stream.stream.append(b"1 0 0 -1 %b %b Tm" % (_to_bytes(e), _to_bytes(f)))

    Stream.set_text_matrix = set_text_matrix


class _Stacked:
    """A change of the pen that ends with a block of code."""

    __slots__ = ("stream",)

    def __init__(self, stream: Any) -> None:
        self.stream = stream

    def __enter__(self) -> None:
        self.stream.push_state()

    def __exit__(self, *_fault: object) -> None:
        self.stream.pop_state()


class _Artifact(_Stacked):
    """A part of a page that is not read aloud."""

    __slots__ = ()

    def __enter__(self) -> None:
        if self.stream._tags is not None:
            self.stream.stream.append(b"/Artifact\nBMC")

    def __exit__(self, *_fault: object) -> None:
        if self.stream._tags is not None:
            self.stream.stream.append(b"EMC")


class _Marked(_Artifact):
    """A part of a page that has a tag."""

    __slots__ = ("box", "tag")

    def __init__(self, stream: Any, box: Any, tag: str) -> None:
        self.stream, self.box, self.tag = stream, box, tag

    def __enter__(self) -> None:
        tags = self.stream._tags
        if tags is not None:
            number = len(tags)
            assert self.box not in tags
            tags[self.box] = {"tag": self.tag, "mcid": number}
            self.stream.stream.append(b"/%b\n<</MCID %d>>\nBDC" % (self.tag.encode(), number))


def _open_and_close_plainly() -> None:
    """Open and close a part of a page without a generator."""
    from weasyprint.pdf.stream import Stream  # noqa: PLC0415  # as above

    Stream.stacked = lambda stream: _Stacked(stream)  # noqa: PLW0108  # a class does not bind to the stream
    Stream.artifact = lambda stream: _Artifact(stream)  # noqa: PLW0108
    Stream.marked = lambda stream, box, tag: _Marked(stream, box, tag)  # noqa: PLW0108


def _tell_colours_by_kind() -> None:
    """Tell a colour from the word for that of the text by its kind, not by comparing it."""
    from weasyprint.draw import color  # noqa: PLC0415  # as above

    def get_color(style: Any, key: str) -> Any:
        value = style[key]
        return style["color"] if type(value) is str and value == "currentcolor" else value

    put_in_place(color.get_color, get_color)


def _write_colours_once() -> None:
    """Write a colour once for all places where it is used."""
    from weasyprint.pdf.stream import Stream  # noqa: PLC0415  # as above

    former = Stream.set_color

    def set_color(stream: Any, color: Any, stroke: bool = False) -> None:
        if color.space != "srgb":
            former(stream, color, stroke)
            return
        if stroke or stream._current_alpha != "a1.0" or color.alpha != 1:
            stream.set_alpha(color.alpha, stroke)
        place = "_current_color_stroke" if stroke else "_current_color"
        wanted = ("srgb", *color.coordinates)
        pen = vars(stream)
        if pen[place] != wanted:
            pen[place] = wanted
            stream.stream.append(_colour(color, stroke))

    Stream.set_color = set_color


def _colour(color: Any, stroke: bool) -> bytes:
    from pydyf import _to_bytes  # noqa: PLC0415  # as above

    kept = vars(color)
    if "written" not in kept:
        kept["written"] = b" ".join([_to_bytes(part or 0) for part in color.coordinates])
    return kept["written"] + (b" RG" if stroke else b" rg")  # type: ignore[no-any-return]
