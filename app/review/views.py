from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import may, requires
from app.colleagues.service import notes
from app.diagnosis.coach import coach_page, find_coached
from app.diagnosis.draft import Draft
from app.diagnosis.models import Stage
from app.diagnosis.service import open_draft, remarks
from app.errors import NotFound, Refused
from app.review import comparison, service, sheet
from app.review.forms import Findings, read_findings
from questionnaires.progress import Step

bp = Blueprint("review", __name__, url_prefix="/reviews")


@bp.get("")
@requires("review.see")
def index() -> ResponseReturnValue:
    return render_template("review/index.html", by_stage=service.diagnoses_of(current_user))


@bp.get("/<uuid:diagnosis_id>")
@requires("review.see")
def overview(diagnosis_id: UUID) -> ResponseReturnValue:
    return _overview_page(service.open_review(current_user, diagnosis_id))


def _overview_page(draft: Draft, refused: str = "", words: str = "", opinion: tuple[str, str] = ("", "")) -> str:
    return render_template(
        "review/overview.html",
        diagnosis=draft.diagnosis,
        draft=draft,
        view=sheet.overview(draft, service.steps_of(draft)),
        notes=remarks(draft.diagnosis.id),
        facts=draft.questionnaire.facts,
        refused=refused,
        words=words,
        opinion=opinion,
        longest_opinion=service.LONGEST_OPINION,
    )


# --- one page ---------------------------------------------------------------------------------------------------------


@bp.route("/<uuid:diagnosis_id>/pages/<section_id>/<subject_key>/<page_id>", methods=["GET", "POST"])
@requires("review.verify")
def page(diagnosis_id: UUID, section_id: str, subject_key: str, page_id: str) -> ResponseReturnValue:
    draft = service.open_review(current_user, diagnosis_id, _seen())
    step = next((one for one in service.steps_of(draft) if one.ids == (section_id, subject_key, page_id)), None)
    if step is None:
        raise NotFound
    return _verify(draft, step) if request.method == "POST" else _sheet_page(draft, step)


def _verify(draft: Draft, step: Step) -> ResponseReturnValue:
    stated, _verified = service.stated_and_verified(draft, step.subject.key)
    facts = [draft.questionnaire.facts[fact] for fact in step.page.fact_ids]
    findings = read_findings(facts, stated, request.form)
    try:
        service.verify(current_user, draft, step, findings.found, findings.notes, _seen() or 0)
    except Refused as refusal:
        return _sheet_page(draft, step, findings, refusal.message), refusal.status
    if findings.faults:
        return _sheet_page(service.open_review(current_user, draft.diagnosis.id), step, findings), 422
    return redirect(_after(draft.diagnosis.id, step))


def _seen() -> int | None:
    seen = request.form.get("revision", "")
    if request.method == "GET":
        return None
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0


def _sheet_page(draft: Draft, step: Step, findings: Findings | None = None, refused: str = "") -> str:
    return render_template(
        "review/page.html",
        diagnosis=draft.diagnosis,
        view=sheet.view(draft, step, findings),
        said=notes(draft.diagnosis.id, step.subject.key),
        talk_blanks={
            "diagnosis_id": draft.diagnosis.id,
            "section_id": step.section.id,
            "subject_key": step.subject.key,
        },
        refused=refused,
        may_verify=draft.diagnosis.stage is Stage.SUBMITTED,
    )


def _after(diagnosis_id: UUID, step: Step) -> str:
    """Return the next page that is not looked at, or the overview when none is left or it was asked for."""
    address = url_for(".overview", diagnosis_id=diagnosis_id)
    if request.form.get("then") == "overview":
        return address
    draft = service.open_review(current_user, diagnosis_id)
    every = service.pages(draft, service.steps_of(draft))
    place = next((number for number, one in enumerate(every) if one.step.ids == step.ids), 0)
    left = [one.step for one in (*every[place + 1 :], *every[:place]) if not one.done]
    return sheet.address(draft, left[0]) if left else address


@bp.get("/<uuid:diagnosis_id>/pages/<section_id>/<subject_key>/coach/<fact_id>")
@requires("review.verify")
def coach(diagnosis_id: UUID, section_id: str, subject_key: str, fact_id: str) -> ResponseReturnValue:
    draft = service.open_review(current_user, diagnosis_id)
    coached = find_coached(draft, section_id, subject_key, fact_id)
    return coach_page(coached, sheet.address(draft, coached.step))


# --- the end of a review ----------------------------------------------------------------------------------------------


@bp.post("/<uuid:diagnosis_id>/return")
@requires("review.verify")
def give_back(diagnosis_id: UUID) -> ResponseReturnValue:
    draft, words = service.open_review(current_user, diagnosis_id), request.form.get("words", "")
    try:
        service.return_to_firm(current_user, draft, words)
    except Refused as refusal:
        return _overview_page(draft, refusal.message, words), refusal.status
    flash(_("已退回企业。企业会在总览上看到您的留言。"))
    return redirect(url_for(".overview", diagnosis_id=diagnosis_id))


@bp.post("/<uuid:diagnosis_id>/sign-off")
@requires("review.verify")
def sign_off(diagnosis_id: UUID) -> ResponseReturnValue:
    draft = service.open_review(current_user, diagnosis_id)
    opinion = request.form.get("observations", ""), request.form.get("recommendations", "")
    try:
        service.sign_off(current_user, draft, *opinion)
    except Refused as refusal:
        return _overview_page(draft, refusal.message, opinion=opinion), refusal.status
    flash(_("复核已签字，核实结果已固定。"))
    return redirect(url_for(".compare", diagnosis_id=diagnosis_id))


@bp.get("/<uuid:diagnosis_id>/comparison")
@requires("diagnosis.see")
def compare(diagnosis_id: UUID) -> ResponseReturnValue:
    draft = open_draft(current_user, diagnosis_id)
    if draft.diagnosis.stage not in (Stage.REVIEWED, Stage.ISSUED) and not may("review.see"):
        raise NotFound(_("专家复核签字后，这里会列出核实结果与填报结果的对照。"))
    return render_template(
        "review/comparison.html", diagnosis=draft.diagnosis, view=comparison.view(draft, service.steps_of(draft))
    )
