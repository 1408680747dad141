"""Small static fonts for the PDF, cut from the Noto CJK fonts of the machine; the full fonts stay as fallback.

`python -m reports.fonts` makes them once, at set-up. Without them reports look the same and need about twice the
memory, because every face of a 20 MB collection is copied while a page is drawn. Their outlines are quadratic: such
a font may number its glyphs anew, so that the PDF is cut from 9,000 numbers instead of 65,000, in half the time.
"""

from __future__ import annotations

import io
import os
import sys
from functools import cache
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import ctypes

    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

FOLDER = Path(__file__).with_name(".fonts")
CONFIG = FOLDER / "fonts.conf"
# Not below the fonts: fontconfig would look through its own lists as a folder of fonts, and write them anew each time.
LISTS = FOLDER.with_name(".prepared") / "lists"

# How far a quadratic outline may stray from the cubic one it stands for: a thousandth of the character's size.
STRAY_UNITS = 1.0

# Of the rules for joining glyphs only kerning is kept: set horizontally, nothing else changes how a report looks.
LAYOUT_FEATURES, KERNING = 6, int.from_bytes(b"kern")

INSTRUCTION_LIMITS = (
    "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements",
    "maxSizeOfInstructions", "maxComponentElements",
)  # fmt: skip

CONFIG_TEXT = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
{folders}
  <cachedir>{cache}</cachedir>
