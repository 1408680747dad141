"""The chapter on the improvement plan as it is printed: projects, quarters, other plans, what levels cost."""

from __future__ import annotations

from dataclasses import dataclass

from reports.model_pieces import Drawing, Pair


@dataclass(frozen=True, slots=True)
class PlanRow:
    """An improvement of the plan: where and when it is done, what it costs, and why it is in."""

    name: str
    where: str
    quarters: str
    likely: str  # 万元
    cost: str  # low to high
    reason: str
    owner: str = ""  # who does it until when, where the firm has kept the plan


@dataclass(frozen=True, slots=True)
class QuarterRow:
    """What is reached when a quarter of the plan is over, at the lower bound."""

    quarter: str
    ended: str  # how many projects end in it
    spent: str  # 万元, likely, up to then
    level: str
    total: str


@dataclass(frozen=True, slots=True)
class FirstThing:
    """One of the three things to do first."""

    name: str
    what: str
    cost: str
    quarters: str
    reason: str
    proof: str


@dataclass(frozen=True, slots=True)
class OtherPlan:
    """Another plan for nearly the same money: what it costs more, what it leaves out and what it does instead."""

    title: str
    cost: str
    left_out: str
    instead: str


@dataclass(frozen=True, slots=True)
class LevelCost:
    """What a level costs at least."""

    name: str
    likely: str
    cost: str
    projects: str
    until: str
    is_goal: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """The chapter on the improvement plan."""

    headline: str
    assumptions_only: str
    basis: str
    lead: str = ""
    about: str = ""  # which plan this is: the one that the firm has kept, or another
    priced: str = ""  # whose figures the costs are, where some are not those of the catalogue
    blocked: tuple[str, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    quarters: tuple[QuarterRow, ...] = ()
    first: tuple[FirstThing, ...] = ()
    rows: tuple[PlanRow, ...] = ()
    sum: PlanRow | None = None
    others: tuple[OtherPlan, ...] = ()
    others_note: str = ""
    why_not: tuple[Pair, ...] = ()  # an obvious improvement -> why the plan does without
    frontier: tuple[LevelCost, ...] = ()
