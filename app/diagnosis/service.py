"""What is done with a diagnosis: start, save a page, tailor, submit, import. The only file here that commits."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from types import MappingProxyType, SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

from flask_babel import gettext as _
from sqlalchemy import Select, bindparam, func, insert, select, update
from sqlalchemy.orm import contains_eager
from sqlalchemy.orm.attributes import set_committed_value

from app import audit
from app.access import Role
from app.accounts.models import User
from app.diagnosis import importing, records
from app.diagnosis.again import said_again
from app.diagnosis.draft import (
    FIRM_KEY,
    NOTHING,
    PARTS,
    TAILORING,
    Draft,
    Kept,
    Said,
    criteria_on,
    facts_for_page,
    firm_of,
    published,
    read_draft,
    read_page,
    remember_page,
    stated,
    with_open_parts,
)
from app.diagnosis.models import TRANSITIONS, AnswerEntry, AssessmentRecord, Diagnosis, Layer, Remark, Stage
from app.diagnosis.punctuation import listed
from app.diagnosis.saving import Saved, merge
from app.errors import NotFound, Refused, Stale
from app.extensions import db, to_be_read
from app.firms.models import Firm
from app.firms.service import firm_for, visible_firms
from app.presentation import text, today
from questionnaires import loader
from questionnaires.answers import EntryState
from questionnaires.model import Text
from questionnaires.progress import missing_required
from questionnaires.values import AnswerFault, read_value
from scoring.model import MaturityCriteria
from scoring.tailoring import subdomains

QUESTIONNAIRE = "auto_parts"
LONGEST_REASON = 500  # characters
NOT_COPIED: Mapping[str, str] = MappingProxyType({})


_DIAGNOSES, _FIRMS = Diagnosis.__table__, Firm.__table__
_ADD_ENTRIES = insert(AnswerEntry.__table__)  # type: ignore[arg-type]
# Only while the save number is still the one that was read.
_COUNT_SAVE = (
    update(_DIAGNOSES)  # type: ignore[arg-type]
    .where(_DIAGNOSES.c.id == bindparam("diagnosis"), _DIAGNOSES.c.revision == bindparam("read"))
    .values(revision=bindparam("counted"), saved_at=bindparam("at"))
    .returning(*audit.LAST_EVENT)
)


def diagnosis_for(user: User, diagnosis_id: UUID) -> Diagnosis:
    """Return a diagnosis that the person may see. Raises NotFound."""
    found = db.session.scalar(_visible_diagnosis(user.role), _who_asks(user, diagnosis_id))
    if found is None:
        raise NotFound
    return found


def _who_asks(user: User, diagnosis_id: UUID) -> dict[str, object]:
    return {"diagnosis": diagnosis_id, "id": user.id, "firm_id": user.firm_id, "district": user.district}


@cache
def _visible_diagnosis(role: Role) -> Select[Diagnosis]:
    query = select(Diagnosis).join(Diagnosis.firm).options(contains_eager(Diagnosis.firm))
    return query.where(Diagnosis.id == bindparam("diagnosis"), Firm.id.in_(_visible(role)))


def _visible(role: Role) -> Select[UUID]:
    """Return the query of the firms somebody in this role may see. Built once, for it runs at every page view."""
    somebody = SimpleNamespace(role=role, **{name: bindparam(name) for name in ("id", "firm_id", "district")})
    return visible_firms(cast(User, somebody)).with_only_columns(Firm.id)


def open_draft(user: User, diagnosis_id: UUID, seen: int | None = None) -> Draft:
    """Return what counts in a diagnosis that the person may see, and counted after save `seen`. Raises NotFound."""
    return read_draft(diagnosis_for(user, diagnosis_id), seen=seen)


def open_page(
    user: User, diagnosis_id: UUID, section_id: str, page_id: str, seen: int | None = None, about: str | None = None
) -> Draft:
    """Return only what one page about one subject needs of a diagnosis that the person may see. Raises NotFound.

    The diagnosis in it is to be read: it is no part of the session. Without `about` every subject's answers are read.
    """
    rows = db.session.connection().execute(_visible_page(user.role), _who_asks(user, diagnosis_id)).all()
    if not rows:
        raise NotFound
    *columns, firm_name = rows[0][len(PARTS) :]
    found = to_be_read(Diagnosis, dict(zip(_DIAGNOSES.c.keys(), columns, strict=True)))
    needed = facts_for_page(found.questionnaire_id, found.questionnaire_version, found.as_of, section_id, page_id)
    return read_page(found, firm_of(firm_name, (row[: len(PARTS)] for row in rows)), needed, seen, about)


@cache
def _visible_page(role: Role) -> Select[Any]:
    """Return the query behind `open_page`: the diagnosis, its firm and the firm's open parts, a row for each."""
    query = select(*PARTS, *_DIAGNOSES.c, _FIRMS.c.name).join_from(_DIAGNOSES, _FIRMS)
    query = query.where(_DIAGNOSES.c.id == bindparam("diagnosis"), _FIRMS.c.id.in_(_visible(role)))
    return with_open_parts(query, _FIRMS.c.id)


