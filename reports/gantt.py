"""The chart of a plan as SVG text, for the web page and the report alike: a bar a project, a column a quarter.

Only presentation attributes are written, never a style attribute, so that a strict content security policy holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from reports.ruler import FONT, GROUND, INK, INK_2, LINE, MET, STEEL, svg

ROW, HEAD, NAMES, WIDTH, PAD = 24, 32, 220, 700, 8
MOST_LABELS = 12  # of quarters; with more only some are named
WIDE, USUAL, CAPITAL, NARROW, BROAD = 13, 7, 8, 4, 11  # drawing units that a letter of a name takes, about
LATIN = dict.fromkeys("fijlrtI.,:;'|!()-/ ", NARROW) | dict.fromkeys("mwMW@%", BROAD)


@dataclass(frozen=True, slots=True)
class Bar:
    """One project: from which quarter to which (1 for the first), and how far it is."""

    name: str
    start: int
    end: int
    done: bool = False


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something that is reached at the end of a quarter: 二级."""

    quarter: int
    name: str


def gantt(
    bars: Sequence[Bar], quarters: Sequence[str], reached: Sequence[Milestone], title: str, columns: int = 1
) -> str:
    """Return the chart as SVG; `quarters` are the names of the columns, at least up to the last end.

    It has `columns` at least, so that the parts of a long plan can stand below each other.
    """
    columns = max([columns, *(bar.end for bar in bars)])
    column = (WIDTH - NAMES - PAD) / columns
    height = HEAD + ROW * len(bars) + (ROW if reached else 0) + 4
    parts = [*_grounds(len(bars)), _columns(quarters, columns, column, height)]
    parts += [_bar(bar, row, column) for row, bar in enumerate(bars)]
    parts += [_milestone(one, column, HEAD + ROW * len(bars)) for one in reached]
    return svg(f"0 0 {WIDTH} {height}", title, "".join(parts))


def _x(quarter: int, column: float) -> str:
    """Return where a quarter begins."""
    return f"{NAMES + (quarter - 1) * column:.1f}"


def _grounds(rows: int) -> list[str]:
    """Return a light ground for every second row, which stands behind everything else."""
    tops = (HEAD + row * ROW for row in range(1, rows, 2))
    return [f'<rect x="0" y="{top}" width="{WIDTH}" height="{ROW}" fill="{GROUND}"/>' for top in tops]


def _columns(quarters: Sequence[str], columns: int, column: float, height: int) -> str:
    every = -(-columns // MOST_LABELS)
    parts = []
    for number in range(1, columns + 1):
        x = _x(number, column)
        parts.append(f'<path d="M{x} {HEAD - 6}V{height}" stroke="{LINE}"/>')
        if (number - 1) % every == 0 and number <= len(quarters):
            parts.append(text(x, HEAD - 12, quarters[number - 1], INK_2, 11))
    return "".join(parts)


def _bar(bar: Bar, row: int, column: float) -> str:
    top = HEAD + row * ROW
    width = max((bar.end - bar.start + 1) * column - 2, 2)
    colour = MET if bar.done else STEEL
    box = f'<rect x="{_x(bar.start, column)}" y="{top + 6}" width="{width:.1f}" height="12" rx="2" fill="{colour}"/>'
    return text("0", top + 16, _shortened(bar.name), INK, 12) + box


def _milestone(one: Milestone, column: float, top: int) -> str:
    x = NAMES + one.quarter * column
    mark = f'<path d="M{x:.1f} {top + 6}l5 6l-5 6l-5 -6z" fill="{MET}"/>'
    line = f'<path d="M{x:.1f} {HEAD - 6}V{top + 6}" stroke="{MET}" stroke-dasharray="3 3"/>'
    return line + mark + text(f"{x - 8:.1f}", top + 16, one.name, MET, 12, end=True)


def text(x: str, y: int, words: str, colour: str, size: int, end: bool = False) -> str:
    """Return words of a chart; `end`: they end at x, else they begin there."""
    anchor = ' text-anchor="end"' if end else ""
    return (
        f'<text x="{x}" y="{y}" font-family="{FONT}" font-size="{size}" fill="{colour}"{anchor}>{escape(words)}</text>'
    )


def _shortened(name: str) -> str:
    """Return as much of a name as there is room for; the place in brackets at its end stays whole."""
    begins = max(name.rfind("（"), name.rfind(" ("))
    place = name[begins:] if begins > 0 and name.endswith(("）", ")")) else ""
    if place and _width(name) > NAMES - 12 and _width(place) < NAMES // 2:
        return _cut(name[:begins], NAMES - 12 - _width(place)) + place
    return _cut(name, NAMES - 12)


def _width(words: str) -> int:
    return sum(map(_width_of, words))


def _width_of(letter: str) -> int:
    if ord(letter) > 0x2E7F:
        return WIDE
    return LATIN.get(letter, CAPITAL if letter.isupper() else USUAL)


def _cut(name: str, room: int) -> str:
    if _width(name) <= room:
        return name
    room, kept = room - WIDE, ""
    for letter in name:
        room -= _width_of(letter)
        if room < 0:
            return kept.rstrip() + "…"
        kept += letter
    return kept
