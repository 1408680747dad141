"""Stated entries -> Facts: the newest counts, what is off the path is kept but does not count.

Stated, not known (不清楚), not applicable (不适用) and blank stay four different things.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from questionnaires.model import (
    Fact,
    FactKind,
    Facts,
    FilledDiagnosis,
    Questionnaire,
    State,
    Statement,
    Subject,
    Text,
    Value,
)
from questionnaires.path import Path, find_path
from questionnaires.values import AnswerFault, decimal_text


class Layer(StrEnum):
    """Whose statements: the firm's own, or those that a consultant verified."""

    STATED = "stated"
    VERIFIED = "verified"


class EntryState(StrEnum):
    """What an entry says; BLANK takes back what the same layer said before."""

    STATED = "stated"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Entry:
    """One statement about one fact of one subject, as it is kept; the highest revision counts."""

    subject_key: str
    fact: str
    revision: int
    layer: str  # a Layer
    state: str  # an EntryState
    value: str | None = None  # JSON text, see `to_text`; present only when stated
    reason: str | None = None
    evidence: tuple[str, ...] = ()


_AS_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def to_text(value: Value) -> str:
    """Return `value` as the JSON text that is kept: 120, "7.5", "1/3", true, ["a","b"], "2026-10-31". Never a float."""
    if isinstance(value, Fraction):
        return str(value.numerator) if value.denominator == 1 else json.dumps(decimal_text(value) or str(value))
    if isinstance(value, date):
        return json.dumps(value.isoformat())
    return _AS_JSON.encode(value)


def from_text(fact: Fact, text: str) -> Value:
    """Return the value that `to_text` made `text` of, for `fact`. Raises AnswerFault when it is none.

    The range is not asked again: what was accepted once stays readable.
    """
    try:
        return _restored(fact.kind, text)
    except (ValueError, TypeError, ZeroDivisionError) as error:
        said = Text(
            f"{fact.label.zh}：存储的答案无法读取（{text}）。请重新填写这一项。",
            f"{fact.label.en}: the answer kept cannot be read ({text}). Please answer it again.",
        )
        raise AnswerFault(said) from error


@lru_cache(maxsize=4096)  # a whole diagnosis is read after every save, and most of its answers are of the same few
def _restored(kind: FactKind, text: str) -> Value:
    kept = json.loads(text)
    if kind is FactKind.NUMBER and isinstance(kept, (int, str)) and not isinstance(kept, bool):
        return Fraction(kept)
    if kind is FactKind.YES_NO and isinstance(kept, bool):
        return kept
    if kind is FactKind.CHOICES and isinstance(kept, list) and all(isinstance(code, str) for code in kept):
        return tuple(sorted(kept))
    if kind is FactKind.DATE and isinstance(kept, str):
        return date.fromisoformat(kept)
    if kind in (FactKind.PRACTICE, FactKind.CHOICE, FactKind.TEXT) and isinstance(kept, str):
        return kept
    raise TypeError(f"{kept!r} is no {kind}")


def facts_on_path(
    questionnaire: Questionnaire,
    entries: Iterable[Entry],
    firm: Subject,
    tailored: Collection[str] = (),
    layer: str = Layer.STATED,
) -> Subject:
    """Return `firm` (a tree of subjects without facts) with the facts that count.

    Newest entry wins. Layer "verified": the verified statement where there is one, else the firm's own.
    Facts the questionnaire does not ask, and those off the path, do not count. Raises AnswerFault for a broken entry.
    """
    return facts_and_path(questionnaire, entries, firm, tailored, layer)[0]


def facts_and_path(
    questionnaire: Questionnaire,
    entries: Iterable[Entry],
    firm: Subject,
    tailored: Collection[str] = (),
    layer: str = Layer.STATED,
) -> tuple[Subject, Path]:
    """Return what `facts_on_path` returns, and the path itself for those who need both. Raises AnswerFault."""
    newest = _newest(entries, layer)
    full = _with_facts(firm, {key: _statements(questionnaire, those) for key, those in newest.items()})
    path = find_path(questionnaire, full, tailored)
    return _only_asked(full, path), path


def on_path(questionnaire: Questionnaire, filled: FilledDiagnosis) -> FilledDiagnosis:
    """Return `filled` with only the facts that count: those on the path."""
    return replace(filled, firm=_only_asked(filled.firm, find_path(questionnaire, filled.firm, filled.tailored)))


def with_evidence(filled: FilledDiagnosis, names: Mapping[tuple[str, str], tuple[str, ...]]) -> FilledDiagnosis:
    """Return `filled` with the names of the files that show each fact: (subject key, fact) -> names.

    A file about a fact that is blank or off the path is not named: there is no statement that it could show.
    """
    return replace(filled, firm=_shown_by(filled.firm, names)) if names else filled


def _shown_by(subject: Subject, names: Mapping[tuple[str, str], tuple[str, ...]]) -> Subject:
    facts = {
        name: replace(statement, evidence=names.get((subject.key, name), statement.evidence))
        for name, statement in subject.facts.items()
    }
    return replace(subject, facts=facts, parts=tuple(_shown_by(part, names) for part in subject.parts))


def _newest(entries: Iterable[Entry], layer: str) -> dict[str, dict[str, Entry]]:
    """Return subject key -> fact -> the entry that counts; verified before stated when verified is asked for."""
    by_layer: dict[tuple[str, str, str], Entry] = {}
    for entry in entries:
        place = (entry.layer, entry.subject_key, entry.fact)
        if place not in by_layer or by_layer[place].revision <= entry.revision:
            by_layer[place] = entry
    chosen: dict[str, dict[str, Entry]] = {}
    for wanted in (Layer.STATED, Layer.VERIFIED) if layer == Layer.VERIFIED else (Layer.STATED,):
        for (its_layer, key, fact), entry in by_layer.items():
            if its_layer == wanted and entry.state != EntryState.BLANK:
                chosen.setdefault(key, {})[fact] = entry
    return chosen


def _statements(questionnaire: Questionnaire, entries: Mapping[str, Entry]) -> Facts:
    facts = questionnaire.facts
    return {name: _statement(facts[name], entry) for name, entry in entries.items() if name in facts}


def _statement(fact: Fact, entry: Entry) -> Statement:
    value = from_text(fact, entry.value or "") if entry.state == EntryState.STATED else None
    return Statement(State(entry.state), value, entry.reason, entry.evidence)


def _with_facts(subject: Subject, facts: Mapping[str, Facts]) -> Subject:
    parts = tuple(_with_facts(part, facts) for part in subject.parts)
    return replace(subject, facts=facts.get(subject.key, {}), parts=parts)


def _only_asked(subject: Subject, path: Path) -> Subject:
    asked = path.asked.get(subject.key, frozenset())
    facts = {name: statement for name, statement in subject.facts.items() if name in asked}
    return replace(subject, facts=facts, parts=tuple(_only_asked(part, path) for part in subject.parts))
