"""Reports: what can be asked for, how far the printing is, the files themselves."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import jobs, papers
from app.access import may, requires
from app.diagnosis import service as diagnoses
from app.diagnosis.models import Diagnosis
from app.errors import NotFound, Refused
from app.evidence.service import letter_of
from app.papers import LANGUAGES, REFRESH_S, Paper, PaperState
from app.presentation import day, language
from app.report_templates import service as report_templates
from app.reporting import batches, blanks, files, finishing, letters, packing, service, waiting
from app.reporting.blanks import BlankFile
from app.reporting.codes import grouped
from app.reporting.models import Form, IssuedReport, RenderState

bp = Blueprint("reporting", __name__, url_prefix="/reports")
bp.add_app_template_filter(grouped, "code_groups")


@bp.get("/diagnosis/<uuid:diagnosis_id>")
@requires("report.see")
def index(diagnosis_id: UUID) -> ResponseReturnValue:
    diagnosis = diagnoses.diagnosis_for(current_user, diagnosis_id)
    reports = service.reports_of(diagnosis)
    return render_template(
        "reporting/index.html",
        diagnosis=diagnosis,
        reports=reports,
        files_of=files.files_of,
        to_issue=service.languages_to_issue(diagnosis),
        letter=letter_of(diagnosis.id),
        templates=report_templates.choices(current_user),
    )


@bp.post("/diagnosis/<uuid:diagnosis_id>/request")
@requires("report.request")
def request_report(diagnosis_id: UUID) -> ResponseReturnValue:
    return _print(service.request_report(current_user, diagnosis_id, _chosen_language(), _chosen_template()))


@bp.post("/diagnosis/<uuid:diagnosis_id>/issue")
@requires("report.issue")
def issue(diagnosis_id: UUID) -> ResponseReturnValue:
    report = service.issue(current_user, diagnosis_id, _chosen_language(), _chosen_template())
    flash(_("诊断报告已签发。"))
    return _print(report)


def _chosen_language() -> str:
    return request.form.get("language", "zh")


def _chosen_template() -> UUID | None:
    """Return the template that was chosen; None for the standard layout. Raises NotFound."""
    chosen = request.form.get("template", "")
    try:
        return UUID(chosen) if chosen else None
    except ValueError as fault:
        raise NotFound from fault


def _print(report: IssuedReport) -> ResponseReturnValue:
    jobs.wake()
    return redirect(url_for(".status", report_id=report.id))


@bp.get("/<uuid:report_id>")
@requires("report.see")
def status(report_id: UUID) -> ResponseReturnValue:
    report = service.report_for(current_user, report_id)
    if waiting.nobody_prints(report):
        jobs.wake()
    return render_template(
        "reporting/status.html",
        report=report,
        diagnosis=report.diagnosis,
        files=files.files_of(report),
        fault=_fault_words(report),
        refresh_s=_refresh(report),
        to_print_again=finishing.may_print_again(report),
    )


@bp.post("/<uuid:report_id>/print-again")
@requires("report.issue")
def print_again(report_id: UUID) -> ResponseReturnValue:
    """Print a report whose file is lost once more, as it was."""
    return _print(service.print_again(current_user, report_id))


def _fault_words(report: IssuedReport) -> str:
    """Say what happened to a printing; its row holds the Chinese sentence, as nobody's language was known then."""
    if language() == "zh" or report.fault is None:
        return report.fault or ""
    said = _(report.fault)
    if said != report.fault:
        return said
    return _("报告没有排成。答案没有丢失；请把编号 %(number)s 告诉管理员。", number=str(report.id)[:8])


def _refresh(report: IssuedReport) -> int | None:
    return REFRESH_S if report.state in (RenderState.QUEUED, RenderState.RENDERING) else None


@bp.get("/<uuid:report_id>/file", defaults={"form": Form.PDF.value})
@bp.get("/<uuid:report_id>/file/<any(docx, xlsx):form>")
@requires("report.see")
def file(report_id: UUID, form: str) -> ResponseReturnValue:
    """Hand out the PDF, the report for Word or the workpaper."""
    report, chosen = service.report_for(current_user, report_id), Form(form)
    response = Response(files.content(report, chosen), mimetype=files.MIMETYPES[chosen])
    name, plain = files.name_of(report, chosen), files.plain_name_of(report, chosen)
    response.headers["Content-Disposition"] = _named(name, plain)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _named(name: str, plain: str) -> str:
    """Name a file in Chinese (RFC 5987), and in ASCII for programs that cannot read that."""
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


# --- the letter of truthfulness ---------------------------------------------------------------------------------------


@bp.get("/diagnosis/<uuid:diagnosis_id>/letter")
@requires("report.see")
def letter(diagnosis_id: UUID) -> ResponseReturnValue:
    """Show the letter in both languages: what can be downloaded, what is being printed."""
    diagnosis = _signed(diagnosis_id)
    found = [letters.find(diagnosis, code) for code in _own_language_first()]
    return render_template("reporting/letter.html", diagnosis=diagnosis, found=found, refresh_s=_wait_for(found))


@bp.post("/diagnosis/<uuid:diagnosis_id>/letter/<any(zh, en):code>")
@requires("report.see")
def print_letter(diagnosis_id: UUID, code: str) -> ResponseReturnValue:
    diagnosis = _signed(diagnosis_id)
    if letters.ask(diagnosis, code).state is PaperState.READY:
        return redirect(url_for(".letter_file", diagnosis_id=diagnosis_id, code=code))
    jobs.wake()
    return redirect(url_for(".letter", diagnosis_id=diagnosis_id))


