"""Which pages apply to whom: the path through a questionnaire, computed from the answers and never stored.

A page is off the path only when its condition is False; while that is not known, the page is asked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from questionnaires.conditions import NOT_ASKED, Lookup, evaluate
from questionnaires.model import Page, Questionnaire, Section, Statement, Subject, SubjectKind

Line: TypeAlias = tuple[Subject, ...]  # a subject with those above it: firm, factory, workshop


def lines(firm: Subject) -> Mapping[SubjectKind, tuple[Line, ...]]:
    """Return every subject by its kind, each as the line from the firm down to it."""
    found: dict[SubjectKind, list[Line]] = {kind: [] for kind in SubjectKind}
    waiting: list[Line] = [(firm,)]
    while waiting:
        line = waiting.pop(0)
        found[line[-1].kind].append(line)
        waiting.extend((*line, part) for part in line[-1].parts)
    return {kind: tuple(those) for kind, those in found.items()}


@dataclass(frozen=True, slots=True)
class Path:
    """The pages on the path by section and subject, and what is asked there."""

    pages: Mapping[tuple[str, str], tuple[Page, ...]]  # (section id, subject key) -> pages; no entry when there is none
    asked: Mapping[str, frozenset[str]]  # subject key -> fact ids
    lines: Mapping[SubjectKind, tuple[Line, ...]]  # who is there
    questionnaire: Questionnaire

    def of(self, section: Section, subject: Subject) -> tuple[Page, ...]:
        """Return the pages of a section that apply to a subject."""
        return self.pages.get((section.id, subject.key), ())

    def lookup(self, line: Line) -> Lookup:
        """Return what is stated on the path, as `conditions.evaluate` asks for it: None where nothing is."""

        def look(name: str) -> object:
            owner = _owner(self.questionnaire, name, line)
            if owner is None or name not in self.asked.get(owner.key, ()):
                return None
            return _stated(owner.facts.get(name))

        return look


def find_path(questionnaire: Questionnaire, firm: Subject, tailored: Collection[str] = ()) -> Path:
    """Return the path that the facts of `firm` and its parts leave open.

    Answers to facts off the path are not looked at: a comparison with one is false, for the question does not arise.
    So knowing more takes pages off the path and never adds one. `tailored` are capability subdomains left out.
    """
    walk, there = _Walk(questionnaire), lines(firm)
    for section in questionnaire.sections:
        for line in there[section.of]:
            walk.through(section, line, section.subdomain is not None and section.subdomain in tailored)
    return Path(walk.pages, {key: frozenset(names) for key, names in walk.asked.items()}, there, questionnaire)


class _Walk:
    """Goes through the questionnaire in its order and remembers, for each subject, what was asked and what was not."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire
        self.pages: dict[tuple[str, str], tuple[Page, ...]] = {}
        self.asked: dict[str, set[str]] = {}
        self.skipped: dict[str, set[str]] = {}

    def through(self, section: Section, line: Line, left_out: bool) -> None:
        key = line[-1].key
        shown = []
        for page in section.pages:
            if left_out or self._is_off(page, line):
                self.skipped.setdefault(key, set()).update(page.fact_ids)
            else:
                self.asked.setdefault(key, set()).update(page.fact_ids)
                shown.append(page)
        if shown:
            self.pages[section.id, key] = tuple(shown)

    def _is_off(self, page: Page, line: Line) -> bool:
        if page.show_when is None:
            return False
        return evaluate(page.show_when, lambda name: self._look(name, line)) is False

    def _look(self, name: str, line: Line) -> object:
        owner = _owner(self.questionnaire, name, line)
        if owner is None:
            return None
        if name in self.asked.get(owner.key, ()):
            return _stated(owner.facts.get(name))
        return NOT_ASKED if name in self.skipped.get(owner.key, ()) else None


def _owner(questionnaire: Questionnaire, name: str, line: Line) -> Subject | None:
    fact = questionnaire.facts.get(name)
    return next((subject for subject in line if fact is not None and subject.kind is fact.of), None)


def _stated(statement: Statement | None) -> object:
    return None if statement is None else statement.value