def diagnoses_of(firm_id: UUID) -> list[Diagnosis]:
    """Return the diagnoses of one firm, the newest first. Whether the firm may be seen, is asked before."""
    return list(
        db.session.scalars(select(Diagnosis).where(Diagnosis.firm_id == firm_id).order_by(Diagnosis.number.desc()))
    )


def start(user: User, firm_id: UUID) -> Diagnosis:
    """Begin a diagnosis of the firm with what its registration already says. Raises Refused while one is under way."""
    firm = firm_for(user, firm_id)
    _refuse_second(firm)
    questionnaire = loader.load(QUESTIONNAIRE)
    moment = datetime.now(UTC)
    made = Diagnosis(
        id=uuid4(),
        firm_id=firm.id,
        firm=firm,
        number=1 + (db.session.scalar(select(func.max(Diagnosis.number)).where(Diagnosis.firm_id == firm.id)) or 0),
        questionnaire_id=questionnaire.id,
        questionnaire_version=questionnaire.version,
        as_of=today(),
        stage=Stage.FILLING,
        revision=0,
        started_by=user.id,
        started_at=moment,
    )
    db.session.add(made)
    db.session.flush()
    add_entries(read_draft(made), user, Layer.STATED, FIRM_KEY, _registered(firm, made))
    audit.record(user.id, "diagnosis.start", f"diagnosis:{made.id}", firm=firm.id, questionnaire=questionnaire.version)
    db.session.commit()
    return made


def _refuse_second(firm: Firm) -> None:
    under_way = db.session.scalar(
        select(Diagnosis.number).where(Diagnosis.firm_id == firm.id, Diagnosis.stage != Stage.ISSUED)
    )
    if under_way is not None:
        raise Refused(_("第 %(number)s 次诊断还在进行中。请先完成它，再开始新的一次。", number=under_way))


def _registered(firm: Firm, diagnosis: Diagnosis) -> dict[str, Said]:
    """Return what the registration says, as far as the questionnaire asks it and reads it."""
    facts = published(diagnosis.questionnaire_id, diagnosis.questionnaire_version).facts
    said: dict[str, Said] = {}
    for name, typed in {"firm_name": firm.name, "uscc": firm.uscc, "district": firm.district}.items():
        try:
            said[name] = stated(read_value(facts[name], typed))
        except (AnswerFault, KeyError):
            continue  # the firm is asked, as for everything else
    return said


# --- answers ----------------------------------------------------------------------------------------------------------


