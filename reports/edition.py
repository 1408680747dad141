"""Who issues a report, from what and when, and what the consultant brings to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact for which the consultant found something else than the firm stated."""

    subject: str
    fact: str  # its short name
    stated: str
    verified: str
    reason: str


@dataclass(frozen=True, slots=True)
class Observation:
    """What the consultant remarked on one fact."""

    subject: str
    fact: str  # its short name
    text: str


@dataclass(frozen=True, slots=True)
class Edition:
    """Who issues the report, from what and when; given by the caller, never taken from a clock."""

    day: date
    program: str  # "zhizhen 0.1.0"
    language: str = "zh"  # or "en"
    verified: bool = False  # built from the consultant's layer
    preview: bool = False  # the firm has not submitted yet
    consultant: str = ""
    organisation: str = ""  # the consultant's
    differences: tuple[Difference, ...] = ()
    observations: str = ""  # the consultant's, on the whole
    recommendations: str = ""
    remarks: tuple[Observation, ...] = ()  # the consultant's, on single facts
    letter: date | None = None  # the day on which the signed letter of truthfulness was attached
    code: str = ""  # by which anybody can check the report, in groups as it is printed; no preview has one
    address: str = ""  # of the public page about it, where the installation has an address of its own

    @property
    def has_opinion(self) -> bool:
        """Tell whether the consultant has written anything that is printed."""
        return self.verified and bool(self.observations or self.recommendations or self.remarks)
