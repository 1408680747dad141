"""The radar of the parts' scores at one level, as SVG text for the web page and the report alike.

Only presentation attributes are written, as in `ruler.py`; every number also stands in a table beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from html import escape
from math import cos, pi, sin
from textwrap import wrap

from reports import wording
from reports.ruler import FONT, GAP, INK, INK_2, LINE, STEEL, STEEL_SOFT, hatch, svg
from scoring.exact import Bounds

Points = Sequence[tuple[str, Bounds]]
WORDS = {
    "zh": {"certain": "已确定", "open": "未答题留下的余地", "pass": "达标线"},
    "en": {"certain": "certain", "open": "still open", "pass": "pass mark"},
}
NARROW = 360  # drawing units: what a phone shows at its full size
HEIGHT, MIDDLE, RADIUS = 284, 158, 100
RINGS = 5
LINE_HEIGHT = 14
LONGEST_LINE = {"zh": 6, "en": 12}  # characters beside the drawing
LEGEND_STEP = {"zh": 12, "en": 6}  # drawing units a character takes


def radar(points: Points, mark: Fraction, title: str, lang: str = "zh", width: int = NARROW) -> str:
    """Return the scores 0–1 of three or more parts as SVG: certain part solid, open part hatched, pass mark dashed.

    `title` is its text alternative. A wider drawing has more room at its sides and the same size.
    """
    place = _Place(width, len(points))
    low, high = ([getattr(bounds, end) for _, bounds in points] for end in ("low", "high"))
    drawn = [hatch("radar", STEEL, STEEL_SOFT), _legend(mark, lang, width), *_web(place), *_names(points, place, lang)]
    drawn.append(f'<path d="{place.ring(high)}{place.ring(low)}" fill="url(#radar)" fill-rule="evenodd"/>')
    drawn.append(_ring(place.ring(high), STEEL, "1"))
    drawn.append(_ring(place.ring(low), STEEL, "1.6", fill=f'fill="{STEEL}" fill-opacity="0.35"'))
    drawn.append(_ring(place.ring([mark] * len(points)), GAP, "1.6", more=' stroke-dasharray="5 3"'))
    return svg(f"0 0 {width} {HEIGHT}", title, "".join(drawn))


class _Place:
    """Where a score of a part stands: the first part above the middle, the others clockwise."""

    def __init__(self, width: int, parts: int) -> None:
        self.middle, self.parts = width / 2, parts

    def at(self, part: int, score: float) -> tuple[float, float]:
        turn = 2 * pi * part / self.parts
        return self.middle + score * RADIUS * sin(turn), MIDDLE - score * RADIUS * cos(turn)

    def ring(self, scores: Sequence[Fraction]) -> str:
        corners = (self.at(part, float(score)) for part, score in enumerate(scores))
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in corners) + "Z"


def _web(place: _Place) -> Iterator[str]:
    for ring in range(1, RINGS + 1):
        yield _ring(place.ring([Fraction(ring, RINGS)] * place.parts), LINE, "1")
    ends = (place.at(part, 1) for part in range(place.parts))
    spokes = "".join(f"M{place.middle:.1f} {MIDDLE}L{x:.1f} {y:.1f}" for x, y in ends)
    yield _ring(spokes, LINE, "1")


def _ring(path: str, stroke: str, width: str, more: str = "", fill: str = 'fill="none"') -> str:
    return f'<path d="{path}" {fill} stroke="{stroke}" stroke-width="{width}"{more}/>'


def _names(points: Points, place: _Place, lang: str) -> Iterator[str]:
    for part, (name, _) in enumerate(points):
        lines = wrap(name, LONGEST_LINE[lang], break_long_words=lang == "zh")
        x, y = place.at(part, 1.07)
        across = (x - place.middle) / RADIUS
        anchor = "middle" if abs(across) < 0.1 else "start" if across > 0 else "end"
        first = y + LINE_HEIGHT * (0.3 - (len(lines) - 1) * (MIDDLE - y + RADIUS) / (2 * RADIUS))
        for number, line in enumerate(lines):
            yield _text(x, first + number * LINE_HEIGHT, line, INK, anchor)


def _legend(mark: Fraction, lang: str, width: int) -> str:
    words, step = WORDS[lang], LEGEND_STEP[lang]
    passing = f"{words['pass']} {wording.number_text(mark)}"
    signs = (
        (words["certain"], f'<rect y="4" width="14" height="9" fill="{STEEL}" fill-opacity="0.35" stroke="{STEEL}"/>'),
        (words["open"], f'<rect y="4" width="14" height="9" fill="url(#radar)" stroke="{STEEL}"/>'),
        (passing, f'<path d="M0 9H16" stroke="{GAP}" stroke-width="1.6" stroke-dasharray="5 3"/>'),
    )
    places = [0]
    for said, _ in signs:
        places.append(places[-1] + 34 + step * len(said))
    left = max(0, width - places[-1] + 14) // 2
    drawn = (
        f'<g transform="translate({left + at},0)">{sign}{_text(20, 13, said, INK_2, "start")}</g>'
        for at, (said, sign) in zip(places, signs, strict=False)
    )
    return "".join(drawn)


def _text(x: float, y: float, words: str, fill: str, anchor: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="12" font-family="{FONT}" text-anchor="{anchor}" fill="{fill}">'
        f"{escape(words)}</text>"
    )
