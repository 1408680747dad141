"""The sources and the annexes as they are printed: how each conclusion follows, and every answer."""

from __future__ import annotations

from dataclasses import dataclass

from reports.model_pieces import Pair, Ref


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One document that rules were taken from, and how sure we are of it."""

    title: str
    since: str
    read_at: str
    confidence: str


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """One step of a derivation: depth 1 to 3, what is concluded, from which rule, resting on which answers."""

    depth: int
    target: str
    ref: str
    text: str
    state: str
    rule: str
    rests_on: str


@dataclass(frozen=True, slots=True)
class Derivation:
    """How one conclusion came about."""

    ref: Ref
    title: str
    conclusion: str
    lines: tuple[ReasonLine, ...]


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """The answers of one section: practices gathered by degree of satisfaction, measured facts one after another."""

    title: str
    practices: tuple[Pair, ...]  # degree -> the practices answered with it
    measured: tuple[Pair, ...]
    evidence: tuple[Pair, ...] = ()  # fact -> the names of the files that show it


@dataclass(frozen=True, slots=True)
class AnswerSection:
    """All answers about one subject; unknown and blank facts are named apart."""

    title: str
    groups: tuple[AnswerGroup, ...]
    unknown: str
    blank: str
