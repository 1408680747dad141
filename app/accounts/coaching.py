"""The coach ready to draw: one question explained, and all of it by section for authors and consultants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.presentation import today
from questionnaires.coach import coach_of, load_coach
from questionnaires.loader import load, published
from questionnaires.model import Coach, Confidence, Degree, Question, Text
from questionnaires.values import DEGREES
from scoring.loader import load_all
from scoring.model import Indicator


@dataclass(frozen=True, slots=True)
class Rung:
    """One degree with an example of it."""

    degree: Degree
    words: Text
    example: Text


@dataclass(frozen=True, slots=True)
class Explained:
    """A question in plain words, and where what it asks comes from."""

    id: str  # of the practice, or of the ratio
    ask: Text
    coach: Coach
    ladder: tuple[Rung, ...]  # empty for a ratio
    title: str  # the document, in its own language
    where: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class ExplainedSection:
    """One section of a questionnaire with what of it is explained, in the order in which it is asked."""

    id: str
    title: Text
    group: Text | None
    questions: tuple[Explained, ...]


def explain(question: Question, entries: Mapping[str, Coach], indicators: Mapping[str, Indicator]) -> Explained | None:
    """Return a question explained by one of the entries, None when none is for it."""
    coach = coach_of(question, entries)
    if coach is None:
        return None
    ladder = (Rung(degree, DEGREES[degree], example) for degree, example in coach.degrees.items())
    return Explained(coach.id, question.text, coach, tuple(ladder), *_source(question, indicators))


def _source(question: Question, indicators: Mapping[str, Indicator]) -> tuple[str, str, Confidence]:
    if indicator := indicators.get(question.indicator or ""):
        rule = indicator.rule
        return rule.title, rule.clause or rule.source or "", rule.confidence
    source = question.facts[0].source
    return source.title, source.where or "", source.confidence


def sections() -> list[ExplainedSection]:
    """Return everything that the newest questionnaires explain, each practice and ratio once."""
    return list(_sections())


def _sections() -> Iterator[ExplainedSection]:
    entries, indicators, seen = load_coach(), load_all(today()).indicators, set[str]()
    for name in dict.fromkeys(name for name, _version in published()):
        for section in load(name).sections:
            asked = (question for page in section.pages for question in page.questions)
            found = (explain(question, entries, indicators) for question in asked)
            several = [one for one in found if one is not None and one.id not in seen]
            seen |= {one.id for one in several}
            if several:
                yield ExplainedSection(section.id, section.title, section.group, tuple(several))
