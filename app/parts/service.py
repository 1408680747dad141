"""What is done with the factories and workshops of a running diagnosis: add one like another. Commits alone here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _

from app import audit
from app.accounts.models import User
from app.diagnosis.draft import Draft, Said, every_subject, line_to
from app.diagnosis.models import Layer
from app.diagnosis.service import add_entries_of_several, refuse_unless_open
from app.errors import NotFound, Refused
from app.extensions import db
from app.firms import service as firms
from app.firms.models import Factory, Workshop
from questionnaires.answers import EntryState
from questionnaires.model import Subject, SubjectKind

COPIED = frozenset({EntryState.STATED, EntryState.NOT_APPLICABLE})  # what is not known there is not known here either


@dataclass(frozen=True, slots=True)
class Wish:
    """A new factory or workshop as somebody wants it."""

    source: str  # subject key of the one to be copied
    name: str
    into: str = ""  # identity of the factory that a workshop is added to; its source's own without it
    with_workshops: bool = True  # of a factory: its workshops too


def sources(draft: Draft) -> Iterator[tuple[Subject, ...]]:
    """Yield every factory and workshop that may be copied, as the line from the firm down to it."""
    for one in every_subject(draft.firm):
        if one.kind is not SubjectKind.FIRM:
            yield line_to(draft.firm, one.key)


def answers_of(draft: Draft, keys: Iterable[str]) -> dict[str, dict[str, Said]]:
    """Return subject key -> fact -> what the firm states of it, as far as it counts and can be copied."""
    counting = {one.key: one.facts for one in every_subject(draft.facts())}
    wanted: dict[str, dict[str, Said]] = {key: {} for key in keys}
    for kept in draft.kept:
        counts = kept.layer == Layer.STATED and kept.fact in counting.get(kept.subject_key, ())
        if counts and kept.subject_key in wanted and kept.said.state in COPIED:
            wanted[kept.subject_key][kept.fact] = kept.said
    return wanted


def add_copy(user: User, draft: Draft, wish: Wish) -> Factory | Workshop:
    """Add a factory or workshop with the stated answers of another one, each marked as copied, in one save.

    Raises Refused when the name cannot be taken, Stale when somebody saved in this very moment; then nothing is added.
    """
    refuse_unless_open(draft)
    source = draft.subject(wish.source)
    if source is None or source.kind is SubjectKind.FIRM:
        raise Refused(_("请选择照着哪一个工厂或车间新增。"))
    try:
        made, pairs = _build(user, draft, source, wish)
        copies = answers_of(draft, pairs.values())
        said = {new: copies[old] for new, old in pairs.items()}
        add_entries_of_several(draft, user, Layer.STATED, said, copied_from=pairs)
        copied = sum(map(len, said.values()))
        where = f"diagnosis:{draft.diagnosis.id}"
        audit.record(user.id, "diagnosis.copy_part", where, source=wish.source, made=made.id, answers=copied)
        db.session.commit()
    except Refused:
        db.session.rollback()  # the new part may stand in the transaction already
        raise
    return made


def _build(user: User, draft: Draft, source: Subject, wish: Wish) -> tuple[Factory | Workshop, dict[str, str]]:
    """Add what is new, without answers; with it, key of each new part -> key of the one it is like."""
    if source.kind is SubjectKind.WORKSHOP:
        workshop = firms.new_workshop(user, _factory(user, draft, source, wish), wish.name)
        return workshop, {str(workshop.id): source.key}
    factory = firms.new_factory(user, draft.diagnosis.firm_id, wish.name)
    pairs = {str(factory.id): source.key}
    for part in source.parts if wish.with_workshops else ():
        pairs[str(firms.new_workshop(user, factory.id, part.name).id)] = part.key
    return factory, pairs


def _factory(user: User, draft: Draft, source: Subject, wish: Wish) -> UUID:
    """Return the factory of this firm that a workshop is added to."""
    try:
        wanted = UUID(wish.into or line_to(draft.firm, source.key)[-2].key)
        factory = firms.factory_for(user, wanted)
    except (ValueError, NotFound) as error:
        raise Refused(_("请选择新车间属于哪个工厂。")) from error
    if factory.firm_id != draft.diagnosis.firm_id:
        raise Refused(_("请选择新车间属于哪个工厂。"))
    return factory.id
