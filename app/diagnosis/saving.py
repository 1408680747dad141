"""Saving one page while others save too: different facts merge, the same fact asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.diagnosis.draft import NOTHING, Draft, Kept, Said


@dataclass(frozen=True, slots=True)
class Merge:
    """What is to be written, and where somebody else said something different about the same fact."""

    changed: Mapping[str, Said]
    conflicts: Mapping[str, Kept]  # fact -> what the other one said


@dataclass(frozen=True, slots=True)
class Saved:
    """The outcome of one save."""

    changed: frozenset[str]
    conflicts: Mapping[str, Kept]
    draft: Draft  # with what was saved


def merge(said: Mapping[str, Said], seen: Mapping[str, Kept], newest: Mapping[str, Kept]) -> Merge:
    """Hold what was typed against what the page showed (`seen`) and what is kept now (`newest`).

    A fact that the person left as the page showed it keeps what was saved meanwhile. A fact changed by both is a
    conflict, unless both say the same.
    """
    changed: dict[str, Said] = {}
    conflicts: dict[str, Kept] = {}
    for fact, mine in said.items():
        base, theirs = _said(seen, fact), _said(newest, fact)
        if mine in (base, theirs):
            continue
        if theirs == base:
            changed[fact] = mine
        else:
            conflicts[fact] = newest[fact]
    return Merge(changed, conflicts)


def _said(kept: Mapping[str, Kept], fact: str) -> Said:
    return kept[fact].said if fact in kept else NOTHING
