"""The ruler of the total score and the bar with a threshold tick, as SVG text for the web page and the report alike.

Only presentation attributes are written, never a style attribute, so that a strict content security policy holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from html import escape
from itertools import pairwise

from questionnaires.model import Text
from reports import wording
from scoring.exact import Bounds

INK, INK_2, LINE, GROUND = "#16242f", "#51616f", "#d5dde4", "#f4f6f8"
STEEL, STEEL_SOFT, MET, GAP, OPEN = "#0b5a8f", "#d9e8f3", "#1e7a55", "#b8470f", "#6b7682"
FONT = "'Zhizhen Sans','Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif"
HIGHEST = 5
USUAL_BANDS = tuple(level + Fraction(4, 5) for level in range(5))  # of GB/T 39117-2020; drawn, never judged with
LEFT, PER_POINT = 20, 120  # the scale in drawing units


def ruler(
    total: Bounds,
    level: Bounds,
    names: Sequence[Text],
    lang: str = "zh",
    key: str = "ruler",
    bands: Sequence[Fraction] = USUAL_BANDS,
) -> str:
    """Return the 0–5 scale as SVG: certain part solid, open part hatched, next threshold as a line.

    `total` is the total score, `level` the level with its bounds, `names` the level names and `bands` the lowest totals
    from level 1 on; `key` keeps the pattern's id unique when several stand on one page.
    """
    certain = int(level.low)
    parts = [hatch(key, STEEL, STEEL_SOFT), _scale(names, bands, level, lang), _filled(total, key), _ends(total)]
    parts += [_threshold(certain + 1, bands[certain], lang)] if certain < len(bands) else []
    return svg("0 0 640 92", _ruler_title(total, level, names, lang), "".join(parts))


def bar(value: Bounds, threshold: Fraction | None, met: bool | None, title: str, key: str, top: int = 100) -> str:
    """Return a bar from 0 to `top` with a threshold tick as SVG; an open part is hatched, `met` None is open."""
    colour = {True: MET, False: GAP, None: OPEN}[met]
    scale = Fraction(150, max(top, 1))
    low, high = (min(max(end * scale, Fraction(0)), Fraction(150)) for end in (value.low, value.high))
    parts = [hatch(key, colour, "#e9eef2")] if high > low else []
    parts += [_box(0, 2, 150, 8, "#e9eef2"), _box(0, 2, low, 8, colour)]
    parts += [_box(low, 2, high - low, 8, f"url(#{key})")] if high > low else []
    if threshold is not None and threshold <= top:
        parts.append(_line(threshold * scale, 0, 12, INK, "1.6"))
    return svg("0 0 150 12", title, "".join(parts))


def svg(view: str, title: str, inner: str) -> str:
    """Return a drawing with its text alternative."""
    spoken = escape(title)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" role="img"><title>{spoken}</title>{inner}</svg>'


def hatch(key: str, stroke: str, ground: str) -> str:
    """Return the pattern of what missing answers leave open; `key` names it on the page."""
    return (
        f'<defs><pattern id="{key}" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="5" height="5" fill="{ground}"/><path d="M0 0V5" stroke="{stroke}" stroke-width="2.4"/>'
        "</pattern></defs>"
    )


def _scale(names: Sequence[Text], bands: Sequence[Fraction], level: Bounds, lang: str) -> str:
    marks = "".join(_line(_x(band), 28, 56, LINE, "1") for band in bands)
    middles = [(low + high) / 2 for low, high in pairwise(bands)]  # the last band has no room
    labelled = enumerate(zip(names, middles, strict=False), start=1)
    labels = "".join(_level_label(number, name, middle, level, lang) for number, (name, middle) in labelled)
    return _box(LEFT, 34, HIGHEST * PER_POINT, 16, GROUND) + marks + labels


def _level_label(number: int, name: Text, middle: Fraction, level: Bounds, lang: str) -> str:
    reached = level.settled and level.low == number
    word, short = wording.level_word(number), Text(name.zh.removesuffix("级"), name.en)
    label = f"{word.zh} {short.zh}" if lang == "zh" else f"{number} {short.en}"
    return _text(_x(middle), 22, label, INK if reached else INK_2, bold=reached)


def _filled(total: Bounds, key: str) -> str:
    open_width = (total.high - total.low) * PER_POINT
    solid = _box(LEFT, 34, total.low * PER_POINT, 16, STEEL)
    return solid + (_box(_x(total.low), 34, open_width, 16, f"url(#{key})") if open_width else "")


def _ends(total: Bounds) -> str:
    """Return both ends of the scale and the value, which ends where the bar ends so that no threshold crosses it."""
    shown, end = wording.bounds_text(total), _x(total.high)
    place, anchor = (end, "end") if end >= LEFT + 90 else (Fraction(LEFT + 14), "start")
    ends = _text(Fraction(LEFT), 68, "0", INK_2) + _text(_x(Fraction(HIGHEST)), 68, "5", INK_2)
    return ends + _text(place, 68, shown, STEEL, bold=True, anchor=anchor)


def _threshold(level: int, band: Fraction, lang: str) -> str:
    place, word, number = _x(band), wording.level_word(level), wording.number_text(band)
    says = f"{word.zh}门槛 {number}" if lang == "zh" else f"{word.en} from {number}"
    anchor, shift = ("start", 5) if level < HIGHEST else ("end", -5)
    return _line(place, 28, 58, GAP, "2") + _text(place + shift, 84, says, GAP, anchor=anchor)


def _ruler_title(total: Bounds, level: Bounds, names: Sequence[Text], lang: str) -> str:
    low = wording.level_name(int(level.low), names)
    high = wording.level_name(int(level.high), names)
    shown = wording.bounds_text(total)
    if lang == "zh":
        return f"成熟度总分 {shown}，{low.zh if level.settled else f'等级在{low.zh}与{high.zh}之间'}"
    return f"Total {shown}, {low.en if level.settled else f'between {low.en} and {high.en}'}"


def _x(points: Fraction) -> Fraction:
    return LEFT + points * PER_POINT


def _n(number: Fraction | int) -> str:
    return f"{float(number):.4g}"


def _box(x: Fraction | int, y: int, width: Fraction | int, height: int, fill: str) -> str:
    return f'<rect x="{_n(x)}" y="{y}" width="{_n(width)}" height="{height}" fill="{fill}"/>'


def _line(x: Fraction, top: int, bottom: int, stroke: str, width: str) -> str:
    return f'<path d="M{_n(x)} {top}V{bottom}" stroke="{stroke}" stroke-width="{width}" fill="none"/>'


def _text(x: Fraction, y: int, words: str, fill: str, anchor: str = "middle", bold: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{_n(x)}" y="{y}" font-size="11" font-family="{FONT}" text-anchor="{anchor}" fill="{fill}"{weight}>'
        f"{escape(words)}</text>"
    )
