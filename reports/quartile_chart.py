"""The middle half of comparable firms as a band for each part, and where this firm stands, as SVG text.

Only presentation attributes are written, as in `gantt.py`; the numbers also stand in a table beside it. Band, line and
diamond differ in shape, so that it can be read in black and white.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from reports.gantt import text
from reports.ruler import GAP, INK, INK_2, LINE, STEEL, STEEL_SOFT, svg
from scoring.coarse import Quartiles
from scoring.exact import Bounds

WIDTH, PAD, HEAD, ROW, FOOT = 640, 14, 30, 21, 24
NAMES = {"zh": 110, "en": 190}  # drawing units for the names
LETTER = 13  # drawing units a letter of the legend takes in Chinese; in English half of it
TICKS = 5  # steps of the scale from 0 to 1
WORDS = {
    "zh": {"band": "同行居中的一半", "median": "同行中位数", "own": "本企业", "open": "本企业（待定）"},
    "en": {
        "band": "middle half of the peers",
        "median": "median of the peers",
        "own": "this firm",
        "open": "this firm (open)",
    },
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One part: its score in this firm, and the quartiles of the others where enough of them are settled."""

    name: str
    own: Bounds
    peers: Quartiles | None
    strong: bool = False


def quartile_chart(rows: Sequence[Standing], title: str, lang: str = "zh") -> str:
    """Return the chart as SVG, scores from 0 to 1; `title` is its text alternative."""
    height = HEAD + ROW * len(rows) + FOOT
    place = _Place(NAMES[lang])
    parts = [*_legend(rows, lang), *_scale(place, HEAD + ROW * len(rows))]
    for number, row in enumerate(rows):
        parts += _row(row, HEAD + ROW * number + ROW // 2, place)
    return svg(f"0 0 {WIDTH} {height}", title, "".join(parts))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a score stands."""

    names: int

    def x(self, score: Fraction) -> float:
        return self.names + float(score) * (WIDTH - self.names - PAD)


def _scale(place: _Place, bottom: int) -> Iterator[str]:
    for tick in range(TICKS + 1):
        score = Fraction(tick, TICKS)
        x = place.x(score)
        yield f'<path d="M{x:.1f} {HEAD}V{bottom}" stroke="{LINE}"/>'
        said = "0" if tick == 0 else "1" if tick == TICKS else f"0.{10 * tick // TICKS}"
        yield text(f"{x - 4:.1f}", bottom + 15, said, INK_2, 11)


def _row(row: Standing, y: int, place: _Place) -> Iterator[str]:
    name = text("0" if row.strong else "12", y + 4, row.name, INK, 11)
    yield name.replace("<text ", '<text font-weight="700" ', 1) if row.strong else name
    if row.peers:
        low, median, high = (place.x(end) for end in (row.peers.low, row.peers.median, row.peers.high))
        yield _band(low, high - low, y)
        yield _median(median, y)
    ends = sorted({place.x(row.own.low), place.x(row.own.high)})
    if len(ends) > 1:
        yield f'<path d="M{ends[0]:.1f} {y}H{ends[-1]:.1f}" stroke="{GAP}" stroke-width="1.4"/>'
    for x in ends:
        yield _diamond(x, y, GAP if row.own.settled else "#ffffff")


def _band(x: float, width: float, y: int) -> str:
    box = f'x="{x:.1f}" y="{y - 6}" width="{max(width, 1):.1f}" height="12"'
    return f'<rect {box} fill="{STEEL_SOFT}" stroke="{STEEL}" stroke-width="0.8"/>'


def _median(x: float, y: int) -> str:
    return f'<path d="M{x:.1f} {y - 8}V{y + 8}" stroke="{INK}" stroke-width="2.4"/>'


def _diamond(x: float, y: int, fill: str) -> str:
    return f'<path d="M{x:.1f} {y - 5}l5 5l-5 5l-5 -5z" fill="{fill}" stroke="{GAP}" stroke-width="1.4"/>'


def _legend(rows: Sequence[Standing], lang: str) -> Iterator[str]:
    x, y = 0.0, 10
    for key, words in WORDS[lang].items():
        if key in ("own", "open") and not any((key == "own") == row.own.settled for row in rows):
            continue
        yield _sample(key, x + 9, y)
        yield text(f"{x + 24:.1f}", y + 4, words, INK_2, 11)
        x += 24 + len(words) * (LETTER if lang == "zh" else LETTER / 2) + 12


def _sample(key: str, x: float, y: int) -> str:
    if key == "band":
        return _band(x - 9, 18, y)
    return _median(x, y) if key == "median" else _diamond(x, y, GAP if key == "own" else "#ffffff")
