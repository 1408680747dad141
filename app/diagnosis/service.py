"""What is done with a diagnosis: start, save a page, tailor, submit. The only file here that commits."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from types import MappingProxyType, SimpleNamespace
from typing import Any, NamedTuple, cast
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, bindparam, func, insert, select, update
from sqlalchemy.orm import contains_eager
from sqlalchemy.orm.attributes import set_committed_value

from app import audit
from app.access import Role
from app.accounts.models import User
from app.diagnosis import records, sharing
from app.diagnosis.again import said_again
from app.diagnosis.asked import criteria_on, facts_for_page, published
from app.diagnosis.draft import (
    FIRM_KEY,
    NOTHING,
    PARTS,
    TAILORING,
    Draft,
    Kept,
    Said,
    firm_of,
    read_draft,
    read_page,
    remember_page,
    with_open_parts,
)
from app.diagnosis.models import (
    DIAGNOSIS,
    QUICK_CHECK,
    TRANSITIONS,
    AnswerEntry,
    AssessmentRecord,
    Diagnosis,
    Layer,
    Remark,
    Stage,
)
from app.diagnosis.punctuation import listed
from app.diagnosis.saving import Saved, merge
from app.diagnosis.starting import begun, numbers, open_quick_check, registered, under_way
from app.errors import NotFound, Refused, Stale
from app.extensions import db, to_be_read
from app.firms.models import Firm
from app.firms.service import firm_for, visible_firms
from app.presentation import text
from questionnaires.answers import EntryState
from questionnaires.model import Section, Subject, Text
from questionnaires.progress import missing_required
from scoring.model import MaturityCriteria
from scoring.tailoring import subdomains

LONGEST_REASON = 500  # characters
NOT_COPIED: Mapping[str, str] = MappingProxyType({})


_DIAGNOSES, _FIRMS = Diagnosis.__table__, Firm.__table__
_ENTRIES = AnswerEntry.__table__.c
_LAST_SAVE = 2**31 - 1  # no diagnosis is saved as often
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
    shared = sharing.shared_with(user, diagnosis_id)
    found, firm = open_outline(user, diagnosis_id)
    needed = facts_for_page(found.questionnaire_id, found.questionnaire_version, found.as_of, section_id, page_id)
    draft = read_page(found, firm, needed, seen, about)
    if shared is None:
        return draft
    if section_id not in {section for section, _key in shared}:
        raise sharing.NotShared
    return replace(draft, shared=shared, section_id=section_id)


def open_without_answers(user: User, diagnosis_id: UUID) -> Draft:
    """Return a diagnosis that the person may see, its firm and what it is asked, but no answer. Raises NotFound."""
    shared = sharing.shared_with(user, diagnosis_id)
    found, firm = open_outline(user, diagnosis_id)
    of = published(found.questionnaire_id, found.questionnaire_version)
    return Draft(found, of, firm, (), frozenset(), shared=shared)


def open_shared(user: User, diagnosis_id: UUID) -> Draft:
    """Return a whole diagnosis to pages that show a colleague only what is shared with him, by `Draft.shows`.

    `open_draft` gives a colleague nothing, so a page that does not ask for this shows him nothing. Raises NotFound.
    """
    shared = sharing.shared_with(user, diagnosis_id)
    if shared is None:
        return open_draft(user, diagnosis_id)
    query = _visible_diagnosis(Role.FACTORY_MANAGER)
    return replace(read_draft(db.session.scalars(query, _who_asks(user, diagnosis_id)).one()), shared=shared)


class OpenSection(NamedTuple):
    """A section about one subject. The diagnosis is to be read: it is no part of the session."""

    diagnosis: Diagnosis
    section: Section
    subject: Subject


def open_section(user: User, diagnosis_id: UUID, section_id: str, subject_key: str) -> OpenSection:
    """Return a section about a subject, without answers, if the person may see it. Raises NotFound."""
    shared = sharing.shared_with(user, diagnosis_id)
    if shared is not None and (section_id, subject_key) not in shared:
        raise sharing.NotShared
    found, firm = open_outline(user, diagnosis_id)
    of = published(found.questionnaire_id, found.questionnaire_version)
    draft = Draft(found, of, firm, (), frozenset(), shared=shared)
    return OpenSection(found, *draft.section_about(section_id, subject_key))


def open_outline(user: User, diagnosis_id: UUID) -> tuple[Diagnosis, Subject]:
    """Return a diagnosis that the person may see, to be read, and its firm with the parts that are open: no answers.

    A colleague sees of it what its manager would; what is shared with him is asked by whoever calls. Raises NotFound.
    """
    role = Role.FACTORY_MANAGER if user.role is Role.COLLEAGUE else user.role
    rows = db.session.connection().execute(_visible_page(role), _who_asks(user, diagnosis_id)).all()
    if not rows:
        raise NotFound
    *columns, firm_name = rows[0][len(PARTS) :]
    found = to_be_read(Diagnosis, dict(zip(_DIAGNOSES.c.keys(), columns, strict=True)))
    return found, firm_of(firm_name, (row[: len(PARTS)] for row in rows))


@cache
def _visible_page(role: Role) -> Select[Any]:
    """Return the query behind `open_outline`: the diagnosis, its firm and the firm's open parts, a row for each."""
    query = select(*PARTS, *_DIAGNOSES.c, _FIRMS.c.name).join_from(_DIAGNOSES, _FIRMS)
    query = query.where(_DIAGNOSES.c.id == bindparam("diagnosis"), _FIRMS.c.id.in_(_visible(role)))
    return with_open_parts(query, _FIRMS.c.id)


