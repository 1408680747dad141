"""The part of `less_work` that has to do with writing lines of text into a page, glyph by glyph.

The renderer asks Pango for every glyph of every line and puts its number into words. A report has some hundred glyphs
that come again and again in the same width: here the words of each are kept with its font.
"""

from __future__ import annotations

from struct import Struct
from typing import Any, NamedTuple

from reports.less_work_on_text import put_in_place

# Of Pango, as `weasyprint.text.ffi` declares them: glyph, width, offsets right and up; bits that are not all set.
GLYPH, CLUSTER = Struct("=Iiii4x"), Struct("=i")
EMPTY, UNKNOWN = 0x0FFFFFFF, 0x10000000
MEASURES = 3  # that a text is drawn with: how far it is moved, and what is to be done where it is too long
SIZES_ARE_RIGHT = 14802  # before this version of Pango fonts did not tell their size
Info = tuple[int, int, int, int]


class Font(NamedTuple):
    """A font of Pango's, which the layout that it was first met in keeps alive."""

    font: Any
    layout: Any
    name: int  # that a document knows it by
    size: float


class Run(NamedTuple):
    """Glyphs of one font that stand together in a line, free of Pango."""

    place: int  # of the font
    glyphs: bytes
    clusters: bytes  # where in the run's text each glyph begins
    start: int  # of the run's text in the line, in bytes
    length: int
    backward: bool


class Written(NamedTuple):
    """What a line has in one font, in the words of a PDF."""

    font: str
    size: float
    words: str


_FONTS: dict[int, Font] = {}


def leave_out() -> None:
    """Arrange it for this process."""
    from weasyprint.draw import text  # noqa: PLC0415
    from weasyprint.text.ffi import pango  # noqa: PLC0415

    draw, sizes_are_right = text.draw_first_line, pango.pango_version() >= SIZES_ARE_RIGHT

    def draw_first_line(stream: Any, textbox: Any, text_overflow: str, block_ellipsis: Any, matrix: Any) -> Any:
        layout, style = textbox.pango_layout, textbox.style
        plain = sizes_are_right and text_overflow != "ellipsis" and block_ellipsis == "none" and style["font_size"] >= 1
        if plain and not textbox.text.strip():
            return []
        written = _of_layout(stream, layout) if plain else None
        if written is None:
            textbox.pango_layout = _as_pango(layout, style)
            return draw(stream, textbox, text_overflow, block_ellipsis, matrix)
        stream.set_text_matrix(*matrix.values)
        for font, size, words in written:
            stream.set_font_size(font, size)
            stream.show_text(words)
        return []

    put_in_place(draw, draw_first_line)
    _decorate_nothing()


def _decorate_nothing() -> None:
    """Do not look for lines above, below and through a text whose line is kept: it has none."""
    from weasyprint.draw import text  # noqa: PLC0415
    from weasyprint.matrix import Matrix  # noqa: PLC0415

    draw = text.draw_text

    def draw_text(stream: Any, textbox: Any, *others: Any) -> None:
        style = textbox.style
        if not hasattr(textbox.pango_layout, "kept") or style["visibility"] != "visible" or len(others) != MEASURES:
            draw(stream, textbox, *others)
            return
        _offset_x, *overflow = others
        x, y = textbox.position_x, textbox.position_y + textbox.baseline
        stream.set_color(style["color"])
        stream.begin_text()
        emojis = text.draw_first_line(stream, textbox, *overflow, Matrix(d=-1, e=x, f=y))
        stream.end_text()
        text.draw_emojis(stream, style, x, y, emojis)
        textbox.pango_layout.deactivate()

    put_in_place(draw, draw_text)


def _as_pango(layout: Any, style: Any) -> Any:
    """Return the line as the renderer has it, which can be shaped anew."""
    from weasyprint.text.line_break import Layout  # noqa: PLC0415

    if isinstance(layout, Layout):
        return layout
    new = Layout(style, 0, layout.max_width)
    new.set_text(layout.text)
    return new


# --- from Pango -------------------------------------------------------------------------------------------------------


