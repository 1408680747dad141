"""Whether two PDFs hold the same report: its letters, counted over all pages, its tables and its charts.

Lines and pages end elsewhere in each, so each page is read without its head and foot.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from io import BytesIO

import pymupdf
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

HEAD_PT, FOOT_PT = 62, 790  # between them stands what is read


class NotTheSame(Exception):
    """The yardstick prints another report; a figure beside it would mean nothing."""


def check(html: str, ours: bytes, theirs: bytes) -> float:
    """Return which share of letters is common to both, at least 99 % of each; raises NotTheSame."""
    mine, other = _letters(ours), _letters(theirs)
    both = (mine & other).total()
    share = min(both / mine.total(), both / other.total())
    if share < 0.99:
        raise NotTheSame(f"only {share:.1%} of the letters are common to both: {(mine - other) | (other - mine)}")
    for tag, element in (("/Table", "<table"), ("/Figure", "<svg")):
        asked, printed = html.count(element), Counter(_tags(theirs))[tag]
        if printed != asked or Counter(_tags(ours))[tag] < asked:
            raise NotTheSame(f"{asked} of {element}>, {printed} of {tag} in typst's PDF")
    return share


def _letters(pdf: bytes) -> Counter[str]:
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        first, *pages = (
            page.get_text(clip=pymupdf.Rect(0, 0 if page.number == 0 else HEAD_PT, 596, FOOT_PT)) for page in document
        )
    return Counter(re.sub(r"\s", "", first + "".join(pages)))


def _tags(pdf: bytes) -> Iterator[str]:
    pending = [PdfReader(BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]]
    while pending:
        node = pending.pop().get_object()
        if isinstance(node, DictionaryObject):
            yield str(node.get("/S", ""))
            below = node.get("/K", [])
            pending += [one for one in (below if isinstance(below, list) else [below]) if not isinstance(one, int)]
