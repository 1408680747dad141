from __future__ import annotations

import csv
import io
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import requires
from app.diagnosis.asked import published
from app.diagnosis.draft import Draft
from app.diagnosis.service import diagnosis_for, open_draft, open_page
from app.errors import NotFound, Refused
from app.lists import index as listing
from app.lists import service
from app.lists.figures import figures
from app.lists.forms import read_posted
from app.lists.sheet import Attempt, Place, signature, view
from app.presentation import language, text
from questionnaires.lists import ListRow, as_typed, from_text, list_for, read_rows, written
from questionnaires.model import CountedList

bp = Blueprint("lists", __name__, url_prefix="/diagnoses")
MORE_ROWS = 15


# --- filling in -------------------------------------------------------------------------------------------------------


@bp.route("/<uuid:diagnosis_id>/fill/<section_id>/<subject_key>/list/<indicator>", methods=["GET", "POST"])
@requires("diagnosis.fill")
def edit(diagnosis_id: UUID, section_id: str, subject_key: str, indicator: str) -> ResponseReturnValue:
    draft, place = _open(diagnosis_id, section_id, subject_key, indicator)
    if request.method == "GET":
        rows = _first_rows(draft, place)
        return _edit_page(draft, place, Attempt([as_typed(row) for row in rows], rows))
    typed = read_posted(place.of, request.form)
    rows, faults = read_rows(place.of, typed)
    then = request.form.get("then", "check")
    if then == "more":
        return _edit_page(draft, place, Attempt(typed, rows, spare=MORE_ROWS))
    if faults:
        return _edit_page(draft, place, Attempt(typed, rows, faults)), 422
    if then != "save" or request.form.get("confirmed") != signature(place.of, rows):
        return _edit_page(draft, place, Attempt(typed, rows, confirm=True))
    try:
        service.keep(current_user, draft, place.of, subject_key, rows, _seen())
    except Refused as refusal:
        return _edit_page(draft, place, Attempt(typed, rows, confirm=True, refused=refusal.message)), refusal.status
    flash(_("已保存“%(title)s”，合计的数已填好。", title=text(place.of.title)))
    return redirect(f"{_back(draft, place)}#{place.of.count.fact.id}")


def _open(diagnosis_id: UUID, section_id: str, subject_key: str, indicator: str) -> tuple[Draft, Place]:
    """Return the diagnosis as the page of the question needs it, and its list. Raises NotFound."""
    diagnosis = diagnosis_for(current_user, diagnosis_id)
    questionnaire = published(diagnosis.questionnaire_id, diagnosis.questionnaire_version)
    for section in (one for one in questionnaire.sections if one.id == section_id):
        for page in section.pages:
            for question in page.questions:
                if question.indicator == indicator and (of := list_for(questionnaire, question)):
                    place = Place(of, section, page.id, subject_key)
                    return _read(diagnosis_id, place), place
    raise NotFound


def _read(diagnosis_id: UUID, place: Place) -> Draft:
    seen = None if request.method == "GET" else _seen().revision
    draft = open_page(current_user, diagnosis_id, place.section.id, place.page_id, seen, place.subject_key)
    subject = draft.subject(place.subject_key)
    if subject is None or subject.kind is not place.of.of:
        raise NotFound
    return draft


def _seen() -> service.Seen:
    numbers = (request.form.get(name, "") for name in ("revision", "version"))
    return service.Seen(*(int(one) if one.isascii() and one.isdigit() and len(one) < 10 else 0 for one in numbers))


def _back(draft: Draft, place: Place) -> str:
    """Return the page whose question the list answers."""
    return url_for(
        "diagnosis.fill",
        diagnosis_id=draft.diagnosis.id,
        section_id=place.section.id,
        subject_key=place.subject_key,
        page_id=place.page_id,
    )


def _first_rows(draft: Draft, place: Place) -> tuple[ListRow, ...]:
    """Return the rows as they are kept; those of another list of the subject where the person asked to begin so."""
    own = service.newest(draft, place.subject_key, place.of.id)
    if own is None and (other := request.args.get("like")):
        rows = service.rows_of(service.newest(draft, place.subject_key, other))
        return tuple(ListRow(row.name, row.detail, row.count, frozenset()) for row in rows)
    return service.rows_of(own)


def _edit_page(draft: Draft, place: Place, attempt: Attempt) -> str:
    kept = service.newest(draft, place.subject_key, place.of.id)
    titles = {one.id: text(one.title) for one in draft.questionnaire.lists}
    others = [one for one in draft.lists if one.subject_key == place.subject_key and one.row_count]
    begin_like = [(one.list_id, titles[one.list_id], one.row_count) for one in others]
    return render_template(
        "lists/edit.html",
        diagnosis=draft.diagnosis,
        view=view(draft, place, attempt),
        subject=draft.subject(place.subject_key),
        list_id=place.of.id,
        kept=kept,
        begin_like=[] if attempt.typed or kept else begin_like,
        back=_back(draft, place),
        may_fill=draft.may_fill,
        attempt=attempt,
    )


# --- looking ----------------------------------------------------------------------------------------------------------


@bp.get("/<uuid:diagnosis_id>/lists")
@requires("diagnosis.see")
def index(diagnosis_id: UUID) -> ResponseReturnValue:
    draft = open_draft(current_user, diagnosis_id)
    shown = listing.view(draft, request.args.get("page", 1, type=int))
    return render_template("lists/index.html", diagnosis=draft.diagnosis, shown=shown)


@bp.get("/<uuid:diagnosis_id>/lists/<list_id>/<subject_key>")
@requires("diagnosis.see")
def show(diagnosis_id: UUID, list_id: str, subject_key: str) -> ResponseReturnValue:
    draft, of = _of(diagnosis_id, list_id, subject_key)
    found = service.version(diagnosis_id, subject_key, list_id, request.args.get("version", type=int))
    heads, *lines = written(of, from_text(found.rows), language())
    return render_template(
        "lists/show.html",
        diagnosis=draft.diagnosis,
        of=of,
        subject=draft.subject(subject_key),
        heads=heads,
        lines=lines,
        found=found,
        figures=list(figures(of, found.totals, listing.said_of_all(draft).get(subject_key, {}))),
        versions=service.versions(diagnosis_id, subject_key, list_id),
        people=listing.people(draft),
    )


@bp.get("/<uuid:diagnosis_id>/lists/<list_id>/<subject_key>/rows.csv")
@requires("diagnosis.see")
def file(diagnosis_id: UUID, list_id: str, subject_key: str) -> ResponseReturnValue:
    draft, of = _of(diagnosis_id, list_id, subject_key)
    found = service.version(diagnosis_id, subject_key, list_id, request.args.get("version", type=int))
    opened = io.StringIO()
    csv.writer(opened, lineterminator="\r\n").writerows(
        [_harmless(cell) for cell in line] for line in written(of, from_text(found.rows), language())
    )
    response = Response("\ufeff" + opened.getvalue(), mimetype="text/csv")  # the mark lets Excel read UTF-8
    subject = draft.subject(subject_key)
    name = f"{text(of.title)}-{subject.name if subject else ''}.csv"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "no-store"
    return response


def _of(diagnosis_id: UUID, list_id: str, subject_key: str) -> tuple[Draft, CountedList]:
    draft = open_draft(current_user, diagnosis_id)
    of, subject = (
        next((one for one in draft.questionnaire.lists if one.id == list_id), None),
        draft.subject(subject_key),
    )
    if of is None or subject is None or subject.kind is not of.of:
        raise NotFound
    return draft, of


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell
