from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from wtforms import Form

from app.access import requires
from app.diagnosis import check, hub, outcome, service
from app.diagnosis.draft import FIRM_KEY, TAILORING, Draft, Kept, find_page
from app.diagnosis.drawing import draw_questions
from app.diagnosis.form_builder import faults_in, page_form, said_in
from app.diagnosis.importing import FileRefused
from app.diagnosis.models import Layer
from app.diagnosis.page import NO_CONFLICTS, contradictions_in, neighbours, view_page
from app.diagnosis.records import assess, latest_record
from app.diagnosis.saving import Saved
from app.errors import NotFound, Refused
from questionnaires.answers import EntryState
from questionnaires.exchange import write_diagnosis
from questionnaires.progress import Step

bp = Blueprint("diagnosis", __name__, url_prefix="/diagnoses")


@bp.post("/firm/<uuid:firm_id>")
@requires("diagnosis.start")
def start(firm_id: UUID) -> ResponseReturnValue:
    made = service.start(current_user, firm_id)
    return redirect(url_for(".overview", diagnosis_id=made.id))


@bp.get("/<uuid:diagnosis_id>")
@requires("diagnosis.see")
def overview(diagnosis_id: UUID) -> ResponseReturnValue:
    draft = service.open_draft(current_user, diagnosis_id)
    shown = hub.view(draft, service.remarks(diagnosis_id))
    return render_template("diagnosis/hub.html", diagnosis=draft.diagnosis, hub=shown)


# --- one page ---------------------------------------------------------------------------------------------------------


@bp.route("/<uuid:diagnosis_id>/fill/<section_id>/<subject_key>/<page_id>", methods=["GET", "POST"])
@requires("diagnosis.fill")
def fill(diagnosis_id: UUID, section_id: str, subject_key: str, page_id: str) -> ResponseReturnValue:
    draft = service.open_page(current_user, diagnosis_id, section_id, page_id, _seen(), subject_key)
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
        saved = service.save_page(current_user, draft, step.subject.key, said_in(form), _seen() or 0)
    except Refused as refusal:
        return _page(draft, step, form, refused=refusal.message), refusal.status
    if faults_in(form) or saved.conflicts:
        return _page(saved.draft, step, form, saved.conflicts), 409 if saved.conflicts else 422
    return redirect(_after(diagnosis_id, step, saved))


def _seen() -> int | None:
    """Return which save the posted page showed; 0 when it does not say, so that everything newer is asked about."""
    if request.method == "GET":
        return None
    seen = request.form.get("revision", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0


def _page(
    draft: Draft, step: Step, form: Form | None = None, conflicts: Mapping[str, Kept] = NO_CONFLICTS, refused: str = ""
) -> str:
    view = view_page(draft, step, form, conflicts, nothing_saved=bool(refused))
    return render_template(
        "diagnosis/page.html",
        diagnosis=draft.diagnosis,
        view=view,
        questions=draw_questions(view, _remarks(draft, step)),
        may_fill=draft.may_fill,
        refused=refused,
        back=request.values.get("back", ""),
    )


def _remarks(draft: Draft, step: Step) -> dict[str, list[str]]:
    """Return fact -> what consultants wrote about it. Nobody does before the first submission."""
    if draft.diagnosis.submitted_at is None:
        return {}
    notes: dict[str, list[str]] = {}
    for remark in service.remarks(draft.diagnosis.id):
        if remark.subject_key == step.subject.key and remark.fact:
            notes.setdefault(remark.fact, []).append(remark.text)
    return notes


def _after(diagnosis_id: UUID, step: Step, saved: Saved) -> str:
    """Return where to go after a save: where the button said, or the same page while its figures contradict anew."""
    then, back = request.form.get("then", "next"), request.form.get("back") or None
    if then == "hub":
        return url_for(".overview", diagnosis_id=diagnosis_id)
    if saved.changed and contradictions_in(saved.draft, step)[0]:
        return _address(diagnosis_id, step, back) + "#contradictions"
    if back == "check":
        return check.address(diagnosis_id, step.subject.key, f"{step.subject.key}.{request.form.get('at', '')}")
    before, after = neighbours(saved.draft, step, saved.draft.path())
    to = before if then == "previous" else after
    return _address(diagnosis_id, to) if to else url_for(".overview", diagnosis_id=diagnosis_id)


def _address(diagnosis_id: UUID, step: Step, back: str | None = None) -> str:
    section, subject, page = step.ids
    return url_for(".fill", diagnosis_id=diagnosis_id, section_id=section, subject_key=subject, page_id=page, back=back)


# --- tailoring --------------------------------------------------------------------------------------------------------


@bp.route("/<uuid:diagnosis_id>/tailoring", methods=["GET", "POST"])
@requires("diagnosis.fill")
def tailoring(diagnosis_id: UUID) -> ResponseReturnValue:
    draft = service.open_draft(current_user, diagnosis_id, _seen())
    if request.method == "GET":
        return _tailoring_page(draft, draft.tailored)
    reasons = {name: request.form.get(f"reason.{name}", "") for name in request.form.getlist("left_out")}
    try:
        saved = service.tailor(current_user, draft, reasons, _seen() or 0)
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
@requires("diagnosis.see")
def answers(diagnosis_id: UUID) -> ResponseReturnValue:
    return _answers_page(service.open_draft(current_user, diagnosis_id))


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
    return render_template(
        "diagnosis/result.html",
        diagnosis=draft.diagnosis,
        view=outcome.view(draft, assess(draft, layer), layer is Layer.VERIFIED, request.args.get("about", FIRM_KEY)),
        layer=layer,
        verified=verified,
    )


# --- the diagnosis file -----------------------------------------------------------------------------------------------


@bp.get("/<uuid:diagnosis_id>/diagnosis.json")
@requires("diagnosis.see")
def file(diagnosis_id: UUID) -> ResponseReturnValue:
    draft = service.open_draft(current_user, diagnosis_id)
    response = Response(write_diagnosis(draft.filled()), mimetype="application/json")
    response.headers.set("Content-Disposition", "attachment", filename=f"diagnosis-{draft.diagnosis.number}.json")
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.route("/<uuid:diagnosis_id>/import", methods=["GET", "POST"])
@requires("diagnosis.fill")
def import_file(diagnosis_id: UUID) -> ResponseReturnValue:
    draft = service.open_draft(current_user, diagnosis_id)
    if request.method == "GET":
        return _import_page(draft)
    try:
        content, name = _uploaded()
        changed = service.import_file(current_user, draft, content, name)
    except Refused as refusal:
        return _import_page(draft, refusal), refusal.status
    flash(_("文件已导入：%(changed)s 项有变化，其余未变。", changed=changed))
    return redirect(url_for(".overview", diagnosis_id=diagnosis_id))


def _import_page(draft: Draft, refusal: Refused | None = None) -> str:
    return render_template(
        "diagnosis/import.html",
        diagnosis=draft.diagnosis,
        may_fill=draft.may_fill,
        refused=refusal.message if refusal else "",
        faults=refusal.faults if isinstance(refusal, FileRefused) else (),
    )


def _uploaded() -> tuple[str, str]:
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise Refused(_("请先选择一个诊断文件（.json 或 .yaml）。"))
    try:
        return upload.read().decode("utf-8-sig"), upload.filename
    except UnicodeDecodeError as error:
        raise Refused(_("文件“%(name)s”不是 UTF-8 文本。请另存为 UTF-8 后再试。", name=upload.filename[:80])) from error
