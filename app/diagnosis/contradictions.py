"""Answers that contradict each other, as pages show them: what is wrong with one page, and where else to look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from flask import url_for

from app.diagnosis.asked import checks_of, section_of_fact
from app.diagnosis.draft import Draft
from app.diagnosis.models import Layer
from app.presentation import language, text
from questionnaires.answers import EntryState, from_text
from questionnaires.checks import Said, facts_of
from questionnaires.conditions import NOT_ASKED
from questionnaires.contradictions import sentence
from questionnaires.model import Fact, Subject, SubjectKind
from questionnaires.path import Line, Path
from questionnaires.progress import Contradiction, Figure, Step, contradiction

MOST_LINKS = 6


@dataclass(frozen=True, slots=True)
class Link:
    """A page that gives one side of a contradiction."""

    title: str
    address: str


def contradictions_at(draft: Draft, step: Step) -> tuple[Contradiction, ...]:
    """Return what contradicts itself, as it is kept, among the answers of one page and those they are compared with."""
    homes = checks_of(draft.questionnaire.id, draft.questionnaire.version).get((step.section.id, step.page.id), ())
    if not homes:
        return ()
    path, said = draft.path(), _said(draft)
    found = []
    for section, page, check in homes:
        for line in lines_near(path, section.of, step.subject.key):
            if page in path.of(section, line[-1]):
                one = contradiction(path, Step(section, line[-1], page), check, line, said)
                if one is not None and any(shown.ids == step.ids for shown in one.steps):
                    found.append(one)
    return tuple(found)


def lines_near(path: Path, kind: SubjectKind, subject_key: str) -> Iterator[Line]:
    """Yield the lines to the subjects of a kind that are this one, above it or below it."""
    own = next((line for lines in path.lines.values() for line in lines if line[-1].key == subject_key), ())
    above = {subject.key for subject in own}
    for line in path.lines[kind]:
        if line[-1].key in above or any(subject.key == subject_key for subject in line):
            yield line


def _said(draft: Draft) -> Said:
    """Return what the firm says, read from what is kept when it is asked for."""
    kept_of = {(kept.subject_key, kept.fact): kept for kept in draft.kept if kept.layer == Layer.STATED}
    asked, facts = draft.path().asked, draft.questionnaire.facts

    def said(subject: Subject, name: str) -> object:
        if name not in asked.get(subject.key, ()):
            return NOT_ASKED
        kept = kept_of.get((subject.key, name))
        if kept is None or kept.said.state in (EntryState.BLANK, EntryState.UNKNOWN):
            return None
        if kept.said.state == EntryState.NOT_APPLICABLE:
            return NOT_ASKED
        return from_text(facts[name], kept.said.value or "")

    return said


# --- where it is shown ------------------------------------------------------------------------------------------------


def in_words(draft: Draft, found: Contradiction) -> str:
    """Say a contradiction in the reader's language, with the figures that he may be shown."""
    figures = tuple(figure for figure in found.said if _may_show(draft, figure))
    return sentence(replace(found, said=figures), language())


def _may_show(draft: Draft, figure: Figure) -> bool:
    """Tell whether a figure may be shown; a colleague is shown no total, for it holds answers of others."""
    if draft.shared is None:
        return True
    of, sections = figure.of, section_of_fact(draft.questionnaire.id, draft.questionnaire.version)
    return isinstance(of, Fact) and draft.shows(sections[of.id], figure.subject.key)


def field_on(found: Contradiction, step: Step) -> str:
    """Return the last field of a page that a contradiction compares; its first one where it compares none of them."""
    compared = facts_of(found.check)
    own = [name for name in step.page.fact_ids if name in compared]
    return own[-1] if own else step.page.fact_ids[0]


def links(draft: Draft, found: Contradiction, but: Step | None = None) -> tuple[Link, ...]:
    """Return where the other sides of a contradiction are filled in, as far as the reader may go there."""
    others = [step for step in steps_shown(draft, found) if but is None or step.ids != but.ids]
    return tuple(Link(title_of(step), _address(draft, step, field_on(found, step))) for step in others[:MOST_LINKS])


def steps_shown(draft: Draft, found: Contradiction) -> list[Step]:
    """Return the pages of a contradiction that the reader may be shown."""
    return [step for step in found.steps if draft.shows(step.section.id, step.subject.key)]


def title_of(step: Step) -> str:
    """Return the name of a page, after the factory or workshop that it is about."""
    title = text(step.page.title)
    return title if step.section.of is SubjectKind.FIRM else f"{step.subject.name} · {title}"


def _address(draft: Draft, step: Step, field: str) -> str:
    section, subject, page = step.ids
    to = url_for(
        "diagnosis.fill", diagnosis_id=draft.diagnosis.id, section_id=section, subject_key=subject, page_id=page
    )
    return f"{to}#{field}"
