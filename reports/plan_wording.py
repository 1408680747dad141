"""What an improvement plan says, in Chinese and English: goals, places, quarters, money, reasons and what blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from questionnaires.model import SubjectKind, Text
from reports import wording
from scoring.advice import Advice
from scoring.beyond import beyond_projects
from scoring.exact import Bounds
from scoring.goals import Goal
from scoring.model import Assessment, Costs, Gap, Outcome, PointsCriteria
from scoring.plan import ImprovementPlan, PlannedProject, Result
from scoring.plan_choices import Why
from scoring.plan_program import Need
from scoring.projects import Project
from scoring.quarters import calendar_quarter, first_quarter_after

WHOLE_FIRM = Text("全企业", "whole firm")
ASSUMPTIONS_ONLY = Text(
    "以下内容是本工具的规划假设，供排预算和立项时参考，不是报价，也不是官方结果。",
    "What follows are planning assumptions of this product, for budgets and decisions: neither an offer nor an "
    "official result.",
)
BASIS = Text(
    "投入和周期是本工具的规划假设，不是报价，也不是官方造价。",
    "Cost and time are planning assumptions of this product, neither an offer nor an official price.",
)
PLAN_BASIS = Text(
    "未答的事实按没有做到算，所以这里的等级是最不利情况下的等级。费用在开工的季度全额计入。",
    "What is unanswered counts as not done, so the levels given are those at worst. The cost of a project counts in "
    "full in the quarter in which it starts.",
)
NEEDED = Text("为达到目标所需", "needed for the goal")
MOST_BLOCKS, MOST_NAMES, MOST_REASONS = 8, 6, 3


# --- time -------------------------------------------------------------------------------------------------------------


def quarter(advice: Advice, number: int) -> str:
    """Return the calendar name of a quarter of the plan, 1 for the first: "2027Q1"."""
    return calendar_quarter(first_quarter_after(advice.filled.as_of), number)


def span(advice: Advice, start: int, end: int) -> str:
    """Return the quarters from start to end: "2027Q1", "2027Q1–Q3", "2027Q4–2028Q1"."""
    first, last = quarter(advice, start), quarter(advice, end)
    if start == end:
        return first
    return f"{first}–{last[4:]}" if first[:4] == last[:4] else f"{first}–{last}"


def end_of(plan: ImprovementPlan) -> int:
    """Return the quarter at whose end a plan is done; 0 for one without projects."""
    return max((one.end for one in plan.projects), default=0)


# --- goals and where they stand ---------------------------------------------------------------------------------------


def goals_text(advice: Advice) -> Text:
    """Return the goals in a row: “成熟度三级（集成级）”."""
    names = [goal_name(goal, advice) for goal in advice.plan.goals]
    return Text("，".join(name.zh for name in names), ", ".join(name.en for name in names))


def goal_name(goal: Goal, advice: Advice) -> Text:
    """Return a goal by level, criteria and, where it is for one only, subject."""
    criteria = advice.criteria.criteria[goal.criteria_id]
    own = _own(goal, advice.by_now)
    name = own[0].subject_name if goal.subject_key and own else ""
    place = Text(f"{name}：", f"{name}: ") if name else Text("", "")
    if not criteria.level_names:
        return Text(f"{place.zh}{criteria.title.zh}", f"{place.en}{criteria.title.en}")
    level = wording.level_name(goal.level, criteria.level_names)
    if own and wording.is_maturity(own[0]):
        return Text(f"{place.zh}成熟度{level.zh}", f"{place.en}maturity {level.en}")
    return Text(f"{place.zh}{criteria.title.zh}{level.zh}", f"{place.en}{criteria.title.en}, {level.en}")


def standing(goal: Goal, assessments: Iterable[Assessment]) -> Text:
    """Say what the subjects of a goal surely reach: “二级（规范级）”, “2 / 3 达到”."""
    own = _own(goal, assessments)
    levels = [one.level for one in own if one.outcome is Outcome.LEVEL and one.level]
    if levels and len(levels) == len(own):
        return wording.level_name(_lowest(levels), own[0].level_names)
    met = sum(one.outcome is Outcome.MET for one in own)
    return Text(f"{met} / {len(own)} 达到", f"{met} / {len(own)} met")


def total(goal: Goal, assessments: Iterable[Assessment]) -> str:
    """Return the total score of a goal of one subject at its lower bound, else a dash."""
    own = _own(goal, assessments)
    return wording.rounded_down(own[0].total.low, 2) if len(own) == 1 and own[0].total else "—"


def sure_level(goal: Goal, assessments: Iterable[Assessment]) -> int:
    """Return the level that all subjects of a goal surely reach; 1 for met where there are no levels."""
    own = _own(goal, assessments)
    levels = [one.level for one in own if one.outcome is Outcome.LEVEL and one.level]
    if levels and len(levels) == len(own):
        return _lowest(levels)
    return int(bool(own) and all(one.outcome is Outcome.MET for one in own))


def _own(goal: Goal, assessments: Iterable[Assessment]) -> list[Assessment]:
    return [
        one
        for one in assessments
        if one.criteria_id == goal.criteria_id and goal.subject_key in (None, one.subject_key)
    ]


def _lowest(levels: Iterable[Bounds]) -> int:
    return int(min(level.low for level in levels))


# --- projects ---------------------------------------------------------------------------------------------------------


def place(project: Project) -> Text:
    """Return where a project is carried out; with its factory where the firm has several."""
    where = project.place
    if where.kind is SubjectKind.FIRM:
        return WHOLE_FIRM
    if where.kind is SubjectKind.WORKSHOP and len(project.path[0].parts) > 1:
        factory = project.path[1].name
        return Text(f"{factory}{where.name}", f"{where.name}, {factory}")
    return Text(where.name, where.name)


def is_only_factory(project: Project) -> bool:
    """Tell whether a project is carried out in the only factory of the firm."""
    return project.place.kind is SubjectKind.FACTORY and len(project.path[0].parts) == 1


def named(project: Project) -> Text:
    """Return a project with its place, where that is not the whole firm: “进度监控与异常预警（冲压车间）”."""
    text = project.improvement.text
    if project.place.kind is SubjectKind.FIRM or is_only_factory(project):
        return text
    where = place(project)
    return Text(f"{text.zh}（{where.zh}）", f"{text.en} ({where.en})")


def units(planned: PlannedProject, advice: Advice) -> Text | None:
    """Return what a project adds: “增加 6 台（套）”; None where it adds nothing that is counted."""
    adds = planned.project.improvement.adds
    if adds is None or not planned.units:
        return None
    unit = advice.criteria.facts[adds.count].unit
    return Text(
        f"增加 {planned.units:,} {unit.zh if unit else ''}".rstrip(),
        f"adds {planned.units:,} {unit.en if unit else ''}".rstrip(),
    )


def where(planned: PlannedProject, advice: Advice) -> Text:
    """Return the place of a project with what it adds there: “冲压车间，增加 6 台（套）”."""
    at, adds = place(planned.project), units(planned, advice)
    return Text(f"{at.zh}，{adds.zh}", f"{at.en}, {adds.en}") if adds else at


def helps(gaps: Iterable[Gap], most: int = MOST_REASONS) -> Text:
    """Return the requirements of gaps, gathered by their group: “信息安全 L3.1、L3.2；网络环境 L3.1”."""
    ordered = sorted(dict.fromkeys((gap.group, short_id(gap)) for gap in gaps), key=lambda one: (one[0].zh, one[1]))
    groups = [(group, [one for _group, one in ids]) for group, ids in groupby(ordered, key=lambda one: one[0])]
    zh = [f"{group.zh} {'、'.join(ids)}" for group, ids in groups[:most]]
    en = [f"{group.en} {', '.join(ids)}" for group, ids in groups[:most]]
    rest = len(groups) - most
    return Text(
        "；".join(zh) + (f"；另有 {rest} 组" if rest > 0 else ""),
        "; ".join(en) + (f"; {rest} more groups" if rest > 0 else ""),
    )


def short_id(gap: Gap) -> str:
    """Return the requirement's own part of its id: “L3.1” of “energy.L3.1”."""
    return gap.requirement.id.partition(".")[2] or gap.requirement.id


