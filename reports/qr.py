"""An address as a QR code: the only file that knows segno."""

from __future__ import annotations

from io import BytesIO

import segno

QUIET = 4  # modules of white around the code, as ISO/IEC 18004 asks for


def qr_code(address: str, title: str, quiet: int = QUIET) -> str:
    """Return the code as SVG with its text alternative inside and without a style of its own."""
    drawn, code = BytesIO(), segno.make(address, micro=False, error="m")
    plain = {"xmldecl": False, "nl": False, "omitsize": True, "lineclass": None}  # a part of a page, not a file
    code.save(drawn, kind="svg", scale=4, border=quiet, svgclass="qr", title=title, **plain)
    return drawn.getvalue().decode()
