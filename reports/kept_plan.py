"""The plan that a firm has kept, beside the one that is computed for its goals from the facts of a report.

A report prints what follows from its own facts. Where that is what the firm has kept, it says so and names owners and
days; where answers, costs or the catalogue have changed since, it says what is different.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from questionnaires.model import FilledDiagnosis, Text
from reports import plan_names as names
from reports import wording
from reports.language import Language
from scoring.advice import Advice
from scoring.goals import Goal, GoalRefused, goal_from_text
from scoring.model import Costs, CriteriaSet
from scoring.plan import Limits

NOTHING_KEPT = Text(
    "企业没有保存改进计划，这里算的是到下一个成熟度等级最省的办法。",
    "The firm has kept no plan; this is the cheapest way to the next level of maturity.",
)
NOBODY_YET, NO_DAY_YET = Text("负责人未定", "no owner yet"), Text("完成日期未定", "no day yet")
NOT_STARTED = "not_started"
PROGRESS: Mapping[str, Text] = {  # in the order in which they are chosen
    NOT_STARTED: Text("未开始", "Not started"),
    "under_way": Text("进行中", "In progress"),
    "done": Text("已完成", "Done"),
    "dropped": Text("不做了", "Dropped"),
}


@dataclass(frozen=True, slots=True)
class KeptStep:
    """One project of the kept plan: as it was planned, and who does it until when."""

    project_id: str
    name: Text
    place: str  # empty for the firm itself
    units: int
    start: int
    end: int
    cost: Costs
    owner: str
    due: date | None
    progress: str  # a key of PROGRESS


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """The plan that a firm has kept, with what it was asked for."""

    number: int
    saved_on: date
    goals: tuple[str, ...]  # as `goal_from_text` reads them
    limits: Limits
    cost: Costs
    steps: tuple[KeptStep, ...]

    def goals_for(self, filled: FilledDiagnosis, criteria: CriteriaSet) -> tuple[Goal, ...] | None:
        """Return its goals; None where one of them is no goal of this firm any more."""
        try:
            return tuple(goal_from_text(words, filled, criteria) for words in self.goals)
        except GoalRefused:
            return None

    def step(self, project_id: str) -> KeptStep | None:
        """Return its step for a project."""
        return next((one for one in self.steps if one.project_id == project_id), None)


def about(kept: KeptPlan | None, advice: Advice) -> Text:
    """Say which plan this is: the kept one, one that is computed anew for its goals, or neither."""
    if kept is None:
        return NOTHING_KEPT
    day = wording.day_text(kept.saved_on)
    if kept.goals_for(advice.filled, advice.criteria) != advice.plan.goals:
        return Text(
            f"企业 {day.zh}保存的改进计划 {kept.number}，目标里有的工厂或车间现在没有了；"
            "这里算的是到下一个成熟度等级最省的办法。请重新选目标，再保存一份。",
            f"Plan {kept.number}, kept by the firm on {day.en}, has goals for a factory or workshop that is no longer "
            "there; this is the cheapest way to the next level of maturity. Choose the goals again and keep a plan.",
        )
    if is_same(kept, advice):
        return Text(
            f"这就是企业 {day.zh}保存的改进计划 {kept.number}：按本报告的事实和费用重新算过，项目、时间和费用都相同。"
            "负责人和完成日期由企业填写。",
            f"This is plan {kept.number}, kept by the firm on {day.en}: computed again from the facts and costs of "
            "this report, with the same projects, quarters and costs. Owners and days are the firm's.",
        )
    return _otherwise(kept, advice, day)


def is_same(kept: KeptPlan, advice: Advice) -> bool:
    """Tell whether a plan has the projects, units, quarters and costs of the kept one."""
    now = {(one.project.id, one.units, one.start, one.end, one.cost) for one in advice.plan.projects}
    return now == {(one.project_id, one.units, one.start, one.end, one.cost) for one in kept.steps}


def _otherwise(kept: KeptPlan, advice: Advice, day: Text) -> Text:
    planned = {one.project.id: one.project for one in advice.plan.projects}
    gone = [_named(one) for one in kept.steps if one.project_id not in planned]
    new = [project for name, project in planned.items() if kept.step(name) is None]
    count = names.counted(len(kept.steps), "project")
    different = names.row(_differences(names.names(new), names.listed(gone)))
    return Text(
        f"企业 {day.zh}保存了改进计划 {kept.number}（{len(kept.steps)} 个项目，最可能 {kept.cost.likely:,} 万元）。"
        "它所依据的回答、费用或改进项目录和本报告的不同，这里按它的目标和条件、用本报告的事实和费用重新计算，"
        f"与保存的相比：{different.zh}。要按这里的做，请重新保存。",
        f"The firm kept plan {kept.number} on {day.en} ({count}, most likely {kept.cost.likely:,}, "
        "in 10,000 yuan). It rests on other answers, costs or another catalogue than this report; this is computed "
        "anew for its goals and limits from the facts and costs of this report. Beside what was kept: "
        f"{different.en}. To follow it, keep it anew.",
    )


def _differences(new: Text, gone: Text) -> Iterator[Text]:
    if new.zh:
        yield Text(f"多了{new.zh}", f"added {new.en}")
    if gone.zh:
        yield Text(f"少了{gone.zh}", f"left out {gone.en}")
    if not new.zh and not gone.zh:
        yield Text("项目相同，费用、数量或时间不同", "the projects are the same, but not cost, units or quarters")


def _named(step: KeptStep) -> Text:
    if not step.place:
        return step.name
    return Text(f"{step.name.zh}（{step.place}）", f"{step.name.en} ({step.place})")


def owners(kept: KeptPlan | None, project_ids: Iterable[tuple[str, str]], language: Language) -> str:
    """Say who does projects until when, each given with its place; what is the same for all is said once."""
    said: dict[str, list[str]] = {}
    for project_id, place in project_ids:
        if kept is not None and (step := kept.step(project_id)):
            said.setdefault(_owner(step, language), []).append(place)
    if len(said) == 1:
        return next(iter(said))
    return language.clauses(language.of(language.items(places), words) for words, places in said.items())


def _owner(step: KeptStep, language: Language) -> str:
    who = Text(f"负责人{step.owner}", f"owner {step.owner}") if step.owner else NOBODY_YET
    day = step.due.isoformat() if step.due else ""
    due = Text(f"{day} 前完成", f"due {day}") if day else NO_DAY_YET
    progress = "" if step.progress == NOT_STARTED else language.say(PROGRESS[step.progress])
    return language.parts((language.say(who), language.say(due), progress))
