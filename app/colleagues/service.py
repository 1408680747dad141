"""What is done with colleagues: invite, join, share sections; and about a question: comment, mark, resolve.

The only file here that commits.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from werkzeug.security import generate_password_hash

from app import audit
from app.access import Role
from app.accounts import service as accounts
from app.accounts.models import User
from app.colleagues import talk
from app.colleagues.invitations import (
    DeadLink,
    already_used,
    diagnosis_of,
    digest_of,
    end_of,
    new_token,
    opened,
    places_of,
    refuse_ended,
    why_not,
)
from app.colleagues.models import Comment, Invitation, MarkedQuestion, ResolvedTalk
from app.colleagues.talk import Question
from app.diagnosis.draft import Draft, Shared, every_subject
from app.diagnosis.models import Diagnosis, SharedSection
from app.diagnosis.service import diagnosis_for
from app.errors import NotFound, Refused, Stale
from app.extensions import db

LONGEST_NAME = 60  # characters
LONGEST_COMMENT = 2000  # characters


# --- inviting -------------------------------------------------------------------------------------------------------


def invite(user: User, draft: Draft, name: str, places: Shared) -> tuple[Invitation, str]:
    """Invite a person to some sections. Returns the invitation and its token, which is shown now and never again.

    Raises Refused without a name or a section.
    """
    refuse_ended(draft.diagnosis)
    name = _name_of(name)
    _refuse_no_or_strange(draft, places)
    now, token = datetime.now(UTC), new_token()
    made = Invitation(diagnosis_id=draft.diagnosis.id, name=name, places=sorted(places), token_digest=digest_of(token))
    made.invited_by, made.invited_at, made.expires_at = user.id, now, end_of(now)
    db.session.add(made)
    db.session.flush()
    audit.record(user.id, "colleague.invite", f"invitation:{made.id}", diagnosis=draft.diagnosis.id, places=made.places)
    db.session.commit()
    return made, token


def renew(user: User, invitation: Invitation) -> str:
    """Give an invitation that nobody has used a new link, valid from now, and return its token; the old one is dead."""
    _refuse_settled(invitation)
    now, token = datetime.now(UTC), new_token()
    invitation.token_digest, invitation.expires_at = digest_of(token), end_of(now)
    invitation.invited_by, invitation.invited_at = user.id, now
    audit.record(user.id, "colleague.renew", f"invitation:{invitation.id}")
    db.session.commit()
    return token


def withdraw(user: User, invitation: Invitation) -> None:
    """Take an invitation back that nobody has used; what it says about the person is forgotten."""
    _refuse_settled(invitation)
    invitation.withdrawn_at, invitation.name, invitation.places = datetime.now(UTC), "", []
    audit.record(user.id, "colleague.withdraw", f"invitation:{invitation.id}")
    db.session.commit()


def _refuse_settled(invitation: Invitation) -> None:
    if invitation.used_at is not None:
        raise Stale(_("这个邀请刚才已被使用，对方已加入。如需收回章节，请在名单里修改。"))
    if invitation.withdrawn_at is not None:
        raise Stale(_("这个邀请已经收回。如需再请这个人，请重新邀请。"))
    refuse_ended(diagnosis_of(invitation))


def invitation_for(user: User, diagnosis_id: UUID, invitation_id: UUID) -> Invitation:
    """Return an invitation to a diagnosis that the person may see. Raises NotFound."""
    diagnosis, found = diagnosis_for(user, diagnosis_id), db.session.get(Invitation, invitation_id)
    if found is None or found.diagnosis_id != diagnosis.id:
        raise NotFound
    return found


# --- joining --------------------------------------------------------------------------------------------------------


def join_anew(token: str, *, login: str, name: str, password: str) -> User:
    """Make an account for who holds the link and share the sections with it.

    Raises Refused when the address or number is taken or the password weak, UnknownLink and DeadLink.
    """
    opened(token)
    login, name = accounts.login_name(login), _name_of(name)
    _refuse_taken(login)
    accounts.refuse_weak(login, password)
    db.session.rollback()  # the slow making of the digest below must not hold the database
    password_hash = generate_password_hash(password)
    invitation = opened(token)  # once more: somebody else may have been faster
    _refuse_taken(login)
    firm_id = diagnosis_of(invitation).firm_id
    made = User(email=login, name=name, role=Role.COLLEAGUE, firm_id=firm_id, password_hash=password_hash)
    made.language = accounts.language_of_request()
    user = accounts.add(None, made)
    _use(invitation, user)
    db.session.commit()
    return user


def join(user: User, token: str) -> Invitation:
    """Share the sections of a link with a colleague who already has an account of the firm. Raises Refused."""
    invitation = opened(token)
    if why := why_not(user, invitation):
        raise Refused(why)
    _use(invitation, user)
    db.session.commit()
    return invitation


def _use(invitation: Invitation, user: User) -> None:
    """Use an invitation up, in the running transaction. Raises DeadLink when somebody else was faster."""
    row, now = Invitation, datetime.now(UTC)
    free = (row.id == invitation.id, row.used_at.is_(None), row.withdrawn_at.is_(None))
    used = {"used_at": now, "used_by": user.id, "name": ""}  # the person has a name of his own now
    if db.session.execute(update(row).where(*free).values(used)).rowcount != 1:  # type: ignore[attr-defined]
        db.session.rollback()
        raise DeadLink(already_used())
    _add(invitation.invited_by, invitation.diagnosis_id, user.id, places_of(invitation))
    audit.record(user.id, "colleague.join", f"invitation:{invitation.id}", diagnosis=invitation.diagnosis_id)


def _refuse_taken(login: str) -> None:
    if accounts.is_taken(login):
        raise LoginTaken(login)


class LoginTaken(Refused):
    """Somebody already signs in with this address or number."""

    def __init__(self, login: str) -> None:
        super().__init__(_("“%(login)s”已有账号。如果是您的账号，请先登录，再打开这个链接。", login=login))


def rename(user_id: UUID, typed: str) -> User:
    """Correct the name of a colleague, as he wants it. Raises Refused."""
    user, name = accounts.account(user_id), _name_of(typed)
    if name != user.name:
        user.name = name
        audit.record(user.id, "colleague.rename", f"user:{user.id}")
        db.session.commit()
    return user


def leave(user_id: UUID, sure: bool) -> None:
    """Close a colleague's account as he wants, and forget who he was; what he answered and said stays with the firm."""
    if not sure:
        raise Refused(_("请先勾选“我确定”，再停用账号。"))
    user = accounts.account(user_id)
    db.session.execute(delete(SharedSection).where(SharedSection.colleague_id == user.id))
    accounts.forget(user)
    audit.record(user.id, "colleague.leave", f"user:{user.id}")
    db.session.commit()


