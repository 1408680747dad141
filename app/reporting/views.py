"""Reports: what can be asked for, how far the printing is, the PDF itself."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import jobs
from app.access import may, requires
from app.diagnosis import service as diagnoses
from app.errors import NotFound, Refused
from app.evidence.service import letter_of
from app.presentation import day, language
from app.reporting import batches, blanks, own_templates, service
from app.reporting.blanks import BlankFile, BlankState
from app.reporting.models import Edition, IssuedReport, RenderState
from questionnaires.model import Text
from reports.html import letter_to_html
from reports.language import LANGUAGES
from reports.pdf import RenderFailed, to_pdf
from reports.signing import Signing
from reports.signing import letter as letter_about

bp = Blueprint("reporting", __name__, url_prefix="/reports")

REFRESH_S = 3  # between two looks at a printing that goes on
# What a file is called, in the language of what is in it.
FILE_WORDS = {
    Edition.PREVIEW: Text("预览", "Preview"),
    Edition.SELF: Text("自评报告", "Self-assessment"),
    Edition.DIAGNOSTIC: Text("诊断报告", "Diagnostic report"),
}
LETTER_TIMEOUT_S = 30  # one page; it is made while somebody waits for it


@bp.get("/diagnosis/<uuid:diagnosis_id>")
@requires("report.see")
def index(diagnosis_id: UUID) -> ResponseReturnValue:
    diagnosis = diagnoses.diagnosis_for(current_user, diagnosis_id)
    reports = service.reports_of(diagnosis)
    return render_template(
        "reporting/index.html",
        diagnosis=diagnosis,
        reports=reports,
        to_issue=service.languages_to_issue(diagnosis),
        letter=letter_of(diagnosis.id),
        templates=own_templates.choices(current_user),
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
    if service.nobody_prints(report):
        jobs.wake()
    return render_template(
        "reporting/status.html",
        report=report,
        diagnosis=report.diagnosis,
        fault=_fault_words(report),
        refresh_s=_refresh(report),
    )


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


@bp.get("/<uuid:report_id>/file")
@requires("report.see")
def file(report_id: UUID) -> ResponseReturnValue:
    report = service.report_for(current_user, report_id)
    response = Response(service.content(report), mimetype="application/pdf")
    response.headers["Content-Disposition"] = _disposition(report)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _disposition(report: IssuedReport) -> str:
    """Name the file in Chinese (RFC 5987), and in ASCII for programs that cannot read that."""
    diagnosis = report.diagnosis
    words = LANGUAGES[report.language].say(FILE_WORDS[report.edition])
    name = f"{diagnosis.firm.name}_{words}_{day(report.requested_at)}.pdf"
    plain = f"report-{diagnosis.firm.uscc}-{diagnosis.number}{_suffix(report.language)}.pdf"
    return _named(name, plain)


def _suffix(code: str) -> str:
    return "" if code == "zh" else f"-{code}"


def _named(name: str, plain: str) -> str:
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


@bp.get("/diagnosis/<uuid:diagnosis_id>/letter/<any(zh, en):code>")
@requires("report.see")
def letter(diagnosis_id: UUID, code: str) -> ResponseReturnValue:
    """Hand out the letter of truthfulness alone, to be signed."""
    diagnosis = diagnoses.diagnosis_for(current_user, diagnosis_id)
    firm = diagnosis.firm
    made = letter_about(Signing(firm.name, firm.uscc, diagnosis.as_of, diagnosis.number), code)
    try:
        pdf = to_pdf(letter_to_html(made), LETTER_TIMEOUT_S)
    except RenderFailed as fault:
        raise Refused(_("承诺书没有排成。请再试一次；仍不成功时请联系管理员。")) from fault
    response = Response(pdf, mimetype="application/pdf")
    plain = f"letter-{firm.uscc}-{diagnosis.number}{_suffix(code)}.pdf"
    response.headers["Content-Disposition"] = _named(f"{firm.name}_{made.title}.pdf", plain)
    response.headers["Cache-Control"] = "private, no-store"
    return response


# --- blank questionnaires ---------------------------------------------------------------------------------------------


@bp.get("/blank/<questionnaire_id>/<version>")
@requires("questionnaire.print")
def blank(questionnaire_id: str, version: str) -> ResponseReturnValue:
    """Show the questionnaire in both languages: what can be downloaded, what is being printed."""
    found = [blanks.find(questionnaire_id, version, code) for code in _own_language_first()]
    waiting = [one for one in found if one.state is BlankState.WAITING]
    if any(one.is_forgotten for one in waiting):
        jobs.wake()
    return render_template("reporting/blank.html", found=found, refresh_s=REFRESH_S if waiting else None)


def _own_language_first() -> list[str]:
    return sorted(blanks.LANGUAGES, key=lambda code: code != language())


@bp.post("/blank/<questionnaire_id>/<version>/<code>")
@requires("questionnaire.print")
def print_blank(questionnaire_id: str, version: str, code: str) -> ResponseReturnValue:
    blanks.ask(blanks.find(questionnaire_id, version, code))
    jobs.wake()
    return redirect(url_for(".blank", questionnaire_id=questionnaire_id, version=version))


@bp.get("/blank/<questionnaire_id>/<version>/<code>/file")
@requires("questionnaire.print")
def blank_file(questionnaire_id: str, version: str, code: str) -> ResponseReturnValue:
    found = blanks.find(questionnaire_id, version, code)
    if found.state is not BlankState.READY:
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
        templates=own_templates.choices(current_user) if may("report.issue") else (),
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
    if any(service.nobody_prints(one) for one in batches.waiting(found)[:1]):
        jobs.wake(len(batches.waiting(found)))
    return render_template(
        "reporting/batch.html", batch=found, progress=progress, refresh_s=None if progress.is_over else REFRESH_S
    )


@bp.get("/batches/<uuid:batch_id>/zip")
@requires("report.batch")
def batch_zip(batch_id: UUID) -> ResponseReturnValue:
    found = service.batch_for(current_user, batch_id)
    name = f"reports-{day(found.requested_at)}.zip"
    response = send_file(batches.zip_of(current_user, found), "application/zip", as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
