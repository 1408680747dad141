"""The improvement plan of a diagnosis: computed as asked for, and tried out project by project."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import requires, who_asks
from app.diagnosis.punctuation import listed
from app.diagnosis.records import assess
from app.diagnosis.verdicts import maturity_of
from app.errors import Refused
from app.planning import asked, showing, trying
from app.planning.basis import Basis, basis_for
from app.planning.remembered import remembered
from app.planning.service import plans_of
from app.presentation import day, language, text, today
from app.workbooks.views import XLSX, download
from questionnaires.model import FilledDiagnosis
from reports import wording
from reports.plan_workbook import plan_workbook
from scoring.advice import advise
from scoring.assessment import paths
from scoring.goals import Goal, levels_of
from scoring.model import Assessment, Criteria, CriteriaSet, Outcome
from scoring.plan import ImprovementPlan, Limits, choose
from scoring.plan_choices import alternatives, first_steps, frontier, gaps_of, quarters, reasons, why_not
from scoring.solver import OutOfTime, SolverFault
from scoring.trial import Trial, try_out

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
    made = _chosen(asks)
    return render_template(
        "planning/plan.html",
        diagnosis=asks.basis.diagnosis,
        criteria_choices=_choices(asks),
        asked=request.args,
        refused=asks.refused,
        basis=text(criteria.improvements_basis),
        aid_only=text(wording.AID_ONLY),
        shown=_shown(asks, made) if made else None,
        goals=[asked.goal_words(goal) for goal in asks.goals],
        kept=len(plans_of(diagnosis_id)),
    ), 422 if asks.refused else 200


@bp.get("/<uuid:diagnosis_id>/plan/trial")
@requires("plan.see")
def trial(diagnosis_id: UUID) -> ResponseReturnValue:
    """Show what some projects and other answers would come to; a script asks for the part of the page alone."""
    asks = _asked(diagnosis_id)
    filled, criteria = asks.basis.filled, asks.basis.criteria
    chosen = trying.projects_in(request.args.getlist(trying.PROJECT))
    answers = trying.answers_in(request.args, filled, criteria)
    tried = try_out(filled, criteria, chosen, answers, asks.now)
    begins = asked.begins(filled.as_of)
    part = "part" in request.args
    return render_template(
        "planning/_trial.html" if part else "planning/trial.html",
        diagnosis=asks.basis.diagnosis,
        trial=tried,
        cost=showing.cost_words(tried.cost),
        over=_over(tried, asks.limits),
        shifts=showing.shifts(tried),
        changes=showing.changes(tried),
        lacking=showing.lacking(tried),
        chart=showing.chart(tried.projects, begins, (), _("试算的进度")),
        lines=[showing.line(one, begins, criteria.facts) for one in tried.projects],
        back=url_for(".plan", diagnosis_id=diagnosis_id, **_repeated()),
        refused=asks.refused,
    )


def _over(tried: Trial, limits: Limits) -> str:
    if limits.budget is None:
        return ""
    left = limits.budget - tried.cost.likely
    if left < 0:
        return _("比预算多 %(count)s 万元", count=f"{-left:,}")
    return _("预算还剩 %(count)s 万元", count=f"{left:,}")


def _repeated() -> dict[str, Any]:
    """Return what the plan was asked for, for an address."""
    names = (asked.GOAL, asked.BUDGET, asked.BY, asked.PEOPLE)
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


def _chosen(asks: _Asked) -> ImprovementPlan | None:
    basis = asks.basis
    if not asks.goals:
        return None
    return computed(lambda: remembered(choose, basis.filled, basis.criteria, asks.goals, asks.limits))


def computed(work: Callable[[], Made]) -> Made:
    """Return what the solver works out. Raises Refused where it takes too long."""
    try:
        return work()
    except (OutOfTime, SolverFault) as fault:
        raise Refused(_("这份计划没有在限定的时间内算完。请减少目标，或放宽期限和人手后再试。")) from fault


def _shown(asks: _Asked, made: ImprovementPlan) -> Mapping[str, object]:
    filled, criteria = asks.basis.filled, asks.basis.criteria
    names, begins = _names(filled), asked.begins(filled.as_of)
    why, steps = reasons(filled, criteria, made), quarters(filled, criteria, made)
    reached = showing.milestones(steps, asks.now)
    return {
        "result": made.result.value,
        "headline": showing.headline(made, _goals_in_words(asks, names)),
        "explanation": showing.explanation(made),
        "first": [showing.line(one.planned, begins, criteria.facts) for one in first_steps(made, why)],
        "lines": showing.lines(made, why, begins, criteria.facts),
        "chart": showing.chart(made.projects, begins, reached, _("改进计划的进度")),
        "quarters": [showing.after_quarter(step, begins, made.goals) for step in steps],
        "blocks": showing.blocks(made.blocked, criteria, names),
        "tryable": showing.tryable(gaps_of(filled, criteria, made.goals), criteria, MOST_TRYABLE),
        "cost": showing.cost_words(made.cost),
    }


@bp.get("/<uuid:diagnosis_id>/plan/choices")
@requires("plan.see")
def choices(diagnosis_id: UUID) -> ResponseReturnValue:
    """Show what each level costs, other plans for nearly the same money, and why the obvious is not in the plan."""
    asks = _asked(diagnosis_id)
    filled, criteria = asks.basis.filled, asks.basis.criteria
    made = _chosen(asks)
    part = "part" in request.args
    return render_template(
        "planning/_choices.html" if part else "planning/choices.html",
        diagnosis=asks.basis.diagnosis,
        refused=asks.refused,
        others=showing.others(made, remembered(alternatives, filled, criteria, made)) if made else (),
        left_out=showing.left_out(remembered(why_not, filled, criteria, made)) if made else (),
        rungs=showing.rungs(_frontier(asks), asks.goals[0], criteria) if made else (),
        back=url_for(".plan", diagnosis_id=diagnosis_id, **_repeated()),
    )


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


def _frontier(asks: _Asked) -> Sequence[ImprovementPlan]:
    criteria = asks.basis.criteria
    leveled = [goal for goal in asks.goals if levels_of(criteria.criteria[goal.criteria_id]) > 1]
    if leveled != list(asks.goals[:1]):
        return ()
    return remembered(frontier, asks.basis.filled, criteria, leveled[0], asks.limits)


def _goals_in_words(asks: _Asked, names: Mapping[str, str]) -> str:
    return listed(showing.goal_words(goal, asks.basis.criteria, names) for goal in asks.goals)


def _names(filled: FilledDiagnosis) -> dict[str, str]:
    """Return the names of factories and workshops; that of the firm goes without saying."""
    below = [part for factory in filled.firm.parts for part in (factory, *factory.parts)]
    return {subject.key: subject.name for subject in below}
