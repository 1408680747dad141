"""The decision brief as it is printed: what blocks, which conditions are met, what to do first."""

from __future__ import annotations

from dataclasses import dataclass

from reports.model_improvements import Step
from reports.model_judgements import Condition
from reports.model_pieces import Ref, State


@dataclass(frozen=True, slots=True)
class Block:
    """One of the things that block, in two sentences."""

    title: str
    text: str
    ref: Ref


@dataclass(frozen=True, slots=True)
class Standing:
    """One conclusion in the overview of the brief."""

    scheme: str
    subject: str
    state: State
    coverage: str
    ref: Ref


@dataclass(frozen=True, slots=True)
class Brief:
    """The two pages that a factory director reads."""

    headline: str
    lead: str
    ref: Ref | None
    ruler: str
    blocks: tuple[Block, ...]
    conditions: tuple[Condition, ...]
    conditions_note: str
    standings: tuple[Standing, ...]
    standings_note: str
    steps: tuple[Step, ...]
    steps_note: str
    open_lead: str
    open_facts: tuple[str, ...]
    open_ref: Ref | None
