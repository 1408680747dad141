"""Reads a criteria file of gates: requirements with their condition, dated threshold, source and confidence."""

from __future__ import annotations

from fractions import Fraction

from questionnaires.facts import one_of
from questionnaires.model import Condition, Confidence, SubjectKind, Text
from questionnaires.yaml_file import Located, check_keys, gather, read_text
from scoring.criteria_file import (
    HEAD_KEYS,
    MAY_KEYS,
    Desk,
    Head,
    compares_threshold,
    in_force,
    known_name,
    read_condition,
    read_head,
    read_rule,
    with_threshold,
)
from scoring.model import GatesCriteria, Requirement, RequirementKind, Rule, Threshold

KEYS = ("that", "applies_when", "unit", "threshold", "because", "shows", "grade", "clause", "source", "confidence")


def read_gates(tree: Located, desk: Desk, digest: str) -> GatesCriteria:
    """Return the gate criteria of `tree` as in force on the day of `desk`; faults of requirements go to its list."""
    check_keys(tree, (*MAY_KEYS, "grades"), (*HEAD_KEYS, "requirements"))
    head = read_head(tree, desk)
    grades = {grade.text("id"): read_text(grade) for grade in tree.tables("grades")}
    table = tree.table("requirements")
    nodes = gather(table, table.table, desk.faults)
    return GatesCriteria(
        id=head.id,
        title=head.title,
        method=head.method,
        judges=head.judges,
        rule=head.rule,
        day=desk.day,
        digest=digest,
        applies_when=head.applies_when,
        notice=head.notice,
        level_names=tuple(grades.values()),
        requirements=tuple(gather(nodes, lambda node: _requirement(node, head, list(grades), desk), desk.faults)),
    )


def _requirement(node: Located, head: Head, grades: list[str], desk: Desk) -> Requirement:
    check_keys(node, KEYS, ("zh", "en", "kind"))
    kind: RequirementKind = one_of(node, "kind", RequirementKind)
    _refuse_unsourced(node, kind)
    rule = read_rule(node, head.rule)
    threshold = _threshold(node, kind, rule, desk)
    return Requirement(
        id=node.at.removeprefix("requirements."),
        text=read_text(node),
        kind=kind,
        rule=rule,
        that=_that(node, kind, head.judges, threshold, desk),
        applies_when=read_condition(node, "applies_when", head.judges, desk),
        level=_grade(node, grades),
        unit=_unit(node),
        threshold=threshold,
        because=_because(node, kind),
        shows=_shows(node, desk),
    )


def _refuse_unsourced(node: Located, kind: RequirementKind) -> None:
    if kind is not RequirementKind.GATE:
        return
    if "source" not in node:
        raise node.fault("a gate has no source.", "Add source: where it is written, or make it report_only.")
    if node.get("confidence") == Confidence.UNCERTAIN:
        remedy = "Make it report_only until it is confirmed."
        raise node.fault("a gate rests on an uncertain rule.", remedy, "confidence")


def _threshold(node: Located, kind: RequirementKind, rule: Rule, desk: Desk) -> Threshold | None:
    if "threshold" not in node:
        return None
    for entry in (node.table("threshold").table(key) for key in node.table("threshold")):
        check_keys(entry, ("clause",), ("value", "source", "confidence"))
        _refuse_unsourced(entry, kind)
    dated = in_force(node.table("threshold"), desk.day)
    if dated is None:
        return Threshold(None, rule)
    since, entry = dated
    return Threshold(_value(entry), read_rule(entry, rule, since))


def _value(entry: Located) -> Fraction | None:
    return None if entry["value"] is None else entry.number("value")


def _that(
    node: Located, kind: RequirementKind, judges: SubjectKind, threshold: Threshold | None, desk: Desk
) -> Condition | None:
    condition = read_condition(node, "that", judges, desk)
    if kind is not RequirementKind.GATE:
        if condition is not None:
            raise node.fault(f"a {kind} requirement is not judged.", "Remove that, or make it a gate.", "that")
        return None
    if condition is None:
        raise node.fault("a gate does not say what has to hold.", "Add that: {operator: [name, value]}.")
    if compares_threshold(condition) is (threshold is None):
        raise node.fault("that and threshold do not belong together.", "Compare `threshold` and give its dated value.")
    return with_threshold(condition, threshold.value) if threshold else condition


def _because(node: Located, kind: RequirementKind) -> Text | None:
    if kind in (RequirementKind.EXPERT, RequirementKind.REPORT_ONLY) and "because" not in node:
        raise node.fault("nothing says why it is not judged.", "Add because: {zh: …, en: …}.")
    return node.bilingual_or_none("because")


def _shows(node: Located, desk: Desk) -> tuple[str, ...]:
    known: dict[str, object] = {**desk.facts, **desk.indicators}
    return tuple(known_name(node, name, known, "shows", "a fact or indicator") for name in node.words("shows"))


def _grade(node: Located, grades: list[str]) -> int:
    if not grades:
        return 0
    if node.text("grade") not in grades:
        raise node.fault(f"there is no grade “{node.text('grade')}”.", f"Known here: {', '.join(grades)}.", "grade")
    return grades.index(node.text("grade")) + 1


def _unit(node: Located) -> Text | None:
    unit = node.get("unit")
    return Text(unit, unit) if isinstance(unit, str) else node.bilingual_or_none("unit")
