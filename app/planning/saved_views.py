from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import requires
from app.diagnosis.asked import criteria_on
from app.diagnosis.draft import read_draft
from app.diagnosis.service import diagnoses_of, diagnosis_for, names_of
from app.errors import NotFound, Refused
from app.extensions import db
from app.firms.models import Firm
from app.firms.service import firm_for
from app.planning import following, forms, service, sheet
from app.planning.asked import request_from, whole_from
from app.planning.basis import basis_for
from app.planning.cost_rows import CostRow, cost_rows
from app.planning.costs import catalogue_for, catalogue_of_installation, digest_of
from app.presentation import today
from scoring.model import Costs
from scoring.own_costs import CostPart

bp = Blueprint("plans", __name__)

COST_NAMES = ("low", "likely", "high")


@bp.app_template_global()
def kept_plans(firm_id: UUID) -> list[sheet.KeptRow]:
    """Return the plans that a firm carries out, for pages of earlier features. Who may see the firm is asked before."""
    return [sheet.kept_row(plan, today()) for plan in service.standing(service.plans_of_firm(firm_id))]


# --- the saved plans of a firm ----------------------------------------------------------------------------------------


@bp.get("/diagnoses/<uuid:diagnosis_id>/plans")
@requires("plan.see")
def index(diagnosis_id: UUID) -> ResponseReturnValue:
    return _index_page(diagnosis_id)


@bp.post("/diagnoses/<uuid:diagnosis_id>/plans")
@requires("plan.keep")
def save(diagnosis_id: UUID) -> ResponseReturnValue:
    basis = basis_for(current_user, diagnosis_id)
    try:
        goals, limits = request_from(request.form, basis.filled, basis.criteria)
        made = service.save_plan(current_user, basis, goals, limits)
    except NotFound:
        raise
    except Refused as refusal:
        return _index_page(diagnosis_id, refusal.message), refusal.status
    flash(_("计划已保存。请为每一步写明负责人和完成日期。"))
    return redirect(url_for(".plan", plan_id=made.id))


def _index_page(diagnosis_id: UUID, refused: str = "") -> str:
    diagnosis = diagnosis_for(current_user, diagnosis_id)
    plans = service.plans_of_firm(diagnosis.firm_id)
    return render_template(
        "planning/saved_list.html",
        diagnosis=diagnosis,
        names=names_of({plan.saved_by for plan in plans}),
        rows=[sheet.kept_row(plan, today()) for plan in plans],
        refused=refused,
    )


# --- one saved plan ---------------------------------------------------------------------------------------------------


@bp.get("/plans/<uuid:plan_id>")
@requires("plan.see")
def plan(plan_id: UUID) -> ResponseReturnValue:
    found = service.plan_for(current_user, plan_id)
    comparison, chosen = service.compare(found, _wanted()), following.chosen_in(request.args)
    now = catalogue_for(found.diagnosis.firm_id, criteria_on(found.diagnosis.as_of))
    asked_for = {step.id for step in following.asked_for(found, chosen, today())}
    return render_template(
        "planning/saved_plan.html",
        plan=found,
        diagnosis=found.diagnosis,
        view=sheet.plan_sheet(found, comparison, today()),
        asked_for=asked_for,
        chosen=chosen,
        kinds=sheet.kinds(found, today()),
        owners=following.owners(found),
        later=comparison.later.diagnosis,
        others=[one for one in service.later_diagnoses(found) if one.id != found.diagnosis_id],
        catalogue_changed=digest_of(now) != found.catalogue_digest,
        progress_words=sheet.progress_words(),
        press_words=sheet.press_words(),
        names=names_of({found.saved_by}),
    )


@bp.post("/plans/<uuid:plan_id>/withdraw")
@requires("plan.keep")
def withdraw(plan_id: UUID) -> ResponseReturnValue:
    withdrawn = service.withdraw(current_user, plan_id)
    flash(_("计划已撤回。内容仍可查看，不再跟进。"))
    return redirect(url_for(".index", diagnosis_id=withdrawn.diagnosis_id))


def _wanted() -> UUID | None:
    asked = request.args.get("with", "")
    try:
        return UUID(asked) if asked else None
    except ValueError as fault:
        raise NotFound from fault


# --- one step ---------------------------------------------------------------------------------------------------------


@bp.get("/plans/<uuid:plan_id>/steps/<int:step_id>")
@requires("plan.see")
def step(plan_id: UUID, step_id: int) -> ResponseReturnValue:
    return _step_page(plan_id, step_id)


