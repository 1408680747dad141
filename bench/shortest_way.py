"""The shortest way to the maturity level on 1,000 random firms, beside the full filling of the same firms."""

from __future__ import annotations

import time
from collections.abc import Sequence
from statistics import median

from bench.figures import Figure
from questionnaires.loader import load
from questionnaires.path import find_path
from scoring.assessment import assess_diagnosis
from scoring.deciding import Sight
from scoring.loader import load_all
from scoring.way import shortest_way
from tests.scoring.random_firms import DAY, LEVEL, PROFILES, QUESTIONNAIRE, Made, Walk, make_firm, walk

FIRMS, TIMED = 1000, 100
SAVED_BAR, COST_BAR = 0.5, 1.0


def measure() -> list[Figure]:
    """Walk with every firm until the level is settled; then take the work that one step takes."""
    criteria = load_all(DAY)
    firms = [make_firm(number) for number in range(FIRMS)]
    walks = [walk(firm, criteria) for firm in firms]
    return [_same(walks), _saved(walks), _step(firms[:TIMED])]


def _same(walks: Sequence[Walk]) -> Figure:
    same = sum(one.settled == one.full for one in walks)
    return Figure(
        "shortest_way level",
        same,
        f"of {FIRMS:,} random firms settle on the level of the full filling ({', '.join(PROFILES)})",
        f"the full filling {FIRMS:,}",
        same / FIRMS,
        "ratio = 1",
        same == FIRMS,
    )


def _saved(walks: Sequence[Walk]) -> Figure:
    saved = median(one.saved for one in walks)
    asked, whole = median(one.asked for one in walks), median(one.would_ask for one in walks)
    screens = median(one.screens for one in walks)
    return Figure(
        "shortest_way saved",
        100 * saved,
        f"% of the questions still open that decide a level are saved (median; {asked:g} asked on {screens:g} screens)",
        f"the full filling {whole:g} questions",
        saved,
        f"ratio >= {SAVED_BAR}",
        saved >= SAVED_BAR,
    )


def _step(firms: Sequence[Made]) -> Figure:
    """Take the processor's time for what is left of the way, half-way through a diagnosis, beside a full assessment."""
    criteria, questionnaire = load_all(DAY), load(QUESTIONNAIRE)
    ours, other = [], []
    for begun in (firm.begun for firm in firms):
        asked = find_path(questionnaire, begun.firm, begun.tailored).asked
        start = time.process_time()
        shortest_way(LEVEL, Sight(begun, criteria, ()), asked)
        middle = time.process_time()
        assess_diagnosis(begun, criteria)
        ours.append(1000 * (middle - start))
        other.append(1000 * (time.process_time() - middle))
    ratio = median(mine / theirs for mine, theirs in zip(ours, other, strict=True))
    return Figure(
        "shortest_way step",
        median(ours),
        "ms of work to find what can still change the level (median)",
        f"a full assessment {median(other):.1f} ms",
        ratio,
        f"ratio <= {COST_BAR}",
        ratio <= COST_BAR,
    )