def reason(why: Sequence[Why]) -> Text:
    """Return why projects of one improvement are in the plan: requirements that they help, and what waits for them."""
    helped = helps(gap for one in why for gap in one.helps)
    waiting = dict.fromkeys(project.improvement.text for one in why for project in one.before)
    served = Text("、".join(one.zh for one in waiting), ", ".join(one.en for one in waiting))
    zh = [helped.zh] if helped.zh else []
    en = [helped.en] if helped.en else []
    if waiting:
        zh, en = [*zh, f"要先于{served.zh}"], [*en, f"has to come before {served.en}"]
    return Text("；".join(zh) or NEEDED.zh, "; ".join(en) or NEEDED.en)


def names(projects: Iterable[PlannedProject], most: int = MOST_NAMES) -> Text:
    """Return projects by name, those of one improvement together: “进度监控与异常预警（3 处）”."""
    found: dict[Text, list[PlannedProject]] = {}
    for one in projects:
        found.setdefault(one.project.improvement.text, []).append(one)
    every = [named(own[0].project) if len(own) == 1 else _times(text, len(own)) for text, own in found.items()]
    rest = len(every) - most
    zh, en = "、".join(one.zh for one in every[:most]), ", ".join(one.en for one in every[:most])
    return Text(f"{zh}等 {len(every)} 项", f"{en} and {rest} more") if rest > 0 else Text(zh, en)


