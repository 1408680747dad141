"""The marks that join words, as the reader's language writes them."""

from __future__ import annotations

from collections.abc import Iterable

from app.presentation import language


def listed(words: Iterable[str]) -> str:
    """Return “甲、乙” or "a, b"."""
    return ("、" if language() == "zh" else ", ").join(words)


def in_turn(clauses: Iterable[str]) -> str:
    """Return “甲；乙” or "a; b"."""
    return ("；" if language() == "zh" else "; ").join(clauses)


def bracketed(words: str, more: str) -> str:
    """Return “甲（乙）” or "a (b)"; only the words when there is nothing more to say."""
    if not more:
        return words
    return f"{words}（{more}）" if language() == "zh" else f"{words} ({more})"


def with_colon(head: str, rest: str) -> str:
    """Return “甲：乙” or "a: b"; only the rest when there is no head."""
    if not head:
        return rest
    return f"{head}：{rest}" if language() == "zh" else f"{head}: {rest}"
