"""Facts and criteria -> assessments: which criteria judge which subject, in which way and in which order.

What was judged before is read by what comes later: the smart factory counts the digital workshops of its firm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

from questionnaires.model import FilledDiagnosis, Subject, SubjectKind
from scoring.conclusion import conclude
from scoring.derivation import not_applicable_reason
from scoring.gates import assess_gates, holds
from scoring.indicators import Case
from scoring.maturity_assessment import assess_maturity
from scoring.model import (
    Assessment,
    Coverage,
    Criteria,
    CriteriaSet,
    GatesCriteria,
    MaturityCriteria,
    Outcome,
    PointsCriteria,
)
from scoring.points import assess_points

Judging: TypeAlias = Callable[[Criteria, Case, Mapping[str, str]], Assessment]


def judge(criteria: Criteria, case: Case, tailored: Mapping[str, str]) -> Assessment:
    """Judge by criteria that apply, in the way that their file names, with all reasons."""
    if isinstance(criteria, MaturityCriteria):
        return assess_maturity(criteria, case, tailored)
    if isinstance(criteria, PointsCriteria):
        return assess_points(criteria, case)
    if isinstance(criteria, GatesCriteria):
        return assess_gates(criteria, case)
    raise TypeError(f"nothing judges {type(criteria).__name__}")


def assess_diagnosis(
    filled: FilledDiagnosis, criteria: CriteriaSet, judging: Judging = judge
) -> tuple[Assessment, ...]:
    """Judge every subject of a filled diagnosis by every criteria that judges its kind, in printing order.

    Of the two maturity tables only the one of the firm's production type is used; while that type is blank both are,
    and both conclude “not known”. Raises TailoringRefused.
    """
    judged: tuple[Assessment, ...] = ()
    for one in criteria.criteria.values():
        for path in paths(filled.firm, one.judges):
            case = Case(path, criteria.facts, criteria.indicators, judged)
            assessment = assess(one, case, filled.tailored, judging)
            if not _is_other_table(one, assessment):
                judged = (*judged, assessment)
    return judged


def assess(criteria: Criteria, case: Case, tailored: Mapping[str, str], judging: Judging = judge) -> Assessment:
    """Judge the subject of `case` by one criteria file.

    Where the criteria do not apply the outcome says so; while it is not known whether they apply, the outcome is not
    known, and levels and scores say what they would be. Raises TailoringRefused.
    """
    applies = holds(criteria.applies_when, case)
    if applies is False:
        reason = not_applicable_reason(criteria, case)
        return conclude(criteria, case, Outcome.NOT_APPLICABLE, Coverage(0, 0, 0, 0), reason)
    assessment = judging(criteria, case, tailored)
    return assessment if applies else replace(assessment, outcome=Outcome.NOT_KNOWN)


def paths(subject: Subject, kind: SubjectKind, above: tuple[Subject, ...] = ()) -> Iterator[tuple[Subject, ...]]:
    """Yield the way from the firm to each subject of `kind`, in the order in which they stand."""
    path = (*above, subject)
    if subject.kind is kind:
        yield path
    for part in subject.parts:
        yield from paths(part, kind, path)


def _is_other_table(criteria: Criteria, assessment: Assessment) -> bool:
    return isinstance(criteria, MaturityCriteria) and assessment.outcome is Outcome.NOT_APPLICABLE