def save_page(user: User, draft: Draft, subject_key: str, said: Mapping[str, Said], seen: int) -> Saved:
    """Keep what was typed on one page that showed save number `seen`; what others changed meanwhile is merged.

    A fact that both changed is not written and comes back among the conflicts. Raises Stale when the firm may no
    longer change its answers, or when somebody saved in this very moment.
    """
    refuse_unless_open(draft)
    newest, shown = (draft.newest(subject_key, Layer.STATED, up_to) for up_to in (None, seen))
    merged = merge(said, shown, newest)
    written = {**said_again(draft, subject_key, said, seen), **merged.changed}
    if written:
        draft = add_entries(draft, user, Layer.STATED, subject_key, written)
        _record_save(user, draft, subject_key, written)
        db.session.commit()
        remember_page(draft)
    return Saved(frozenset(merged.changed), merged.conflicts, draft)


def refuse_unless_open(draft: Draft) -> None:
    """Raise Stale when the firm may not change its answers at this stage."""
    if not draft.may_fill:
        raise Stale(_("这份诊断已经提交，答案不能再改。如需修改，请联系诊断专家退回。"))


def add_entries(draft: Draft, user: User, layer: Layer, subject_key: str, said: Mapping[str, Said]) -> Draft:
    """Write rows for what is said and count one save, in the running transaction. Raises Stale when outrun.

    Returns the draft with what was said.
    """
    return add_entries_of_several(draft, user, layer, {subject_key: said})


def add_entries_of_several(
    draft: Draft,
    user: User,
    layer: Layer,
    said: Mapping[str, Mapping[str, Said]],
    copied_from: Mapping[str, str] = NOT_COPIED,
) -> Draft:
    """Do the same for several subjects in one save; `copied_from` names the subject that was copied for each."""
    if not any(said.values()):
        return draft
    moment, diagnosis, by = datetime.now(UTC), draft.diagnosis, user.id
    _count_save(diagnosis, moment)
    made = [
        Kept(key, fact, layer, one, diagnosis.revision, by, moment, copied_from.get(key))
        for key, facts in said.items()
        for fact, one in facts.items()
    ]
    audit.change(_ADD_ENTRIES, [_row(kept, diagnosis.id) for kept in made])
    return replace(draft, kept=(*draft.kept, *made))


def _row(kept: Kept, diagnosis_id: UUID) -> dict[str, object]:
    said = kept.said
    row = kept._asdict() | {"diagnosis_id": diagnosis_id, "state": said.state, "value": said.value}
    row["reason"] = said.reason
    del row["said"]
    return row


def _count_save(diagnosis: Diagnosis, moment: datetime) -> None:
    """Raise the save number by one, only if it is still the one that was read."""
    last_event = audit.change(
        _COUNT_SAVE,
        {"diagnosis": diagnosis.id, "read": diagnosis.revision, "counted": diagnosis.revision + 1, "at": moment},
    ).first()
    if last_event is None:
        raise Stale(_("刚才有同事也在保存。您填写的内容仍在，请再按一次保存。"))
    audit.last_is(*last_event)
    set_committed_value(diagnosis, "revision", diagnosis.revision + 1)
    set_committed_value(diagnosis, "saved_at", moment)


def _record_save(user: User, draft: Draft, subject_key: str, said: Mapping[str, Said]) -> None:
    where, revision = f"diagnosis:{draft.diagnosis.id}", draft.diagnosis.revision
    audit.record(user.id, "diagnosis.save_page", where, about=subject_key, revision=revision, facts=sorted(said))


# --- tailoring --------------------------------------------------------------------------------------------------------


def may_tailor(draft: Draft) -> dict[str, Text]:
    """Return the capability subdomains that may be left out of this diagnosis, each with its name, in printed order."""
    names: dict[str, Text] = {}
    for criteria in criteria_on(draft.diagnosis.as_of).criteria.values():
        if isinstance(criteria, MaturityCriteria):
            names |= {s.id: s.text for s in subdomains(criteria.capabilities) if s.id in criteria.may_tailor}
    return names


def tailor(user: User, draft: Draft, reasons: Mapping[str, str], seen: int) -> Saved:
    """Leave out the capability subdomains in `reasons`, take back the others. Raises Refused without a reason."""
    refuse_unless_open(draft)
    allowed = may_tailor(draft)
    for subdomain, reason in reasons.items():
        _refuse_tailoring(subdomain, reason, allowed)
    said = {name: _left_out(reasons.get(name)) for name in allowed}
    return save_page(user, draft, TAILORING, said, seen)


