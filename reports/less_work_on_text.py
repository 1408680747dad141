"""The part of `less_work` that has to do with text: how lines are measured, shaped and written."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

ENDS = frozenset("\n\r\u2028\u2029")  # of a paragraph


def put_in_place(former: Callable[..., Any], new: Callable[..., Any]) -> None:
    """Let every module of the renderer that has imported `former` call `new`."""
    for module in [one for name, one in sys.modules.items() if name.startswith("weasyprint.")]:
        for name in [name for name, value in vars(module).items() if value is former]:
            setattr(module, name, new)


def leave_out() -> None:
    """Arrange it for this process."""
    _keep_contexts_of_pango()
    _shape_lines_once()
    _stand_lines_once()


def _keep_contexts_of_pango() -> None:
    """Make the context and the font description of a style once, not twice for each line."""
    from weasyprint.text import line_break  # noqa: PLC0415
    from weasyprint.text.ffi import ffi, gobject, pango  # noqa: PLC0415

    setup = line_break.Layout.setup

    def set_up(layout: Any, style: Any) -> None:
        kept = vars(style)
        if "pango" not in kept:
            kept["pango"] = _context(style)
        if kept["pango"] is None:
            setup(layout, style)
            return
        context, description, layout.language = kept["pango"]
        layout.style, layout.first_line_direction = style, 0
        layout.ascent = layout.underline_position = layout.strikethrough_position = None
        layout.layout = ffi.gc(pango.pango_layout_new(context), gobject.g_object_unref)
        pango.pango_layout_set_auto_dir(layout.layout, False)
        pango.pango_layout_set_font_description(layout.layout, description)

    line_break.Layout.setup = set_up


def _context(style: Any) -> tuple[Any, Any, Any] | None:
    """Return Pango's context, font description and language of a style; None where a line needs more than these."""
    from weasyprint.text.constants import PANGO_DIRECTION  # noqa: PLC0415
    from weasyprint.text.ffi import ffi, gobject, pango, unicode_to_char_p  # noqa: PLC0415
    from weasyprint.text.fonts import font_features, get_font_description  # noqa: PLC0415

    variants = ("ligatures", "position", "caps", "numeric", "alternates", "east_asian")
    wanted = (
        style["font_kerning"],
        *(style[f"font_variant_{one}"] for one in variants),
        style["font_feature_settings"],
    )
    plain = style["text_decoration_line"] == "none" and style["font_language_override"] == "normal"
    if not plain or font_features(*wanted):
        return None
    context = ffi.gc(pango.pango_font_map_create_context(style.font_config.font_map), gobject.g_object_unref)
    pango.pango_context_set_round_glyph_positions(context, False)
    pango.pango_context_set_base_dir(context, PANGO_DIRECTION[style["direction"]])
    language = pango.pango_language_get_default()
    if style["lang"]:
        name, _kept = unicode_to_char_p(style["lang"])
        language = pango.pango_language_from_string(name)
        pango.pango_context_set_language(context, language)
    return context, get_font_description(style), language


def _shape_lines_once() -> None:
    """Keep the glyphs of a line from the time it is laid out until it is drawn, and do not shape it again.

    A line is drawn as a paragraph of its own. That is asked for before it is shaped wherever it makes no difference,
    for Pango would begin again.
    """
    from weasyprint.text.ffi import pango  # noqa: PLC0415
    from weasyprint.text.line_break import Layout  # noqa: PLC0415

    put, wake, rest = Layout.set_text, Layout.reactivate, Layout.deactivate

    def set_text(layout: Any, text: str, justify: bool = False) -> None:
        put(layout, text, justify)
        pango.pango_layout_set_single_paragraph_mode(layout.layout, not ENDS.intersection(layout.text))

    def deactivate(layout: Any) -> None:
        if layout.drawn:
            rest(layout)

    def reactivate(layout: Any, style: Any) -> None:
        layout.drawn = True
        if layout.justification_spacing or "layout" not in vars(layout):  # drawn before: a table's head repeats
            wake(layout, style)

    Layout.drawn = False
    Layout.set_text, Layout.reactivate, Layout.deactivate = set_text, reactivate, deactivate


def _stand_lines_once() -> None:
    """Ask once for each style how high its lines are and where their letters stand."""
    from weasyprint.text import line_break  # noqa: PLC0415

    measure = line_break.strut

    def strut(style: Any) -> Any:
        kept = vars(style)
        if "strut" not in kept:
            kept["strut"] = measure(style)
        return kept["strut"]

    put_in_place(measure, strut)