def diagnoses_of(firm_id: UUID) -> list[Diagnosis]:
    """Return the diagnoses of one firm, newest first, then its quick checks. Whether it may be seen is asked before."""
    return list(
        db.session.scalars(select(Diagnosis).where(Diagnosis.firm_id == firm_id).order_by(Diagnosis.number.desc()))
    )


def start(user: User, firm_id: UUID, as_of: date | None = None) -> Diagnosis:
    """Begin a diagnosis of the firm with what its registration and its quick check already say.

    It describes today, or the day `as_of`. Raises Refused while one is under way.
    """
    firm = firm_for(user, firm_id)
    _refuse_second(firm)
    made = begun(user, firm, DIAGNOSIS, 1 + max(numbers(firm)), as_of)
    add_entries(read_draft(made), user, Layer.STATED, FIRM_KEY, registered(firm, made))
    audit.record(
        user.id, "diagnosis.start", f"diagnosis:{made.id}", firm=firm.id, questionnaire=made.questionnaire_version
    )
    if check := open_quick_check(firm):
        _take_over(user, check, made)
    db.session.commit()
    return made


def start_quick_check(user: User, firm_id: UUID) -> Diagnosis:
    """Begin a quick check of the firm, or return the open one. Raises Refused while a diagnosis is under way."""
    firm = firm_for(user, firm_id)
    if check := open_quick_check(firm):
        return check
    if (number := under_way(firm)) is not None:
        raise Refused(_("第 %(number)s 次诊断正在进行，它的总览随时给出同样的范围，不必另做快速自查。", number=number))
    made = begun(user, firm, QUICK_CHECK, min(numbers(firm)) - 1)
    audit.record(
        user.id, "diagnosis.start", f"diagnosis:{made.id}", firm=firm.id, questionnaire=made.questionnaire_version
    )
    db.session.commit()
    return made


def _refuse_second(firm: Firm) -> None:
    if (number := under_way(firm)) is not None:
        raise Refused(_("第 %(number)s 次诊断还在进行中。请先完成它，再开始新的一次。", number=number))


