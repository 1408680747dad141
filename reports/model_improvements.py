"""The chapters on gaps and improvements as they are printed, with costs as planning assumptions."""

from __future__ import annotations

from dataclasses import dataclass

from reports.model_pieces import Pair, Ref


@dataclass(frozen=True, slots=True)
class GapGroup:
    """The gaps of one subdomain or one scheme and subject, with what can be done about them."""

    title: str
    weight: str
    lines: tuple[Pair, ...]  # state now -> the requirements in it
    ways: str
    ref: Ref


@dataclass(frozen=True, slots=True)
class Step:
    """One improvement: what is done, what it lifts, and the planning assumptions on cost and time."""

    name: str
    what: str
    lifts: str  # what it lifts, or that others wait for it
    cost: str  # with its unit
    months: str
    proof: str
