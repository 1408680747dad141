"""Reads the criteria of GB/T 39117: nested weights, degrees, pass mark and bands.

The requirements they weigh come from the file of GB/T 39116 that they name.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from questionnaires.facts import one_of
from questionnaires.model import Confidence, Degree, FactKind
from questionnaires.yaml_file import DefinitionError, Located, check_keys, gather, read_text
from scoring.criteria_file import HEAD_KEYS, MAY_KEYS, Desk, in_force, known_name, read_basis, read_head
from scoring.model import (
    Capability,
    EmptyLevel,
    GapLevels,
    MaturityCriteria,
    Requirement,
    RequirementKind,
    Rule,
)

KEYS = ("requirements_from", "degrees", "pass_mark", "bands", "empty_level", "gap_levels", "may_tailor", "weights")
WHOLE = 100
GROUPS = {
    "elements": "element",
    "capability_domains": "capability_domain",
    "capability_subdomains": "capability_subdomain",
}


def read_maturity(tree: Located, desk: Desk, digest: str) -> MaturityCriteria:
    """Return the maturity criteria of `tree` as in force on the day of `desk`; faults go to its list or are raised."""
    check_keys(tree, MAY_KEYS, (*HEAD_KEYS, *KEYS))
    head, model = read_head(tree, desk), desk.tree_of(tree.text("requirements_from"))
    weights, weights_rule = _dated(tree, "weights", desk, head.rule, ("elements",))
    capabilities = read_capabilities(weights, model, desk)
    names = tuple(read_text(level) for level in model.tables("levels"))
    return MaturityCriteria(
        id=head.id,
        title=head.title,
        method=head.method,
        judges=head.judges,
        rule=head.rule,
        day=desk.day,
        digest=digest,
        applies_when=head.applies_when,
        notice=head.notice,
        level_names=names,
        capabilities=capabilities,
        degrees=_degrees(tree, desk, head.rule),
        pass_mark=_dated(tree, "pass_mark", desk, head.rule, ("value",))[0].number("value"),
        bands=_bands(tree, desk, head.rule, len(names)),
        weights_rule=weights_rule,
        may_tailor=frozenset(_may_tailor(tree, model)),
        empty_level=one_of(tree, "empty_level", EmptyLevel),
        gap_levels=one_of(tree, "gap_levels", GapLevels),
    )


def read_capabilities(weights: Located, model: Located, desk: Desk) -> tuple[Capability, ...]:
    """Return the elements with their domains, subdomains and requirements; every group of weights sums to 100."""
    requirements = _requirements(model, desk)
    return _group(weights, "elements", model, requirements)


def _group(
    parent: Located, group: str, model: Located, requirements: Mapping[str, tuple[Requirement, ...]]
) -> tuple[Capability, ...]:
    table = parent.table(group)
    _refuse_other_sum(table, group)
    texts = model.table(group)
    return tuple(_capability(table, capability, group, texts, model, requirements) for capability in table)


def _capability(
    table: Located,
    name: str,
    group: str,
    texts: Located,
    model: Located,
    requirements: Mapping[str, tuple[Requirement, ...]],
) -> Capability:
    known_name(table, name, texts, name, f"a {GROUPS[group].replace('_', ' ')}")
    text = read_text(texts.table(name))
    if group == "capability_subdomains":
        return Capability(GROUPS[group], name, text, table.whole(name), requirements=requirements[name])
    below = "capability_domains" if group == "elements" else "capability_subdomains"
    check_keys(table.table(name), (), ("percent", below))
    return Capability(
        GROUPS[group],
        name,
        text,
        table.table(name).whole("percent"),
        _group(table.table(name), below, model, requirements),
    )


def _refuse_other_sum(table: Located, group: str) -> None:
    parts = [table.whole(k) if group == "capability_subdomains" else table.table(k).whole("percent") for k in table]
    if any(part <= 0 for part in parts):
        raise table.fault("a weight is not positive.", "Give every member a share, or leave it out.")
    if sum(parts) != WHOLE:
        raise table.fault(f"the weights of this group sum to {sum(parts)}, not 100.", "Correct the percentages.")


def _requirements(model: Located, desk: Desk) -> dict[str, tuple[Requirement, ...]]:
    basis = read_basis(model.table("basis"))
    levels = {f"L{n}": n for n, _ in enumerate(model.tables("levels"), 1)}
    table = model.table("capability_subdomains")
    read: dict[str, tuple[Requirement, ...]] = {}
    for subdomain in table:
        node = table.table(subdomain)
        check_keys(node, levels, ("zh", "en"))
        rows = [(level, row) for key, level in levels.items() for row in node.tables(key)]
        read[subdomain] = tuple(gather(rows, lambda entry: _requirement(*entry, basis, desk), desk.faults))
    return read


def _requirement(level: int, node: Located, basis: Rule, desk: Desk) -> Requirement:
    check_keys(node, ("clause",), ("fact", "zh", "en", "confidence"))
    fact = known_name(node, node.text("fact"), desk.facts, "fact", "a fact")
    if desk.facts[fact].kind is not FactKind.PRACTICE:
        raise node.fault(f"“{fact}” is no practice.", "Name a practice, which is answered by degrees.", "fact")
    confidence: Confidence = one_of(node, "confidence", Confidence)
    rule = Rule(basis.title, node.text_or_none("clause"), basis.since, basis.source, confidence)
    return Requirement(fact, read_text(node), RequirementKind.SCORED, rule, fact=fact, level=level)


def _degrees(tree: Located, desk: Desk, basis: Rule) -> dict[str, Fraction]:
    values = _dated(tree, "degrees", desk, basis, ("values",))[0].table("values")
    check_keys(values, (), [degree.value for degree in Degree])
    degrees = {degree.value: values.number(degree.value) for degree in Degree}
    falling = sorted(degrees.values(), reverse=True)
    if list(degrees.values()) != falling or [falling[0], falling[-1]] != [Fraction(1), Fraction(0)]:
        raise values.fault(
            "the degrees do not fall from 1 to 0.", "Give full 1, none 0 and the others between, falling."
        )
    return degrees


def _bands(tree: Located, desk: Desk, basis: Rule, levels: int) -> tuple[Fraction, ...]:
    entry = _dated(tree, "bands", desk, basis, ("values",))[0]
    bands = tuple(Fraction(str(value)) for value in entry.rows("values"))
    if len(bands) != levels or list(bands) != sorted(set(bands)):
        raise entry.fault(
            "the bands do not give one rising lowest total a level.", "Write one a level, lowest first.", "values"
        )
    return bands


def _dated(tree: Located, key: str, desk: Desk, basis: Rule, needed: tuple[str, ...]) -> tuple[Located, Rule]:
    """Return the entry of `key` in force, and its rule. Every dated entry is checked, not only that one."""
    table = tree.table(key)
    for entry in (table.table(day) for day in table):
        check_keys(entry, ("clause",), ("source", "confidence", *needed))
        if one_of(entry, "confidence", Confidence) is Confidence.UNCERTAIN:
            raise entry.fault(
                "a number that decides rests on an uncertain source.", "Confirm it before it is used.", "confidence"
            )
    dated = in_force(table, desk.day)
    if dated is None:
        raise _too_early(table, desk.day)
    since, entry = dated
    return entry, Rule(basis.title, basis.clause, since, entry.text("source"), one_of(entry, "confidence", Confidence))


def _too_early(table: Located, day: date) -> DefinitionError:
    return table.fault(f"nothing is in force on {day}.", "Let the file begin (basis.since) when its numbers do.")


def _may_tailor(tree: Located, model: Located) -> list[str]:
    subdomains = model.table("capability_subdomains")
    return [
        known_name(tree, name, subdomains, "may_tailor", "a capability subdomain") for name in tree.words("may_tailor")
    ]
