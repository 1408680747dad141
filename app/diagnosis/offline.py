"""One section of one subject to be taken along: every question on one sheet without answers, and the answers apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from app.diagnosis.draft import Draft
from app.diagnosis.drawing import draw_questions
from app.diagnosis.models import Layer
from app.diagnosis.page import Answer, PageView, kept_answer, page_words
from app.presentation import language
from questionnaires.conditions import names_in
from questionnaires.model import Page, Section, Subject


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of questions without answers."""

    page_id: str
    title: Markup
    lead: Markup
    questions: Markup


def sheets(draft: Draft, section: Section, subject: Subject) -> tuple[Sheet, ...]:
    """Return the pages that somebody without a network may need: those on the path, and those that may come onto it."""
    return tuple(_sheet(draft, section, page) for page in _pages(draft, section, subject))


def _pages(draft: Draft, section: Section, subject: Subject) -> Iterable[Page]:
    on_path = draft.path().of(section, subject)
    own = {name for page in section.pages for name in page.fact_ids}
    for page in section.pages:
        if page in on_path or (page.show_when and own & set(names_in(page.show_when))):
            yield page


def _sheet(draft: Draft, section: Section, page: Page) -> Sheet:
    of = draft.questionnaire
    words = page_words(of.id, of.version, draft.diagnosis.as_of, section.id, page.id, language())
    nothing = {name: Answer() for name in page.fact_ids}
    view = PageView(words, nothing, {}, "", (0, 0), (), (), {})
    return Sheet(page.id, words.title, words.lead, draw_questions(view, {}))


def answers(draft: Draft, section: Section, subject: Subject) -> dict[str, Any]:
    """Return what the firm stated about the section's facts, as the fields of the sheet show it, and at which save."""
    newest = draft.newest(subject.key, Layer.STATED)
    shown = {
        name: kept_answer(draft.questionnaire.facts[name], newest.get(name))
        for page in section.pages
        for name in page.fact_ids
    }
    return {
        "revision": draft.diagnosis.revision,
        "facts": {
            name: {"chosen": sorted(one.chosen), "typed": one.typed, "mark": one.mark, "reason": one.reason}
            for name, one in shown.items()
        },
    }
