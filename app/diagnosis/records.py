"""What a diagnosis is worth: assessed from its answers, kept while they stay the same, and frozen as a record."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.diagnosis.asked import criteria_on
from app.diagnosis.draft import Draft, shape_of
from app.diagnosis.lately import Lately
from app.diagnosis.models import AssessmentRecord, Diagnosis, EvidenceFile, EvidenceLink, Layer
from app.extensions import db
from app.settings import PROGRAM
from questionnaires.answers import with_evidence
from questionnaires.exchange import write_diagnosis
from questionnaires.model import FilledDiagnosis, Subject
from scoring.assessment import assess_diagnosis
from scoring.model import Assessment, CriteriaSet
from scoring.result_file import write_result
from scoring.standing import stand as stand_anew
from scoring.standing_again import stand_again


@dataclass(frozen=True, slots=True)
class Assessed:
    """The answers that count, what they are worth, and by which criteria."""

    filled: FilledDiagnosis
    assessments: tuple[Assessment, ...]
    criteria: CriteriaSet


_outcomes: Lately[Assessed] = Lately(64)  # some hundred kilobytes each
_standings: Lately[Assessed] = Lately(256)  # the same without reasons: some ten
_last: Lately[Assessed] = Lately(256)  # of each diagnosis the one that was found out last, whatever was saved since


def assess(draft: Draft, layer: Layer = Layer.STATED) -> Assessed:
    """Return what a diagnosis, read in full, is worth in one layer."""
    key = _key(draft.diagnosis, draft.firm, layer)
    if kept := _outcomes.get(key):
        return kept
    filled, criteria = draft.filled(layer), criteria_on(draft.diagnosis.as_of)
    outcome = Assessed(filled, assess_diagnosis(filled, criteria), criteria)
    _outcomes.put(key, outcome)
    return outcome


def to_be_written(filled: FilledDiagnosis, diagnosis_id: UUID) -> FilledDiagnosis:
    """Return a diagnosis as its file carries it: with the names of the evidence files beside what they show."""
    return with_evidence(filled, evidence_names(diagnosis_id))


def evidence_names(diagnosis_id: UUID) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return what the files are called that show each fact, in the order in which they were linked."""
    link, file = EvidenceLink, EvidenceFile
    query = select(link.subject_key, link.fact, file.name).join(file).where(link.diagnosis_id == diagnosis_id)
    standing = query.where(link.unlinked_at.is_(None), file.removed_at.is_(None)).order_by(link.id)
    names: dict[tuple[str, str], tuple[str, ...]] = {}
    for key, fact, name in db.session.execute(standing):
        names[key, fact] = (*names.get((key, fact), ()), name)
    return names


def stand(draft: Draft) -> Assessed:
    """Return the same of what the firm states, but perhaps without reasons: where every verdict stands."""
    if kept := kept_standing(draft.diagnosis, draft.firm):
        return kept
    filled, criteria = draft.filled(), criteria_on(draft.diagnosis.as_of)
    before = _last.get(draft.diagnosis.id)
    if before is None or before.criteria is not criteria:
        outcome = Assessed(filled, stand_anew(filled, criteria), criteria)
    else:
        outcome = Assessed(filled, stand_again(before.filled, before.assessments, filled, criteria), criteria)
    _standings.put(_key(draft.diagnosis, draft.firm, Layer.STATED), outcome)
    _last.put(draft.diagnosis.id, outcome)
    return outcome


def kept_standing(diagnosis: Diagnosis, firm: Subject) -> Assessed | None:
    """Return where every verdict stands if that was found out since the last save: then no answer need be read."""
    key = _key(diagnosis, firm, Layer.STATED)
    return _outcomes.get(key) or _standings.get(key)


def _key(diagnosis: Diagnosis, firm: Subject, layer: Layer) -> Hashable:
    return diagnosis.id, diagnosis.revision, diagnosis.as_of, layer, shape_of(firm)


def record_of(draft: Draft, layer: Layer) -> AssessmentRecord:
    """Return the outcome of one layer with everything it was made from, not yet kept."""
    assessed = assess(draft, layer)
    filled = to_be_written(assessed.filled, draft.diagnosis.id)
    diagnosis_file = write_diagnosis(filled)
    return AssessmentRecord(
        diagnosis_id=draft.diagnosis.id,
        layer=layer,
        diagnosis_file=diagnosis_file,
        result_file=write_result(assessed.assessments, filled, diagnosis_file.encode(), PROGRAM),
        questionnaire_digest=draft.questionnaire.digest,
        criteria_digests={name: criteria.digest for name, criteria in assessed.criteria.criteria.items()},
        program=PROGRAM,
    )


def latest_record(diagnosis_id: UUID, layer: Layer) -> AssessmentRecord | None:
    """Return the newest frozen outcome of one layer."""
    row = AssessmentRecord
    query = select(row).where(row.diagnosis_id == diagnosis_id, row.layer == layer).order_by(row.made_at.desc())
    return db.session.scalar(query.limit(1))