@bp.post("/plans/<uuid:plan_id>/steps/<int:step_id>")
@requires("plan.keep")
def change_step(plan_id: UUID, step_id: int) -> ResponseReturnValue:
    """Keep what a form says about a step: all of it, or how far it is, where somebody pressed “done” in the list."""
    try:
        kept = service.change_step(
            current_user, plan_id, step_id, forms.said_in(request.form), forms.seen_in(request.form)
        )
    except NotFound:
        raise
    except Refused as refusal:
        db.session.rollback()
        return _step_page(plan_id, step_id, refusal), refusal.status
    words = sheet.progress_words()[kept.progress.value]
    flash(_("已保存：“%(name)s”%(progress)s。", name=sheet.placed_name(kept), progress=words))
    chosen = following.chosen_in(request.args)
    return redirect(url_for(".plan", plan_id=plan_id, **chosen.address, _anchor=f"step-{step_id}"))


def _step_page(plan_id: UUID, step_id: int, refusal: Refused | None = None) -> str:
    """Show one step; where a form was refused, as it was filled in, beside what is kept."""
    found, one = service.step_for(current_user, plan_id, step_id)
    both = refusal.fields if isinstance(refusal, service.ChangedByBoth) else ()
    before, after = following.beside(found, one)
    comparison = service.compare(found, _wanted())
    return render_template(
        "planning/step.html",
        plan=found,
        diagnosis=found.diagnosis,
        title=sheet.plan_title(found),
        view=sheet.step_sheet(found, comparison, one, today()),
        later=comparison.later.diagnosis,
        is_compared=sheet.is_newer(found, comparison),
        before=before,
        after=after,
        step_name=sheet.placed_name,
        chosen=following.chosen_in(request.args),
        field_words=service.field_words(),
        progress_words=sheet.progress_words(),
        press_words=sheet.press_words(),
        names=names_of({one.changed_by} if one.changed_by else set()),
        refused=refusal.message if refusal else "",
        both=both,
        form=forms.form_again(one, request.form, bool(both)) if refusal else forms.form_of(one),
        kept=sheet.said_of(one),
        SEEN=forms.SEEN,
    )


# --- the costs of a firm ----------------------------------------------------------------------------------------------


@bp.get("/firms/<uuid:firm_id>/costs")
@requires("plan.see")
def costs(firm_id: UUID) -> ResponseReturnValue:
    firm = firm_for(current_user, firm_id)
    return render_template("planning/costs.html", firm=firm, rows=_cost_rows(firm))


@bp.route("/firms/<uuid:firm_id>/costs/<improvement_id>", methods=["GET", "POST"])
@requires("plan.keep")
def cost(firm_id: UUID, improvement_id: str) -> ResponseReturnValue:
    firm = firm_for(current_user, firm_id)
    row = next((one for one in _cost_rows(firm) if one.improvement.id == improvement_id), None)
    if row is None:
        raise NotFound
    if request.method == "GET":
        return render_template("planning/cost.html", firm=firm, row=row, refused="", typed=None)
    try:
        service.set_costs(
            current_user, firm_id, row.improvement, {one.part: _typed_costs(one.part) for one in row.lines}
        )
    except NotFound:
        raise
    except Refused as refusal:
        shown = {"firm": firm_for(current_user, firm_id), "row": row, "refused": refusal.message}
        return render_template("planning/cost.html", typed=request.form, **shown), refusal.status
    flash(_("“%(name)s”的造价已保存，以后算的计划按它计算。", name=row.name))
    return redirect(url_for(".costs", firm_id=firm_id, _anchor=improvement_id))


def _typed_costs(part: CostPart) -> Costs | None:
    """Return the three figures that were typed; none where all are blank, which gives the catalogue's cost back."""
    words = {"low": _("最低"), "likely": _("可能"), "high": _("最高")}
    blank = _("留空则用目录的造价")
    read = [
        whole_from(request.form.get(f"{part}-{name}", ""), words[name], _("万元"), service.HIGHEST_COST, blank)
        for name in COST_NAMES
    ]
    given = [one for one in read if one is not None]
    if given and len(given) < len(COST_NAMES):
        raise Refused(_("最低、可能、最高三个数要填齐。要用目录的造价，就三个都留空。"))
    return Costs(*given) if given else None


def _cost_rows(firm: Firm) -> list[CostRow]:
    newest = next(iter(diagnoses_of(firm.id)), None)
    day: date = newest.as_of if newest else today()
    filled = read_draft(newest).filled() if newest else None
    return cost_rows(firm.id, catalogue_of_installation(criteria_on(day)), filled)
