"""The improvement plan of a diagnosis: computed as asked for, and tried out project by project."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.access import requires, who_asks
from app.diagnosis.records import assess
from app.diagnosis.trying import TriedField, behind_gap, carried_by, read_tried
from app.diagnosis.verdicts import maturity_of
from app.errors import Refused
from app.planning import asked, showing, trials
from app.planning.basis import Basis, basis_for
from app.planning.remembered import remembered
from app.planning.service import plans_of
from app.planning.showing import named
from app.planning.ticks import chosen_in, ticks
from app.presentation import day, language, text, today
from app.workbooks.views import XLSX, download
from questionnaires.model import FilledDiagnosis
from reports import plan_names, plan_wording, wording
from reports.plan_workbook import plan_workbook
from scoring.advice import Advice, advise
from scoring.assessment import paths
from scoring.goals import Goal, levels_of
from scoring.model import Assessment, Criteria, CriteriaSet, Gap, Outcome
from scoring.plan import ImprovementPlan, Limits
from scoring.projects import projects_of
from scoring.solver import OutOfTime, SolverFault
from scoring.trial import try_out

bp = Blueprint("planning", __name__, url_prefix="/diagnoses")

Made = TypeVar("Made")
MOST_TRYABLE = 12  # answers that may be tried otherwise


@dataclass(frozen=True, slots=True)
class _Asked:
    """The diagnosis that a plan is for, in the layer that counts, and what is asked for."""

    basis: Basis
    now: tuple[Assessment, ...]  # what the answers are worth by now
    goals: tuple[Goal, ...]
    limits: Limits
    refused: str


@bp.get("/<uuid:diagnosis_id>/plan")
@requires("plan.see")
def plan(diagnosis_id: UUID) -> ResponseReturnValue:
    asks = _asked(diagnosis_id)
    criteria = asks.basis.criteria
    advice = _advice(asks)
    return render_template(
        "planning/plan.html",
        diagnosis=asks.basis.diagnosis,
        criteria_choices=_choices(asks),
        asked=request.args,
        refused=asks.refused,
        basis=text(criteria.improvements_basis),
        aid_only=text(wording.AID_ONLY),
        shown=computed(lambda: _shown(asks, advice)) if advice else None,
        goals=[asked.goal_words(goal) for goal in asks.goals],
        kept=len(plans_of(diagnosis_id)),
    ), 422 if asks.refused else 200


@bp.get("/<uuid:diagnosis_id>/plan/trial")
@requires("plan.see")
def trial(diagnosis_id: UUID) -> ResponseReturnValue:
    """Show what some projects and other answers would come to.

    A script asks for a part of the page alone: the form with what comes of it, or only that.
    """
    basis = basis_for(who_asks(), diagnosis_id)
    parts = {"": "planning/trial.html", "form": "planning/_trial_form.html"}
    template = parts.get(request.args.get("part", ""), "planning/_trial.html")
    return render_template(template, diagnosis=basis.diagnosis, **_tried(basis))


def _tried(basis: Basis) -> dict[str, Any]:
    """Return everything that the page of a trial shows."""
    given, filled, criteria = request.args, basis.filled, basis.criteria
    tried, chosen = read_tried(given, basis.draft, basis.layer, filled), chosen_in(given)
    now = assess(basis.draft, basis.layer).assessments
    made = try_out(filled, tried.filled, criteria, chosen.units, now)
    limits, over_limits = _limits(filled.as_of)
    begins, shifts = asked.begins(filled.as_of), trials.shifts(made)
    return {
        "fields": tried.fields,
        "ticks": () if request.args.get("part", "form") != "form" else ticks(made, tried, chosen, given, basis),
        "budget": given.get(asked.BUDGET, ""),
        "faults": trials.faults(tried, chosen, over_limits),
        "cost": showing.cost_words(made.cost),
        "over": trials.over(made.cost, limits.budget),
        "summary": trials.summary(tried, made, shifts),
        "shifts": shifts,
        "scores": trials.scores(made, criteria),
        "changes": trials.changes(made),
        "requirements": trials.requirements(made),
        "lacking": trials.lacking(made) + trials.without_effect(made, chosen, filled, criteria),
        "chart": showing.chart(made.projects, begins, (), _("试算的进度")),
        "lines": [showing.line(one, begins, criteria.facts) for one in made.projects],
        "carried": tried.carried,
        "repeated": _repeated(),
    }


def _limits(as_of: date) -> tuple[Limits, str]:
    """Return the budget that is tried, and what is wrong with it; the rest of the trial does not need it."""
    try:
        return asked.limits_from(MultiDict({asked.BUDGET: request.args.get(asked.BUDGET, "")}), as_of), ""
    except Refused as refusal:
        return Limits(), refusal.message


def _repeated() -> dict[str, Any]:
    """Return what the plan was asked for, for an address."""
    names = (asked.GOAL, asked.BY, asked.PEOPLE, asked.BUDGET)
    return {name: request.args.getlist(name) for name in names if request.args.getlist(name)}


# --- what is asked ----------------------------------------------------------------------------------------------------


def _asked(diagnosis_id: UUID) -> _Asked:
    basis = basis_for(who_asks(), diagnosis_id)
    now = assess(basis.draft, basis.layer).assessments
    given = request.args.copy()
    if not any(given.getlist(asked.GOAL)):
        given.setlist(asked.GOAL, [asked.goal_words(goal) for goal in _usual_goals(now, basis.criteria)])
    try:
        goals, limits = asked.request_from(given, basis.filled, basis.criteria)
    except Refused as refusal:
        return _Asked(basis, now, (), Limits(), refusal.message)
    return _Asked(basis, now, goals, limits, "")


def _usual_goals(now: Sequence[Assessment], criteria: CriteriaSet) -> tuple[Goal, ...]:
    """Return the next level of maturity; without a table that applies, the first criteria that judges anybody."""
    maturity = maturity_of(now)
    if maturity is not None and maturity.level is not None:
        most = levels_of(criteria.criteria[maturity.criteria_id])
        return (Goal(maturity.criteria_id, min(int(maturity.level.low) + 1, most)),)
    return tuple(Goal(one.criteria_id, 1) for one in now[:1])


@dataclass(frozen=True, slots=True)
class Choice:
    """One criteria, and for whom which of its levels can be a goal."""

    title: str
    subjects: tuple[tuple[str, tuple[tuple[str, str, bool], ...]], ...]  # name, then code, words and whether chosen


def _choices(asks: _Asked) -> list[Choice]:
    """Return every criteria that judges somebody of the firm; what was chosen stays so, also where it is refused."""
    words = {asked.goal_words(goal) for goal in asks.goals} | set(request.args.getlist(asked.GOAL))
    judging = {one.criteria_id for one in asks.now if one.outcome is not Outcome.NOT_APPLICABLE}
    return [
        Choice(text(one.title), tuple(_for_subjects(one, asks.basis.filled, words)))
        for one in asks.basis.criteria.criteria.values()
        if one.id in judging
    ]


def _for_subjects(
    one: Criteria, filled: FilledDiagnosis, chosen: Iterable[str]
) -> Iterable[tuple[str, tuple[tuple[str, str, bool], ...]]]:
    several = one.judges is not filled.firm.kind
    for path in paths(filled.firm, one.judges):
        key = path[-1].key if several else None
        levels = [Goal(one.id, number, key) for number in range(1, levels_of(one) + 1)]
        yield (path[-1].name if several else "", tuple(_option(goal, one, chosen) for goal in levels))


def _option(goal: Goal, one: Criteria, chosen: Iterable[str]) -> tuple[str, str, bool]:
    code = asked.goal_words(goal)
    words = showing.level_words(one, goal.level) if levels_of(one) > 1 else _("达到")
    return code, words, code in chosen or f"{goal.criteria_id}:{goal.level}" in chosen


# --- what is shown ----------------------------------------------------------------------------------------------------


def _advice(asks: _Asked) -> Advice | None:
    basis = asks.basis
    if not asks.goals:
        return None
    return computed(lambda: remembered(advise, basis.filled, basis.criteria, asks.goals, asks.limits))


def computed(work: Callable[[], Made]) -> Made:
    """Return what the solver works out. Raises Refused where it takes too long."""
    try:
        return work()
    except (OutOfTime, SolverFault) as fault:
        raise Refused(_("这份计划要算的太多，没有算完。请减少目标，或放宽期限和人手后再试。")) from fault


def _shown(asks: _Asked, advice: Advice) -> Mapping[str, object]:
    made, gaps = advice.plan, [lack.gap for lack in advice.lacks]
    beginning, facts = plan_names.begins(advice), advice.criteria.facts
    chart = showing.chart(made.projects, beginning, showing.milestones(advice), _("改进计划的进度"))
    return {
        "result": made.result.value,
        "headline": text(plan_wording.headline(advice)),
        "explanation": text(plan_wording.explanation(advice)),
        "priced": text(plan_wording.priced(advice)),
        "first": [showing.line(one.planned, beginning, facts) for one in advice.first],
        "lines": showing.lines(advice),
        "chart": chart,
        "quarters": showing.after_quarters(advice),
        "blocks": [text(one) for one in plan_wording.blocked(advice)],
        "fields": _tryable(asks, gaps),
        "tried": _carried_ticks(asks, made),
        "cost": showing.cost_words(made.cost),
    }


def _tryable(asks: _Asked, gaps: Sequence[Gap]) -> tuple[TriedField, ...]:
    """Return the answers that a trial brings along, then those behind the heaviest gaps."""
    basis = asks.basis
    names = dict.fromkeys(name for gap in gaps for name in behind_gap(gap, asks.now, basis.draft))
    return read_tried(request.args, basis.draft, basis.layer, basis.filled, list(names)[:MOST_TRYABLE]).fields


def _carried_ticks(asks: _Asked, made: ImprovementPlan) -> Mapping[str, str] | None:
    """Return what a trial brings along of improvements, ticked as posted -> name; None where there is no trial."""
    if not carried_by(request.args):
        return None
    chosen = chosen_in(request.args).units
    own = {one.project.id: f"{one.project.id}:{one.units}" for one in made.projects}
    others = {one.id: named(one) for one in projects_of(asks.basis.filled, asks.basis.criteria) if one.id in chosen}
    return {own.get(name, f"{name}:{units}"): others.get(name, "") for name, units in chosen.items()}


@bp.get("/<uuid:diagnosis_id>/plan/choices")
@requires("plan.see")
def choices(diagnosis_id: UUID) -> ResponseReturnValue:
    """Show what each level costs, other plans for nearly the same money, and why the obvious is not in the plan."""
    asks = _asked(diagnosis_id)
    advice = _advice(asks)
    part = "part" in request.args
    return render_template(
        "planning/_choices.html" if part else "planning/choices.html",
        diagnosis=asks.basis.diagnosis,
        refused=asks.refused,
        back=url_for(".plan", diagnosis_id=diagnosis_id, **_repeated()),
        **(computed(lambda: _other_choices(advice)) if advice else {}),
    )


def _other_choices(advice: Advice) -> Mapping[str, object]:
    return {"others": showing.others(advice), "left_out": showing.left_out(advice), "rungs": showing.rungs(advice)}


@bp.get("/<uuid:diagnosis_id>/plan/workbook.xlsx")
@requires("plan.see")
def workbook(diagnosis_id: UUID) -> ResponseReturnValue:
    """Answer with the plan as a workbook to work with: owners, dates and progress are filled in there."""
    asks = _asked(diagnosis_id)
    if asks.refused:
        raise Refused(asks.refused)
    advice = computed(lambda: remembered(advise, asks.basis.filled, asks.basis.criteria, asks.goals, asks.limits))
    name = _("改进计划 %(firm)s", firm=asks.basis.diagnosis.firm.name)
    return download(plan_workbook(advice, language()), XLSX, "plan.xlsx", f"{name} {day(today())}.xlsx")
