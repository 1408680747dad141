"""What is done with accounts: sign in, make, change; the only place here that commits."""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import UTC, datetime
from functools import cache
from uuid import UUID

from flask import g, has_request_context, session
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from sqlalchemy import bindparam, select
from werkzeug.security import check_password_hash, generate_password_hash

from app import audit
from app.access import OF_FIRM, Role
from app.accounts.models import User
from app.errors import NotFound, Refused
from app.extensions import db, to_be_read

LANGUAGES = ("zh", "en")
SHORTEST_PASSWORD = 12  # characters
NO_NAME = "—"  # of who has left, in every language
# Without letters and digits that look alike: it is read from a screen and typed.
_READABLE = "abcdefghijkmnpqrstuvwxyz23456789"


def language_of_request() -> str:
    """Return the language the person chose: in this session, else in the account, else Chinese."""
    if not has_request_context():
        return LANGUAGES[0]
    chosen = session.get("language")
    if chosen is None and current_user.is_authenticated:
        chosen = current_user.language
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def sign_in(email: str, password: str) -> User:
    """Open a new session for the person. Raises Refused, in the same words and time whatever was wrong."""
    known = db.session.execute(
        select(User.id, User.password_hash, User.active).where(User.email == login_name(email))
    ).first()
    db.session.rollback()  # the slow comparison below must not hold the database
    right = check_password_hash(known.password_hash if known else _nobodys_hash(), password)
    if known is None or not right or not known.active:
        raise Refused(_("账号或密码不对。请检查后再试；忘记密码请联系管理员。"))
    user = db.session.get_one(User, known.id)
    begin_session(user)
    return user


def begin_session(user: User) -> None:
    """Open a new session for who has just proved who he is."""
    _renew_session(user)
    audit.record(user.id, "account.sign_in", f"user:{user.id}")
    db.session.commit()


def login_name(typed: str) -> str:
    """Return an e-mail address or a phone number as it is kept, however it was typed: ＋８６ 138-0000-0000."""
    name = unicodedata.normalize("NFKC", typed).strip().lower()
    return name if "@" in name else re.sub(r"[\s().-]", "", name).removeprefix("+86")


def sign_out() -> None:
    """Close the session; the language stays as chosen."""
    audit.record(current_user.id, "account.sign_out", f"user:{current_user.id}")
    db.session.commit()
    language = language_of_request()
    logout_user()
    session.clear()
    session["language"] = language


def choose_language(code: str) -> None:
    """Show everything in this language from now on, at the next sign-in too."""
    if code not in LANGUAGES:
        raise NotFound
    session["language"] = code
    if current_user.is_authenticated and current_user.language != code:
        user = db.session.get_one(User, current_user.id)
        user.language = code
        audit.record(user.id, "account.choose_language", f"user:{user.id}", language=code)
        db.session.commit()


def create(
    actor: UUID | str, *, email: str, name: str, role: Role, firm_id: UUID | None = None, district: str | None = None
) -> tuple[User, str]:
    """Make an account and return it with its one-time password, which is shown now and never again.

    Raises Refused when the address is taken, or the role lacks its firm or its district.
    """
    address = login_name(email)
    _refuse_wrong_belonging(role, firm_id, district)
    if is_taken(address):
        raise Refused(_("邮箱 %(email)s 已有账号。请换一个邮箱，或停用原账号。", email=address))
    password = one_time_password()
    made = User(email=address, name=name, role=role, firm_id=firm_id, district=district, must_change_password=True)
    made.password_hash = generate_password_hash(password)
    user = add(actor, made)
    db.session.commit()
    return user, password


def add(actor: UUID | str | None, user: User) -> User:
    """Keep a new account, in the running transaction; without an actor the person has made it himself."""
    user.name, user.created_at = user.name.strip(), datetime.now(UTC)
    db.session.add(user)
    db.session.flush()
    said = {"role": user.role, "firm": user.firm_id, "district": user.district}
    if actor is not None:
        said["email"] = user.email  # not of who joins by himself: what he says can be forgotten, a record cannot
    audit.record(actor or user.id, "account.create", f"user:{user.id}", **said)
    return user


def forget(user: User) -> None:
    """Close an account for good and keep neither name nor address nor password of it, in the running transaction."""
    user.active, user.name, user.email = False, NO_NAME, f"closed-{user.id}"
    user.password_hash = f"closed-{secrets.token_hex(16)}"  # the digest of no password; every session ends


