"""What a person sees before a file is taken in: what is wrong in it, what it changes, and what has changed here too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from flask_babel import gettext as _

from app.diagnosis.draft import NOTHING, TAILORING, Draft, Kept, Said
from app.diagnosis.page import said_words, walking_order
from app.presentation import language, moment, text
from app.workbooks.difference import Change
from app.workbooks.layout import title_of
from questionnaires.answers import EntryState
from questionnaires.model import Fact, Questionnaire, Text
from questionnaires.path import lines

MOST_FAULTS = 200  # shown; the rest is counted


@dataclass(frozen=True, slots=True)
class Line:
    """One answer that the file would change."""

    place: str  # how the form names it
    question: str
    now: str
    said_by: str  # who said it and when; nothing when nobody did
    new: str


@dataclass(frozen=True, slots=True)
class Group:
    """The changes in one section of one factory or workshop."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """Everything the page shows."""

    faults: tuple[str, ...]
    more_faults: int
    notices: tuple[str, ...]
    conflicts: tuple[Group, ...]
    taken_back: tuple[Group, ...]
    changed: tuple[Group, ...]

    @property
    def sure(self) -> int:
        """Return how many answers change whatever is chosen."""
        return _count(self.taken_back) + _count(self.changed)

    @property
    def doubtful(self) -> int:
        """Return about how many answers the person has to choose."""
        return _count(self.conflicts)

    @property
    def wrong(self) -> int:
        """Return how many faults there are."""
        return len(self.faults) + self.more_faults


def _count(groups: Iterable[Group]) -> int:
    return sum(len(group.lines) for group in groups)


def place_of(change: Change) -> str:
    """Return how the form names the place of a change."""
    return f"{change.subject_key} {change.fact}"


def view(
    draft: Draft,
    changes: Iterable[Change],
    faults: tuple[str, ...],
    notices: tuple[str, ...],
    names: Mapping[UUID, str],
    subdomains: Mapping[str, Text],
) -> PreviewPage:
    """Return the page; `names` are those of everybody whose answers would change."""
    made = _Lines(draft, names, subdomains)
    every = made.in_order(changes)
    return PreviewPage(
        faults=faults[:MOST_FAULTS],
        more_faults=max(0, len(faults) - MOST_FAULTS),
        notices=notices,
        conflicts=made.groups(change for change in every if change.conflict),
        taken_back=made.groups(change for change in every if not change.conflict and change.takes_back),
        changed=made.groups(change for change in every if not change.conflict and not change.takes_back),
    )


class _Lines:
    """Puts changes into words, in the order in which the questionnaire asks."""

    def __init__(self, draft: Draft, names: Mapping[UUID, str], subdomains: Mapping[str, Text]) -> None:
        self.facts, self.names, self.subdomains = draft.questionnaire.facts, names, subdomains
        self.order: dict[tuple[str, str], int] = {}
        self.titles: dict[tuple[str, str], str] = {}
        for subject, fact, title in _asked(draft):
            self.order[subject, fact] = len(self.order)
            self.titles[subject, fact] = title

    def in_order(self, changes: Iterable[Change]) -> list[Change]:
        return sorted(changes, key=lambda change: self.order.get(change.place, len(self.order)))

    def groups(self, changes: Iterable[Change]) -> tuple[Group, ...]:
        together = groupby(changes, key=self._title)
        return tuple(Group(title, tuple(map(self._line, those))) for title, those in together)

    def _title(self, change: Change) -> str:
        return self.titles.get(change.place) or str(_("裁剪"))

    def _line(self, change: Change) -> Line:
        fact = None if change.subject_key == TAILORING else self.facts[change.fact]
        return Line(
            place=place_of(change),
            question=text(fact.label if fact else self.subdomains.get(change.fact)) or change.fact,
            now=self._words(fact, change.old.said if change.old else NOTHING),
            said_by=self._who(change.old),
            new=self._words(fact, change.new),
        )

    def _words(self, fact: Fact | None, said: Said) -> str:
        if fact is not None:
            return said_words(fact, said, language())
        return _("裁剪：%(reason)s", reason=said.reason or "") if said.state == EntryState.STATED else _("不裁剪")

    def _who(self, kept: Kept | None) -> str:
        if kept is None:
            return ""
        return f"{self.names.get(kept.said_by, '')} {moment(kept.said_at)}".strip()


def _asked(draft: Draft) -> Iterator[tuple[str, str, str]]:
    """Yield everything that is asked, in the order in which it is asked: subject key, fact, where that stands."""
    of: Questionnaire = draft.questionnaire
    for section, line in walking_order(of, lines(draft.firm)):
        title = " · ".join(filter(None, (title_of(line), text(section.title))))
        for page in section.pages:
            for fact in page.fact_ids:
                yield line[-1].key, fact, title
