"""The small pieces that chapters are made of: a reference, a state, a picture, a name with its value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ref:
    """The short reference printed beside a sentence, and the place in the annex it leads to."""

    label: str
    target: str


@dataclass(frozen=True, slots=True)
class State:
    """Shape, word and key ("met", "gap", "open", "none") of a conclusion."""

    mark: str
    word: str
    key: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """One picture that is drawn already: its message as title, and SVG with its text alternative inside."""

    title: str
    svg: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A name with its value."""

    name: str
    value: str
