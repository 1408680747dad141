"""Sections about one subject each, as they are shared: to choose from, and with how far they are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.diagnosis.draft import Draft, Shared
from app.diagnosis.hub import page_address
from app.diagnosis.page import walking_order
from app.diagnosis.punctuation import bracketed, listed
from app.presentation import text
from questionnaires.model import Section, SubjectKind
from questionnaires.path import Line, lines
from questionnaires.progress import SectionProgress, Step, progress

Done = Mapping[tuple[str, str], SectionProgress]  # section id, subject key


@dataclass(frozen=True, slots=True)
class Piece:
    """One section about one subject with how far it is; `asked` is 0 while the answers take it off the path."""

    title: str
    where: str  # the factory or workshop, or the heading of the section
    settled: int
    asked: int
    state: str  # a SectionState, or "off" while it is off the path
    address: str | None
    is_open: bool  # something in it still waits for an answer

    @property
    def done(self) -> int:
        """Return how much of it is answered, in whole percent, rounded down."""
        return 100 * self.settled // self.asked if self.asked else 0


@dataclass(frozen=True, slots=True)
class Choice:
    """One section that can be ticked."""

    value: str
    title: str
    others: str  # names of those who have it
    ticked: bool


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """The sections under one heading of the questionnaire, or about one factory or workshop."""

    title: str
    choices: tuple[Choice, ...]


def read_progress(draft: Draft) -> Done:
    """Return how far each section on the path is."""
    return {(one.section.id, one.subject.key): one for one in progress(draft.questionnaire, draft.filled()).sections}


def pieces(draft: Draft, places: Shared, done: Done) -> tuple[Piece, ...]:
    """Return the sections among `places`, in the order in which they are asked; closed workshops are left out."""
    return tuple(
        _piece(draft, section, line, done.get((section.id, line[-1].key)))
        for section, line in _every(draft)
        if (section.id, line[-1].key) in places
    )


def _every(draft: Draft) -> Iterator[tuple[Section, Line]]:
    return walking_order(draft.questionnaire, lines(draft.firm))


def _piece(draft: Draft, section: Section, line: Line, one: SectionProgress | None) -> Piece:
    title, where = text(section.title), _where(section, line)
    if one is None:
        return Piece(title, where, 0, 0, "off", None, is_open=False)
    address = page_address(draft, Step(section, one.subject, one.next_page or one.pages[0]))
    return Piece(title, where, one.settled, one.asked, one.state.value, address, is_open=one.next_page is not None)


def _where(section: Section, line: Line) -> str:
    if section.of is SubjectKind.FIRM:
        return text(section.group)
    above = line[-2].name if section.of is SubjectKind.WORKSHOP else ""
    return bracketed(line[-1].name, above)


def choices(
    draft: Draft, ticked: Collection[tuple[str, str]], names: Mapping[tuple[str, str], Sequence[str]], own: str = ""
) -> tuple[ChoiceGroup, ...]:
    """Return the sections that can be shared, under their headings: those on the path, and those that are ticked.

    `names` says who has which; the `own` name is left out.
    """
    done, groups = read_progress(draft), dict[str, list[Choice]]()
    for section, line in _every(draft):
        place = (section.id, line[-1].key)
        if place in done or place in ticked:
            others = listed(name for name in names.get(place, ()) if name != own)
            made = Choice("/".join(place), text(section.title), others, place in ticked)
            groups.setdefault(_where(section, line), []).append(made)
    return tuple(ChoiceGroup(title, tuple(those)) for title, those in groups.items())


def read_places(values: Collection[str]) -> Shared:
    """Return what was ticked; what is no section is caught when it is shared."""
    return frozenset((section, key) for section, _slash, key in (value.partition("/") for value in values))
