"""Reads improvements.yaml: what each improvement changes, what it costs, how long it takes and what it needs first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from questionnaires.facts import one_of, steps
from questionnaires.model import Confidence, Degree, Fact, FactKind, SubjectKind, Text, Value
from questionnaires.yaml_file import DefinitionError, Located, LocatedList, check_keys, did_you_mean, gather, read_text
from scoring.criteria_file import known_name
from scoring.model import NO_COSTS, Adds, Change, Costs, Improvement, Indicator

REQUIRED = ("zh", "en", "what", "cost", "months", "people", "scope", "scale", "proof", "confidence")
OPTIONAL = ("lifts", "sets", "adds", "along", "gains", "each", "requires", "excludes")
Scales = Mapping[str, Mapping[str, int]]
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The improvements, what their costs rest on and how these follow the firm's size, and what no project changes."""

    improvements: tuple[Improvement, ...] = ()
    basis: Text | None = None
    scales: Scales = field(default_factory=dict)  # percent by size class
    beyond: Mapping[str, Text] = field(default_factory=dict)  # what no project changes: fact or indicator -> why


@dataclass(frozen=True, slots=True)
class _Known:
    facts: Mapping[str, Fact]
    indicators: Mapping[str, Indicator]
    scales: Scales


def read_improvements(
    tree: Located, facts: Mapping[str, Fact], indicators: Mapping[str, Indicator], faults: list[DefinitionError]
) -> Catalogue:
    """Return the catalogue; entries with a fault are left out and the fault goes to `faults`.

    Units: whole 万元, months, persons.
    """
    check_keys(tree, ("basis", "beyond"), ("improvements",))
    basis = tree.table("basis") if "basis" in tree else None
    scales = _scales(basis.table("scales")) if basis is not None and "scales" in basis else {}
    table, known = tree.table("improvements"), _Known(facts, indicators, scales)
    read = gather(gather(table, table.table, faults), lambda node: _improvement(node, known), faults)
    names = frozenset(table)
    faults += [fault for one in read for fault in _unknown_names(one, names, table.table(one.id))]
    faults += _circle(read, table)
    text = Text(basis.text("zh"), basis.text("en")) if basis else None
    return Catalogue(tuple(read), text, scales, _beyond(tree, known, faults))


def _beyond(tree: Located, known: _Known, faults: list[DefinitionError]) -> Mapping[str, Text]:
    table = tree.table("beyond") if "beyond" in tree else {}
    names: dict[str, object] = {**known.facts, **known.indicators}
    for name in table:
        try:
            known_name(tree.table("beyond"), name, names, name, "a fact or indicator")
        except DefinitionError as fault:
            faults.append(fault)
    return {name: tree.table("beyond").bilingual(name) for name in table if name in names}


def _scales(table: Located) -> Scales:
    return {name: {size: table.table(name).whole(size) for size in table.table(name)} for name in table}


def _improvement(node: Located, known: _Known) -> Improvement:
    check_keys(node, OPTIONAL, REQUIRED)
    one_of(node, "confidence", Confidence)
    months = node.table("months")
    shortest, longest = months.whole("min"), months.whole("max")
    if not 0 < shortest <= longest:
        raise node.fault("the months do not rise.", "Write 0 < min ≤ max.", "months")
    if (people := node.whole("people")) < 0:
        raise node.fault("a number of people is negative.", "Write how many it occupies, 0 for none.", "people")
    scope = one_of(node, "scope", SubjectKind)
    improvement = Improvement(
        id=node.at.removeprefix("improvements."),
        text=read_text(node),
        what=node.bilingual("what"),
        proof=node.bilingual("proof"),
        cost=costs_under(node, "cost"),
        months=(shortest, longest),
        scope=scope,
        lifts=_each(node, "lifts", lambda key, table: _degree(key, table, known.facts)),
        sets=_each(node, "sets", lambda key, table: _value(key, table, known.facts)),
        adds=_adds(node, scope, known.facts),
        each=costs_under(node, "each") if "each" in node else NO_COSTS,
        gains=_each(node, "gains", lambda key, table: _points(key, table, known.indicators)),
        scale=known_name(node, node.text("scale"), known.scales, "scale", "a scale"),
        people=people,
        requires=node.words("requires") if "requires" in node else (),
        excludes=node.words("excludes") if "excludes" in node else (),
    )
    if not (improvement.lifts or improvement.sets or improvement.adds or improvement.gains):
        raise node.fault("it changes nothing.", "Write what it lifts, sets, adds or gains.")
    if improvement.adds and improvement.each.likely < 1:
        raise node.fault("a unit costs nothing.", "Write each: {low, likely, high}, likely at least 1.", "adds")
    return improvement


