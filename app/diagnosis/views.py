from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from wtforms import Form

from app.access import OF_FIRM, may, requires, who_asks
from app.diagnosis import autosave, check, hub, offline, outcome, service, sharing
from app.diagnosis.asked import find_page
from app.diagnosis.coach import coach_page, find_coached
from app.diagnosis.draft import FIRM_KEY, TAILORING, Draft, Kept
from app.diagnosis.drawing import draw_questions, for_script
from app.diagnosis.form_builder import faults_in, is_from_script, page_form, said_in, seen_in
from app.diagnosis.models import Layer
from app.diagnosis.page import NO_CONFLICTS, contradictions_in, neighbours, view_page
from app.diagnosis.records import assess, latest_record
from app.diagnosis.saving import Saved
from app.diagnosis.since import Changes, changes_since
from app.diagnosis.starting import taken_over
from app.diagnosis.trying import carried_by, with_more
from app.errors import NotFound, Refused
from app.presentation import language
from questionnaires.answers import EntryState
from questionnaires.model import Section, Subject
from questionnaires.progress import Step

bp = Blueprint("diagnosis", __name__, url_prefix="/diagnoses")


@bp.post("/firm/<uuid:firm_id>")
@requires("diagnosis.start")
def start(firm_id: UUID) -> ResponseReturnValue:
    made = service.start(current_user, firm_id)
    if count := taken_over(made):
        flash(_("快速自查的 %(count)s 个回答已经带入，与现在不同的请改。", count=count))
    return redirect(url_for(".overview", diagnosis_id=made.id))


@bp.get("/<uuid:diagnosis_id>")
@requires("section.see")
def overview(diagnosis_id: UUID) -> ResponseReturnValue:
    if sharing.shared_with(current_user, diagnosis_id) is not None:
        return redirect(url_for("colleagues.own"))  # of a later feature, so it is named and not imported
    draft = service.open_draft(current_user, diagnosis_id)
    names = sharing.names_of(diagnosis_id) if may("colleague.manage") else hub.NOBODY
    shown = hub.view(draft, service.remarks(diagnosis_id), names)
    return render_template("diagnosis/hub.html", diagnosis=draft.diagnosis, draft=draft, hub=shown, since=_since(draft))


@bp.get("/<uuid:diagnosis_id>/since")
@requires("diagnosis.see")
def changes(diagnosis_id: UUID) -> ResponseReturnValue:
    """Show what others changed since the person last saved."""
    draft = service.open_draft(current_user, diagnosis_id)
    return render_template("diagnosis/since.html", diagnosis=draft.diagnosis, since=_since(draft))


def _since(draft: Draft) -> tuple[Changes, ...]:
    last_own = service.last_own_save(current_user, draft.diagnosis.id)
    inside = current_user.role in OF_FIRM  # others are promised to learn what was said, and not by whom
    return changes_since(draft, current_user.id, last_own, service.names_of if inside else None)


# --- one page ---------------------------------------------------------------------------------------------------------


@bp.route("/<uuid:diagnosis_id>/fill/<section_id>/<subject_key>/<page_id>", methods=["GET", "POST"])
@requires("section.fill")
def fill(diagnosis_id: UUID, section_id: str, subject_key: str, page_id: str) -> ResponseReturnValue:
    seen = seen_in(request.form) if request.method == "POST" else None
    draft = service.open_page(who_asks(), diagnosis_id, section_id, page_id, seen, subject_key)
    step = _step(draft, section_id, subject_key, page_id)
    if request.method == "POST":
        return _save(diagnosis_id, draft, step)
    if not draft.may_fill:
        return redirect(url_for(".answers", diagnosis_id=diagnosis_id))
    return _page(draft, step)


def _step(draft: Draft, section_id: str, subject_key: str, page_id: str) -> Step:
    found, subject = find_page(draft.questionnaire, section_id, page_id), draft.subject(subject_key)
    if found is None or subject is None or found[0].of is not subject.kind:
        raise NotFound
    return Step(found[0], subject, found[1])


def _save(diagnosis_id: UUID, draft: Draft, step: Step) -> ResponseReturnValue:
    form = page_form(draft.questionnaire, step.section.id, step.page.id, request.form)
    form.validate()
    try:
        saved = service.save_page(who_asks(), draft, step.subject.key, said_in(form), seen_in(request.form))
    except Refused as refusal:
        return _page(draft, step, form, refused=refusal.message), refusal.status
    if faults_in(form) or saved.conflicts:
        return _page(saved.draft, step, form, saved.conflicts), 409 if saved.conflicts else 422
    return redirect(_after(diagnosis_id, step, saved))


