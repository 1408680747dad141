"""How far the factories or workshops of a diagnosis are: one page of a list that may be long."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from app.access import may
from app.diagnosis.again import pages_again
from app.diagnosis.draft import Draft
from app.diagnosis.hub import NOBODY, Marks, Row, Shares, by_subject, most_urgent, subject_row
from questionnaires.model import SubjectKind
from questionnaires.progress import progress

ROWS_ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class PartRows:
    """One page of rows, how many there are in all, and how many fit what was looked for."""

    rows: tuple[Row, ...]
    every: int
    found: int
    page: int
    pages: int
    may_fill: bool


def rows_of(draft: Draft, of: SubjectKind, words: str, page: int, shared: Shares = NOBODY) -> PartRows:
    """Return the factories or workshops whose name, or whose factory's name, holds `words`; the most urgent first."""
    again = pages_again(draft)
    done = progress(draft.questionnaire, draft.filled(), again)
    every = by_subject(draft, (one for one in done.sections if one.section.of is of))
    names = _names(draft)
    found = [own for own in every if words.casefold() in names[own[0].subject.key]]
    pages = max(1, ceil(len(found) / ROWS_ON_A_PAGE))
    page = min(max(1, page), pages)
    shown = most_urgent(found)[(page - 1) * ROWS_ON_A_PAGE : page * ROWS_ON_A_PAGE]
    rows = tuple(subject_row(draft, own, Marks(again, shared)) for own in shown)
    return PartRows(rows, len(every), len(found), page, pages, draft.may_fill and may("diagnosis.fill"))


def _names(draft: Draft) -> dict[str, str]:
    """Return what each factory and workshop may be found by."""
    names = {factory.key: factory.name.casefold() for factory in draft.firm.parts}
    for factory in draft.firm.parts:
        names |= {one.key: f"{factory.name} {one.name}".casefold() for one in factory.parts}
    return names
