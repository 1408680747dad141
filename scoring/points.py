"""Points and scenes (MIIT evaluation of small and medium-sized firms): exact score, scenes by level, level rule.

Bounds are sound always; they are attained unless one unanswered denominator stands in the rates of two questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from questionnaires.model import Value
from scoring.conclusion import asked, conclude, cover, is_open
from scoring.derivation import points_reason
from scoring.exact import Bounds, exactly
from scoring.indicators import Case, bearers, bounds_of, stated_value
from scoring.model import (
    Assessment,
    Band,
    LevelRule,
    Outcome,
    PointsCriteria,
    PointsQuestion,
    Requirement,
    RequirementResult,
    RequirementState,
    Scene,
)


def assess_points(criteria: PointsCriteria, case: Case) -> Assessment:
    """Score every question and scene for the subject of `case` and join them by the level rule."""
    earned = [points_of(question, case) for question in criteria.questions]
    placed = [level_of_scene(scene, case) for scene in criteria.scenes]
    score = Bounds(sum((b.low for b in earned), Fraction(0)), sum((b.high for b in earned), Fraction(0)))
    level = level_bounds(criteria, score, placed)
    best = [question.points for question in criteria.questions] + [_top(scene) for scene in criteria.scenes]
    requirements = [q.requirement for q in criteria.questions] + [s.requirement for s in criteria.scenes]
    names = [q.indicator or q.requirement.fact or "" for q in criteria.questions] + [
        s.requirement.fact or "" for s in criteria.scenes
    ]
    every = zip(requirements, names, [*earned, *placed], best, strict=True)
    results = tuple(_result(requirement, name, value, top, case) for requirement, name, value, top in every)
    reason = points_reason(criteria, case, level, results)
    assessment = conclude(criteria, case, Outcome.LEVEL, cover(asked(names, case)), reason)
    return replace(assessment, level=level, total=score, requirements=results)


def points_of(question: PointsQuestion, case: Case) -> Bounds:
    """Return the points of one question, exact; an open one gives from nothing to all that its options can give."""
    if question.indicator:
        rate = bounds_of(question.indicator, case) or Bounds(Fraction(0), question.bands[-1].up_to)
        return Bounds(
            question.points * share_of_band(rate.low, question.bands),
            question.points * share_of_band(rate.high, question.bands),
        )
    chosen = _value(question.requirement.fact, case)
    if chosen is None:
        return Bounds(question.points * min(_extremes(question)), question.points * max(_extremes(question)))
    codes = chosen if isinstance(chosen, tuple) else (str(chosen),)
    return exactly(question.points * sum((question.shares[code] for code in codes), Fraction(0)))


def share_of_band(rate: Fraction, bands: Sequence[Band]) -> Fraction:
    """Return the share of the points for `rate` in percent; bands are open on the left and closed on the right."""
    return next(band.share for band in bands if rate <= band.up_to)


def level_of_scene(scene: Scene, case: Case) -> Bounds:
    """Return the level on which one scene stands; an open one from none to the highest."""
    code = _value(scene.requirement.fact, case)
    return Bounds(Fraction(0), _top(scene)) if code is None else exactly(scene.levels[str(code)])


def level_bounds(criteria: PointsCriteria, score: Bounds, placed: Sequence[Bounds]) -> Bounds:
    """Return the level at worst and at best; both grow with every answer, so nothing lies outside."""
    binding = [scene.binding for scene in criteria.scenes]
    worst = level_reached(criteria.level_rules, score.low, [b.low for b in placed], binding)
    best = level_reached(criteria.level_rules, score.high, [b.high for b in placed], binding)
    return Bounds(Fraction(worst), Fraction(best))


def level_reached(
    rules: Sequence[LevelRule], score: Fraction, placed: Sequence[Fraction], binding: Sequence[bool]
) -> int:
    """Return the highest level whose rule is kept, 0 when none is.

    `placed` gives the level of each scene and `binding` whether it is a binding one (约束性场景).
    """
    return max((rule.level for rule in rules if keeps(rule, score, placed, binding)), default=0)


def keeps(rule: LevelRule, score: Fraction, placed: Sequence[Fraction], binding: Sequence[bool]) -> bool:
    """Tell whether score, scenes at the level or above, and binding ones among them all reach what `rule` asks."""
    at_level = [is_binding for level, is_binding in zip(placed, binding, strict=True) if level >= rule.level]
    return score >= rule.score and len(at_level) >= rule.scenes and sum(at_level) >= rule.binding


def _extremes(question: PointsQuestion) -> tuple[Fraction, Fraction]:
    shares = question.shares.values()
    return min(shares), sum(shares, Fraction(0)) if question.adds_up else max(shares)


def _top(scene: Scene) -> Fraction:
    return Fraction(max(scene.levels.values()))


def _value(fact: str | None, case: Case) -> Value | None:
    if fact is None:
        return None
    subjects = bearers(case.facts[fact].of, case.path)
    return stated_value(subjects[0].facts.get(fact)) if subjects else None


def _result(requirement: Requirement, name: str, value: Bounds, best: Fraction, case: Case) -> RequirementResult:
    reached = value.reaches(best)
    state = {True: RequirementState.MET, False: RequirementState.NOT_MET, None: RequirementState.NOT_KNOWN}[reached]
    pairs = asked([name], case)
    facts = tuple(dict.fromkeys(fact for _, fact in pairs))
    open_facts = tuple(dict.fromkeys(fact for subject, fact in pairs if is_open(subject, fact)))
    return RequirementResult(
        requirement, state if value.settled else RequirementState.NOT_KNOWN, value, facts, open_facts
    )