@bp.post("/<uuid:diagnosis_id>/fill/<section_id>/<subject_key>/<page_id>/answers")
@requires("section.fill")
def save_answers(diagnosis_id: UUID, section_id: str, subject_key: str, page_id: str) -> ResponseReturnValue:
    """Save single answers from the open page and tell its script what became of them. Saying the same twice is once."""
    seen = seen_in(request.form)
    draft = service.open_page(who_asks(), diagnosis_id, section_id, page_id, seen, subject_key)
    step = _step(draft, section_id, subject_key, page_id)
    form = page_form(draft.questionnaire, section_id, page_id, request.form)
    form.validate()
    saved = service.save_page(who_asks(), draft, subject_key, said_in(form), seen)
    return jsonify(autosave.answer(saved, (step,), form, seen, service.names_of))


def _page(
    draft: Draft, step: Step, form: Form | None = None, conflicts: Mapping[str, Kept] = NO_CONFLICTS, refused: str = ""
) -> str:
    view = view_page(draft, step, form, conflicts, nothing_saved=bool(refused))
    return render_template(
        "diagnosis/page.html",
        diagnosis=draft.diagnosis,
        view=view,
        questions=draw_questions(view, service.remarks_by_fact(draft.diagnosis, step.subject.key)),
        for_script=for_script(language()),
        session_minutes=current_app.config["ZHIZHEN"].session_minutes,
        may_fill=draft.may_fill,
        refused=refused,
        back=request.values.get("back", ""),
    )


def _after(diagnosis_id: UUID, step: Step, saved: Saved) -> str:
    """Return where to go after a save: where the button said, or the same page while its figures contradict anew."""
    then, back = request.form.get("then", "next"), request.form.get("back") or None
    if then == "hub":
        return url_for(".overview", diagnosis_id=diagnosis_id)
    if (saved.changed or is_from_script(request.form)) and contradictions_in(saved.draft, step)[0]:
        return _address(diagnosis_id, step, back) + "#contradictions"
    if back == "check":
        return check.address(diagnosis_id, step.subject.key, f"{step.subject.key}.{request.form.get('at', '')}")
    before, after = neighbours(saved.draft, step, saved.draft.path())
    to = before if then == "previous" else after
    return _address(diagnosis_id, to) if to else url_for(".overview", diagnosis_id=diagnosis_id)


def _address(diagnosis_id: UUID, step: Step, back: str | None = None) -> str:
    section, subject, page = step.ids
    return url_for(".fill", diagnosis_id=diagnosis_id, section_id=section, subject_key=subject, page_id=page, back=back)


# --- without a network ------------------------------------------------------------------------------------------------


@bp.get("/<uuid:diagnosis_id>/fill/<section_id>/<subject_key>/offline")
@requires("section.fill")
def offline_section(diagnosis_id: UUID, section_id: str, subject_key: str) -> ResponseReturnValue:
    """Show all questions of a section on one sheet that a phone can keep: it holds no answers."""
    draft = service.open_shared(current_user, diagnosis_id)
    section, subject = _section(draft, section_id, subject_key)
    if not draft.may_fill:
        return redirect(url_for(".answers", diagnosis_id=diagnosis_id))
    return render_template(
        "diagnosis/offline.html",
        diagnosis=draft.diagnosis,
        section=section,
        subject=subject,
        sheets=offline.sheets(draft, section, subject),
        for_script=for_script(language()),
        session_minutes=current_app.config["ZHIZHEN"].session_minutes,
    )


@bp.get("/<uuid:diagnosis_id>/fill/<section_id>/<subject_key>/offline/answers")
@requires("section.fill")
def offline_answers(diagnosis_id: UUID, section_id: str, subject_key: str) -> ResponseReturnValue:
    draft = service.open_shared(current_user, diagnosis_id)
    section, subject = _section(draft, section_id, subject_key)
    response = jsonify(offline.answers(draft, section, subject))
    response.headers["Cache-Control"] = "no-store"
    return response


