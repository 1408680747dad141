"""What an improvement plan says, in Chinese and English: conclusions, reasons, what blocks, what else could be done.

Pages, report and workbook say it with these sentences. Where they end in no full stop, others may follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from questionnaires.model import SubjectKind, Text
from reports import plan_names as names
from reports import wording
from scoring.advice import Advice
from scoring.beyond import beyond_projects
from scoring.model import Assessment, CriteriaSet, Gap, MaturityCriteria, PointsCriteria, PricedBy
from scoring.plan import ImprovementPlan, Result
from scoring.plan_choices import Why, WhyNot
from scoring.plan_program import Need

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
PROVED = Text(
    "在所列的假设下，已经证明没有更省的办法；按做完以后的事实重新评过分，确实达到目标。",
    "Under the assumptions listed nothing is cheaper, which is proved; the facts as they will be then were scored "
    "again to confirm it.",
)
NOT_PROVED = Text(
    "按做完以后的事实重新评过分，确实达到目标；但没有在限定的计算量内证明这是最省的办法。",
    "The facts as they will be afterwards were scored again to confirm it; that nothing is cheaper was not proved "
    "within the work allowed.",
)
WHAT_BLOCKS = Text(
    "挡住的是下面这些要求。没有答清的，答清以后再重新计算；目录里没有改进项的，要另找办法。",
    "What follows is in the way. Answer what is open and compute again; where the catalogue has no improvement, "
    "another way has to be found.",
)
LOOSEN = Text("请放宽期限、增加人手，或降低目标。", "Allow a later day or more people, or aim lower.")
UNFINISHED = Text(
    "这份改进计划要算的太多，没有算完。请在“改进计划”页减少目标，或放宽期限和人手后再算。",
    "This plan takes too much work and was not finished. Choose fewer goals, or a later day and more people, on the "
    "page of the plan.",
)
NEEDED = Text("为达到目标所需", "needed for the goal")
NO_OTHERS = Text(
    "多花一成以内，没有别的项目组合也能达到目标。",
    "For up to a tenth more, no other projects reach the goal.",
)
LEVEL_STATES = {
    Result.ALREADY: Text("已经达到", "reached already"),
    Result.TOO_LATE: Text("期限或人手不够", "too little time or too few people"),
    Result.UNREACHABLE: Text("目录里的办法达不到", "not reached by the catalogue"),
}
PRICED_BY = {
    PricedBy.FIRM: Text("企业自己的数", "the firm's own figures"),
    PricedBy.INSTALLATION: Text("本地的造价", "local costs"),
}
MOST_BLOCKS, MOST_REASONS = 8, 3


# --- conclusions ------------------------------------------------------------------------------------------------------


def headline(advice: Advice) -> Text:
    """Return the most important sentence about a plan."""
    plan, goal = advice.plan, names.goals_text(advice)
    if plan.result is Result.ALREADY:
        return Text(f"{goal.zh}已经达到，不用再花钱", f"{_capital(goal.en)} is reached already; nothing more to spend")
    if plan.result is Result.UNREACHABLE:
        return _unreachable(plan, goal)
    if plan.result is Result.TOO_LATE:
        return _too_late(plan, goal)
    cost, much = names.likely_cost(plan.cost), names.size(plan)
    if plan.result is Result.OVER_BUDGET:
        furthest = Text(f"最远可以做 {much.zh}", f"the furthest is {much.en}")
        if not plan.projects:
            furthest = Text("这笔预算一项也做不了", "nothing can be done with it")
        return Text(
            f"预算 {plan.limits.budget:,} 万元到不了{goal.zh}，至少要 {plan.needed:,} 万元；{furthest.zh}",
            f"{plan.limits.budget:,} (10,000 yuan) do not reach {goal.en}, which costs {plan.needed:,} at least; "
            f"{furthest.en}",
        )
    return Text(f"到{goal.zh}，{cost.zh}，{much.zh}", f"{_capital(goal.en)}: {cost.en}, {much.en}")


def _unreachable(plan: ImprovementPlan, goal: Text) -> Text:
    if all(need.open_facts for need in plan.blocked):
        return Text(
            f"先把没有答清的答清，才能算出到{goal.zh}的办法",
            f"Some answers are missing before a way to {goal.en} can be computed",
        )
    return Text(f"目录中的改进项全部做完，也到不了{goal.zh}", f"Nothing in the catalogue reaches {goal.en}")


def _too_late(plan: ImprovementPlan, goal: Text) -> Text:
    if plan.proved:
        return Text(
            f"在给定的期限和人手之内，到不了{goal.zh}",
            f"{_capital(goal.en)} cannot be reached by the day with the people given",
        )
    return Text(
        f"在给定的期限和人手之内，没有找到到{goal.zh}的办法",
        f"No way to {goal.en} was found by the day with the people given",
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def explanation(advice: Advice) -> Text:
    """Say below it what the sentence rests on, or what to do where the goal is not reached."""
    plan = advice.plan
    if plan.result is Result.UNREACHABLE:
        return WHAT_BLOCKS
    if plan.result is Result.TOO_LATE:
        return _one_after_the_other(*_why_too_late(plan), LOOSEN)
    if plan.result is Result.OVER_BUDGET:
        return _one_after_the_other(*_when(advice), _furthest(advice), PLAN_BASIS)
    if plan.projects:
        return _one_after_the_other(*_when(advice), proof(plan), PLAN_BASIS)
    return Text("", "")


def _one_after_the_other(*sentences: Text) -> Text:
    return Text("".join(one.zh for one in sentences), " ".join(one.en for one in sentences))


def _when(advice: Advice) -> Iterator[Text]:
    beginning, last = names.begins(advice), names.end_of(advice.plan)
    if last:
        first, end = names.quarter(beginning, 1), names.quarter(beginning, last)
        yield Text(
            f"从{first.zh}开始（事实截止日之后的第一个完整季度），{end.zh}末做完。",
            f"It begins with {first.en}, the first whole quarter after the day of the facts, and ends with {end.en}.",
        )


def _furthest(advice: Advice) -> Text:
    reached, spent = names.standing(advice, advice.plan.after), f"{advice.plan.cost.likely:,}"
    return Text(
        f"这是这笔预算能走到的最远处，约用 {spent} 万元，做完以后：{reached.zh}。",
        f"This is as far as the budget reaches, for about {spent} (10,000 yuan); afterwards: {reached.en}.",
    )


def _why_too_late(plan: ImprovementPlan) -> Iterator[Text]:
    if not plan.proved:
        yield Text(
            "要算的太多，没有算完，不能说一定没有办法。",
            "The search takes too much work and was not finished, so there may be one.",
        )
    if plan.quarters_needed:
        long = names.counted(plan.quarters_needed, "quarter")
        yield Text(
            f"不限期限和人手，最省的办法要 {plan.quarters_needed} 个季度。",
            f"Whatever the day and the people, the cheapest way takes {long}.",
        )


def proof(plan: ImprovementPlan) -> Text:
    """Say how sure it is that nothing is cheaper."""
    return PROVED if plan.proved else NOT_PROVED


def priced(advice: Advice) -> Text:
    """Say which projects of a plan do not cost what the catalogue says; nothing where all do."""
    planned = [one.project.improvement for one in advice.plan.projects]
    zh, en = [], []
    for whose, owner in PRICED_BY.items():
        own = list(dict.fromkeys(one.text for one in planned if one.priced_by is whose))
        if own:
            zh.append(f"{'、'.join(one.zh for one in own)}按{owner.zh}")
            en.append(f"{', '.join(one.en for one in own)}: {owner.en}")
    if not zh:
        return Text("", "")
    return Text(
        f"费用：{'；'.join(zh)}；其余按目录的规划假设。", f"Costs: {'; '.join(en)}; all others by the catalogue."
    )


# --- reasons ----------------------------------------------------------------------------------------------------------


def reason(why: Sequence[Why], criteria: CriteriaSet) -> Text:
    """Return why projects of one improvement are in the plan: requirements that they help, and what waits for them."""
    helped = helps((gap for one in why for gap in one.helps), criteria)
    waiting = dict.fromkeys(project.improvement.text for one in why for project in one.before)
    zh, en = [helped.zh] if helped.zh else [], [helped.en] if helped.en else []
    if waiting:
        served = names.listed(waiting)
        zh, en = [*zh, f"先做它才能做{served.zh}"], [*en, f"comes before {served.en}"]
    return Text("；".join(zh) or NEEDED.zh, "; ".join(en) or NEEDED.en)


def helps(gaps: Iterable[Gap], criteria: CriteriaSet, most: int = MOST_REASONS) -> Text:
    """Return the requirements of gaps: “信息安全 L3.1、L3.2；网络环境 L3.1”, a condition by its own words."""
    every = list(dict.fromkeys((gap.group, gap.requirement.id, gap.requirement.text, gap.criteria_id) for gap in gaps))
    of_maturity = [one for one in every if isinstance(criteria.criteria[one[3]], MaturityCriteria)]
    ordered = sorted(of_maturity, key=lambda one: (one[0].zh, one[1]))
    said = []
    for group, own in groupby(ordered, key=lambda one: one[0]):
        ids = [_short_id(one[1]) for one in own]
        said.append(Text(f"{group.zh} {'、'.join(ids)}", f"{group.en} {', '.join(ids)}"))
    said += [Text(f"{one[1]} {one[2].zh}", f"{one[1]} {one[2].en}") for one in every if one not in of_maturity]
    rest = len(said) - most
    zh, en = "；".join(one.zh for one in said[:most]), "; ".join(one.en for one in said[:most])
    return Text(f"{zh}；另有 {rest} 组", f"{en}; {rest} more groups") if rest > 0 else Text(zh, en)


def _short_id(requirement: str) -> str:
    """Return the requirement's own part of its id: “L3.1” of “energy.L3.1”."""
    return requirement.partition(".")[2] or requirement


