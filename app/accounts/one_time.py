"""A one-time password on its way back to the page that shows it, for the moment in which that page is switched to
another language. Signed and for a few minutes; nothing is stored, so it is still shown to nobody else.
"""

from __future__ import annotations

from uuid import UUID

from flask import current_app, render_template
from itsdangerous import BadData, URLSafeTimedSerializer

from app.accounts.models import User

SHOWN_AGAIN_S = 600


def page(user: User, password: str) -> str:
    """Show a one-time password, which is shown once; switching the language counts as the same time."""
    parcel = pack(user.id, password)
    return render_template("accounts/one_time_password.html", user=user, one_time=password, parcel=parcel)


def pack(user_id: UUID, password: str) -> str:
    """Return both as one signed text for a hidden field."""
    return _signer().dumps([str(user_id), password])


def unpack(parcel: str | None) -> tuple[UUID, str] | None:
    """Return both from their text; None when it is not ours or too old."""
    try:
        user_id, password = _signer().loads(parcel or "", max_age=SHOWN_AGAIN_S)
    except BadData:
        return None
    return UUID(user_id), password


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="one-time-password")
