"""Reads indicators.yaml: how numbers are computed from facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType

from questionnaires.facts import one_of, read_source
from questionnaires.model import Fact, FactKind, Text
from questionnaires.yaml_file import DefinitionError, Located, check_keys, gather, read_text
from scoring.criteria_file import known_name
from scoring.model import (
    Change,
    CountMet,
    Indicator,
    LevelOf,
    Method,
    Ratio,
    Rule,
    SizeClass,
    SizeClasses,
    Sum,
)

Facts = Mapping[str, Fact]
How = Ratio | Sum | Change | CountMet | LevelOf | SizeClasses
COMMON = ("zh", "en", "unit", "kind", "source")


def read_indicators(tree: Located, facts: Facts, faults: list[DefinitionError]) -> dict[str, Indicator]:
    """Return the indicators by id; those with a fault are left out and the fault goes to `faults`."""
    check_keys(tree, (), ("indicators",))
    table = tree.table("indicators")
    read = gather(gather(table, table.table, faults), lambda node: _indicator(node, facts), faults)
    return {indicator.id: indicator for indicator in read}


def _indicator(node: Located, facts: Facts) -> Indicator:
    kind = node.text("kind")
    if kind not in READERS:
        raise node.fault(f"there is no way “{kind}” to compute an indicator.", f"Known: {', '.join(READERS)}.", "kind")
    name = node.at.removeprefix("indicators.")
    if name in facts:
        raise node.fault(f"a fact is called “{name}” too.", "Give the indicator a name of its own.")
    source = read_source(node.table("source"))
    rule = Rule(source.title, None, None, source.where, source.confidence)
    return Indicator(name, read_text(node), _unit(node), rule, READERS[kind](node, facts))


def _unit(node: Located) -> Text:
    unit = node.get("unit")
    return Text(unit, unit) if isinstance(unit, str) else node.bilingual("unit")


def _ratio(node: Located, facts: Facts) -> Ratio:
    check_keys(node, ("if_empty",), (*COMMON, "numerator", "denominator"))
    numerator, denominator = _numbers(node, "numerator", facts), _numbers(node, "denominator", facts)
    if len({facts[name].of for name in (*numerator, *denominator)}) != 1:
        raise node.fault(
            "the facts of a ratio describe different kinds of subject.", "Ask all of them of the same kind."
        )
    return Ratio(numerator, denominator, node.number_or_none("if_empty"))


def _sum(node: Located, facts: Facts) -> Sum:
    check_keys(node, (), (*COMMON, "facts"))
    return Sum(_numbers(node, "facts", facts, (FactKind.NUMBER, FactKind.YES_NO)))


def _change(node: Located, facts: Facts) -> Change:
    check_keys(node, (), (*COMMON, "before", "after", "direction"))
    if node.text("direction") not in ("up", "down"):
        raise node.fault("the direction is neither up nor down.", "Write the one that is an improvement.", "direction")
    return Change(_number(node, "before", facts), _number(node, "after", facts), node.text("direction"))


def _count_met(node: Located, facts: Facts) -> CountMet:
    check_keys(node, (), (*COMMON, "criteria"))
    return CountMet(node.text("criteria"))


def _level_of(node: Located, facts: Facts) -> LevelOf:
    check_keys(node, (), (*COMMON, "method"))
    return LevelOf(one_of(node, "method", Method))


def _size_class(node: Located, facts: Facts) -> SizeClasses:
    check_keys(node, (), (*COMMON, "employees", "revenue", "classes"))
    classes = tuple(
        SizeClass(entry.text("id"), read_text(entry), entry.number("employees"), entry.number("revenue"))
        for entry in node.tables("classes")
    )
    figures = [(c.employees, c.revenue) for c in classes]
    if figures[:1] != [(Fraction(0), Fraction(0))] or figures != sorted(figures):
        raise node.fault(
            "the classes do not rise from 0 persons and 0 revenue.", "Write the smallest first.", "classes"
        )
    return SizeClasses(_number(node, "employees", facts), _number(node, "revenue", facts), classes)


READERS: Mapping[str, Callable[[Located, Facts], How]] = MappingProxyType(
    {
        "ratio": _ratio,
        "sum": _sum,
        "change": _change,
        "count_met": _count_met,
        "level_of": _level_of,
        "size_class": _size_class,
    }
)


def _numbers(
    node: Located, key: str, facts: Facts, kinds: tuple[FactKind, ...] = (FactKind.NUMBER,)
) -> tuple[str, ...]:
    names = tuple(known_name(node, name, facts, key, "a fact") for name in node.words(key))
    if not names:
        raise node.fault(f"{key} names no fact.", "Name at least one.", key)
    if wrong := [name for name in names if facts[name].kind not in kinds]:
        raise node.fault(f"“{wrong[0]}” is no number.", "Name a fact that is a number.", key)
    return names


def _number(node: Located, key: str, facts: Facts) -> str:
    name = known_name(node, node.text(key), facts, key, "a fact")
    if facts[name].kind is not FactKind.NUMBER:
        raise node.fault(f"“{name}” is no number.", "Name a fact that is a number.", key)
    return name
