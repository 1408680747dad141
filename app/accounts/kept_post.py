"""What a person had typed when the session ended: carried through the sign-in page and posted again afterwards.

Only form fields that came from our own pages, for our own addresses; signed, so nobody can slip in others.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Request, current_app
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.exceptions import HTTPException

LARGEST_CHARACTERS = 200_000  # of all names and values together; a page of questions has a few thousand
KEPT_HOURS = 24
_NEVER_KEPT = frozenset({"csrf_token"})
# Signing in or out, passwords and new accounts are done anew, never from a parcel.
_NEVER_AGAIN = ("accounts.", "colleagues.join")


@dataclass(frozen=True, slots=True)
class KeptPost:
    """One form post that could not be taken when it came."""

    path: str
    fields: tuple[tuple[str, str], ...]


def keep(request: Request) -> KeptPost | None:
    """Return the post to carry along; None when it is not from our own page, not ours to repeat, or too large."""
    path = request.full_path.rstrip("?")
    if request.method != "POST" or request.files or not is_from_our_page(request) or not may_be_posted(path):
        return None
    fields = tuple(pair for pair in request.form.items(multi=True) if pair[0] not in _NEVER_KEPT)
    if sum(len(name) + len(value) for name, value in fields) > LARGEST_CHARACTERS:
        return None
    return KeptPost(path, fields)


def pack(kept: KeptPost) -> str:
    """Return the post as one signed text for a hidden field."""
    return _signer().dumps([kept.path, kept.fields])


def unpack(parcel: str | None) -> KeptPost | None:
    """Return the post from its text; None when it is not ours, too old, or its address no longer takes posts."""
    if not parcel:
        return None
    try:
        path, fields = _signer().loads(parcel, max_age=KEPT_HOURS * 3600)
    except BadData:
        return None
    if not may_be_posted(path):
        return None
    return KeptPost(path, tuple((name, value) for name, value in fields))


def may_be_posted(path: str) -> bool:
    """Tell whether the address is a plain path on this site where one of our own routes takes posts."""
    endpoint = endpoint_of(path, "POST")
    return endpoint is not None and not endpoint.startswith(_NEVER_AGAIN)


def endpoint_of(path: str, method: str) -> str | None:
    """Return the name of our route at `path`; None for other sites, odd characters and addresses that do not exist."""
    parts = urlsplit(path)
    if parts.scheme or parts.netloc or not path.startswith("/") or path.startswith("//") or "\\" in path:
        return None
    if not path.isprintable():
        return None
    try:
        endpoint, _arguments = current_app.url_map.bind("localhost").match(parts.path, method=method)
    except HTTPException:  # also what the map raises for "try with a slash"
        return None
    return str(endpoint) if endpoint != "static" else None


def is_from_our_page(request: Request) -> bool:
    """Trust the browser's own word; a post from another site is never shown to anybody as his own work."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(origin).netloc == request.host


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="kept-post")
