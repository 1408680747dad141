"""What people say and sign as it is printed: the opinion, the signatures, the letter of truthfulness."""

from __future__ import annotations

from dataclasses import dataclass

from reports.edition import Observation
from reports.model_pieces import Pair


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the consultant observed and recommends, as written, paragraph by paragraph."""

    observations: tuple[str, ...]
    recommendations: tuple[str, ...]
    remarks: tuple[Observation, ...]


@dataclass(frozen=True, slots=True)
class Party:
    """Who signs: the name where it is known, what is written on each line, and whether a seal belongs beside it."""

    role: str
    name: str
    lines: tuple[str, ...]
    sealed: bool


@dataclass(frozen=True, slots=True)
class Signatures:
    """The places for signatures and seals, under what is signed."""

    statement: str
    parties: tuple[Party, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """The letter in which a firm vouches for its answers (真实性承诺书), on a page of its own."""

    lang: str
    title: str
    rows: tuple[Pair, ...]
    opening: str
    points: tuple[str, ...]
    party: Party
    note: str
    aid_only: str
