"""The blank questionnaire on paper: every page and question of it with tick boxes and room to write, in one language.

The text is final and nothing is left to compute; what was answered, and by whom, stays out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from questionnaires.model import (
    AnyOf,
    Comparison,
    Condition,
    Fact,
    FactKind,
    Page,
    Question,
    Questionnaire,
    Section,
    Text,
)
from questionnaires.values import DEGREES, NO, YES, decimal_text
from reports.blank_words import STEPS, WORDS
from reports.wording import AID_ONLY

MOST_BOXES = 20  # of one question; of longer lists the answer is written
LONGEST_BESIDE = {"zh": 15, "en": 30}  # characters of a choice that still stands beside the others
OPERATORS = {
    "==": Text("为", "equal to"),
    ">=": Text("不少于", "at least"),
    "<=": Text("不多于", "at most"),
    ">": Text("多于", "above"),
    "<": Text("少于", "below"),
}
# The Chinese fonts set curly quotes as wide as a character.
PLAIN_QUOTES = str.maketrans("“”‘’", "\"\"''")


@dataclass(frozen=True, slots=True)
class Space:
    """Room for the answer to one fact."""

    kind: str  # "boxes", "list" (boxes one below the other), "figure", "line", "lines" or "date"
    label: str  # only where a question asks several facts
    unit: str
    choices: tuple[str, ...]
    several: bool  # more than one box may be ticked
    may_not_apply: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with its number in the chapter."""

    number: str
    text: str
    required: bool
    help: str
    evidence: str
    spaces: tuple[Space, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of the questionnaire as it is on the screen; `evidence` where every question has the same."""

    title: str
    lead: str
    only_if: str
    evidence: str
    questions: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One section."""

    title: str
    target: str
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """The sections under one heading. That of a factory or workshop is filled in once for each."""

    title: str
    target: str
    of: str  # "firm", "factory" or "workshop"
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Blank:
    """Everything that the paper says, in printing order."""

    lang: str
    title: str
    edition: str  # id and version of the questionnaire, and the beginning of its digest
    aid_only: str
    words: Mapping[str, str]
    steps: tuple[str, ...]  # how to fill it in
    chapters: tuple[Chapter, ...]

    @property
    def halves(self) -> tuple[tuple[Chapter, ...], tuple[Chapter, ...]]:
        """The chapters as the two columns of the contents, as even as whole chapters allow.

        The renderer would even columns out by setting them again and again: two fifths of all its work.
        """
        lines = [1 + len(chapter.parts) for chapter in self.chapters]
        at = min(range(len(lines) + 1), key=lambda place: abs(sum(lines[:place]) - sum(lines[place:])))
        return self.chapters[:at], self.chapters[at:]


def build(questionnaire: Questionnaire, lang: str) -> Blank:
    """Return a questionnaire ready to print in "zh" or "en"."""
    chapters = tuple(_chapters(questionnaire, lang))
    sheets = [sheet for chapter in chapters for part in chapter.parts for sheet in part.sheets]
    questions = sum(len(sheet.questions) for sheet in sheets)
    return Blank(
        lang="en" if lang == "en" else "zh-CN",
        title=_in(questionnaire.title, lang),
        edition=f"{questionnaire.id} {questionnaire.version} ({questionnaire.digest[:12]})",
        aid_only=_in(AID_ONLY, lang),
        words={name: _in(said, lang) for name, said in WORDS.items()},
        steps=tuple(_in(step, lang).format(questions=questions) for step in STEPS),
        chapters=chapters,
    )


def _chapters(questionnaire: Questionnaire, lang: str) -> Iterator[Chapter]:
    together = groupby(
        questionnaire.sections, key=lambda section: (section.of, _in(section.group or section.title, lang))
    )
    for number, ((of, title), sections) in enumerate(together, start=1):
        count = _Count(number)
        parts = tuple(_part(section, questionnaire, count, lang) for section in sections)
        yield Chapter(f"{number}　{title}", f"chapter-{number}", of.value, parts)


class _Count:
    """Numbers the questions of one chapter."""

    def __init__(self, chapter: int) -> None:
        self.chapter, self.last = chapter, 0

    def next(self) -> str:
        self.last += 1
        return f"{self.chapter}.{self.last}"


def _part(section: Section, questionnaire: Questionnaire, count: _Count, lang: str) -> Part:
    sheets = tuple(_sheet(page, questionnaire, count, lang) for page in section.pages)
    return Part(_in(section.title, lang), f"section-{section.id}", sheets)


def _sheet(page: Page, questionnaire: Questionnaire, count: _Count, lang: str) -> Sheet:
    hints = [_evidence(question, lang) for question in page.questions]
    same = hints[0] if len(hints) > 1 and len(set(hints)) == 1 else ""
    condition = page.show_when
    return Sheet(
        title=_in(page.title, lang),
        lead=_in(page.lead, lang),
        only_if=condition_text(condition, questionnaire, lang) if condition else "",
        evidence=same,
        questions=tuple(
            _asked(question, count.next(), "" if same else hint, lang)
            for question, hint in zip(page.questions, hints, strict=True)
        ),
    )


def _asked(question: Question, number: str, evidence: str, lang: str) -> Asked:
    several = len(question.facts) > 1
    return Asked(
        number=number,
        text=_in(question.text, lang),
        required=any(fact.required for fact in question.facts),
        help=_in(question.help, lang),
        evidence=evidence,
        spaces=tuple(_space(fact, _in(fact.label, lang) if several else "", lang) for fact in question.facts),
    )


def _evidence(question: Question, lang: str) -> str:
    hints = dict.fromkeys(_in(hint, lang) for fact in question.facts for hint in fact.evidence)
    return ("、" if lang == "zh" else ", ").join(hints)


def _space(fact: Fact, label: str, lang: str) -> Space:
    choices = tuple(_in(words, lang) for words in _choices(fact))
    return Space(
        kind=_kind(fact, choices, lang),
        label=label,
        unit=_in(fact.unit, lang),
        choices=choices,
        several=fact.kind is FactKind.CHOICES,
        may_not_apply=fact.kind is not FactKind.PRACTICE and not fact.required,
    )


def _choices(fact: Fact) -> list[Text]:
    if fact.kind is FactKind.PRACTICE:
        return list(DEGREES.values())
    if fact.kind is FactKind.YES_NO:
        return [YES, NO]
    offered = [option.text for option in fact.options if not option.retired]
    return offered if len(offered) <= MOST_BOXES else []


def _kind(fact: Fact, choices: tuple[str, ...], lang: str) -> str:
    if choices:
        return "boxes" if max(map(len, choices)) <= LONGEST_BESIDE[lang] else "list"
    if fact.kind is FactKind.NUMBER:
        return "figure"
    if fact.kind is FactKind.DATE:
        return "date"
    return "lines" if fact.kind is FactKind.TEXT and fact.format is None and not fact.required else "line"


def _in(words: Text | None, lang: str) -> str:
    if words is None:
        return ""
    return words.zh if lang == "zh" else words.en.translate(PLAIN_QUOTES)


# --- when a page is to be filled in -----------------------------------------------------------------------------------


def condition_text(condition: Condition, questionnaire: Questionnaire, lang: str) -> str:
    """Say in words when a page is to be filled in: “从业人员数少于 1000 人，或者主营业务收入少于 40000 万元”."""
    if isinstance(condition, Comparison):
        return _comparison(condition, questionnaire.facts[condition.left], questionnaire, lang)
    word = {"zh": ("，并且", "，或者"), "en": (" and ", " or ")}[lang][isinstance(condition, AnyOf)]
    return word.join(condition_text(part, questionnaire, lang) for part in condition.parts)


def _comparison(one: Comparison, fact: Fact, questionnaire: Questionnaire, lang: str) -> str:
    label, operator = _in(fact.label, lang), _in(OPERATORS[one.operator], lang)
    if one.right_is_name:
        other = _in(questionnaire.facts[str(one.right)].label, lang)
        return f"{label}{operator}{other}" if lang == "zh" else f"{label}: {operator} {other}"
    if isinstance(one.right, Fraction):
        number, unit = decimal_text(one.right) or str(one.right), _in(fact.unit, lang)
        return f"{label}{operator} {number} {unit}" if lang == "zh" else f"{label}: {operator} {number} ({unit})"
    answer = _answer(one.right, fact, lang)
    return f"“{label}”选“{answer}”" if lang == "zh" else f"{label}: {answer}"


def _answer(right: bool | str, fact: Fact, lang: str) -> str:
    if isinstance(right, bool):
        return _in(YES if right else NO, lang)
    found = (option.text for option in fact.options if option.code == right)
    return next((_in(words, lang) for words in found), right)