def runs_of(layout: Any) -> tuple[Run, ...]:
    """Read the first line of a layout of Pango's."""
    from weasyprint.text.ffi import ffi, pango  # noqa: PLC0415

    line, found = pango.pango_layout_get_line_readonly(layout.layout, 0), []
    run = line.runs
    while run != ffi.NULL:
        item, glyphs = run.data.item, run.data.glyphs
        analysis, count = item.analysis, glyphs.num_glyphs
        place = hash(analysis.font)  # made from its address, one to one
        if place not in _FONTS:
            _FONTS[place] = _font(analysis.font, layout.layout)
        infos = ffi.buffer(glyphs.glyphs, count * GLYPH.size)[:]
        clusters = ffi.buffer(glyphs.log_clusters, count * CLUSTER.size)[:]
        found.append(Run(place, infos, clusters, item.offset, item.length, analysis.level % 2 == 1))
        run = run.next
    return tuple(found)


def _font(font: Any, layout: Any) -> Font:
    from weasyprint.text.fonts import get_pango_font_key  # noqa: PLC0415

    name, _description, size = get_pango_font_key(font)
    return Font(font, layout, name, size)


# --- into the PDF -----------------------------------------------------------------------------------------------------


def _of_layout(stream: Any, layout: Any) -> list[Written] | None:
    """Return what is to be written for a line; None where the renderer has to do it."""
    from weasyprint.text.ffi import pango  # noqa: PLC0415

    kept = getattr(layout, "kept", None)
    if kept is None:
        pango.pango_layout_set_single_paragraph_mode(layout.layout, True)
        return _written(stream, runs_of(layout), layout.text)
    if kept.written is None or kept.written[0] is not stream._fonts:
        kept.written = stream._fonts, _written(stream, kept.runs, kept.text)
    return kept.written[1]  # type: ignore[no-any-return]


def _written(stream: Any, runs: tuple[Run, ...], text: str) -> list[Written] | None:
    written: list[Written] = []
    place, words = 0, ""
    for run in runs:
        if run.place != place:
            place, kept = run.place, _FONTS[run.place]
            font = stream._fonts.get(kept.name) or stream.add_font(kept.font)[0]
            if font.bitmap or font.svg or font.png or font.colr:
                return None
            words = ""
            written.append(Written(font.hash, kept.size, words))
        said = _words(stream, font, kept, run, text)
        if said is None:
            return None
        words += f"<{said}"
        words = words[:-1] if words[-1] == "<" else f"{words}>"
        written[-1] = Written(font.hash, kept.size, words)
    return written if all(part.words for part in written) else None


def _words(stream: Any, font: Any, kept: Font, run: Run, text: str) -> str | None:
    known = vars(font).setdefault("words_of_glyphs", {}).setdefault(kept.size, {})
    infos = [*GLYPH.iter_unpack(run.glyphs)]
    try:
        return "".join([known[info] for info in infos])
    except KeyError:
        for number, info in enumerate(infos):
            if info not in known:
                glyph, _wide, _aside, up = info
                if glyph != EMPTY and (up or glyph & UNKNOWN):
                    return None
                if glyph != EMPTY and glyph not in font.to_unicode:
                    font.to_unicode[glyph] = _stands_for(run, number, text)
                known[info] = _one(stream, font, kept, info)
        return "".join([known[info] for info in infos])


def _stands_for(run: Run, number: int, text: str) -> str:
    """Return the letters that one glyph of a run shows."""
    follows = number + (-1 if run.backward else 1)
    (begins,) = CLUSTER.unpack_from(run.clusters, number * CLUSTER.size)
    ends = run.length
    if 0 <= follows * CLUSTER.size < len(run.clusters):
        (ends,) = CLUSTER.unpack_from(run.clusters, follows * CLUSTER.size)
    return text.encode()[run.start + begins : run.start + ends].decode()


def _one(stream: Any, font: Any, kept: Font, info: Info) -> str:
    """Return the words of one glyph, and how much further or less far than the font says the next one stands."""
    from weasyprint.text.ffi import FROM_UNITS, pango  # noqa: PLC0415

    glyph, wide, aside, _up = info
    if glyph == EMPTY:
        return f">{-wide / kept.size}<"
    if glyph not in font.widths:
        pango.pango_font_get_glyph_extents(kept.font, glyph, stream.ink_rect, stream.logical_rect)
        font.widths[glyph] = round(stream.logical_rect.width * 1000 * FROM_UNITS / kept.size)
    offset = aside / kept.size
    kerning = font.widths[glyph] + offset - wide * 1000 * FROM_UNITS / kept.size
    return (f">{-offset}<" if offset else "") + f"{glyph:04x}" + (f">{int(kerning)}<" if kerning else "")
