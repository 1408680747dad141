"""Points and scenes (MIIT evaluation of small and medium-sized firms): exact score, scenes by level, level rule.

Bounds are sound always; they are attained unless one unanswered denominator stands in the rates of two questions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate

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
from scoring.still_open import (
    NOTHING,
    Deciding,
    Open,
    Place,
    at_least,
    decided,
    every,
    joined,
    joined_places,
    unanswered,
)


def assess_points(criteria: PointsCriteria, case: Case) -> Assessment:
    """Score every question and scene for the subject of `case` and join them by the level rule."""
    earned = [points_of(question, case) for question in criteria.questions]
    placed = [level_of_scene(scene, case) for scene in criteria.scenes]
    score = added(earned)
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


def still_deciding(criteria: PointsCriteria, case: Case) -> Deciding:
    """Return the open facts that can still change the level, which is the highest whose rule is kept."""
    earned = [points_of(question, case) for question in criteria.questions]
    placed = [level_of_scene(scene, case) for scene in criteria.scenes]
    level = level_bounds(criteria, added(earned), placed)
    between = [rule for rule in criteria.level_rules if level.low < rule.level <= level.high]
    kept = [_kept(rule, criteria, earned, placed, case) for rule in between]
    if not (places := joined(part for part in kept if part.no != 0)):
        return NOTHING
    ends = [part.end for part in kept]
    ways = [max(ends), *(max([part.yes, *ends[n:]]) for n, part in enumerate(kept, 1))]
    return Deciding(places, min(ways))


def _kept(
    rule: LevelRule, criteria: PointsCriteria, earned: Sequence[Bounds], placed: Sequence[Bounds], case: Case
) -> Open:
    """Return what is open about one level rule: enough points, enough scenes, enough binding ones among them."""
    at_level = [
        _reaches(scene, rule.level, bounds, case) for scene, bounds in zip(criteria.scenes, placed, strict=True)
    ]
    binding = [one for one, scene in zip(at_level, criteria.scenes, strict=True) if scene.binding]
    enough = _enough(rule.score, criteria.questions, earned, case)
    return every([enough, at_least(at_level, rule.scenes), at_least(binding, rule.binding)])


def _enough(wanted: Fraction, questions: Sequence[PointsQuestion], earned: Sequence[Bounds], case: Case) -> Open:
    score = added(earned)
    if (reached := score.reaches(wanted)) is not None:
        return decided(reached)
    still = sorted(zip(earned, questions, strict=True), key=lambda one: one[0].low - one[0].high)
    moves = [bounds.high - bounds.low for bounds, _ in still]
    yes = sum(before < wanted - score.low for before in accumulate([Fraction(0), *moves[:-1]]))
    no = sum(before <= score.high - wanted for before in accumulate([Fraction(0), *moves[:-1]]))
    names = [question.indicator or question.requirement.fact or "" for _, question in still]
    each = [_open_places([name], case) for name, move in zip(names, moves, strict=True) if move]
    return Open(joined_places(each), yes, no, min(yes, no, sum(map(bool, each))))


def _reaches(scene: Scene, level: int, placed: Bounds, case: Case) -> Open:
    if (reached := placed.reaches(Fraction(level))) is not None:
        return decided(reached)
    return unanswered(*_open_places([scene.requirement.fact or ""], case))


def _open_places(names: Sequence[str], case: Case) -> tuple[Place, ...]:
    return tuple((subject.key, fact) for subject, fact in asked(names, case) if is_open(subject, fact))


def added(earned: Sequence[Bounds]) -> Bounds:
    """Return the score: the points of all questions, at worst and at best."""
    return Bounds(sum((b.low for b in earned), Fraction(0)), sum((b.high for b in earned), Fraction(0)))


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
