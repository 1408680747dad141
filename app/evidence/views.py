from __future__ import annotations

from typing import Any, BinaryIO, cast
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, send_file, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import RequestEntityTooLarge

from app.access import may, requires
from app.diagnosis.draft import Draft
from app.diagnosis.models import Diagnosis, EvidenceFile
from app.diagnosis.punctuation import listed
from app.diagnosis.service import diagnosis_for, open_draft
from app.errors import NotFound, Refused
from app.evidence import service, sheet
from app.evidence.kinds import SORTS, Kind
from app.evidence.receiving import MB, Given
from app.extensions import db

bp = Blueprint("evidence", __name__, url_prefix="/diagnoses/<uuid:diagnosis_id>")

UPLOADS = frozenset({"evidence.add", "evidence.add_to_none", "evidence.attach_letter"})
AROUND_FILES_MB = 1  # of an upload: what stands around the files
_PLACE = "/fill/<section_id>/<subject_key>/evidence/<fact>"
# What a browser may do with a file, should somebody bring it to show one in a window: nothing.
_LOCKED_UP = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class FileLost(Refused):
    """The row is there and the bytes are not, or are no longer those that were given."""

    status = 404


@bp.url_value_preprocessor
def _take_larger_posts(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let uploads be larger than other forms. Before the body is read; only from those who carry a session of ours."""
    if endpoint in UPLOADS and "_user_id" in session:
        most = sheet.FILES_AT_ONCE_FACTOR * current_app.config["ZHIZHEN"].evidence_max_mb + AROUND_FILES_MB
        request.max_content_length = most * MB


@bp.errorhandler(RequestEntityTooLarge)
def too_much(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Say the limits on the page that the files came from; nobody has looked at who sends them yet."""
    db.session.rollback()
    if not current_user.is_authenticated:
        flash(_("登录已过期，文件没有收下。请登录后再上传。"), "error")
        return redirect(url_for("accounts.sign_in", next=request.path), 303)
    message = _(
        "一次上传的内容超过 %(most)s MB，没有收下。请分几次上传；单个文件不超过 %(one)s MB。",
        most=(request.max_content_length or 0) // MB,
        one=sheet.limits().one_mb,
    )
    try:
        return _same_page([message]), 413
    except Refused:
        return render_template("errors/refused.html", message=message), 413


def _same_page(refused: list[str]) -> str:
    if not may("diagnosis.fill"):
        raise NotFound
    values = dict(request.view_args or {})
    draft = open_draft(current_user, values.pop("diagnosis_id"))
    if request.endpoint == "evidence.attach_letter":
        return _letter_page(draft.diagnosis, refused)
    return _question_page(draft, sheet.asked_at(draft, **values), refused) if values else _index_page(draft, refused)


# --- one question -----------------------------------------------------------------------------------------------------


@bp.get(_PLACE)
@requires("diagnosis.see")
def question(diagnosis_id: UUID, section_id: str, subject_key: str, fact: str) -> ResponseReturnValue:
    draft = open_draft(current_user, diagnosis_id)
    return _question_page(draft, sheet.asked_at(draft, section_id, subject_key, fact))


def _question_page(draft: Draft, asked: sheet.Asked, refused: list[str] | None = None) -> str:
    return render_template(
        "evidence/question.html",
        diagnosis=draft.diagnosis,
        sheet=sheet.view(draft, asked),
        undo=_named(draft, "unlinked"),
        **_around(draft, refused),
    )


def _around(draft: Draft, refused: list[str] | None) -> dict[str, Any]:
    return {"limits": sheet.limits(), "may_change": sheet.may_change(draft), "refused": refused or []}


def _named(draft: Draft, argument: str) -> EvidenceFile | None:
    """Return the file that the address says something was just done to, so that it can be undone."""
    try:
        return service.file_in(draft.diagnosis.id, UUID(request.args.get(argument, "")))
    except (ValueError, NotFound):
        return None


@bp.post(_PLACE)
@requires("diagnosis.fill")
def add(diagnosis_id: UUID, section_id: str, subject_key: str, fact: str) -> ResponseReturnValue:
    draft = open_draft(current_user, diagnosis_id)
    asked = sheet.asked_at(draft, section_id, subject_key, fact)
    return _add(draft, asked.place)


def _add(draft: Draft, place: service.Place | None) -> ResponseReturnValue:
    """Keep what can be kept. What is refused is named on the same page, and keeps nothing else out."""
    sent = request.files.getlist("files")
    given = [Given(one.filename, cast(BinaryIO, one.stream)) for one in sent if one.filename]
    try:
        _refuse_none_or_many(len(given))
        added = service.add(current_user, draft, given, place)
    except Refused as refusal:
        return _same_page([refusal.message]), refusal.status
    _tell(added)
    if added.refused:
        return _same_page([one.message for one in added.refused]), added.status
    return redirect(f"{request.path}#files")


def _refuse_none_or_many(files: int) -> None:
    if not files:
        raise Refused(_("还没有选择文件。请先选择文件或拍照，再上传。"))
    if files > sheet.MOST_AT_ONCE:
        raise Refused(
            _("一次选了 %(files)s 个文件，最多 %(most)s 个。请分几次上传。", files=files, most=sheet.MOST_AT_ONCE)
        )


def _tell(added: service.Added) -> None:
    if added.kept:
        flash(_("已上传：%(names)s", names=listed(added.kept)))
    if added.known:
        flash(_("以前上传过，没有重复保存：%(names)s", names=listed(added.known)))


@bp.post(f"{_PLACE}/link")
@requires("diagnosis.fill")
def link(diagnosis_id: UUID, section_id: str, subject_key: str, fact: str) -> ResponseReturnValue:
    draft = open_draft(current_user, diagnosis_id)
    asked = sheet.asked_at(draft, section_id, subject_key, fact)
    try:
        chosen = _chosen()
        service.link(current_user, draft, chosen, asked.place)
    except Refused as refusal:
        db.session.rollback()
        return _same_page([refusal.message]), refusal.status
    return redirect(_address(draft, asked))


def _chosen() -> list[UUID]:
    try:
        chosen = [UUID(one) for one in request.form.getlist("file")]
    except ValueError as fault:
        raise NotFound from fault
    if not chosen:
        raise Refused(_("还没有选择文件。请勾选要关联的文件。"))
    return chosen


def _address(draft: Draft, asked: sheet.Asked, **more: Any) -> str:
    at: dict[str, Any] = {"section_id": asked.section.id, "subject_key": asked.subject.key, "fact": asked.fact.id}
    return url_for(".question", diagnosis_id=draft.diagnosis.id, **at, **more, _anchor="files")


@bp.post(f"{_PLACE}/unlink")
@requires("diagnosis.fill")
def unlink(diagnosis_id: UUID, section_id: str, subject_key: str, fact: str) -> ResponseReturnValue:
    draft = open_draft(current_user, diagnosis_id)
    asked = sheet.asked_at(draft, section_id, subject_key, fact)
    try:
        file = service.unlink(current_user, draft, _chosen()[0], asked.place)
    except Refused as refusal:
        return _same_page([refusal.message]), refusal.status
    return redirect(_address(draft, asked, unlinked=file.id))


# --- all files --------------------------------------------------------------------------------------------------------


@bp.get("/evidence")
@requires("diagnosis.see")
def index(diagnosis_id: UUID) -> ResponseReturnValue:
    return _index_page(open_draft(current_user, diagnosis_id))


def _index_page(draft: Draft, refused: list[str] | None = None) -> str:
    return render_template(
        "evidence/index.html",
        diagnosis=draft.diagnosis,
        overview=sheet.overview(draft, request.args.get("page", 1, type=int)),
        undo=_named(draft, "removed"),
        **_around(draft, refused),
    )


@bp.post("/evidence")
@requires("diagnosis.fill")
def add_to_none(diagnosis_id: UUID) -> ResponseReturnValue:
    return _add(open_draft(current_user, diagnosis_id), None)


@bp.post("/evidence/<uuid:file_id>/<any(remove, restore, erase):step>")
@requires("diagnosis.fill")
def change(diagnosis_id: UUID, file_id: UUID, step: str) -> ResponseReturnValue:
    draft = open_draft(current_user, diagnosis_id)
    verb = {"remove": service.remove, "restore": service.restore, "erase": service.erase}[step]
    try:
        verb(current_user, draft, file_id)
    except NotFound:
        raise
    except Refused as refusal:
        db.session.rollback()
        return _index_page(open_draft(current_user, diagnosis_id), [refusal.message]), refusal.status
    removed: dict[str, Any] = {"removed": file_id} if step == "remove" else {}
    return redirect(url_for(".index", diagnosis_id=diagnosis_id, **removed, _anchor="files"))


# --- the signed letter of truthfulness --------------------------------------------------------------------------------


@bp.get("/letter")
@requires("diagnosis.see")
def letter(diagnosis_id: UUID) -> ResponseReturnValue:
    return _letter_page(_diagnosis(diagnosis_id))


def _diagnosis(diagnosis_id: UUID) -> Diagnosis:
    """Return a diagnosis that the person may see; for a quick check nobody signs a letter."""
    found = diagnosis_for(current_user, diagnosis_id)
    if found.is_quick_check:
        raise NotFound
    return found


def _letter_page(diagnosis: Diagnosis, refused: list[str] | None = None) -> str:
    return render_template(
        "evidence/letter.html",
        diagnosis=diagnosis,
        letter=service.letter_of(diagnosis.id),
        may_attach=service.may_attach_letter(diagnosis) and may("diagnosis.fill"),
        limits=sheet.limits(),
        accept=sheet.accepted(service.SCANS),
        refused=refused or [],
    )


@bp.post("/letter")
@requires("diagnosis.fill")
def attach_letter(diagnosis_id: UUID) -> ResponseReturnValue:
    diagnosis, sent = _diagnosis(diagnosis_id), request.files.get("files")
    try:
        if sent is None or not sent.filename:
            raise Refused(_("还没有选择文件。请先选择文件或拍照，再上传。"))
        file = service.attach_letter(current_user, diagnosis, Given(sent.filename, cast(BinaryIO, sent.stream)))
    except Refused as refusal:
        db.session.rollback()
        return _letter_page(_diagnosis(diagnosis_id), [refusal.message]), refusal.status
    flash(_("已上传：%(names)s", names=file.name))
    return redirect(url_for(".letter", diagnosis_id=diagnosis_id))


# --- the bytes --------------------------------------------------------------------------------------------------------


@bp.get("/evidence/<uuid:file_id>/file")
@requires("diagnosis.see")
def file(diagnosis_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """Hand out a file as it was given, to be saved and never shown: whatever is inside, it does not run here."""
    found, kept = _visible(diagnosis_id, file_id), service.storage()
    if kept.has(found.digest) and not kept.is_whole(found.digest):
        raise FileLost(_("服务器上的文件与上传时不同，没有发出。请告诉管理员，从备份恢复。"))
    response = _sent(found.digest, SORTS[Kind(found.kind)].mime, found.name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.get("/evidence/<uuid:file_id>/preview")
@requires("diagnosis.see")
def preview(diagnosis_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """Show the small picture that was drawn anew from a photo."""
    found = _visible(diagnosis_id, file_id)
    if found.preview is None:
        raise NotFound
    response = _sent(found.preview, "image/jpeg")
    response.headers["Cache-Control"] = "private, no-cache"  # asked for again each time, and answered by "not modified"
    return response


def _visible(diagnosis_id: UUID, file_id: UUID) -> EvidenceFile:
    """Return a file of a diagnosis that the person may see; a removed one only to those who may take it back."""
    diagnosis_for(current_user, diagnosis_id)
    found = service.file_in(diagnosis_id, file_id)
    if found.removed_at is not None and not may("diagnosis.fill"):
        raise NotFound
    return found


def _sent(digest: str, mime: str, name: str | None = None) -> Any:
    try:
        response = send_file(
            service.storage().path(digest), mime, as_attachment=name is not None, download_name=name, etag=digest
        )
    except FileNotFoundError as fault:
        raise FileLost(_("文件不在服务器上了，记录还在。请告诉管理员，从备份恢复。")) from fault
    response.headers.update(_LOCKED_UP)
    return response
