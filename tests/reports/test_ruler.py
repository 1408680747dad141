"""The ruler and the bar: what is certain is solid, what is open is hatched, and no style attribute is written."""

from __future__ import annotations

import re
from fractions import Fraction
from xml.etree import ElementTree as ET

import pytest

from questionnaires.model import Text
from reports.ruler import bar, ruler
from scoring.exact import Bounds, exactly

NAMES = tuple(
    Text(f"{zh}级", en)
    for zh, en in (("规划", "Planning"), ("规范", "Rules"), ("集成", "Joined"), ("优化", "Better"), ("引领", "Lead"))
)
SVG = "{http://www.w3.org/2000/svg}"


def between(low: str, high: str) -> Bounds:
    return Bounds(Fraction(low), Fraction(high))


def boxes(svg: str) -> list[tuple[float, float, str]]:
    """Left edge, width and fill of every box on the scale."""
    found = (box for box in ET.fromstring(svg).findall(f"{SVG}rect"))
    return [(float(box.get("x", 0)), float(box.get("width", 0)), box.get("fill", "")) for box in found]


def test_the_certain_part_is_solid_and_the_open_part_hatched():
    drawn = boxes(ruler(between("2", "5/2"), exactly(2), NAMES))

    assert drawn == [(20, 600, "#f4f6f8"), (20, 240, "#0b5a8f"), (260, 60, "url(#ruler)")]


def test_a_settled_total_has_no_hatched_part():
    fills = {fill for _, _, fill in boxes(ruler(exactly(2), exactly(2), NAMES))}

    assert "url(#ruler)" not in fills


@pytest.mark.parametrize(("level", "says"), [(0, "一级门槛 0.8"), (2, "三级门槛 2.8"), (4, "五级门槛 4.8")])
def test_the_next_threshold_is_a_line_with_its_number(level, says):
    assert f">{says}<" in ruler(exactly(level), exactly(level), NAMES)


def test_the_value_ends_where_the_bar_ends_so_that_the_threshold_does_not_cross_it():
    svg = ruler(between("2.64", "2.67"), exactly(2), NAMES)
    value = next(text for text in ET.fromstring(svg).findall(f"{SVG}text") if text.text == "2.64–2.67")

    assert (value.get("x"), value.get("text-anchor")) == ("340.4", "end")


def test_at_the_highest_level_there_is_no_next_threshold():
    assert "门槛" not in ruler(exactly(5), exactly(5), NAMES)


def test_only_a_settled_level_is_named_in_bold():
    settled, still_open = ruler(exactly(2), exactly(2), NAMES), ruler(between("1", "2"), between("1", "2"), NAMES)

    assert re.search(r'font-weight="700">二级 规范<', settled)
    assert not re.search(r'font-weight="700">[一二三四]级', still_open)


def test_the_drawing_speaks_for_itself_in_both_languages():
    total, level = between("241/100", "247/100"), exactly(2)

    assert "<title>成熟度总分 2.41–2.47，二级（规范级）</title>" in ruler(total, level, NAMES)
    assert "<title>Total 2.41–2.47, level 2 (Rules)</title>" in ruler(total, level, NAMES, "en")
    assert "等级在一级（规划级）与二级（规范级）之间" in ruler(between("1", "2"), between("1", "2"), NAMES)


def test_a_bar_shows_value_open_part_and_threshold():
    svg = bar(between("40", "60"), Fraction(50), None, "占比", "key")

    assert boxes(svg) == [(0, 150, "#e9eef2"), (0, 60, "#6b7682"), (60, 30, "url(#key)")]
    assert 'd="M75 0V12"' in svg


def test_a_bar_never_leaves_its_frame():
    drawn = boxes(bar(between("-20", "130"), Fraction(50), True, "变化", "key"))

    assert all(left >= 0 and left + width <= 150 for left, width, _ in drawn)


@pytest.mark.parametrize("svg", [ruler(between("1", "2"), exactly(1), NAMES), bar(exactly(4), None, True, "<b>", "k")])
def test_drawings_hold_under_a_strict_content_policy_and_escape_texts(svg):
    ET.fromstring(svg)

    assert "style=" not in svg
    assert "<b>" not in svg
    assert 'role="img"' in svg
