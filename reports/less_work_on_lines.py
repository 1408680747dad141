"""The part of `less_work` that has to do with lines that come again: heads of tables, labels, units, numbers of pages.

A third of the lines of a report say in the same letters what another one says. Where a line ends, how wide and high it
is and which glyphs it has is kept until the next document, and Pango is not asked again.
"""

from __future__ import annotations

from typing import Any, Protocol

from reports.less_work_on_glyphs import Run, Written, runs_of
from reports.less_work_on_text import ENDS, put_in_place

# Everything of a style that a line of text depends on, all inherited but the last, which spreads.
NAMES = (
    *("font_family", "font_size", "font_style", "font_weight", "font_stretch", "lang", "direction", "white_space"),
    *("letter_spacing", "word_spacing", "overflow_wrap", "word_break", "hyphens", "hyphenate_character"),
    *("hyphenate_limit_chars", "hyphenate_limit_zone", "tab_size", "font_kerning", "font_feature_settings"),
    *("font_variant_ligatures", "font_variant_position", "font_variant_caps", "font_variant_numeric"),
    *("font_variant_alternates", "font_variant_east_asian", "font_language_override", "font_variation_settings"),
    "text_decoration_line",
)
ASIDE = frozenset(NAMES)
PLAIN = {
    **dict.fromkeys(("letter_spacing", "font_language_override", "font_variation_settings"), "normal"),
    **dict.fromkeys(("word_spacing",), 0),
}
UNITS = 1024  # of Pango in a pixel
UNLIMITED = 2**21  # pixels
How = tuple[bool, bool]  # at the start of a line, as narrow as can be
Room = tuple[str, float | None, How]


class Kept:
    """What is known of a line, without Pango."""

    __slots__ = ("direction", "found", "runs", "text", "written")

    def __init__(self, text: str, direction: int, found: tuple[Any, ...], runs: tuple[Run, ...]) -> None:
        self.text, self.direction, self.runs = text, direction, runs
        self.found = found  # length, where the next line begins, width, height, baseline
        self.written: tuple[Any, list[Written] | None] | None = None

    def fits(self, width: float | None) -> bool:
        """Tell whether the whole of a text that has once stood in one line does so here."""
        return width is None or width >= UNLIMITED or int(max(0, width) * UNITS) >= self.found[2] * UNITS


class Line:
    """Stands in a box for its line, as a layout of Pango's does."""

    __slots__ = ("first_line_direction", "kept", "max_width", "text")
    justification_spacing = 0
    ascent = underline_position = strikethrough_position = None

    def __init__(self, kept: Kept, max_width: float | None) -> None:
        self.kept, self.max_width = kept, max_width
        self.text, self.first_line_direction = kept.text, kept.direction

    def reactivate(self, style: Any) -> None:
        """Do nothing: the glyphs are there."""

    def deactivate(self) -> None:
        """Do nothing: there is nothing of Pango's to give back."""


class Known(Protocol):
    """Lines known in one style of text before a document came, of no firm."""

    def find(self, text: str, width: float | None, how: How) -> Kept | None:
        """Return the first line of a text where there is so much room, if it is known."""


class Lines:
    """The lines of a document known in one style of text."""

    __slots__ = ("before", "of_width", "whole")

    def __init__(self, before: Known | None) -> None:
        self.of_width: dict[Room, Kept] = {}
        self.whole: dict[str, Kept] = {}
        self.before = before

    def find(self, text: str, width: float | None, how: How) -> Kept | None:
        """Return the first line of a text where there is so much room, if it is known."""
        whole = self.whole.get(text)
        if whole is not None and whole.fits(width):
            return whole
        found = self.of_width.get((text, width, how))
        if found is None and self.before and (found := self.before.find(text, width, how)):
            self.keep(text, width, how, found)
        return found

    def keep(self, text: str, width: float | None, how: How, kept: Kept) -> None:
        """Keep a line for this room; one that has the whole text also for every other that it fits in."""
        if kept.found[1] is None and kept.text == text and kept.fits(width):
            self.whole[text] = kept
        else:
            self.of_width[text, width, how] = kept


KNOWN: dict[tuple[Any, ...], Known] = {}  # in each style


def leave_out() -> None:
    """Arrange it for this process."""
    from weasyprint.layout import LayoutContext  # noqa: PLC0415
    from weasyprint.text import line_break  # noqa: PLC0415

    split, begin = line_break.split_first_line, LayoutContext.__init__

    def split_first_line(
        text: str,
        style: Any,
        context: Any,
        max_width: float | None,
        justification_spacing: float,
        is_line_start: bool = True,
        minimum: bool = False,
    ) -> Any:
        how = (is_line_start, minimum)
        lines = lines_of(style) if not justification_spacing else None
        kept = lines.find(text, max_width, how) if lines else None
        if kept is None:
            layout, *found = split(text, style, context, max_width, justification_spacing, is_line_start, minimum)
            if lines is None or not text.strip() or not ENDS.isdisjoint(layout.text) or "\t" in text:
                return layout, *found
            kept = Kept(layout.text, layout.first_line_direction, tuple(found), runs_of(layout))
            lines.keep(text, max_width, how, kept)
        return Line(kept, max_width), *kept.found

    def forget(context: Any, style_for: Any, get_image: Any, font_config: Any, *others: Any) -> None:
        vars(font_config).pop("lines", None)
        begin(context, style_for, get_image, font_config, *others)

    LayoutContext.__init__ = forget
    put_in_place(split, split_first_line)


def lines_of(style: Any) -> Lines | None:
    """Return what is known of lines in this style of text; None where they are not kept."""
    kept = vars(style)
    if "lines" not in kept:
        kept["lines"] = _as_around(style) if _is_as_around(style) else _lines(style)
    return kept["lines"]  # type: ignore[no-any-return]


def _as_around(style: Any) -> Lines | None:
    return lines_of(style.parent_style)


def _is_as_around(style: Any) -> bool:
    """Tell whether text in an element has the same style as the text around it, which need not be worked out."""
    around = getattr(style, "parent_style", None)
    if around is None:
        return False
    named = ASIDE.intersection(style)
    if "cascaded" in vars(style):
        named |= ASIDE.intersection(style.cascaded)
    return all(style[name] == around[name] for name in named)


def _lines(style: Any) -> Lines | None:
    if any(style[name] != value for name, value in PLAIN.items()) or style["text_decoration_line"] != "none":
        return None
    key = (tuple(style["font_family"]), *(style[name] for name in NAMES[1:]))
    try:
        return lines_of_document(style.font_config).setdefault(key, Lines(KNOWN.get(key)))
    except TypeError:  # a value that is no key: features of a font
        return None


def lines_of_document(font_config: Any) -> dict[tuple[Any, ...], Lines]:
    """Return what is kept of the document that is being printed, or has been printed last."""
    return vars(font_config).setdefault("lines", {})  # type: ignore[no-any-return]
