"""The chapter on capability maturity as it is printed: levels, scores, pictures and parts."""

from __future__ import annotations

from dataclasses import dataclass

from reports.charts import Chart
from reports.model_pieces import Drawing, Pair, Ref, State


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One maturity level with its score and whether it is met."""

    name: str
    score: str
    state: State


@dataclass(frozen=True, slots=True)
class PartRow:
    """One element (depth 1), domain (2) or subdomain (3): share of the whole and scores level by level."""

    depth: int
    name: str
    weight: str
    scores: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Maturity:
    """The chapter on GB/T 39117: level, scores, pictures, parts, and what was tailored."""

    sentence: str
    ref: Ref
    coverage: str
    totals: str
    levels: tuple[LevelRow, ...]
    charts: tuple[Chart | Drawing, ...]
    level_heads: tuple[str, ...]
    parts: tuple[PartRow, ...]
    tailored: tuple[Pair, ...]
    settle: tuple[str, ...]
