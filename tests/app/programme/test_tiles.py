"""The tile map: every district once, and shades that say what the legend says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import app
from app.presentation import districts
from app.programme.tiles import PLACES, SHADES, shade, short_name, steps

STYLE = Path(app.__file__).parent / "static" / "programme.css"


def test_every_district_of_today_has_one_tile_and_no_two_share_a_place():
    today = {option.code for option in districts().values() if not option.retired}

    assert set(PLACES) == today
    assert len(set(PLACES.values())) == len(PLACES)


def test_names_are_short_enough_for_a_tile_and_differ():
    names = {short_name(option.text.zh) for option in districts().values() if not option.retired}

    assert len(names) == len(PLACES)
    assert max(map(len, names)) == 3
    assert {"两江", "沙坪坝", "石柱", "忠县"} <= names


@pytest.mark.parametrize(
    ("number", "most", "expected"), [(0, 5, 0), (1, 5, 1), (5, 5, 5), (1, 61, 1), (12, 61, 1), (13, 61, 2), (61, 61, 5)]
)
def test_a_tile_is_as_dark_as_its_share_of_the_greatest_number(number, most, expected):
    assert shade(number, most) == expected


@pytest.mark.parametrize("most", [5, 6, 7, 12, 61, 500])
def test_the_legend_covers_every_number_once_in_order(most):
    covered = [number for _shade, least, greatest in steps(most) for number in range(least, greatest + 1)]

    assert covered == list(range(most + 1))
    assert [key for key, _least, _most in steps(most)] == list(range(SHADES + 1))


@pytest.mark.parametrize("level", range(SHADES + 1))
def test_the_text_on_every_shade_can_be_read(level):
    style = STYLE.read_text(encoding="utf-8")
    ground, words = (
        re.search(rf"\.tile-map--{level} {part} \{{ fill: #([0-9a-f]{{6}}); \}}", style)[1] for part in ("rect", "text")
    )

    assert _contrast(ground, words) >= 4.5


def _contrast(one, other):
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour):
    channels = [int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