def costs_under(node: Located, key: str) -> Costs:
    """Return {low, likely, high} under `key`: whole 万元 that rise; of a place the likely cost is at least 1."""
    table = node.table(key)
    costs = Costs(table.whole("low"), table.whole("likely"), table.whole("high"))
    if not 0 <= costs.low <= costs.likely <= costs.high or (key == "cost" and costs.likely < 1):
        raise node.fault(
            Text(f"{key} 的三个数没有从小到大。", f"{key} does not rise."),
            Text(
                "请写 0 ≤ low ≤ likely ≤ high，likely 至少为 1。", "Write 0 ≤ low ≤ likely ≤ high, likely at least 1."
            ),
            key,
        )
    return costs


def _each(node: Located, key: str, read: Callable[[str, Located], V]) -> dict[str, V]:
    return {name: read(name, node.table(key)) for name in node.table(key)} if key in node else {}


def _degree(name: str, table: Located, facts: Mapping[str, Fact]) -> str:
    known_name(table, name, facts, name, "a requirement")
    degree = table.text(name)
    if facts[name].kind is not FactKind.PRACTICE or degree not in list(Degree) or degree == Degree.NONE:
        raise table.fault(f"“{degree}” cannot be what {name} is lifted to.", "Write full, mostly or partly.", name)
    return degree


def _value(name: str, table: Located, facts: Mapping[str, Fact]) -> Value:
    fact, value = facts[known_name(table, name, facts, name, "a fact")], table[name]
    codes = [option.code for option in fact.options]
    if fact.kind is FactKind.YES_NO and value is True:
        return True
    if fact.kind is FactKind.CHOICE:
        return _step(name, table, fact)
    if fact.kind is FactKind.CHOICES and isinstance(value, LocatedList) and value and all(v in codes for v in value):
        return tuple(str(code) for code in value)
    remedy = f"Write {'true' if fact.kind is FactKind.YES_NO else ', '.join(codes) or 'a fact that is no number'}."
    raise table.fault(f"“{name}” cannot be set to this.", remedy, name)


def _step(name: str, table: Located, fact: Fact) -> str:
    """Return the option that a choice is raised to: one above the worst, of steps whose best end is known."""
    better = steps(fact)[1:]
    if not better:
        remedy = "Write best: in the fact, or let the improvement change another fact."
        raise table.fault(f"nothing says which option of {name} is the best, so none can be raised.", remedy, name)
    if table[name] not in better:
        raise table.fault(f"“{name}” cannot be set to this.", f"Write one that is better: {', '.join(better)}.", name)
    return str(table[name])


def _adds(node: Located, scope: SubjectKind, facts: Mapping[str, Fact]) -> Adds | None:
    along = node.words("along") if "along" in node else ()
    if "adds" not in node:
        if along:
            raise node.fault("it adds nothing that others could rise along with.", "Name the count it adds.", "along")
        return None
    table = node.table("adds")
    if len(table) != 1:
        remedy = "Name the one whose units the plan chooses; what rises with it stands under along."
        raise node.fault(f"adds names {len(table)} counts.", remedy, "adds")
    [(count, most)] = table.items()
    named = [("adds", str(name)) for name in (count, most) if name is not None] + [("along", name) for name in along]
    for key, name in named:
        fact = facts[known_name(node, name, facts, key, "a fact")]
        if fact.kind is not FactKind.NUMBER or fact.of is not scope:
            raise node.fault(f"“{name}” is no number of a {scope}.", "Name counts of the place it is done at.", key)
    return Adds(str(count), str(most) if most is not None else None, along)


def _points(name: str, table: Located, indicators: Mapping[str, Indicator]) -> int:
    indicator = indicators[known_name(table, name, indicators, name, "an indicator")]
    points = table.whole(name)
    if not isinstance(indicator.how, Change) or points < 1:
        raise table.fault(f"“{name}” cannot gain this.", "Name a change and whole percentage points.", name)
    return points


def _unknown_names(one: Improvement, names: frozenset[str], node: Located) -> Iterator[DefinitionError]:
    for key, named in (("requires", one.requires), ("excludes", one.excludes)):
        for name in named:
            if name not in names or name == one.id:
                remedy = did_you_mean(name, names) or "Name another improvement."
                yield node.fault(f"there is no other improvement “{name}”.", remedy, key)


def _circle(improvements: list[Improvement], table: Located) -> list[DefinitionError]:
    """Return a fault for the first improvement that needs itself first, by way of others."""
    requires = {one.id: one.requires for one in improvements}
    for name in requires:
        if way := _way_back(name, name, requires, frozenset()):
            fault = f"it needs itself first: {' ← '.join([name, *way])}."
            return [table.table(name).fault(fault, "Take one prerequisite out.", "requires")]
    return []


def _way_back(name: str, wanted: str, requires: Mapping[str, tuple[str, ...]], seen: frozenset[str]) -> list[str]:
    for before in requires.get(name, ()):
        if before == wanted:
            return [before]
        if before not in seen and (way := _way_back(before, wanted, requires, seen | {name})):
            return [before, *way]
    return []
