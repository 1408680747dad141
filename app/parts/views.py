from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import may, requires
from app.diagnosis.draft import Draft, every_subject
from app.diagnosis.hub import NOBODY, page_address
from app.diagnosis.page import steps
from app.diagnosis.service import open_draft
from app.diagnosis.sharing import names_of
from app.errors import NotFound, Refused
from app.parts import progress, service
from questionnaires.model import SubjectKind

bp = Blueprint("parts", __name__, url_prefix="/diagnoses")


@bp.get("/<uuid:diagnosis_id>/parts")
@requires("diagnosis.see")
def index(diagnosis_id: UUID) -> ResponseReturnValue:
    draft = open_draft(current_user, diagnosis_id)
    of = SubjectKind.FACTORY if request.args.get("of") == SubjectKind.FACTORY else SubjectKind.WORKSHOP
    words = " ".join(request.args.get("words", "").split())[:100]
    names = names_of(diagnosis_id) if may("colleague.manage") else NOBODY
    shown = progress.rows_of(draft, of, words, request.args.get("page", 1, type=int), names)
    return render_template("parts/index.html", diagnosis=draft.diagnosis, of=of.value, words=words, shown=shown)


@bp.route("/<uuid:diagnosis_id>/parts/new", methods=["GET", "POST"])
@requires("diagnosis.fill")
def copy(diagnosis_id: UUID) -> ResponseReturnValue:
    draft = open_draft(current_user, diagnosis_id)
    if draft.diagnosis.is_quick_check:  # it asks about the firm alone
        raise NotFound
    if not draft.may_fill:
        return redirect(url_for("diagnosis.overview", diagnosis_id=diagnosis_id))
    if request.method == "GET":
        return _copy_page(draft, service.Wish(request.args.get("source", ""), ""))
    wish = service.Wish(
        source=request.form.get("source", ""),
        name=request.form.get("name", ""),
        into=request.form.get("into", ""),
        with_workshops="with_workshops" in request.form,
    )
    try:
        made = service.add_copy(current_user, draft, wish)
    except NotFound:
        raise
    except Refused as refusal:
        return _copy_page(open_draft(current_user, diagnosis_id), wish, refusal.message), refusal.status
    flash(_("已新增“%(name)s”，回答是复制来的。请逐页核对，保存一页就算核对过。", name=made.name))
    return redirect(_first_page(diagnosis_id, str(made.id)))


def _copy_page(draft: Draft, wish: service.Wish, refused: str = "") -> str:
    source = draft.subject(wish.source)
    chosen = source if source is not None and source.kind is not SubjectKind.FIRM else None
    copies = service.answers_of(draft, [one.key for one in every_subject(chosen)] if chosen else ())
    return render_template(
        "parts/copy.html",
        diagnosis=draft.diagnosis,
        lines=list(service.sources(draft)),
        factories=draft.firm.parts,
        source=chosen,
        own_factory=next((f.key for f in draft.firm.parts if chosen in f.parts), None),
        count=sum(map(len, copies.values())),
        own_count=len(copies[chosen.key]) if chosen else 0,
        wish=wish,
        refused=refused,
    )


def _first_page(diagnosis_id: UUID, subject_key: str) -> str:
    draft = open_draft(current_user, diagnosis_id)
    pages = (step for step in steps(draft, draft.path()) if step.subject.key == subject_key)
    first = next(pages, None)
    return page_address(draft, first) if first else url_for("diagnosis.overview", diagnosis_id=diagnosis_id)