def merged(why: Iterable[Why]) -> Iterator[tuple[Why, ...]]:
    """Yield the projects of a plan, those of one improvement in the same quarters together."""
    groups: dict[tuple[str, int, int], list[Why]] = {}
    for one in why:
        key = (one.planned.project.improvement.id, one.planned.start, one.planned.end)
        groups.setdefault(key, []).append(one)
    yield from map(tuple, groups.values())


def milestones(advice: Advice) -> Iterator[tuple[int, Text]]:
    """Yield every level that is surely reached for the first time, with the quarter at whose end it is."""
    for goal in advice.plan.goals:
        before = names.sure_level(goal, advice.by_now)
        for quarter in advice.quarters:
            level = names.sure_level(goal, quarter.after)
            if level > before:
                graded = bool(advice.criteria.criteria[goal.criteria_id].level_names)
                yield quarter.number, wording.level_word(level) if graded else Text("达到", "met")
                before = level


# --- what is in the way -----------------------------------------------------------------------------------------------


def blocked(advice: Advice) -> tuple[Text, ...]:
    """Return what is in the way of the goals: one sentence for each requirement, with those whom it is in the way."""
    found: dict[Text, list[Need]] = {}
    for need in advice.plan.blocked:
        found.setdefault(_need(need, advice.criteria), []).append(need)
    sentences = [_with_cause(about, needs, advice) for about, needs in found.items()]
    rest = len(sentences) - MOST_BLOCKS
    more = [Text(f"另有 {rest} 项", f"{rest} more")] if rest > 0 else []
    return tuple(sentences[:MOST_BLOCKS] + more)


