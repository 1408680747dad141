"""The questions of a page as HTML. One that looks the same for everybody who answers alike is drawn once and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from flask import current_app
from markupsafe import Markup

from app.access import may
from app.diagnosis.contradictions import Link
from app.diagnosis.page import Answer, PageView, QuestionWords

CHOSEN = frozenset({"radios", "checks", "select"})  # shapes that show no text of the person's own
Alike: TypeAlias = tuple[tuple[frozenset[str], str], ...]  # for each fact of a question: the options chosen, the mark


class Says(NamedTuple):
    """What a question shows besides its answer: which evidence would show it, and the way to the files."""

    evidence: bool
    files: bool  # not to a colleague, who sees his own sections and not the files of the firm
    place: str  # before the links to explanation, files and talk; one firm's own, so never in what is kept


def draw_questions(view: PageView, remarks: Mapping[str, list[str]], place: str = "") -> Markup:
    """Return all questions of a page with their answers, and `remarks` by fact.

    `place` leads from the address of the page to that of their section and subject where the page stands elsewhere.
    """
    warnings, says = _warnings(view), Says(not view.words.evidence, may("diagnosis.see"), place)
    drawn = []
    lists = may("diagnosis.fill")
    for one in view.words.questions:
        question = one if lists else _without_list(one)  # a colleague counts from no list
        alike = None if place else _alike(question, view, warnings, remarks)
        if alike is None:
            drawn.append(_draw(question, view.answers, warnings, remarks, view.rates, says))
        else:
            drawn.append(_drawn_once(question, alike, says))
    return Markup("\n").join(drawn)


@lru_cache(maxsize=2)
def for_script(_lang: str) -> Markup:
    """Return the words and parts that the script of a page shows, in the language of the running request."""
    return Markup(current_app.jinja_env.get_template("diagnosis/_script.html").render())  # noqa: S704 - escaped


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


def _without_list(question: QuestionWords) -> QuestionWords:
    if not question.counted_on:
        return question
    return replace(question, counted_on="") if question.recalls else _kept_without_list(question)


@lru_cache(maxsize=2048)
def _kept_without_list(question: QuestionWords) -> QuestionWords:
    return replace(question, counted_on="")


@lru_cache(maxsize=4096)  # about a kilobyte each; a whole questionnaire has some 2,000 in each language
def _drawn_once(question: QuestionWords, alike: Alike, says: Says) -> Markup:
    """Draw a question that depends on nothing but its words, which are of one language, and on what is chosen."""
    answers = {fact.id: Answer(chosen, mark=mark) for fact, (chosen, mark) in zip(question.facts, alike, strict=True)}
    return _draw(question, answers, {}, {}, {}, says)


def _draw(
    question: QuestionWords,
    answers: Mapping[str, Answer],
    warnings: Mapping[str, Warned],
    remarks: Mapping[str, list[str]],
    rates: Mapping[str, str],
    says: Says,
) -> Markup:
    macros = current_app.jinja_env.get_template("diagnosis/_question.html").module
    drawn: Markup = macros.draw(question, answers, warnings, remarks, rates, *says)  # type: ignore[attr-defined]
    return drawn
