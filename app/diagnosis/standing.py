"""Where every verdict stands while somebody fills in: the ruler, the level between its ends, all others in a word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from flask import url_for

from app.access import may
from app.diagnosis.models import FIRM_MAY_FILL, Diagnosis
from app.diagnosis.records import Assessed
from app.diagnosis.verdicts import MOST_VERDICTS, Scale, Verdict, counted, level_words, maturity_of, scale, verdict
from scoring.exact import Bounds
from scoring.model import Assessment, Outcome
from scoring.way import MATURITY, Aim, aim_of


@dataclass(frozen=True, slots=True)
class Line:
    """One verdict beside the level."""

    aim: Aim
    verdict: Verdict
    level: Bounds | None
    way: str | None  # where the shortest way to it begins, while it is open and may be filled in


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that is known by now."""

    scale: Scale | None
    level: str
    level_between: Bounds | None
    total: Bounds | None
    settle: int  # fewest answers that can settle the level, 0 when it is settled
    way: str | None  # where the shortest way to the level begins, while it is open and may be filled in
    lines: tuple[Line, ...]
    shown: tuple[Line, ...]  # the same with the many of one scheme counted by their state
    revision: int
    saved_at: datetime | None


def view(diagnosis: Diagnosis, assessed: Assessed) -> Standing:
    """Return where the verdicts of a diagnosis stand, ready to show."""
    maturity = maturity_of(assessed.assessments)
    others = [one for one in assessed.assessments if aim_of(one).by != MATURITY]
    if diagnosis.is_quick_check:  # what it does not ask about, it says nothing of
        others = [one for one in others if one.coverage.answered]
    lines = [_line(diagnosis, one) for one in others]
    return Standing(
        scale=scale(maturity, assessed.criteria) if maturity else None,
        level=level_words(maturity) if maturity else "",
        level_between=maturity.level if maturity else None,
        total=maturity.total if maturity else None,
        settle=len(maturity.settle) if maturity and not diagnosis.is_quick_check else 0,
        way=_way(diagnosis, maturity) if maturity else None,
        lines=tuple(lines),
        shown=tuple(_gathered(diagnosis, lines)),
        revision=diagnosis.revision,
        saved_at=diagnosis.saved_at,
    )


def _line(diagnosis: Diagnosis, assessment: Assessment) -> Line:
    return Line(aim_of(assessment), verdict(assessment), assessment.level, _way(diagnosis, assessment))


def _gathered(diagnosis: Diagnosis, lines: Sequence[Line]) -> Iterator[Line]:
    """Yield one line for the many of one scheme; its way begins where one of them is chosen."""
    for _by, together in groupby(lines, key=lambda line: line.aim.by):
        those = list(together)
        if len(those) <= MOST_VERDICTS:
            yield from those
            continue
        way = url_for("way.begin", diagnosis_id=diagnosis.id) if any(line.way for line in those) else None
        yield Line(those[0].aim, counted([line.verdict for line in those]), None, way)


def _way(diagnosis: Diagnosis, assessment: Assessment) -> str | None:
    may_be_walked = diagnosis.stage in FIRM_MAY_FILL and not diagnosis.is_quick_check and may("diagnosis.fill")
    if not (may_be_walked and is_open(assessment)):
        return None
    return way_to(diagnosis, aim_of(assessment))


def is_open(assessment: Assessment) -> bool:
    """Tell whether answers could still change a conclusion."""
    if assessment.outcome is Outcome.LEVEL:
        return assessment.level is None or not assessment.level.settled
    return assessment.outcome is Outcome.NOT_KNOWN


def way_to(diagnosis: Diagnosis, aim: Aim) -> str:
    """Return where the shortest way to a verdict begins."""
    return url_for("way.begin", diagnosis_id=diagnosis.id, to=".".join(aim))


def as_json(standing: Standing) -> dict[str, Any]:
    """Return the same for a program: numbers exact, as text."""
    return {
        "revision": standing.revision,
        "saved_at": standing.saved_at.isoformat() if standing.saved_at else None,
        "level": _ends(standing.level_between),
        "total": _ends(standing.total),
        "words": standing.level,
        "settle_at_least": standing.settle,
        "verdicts": [
            {
                "by": line.aim.by,
                "subject": line.aim.subject,
                "title": line.verdict.scheme,
                "name": line.verdict.subject,
                "state": line.verdict.state,
                "words": line.verdict.words,
                "level": _ends(line.level),
            }
            for line in standing.lines
        ],
    }


def _ends(bounds: Bounds | None) -> dict[str, str] | None:
    return {"low": str(bounds.low), "high": str(bounds.high)} if bounds else None
