"""The chapter on the firm as it is printed: who it is, where it works, what was found otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from reports.edition import Difference
from reports.model_pieces import Pair


@dataclass(frozen=True, slots=True)
class Site:
    """A factory or workshop as listed in the profile."""

    depth: int
    name: str
    process: str
    equipment: str
    networked: str


@dataclass(frozen=True, slots=True)
class Profile:
    """Who the firm is, what it consists of, and what the consultant found otherwise."""

    rows: tuple[Pair, ...]
    sites: tuple[Site, ...]
    differences: tuple[Difference, ...]
