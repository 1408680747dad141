"""Logos of report templates: told by their bytes, drawn anew, small, and with nothing else that the file carried."""

from __future__ import annotations

from io import BytesIO
from typing import BinaryIO

from flask_babel import gettext as _
from PIL import Image, ImageOps

from app.errors import Refused
from app.evidence.kinds import READER_FAULTS
from app.evidence.pictures import ONE_AT_A_TIME, half_is_broken
from reports.own_parts import Logo

MOST_BYTES = 1024 * 1024  # of the file that is sent
MOST_PIXELS = 25_000_000
EDGES = ((800, 300), (560, 210), (400, 150))  # pixels, tried one after another
MOST_KEPT = 200 * 1024  # bytes
FORMATS = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG"}


def read_logo(content: BinaryIO) -> bytes:
    """Return a picture as the PNG that is printed. Raises Refused for what is no PNG or JPEG, broken or too large."""
    given = content.read(MOST_BYTES + 1)
    if len(given) > MOST_BYTES:
        raise Refused(_("标志图片超过 1 MB。请缩小后再选。"))
    kind = next((kind for begins, kind in FORMATS.items() if given.startswith(begins)), None)
    if kind is None:
        raise Refused(_("标志只收 PNG 和 JPEG 图片，这个文件不是。请另存为 PNG 再选。"))
    try:
        with ONE_AT_A_TIME, half_is_broken(), Image.open(BytesIO(given), formats=(kind,)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refused(_("标志图片的像素太多。请缩小到 800 × 300 左右再选。"))
            return _drawn(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, *READER_FAULTS) as fault:
        raise Refused(_("标志图片打不开，可能已损坏。请用看图软件另存一份再选。")) from fault


def _drawn(picture: Image.Image) -> bytes:
    """Draw a picture on white, as large as fits into what is kept."""
    full = ImageOps.exif_transpose(picture).convert("RGBA")
    paper = Image.new("RGB", full.size, "white")
    paper.paste(full, mask=full)
    written = b""
    for edges in EDGES:
        paper.thumbnail(edges)
        held = BytesIO()
        paper.save(held, "PNG", optimize=True)
        written = held.getvalue()
        if len(written) <= MOST_KEPT:
            break
    return written


def logo_of(png: bytes | None, institution: str) -> Logo | None:
    """Return a kept logo with its size; the institution's name stands for it where it cannot be seen."""
    if not png:
        return None
    with Image.open(BytesIO(png), formats=("PNG",)) as picture:
        return Logo(png, picture.width, picture.height, institution)
