"""Lines of text that are known before a report comes.

Seven of ten lines of a report are the same for every firm: questions, criteria, the catalogue, the method. A warm
process has a child print the made-up sample (`reports.specimen`) and keeps what that has found out about each line:
letters and numbers only, a few megabytes.
"""

from __future__ import annotations

import marshal
import pickle
from typing import Any

from reports import less_work, pdf
from reports.less_work_on_glyphs import Run, runs_of
from reports.less_work_on_lines import KNOWN, NAMES, How, Kept, Known, Lines, Room, lines_of_document

Place = tuple[int, str, int]  # style, text, number of a run: where a font is met


class _Style(dict[str, Any]):
    """What Pango asks of a style."""

    font_config: Any


def sample(language: bytes) -> bytes:
    """Return the sample in a language, as HTML."""
    from reports.html import to_html  # noqa: PLC0415 - the process that has us learn needs none of these
    from reports.specimen import specimen  # noqa: PLC0415

    return to_html(specimen(language.decode())).encode()


def learn(html: bytes) -> bytes:
    """Print the sample, and say what is to be known of its lines."""
    pdf.render(html.decode())
    return said(lines_of_document(pdf.open_fonts()))


def said(known: dict[tuple[Any, ...], Lines]) -> bytes:
    """Write down what is known of lines; a font has no name, and is told by a line that has it."""
    fonts: dict[int, Place] = {}
    styles = []
    for number, (style, lines) in enumerate(known.items()):
        for kept in (*lines.whole.values(), *lines.of_width.values()):
            for position, run in enumerate(kept.runs):
                fonts.setdefault(run.place, (number, kept.text, position))
        whole = {text: _packed(kept) for text, kept in lines.whole.items()}
        of_width = {room: _packed(kept) for room, kept in lines.of_width.items()}
        styles.append((style, whole, of_width))
    return pickle.dumps((fonts, styles))


def _packed(kept: Kept) -> bytes:
    """Return a line as a tenth of the memory that it takes when it is used."""
    return marshal.dumps((kept.text, kept.direction, kept.found, tuple(tuple(run) for run in kept.runs)))


def know(written: bytes) -> None:
    """Know the lines that a child of this process has written down."""
    if not less_work.leave_out():
        return
    fonts, styles = pickle.loads(written)  # noqa: S301 - of our own child, which was given nothing to read
    places = {there: _font_at(styles[style][0], text, run) for there, (style, text, run) in fonts.items()}
    for style, whole, of_width in styles:
        KNOWN[style] = KnownLines(places, whole, of_width, KNOWN.get(style))


class KnownLines:
    """The lines known in one style, packed."""

    def __init__(
        self, places: dict[int, int], whole: dict[str, bytes], of_width: dict[Room, bytes], before: Known | None
    ) -> None:
        self._places, self._whole, self._of_width, self._before = places, whole, of_width, before

    def find(self, text: str, width: float | None, how: How) -> Kept | None:
        """Return the first line of a text where there is so much room, if it is known."""
        if (packed := self._whole.get(text)) and (kept := self._unpacked(packed)).fits(width):
            return kept
        packed = self._of_width.get((text, width, how))
        if packed is None:
            return self._before.find(text, width, how) if self._before else None
        return self._unpacked(packed)

    def _unpacked(self, packed: bytes) -> Kept:
        text, direction, found, runs = marshal.loads(packed)  # noqa: S302 - packed above
        return Kept(text, direction, found, tuple(Run(self._places[there], *rest) for there, *rest in runs))


def _font_at(style: tuple[Any, ...], text: str, run: int) -> int:
    """Return where Pango has the font of a run of a line."""
    from weasyprint.text.line_break import Layout  # noqa: PLC0415

    asked = _Style(zip(NAMES, style, strict=True))
    asked.font_config = pdf.open_fonts()
    layout = Layout(asked)
    layout.set_text(text)
    return runs_of(layout)[run].place
