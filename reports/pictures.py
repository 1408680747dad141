"""SVG -> PNG, for files whose readers cannot be trusted with our drawings: the only file that knows resvg.

Word knows no hatching and of a list of fonts only the first; an older WPS knows no SVG at all. A picture looks the same
in all of them. Its letters are drawn with the small fonts, a rare one with the full font.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

import resvg_py

from reports import fonts

_VIEW = re.compile(r'viewBox="\S+ \S+ (\S+) (\S+)"')
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing as PNG, with its size in drawing units and the text that can stand for it."""

    png: bytes
    width: float
    height: float
    alternative: str


def picture(svg: str, pixels: int) -> Picture:
    """Draw an SVG of ours `pixels` wide on white. Raises FontsNotMade where a letter has no font on this machine.

    None of ours shows a picture from elsewhere, and resvg would read it from the disk: such a one is refused.
    """
    if "<image" in svg:
        raise ValueError("a drawing shows a picture from elsewhere")
    width, height = _size(svg)
    title = _TITLE.search(svg)
    drawn = resvg_py.svg_to_bytes(
        svg_string=svg,
        width=pixels,
        background="#ffffff",
        skip_system_fonts=True,
        font_files=_fonts(svg) if "<text" in svg else None,
    )
    return Picture(bytes(drawn), width, height, unescape(title.group(1)) if title else "")


def _size(svg: str) -> tuple[float, float]:
    found = _VIEW.search(svg)
    if found is None:
        raise ValueError(f"a drawing without a size: {svg[:80]}")
    return float(found.group(1)), float(found.group(2))


def _fonts(svg: str) -> list[str]:
    return [str(file) for file in fonts.files_for(svg, "Zhizhen Sans")]
