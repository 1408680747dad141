"""Logos: PNG and JPEG only, told by their bytes, drawn anew, small."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from app.errors import Refused
from app.report_templates.logos import EDGES, MOST_BYTES, MOST_KEPT, logo_of, read_logo


def picture(kind="PNG", size=(600, 200), mode="RGB", **given):
    written = BytesIO()
    Image.new(mode, size, given.pop("colour", "#0b5a8f")).save(written, kind, **given)
    return written.getvalue()


@pytest.fixture(autouse=True)
def _in_a_request(flask_app):
    with flask_app.test_request_context():
        yield


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_becomes_a_small_png(kind):
    png = read_logo(BytesIO(picture(kind, (2400, 600))))

    assert png.startswith(b"\x89PNG")
    assert Image.open(BytesIO(png)).size == (800, 200)


def test_what_a_photo_carries_beside_the_picture_is_gone():
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    png = read_logo(BytesIO(picture("JPEG", exif=exif)))

    assert b"secret" not in png
    assert not Image.open(BytesIO(png)).info


def test_what_can_be_seen_through_is_drawn_on_white():
    png = read_logo(BytesIO(picture(mode="RGBA", colour=(0, 0, 0, 0))))

    assert Image.open(BytesIO(png)).getpixel((0, 0)) == (255, 255, 255)


def test_a_noisy_picture_is_made_small_enough_to_be_kept():
    written = BytesIO()
    Image.effect_noise((800, 300), 90).convert("RGB").save(written, "JPEG")
    png = read_logo(BytesIO(written.getvalue()))

    assert len(png) <= MOST_KEPT
    assert Image.open(BytesIO(png)).size[0] < EDGES[0][0]


def test_a_drawn_logo_can_be_drawn_again_without_a_change():
    once = read_logo(BytesIO(picture()))

    assert read_logo(BytesIO(once)) == once


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "只收 PNG 和 JPEG"),
        (SVG, "只收 PNG 和 JPEG"),
        (picture("GIF"), "只收 PNG 和 JPEG"),
        (picture("WEBP"), "只收 PNG 和 JPEG"),
        (picture()[:200], "打不开"),
        (b"\x89PNG\r\n\x1a\n" + SVG, "打不开"),
        (picture(size=(6000, 6000)), "像素太多"),
        (b"\x89PNG\r\n\x1a\n" + bytes(MOST_BYTES), "超过 1 MB"),
    ],
    ids=["empty", "svg", "gif", "webp", "cut", "false", "pixels", "bytes"],
)
def test_anything_else_is_refused_in_words(content, said):
    with pytest.raises(Refused, match=said):
        read_logo(BytesIO(content))


def test_no_logo_is_no_logo():
    assert logo_of(None, "甲") is None
    assert logo_of(picture(), "甲").alternative == "甲"
