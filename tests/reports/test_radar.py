"""The radar: rings where the scores are, the open part between them, texts that hold under a strict content policy."""

from __future__ import annotations

import re
from fractions import Fraction
from xml.etree import ElementTree as ET

import pytest

from reports.radar import NARROW, radar
from scoring.exact import Bounds, exactly

MARK = Fraction(4, 5)
POINTS = [
    ("数据", Bounds(Fraction(1, 2), Fraction(3, 4))),
    ("集成", exactly(Fraction(4, 5))),
    ("网络", exactly(1)),
    ("装备", exactly(0)),
]
SVG = "{http://www.w3.org/2000/svg}"


def corners(path: ET.Element) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML]([\d.]+) ([\d.]+)", path.get("d", ""))]


def paths(svg: str) -> list[ET.Element]:
    return ET.fromstring(svg).findall(f"{SVG}path")


def test_a_part_stands_as_far_from_the_middle_as_its_score():
    low = corners(paths(radar(POINTS, MARK, "得分"))[-2])

    # Above, right, below, left of the middle at 180, 158; a full score is 100 away.
    assert low == [(180, 108), (260, 158), (180, 258), (180, 158)]


def test_what_is_open_is_the_hatched_part_between_the_low_and_the_high_end():
    between = next(path for path in paths(radar(POINTS, MARK, "得分")) if path.get("fill") == "url(#radar)")

    assert between.get("fill-rule") == "evenodd"
    assert corners(between)[:4] == [(180, 83), (260, 158), (180, 258), (180, 158)]
    assert corners(between)[4:] == [(180, 108), (260, 158), (180, 258), (180, 158)]


def test_the_pass_mark_is_a_dashed_ring_with_its_number():
    svg = radar(POINTS, MARK, "得分")
    ring = paths(svg)[-1]

    assert ring.get("stroke-dasharray")
    assert corners(ring)[0] == (180, 78)
    assert "达标线 0.8" in svg


def test_the_drawing_speaks_for_itself():
    drawn = ET.fromstring(radar(POINTS, MARK, "各能力域得分：数据 <0.50>"))

    assert drawn.get("role") == "img"
    assert drawn[0].text == "各能力域得分：数据 <0.50>"


@pytest.mark.parametrize(("lang", "name"), [("zh", "供应链协同与物流配送"), ("en", "Organisation and strategy")])
def test_a_long_name_takes_several_lines_and_stays_inside(lang, name):
    texts = ET.fromstring(radar([(name, exactly(1))] * 8, MARK, "x", lang)).findall(f"{SVG}text")
    lines = [text.text or "" for text in texts]
    step = {"zh": 12, "en": 6}[lang]

    assert "".join(lines[:2]).replace(" ", "") == name.replace(" ", "")
    for text in texts:
        x, length = float(text.get("x", 0)), step * len(text.text or "")
        left = {"start": x, "middle": x - length / 2, "end": x - length}[text.get("text-anchor", "")]
        assert left >= 0
        assert left + length <= NARROW


def test_a_wider_drawing_has_room_at_its_sides_and_the_same_size():
    narrow, wide = (corners(paths(radar(POINTS, MARK, "x", width=width))[-1]) for width in (360, 640))

    assert [(x + 140, y) for x, y in narrow] == wide


def test_it_holds_under_a_strict_content_policy():
    svg = radar([("<b>", exactly(1))] * 3, MARK, "x")

    assert "style=" not in svg
    assert "<b>" not in svg
