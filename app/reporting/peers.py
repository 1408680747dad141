"""With whom a report compares a firm: the newest verified outcome of every other firm, and what is kept of them.

A frozen record never changes, so what is compared of it is read once a process. With a report only what is told of the
whole group is kept: quartiles in steps and shares in bands, no firm's own number and no name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import select

from app.diagnosis.asked import criteria_on
from app.diagnosis.lately import Lately
from app.diagnosis.models import AssessmentRecord, Diagnosis, Layer, Stage
from app.extensions import db
from app.presentation import day, today
from app.reporting.models import IssuedReport
from questionnaires.frozen import read_frozen
from scoring.coarse import Quartiles, Share
from scoring.model import CriteriaSet, Method
from scoring.peers import Comparison, Figures, Group, compare, facts_compared, figures_of, level_compared

Stored = dict[str, Any]

COUNTED = (Stage.REVIEWED, Stage.ISSUED)  # what is filled in, waits for review or was returned does not count
SHORT = 8  # letters of a record's identity that tell it from others
AT_ONCE = 100  # records, of some thirty kilobytes each, that are read together

_read: Lately[tuple[Figures | None]] = Lately(4096)  # about two kilobytes each


@dataclass(frozen=True, slots=True)
class Yardstick:
    """By what all firms of one comparison are measured."""

    rules: CriteriaSet
    maturity: str  # the criteria by which the asking firm is judged
    level: int  # the one whose scores are compared

    def facts(self) -> frozenset[str]:
        """Return the facts that are read of each firm."""
        return facts_compared(self.rules, self.maturity, self.level)

    def key(self, record: UUID) -> tuple[UUID, str, str, int]:
        """Return what the figures of a record depend on."""
        digest = self.rules.criteria[self.maturity].digest
        return record, self.rules.day.isoformat() + digest, self.maturity, self.level


def peers_of_now(record: AssessmentRecord, firm: UUID) -> Stored | None:
    """Return what is told now of the firms that are comparable with the one of `record`, as it is stored.

    None where nothing can be compared: the firm is not judged by maturity criteria.
    """
    stick = _yardstick(json.loads(record.result_file))
    own = _figures(record.diagnosis_file, record.result_file, stick, stick.facts()) if stick else None
    if stick is None or own is None:
        return None
    others = dict(_figures_of(_newest(firm), stick))
    return stored(compare(own, others, stick.level, today(), _told(firm, stick.maturity)), stick.maturity)


def _told(firm: UUID, maturity: str) -> list[Comparison]:
    """Return what reports of a firm have told before by the same criteria, the newest first."""
    terms = select(IssuedReport.plan_terms).join(Diagnosis, Diagnosis.id == IssuedReport.diagnosis_id)
    newest_first = terms.where(Diagnosis.firm_id == firm).order_by(IssuedReport.requested_at.desc())
    kept = [found.get("peers") for found in db.session.scalars(newest_first) if found]
    return [read_peers(one) for one in kept if one and one["group"] and one["criteria"] == maturity]


def _yardstick(result: Mapping[str, Any]) -> Yardstick | None:
    rules = criteria_on(date.fromisoformat(result["as_of"]))
    for one in result["assessments"]:
        criteria = rules.criteria.get(one["criteria"])
        if criteria is not None and criteria.method is Method.GBT_39117 and "total" in one:
            return Yardstick(rules, criteria.id, level_compared(one["level"]["low"]))
    return None


def _newest(but: UUID) -> list[UUID]:
    """Return the newest verified record of every firm but one; a quick check is no diagnosis."""
    row = AssessmentRecord
    counted = select(Diagnosis.firm_id, row.id).join(Diagnosis, Diagnosis.id == row.diagnosis_id)
    counted = counted.where(row.layer == Layer.VERIFIED, Diagnosis.stage.in_(COUNTED), Diagnosis.number > 0)
    counted = counted.where(Diagnosis.firm_id != but).order_by(Diagnosis.number, row.made_at)
    newest = {row.firm_id: row.id for row in db.session.execute(counted)}  # of a firm's records the last one stays
    return list(newest.values())


def _figures_of(records: Sequence[UUID], stick: Yardstick) -> Iterator[tuple[str, Figures]]:
    """Yield what is compared of each record, by the beginning of its identity."""
    kept = {record: _read.get(stick.key(record)) for record in records}
    unread = dict(_read_now([record for record, found in kept.items() if found is None], stick))
    for record, found in kept.items():
        figures = found[0] if found else unread[record]
        if figures is not None:
            yield str(record)[:SHORT], figures


def _read_now(records: Sequence[UUID], stick: Yardstick) -> Iterator[tuple[UUID, Figures | None]]:
    row, facts = AssessmentRecord, stick.facts()
    for start in range(0, len(records), AT_ONCE):
        some = select(row.id, row.diagnosis_file, row.result_file).where(row.id.in_(records[start : start + AT_ONCE]))
        for record, diagnosis_file, result_file in db.session.execute(some):
            found = _readable(record, diagnosis_file, result_file, stick, facts)
            _read.put(stick.key(record), (found,))
            yield record, found


def _readable(
    record: UUID, diagnosis_file: str, result_file: str, stick: Yardstick, facts: frozenset[str]
) -> Figures | None:
    """Return what is compared of a record; one that cannot be read any more keeps no other firm from its report."""
    try:
        return _figures(diagnosis_file, result_file, stick, facts)
    except (LookupError, TypeError, ValueError):
        current_app.logger.exception("record %s cannot be compared", record)
        return None


def _figures(diagnosis_file: str, result_file: str, stick: Yardstick, facts: frozenset[str]) -> Figures | None:
    filled = read_frozen(diagnosis_file, facts)
    return figures_of(filled, json.loads(result_file), stick.rules, stick.maturity, stick.level)


# --- as it is kept with a report --------------------------------------------------------------------------------------


def stored(one: Comparison, criteria: str) -> Stored:
    """Return a comparison by these maturity criteria as it is stored."""
    return {
        "criteria": criteria,
        "day": day(one.day),
        "group": one.group.value if one.group else None,
        "industry": one.industry,
        "size": one.size,
        "firms": one.firms,
        "level": one.level,
        "quartiles": {key: [q.counted, *map(str, (q.low, q.median, q.high))] for key, q in one.quartiles.items()},
        "levels": {str(level): _stored_share(found) for level, found in one.levels.items()},
        "met": {name: _stored_share(found) for name, found in one.met.items()},
        "of": sorted(one.of),
    }


def _stored_share(one: Share) -> list[int | str]:
    return [one.counted, str(one.least), str(one.below)]


def read_peers(kept: Mapping[str, Any]) -> Comparison:
    """Return what `stored` has stored."""
    return Comparison(
        day=date.fromisoformat(kept["day"]),
        group=Group(kept["group"]) if kept["group"] else None,
        industry=kept["industry"],
        size=kept["size"],
        firms=kept["firms"],
        level=kept["level"],
        quartiles={key: Quartiles(number, *map(Fraction, ends)) for key, (number, *ends) in kept["quartiles"].items()},
        levels={int(level): _share(one) for level, one in kept["levels"].items()},
        met={name: _share(one) for name, one in kept["met"].items()},
        of=frozenset(kept["of"]),
    )


def _share(kept: Sequence[Any]) -> Share:
    counted, least, below = kept
    return Share(counted, Fraction(least), Fraction(below))