def _times(text: Text, count: int) -> Text:
    return Text(f"{text.zh}（{count} 处）", f"{text.en} ({count} places)")


# --- money and conclusions --------------------------------------------------------------------------------------------


def likely_cost(cost: Costs) -> Text:
    """Return the likely cost with its range: “最可能 825 万元（354–1,842 万元）”."""
    between = wording.cost_text(cost)
    return Text(
        f"最可能 {cost.likely:,} 万元（{between} 万元）", f"most likely {cost.likely:,} ({between}), in 10,000 yuan"
    )


def size(plan: ImprovementPlan) -> Text:
    """Return how much a plan is: “20 个项目，6 个季度”."""
    count, long = len(plan.projects), end_of(plan)
    return Text(f"{count} 个项目，{long} 个季度", f"{_counted(count, 'project')}, {_counted(long, 'quarter')}")


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def headline(advice: Advice) -> Text:
    """Return the most important sentence about a plan."""
    plan, goal = advice.plan, goals_text(advice)
    cost, much = likely_cost(plan.cost), size(plan)
    if plan.result is Result.ALREADY:
        return Text(f"{goal.zh}已经达到，不用再花钱", f"{_capital(goal.en)} is reached already; nothing more to spend")
    if plan.result is Result.UNREACHABLE and all(need.open_facts for need in plan.blocked):
        return Text(
            f"先把没有答清的答清，才能算出到{goal.zh}的办法",
            f"Some answers are missing before a way to {goal.en} can be computed",
        )
    if plan.result is Result.UNREACHABLE:
        return Text(f"目录中的改进项全部做完，也到不了{goal.zh}", f"Nothing in the catalogue reaches {goal.en}")
    if plan.result is Result.TOO_LATE:
        return Text(f"在给定的期限和人手之内，到不了{goal.zh}", f"{_capital(goal.en)} cannot be reached in time")
    if plan.result is Result.OVER_BUDGET:
        return Text(
            f"预算 {plan.limits.budget:,} 万元到不了{goal.zh}，至少要 {plan.needed:,} 万元；最远可以做 {much.zh}",
            f"{plan.limits.budget:,} (10,000 yuan) do not reach {goal.en}, which costs {plan.needed:,} at least; "
            f"the furthest is {much.en}",
        )
    return Text(f"到{goal.zh}，{cost.zh}，{much.zh}", f"{_capital(goal.en)}: {cost.en}, {much.en}")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def proof(plan: ImprovementPlan) -> Text:
    """Say how sure it is that nothing is cheaper (or, under a budget, further)."""
    if plan.proved:
        return Text(
            "在所列的假设下，已经证明没有更省的办法；按做完以后的事实重新评过分，确实达到目标。",
            "Under the assumptions listed nothing is cheaper, which is proved; the facts as they will be then were "
            "scored again to confirm it.",
        )
    return Text(
        "按做完以后的事实重新评过分，确实达到目标；但没有在限定时间内证明这是最省的办法。",
        "The facts as they will be afterwards were scored again to confirm it; that nothing is cheaper was not proved "
        "in the time allowed.",
    )


