"""The shortest way to a verdict, and where every verdict stands while somebody fills in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import Form

from app.access import requires
from app.diagnosis import autosave, records, service, standing, way
from app.diagnosis.draft import Draft, Kept, read_all, read_page
from app.diagnosis.drawing import for_script
from app.diagnosis.form_builder import build_form, facts_in, faults_in, is_from_script, said_in, seen_in
from app.diagnosis.models import Layer
from app.diagnosis.page import NO_CONFLICTS, contradictions_in
from app.diagnosis.records import Assessed
from app.diagnosis.saving import Saved
from app.errors import NotFound, Refused
from app.presentation import language
from questionnaires.answers import EntryState
from questionnaires.model import Subject
from questionnaires.progress import Step
from scoring.way import Aim

bp = Blueprint("way", __name__, url_prefix="/diagnoses")
MOST_PUT_OFF = 60  # questions that an address names


@bp.post("/firm/<uuid:firm_id>/quick-check")
@requires("diagnosis.start")
def start_quick_check(firm_id: UUID) -> ResponseReturnValue:
    made = service.start_quick_check(current_user, firm_id)
    return redirect(url_for("diagnosis.overview", diagnosis_id=made.id))


@bp.get("/<uuid:diagnosis_id>/standing")
@requires("diagnosis.see")
def now(diagnosis_id: UUID) -> ResponseReturnValue:
    """Answer with a piece of a page, or with JSON to those who ask for it."""
    diagnosis, firm = service.open_outline(current_user, diagnosis_id)
    assessed = records.kept_standing(diagnosis, firm) or records.stand(read_all(diagnosis, firm))
    shown = standing.view(diagnosis, assessed)
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        answer = jsonify(standing.as_json(shown))
    else:
        answer = Response(render_template("diagnosis/_standing.html", standing=shown))
    answer.headers["Cache-Control"] = "no-store"
    answer.vary.add("Accept")
    return answer


# --- the shortest way -------------------------------------------------------------------------------------------------


@bp.get("/<uuid:diagnosis_id>/way")
@requires("diagnosis.fill")
def begin(diagnosis_id: UUID) -> ResponseReturnValue:
    """Let the person choose a verdict; once it is chosen lead to the next questions, or show how the way ended."""
    draft = service.open_draft(current_user, diagnosis_id)
    assessed = records.stand(draft)
    if "to" not in request.args:
        choices = way.choices(draft, assessed)
        return render_template("diagnosis/way.html", diagnosis=draft.diagnosis, choices=choices)
    aim = _aim(assessed)
    left = way.find(draft, assessed, aim)
    steps = way.next_steps(draft, left, _put_off()) if draft.may_fill else ()
    if steps:
        return redirect(way.on_the_way(diagnosis_id, aim, steps, **_carried()))
    end = way.end(draft, records.assess(draft), aim, left)
    beside = way.beside(assessed, aim, left)
    return render_template("diagnosis/way_end.html", diagnosis=draft.diagnosis, end=end, beside=beside)


@bp.route("/<uuid:diagnosis_id>/fill/<section_id>/<subject_key>/way", methods=["GET", "POST"])
@requires("diagnosis.fill")
def screen(diagnosis_id: UUID, section_id: str, subject_key: str) -> ResponseReturnValue:
    """Show a few questions that can still change the verdict; its address is that of their topic and subject."""
    draft = service.open_draft(current_user, diagnosis_id, seen_in(request.form) if request.method == "POST" else None)
    subject, aim = draft.subject(subject_key), _aim(records.stand(draft))
    if subject is None or section_id not in {section.id for section in draft.questionnaire.sections}:
        raise NotFound
    if request.method == "POST":
        return _save(draft, aim, way.steps_with(draft, subject, request.form.getlist("asked")))
    if not draft.may_fill:
        return redirect(url_for("diagnosis.answers", diagnosis_id=diagnosis_id))
    return _show(draft, aim, subject, section_id)


@bp.post("/<uuid:diagnosis_id>/fill/<section_id>/<subject_key>/way/answers")
@requires("diagnosis.fill")
def save_answers(diagnosis_id: UUID, section_id: str, subject_key: str) -> ResponseReturnValue:
    """Save single answers from the open screen and tell its script what became of them.

    They may be answers to another screen at this address, which waited on the device: what is said decides, not what
    would be asked now.
    """
    seen, outline = seen_in(request.form), service.open_without_answers(current_user, diagnosis_id)
    subject = outline.subject(subject_key)
    if subject is None or section_id not in {section.id for section in outline.questionnaire.sections}:
        raise NotFound
    steps = way.steps_with(outline, subject, [*request.form.getlist("asked"), *facts_in(request.form)])
    if not steps:
        raise NotFound
    draft = read_page(outline.diagnosis, outline.firm, way.facts_to_read(outline, steps), seen)
    form = build_form(way.facts_in(steps), request.form)
    form.validate()
    saved = service.save_page(current_user, draft, subject_key, said_in(form), seen)
    return jsonify(autosave.answer(saved, steps, form, seen, service.names_of))


def _show(draft: Draft, aim: Aim, subject: Subject, section_id: str) -> ResponseReturnValue:
    if again := way.steps_with(draft, subject, request.args.getlist("again")):
        return _screen_page(draft, aim, again)
    left = way.find(draft, records.stand(draft), aim)
    steps = way.next_steps(draft, left, _put_off())
    if not steps or (steps[0].section.id, steps[0].subject.key) != (section_id, subject.key):
        return redirect(url_for(".begin", diagnosis_id=draft.diagnosis.id, to=".".join(aim), **_carried()))
    return _screen_page(draft, aim, steps)


def _save(draft: Draft, aim: Aim, steps: Sequence[Step]) -> ResponseReturnValue:
    if not steps:
        raise NotFound
    form = build_form(way.facts_in(steps), request.form)
    form.validate()
    try:
        saved = service.save_page(current_user, draft, steps[0].subject.key, said_in(form), seen_in(request.form))
    except Refused as refusal:
        return _screen_page(draft, aim, steps, form, refused=refusal.message), refusal.status
    if faults_in(form) or saved.conflicts:
        return _screen_page(saved.draft, aim, steps, form, saved.conflicts), 409 if saved.conflicts else 422
    return redirect(_after(saved, aim, steps))


def _after(saved: Saved, aim: Aim, steps: Sequence[Step]) -> str:
    """Return where to go after a save: on, to the overview, or to the same questions while figures contradict anew."""
    draft, asked = saved.draft, [fact.id for fact in way.facts_in(steps)]
    if request.form.get("then") == "hub":
        return url_for("diagnosis.overview", diagnosis_id=draft.diagnosis.id)
    told = saved.changed or is_from_script(request.form)
    if told and any(contradictions_in(draft, step)[0] for step in steps):
        return way.on_the_way(draft.diagnosis.id, aim, steps, again=asked, later=_put_off()) + "#contradictions"
    key = steps[0].subject.key
    said = {fact for fact, kept in draft.newest(key, Layer.STATED).items() if kept.said.state != EntryState.BLANK}
    later = [*_put_off(), *(f"{key}.{fact}" for fact in asked if fact not in said)]
    before = [f"{key}.{fact}" for fact in asked]
    return url_for(
        ".begin", diagnosis_id=draft.diagnosis.id, to=".".join(aim), later=later[-MOST_PUT_OFF:], before=before
    )


def _screen_page(
    draft: Draft,
    aim: Aim,
    steps: Sequence[Step],
    form: Form | None = None,
    conflicts: Mapping[str, Kept] = NO_CONFLICTS,
    refused: str = "",
) -> str:
    assessed, section_id = records.stand(draft), str((request.view_args or {})["section_id"])
    remarks = service.remarks_by_fact(draft.diagnosis, steps[0].subject.key)
    return render_template(
        "diagnosis/way_screen.html",
        diagnosis=draft.diagnosis,
        screen=way.view_screen(draft, steps, remarks, section_id, form, conflicts, nothing_saved=bool(refused)),
        beside=way.beside(assessed, aim, way.find(draft, assessed, aim)),
        before=_before(draft, aim),
        save_to=way.save_to(draft, steps[0].subject),
        for_script=for_script(language()),
        session_minutes=current_app.config["ZHIZHEN"].session_minutes,
        may_fill=draft.may_fill,
        refused=refused,
    )


def _before(draft: Draft, aim: Aim) -> str | None:
    """Return where the questions answered just now can be changed."""
    places = [one.partition(".") for one in request.args.getlist("before")]
    subject = draft.subject(places[0][0]) if places else None
    facts = [fact for _key, _dot, fact in places]
    steps = way.steps_with(draft, subject, facts) if subject else ()
    return way.on_the_way(draft.diagnosis.id, aim, steps, again=facts, later=_put_off()) if steps else None


def _aim(assessed: Assessed) -> Aim:
    aim = way.read_aim(request.args.get("to", ""), assessed)
    if aim is None:
        raise NotFound
    return aim


def _put_off() -> list[str]:
    """Return the questions that were left blank on the way, as subject and fact; they come last."""
    return list(dict.fromkeys(request.args.getlist("later")))[-MOST_PUT_OFF:]


def _carried() -> dict[str, Any]:
    return {"later": _put_off(), "before": request.args.getlist("before")[-MOST_PUT_OFF:]}
