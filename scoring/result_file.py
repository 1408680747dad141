"""Writes the result file zhizhen/result@1: every assessment with its bounds, numbers exact as text.

The schema stands beside in schemas/result-1.schema.json; the format is described in the diagnosis-file document.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from questionnaires.model import FilledDiagnosis, SubjectKind
from scoring.exact import Bounds
from scoring.model import Assessment, Method, RequirementResult

FORMAT = "zhizhen/result@1"
SCHEMA = Path(__file__).parent / "schemas" / "result-1.schema.json"


def write_result(
    assessments: Iterable[Assessment], filled: FilledDiagnosis, diagnosis: bytes, program: str, catalogue: str = ""
) -> str:
    """Return the result file as JSON text, the same for the same input.

    `diagnosis` is the diagnosis file as it was read (its digest is kept), `program` the name and version that judged,
    `catalogue` the digest of the improvements from which a report of the same result takes its plan.
    """
    result = {
        "format": FORMAT,
        "as_of": filled.as_of.isoformat(),
        "diagnosis_sha256": hashlib.sha256(diagnosis).hexdigest(),
        "program": program,
        **({"catalogue_sha256": catalogue} if catalogue else {}),
        "assessments": [_assessment(assessment) for assessment in assessments],
    }
    return json.dumps(result, ensure_ascii=False, indent=2) + "\n"


def _assessment(assessment: Assessment) -> dict[str, Any]:
    entries = {
        "criteria": assessment.criteria_id,
        "criteria_sha256": assessment.criteria_digest,
        "subject": subject_of(assessment),
        "outcome": assessment.outcome.value,
        "level": whole_numbers(assessment.level),
        "total": exact_text(assessment.total),
        "literal_total": exact_text(assessment.literal_total),
        "literal_level": whole_numbers(assessment.literal_level),
        "level_scores": {str(level): exact_text(score) for level, score in assessment.level_scores.items()} or None,
        "coverage": _coverage(assessment),
        "settle": list(assessment.settle) if assessment.method is Method.GBT_39117 else None,
        "requirements": _requirements(assessment),
    }
    return {key: entry for key, entry in entries.items() if entry is not None}


def subject_of(assessment: Assessment) -> dict[str, str]:
    """Return whom an assessment is about, as the files name it."""
    named = {"kind": assessment.subject_kind.value, "factory": assessment.factory_name, "name": assessment.subject_name}
    if assessment.subject_kind is not SubjectKind.WORKSHOP:
        del named["factory"]
    return {key: text or "" for key, text in named.items()}


def _requirements(assessment: Assessment) -> list[dict[str, Any]] | None:
    if assessment.method is Method.GBT_39117 or not assessment.requirements:
        return None  # the 207 degrees stand in the diagnosis file
    return [_requirement(result) for result in assessment.requirements]


def _requirement(result: RequirementResult) -> dict[str, Any]:
    requirement = result.requirement
    threshold = requirement.threshold.value if requirement.threshold else None
    entries = {
        "id": requirement.id,
        "state": result.state.value,
        "value": exact_text(result.value),
        "threshold": None if threshold is None else str(threshold),
        "unit": requirement.unit.zh if requirement.unit else None,
    }
    return {key: entry for key, entry in entries.items() if entry is not None}


def _coverage(assessment: Assessment) -> dict[str, int]:
    coverage = assessment.coverage
    return {
        "asked": coverage.asked,
        "answered": coverage.answered,
        "unknown": coverage.unknown,
        "blank": coverage.blank,
    }


def exact_text(bounds: Bounds | None) -> dict[str, str] | None:
    """Return bounds as the files carry them: exact fractions as text."""
    return None if bounds is None else {"low": str(bounds.low), "high": str(bounds.high)}


def whole_numbers(bounds: Bounds | None) -> dict[str, int] | None:
    """Return the bounds of a level."""
    return None if bounds is None else {"low": int(bounds.low), "high": int(bounds.high)}