def _need(need: Need, criteria: CriteriaSet) -> Text:
    if need.requirement is not None:
        return need.requirement.text
    one = criteria.criteria[need.criteria_id]
    if isinstance(one, PointsCriteria):
        return Text(f"“{one.title.zh}”的得分或场景不够", f"“{one.title.en}” lacks points or scenes")
    return Text(f"“{one.title.zh}”不适用于本企业", f"“{one.title.en}” does not apply to this firm")


def _place(need: Need, assessments: Iterable[Assessment]) -> str:
    below = (one for one in assessments if one.subject_kind is not SubjectKind.FIRM)
    return next((one.subject_name for one in below if one.subject_key == need.subject_key), "")


def _at(about: Text, places: Iterable[str]) -> Text:
    where = [name for name in dict.fromkeys(places) if name]
    if not where:
        return about
    return Text(f"{about.zh}（{'、'.join(where)}）", f"{about.en} ({', '.join(where)})")


def _with_cause(about: Text, needs: Sequence[Need], advice: Advice) -> Text:
    """Say why something is not reached: an answer is missing, the budget, or what no project changes."""
    said = _at(about, [_place(need, advice.by_now) for need in needs])
    missing = dict.fromkeys(fact for need in needs for fact in need.open_facts)
    if missing:
        answers = names.listed(advice.criteria.facts[fact].label for fact in missing)
        return Text(f"{said.zh}：要先答清{answers.zh}", f"{said.en}: first answer {answers.en}")
    if advice.plan.result is Result.OVER_BUDGET:
        return Text(f"{said.zh}：这笔预算还做不到", f"{said.en}: not within this budget")
    beyond = dict.fromkeys(name for need in needs for name in beyond_projects(need, advice.filled, advice.criteria))
    why = [advice.criteria.beyond[name] for name in beyond]
    if why:
        return Text(
            f"{said.zh}：没有项目能改变，{'；'.join(one.zh for one in why)}",
            f"{said.en}: no project changes this: {'; '.join(one.en for one in why)}",
        )
    if needs[0].requirement is None and not isinstance(advice.criteria.criteria[needs[0].criteria_id], PointsCriteria):
        return Text(
            f"{said.zh}，或还不能判断：先填企业概况，并登记工厂和车间",
            f"{said.en}, or that is open: first fill in the profile of the firm and register its factories and "
            "workshops",
        )
    return Text(f"{said.zh}：目录中没有改进项能做到", f"{said.en}: nothing in the catalogue brings it")


