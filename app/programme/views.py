"""The board with the lists behind its numbers, and the pages on which events are recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import requires
from app.errors import NotFound, Refused
from app.firms import service as firms
from app.firms.forms import district_choices
from app.programme import board as boards
from app.programme import counted as lists
from app.programme import service
from app.programme.forms import ConversionForm, RecognitionForm, WithdrawalForm
from app.programme.workbook import workbook

bp = Blueprint("programme", __name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# --- the board --------------------------------------------------------------------------------------------------------


def _counted() -> lists.Counted:
    return lists.counted_for(current_user, lists.read_filters(request.args))


@bp.get("/board")
@requires("board.see")
def board() -> ResponseReturnValue:
    counted = _counted()
    shown = boards.board(current_user, counted, request.args.get("show"))
    return render_template(
        "programme/board.html", board=shown, system_name=lists.system_name, district_choices=district_choices()
    )


@bp.get("/board/list/<target_id>")
@requires("board.see")
def listing(target_id: str) -> ResponseReturnValue:
    counted, part = _counted(), request.args.get("part", lists.COUNTED)
    target = next((target for target in counted.plan.targets if target.id == target_id), None)
    if target is None or part not in {lists.COUNTED, lists.OTHERS, *counted.plan.states}:
        raise NotFound
    rows = lists.listed(counted, target_id, part)
    return render_template(
        "programme/list.html", target=target, rows=rows, part=part, counted=counted, system_name=lists.system_name
    )


@bp.get("/board/firms/<stage>")
@requires("board.see")
def firms_at(stage: str) -> ResponseReturnValue:
    only = lists.read_filters(request.args).district
    found = boards.firms_at(current_user, stage, only)
    return render_template("programme/firms.html", firms=found, stage=stage, only_district=only)


@bp.get("/board/export.xlsx")
@requires("board.see")
def export() -> ResponseReturnValue:
    counted = _counted()
    shown = boards.board(current_user, counted, None)
    response = Response(workbook(shown, counted), mimetype=XLSX)
    response.headers.set("Content-Disposition", "attachment", filename=f"plan90-{shown.day}.xlsx")
    response.headers["Cache-Control"] = "private, no-store"
    return response


# --- recording --------------------------------------------------------------------------------------------------------


@bp.get("/recognitions")
@requires("recognition.record")
def recognitions() -> ResponseReturnValue:
    words = request.args.get("words", "")
    found = firms.find(current_user, words, page=request.args.get("page", 1, type=int))
    return render_template("programme/recognitions.html", found=found, words=words)


@bp.get("/recognitions/firm/<uuid:firm_id>")
@requires("recognition.record")
def firm(firm_id: UUID) -> ResponseReturnValue:
    found = firms.firm_for(current_user, firm_id)
    recognised = service.recognitions_of(found)
    return render_template(
        "programme/firm.html",
        firm=found,
        conversions=service.conversions_of(found),
        recognised=recognised,
        standing=service.standing(recognised),
        names=service.unit_names(found),
        plan=service.plan(),
        levels=service.LEVELS,
    )


@bp.route("/recognitions/firm/<uuid:firm_id>/conversion", methods=["GET", "POST"])
@requires("recognition.record")
def record_conversion(firm_id: UUID) -> ResponseReturnValue:
    found = firms.firm_for(current_user, firm_id)
    form = ConversionForm()

    def keep() -> str:
        made = service.record_conversion(
            current_user, firm_id, state=form.state.data, paper=form.paper(), systems=form.systems.data or ()
        )
        newest = service.conversions_of(found)[0]
        if newest is made:
            return _("已登记。")
        return _("已登记。它早于 %(day)s 的一条，企业的现状不变。", day=newest.day)

    return _keep(form, keep, "programme/conversion.html", firm=found)


@bp.route("/recognitions/firm/<uuid:firm_id>/recognition", methods=["GET", "POST"])
@requires("recognition.record")
def record_recognition(firm_id: UUID) -> ResponseReturnValue:
    found = firms.firm_for(current_user, firm_id)
    form = RecognitionForm(found)

    def keep() -> str:
        unit = service.unit_for(current_user, UUID(form.unit.data))
        given = {"kind": form.kind.data, "level": form.level.data or "", "systems": form.systems.data or ()}
        service.record_recognition(current_user, unit, paper=form.paper(), **given)
        return _("已登记。")

    return _keep(form, keep, "programme/recognition.html", firm=found)


@bp.route("/recognitions/firm/<uuid:firm_id>/<int:entry_id>/withdraw", methods=["GET", "POST"])
@requires("recognition.record")
def withdraw(firm_id: UUID, entry_id: int) -> ResponseReturnValue:
    found = firms.firm_for(current_user, firm_id)
    entry = next((one for one in service.recognitions_of(found) if one.id == entry_id), None)
    if entry is None:
        raise NotFound
    form = WithdrawalForm()

    def keep() -> str:
        service.withdraw(current_user, entry_id, form.paper())
        return _("已登记撤销。原来的认定仍在下面，只是不再有效。")

    shown = {"entry": entry, "names": service.unit_names(found), "plan": service.plan(), "levels": service.LEVELS}
    return _keep(form, keep, "programme/withdrawal.html", firm=found, **shown)


def _keep(
    form: ConversionForm | RecognitionForm | WithdrawalForm, keep: Callable[[], str], template: str, **shown: Any
) -> ResponseReturnValue:
    """Keep what was filled in and go back to the firm, or show the form with what is wrong."""
    if not form.validate_on_submit():
        return render_template(template, form=form, **shown), 422 if form.errors else 200
    try:
        done = keep()
    except NotFound:
        raise
    except Refused as refusal:
        form.form_errors.append(refusal.message)
        return render_template(template, form=form, **shown), refusal.status
    flash(done)
    return redirect(url_for(".firm", firm_id=shown["firm"].id))
