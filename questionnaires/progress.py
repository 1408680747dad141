"""How far a diagnosis is: done and open sections, contradictions, the next page, coverage.

Counts only; whether answers are good enough is for scoring.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from questionnaires.conditions import Lookup, evaluate, names_in
from questionnaires.model import (
    Check,
    Fact,
    FilledDiagnosis,
    Page,
    Questionnaire,
    Section,
    State,
    Subject,
)
from questionnaires.path import Line, Path, find_path, lines


class SectionState(StrEnum):
    """What the hub says of a section."""

    TODO = "todo"
    PART = "part"
    DONE = "done"
    CHECK = "check"  # two answers contradict each other
    AGAIN = "again"  # all answered, but somebody should look at a page again


Place: TypeAlias = tuple[str, str, str]  # section id, subject key and page id


class Step(NamedTuple):
    """One page asked of one subject."""

    section: Section
    subject: Subject
    page: Page

    @property
    def ids(self) -> Place:
        """Section id, subject key and page id: what an address of the page carries."""
        return self.section.id, self.subject.key, self.page.id


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A check of a page that is false, and the facts it compares."""

    page: Page
    check: Check
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """One section for one subject. Numbers count facts on the path."""

    section: Section
    subject: Subject
    state: SectionState
    asked: int
    settled: int  # answered, unknown or not applicable
    answered: int
    contradictions: tuple[Contradiction, ...]
    next_page: Page | None  # the first that needs somebody: with a blank fact, else a contradiction, else `again`
    pages: tuple[Page, ...]  # on the path, in order
    again: tuple[Page, ...]  # all of it answered, but to be looked at again


@dataclass(frozen=True, slots=True)
class Progress:
    """The whole diagnosis; asked = answered + unknown + not_applicable + blank."""

    sections: tuple[SectionProgress, ...]  # without those that have no page on the path
    asked: int
    answered: int
    unknown: int
    blank: int
    not_applicable: int


class Missing(NamedTuple):
    """A fact that has to be stated before the diagnosis can be submitted, and where it is asked."""

    step: Step
    fact: Fact


def subjects(section: Section, firm: Subject) -> tuple[Subject, ...]:
    """Return the subjects that a section repeats for: the firm, its factories or all their workshops."""
    return tuple(line[-1] for line in lines(firm)[section.of])


def pages_on_path(
    questionnaire: Questionnaire, section: Section, subject: Subject, firm: Subject, tailored: Collection[str] = ()
) -> tuple[Page, ...]:
    """Return the pages of `section` that apply to `subject`, in order.

    The whole questionnaire is needed, because a page may depend on a fact whose own page is off the path.
    """
    return find_path(questionnaire, firm, tailored).of(section, subject)


def progress(questionnaire: Questionnaire, filled: FilledDiagnosis, again: Collection[Place] = ()) -> Progress:
    """Return how far `filled` is. Facts off the path are not counted, whether they are in it or not.

    `again` names pages that somebody should look at again; those with a blank fact need somebody anyhow.
    """
    path = find_path(questionnaire, filled.firm, filled.tailored)
    states: list[State | None] = []
    sections = tuple(
        _section(section, line, pages, _Seen(path, again, states))
        for section in questionnaire.sections
        for line in path.lines[section.of]
        if (pages := path.of(section, line[-1]))
    )
    counts = [states.count(state) for state in (State.STATED, State.UNKNOWN, None, State.NOT_APPLICABLE)]
    return Progress(sections, len(states), *counts)


class _Seen(NamedTuple):
    """What is the same for every section, and the states of all facts seen so far."""

    path: Path
    again: Collection[Place]
    states: list[State | None]


def _section(section: Section, line: Line, pages: tuple[Page, ...], seen: _Seen) -> SectionProgress:
    subject = line[-1]
    states = [_state(subject, name) for page in pages for name in page.fact_ids]
    seen.states.extend(states)
    settled = len(states) - states.count(None)
    found = tuple(c for page in pages if page.checks for c in contradictions(page, seen.path.lookup(line)))
    again = tuple(
        p for p in pages if (section.id, subject.key, p.id) in seen.again and _first_open(subject, (p,)) is None
    )
    waiting = (_first_open(subject, pages), *(c.page for c in found), *again, None)
    return SectionProgress(
        section=section,
        subject=subject,
        state=SectionState.CHECK if found else _how_far(len(states), settled, bool(again)),
        asked=len(states),
        settled=settled,
        answered=states.count(State.STATED),
        contradictions=found,
        next_page=next((page for page in waiting if page is not None), None),
        pages=pages,
        again=again,
    )


def _state(subject: Subject, name: str) -> State | None:
    statement = subject.facts.get(name)
    return None if statement is None else statement.state


def _how_far(asked: int, settled: int, again: bool) -> SectionState:
    if settled == asked:
        return SectionState.AGAIN if again else SectionState.DONE
    return SectionState.PART if settled else SectionState.TODO


def _first_open(subject: Subject, pages: tuple[Page, ...]) -> Page | None:
    return next((page for page in pages if any(name not in subject.facts for name in page.fact_ids)), None)


def contradictions(page: Page, lookup: Lookup) -> tuple[Contradiction, ...]:
    """Return the checks of `page` that are false; a check with something not known is not."""
    return tuple(
        Contradiction(page, check, tuple(sorted(names_in(check.that))))
        for check in page.checks
        if evaluate(check.that, lookup) is False
    )


def steps(done: Progress) -> Iterator[Step]:
    """Yield every page on the path in the order in which it is asked."""
    for one in done.sections:
        for page in one.pages:
            yield Step(one.section, one.subject, page)


def find_step(done: Progress, section_id: str, subject_key: str, page_id: str) -> Step | None:
    """Return the page with these ids, None when it is not on the path."""
    return next((step for step in steps(done) if step.ids == (section_id, subject_key, page_id)), None)


def next_step(done: Progress, after: tuple[Section, Subject, Page] | None = None) -> Step | None:
    """Return the page that follows `after`, None when that was the last; without `after` the first that needs somebody.

    When `after` has left the path meanwhile, also the first that needs somebody.
    """
    if after is None:
        open_pages = (Step(s.section, s.subject, s.next_page) for s in done.sections if s.next_page is not None)
        return next(open_pages, None)
    rest = iter(steps(done))
    if not any(step.ids == Step(*after).ids for step in rest):
        return next_step(done)
    return next(rest, None)


def missing_required(questionnaire: Questionnaire, filled: FilledDiagnosis) -> tuple[Missing, ...]:
    """Return every required fact on the path that is not stated (不清楚 does not state it), in the order asked."""
    return tuple(
        Missing(step, fact)
        for step in steps(progress(questionnaire, filled))
        for question in step.page.questions
        for fact in question.facts
        if fact.required and _state(step.subject, fact.id) is not State.STATED
    )
