"""What is done with lists: keep one and state what it counts, read its rows and earlier states. Commits alone here."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import defer

from app import audit
from app.accounts.models import User
from app.diagnosis.draft import Draft, stated
from app.diagnosis.kept_lists import KeptList
from app.diagnosis.models import Layer, ListVersion
from app.diagnosis.saving import merge
from app.diagnosis.service import add_entries, refuse_unless_open
from app.errors import NotFound, Stale
from app.extensions import db
from app.presentation import clock
from questionnaires.lists import ListRow, from_text, to_text, totals
from questionnaires.model import CountedList


@dataclass(frozen=True, slots=True)
class Seen:
    """What the page showed on which a list was filled in."""

    revision: int  # of the diagnosis
    version: int  # of the list, 0 for none


def newest(draft: Draft, subject_key: str, list_id: str) -> KeptList | None:
    """Return the newest state of a list of a subject."""
    return next((one for one in draft.lists if (one.subject_key, one.list_id) == (subject_key, list_id)), None)


def keep(user: User, draft: Draft, of: CountedList, subject_key: str, rows: Sequence[ListRow], seen: Seen) -> None:
    """Keep the rows as the newest state of a list and state what they count, in one save.

    Raises Stale when the firm may no longer change its answers, or when somebody kept this list or stated one of its
    figures after the page was shown; then nothing is changed.
    """
    refuse_unless_open(draft)
    _refuse_outrun(draft, of, subject_key, seen)
    counted = totals(of, rows)
    said = {fact: stated(total) for fact, total in counted.items()}
    shown, now = (draft.newest(subject_key, Layer.STATED, up_to) for up_to in (seen.revision, None))
    if conflicts := merge(said, shown, now).conflicts:
        at = max(kept.said_at for kept in conflicts.values())
        raise Stale(_("这里的数 %(at)s 由同事改过。请对照下面“现在填的”，再确认一次。", at=clock(at)))
    draft = add_entries(draft, user, Layer.STATED, subject_key, said)
    text = to_text(rows)
    kept = ListVersion(
        diagnosis_id=draft.diagnosis.id,
        subject_key=subject_key,
        list_id=of.id,
        rows=text,
        row_count=len(rows),
        totals={fact: int(total) for fact, total in counted.items()},
        revision=draft.diagnosis.revision,
        said_by=user.id,
        said_at=draft.diagnosis.saved_at,
    )
    db.session.add(kept)
    digest = hashlib.sha256(text.encode()).hexdigest()
    where = f"diagnosis:{draft.diagnosis.id}"
    audit.record(user.id, "diagnosis.keep_list", where, about=subject_key, list=of.id, rows=len(rows), sha256=digest)
    db.session.commit()


def _refuse_outrun(draft: Draft, of: CountedList, subject_key: str, seen: Seen) -> None:
    now = newest(draft, subject_key, of.id)
    if now is not None and now.version != seen.version:
        raise Stale(
            _(
                "这份清单 %(at)s 由同事保存过（%(count)s 行）。您的各行仍在下方；再确认一次，就以您的为准。",
                at=clock(now.said_at),
                count=now.row_count,
            )
        )


def rows_of(kept: KeptList | None) -> tuple[ListRow, ...]:
    """Return the rows of a state of a list; none where there is no list yet."""
    if kept is None:
        return ()
    return from_text(db.session.scalars(select(ListVersion.rows).where(ListVersion.id == kept.version)).one())


def versions(diagnosis_id: UUID, subject_key: str, list_id: str) -> list[ListVersion]:
    """Return every state of a list without its rows, the newest first."""
    query = _of(diagnosis_id, subject_key, list_id).options(defer(ListVersion.rows))
    return list(db.session.scalars(query))


def version(diagnosis_id: UUID, subject_key: str, list_id: str, wanted: int | None) -> ListVersion:
    """Return one state of a list, the newest without `wanted`. Raises NotFound."""
    query = _of(diagnosis_id, subject_key, list_id)
    found = db.session.scalars(query if wanted is None else query.where(ListVersion.id == wanted)).first()
    if found is None:
        raise NotFound
    return found


def _of(diagnosis_id: UUID, subject_key: str, list_id: str) -> Select[ListVersion]:
    same = ListVersion.diagnosis_id == diagnosis_id, ListVersion.subject_key == subject_key
    return select(ListVersion).where(*same, ListVersion.list_id == list_id).order_by(ListVersion.id.desc())
