"""Where a firm stands among comparable ones (同行对照): the group, and what is told of it without showing any of them.

The firms come as `Figures`, read from what was frozen for each; who counts is the caller's to say. What is returned
holds no firm's value: only steps and bands of the whole group, see `coarse.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import Any, Final

from questionnaires.model import FilledDiagnosis, SubjectKind
from scoring.coarse import FEWEST, Quartiles, Share, quartiles, settled, share
from scoring.exact import Bounds
from scoring.indicators import Case, bounds_of, facts_behind, stated_value
from scoring.maturity import node_scores, requirements_at, tailored_tree
from scoring.maturity_assessment import stated_degree
from scoring.model import CriteriaSet, GatesCriteria, MaturityCriteria, Outcome
from scoring.tailoring import subdomains

TOTAL: Final = "total"
HIGHEST: Final = 5  # the levels of GB/T 39117: all are told, whether a firm is at them or not
RATES: Final = ("equipment_digital_rate", "equipment_networked_rate", "key_process_control_rate", "data_upload_rate")
SIZE, INDUSTRY = "size_class", "industry"  # an indicator and a fact
COMPARED_PARTS: Final = ("element", "capability_domain")
TOTAL_STEP, PART_STEP, RATE_STEP = Fraction(1, 10), Fraction(1, 20), Fraction(5)  # points, of 1, percentage points


class Group(StrEnum):
    """Who is comparable, the nearest first; each group contains the one before it."""

    SIZE = "size"  # the same industry and class of size
    INDUSTRY = "industry"
    ALL = "all"  # whoever is judged by the same maturity criteria


@dataclass(frozen=True, slots=True)
class Figures:
    """What is compared of one firm."""

    industry: str  # "" while it is open
    size: int | None  # class of size, 1 for the smallest; None while it is open
    level: int | None  # None while it is open
    # TOTAL, parts as `part_key` names them and RATES, counted in steps; None while open, left out where there is none
    values: Mapping[str, int | None]
    met: Mapping[str, bool | None]  # criteria -> whether some workshop or factory meets it; None while it is open


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is told of the comparable firms; without a `group` there are too few, and nothing is told."""

    day: date  # on which they were counted
    group: Group | None = None
    industry: str = ""
    size: int | None = None
    firms: int = 0
    level: int = 0  # the one whose scores of elements and domains are compared
    quartiles: Mapping[str, Quartiles] = field(default_factory=dict)
    levels: Mapping[int, Share] = field(default_factory=dict)  # maturity level -> how many firms are at it
    met: Mapping[str, Share] = field(default_factory=dict)  # criteria -> how many firms have a place that meets it
    of: frozenset[str] = frozenset()  # what was counted, by the keys of the caller; never printed

    def is_few_apart(self, other: Comparison) -> bool:
        """Tell whether a few firms make the difference to another group, so that the two together tell about them."""
        if self.group is None or other.group is None:
            return False
        return 0 < max(len(self.of - other.of), len(other.of - self.of)) < FEWEST


def level_compared(certain: int) -> int:
    """Return the level whose scores are compared: the one above the certain level, at most the highest."""
    return min(certain + 1, HIGHEST)


# --- one firm ---------------------------------------------------------------------------------------------------------


def figures_of(
    filled: FilledDiagnosis, result: Mapping[str, Any], rules: CriteriaSet, maturity: str, level: int
) -> Figures | None:
    """Return what is compared of a firm, from its frozen diagnosis and what its result file says.

    `maturity` names the criteria by which the asking firm is judged, `level` is the one whose scores are compared;
    elements and rates are computed by `rules`, those of the asking firm. None: it is not judged by `maturity`.
    """
    judged = next((one for one in result["assessments"] if one["criteria"] == maturity and "total" in one), None)
    criteria = rules.criteria.get(maturity)
    if judged is None or not isinstance(criteria, MaturityCriteria):
        return None
    size = rate_of(SIZE, filled, rules)
    values = {TOTAL: _bounds(judged["total"]), **part_scores(filled, criteria, level), **rates(filled, rules)}
    return Figures(
        industry=str(stated_value(filled.firm.facts.get(INDUSTRY)) or ""),
        size=int(size.low) if size and size.settled else None,
        level=settled(_bounds(judged["level"]), Fraction(1)),
        values={key: settled(bounds, step_of(key)) for key, bounds in values.items()},
        met={one.id: _met(one.id, result) for one in recognitions(rules)},
    )


