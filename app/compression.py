"""Long pages travel compressed, about a tenth of their size: on a slow network that is what one waits for.

Short ones go as they are. Compressing them would cost the server more than it saves on the way.
"""

from __future__ import annotations

from gzip import GzipFile
from io import BytesIO
from secrets import randbelow

from flask import Flask, Response, request

LEAST_BYTES = 16_000  # a page of questions is shorter
LEVEL = 6


def register(flask_app: Flask) -> None:
    """Compress every long page for browsers that can read it so."""
    flask_app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.mimetype != "text/html" or response.direct_passthrough or response.is_streamed:
        return response
    text = response.get_data()
    if len(text) < LEAST_BYTES or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] > 0:
        response.set_data(_packed(text))
        response.headers["Content-Encoding"] = "gzip"
    return response


def _packed(text: bytes) -> bytes:
    """Compress a page; its size says nothing exact about what stands in it.

    A page holds a token and may repeat what its address says, so whoever watches sizes could guess the token letter by
    letter (BREACH). A name of random length in the head of the packet blurs them.
    """
    target = BytesIO()
    with GzipFile("-" * randbelow(100), "wb", LEVEL, target, mtime=0) as packed:
        packed.write(text)
    return target.getvalue()
