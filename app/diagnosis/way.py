"""The shortest way to one verdict, as it is walked: which verdicts there are, the next screen, and how it ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup
from wtforms import Form

from app.diagnosis import proof
from app.diagnosis.asked import facts_for_page
from app.diagnosis.draft import Draft, Kept
from app.diagnosis.drawing import draw_questions
from app.diagnosis.hub import answer_address
from app.diagnosis.page import NO_CONFLICTS, view_page
from app.diagnosis.punctuation import with_colon
from app.diagnosis.records import Assessed
from app.diagnosis.standing import way_to
from app.diagnosis.verdicts import Scale, level_words, scale, verdict
from app.presentation import text
from questionnaires.model import Fact, Question, Subject, SubjectKind
from questionnaires.progress import Step, progress
from questionnaires.screen import next_screen, questions_on_a_screen
from scoring.deciding import Sight
from scoring.model import Assessment
from scoring.way import MATURITY, Aim, Way, aims, shortest_way, verdict_on

Places = Sequence[tuple[str, str]]  # key of the subject, fact


@dataclass(frozen=True, slots=True)
class Choice:
    """A verdict that somebody may want to know."""

    title: str
    subject: str
    state: str
    words: str
    note: str  # how far it is
    address: str


@dataclass(frozen=True, slots=True)
class Block:
    """Questions of one topic on a screen."""

    title: str
    questions: Markup


@dataclass(frozen=True, slots=True)
class Screen:
    """A few questions that can still change the verdict."""

    subject: str  # name of the factory or workshop
    blocks: tuple[Block, ...]
    asked: tuple[str, ...]  # the facts
    contradictions: tuple[tuple[str, str], ...]  # id of the field, sentence with both figures
    errors: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Left:
    """A question that would still change the verdict, which somebody does not know the answer to."""

    label: str
    address: str | None


@dataclass(frozen=True, slots=True)
class End:
    """How the way ended: what was concluded, why nothing else can change it, and what still could."""

    headline: str
    settled: bool
    rest: int  # questions not answered
    reasons: tuple[str, ...]
    basis: str
    unknown: tuple[Left, ...]
    elsewhere: int


def read_aim(words: str, assessed: Assessed) -> Aim | None:
    """Return the verdict that an address names, the maturity level when it names none; None when there is no such."""
    by, _dot, subject = words.partition(".")
    aim = Aim(by or MATURITY, subject or "firm")
    return aim if verdict_on(aim, assessed.assessments) else None


def find(draft: Draft, assessed: Assessed, aim: Aim) -> Way:
    """Return what is left of the way to a verdict."""
    return shortest_way(aim, _sight(assessed), draft.path().asked)


def _sight(assessed: Assessed) -> Sight:
    return Sight(assessed.filled, assessed.criteria, assessed.assessments)


def choices(draft: Draft, assessed: Assessed) -> tuple[Choice, ...]:
    """Return every verdict with how far it is."""
    sight, asked = _sight(assessed), draft.path().asked
    ways = {aim: shortest_way(aim, sight, asked) for aim in aims(assessed.assessments)}
    return tuple(_choice(draft, aim, _judged(assessed, aim), way) for aim, way in ways.items())


def _choice(draft: Draft, aim: Aim, judged: Assessment, way: Way) -> Choice:
    shown = verdict(judged)
    return Choice(
        title=title_of(aim, judged),
        subject=shown.subject,
        state=shown.state,
        words=shown.words,
        note=how_far(way),
        address=way_to(draft.diagnosis, aim),
    )


def _judged(assessed: Assessed, aim: Aim) -> Assessment:
    judged = verdict_on(aim, assessed.assessments)
    if judged is None:
        raise LookupError(aim)
    return judged


def title_of(aim: Aim, judged: Assessment) -> str:
    """Return the name of a verdict."""
    return _("智能制造能力成熟度等级") if aim.by == MATURITY else text(judged.criteria_title)


def name_of(aim: Aim, judged: Assessment) -> str:
    """Return the name of a verdict with the factory or workshop that it is about."""
    subject = "" if judged.subject_kind is SubjectKind.FIRM else judged.subject_name
    return " · ".join(filter(None, (subject, title_of(aim, judged))))


def how_far(way: Way) -> str:
    """Say how many questions it takes at least, and at most."""
    if not way.ask:
        return _("已经定了") if way.settled else _("能问的都问完了")
    if way.fewest == len(way.ask) == 1:
        return _("再答 1 题可定")
    if way.fewest > len(way.ask):
        return _("还有 %(most)s 题可能改变它", most=len(way.ask))
    return _("再答 %(fewest)s 题可定（至少），最多 %(most)s 题", fewest=way.fewest, most=len(way.ask))


# --- one screen -------------------------------------------------------------------------------------------------------


def next_steps(draft: Draft, way: Way, later: Sequence[str]) -> tuple[Step, ...]:
    """Return the pages of the next screen, each with only what it asks; what was put off, named `later`, comes last."""
    put_off = [place for place in way.ask if ".".join(place) in later]
    ask = [*(place for place in way.ask if place not in put_off), *put_off]
    return next_screen(draft.path(), ask, questions_on_a_screen(way.fewest))


def steps_with(draft: Draft, subject: Subject, facts: Sequence[str]) -> tuple[Step, ...]:
    """Return the pages that ask these facts of a subject, each with only those questions, on the path or not."""
    return tuple(
        Step(section, subject, replace(page, questions=chosen))
        for section in draft.questionnaire.sections
        if section.of is subject.kind
        for page in section.pages
        if (chosen := tuple(one for one in page.questions if _asks_any(one, facts)))
    )


def _asks_any(question: Question, facts: Sequence[str]) -> bool:
    return any(fact.id in facts for fact in question.facts)


def facts_in(steps: Iterable[Step]) -> tuple[Fact, ...]:
    """Return the facts that are asked."""
    return tuple(fact for step in steps for question in step.page.questions for fact in question.facts)


def facts_to_read(draft: Draft, steps: Iterable[Step]) -> frozenset[str]:
    """Return what has to be read to save answers on these pages and to say what became of them."""
    of, day = draft.questionnaire, draft.diagnosis.as_of
    read = (facts_for_page(of.id, of.version, day, step.section.id, step.page.id) for step in steps)
    return frozenset[str]().union(*read)


def view_screen(
    draft: Draft,
    steps: Sequence[Step],
    remarks: Mapping[str, list[str]],
    section_id: str,
    form: Form | None = None,
    conflicts: Mapping[str, Kept] = NO_CONFLICTS,
    nothing_saved: bool = False,
) -> Screen:
    """Return a screen ready to draw: as kept, or with `form` as typed where that is wrong, in conflict or not saved.

    `section_id` stands in its address: the links of a question of another section lead there from it.
    """
    views = [(step, view_page(draft, step, form, conflicts, nothing_saved)) for step in steps]
    blocks = []
    for step, view in views:
        asked = set(step.page.fact_ids)
        words = tuple(one for one in view.words.questions if one.facts[0].id in asked)
        shown = replace(view, words=replace(view.words, questions=words, evidence=Markup()))
        place = "" if step.section.id == section_id else f"../../{step.section.id}/{step.subject.key}/"
        title = with_colon(str(view.words.section), str(view.words.title))
        blocks.append(Block(title, draw_questions(shown, remarks, place)))
    return Screen(
        subject=views[0][1].subject if views else "",
        blocks=tuple(blocks),
        asked=tuple(fact.id for fact in facts_in(steps)),
        contradictions=tuple(dict.fromkeys(found for _step, view in views for found in view.contradictions)),
        errors=tuple(fault for _step, view in views for fault in view.errors),
    )


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the questions: where the verdict is now."""

    name: str
    scale: Scale | None  # the ruler of a maturity level
    now: str
    state: str
    far: str
    unknown: int


