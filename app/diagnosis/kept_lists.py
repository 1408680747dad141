"""The lists that are kept of a diagnosis, as its pages need them: what their rows count up to, without the rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, func, select

from app.diagnosis.models import ListVersion
from app.extensions import db
from questionnaires.model import Questionnaire, SubjectKind


class KeptList(NamedTuple):
    """The newest state of one list of one subject, without its rows."""

    subject_key: str
    list_id: str
    version: int  # identity of the state
    row_count: int
    totals: Mapping[str, int]  # fact -> what the rows count up to
    said_by: UUID
    said_at: datetime


_LISTS = ListVersion.__table__.c
_NEWEST_LISTS = select(func.max(_LISTS.id)).where(_LISTS.diagnosis_id == bindparam("diagnosis"))
_LIST_COLUMNS = [
    *(_LISTS[name] for name in ("subject_key", "list_id", "id", "row_count", "totals", "said_by", "said_at"))
]


def lists_of(diagnosis_id: UUID, about: str | None = None) -> tuple[KeptList, ...]:
    """Return the newest state of each list, of one subject or of all."""
    newest = _NEWEST_LISTS if about is None else _NEWEST_LISTS.where(_LISTS.subject_key == bindparam("about"))
    query = select(*_LIST_COLUMNS).where(_LISTS.id.in_(newest.group_by(_LISTS.subject_key, _LISTS.list_id)))
    given = {"diagnosis": diagnosis_id} | ({"about": about} if about else {})
    return tuple(KeptList(*row) for row in db.session.execute(query.order_by(_LISTS.id), given))


def other_figures(lists: Iterable[KeptList], subject_key: str, said: Mapping[str, str | None]) -> dict[str, int]:
    """Return fact -> what a list of the subject counts, wherever that is not what is said (as kept text)."""
    own = (one for one in lists if one.subject_key == subject_key)
    counted = {fact: total for one in own for fact, total in one.totals.items()}
    return {fact: total for fact, total in counted.items() if said.get(fact) != str(total)}


def counts_any(questionnaire: Questionnaire, facts: Set[str], of: SubjectKind | None) -> bool:
    """Tell whether some of these facts of one kind of subject, or of any, may be counted from a list."""
    lists = (one for one in questionnaire.lists if of in (None, one.of))
    return any(column.fact.id in facts for one in lists for column in one.columns)