# --- sharing --------------------------------------------------------------------------------------------------------


def colleagues_of(firm_id: UUID) -> list[User]:
    """Return the colleagues of a firm by name, also those whose accounts are closed."""
    query = select(User).where(User.firm_id == firm_id, User.role == Role.COLLEAGUE)
    return list(db.session.scalars(query.order_by(User.name, User.created_at)))


def colleague_for(diagnosis: Diagnosis, colleague_id: UUID) -> User:
    """Return a colleague of the firm whose diagnosis it is. Raises NotFound."""
    found = db.session.get(User, colleague_id)
    if found is None or found.role is not Role.COLLEAGUE or found.firm_id != diagnosis.firm_id:
        raise NotFound
    return found


def shares_of(diagnosis_id: UUID) -> Mapping[UUID, Shared]:
    """Return colleague -> what is shared with him."""
    row = SharedSection
    query = select(row.colleague_id, row.section_id, row.subject_key).where(row.diagnosis_id == diagnosis_id)
    shared: dict[UUID, set[tuple[str, str]]] = {}
    for colleague, section, key in db.session.execute(query.order_by(row.id)):
        shared.setdefault(colleague, set()).add((section, key))
    return {colleague: frozenset(places) for colleague, places in shared.items()}


def share(user: User, draft: Draft, colleague: User, wanted: Shared, shown: Shared) -> None:
    """Give a colleague the sections `wanted` and take those that were `shown` as his and are no longer wanted.

    What somebody else changed meanwhile stays. Answers and comments stay in any case. Raises Refused.
    """
    refuse_ended(draft.diagnosis)
    if not colleague.active and wanted - shown:
        raise Refused(_("%(name)s 的账号已停用，不能再分给章节。", name=colleague.name))
    _refuse_strange(draft, wanted - shown)
    added = _add(user.id, draft.diagnosis.id, colleague.id, wanted - shown)
    taken = _take(draft.diagnosis.id, colleague.id, shown - wanted)
    if added or taken:
        where = f"diagnosis:{draft.diagnosis.id}"
        audit.record(
            user.id, "colleague.share", where, colleague=colleague.id, added=sorted(added), taken=sorted(taken)
        )
        db.session.commit()


def hand_over(user: User, diagnosis: Diagnosis, colleague: User, to: User) -> int:
    """Give all sections of one colleague to another one, and return how many that are. Raises Refused."""
    refuse_ended(diagnosis)
    if to.id == colleague.id or not to.active:
        raise Refused(_("请选择另一位协作人。"))
    places = shares_of(diagnosis.id).get(colleague.id, frozenset())
    _take(diagnosis.id, colleague.id, places)
    _add(user.id, diagnosis.id, to.id, places)
    if places:
        where = f"diagnosis:{diagnosis.id}"
        audit.record(user.id, "colleague.hand_over", where, colleague=colleague.id, to=to.id, places=sorted(places))
        db.session.commit()
    return len(places)


def _add(by: UUID, diagnosis_id: UUID, colleague_id: UUID, places: Collection[tuple[str, str]]) -> Shared:
    """Share what is not yet shared, in the running transaction."""
    added = frozenset(places) - shares_of(diagnosis_id).get(colleague_id, frozenset())
    for section, key in sorted(added):
        made = SharedSection(diagnosis_id=diagnosis_id, colleague_id=colleague_id, section_id=section, subject_key=key)
        made.shared_by, made.shared_at = by, datetime.now(UTC)
        db.session.add(made)
    return added