def _section(draft: Draft, section_id: str, subject_key: str) -> tuple[Section, Subject]:
    section, subject = draft.section_about(section_id, subject_key)
    if not draft.shows(section_id, subject_key):
        raise sharing.NotShared
    return section, subject


@bp.get("/<uuid:diagnosis_id>/fill/<section_id>/<subject_key>/coach/<fact_id>")
@requires("section.fill")
def coach(diagnosis_id: UUID, section_id: str, subject_key: str, fact_id: str) -> ResponseReturnValue:
    draft = service.open_without_answers(current_user, diagnosis_id)
    if not draft.shows(section_id, subject_key):
        raise sharing.NotShared
    coached = find_coached(draft, section_id, subject_key, fact_id)
    return coach_page(coached, _address(diagnosis_id, coached.step))


# --- tailoring --------------------------------------------------------------------------------------------------------


@bp.route("/<uuid:diagnosis_id>/tailoring", methods=["GET", "POST"])
@requires("diagnosis.fill")
def tailoring(diagnosis_id: UUID) -> ResponseReturnValue:
    if request.method == "GET":
        draft = service.open_draft(current_user, diagnosis_id)
        return _tailoring_page(draft, draft.tailored)
    draft = service.open_draft(current_user, diagnosis_id, seen_in(request.form))
    reasons = {name: request.form.get(f"reason.{name}", "") for name in request.form.getlist("left_out")}
    try:
        saved = service.tailor(current_user, draft, reasons, seen_in(request.form))
    except Refused as refusal:
        return _tailoring_page(draft, reasons, refusal.message), refusal.status
    if saved.conflicts:
        message = _("同事刚才也改了裁剪。您的选择仍在下方，请对照后再保存。")
        return _tailoring_page(service.open_draft(current_user, diagnosis_id), reasons, message), 409
    flash(_("裁剪已保存。"))
    return redirect(url_for(".overview", diagnosis_id=diagnosis_id))


def _tailoring_page(draft: Draft, reasons: Mapping[str, str], refused: str = "") -> str:
    kept = draft.newest(TAILORING, Layer.STATED)
    return render_template(
        "diagnosis/tailoring.html",
        diagnosis=draft.diagnosis,
        may=service.may_tailor(draft),
        reasons=reasons,
        kept={name: one.said.reason for name, one in kept.items() if one.said.state != EntryState.BLANK},
        may_fill=draft.may_fill,
        refused=refused,
    )


# --- checking and submitting ------------------------------------------------------------------------------------------


@bp.get("/<uuid:diagnosis_id>/answers")
@requires("section.see")
def answers(diagnosis_id: UUID) -> ResponseReturnValue:
    return _answers_page(service.open_shared(current_user, diagnosis_id))


def _answers_page(draft: Draft, refused: str = "") -> str:
    return render_template(
        "diagnosis/answers.html",
        diagnosis=draft.diagnosis,
        check=check.view(draft, request.values.get("about", FIRM_KEY)),
        refused=refused,
        name=request.form.get("name", current_user.name),
    )


@bp.post("/<uuid:diagnosis_id>/submit")
@requires("diagnosis.submit")
def submit(diagnosis_id: UUID) -> ResponseReturnValue:
    draft = service.open_draft(current_user, diagnosis_id)
    try:
        service.submit(current_user, draft, request.form.get("name", ""), "truthful" in request.form)
    except Refused as refusal:
        return _answers_page(draft, refusal.message), refusal.status
    return redirect(url_for(".result", diagnosis_id=diagnosis_id))


@bp.get("/<uuid:diagnosis_id>/result")
@requires("diagnosis.see")
def result(diagnosis_id: UUID) -> ResponseReturnValue:
    draft = service.open_draft(current_user, diagnosis_id)
    verified = latest_record(diagnosis_id, Layer.VERIFIED) is not None
    layer = Layer.VERIFIED if verified and request.args.get("layer") != Layer.STATED else Layer.STATED
    may_try = may("plan.see") and not draft.diagnosis.is_quick_check and verified == (layer is Layer.VERIFIED)
    return render_template(
        "diagnosis/result.html",
        diagnosis=draft.diagnosis,
        view=outcome.view(draft, assess(draft, layer), layer is Layer.VERIFIED, request.args.get("about", FIRM_KEY)),
        layer=layer,
        verified=verified,
        may_try=may_try,
        carried=carried_by(request.args) if may_try else {},
        try_at=with_more,
    )
