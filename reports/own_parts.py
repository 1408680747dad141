"""What a report template (报告模板) adds to a report, ready to print: parts in other people's own words, a logo.

Frozen and without behaviour; `own_template.py` makes it, `html.py` and `word.py` print it. The words are the user's,
so each part carries a label that says whose they are.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OwnRun:
    """Words of one line, strong or not."""

    words: str
    strong: bool = False


OwnLine = tuple[OwnRun, ...]


@dataclass(frozen=True, slots=True)
class OwnText:
    """A paragraph, which is one line, or a list with a line for each of its things."""

    is_list: bool
    lines: tuple[OwnLine, ...]


@dataclass(frozen=True, slots=True)
class OwnPart:
    """One part in somebody's own words, with the label that says whose."""

    target: str
    title: str
    label: str
    texts: tuple[OwnText, ...]
    new_page: bool = False  # the cover and what is signed stand on pages without it


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture of an institution: PNG, so many pixels wide and high, and the words that can stand for it."""

    png: bytes
    width: int
    height: int
    alternative: str


@dataclass(frozen=True, slots=True)
class OwnCover:
    """What the cover says of the template: whose it is, and what of the standard report it does not print."""

    institution: str
    note: str
    logo: Logo | None = None
