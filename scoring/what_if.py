"""The same facts with changes: what a diagnosis says after projects, or after answers that somebody tries out.

Scoring then runs on the changed facts as on any others; nothing here judges.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from questionnaires.model import Fact, Facts, FilledDiagnosis, State, Statement, Subject, Value
from scoring.indicators import stated_value
from scoring.model import Change, CriteriaSet
from scoring.projects import Effect, Project, effects, grouped, raises, siblings

Place = tuple[str, str]  # subject key, fact
Chosen = Mapping[str, int]  # project id -> units that it adds, 0 for what adds none


def changed(filled: FilledDiagnosis, answers: Mapping[Place, Statement | None]) -> FilledDiagnosis:
    """Return the diagnosis with these statements in place of its own; None makes a fact blank."""
    by_subject: dict[str, dict[str, Statement | None]] = {}
    for (key, fact), statement in answers.items():
        by_subject.setdefault(key, {})[fact] = statement
    return replace(filled, firm=_changed(filled.firm, by_subject)) if by_subject else filled


def _changed(subject: Subject, answers: Mapping[str, Mapping[str, Statement | None]]) -> Subject:
    own = answers.get(subject.key)
    parts = tuple(_changed(part, answers) for part in subject.parts)
    return replace(subject, facts=_facts(subject.facts, own) if own else subject.facts, parts=parts)


def _facts(now: Facts, answers: Mapping[str, Statement | None]) -> Facts:
    after = {**now, **answers}
    return {fact: statement for fact, statement in after.items() if statement is not None}


def after_projects(
    filled: FilledDiagnosis, criteria: CriteriaSet, projects: Sequence[Project], chosen: Chosen
) -> FilledDiagnosis:
    """Return the diagnosis as it will be when the chosen ones of all `projects` of the firm are done.

    What is better already stays. A change that is gained counts from the figure before, so it needs that figure.
    """
    done, groups = [project for project in projects if project.id in chosen], grouped(projects)
    finished = {project.id for project in done if chosen[project.id] >= project.units}
    answers: dict[Place, Statement | None] = {}
    points: dict[Place, int] = {}
    along: dict[Place, int] = {}
    for project in done:
        for effect in effects(project, criteria):
            place = (effect.subject.key, effect.fact)
            if effect.along:
                along[place] = along.get(place, 0) + chosen[project.id]
            elif effect.value is None and not effect.points:
                _raise_count(answers, effect, chosen[project.id], project.units)
            elif _holds(effect, project, groups, finished):
                if effect.points:
                    points[place] = points.get(place, 0) + effect.points
                else:
                    _raise(answers, effect, criteria)
    subjects = {subject.key: subject for subject in _every(filled.firm)}
    _raise_along(answers, along, subjects)
    for (key, indicator), gained in points.items():
        answers.update(_gained(subjects[key], indicator, gained, criteria))
    return changed(filled, answers)


def _holds(effect: Effect, project: Project, groups: Mapping[str, tuple[Project, ...]], finished: set[str]) -> bool:
    if not effect.above:
        return project.id in finished
    return all(other.id in finished for other in siblings(project, effect.subject, groups))


def _raise(answers: dict[Place, Statement | None], effect: Effect, criteria: CriteriaSet) -> None:
    place = (effect.subject.key, effect.fact)
    now = answers.get(place, effect.subject.facts.get(effect.fact))
    if effect.value is not None and raises(now, effect.value, criteria.facts[effect.fact]):
        answers[place] = _stated(_added(now, effect.value, criteria.facts[effect.fact]))


def _added(now: Statement | None, value: Value, fact: Fact) -> Value:
    before = stated_value(now)
    if isinstance(value, tuple) and isinstance(before, tuple):
        alone = {option.code for option in fact.options if option.alone}  # “none of these” does not stay beside others
        return (*(code for code in before if code not in alone), *(code for code in value if code not in before))
    return value


def _raise_count(answers: dict[Place, Statement | None], effect: Effect, units: int, missing: int) -> None:
    """Raise a count, never above what was missing: two projects that add to the same one make no more of it."""
    place = (effect.subject.key, effect.fact)
    before = _count(effect.subject.facts.get(effect.fact))
    now = _count(answers[place]) if place in answers else before
    if units:
        answers[place] = _stated(max(now, min(now + units, before + missing)))


def _raise_along(
    answers: dict[Place, Statement | None], along: Mapping[Place, int], subjects: Mapping[str, Subject]
) -> None:
    """Raise counts by the units of another one, on top of what is added to them for their own sake."""
    for (key, fact), units in along.items():
        if units:
            answers[key, fact] = _stated(_count(answers.get((key, fact), subjects[key].facts.get(fact))) + units)


def _count(statement: Statement | None) -> Fraction:
    value = stated_value(statement)
    return value if isinstance(value, Fraction) else Fraction(0)


def change_now(subject: Subject, change: Change) -> tuple[Fraction, Fraction] | None:
    """Return the figure before and the change in percent by now (0 while there is none); None without a figure before.

    An improvement counts upwards whatever the direction of the figure.
    """
    before, after = (stated_value(subject.facts.get(name)) for name in (change.before, change.after))
    if not isinstance(before, Fraction) or before <= 0:
        return None
    if not isinstance(after, Fraction):
        return before, Fraction(0)
    rise = 100 * (after - before) / before
    return before, rise if change.direction == "up" else -rise


def _gained(subject: Subject, indicator: str, points: int, criteria: CriteriaSet) -> dict[Place, Statement | None]:
    change = criteria.indicators[indicator].how
    known = change_now(subject, change) if isinstance(change, Change) else None
    if known is None or not isinstance(change, Change):
        return {}
    before, now = known
    total = now + points
    after = before * (100 + (total if change.direction == "up" else -total)) / 100
    return {(subject.key, change.after): _stated(max(after, Fraction(0)))}


def _stated(value: Value) -> Statement:
    return Statement(State.STATED, value)


def _every(subject: Subject) -> Iterable[Subject]:
    yield subject
    for part in subject.parts:
        yield from _every(part)
