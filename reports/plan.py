"""The chapter on the improvement plan: what it costs, when which level is reached, why this and not that.

All of it comes from `scoring.advice`; the quarters begin with the first whole one after the day of the facts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reports import plan_wording as words
from reports import wording
from reports.cost_curve import cost_curve
from reports.gantt import Bar, Milestone, gantt
from reports.model import Drawing, FirstThing, LevelCost, OtherPlan, Pair, Plan, PlanRow, QuarterRow
from scoring.advice import Advice
from scoring.model import Costs
from scoring.plan import ImprovementPlan, PlannedProject, Result, added
from scoring.plan_choices import Why, WhyNot

ROWS = 26  # of one chart: more do not stand on a page below the headline
ORDINALS = "一二三四五"


def plan(advice: Advice) -> Plan:
    """Return the chapter, ready to print."""
    made, basis = advice.plan, advice.criteria.improvements_basis
    return Plan(
        headline=f"{words.headline(advice).zh}。",
        lead=_lead(advice),
        assumptions_only=words.ASSUMPTIONS_ONLY.zh,
        blocked=tuple(f"{one.zh}。" for one in words.blocked(advice)),
        drawings=tuple(_drawings(advice)) if made.projects else (),
        quarters=tuple(_quarters(advice)),
        first=tuple(_first(advice, why) for why in advice.first),
        rows=tuple(_row(advice, why) for why in words.merged(advice.why)),
        sum=_sum(made) if made.projects else None,
        others=tuple(_other(advice, other, number) for number, other in enumerate(advice.alternatives)),
        others_note=_others_note(advice),
        why_not=tuple(_why_not(advice, one) for one in advice.why_not),
        frontier=tuple(_frontier(advice)),
        basis=basis.zh if basis else words.BASIS.zh,
    )


def _lead(advice: Advice) -> str:
    made = advice.plan
    if made.result is Result.UNREACHABLE:
        return "挡住的是下面这些要求。没有答清的，答清以后再重新计算；目录里没有改进项的，要另找办法。"
    if made.result is Result.TOO_LATE and made.quarters_needed:
        return f"最省的办法要 {made.quarters_needed} 个季度。"
    if not made.projects:
        return ""
    begins, ends = words.quarter(advice, 1), words.quarter(advice, words.end_of(made))
    when = f"从 {begins} 开始（事实截止日之后的第一个完整季度），{ends} 末做完。"
    return f"{when}{words.proof(made).zh if made.result is Result.REACHED else ''}{words.PLAN_BASIS.zh}"


# --- drawings ---------------------------------------------------------------------------------------------------------


def _drawings(advice: Advice) -> Iterator[Drawing]:
    last = words.end_of(advice.plan)
    names, reached = [words.quarter(advice, number) for number in range(1, last + 1)], list(_milestones(advice))
    rows = list(words.merged(advice.why))
    parts = [rows[first : first + ROWS] for first in range(0, len(rows), ROWS)]
    for number, part in enumerate(parts, start=1):
        title = _gantt_title(advice, reached) if number == 1 else "接上图"
        at_its_end = reached if number == len(parts) else []
        bars = [_bar(why) for why in part]
        yield Drawing(title, gantt(bars, names, at_its_end, _gantt_words(advice, part), columns=last))
    yield Drawing(_curve_title(advice.plan), cost_curve(_spent(advice.plan), names, _curve_words(advice)))


def _bar(why: Sequence[Why]) -> Bar:
    first = why[0].planned
    return Bar(words.names(one.planned for one in why).zh, first.start, first.end)


def _milestones(advice: Advice) -> Iterator[Milestone]:
    """Yield every level that is surely reached for the first time, at the end of its quarter."""
    for goal in advice.plan.goals:
        before = words.sure_level(goal, advice.by_now)
        for quarter in advice.quarters:
            level = words.sure_level(goal, quarter.after)
            if level > before:
                graded = bool(advice.criteria.criteria[goal.criteria_id].level_names)
                yield Milestone(quarter.number, wording.level_word(level).zh if graded else "达到")
                before = level


def _gantt_title(advice: Advice, reached: Sequence[Milestone]) -> str:
    now = sum(one.start == 1 for one in advice.plan.projects)
    ends = "，".join(f"{words.quarter(advice, one.quarter)} 末到{one.name}" for one in reached)
    return f"第一个季度开工 {now} 个项目{f'，{ends}' if ends else ''}"


def _gantt_words(advice: Advice, rows: Sequence[Sequence[Why]]) -> str:
    spans = (f"{words.names(o.planned for o in why).zh} {_when(advice, why[0].planned)}" for why in rows)
    return "；".join(spans)


def _spent(made: ImprovementPlan) -> list[Costs]:
    last = words.end_of(made)
    return [added(one.cost for one in made.projects if one.start <= quarter) for quarter in range(1, last + 1)]


def _curve_title(made: ImprovementPlan) -> str:
    first = _spent(made)[0].likely
    return f"第一个季度要备好 {first:,} 万元，一共 {made.cost.likely:,} 万元"


def _curve_words(advice: Advice) -> str:
    spent = enumerate(_spent(advice.plan), start=1)
    return "；".join(f"{words.quarter(advice, n)} 累计 {c.likely:,}（{wording.cost_text(c)}）万元" for n, c in spent)


# --- tables -----------------------------------------------------------------------------------------------------------


def _quarters(advice: Advice) -> Iterator[QuarterRow]:
    """Yield where the goals stand now and after every quarter in which something ends."""
    if not advice.quarters:
        return
    goals = advice.plan.goals
    states = [("现在", "—", 0, advice.by_now)]
    for one in advice.quarters:
        ended = sum(planned.end == one.number for planned in advice.plan.projects)
        states.append((f"{words.quarter(advice, one.number)} 末", f"{ended}", one.spent, one.after))
    for name, count, spent, then in states:
        levels = "，".join(words.standing(goal, then).zh for goal in goals)
        totals = "，".join(words.total(goal, then) for goal in goals)
        yield QuarterRow(name, count, f"{spent:,}", levels, totals)


def _first(advice: Advice, why: Why) -> FirstThing:
    one = why.planned
    improvement = one.project.improvement
    return FirstThing(
        name=words.named(one.project).zh,
        what=improvement.what.zh,
        cost=words.likely_cost(one.cost).zh,
        quarters=_when(advice, one),
        reason=words.reason([why]).zh,
        proof=improvement.proof.zh,
    )


def _row(advice: Advice, why: Sequence[Why]) -> PlanRow:
    cost, first = added(one.planned.cost for one in why), why[0].planned
    return PlanRow(
        name=first.project.improvement.text.zh,
        where=_places(advice, [one.planned for one in why]),
        quarters=_when(advice, first),
        likely=f"{cost.likely:,}",
        cost=wording.cost_text(cost),
        reason=words.reason(why).zh,
    )


def _places(advice: Advice, planned: Sequence[PlannedProject]) -> str:
    """Return where projects are carried out and what they add there; nothing for the firm as a whole."""
    found = [words.where(one, advice).zh for one in planned]
    between = "；" if any("，" in one for one in found) else "、"
    return between.join(one for one in found if one != words.WHOLE_FIRM.zh)


def _when(advice: Advice, one: PlannedProject) -> str:
    return words.span(advice, one.start, one.end)


def _sum(made: ImprovementPlan) -> PlanRow:
    count = f"{len(made.projects)} 个项目"
    return PlanRow("合计", count, "", f"{made.cost.likely:,}", wording.cost_text(made.cost), "")


def _other(advice: Advice, other: ImprovementPlan, number: int) -> OtherPlan:
    left_out, instead = words.differs(other, advice.plan)
    return OtherPlan(
        title=f"另一种办法{ORDINALS[number]}：{words.more_cost(other.cost, advice.plan.cost).zh}",
        cost=f"{words.likely_cost(other.cost).zh}，{words.size(other).zh}",
        left_out=left_out.zh,
        instead=instead.zh,
    )


def _others_note(advice: Advice) -> str:
    if advice.alternatives or advice.plan.result is not Result.REACHED:
        return ""
    return "多花一成以内，没有别的项目组合也能达到目标。"


def _why_not(advice: Advice, one: WhyNot) -> Pair:
    goal = words.goals_text(advice).zh
    if one.more is None:
        return Pair(words.named(one.project).zh, f"做了它，就到不了{goal}。")
    instead = words.names(one.instead).zh
    work = f"它能帮上的要求，{instead}也能做到" if instead else f"它能帮上的要求不用提升，也能到{goal}"
    return Pair(words.named(one.project).zh, f"{work}；加上它要多花 {one.more:,} 万元。")


def _frontier(advice: Advice) -> Iterator[LevelCost]:
    for cheapest in advice.frontier:
        goal = cheapest.goals[0]
        name = wording.level_name(goal.level, advice.criteria.criteria[goal.criteria_id].level_names).zh
        own = goal == advice.plan.goals[0]
        if cheapest.result is Result.ALREADY:
            yield LevelCost(name, "0", "—", "—", "已经达到", own)
        elif cheapest.result is Result.REACHED:
            until = f"{words.quarter(advice, words.end_of(cheapest))} 末"
            likely, cost = f"{cheapest.cost.likely:,}", wording.cost_text(cheapest.cost)
            yield LevelCost(name, likely, cost, f"{len(cheapest.projects)}", until, own)
        else:
            yield LevelCost(name, "—", "—", "—", "达不到", own)
