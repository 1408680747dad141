"""Photos: whether one can be opened, and a small picture of it without anything else that it carries."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from threading import Lock
from typing import BinaryIO

from flask_babel import gettext as _
from PIL import Image, ImageFile, ImageOps

from app.evidence.kinds import READER_FAULTS, Faulty, Kind, broken

EDGE = 192  # pixels, the longer side of a small picture
QUALITY = 70
# Pixels of a photo that is decoded. JPEG is decoded small from the start; the others take four bytes for each pixel.
MOST_DRAWN = {Kind.JPEG: 50_000_000, Kind.PNG: 25_000_000, Kind.WEBP: 25_000_000}
_FORMATS = {Kind.JPEG: "JPEG", Kind.PNG: "PNG", Kind.WEBP: "WEBP"}
ONE_AT_A_TIME = Lock()  # so that many photos at once take the memory of one

# The library only warns of pictures that claim some 90 million pixels; for us that is the end.
warnings.simplefilter("error", Image.DecompressionBombWarning)


def small(content: BinaryIO, kind: Kind) -> bytes | None:
    """Return a small JPEG of a photo; None where none is made. Raises Faulty for a broken or monstrous one.

    Photos are never opened whole in the browser: what is shown is drawn anew, and carries neither place nor time.
    """
    if kind not in _FORMATS:
        return None
    content.seek(0)
    try:
        with ONE_AT_A_TIME, half_is_broken(), Image.open(content, formats=(_FORMATS[kind],)) as photo:
            return _drawn(photo, MOST_DRAWN[kind])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise Faulty(_("图片的像素多得不正常，没有打开。请缩小后再上传。")) from bomb
    except READER_FAULTS as fault:
        raise broken() from fault


@contextmanager
def half_is_broken() -> Iterator[None]:
    """Refuse what ends too early: whoever draws reports in the same process lets the library fill it up with grey."""
    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _drawn(photo: Image.Image, most: int) -> bytes | None:
    if photo.width * photo.height > most:
        return None
    photo.draft("RGB", (2 * EDGE, 2 * EDGE))
    upright = ImageOps.exif_transpose(photo)
    upright.thumbnail((EDGE, EDGE))
    paper = Image.new("RGB", upright.size, "white")
    full = upright.convert("RGBA")
    paper.paste(full, mask=full)
    written = BytesIO()
    paper.save(written, "JPEG", quality=QUALITY, optimize=True)
    return written.getvalue()
