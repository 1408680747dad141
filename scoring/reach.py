"""Whether the catalogue of improvements covers all that the criteria ask, whatever the firm.

Where no improvement brings something that a requirement asks, it is lacking: an entry is missing, or it stands under
`beyond` with the reason why no project can change it. Degrees of maturity are looked after in `lint.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from questionnaires.model import AllOf, AnyOf, Comparison, Condition, FactKind, Value
from scoring.model import (
    Change,
    CountMet,
    Criteria,
    CriteriaSet,
    GatesCriteria,
    LevelOf,
    PointsCriteria,
    PointsQuestion,
    Ratio,
    RequirementKind,
    Scene,
    SizeClasses,
    Sum,
)
from scoring.plan_gates import fits


class Lack(NamedTuple):
    """Something that is asked and that no improvement brings."""

    name: str  # the fact or indicator
    fault: str  # in English, for authors


class Lacking(NamedTuple):
    """A lack with the place in the criteria file that asks for it."""

    criteria_id: str
    place: tuple[str, ...]  # keys from the top of the file
    lack: Lack


@dataclass(frozen=True, slots=True)
class Brought:
    """What all improvements together bring."""

    values: Mapping[str, frozenset[Value]]  # fact -> what it is set or lifted to; of several choices the codes
    counts: frozenset[str]  # facts that are added to
    points: Mapping[str, int]  # indicator of a change -> points that are gained at most
    after: frozenset[str]  # figures that change with these points

    @property
    def names(self) -> frozenset[str]:
        """Every fact and indicator that an improvement changes."""
        return self.counts | self.after | {*self.values, *self.points}


def brought(criteria: CriteriaSet) -> Brought:
    """Return what the improvements of the catalogue bring, each done wherever it can be done."""
    values: dict[str, set[Value]] = {}
    points: Counter[str] = Counter()
    for one in criteria.improvements:
        points.update(one.gains)
        for name, value in (*one.lifts.items(), *one.sets.items()):
            values.setdefault(name, set()).update(value if isinstance(value, tuple) else (value,))
    adding = [one.adds for one in criteria.improvements if one.adds]
    changes = [criteria.indicators[name].how for name in points]
    return Brought(
        values={name: frozenset(several) for name, several in values.items()},
        counts=frozenset(name for adds in adding for name in (adds.count, *adds.along)),
        points=points,
        after=frozenset(how.after for how in changes if isinstance(how, Change)),
    )


def all_lacking(criteria: CriteriaSet) -> Iterator[Lacking]:
    """Yield everything that some criteria ask and no improvement brings, also what stands under `beyond`."""
    bring = brought(criteria)
    for one in criteria.criteria.values():
        if one.applies_when:
            for lack in lacks(one.applies_when, bring, criteria):
                yield Lacking(one.id, ("applies_when",), lack)
        for place, lack in _lacks_of(one, bring, criteria):
            yield Lacking(one.id, place, lack)


def _lacks_of(one: Criteria, bring: Brought, criteria: CriteriaSet) -> Iterator[tuple[tuple[str, ...], Lack]]:
    if isinstance(one, GatesCriteria):
        for requirement in one.requirements:
            if requirement.kind is RequirementKind.GATE and requirement.that:
                for lack in lacks(requirement.that, bring, criteria):
                    yield ("requirements", requirement.id), lack
    if isinstance(one, PointsCriteria):
        for question in one.questions:
            for lack in _of_question(question, bring, criteria):
                yield ("questions", question.requirement.id), lack
        for scene in one.scenes:
            for lack in _of_scene(scene, bring):
                yield ("scenes", scene.requirement.id), lack


# --- conditions -------------------------------------------------------------------------------------------------------


def lacks(condition: Condition, bring: Brought, criteria: CriteriaSet) -> tuple[Lack, ...]:
    """Return what a condition lacks; of several ways one that lacks nothing is enough."""
    if isinstance(condition, Comparison):
        return tuple(_of_comparison(condition, bring, criteria))
    parts = [lacks(part, bring, criteria) for part in condition.parts]
    if isinstance(condition, AnyOf) and not all(parts):
        return ()
    assert isinstance(condition, (AllOf, AnyOf))
    return tuple(dict.fromkeys(lack for part in parts for lack in part))


def _of_comparison(asked: Comparison, bring: Brought, criteria: CriteriaSet) -> Iterator[Lack]:
    name = asked.left
    indicator = criteria.indicators.get(name)
    if indicator is None:
        yield from _of_fact(asked, bring, criteria)
        return
    match indicator.how:
        case LevelOf():
            return
        case CountMet(criteria=counted):
            yield Lack(name, f"no improvement makes more subjects that {counted} could be met by")
        case SizeClasses(employees=employees, revenue=revenue):
            yield from (Lack(fact, f"no improvement changes {fact}") for fact in (employees, revenue))
        case _ if asked.operator != ">=":
            yield Lack(name, f"improvements only raise {name}, and {asked.operator} is asked")
        case Ratio() as ratio:
            yield from _of_ratio(ratio, bring)
        case Sum(facts=facts):
            yield from _of_sum(facts, asked.right, bring)
        case Change():
            gained = bring.points.get(name, 0)
            if not isinstance(asked.right, Fraction) or gained < asked.right:
                yield Lack(name, f"improvements gain {gained} points of {name}, and {asked.right} are asked")


def _of_fact(asked: Comparison, bring: Brought, criteria: CriteriaSet) -> Iterator[Lack]:
    name = asked.left
    fact, values = criteria.facts[name], bring.values.get(name, frozenset())
    if fact.kind is FactKind.NUMBER:
        if name not in bring.counts or asked.operator != ">=":
            yield Lack(name, f"no improvement {'adds to' if asked.operator == '>=' else 'lowers'} {name}")
    elif not any(fits(asked, value) for value in values):
        yield Lack(name, f"no improvement sets {name} to {_plain(asked.right)}")


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _of_ratio(ratio: Ratio, bring: Brought) -> Iterator[Lack]:
    for name in (*ratio.numerator, *ratio.denominator):
        if name not in bring.counts:
            yield Lack(name, f"no improvement adds to {name}")


def _of_sum(facts: tuple[str, ...], wanted: object, bring: Brought) -> Iterator[Lack]:
    missing = [name for name in facts if True not in bring.values.get(name, ()) and name not in bring.counts]
    if not isinstance(wanted, Fraction) or len(facts) - len(missing) < wanted:
        yield from (Lack(name, f"no improvement sets {name} to true") for name in missing)


# --- points -----------------------------------------------------------------------------------------------------------


def _of_question(question: PointsQuestion, bring: Brought, criteria: CriteriaSet) -> Iterator[Lack]:
    if question.indicator:
        asked = Comparison(">=", question.indicator, question.bands[-1].up_to)
        yield from _of_comparison(asked, bring, criteria)
        return
    name = question.requirement.fact or ""
    set_to = bring.values.get(name, frozenset())
    most = max(question.shares.values())
    wanted = [code for code, share in question.shares.items() if share == most or (question.adds_up and share)]
    missing = [code for code in wanted if code not in set_to]
    if missing and (question.adds_up or len(missing) == len(wanted)):
        yield Lack(name, f"no improvement sets {name} to {', '.join(missing)}")


def _of_scene(scene: Scene, bring: Brought) -> Iterator[Lack]:
    name, top = scene.requirement.fact or "", max(scene.levels.values())
    most = max((scene.levels.get(str(value), 0) for value in bring.values.get(name, ())), default=0)
    if most < top:
        yield Lack(name, f"improvements bring {name} to level {most} of {top}")