def beside(assessed: Assessed, aim: Aim, way: Way) -> Beside:
    """Return where the verdict stands while questions are asked for it."""
    judged = _judged(assessed, aim)
    level, shown = aim.by == MATURITY, verdict(judged)
    return Beside(
        name=name_of(aim, judged),
        scale=scale(judged, assessed.criteria) if level else None,
        now=level_words(judged) if level else shown.words,
        state=shown.state,
        far=how_far(way),
        unknown=len(way.unknown),
    )


# --- the end ----------------------------------------------------------------------------------------------------------


def end(draft: Draft, assessed: Assessed, aim: Aim, way: Way) -> End:
    """Return how the way ended; `assessed` with its reasons."""
    judged = _judged(assessed, aim)
    return End(
        headline=_headline(judged, way),
        settled=way.settled,
        rest=progress(draft.questionnaire, assessed.filled).blank,
        reasons=tuple(proof.reasons(draft, assessed, judged)),
        basis=proof.basis_words(assessed.criteria.criteria[judged.criteria_id].rule),
        unknown=tuple(_left(draft, way.unknown)),
        elsewhere=len(way.elsewhere),
    )


def _headline(judged: Assessment, way: Way) -> str:
    outcome = proof.outcome_words(judged)
    if way.settled and proof.is_certain(judged):
        return _("已经定了：%(outcome)s", outcome=outcome)
    return _("能问的都问完了：%(outcome)s", outcome=outcome)


def _left(draft: Draft, places: Places) -> Iterator[Left]:
    for key, fact in places:
        subject, asked = draft.subject(key), draft.questionnaire.facts.get(fact)
        if subject is not None and asked is not None:
            name = "" if subject.kind is SubjectKind.FIRM else subject.name
            yield Left(with_colon(name, text(asked.label)), answer_address(draft, key, fact))


def save_to(draft: Draft, subject: Subject) -> str:
    """Return where the screens about a subject send single answers: to one address, whatever topic they begin with.

    What could not be sent waits on the device under that address, and the next screen takes it up.
    """
    section = next(section for section in draft.questionnaire.sections if section.of is subject.kind)
    return url_for("way.save_answers", diagnosis_id=draft.diagnosis.id, section_id=section.id, subject_key=subject.key)


def on_the_way(diagnosis_id: UUID, aim: Aim, steps: Sequence[Step], **more: Any) -> str:
    """Return the address of a screen; its first topic and its subject stand in it, as on every page of questions."""
    section, subject, _page = steps[0].ids
    return url_for(
        "way.screen", diagnosis_id=diagnosis_id, section_id=section, subject_key=subject, to=".".join(aim), **more
    )