def is_taken(login: str) -> bool:
    """Tell whether somebody signs in with this address or number."""
    return db.session.scalar(select(User.id).where(User.email == login)) is not None


def change_password(user_id: UUID, old: str, new: str) -> None:
    """Replace the password by one of the person's own. All other sessions of the account end."""
    user = db.session.get_one(User, user_id)
    if not check_password_hash(user.password_hash, old):
        raise Refused(_("原密码不对。请重新输入现在使用的密码。"))
    set_password(user, new)
    audit.record(user.id, "account.change_password", f"user:{user.id}")
    db.session.commit()
    _renew_session(user)


def set_password(user: User, new: str) -> None:
    """Give the account this password, in the running transaction. Raises Refused when it is too weak."""
    refuse_weak(user.email, new)
    if check_password_hash(user.password_hash, new):
        raise Refused(_("新密码与原密码相同。请换一个。"))
    user.password_hash = generate_password_hash(new)
    user.must_change_password = False


def refuse_weak(login: str, new: str) -> None:
    """Raise Refused when the password is too short or easily guessed."""
    if len(new) < SHORTEST_PASSWORD:
        raise Refused(
            _(
                "密码至少 %(least)s 个字符，现在是 %(now)s 个。可以用一句容易记的话。",
                least=SHORTEST_PASSWORD,
                now=len(new),
            )
        )
    if len(set(new)) < 5 or login.partition("@")[0] in new.lower():
        raise Refused(_("这个密码太容易猜。请不要用重复的字符、邮箱里的名字或手机号。"))


def reset_password(actor: UUID | str, user_id: UUID) -> tuple[User, str]:
    """Give the account a new one-time password and return both."""
    user = account(user_id)
    password = one_time_password()
    user.password_hash = generate_password_hash(password)
    user.must_change_password = True
    audit.record(actor, "account.reset_password", f"user:{user.id}")
    db.session.commit()
    return user, password


def set_active(actor: UUID, user_id: UUID, active: bool) -> User:
    """Let the account be used again, or no longer. Nobody locks out himself."""
    if user_id == actor and not active:
        raise Refused(_("不能停用自己的账号。请由另一位管理员操作。"))
    user = account(user_id)
    user.active = active
    audit.record(actor, "account.activate" if active else "account.deactivate", f"user:{user.id}")
    db.session.commit()
    return user


def account(user_id: UUID) -> User:
    """Return one account. Raises NotFound."""
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFound
    return user


def person(user_id: UUID) -> User | None:
    """Return who asks, to be read and never changed: read at every request, so it is no part of the session."""
    row = db.session.connection().execute(_PERSON, {"user_id": user_id}).first()
    return to_be_read(User, row._asdict()) if row else None


_PERSON = select(User.__table__).where(User.__table__.c.id == bindparam("user_id"))


def accounts() -> list[User]:
    """Return all accounts: the few who run the product first, the many who fill in last; then by name."""
    order = {role: place for place, role in enumerate(reversed(Role))}
    return sorted(db.session.scalars(select(User)), key=lambda user: (order[user.role], user.name))


def one_time_password() -> str:
    """Return a password for handing over: four groups of four, 80 bits."""
    return "-".join("".join(secrets.choice(_READABLE) for _letter in range(4)) for _group in range(4))


def _refuse_wrong_belonging(role: Role, firm_id: UUID | None, district: str | None) -> None:
    if (role in OF_FIRM) != (firm_id is not None):
        raise Refused(_("企业填报人和协作人必须属于一家企业；其他角色不属于企业。请选择企业或更换角色。"))
    if (role is Role.DISTRICT_OFFICER) != (district is not None):
        raise Refused(_("区县主管部门的账号必须属于一个区县；其他角色不属于区县。请选择区县或更换角色。"))


def _renew_session(user: User) -> None:
    language = session.get("language")
    session.clear()
    g.pop("csrf_token", None)  # made for the session before; the page now drawn needs one for this session
    session.permanent = True
    login_user(user)
    if language:
        session["language"] = language


@cache
def _nobodys_hash() -> str:
    """Checked when the address is unknown, so that the answer takes as long as for a known one."""
    return generate_password_hash(secrets.token_hex(16))
