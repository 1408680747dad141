"""Stated and verified side by side: every conclusion, and every answer for which something else was found."""

from __future__ import annotations

from dataclasses import dataclass

from app.diagnosis.draft import Draft
from app.diagnosis.models import Layer
from app.diagnosis.page import said_words
from app.diagnosis.records import assess
from app.diagnosis.verdicts import Scale, maturity_of, scale
from app.presentation import language, text
from app.review.service import differing
from questionnaires.model import SubjectKind
from questionnaires.progress import Step
from reports import wording
from scoring.model import Assessment


@dataclass(frozen=True, slots=True)
class Conclusion:
    """One conclusion by both layers."""

    scheme: str
    subject: str
    stated: str
    verified: str

    @property
    def differs(self) -> bool:
        """Tell whether the review changed it."""
        return self.stated != self.verified


@dataclass(frozen=True, slots=True)
class Difference:
    """One answer for which something else was found."""

    subject: str
    fact: str
    stated: str
    verified: str
    reason: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything the page shows."""

    conclusions: tuple[Conclusion, ...]
    differences: tuple[Difference, ...]
    stated: Scale | None
    verified: Scale | None


def view(draft: Draft, steps: list[Step]) -> Comparison:
    """Return both layers of a diagnosis, judged by the same code."""
    stated, verified = assess(draft, Layer.STATED), assess(draft, Layer.VERIFIED)
    theirs = {_place(one): one for one in stated.assessments}
    ours = {_place(one): one for one in verified.assessments}
    scales = []
    for assessed in (stated, verified):
        maturity = maturity_of(assessed.assessments)
        scales.append(scale(maturity, assessed.criteria) if maturity else None)
    places = dict.fromkeys([*theirs, *ours])
    return Comparison(
        tuple(_conclusion(theirs.get(place), ours.get(place)) for place in places),
        tuple(_differences(draft, steps)),
        *scales,
    )


def _place(assessment: Assessment) -> tuple[str, str]:
    return assessment.criteria_id, assessment.subject_key


def _conclusion(stated: Assessment | None, verified: Assessment | None) -> Conclusion:
    one = verified or stated
    if one is None:
        raise LookupError("a conclusion of neither layer")
    subject = "" if one.subject_kind is SubjectKind.FIRM else one.subject_name
    return Conclusion(text(one.criteria_title), subject, _words(stated), _words(verified))


def _words(assessment: Assessment | None) -> str:
    if assessment is None:
        return "—"
    said = text(wording.outcome_text(assessment))
    return f"{said} · {wording.bounds_text(assessment.total)}" if assessment.total else said


def _differences(draft: Draft, steps: list[Step]) -> list[Difference]:
    lang, facts = language(), draft.questionnaire.facts
    return [
        Difference(
            subject="" if step.section.of is SubjectKind.FIRM else step.subject.name,
            fact=text(facts[checked.fact].label),
            stated=said_words(facts[checked.fact], checked.stated, lang),
            verified=said_words(facts[checked.fact], checked.verified.said, lang),
            reason=checked.verified.said.reason or "",
        )
        for step, checked in differing(draft, steps)
    ]
