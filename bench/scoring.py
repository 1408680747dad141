"""Exact scoring: full assessments a second in one process, beside the same sums in floats."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from datetime import date
from operator import mul

from bench.figures import Figure, in_turn
from scoring.loader import load_criteria
from scoring.maturity import CompiledMaturity, compile_maturity, lifts, tailored_tree
from scoring.model import MaturityCriteria

FIRMS, BAR = 20_000, 100_000


def measure() -> list[Figure]:
    """Measure exact scoring of random, fully answered firms on the real criteria."""
    criteria = load_criteria("gbt_39117_2020_discrete", date(2026, 11, 24))
    assert isinstance(criteria, MaturityCriteria)
    compiled = compile_maturity(criteria)
    answers = _random_answers(compiled)
    float_score = _float_scorer(criteria, compiled)
    rows = [[float(criteria.degrees[name]) for name in _names(compiled, answer)] for answer in answers]
    exact, floats, ratio = in_turn(lambda: _rate(compiled.score, answers), lambda: _rate(float_score, rows))
    return [
        Figure(
            name="exact scoring",
            value=exact,
            unit="full assessments/s, one process, 207 requirements, 5 levels, both totals",
            yardstick=f"floats with precomputed weights {floats:,.0f}/s",
            ratio=ratio,
            bar=f"value >= {BAR:,}",
            holds=exact >= BAR,
        )
    ]


def _random_answers(compiled: CompiledMaturity) -> list[bytes]:
    chance, codes = random.Random(90), sorted(compiled.codes.values())
    return [bytes(chance.choices(codes, k=len(compiled.requirements))) for _ in range(FIRMS)]


def _names(compiled: CompiledMaturity, answer: bytes) -> list[str]:
    by_code = {code: degree for degree, code in compiled.codes.items()}
    return [by_code[code] for code in answer]


def _rate(score: Callable[..., object], inputs: Sequence[object]) -> float:
    start = time.perf_counter()
    for one in inputs:
        score(one)
    return len(inputs) / (time.perf_counter() - start)


def _float_scorer(criteria: MaturityCriteria, compiled: CompiledMaturity) -> Callable[[Sequence[float]], object]:
    tree = tailored_tree(criteria, ())
    weights = []
    for level in range(1, len(criteria.bands) + 1):
        lift = lifts(tree, level, criteria.empty_level)
        places = [place for place, name in enumerate(compiled.requirements) if name in lift]
        weights.append((places, [float(lift[compiled.requirements[place]]) for place in places]))

    def score(degrees: Sequence[float]) -> tuple[int, float, float]:
        scores = [sum(map(mul, [degrees[p] for p in places], by)) for places, by in weights]
        counted = [1.0 if s >= 0.8 else s for s in scores]
        level = next((n for n, s in enumerate(counted) if s < 1.0), len(counted))
        return level, level + (counted[level] if level < len(counted) else 0.0), sum(counted)

    return score
