"""Where every verdict stands, without its reasons: what is shown again and again while somebody fills in.

The same conclusions as `assessment.py` from the same rules; left out are the tree of reasons, the scores of the
capabilities and the numbers beside thresholds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from questionnaires.model import FilledDiagnosis
from scoring.assessment import assess_diagnosis
from scoring.conclusion import asked, conclude, cover
from scoring.derivation import head, level_state
from scoring.distance import distance
from scoring.exact import Bounds
from scoring.gates import grades_met, names_of, outcome_of, state_of
from scoring.indicators import Case
from scoring.maturity import compile_maturity
from scoring.maturity_assessment import stated_degree
from scoring.model import (
    Assessment,
    Criteria,
    CriteriaSet,
    GatesCriteria,
    MaturityCriteria,
    Outcome,
    PointsCriteria,
    Requirement,
    RequirementKind,
    RequirementResult,
    RequirementState,
)
from scoring.points import added, level_bounds, level_of_scene, points_of
from scoring.settle import smallest_settling
from scoring.tailoring import check_tailoring


def stand(filled: FilledDiagnosis, criteria: CriteriaSet) -> tuple[Assessment, ...]:
    """Conclude about every subject what `assess_diagnosis` concludes. Raises TailoringRefused."""
    return assess_diagnosis(filled, criteria, judge_briefly)


def judge_briefly(criteria: Criteria, case: Case, tailored: Mapping[str, str]) -> Assessment:
    """Judge by criteria that apply, without reasons."""
    if isinstance(criteria, MaturityCriteria):
        return _maturity(criteria, case, tailored)
    if isinstance(criteria, PointsCriteria):
        return _points(criteria, case)
    if isinstance(criteria, GatesCriteria):
        return _gates(criteria, case)
    raise TypeError(f"nothing judges {type(criteria).__name__}")


def _maturity(criteria: MaturityCriteria, case: Case, tailored: Mapping[str, str]) -> Assessment:
    check_tailoring(criteria.capabilities, tailored, criteria.may_tailor)
    compiled = compile_maturity(criteria, frozenset(tailored))
    degrees = {name: stated_degree(case.subject.facts.get(name)) for name in compiled.requirements}
    worst, best = compiled.bounds(compiled.encode(degrees))
    level = Bounds(Fraction(worst.level), Fraction(best.level))
    coverage = cover((case.subject, fact) for fact in compiled.requirements)
    return replace(
        conclude(criteria, case, Outcome.LEVEL, coverage, head(criteria, level_state(level), case, level, ())),
        level=level,
        total=Bounds(worst.total, best.total),
        level_scores=dict(enumerate(map(Bounds, worst.level_scores, best.level_scores), 1)),
        settle=smallest_settling(compiled, degrees),
    )


def _gates(criteria: GatesCriteria, case: Case) -> Assessment:
    results = tuple(_result(one, case) for one in criteria.requirements)
    level = grades_met(results, len(criteria.level_names)) if criteria.level_names else None
    outcome = Outcome.LEVEL if level else outcome_of(results)
    names = [name for one in criteria.requirements if one.kind is RequirementKind.GATE for name in names_of(one)]
    state = level_state(level) if level else outcome.value
    concluded = conclude(criteria, case, outcome, cover(asked(names, case)), head(criteria, state, case, level, ()))
    return replace(concluded, level=level, requirements=results)


def _result(requirement: Requirement, case: Case) -> RequirementResult:
    state = state_of(requirement, case)
    short_of = distance(requirement.that, case) if requirement.that and state is RequirementState.NOT_MET else None
    return RequirementResult(requirement, state, None, (), (), short_of)


def _points(criteria: PointsCriteria, case: Case) -> Assessment:
    score = added([points_of(question, case) for question in criteria.questions])
    level = level_bounds(criteria, score, [level_of_scene(scene, case) for scene in criteria.scenes])
    names = [question.indicator or question.requirement.fact or "" for question in criteria.questions]
    names += [scene.requirement.fact or "" for scene in criteria.scenes]
    coverage = cover(asked(names, case))
    concluded = conclude(criteria, case, Outcome.LEVEL, coverage, head(criteria, level_state(level), case, level, ()))
    return replace(concluded, level=level, total=score)
