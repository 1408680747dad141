"""The chapter on comparable firms as it is printed: values beside quartiles, and shares."""

from __future__ import annotations

from dataclasses import dataclass

from reports.model_pieces import Drawing, State


@dataclass(frozen=True, slots=True)
class PeerRow:
    """One value of the firm beside the quartiles of comparable firms."""

    depth: int  # 1 is strong, 2 stands further in, 0 is plain
    name: str
    own: str
    low: str
    median: str
    high: str
    counted: str  # how many firms are behind the quartiles
    place: str


@dataclass(frozen=True, slots=True)
class PeerShare:
    """How large a part of the comparable firms something holds of, and whether it holds of this firm."""

    name: str
    share: str
    counted: str
    here: str = ""  # of a level: that this firm is at it
    state: State | None = None  # of conditions: how this firm stands


@dataclass(frozen=True, slots=True)
class Peers:
    """The chapter on comparable firms; where there are too few, the headline says so and nothing else is there."""

    headline: str
    lead: str = ""
    total: tuple[PeerRow, ...] = ()
    levels: tuple[PeerShare, ...] = ()
    parts_title: str = ""
    drawing: Drawing | None = None
    parts: tuple[PeerRow, ...] = ()
    rates: tuple[PeerRow, ...] = ()
    met: tuple[PeerShare, ...] = ()
    how: tuple[str, ...] = ()
