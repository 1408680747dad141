"""The improvement plan: how long the proven cheapest way takes, and how much dearer two rules of thumb are.

`prove` holds the costs of very many plans against trying everything and against another solver; it takes long.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from statistics import median

from bench.figures import Figure
from scoring.assessment import assess_diagnosis
from scoring.goals import reached
from scoring.model import Improvement
from scoring.plan import ImprovementPlan, Result, choose
from scoring.what_if import after_projects
from tests.scoring.make import VALUES
from tests.scoring.plans import Instance, cheapest_by_trying, small
from tests.scoring.plans_by_cbc import PASS, cheapest_by_cbc, degrees_now, made_up, shares_of, shipped

FIRMS = 50
MEDIAN_MS, WORST_MS, WORST_LARGE_MS = 100, 500, 2000
TRIED, SOLVED = 1000, 200
Chosen = list[Improvement]


def measure() -> list[Figure]:
    """Plan for random firms with 60 and with 200 improvements over the 207 requirements, one maturity goal each."""
    usual = [made_up(number, 60) for number in range(FIRMS)]
    large = [made_up(number, 200) for number in range(FIRMS)]
    ours, other = _times(usual)
    ours_large, other_large = _times(large)
    return [
        _speed("plan median", 60, median, ours, other, MEDIAN_MS),
        _speed("plan worst", 60, max, ours, other, WORST_MS),
        _speed("plan worst, large catalogue", 200, max, ours_large, other_large, WORST_LARGE_MS),
        _saving("plan beside largest gap first", usual, _largest_gap),
        _saving("plan beside best ratio first", usual, _best_ratio),
    ]


def _times(instances: Sequence[Instance]) -> tuple[list[float], list[float]]:
    """Return milliseconds of every plan and of CBC for the same one, in turn."""
    ours, other = [], []
    _plan(instances[0])  # what is compiled once is no part of any plan
    for instance in instances:
        start = time.perf_counter()
        _plan(instance)
        middle = time.perf_counter()
        cheapest_by_cbc(instance)
        ours.append(1000 * (middle - start))
        other.append(1000 * (time.perf_counter() - middle))
    return ours, other


def _plan(instance: Instance) -> ImprovementPlan:
    return choose(instance.filled, instance.criteria, instance.goals)


def _speed(
    name: str,
    improvements: int,
    of: Callable[[Iterable[float]], float],
    ours: Sequence[float],
    other: Sequence[float],
    most: int,
) -> Figure:
    value, theirs = of(ours), of(other)
    return Figure(
        name,
        value,
        f"ms for a proven cheapest plan, {improvements} improvements, 207 requirements ({len(ours)} random firms)",
        f"CBC through PuLP {theirs:,.0f} ms",
        value / theirs,
        f"value <= {most:,}",
        value <= most,
    )


# --- rules of thumb ---------------------------------------------------------------------------------------------------


def _saving(name: str, instances: Sequence[Instance], rule: Callable[[_Firm], Chosen]) -> Figure:
    """Return how much cheaper the plan is than a rule of thumb that keeps prerequisites and exclusions too."""
    plans = [(plan, instance) for instance in instances if (plan := _plan(instance)).result is Result.REACHED]
    pairs = [(plan.cost.likely, _follow(_Firm(instance), rule)) for plan, instance in plans]
    reaching = [(ours, theirs) for ours, theirs in pairs if theirs is not None]
    saved = median(100 * (1 - ours / theirs) for ours, theirs in reaching)
    return Figure(
        name,
        saved,
        f"% saved (median of {len(reaching)} firms; the rule ends in nothing for {len(pairs) - len(reaching)})",
        f"the rule costs {median(theirs for _ours, theirs in reaching):,.0f} in the median",
        median(ours / theirs for ours, theirs in reaching),
        "ratio <= 1",
        all(ours <= theirs for ours, theirs in reaching),
    )


class _Firm:
    """A firm on the way to its level: what is done, and what each improvement would still bring."""

    def __init__(self, instance: Instance) -> None:
        self.improvements = {one.id: one for one in instance.criteria.improvements}
        self.degrees = dict(degrees_now(instance.filled))
        self.levels = shares_of(instance)
        self.done: set[str] = set()

    @property
    def open_level(self) -> Mapping[str, Fraction] | None:
        """The shares of the first level that is not reached; None when all are."""
        return next((by for by in self.levels if self._score(by, self.degrees) < PASS), None)

    def _score(self, by: Mapping[str, Fraction], degrees: Mapping[str, Fraction]) -> Fraction:
        return sum((share * degrees[name] for name, share in by.items()), Fraction(0))

    def bundle(self, one: Improvement) -> Chosen | None:
        """Return an improvement with all that it still needs first; None where something done excludes part of it."""
        wanted, whole = [one], dict[str, Improvement]()
        while wanted:
            now = wanted.pop()
            whole[now.id] = now
            wanted += [self.improvements[name] for name in now.requires if name not in {*self.done, *whole}]
        together = {*self.done, *whole}
        excluded = any(name in together for each in together for name in self.improvements[each].excludes)
        return None if excluded else list(whole.values())

    def bundles(self) -> Iterator[Chosen]:
        """Yield what can be done next."""
        for one in self.improvements.values():
            if one.id not in self.done and (bundle := self.bundle(one)):
                yield bundle

    def gain(self, bundle: Chosen) -> Fraction:
        """Return what a bundle adds to the open level."""
        by = self.open_level or {}
        return self._score(by, self._after(bundle)) - self._score(by, self.degrees)

    def _after(self, bundle: Chosen) -> dict[str, Fraction]:
        after = dict(self.degrees)
        for one in bundle:
            after |= {name: max(after[name], VALUES[degree]) for name, degree in one.lifts.items()}
        return after

    def do(self, bundle: Chosen) -> None:
        self.degrees = self._after(bundle)
        self.done |= {one.id for one in bundle}


def _follow(firm: _Firm, rule: Callable[[_Firm], Chosen]) -> int | None:
    while firm.open_level is not None:
        bundle = rule(firm)
        if not bundle:
            return None
        firm.do(bundle)
    return sum(firm.improvements[name].cost.likely for name in firm.done)


def _largest_gap(firm: _Firm) -> Chosen:
    """Take the requirement that is missing most, and the cheapest that lifts it furthest."""
    by = firm.open_level or {}
    for name in sorted(by, key=lambda one: by[one] * (1 - firm.degrees[one]), reverse=True):
        lifting = [
            (VALUES[bundle[0].lifts[name]], -_cost(bundle), bundle)
            for bundle in firm.bundles()
            if VALUES[bundle[0].lifts.get(name, "none")] > firm.degrees[name]
        ]
        if lifting:
            return max(lifting, key=lambda one: one[:2])[2]
    return []


def _best_ratio(firm: _Firm) -> Chosen:
    """Take what adds most to the open level for its cost, with what it needs first."""
    gains = [(firm.gain(bundle) / _cost(bundle), bundle) for bundle in firm.bundles()]
    best, bundle = max(gains, key=lambda one: one[0], default=(Fraction(0), []))
    return bundle if best else []


def _cost(bundle: Chosen) -> int:
    return sum(one.cost.likely for one in bundle)


# --- proof ------------------------------------------------------------------------------------------------------------


def prove() -> list[Figure]:
    """Hold very many plans against trying everything and against another solver; some twenty minutes."""
    tried = [small(number, most=20) for number in range(TRIED)]
    solved = [shipped(number) if number % 2 else made_up(number, 40 + number % 41) for number in range(SOLVED)]
    same_tried, reached_tried, wrong_tried = _same(tried, cheapest_by_trying)
    same_solved, reached_solved, wrong_solved = _same(solved, cheapest_by_cbc)
    wrong, confirmed = wrong_tried + wrong_solved, reached_tried + reached_solved
    return [
        _proof("plan equals brute force", same_tried, TRIED, f"up to 20 improvements, {reached_tried} reachable"),
        _proof("plan equals CBC", same_solved, SOLVED, f"40 to 80 improvements, {reached_solved} reachable"),
        Figure(
            "plan confirmed",
            wrong,
            f"plans that the full assessment does not confirm at the lower bound, of {confirmed:,}",
            f"the full assessment of {confirmed:,} firms afterwards",
            (confirmed - wrong) / confirmed,
            "value = 0",
            wrong == 0,
        ),
    ]


def _same(instances: Sequence[Instance], other: Callable[[Instance], int | None]) -> tuple[int, int, int]:
    """Return how many plans cost what `other` finds, how many say that they reach their goals, and how many do not."""
    same = reaching = wrong = 0
    for instance in instances:
        plan = _plan(instance)
        reaches = plan.result in (Result.REACHED, Result.ALREADY)
        same += other(instance) == (plan.cost.likely if reaches else None) and plan.proved
        reaching += reaches
        wrong += reaches and not _is_confirmed(instance, plan)
    return same, reaching, wrong


def _is_confirmed(instance: Instance, plan: ImprovementPlan) -> bool:
    chosen = {one.project.id: one.units for one in plan.projects}
    after = after_projects(instance.filled, instance.criteria, instance.projects, chosen)
    assessments = assess_diagnosis(after, instance.criteria)
    return all(reached(goal, assessments) for goal in instance.goals)


def _proof(name: str, same: int, of: int, what: str) -> Figure:
    unit = f"of {of:,} random firms have a plan of the same cost ({what})"
    return Figure(name, same, unit, f"the other way {of:,}", same / of, "ratio = 1", same == of)
