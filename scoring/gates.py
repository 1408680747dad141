"""Requirements that are each met, not met, not known or not applicable: 数字化车间, 智能工厂, gradient, conversion.

Three-valued: what the open facts still leave open is not known, never a no. Expert judgement is left to experts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from questionnaires.conditions import comparisons, evaluate
from questionnaires.model import Comparison, Condition
from scoring.conclusion import asked, conclude, cover, is_open
from scoring.criteria_file import THRESHOLD
from scoring.derivation import gates_reason
from scoring.distance import compared_number, distance
from scoring.exact import Bounds
from scoring.indicators import Case, bounds_of, value_of
from scoring.model import (
    Assessment,
    Figure,
    GatesCriteria,
    Outcome,
    Requirement,
    RequirementKind,
    RequirementResult,
    RequirementState,
)

JUDGED_STATES = {True: RequirementState.MET, False: RequirementState.NOT_MET, None: RequirementState.NOT_KNOWN}


def assess_gates(criteria: GatesCriteria, case: Case) -> Assessment:
    """Judge every requirement for the subject of `case`; with grades the outcome is a level, else met or not."""
    results = tuple(judge(requirement, case) for requirement in criteria.requirements)
    level = grades_met(results, len(criteria.level_names)) if criteria.level_names else None
    outcome = Outcome.LEVEL if level else outcome_of(results)
    gates = [name for r in criteria.requirements if r.kind is RequirementKind.GATE for name in names_of(r)]
    reason = gates_reason(criteria, case, outcome, level, results)
    assessment = conclude(criteria, case, outcome, cover(asked(gates, case)), reason)
    return replace(assessment, level=level, requirements=results)


def judge(requirement: Requirement, case: Case) -> RequirementResult:
    """Judge one requirement for the subject of `case`, with its number, its open facts and what is missing."""
    state = state_of(requirement, case)
    names = names_of(requirement)
    number = compared_number(requirement.that, case) if requirement.that else None
    pairs = asked(names, case)
    return RequirementResult(
        requirement=requirement,
        state=state,
        value=bounds_of(number, case) if number else None,
        facts=tuple(dict.fromkeys(fact for _, fact in pairs)),
        open_facts=tuple(dict.fromkeys(fact for subject, fact in pairs if is_open(subject, fact))),
        distance=distance(requirement.that, case) if requirement.that and state is RequirementState.NOT_MET else None,
        figures=tuple(_figure(name, case) for name in requirement.shows),
    )


def state_of(requirement: Requirement, case: Case) -> RequirementState:
    """Return the state of one requirement.

    While it is not known whether it applies, it is met when it would be met, and else not known.
    """
    if requirement.that is None:
        return RequirementState.NOT_JUDGED
    applies = holds(requirement.applies_when, case)
    if applies is False:
        return RequirementState.NOT_APPLICABLE
    met = holds(requirement.that, case)
    return JUDGED_STATES[met] if applies or met else RequirementState.NOT_KNOWN


def holds(condition: Condition | None, case: Case) -> bool | None:
    """Tell whether `condition` holds for the subject of `case`; no condition always holds, None is not known."""
    return True if condition is None else evaluate(condition, lambda name: value_of(name, case))


def outcome_of(results: Sequence[RequirementResult]) -> Outcome:
    """Return met when every gate that applies is met, not met when one is not, else not known."""
    states = [result.state for result in results]
    if RequirementState.NOT_MET in states:
        return Outcome.NOT_MET
    return Outcome.NOT_KNOWN if RequirementState.NOT_KNOWN in states else Outcome.MET


def grades_met(results: Sequence[RequirementResult], grades: int) -> Bounds:
    """Return how many grades, from the lowest on, have all their gates met: surely, and at most."""
    outcomes = [outcome_of([r for r in results if r.requirement.level == grade]) for grade in range(1, grades + 1)]
    sure = next((n for n, outcome in enumerate(outcomes) if outcome is not Outcome.MET), grades)
    most = next((n for n, outcome in enumerate(outcomes) if outcome is Outcome.NOT_MET), grades)
    return Bounds(Fraction(sure), Fraction(most))


def names_of(requirement: Requirement) -> tuple[str, ...]:
    """Return the facts and indicators that a requirement reads, in the order in which they are compared."""
    conditions = [c for c in (requirement.applies_when, requirement.that) if c is not None]
    compared = [name for condition in conditions for one in comparisons(condition) for name in sides(one)]
    return tuple(dict.fromkeys([*compared, *requirement.shows]))


def sides(comparison: Comparison) -> tuple[str, ...]:
    """Return the names that a comparison reads: what stands on the left, and on the right where that is a name."""
    right = str(comparison.right)
    return (comparison.left, right) if comparison.right_is_name and right != THRESHOLD else (comparison.left,)


def _figure(name: str, case: Case) -> Figure:
    if name in case.indicators:
        return Figure(name, case.indicators[name].text, case.indicators[name].unit, bounds_of(name, case))
    return Figure(name, case.facts[name].label, case.facts[name].unit, bounds_of(name, case))
