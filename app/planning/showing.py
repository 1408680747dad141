"""A computed plan, ready to show: in words of the reader's language, with the chart and the reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from markupsafe import Markup

from app.diagnosis.punctuation import bracketed, listed, with_colon
from app.presentation import text
from questionnaires.model import Fact
from reports import plan_names as names
from reports import plan_wording as words
from reports import wording
from reports.gantt import Bar, Milestone, gantt
from scoring.advice import Advice
from scoring.model import Costs, Criteria
from scoring.plan import PlannedProject
from scoring.projects import Project


@dataclass(frozen=True, slots=True)
class Line:
    """One project as a row of the table."""

    id: str
    name: str
    what: str
    when: str
    cost: str  # 万元, likely
    span: str  # 万元, from low to high
    units: str
    why: str
    proof: str


@dataclass(frozen=True, slots=True)
class Rung:
    """One level of the frontier: what it costs and how long it takes."""

    name: str
    state: str  # why it has no cost; empty where it has one
    cost: str
    span: str
    quarters: int
    wanted: bool


@dataclass(frozen=True, slots=True)
class Other:
    """Another plan for nearly the same money."""

    about: str  # what it costs more, and how much it is
    cost: str
    instead: str  # what it does that the plan does not
    spared: str  # what the plan does that it does not


def state_words(state: str) -> str:
    """Return a state as a word."""
    words = {"met": _("达到"), "not_met": _("未达到"), "not_known": _("待定"), "not_applicable": _("不适用")}
    return words.get(state, state)


def level_words(criteria: Criteria, level: int) -> str:
    """Return the name of one level of a criteria."""
    return text(wording.level_name(level, criteria.level_names))


def lines(advice: Advice) -> tuple[Line, ...]:
    """Return the projects of a plan as rows, each with its reason."""
    beginning, facts = names.begins(advice), advice.criteria.facts
    return tuple(line(one.planned, beginning, facts, text(words.reason([one], advice.criteria))) for one in advice.why)


def line(one: PlannedProject, begins: date, facts: Mapping[str, Fact], why: str = "") -> Line:
    """Return one project as a row."""
    return Line(
        id=f"{one.project.id}:{one.units}",
        name=named(one.project),
        what=text(one.project.improvement.what),
        when=text(names.span(begins, one.start, one.end)),
        cost=f"{one.cost.likely:,}",
        span=wording.cost_text(one.cost),
        units=text(names.units(one, facts)),
        why=why,
        proof=text(one.project.improvement.proof),
    )


def named(project: Project) -> str:
    """Return the name of a project, with its place where that is not the whole firm."""
    return text(names.named(project))


def chart(projects: Sequence[PlannedProject], begins: date, reached: Sequence[Milestone], title: str) -> Markup:
    """Return the chart of a plan."""
    bars = [Bar(named(one.project), one.start, one.end) for one in projects]
    last = max((bar.end for bar in bars), default=0)
    columns = [names.column(begins, number) for number in range(1, last + 1)]
    return Markup(gantt(bars, columns, reached, title))  # noqa: S704 - escaped where it is drawn


def milestones(advice: Advice) -> list[Milestone]:
    """Return when which level is surely reached."""
    return [Milestone(quarter, text(name)) for quarter, name in words.milestones(advice)]


@dataclass(frozen=True, slots=True)
class AfterQuarter:
    """What is reached when a quarter is over."""

    name: str
    spent: str  # 万元
    reached: str


def after_quarters(advice: Advice) -> list[AfterQuarter]:
    """Return the quarters in which something ends as rows: what has been spent by then, and where the goals stand."""
    beginning, goals = names.begins(advice), advice.plan.goals
    shown = []
    for one in advice.quarters:
        totals = [total for goal in goals if (total := names.total(goal, one.after)) != names.NO_TOTAL]
        score = _("总分 %(total)s", total=listed(totals)) if totals else ""
        reached = bracketed(text(names.standing(advice, one.after)), score)
        shown.append(AfterQuarter(text(names.quarter(beginning, one.number)), f"{one.spent:,}", reached))
    return shown


def rungs(advice: Advice) -> tuple[Rung, ...]:
    """Return what each level costs as rows."""
    goal = advice.plan.goals[0]
    level_names = advice.criteria.criteria[goal.criteria_id].level_names
    return tuple(
        Rung(
            name=text(wording.level_name(plan.goals[0].level, level_names)),
            state=text(words.level_state(plan)),
            cost=f"{plan.cost.likely:,}",
            span=wording.cost_text(plan.cost),
            quarters=names.end_of(plan),
            wanted=plan.goals[0].level == goal.level,
        )
        for plan in advice.whole_frontier
    )


def others(advice: Advice) -> tuple[Other, ...]:
    """Return the alternatives, each by what it does otherwise."""
    shown = []
    for other in advice.alternatives:
        spared, instead = words.differs(other, advice.plan)
        about = names.row([names.more_cost(other.cost, advice.plan.cost), names.size(other)])
        shown.append(Other(text(about), text(names.likely_cost(other.cost)), text(instead), text(spared)))
    return tuple(shown)


def left_out(advice: Advice) -> list[str]:
    """Return one sentence for each obvious project that the plan does without."""
    return [with_colon(named(one.project), text(words.why_not(one, advice))) for one in advice.why_not]


def cost_words(cost: Costs) -> str:
    """Return “894（392–1,963）”."""
    return bracketed(f"{cost.likely:,}", wording.cost_text(cost)) if cost.likely else "0"
