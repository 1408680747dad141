"""Which open facts can still change what is concluded about one subject, the most deciding first.

Never leaves out a fact that could change it. Of a maturity level none too many is named either; of conditions one may
be, when two of them read the same answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor

from questionnaires.conditions import evaluate
from questionnaires.model import AllOf, Comparison, Condition, FactKind, Facts, FilledDiagnosis, Subject
from scoring.assessment import paths
from scoring.conclusion import asked, is_open
from scoring.criteria_file import compares_threshold
from scoring.gates import sides
from scoring.indicators import Case, bearers, bounds_of, span, stated_value, value_of
from scoring.maturity import compile_maturity
from scoring.maturity_assessment import stated_degree
from scoring.model import (
    Assessment,
    Change,
    CountMet,
    Criteria,
    CriteriaSet,
    GatesCriteria,
    LevelOf,
    MaturityCriteria,
    PointsCriteria,
    Ratio,
    Requirement,
    Sum,
)
from scoring.points import still_deciding
from scoring.settle import levels_open
from scoring.still_open import (
    NOTHING,
    STUCK,
    YES,
    Deciding,
    Open,
    any_of,
    at_least,
    decided,
    every,
    joined,
    joined_places,
    opposite,
    run,
    together,
    unanswered,
)


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """A filled diagnosis with everything that is concluded about it: what one rule may lead on to.

    What every factory reads about the whole firm is found out once and kept here.
    """

    filled: FilledDiagnosis
    criteria: CriteriaSet
    judged: tuple[Assessment, ...]
    facts: Mapping[str, Facts] = field(init=False)  # by key of the subject
    counts: dict[tuple[str, int], Open] = field(
        init=False, default_factory=dict
    )  # criteria, how many have to meet them
    tables: dict[str, list[tuple[Open, list[Open]]]] = field(init=False, default_factory=dict)  # method -> see _tables

    def __post_init__(self) -> None:
        object.__setattr__(self, "facts", dict(_facts_below(self.filled.firm)))

    def case(self, path: tuple[Subject, ...]) -> Case:
        """Return the last subject of `path` as the rules read it."""
        return Case(path, self.criteria.facts, self.criteria.indicators, self.judged)


def _facts_below(subject: Subject) -> Iterator[tuple[str, Facts]]:
    yield subject.key, subject.facts
    for part in subject.parts:
        yield from _facts_below(part)


def deciding(judging: Sequence[Criteria], path: tuple[Subject, ...], sight: Sight) -> Deciding:
    """Return what can still change the conclusion about the last subject of `path`.

    `judging` is one criteria file, or several of which exactly one applies in the end: the maturity tables.
    """
    found = [(_condition(criteria.applies_when, path, sight), criteria) for criteria in judging]
    possible = [(applies, _inner(criteria, path, sight)) for applies, criteria in found if applies.no != 0]
    ways = [_after(applies, inner) for applies, inner in possible]
    if len(judging) == 1:
        ways += [applies.no for applies, _ in possible]
    places = joined_places(part.places for pair in possible for part in pair)
    return Deciding(places, min(ways)) if places else NOTHING


def _after(applies: Open, inner: Deciding) -> int:
    """Return how many answers it takes at least until the criteria apply and nothing decides their conclusion more."""
    behind = Open(inner.places, inner.fewest, inner.fewest, inner.fewest)
    return together([applies, behind], [applies.end, behind.end])


def _inner(criteria: Criteria, path: tuple[Subject, ...], sight: Sight) -> Deciding:
    if isinstance(criteria, MaturityCriteria):
        return run(_levels(criteria, path[-1], sight))
    if isinstance(criteria, PointsCriteria):
        return still_deciding(criteria, sight.case(path))
    if isinstance(criteria, GatesCriteria) and criteria.level_names:
        return run([_grade(criteria, grade, path, sight) for grade in range(1, len(criteria.level_names) + 1)])
    met = _all_met(criteria, path, sight)
    return Deciding(met.places, met.end)


def _levels(criteria: MaturityCriteria, subject: Subject, sight: Sight) -> list[Open]:
    compiled = compile_maturity(criteria, frozenset(sight.filled.tailored))
    degrees = {name: stated_degree(subject.facts.get(name)) for name in compiled.requirements}
    return levels_open(compiled, degrees, subject.key)


# --- gates ------------------------------------------------------------------------------------------------------------


def _all_met(criteria: Criteria, path: tuple[Subject, ...], sight: Sight) -> Open:
    gates = criteria.requirements if isinstance(criteria, GatesCriteria) else ()
    return every([_gate(requirement, path, sight) for requirement in gates])


def _grade(criteria: GatesCriteria, grade: int, path: tuple[Subject, ...], sight: Sight) -> Open:
    return every([_gate(one, path, sight) for one in criteria.requirements if one.level == grade])


def _gate(requirement: Requirement, path: tuple[Subject, ...], sight: Sight) -> Open:
    """Return what is open about a gate; one that is not judged or does not apply hinders nothing."""
    if requirement.that is None:
        return YES
    applies = _condition(requirement.applies_when, path, sight)
    return any_of([opposite(applies), _condition(requirement.that, path, sight)])


def _condition(condition: Condition | None, path: tuple[Subject, ...], sight: Sight) -> Open:
    if condition is None:
        return YES
    if isinstance(condition, Comparison):
        return _comparison(condition, path, sight)
    parts = [_condition(part, path, sight) for part in condition.parts]
    return every(parts) if isinstance(condition, AllOf) else any_of(parts)


def _comparison(comparison: Comparison, path: tuple[Subject, ...], sight: Sight) -> Open:
    case = sight.case(path)
    holds = evaluate(comparison, lambda name: value_of(name, case))
    if holds is not None:
        return decided(holds)
    if compares_threshold(comparison):
        return STUCK  # nobody has set it yet
    if (wanted := _wanted(comparison)) is not None:
        indicator = case.indicators.get(comparison.left)
        match indicator.how if indicator else None:
            case CountMet(counted):
                return _count(counted, wanted, sight)
            case LevelOf(method):
                return _level_reached(method, wanted, sight)
            case Sum(facts) if all(case.facts[name].kind is FactKind.YES_NO for name in facts):
                return at_least([_yes(subject, fact) for subject, fact in _read(comparison.left, case)], wanted)
    names = sides(comparison)
    if any(_is_stuck(name, case) for name in names):
        return STUCK
    return unanswered(*((s.key, fact) for name in names for s, fact in _read(name, case) if is_open(s, fact)))


def _wanted(comparison: Comparison) -> int | None:
    """Return the smallest whole number that satisfies the comparison, None when it does not ask for so many or more."""
    if not isinstance(comparison.right, Fraction) or comparison.operator not in (">=", ">"):
        return None
    return ceil(comparison.right) if comparison.operator == ">=" else floor(comparison.right) + 1


def _read(name: str, case: Case) -> list[tuple[Subject, str]]:
    """Return every fact that `name` rests on with the subject asked; a fact of several subjects has no value."""
    found = asked([name], case)
    return [] if name in case.facts and len(found) > 1 else found


def _yes(subject: Subject, fact: str) -> Open:
    if is_open(subject, fact):
        return unanswered((subject.key, fact))
    return decided(stated_value(subject.facts[fact]) is True)


def _is_stuck(name: str, case: Case) -> bool:
    """Tell whether an indicator has no value whatever is still answered: figures contradict, or there is no base."""
    indicator = case.indicators.get(name)
    match indicator.how if indicator else None:
        case Ratio() as ratio:
            parts = [_ends(ratio, s, case) for s in bearers(case.facts[ratio.denominator[0]].of, case.path)]
            contradicts = any(numerator > denominator for numerator, denominator in parts)
            return contradicts or (ratio.if_empty is None and not any(denominator for _, denominator in parts))
        case Change(before, _):
            known = bounds_of(before, case)
            return known is not None and known.high <= 0
    return False


def _ends(ratio: Ratio, subject: Subject, case: Case) -> tuple[Fraction, Fraction]:
    """Return the lowest numerator and the highest denominator of one subject that open answers allow."""
    over = [span(case.facts[name], subject) for name in ratio.numerator]
    under = [span(case.facts[name], subject) for name in ratio.denominator]
    return sum((b.low for b in over if b), Fraction(0)), sum((b.high for b in under if b), Fraction(0))


def _count(criteria_id: str, wanted: int, sight: Sight) -> Open:
    """Return what is open about so many subjects of the firm meeting another criteria file."""
    key = criteria_id, wanted
    if key not in sight.counts:
        counted = sight.criteria.criteria[criteria_id]
        met = [_met(counted, path, sight) for path in paths(sight.filled.firm, counted.judges)]
        sight.counts[key] = at_least(met, wanted)
    return sight.counts[key]


def _met(criteria: Criteria, path: tuple[Subject, ...], sight: Sight) -> Open:
    return every([_condition(criteria.applies_when, path, sight), _all_met(criteria, path, sight)])


def _level_reached(method: str, wanted: int, sight: Sight) -> Open:
    """Return what is open about the firm reaching a level; while two tables may apply, what either leaves open."""
    if method not in sight.tables:
        sight.tables[method] = list(_tables(method, sight))
    found = sight.tables[method]
    if len(found) == 1 and found[0][0].yes == 0:
        return every(found[0][1][:wanted])
    return unanswered(*joined(part for applies, levels in found for part in (applies, *levels[:wanted])))


def _tables(method: str, sight: Sight) -> Iterator[tuple[Open, list[Open]]]:
    """Yield, of every maturity table that may apply, whether it does and what is open about its levels."""
    for criteria in sight.criteria.criteria.values():
        if isinstance(criteria, MaturityCriteria) and criteria.method == method:
            for path in paths(sight.filled.firm, criteria.judges):
                applies = _condition(criteria.applies_when, path, sight)
                if applies.no != 0:
                    yield applies, _levels(criteria, path[-1], sight)
