"""Levels by points and scenes as rows: the points needed for a level, and how many scenes have to be at it."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import pairwise

from scoring.indicators import Case, bearers, stated_value
from scoring.model import LevelRule, PointsCriteria, PointsQuestion, Ratio, Scene
from scoring.plan_gates import ratio_parts
from scoring.plan_program import ONE, Planning, any_of, impossible, need_of, reach, steps
from scoring.points import level_of_scene, points_of


def ask_points(planning: Planning, criteria: PointsCriteria, case: Case, level: int, when: int | None) -> None:
    """Ask for one of the rules that give at least `level`; with `when` only if that variable is 1."""
    rules = [rule for rule in criteria.level_rules if rule.level >= level]
    need = need_of(planning, criteria, case, None)
    if not rules:
        return impossible(planning, need, when)
    ways = [planning.program.variable() for _rule in rules]
    reach(planning, dict.fromkeys(ways, 1), ONE, None, when)
    for rule, way in zip(rules, ways, strict=True):
        _ask_rule(planning, criteria, rule, case, need, way)
    return None


def _ask_rule(planning: Planning, criteria: PointsCriteria, rule: LevelRule, case: Case, need: int, when: int) -> None:
    now, terms = Fraction(0), dict[int, Fraction]()
    for question in criteria.questions:
        now += points_of(question, case).low
        for variable, gained in _question(planning, question, case).items():
            terms[variable] = terms.get(variable, Fraction(0)) + gained
    if now < rule.score:
        reach(planning, terms, rule.score - now, need, when)
    scenes = [(scene, _scene(planning, scene, rule.level, case)) for scene in criteria.scenes]
    for wanted, counted in ((rule.scenes, scenes), (rule.binding, [one for one in scenes if one[0].binding])):
        sure = sum(1 for _scene_, reached in counted if reached is True)
        raised = Counter(reached for _scene_, reached in counted if reached is not True and reached is not None)
        if sure < wanted:
            reach(planning, raised, Fraction(wanted - sure), need, when)


def _question(planning: Planning, question: PointsQuestion, case: Case) -> dict[int, Fraction]:
    if question.indicator:
        return _rate_points(planning, question, question.indicator, case)
    subjects = bearers(case.facts[question.requirement.fact or ""].of, case.path)
    fact, key = question.requirement.fact or "", subjects[0].key
    sources = [s for s in planning.sources.get((key, fact), []) if s.value is not None]
    if question.adds_up:
        now = stated_value(subjects[0].facts.get(fact))
        chosen = set(now) if isinstance(now, tuple) else set[str]()
        terms: dict[int, Fraction] = {}
        for code, share in question.shares.items():
            adding = [s.variable for s in sources if isinstance(s.value, tuple) and code in s.value]
            if code not in chosen and share and adding:
                variable = any_of(planning, adding)
                terms[variable] = terms.get(variable, Fraction(0)) + share * question.points
        return terms
    worst = points_of(question, case).low
    lifted: dict[Fraction, list[int]] = {}
    for source in sources:
        worth = question.points * question.shares.get(str(source.value), Fraction(0))
        if worth > worst:
            lifted.setdefault(worth, []).append(source.variable)
    return steps(planning, lifted, worst)


def _rate_points(planning: Planning, question: PointsQuestion, name: str, case: Case) -> dict[int, Fraction]:
    """Return a variable for every band above the present one, each with the points that it adds to the band below."""
    ratio, now = case.indicators[name].how, points_of(question, case).low
    parts = ratio_parts(planning, ratio, case) if isinstance(ratio, Ratio) else None
    steps: dict[int, Fraction] = {}
    if parts is None or parts.missing:
        return steps
    for below, band in pairwise(question.bands):
        gained = question.points * band.share - max(now, question.points * below.share)
        if gained > 0:
            variable = planning.program.variable()
            steps[variable] = gained
            terms, sure = parts.over(below.up_to)
            reach(planning, terms, Fraction(1, below.up_to.denominator) - sure, None, variable)
    return steps


def _scene(planning: Planning, scene: Scene, level: int, case: Case) -> int | bool | None:
    """Return True where a scene is at `level` already, else the variable that brings it there, None when none can."""
    if level_of_scene(scene, case).low >= level:
        return True
    subjects = bearers(case.facts[scene.requirement.fact or ""].of, case.path)
    sources = planning.sources.get((subjects[0].key, scene.requirement.fact or ""), [])
    raising = [s.variable for s in sources if scene.levels.get(str(s.value), 0) >= level]
    return any_of(planning, raising) if raising else None
