"""What is said about single questions, read for showing: one talk, and all that are open or marked.

Consultants' remarks stand in the same talk as the comments. Nothing here is part of an answer, so no score reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeAlias
from uuid import UUID

from flask import url_for
from sqlalchemy import ColumnElement, CompoundSelect, Select, bindparam, case, func, literal, select, union_all

from app.access import Role, may
from app.accounts.models import User
from app.colleagues.models import Comment, MarkedQuestion, ResolvedTalk
from app.diagnosis.draft import Draft
from app.diagnosis.hub import asked_at
from app.diagnosis.models import Diagnosis, Layer, Remark, Stage
from app.diagnosis.page import said_words, walking_order
from app.diagnosis.service import open_shared
from app.errors import NotFound
from app.extensions import db
from app.presentation import as_utc, language, text
from questionnaires.model import Fact, Subject, SubjectKind
from questionnaires.path import lines
from questionnaires.progress import Step

About: TypeAlias = tuple[str, str]  # subject key, fact


@dataclass(frozen=True, slots=True)
class Question:
    """One fact of one subject, where it is asked."""

    draft: Draft
    step: Step
    fact: Fact

    @property
    def diagnosis(self) -> Diagnosis:
        """Return whose question it is."""
        return self.draft.diagnosis

    @property
    def subject(self) -> Subject:
        """Return the firm, factory or workshop that is asked about."""
        return self.step.subject

    @property
    def key(self) -> dict[str, Any]:
        """Return what rows about the question carry."""
        return {"diagnosis_id": self.diagnosis.id, "subject_key": self.subject.key, "fact": self.fact.id}

    @property
    def is_closed(self) -> bool:
        """Tell whether nothing more may be said, because the report is issued."""
        return self.diagnosis.stage is Stage.ISSUED

    @property
    def blanks(self) -> dict[str, Any]:
        """Return what the addresses of the talk carry."""
        section, subject, _page = self.step.ids
        return {
            "diagnosis_id": self.diagnosis.id,
            "section_id": section,
            "subject_key": subject,
            "fact": self.fact.id,
        }


@dataclass(frozen=True, slots=True)
class Entry:
    """One comment, or one remark of a consultant."""

    author: str
    role: Role
    at: datetime
    words: str
    is_remark: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class By:
    """Who did something, and when."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Talk:
    """Everything said about one question, the oldest first."""

    question: str
    fact: str  # its name where the question asks several, else nothing
    where: str
    answer: str
    entries: tuple[Entry, ...]
    last_comment: int
    last_remark: int
    resolved: By | None
    marked: By | None
    back: str

    @property
    def is_open(self) -> bool:
        """Tell whether something is said and not resolved."""
        return any(entry.is_open for entry in self.entries)


