"""The consultant's working sheets: the overview of a review, and one page with every answer beside its finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from flask import url_for

from app.diagnosis.draft import NOTHING, Draft, Kept
from app.diagnosis.page import Answer, FactWords, PageView, kept_answer, said_words, typed_answer, view_page
from app.evidence.sheet import Line, files_by_place
from app.presentation import language, text
from app.review.forms import Findings
from app.review.service import PageProgress, differing, pages, stated_and_verified
from questionnaires.model import Fact, SubjectKind
from questionnaires.progress import Step


@dataclass(frozen=True, slots=True)
class Row:
    """One page in the overview."""

    title: str
    address: str
    stated: int
    checked: int
    differing: int


@dataclass(frozen=True, slots=True)
class Group:
    """The pages of one heading of the questionnaire about one subject."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """How far a review is, and which page comes next."""

    groups: tuple[Group, ...]
    stated: int
    checked: int
    differing: int
    next_address: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact on a review page: what the firm states, what was found, and the fields to say so."""

    words: FactWords
    stated: str
    answer: Answer
    agreed: bool
    open: bool  # shown at once: something differs or is wrong
    why: str
    note: str
    hint: str  # what the firm is told about it: copied and not confirmed, a list counts something else
    list_address: str | None  # the list from which the firm counted it
    evidence: tuple[Line, ...] = ()  # the files that the firm gave for it


@dataclass(frozen=True, slots=True)
class Sheet:
    """One review page."""

    page: PageView
    findings: tuple[Finding, ...]
    coaches: Mapping[str, str]  # fact -> where it is explained in plain words


def address(draft: Draft, step: Step) -> str:
    """Return where a page is reviewed."""
    section, subject, page = step.ids
    return url_for(
        "review.page", diagnosis_id=draft.diagnosis.id, section_id=section, subject_key=subject, page_id=page
    )


def overview(draft: Draft, steps: list[Step]) -> Overview:
    """Return how far the review of a diagnosis is."""
    every = pages(draft, steps)
    gathered: dict[str, list[Row]] = {}
    for one in every:
        gathered.setdefault(_heading(one.step), []).append(_row(draft, one))
    return Overview(
        groups=tuple(Group(title, tuple(rows)) for title, rows in gathered.items()),
        stated=sum(one.stated for one in every),
        checked=sum(one.checked for one in every),
        differing=len(list(differing(draft, steps))),
        next_address=next((address(draft, one.step) for one in every if not one.done), None),
    )


def _heading(step: Step) -> str:
    return text(step.section.group) if step.section.of is SubjectKind.FIRM else step.subject.name


def _row(draft: Draft, one: PageProgress) -> Row:
    section, page = text(one.step.section.title), text(one.step.page.title)
    title = section if section == page else f"{section} · {page}"
    return Row(title, address(draft, one.step), one.stated, one.checked, one.differing)


def view(draft: Draft, step: Step, findings: Findings | None = None) -> Sheet:
    """Return one review page: as kept, or as typed where something in it is wrong."""
    shown = view_page(draft, step)
    stated, verified = stated_and_verified(draft, step.subject.key)
    evidence, facts = files_by_place(draft), draft.questionnaire.facts
    every = (words for question in shown.words.questions for words in question.facts)
    lines = (
        replace(
            _finding(words, facts[words.id], stated, verified, findings),
            hint=shown.answers[words.id].note,
            list_address=_list_address(draft, step.subject.key, words.id),
            evidence=evidence.get((step.subject.key, words.id), ()),
        )
        for words in every
    )
    return Sheet(shown, tuple(lines), dict(_coaches(draft, step, shown)))


def _coaches(draft: Draft, step: Step, shown: PageView) -> Iterator[tuple[str, str]]:
    section, subject, _page = step.ids
    here = partial(url_for, "review.coach", diagnosis_id=draft.diagnosis.id, section_id=section, subject_key=subject)
    for words in (words for question in shown.words.questions if question.coached for words in question.facts):
        yield words.id, here(fact_id=words.id)


def _finding(
    words: FactWords,
    fact: Fact,
    stated: Mapping[str, Kept],
    verified: Mapping[str, Kept],
    findings: Findings | None,
) -> Finding:
    theirs, found = stated.get(fact.id), verified.get(fact.id)
    stated_said = theirs.said if theirs else NOTHING
    agreed = found is not None and (found.said.state, found.said.value) == (stated_said.state, stated_said.value)
    answer, why, note = kept_answer(fact, found or theirs), found.said.reason or "" if found and not agreed else "", ""
    if findings is not None and fact.id in findings.faults:
        answer = typed_answer(findings.form[fact.id])
        answer.error = findings.faults[fact.id]
    return Finding(
        words=words,
        stated=said_words(fact, stated_said, language()),
        answer=answer,
        agreed=agreed,
        open=bool(answer.error) or (found is not None and not agreed),
        why=why,
        note=note,
        hint="",
        list_address=None,
    )


def _list_address(draft: Draft, subject_key: str, fact: str) -> str | None:
    for one in draft.lists:
        if one.subject_key == subject_key and fact in one.totals:
            to = draft.diagnosis.id
            return url_for("lists.show", diagnosis_id=to, list_id=one.list_id, subject_key=subject_key)
    return None
