"""What a plan has cost after each quarter, as SVG text below the chart of the plan: the same columns, the same width.

The likely sum is a line of steps, low to high a band behind it. Only presentation attributes are written, as in
`gantt.py`; the numbers also stand in a table beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reports.gantt import MOST_LABELS, NAMES, PAD, WIDTH, text
from reports.ruler import INK, INK_2, LINE, STEEL, STEEL_SOFT, svg
from scoring.model import Costs

HEIGHT, TOP, FOOT = 168, 20, 24
TICKS = 4  # lines of the scale at most, above nothing
APART = 40  # drawing units between two sums that are written
WORDS = {
    "zh": {"likely": "最可能", "band": "低到高", "unit": "累计投入，万元"},
    "en": {"likely": "most likely", "band": "low to high", "unit": "spent, 10,000 yuan"},
}


def cost_curve(spent: Sequence[Costs], quarters: Sequence[str], title: str, lang: str = "zh") -> str:
    """Return the curve as SVG; `spent` is what has been spent when each quarter is over, `quarters` their names."""
    curve = _Curve(spent)
    parts = [*_scale(curve), *_columns(curve, quarters), _band(curve), *_likely(curve), *_legend(lang)]
    return svg(f"0 0 {WIDTH} {HEIGHT}", title, "".join(parts))


class _Curve:
    """Where a quarter and a sum stand in the drawing."""

    def __init__(self, spent: Sequence[Costs]) -> None:
        self.spent = spent
        self.column = (WIDTH - NAMES - PAD) / max(len(spent), 1)
        highest = max((one.high for one in spent), default=0)
        self.step = step_of(highest)
        self.most = self.step * max(1, -(-highest // self.step))

    def x(self, quarters: int) -> float:
        return NAMES + quarters * self.column

    def y(self, cost: int) -> float:
        return HEIGHT - FOOT - (HEIGHT - FOOT - TOP) * cost / self.most

    def steps(self, which: int) -> Iterator[tuple[float, float]]:
        """Yield the corners of the line of steps of the low (0), likely (1) or high (2) sums."""
        for number, costs in enumerate(self.spent):
            yield self.x(number), self.y(costs[which])
            yield self.x(number + 1), self.y(costs[which])


def step_of(most: int) -> int:
    """Return the step of a scale up to `most`: 1, 2 or 5 times a power of ten, at most TICKS of them."""
    power = 1
    while True:
        for times in (1, 2, 5):
            if times * power * TICKS >= most:
                return times * power
        power *= 10


def _scale(curve: _Curve) -> Iterator[str]:
    for cost in range(0, curve.most + 1, curve.step):
        y = curve.y(cost)
        yield f'<path d="M{NAMES} {y:.1f}H{WIDTH - PAD}" stroke="{LINE}"/>'
        yield text(f"{NAMES - 8}", round(y) + 4, f"{cost:,}", INK_2, 11, end=True)


def _columns(curve: _Curve, quarters: Sequence[str]) -> Iterator[str]:
    every = -(-len(curve.spent) // MOST_LABELS)
    for number, name in enumerate(quarters[: len(curve.spent)]):
        if number % every == 0:
            yield text(f"{curve.x(number):.1f}", HEIGHT - 8, name, INK_2, 11)


def _band(curve: _Curve) -> str:
    around = [*curve.steps(2), *reversed(list(curve.steps(0)))]
    corners = "L".join(f"{x:.1f} {y:.1f}" for x, y in around)
    return f'<path d="M{corners}Z" fill="{STEEL_SOFT}" fill-opacity="0.8"/>' if around else ""


def _likely(curve: _Curve) -> Iterator[str]:
    corners = "L".join(f"{x:.1f} {y:.1f}" for x, y in curve.steps(1))
    yield f'<path d="M{corners}" fill="none" stroke="{STEEL}" stroke-width="2"/>' if corners else ""
    free, before = float(NAMES), -1
    for number, costs in enumerate(curve.spent):
        end = curve.x(number + 1)
        if costs.likely != before and end - free >= APART:
            yield text(f"{end - 4:.1f}", round(curve.y(costs.likely)) - 5, f"{costs.likely:,}", INK, 11, end=True)
            free, before = end, costs.likely


def _legend(lang: str) -> Iterator[str]:
    words = WORDS[lang]
    yield text("0", TOP + 4, words["unit"], INK, 12)
    yield f'<path d="M0 {TOP + 22}H20" stroke="{STEEL}" stroke-width="2"/>'
    yield text("28", TOP + 26, words["likely"], INK_2, 11)
    yield f'<rect x="0" y="{TOP + 36}" width="20" height="10" fill="{STEEL_SOFT}"/>'
    yield text("28", TOP + 45, words["band"], INK_2, 11)
