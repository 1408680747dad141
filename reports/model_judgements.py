"""The chapters on the schemes as they are printed: each subject held against its conditions."""

from __future__ import annotations

from dataclasses import dataclass

from reports.model_pieces import Ref, State


@dataclass(frozen=True, slots=True)
class Condition:
    """One requirement held against the facts: what is asked, what is there, how far apart they are."""

    subject: str
    text: str
    now: str
    bar: str  # SVG, or nothing where no number is compared
    distance: str
    state: State
    ref: Ref
    grade: str = ""  # of a graded scheme: the grade that asks for it


@dataclass(frozen=True, slots=True)
class Judgement:
    """One subject held against one scheme."""

    title: str
    target: str
    state: State
    sentence: str
    coverage: str
    conditions: tuple[Condition, ...]  # gates, for a table
    earned: tuple[Condition, ...]  # questions and scenes that earn points or levels, for a list
    settle: tuple[str, ...]
    ref: Ref


@dataclass(frozen=True, slots=True)
class Scheme:
    """One set of criteria with the subjects it judged."""

    title: str
    target: str
    basis: str
    judgements: tuple[Judgement, ...]
