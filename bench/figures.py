"""One figure: what was measured, beside what, and whether it holds its bar."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

LATEST = Path(__file__).parent / "latest.json"


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value, its yardstick, and the bar it is held to."""

    name: str
    value: float
    unit: str
    yardstick: str  # what it is compared with, measured in the same run, with its value
    ratio: float
    bar: str
    holds: bool

    def line(self) -> str:
        """Return the figure as one line for people."""
        mark = "holds" if self.holds else "MISSED"
        return (
            f"{self.name}: {self.value:,.4g} {self.unit} | yardstick {self.yardstick} | "
            f"ratio {self.ratio:.3g} | bar {self.bar} | {mark}"
        )


def in_turn(ours: Callable[[], float], other: Callable[[], float], pairs: int = 5) -> tuple[float, float, float]:
    """Measure both in turn, `pairs` times: medians of ours and the other, and the median of the ratios of the pairs."""
    measured = [(ours(), other()) for _ in range(pairs)]
    return (
        median(mine for mine, _ in measured),
        median(theirs for _, theirs in measured),
        median(mine / theirs for mine, theirs in measured),
    )


def write_latest(figures: list[Figure]) -> None:
    """Replace the figures of the same names in `latest.json`, keep the others."""
    kept = json.loads(LATEST.read_text()) if LATEST.exists() else []
    names = {figure.name for figure in figures}
    rows = [row for row in kept if row["name"] not in names] + [asdict(figure) for figure in figures]
    LATEST.write_text(json.dumps(sorted(rows, key=lambda row: row["name"]), ensure_ascii=False, indent=1) + "\n")
