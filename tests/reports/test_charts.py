"""Charts: the options say what the numbers say, and the SVG carries its text alternative and Chinese letters."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from questionnaires.model import Text
from reports import charts
from reports.language import CHINESE
from scoring.exact import Bounds, exactly

MARK = Fraction(4, 5)
POINTS = [("数据", Bounds(Fraction(1, 2), Fraction(3, 4))), ("集成", exactly(Fraction(4, 5))), ("网络", exactly(1))]
NAMES = (Text("规划级", "Planning"), Text("规范级", "Rules"))


def test_level_bars_stack_the_open_part_on_the_certain_one():
    series = charts.level_bars({1: exactly(1), 2: Bounds(Fraction(1, 4), Fraction(1, 2))}, NAMES, MARK)["series"]

    assert [one["data"] for one in series[:2]] == [[1.0, 0.25], [0.0, 0.25]]
    assert series[0]["markLine"]["data"] == [{"yAxis": 0.8}]


def test_lying_bars_keep_the_given_order_and_mark_the_pass_mark():
    options = charts.part_bars(POINTS, MARK)

    assert options["yAxis"]["data"] == ["数据", "集成", "网络"]
    assert options["series"][0]["markLine"]["data"] == [{"xAxis": 0.8}]


def test_the_alternative_says_every_number():
    assert charts.alternative(POINTS, CHINESE) == "数据 0.50–0.75；集成 0.80；网络 1.00"


def test_a_picture_is_well_formed_and_speaks_for_itself():
    svg = ET.fromstring(charts.svg(charts.part_bars(POINTS, MARK), 640, 360, "得分 <图>"))

    assert svg[0].tag.endswith("title")
    assert svg[0].text == "得分 <图>"
    assert {"数据", "集成", "网络"} <= {text.text for text in svg.iter("{http://www.w3.org/2000/svg}text")}


def test_a_missing_charting_library_is_named_with_the_remedy(monkeypatch):
    monkeypatch.setattr(charts, "ECHARTS", Path("/nowhere/echarts.min.js"))

    with pytest.raises(charts.ChartsMissing, match="script/setup"):
        charts.svg({}, 10, 10, "")
