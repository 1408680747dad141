"""The schemes of gates and points on the result page: every requirement with value, threshold and distance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup

from app.diagnosis.draft import Draft
from app.diagnosis.punctuation import bracketed, in_turn, with_colon
from app.diagnosis.reasons import Basis, Why, answer_shown, basis, why_tree
from app.diagnosis.records import Assessed
from app.diagnosis.trying import behind
from app.diagnosis.verdicts import Verdict, counted, state_code, verdict
from app.presentation import language, text
from questionnaires.model import SubjectKind
from reports import ruler, wording
from scoring.gaps import OPEN_STATES
from scoring.model import Assessment, Reason, RequirementResult, RequirementState

MOST_IN_FULL = 12  # subjects of one scheme with every requirement; of more only the chosen one
MOST_LISTED = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement held against the answers."""

    id: str
    text: str
    now: str
    bar: Markup
    distance: str
    state: str
    basis: Basis
    because: str
    mark: str  # where a trial is shown
    tries: tuple[str, ...]  # the fields of what decides it, while it is not met


@dataclass(frozen=True, slots=True)
class Judged:
    """One subject held against one scheme."""

    mark: str  # where a trial is shown
    subject: str
    state: str
    words: str
    score: str
    coverage: str
    rows: tuple[Row, ...]
    why: Why


@dataclass(frozen=True, slots=True)
class Listed:
    """One of very many subjects held against a scheme, in one line."""

    key: str
    subject: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Scheme:
    """One scheme with the subjects it judged: of very many only the chosen one in full, and the others listed."""

    title: str
    basis: Basis
    notice: str
    judged: tuple[Judged, ...]
    listed: tuple[Listed, ...]
    counted: str  # how many of those listed are met, not met and so on


def schemes_of(draft: Draft, assessed: Assessed, about: str) -> Iterator[Scheme]:
    """Yield every scheme that judges somebody of the firm; of very many subjects only `about` in full."""
    for criteria in assessed.criteria.criteria.values():
        judged = [a for a in assessed.assessments if a.criteria_id == criteria.id and not wording.is_maturity(a)]
        if judged:
            many = len(judged) > MOST_IN_FULL
            shown = [a for a in judged if not many or a.subject_key == about]
            yield Scheme(
                title=text(criteria.title),
                basis=basis(criteria.rule),
                notice=text(criteria.notice),
                judged=tuple(_judged(draft, assessment) for assessment in shown),
                listed=tuple(_listed(assessment) for assessment in judged[:MOST_LISTED]) if many else (),
                counted=counted([verdict(assessment) for assessment in judged]).words if many else "",
            )


def _listed(assessment: Assessment) -> Listed:
    return Listed(assessment.subject_key, _subject(assessment), verdict(assessment))


def _subject(assessment: Assessment) -> str:
    subject = assessment.subject_name if assessment.subject_kind is not SubjectKind.FIRM else ""
    return bracketed(subject, assessment.factory_name) if assessment.factory_name else subject


def _judged(draft: Draft, assessment: Assessment) -> Judged:
    score = wording.bounds_text(assessment.total, 1) if assessment.total else ""
    return Judged(
        mark=f"{assessment.criteria_id}.{assessment.subject_key}",
        subject=_subject(assessment),
        state=state_code(assessment),
        words=text(wording.outcome_text(assessment)).removeprefix("◐ "),
        score=_("得分 %(score)s", score=score) if score else "",
        coverage=text(wording.coverage_text(assessment)),
        rows=tuple(_row(draft, assessment, result) for result in assessment.requirements),
        why=why_tree(assessment.derivation, draft),
    )


def _row(draft: Draft, assessment: Assessment, result: RequirementResult) -> Row:
    requirement = result.requirement
    return Row(
        id=requirement.id,
        text=text(requirement.text),
        now=now_words(draft, assessment, result),
        bar=_bar(assessment, result),
        distance=_distance(result),
        state=result.state.value,
        basis=basis(requirement.threshold.rule if requirement.threshold else requirement.rule),
        because=text(requirement.because),
        mark=f"{assessment.criteria_id}.{assessment.subject_key}.{requirement.id}",
        tries=behind(result.facts, assessment.subject_key, draft) if result.state in OPEN_STATES else (),
    )


def now_words(draft: Draft, assessment: Assessment, result: RequirementResult) -> str:
    """Say how a requirement stands: its number beside the threshold, else the answers themselves."""
    requirement = result.requirement
    if result.value is not None or requirement.threshold is not None:
        return wording.value_against_threshold(result, language())
    return in_turn(dict.fromkeys(_answers(draft, assessment, result)))


def _answers(draft: Draft, assessment: Assessment, result: RequirementResult) -> Iterator[str]:
    answers = {why.fact: why.state for why in _leaves(assessment.derivation) if why.fact}
    known = [name for name in result.facts if name in answers and name in draft.questionnaire.facts]
    for name in known[:6]:
        shown = answer_shown(draft, name, answers[name])
        yield shown if len(known) == 1 else with_colon(text(draft.questionnaire.facts[name].label), shown)


def _leaves(reason: Reason) -> Iterator[Reason]:
    if not reason.because:
        yield reason
    for below in reason.because:
        yield from _leaves(below)


def _bar(assessment: Assessment, result: RequirementResult) -> Markup:
    unit, value = result.requirement.unit, result.value
    judged = result.state is not RequirementState.NOT_JUDGED
    if value is None or unit is None or unit.zh != "%" or value.low < 0 or not judged:
        return Markup()
    met = {RequirementState.MET: True, RequirementState.NOT_MET: False}.get(result.state)
    key = f"bar-{assessment.subject_key}-{result.requirement.id}"
    title = f"{text(result.requirement.text)} {wording.value_against_threshold(result, language())}"
    return Markup(ruler.bar(value, wording.threshold_of(result), met, title, key))  # noqa: S704 - escaped where it is drawn


def _distance(result: RequirementResult) -> str:
    if result.distance is not None:
        return text(result.distance)
    if result.state is RequirementState.NOT_KNOWN and result.open_facts:
        return _("差 %(count)s 个回答", count=len(result.open_facts))
    if result.state is RequirementState.NOT_KNOWN and result.value is None:
        return _("数字前后不一致，请先核对")
    return ""
