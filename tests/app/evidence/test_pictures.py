"""Small pictures: drawn anew, upright, without anything that the photo carried; monsters are not opened."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, ImageFile

from app.evidence import pictures
from app.evidence.kinds import Faulty, Kind
from tests.app.evidence import samples as made

pytestmark = pytest.mark.usefixtures("speaking")


def small(content: bytes, kind: Kind) -> bytes | None:
    return pictures.small(BytesIO(content), kind)


@pytest.mark.parametrize("kind", [Kind.JPEG, Kind.PNG, Kind.WEBP])
def test_a_photo_gets_a_small_picture_of_its_shape(kind):
    drawn = Image.open(BytesIO(small(made.picture(kind.value.upper(), (1200, 800)), kind)))

    assert (drawn.format, drawn.size) == ("JPEG", (192, 128))
    assert len(small(made.picture(kind.value.upper(), (1200, 800)), kind)) < 10_000


def test_neither_place_nor_time_of_a_photo_is_in_its_small_picture():
    photo = made.photo_with_place()
    drawn = Image.open(BytesIO(small(photo, Kind.JPEG)))

    assert Image.open(BytesIO(photo)).getexif().get_ifd(0x8825)[1] == "N"
    assert dict(drawn.getexif()) == {}
    assert set(drawn.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_photo_taken_upright_is_shown_upright():
    assert Image.open(BytesIO(small(made.photo_with_place(), Kind.JPEG))).size == (144, 192)


def test_what_is_clear_is_shown_white():
    clear = BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(clear, "PNG")

    assert Image.open(BytesIO(small(clear.getvalue(), Kind.PNG))).getpixel((25, 25)) == (255, 255, 255)


@pytest.mark.parametrize("kind", [Kind.HEIC, Kind.PDF, Kind.TEXT, Kind.WORD])
def test_other_kinds_have_none(kind):
    assert small(b"anything", kind) is None


@pytest.mark.parametrize("size", [(20_000, 20_000), (60_000, 60_000)])
def test_a_picture_that_claims_hundreds_of_millions_of_pixels_is_refused_unopened(size):
    with pytest.raises(Faulty, match="像素多得不正常"):
        small(made.monstrous_png(*size), Kind.PNG)


def test_a_large_but_possible_picture_is_taken_without_a_small_one():
    assert small(made.monstrous_png(6000, 5000), Kind.PNG) is None


@pytest.mark.parametrize("elsewhere", [True, False], ids=["beside a printed report", "alone"])
@pytest.mark.parametrize("kind", [Kind.JPEG, Kind.PNG, Kind.WEBP])
def test_half_a_photo_is_refused(kind, elsewhere, monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", elsewhere)
    whole = made.picture(kind.value.upper(), (1200, 800))

    with pytest.raises(Faulty, match="已损坏"):
        small(whole[: len(whole) // 2], kind)
    assert ImageFile.LOAD_TRUNCATED_IMAGES is elsewhere


def test_a_picture_of_another_kind_than_its_head_says_is_refused():
    with pytest.raises(Faulty):
        small(made.picture("GIF"), Kind.PNG)
