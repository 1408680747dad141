"""Why something is concluded: the reasons step by step down to the answers, and the rule that each step rests on."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from app.diagnosis.draft import Draft
from app.diagnosis.punctuation import with_colon
from app.presentation import language, text
from questionnaires.model import FactKind
from questionnaires.values import AnswerFault, read_value, show_value
from reports import wording
from scoring.model import Reason, Rule


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a rule stands, since when and how sure that is."""

    title: str
    clause: str
    since: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Why:
    """One step of the reasons of a conclusion."""

    ref: str
    text: str
    state: str
    basis: Basis | None  # none where it is that of the step above
    because: tuple[Why, ...]


def basis(rule: Rule) -> Basis:
    """Return where a rule stands, ready to show."""
    since = rule.since.isoformat() if rule.since else ""
    return Basis(rule.title, rule.clause or "", since, rule.confidence.value)


def why_tree(reason: Reason, draft: Draft, above: Basis | None = None) -> Why:
    """Return the reasons of a conclusion ready to show, step by step down to the answers."""
    own = basis(reason.rule) if reason.rule else None
    return Why(
        ref=reason.ref,
        text=with_colon(reason.subject or "", text(reason.text)),
        state=_reason_state(reason, draft),
        basis=None if own == above else own,
        because=tuple(why_tree(below, draft, own or above) for below in reason.because),
    )


def _reason_state(reason: Reason, draft: Draft) -> str:
    if reason.fact:
        return answer_shown(draft, reason.fact, reason.state)
    words = {state.value: text(said) for state, said in wording.STATE_WORDS.items()}
    if reason.state in words:
        return words[reason.state]
    if reason.state.startswith("level ") and reason.value is not None:
        ends = dict.fromkeys((int(reason.value.low), int(reason.value.high)))
        return "–".join(text(wording.level_word(end)) for end in ends)
    return wording.bounds_text(reason.value) if reason.value is not None else reason.state


def answer_shown(draft: Draft, name: str, state: str) -> str:
    """Show the answer that a derivation carries as a code."""
    words = {"unknown": _("不清楚"), "not_applicable": _("不适用"), "blank": _("未填")}
    fact = draft.questionnaire.facts.get(name)
    if state in words or fact is None:
        return words.get(state, state)
    typed: object = state.split(",") if fact.kind is FactKind.CHOICES else state
    try:
        return show_value(fact, read_value(fact, typed), language())
    except AnswerFault:
        return state
