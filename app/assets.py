"""Style sheets, scripts and pictures of the pages. The content is in the address, so browsers keep each for good."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, request, url_for
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseReturnValue
from werkzeug.security import safe_join

FOLDER = Path(__file__).with_name("static")
KEPT_FOR_GOOD = "public, max-age=31536000, immutable"
ASKED_AGAIN = "no-cache"  # an address without the digest, or with that of another version


@dataclass(frozen=True, slots=True)
class Asset:
    """One file of static/, read once in a process."""

    content: bytes
    compressed: bytes
    kind: str
    digest: str


def register(flask_app: Flask) -> None:
    """Serve the files of static/, and put the digest of a file into every address of it."""
    flask_app.add_url_rule("/static/<path:filename>", "static", send)
    flask_app.url_defaults(_name_the_content)
    flask_app.jinja_env.globals["static"] = address
    flask_app.session_interface = _NoCookieWithAssets()


@lru_cache(maxsize=256)
def asset(filename: str) -> Asset | None:
    """Return a file of static/; None when there is none of this name."""
    found = safe_join(str(FOLDER), filename)
    if found is None or not Path(found).is_file():
        return None
    content, kind = Path(found).read_bytes(), mimetypes.guess_type(filename)[0] or "application/octet-stream"
    return Asset(content, gzip.compress(content, mtime=0), kind, hashlib.sha256(content).hexdigest()[:16])


def address(filename: str) -> str:
    """Return the address of a file of static/ for this request; a page names several, so each is built once."""
    return _address(request.script_root, filename)


@lru_cache(maxsize=256)
def _address(_root: str, filename: str) -> str:
    return url_for("static", filename=filename)


def _name_the_content(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and (known := asset(values["filename"])):
        values.setdefault("v", known.digest)


def send(filename: str) -> ResponseReturnValue:
    """Answer with a file of static/."""
    known = asset(filename)
    if known is None:
        abort(404)
    packed = request.accept_encodings["gzip"] > 0 and len(known.compressed) < len(known.content)
    response = Response(known.compressed if packed else known.content, mimetype=known.kind)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = KEPT_FOR_GOOD if request.args.get("v") == known.digest else ASKED_AGAIN
    response.set_etag(known.digest, weak=True)  # the same file, packed or not
    return response.make_conditional(request)


class _NoCookieWithAssets(SecureCookieSessionInterface):
    """Sends no session along with what anybody may keep, and does not say that it depends on one."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if request.endpoint != "static":
            super().save_session(app, session, response)
