"""A computed plan, ready to show: in words of the reader's language, with the chart and the reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from markupsafe import Markup

from app.diagnosis.punctuation import bracketed, in_turn, listed, with_colon
from app.diagnosis.verdicts import verdict
from app.planning.asked import quarter_name, short_quarter
from app.presentation import text
from questionnaires.model import Fact, FilledDiagnosis, SubjectKind
from reports import wording
from reports.gantt import Bar, Milestone, gantt
from scoring.beyond import beyond_projects
from scoring.goals import Goal, levels_of
from scoring.model import Assessment, Costs, Criteria, CriteriaSet, Gap, PointsCriteria
from scoring.plan import ImprovementPlan, PlannedProject, Result
from scoring.plan_choices import Quarter, Why, WhyNot
from scoring.plan_program import Need
from scoring.projects import Project

MOST_REASONS = 4


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
    state: str  # a Result
    cost: str
    span: str
    quarters: int
    wanted: bool


@dataclass(frozen=True, slots=True)
class Other:
    """Another plan for nearly the same money."""

    cost: str
    span: str
    quarters: int
    instead: str  # what it does that the plan does not
    spared: str  # what the plan does that it does not


def headline(plan: ImprovementPlan, goals: str) -> str:
    """Say in one sentence what a plan comes to."""
    cost, last = f"{plan.cost.likely:,}", max((one.end for one in plan.projects), default=0)
    spoken = {"goals": goals, "cost": cost, "count": len(plan.projects), "quarters": last}
    if plan.result is Result.ALREADY:
        return _("已经达到：%(goals)s。不需要改进项，费用为 0。", goals=goals)
    if plan.result is Result.REACHED:
        return _("%(goals)s：最省约 %(cost)s 万元，%(count)s 项，%(quarters)s 个季度", **spoken)
    if plan.result is Result.OVER_BUDGET:
        needed = f"{plan.needed or 0:,}"
        return _("预算不够：%(goals)s至少约需 %(needed)s 万元", goals=goals, needed=needed)
    if plan.result is Result.TOO_LATE:
        return _("期限或人手不够：%(goals)s在这个条件下做不到", goals=goals)
    return _("改进目录里的办法还达不到：%(goals)s", goals=goals)


def explanation(plan: ImprovementPlan) -> str:
    """Say below it what the sentence rests on, or what to do where the goal is not reached."""
    if plan.result is Result.REACHED:
        proved = _("在这些假设下没有更省的组合（已证明）") if plan.proved else _("时间内未能证明没有更省的组合")
        low, high = f"{plan.cost.low:,}", f"{plan.cost.high:,}"
        span = _("费用在 %(low)s 到 %(high)s 万元之间", low=low, high=high)
        sure = _("没有回答和不清楚的，一律按没有计算")
        return in_turn([span, proved, sure]) + _("。")
    if plan.result is Result.OVER_BUDGET:
        reached = in_turn(_standing(plan.after, plan.goals))
        spent = f"{plan.cost.likely:,}"
        return _("下面是这笔预算能走到的最远处，约用 %(spent)s 万元：%(reached)s。", spent=spent, reached=reached)
    if plan.result is Result.TOO_LATE and plan.quarters_needed:
        return _(
            "不限期限和人手时，最省的组合要 %(count)s 个季度。请放宽期限、增加人手，或降低目标。",
            count=plan.quarters_needed,
        )
    if plan.result is Result.TOO_LATE:
        return _("请放宽期限、增加人手，或降低目标。")
    return ""


def state_words(state: str) -> str:
    """Return a state as a word."""
    words = {"met": _("达到"), "not_met": _("未达到"), "not_known": _("待定"), "not_applicable": _("不适用")}
    return words.get(state, state)


def goal_words(goal: Goal, criteria: CriteriaSet, names: Mapping[str, str]) -> str:
    """Return “重庆市数字化车间（冲压车间）” or “智能制造能力成熟度 三级”."""
    one = criteria.criteria[goal.criteria_id]
    title = text(one.title)
    if levels_of(one) > 1:
        title = f"{title} {level_words(one, goal.level)}"
    return bracketed(title, names.get(goal.subject_key or "", ""))


def level_words(criteria: Criteria, level: int) -> str:
    """Return the name of one level of a criteria."""
    return text(wording.level_name(level, criteria.level_names))


def lines(plan: ImprovementPlan, why: Sequence[Why], begins: date, facts: Mapping[str, Fact]) -> tuple[Line, ...]:
    """Return the projects of a plan as rows, each with its reason."""
    reasons = {one.planned.project.id: one for one in why}
    return tuple(line(one, begins, facts, _why(reasons.get(one.project.id))) for one in plan.projects)


def line(one: PlannedProject, begins: date, facts: Mapping[str, Fact], why: str = "") -> Line:
    """Return one project as a row."""
    first, last = quarter_name(begins, one.start), quarter_name(begins, one.end)
    return Line(
        id=f"{one.project.id}:{one.units}",
        name=named(one.project),
        what=text(one.project.improvement.what),
        when=first if first == last else f"{first} – {last}",
        cost=f"{one.cost.likely:,}",
        span=wording.cost_text(one.cost),
        units=_units(one, facts),
        why=why,
        proof=text(one.project.improvement.proof),
    )


def _units(one: PlannedProject, facts: Mapping[str, Fact]) -> str:
    adds = one.project.improvement.adds
    if not one.units or adds is None:
        return ""
    unit = text(facts[adds.count].unit)
    return _("增加 %(count)s %(unit)s", count=f"{one.units:,}", unit=unit).strip()


def named(project: Project) -> str:
    """Return the name of a project, with its place where that is not the whole firm."""
    place = "" if project.place.kind is SubjectKind.FIRM else project.place.name
    return bracketed(text(project.improvement.text), place)


def _why(why: Why | None) -> str:
    if why is None:
        return ""
    helps = [_gap(gap) for gap in why.helps]
    said = listed(helps[:MOST_REASONS])
    if len(helps) > MOST_REASONS:
        said = _("%(names)s 等 %(count)s 项", names=said, count=len(helps))
    first = listed(dict.fromkeys(named(project) for project in why.before))
    parts = [_("补：%(names)s", names=said)] if helps else []
    return in_turn([*parts, *([_("先做它才能做：%(names)s", names=first)] if first else [])])


def _gap(gap: Gap) -> str:
    return f"{gap.requirement.id} {text(gap.requirement.text)}"


def chart(projects: Sequence[PlannedProject], begins: date, reached: Sequence[Milestone], title: str) -> Markup:
    """Return the chart of a plan."""
    bars = [Bar(named(one.project), one.start, one.end) for one in projects]
    last = max((bar.end for bar in bars), default=0)
    names = [short_quarter(begins, number) for number in range(1, last + 1)]
    return Markup(gantt(bars, names, reached, title))  # noqa: S704 - escaped where it is drawn


def milestones(quarters: Sequence[Quarter], before: Sequence[Assessment]) -> list[Milestone]:
    """Return when the maturity level surely rises."""
    known = max((int(a.level.low) for a in before if wording.is_maturity(a) and a.level), default=0)
    found = []
    for quarter in quarters:
        levels = [int(a.level.low) for a in quarter.after if wording.is_maturity(a) and a.level]
        if levels and max(levels) > known:
            known = max(levels)
            found.append(Milestone(quarter.number, text(wording.level_word(known))))
    return found


@dataclass(frozen=True, slots=True)
class AfterQuarter:
    """What is reached when a quarter is over."""

    name: str
    spent: str  # 万元
    reached: str


def after_quarter(quarter: Quarter, begins: date, goals: Sequence[Goal]) -> AfterQuarter:
    """Return one quarter as a row: what has been spent by then, and where the goals stand."""
    return AfterQuarter(
        quarter_name(begins, quarter.number), f"{quarter.spent:,}", in_turn(_standing(quarter.after, goals))
    )


def _standing(assessments: Sequence[Assessment], goals: Sequence[Goal]) -> Iterator[str]:
    for one in assessments:
        if any(g.criteria_id == one.criteria_id and g.subject_key in (None, one.subject_key) for g in goals):
            shown = verdict(one)
            words = shown.words or state_words(shown.state)
            if one.total is not None and wording.is_maturity(one):
                words = bracketed(words, _("总分 %(total)s", total=wording.bounds_text(one.total)))
            yield with_colon(bracketed(shown.scheme, shown.subject), words)


def rungs(plans: Sequence[ImprovementPlan], goal: Goal, criteria: CriteriaSet) -> tuple[Rung, ...]:
    """Return the frontier as rows."""
    one = criteria.criteria[goal.criteria_id]
    return tuple(
        Rung(
            name=level_words(one, plan.goals[0].level) if levels_of(one) > 1 else text(one.title),
            state=plan.result.value,
            cost=f"{plan.cost.likely:,}",
            span=wording.cost_text(plan.cost),
            quarters=max((made.end for made in plan.projects), default=0),
            wanted=plan.goals[0].level == goal.level,
        )
        for plan in plans
    )


def others(plan: ImprovementPlan, found: Sequence[ImprovementPlan]) -> tuple[Other, ...]:
    """Return the alternatives, each by what it does otherwise."""
    own = {one.project.id: named(one.project) for one in plan.projects}
    shown = []
    for other in found:
        theirs = {one.project.id: named(one.project) for one in other.projects}
        shown.append(
            Other(
                cost=f"{other.cost.likely:,}",
                span=wording.cost_text(other.cost),
                quarters=max((one.end for one in other.projects), default=0),
                instead=listed(name for key, name in theirs.items() if key not in own),
                spared=listed(name for key, name in own.items() if key not in theirs),
            )
        )
    return tuple(shown)


def left_out(found: Sequence[WhyNot]) -> list[str]:
    """Return one sentence for each obvious project that the plan does without."""
    said = []
    for one in found:
        name, instead = named(one.project), listed(dict.fromkeys(named(other.project) for other in one.instead[:3]))
        if one.more is None:
            said.append(_("%(name)s：选了它就达不到目标。", name=name))
        elif instead:
            said.append(
                _(
                    "%(name)s：选它总共要多花 %(more)s 万元；它补的由 %(instead)s 补上。",
                    name=name,
                    more=one.more,
                    instead=instead,
                )
            )
        else:
            said.append(_("%(name)s：选它总共要多花 %(more)s 万元；没有它也达到目标。", name=name, more=one.more))
    return said


def blocks(
    plan: ImprovementPlan, filled: FilledDiagnosis, criteria: CriteriaSet, names: Mapping[str, str]
) -> list[str]:
    """Return one sentence for each need that is not reached, with why and what to do about it."""
    found: dict[str, list[str]] = {}
    for need in plan.blocked:
        why = in_turn(text(criteria.beyond[name]) for name in beyond_projects(need, filled, criteria))
        found.setdefault(_block(need, plan, criteria, why), []).append(names.get(need.subject_key, ""))
    return [bracketed(said, listed(name for name in dict.fromkeys(whose) if name)) for said, whose in found.items()]


def _block(need: Need, plan: ImprovementPlan, criteria: CriteriaSet, why: str) -> str:
    one = criteria.criteria[need.criteria_id]
    said = _missing(need, one)
    if need.open_facts:
        facts = listed(text(criteria.facts[name].label) for name in need.open_facts if name in criteria.facts)
        return _("%(rule)s：先回答 %(facts)s，才能计划", rule=said, facts=facts)
    if plan.result is Result.OVER_BUDGET:
        return _("%(rule)s：这笔预算还做不到", rule=said)
    if why:
        return _("%(rule)s：没有项目能改变，%(why)s", rule=said, why=why)
    if need.requirement is None and not isinstance(one, PointsCriteria):
        return _("“%(title)s”对本企业不适用，或还不能判断：先填企业概况，并登记工厂和车间", title=text(one.title))
    return _("%(rule)s：目录里没有能达到它的改进项", rule=said)


def _missing(need: Need, criteria: Criteria) -> str:
    """Name what is not reached: a requirement, enough points, or that the criteria apply at all."""
    if need.requirement:
        return f"{need.requirement.id} {text(need.requirement.text)}"
    title = text(criteria.title)
    if isinstance(criteria, PointsCriteria):
        return _("“%(title)s”的得分或场景不够", title=title)
    return _("“%(title)s”不适用于本企业", title=title)


def cost_words(cost: Costs) -> str:
    """Return “894（392–1,963）”."""
    return bracketed(f"{cost.likely:,}", wording.cost_text(cost)) if cost.likely else "0"
