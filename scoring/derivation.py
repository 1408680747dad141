"""The tree of reasons (推导): conclusion -> rule -> fact -> answer, for every assessment.

Only says why; it decides nothing. The words that print it are in `reports/`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from questionnaires.conditions import comparisons
from questionnaires.model import State, Statement, Subject, Text, Value
from scoring.exact import Bounds
from scoring.indicators import Case, bearers, bounds_of, facts_behind
from scoring.model import (
    Assessment,
    CountMet,
    Criteria,
    Indicator,
    LevelOf,
    Outcome,
    PointsCriteria,
    Reason,
    RequirementKind,
    RequirementResult,
    Rule,
)


def gates_reason(
    criteria: Criteria, case: Case, outcome: Outcome, level: Bounds | None, results: Sequence[RequirementResult]
) -> Reason:
    """Return the reasons of a gate outcome: one branch a requirement, below it the indicators and answers it read."""
    because = tuple(_requirement(result, case) for result in results)
    return head(criteria, level_state(level) if level else outcome.value, case, level, because)


def points_reason(criteria: PointsCriteria, case: Case, level: Bounds, results: Sequence[RequirementResult]) -> Reason:
    """Return the reasons of a points outcome: the level rules, then every question and scene with its answer."""
    rules = tuple(
        Reason(
            ref=f"level_rule.{rule.level}",
            text=Text(
                f"得分不低于 {rule.score}，达到该级的场景不少于 {rule.scenes} 个，其中约束性不少于 {rule.binding} 个",
                f"Score at least {rule.score}, {rule.scenes} scenes at that level, {rule.binding} of them binding",
            ),
            state=_reached(level, rule.level),
            rule=rule.rule,
        )
        for rule in criteria.level_rules
    )
    return head(
        criteria, level_state(level), case, level, rules + tuple(_requirement(result, case) for result in results)
    )


def not_applicable_reason(criteria: Criteria, case: Case) -> Reason:
    """Return why criteria do not apply to the subject: the facts that its `applies_when` compared."""
    names = [c.left for c in comparisons(criteria.applies_when)] if criteria.applies_when else []
    because = tuple(reason for name in names for reason in name_reasons(name, case))
    return head(criteria, Outcome.NOT_APPLICABLE.value, case, None, because)


def head(criteria: Criteria, state: str, case: Case, value: Bounds | None, because: tuple[Reason, ...]) -> Reason:
    """Return the conclusion: the criteria, what they conclude and on whom."""
    return Reason(criteria.id, criteria.title, state, criteria.rule, value, None, because, case.subject.name)


def level_state(level: Bounds) -> str:
    """Return "level 2", or "level 1-2" while it is open."""
    return f"level {level.low}" if level.settled else f"level {level.low}-{level.high}"


def name_reasons(name: str, case: Case) -> tuple[Reason, ...]:
    """Return what a name rests on: the indicator with its facts, or the fact as each asked subject answered it."""
    if name in case.indicators:
        return (_indicator(case.indicators[name], case),)
    return _answers(name, case)


def answer_state(statement: Statement | None) -> str:
    """Return the answer as a word that needs no language: a code, an exact number, yes, no, unknown, blank."""
    if statement is None:
        return "blank"
    return _written(statement.value) if statement.state is State.STATED else statement.state.value


def _requirement(result: RequirementResult, case: Case) -> Reason:
    requirement = result.requirement
    conditions = [c for c in (requirement.applies_when, requirement.that) if c]
    names = [comparison.left for condition in conditions for comparison in comparisons(condition)]
    names += [*requirement.shows, *([requirement.fact] if requirement.fact else [])]
    return Reason(
        ref=requirement.id,
        text=requirement.text,
        state=number_state(result.value) if requirement.kind is RequirementKind.SCORED else result.state.value,
        rule=requirement.threshold.rule if requirement.threshold else requirement.rule,
        value=result.value,
        because=tuple(reason for name in dict.fromkeys(names) for reason in name_reasons(name, case)),
    )


def _indicator(indicator: Indicator, case: Case) -> Reason:
    bounds = bounds_of(indicator.id, case)
    if isinstance(indicator.how, CountMet | LevelOf):
        because = tuple(_judged(a) for a in _read(indicator.how, case.judged))
    else:
        because = tuple(r for fact in facts_behind(indicator.id, case.indicators) for r in _answers(fact, case))
    return Reason(indicator.id, indicator.text, number_state(bounds), indicator.rule, bounds, None, because)


def _read(how: CountMet | LevelOf, judged: Sequence[Assessment]) -> list[Assessment]:
    if isinstance(how, CountMet):
        return [a for a in judged if a.criteria_id == how.criteria]
    return [a for a in judged if a.method is how.method]


def _judged(assessment: Assessment) -> Reason:
    why = assessment.derivation
    return Reason(why.ref, why.text, why.state, why.rule, why.value, None, (), assessment.subject_name)


def _answers(name: str, case: Case) -> tuple[Reason, ...]:
    if name not in case.facts:
        return ()
    fact = case.facts[name]
    rule = Rule(fact.source.title, None, None, fact.source.where, fact.source.confidence)
    return tuple(
        Reason(name, fact.label, answer_state(s.facts.get(name)), rule, None, name, (), _other(s, case))
        for s in bearers(fact.of, case.path)
    )


def _other(subject: Subject, case: Case) -> str | None:
    return None if subject is case.subject else subject.name


def number_state(bounds: Bounds | None) -> str:
    """Return a number exactly, "45", or its ends, "30..60"; "not_known" where there is none."""
    if bounds is None:
        return "not_known"
    return str(bounds.low) if bounds.settled else f"{bounds.low}..{bounds.high}"


def _written(value: Value | None) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ",".join(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _reached(level: Bounds, wanted: int) -> str:
    reached = level.reaches(Fraction(wanted))
    return {True: "met", False: "not_met", None: "not_known"}[reached]


def leaf(fact: str, text: Text, statement: Statement | None, rule: Rule, value: Bounds) -> Reason:
    """Return a requirement that is one fact: its answer is its state."""
    return Reason(fact, text, answer_state(statement), rule, value, fact)


def state_beside(value: Bounds | None, threshold: Fraction) -> str:
    """Return met, not_met or not_known of a score against `threshold`; "none" where nothing is scored."""
    return "none" if value is None else {True: "met", False: "not_met", None: "not_known"}[value.reaches(threshold)]
