"""What is still open about a yes or no: the facts that can decide it, and the fewest answers that could.

Only the arithmetic of joining several; what one rule of a criteria file leaves open is found in `deciding.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

Place: TypeAlias = tuple[str, str]  # key of the subject, fact
NEVER = 10**6  # answers: more than anybody is asked


class Open(NamedTuple):
    """One yes or no. Every place that can still decide it is among `places`, the most deciding first.

    `yes` and `no` count the fewest answers after which it may be certain: 0 when it is, NEVER when it cannot become so.
    `end` counts those after which nothing decides it any more, be it certain or never to be known. All three are bounds
    from below, so that “at least so many answers” is never too much.
    """

    places: tuple[Place, ...]
    yes: int
    no: int
    end: int


class Deciding(NamedTuple):
    """The open facts that can still change a conclusion, and how many answers at least may make it certain."""

    places: tuple[Place, ...]
    fewest: int


NOTHING = Deciding((), 0)
YES, NO = Open((), 0, NEVER, 0), Open((), NEVER, 0, 0)
STUCK = Open((), NEVER, NEVER, 0)  # not known, and no answer changes that


def unanswered(*places: Place) -> Open:
    """Return a yes or no that the answers to these decide; one of them may be enough."""
    return Open(places, 1, 1, 1) if places else STUCK


def decided(holds: bool) -> Open:
    """Return a yes or no that is certain."""
    return YES if holds else NO


def opposite(one: Open) -> Open:
    """Return the same with yes and no exchanged."""
    return Open(one.places, one.no, one.yes, one.end)


def every(parts: Sequence[Open]) -> Open:
    """Join parts that must all hold; the one that could be refuted with the fewest answers comes first."""
    if any(part.no == 0 for part in parts):
        return NO
    still = [part for part in parts if part.yes != 0]
    if not still:
        return YES
    by_effort = sorted(still, key=lambda part: (part.no, len(part.places)))
    yes, no = together(still, [part.yes for part in still]), min(part.no for part in still)
    return Open(joined(by_effort), yes, no, min(yes, no, _all_end(still)))


def any_of(parts: Sequence[Open]) -> Open:
    """Join parts of which one is enough."""
    return opposite(every([opposite(part) for part in parts]))


def at_least(parts: Sequence[Open], wanted: int) -> Open:
    """Tell whether so many of the parts hold; the one nearest to holding comes first."""
    sure, possible = (sum(part.yes == 0 for part in parts), sum(part.no != 0 for part in parts))
    if sure >= wanted or possible < wanted:
        return decided(sure >= wanted)
    still = sorted((part for part in parts if 0 not in (part.yes, part.no)), key=lambda p: (p.yes, len(p.places)))
    yes = together(still, [part.yes for part in still][: wanted - sure])
    no = together(still, sorted(part.no for part in still)[: possible - wanted + 1])
    return Open(joined(still), yes, no, min(yes, no, _all_end(still)))


def _all_end(parts: Sequence[Open]) -> int:
    return together(parts, [part.end for part in parts])


def run(parts: Sequence[Open]) -> Deciding:
    """Return what decides how many parts hold one after another from the first.

    Those above the first that cannot hold decide nothing any more.
    """
    sure = next((n for n, part in enumerate(parts) if part.yes != 0), len(parts))
    most = next((n for n, part in enumerate(parts) if part.no == 0), len(parts))
    places = joined(parts[sure:most])
    return Deciding(places, min(_ending_at(parts, goal) for goal in range(sure, most + 1))) if places else NOTHING


def _ending_at(parts: Sequence[Open], goal: int) -> int:
    """Return how many answers it takes at least until part `goal` fails and nothing decides those below it any more."""
    ends = [part.end for part in parts[:goal]] + [part.no for part in parts[goal : goal + 1]]
    return together(parts[: goal + 1], ends)


def together(parts: Sequence[Open], answers: Sequence[int]) -> int:
    """Return how many answers several needs take at least: added up only where no two parts share a place."""
    if NEVER in answers:
        return NEVER
    shared = len(joined(parts)) < sum(len(part.places) for part in parts)
    return max(answers, default=0) if shared else sum(answers)


def joined(parts: Iterable[Open]) -> tuple[Place, ...]:
    """Return the places of several parts in their order, each once."""
    return joined_places(part.places for part in parts)


def joined_places(several: Iterable[tuple[Place, ...]]) -> tuple[Place, ...]:
    """Return the places of several lists in their order, each once."""
    return tuple(dict.fromkeys(place for places in several for place in places))