def _take_over(user: User, check: Diagnosis, made: Diagnosis) -> None:
    """Bring the answers of a quick check into a diagnosis that begins, and close it, in the running transaction."""
    asked, newest = published(made.questionnaire_id, made.questionnaire_version).facts, read_draft(check)
    said = {
        fact: kept.said
        for fact, kept in newest.newest(FIRM_KEY, Layer.STATED).items()
        if fact in asked and kept.said.state != EntryState.BLANK
    }
    add_entries(read_draft(made), user, Layer.STATED, FIRM_KEY, said)
    move(check, Stage.TAKEN_OVER)
    audit.record(user.id, "diagnosis.take_over", f"diagnosis:{made.id}", check=check.id, facts=sorted(said))


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
    if draft.diagnosis.stage is Stage.TAKEN_OVER:
        raise Stale(_("这份快速自查的回答已经带入正式诊断，不再修改。请在正式诊断里改。"))
    if not draft.may_fill:
        raise Stale(_("这份诊断已经提交，答案不能再改。如需修改，请联系诊断专家退回。"))


def add_entries(draft: Draft, user: User, layer: Layer, subject_key: str, said: Mapping[str, Said]) -> Draft:
    """Write rows for what is said and count one save, in the running transaction. Raises Stale when outrun.

    Returns the draft with what was said. Raises NotShared where a colleague says something beyond his sections.
    """
    return add_entries_of_several(draft, user, layer, {subject_key: said})


def add_entries_of_several(
    draft: Draft,
    user: User,
    layer: Layer,
    said: Mapping[str, Mapping[str, Said]],
    copied_from: Mapping[str, str] = NOT_COPIED,
) -> Draft:
    """Do the same for several subjects in one save: subject key -> fact -> what is said.

    `copied_from` names the subject that was copied for each.
    """
    if not any(said.values()):
        return draft
    for subject_key, facts in said.items():
        sharing.refuse_unless_shared(user, draft, subject_key, facts)
    moment, diagnosis, by = datetime.now(UTC), draft.diagnosis, user.id
    _count_save(diagnosis, moment)
    made = [
        Kept(key, fact, layer, one, diagnosis.revision, by, moment, copied_from.get(key))
        for key, facts in said.items()
        for fact, one in facts.items()
    ]
    audit.change(_ADD_ENTRIES, [_row(diagnosis.id, kept) for kept in made])
    return replace(draft, kept=(*draft.kept, *made))


def last_own_save(user: User, diagnosis_id: UUID) -> int:
    """Return at which save the person last said something in a diagnosis; for somebody who never did, the newest."""
    own = (_ENTRIES.diagnosis_id == diagnosis_id) & (_ENTRIES.said_by == user.id) & (_ENTRIES.layer == Layer.STATED)
    found = db.session.scalar(select(func.max(_ENTRIES.revision)).where(own))
    return _LAST_SAVE if found is None else found


def names_of(people: Collection[UUID]) -> dict[UUID, str]:
    """Return the names of people by their identities, for saying who else answered."""
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(people)))
    return {row.id: row.name for row in rows}


def _row(diagnosis_id: UUID, kept: Kept) -> dict[str, object]:
    said = kept.said
    row = kept._asdict() | {"diagnosis_id": diagnosis_id}
    del row["said"]
    return row | {"state": said.state, "value": said.value, "reason": said.reason}


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

    Raises Refused when a required fact is missing, or the statement is not made under a name; a quick check is never
    handed in.
    """
    if draft.diagnosis.is_quick_check:
        raise Refused(_("快速自查不用提交。开始正式诊断时，它的回答会带过去。"))
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


def remarks(diagnosis_id: UUID) -> list[Remark]:
    """Return what consultants wrote to the firm about this diagnosis, the newest first."""
    query = select(Remark).where(Remark.diagnosis_id == diagnosis_id).order_by(Remark.id.desc())
    return list(db.session.scalars(query))


def remarks_by_fact(diagnosis: Diagnosis, subject_key: str) -> dict[str, list[str]]:
    """Return fact -> what consultants wrote about it. Nobody does before the first submission."""
    notes: dict[str, list[str]] = {}
    for remark in remarks(diagnosis.id) if diagnosis.submitted_at is not None else ():
        if remark.subject_key == subject_key and remark.fact:
            notes.setdefault(remark.fact, []).append(remark.text)
    return notes