def _take(diagnosis_id: UUID, colleague_id: UUID, places: Shared) -> Shared:
    taken = places & shares_of(diagnosis_id).get(colleague_id, frozenset())
    row = SharedSection
    for section, key in taken:
        its = (row.section_id == section, row.subject_key == key)
        db.session.execute(delete(row).where(row.diagnosis_id == diagnosis_id, row.colleague_id == colleague_id, *its))
    return taken


def _name_of(typed: str) -> str:
    name = " ".join(typed.split())
    if not name:
        raise Refused(_("请填写姓名。"))
    if len(name) > LONGEST_NAME:
        raise Refused(_("姓名最多 60 个字，请缩短。"))
    return name


def _refuse_no_or_strange(draft: Draft, places: Shared) -> None:
    if not places:
        raise Refused(_("请至少选择一节。"))
    _refuse_strange(draft, places)


def _refuse_strange(draft: Draft, places: Shared) -> None:
    """Raise Refused when a section does not exist, or is not about such a subject."""
    kinds = {subject.key: subject.kind for subject in every_subject(draft.firm)}
    sections = {section.id: section for section in draft.questionnaire.sections}
    if any(section not in sections or kinds.get(key) is not sections[section].of for section, key in places):
        raise Refused(_("有章节已经不在名单里，可能是车间刚刚关闭。请重新选择。"))


# --- about a question ---------------------------------------------------------------------------------------------


def comment(user: User, question: Question, words: str, seen: int) -> None:
    """Add a comment to a talk that showed its writer the comments up to number `seen`. Raises Refused, Stale.

    The same words of the same person, sent twice from one page, are kept once.
    """
    _refuse_closed(question)
    words = words.replace("\r\n", "\n").strip()
    if not words:
        raise Refused(_("请写下要说的话，再发表。"))
    if len(words) > LONGEST_COMMENT:
        now, most = len(words), LONGEST_COMMENT
        raise Refused(_("这条留言有 %(now)s 个字，最多 %(most)s 个字。请写短一些，或分成几条。", now=now, most=most))
    if talk.has_said(question, user.id, words, seen):
        return
    made = Comment(**question.key, text=words, written_by=user.id, written_at=datetime.now(UTC))
    db.session.add(made)
    db.session.flush()
    _record(user, "talk.comment", question, comment=made.id)
    db.session.commit()


def resolve(user: User, question: Question, last_comment: int, last_remark: int) -> None:
    """Call a talk resolved up to what its page showed; what somebody said meanwhile keeps it open. Raises Stale."""
    _refuse_closed(question)
    newest = talk.newest(question)
    up_to = {"last_comment": min(last_comment, newest[0]), "last_remark": min(last_remark, newest[1])}
    _forget(ResolvedTalk, question)
    db.session.add(ResolvedTalk(**question.key, **up_to, resolved_by=user.id, resolved_at=datetime.now(UTC)))
    _record(user, "talk.resolve", question, **up_to)
    db.session.commit()


def reopen(user: User, question: Question) -> None:
    """Open a talk again. Raises Stale."""
    _refuse_closed(question)
    if _forget(ResolvedTalk, question):
        _record(user, "talk.reopen", question)
        db.session.commit()


def mark(user: User, question: Question) -> None:
    """Remember that a question wants to be looked at again; who marked it first stays named. Raises Stale."""
    _refuse_closed(question)
    if talk.marked(question) is None:
        db.session.add(MarkedQuestion(**question.key, marked_by=user.id, marked_at=datetime.now(UTC)))
        _record(user, "talk.mark", question)
        db.session.commit()


def unmark(user: User, question: Question) -> None:
    """Take the mark of a question away. Raises Stale."""
    _refuse_closed(question)
    if _forget(MarkedQuestion, question):
        _record(user, "talk.unmark", question)
        db.session.commit()


def notes(diagnosis_id: UUID, subject_key: str) -> dict[str, dict[str, int | bool]]:
    """Return fact -> how many comments it has, how many of them are open, and whether it is marked.

    Facts about which nothing is said are left out. Whether the reader may see the subject, is asked before.
    """
    states = talk.states(diagnosis_id, subject_key)
    return {fact: {"comments": s.comments, "open": s.open, "marked": s.marked} for (_key, fact), s in states.items()}


def _refuse_closed(question: Question) -> None:
    if question.is_closed:
        raise Stale(_("这次诊断的报告已经签发，讨论只供查看。"))


def _forget(kind: type[ResolvedTalk | MarkedQuestion], question: Question) -> bool:
    its = (kind.diagnosis_id == question.diagnosis.id, kind.subject_key == question.subject.key)
    removed = db.session.execute(delete(kind).where(*its, kind.fact == question.fact.id))
    return bool(removed.rowcount)  # type: ignore[attr-defined]


def _record(user: User, action: str, question: Question, **detail: Any) -> None:
    where = f"diagnosis:{question.diagnosis.id}"
    audit.record(user.id, action, where, about=question.subject.key, fact=question.fact.id, **detail)
