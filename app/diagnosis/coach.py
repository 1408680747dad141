"""The coach of one question: a page of its own, or a part to be put under the question."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request
from flask_babel import gettext as _

from app.accounts.coaching import Explained, explain
from app.diagnosis.asked import criteria_on, find_question
from app.diagnosis.draft import Draft
from app.errors import NotFound
from app.presentation import text
from questionnaires.coach import load_coach
from questionnaires.model import Question, SubjectKind
from questionnaires.progress import Step


@dataclass(frozen=True, slots=True)
class Coached:
    """A question explained, and where it stands."""

    step: Step
    fact_id: str
    explained: Explained


def find_coached(draft: Draft, section_id: str, subject_key: str, fact_id: str) -> Coached:
    """Return the question of a section that asks a fact, explained. Raises NotFound where nobody explains it."""
    step, question = _find(draft, section_id, subject_key, fact_id)
    explained = explain(question, load_coach(), criteria_on(draft.diagnosis.as_of).indicators)
    if explained is None:
        raise NotFound(_("这一题没有填报助手；怎么算、算什么，写在题目下面。"))
    return Coached(step, fact_id, explained)


def _find(draft: Draft, section_id: str, subject_key: str, fact_id: str) -> tuple[Step, Question]:
    section, subject = draft.section_about(section_id, subject_key)
    found = find_question(section, fact_id)
    if found is None:
        raise NotFound
    return Step(section, subject, found[0]), found[1]


def coach_page(coached: Coached, address: str) -> str:
    """Draw the coach with a way back to the page at `address`; `?part=1` asks for what goes under the question."""
    if request.args.get("part") == "1":
        return render_template("diagnosis/_coach.html", explained=coached.explained)
    section, subject = coached.step.section, coached.step.subject
    place = [subject.name] if subject.kind is not SubjectKind.FIRM else []
    return render_template(
        "diagnosis/coach.html",
        explained=coached.explained,
        place=" · ".join([*place, text(section.title)]),
        back=f"{address}#{coached.fact_id}",
    )
