from __future__ import annotations

import re
from contextlib import suppress
from typing import Any
from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import RequestEntityTooLarge

from app.access import may, requires
from app.diagnosis.service import may_tailor, open_draft
from app.errors import NotFound, Refused, Stale
from app.extensions import db
from app.presentation import day, today
from app.workbooks import preview, service
from app.workbooks.reading import FileRefused

bp = Blueprint("workbooks", __name__, url_prefix="/diagnoses")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_DRAINED = 64 * 1024 * 1024  # bytes of a post that is too large which are read and thrown away
_NOT_IN_NAMES = r'[\x00-\x1f\\/:*?"<>|]+'
_TAKES_FILES = "workbooks.send"


@bp.url_value_preprocessor
def _make_room(endpoint: str | None, _values: Any) -> None:
    """Let a file be larger than other posts. This runs before anybody looks into the post."""
    if endpoint == _TAKES_FILES:
        request.max_content_length = service.LARGEST_POST


# --- out --------------------------------------------------------------------------------------------------------------


@bp.get("/<uuid:diagnosis_id>/workbook.xlsx")
@requires("diagnosis.see")
def workbook(diagnosis_id: UUID) -> ResponseReturnValue:
    diagnosis, content = service.workbook_of(current_user, diagnosis_id)
    name = _("智能制造诊断问卷 %(firm)s 第%(number)s次", firm=diagnosis.firm.name, number=diagnosis.number)
    return download(content, XLSX, f"questionnaire-{diagnosis.number}.xlsx", f"{name} {day(today())}.xlsx")


@bp.get("/<uuid:diagnosis_id>/diagnosis.json")
@requires("diagnosis.see")
def diagnosis_file(diagnosis_id: UUID) -> ResponseReturnValue:
    diagnosis, content = service.diagnosis_file_of(current_user, diagnosis_id)
    return download(content, "application/json", f"diagnosis-{diagnosis.number}.json")


def download(content: bytes | str, kind: str, plain: str, name: str = "") -> Response:
    """Answer with a file, named in ASCII and, where it has one, by its name in the reader's language (RFC 5987)."""
    response = Response(content, mimetype=kind)
    named = f"; filename*=UTF-8''{quote(re.sub(_NOT_IN_NAMES, ' ', name), safe='')}" if name else ""
    response.headers["Content-Disposition"] = f'attachment; filename="{plain}"{named}'
    response.headers["Cache-Control"] = "no-store"
    return response


# --- in ---------------------------------------------------------------------------------------------------------------


@bp.get("/<uuid:diagnosis_id>/import")
@requires("diagnosis.fill")
def choose(diagnosis_id: UUID) -> ResponseReturnValue:
    return _choosing_page(diagnosis_id)


@bp.post("/<uuid:diagnosis_id>/import")
@requires("diagnosis.fill")
def send(diagnosis_id: UUID) -> ResponseReturnValue:
    try:
        content, name = _uploaded()
        file = service.send(current_user, diagnosis_id, content, name)
    except (FileRefused, Stale) as refusal:
        db.session.rollback()
        return _choosing_page(diagnosis_id, refusal), refusal.status
    return redirect(url_for(".look_through", diagnosis_id=diagnosis_id, waiting_id=file.id), 303)


def _uploaded() -> tuple[bytes, str]:
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise FileRefused([_("请先选择一个文件：填好的工作簿（.xlsx），或诊断文件（.json、.yaml）。")])
    with upload.stream as stream:
        return stream.read(), upload.filename


@bp.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Answer a post that is too large on the page it came from. Who asks is asked here: the view was not reached."""
    _read_to_its_end()
    refusal = service.FileTooLarge([service.too_large(service.LARGEST_WORKBOOK)])
    with suppress(NotFound):
        if may("diagnosis.fill") and request.view_args is not None:
            return _choosing_page(request.view_args["diagnosis_id"], refusal), refusal.status
    return render_template("errors/refused.html", message=refusal.faults[0]), refusal.status


def _read_to_its_end() -> None:
    """Take what is still coming: a browser that is not listened to shows a broken connection and not the answer."""
    left = min(request.content_length or 0, MOST_DRAINED)
    stream = request.input_stream
    while left > 0 and (piece := stream.read(min(left, 64 * 1024))):
        left -= len(piece)


def _choosing_page(diagnosis_id: UUID, refusal: Refused | None = None) -> str:
    draft = open_draft(current_user, diagnosis_id)
    return render_template(
        "workbooks/import.html",
        diagnosis=draft.diagnosis,
        may_fill=draft.may_fill,
        waiting=service.waiting_file(current_user, diagnosis_id),
        refused=refusal.message if refusal else "",
        faults=refusal.faults if isinstance(refusal, FileRefused) else (),
        most=service.LARGEST_WORKBOOK // service.MB,
    )


@bp.get("/<uuid:diagnosis_id>/import/<uuid:waiting_id>")
@requires("diagnosis.fill")
def look_through(diagnosis_id: UUID, waiting_id: UUID) -> ResponseReturnValue:
    return _preview_page(diagnosis_id, waiting_id)


@bp.post("/<uuid:diagnosis_id>/import/<uuid:waiting_id>")
@requires("diagnosis.fill")
def decide(diagnosis_id: UUID, waiting_id: UUID) -> ResponseReturnValue:
    overview = url_for("diagnosis.overview", diagnosis_id=diagnosis_id)
    if request.form.get("then") != "import":
        service.give_up(current_user, diagnosis_id, waiting_id)
        flash(_("文件没有导入，回答没有变化。"))
        return redirect(overview)
    try:
        changed = service.take_in(current_user, diagnosis_id, waiting_id, request.form.get("shown", ""), _mine())
    except Stale as refusal:
        db.session.rollback()
        return _preview_page(diagnosis_id, waiting_id, refusal.message), refusal.status
    flash(_("文件已导入：%(changed)s 项有变化，其余未变。", changed=changed))
    return redirect(overview)


def _mine() -> list[tuple[str, str]]:
    """Return the conflicts for which the file is to count."""
    taken = [name.removeprefix("keep ") for name, value in request.form.items() if value == "mine"]
    return [(subject, fact) for subject, _blank, fact in (place.partition(" ") for place in taken)]


def _preview_page(diagnosis_id: UUID, waiting_id: UUID, refused: str = "") -> str:
    seen = service.preview(current_user, diagnosis_id, waiting_id)
    people = {change.old.said_by for change in seen.changes if change.old}
    shown = preview.view(
        seen.draft,
        seen.changes,
        seen.reading.faults,
        seen.reading.notices,
        service.names_of(people),
        may_tailor(seen.draft),
    )
    return render_template(
        "workbooks/preview.html",
        diagnosis=seen.draft.diagnosis,
        file=seen.file,
        page=shown,
        fingerprint=seen.fingerprint,
        chosen={f"{subject} {fact}" for subject, fact in _mine()},
        may_fill=seen.draft.may_fill,
        refused=refused,
    )
