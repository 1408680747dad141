"""The chart of quartiles: a band from the lower to the upper, a line at the median, a diamond where the firm stands."""

from __future__ import annotations

import re
from fractions import Fraction
from xml.etree import ElementTree as ET

from reports.quartile_chart import Standing, quartile_chart
from scoring.coarse import Quartiles
from scoring.exact import Bounds, exactly

SVG = "{http://www.w3.org/2000/svg}"
AROUND = Quartiles(7, Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))
ROWS = [
    Standing("技术", exactly(Fraction(3, 5)), AROUND, strong=True),
    Standing("数据", Bounds(Fraction(1, 5), Fraction(2, 5)), AROUND),
    Standing("网络", exactly(Fraction(1)), None),
]


def words(drawn: str) -> list[str]:
    return [text.text or "" for text in ET.fromstring(drawn).iter(f"{SVG}text")]


def test_the_band_goes_from_the_lower_to_the_upper_quartile():
    # 516 drawing units from 0 to 1, beginning at 110: a quarter is 129
    bands = re.findall(
        r'<rect x="([\d.]+)" y="\d+" width="([\d.]+)" height="12" fill="#d9e8f3" stroke', quartile_chart(ROWS, "题")
    )

    assert bands[1:] == [("239.0", "258.0")] * 2  # the first one is in the legend; the last row has none


def test_the_median_and_the_firm_stand_where_their_scores_are():
    drawn = quartile_chart(ROWS, "题")

    assert "M368.0 32V48" in drawn
    assert "M419.6 35l5 5l-5 5l-5 -5z" in drawn  # 110 + 0.6 x 516


def test_what_is_open_is_a_line_between_two_empty_diamonds():
    drawn = quartile_chart(ROWS, "题")

    assert "M213.2 61H316.4" in drawn
    assert drawn.count('fill="#ffffff"') == 3  # both ends and the legend
    assert "本企业（待定）" in words(drawn)


def test_what_no_row_shows_is_not_in_the_legend():
    assert "本企业（待定）" not in words(quartile_chart(ROWS[:1], "题"))
    assert "本企业" not in words(quartile_chart(ROWS[1:2], "题"))


def test_it_speaks_both_languages_and_writes_no_style_attribute():
    drawn = quartile_chart(ROWS, "Peers & us", "en")

    assert "<title>Peers &amp; us</title>" in drawn
    assert "middle half of the peers" in words(drawn)
    assert "style=" not in drawn
    assert [one for one in words(drawn) if one[0] in "01"] == ["0", "0.2", "0.4", "0.6", "0.8", "1"]


def test_the_words_of_the_legend_stay_in_the_drawing():
    for lang in ("zh", "en"):
        last = list(ET.fromstring(quartile_chart(ROWS, "题", lang)).iter(f"{SVG}text"))[:4][-1]

        assert float(last.get("x", "0")) + len(last.text or "") * (11 if lang == "zh" else 6) < 640
