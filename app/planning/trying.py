"""What a page asks to be tried out: projects with their units, and answers in place of those given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from questionnaires.model import Degree, FactKind, FilledDiagnosis, State, Statement, Subject
from scoring.model import CriteriaSet
from scoring.what_if import Place

PROJECT, ANSWER = "project", "answer."
MOST_UNITS = 100_000


def projects_in(words: Iterable[str]) -> dict[str, int]:
    """Read “<project>:<units>” of each ticked box; what is no such thing is left out."""
    chosen: dict[str, int] = {}
    for word in words:
        name, _colon, units = word.rpartition(":")
        if name and units.isascii() and units.isdigit():
            chosen[name] = min(int(units), MOST_UNITS)
    return chosen


def answers_in(
    form: Mapping[str, str], filled: FilledDiagnosis, criteria: CriteriaSet
) -> dict[Place, Statement | None]:
    """Read the degrees that somebody tries: “answer.<subject>.<requirement>” = full, mostly, partly or none."""
    subjects = {subject.key: subject for subject in _every(filled.firm)}
    degrees = {degree.value: degree for degree in Degree}
    found: dict[Place, Statement | None] = {}
    for name, value in form.items():
        key, _dot, fact = name.removeprefix(ANSWER).partition(".")
        known = criteria.facts.get(fact)
        if not name.startswith(ANSWER) or known is None or known.kind is not FactKind.PRACTICE:
            continue
        if key in subjects and value in degrees:
            found[key, fact] = Statement(State.STATED, degrees[value])
    return found


def _every(subject: Subject) -> Iterable[Subject]:
    yield subject
    for part in subject.parts:
        yield from _every(part)