def blocked(advice: Advice) -> tuple[Text, ...]:
    """Return what is in the way of the goals, one sentence a requirement, each once."""
    found: dict[Text, list[Need]] = {}
    for need in advice.plan.blocked:
        found.setdefault(_need(need, advice), []).append(need)
    sentences = [_with_cause(text, needs, advice) for text, needs in found.items()]
    rest = len(sentences) - MOST_BLOCKS
    more = [Text(f"另有 {rest} 项", f"{rest} more")] if rest > 0 else []
    return tuple(sentences[:MOST_BLOCKS] + more)


def _need(need: Need, advice: Advice) -> Text:
    if need.requirement is None:
        one = advice.criteria.criteria[need.criteria_id]
        if isinstance(one, PointsCriteria):
            return Text(f"“{one.title.zh}”的得分或场景不够", f"“{one.title.en}” lacks points or scenes")
        return Text(f"“{one.title.zh}”要先适用", f"“{one.title.en}” has to apply first")
    names_of = {one.subject_key: one.subject_name for one in advice.by_now if one.subject_kind is not SubjectKind.FIRM}
    name, text = names_of.get(need.subject_key), need.requirement.text
    return Text(f"{name}：{text.zh}", f"{name}: {text.en}") if name else text


def _with_cause(text: Text, needs: Sequence[Need], advice: Advice) -> Text:
    """Say why something is not reached: an answer is missing, the budget, or what no project changes."""
    missing = sorted({fact for need in needs for fact in need.open_facts})
    if missing:
        labels = [advice.criteria.facts[fact].label for fact in missing]
        zh, en = wording.listed(one.zh for one in labels).zh, wording.listed(one.en for one in labels).en
        return Text(f"{text.zh}：要先答清{zh}", f"{text.en}: first answer {en}")
    if advice.plan.result is Result.OVER_BUDGET:
        return Text(f"{text.zh}：这笔预算还做不到", f"{text.en}: not within this budget")
    names = [name for need in needs for name in beyond_projects(need, advice.filled, advice.criteria)]
    why = [advice.criteria.beyond[name] for name in dict.fromkeys(names)]
    if why:
        return Text(
            f"{text.zh}：没有项目能改变，{'；'.join(one.zh for one in why)}",
            f"{text.en}: no project changes this: {'; '.join(one.en for one in why)}",
        )
    return Text(f"{text.zh}：目录中没有改进项能做到", f"{text.en}: nothing in the catalogue brings it")


# --- other plans ------------------------------------------------------------------------------------------------------


def differs(other: ImprovementPlan, plan: ImprovementPlan) -> tuple[Text, Text]:
    """Return what another plan leaves out and what it does in its place."""
    own, theirs = ({one.project.id for one in each.projects} for each in (plan, other))
    left_out = names(one for one in plan.projects if one.project.id not in theirs)
    instead = names(one for one in other.projects if one.project.id not in own)
    nothing = Text("没有", "nothing")
    return (left_out if left_out.zh else nothing), (instead if instead.zh else nothing)


def more_cost(other: Costs, cost: Costs) -> Text:
    """Say what another plan costs more: “多 70 万元”."""
    more = other.likely - cost.likely
    if not more:
        return Text("费用相同", "costs the same")
    return Text(f"多 {more:,} 万元", f"{more:,} more (10,000 yuan)")


def merged(why: Iterable[Why]) -> Iterator[tuple[Why, ...]]:
    """Yield the projects of a plan, those of one improvement in the same quarters together."""
    groups: dict[tuple[str, int, int], list[Why]] = {}
    for one in why:
        key = (one.planned.project.improvement.id, one.planned.start, one.planned.end)
        groups.setdefault(key, []).append(one)
    yield from map(tuple, groups.values())
