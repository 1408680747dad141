"""The questions of a page as HTML. One that looks the same for everybody who answers alike is drawn once and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from flask import current_app
from markupsafe import Markup

from app.diagnosis.contradictions import Link
from app.diagnosis.page import Answer, PageView, QuestionWords

CHOSEN = frozenset({"radios", "checks", "select"})  # shapes that show no text of the person's own
Alike: TypeAlias = tuple[tuple[frozenset[str], str], ...]  # for each fact of a question: the options chosen, the mark


def draw_questions(view: PageView, remarks: Mapping[str, list[str]]) -> Markup:
    """Return all questions of a page with their answers, and `remarks` by fact."""
    warnings, say_evidence = _warnings(view), not view.words.evidence
    drawn = []
    for question in view.words.questions:
        alike = _alike(question, view, warnings, remarks)
        if alike is None:
            drawn.append(_draw(question, view.answers, warnings, remarks, view.rates, say_evidence))
        else:
            drawn.append(_drawn_once(question, alike, say_evidence))
    return Markup("\n").join(drawn)


@dataclass(frozen=True, slots=True)
class Warned:
    """What contradicts the answer to a fact, and where else to look."""

    sentence: str
    links: tuple[Link, ...]


def _warnings(view: PageView) -> dict[str, Warned]:
    """Return fact -> what contradicts it; several contradictions one after another."""
    sentences: dict[str, list[str]] = {}
    for field, sentence in view.contradictions:
        sentences.setdefault(field, []).append(sentence)
    return {field: Warned(" ".join(said), view.elsewhere.get(field, ())) for field, said in sentences.items()}


def _alike(
    question: QuestionWords, view: PageView, warnings: Mapping[str, Warned], remarks: Mapping[str, list[str]]
) -> Alike | None:
    """Return the answers when nothing else shows in the question; None when it has something of its own to show."""
    if question.recalls or (question.rate is not None and question.rate.name in view.rates):
        return None
    answers = []
    for fact in question.facts:
        answer = view.answers[fact.id]
        of_its_own = (
            answer.error or answer.mine or answer.reason or answer.note or fact.id in warnings or fact.id in remarks
        )
        if of_its_own or (answer.typed and fact.shape not in CHOSEN):
            return None
        answers.append((answer.chosen, answer.mark))
    return tuple(answers)


@lru_cache(maxsize=4096)  # about a kilobyte each; a whole questionnaire has some 2,000 in each language
def _drawn_once(question: QuestionWords, alike: Alike, say_evidence: bool) -> Markup:
    """Draw a question that depends on nothing but its words, which are of one language, and on what is chosen."""
    answers = {fact.id: Answer(chosen, mark=mark) for fact, (chosen, mark) in zip(question.facts, alike, strict=True)}
    return _draw(question, answers, {}, {}, {}, say_evidence)


def _draw(
    question: QuestionWords,
    answers: Mapping[str, Answer],
    warnings: Mapping[str, Warned],
    remarks: Mapping[str, list[str]],
    rates: Mapping[str, str],
    say_evidence: bool,
) -> Markup:
    macros = current_app.jinja_env.get_template("diagnosis/_question.html").module
    drawn: Markup = macros.draw(question, answers, warnings, remarks, rates, say_evidence)  # type: ignore[attr-defined]
    return drawn