# --- other choices ----------------------------------------------------------------------------------------------------


def differs(other: ImprovementPlan, plan: ImprovementPlan) -> tuple[Text, Text]:
    """Return what another plan leaves out and what it does in its place."""
    own, theirs = ({one.project.id for one in each.projects} for each in (plan, other))
    left_out = names.names(one.project for one in plan.projects if one.project.id not in theirs)
    instead = names.names(one.project for one in other.projects if one.project.id not in own)
    nothing = Text("没有", "nothing")
    return (left_out if left_out.zh else nothing), (instead if instead.zh else nothing)


def why_not(one: WhyNot, advice: Advice) -> Text:
    """Say why a plan does without an obvious project."""
    goal = names.goals_text(advice)
    if one.more is None:
        return Text(f"做了它，就到不了{goal.zh}", f"with it {goal.en} is not reached")
    instead = names.names(other.project for other in one.instead)
    more = Text(f"加上它要多花 {one.more:,} 万元", f"taking it costs {one.more:,} more (10,000 yuan)")
    if instead.zh:
        return Text(f"它能帮上的要求，{instead.zh}也能做到；{more.zh}", f"its work is done by {instead.en}; {more.en}")
    return Text(f"没有它也能到{goal.zh}；{more.zh}", f"{goal.en} is reached without it; {more.en}")


def level_state(plan: ImprovementPlan) -> Text | None:
    """Say why a level has no cost; None where it has one."""
    return LEVEL_STATES.get(plan.result)
