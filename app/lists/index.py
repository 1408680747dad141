"""All lists of a diagnosis: what each counts, who kept it when, and where it no longer agrees with what is stated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from uuid import UUID

from sqlalchemy import select

from app.accounts.models import User
from app.diagnosis.draft import Draft, Said, line_to
from app.diagnosis.models import Layer
from app.extensions import db
from app.lists.figures import Figure, figures
from app.presentation import text

ROWS_ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """One list of one subject."""

    title: str
    subject: str
    list_id: str
    subject_key: str
    row_count: int
    figures: tuple[Figure, ...]
    said_by: str
    said_at: datetime

    @property
    def differs(self) -> bool:
        """Tell whether some figure is not what is stated."""
        return any(one.differs for one in self.figures)


@dataclass(frozen=True, slots=True)
class Index:
    """One page of lists; those that disagree with what is stated come first."""

    entries: tuple[Entry, ...]
    total: int
    differing: int
    page: int
    pages: int


def view(draft: Draft, page: int) -> Index:
    """Return the lists of a diagnosis read in full; those of closed factories and workshops are left out."""
    every = sorted(_entries(draft), key=lambda entry: not entry.differs)
    pages = max(1, ceil(len(every) / ROWS_ON_A_PAGE))
    page = min(max(1, page), pages)
    shown = tuple(every[(page - 1) * ROWS_ON_A_PAGE : page * ROWS_ON_A_PAGE])
    return Index(shown, len(every), sum(entry.differs for entry in every), page, pages)


def _entries(draft: Draft) -> Iterator[Entry]:
    lists, names = {one.id: one for one in draft.questionnaire.lists}, people(draft)
    said = said_of_all(draft)
    for kept in draft.lists:
        line = line_to(draft.firm, kept.subject_key)
        if line and (of := lists.get(kept.list_id)):
            yield Entry(
                title=text(of.title),
                subject=" · ".join(one.name for one in line[1:]),
                list_id=of.id,
                subject_key=kept.subject_key,
                row_count=kept.row_count,
                figures=tuple(figures(of, kept.totals, said.get(kept.subject_key, {}))),
                said_by=names.get(kept.said_by, ""),
                said_at=kept.said_at,
            )


def said_of_all(draft: Draft) -> dict[str, dict[str, Said]]:
    """Return subject key -> fact -> what is stated by now."""
    said: dict[str, dict[str, Said]] = {}
    for kept in draft.kept:
        if kept.layer == Layer.STATED:
            said.setdefault(kept.subject_key, {})[kept.fact] = kept.said
    return said


def people(draft: Draft) -> dict[UUID, str]:
    """Return the names of those who kept lists."""
    who = {kept.said_by for kept in draft.lists}
    return {one.id: one.name for one in db.session.scalars(select(User).where(User.id.in_(who)))}
