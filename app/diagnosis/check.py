"""All answers of a diagnosis by section, to be read over before it is handed in: what is missing comes first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from app.access import may
from app.diagnosis.draft import Draft, line_to
from app.diagnosis.page import both_figures
from app.presentation import language, text
from questionnaires.model import Fact, FilledDiagnosis, State, Statement, Subject, SubjectKind
from questionnaires.progress import Contradiction, SectionProgress, Step, missing_required, progress
from questionnaires.values import show_value

BLANK = "blank"  # the state of a fact about which nothing is said


@dataclass(frozen=True, slots=True)
class Line:
    """One answer: what was asked, what was said, and where to change it."""

    anchor: str
    label: str
    answer: str
    state: str  # stated, unknown, not_applicable or blank
    address: str | None  # none for those who only read


@dataclass(frozen=True, slots=True)
class Block:
    """The answers of one section about one subject."""

    anchor: str
    title: str
    lines: tuple[Line, ...]
    settled: int


@dataclass(frozen=True, slots=True)
class Check:
    """Everything the page shows."""

    missing: tuple[Line, ...]
    contradictions: tuple[Line, ...]
    blocks: tuple[Block, ...]
    asked: int
    answered: int
    unknown: int
    blank: int
    not_applicable: int
    may_submit: bool
    may_fill: bool


def view(draft: Draft) -> Check:
    """Return the answers of a diagnosis read in full; to a colleague those of his sections."""
    filled = draft.filled()
    shown = [one for one in progress(draft.questionnaire, filled).sections if _is_shown(draft, one)]
    may_fill = draft.may_fill and may("section.fill")
    missing = [one for one in missing_required(draft.questionnaire, filled) if _is_shown(draft, one.step)]
    blocks = tuple(_block(draft, one, may_fill) for one in shown)
    counted = Counter(line.state for block in blocks for line in block.lines)
    return Check(
        missing=tuple(_line(draft, one.step, one.fact, None, may_fill) for one in missing),
        contradictions=tuple(_contradictions(draft, filled, shown, may_fill)),
        blocks=blocks,
        asked=counted.total(),
        answered=counted[State.STATED],
        unknown=counted[State.UNKNOWN],
        blank=counted[BLANK],
        not_applicable=counted[State.NOT_APPLICABLE],
        may_submit=draft.may_fill and may("diagnosis.submit") and not draft.diagnosis.is_quick_check,
        may_fill=may_fill,
    )


def _is_shown(draft: Draft, one: SectionProgress | Step) -> bool:
    return draft.shows(one.section.id, one.subject.key)


def _block(draft: Draft, one: SectionProgress, may_fill: bool) -> Block:
    found = (
        _line(draft, Step(one.section, one.subject, page), fact, one.subject.facts.get(fact.id), may_fill)
        for page in one.pages
        for question in page.questions
        for fact in question.facts
    )
    title = text(one.section.title)
    if one.section.of is not SubjectKind.FIRM:
        title = f"{one.subject.name} · {title}"
    return Block(f"{one.section.id}.{one.subject.key}", title, tuple(found), one.settled)


def _line(draft: Draft, step: Step, fact: Fact, statement: Statement | None, may_fill: bool) -> Line:
    return Line(
        anchor=f"{step.subject.key}.{fact.id}",
        label=text(fact.label),
        answer=answer_words(fact, statement),
        state=statement.state.value if statement else BLANK,
        address=_change(draft, step, fact.id) if may_fill else None,
    )


def answer_words(fact: Fact, statement: Statement | None) -> str:
    """Return an answer as people read it: the value with its unit, or why there is none."""
    if statement is None:
        return _("未填")
    if statement.state is State.UNKNOWN:
        return _("不清楚")
    if statement.state is State.NOT_APPLICABLE:
        return _("不适用：%(reason)s", reason=statement.reason or "")
    return "" if statement.value is None else show_value(fact, statement.value, language())


def _change(draft: Draft, step: Step, fact: str) -> str:
    """Return where to change an answer; the page comes back to this very line afterwards."""
    section, subject, page = step.ids
    address = url_for(
        "diagnosis.fill",
        diagnosis_id=draft.diagnosis.id,
        section_id=section,
        subject_key=subject,
        page_id=page,
        back="check",
        at=fact,
    )
    return f"{address}#{fact}"


def _contradictions(
    draft: Draft, filled: FilledDiagnosis, sections: Sequence[SectionProgress], may_fill: bool
) -> Iterator[Line]:
    for one in sections:
        for found in one.contradictions:
            yield _contradiction(draft, filled, one, found, may_fill)


def _contradiction(
    draft: Draft, filled: FilledDiagnosis, one: SectionProgress, found: Contradiction, may_fill: bool
) -> Line:
    line: tuple[Subject, ...] = line_to(filled.firm, one.subject.key)
    field, sentence = both_figures(found, draft.facts_shown(line), line, language())
    where = text(one.section.title)
    if one.section.of is not SubjectKind.FIRM:
        where = f"{one.subject.name} · {where}"
    step = Step(one.section, one.subject, found.page)
    address = _change(draft, step, field) if may_fill else None
    return Line(f"{one.subject.key}.{field}", where, sentence, "check", address)
