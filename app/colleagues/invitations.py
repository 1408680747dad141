"""Invitations, read: which one a link opens, why it opens none, and who may use it."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from app.access import Role
from app.accounts.models import User
from app.colleagues.models import Invitation
from app.diagnosis.draft import Shared
from app.diagnosis.models import Diagnosis, Stage
from app.errors import NotFound, Refused, Stale
from app.extensions import db
from app.presentation import as_utc, moment

INVITATION_DAYS = 7


class DeadLink(Refused):
    """An invitation that leads nowhere any more; the message says why and what to do."""

    status = 410


class UnknownLink(NotFound):
    """No invitation has this token."""

    def __init__(self) -> None:
        super().__init__(_("这个链接不对，或已换成新的。请检查是否复制完整，或向邀请您的人要一个新链接。"))


def waiting(diagnosis_id: UUID) -> list[Invitation]:
    """Return the invitations of a diagnosis that nobody has used, the newest first."""
    row = Invitation
    query = select(row).where(row.diagnosis_id == diagnosis_id, row.used_at.is_(None), row.withdrawn_at.is_(None))
    return list(db.session.scalars(query.order_by(row.invited_at.desc())))


def opened(token: str) -> Invitation:
    """Return the invitation of a link that can still be used. Raises UnknownLink, DeadLink."""
    found = db.session.scalar(select(Invitation).where(Invitation.token_digest == digest_of(token)))
    if found is None:
        raise UnknownLink
    _refuse_dead(found)
    if not inviter_of(found).active:
        raise DeadLink(_("邀请您的人的账号已停用，这个链接不能再用。请联系您的企业，要一个新链接。"))
    refuse_ended(diagnosis_of(found), DeadLink)
    return found


def diagnosis_of(invitation: Invitation) -> Diagnosis:
    """Return the diagnosis that an invitation is for."""
    return db.session.get_one(Diagnosis, invitation.diagnosis_id)


def inviter_of(invitation: Invitation) -> User:
    """Return who sent the link."""
    return db.session.get_one(User, invitation.invited_by)


def places_of(invitation: Invitation) -> Shared:
    """Return the sections that a link gives."""
    return frozenset((section, key) for section, key in invitation.places)


def why_not(user: User, invitation: Invitation) -> str:
    """Say why a person who is signed in cannot use an invitation; nothing when he can."""
    if user.firm_id != diagnosis_of(invitation).firm_id:
        return _("您现在登录的账号不属于发出邀请的企业。请先退出，再用自己的账号登录或新建账号。")
    if user.role is not Role.COLLEAGUE:
        return _("您是企业填报人，本来就能填写全部章节。请把链接发给要邀请的同事。")
    return ""


def digest_of(token: str) -> str:
    """Return what is kept of the token of a link."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """Return the secret part of a new link: 256 bits."""
    return secrets.token_urlsafe(32)


def end_of(now: datetime) -> datetime:
    """Return until when a link of this moment can be used."""
    return now + timedelta(days=INVITATION_DAYS)


def is_expired(invitation: Invitation) -> bool:
    """Tell whether the time of a link is over."""
    return as_utc(invitation.expires_at) <= datetime.now(UTC)


def _refuse_dead(invitation: Invitation) -> None:
    if invitation.withdrawn_at is not None:
        raise DeadLink(_("这个邀请已被收回。如有疑问，请联系邀请您的人。"))
    if invitation.used_at is not None:
        raise DeadLink(already_used())
    if is_expired(invitation):
        end = moment(invitation.expires_at)
        raise DeadLink(_("这个链接只能用到 %(end)s，现在已过期。请向邀请您的人要一个新链接。", end=end))


def already_used() -> str:
    """Return why a used link opens nothing."""
    return _("这个链接已经用过了，每个链接只能用一次。如果是您用的，请直接登录；否则请向邀请您的人要一个新链接。")


def refuse_ended(diagnosis: Diagnosis, refusal: type[Refused] = Stale) -> None:
    """Raise when nothing more is filled in."""
    if diagnosis.stage is Stage.ISSUED:
        raise refusal(_("这次诊断的报告已经签发，不再需要填写。新的诊断开始后，可以重新邀请。"))
