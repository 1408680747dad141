"""A contradiction in words: what the check says, with the figures. Which checks fail is found in `progress.py`."""

from __future__ import annotations

from typing import Any

from questionnaires.model import Fact, Text, Total
from questionnaires.progress import Contradiction, Figure
from questionnaires.values import show_number, show_value

_AT_LEAST = Text("至少 ", "at least ")  # of a total of which some parts are not known


def sentence(found: Contradiction, language: str) -> str:
    """Say in `language` ("zh" or "en") what contradicts what."""
    figures = [_figure(one, language) for one in found.said]
    said = str(getattr(found.check.say, language))
    if not figures:
        return said
    return said + (f"{'，'.join(figures)}。" if language == "zh" else f" {', '.join(figures)}.")


def _figure(one: Figure, language: str) -> str:
    label = one.of.text if isinstance(one.of, Total) else one.of.label
    return f"{getattr(label, language)} {_shown(one.of, one.value, language)}"


def _shown(of: Fact | Total, value: Any, language: str) -> str:
    if value is None:
        return "—"
    if isinstance(of, Fact):
        return show_value(of, value, language)
    unit, is_open = of.facts[0].unit, isinstance(value, tuple)
    shown = show_number(value[0] if is_open else value)
    before, after = getattr(_AT_LEAST, language) if is_open else "", f" {getattr(unit, language)}" if unit else ""
    return f"{before}{shown}{after}"
