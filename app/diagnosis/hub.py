"""The overview of a diagnosis: what is done and open, what contradicts, the next page, and what can be said by now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from flask import url_for
from flask_babel import gettext as _

from app.access import may
from app.diagnosis import standing
from app.diagnosis.again import Again, because, pages_again
from app.diagnosis.again import together as as_one
from app.diagnosis.check import address as answers_address
from app.diagnosis.draft import Draft, every_subject, line_to
from app.diagnosis.models import Remark
from app.diagnosis.page import walking_order
from app.diagnosis.punctuation import listed, with_colon
from app.diagnosis.records import Assessed, stand
from app.diagnosis.standing import Standing
from app.diagnosis.verdicts import subdomain_names
from app.presentation import text
from questionnaires.model import Subject, SubjectKind, Text
from questionnaires.path import lines
from questionnaires.progress import Place, Progress, SectionProgress, SectionState, Step, progress

MOST_ROWS = 12  # of one heading, where there are more factories or workshops
URGENCY = (SectionState.CHECK, SectionState.AGAIN, SectionState.PART, SectionState.TODO, SectionState.DONE)

Shares: TypeAlias = Mapping[tuple[str, str], Sequence[str]]  # section id, subject key -> names of colleagues
NOBODY: Shares = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Part:
    """One section of a factory or workshop, as a small link under its row."""

    title: str
    address: str
    state: SectionState


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the overview: a section of the firm, or a factory or workshop with all its sections."""

    title: str
    note: str
    address: str
    state: SectionState
    settled: int
    asked: int
    contradictions: int
    parts: tuple[Part, ...] = ()
    again: str = ""  # why some of it should be looked at again
    people: tuple[str, ...] = ()  # the colleagues with whom it is shared

    @property
    def done(self) -> int:
        """Return how much of it is answered, in whole percent, rounded down."""
        return 100 * self.settled // self.asked if self.asked else 0


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading: of many factories or workshops those that need somebody most."""

    title: str
    rows: tuple[Row, ...]
    of: SubjectKind
    total: int
    done: int


@dataclass(frozen=True, slots=True)
class Note:
    """A remark of a consultant, and where the question it speaks of stands."""

    text: str
    about: str
    address: str | None


@dataclass(frozen=True, slots=True)
class Hub:
    """Everything the overview shows."""

    groups: tuple[Group, ...]
    settled: int
    asked: int
    unknown: int
    contradictions: int
    again: int  # pages
    next_title: str
    next_address: str | None
    has_factory: bool
    has_workshop: bool
    standing: Standing
    notes: tuple[Note, ...]
    tailored: tuple[str, ...]
    may_fill: bool
    is_quick_check: bool


def view(draft: Draft, remarks: Sequence[Remark], shared: Shares = NOBODY) -> Hub:
    """Return the overview of a diagnosis read in full, with the colleagues who have its sections."""
    assessed = stand(draft)
    again = pages_again(draft)
    done = progress(draft.questionnaire, assessed.filled, again)
    to = _next_step(draft, done)
    return Hub(
        groups=tuple(groups(draft, done, Marks(again, shared), MOST_ROWS)),
        settled=done.asked - done.blank,
        asked=done.asked,
        unknown=done.unknown,
        contradictions=len(done.contradictions),
        again=sum(len(one.again) for one in done.sections),
        next_title=_step_title(to) if to else "",
        next_address=page_address(draft, to) if to else None,
        has_factory=bool(draft.firm.parts),
        has_workshop=any(factory.parts for factory in draft.firm.parts),
        standing=standing.view(draft.diagnosis, assessed),
        notes=tuple(_note(draft, remark) for remark in remarks),
        tailored=_tailored(draft, assessed),
        may_fill=draft.may_fill and may("diagnosis.fill"),
        is_quick_check=draft.diagnosis.is_quick_check,
    )


def _next_step(draft: Draft, done: Progress) -> Step | None:
    """Return the first page in walking order that still needs somebody."""
    waiting = {(one.section.id, one.subject.key): one for one in done.sections if one.next_page is not None}
    for section, line in walking_order(draft.questionnaire, lines(draft.firm)):
        one = waiting.get((section.id, line[-1].key))
        if one is not None and one.next_page is not None:
            return Step(one.section, one.subject, one.next_page)
    return None


def page_address(draft: Draft, step: Step) -> str:
    """Return where one page is filled in; for those who only read, where its answers stand."""
    section, subject, page = step.ids
    if not (draft.may_fill and may("section.fill")):
        return answers_address(draft.diagnosis.id, subject, f"{section}.{subject}")
    return url_for(
        "diagnosis.fill", diagnosis_id=draft.diagnosis.id, section_id=section, subject_key=subject, page_id=page
    )


def _step_title(step: Step) -> str:
    title = text(step.section.title)
    return title if step.section.of is SubjectKind.FIRM else f"{step.subject.name} · {title}"


class Marks(NamedTuple):
    """What a row says beside how far it is: why to look at it again, and who has its sections."""

    again: Mapping[Place, Again]
    shared: Shares = NOBODY


def groups(draft: Draft, done: Progress, marks: Marks, most: int) -> Iterator[Group]:
    """Gather the sections under their headings; those of one factory or workshop into one row, at most `most` rows."""
    gathered: dict[Text | None, list[SectionProgress]] = {}
    for one in done.sections:
        gathered.setdefault(one.section.group, []).append(one)
    for heading, sections in gathered.items():
        kind = sections[0].section.of
        of_firm = kind is SubjectKind.FIRM
        every = [[one] for one in sections] if of_firm else by_subject(draft, sections)
        shown = every if of_firm or len(every) <= most else most_urgent(every)[:most]
        row = section_row if of_firm else subject_row
        rows = tuple(row(draft, own, marks) for own in shown)
        yield Group(text(heading), rows, kind, len(every), sum(together(own) is SectionState.DONE for own in every))


def by_subject(draft: Draft, sections: Iterable[SectionProgress]) -> list[list[SectionProgress]]:
    """Return the sections of each factory or workshop, in their order."""
    own: dict[str, list[SectionProgress]] = {one.key: [] for one in every_subject(draft.firm)}
    for one in sections:
        own[one.subject.key].append(one)
    return [several for several in own.values() if several]


def most_urgent(rows: Iterable[list[SectionProgress]]) -> list[list[SectionProgress]]:
    """Return the same with what needs somebody most first."""
    return sorted(rows, key=lambda own: URGENCY.index(together(own)))


def section_row(draft: Draft, own: list[SectionProgress], marks: Marks) -> Row:
    """Return the row of one section of the firm."""
    (one,) = own
    titles = dict.fromkeys(text(page.title) for page in one.pages)
    note = listed(titles) if len(titles) > 1 else ""
    return _row(draft, own, text(one.section.title), note, marks)


def subject_row(draft: Draft, own: list[SectionProgress], marks: Marks) -> Row:
    """Return the row of one factory or workshop, with its sections as small links."""
    above = line_to(draft.firm, own[0].subject.key)[1:-1]
    parts = tuple(Part(text(one.section.title), _section_address(draft, one), one.state) for one in own)
    return replace(_row(draft, own, own[0].subject.name, above[0].name if above else "", marks), parts=parts)


def _row(draft: Draft, own: list[SectionProgress], title: str, note: str, marks: Marks) -> Row:
    waiting = next((one for one in own if one.contradictions), None)
    waiting = waiting or next((one for one in own if one.next_page is not None), own[0])
    return Row(
        title=title,
        note=note,
        address=_section_address(draft, waiting),
        state=together(own),
        settled=sum(one.settled for one in own),
        asked=sum(one.asked for one in own),
        contradictions=len({id(found) for one in own for found in one.contradictions}),
        again=_why_again(draft, own, marks.again),
        people=_people(own, marks.shared),
    )


def _people(own: list[SectionProgress], shared: Shares) -> tuple[str, ...]:
    names = (shared.get((one.section.id, one.subject.key), ()) for one in own)
    return tuple(dict.fromkeys(name for those in names for name in those))


def _why_again(draft: Draft, own: list[SectionProgress], again: Mapping[Place, Again]) -> str:
    pages = [again[Step(one.section, one.subject, page).ids] for one in own for page in one.again]
    return because(as_one(pages), draft.questionnaire) if pages else ""


def together(own: list[SectionProgress]) -> SectionState:
    """Return the state of several sections as one."""
    states = {one.state for one in own}
    if SectionState.CHECK in states:
        return SectionState.CHECK
    if states == {SectionState.DONE, SectionState.AGAIN}:
        return SectionState.AGAIN
    return states.pop() if len(states) == 1 else SectionState.PART


def _section_address(draft: Draft, one: SectionProgress) -> str:
    """Return what a row leads to: where it says “check”, what contradicts; else the next page, else the first."""
    contradicting = (found.page_of(one.section, one.subject) for found in one.contradictions)
    page = next(contradicting, None) or one.next_page or one.pages[0]
    return page_address(draft, Step(one.section, one.subject, page))


def _note(draft: Draft, remark: Remark) -> Note:
    fact = draft.questionnaire.facts.get(remark.fact or "")
    if fact is None or remark.subject_key is None:
        return Note(remark.text, _("对整份诊断"), None)
    subject = draft.subject(remark.subject_key)
    name = "" if subject is None or subject.kind is SubjectKind.FIRM else f"{subject.name} · "
    return Note(remark.text, name + text(fact.label), answer_address(draft, remark.subject_key, fact.id))


def answer_address(draft: Draft, subject_key: str, fact: str) -> str | None:
    """Return where a fact of a subject is asked or, for those who only read, answered; None when it is not asked."""
    subject = draft.subject(subject_key)
    if subject is None or (step := asked_at(draft, subject, fact)) is None:
        return None
    if draft.may_fill and may("section.fill"):
        return f"{page_address(draft, step)}#{fact}"
    return answers_address(draft.diagnosis.id, subject_key, f"{subject_key}.{fact}")


def asked_at(draft: Draft, subject: Subject, fact: str) -> Step | None:
    """Return the page that asks a fact of a subject, on the path or not; None when there is no such page."""
    sections = (section for section in draft.questionnaire.sections if section.of is subject.kind)
    pages = ((section, page) for section in sections for page in section.pages)
    return next((Step(section, subject, page) for section, page in pages if fact in page.fact_ids), None)


def _tailored(draft: Draft, assessed: Assessed) -> tuple[str, ...]:
    """Return each capability subdomain left out with its reason."""
    names = subdomain_names(assessed.criteria)
    return tuple(with_colon(text(names.get(key)) or key, why) for key, why in draft.tailored.items())
