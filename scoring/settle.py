"""What would settle an open maturity level: the fewest answers that could, and the requirements that can still tip it.

Says only what would be enough if answered in one way; it does not promise that the answers will come out so.
All sums are the whole numbers of the compiled criteria, so it is exact and quick enough to run at every save.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, pairwise

from scoring.maturity import CompiledMaturity
from scoring.model import GapLevels
from scoring.still_open import Open, decided, unanswered

MOST_TRIED = 2000  # sums looked at before a requirement counts as one that can tip its level


@dataclass(frozen=True, slots=True)
class OpenLevel:
    """The score of one level between its ends, and how far each open requirement can still move it.

    Whole numbers over the common denominator of the criteria.
    """

    low: int
    high: int
    mark: int  # from which on the level is met
    moves: tuple[tuple[int, str], ...]  # largest first, equal ones by name

    @property
    def met(self) -> bool | None:
        """True or False when no open answer changes it, else None."""
        return True if self.low >= self.mark else False if self.high < self.mark else None


def levels_between(compiled: CompiledMaturity, degrees: Mapping[str, str | None]) -> tuple[OpenLevel, ...]:
    """Return every level between its ends; `degrees` gives the stated degree of each requirement, None for an open one.

    Both ends are attained: every score only grows with every answer.
    """
    worth = {degree: compiled.values[code] for degree, code in compiled.codes.items()}
    return tuple(_level(compiled, lifts, degrees, worth) for lifts in compiled.lifts)


def smallest_settling(compiled: CompiledMaturity, degrees: Mapping[str, str | None]) -> tuple[str, ...]:
    """Return a smallest set of open requirements for which some answers settle the level whatever the rest turn out.

    Empty when the level is settled. The set is found level by level: to settle on level k, the levels up to k need
    enough full answers and the next one enough answers of none; within a level the requirements that move the score
    most come first, which for one bound over sums of positive shares is never more than the fewest. This needs levels
    that share no requirement, so under the switches `inherit` and `literal` nothing is proposed. Equal outcomes: the
    lowest level is proposed.
    """
    if not compiled.levels_apart:
        return ()
    levels = levels_between(compiled, degrees)
    sure = next((n for n, level in enumerate(levels) if not level.met), len(levels))
    most = next((n for n, level in enumerate(levels) if level.met is False), len(levels))
    if sure == most:
        return ()
    ways = [_way(levels, goal) for goal in range(sure, most + 1)]
    return min((way for way in ways if way is not None), key=len)


def levels_open(compiled: CompiledMaturity, degrees: Mapping[str, str | None], key: str) -> list[Open]:
    """Return for level 1, 2, ... of the subject `key` what is open about it.

    By the switch `gap_levels` that is whether the level is met, or whether the total reaches its band.
    """
    levels = levels_between(compiled, degrees)
    if compiled.gap_levels is GapLevels.LITERAL:
        return _bands_open(compiled, compiled.encode(degrees), levels, key)
    return [_level_open(level, compiled, key) for level in levels]


def raised(level: OpenLevel) -> tuple[str, ...] | None:
    """Return the fewest requirements that, answered in full, bring the worst score to the mark; None: none can."""
    score, used = level.low, 0
    while score < level.mark and used < len(level.moves):
        score, used = score + level.moves[used][0], used + 1
    return _names(level, used) if score >= level.mark else None


def held(level: OpenLevel) -> tuple[str, ...] | None:
    """Return the fewest requirements that, answered with none, bring the best score below the mark; None: none can."""
    score, used = level.high, 0
    while score >= level.mark and used < len(level.moves):
        score, used = score - level.moves[used][0], used + 1
    return _names(level, used) if score < level.mark else None


def tipping(level: OpenLevel, values: Sequence[Fraction]) -> tuple[str, ...]:
    """Return the open requirements that can still decide whether a level is met, the largest moves first.

    One is left out only when it changes nothing whatever it and all others are answered: no answers to the others
    bring the score so near the mark that this one tips it. `values` are the degrees' values, worst first.
    """
    if level.met is not None:
        return ()
    moves, parts = [move for move, _ in level.moves], _parts_of_a_move(values)
    tips = {move: _can_tip(level, moves, move, parts) for move in dict.fromkeys(moves)}
    return tuple(name for move, name in level.moves if tips[move])


def _level_open(level: OpenLevel, compiled: CompiledMaturity, key: str) -> Open:
    if level.met is not None:
        return decided(level.met)
    places = tuple((key, name) for name in tipping(level, compiled.values))
    yes, no = len(raised(level) or ()), len(held(level) or ())
    return Open(places, yes, no, min(yes, no))


def _bands_open(compiled: CompiledMaturity, answers: bytes, levels: Sequence[OpenLevel], key: str) -> list[Open]:
    """All scores add up to one total; a level that is surely met gives a whole 1, whatever is still answered."""
    worst, best = compiled.bounds(answers)
    moving = tuple(dict.fromkeys((key, name) for level in levels if not level.met for _, name in level.moves))
    ends = [(worst.level >= number, best.level >= number) for number in range(1, compiled.levels + 1)]
    return [decided(low) if low is high else unanswered(*moving) for low, high in ends]


def _level(
    compiled: CompiledMaturity,
    lifts: Mapping[str, int],
    degrees: Mapping[str, str | None],
    worth: Mapping[str, Fraction],
) -> OpenLevel:
    worst, best = compiled.values[0], compiled.values[-1]
    low, moves = 0, []
    for name, lift in lifts.items():
        degree = degrees.get(name)
        low += _times(lift, worst if degree is None else worth[degree])
        if degree is None:
            moves.append((_times(lift, best - worst), name))
    high = low + sum(move for move, _ in moves)
    return OpenLevel(low, high, compiled.lowest_met, tuple(sorted(moves, key=lambda move: (-move[0], move[1]))))


def _times(lift: int, value: Fraction) -> int:
    return lift * value.numerator // value.denominator  # whole: the denominators of the degrees divide every lift


def _way(levels: Sequence[OpenLevel], goal: int) -> tuple[str, ...] | None:
    """Return the requirements that settle on level `goal`, None when no answers can."""
    parts = [raised(level) for level in levels[:goal]] + [held(level) for level in levels[goal : goal + 1]]
    return None if None in parts else tuple(name for part in parts for name in part or ())


def _names(level: OpenLevel, used: int) -> tuple[str, ...]:
    return tuple(name for _, name in level.moves[:used])


def _parts_of_a_move(values: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """Return which part of the whole move each degree makes, from 0 to 1."""
    return tuple((value - values[0]) / (values[-1] - values[0]) for value in values)


def _can_tip(level: OpenLevel, moves: Sequence[int], own: int, parts: Sequence[Fraction]) -> bool:
    """Tell whether the others can bring the score below the mark, but by no more than `own`.

    Depth first over their answers, largest first. Once no step of those that remain is longer than `own`, raising
    them one after another cannot leap over that stretch, so it is reached.
    """
    others = list(moves)
    others.remove(own)
    rest = [0, *accumulate(reversed(others))][::-1]  # what all from this place on can still add
    longest = max(high - low for low, high in pairwise(parts))
    waiting, seen = [(0, level.low)], set[tuple[int, int]]()
    while waiting and len(seen) < MOST_TRIED:
        place, score = waiting.pop()
        if (place, score) in seen or score >= level.mark or score + rest[place] < level.mark - own:
            continue
        if score >= level.mark - own or _times(others[place], longest) <= own:
            return True
        seen.add((place, score))
        waiting += [(place + 1, score + _times(others[place], part)) for part in parts]
    return bool(waiting)
