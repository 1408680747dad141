"""The shortest way (最短的路) to a verdict: what is still to be asked, in which order, and how many answers at least.

A verdict is what one criteria file concludes about one subject; the maturity level is one verdict, whichever of the
two tables judges it. What is not to be asked any more cannot change the verdict: see `deciding.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from questionnaires.model import Subject
from scoring.assessment import paths
from scoring.deciding import Sight, deciding
from scoring.model import Assessment, Criteria, Method, Outcome
from scoring.still_open import Place

MATURITY = Method.GBT_39117.value  # names the verdict of whichever maturity table applies
Asked = Mapping[str, Collection[str]]  # key of the subject -> facts that the questionnaire asks of it now


class Aim(NamedTuple):
    """A verdict that somebody may want to know: what judges (a criteria id, or MATURITY) and the key of whom."""

    by: str
    subject: str


@dataclass(frozen=True, slots=True)
class Way:
    """What is left of the way to one verdict."""

    ask: tuple[Place, ...]  # blank facts that can still change it, in the order to ask them
    unknown: tuple[Place, ...]  # facts that can, too, of which 不清楚 or 不适用 was said
    elsewhere: tuple[Place, ...]  # and those that this questionnaire does not ask
    fewest: int  # answers that could settle it; fewer cannot

    @property
    def settled(self) -> bool:
        """True when no answer to whatever is open changes the verdict any more."""
        return not (self.ask or self.unknown or self.elsewhere)


def aims(judged: Sequence[Assessment]) -> tuple[Aim, ...]:
    """Return every verdict that `judged` holds, in its order; the maturity tables count as one."""
    return tuple(dict.fromkeys(aim_of(assessment) for assessment in judged))


def aim_of(assessment: Assessment) -> Aim:
    """Return the verdict that an assessment is about."""
    return Aim(MATURITY if assessment.method == MATURITY else assessment.criteria_id, assessment.subject_key)


def verdict_on(aim: Aim, judged: Sequence[Assessment]) -> Assessment | None:
    """Return the assessment that carries a verdict: the first that applies, None when nothing judges it."""
    found = [assessment for assessment in judged if aim_of(assessment) == aim]
    applying = (assessment for assessment in found if assessment.outcome is not Outcome.NOT_APPLICABLE)
    return next(applying, found[0] if found else None)


def shortest_way(aim: Aim, sight: Sight, asked: Asked) -> Way:
    """Return what is still to be asked until the verdict is certain."""
    places, fewest = deciding(_judging(aim, sight), _path_to(aim, sight), sight)
    unknown = tuple((key, fact) for key, fact in places if fact in sight.facts[key])
    blank = [(key, fact) for key, fact in places if fact not in sight.facts[key]]
    ask = tuple((key, fact) for key, fact in blank if fact in asked.get(key, ()))
    elsewhere = tuple((key, fact) for key, fact in blank if fact not in asked.get(key, ()))
    return Way(ask, unknown, elsewhere, fewest)


def _judging(aim: Aim, sight: Sight) -> list[Criteria]:
    return [one for one in sight.criteria.criteria.values() if aim.by in (one.id, one.method.value)]


def _path_to(aim: Aim, sight: Sight) -> tuple[Subject, ...]:
    kind = _judging(aim, sight)[0].judges
    return next(path for path in paths(sight.filled.firm, kind) if path[-1].key == aim.subject)
