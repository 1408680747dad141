"""Pictures: as wide as asked for, the same each time, with every letter, and reading nothing but fonts."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, ImageChops

from reports import fonts
from reports.pictures import picture

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20" role="img"><title>{title}</title>{inner}</svg>'
TEXT = '<text x="2" y="16" font-size="14" font-family="Zhizhen Sans, Noto Sans CJK SC">{}</text>'


def drawn(inner: str, title: str = "题", pixels: int = 240) -> Image.Image:
    return Image.open(BytesIO(picture(DRAWING.format(title=title, inner=inner), pixels).png)).convert("L")


def test_a_picture_has_the_width_asked_for_the_shape_of_its_drawing_and_its_alternative():
    made = picture(DRAWING.format(title="甲 &lt; 乙 &amp; 丙", inner=""), 300)

    assert Image.open(BytesIO(made.png)).size == (300, 100)
    assert (made.width, made.height, made.alternative) == (60, 20, "甲 < 乙 & 丙")


def test_the_ground_is_white():
    assert drawn("").getextrema() == (255, 255)


def test_the_same_drawing_gives_the_same_bytes():
    svg = DRAWING.format(title="题", inner=TEXT.format("同样的字"))

    assert picture(svg, 240).png == picture(svg, 240).png


def test_a_hatched_part_is_drawn():
    pattern = (
        '<pattern id="h" width="5" height="5" patternUnits="userSpaceOnUse"><path d="M0 0V5" stroke="#000"/></pattern>'
    )
    shades = drawn(f'<defs>{pattern}</defs><rect width="60" height="20" fill="url(#h)"/>').getextrema()

    assert shades[0] < 100
    assert shades[1] == 255


@pytest.mark.parametrize("letter", ["铁", "𬭊", "㛃", "䶮"])
def test_every_letter_is_drawn_and_no_box_in_its_place(letter):
    box = drawn(TEXT.format("\U000e0fff"))  # of no font
    found = drawn(TEXT.format(letter))

    assert found.getextrema()[0] < 128
    assert ImageChops.difference(found, box).getbbox() is not None


def test_only_a_letter_that_the_small_fonts_lack_needs_the_full_ones():
    assert all(file.parent == fonts.FOLDER for file in fonts.files_for("一级 规划\n", "Zhizhen Sans"))
    assert len(fonts.files_for("㛃", "Zhizhen Sans")) == 4


def test_a_drawing_that_shows_a_file_is_refused(tmp_path):
    Image.new("RGB", (9, 9), "red").save(tmp_path / "secret.png")

    with pytest.raises(ValueError, match="from elsewhere"):
        drawn(f'<image href="{tmp_path / "secret.png"}" width="9" height="9"/>')
