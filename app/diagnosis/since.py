"""What others changed in a diagnosis since the person last saved something in it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from flask_babel import gettext as _

from app.diagnosis.draft import TAILORING, Draft, Kept
from app.diagnosis.hub import answer_address
from app.diagnosis.models import Layer
from app.diagnosis.page import said_words
from app.presentation import language, text
from questionnaires.model import SubjectKind

NamesOf: TypeAlias = Callable[[Collection[UUID]], Mapping[UUID, str]]


@dataclass(frozen=True, slots=True)
class Change:
    """One answer as somebody else left it."""

    about: str  # the question, with the factory or workshop
    words: str  # what is said now
    at: datetime
    address: str | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What one person changed, the newest first; for readers outside the firm what the firm changed."""

    by: str
    at: datetime
    changes: tuple[Change, ...]


def changes_since(draft: Draft, who: UUID, last_own: int, names_of: NamesOf | None) -> tuple[Changes, ...]:
    """Return what others said after save `last_own`, by person, whoever was last first. `draft` is read in full.

    Without `names_of` the reader is not told who of the firm it was: all of it stands under the firm.
    """
    by_person: dict[UUID | None, list[Kept]] = {}
    for kept in draft.kept:
        if kept.revision > last_own and kept.said_by != who and kept.layer == Layer.STATED:
            by_person.setdefault(kept.said_by if names_of else None, []).append(kept)
    known = [person for person in by_person if person is not None]
    names = names_of(known) if names_of and known else {}
    told = (
        _of_person(draft, _("企业方") if person is None else names.get(person, ""), kept)
        for person, kept in by_person.items()
    )
    return tuple(sorted((one for one in told if one.changes), key=lambda one: one.at, reverse=True))


def _of_person(draft: Draft, name: str, kept: Iterable[Kept]) -> Changes:
    newest = sorted(kept, key=lambda one: one.revision, reverse=True)
    changes = tuple(change for one in newest if (change := _change(draft, one)))
    return Changes(name, newest[0].said_at, changes)


def _change(draft: Draft, kept: Kept) -> Change | None:
    """Return one change; None for what the firm no longer has or the questionnaire no longer asks."""
    subject, fact = draft.subject(kept.subject_key), draft.questionnaire.facts.get(kept.fact)
    if kept.subject_key == TAILORING or subject is None or fact is None:
        return None
    above = "" if subject.kind is SubjectKind.FIRM else f"{subject.name} · "
    words = said_words(fact, kept.said, language())
    return Change(above + text(fact.label), words, kept.said_at, answer_address(draft, subject.key, fact.id))
