"""The small questionnaires of `tests/questionnaires_for_tests`, and rooms written on the spot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from questionnaires.loader import load
from questionnaires.model import (
    FilledDiagnosis,
    Questionnaire,
    State,
    Statement,
    Subject,
    SubjectKind,
    Value,
)

ROOM = Path(__file__).parent.parent / "questionnaires_for_tests"


@pytest.fixture(scope="session")
def room() -> Path:
    return ROOM


@pytest.fixture(scope="session")
def small() -> Callable[[str], Questionnaire]:
    """A questionnaire made for one behaviour, by its id."""
    return lambda name: load(name, room=ROOM)


def _stated(**values: Value | int | State) -> dict[str, Statement]:
    return {name.replace("__", "."): _statement(value) for name, value in values.items()}


def _statement(value: Value | int | State) -> Statement:
    if isinstance(value, State):
        return Statement(value, reason="没有这道工序" if value is State.NOT_APPLICABLE else None)
    if isinstance(value, int) and not isinstance(value, bool):
        return Statement(State.STATED, Fraction(value))
    return Statement(State.STATED, value)


@pytest.fixture(scope="session")
def stated() -> Callable[..., dict[str, Statement]]:
    """Facts as name=value; a `__` in a name stands for a point."""
    return _stated


@pytest.fixture(scope="session")
def firm() -> Callable[..., Subject]:
    """A firm with facts, and one factory with the given workshops (name -> facts)."""

    def make(workshops: Mapping[str, Mapping[str, Statement]] | None = None, **values: Value | int | State) -> Subject:
        shops = tuple(Subject(SubjectKind.WORKSHOP, key, key, facts) for key, facts in (workshops or {}).items())
        factory = (Subject(SubjectKind.FACTORY, "f1", "一工厂", {}, shops),) if workshops is not None else ()
        return Subject(SubjectKind.FIRM, "firm", "某厂", _stated(**values), factory)

    return make


@pytest.fixture(scope="session")
def filled() -> Callable[..., FilledDiagnosis]:
    """A diagnosis of a firm on 2026-10-31."""

    def make(questionnaire: Questionnaire, firm: Subject, **tailored: str) -> FilledDiagnosis:
        return FilledDiagnosis(questionnaire.id, questionnaire.version, date(2026, 10, 31), firm, tailored)

    return make


@pytest.fixture
def write_room(tmp_path: Path) -> Callable[..., Path]:
    """Write facts/facts.yaml, coach/facts.yaml and definitions/<name>.yaml into a new folder and return it."""

    def write(facts: str, coach: str = "coach: {}\n", **definitions: str) -> Path:
        for folder, text in (("facts", facts), ("coach", coach), ("definitions", "")):
            (tmp_path / folder).mkdir(exist_ok=True)
            if text:
                (tmp_path / folder / "facts.yaml").write_text(text, encoding="utf-8")
        for name, text in definitions.items():
            (tmp_path / "definitions" / f"{name}-1.yaml").write_text(text, encoding="utf-8")
        return tmp_path

    return write
