"""The chapter on the improvement plan: what it costs, when which level is reached, why this and not that.

All of it comes from `scoring.advice`, and the sentences from `reports.plan_wording`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reports import kept_plan, wording
from reports import plan_names as names
from reports import plan_wording as words
from reports.cost_curve import cost_curve
from reports.gantt import Bar, Milestone, gantt
from reports.kept_plan import KeptPlan
from reports.model import Drawing, FirstThing, LevelCost, OtherPlan, Pair, Plan, PlanRow, QuarterRow
from scoring.advice import Advice
from scoring.model import Costs
from scoring.plan import ImprovementPlan, PlannedProject, Result, added
from scoring.plan_choices import Why

ROWS = 26  # of one chart: more do not stand on a page below the headline
ORDINALS = "一二三四五"


def plan(advice: Advice, kept: KeptPlan | None = None) -> Plan:
    """Return the chapter, ready to print; `kept` is the plan that the firm has kept."""
    made, basis = advice.plan, advice.criteria.improvements_basis
    return Plan(
        headline=f"{words.headline(advice).zh}。",
        lead=words.explanation(advice).zh,
        about=kept_plan.about(kept, advice).zh,
        priced=words.priced(advice).zh,
        assumptions_only=words.ASSUMPTIONS_ONLY.zh,
        blocked=tuple(f"{one.zh}。" for one in words.blocked(advice)),
        drawings=tuple(_drawings(advice)) if made.projects else (),
        quarters=tuple(_quarters(advice)),
        first=tuple(_first(advice, why) for why in advice.first),
        rows=tuple(_row(advice, why, kept) for why in words.merged(advice.why)),
        sum=_sum(made) if made.projects else None,
        others=tuple(_other(advice, other, number) for number, other in enumerate(advice.alternatives)),
        others_note=_others_note(advice),
        why_not=tuple(Pair(names.named(o.project).zh, f"{words.why_not(o, advice).zh}。") for o in advice.why_not),
        frontier=tuple(_frontier(advice)),
        basis=basis.zh if basis else words.BASIS.zh,
    )


def unfinished() -> Plan:
    """Return the chapter where the plan was given up."""
    return Plan(words.UNFINISHED.zh, words.ASSUMPTIONS_ONLY.zh, words.BASIS.zh)


# --- drawings ---------------------------------------------------------------------------------------------------------


def _drawings(advice: Advice) -> Iterator[Drawing]:
    last, beginning = names.end_of(advice.plan), names.begins(advice)
    columns, reached = [names.column(beginning, number) for number in range(1, last + 1)], list(_milestones(advice))
    rows = list(words.merged(advice.why))
    parts = [rows[first : first + ROWS] for first in range(0, len(rows), ROWS)]
    for number, part in enumerate(parts, start=1):
        title = _gantt_title(advice, reached) if number == 1 else "接上图"
        at_its_end = reached if number == len(parts) else []
        bars = [_bar(why) for why in part]
        yield Drawing(title, gantt(bars, columns, at_its_end, _gantt_words(advice, part), columns=last))
    yield Drawing(_curve_title(advice.plan), cost_curve(_spent(advice.plan), columns, _curve_words(advice)))


def _bar(why: Sequence[Why]) -> Bar:
    first = why[0].planned
    return Bar(names.names(one.planned.project for one in why).zh, first.start, first.end)


def _milestones(advice: Advice) -> Iterator[Milestone]:
    yield from (Milestone(quarter, name.zh) for quarter, name in words.milestones(advice))


def _gantt_title(advice: Advice, reached: Sequence[Milestone]) -> str:
    now = sum(one.start == 1 for one in advice.plan.projects)
    ends = "，".join(f"{_quarter(advice, one.quarter)}末到{one.name}" for one in reached)
    return f"第一个季度开工 {now} 个项目{f'，{ends}' if ends else ''}"


def _gantt_words(advice: Advice, rows: Sequence[Sequence[Why]]) -> str:
    spans = (f"{names.names(o.planned.project for o in why).zh} {_when(advice, why[0].planned)}" for why in rows)
    return "；".join(spans)


def _spent(made: ImprovementPlan) -> list[Costs]:
    last = names.end_of(made)
    return [added(one.cost for one in made.projects if one.start <= quarter) for quarter in range(1, last + 1)]


def _curve_title(made: ImprovementPlan) -> str:
    first = _spent(made)[0].likely
    return f"第一个季度要备好 {first:,} 万元，一共 {made.cost.likely:,} 万元"


def _curve_words(advice: Advice) -> str:
    spent = enumerate(_spent(advice.plan), start=1)
    return "；".join(f"{_quarter(advice, n)}累计 {c.likely:,}（{wording.cost_text(c)}）万元" for n, c in spent)


# --- tables -----------------------------------------------------------------------------------------------------------


def _quarters(advice: Advice) -> Iterator[QuarterRow]:
    """Yield where the goals stand now and after every quarter in which something ends."""
    if not advice.quarters:
        return
    states = [("现在", "—", 0, advice.by_now)]
    for one in advice.quarters:
        ended = sum(planned.end == one.number for planned in advice.plan.projects)
        states.append((f"{_quarter(advice, one.number)}末", f"{ended}", one.spent, one.after))
    for name, count, spent, then in states:
        totals = "，".join(names.total(goal, then) for goal in advice.plan.goals)
        yield QuarterRow(name, count, f"{spent:,}", names.standing(advice, then).zh, totals)


def _first(advice: Advice, why: Why) -> FirstThing:
    one = why.planned
    improvement = one.project.improvement
    return FirstThing(
        name=names.named(one.project).zh,
        what=improvement.what.zh,
        cost=names.likely_cost(one.cost).zh,
        quarters=_when(advice, one),
        reason=words.reason([why], advice.criteria).zh,
        proof=improvement.proof.zh,
    )


def _row(advice: Advice, why: Sequence[Why], kept: KeptPlan | None) -> PlanRow:
    cost, first = added(one.planned.cost for one in why), why[0].planned
    placed = [(one.planned.project.id, names.place(one.planned.project).zh) for one in why]
    return PlanRow(
        name=first.project.improvement.text.zh,
        where=_places(advice, [one.planned for one in why]),
        quarters=_when(advice, first),
        likely=f"{cost.likely:,}",
        cost=wording.cost_text(cost),
        reason=words.reason(why, advice.criteria).zh,
        owner=kept_plan.owners(kept, placed),
    )


def _places(advice: Advice, planned: Sequence[PlannedProject]) -> str:
    """Return where projects are carried out and what they add there; nothing for the firm as a whole."""
    found = [names.where(one, advice.criteria.facts).zh for one in planned]
    between = "；" if any("，" in one for one in found) else "、"
    return between.join(one for one in found if one != names.WHOLE_FIRM.zh)


def _when(advice: Advice, one: PlannedProject) -> str:
    return names.span(names.begins(advice), one.start, one.end).zh


def _quarter(advice: Advice, number: int) -> str:
    return names.quarter(names.begins(advice), number).zh


def _sum(made: ImprovementPlan) -> PlanRow:
    count = f"{len(made.projects)} 个项目"
    return PlanRow("合计", count, "", f"{made.cost.likely:,}", wording.cost_text(made.cost), "")


def _other(advice: Advice, other: ImprovementPlan, number: int) -> OtherPlan:
    left_out, instead = words.differs(other, advice.plan)
    return OtherPlan(
        title=f"另一种办法{ORDINALS[number]}：{names.more_cost(other.cost, advice.plan.cost).zh}",
        cost=f"{names.likely_cost(other.cost).zh}，{names.size(other).zh}",
        left_out=left_out.zh,
        instead=instead.zh,
    )


def _others_note(advice: Advice) -> str:
    return "" if advice.alternatives or advice.plan.result is not Result.REACHED else words.NO_OTHERS.zh


def _frontier(advice: Advice) -> Iterator[LevelCost]:
    for cheapest in advice.frontier:
        goal, state = cheapest.goals[0], words.level_state(cheapest)
        name = wording.level_name(goal.level, advice.criteria.criteria[goal.criteria_id].level_names).zh
        own = goal == advice.plan.goals[0]
        if state:
            likely = "0" if cheapest.result is Result.ALREADY else "—"
            yield LevelCost(name, likely, "—", "—", state.zh, own)
        else:
            until = f"{_quarter(advice, names.end_of(cheapest))}末"
            likely, cost = f"{cheapest.cost.likely:,}", wording.cost_text(cheapest.cost)
            yield LevelCost(name, likely, cost, f"{len(cheapest.projects)}", until, own)