def _refuse_tailoring(subdomain: str, reason: str, allowed: Mapping[str, Text]) -> None:
    if subdomain not in allowed:
        raise Refused(_("能力子域“%(name)s”不能裁剪。只有制造要素内的子域可以裁剪。", name=subdomain))
    name = text(allowed[subdomain])
    if not reason.strip():
        raise Refused(_("裁剪“%(name)s”没有写明理由。请写明理由，报告会印出。", name=name))
    if len(reason.strip()) > LONGEST_REASON:
        raise Refused(_("裁剪“%(name)s”的理由超过 %(most)s 字。请写短一些。", name=name, most=LONGEST_REASON))


def _left_out(reason: str | None) -> Said:
    return NOTHING if reason is None else Said(EntryState.STATED, "true", reason.strip())


# --- submitting -------------------------------------------------------------------------------------------------------


def submit(user: User, draft: Draft, declared_by: str, truthful: bool) -> AssessmentRecord:
    """Hand the diagnosis in under a truthfulness statement and freeze what it is worth as stated.

    Raises Refused when a required fact is missing, or the statement is not made under a name.
    """
    if missing := missing_required(draft.questionnaire, draft.filled()):
        names = listed(text(one.fact.label) for one in missing)
        raise Refused(_("还有 %(count)s 项必填没有填写：%(names)s。请填写后再提交。", count=len(missing), names=names))
    if not truthful or not declared_by.strip():
        raise Refused(_("请勾选真实性承诺，并写下承诺人姓名。"))
    move(draft.diagnosis, Stage.SUBMITTED)
    draft.diagnosis.submitted_at = datetime.now(UTC)
    draft.diagnosis.declared_by = declared_by.strip()[:60]
    made = freeze(user, draft, Layer.STATED)
    audit.record(user.id, "diagnosis.submit", f"diagnosis:{draft.diagnosis.id}", record=made.id)
    db.session.commit()
    return made


def move(diagnosis: Diagnosis, to: Stage) -> None:
    """Bring a diagnosis to another stage, in the running transaction. Raises Stale when that is not its next one."""
    if to not in TRANSITIONS[diagnosis.stage]:
        raise Stale(_("这份诊断的阶段已经变化，这一步现在不能做。请回到总览查看。"))
    diagnosis.stage = to


def freeze(user: User, draft: Draft, layer: Layer) -> AssessmentRecord:
    """Keep facts, outcome and the digests of what they were made with, in the running transaction."""
    made = records.record_of(draft, layer)
    made.made_by, made.made_at = user.id, datetime.now(UTC)
    db.session.add(made)
    db.session.flush()
    return made


# --- the diagnosis file -----------------------------------------------------------------------------------------------


def import_file(user: User, draft: Draft, content: str, file_name: str) -> int:
    """Take over the answers of a diagnosis file and return how many changed; what it does not name stays as it is.

    Raises importing.FileRefused with every fault, and then nothing is changed.
    """
    refuse_unless_open(draft)
    changes = importing.changes_from(content, file_name, draft, may_tailor(draft))
    changed = sum(map(len, changes.values()))
    for subject_key, said in changes.items():
        add_entries(draft, user, Layer.STATED, subject_key, said)
    if changed:
        digest = hashlib.sha256(content.encode()).hexdigest()
        where = f"diagnosis:{draft.diagnosis.id}"
        audit.record(user.id, "diagnosis.import", where, file=file_name[:200], sha256=digest, changed=changed)
        db.session.commit()
    return changed


def remarks(diagnosis_id: UUID) -> list[Remark]:
    """Return what consultants wrote to the firm about this diagnosis, the newest first."""
    query = select(Remark).where(Remark.diagnosis_id == diagnosis_id).order_by(Remark.id.desc())
    return list(db.session.scalars(query))