</fontconfig>
"""


class FontsNotMade(Exception):
    """The small fonts could not be made; the sentence says what to do."""


class Face(NamedTuple):
    """One font to make: its own family and style, and the font of the machine it is cut from."""

    family: str
    style: str  # "Regular" | "Bold"
    cut_from: str

    @property
    def file(self) -> Path:
        return FOLDER / f"{self.family}-{self.style}.ttf".replace(" ", "")


FACES = tuple(
    Face(f"Zhizhen {kind}", style, f"Noto {kind} CJK SC") for kind in ("Sans", "Serif") for style in ("Regular", "Bold")
)


def families_found() -> frozenset[str]:
    """Return the families that fontconfig finds in the folder of the small fonts."""
    import subprocess  # noqa: PLC0415  # the process that prints a report asks nobody for its fonts

    command = ["fc-scan", "-f", "%{family[0]}\n", str(FOLDER)]
    # A fixed program with arguments of our own, no shell.
    return frozenset(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n"))  # noqa: S603


def made() -> bool:
    """Tell whether the small fonts and their fontconfig file are there."""
    return CONFIG.exists() and all(face.file.exists() for face in FACES)


def make() -> None:
    """Cut every face and write the private fontconfig file. Raises FontsNotMade with what is missing."""
    # Needed only while fonts are made, and slow to load.
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415
    from multiprocessing import get_context  # noqa: PLC0415
    from shutil import rmtree  # noqa: PLC0415

    FOLDER.mkdir(exist_ok=True)
    kept, full = characters(), [_find(face) for face in FACES]
    for former in FOLDER.glob("*.[ot]tf"):
        former.unlink()
    rmtree(FOLDER / "cache", ignore_errors=True)  # where the lists once were
    # Python draws every outline anew, several seconds for a face: each processor takes one.
    with ProcessPoolExecutor(min(len(FACES), os.cpu_count() or 1), get_context("spawn")) as processors:
        for face, font in zip(FACES, processors.map(_small, FACES, full, repeat(kept)), strict=True):
            face.file.write_bytes(font)
    CONFIG.write_text(_config({Path(path).parent for path, _ in full}), encoding="utf-8")


def _small(face: Face, full: tuple[str, int], kept: frozenset[int]) -> bytes:
    return _own(_cut(*full, kept), face)


def _config(full: set[Path]) -> str:
    """Name only our folder and those of the full fonts: nothing else of the machine changes how a report looks."""
    from html import escape  # noqa: PLC0415  # needed only while fonts are made

    folders = "\n".join(f"  <dir>{escape(str(folder))}</dir>" for folder in (FOLDER, *sorted(full)))
    return CONFIG_TEXT.format(folders=folders, cache=escape(str(LISTS)))


@cache
def characters() -> frozenset[int]:
    """Return the code points kept: all of GB 2312, Latin, Greek, punctuation, arrows, signs and full-width forms."""
    ranges = ((0x20, 0x17F), (0x391, 0x3CA), (0x2010, 0x205F), (0x20A0, 0x20BF), (0x2100, 0x22FF), (0x2460, 0x24FF))
    shapes = ((0x2500, 0x27BF), (0x3000, 0x303F), (0x3200, 0x33FF), (0xFF00, 0xFFEF))
    hanzi = {ord(_gb2312(row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF) if _gb2312(row, cell)}
    return frozenset(hanzi.union(*(range(first, last + 1) for first, last in ranges + shapes)))


def _gb2312(row: int, cell: int) -> str:
    return bytes((row, cell)).decode("gb2312", errors="ignore")


def installed(family: str) -> bool:
    """Tell whether fontconfig finds `family` itself, not a substitute."""
    return _match(family)[0] == family


def files_for(words: str, family: str) -> list[Path]:
    """Return the font files that `words` need, the small ones first; the full ones only for letters not in those.

    Raises FontsNotMade where a full font is needed and missing.
    """
    faces = [face for face in FACES if face.family == family]
    small = [face.file for face in faces] if made() else []
    enough = small and characters().issuperset(ord(letter) for letter in words if not letter.isspace())
    return small if enough else small + [Path(_find(face)[0]) for face in faces]


@cache
def _find(face: Face) -> tuple[str, int]:
    family, path, index = _match(f"{face.cut_from}:{face.style.lower()}")
    if family != face.cut_from:
        raise FontsNotMade(f"The font “{face.cut_from}” is missing: install the package fonts-noto-cjk.")
    return path, int(index) & 0xFFFF


def _match(pattern: str) -> list[str]:
    import subprocess  # noqa: PLC0415  # as above

    command = ["fc-match", "-f", "%{family[0]}\t%{file}\t%{index}", pattern]
    # A fixed program with arguments of our own, no shell.
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\t")  # noqa: S603


def _library(name: str) -> ctypes.CDLL:
    import ctypes.util  # noqa: PLC0415  # as above

    found = ctypes.util.find_library(name) or f"lib{name}.so.0"
    library = ctypes.CDLL(found)
    for function in POINTERS:
        if hasattr(library, function):
            getattr(library, function).restype = ctypes.c_void_p
    return library


POINTERS = (
    "hb_blob_create_from_file",
    "hb_face_create",
    "hb_face_reference_blob",
    "hb_blob_get_data",
    "hb_subset_input_create_or_fail",
    "hb_subset_input_set",
    "hb_subset_input_unicode_set",
    "hb_subset_or_fail",
)


def _cut(path: str, index: int, kept: frozenset[int]) -> bytes:
    import ctypes  # noqa: PLC0415  # as above

    harfbuzz, subset = _library("harfbuzz"), _library("harfbuzz-subset")
    blob = ctypes.c_void_p(harfbuzz.hb_blob_create_from_file(path.encode()))
    face = ctypes.c_void_p(harfbuzz.hb_face_create(blob, index))
    wanted = ctypes.c_void_p(subset.hb_subset_input_create_or_fail())
    characters_kept = ctypes.c_void_p(subset.hb_subset_input_unicode_set(wanted))
    for code_point in sorted(kept):
        harfbuzz.hb_set_add(characters_kept, code_point)
    features = ctypes.c_void_p(subset.hb_subset_input_set(wanted, LAYOUT_FEATURES))
    harfbuzz.hb_set_clear(features)
    harfbuzz.hb_set_add(features, KERNING)
    small = ctypes.c_void_p(subset.hb_subset_or_fail(face, wanted))
    if small.value is None:
        raise FontsNotMade(f"HarfBuzz could not cut {path}: install the package libharfbuzz-subset0 (4.1 or newer).")
    return _bytes_of(harfbuzz, small)


def _bytes_of(harfbuzz: ctypes.CDLL, face: ctypes.c_void_p) -> bytes:
    import ctypes  # noqa: PLC0415  # as above

    length = ctypes.c_uint()
    blob = ctypes.c_void_p(harfbuzz.hb_face_reference_blob(face))
    return ctypes.string_at(harfbuzz.hb_blob_get_data(blob, ctypes.byref(length)), length.value)


def _own(font: bytes, face: Face) -> bytes:
    """Return the cut font with quadratic outlines and its own name."""
    # Needed only while fonts are made, and slow to load; it carries no types.
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    tables, target = TTFont(io.BytesIO(font)), io.BytesIO()
    if "CFF " in tables:
        _make_quadratic(tables)
    _rename(tables, face)
    tables.save(target)
    return target.getvalue()


def _make_quadratic(tables: TTFont) -> None:
    """Replace the cubic outlines (CFF) of a font by quadratic ones (glyf)."""
    from fontTools.ttLib import newTable  # noqa: PLC0415  # as above

    order, drawn = tables.getGlyphOrder(), tables.getGlyphSet()
    outlines = tables["glyf"] = newTable("glyf")
    outlines.glyphOrder, outlines.glyphs = order, {name: _quadratic(drawn[name]) for name in order}
    tables["loca"] = newTable("loca")
    for cubic in {"CFF ", "VORG"} & set(tables.keys()):
        del tables[cubic]
    tables["maxp"].tableVersion = 0x10000
    vars(tables["maxp"]).update(dict.fromkeys(INSTRUCTION_LIMITS, 0), maxZones=1)
    tables["post"].formatType = 3.0  # no glyph names
    tables.sfntVersion = "\0\1\0\0"


def _quadratic(drawn: Any) -> Any:
    from fontTools.pens.cu2quPen import Cu2QuPen  # type: ignore[import-untyped]  # noqa: PLC0415  # as above
    from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped]  # noqa: PLC0415  # as above

    pen = TTGlyphPen(None)
    drawn.draw(Cu2QuPen(pen, STRAY_UNITS, reverse_direction=True))
    return pen.glyph()


def _rename(tables: TTFont, face: Face) -> None:
    """Give the cut font its own name, so that fontconfig can tell it from the full one; its licence asks for it too."""
    names = {1: face.family, 2: face.style, 4: f"{face.family} {face.style}", 6: face.file.stem}
    for record in list(tables["name"].names):
        if record.nameID in (1, 2, 4, 6, 16, 17):
            tables["name"].removeNames(record.nameID)
    for name_id, text in names.items():
        tables["name"].setName(text, name_id, 3, 1, 0x409)


if __name__ == "__main__":
    try:
        make()
    except FontsNotMade as fault:
        sys.exit(str(fault))
