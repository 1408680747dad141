"""Bar charts of the report as ECharts options, drawn as SVG without a browser.

Exact bounds become floats only here, for drawing; every number also stands in a table beside its picture.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from questionnaires.model import Text
from reports import wording
from reports.language import Language
from reports.plain_drawing import plain
from reports.ruler import GAP, INK, INK_2, LINE, STEEL, STEEL_SOFT
from scoring.exact import Bounds

if TYPE_CHECKING:
    from py_mini_racer import MiniRacer

ECHARTS = Path(__file__).resolve().with_name(".vendor") / "echarts.min.js"
FAMILY = "Zhizhen Sans,Noto Sans CJK SC,PingFang SC,Microsoft YaHei,sans-serif"
WORDS = {
    "zh": {"certain": "已确定", "open": "未答题留下的余地", "pass": "达标线"},
    "en": {"certain": "certain", "open": "left open by missing answers", "pass": "pass mark"},
}

NAMES_WIDTH = {"zh": 118, "en": 158}  # drawing units beside lying bars

Options = dict[str, Any]
Points = Sequence[tuple[str, Bounds]]


class ChartsMissing(Exception):
    """The charting library has not been set up; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart: its message as title, ECharts options, size in drawing units and the text that can stand for it."""

    title: str
    options: Options
    width: int
    height: int
    alternative: str


def level_bars(scores: Mapping[int, Bounds], names: Sequence[Text], pass_mark: Fraction, lang: str = "zh") -> Options:
    """Return bars of the level scores 0–1, certain part solid and open part hatched, with the pass mark as a line."""
    labels = [_level_label(level, names, lang) for level in sorted(scores)]
    bounds = [scores[level] for level in sorted(scores)]
    axis = {"type": "category", "data": labels, "axisLabel": _font(11, INK), **_quiet_axis()}
    return _canvas(lang) | {
        "grid": {"left": 36, "right": 60, "top": 34, "bottom": 26},
        "xAxis": axis,
        "yAxis": _score_axis(),
        "series": _stack(bounds, pass_mark, lang, width=44),
    }


def part_bars(points: Points, pass_mark: Fraction, lang: str = "zh") -> Options:
    """Return lying bars of the parts' scores at one level, in the given order from the top."""
    axis = {"type": "category", "inverse": True, "data": [name for name, _ in points], "axisLabel": _font(10, INK)}
    return _canvas(lang) | {
        "grid": {"left": NAMES_WIDTH[lang], "right": 30, "top": 30, "bottom": 22},
        "yAxis": axis | _quiet_axis(),
        "xAxis": _score_axis(),
        "series": _stack([bounds for _, bounds in points], pass_mark, lang, width=10),
    }


def alternative(points: Points, language: Language) -> str:
    """Return the numbers of a picture as one sentence, for those who cannot see it."""
    return language.clauses(f"{name} {wording.bounds_text(bounds)}" for name, bounds in points)


def svg(options: Options, width: int, height: int, title: str) -> str:
    """Draw ECharts options as SVG text with `title` as its text alternative. One warm context a process.

    Raises ChartsMissing when the charting library has not been set up.
    """
    drawn: str = _context(ECHARTS).call("draw", json.dumps(options), width, height)
    return plain(drawn, title)


DRAW = """
function draw(options, width, height) {
  const chart = echarts.init(null, null, {renderer: "svg", ssr: true, width: width, height: height});
  chart.setOption(JSON.parse(options));
  const text = chart.renderToSVGString();
  chart.dispose();
  return text;
}
"""


@cache
def _context(library: Path) -> MiniRacer:
    from py_mini_racer import MiniRacer  # noqa: PLC0415  # V8 is loaded only where a picture is drawn

    if not library.exists():
        raise ChartsMissing(f"{library.name} 不在 {library.parent}：请运行 script/setup 取得图表库。Run script/setup.")
    context = MiniRacer()
    context.eval(library.read_text(encoding="utf-8"))
    context.eval(DRAW)
    return context


def _canvas(lang: str) -> Options:
    legend = {"top": 0, "right": 0, "itemWidth": 14, "itemHeight": 8, "textStyle": _font(10, INK_2)}
    words = WORDS[lang]
    signs = [{"name": words["certain"], "icon": "rect"}, {"name": words["open"], "icon": "rect"}, words["pass"]]
    return {"animation": False, "textStyle": {"fontFamily": FAMILY}, "legend": legend | {"data": signs}}


def _font(size: int, colour: str) -> Options:
    return {"fontFamily": FAMILY, "fontSize": size, "color": colour}


def _quiet_axis() -> Options:
    return {"axisTick": {"show": False}, "axisLine": {"lineStyle": {"color": LINE}}}


def _score_axis() -> Options:
    lines = {"splitLine": {"lineStyle": {"color": LINE}}, "axisLabel": _font(10, INK_2)}
    return {"type": "value", "min": 0, "max": 1, "interval": 0.2} | lines


def _level_label(level: int, names: Sequence[Text], lang: str) -> str:
    if lang == "zh":
        return f"{wording.level_word(level).zh} {names[level - 1].zh.removesuffix('级')}"
    return f"{level} {names[level - 1].en}"


def _stack(bounds: Sequence[Bounds], pass_mark: Fraction, lang: str, width: int) -> list[Options]:
    words = WORDS[lang]
    hatch = {"symbol": "rect", "dashArrayX": [1, 0], "dashArrayY": [2, 3], "rotation": -0.785, "color": STEEL}
    common: Options = {"type": "bar", "stack": "score", "barWidth": width}
    mark = {"symbol": "none", "silent": True, "lineStyle": {"color": GAP, "type": "dashed", "width": 1.4}}
    lows, opens = [b.low for b in bounds], [b.high - b.low for b in bounds]
    certain = {"name": words["certain"], "data": _drawn(lows), "itemStyle": {"color": STEEL}}
    left_open = {"name": words["open"], "data": _drawn(opens), "itemStyle": {"color": STEEL_SOFT, "decal": hatch}}
    line_axis = "yAxis" if width > 20 else "xAxis"
    pass_line = {"markLine": mark | {"data": [{line_axis: float(pass_mark)}], "label": {"show": False}}}
    legend_only = {"name": words["pass"], "type": "line", "data": [], "symbol": "none", "lineStyle": mark["lineStyle"]}
    return [common | certain | pass_line, common | left_open, legend_only | {"itemStyle": {"color": GAP}}]


def _drawn(values: Sequence[Fraction]) -> list[float]:
    return [round(float(value), 4) for value in values]
