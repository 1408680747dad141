"""Where every verdict stands after a few more answers: only what reads one of them is judged anew.

A firm with very many workshops answers one question at a time; what the others are worth does not change by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from questionnaires.conditions import names_in
from questionnaires.model import Facts, FilledDiagnosis, Subject
from scoring.assessment import assess_diagnosis
from scoring.gates import names_of
from scoring.indicators import Case, facts_behind
from scoring.model import (
    Assessment,
    CountMet,
    Criteria,
    CriteriaSet,
    GatesCriteria,
    Indicator,
    LevelOf,
    MaturityCriteria,
    PointsCriteria,
)
from scoring.standing import judge_briefly, stand
from scoring.tailoring import subdomains

Line = tuple[str, ...]  # keys from the firm down to a subject


def stand_again(
    before: FilledDiagnosis, judged: tuple[Assessment, ...], now: FilledDiagnosis, criteria: CriteriaSet
) -> tuple[Assessment, ...]:
    """Return what `stand` concludes of `now`, given what the same criteria concluded of the same firm `before`.

    Factories or workshops that came, went or were renamed, and another tailoring, mean that all is judged anew.
    """
    if _shape(before.firm) != _shape(now.firm) or before.tailored != now.tailored or before.as_of != now.as_of:
        return stand(now, criteria)
    return assess_diagnosis(now, criteria, _Again(before.firm, judged, now.firm, criteria))


@dataclass(frozen=True, slots=True)
class Reads:
    """What a criteria file reads: facts, and what was judged before it, as criteria ids and methods."""

    facts: frozenset[str]
    judged: frozenset[str]


@lru_cache(maxsize=256)
def reads(criteria: Criteria, all_of_them: CriteriaSet) -> Reads:
    """Return what one criteria file reads; kept for the next call."""
    names = {*_names(criteria), *(names_in(criteria.applies_when) if criteria.applies_when else ())}
    facts = frozenset(fact for name in names for fact in facts_behind(name, all_of_them.indicators))
    found = (all_of_them.indicators[name] for name in names if name in all_of_them.indicators)
    return Reads(facts, frozenset(filter(None, map(_judged_before, found))))


def _names(criteria: Criteria) -> Iterator[str]:
    if isinstance(criteria, MaturityCriteria):
        yield from (one.id for subdomain in subdomains(criteria.capabilities) for one in subdomain.requirements)
    if isinstance(criteria, GatesCriteria):
        yield from (name for requirement in criteria.requirements for name in names_of(requirement))
    if isinstance(criteria, PointsCriteria):
        yield from (question.indicator or question.requirement.fact or "" for question in criteria.questions)
        yield from (scene.requirement.fact or "" for scene in criteria.scenes)


def _judged_before(indicator: Indicator) -> str | None:
    match indicator.how:
        case CountMet(criteria_id):
            return criteria_id
        case LevelOf(method):
            return method.value
    return None


@dataclass(slots=True)
class _Again:
    """Judges one subject, unless nothing that is read has changed; remembers which conclusions came out otherwise."""

    before: Subject
    judged: tuple[Assessment, ...]
    now: Subject
    criteria: CriteriaSet
    kept: dict[tuple[str, str], Assessment] = field(init=False)
    changed: dict[Line, frozenset[str]] = field(init=False)
    moved: set[str] = field(init=False, default_factory=set)  # criteria ids and methods

    def __post_init__(self) -> None:
        self.kept = {(one.criteria_id, one.subject_key): one for one in self.judged}
        self.changed = {line: facts for line, facts in _changes(self.before, self.now) if facts}

    def __call__(self, criteria: Criteria, case: Case, tailored: Mapping[str, str]) -> Assessment:
        kept, what = self.kept.get((criteria.id, case.subject.key)), reads(criteria, self.criteria)
        if kept is not None and not what.judged & self.moved and not self._touches(case.path, what.facts):
            return kept
        found = judge_briefly(criteria, case, tailored)
        if kept is None or (kept.outcome, kept.level) != (found.outcome, found.level):
            self.moved |= {criteria.id, criteria.method.value}
        return found

    def _touches(self, path: tuple[Subject, ...], facts: frozenset[str]) -> bool:
        """Tell whether one of these facts has changed of a subject on the path or below its end."""
        line = tuple(subject.key for subject in path)
        return any(
            facts & names and (line[: len(place)] == place or place[: len(line)] == line)
            for place, names in self.changed.items()
        )


def _changes(before: Subject, now: Subject, above: Line = ()) -> Iterator[tuple[Line, frozenset[str]]]:
    line = (*above, now.key)
    yield line, _differing(before.facts, now.facts)
    for pair in zip(before.parts, now.parts, strict=True):
        yield from _changes(*pair, line)


def _differing(before: Facts, now: Facts) -> frozenset[str]:
    return frozenset(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))


def _shape(subject: Subject) -> tuple[object, ...]:
    return subject.kind, subject.key, subject.name, tuple(map(_shape, subject.parts))
