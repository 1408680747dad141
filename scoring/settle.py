"""The fewest unanswered facts that could settle an open maturity level.

Says only what would be enough if answered in one way; it does not promise that the answers will come out so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from scoring.maturity import lifts, maturity_level, whole_score
from scoring.model import Capability, EmptyLevel, GapLevels, MaturityCriteria


def smallest_settling(
    criteria: MaturityCriteria,
    tree: Sequence[Capability],
    worst: Mapping[str, Fraction],
    best: Mapping[str, Fraction],
    open_facts: Collection[str],
) -> tuple[str, ...]:
    """Return a smallest set of unanswered facts for which some answers settle the level whatever the rest turn out.

    `worst` and `best` give the degree of every requirement while `open_facts` are open. Empty when the level is
    settled. The set is found level by level: to settle on level k, the levels up to k need enough full answers and the
    next one enough answers of none; within a level the facts that move the score most come first, which for one
    bound over sums of positive shares is never more than the fewest. This needs levels that share no requirement, so
    under the switches `inherit` and `literal` nothing is proposed. Equal outcomes: the lowest level is proposed.
    """
    if criteria.empty_level is not EmptyLevel.SPREAD or criteria.gap_levels is not GapLevels.STOP:
        return ()
    levels = [_level(criteria, tree, n, worst, best, open_facts) for n in range(1, len(criteria.bands) + 1)]
    sure, most = (maturity_level([end(level) for level in levels], criteria.pass_mark) for end in (_low, _high))
    if sure == most:
        return ()
    ways = [_way(levels, goal, criteria.pass_mark) for goal in range(sure, most + 1)]
    return min((way for way in ways if way is not None), key=len)


@dataclass(frozen=True, slots=True)
class _Level:
    low: Fraction
    high: Fraction
    lifts: tuple[tuple[Fraction, str], ...]  # of the open facts: how far each moves the score, largest first


def _low(level: _Level) -> Fraction:
    return level.low


def _high(level: _Level) -> Fraction:
    return level.high


def _level(
    criteria: MaturityCriteria,
    tree: Sequence[Capability],
    number: int,
    worst: Mapping[str, Fraction],
    best: Mapping[str, Fraction],
    open_facts: Collection[str],
) -> _Level:
    lift = lifts(tree, number)
    moves = [(lift[fact] * (best[fact] - worst[fact]), fact) for fact in open_facts if fact in lift]
    ranked = sorted(moves, key=lambda move: (-move[0], move[1]))
    return _Level(whole_score(tree, number, worst), whole_score(tree, number, best), tuple(ranked))


def _way(levels: Sequence[_Level], goal: int, pass_mark: Fraction) -> tuple[str, ...] | None:
    """Return the facts that settle on level `goal`, None when no answers can."""
    parts = [_raised(level, pass_mark) for level in levels[:goal]]
    parts += [_held(level, pass_mark) for level in levels[goal : goal + 1]]
    return None if None in parts else tuple(fact for part in parts for fact in part or ())


def _raised(level: _Level, pass_mark: Fraction) -> tuple[str, ...] | None:
    """Return the fewest facts that, answered in full, bring the worst score to the pass mark."""
    score, used = level.low, 0
    while score < pass_mark and used < len(level.lifts):
        score, used = score + level.lifts[used][0], used + 1
    return tuple(fact for _, fact in level.lifts[:used]) if score >= pass_mark else None


def _held(level: _Level, pass_mark: Fraction) -> tuple[str, ...] | None:
    """Return the fewest facts that, answered with none, bring the best score below the pass mark."""
    score, used = level.high, 0
    while score >= pass_mark and used < len(level.lifts):
        score, used = score - level.lifts[used][0], used + 1
    return tuple(fact for _, fact in level.lifts[:used]) if score < pass_mark else None
