"""What a file would change: answers that are new, and those that somebody has changed since the file was made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.diagnosis.draft import NOTHING, Draft, Kept, Said
from app.diagnosis.saving import merge
from app.workbooks.cells import alike
from app.workbooks.layout import by_subject
from app.workbooks.reading import Reading, Statements
from questionnaires.answers import EntryState
from questionnaires.model import Fact


@dataclass(frozen=True, slots=True)
class Change:
    """One answer that the file would change."""

    subject_key: str
    fact: str
    new: Said
    old: Kept | None  # what counts now
    conflict: bool  # it was changed here too since the file was made

    @property
    def place(self) -> tuple[str, str]:
        """Return whose answer to what it is."""
        return self.subject_key, self.fact

    @property
    def takes_back(self) -> bool:
        """Tell whether an answer would be gone."""
        return self.new.state == EntryState.BLANK


def difference(reading: Reading, draft: Draft) -> tuple[Change, ...]:
    """Return what the file says differently from what is kept, by the rule by which pages are merged."""
    newest = by_subject(draft)
    shown = newest if reading.seen is None else by_subject(draft, reading.seen)
    return tuple(
        change
        for subject, said in reading.said.items()
        for change in _of_subject(subject, said, shown.get(subject, {}), newest.get(subject, {}), reading, draft)
    )


def _of_subject(
    subject: str,
    said: Mapping[str, Said],
    shown: Mapping[str, Kept],
    newest: Mapping[str, Kept],
    reading: Reading,
    draft: Draft,
) -> Iterator[Change]:
    facts = draft.questionnaire.facts
    if reading.from_cells:
        said = {name: _as_kept(facts.get(name), one, shown.get(name), newest.get(name)) for name, one in said.items()}
    merged = merge(said, shown, newest)
    for name, one in said.items():
        if name in merged.changed or name in merged.conflicts:
            yield Change(subject, name, one, newest.get(name), name in merged.conflicts)


def _as_kept(fact: Fact | None, said: Said, *kept: Kept | None) -> Said:
    """Return what is kept in its place where cells could not have told the two apart."""
    for one in kept:
        if one is not None and alike(fact, said, one.said):
            return one.said
    return said


def fingerprint(changes: tuple[Change, ...]) -> str:
    """Return a digest of a difference: two are the same only if the same answers would change in the same way."""
    every = sorted(_as_list(change) for change in changes)
    return hashlib.sha256(json.dumps(every, ensure_ascii=False).encode()).hexdigest()


def _as_list(change: Change) -> list[object]:
    old = change.old.said if change.old else NOTHING
    return [*change.place, *_words(change.new), *_words(old), change.conflict]


def _words(said: Said) -> tuple[str, str, str]:
    return said.state, said.value or "", said.reason or ""


def chosen(changes: tuple[Change, ...], mine: frozenset[tuple[str, str]]) -> Statements:
    """Return what is to be saved: every change, and of the conflicts those for which the file is to count."""
    said: dict[str, dict[str, Said]] = {}
    for change in changes:
        if not change.conflict or change.place in mine:
            said.setdefault(change.subject_key, {})[change.fact] = change.new
    return said