def facts_compared(rules: CriteriaSet, maturity: str, level: int) -> frozenset[str]:
    """Return the facts that `figures_of` reads."""
    criteria = rules.criteria[maturity]
    behind = [fact for name in (SIZE, *RATES) for fact in facts_behind(name, rules.indicators)]
    asked = _lifts(criteria, frozenset(), level).requirements if isinstance(criteria, MaturityCriteria) else ()
    return frozenset((INDUSTRY, *behind, *asked))


def _bounds(ends: Mapping[str, Any]) -> Bounds:
    return Bounds(Fraction(ends["low"]), Fraction(ends["high"]))


def part_key(kind: str, name: str) -> str:
    """Return how the value of an element or capability domain is called."""
    return f"{kind}:{name}"


def part_scores(filled: FilledDiagnosis, criteria: MaturityCriteria, level: int) -> dict[str, Bounds]:
    """Return the scores of the elements and domains at one level, 0 to 1; what has no requirement there is left out."""
    lifts = _lifts(criteria, frozenset(filled.tailored), level)
    worst, best = min(criteria.degrees.values()), max(criteria.degrees.values())
    stated = {name: stated_degree(filled.firm.facts.get(name)) for name in lifts.requirements}
    low = {name: lifts.scaled(criteria.degrees[said] if said else worst) for name, said in stated.items()}
    high = {name: lifts.scaled(criteria.degrees[said] if said else best) for name, said in stated.items()}
    return {key: Bounds(lifts.score(key, low), lifts.score(key, high)) for key in lifts.parts}


@dataclass(frozen=True, slots=True)
class _Lifts:
    """What each requirement adds to the score of a part, as whole numbers over `one`: a score is linear in degrees."""

    requirements: tuple[str, ...]
    parts: Mapping[str, Mapping[str, int]]
    one: int  # a whole number for every lift times every degree

    def scaled(self, degree: Fraction) -> int:
        return int(degree * self.one)

    def score(self, key: str, degrees: Mapping[str, int]) -> Fraction:
        return Fraction(sum(lift * degrees[name] for name, lift in self.parts[key].items()), self.one * self.one)


@lru_cache(maxsize=256)
def _lifts(criteria: MaturityCriteria, tailored: frozenset[str], level: int) -> _Lifts:
    tree = tailored_tree(criteria, tailored)
    asked = [r.id for s in subdomains(tree) for r in requirements_at(s, level, criteria.empty_level)]
    none = dict.fromkeys((r.id for s in subdomains(tree) for r in s.requirements), Fraction(0))
    found: dict[str, dict[str, Fraction]] = {}
    for element in tree:
        for name in asked:
            alone = node_scores(element, level, {**none, name: Fraction(1)}, criteria.empty_level)
            for part, lift in alone.items():
                if part[0] in COMPARED_PARTS:
                    found.setdefault(part_key(*part), {}).update({name: lift} if lift else {})
    denominators = [lift.denominator for by in found.values() for lift in by.values()]
    one = lcm(*denominators, *(degree.denominator for degree in criteria.degrees.values()))
    whole = {key: {name: int(lift * one) for name, lift in by.items()} for key, by in found.items()}
    return _Lifts(tuple(asked), whole, one)


