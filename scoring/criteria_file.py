"""What every criteria file holds in the same way: its head, its rules with source and confidence, its dated numbers.

Each reader refuses with file, line and remedy; the reader of one method stands in a file of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path

from questionnaires.conditions import comparisons, parse
from questionnaires.facts import one_of
from questionnaires.model import AllOf, AnyOf, Comparison, Condition, Confidence, Fact, FactKind, SubjectKind, Text
from questionnaires.yaml_file import DefinitionError, Located, did_you_mean, iso_day, read_text
from scoring.model import Indicator, Method, Rule

CRITERIA_DIR = Path(__file__).parent / "criteria"
THRESHOLD = "threshold"
HEAD_KEYS = ("id", "method", "zh", "en", "judges", "order", "basis")
MAY_KEYS = ("applies_when", "notice")
DEPTH = {SubjectKind.FIRM: 0, SubjectKind.FACTORY: 1, SubjectKind.WORKSHOP: 2}


@dataclass(frozen=True, slots=True)
class Desk:
    """What a reader has before it: the day, the names that may be used, and the faults found so far."""

    day: date
    facts: Mapping[str, Fact]
    indicators: Mapping[str, Indicator]
    faults: list[DefinitionError]
    tree_of: Callable[[str], Located]  # another file of the folder, by its id

    @property
    def names(self) -> frozenset[str]:
        """Everything that a condition may compare."""
        return frozenset({*self.facts, *self.indicators, THRESHOLD})


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a criteria file."""

    id: str
    title: Text
    method: Method
    judges: SubjectKind
    rule: Rule
    applies_when: Condition | None
    notice: Text | None


def read_head(tree: Located, desk: Desk) -> Head:
    """Return the head of the file `tree`. Raises DefinitionError."""
    judges: SubjectKind = one_of(tree, "judges", SubjectKind)
    return Head(
        id=tree.text("id"),
        title=read_text(tree),
        method=one_of(tree, "method", Method),
        judges=judges,
        rule=read_basis(tree.table("basis")),
        applies_when=read_condition(tree, "applies_when", judges, desk),
        notice=tree.bilingual_or_none("notice"),
    )


def read_basis(node: Located) -> Rule:
    """Return the document a file paraphrases: {title, clause, issued, since, where, confidence}."""
    node.day("issued")
    confidence: Confidence = one_of(node, "confidence", Confidence)
    return Rule(node.text("title"), node.text_or_none("clause"), node.day("since"), node.text("where"), confidence)


def read_rule(node: Located, basis: Rule, since: date | None = None) -> Rule:
    """Return the rule of one entry: its own `source`, `confidence` and `clause` within the document of `basis`."""
    confidence: Confidence = one_of(node, "confidence", Confidence)
    clause = node.text_or_none("clause") or basis.clause
    return Rule(basis.title, clause, since or basis.since, node.text_or_none("source"), confidence)


def in_force(table: Located, day: date) -> tuple[date, Located] | None:
    """Return the newest dated entry that is in force on `day`, None when none is yet.

    Raises DefinitionError when a key is no date or the dates do not rise from line to line.
    """
    found, before = None, date.min
    for key in table:
        since = iso_day(key)
        if since is None:
            raise table.fault(f"“{key}” is not a date.", "Write the day it came into force: 2018-04-01.", key)
        if since <= before:
            raise table.fault(
                f"the date {key} does not follow {before}.", "Put the dated lines in order, oldest first.", key
            )
        found, before = ((since, table.table(key)) if since <= day else found), since
    if not table:
        raise table.fault("no dated entry stands here.", "Add the day and its value.")
    return found


def read_condition(node: Located, key: str, judges: SubjectKind, desk: Desk) -> Condition | None:
    """Return the condition under `key`, None when it is left out; every name in it is known and can be read."""
    if key not in node:
        return None
    condition = parse(node[key], desk.names, node)
    for comparison in comparisons(condition):
        _refuse_unreadable(comparison, judges, desk, node, key)
    return condition


def with_threshold(condition: Condition, value: Fraction | None) -> Condition:
    """Return `condition` with the word `threshold` replaced; without a value the comparison stays not known."""
    if isinstance(condition, Comparison):
        if value is None or not compares_threshold(condition):
            return condition
        return replace(condition, right=value, right_is_name=False)
    parts = tuple(with_threshold(part, value) for part in condition.parts)
    return AllOf(parts) if isinstance(condition, AllOf) else AnyOf(parts)


def compares_threshold(condition: Condition) -> bool:
    """Tell whether `condition` names the threshold."""
    return any(c.right_is_name and c.right == THRESHOLD for c in comparisons(condition))


def known_name(node: Located, name: str, known: Mapping[str, object], key: str, what: str) -> str:
    """Return `name` when it is in `known`; else refuse it. `what` says what is looked for: a fact, an indicator."""
    if name not in known:
        remedy = did_you_mean(name, known) or f"Name {what} that exists."
        raise node.fault(f"there is no {what.removeprefix('a ').removeprefix('an ')} “{name}”.", remedy, key)
    return name


def _refuse_unreadable(comparison: Comparison, judges: SubjectKind, desk: Desk, node: Located, key: str) -> None:
    names = [comparison.left, *([str(comparison.right)] if comparison.right_is_name else [])]
    for fact in (desk.facts[name] for name in names if name in desk.facts):
        if DEPTH[fact.of] > DEPTH[judges]:
            remedy = "Compare an indicator that adds it up, or judge the smaller subject."
            raise node.fault(f"“{fact.id}” describes each {fact.of}, but a {judges} is judged.", remedy, key)
    if isinstance(comparison.right, str) and not comparison.right_is_name:
        _refuse_unknown_code(comparison, desk, node, key)


def _refuse_unknown_code(comparison: Comparison, desk: Desk, node: Located, key: str) -> None:
    fact = desk.facts.get(comparison.left)
    codes = [option.code for option in fact.options] if fact else []
    if fact and fact.kind is FactKind.PRACTICE:
        codes = ["full", "mostly", "partly", "none"]
    if comparison.right not in codes:
        remedy = did_you_mean(str(comparison.right), [*codes, *desk.names]) or "Name a fact, an indicator or an option."
        raise node.fault(f"“{comparison.right}” is neither a name nor an option of {comparison.left}.", remedy, key)