@dataclass(slots=True)
class State:
    """How much is said about one question."""

    comments: int = 0
    open: int = 0
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One question in the list of those that are marked or talked about."""

    title: str
    where: str
    address: str  # of the question
    talk: str  # address of the talk
    state: State
    mark: By | None
    last: Entry | None


@dataclass(frozen=True, slots=True)
class Overview:
    """All questions of a diagnosis that are marked or talked about, in the order in which they are asked."""

    marked: tuple[Line, ...]
    open: tuple[Line, ...]
    resolved: tuple[Line, ...]


# --- one question ---------------------------------------------------------------------------------------------------


def question_for(user: User, diagnosis_id: UUID, section_id: str, subject_key: str, fact: str) -> Question:
    """Return a question that the person may see. Raises NotFound."""
    draft = open_shared(user, diagnosis_id)
    subject, known = draft.subject(subject_key), draft.questionnaire.facts.get(fact)
    step = asked_at(draft, subject, fact) if subject else None
    if step is None or known is None or step.section.id != section_id or not draft.shows(section_id, subject_key):
        raise NotFound
    return Question(draft, step, known)


def view(question: Question) -> Talk:
    """Return the talk about one question."""
    resolved, step = _resolved(question), question.step
    comments = list(_entries(Comment, question, resolved[0].last_comment if resolved else 0))
    remarks = list(_entries(Remark, question, resolved[0].last_remark if resolved else 0))
    asked = next(one for one in step.page.questions if question.fact in one.facts)
    kept = question.draft.newest(question.subject.key, Layer.STATED).get(question.fact.id)
    return Talk(
        question=text(asked.text),
        fact=text(question.fact.label) if len(asked.facts) > 1 else "",
        where=_where(step),
        answer=said_words(question.fact, kept.said, language()) if kept else "",
        entries=tuple(sorted((one for _id, one in (*comments, *remarks)), key=lambda one: one.at)),
        last_comment=comments[-1][0] if comments else 0,
        last_remark=remarks[-1][0] if remarks else 0,
        resolved=resolved[1] if resolved else None,
        marked=marked(question),
        back=address(question.draft, step, question.fact.id),
    )


def _entries(kind: Any, question: Question, resolved_up_to: int) -> Iterator[tuple[int, Entry]]:
    query = select(kind, User.name, User.role).join(User, User.id == kind.written_by)
    for row, name, role in db.session.execute(query.where(*_about(kind, question)).order_by(kind.id)):
        yield row.id, _entry(row, name, role, row.id > resolved_up_to)


def _entry(row: Comment | Remark, name: str, role: Role, is_open: bool) -> Entry:
    return Entry(name, role, as_utc(row.written_at), row.text, isinstance(row, Remark), is_open)


def _resolved(question: Question) -> tuple[ResolvedTalk, By] | None:
    query = select(ResolvedTalk, User.name).join(User, User.id == ResolvedTalk.resolved_by)
    found = db.session.execute(query.where(*_about(ResolvedTalk, question))).first()
    return (found[0], By(found[1], as_utc(found[0].resolved_at))) if found else None


def marked(question: Question) -> By | None:
    """Return who marked a question and when; None when nobody did."""
    query = select(User.name, MarkedQuestion.marked_at).join(User, User.id == MarkedQuestion.marked_by)
    found = db.session.execute(query.where(*_about(MarkedQuestion, question))).first()
    return By(found[0], as_utc(found[1])) if found else None


def newest(question: Question) -> tuple[int, int]:
    """Return the numbers of the last comment and the last remark about a question; 0 where there is none."""
    last_comment = db.session.scalar(select(func.max(Comment.id)).where(*_about(Comment, question)))
    last_remark = db.session.scalar(select(func.max(Remark.id)).where(*_about(Remark, question)))
    return last_comment or 0, last_remark or 0


def has_said(question: Question, user_id: UUID, words: str, seen: int) -> bool:
    """Tell whether a person has said exactly this after comment number `seen`."""
    query = select(Comment.id).where(*_about(Comment, question), Comment.id > seen)
    return db.session.scalar(query.where(Comment.written_by == user_id, Comment.text == words).limit(1)) is not None


def _about(kind: Any, question: Question) -> list[ColumnElement[bool]]:
    return [getattr(kind, name) == value for name, value in question.key.items()]


def address(draft: Draft, step: Step, fact: str) -> str:
    """Return where a question stands for who reads: filled in, under review, or among the answers."""
    section, subject, page = step.ids
    blanks: dict[str, Any] = {
        "diagnosis_id": draft.diagnosis.id,
        "section_id": section,
        "subject_key": subject,
        "page_id": page,
    }
    if may("section.fill") and draft.may_fill:
        return url_for("diagnosis.fill", **blanks) + f"#{fact}"
    if may("review.verify") and step.page in draft.walk(Layer.VERIFIED)[1].of(step.section, step.subject):
        return url_for("review.page", **blanks) + f"#{fact}"  # of a later feature, so it is named and not imported
    return url_for("diagnosis.answers", diagnosis_id=draft.diagnosis.id) + f"#{subject}.{fact}"


def _where(step: Step) -> str:
    section = text(step.section.title)
    return section if step.section.of is SubjectKind.FIRM else f"{step.subject.name} · {section}"


# --- all questions of a diagnosis -----------------------------------------------------------------------------------


def states(diagnosis_id: UUID, subject_key: str | None = None) -> dict[About, State]:
    """Return (subject key, fact) -> how much is said, of every question about which something is."""
    found: dict[About, State] = {}
    given = {"diagnosis": diagnosis_id, "subject": subject_key}
    for key, fact, said, is_open, is_marked in db.session.execute(_states(subject_key is not None), given):
        state = found.setdefault((key, fact), State())
        state.comments, state.open = state.comments + said, state.open + is_open
        state.marked = state.marked or bool(is_marked)
    return found


@cache  # the script of the filling page asks at every page
def _states(of_subject: bool) -> CompoundSelect[Any]:
    marks = select(MarkedQuestion.subject_key, MarkedQuestion.fact, literal(0), literal(0), literal(1))
    return union_all(
        _counted(Comment, ResolvedTalk.last_comment, of_subject),
        _counted(Remark, ResolvedTalk.last_remark, of_subject),
        marks.where(*_asked_for(MarkedQuestion, of_subject)),
    )


def _counted(kind: Any, resolved_up_to: Any, of_subject: bool) -> Select[Any]:
    row = ResolvedTalk
    same = (row.diagnosis_id == kind.diagnosis_id) & (row.subject_key == kind.subject_key) & (row.fact == kind.fact)
    is_open = func.sum(case((kind.id > func.coalesce(resolved_up_to, 0), 1), else_=0))
    query: Select[Any] = select(kind.subject_key, kind.fact, func.count(), is_open, literal(0)).outerjoin(row, same)
    return query.where(*_asked_for(kind, of_subject), kind.fact.is_not(None)).group_by(kind.subject_key, kind.fact)


def _asked_for(kind: Any, of_subject: bool) -> list[ColumnElement[bool]]:
    its = [kind.diagnosis_id == bindparam("diagnosis")]
    return [*its, kind.subject_key == bindparam("subject")] if of_subject else its


def counts(draft: Draft) -> tuple[int, int]:
    """Return how many questions the reader may see are talked about without an end, and how many are marked."""
    shown = [state for _place, _step, state in _in_order(draft)]
    return sum(1 for state in shown if state.open), sum(1 for state in shown if state.marked)


def overview(draft: Draft) -> Overview:
    """Return the questions that are marked or talked about and that the reader may see.

    Those of factories and workshops that are closed are left out, and come back when these are opened again.
    """
    found = list(_lines(draft))
    return Overview(
        marked=tuple(line for line in found if line.state.marked),
        open=tuple(line for line in found if line.state.open),
        resolved=tuple(line for line in found if line.state.comments and not line.state.open),
    )


def _lines(draft: Draft) -> Iterator[Line]:
    marks, last = _marks(draft.diagnosis.id), _last(draft.diagnosis.id)
    for place, step, state in _in_order(draft):
        fact = draft.questionnaire.facts[place[1]]
        yield Line(
            title=text(fact.label),
            where=_where(step),
            address=address(draft, step, fact.id),
            talk=url_for("colleagues.talk_page", **Question(draft, step, fact).blanks),
            state=state,
            mark=marks.get(place),
            last=last.get(place),
        )


def _in_order(draft: Draft) -> Iterator[tuple[About, Step, State]]:
    """Yield the questions about which something is said and that the reader may see, as they are asked."""
    said = states(draft.diagnosis.id)
    for section, line in walking_order(draft.questionnaire, lines(draft.firm)):
        subject = line[-1]
        if not draft.shows(section.id, subject.key):
            continue
        for page in section.pages:
            for fact in page.fact_ids:
                if state := said.get((subject.key, fact)):
                    yield (subject.key, fact), Step(section, subject, page), state


def _marks(diagnosis_id: UUID) -> dict[About, By]:
    row = MarkedQuestion
    query = select(row, User.name).join(User, User.id == row.marked_by).where(row.diagnosis_id == diagnosis_id)
    return {(one.subject_key, one.fact): By(name, as_utc(one.marked_at)) for one, name in db.session.execute(query)}


def _last(diagnosis_id: UUID) -> dict[About, Entry]:
    """Return what was said last about each question."""
    last: dict[About, Entry] = {}
    kinds: tuple[Any, ...] = (Comment, Remark)
    for kind in kinds:
        newest = select(func.max(kind.id)).where(kind.diagnosis_id == diagnosis_id, kind.fact.is_not(None))
        query = select(kind, User.name, User.role).join(User, User.id == kind.written_by)
        query = query.where(kind.id.in_(newest.group_by(kind.subject_key, kind.fact)))
        for row, name, role in db.session.execute(query):
            entry, place = _entry(row, name, role, is_open=True), (row.subject_key, row.fact)
            if place not in last or last[place].at <= entry.at:
                last[place] = entry
    return last
