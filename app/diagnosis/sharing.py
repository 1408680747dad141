"""Which sections of a diagnosis a colleague of the firm may see and fill in: none that no row names."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import bindparam, select

from app.access import Role
from app.accounts.models import User
from app.diagnosis.asked import section_of_fact
from app.diagnosis.draft import Draft, Shared
from app.diagnosis.models import Diagnosis, SharedSection
from app.errors import NotFound
from app.extensions import db


class NotShared(NotFound):
    """The section is not shared with the colleague, or no longer; whether there is one, is not said."""

    def __init__(self) -> None:
        super().__init__(_("这一节没有分给您，或已被收回。如需继续填写，请联系本企业的填报人。"))


def shared_with(user: User, diagnosis_id: UUID) -> Shared | None:
    """Return what is shared with a colleague; None for everybody else, who sees a diagnosis whole or not at all.

    Raises NotShared when that is nothing, or the diagnosis is another firm's.
    """
    if user.role is not Role.COLLEAGUE:
        return None
    given = {"diagnosis": diagnosis_id, "colleague": user.id, "firm": user.firm_id}
    shared = frozenset((section_id, key) for section_id, key in db.session.connection().execute(_SHARED, given))
    if not shared:
        raise NotShared
    return shared


_ROWS, _DIAGNOSES = SharedSection.__table__.c, Diagnosis.__table__.c
# Run at every page view, so it is built once. The firm is asked too: a row shared by mistake opens nothing.
_SHARED = (
    select(_ROWS.section_id, _ROWS.subject_key)
    .join_from(SharedSection.__table__, Diagnosis.__table__, _DIAGNOSES.id == _ROWS.diagnosis_id)
    .where(_ROWS.diagnosis_id == bindparam("diagnosis"), _ROWS.colleague_id == bindparam("colleague"))
    .where(_DIAGNOSES.firm_id == bindparam("firm"))
)


def names_of(diagnosis_id: UUID) -> Mapping[tuple[str, str], list[str]]:
    """Return (section id, subject key) -> the names of the colleagues with whom it is shared."""
    row = SharedSection
    query = select(row.section_id, row.subject_key, User.name).join(User, User.id == row.colleague_id)
    names: dict[tuple[str, str], list[str]] = {}
    for section_id, key, name in db.session.execute(query.where(row.diagnosis_id == diagnosis_id).order_by(row.id)):
        names.setdefault((section_id, key), []).append(name)
    return names


def refuse_unless_shared(user: User, draft: Draft, subject_key: str, facts: Collection[str]) -> None:
    """Raise NotShared where a colleague would say something about a fact of a section that is not shared with him."""
    if user.role is not Role.COLLEAGUE:
        return
    sections = section_of_fact(draft.questionnaire.id, draft.questionnaire.version)
    shared = draft.shared or frozenset()
    if not all((sections.get(fact), subject_key) in shared for fact in facts):
        raise NotShared
