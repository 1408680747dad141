"""Gaps (差距): what stands between the facts and a wanted level or recognition, and which improvements lift it.

For maturity the lowest open level comes first and in it the heaviest; every gate that is not surely met is a gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from questionnaires.conditions import comparisons
from questionnaires.model import FilledDiagnosis
from scoring.indicators import facts_behind
from scoring.maturity import lifts
from scoring.maturity_assessment import Answers, read_answers, stated_degree
from scoring.model import (
    Assessment,
    Capability,
    Change,
    CountMet,
    CriteriaSet,
    Gap,
    GatesCriteria,
    Improvement,
    MaturityCriteria,
    Method,
    Outcome,
    Requirement,
    RequirementResult,
    RequirementState,
)
from scoring.tailoring import subdomains

OPEN_STATES = (RequirementState.NOT_MET, RequirementState.NOT_KNOWN)


def find_gaps(
    assessments: Iterable[Assessment],
    criteria: CriteriaSet,
    filled: FilledDiagnosis,
    wanted: Mapping[str, int] | None = None,
) -> tuple[Gap, ...]:
    """Return the gaps of every assessment in its order.

    `wanted` gives, by criteria id, the level or grade to reach; without it the next one above what is sure.
    Points criteria have no gaps of their own: their questions are worth points and block nothing.
    """
    goals = wanted or {}
    return tuple(gap for a in assessments for gap in _gaps(a, criteria, filled, goals.get(a.criteria_id)))


def improvements_for(gaps: Iterable[Gap], criteria: CriteriaSet) -> Mapping[str, tuple[Improvement, ...]]:
    """Return, for every gap by its `lifted_by` name, the improvements that change something it reads."""
    read = {lifted_by(gap): facts_read(gap.requirement, criteria) for gap in gaps}
    changed = {one.id: facts_changed(one, criteria) for one in criteria.improvements}
    return {
        name: tuple(one for one in criteria.improvements if not facts.isdisjoint(changed[one.id]))
        for name, facts in read.items()
    }


def facts_changed(improvement: Improvement, criteria: CriteriaSet) -> frozenset[str]:
    """Return the facts that an improvement changes."""
    changes = [criteria.indicators[name].how for name in improvement.gains]
    after = [change.after for change in changes if isinstance(change, Change)]
    added = [improvement.adds.count, *improvement.adds.along] if improvement.adds else []
    return frozenset([*improvement.lifts, *improvement.sets, *added, *after])


def lifted_by(gap: Gap) -> str:
    """Return the name of what an improvement lifts: "planning.L3.1", or "cq_digital_workshop.W2" for a gate."""
    return gap.requirement.fact or f"{gap.criteria_id}.{gap.requirement.id}"


def facts_read(requirement: Requirement, criteria: CriteriaSet) -> frozenset[str]:
    """Return the facts that decide a requirement; for a count of subjects that meet others, those of the others."""
    if requirement.fact:
        return frozenset({requirement.fact})
    names = comparisons(requirement.that) if requirement.that else ()
    return frozenset(fact for one in names for fact in _facts_behind(one.left, criteria))


def _facts_behind(name: str, criteria: CriteriaSet) -> Iterable[str]:
    indicator = criteria.indicators.get(name)
    counted = (
        criteria.criteria.get(indicator.how.criteria) if indicator and isinstance(indicator.how, CountMet) else None
    )
    if isinstance(counted, GatesCriteria):
        return [fact for requirement in counted.requirements for fact in facts_read(requirement, criteria)]
    return facts_behind(name, criteria.indicators)


def _gaps(assessment: Assessment, criteria: CriteriaSet, filled: FilledDiagnosis, wanted: int | None) -> Iterable[Gap]:
    one = criteria.criteria[assessment.criteria_id]
    if assessment.outcome is Outcome.NOT_APPLICABLE:
        return ()
    if isinstance(one, MaturityCriteria):
        return _maturity_gaps(assessment, read_answers(one, filled.firm.facts, filled.tailored), wanted)
    return _gate_gaps(assessment, wanted) if assessment.method is Method.GATES else ()


def _maturity_gaps(assessment: Assessment, answers: Answers, wanted: int | None) -> Iterator[Gap]:
    levels = range(1, _goal(assessment, wanted, len(answers.criteria.bands)) + 1)
    for level in levels:
        if assessment.level_scores[level].low < answers.criteria.pass_mark:
            yield from sorted(_level_gaps(assessment, answers, level), key=lambda gap: -gap.weight)


def _level_gaps(assessment: Assessment, answers: Answers, level: int) -> Iterator[Gap]:
    lift = lifts(answers.tree, level, answers.criteria.empty_level)
    for subdomain in subdomains(answers.tree):
        for requirement in subdomain.requirements:
            still = lift.get(requirement.id, Fraction(0)) * (1 - answers.worst[requirement.id])
            if still > 0:
                yield _maturity_gap(assessment, subdomain, requirement, still, answers)


def _maturity_gap(
    assessment: Assessment, subdomain: Capability, requirement: Requirement, still: Fraction, answers: Answers
) -> Gap:
    return Gap(
        criteria_id=assessment.criteria_id,
        subject_key=assessment.subject_key,
        subject_name=assessment.subject_name,
        requirement=requirement,
        group=subdomain.text,
        weight=still,
        now=stated_degree(answers.statements.get(requirement.id)) or "unknown",
    )


def _gate_gaps(assessment: Assessment, wanted: int | None) -> Iterator[Gap]:
    goal = _goal(assessment, wanted, len(assessment.level_names))
    for result in assessment.requirements:
        if result.state in OPEN_STATES and result.requirement.level <= goal:
            yield _gate_gap(assessment, result)


def _goal(assessment: Assessment, wanted: int | None, highest: int) -> int:
    sure = int(assessment.level.low) if assessment.level else 0
    return min(wanted or sure + 1, highest)


def _gate_gap(assessment: Assessment, result: RequirementResult) -> Gap:
    return Gap(
        criteria_id=assessment.criteria_id,
        subject_key=assessment.subject_key,
        subject_name=assessment.subject_name,
        requirement=result.requirement,
        group=assessment.criteria_title,
        weight=Fraction(1),
        now=result.state.value,
        distance=result.distance,
    )
