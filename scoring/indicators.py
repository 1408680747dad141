"""Indicators (指标): ratios, sums, changes, counts of what was judged before, and the class of size, from facts.

Every value comes as exact bounds over what the open facts still allow; None means that there is no value at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from questionnaires.model import Fact, FactKind, State, Statement, Subject, SubjectKind, Value
from scoring.exact import Bounds, exactly
from scoring.model import Assessment, Change, CountMet, Indicator, LevelOf, Outcome, Ratio, SizeClasses, Sum

HUNDRED = Fraction(100)
OPEN_YES_NO = Bounds(Fraction(0), Fraction(1))


@dataclass(frozen=True, slots=True)
class Case:
    """One subject to judge, seen from the firm down to it, with what was judged before it."""

    path: tuple[Subject, ...]  # the firm first, the judged subject last
    facts: Mapping[str, Fact]
    indicators: Mapping[str, Indicator]
    judged: tuple[Assessment, ...] = ()
    bounds: dict[str, Bounds | None] = field(default_factory=dict, compare=False, repr=False)  # indicators found so far

    @property
    def subject(self) -> Subject:
        """The judged subject."""
        return self.path[-1]


def value_of(name: str, case: Case) -> object:
    """Return what a condition compares: a known value, a (lowest, highest) pair, or None when nothing is known.

    `name` is a fact or an indicator of the judged subject, or a fact of a subject above it. Any other name (as the
    unresolved `threshold`) has no value.
    """
    if name in case.facts and case.facts[name].kind is not FactKind.NUMBER:
        return _stated(name, case)
    bounds = bounds_of(name, case)
    if bounds is None:
        return None
    return bounds.low if bounds.settled else (bounds.low, bounds.high)


def bounds_of(name: str, case: Case) -> Bounds | None:
    """Return the lowest and highest number that `name` (a number, a yes or no as 1 or 0, or an indicator) can take.

    None: it is no number, it has no limits, or it does not exist (a rate over nothing, figures that contradict).
    """
    if name in case.facts:
        asked = bearers(case.facts[name].of, case.path)
        return span(case.facts[name], asked[0]) if len(asked) == 1 else None
    if name not in case.indicators:
        return None
    if name not in case.bounds:  # several requirements and their reasons read the same one
        case.bounds[name] = _indicator_bounds(case.indicators[name], case)
    return case.bounds[name]


def bearers(kind: SubjectKind, path: tuple[Subject, ...]) -> tuple[Subject, ...]:
    """Return the subjects whose facts are read: the one on the path, else every one below the judged subject."""
    above = tuple(subject for subject in path if subject.kind is kind)
    return above or tuple(subject for subject in _below(path[-1]) if subject.kind is kind)


def span(fact: Fact, subject: Subject) -> Bounds | None:
    """Return what a number or yes/no fact of `subject` can be: its value, or its whole range while it is open."""
    value = stated_value(subject.facts.get(fact.id))
    if fact.kind is FactKind.YES_NO:
        return OPEN_YES_NO if value is None else exactly(int(value is True))
    if fact.kind is not FactKind.NUMBER:
        return None
    if isinstance(value, Fraction):
        return exactly(value)
    return Bounds(fact.min, fact.max) if fact.min is not None and fact.max is not None else None


def stated_value(statement: Statement | None) -> Value | None:
    """Return the stated value; None when the fact is blank, unknown or not applicable."""
    return statement.value if statement and statement.state is State.STATED else None


def facts_behind(name: str, indicators: Mapping[str, Indicator]) -> tuple[str, ...]:
    """Return the facts that `name` rests on: itself, or the facts of the indicator in its own order."""
    if name not in indicators:
        return (name,)
    match indicators[name].how:
        case Ratio(numerator, denominator):
            return (*numerator, *denominator)
        case Sum(facts):
            return facts
        case Change(before, after):
            return (before, after)
        case SizeClasses(employees, revenue):
            return (employees, revenue)
        case _:
            return ()


def _indicator_bounds(indicator: Indicator, case: Case) -> Bounds | None:
    match indicator.how:
        case Ratio() as ratio:
            return _ratio(ratio, case)
        case Sum(facts):
            return _sum(facts, case)
        case Change() as change:
            return _change(change, case)
        case CountMet(criteria):
            return _count_met(criteria, case)
        case LevelOf(method):
            return _level_of(method, case)
        case SizeClasses() as classes:
            return _size_class(classes, case)


def ratio_bounds(parts: Sequence[tuple[Bounds, Bounds]], if_empty: Fraction | None = None) -> Bounds | None:
    """Return the bounds of sum of numerators / sum of denominators in percent, 0 to 100.

    `parts` gives (numerator, denominator) of each subject; within a subject the numerator never exceeds the
    denominator. Lowest: every numerator lowest over every denominator highest. Highest: every denominator as near to
    the highest numerator as its own range allows, since one more of both never lowers a rate of at most 100 %.
    None: a numerator exceeds its denominator, or the denominator can be 0 and `if_empty` gives no value for that.
    """
    if any(n.low > d.high for n, d in parts):
        return None
    fitting = [(n, Bounds(max(n.low, d.low), d.high)) for n, d in parts]
    may_be_empty = all(d.low == 0 for _, d in fitting)
    if may_be_empty and if_empty is None:
        return None
    found = [if_empty] if may_be_empty and if_empty is not None else []
    if most := sum(d.high for _, d in fitting):
        found += [HUNDRED * sum(n.low for n, _ in fitting) / most, _highest_ratio(fitting)]
    return Bounds(min(found), max(found))


def _highest_ratio(parts: Sequence[tuple[Bounds, Bounds]]) -> Fraction:
    best = [min(max(n.high, d.low), d.high) for n, d in parts]
    held = [min(n.high, over) for (n, _), over in zip(parts, best, strict=True)]
    return HUNDRED * sum(held) / sum(best) if sum(best) else Fraction(0)


def _ratio(ratio: Ratio, case: Case) -> Bounds | None:
    asked = bearers(case.facts[ratio.denominator[0]].of, case.path)
    parts = [(_added(ratio.numerator, s, case), _added(ratio.denominator, s, case)) for s in asked]
    known = [(n, d) for n, d in parts if n is not None and d is not None]
    return ratio_bounds(known, ratio.if_empty) if known and len(known) == len(parts) else None


def _added(names: tuple[str, ...], subject: Subject, case: Case) -> Bounds | None:
    return _total([span(case.facts[name], subject) for name in names])


def _sum(names: tuple[str, ...], case: Case) -> Bounds | None:
    return _total([span(case.facts[n], s) for n in names for s in bearers(case.facts[n].of, case.path)])


def _total(spans: Sequence[Bounds | None]) -> Bounds | None:
    known = [bounds for bounds in spans if bounds is not None]
    if len(known) < len(spans):
        return None
    return Bounds(sum((b.low for b in known), Fraction(0)), sum((b.high for b in known), Fraction(0)))


def _change(change: Change, case: Case) -> Bounds | None:
    """Return the change once both figures are stated: the range a fact may have is no estimate of a figure."""
    before, after = bounds_of(change.before, case), bounds_of(change.after, case)
    if before is None or after is None or not (before.settled and after.settled) or before.low <= 0:
        return None
    rise = HUNDRED * (after.low - before.low) / before.low
    return exactly(rise if change.direction == "up" else -rise)


def _count_met(criteria: str, case: Case) -> Bounds:
    outcomes = [a.outcome for a in case.judged if a.criteria_id == criteria]
    met = outcomes.count(Outcome.MET)
    return Bounds(Fraction(met), Fraction(met + outcomes.count(Outcome.NOT_KNOWN)))


def _level_of(method: str, case: Case) -> Bounds | None:
    levels = [a.level for a in case.judged if a.method == method and a.level is not None]
    return Bounds(min(b.low for b in levels), max(b.high for b in levels)) if levels else None


def _size_class(classes: SizeClasses, case: Case) -> Bounds | None:
    employees, revenue = bounds_of(classes.employees, case), bounds_of(classes.revenue, case)
    if employees is None or revenue is None:
        return None
    return Bounds(place(classes, employees.low, revenue.low), place(classes, employees.high, revenue.high))


def place(classes: SizeClasses, employees: Fraction, revenue: Fraction) -> Fraction:
    """Return the place of the highest class both of whose figures are reached, 1 for the smallest.

    Units: persons; 万元 a year. Source: 统计上大中小微型企业划分办法(2017), 国统字〔2017〕213号, row of industry.
    """
    reached = [n for n, c in enumerate(classes.classes, 1) if employees >= c.employees and revenue >= c.revenue]
    return Fraction(max(reached))


def _stated(name: str, case: Case) -> Value | None:
    asked = bearers(case.facts[name].of, case.path)
    return stated_value(asked[0].facts.get(name)) if len(asked) == 1 else None


def _below(subject: Subject) -> Iterator[Subject]:
    for part in subject.parts:
        yield part
        yield from _below(part)
