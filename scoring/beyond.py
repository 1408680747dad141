"""Why no project reaches something that a goal needs: what the catalogue says is beyond projects, for one firm."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from questionnaires.conditions import comparisons
from questionnaires.model import Comparison, FilledDiagnosis, SubjectKind
from scoring.assessment import paths
from scoring.gates import holds
from scoring.indicators import Case, bearers, facts_behind, stated_value
from scoring.model import CountMet, CriteriaSet, PointsCriteria, Ratio
from scoring.plan_program import Need
from scoring.points import points_of


def beyond_projects(need: Need, filled: FilledDiagnosis, criteria: CriteriaSet) -> tuple[str, ...]:
    """Return the facts and indicators that keep a need from being reached and that no project changes.

    None where an answer is missing: it comes first. Why is in `criteria.beyond`.
    """
    every = [path for kind in SubjectKind for path in paths(filled.firm, kind)]
    path = next((path for path in every if path[-1].key == need.subject_key), None)
    if need.open_facts or path is None:
        return ()
    case = Case(path, criteria.facts, criteria.indicators)
    names = dict.fromkeys(name for name in _in_the_way(need, case, criteria) if name in criteria.beyond)
    return tuple(names)


def _in_the_way(need: Need, case: Case, criteria: CriteriaSet) -> Iterator[str]:
    one = criteria.criteria[need.criteria_id]
    applies = holds(one.applies_when, case) is True
    if need.requirement is None and applies and isinstance(one, PointsCriteria):
        for question in one.questions:
            if points_of(question, case).low < question.points:
                name = question.indicator or question.requirement.fact or ""
                yield from _read(Comparison(">=", name, question.points), case, criteria)
        return
    condition = need.requirement.that if need.requirement else one.applies_when
    for asked in comparisons(condition) if condition else ():
        if holds(asked, case) is not True:
            yield from _read(asked, case, criteria)


def _read(asked: Comparison, case: Case, criteria: CriteriaSet) -> Iterator[str]:
    how = criteria.indicators[asked.left].how if asked.left in criteria.indicators else None
    if isinstance(how, CountMet):
        counted = criteria.criteria.get(how.criteria)
        there = sum(1 for _path in paths(case.path[0], counted.judges)) if counted else 0
        if isinstance(asked.right, Fraction) and there < asked.right:
            yield asked.left
    elif isinstance(how, Ratio):
        yield from how.numerator
        if not _some(how.denominator, case):
            yield from how.denominator
            yield from _bounding(how.denominator, criteria)
    else:
        yield from facts_behind(asked.left, criteria.indicators)


def _bounding(names: tuple[str, ...], criteria: CriteriaSet) -> Iterator[str]:
    """Yield what bounds the counts that improvements raise together with `names`."""
    for adds in (one.adds for one in criteria.improvements if one.adds):
        if adds.most and not {adds.count, *adds.along}.isdisjoint(names):
            yield adds.most


def _some(names: tuple[str, ...], case: Case) -> bool:
    """Tell whether there is something that a rate could be of."""
    subjects = [subject for name in names for subject in bearers(case.facts[name].of, case.path)]
    return any(stated_value(subject.facts.get(name)) for subject in subjects for name in names)
