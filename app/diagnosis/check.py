"""All answers of a diagnosis by section, to be read over before it is handed in: what is missing comes first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from app.access import may
from app.diagnosis.again import Again, because, pages_again
from app.diagnosis.contradictions import MOST_LINKS, Link, field_on, in_words, steps_shown, title_of
from app.diagnosis.draft import FIRM_KEY, Draft, every_subject
from app.diagnosis.kept_lists import other_figures
from app.diagnosis.models import Layer
from app.presentation import language, text
from questionnaires.model import Fact, Page, Section, State, Statement, Subject, SubjectKind
from questionnaires.progress import Contradiction, Place, SectionProgress, Step, missing_in, progress
from questionnaires.values import show_value

BLANK = "blank"  # the state of a fact about which nothing is said
MOST_LINES = 30  # of one kind in the list of what needs somebody
MOST_TOGETHER = 16  # firm, factories and workshops whose answers fit on one page


@dataclass(frozen=True, slots=True)
class Line:
    """One answer: what was asked, what was said, and where to change it."""

    anchor: str
    label: str
    answer: str
    state: str  # stated, unknown, not_applicable or blank
    address: str | None  # none for those who only read
    places: tuple[Link, ...] = ()  # where each side of a contradiction is given


@dataclass(frozen=True, slots=True)
class Block:
    """The answers of one section about one subject."""

    anchor: str
    title: str
    lines: tuple[Line, ...]
    settled: int


@dataclass(frozen=True, slots=True)
class Lines:
    """The first lines of one kind, and how many there are in all."""

    shown: list[Line]
    total: int

    @property
    def more(self) -> int:
        """Return how many are not shown."""
        return self.total - len(self.shown)


@dataclass(frozen=True, slots=True)
class Choice:
    """One factory or workshop whose answers can be chosen to be shown."""

    key: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Check:
    """Everything the page shows. `choices` has somebody to choose only where there are too many to show together."""

    missing: Lines
    contradictions: Lines
    again: Lines
    other_lists: int  # lists that count something else than is stated
    choices: tuple[Choice, ...]
    blocks: tuple[Block, ...]
    asked: int
    answered: int
    unknown: int
    blank: int
    not_applicable: int
    may_submit: bool
    may_fill: bool


def view(draft: Draft, about: str = FIRM_KEY) -> Check:
    """Return the answers of a diagnosis read in full; to a colleague those of his sections.

    Of very many factories and workshops it holds only the answers of `about`; the counts are of all.
    """
    filled, places = draft.filled(), pages_again(draft)
    done = progress(draft.questionnaire, filled, places)
    shown = [one for one in done.sections if _is_shown(draft, one)]
    may_fill = draft.may_fill and may("section.fill")
    missing = [one for one in missing_in(done) if _is_shown(draft, one.step)]
    found = [one for one in done.contradictions if steps_shown(draft, one)]
    again = [(one, page) for one in shown for page in one.again]
    choices = choices_of(draft, about)
    chosen = next((one.key for one in choices if one.chosen), None)
    counted = Counter(_states(shown))
    return Check(
        missing=Lines([_line(draft, one.step, one.fact, None, may_fill) for one in missing[:MOST_LINES]], len(missing)),
        contradictions=Lines([_contradiction(draft, one, may_fill) for one in found[:MOST_LINES]], len(found)),
        again=Lines([_again(draft, one, page, places, may_fill) for one, page in again[:MOST_LINES]], len(again)),
        other_lists=_other_lists(draft) if draft.shared is None else 0,  # a colleague sees no lists
        choices=choices,
        blocks=tuple(_block(draft, one, may_fill) for one in shown if chosen in (None, one.subject.key)),
        asked=counted.total(),
        answered=counted[State.STATED],
        unknown=counted[State.UNKNOWN],
        blank=counted[BLANK],
        not_applicable=counted[State.NOT_APPLICABLE],
        may_submit=draft.may_fill and may("diagnosis.submit") and not draft.diagnosis.is_quick_check,
        may_fill=may_fill,
    )


def _is_shown(draft: Draft, one: SectionProgress | Step) -> bool:
    return draft.shows(one.section.id, one.subject.key)


def _states(sections: Iterable[SectionProgress]) -> Iterator[str]:
    for one in sections:
        for page in one.pages:
            for name in page.fact_ids:
                statement = one.subject.facts.get(name)
                yield statement.state if statement else BLANK


def _other_lists(draft: Draft) -> int:
    """Return how many lists of open factories and workshops count something else than is stated."""
    said: dict[str, dict[str, str | None]] = {one.key: {} for one in every_subject(draft.firm)}
    for kept in draft.kept:
        if kept.layer == Layer.STATED and kept.subject_key in said:
            said[kept.subject_key][kept.fact] = kept.said.value
    own = (one for one in draft.lists if one.subject_key in said)
    return sum(bool(other_figures([one], one.subject_key, said[one.subject_key])) for one in own)


def choices_of(draft: Draft, about: str) -> tuple[Choice, ...]:
    """Return the firm, its factories and workshops to choose from; nobody while all fit on one page."""
    every = list(draft.subjects_shown())
    if len(every) <= MOST_TOGETHER:
        return ()
    names = {one.key: _full_name(factory, one) for factory in draft.firm.parts for one in (factory, *factory.parts)}
    chosen = about if any(one.key == about for one in every) else every[0].key
    return tuple(Choice(one.key, names.get(one.key, one.name), one.key == chosen) for one in every)


def _full_name(factory: Subject, one: Subject) -> str:
    return one.name if one is factory else f"{factory.name} · {one.name}"


def address(diagnosis_id: UUID, subject_key: str, anchor: str = "") -> str:
    """Return where the answers of a subject stand."""
    about = subject_key if subject_key != FIRM_KEY else None
    return url_for("diagnosis.answers", diagnosis_id=diagnosis_id, about=about, _anchor=anchor or None)


def _block(draft: Draft, one: SectionProgress, may_fill: bool) -> Block:
    found = (
        _line(draft, Step(one.section, one.subject, page), fact, one.subject.facts.get(fact.id), may_fill)
        for page in one.pages
        for question in page.questions
        for fact in question.facts
    )
    return Block(
        f"{one.section.id}.{one.subject.key}",
        _where(one.section, one.subject, text(one.section.title)),
        tuple(found),
        one.settled,
    )


def _line(draft: Draft, step: Step, fact: Fact, statement: Statement | None, may_fill: bool) -> Line:
    return Line(
        anchor=f"{step.subject.key}.{fact.id}",
        label=text(fact.label),
        answer=answer_words(fact, statement),
        state=statement.state.value if statement else BLANK,
        address=_change(draft, step, fact.id) if may_fill else None,
    )


def answer_words(fact: Fact, statement: Statement | None) -> str:
    """Return an answer as people read it: the value with its unit, or why there is none."""
    if statement is None:
        return _("未填")
    if statement.state is State.UNKNOWN:
        return _("不清楚")
    if statement.state is State.NOT_APPLICABLE:
        return _("不适用：%(reason)s", reason=statement.reason or "")
    return "" if statement.value is None else show_value(fact, statement.value, language())


def _change(draft: Draft, step: Step, fact: str) -> str:
    """Return where to change an answer; the page comes back to this very line afterwards."""
    section, subject, page = step.ids
    address = url_for(
        "diagnosis.fill",
        diagnosis_id=draft.diagnosis.id,
        section_id=section,
        subject_key=subject,
        page_id=page,
        back="check",
        at=fact,
    )
    return f"{address}#{fact}"


def _contradiction(draft: Draft, found: Contradiction, may_fill: bool) -> Line:
    """Return a contradiction with the way to each of its pages that the reader may be shown."""
    steps = steps_shown(draft, found)
    step = steps[0]
    places = tuple(Link(title_of(one), _change(draft, one, field_on(found, one))) for one in steps[:MOST_LINKS])
    return Line(
        anchor=f"{step.subject.key}.{field_on(found, step)}",
        label=_where(step.section, step.subject, text(step.section.title)),
        answer=in_words(draft, found),
        state="check",
        address=None,
        places=places if may_fill else (),
    )


def _again(draft: Draft, one: SectionProgress, page: Page, places: Mapping[Place, Again], may_fill: bool) -> Line:
    """Return a page that is to be looked at again, with the reason."""
    step = Step(one.section, one.subject, page)
    return Line(
        anchor=f"{one.subject.key}.{page.fact_ids[0]}",
        label=title_of(step),
        answer=because(places[step.ids], draft.questionnaire),
        state="again",
        address=_change(draft, step, page.fact_ids[0]) if may_fill else None,
    )


def _where(section: Section, subject: Subject, title: str) -> str:
    return title if section.of is SubjectKind.FIRM else f"{subject.name} · {title}"
