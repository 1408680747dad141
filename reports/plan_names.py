"""What things in an improvement plan are called, in Chinese and English: quarters, goals, places, projects, money."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from questionnaires.model import Fact, SubjectKind, Text
from reports import wording
from scoring.advice import Advice
from scoring.exact import Bounds
from scoring.goals import Goal
from scoring.model import Assessment, Costs, Outcome
from scoring.plan import ImprovementPlan, PlannedProject
from scoring.projects import Project
from scoring.quarters import calendar_quarter, first_quarter_after

WHOLE_FIRM = Text("全企业", "whole firm")
NO_TOTAL = "—"
MOST_NAMES = 6
NUMERALS = "一二三四"


# --- time -------------------------------------------------------------------------------------------------------------


def begins(advice: Advice) -> date:
    """Return the first day of a plan."""
    return first_quarter_after(advice.filled.as_of)


def quarter(beginning: date, number: int) -> Text:
    """Return the name of a quarter of a plan, 1 for the first: “2027年一季度”."""
    year, which = _parts(beginning, number)
    return Text(f"{year}年{NUMERALS[which - 1]}季度", f"{year} Q{which}")


def column(beginning: date, number: int) -> str:
    """Return the same for the head of a narrow column: 27Q1."""
    return calendar_quarter(beginning, number)[2:]


def span(beginning: date, start: int, end: int) -> Text:
    """Return the quarters from start to end: “2027年一季度”, “2027年一至三季度”, “2027年四季度至2028年一季度”."""
    first, last = quarter(beginning, start), quarter(beginning, end)
    year, which = _parts(beginning, start)
    last_year, last_which = _parts(beginning, end)
    if start == end:
        return first
    if year == last_year:
        return Text(f"{year}年{NUMERALS[which - 1]}至{NUMERALS[last_which - 1]}季度", f"{first.en}–Q{last_which}")
    return Text(f"{first.zh}至{last.zh}", f"{first.en}–{last.en}")


def _parts(beginning: date, number: int) -> tuple[int, int]:
    year, which = calendar_quarter(beginning, number).split("Q")
    return int(year), int(which)


def end_of(plan: ImprovementPlan) -> int:
    """Return the quarter at whose end a plan is done; 0 for one without projects."""
    return max((one.end for one in plan.projects), default=0)


# --- goals and where they stand ---------------------------------------------------------------------------------------


def goals_text(advice: Advice) -> Text:
    """Return the goals in a row: “成熟度三级（集成级）”."""
    return row(goal_name(goal, advice) for goal in advice.plan.goals)


def row(texts: Iterable[Text]) -> Text:
    """Return texts side by side."""
    every = list(texts)
    return Text("，".join(one.zh for one in every), ", ".join(one.en for one in every))


def goal_name(goal: Goal, advice: Advice) -> Text:
    """Return a goal by level, criteria and, where it is for one only, subject."""
    criteria, title = advice.criteria.criteria[goal.criteria_id], _scheme(goal, advice)
    if not criteria.level_names:
        return title
    level, own = wording.level_name(goal.level, criteria.level_names), _own(goal, advice.by_now)
    between = " " if own and wording.is_maturity(own[0]) else ", "
    return Text(f"{title.zh}{level.zh}", f"{title.en}{between}{level.en}")


def _scheme(goal: Goal, advice: Advice) -> Text:
    """Return criteria and, where a goal is for one only, subject: “成熟度”, “冲压车间：重庆市数字化车间”."""
    criteria, own = advice.criteria.criteria[goal.criteria_id], _own(goal, advice.by_now)
    title = Text("成熟度", "maturity") if own and wording.is_maturity(own[0]) else criteria.title
    name = own[0].subject_name if goal.subject_key and own else ""
    return Text(f"{name}：{title.zh}", f"{name}: {title.en}") if name else title


def standing(advice: Advice, assessments: Iterable[Assessment]) -> Text:
    """Say what the goals surely reach: “二级（规范级）”; which goal it is, where there are several."""
    goals, every = advice.plan.goals, list(assessments)
    if len(goals) == 1:
        return _standing(goals[0], every)
    said = [(_scheme(goal, advice), _standing(goal, every)) for goal in goals]
    return row(Text(f"{name.zh} {now.zh}", f"{name.en} {now.en}") for name, now in said)


def _standing(goal: Goal, assessments: Iterable[Assessment]) -> Text:
    own = _own(goal, assessments)
    levels = [one.level for one in own if one.outcome is Outcome.LEVEL and one.level]
    if levels and len(levels) == len(own):
        return wording.level_name(_lowest(levels), own[0].level_names)
    met = sum(one.outcome is Outcome.MET for one in own)
    return Text(f"{met} / {len(own)} 达到", f"{met} / {len(own)} met")


def total(goal: Goal, assessments: Iterable[Assessment]) -> str:
    """Return the total score of a goal of one subject at its lower bound, else a dash."""
    own = _own(goal, assessments)
    return wording.rounded_down(own[0].total.low, 2) if len(own) == 1 and own[0].total else NO_TOTAL


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


def units(planned: PlannedProject, facts: Mapping[str, Fact]) -> Text | None:
    """Return what a project adds: “增加 6 台（套）”; None where it adds nothing that is counted."""
    adds = planned.project.improvement.adds
    if adds is None or not planned.units:
        return None
    unit = facts[adds.count].unit
    return Text(
        f"增加 {planned.units:,} {unit.zh if unit else ''}".rstrip(),
        f"adds {planned.units:,} {unit.en if unit else ''}".rstrip(),
    )


def where(planned: PlannedProject, facts: Mapping[str, Fact]) -> Text:
    """Return the place of a project with what it adds there: “冲压车间，增加 6 台（套）”."""
    at, adds = place(planned.project), units(planned, facts)
    return Text(f"{at.zh}，{adds.zh}", f"{at.en}, {adds.en}") if adds else at


def names(projects: Iterable[Project], most: int = MOST_NAMES) -> Text:
    """Return projects by name, those of one improvement together: “进度监控与异常预警（3 处）”."""
    found: dict[Text, list[Project]] = {}
    for one in projects:
        found.setdefault(one.improvement.text, []).append(one)
    return listed((named(own[0]) if len(own) == 1 else _times(text, len(own)) for text, own in found.items()), most)


def listed(texts: Iterable[Text], most: int = MOST_NAMES) -> Text:
    """Return names in a row, at most so many and how many there are."""
    every = list(texts)
    return Text(wording.listed((one.zh for one in every), most).zh, wording.listed((one.en for one in every), most).en)


def _times(text: Text, count: int) -> Text:
    return Text(f"{text.zh}（{count} 处）", f"{text.en} ({count} places)")


# --- money ------------------------------------------------------------------------------------------------------------


def likely_cost(cost: Costs) -> Text:
    """Return the likely cost with its range: “最可能 825 万元（354–1,842 万元）”."""
    between = wording.cost_text(cost)
    return Text(
        f"最可能 {cost.likely:,} 万元（{between} 万元）", f"most likely {cost.likely:,} ({between}), in 10,000 yuan"
    )


def size(plan: ImprovementPlan) -> Text:
    """Return how much a plan is: “20 个项目，6 个季度”."""
    count, long = len(plan.projects), end_of(plan)
    return Text(f"{count} 个项目，{long} 个季度", f"{counted(count, 'project')}, {counted(long, 'quarter')}")


def counted(number: int, thing: str) -> str:
    """Return "1 project", "2 projects"."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def more_cost(other: Costs, cost: Costs) -> Text:
    """Say what another plan costs more: “多 70 万元”."""
    more = other.likely - cost.likely
    return Text(f"多 {more:,} 万元", f"{more:,} more (10,000 yuan)") if more else Text("费用相同", "costs the same")
