"""Conditions of a recognition as rows: comparisons, rates, sums, changes, workshops met, a level of maturity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from questionnaires.model import AllOf, AnyOf, Comparison, Condition, FactKind, Value
from scoring.assessment import paths
from scoring.exact import exactly
from scoring.gates import holds
from scoring.indicators import Case, bearers, bounds_of, stated_value
from scoring.model import (
    Change,
    CountMet,
    GatesCriteria,
    LevelOf,
    MaturityCriteria,
    Ratio,
    RequirementKind,
    Sum,
)
from scoring.plan_maturity import ask_maturity
from scoring.plan_program import ONE, Planning, any_of, impossible, need_of, reach
from scoring.projects import RANK
from scoring.what_if import change_now

NONE = exactly(0)


def ask_gates(planning: Planning, criteria: GatesCriteria, case: Case, level: int, when: int | None) -> None:
    """Ask for all gates up to a level that apply to a subject; with `when` only if that variable is 1."""
    for requirement in criteria.requirements:
        asked = requirement.kind is RequirementKind.GATE and requirement.level <= level
        if asked and requirement.that and holds(requirement.applies_when, case) is not False:
            _condition(planning, requirement.that, case, need_of(planning, criteria, case, requirement), when)


def _condition(planning: Planning, condition: Condition, case: Case, need: int, when: int | None) -> None:
    if isinstance(condition, AllOf):
        for part in condition.parts:
            _condition(planning, part, case, need, when)
    elif isinstance(condition, AnyOf):
        if holds(condition, case) is not True:
            ways = [planning.program.variable() for _part in condition.parts]
            reach(planning, dict.fromkeys(ways, 1), ONE, None, when)
            for way, part in zip(ways, condition.parts, strict=True):
                _condition(planning, part, case, need, way)
    else:
        _comparison(planning, condition, case, need, when)


def _comparison(planning: Planning, asked: Comparison, case: Case, need: int, when: int | None) -> None:
    indicator = case.indicators.get(asked.left)
    wanted = asked.right
    if indicator and asked.operator == ">=" and isinstance(wanted, Fraction):
        match indicator.how:
            case Ratio() as ratio:
                return _ratio(planning, ratio, wanted, case, need, when)
            case Sum(facts):
                return _sum(planning, facts, wanted, case, need, when)
            case Change() as change:
                return _change(planning, asked.left, change, wanted, case, need, when)
            case CountMet(criteria_id):
                return _count_met(planning, criteria_id, wanted, case, need, when)
            case LevelOf():
                return _level_of(planning, wanted, case, need, when)
    if holds(asked, case) is True:
        return None
    terms = _raising(planning, asked, case)
    if terms is None:
        return impossible(planning, need, when, _open(planning, asked.left, case))
    return reach(planning, terms[0], terms[1], need, when)


def _raising(planning: Planning, asked: Comparison, case: Case) -> tuple[dict[int, int], Fraction] | None:
    """Return what can make a comparison of a single fact true, and how much of it is needed; None: nothing can."""
    fact = case.facts.get(asked.left)
    subjects = bearers(fact.of, case.path) if fact else ()
    if fact is None or len(subjects) != 1 or asked.right_is_name:
        return None
    sources = planning.sources.get((subjects[0].key, fact.id), [])
    if fact.kind is FactKind.NUMBER and asked.operator == ">=" and isinstance(asked.right, Fraction):
        now = bounds_of(fact.id, case)
        units = {source.variable: 1 for source in sources if source.value is None}
        return (units, asked.right - (now.low if now else 0)) if units else None
    fitting = {s.variable: 1 for s in sources if s.value is not None and fits(asked, s.value)}
    return (fitting, ONE) if fitting else None


def fits(asked: Comparison, value: Value) -> bool:
    """Tell whether a fact that is brought to `value` makes a comparison of it true."""
    if asked.operator == ">=" and str(value) in RANK and str(asked.right) in RANK:
        return RANK[str(value)] >= RANK[str(asked.right)]
    if isinstance(value, bool) or isinstance(asked.right, bool):
        return asked.operator == "==" and value is asked.right
    return asked.operator == "==" and str(value) == str(asked.right)


def _open(planning: Planning, name: str, case: Case) -> list[str]:
    fact = case.facts.get(name)
    if fact is None:
        return []
    return [name for s in bearers(fact.of, case.path) if stated_value(s.facts.get(name)) is None]


@dataclass(slots=True)
class Parts:
    """Numerator and denominator of a rate: what they are surely by now, and what adds to them."""

    numerator: Fraction = Fraction(0)
    denominator: Fraction = Fraction(0)
    adds: list[tuple[int, bool]] = field(default_factory=list)  # variable, and whether it adds to the numerator
    missing: list[str] = field(default_factory=list)  # denominators that are not stated

    def over(self, percent: Fraction) -> tuple[dict[int, Fraction], Fraction]:
        """Return by how much 100 numerators exceed `percent` denominators: what adds to it, and what it is by now."""
        terms: dict[int, Fraction] = {}
        for variable, above in self.adds:
            terms[variable] = terms.get(variable, Fraction(0)) + (100 if above else -percent)
        return terms, 100 * self.numerator - percent * self.denominator


def ratio_parts(planning: Planning, ratio: Ratio, case: Case) -> Parts:
    """Return what the numerator and the denominator of a rate are by now, and the variables that add to them."""
    parts = Parts()
    for subject in bearers(case.facts[ratio.denominator[0]].of, case.path):
        for names, above in ((ratio.numerator, True), (ratio.denominator, False)):
            for name in names:
                value = stated_value(subject.facts.get(name))
                if not isinstance(value, Fraction):
                    parts.missing += [] if above else [name]  # a numerator that is not known counts as nothing
                elif above:
                    parts.numerator += value
                else:
                    parts.denominator += value
                parts.adds += [(source.variable, above) for source in planning.sources.get((subject.key, name), [])]
    return parts


def _ratio(planning: Planning, ratio: Ratio, wanted: Fraction, case: Case, need: int, when: int | None) -> None:
    parts = ratio_parts(planning, ratio, case)
    terms, sure = parts.over(wanted)
    below = {variable: 1 for variable, above in parts.adds if not above}
    if parts.missing or not (parts.denominator or below):
        return impossible(planning, need, when, parts.missing or _to_count_first(planning, ratio, case))
    if not parts.denominator:  # a rate over nothing is no rate
        reach(planning, below, ONE, need, when)
    if sure + planning.program.lowest(terms) < 0:
        reach(planning, terms, -sure, need, when)
    return None


def _to_count_first(planning: Planning, ratio: Ratio, case: Case) -> list[str]:
    """Return the answers to give before a rate over nothing can be planned: on what bounds its count, or it again."""
    own = set(ratio.denominator)
    adding = [i.adds for i in planning.criteria.improvements if i.adds and own & {i.adds.count, *i.adds.along}]
    limits = dict.fromkeys(name for adds in adding for name in (adds.count, adds.most) if name)
    if missing := [name for name in limits if _open(planning, name, case)]:
        return missing
    return list(ratio.denominator) if any(bounds_of(name, case) != NONE for name in limits) else []


def _sum(planning: Planning, names: Sequence[str], wanted: Fraction, case: Case, need: int, when: int | None) -> None:
    now, terms = Fraction(0), dict[int, Fraction | int]()
    for name in names:
        for subject in bearers(case.facts[name].of, case.path):
            value = stated_value(subject.facts.get(name))
            if value is True or isinstance(value, Fraction):
                now += int(value)
                continue
            sources = [s.variable for s in planning.sources.get((subject.key, name), [])]
            if sources:
                variable = any_of(planning, sources)  # one project may bring several of them
                terms[variable] = terms.get(variable, 0) + 1
    if now < wanted:
        reach(planning, terms, wanted - now, need, when)


def _change(
    planning: Planning, name: str, change: Change, wanted: Fraction, case: Case, need: int, when: int | None
) -> None:
    subjects = bearers(case.facts[change.before].of, case.path)
    known = change_now(subjects[0], change) if len(subjects) == 1 else None
    if known is None:
        return impossible(planning, need, when, [change.before])
    after = stated_value(subjects[0].facts.get(change.after))
    now = known[1]
    if now >= wanted and after is not None:
        return None
    terms: dict[int, int] = {}
    for points, variable in planning.points.get((subjects[0].key, name), []):
        terms[variable] = terms.get(variable, 0) + points
    return reach(planning, terms, wanted - now, need, when)


def _count_met(planning: Planning, criteria_id: str, wanted: Fraction, case: Case, need: int, when: int | None) -> None:
    criteria = planning.criteria.criteria.get(criteria_id)
    if not isinstance(criteria, GatesCriteria):
        return impossible(planning, need, when)
    counted: dict[int, int] = {}
    for path in paths(case.path[0], criteria.judges):
        counts = planning.program.variable()
        counted[counts] = 1
        _ask_counted(planning, criteria, Case(path, case.facts, case.indicators), counts)
    # Where there are enough of them, what keeps them from being met says more than that too few are.
    return reach(planning, counted, wanted, need if len(counted) < wanted else None, when)


def _ask_counted(planning: Planning, criteria: GatesCriteria, case: Case, when: int) -> None:
    if holds(criteria.applies_when, case) is True:
        ask_gates(planning, criteria, case, 1, when)
    else:
        impossible(planning, need_of(planning, criteria, case, None), when)


def _level_of(planning: Planning, wanted: Fraction, case: Case, need: int, when: int | None) -> None:
    firm = Case(case.path[:1], case.facts, case.indicators)
    tables = [c for c in planning.criteria.criteria.values() if isinstance(c, MaturityCriteria)]
    applying = [c for c in tables if holds(c.applies_when, firm) is not False]
    if len(applying) != 1 or holds(applying[0].applies_when, firm) is None:
        return impossible(planning, need, when, ["production_type"])
    return ask_maturity(planning, applying[0], firm, int(wanted), when)