@bp.get("/diagnosis/<uuid:diagnosis_id>/letter/<any(zh, en):code>/file")
@requires("report.see")
def letter_file(diagnosis_id: UUID, code: str) -> ResponseReturnValue:
    """Hand out the letter of truthfulness alone, to be signed."""
    diagnosis = _signed(diagnosis_id)
    found = letters.find(diagnosis, code)
    if found.state is not PaperState.READY:
        return redirect(url_for(".letter", diagnosis_id=diagnosis_id))
    response = Response(found.pdf.read_bytes(), mimetype="application/pdf")
    suffix = "" if code == "zh" else f"-{code}"
    plain = f"letter-{diagnosis.firm.uscc}-{diagnosis.number}{suffix}.pdf"
    response.headers["Content-Disposition"] = _named(f"{diagnosis.firm.name}_{found.title}.pdf", plain)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _signed(diagnosis_id: UUID) -> Diagnosis:
    """Return a diagnosis that the person may see; for a quick check nobody signs a letter."""
    diagnosis = diagnoses.diagnosis_for(current_user, diagnosis_id)
    if diagnosis.is_quick_check:
        raise NotFound
    return diagnosis


def _wait_for(found: Sequence[Paper]) -> int | None:
    """Return when a page about papers looks again; who prints is called where one waits for long."""
    asked = [one for one in found if one.state is PaperState.WAITING]
    if any(one.is_forgotten for one in asked):
        jobs.wake()
    return REFRESH_S if asked else None


# --- blank questionnaires ---------------------------------------------------------------------------------------------


@bp.get("/blank/<questionnaire_id>/<version>")
@requires("questionnaire.print")
def blank(questionnaire_id: str, version: str) -> ResponseReturnValue:
    """Show the questionnaire in both languages: what can be downloaded, what is being printed."""
    found = [blanks.find(questionnaire_id, version, code) for code in _own_language_first()]
    return render_template("reporting/blank.html", found=found, refresh_s=_wait_for(found))


def _own_language_first() -> list[str]:
    return sorted(LANGUAGES, key=lambda code: code != language())


@bp.post("/blank/<questionnaire_id>/<version>/<code>")
@requires("questionnaire.print")
def print_blank(questionnaire_id: str, version: str, code: str) -> ResponseReturnValue:
    papers.ask(blanks.find(questionnaire_id, version, code))
    jobs.wake()
    return redirect(url_for(".blank", questionnaire_id=questionnaire_id, version=version))


@bp.get("/blank/<questionnaire_id>/<version>/<code>/file")
@requires("questionnaire.print")
def blank_file(questionnaire_id: str, version: str, code: str) -> ResponseReturnValue:
    found = blanks.find(questionnaire_id, version, code)
    if found.state is not PaperState.READY:
        return redirect(url_for(".blank", questionnaire_id=questionnaire_id, version=version))
    response = Response(found.pdf.read_bytes(), mimetype="application/pdf")
    response.headers["Content-Disposition"] = _name_of_blank(found)
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(found.pdf.stem)
    return response.make_conditional(request)


def _name_of_blank(found: BlankFile) -> str:
    title, plain = found.questionnaire.title.zh, f"questionnaire-{found.questionnaire.id}-{found.language}.pdf"
    name = f"{title}_空白问卷_{found.questionnaire.version}.pdf" if found.language == "zh" else plain
    return _named(name, plain)


# --- batches ----------------------------------------------------------------------------------------------------------


@bp.get("/batches")
@requires("report.batch")
def batches_page() -> ResponseReturnValue:
    return _batches_page()


def _batches_page(refused: str = "") -> str:
    return render_template(
        "reporting/batches.html",
        choices=batches.choices(current_user),
        chosen=request.form.getlist("diagnosis"),
        templates=report_templates.choices(current_user) if may("report.issue") else (),
        batches=[(one, batches.progress(one)) for one in service.batches_of(current_user)],
        refused=refused,
    )


@bp.post("/batches")
@requires("report.batch")
def ask_batch() -> ResponseReturnValue:
    try:
        chosen = [UUID(one) for one in request.form.getlist("diagnosis")]
    except ValueError as fault:
        raise NotFound from fault
    try:
        made, left_out = batches.ask(current_user, chosen, _chosen_template())
    except Refused as refusal:
        return _batches_page(refusal.message), refusal.status
    for said in left_out:
        flash(said)
    jobs.wake(len(batches.waiting(made)))
    return redirect(url_for(".batch", batch_id=made.id))


@bp.get("/batches/<uuid:batch_id>")
@requires("report.batch")
def batch(batch_id: UUID) -> ResponseReturnValue:
    found = service.batch_for(current_user, batch_id)
    progress = batches.progress(found)
    if any(waiting.nobody_prints(one) for one in batches.waiting(found)[:1]):
        jobs.wake(len(batches.waiting(found)))
    refresh_s = None if progress.is_over else REFRESH_S
    return render_template(
        "reporting/batch.html", batch=found, progress=progress, forms=list(Form), refresh_s=refresh_s
    )


@bp.get("/batches/<uuid:batch_id>/zip")
@requires("report.batch")
def batch_zip(batch_id: UUID) -> ResponseReturnValue:
    """Send what is ready in the forms chosen, as PDF where none is."""
    found = service.batch_for(current_user, batch_id)
    chosen = [form for form in Form if form in request.args.getlist("form")] or [Form.PDF]
    packed = packing.pack(batches.ready(current_user, found), chosen)
    response = Response(packing.written(packed), mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="reports-{day(found.requested_at)}.zip"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
