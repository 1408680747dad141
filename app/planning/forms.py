"""The form of a step: what somebody said, what it showed when it was drawn, how it comes back when refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.errors import Refused
from app.planning.asked import day_from
from app.planning.models import PlanStep

FIELDS = ("owner", "due", "progress", "note")
SEEN = "seen-"  # and the name of a field: what it showed


def said_in(form: Mapping[str, str]) -> dict[str, object]:
    """Return what was said about a step, as far as the form asked. Raises Refused for a day that is none."""
    return _read({name: form[name] for name in FIELDS if name in form})


def seen_in(form: Mapping[str, str]) -> dict[str, object]:
    """Return what the form showed of the step; nothing of a field about which it does not say so."""
    shown = {name: form[SEEN + name] for name in FIELDS if SEEN + name in form}
    try:
        return _read(shown)
    except Refused:  # no form of ours says so
        return {name: words for name, words in shown.items() if name != "due"}


def _read(typed: Mapping[str, str]) -> dict[str, object]:
    return {name: day_from(words) if name == "due" else words for name, words in typed.items()}


@dataclass(frozen=True, slots=True)
class StepForm:
    """What stands in the form of a step, and what it says that it showed."""

    typed: Mapping[str, str]
    seen: Mapping[str, str]


def form_of(step: PlanStep) -> StepForm:
    """Return the form as it is opened."""
    due = step.due.isoformat() if step.due else ""
    kept = {"owner": step.owner, "due": due, "progress": step.progress.value, "note": step.note}
    return StepForm(kept, kept)


def form_again(step: PlanStep, form: Mapping[str, str], compared: bool) -> StepForm:
    """Return the form as it comes back: with what was typed, and with what others saved where nothing was.

    What both changed stays marked as not seen, unless the page shows it now beside what was typed (`compared`).
    """
    kept = form_of(step).typed
    typed, seen = dict(kept), dict(kept)
    for name in FIELDS:
        mine, base = form.get(name, kept[name]), form.get(SEEN + name, kept[name])
        if mine != base:
            typed[name] = mine
            seen[name] = kept[name] if compared else base
    return StepForm(typed, seen)
