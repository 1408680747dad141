"""All files together: facts nobody asks or asks twice, pages that can never be shown, comparisons of unlike things.

Each file by itself is already checked while it is read; its faults are listed here too. What is explained is held
against it in `coach_lint.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise, product
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias

from questionnaires import recall
from questionnaires.coach_lint import Explained
from questionnaires.conditions import comparisons, names_in
from questionnaires.facts import ROOM, read_facts
from questionnaires.lists import list_for
from questionnaires.loader import read_with_all_faults
from questionnaires.model import (
    AnyOf,
    Check,
    Comparison,
    Condition,
    Degree,
    Fact,
    FactKind,
    Page,
    Questionnaire,
    Section,
    SubjectKind,
    Text,
    Total,
)
from questionnaires.yaml_file import DefinitionError, Located, read_with_faults, short_name

MOST_QUESTIONS: Final = 12  # on one page
_MOST_WAYS: Final = 4096  # of making a condition true, looked through one by one
_ABOVE: Final = {kind: rank for rank, kind in enumerate(SubjectKind)}  # a firm is above its factories and workshops
NO_TOTALS: Final[Mapping[str, Fact]] = MappingProxyType({})
Term: TypeAlias = tuple[Comparison, ...]  # comparisons that have to be true together


def lint_questionnaires(room: Path = ROOM) -> list[str]:
    """Return every fault of the facts, questionnaires and explanations in `room`: file, line, what, what to do."""
    facts, faults = read_facts(room / "facts")
    explained, found = Explained(room / "coach"), list(faults)
    asked: set[str] = set()
    ratios: set[str] = set()
    for path in sorted((room / "definitions").glob("*.yaml")):
        questionnaire, tree, its_faults = read_with_all_faults(path, facts)
        found.extend(its_faults)
        if questionnaire is not None and tree is not None:
            asked |= set(questionnaire.facts)
            ratios |= _ratios_of(questionnaire)
            found.extend(_Sheet(questionnaire, tree, facts, explained.ids).faults())
    found.extend(_of_dictionary(room / "facts", facts, asked, explained.ids))
    found.extend(explained.faults(facts, ratios))
    return [str(fault) for fault in found]


def _ratios_of(questionnaire: Questionnaire) -> set[str]:
    pages = (page for section in questionnaire.sections for page in section.pages)
    return {question.indicator for page in pages for question in page.questions if question.indicator}


def _of_dictionary(
    folder: Path, facts: Mapping[str, Fact], asked: set[str], explained: set[str]
) -> Iterator[DefinitionError]:
    for path in sorted(folder.glob("*.yaml")):
        tree, _ = read_with_faults(path.read_bytes(), short_name(path))
        nodes = tree.get("facts") if isinstance(tree, Located) else None
        for name, node in nodes.items() if isinstance(nodes, Located) else ():
            if name not in facts:
                continue
            yield from _of_fact(node, facts[name], name in asked)
            if facts[name].kind is FactKind.PRACTICE and name not in explained:
                yield node.fault(f"nobody explains the practice “{name}”.", f"Explain it in coach/{path.name}.")


def _of_fact(node: Located, fact: Fact, is_asked: bool) -> Iterator[DefinitionError]:
    if not is_asked:
        yield node.fault(f"no questionnaire asks “{fact.id}”.", "List it on a page, or remove it.")
    yield from _faults_of_texts(node, _texts_of(fact))


def _texts_of(fact: Fact) -> list[Text]:
    several = [fact.label, fact.ask, fact.definition, fact.unit, *(o.text for o in fact.options), *fact.evidence]
    return [text for text in several if text is not None]


def _faults_of_texts(node: Located, texts: Sequence[Text]) -> Iterator[DefinitionError]:
    for text in dict.fromkeys(texts):
        if re.search(r"[\u4e00-\u9fff]", text.en):
            yield node.fault(f"the English text “{text.en}” holds Chinese.", "Write it in English.")


@dataclass(frozen=True, slots=True)
class _Place:
    """A page with its section and the entry of the file it was read from."""

    section: Section
    page: Page
    node: Located


class _Sheet:
    """One questionnaire with what its pages depend on."""

    def __init__(
        self, questionnaire: Questionnaire, tree: Located, facts: Mapping[str, Fact], explained: set[str]
    ) -> None:
        self.questionnaire, self.facts, self.explained = questionnaire, facts, explained
        self.list_nodes = {node.get("id"): node for node in tree.tables("lists")}
        nodes = {(s.get("id"), p.get("id")): p for s in tree.tables("sections") for p in s.tables("pages")}
        self.places = [_Place(s, p, nodes[s.id, p.id]) for s in questionnaire.sections for p in s.pages]
        self.asked_on: dict[str, int] = {}  # fact -> place of the page that asks it first
        for place, one in enumerate(self.places):
            for name in one.page.fact_ids:
                self.asked_on.setdefault(name, place)

    def faults(self) -> Iterator[DefinitionError]:
        yield from self._lists()
        for number, place in enumerate(self.places):
            yield from self._asked_twice(number, place)
            yield from self._too_long(place)
            yield from self._unexplained(place)
            yield from self._conditions(number, place)
            yield from self._recalled(number, place)
            yield from _faults_of_texts(place.node, _texts_of_page(place.page))

    def _lists(self) -> Iterator[DefinitionError]:
        """Whether every fact that a list counts is asked, by one list only, and every list belongs to a question."""
        questions = [question for place in self.places for question in place.page.questions]
        used = {one.id for question in questions if (one := list_for(self.questionnaire, question))}
        counted: set[str] = set()
        for one in self.questionnaire.lists:
            node, names = self.list_nodes[one.id], [column.fact.id for column in one.columns]
            for name in names:
                if name not in self.asked_on:
                    yield node.fault(f"“{name}” is not asked in this questionnaire.", "Ask it, or drop the column.")
                if name in counted:
                    yield node.fault(f"another list counts “{name}” too.", "Count a fact from one list only.")
            counted.update(names)
            if one.id not in used:
                said = "no question with an indicator asks only facts of the list."
                yield node.fault(said, "Name the indicator of the question, or remove the list.")
            yield from _faults_of_texts(node, [one.title, one.name, one.detail, *(c.text for c in one.columns)])

    def _asked_twice(self, number: int, place: _Place) -> Iterator[DefinitionError]:
        names = place.page.fact_ids
        for position, name in enumerate(names):
            if self.asked_on[name] != number or name in names[:position]:
                first = self.places[self.asked_on[name]]
                said = f"“{name}” is asked before, on {first.section.id}.{first.page.id}."
                yield place.node.fault(said, "Ask it once; other rules read the same answer.", "ask")

    def _too_long(self, place: _Place) -> Iterator[DefinitionError]:
        if (count := len(place.page.questions)) > MOST_QUESTIONS:
            said = f"{count} questions on one page."
            yield place.node.fault(said, f"Divide it: at most {MOST_QUESTIONS}.", "ask")

    def _unexplained(self, place: _Place) -> Iterator[DefinitionError]:
        for question, node in zip(place.page.questions, place.node.rows("ask"), strict=True):
            if question.indicator and question.indicator not in self.explained:
                said = f"nobody explains the ratio “{question.indicator}”."
                yield node.fault(said, "Explain it in coach/ratios.yaml.", "indicator")

    def _conditions(self, number: int, place: _Place) -> Iterator[DefinitionError]:
        for check, node in zip(place.page.checks, place.node.tables("checks"), strict=True):
            totals = {total.name: _as_fact(total) for total in check.totals}
            yield from self._of_one(check.that, place, node.table("that"), number, totals)
            yield from self._totals(check, place, node)
        if (condition := place.page.show_when) is None:
            return
        node = place.node.table("show_when")
        faults = list(self._of_one(condition, place, node, number - 1))
        yield from faults
        if not faults and not self._can_be_shown(number):
            said = "the page can never be shown: no answers make the condition true."
            yield place.node.fault(said, "Correct the condition, or remove the page.", "show_when")

    def _totals(self, check: Check, place: _Place, node: Located) -> Iterator[DefinitionError]:
        """Whether every total is compared, and adds up what is asked of those below the subject of its page."""
        for total in check.totals:
            if total.name not in names_in(check.that):
                yield node.fault(f"the total “{total.name}” is not compared.", "Compare it, or remove it.", "totals")
            for fact in total.facts:
                if fact.id not in self.asked_on:
                    said = f"“{fact.id}” is not asked in this questionnaire."
                    yield node.fault(said, "Ask it, or leave it out.", "totals")
                if _ABOVE[fact.of] <= _ABOVE[place.section.of]:
                    said = f"“{fact.id}” is stated for each {fact.of}, which is not below the {place.section.of}."
                    yield node.fault(said, "Add up facts of those below; name the others directly.", "totals")
            yield from _faults_of_texts(node, [total.text])

    def _of_one(
        self, condition: Condition, place: _Place, node: Located, last: int, totals: Mapping[str, Fact] = NO_TOTALS
    ) -> Iterator[DefinitionError]:
        for comparison in comparisons(condition):
            if complaint := _unlike(comparison, {**self.facts, **totals}):
                yield node.fault(*complaint)
        for name in sorted(names_in(condition) - totals.keys()):
            if complaint := self._out_of_reach(name, place, last):
                yield node.fault(*complaint)

    def _recalled(self, number: int, place: _Place) -> Iterator[DefinitionError]:
        """Whether every answer that a wording names is known before: asked on an earlier page, of somebody in reach."""
        for text in recall.recalled_on(place.page):
            for name in sorted(recall.names_in(text)):
                if complaint := self._out_of_reach(name, place, number - 1):
                    yield place.node.fault(*complaint)

    def _out_of_reach(self, name: str, place: _Place, last: int) -> tuple[str, str] | None:
        if name not in self.asked_on:
            return f"“{name}” is not asked in this questionnaire.", "Ask it on an earlier page, or leave it out."
        if _ABOVE[self.facts[name].of] > _ABOVE[place.section.of]:
            return (
                f"“{name}” is stated for each {self.facts[name].of}, this page is about the {place.section.of}.",
                "Compare facts of the same subject, or of one above it.",
            )
        if self.asked_on[name] > last:
            return f"“{name}” is asked only later.", "Ask it on an earlier page."
        return None

    def _can_be_shown(self, number: int) -> bool:
        """Whether some answers show the page, and show the pages on which those answers are given."""
        terms = _ways(self._whole_condition(number, set()))
        return terms is None or any(_possible(term, self.facts) for term in terms)

    def _whole_condition(self, number: int, seen: set[int]) -> tuple[Condition, ...]:
        condition = self.places[number].page.show_when
        if condition is None or number in seen:
            return ()
        seen.add(number)
        behind = {self.asked_on[name] for name in names_in(condition) if _is_needed(name, condition)}
        return (condition, *(inner for page in sorted(behind) for inner in self._whole_condition(page, seen)))


def _as_fact(total: Total) -> Fact:
    """Return a total as the number that it is compared as; a count of yes has no unit."""
    first = total.facts[0]
    unit = first.unit if first.kind is FactKind.NUMBER else None
    return replace(first, id=total.name, kind=FactKind.NUMBER, unit=unit, min=None, max=None)


def _texts_of_page(page: Page) -> list[Text]:
    several = [page.title, page.lead, *(c.say for c in page.checks)]
    several += recall.recalled_on(page)
    own = [question for question in page.questions if question.text is not question.facts[0].ask]  # not the fact's
    several += [text for question in own for text in (question.text, question.help)]
    return [text for text in several if text is not None]


def _is_needed(name: str, condition: Condition) -> bool:
    """Whether no part of the condition can be true without `name` being asked."""
    if isinstance(condition, Comparison):
        return name in names_in(condition)
    several = all if isinstance(condition, AnyOf) else any
    return several(_is_needed(name, part) for part in condition.parts)


# --- comparing like with like -----------------------------------------------------------------------------------------


def _unlike(comparison: Comparison, facts: Mapping[str, Fact]) -> tuple[str, str] | None:
    left = facts[comparison.left]
    if comparison.right_is_name:
        return _unlike_facts(comparison, left, facts[str(comparison.right)])
    return _unlike_value(comparison, left) or _unordered(comparison, left)


def _unlike_facts(comparison: Comparison, left: Fact, right: Fact) -> tuple[str, str] | None:
    if left.id == right.id:
        return f"“{left.id}” is compared with itself.", "Name another fact on one side."
    if left.kind is not right.kind:
        return f"“{left.id}” is a {left.kind}, “{right.id}” a {right.kind}.", "Compare like with like."
    if left.unit and right.unit and left.unit.zh != right.unit.zh:
        return f"“{left.id}” is in {left.unit.zh}, “{right.id}” in {right.unit.zh}.", "Compare the same unit."
    return _unordered(comparison, left)


_MEANT: Final[Mapping[FactKind, Callable[[Fact, object], bool]]] = {
    FactKind.NUMBER: lambda _, right: isinstance(right, Fraction),
    FactKind.YES_NO: lambda _, right: isinstance(right, bool),
    FactKind.PRACTICE: lambda _, right: right in [degree.value for degree in Degree],
    FactKind.CHOICE: lambda fact, right: right in [option.code for option in fact.options],
    FactKind.CHOICES: lambda fact, right: right in [option.code for option in fact.options],
    FactKind.TEXT: lambda _, right: isinstance(right, str),
    FactKind.DATE: lambda _, __: False,
}
_WRITE: Final[Mapping[FactKind, str]] = {
    FactKind.NUMBER: "Write a number.",
    FactKind.YES_NO: "Write true or false.",
    FactKind.PRACTICE: "Write full, mostly, partly or none.",
    FactKind.CHOICE: "Write the code of one of its options.",
    FactKind.CHOICES: "Write the code of one of its options.",
    FactKind.TEXT: "Write a text.",
    FactKind.DATE: "Compare a date with another date fact.",
}


def _unlike_value(comparison: Comparison, fact: Fact) -> tuple[str, str] | None:
    if _MEANT[fact.kind](fact, comparison.right):
        return None
    return f"“{fact.id}” is a {fact.kind} and cannot be compared with “{comparison.right}”.", _WRITE[fact.kind]


def _unordered(comparison: Comparison, fact: Fact) -> tuple[str, str] | None:
    if comparison.operator == "==" or fact.kind in (FactKind.NUMBER, FactKind.DATE, FactKind.PRACTICE):
        return None
    return f"a {fact.kind} like “{fact.id}” has no order.", "Compare it with ==."


# --- can it ever be true? ---------------------------------------------------------------------------------------------


def _ways(conditions: Sequence[Condition]) -> list[Term] | None:
    """Return the ways in which all conditions are true at once, None when there are too many to look through."""
    several = [_ways_of(condition) for condition in conditions]
    total = 1
    for ways in several:
        if ways is None or (total := total * len(ways)) > _MOST_WAYS:
            return None
    return [sum(term, ()) for term in product(*(ways for ways in several if ways is not None))]


def _ways_of(condition: Condition) -> list[Term] | None:
    if isinstance(condition, Comparison):
        return [(condition,)]
    if not isinstance(condition, AnyOf):
        return _ways(condition.parts)
    several = [_ways_of(part) for part in condition.parts]
    return None if None in several else [term for ways in several if ways is not None for term in ways]


def _possible(term: Term, facts: Mapping[str, Fact]) -> bool:
    """Whether some value of each single fact satisfies all its comparisons; comparisons of two facts are let pass."""
    by_fact: dict[str, list[Comparison]] = {}
    for comparison in term:
        if not comparison.right_is_name:
            by_fact.setdefault(comparison.left, []).append(comparison)
    return all(_some_value(facts[name], several) for name, several in by_fact.items())


def _some_value(fact: Fact, several: Sequence[Comparison]) -> bool:
    if fact.kind is FactKind.NUMBER:
        return _some_number(fact, several)
    if fact.kind is FactKind.CHOICES:
        return not _excluded(fact, {comparison.right for comparison in several})
    if fact.kind is FactKind.PRACTICE:
        ranks = list(reversed([degree.value for degree in Degree]))
        return any(all(_holds(ranks.index(d), c.operator, ranks.index(str(c.right))) for c in several) for d in ranks)
    return len({comparison.right for comparison in several}) == 1


def _excluded(fact: Fact, codes: set[Fraction | bool | str]) -> bool:
    return len(codes) > 1 and any(option.alone and option.code in codes for option in fact.options)


def _some_number(fact: Fact, several: Sequence[Comparison]) -> bool:
    """Whether a number in the range of the fact satisfies all: tried at, between and beyond the ends."""
    limits = [(c.operator, c.right) for c in several if isinstance(c.right, Fraction)]
    limits += [(">=", fact.min)] if fact.min is not None else []
    limits += [("<=", fact.max)] if fact.max is not None else []
    ends = sorted({end for _, end in limits})
    tried = {ends[0] - 1, *ends, *((low + high) / 2 for low, high in pairwise(ends)), ends[-1] + 1}
    if fact.whole:
        tried = {Fraction(whole) for number in tried for whole in range(number // 1 - 1, number // 1 + 3)}
    return any(all(_holds(number, operator, end) for operator, end in limits) for number in tried)


def _holds(left: Fraction | int, operator: str, right: Fraction | int) -> bool:
    return {
        "==": left == right,
        ">=": left >= right,
        "<=": left <= right,
        ">": left > right,
        "<": left < right,
    }[operator]
