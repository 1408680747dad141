"""What a diagnosis is worth: assessed from its answers, kept while they stay the same, and frozen as a record."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

from sqlalchemy import select

from app.diagnosis.draft import Draft, criteria_on
from app.diagnosis.models import AssessmentRecord, Layer
from app.extensions import db
from app.settings import PROGRAM
from questionnaires.exchange import write_diagnosis
from questionnaires.model import FilledDiagnosis
from scoring.assessment import assess_diagnosis
from scoring.model import Assessment, CriteriaSet
from scoring.result_file import write_result

KEPT_OUTCOMES = 64  # some hundred kilobytes each


@dataclass(frozen=True, slots=True)
class Assessed:
    """The answers that count, what they are worth, and by which criteria."""

    filled: FilledDiagnosis
    assessments: tuple[Assessment, ...]
    criteria: CriteriaSet


class _Outcomes:
    """The last outcomes asked for. The key says all they depend on, so none is ever out of date."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Assessed] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Assessed | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: Hashable, outcome: Assessed) -> None:
        with self._lock:
            self._kept[key] = outcome
            while len(self._kept) > KEPT_OUTCOMES:
                self._kept.popitem(last=False)


_outcomes = _Outcomes()


def assess(draft: Draft, layer: Layer = Layer.STATED) -> Assessed:
    """Return what a diagnosis, read in full, is worth in one layer."""
    diagnosis = draft.diagnosis
    key = (diagnosis.id, diagnosis.revision, diagnosis.as_of, layer, _names(draft))
    if kept := _outcomes.get(key):
        return kept
    filled, criteria = draft.filled(layer), criteria_on(diagnosis.as_of)
    outcome = Assessed(filled, assess_diagnosis(filled, criteria), criteria)
    _outcomes.put(key, outcome)
    return outcome


def _names(draft: Draft) -> Hashable:
    """Return the factories and workshops with their names, which change without a save of answers."""
    firm = draft.firm
    return firm.name, tuple((f.key, f.name, tuple((w.key, w.name) for w in f.parts)) for f in firm.parts)


def record_of(draft: Draft, layer: Layer) -> AssessmentRecord:
    """Return the outcome of one layer with everything it was made from, not yet kept."""
    assessed = assess(draft, layer)
    diagnosis_file = write_diagnosis(assessed.filled)
    return AssessmentRecord(
        diagnosis_id=draft.diagnosis.id,
        layer=layer,
        diagnosis_file=diagnosis_file,
        result_file=write_result(assessed.assessments, assessed.filled, diagnosis_file.encode(), PROGRAM),
        questionnaire_digest=draft.questionnaire.digest,
        criteria_digests={name: criteria.digest for name, criteria in assessed.criteria.criteria.items()},
        program=PROGRAM,
    )


def latest_record(diagnosis_id: UUID, layer: Layer) -> AssessmentRecord | None:
    """Return the newest frozen outcome of one layer."""
    row = AssessmentRecord
    query = select(row).where(row.diagnosis_id == diagnosis_id, row.layer == layer).order_by(row.made_at.desc())
    return db.session.scalar(query.limit(1))
