"""How far a diagnosis is: done and open sections, contradictions, the next page, coverage.

Counts only; whether answers are good enough is for scoring.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from questionnaires.checks import Said, below, facts_of, lookup
from questionnaires.conditions import NOT_ASKED, evaluate, names_in
from questionnaires.model import (
    Check,
    Fact,
    FilledDiagnosis,
    Page,
    Questionnaire,
    Section,
    State,
    Subject,
    Total,
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
    """A check that is false: the page on which it stands, what it compares, and every page that gives one of these."""

    step: Step
    check: Check
    facts: tuple[str, ...]
    said: tuple[Figure, ...]
    steps: tuple[Step, ...]  # that of the check first

    def page_of(self, section: Section, subject: Subject) -> Page | None:
        """Return the page of a section about a subject on which it is shown."""
        own = (step.page for step in self.steps if step.section is section and step.subject.key == subject.key)
        return next(own, None)


class Figure(NamedTuple):
    """One side of a contradiction: the fact, of whom, and its value; or a total, and what it adds up to."""

    of: Fact | Total
    subject: Subject
    value: object


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
    contradictions: tuple[Contradiction, ...]  # each once, however many pages show it
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


def progress(questionnaire: Questionnaire, filled: FilledDiagnosis, again: Collection[Place] = ()) -> Progress:
    """Return how far `filled` is. Facts off the path are not counted, whether they are in it or not.

    `again` names pages that somebody should look at again; those with a blank fact need somebody anyhow.
    """
    path = find_path(questionnaire, filled.firm, filled.tailored)
    states: list[State | None] = []
    found = tuple(every_contradiction(path))
    touched: dict[tuple[str, str], list[Contradiction]] = {}
    for one in found:
        for place in dict.fromkeys((step.section.id, step.subject.key) for step in one.steps):
            touched.setdefault(place, []).append(one)
    sections = tuple(
        _section(section, line[-1], pages, _Seen(touched.get((section.id, line[-1].key), []), again, states))
        for section in questionnaire.sections
        for line in path.lines[section.of]
        if (pages := path.of(section, line[-1]))
    )
    counts = [states.count(state) for state in (State.STATED, State.UNKNOWN, None, State.NOT_APPLICABLE)]
    return Progress(sections, found, len(states), *counts)


class _Seen(NamedTuple):
    """The contradictions that a section shows, all pages to be looked at again, the states of all facts seen so far."""

    found: list[Contradiction]
    again: Collection[Place]
    states: list[State | None]


def _section(section: Section, subject: Subject, pages: tuple[Page, ...], seen: _Seen) -> SectionProgress:
    states = [_state(subject, name) for page in pages for name in page.fact_ids]
    seen.states.extend(states)
    settled = len(states) - states.count(None)
    found = tuple(seen.found)
    again = tuple(
        p for p in pages if (section.id, subject.key, p.id) in seen.again and _first_open(subject, (p,)) is None
    )
    wrong = (one.page_of(section, subject) for one in found)
    waiting = (_first_open(subject, pages), *wrong, *again, None)
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


def every_contradiction(path: Path) -> Iterator[Contradiction]:
    """Yield every check on the path that is false, in the order of its pages."""
    said = said_on(path)
    for section in path.questionnaire.sections:
        if any(page.checks for page in section.pages):
            for line in path.lines[section.of]:
                yield from contradictions_of(path, section, line, said)


def contradictions_of(path: Path, section: Section, line: Line, said: Said) -> Iterator[Contradiction]:
    """Yield the checks that stand in a section and are false for the last subject of a line."""
    for page in path.of(section, line[-1]):
        for check in page.checks:
            if found := contradiction(path, Step(section, line[-1], page), check, line, said):
                yield found


def contradiction(path: Path, step: Step, check: Check, line: Line, said: Said) -> Contradiction | None:
    """Return what a check of a page finds for the last subject of a line; None while something is not known."""
    look = lookup(line, path.questionnaire.facts, said, check.totals)
    if evaluate(check.that, look) is not False:
        return None
    names = tuple(sorted(names_in(check.that)))
    totals = {total.name: total for total in check.totals}
    figures = tuple(_figure(name, totals, path, line, look(name)) for name in names)
    return Contradiction(step, check, names, figures, tuple(_shown_on(path, step, check, line, said)))


def said_on(path: Path) -> Said:
    """Return what the subjects of a path say: not asked where the page is off it, or the fact does not apply."""

    def said(subject: Subject, name: str) -> object:
        if name not in path.asked.get(subject.key, ()):
            return NOT_ASKED
        statement = subject.facts.get(name)
        if statement is not None and statement.state is State.NOT_APPLICABLE:
            return NOT_ASKED
        return None if statement is None else statement.value

    return said


def _figure(name: str, totals: Mapping[str, Total], path: Path, line: Line, value: object) -> Figure:
    if name in totals:
        return Figure(totals[name], line[-1], value)
    fact = path.questionnaire.facts[name]
    return Figure(fact, next(subject for subject in line if subject.kind is fact.of), value)


def _shown_on(path: Path, step: Step, check: Check, line: Line, said: Said) -> Iterator[Step]:
    """Yield the page of a check, then every page that gives something it compares and has given it."""
    yield step
    facts = [fact for total in check.totals for fact in total.facts]
    facts += [path.questionnaire.facts[name] for name in facts_of(check) if name not in {fact.id for fact in facts}]
    seen = {step.ids}
    for subject in (*line, *below(line[-1])):
        for fact in facts:
            says = fact.of is subject.kind and said(subject, fact.id) not in (None, NOT_ASKED)
            asking = _asking(path, subject, fact.id) if says else None
            if asking is not None and asking.ids not in seen:
                seen.add(asking.ids)
                yield asking


def _asking(path: Path, subject: Subject, fact: str) -> Step | None:
    for section in path.questionnaire.sections:
        for page in path.of(section, subject) if section.of is subject.kind else ():
            if fact in page.fact_ids:
                return Step(section, subject, page)
    return None


def steps(done: Progress) -> Iterator[Step]:
    """Yield every page on the path in the order in which it is asked."""
    for one in done.sections:
        for page in one.pages:
            yield Step(one.section, one.subject, page)


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
    return tuple(missing_in(progress(questionnaire, filled)))


def missing_in(done: Progress) -> Iterator[Missing]:
    """Yield the same where the progress is known already."""
    for step in steps(done):
        for question in step.page.questions:
            for fact in question.facts:
                if fact.required and _state(step.subject, fact.id) is not State.STATED:
                    yield Missing(step, fact)