def rates(filled: FilledDiagnosis, rules: CriteriaSet) -> dict[str, Bounds]:
    """Return the rates of the whole firm in percent; one that does not exist is left out."""
    found = {name: rate_of(name, filled, rules) for name in RATES}
    return {name: bounds for name, bounds in found.items() if bounds is not None}


def rate_of(name: str, filled: FilledDiagnosis, rules: CriteriaSet) -> Bounds | None:
    """Return an indicator of the whole firm, over all its workshops."""
    return bounds_of(name, Case((filled.firm,), rules.facts, rules.indicators))


def recognitions(rules: CriteriaSet) -> Iterator[GatesCriteria]:
    """Yield the criteria that a workshop or factory meets or does not meet."""
    for one in rules.criteria.values():
        if isinstance(one, GatesCriteria) and one.judges is not SubjectKind.FIRM and not one.level_names:
            yield one


def _met(criteria: str, result: Mapping[str, Any]) -> bool | None:
    """Tell whether some place of the firm meets the criteria: a firm without such a place has none."""
    outcomes = {one["outcome"] for one in result["assessments"] if one["criteria"] == criteria}
    if Outcome.MET.value in outcomes:
        return True
    return None if Outcome.NOT_KNOWN.value in outcomes else False


# --- the group --------------------------------------------------------------------------------------------------------


def compare(
    own: Figures, others: Mapping[str, Figures], level: int, day: date, earlier: Sequence[Comparison] = ()
) -> Comparison:
    """Return what is told of the nearest group with FEWEST other firms or more; `others` are without the firm itself.

    A group is passed over where a wider one has only a few firms more: who saw both could tell those few. For the same
    reason what this firm was told `earlier`, the newest first, is told again until FEWEST firms have changed.
    """
    now = _told(own, others, level, day)
    return earlier[0] if any(now.is_few_apart(one) for one in earlier) else now


def _told(own: Figures, others: Mapping[str, Figures], level: int, day: date) -> Comparison:
    group, keys = _nearest(own, others)
    if group is None:
        return Comparison(day)
    firms = [others[key] for key in keys]
    told = {key: quartiles((one.values.get(key) for one in firms), step_of(key)) for key in own.values}
    at = {number: share(_is_at(one, number) for one in firms) for number in range(HIGHEST + 1)}
    met = {name: share(one.met.get(name) for one in firms) for name in own.met}
    return Comparison(
        day=day,
        group=group,
        industry=own.industry if group is not Group.ALL else "",
        size=own.size if group is Group.SIZE else None,
        firms=len(firms),
        level=level,
        quartiles={key: found for key, found in told.items() if found},
        levels={number: found for number, found in at.items() if found},
        met={name: found for name, found in met.items() if found},
        of=frozenset(keys),
    )


def _nearest(own: Figures, others: Mapping[str, Figures]) -> tuple[Group | None, Sequence[str]]:
    groups = {group: [key for key, one in others.items() if belongs(own, one)] for group, belongs in _BELONGS.items()}
    sizes = [len(keys) for keys in groups.values()]
    for place, (group, keys) in enumerate(groups.items()):
        more = (wider - len(keys) for wider in sizes[place + 1 :])
        if len(keys) >= FEWEST and not any(0 < left < FEWEST for left in more):
            return group, keys
    return None, ()


def _same_industry(own: Figures, other: Figures) -> bool:
    return own.industry != "" and other.industry == own.industry


_BELONGS: Final[Mapping[Group, Callable[[Figures, Figures], bool]]] = {
    Group.SIZE: lambda own, other: _same_industry(own, other) and own.size is not None and other.size == own.size,
    Group.INDUSTRY: _same_industry,
    Group.ALL: lambda _own, _other: True,
}


def step_of(key: str) -> Fraction:
    """Return the step in which a value is compared and printed."""
    if key == TOTAL:
        return TOTAL_STEP
    return RATE_STEP if key in RATES else PART_STEP


def _is_at(one: Figures, level: int) -> bool | None:
    return None if one.level is None else one.level == level
