"""The public pages where anybody checks a report: by the code on its cover, then by the file itself."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from flask import Blueprint, Response, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import RequestEntityTooLarge

from app.access import requires
from app.accounts import attempts
from app.errors import Refused
from app.extensions import db
from app.reporting.codes import grouped, read_code
from app.reporting.models import IssuedReport
from app.verification import service
from app.verification.service import Compared, UnknownCode

bp = Blueprint("verification", __name__, url_prefix="/verify")

MB = 1024 * 1024
AROUND_FILE_MB = 1  # of an upload: what stands around the file


@bp.url_value_preprocessor
def _take_larger_posts(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let a file be larger than other forms. Before the body is read; only from those whom our page was shown to."""
    if endpoint == "verification.compare" and "csrf_token" in session:
        request.max_content_length = (_most_mb() + AROUND_FILE_MB) * MB


def _most_mb() -> int:
    most: int = current_app.config["ZHIZHEN"].evidence_max_mb
    return most


@bp.after_request
def _not_for_search_engines(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.get("")
@requires("public")
def index() -> ResponseReturnValue:
    typed = request.args.get("code")
    if typed is None:
        return _form_page("")
    try:
        code = read_code(typed)
    except Refused as refusal:
        return _form_page(typed, refusal.message), refusal.status
    return redirect(url_for(".report", report_code=grouped(code)))


def _form_page(typed: str, refused: str = "") -> str:
    return render_template("verification/index.html", typed=typed, refused=refused)


@bp.get("/<report_code>")
@requires("public")
def report(report_code: str) -> ResponseReturnValue:
    try:
        return _page(_found(report_code))
    except Refused as refusal:
        return _form_page(report_code, refusal.message), refusal.status


@bp.post("/<report_code>")
@requires("public")
def compare(report_code: str) -> ResponseReturnValue:
    """Hold the file that was sent against the report. Reads only."""
    try:
        found = _found(report_code)
    except Refused as refusal:
        return _form_page(report_code, refusal.message), refusal.status
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _page(found, refused=_("还没有选择文件。请先选择文件，再核对。")), 422
    try:
        return _page(found, service.compare(found, cast(BinaryIO, sent.stream)))
    except Refused as refusal:
        return _page(found, refused=refusal.message), refusal.status


def _found(typed: str) -> IssuedReport:
    """Return the report; whoever tries many codes has to wait. A slip of the pen shows by itself and is not counted."""
    who = f"code:{request.remote_addr}"
    attempts.refuse_after_many(who)
    try:
        return service.find(typed)
    except UnknownCode:
        attempts.failed(who)
        raise


def _page(found: IssuedReport, compared: Compared | None = None, refused: str = "") -> str:
    return render_template(
        "verification/report.html",
        report=service.shown(found),
        compared=compared,
        refused=refused,
        most_mb=_most_mb(),
    )


@bp.errorhandler(RequestEntityTooLarge)
def too_much(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Say the limit on the page that the file came from; nobody has looked at it."""
    return _again(
        _("文件超过 %(most)s MB，没有核对。本系统出具的报告不会这么大，请检查选的文件。", most=_most_mb()), 413
    )


@bp.errorhandler(CSRFError)
def too_old(_error: CSRFError) -> ResponseReturnValue:
    """Show the page anew: a stranger has no session to sign in to."""
    return _again(_("这个页面已过期，文件没有核对。请再选一次。"), 400)


def _again(refused: str, status: int) -> ResponseReturnValue:
    db.session.rollback()
    code = (request.view_args or {}).get("report_code", "")
    try:
        return _page(_found(code), refused=refused), status
    except Refused as refusal:
        return _form_page(code, refusal.message), refusal.status
