"""What the page is told after single answers were saved from it: what is kept, what is wrong, what others said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import Form

from app.diagnosis.draft import NOTHING, Draft, Kept, seen_of
from app.diagnosis.form_builder import faults_in
from app.diagnosis.models import Layer
from app.diagnosis.page import kept_answer, said_words, view_page
from app.diagnosis.saving import Saved
from app.presentation import clock, language
from questionnaires.progress import Step


def answer(saved: Saved, step: Step, form: Form, seen: int, who: object, names: Mapping[object, str]) -> dict[str, Any]:
    """Return what the script on the page needs: every part by fact, moments and values as people read them."""
    draft, view = saved.draft, view_page(saved.draft, step)
    newest = draft.newest(step.subject.key, Layer.STATED)
    posted = [field.name for field in form if field.touched]
    wrong = faults_in(form)
    return {
        "revision": draft.diagnosis.revision,
        "at": clock(draft.diagnosis.saved_at),
        "kept": {
            name: newest[name].revision if name in newest else int(seen)
            for name in posted
            if name not in wrong and name not in saved.conflicts
        },
        "errors": wrong,
        "conflicts": {
            name: _both(draft, name, form[name].data, theirs, names) for name, theirs in saved.conflicts.items()
        },
        "others": {
            name: _theirs(draft, name, kept, names)
            for name, kept in newest.items()
            if name in step.page.fact_ids
            and name not in posted
            and kept.revision > seen_of(seen, name)
            and kept.said_by != who
        },
        "contradictions": view.contradictions,
        "rates": dict(view.rates),
    }


def others_in(draft: Draft, who: object) -> set[object]:
    """Return who else said something that may have to be named."""
    return {kept.said_by for kept in draft.kept if kept.said_by != who}


def _both(draft: Draft, name: str, mine: Any, theirs: Kept, names: Mapping[object, str]) -> dict[str, Any]:
    words = said_words(draft.questionnaire.facts[name], mine or NOTHING, language())
    return _theirs(draft, name, theirs, names) | {"mine": words}


def _theirs(draft: Draft, name: str, kept: Kept, names: Mapping[object, str]) -> dict[str, Any]:
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
