"""What the page is told after single answers were saved from it: what is kept, what is wrong, what others said."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeAlias
from uuid import UUID

from wtforms import Form

from app.diagnosis.contradictions import Link
from app.diagnosis.draft import NOTHING, Draft, Kept, Said, seen_of
from app.diagnosis.form_builder import faults_in
from app.diagnosis.models import Layer
from app.diagnosis.page import kept_answer, said_words, view_page
from app.diagnosis.saving import Saved
from app.presentation import clock, language
from questionnaires.progress import Step

NamesOf: TypeAlias = Callable[[Collection[UUID]], Mapping[UUID, str]]


def answer(saved: Saved, steps: Sequence[Step], form: Form, seen: int, names_of: NamesOf) -> dict[str, Any]:
    """Return what the script on the page needs: every part by fact, moments and values as people read them.

    `steps` are what the page shows, all of one subject. `others` are its facts that say something else than the page
    knows: it has to show that. One that was posted is among them when the person left it as the page showed it and
    somebody changed it meanwhile.
    """
    draft, views = saved.draft, [view_page(saved.draft, step) for step in steps]
    shown = {name for step in steps for name in step.page.fact_ids}
    newest = draft.newest(steps[0].subject.key, Layer.STATED)
    wrong = faults_in(form)
    posted = {field.name: field.data for field in form if field.touched and field.name not in wrong}
    kept = {name: said for name, said in posted.items() if said == (newest[name].said if name in newest else NOTHING)}
    asked = {*wrong, *saved.conflicts}
    others = {
        name: one
        for name, one in newest.items()
        if name in shown and name not in kept and name not in asked and one.revision > seen_of(seen, name)
    }
    told = {one.said_by for one in (*others.values(), *saved.conflicts.values())}
    names = names_of(told) if told else {}
    return {
        "revision": draft.diagnosis.revision,
        "at": clock(draft.diagnosis.saved_at),
        "kept": {name: newest[name].revision if name in newest else int(seen) for name in kept},
        "errors": wrong,
        "conflicts": {name: _both(draft, name, posted[name], one, names) for name, one in saved.conflicts.items()},
        "others": {name: _theirs(draft, name, one, names) for name, one in others.items()},
        "contradictions": list(dict.fromkeys(found for view in views for found in view.contradictions)),
        "elsewhere": {name: list(map(_link, links)) for view in views for name, links in view.elsewhere.items()},
        "notes": {name: one.note for view in views for name, one in view.answers.items() if one.note},
        "rates": {name: value for view in views for name, value in view.rates.items()},
    }


def _link(link: Link) -> dict[str, str]:
    return {"title": link.title, "address": link.address}


def _both(draft: Draft, name: str, mine: Said, theirs: Kept, names: Mapping[UUID, str]) -> dict[str, Any]:
    words = said_words(draft.questionnaire.facts[name], mine, language())
    return _theirs(draft, name, theirs, names) | {"mine": words}


def _theirs(draft: Draft, name: str, kept: Kept, names: Mapping[UUID, str]) -> dict[str, Any]:
    fact = draft.questionnaire.facts[name]
    shown = kept_answer(fact, kept)
    return {
        "label": getattr(fact.label, language()),
        "words": said_words(fact, kept.said, language()),
        "by": names.get(kept.said_by, ""),
        "at": clock(kept.said_at),
        "revision": kept.revision,
        "fields": {"chosen": sorted(shown.chosen), "typed": shown.typed, "mark": shown.mark, "reason": shown.reason},
    }
