"""The cost curve: every quarter a step, low to high a band, and a scale that ends above the highest sum."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from reports.cost_curve import cost_curve, step_of
from scoring.model import Costs

SVG = "{http://www.w3.org/2000/svg}"
SPENT = [Costs(10, 20, 40), Costs(10, 20, 40), Costs(30, 60, 100)]
QUARTERS = ["2027Q1", "2027Q2", "2027Q3"]


def words(drawn: str) -> list[str]:
    return [text.text or "" for text in ET.fromstring(drawn).iter(f"{SVG}text")]


@pytest.mark.parametrize(("most", "step"), [(0, 1), (1, 1), (4, 1), (5, 2), (40, 10), (41, 20), (1842, 500), (90, 50)])
def test_the_scale_goes_by_ones_twos_and_fives_in_four_steps_at_most(most, step):
    assert step_of(most) == step


def test_the_likely_sum_is_a_line_of_steps():
    # 472 units for three quarters from 220 on; 124 units of height for 0 to 100
    line = re.search(r'<path d="M([^"]+)" fill="none" stroke="#0b5a8f"', cost_curve(SPENT, QUARTERS, "题"))

    assert line is not None
    assert line[1] == "220.0 119.2L377.3 119.2L377.3 119.2L534.7 119.2L534.7 69.6L692.0 69.6"


def test_a_sum_is_written_where_it_changes_and_each_quarter_is_named():
    said = words(cost_curve(SPENT, QUARTERS, "题"))

    assert said.count("20") == 1
    assert said.count("60") == 1
    assert said[-3:] == ["累计投入，万元", "最可能", "低到高"]
    assert [one for one in said if "Q" in one] == QUARTERS
    assert [one for one in said if one in ("0", "50", "100")] == ["0", "50", "100"]


def test_forty_quarters_are_not_all_named_and_their_sums_do_not_meet():
    many = [Costs(n, n * 2, n * 3) for n in range(1, 41)]
    drawn = cost_curve(many, [f"{2027 + n // 4}Q{n % 4 + 1}" for n in range(40)], "题")
    ends = [float(x) for x in re.findall(r'x="([\d.]+)"[^>]*fill="#16242f" text-anchor="end"', drawn)]

    assert len([one for one in words(drawn) if "Q" in one]) == 10
    assert all(right - left >= 39 for left, right in pairwise(ends))


def test_it_speaks_english_too_and_writes_no_style_attribute():
    drawn = cost_curve(SPENT, QUARTERS, "Spent & planned", "en")

    assert "<title>Spent &amp; planned</title>" in drawn
    assert "most likely" in words(drawn)
    assert "style=" not in drawn


def test_nothing_spent_is_drawn_as_an_empty_scale():
    assert words(cost_curve([], [], "题"))[:2] == ["0", "1"]
