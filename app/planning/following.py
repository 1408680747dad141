"""How far a saved plan is on a day: what is late, what this quarter is for, and which steps somebody asks to see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from app.planning.asked import ends
from app.planning.models import PlanStep, Progress, SavedPlan
from scoring.quarters import last_day

OPEN = frozenset({Progress.NOT_STARTED, Progress.UNDER_WAY})  # nobody has said that these are over
NEXT = {Progress.NOT_STARTED: Progress.UNDER_WAY, Progress.UNDER_WAY: Progress.DONE}  # what one press makes of it
SHOW, OWNER = "show", "owner"  # what follows ? in an address


class Show(StrEnum):
    """Which steps of a plan are shown."""

    ALL = "all"
    OPEN = "open"
    LATE = "late"
    QUARTER = "quarter"  # planned in this quarter, or due in it
    UNOWNED = "unowned"  # nobody sees to them yet


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody asks to see; no owner is everybody."""

    show: Show = Show.ALL
    owner: str = ""

    @property
    def address(self) -> dict[str, Any]:
        """What follows ? in an address."""
        return {SHOW: self.show.value if self.show is not Show.ALL else None, OWNER: self.owner or None}


def chosen_in(args: Mapping[str, str]) -> Chosen:
    """Read what somebody asks to see; what is no such thing shows all."""
    asked = args.get(SHOW, "")
    return Chosen(Show(asked) if asked in list(Show) else Show.ALL, args.get(OWNER, ""))


def is_late(step: PlanStep, day: date) -> bool:
    """Tell whether a step should be over by now and is not."""
    return step.progress in OPEN and step.due is not None and step.due < day


def is_of_quarter(step: PlanStep, begins: date, day: date) -> bool:
    """Tell whether a step is planned in the quarter of `day`, or due in it."""
    if step.progress is Progress.DROPPED:
        return False
    this = last_day(day)
    planned = ends(begins, step.start) <= this <= ends(begins, step.end)
    return planned or (step.due is not None and last_day(step.due) == this)


def shown(plan: SavedPlan, show: Show, day: date) -> list[PlanStep]:
    """Return the steps of one kind, in their order."""
    kinds = {
        Show.ALL: lambda step: True,
        Show.OPEN: lambda step: step.progress in OPEN,
        Show.LATE: lambda step: is_late(step, day),
        Show.QUARTER: lambda step: is_of_quarter(step, plan.begins, day),
        Show.UNOWNED: lambda step: not step.owner and step.progress in OPEN,
    }
    return [step for step in plan.steps if kinds[show](step)]


def asked_for(plan: SavedPlan, chosen: Chosen, day: date) -> list[PlanStep]:
    """Return the steps that somebody asks to see."""
    return [step for step in shown(plan, chosen.show, day) if chosen.owner in ("", step.owner)]


def owners(plan: SavedPlan) -> dict[str, int]:
    """Return who sees to how many steps, as the plan names them first."""
    return dict(Counter(step.owner for step in plan.steps if step.owner))


@dataclass(frozen=True, slots=True)
class Count:
    """How many steps there are, and how far."""

    steps: int
    by: Mapping[Progress, int]
    late: int

    @property
    def is_over(self) -> bool:
        """Tell whether nothing is left to do."""
        return not any(self.by[progress] for progress in OPEN)


def count(steps: Sequence[PlanStep], day: date) -> Count:
    """Count steps by how far they are."""
    by = Counter(step.progress for step in steps)
    late = sum(is_late(step, day) for step in steps)
    return Count(len(steps), {progress: by[progress] for progress in Progress}, late)


def beside(plan: SavedPlan, step: PlanStep) -> tuple[PlanStep | None, PlanStep | None]:
    """Return the step before and the one after."""
    steps = list(plan.steps)
    place = next(number for number, one in enumerate(steps) if one.id == step.id)
    return (steps[place - 1] if place else None), (steps[place + 1] if place + 1 < len(steps) else None)
