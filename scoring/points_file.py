"""Reads a criteria file of points: questions with their points, scenes with their levels, and the level rule."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import TypeVar

from questionnaires.facts import steps
from questionnaires.model import Fact, FactKind, Text
from questionnaires.yaml_file import Located, check_keys, gather, read_text
from scoring.criteria_file import HEAD_KEYS, MAY_KEYS, Desk, Head, known_name, read_head, read_rule
from scoring.model import Band, LevelRule, PointsCriteria, PointsQuestion, Requirement, RequirementKind, Scene

KEYS = ("levels", "bands", "dimensions", "questions", "scene_levels", "scenes", "level_rule")
QUESTION_KEYS = ("fact", "options", "adds_up", "indicator", "bands")
HUNDRED = Fraction(100)
Read = TypeVar("Read")


def read_points(tree: Located, desk: Desk, digest: str) -> PointsCriteria:
    """Return the points criteria of `tree`; faults of questions and scenes go to the list of `desk`."""
    check_keys(tree, MAY_KEYS, (*HEAD_KEYS, *KEYS))
    head = read_head(tree, desk)
    questions = _each(tree, "questions", lambda node: _question(node, tree, head, desk), desk)
    _refuse_other_sums(tree, questions, desk)
    return PointsCriteria(
        id=head.id,
        title=head.title,
        method=head.method,
        judges=head.judges,
        rule=head.rule,
        day=desk.day,
        digest=digest,
        applies_when=head.applies_when,
        notice=head.notice,
        level_names=tuple(read_text(level) for level in tree.tables("levels")),
        questions=questions,
        scenes=_each(tree, "scenes", lambda node: _scene(node, tree, head, desk), desk),
        level_rules=_level_rules(tree, head),
    )


def _each(tree: Located, key: str, read: Callable[[Located], Read], desk: Desk) -> tuple[Read, ...]:
    table = tree.table(key)
    return tuple(gather(gather(table, table.table, desk.faults), read, desk.faults))


def _question(node: Located, tree: Located, head: Head, desk: Desk) -> PointsQuestion:
    check_keys(node, QUESTION_KEYS, ("zh", "en", "dimension", "points", "source", "confidence"))
    dimensions = tree.table("dimensions")
    dimension = known_name(node, node.text("dimension"), dimensions, "dimension", "a dimension")
    text = Text(dimensions.table(dimension).text("zh"), dimensions.table(dimension).text("en"))
    if "indicator" in node:
        indicator = known_name(node, node.text("indicator"), desk.indicators, "indicator", "an indicator")
        bands = _bands(node, tree)
        return PointsQuestion(
            _requirement(node, head, None), node.number("points"), text, indicator=indicator, bands=bands
        )
    fact = desk.facts[known_name(node, node.text("fact"), desk.facts, "fact", "a fact")]
    options = node.table("options")
    _refuse_other_codes(options, fact)
    shares = {code: options.number(code) / HUNDRED for code in options}
    _refuse_other_order(options, shares, fact)
    adds_up = node.flag("adds_up")
    _refuse_other_top(
        options, sum(shares.values()) if adds_up else max(shares.values()), adds_up is (fact.kind is FactKind.CHOICES)
    )
    return PointsQuestion(_requirement(node, head, fact.id), node.number("points"), text, shares, adds_up)


def _bands(node: Located, tree: Located) -> tuple[Band, ...]:
    name = known_name(node, node.text("bands"), tree.table("bands"), "bands", "a table of bands")
    table = tree.table("bands").table(name)
    bands = tuple(Band(Fraction(up_to), table.number(up_to) / HUNDRED) for up_to in table)
    if [b.up_to for b in bands] != sorted({b.up_to for b in bands}) or bands[-1] != Band(HUNDRED, Fraction(1)):
        raise table.fault(
            "the bands do not rise to 100 with all the points.", "Write them lowest first, the last 100: 100."
        )
    return bands


def _scene(node: Located, tree: Located, head: Head, desk: Desk) -> Scene:
    check_keys(node, (), ("fact", "zh", "en", "group", "binding", "source", "confidence"))
    fact = desk.facts[known_name(node, node.text("fact"), desk.facts, "fact", "a fact")]
    levels = tree.table("scene_levels")
    _refuse_other_codes(levels, fact)
    places = {code: levels.whole(code) for code in levels}
    _refuse_other_order(node, places, fact)
    return Scene(_requirement(node, head, fact.id), places, node.flag("binding"), node.bilingual("group"))


def _requirement(node: Located, head: Head, fact: str | None) -> Requirement:
    name = node.at.rpartition(".")[2]
    return Requirement(name, read_text(node), RequirementKind.SCORED, read_rule(node, head.rule), fact=fact)


def _level_rules(tree: Located, head: Head) -> tuple[LevelRule, ...]:
    rules = []
    for node in tree.tables("level_rule"):
        check_keys(node, (), ("level", "score", "scenes", "binding", "source", "confidence"))
        rule = read_rule(node, head.rule)
        rules.append(
            LevelRule(node.whole("level"), node.number("score"), node.whole("scenes"), node.whole("binding"), rule)
        )
    if [rule.level for rule in rules] != list(range(1, len(tree.rows("levels")) + 1)):
        remedy = "Write one rule a level, level 1 first."
        raise tree.fault("the level rules do not follow the levels.", remedy, "level_rule")
    if not all(_contains(lower, higher) for lower, higher in pairwise(rules)):
        remedy = "Let score, scenes and binding rise."
        raise tree.fault("a higher level asks for less than a lower one.", remedy, "level_rule")
    return tuple(rules)


def _contains(lower: LevelRule, higher: LevelRule) -> bool:
    return higher.score >= lower.score and higher.scenes >= lower.scenes and higher.binding >= lower.binding


def _refuse_other_codes(options: Located, fact: Fact) -> None:
    codes: Collection[str] = [option.code for option in fact.options]
    if set(codes) != set(options):
        missing, extra = sorted(set(codes) - set(options)), sorted(set(options) - set(codes))
        fault = f"the options of {fact.id} differ: missing {missing}, unknown {extra}."
        raise options.fault(fault, "Give each option its percent.")


def _refuse_other_order(node: Located, worth: Mapping[str, Fraction | int], fact: Fact) -> None:
    """Refuse options that are worth less although the fact says that they are better."""
    if fact.kind is not FactKind.CHOICE:
        return
    if fact.best is None:
        raise node.fault(f"nothing says which option of {fact.id} is the best.", f"Write best: in {fact.id}.")
    if (wrong := next(((a, b) for a, b in pairwise(steps(fact)) if worth[a] > worth[b]), None)) is not None:
        fault = f"“{wrong[1]}” of {fact.id} is better than “{wrong[0]}” and worth less."
        raise node.fault(fault, "Correct what they are worth, or best: of the fact.")


def _refuse_other_top(options: Located, top: Fraction | int, kind_fits: bool) -> None:
    if top != 1:
        raise options.fault(f"the best answer gives {top * 100} %, not 100 %.", "Correct the percentages.")
    if not kind_fits:
        raise options.fault("adds_up does not fit the fact.", "Set adds_up for several choices, and only for these.")


def _refuse_other_sums(tree: Located, questions: tuple[PointsQuestion, ...], desk: Desk) -> None:
    table = tree.table("dimensions")
    for name in table:
        check_keys(table.table(name), (), ("zh", "en", "points"))
        points = sum((q.points for q in questions if q.dimension.zh == table.table(name).text("zh")), Fraction(0))
        if points != table.table(name).number("points"):
            desk.faults.append(table.fault(f"its questions give {points} points.", "Correct the points.", name))
    if (total := sum(table.table(name).number("points") for name in table)) != HUNDRED:
        desk.faults.append(tree.fault(f"the dimensions sum to {total}, not 100.", "Correct the points.", "dimensions"))
