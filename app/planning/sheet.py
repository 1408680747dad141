"""Saved plans as their pages show them: words in the reader's language, prepared once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from markupsafe import Markup

from app.diagnosis.draft import FIRM_KEY
from app.diagnosis.punctuation import bracketed, with_colon
from app.planning import following
from app.planning.asked import quarters_named, short_quarter
from app.planning.comparison import Comparison, FactNow, OutcomeNow, StepNow, Verdict
from app.planning.following import Show
from app.planning.models import PlanStep, Progress, SavedPlan
from app.planning.promise import PROOF, UNIT, WHAT
from app.presentation import language, text
from questionnaires.model import Fact, State, Text
from questionnaires.values import show_value
from reports.gantt import Bar, gantt
from reports.wording import cost_text, outcome_text
from scoring.model import (
    Criteria,
    CriteriaSet,
    GatesCriteria,
    Improvement,
    MaturityCriteria,
    PointsCriteria,
)
from scoring.tailoring import subdomains


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """What was promised of a goal for one subject, and what is so by now."""

    title: str
    subject: str
    wanted: str
    reached: str
    now: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact that a step promised to change."""

    label: str
    before: str
    promised: str
    now: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step with who does it, how far it is, and what of it is achieved."""

    step: PlanStep
    name: str
    where: str  # empty for the firm itself
    placed: str  # both in one
    when: str
    cost: str
    is_late: bool
    next: Progress | None  # what one press makes of it
    in_catalogue: bool
    verdict: Verdict
    facts: int  # that it promises to change
    achieved: int  # of them


@dataclass(frozen=True, slots=True)
class StepSheet:
    """One step with all that was kept of it."""

    row: StepRow
    units: str  # 增加 12 台（套）; empty where it adds none
    what: str
    proof: str
    facts: tuple[FactRow, ...]
    helps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanSheet:
    """One saved plan."""

    title: str
    goals: list[str]
    counted: Markup
    cost: str
    likely: int
    drawing: Markup
    outcomes: tuple[OutcomeRow, ...]
    steps: tuple[StepRow, ...]
    kept_of_promises: Markup  # 14 项改进：10 已实现，3 部分实现，1 未实现
    is_compared: bool  # with a later diagnosis


def plan_title(plan: SavedPlan) -> str:
    """Return what a plan is called."""
    return _("改进计划 %(number)s", number=plan.number)


@dataclass(frozen=True, slots=True)
class KeptRow:
    """One saved plan in the list of them."""

    plan: SavedPlan
    title: str
    goals: list[str]
    counted: Markup
    count: following.Count


def kept_row(plan: SavedPlan, day: date) -> KeptRow:
    """Return a plan as the list of plans shows it."""
    steps = plan.steps
    return KeptRow(plan, plan_title(plan), goals_in_words(plan), counted(steps, day), following.count(steps, day))


def said_of(step: PlanStep) -> dict[str, str]:
    """Return what is kept of a step, in words."""
    due = step.due.isoformat() if step.due else ""
    progress = progress_words()[step.progress.value]
    return {"owner": step.owner or _("未定"), "due": due or _("未定"), "progress": progress, "note": step.note or "—"}


def goals_in_words(plan: SavedPlan) -> list[str]:
    """Return the goals with their subjects, each once."""
    firm = _("全企业")
    said = [
        f"{_either(one['title_zh'], one['title_en'])} · "
        f"{firm if one['subject'] == 'firm' else one['name']} · {_either(one['wanted_zh'], one['wanted_en'])}"
        for one in plan.promised
    ]
    return list(dict.fromkeys(said))


def progress_words() -> dict[str, str]:
    """Return the words for how far a step is, in the order in which they are chosen."""
    return {
        Progress.NOT_STARTED.value: _("未开始"),
        Progress.UNDER_WAY.value: _("进行中"),
        Progress.DONE.value: _("已完成"),
        Progress.DROPPED.value: _("不做了"),
    }


def press_words() -> dict[str, str]:
    """Return what is on the button that brings a step so far."""
    return {Progress.UNDER_WAY.value: _("开始"), Progress.DONE.value: _("完成")}


def counted(steps: Sequence[PlanStep], day: date) -> Markup:
    """Return “12 项改进：3 完成，2 进行，7 未开始，1 逾期”; what there is none of is not said."""
    found = following.count(steps, day)
    by = {name.value: number for name, number in found.by.items()}
    said = {
        _("%(count)s 完成", count=by["done"]): by["done"],
        _("%(count)s 进行", count=by["under_way"]): by["under_way"],
        _("%(count)s 未开始", count=by["not_started"]): by["not_started"],
        _("%(count)s 不做", count=by["dropped"]): by["dropped"],
        _("%(count)s 逾期", count=found.late): found.late,
    }
    return _summed(found.steps, said)


def _kept_of_promises(comparison: Comparison) -> Markup:
    by = {verdict.value: comparison.count(verdict) for verdict in Verdict}
    said = {
        _("%(count)s 已实现", count=by["achieved"]): by["achieved"],
        _("%(count)s 部分实现", count=by["partly"]): by["partly"],
        _("%(count)s 未实现", count=by["not_achieved"]): by["not_achieved"],
        _("%(count)s 还不知道", count=by["not_known"]): by["not_known"],
    }
    return _summed(len(comparison.steps), said)


def _summed(every: int, said: Mapping[str, int]) -> Markup:
    """Return the parts of a sum that are not zero; a line never ends between a figure and its word."""
    parts = [Markup('<span class="nowrap">{}</span>').format(words) for words, number in said.items() if number]
    whole = with_colon(_("%(count)s 项改进", count=every), _("，").join(parts))
    return Markup(whole)  # noqa: S704 - our own words and figures


def kinds(plan: SavedPlan, day: date) -> list[tuple[str, str, int]]:
    """Return which steps can be asked for: code, words, how many; of what there is none, only “all”."""
    words = {
        Show.ALL: _("全部"),
        Show.OPEN: _("未完成"),
        Show.LATE: _("逾期"),
        Show.QUARTER: _("本季度"),
        Show.UNOWNED: _("没有负责人"),
    }
    found = [(show, words[show], len(following.shown(plan, show, day))) for show in Show]
    return [(show.value, name, number) for show, name, number in found if number or show is Show.ALL]


def plan_sheet(plan: SavedPlan, comparison: Comparison, day: date) -> PlanSheet:
    """Return one plan ready to show on a day, held against a diagnosis."""
    known = {one.id for one in comparison.later.criteria.improvements}
    return PlanSheet(
        title=plan_title(plan),
        goals=goals_in_words(plan),
        counted=counted(plan.steps, day),
        cost=cost_text(plan.cost),
        likely=plan.cost.likely,
        drawing=_drawing(plan),
        outcomes=tuple(map(_outcome_row, comparison.outcomes)),
        steps=tuple(_step_row(one, plan.begins, known, day) for one in comparison.steps),
        kept_of_promises=_kept_of_promises(comparison),
        is_compared=is_newer(plan, comparison),
    )


def is_newer(plan: SavedPlan, comparison: Comparison) -> bool:
    """Tell whether a plan is held against a later diagnosis, and not against the one that it was computed from."""
    return comparison.later.diagnosis.id != plan.diagnosis_id


def step_sheet(plan: SavedPlan, comparison: Comparison, step: PlanStep, day: date) -> StepSheet:
    """Return one step ready to show; where the catalogue has changed since, it is as it was kept."""
    criteria = comparison.later.criteria
    entry = next((one for one in criteria.improvements if one.id == step.improvement_id), None)
    found = next(one for one in comparison.steps if one.step.id == step.id)
    return StepSheet(
        row=_step_row(found, plan.begins, {entry.id} if entry else (), day),
        units=_units(step, entry, criteria.facts),
        what=_kept(step, WHAT, entry.what if entry else None),
        proof=_kept(step, PROOF, entry.proof if entry else None),
        facts=tuple(map(_fact_row, found.facts)),
        helps=tuple(_helps(step, criteria)),
    )


def _kept(step: PlanStep, name: str, otherwise: Text | None) -> str:
    """Return words of a step as they were kept; steps that kept none have those of the catalogue."""
    said = step.words.get(name)
    return _either(said["zh"], said["en"]) if said else text(otherwise)


def _units(step: PlanStep, entry: Improvement | None, facts: Mapping[str, Fact]) -> str:
    if not step.units:
        return ""
    adds = facts.get(entry.adds.count) if entry and entry.adds else None
    unit = _kept(step, UNIT, adds.unit if adds else None) or _("个单位")
    return _("增加 %(count)s %(unit)s", count=f"{step.units:,}", unit=unit)


def _helps(step: PlanStep, criteria: CriteriaSet) -> Iterator[str]:
    """Yield the requirements that a step helps, each once: as they were kept, else as the criteria have them."""
    texts = {name: dict(_requirements(one)) for name, one in criteria.criteria.items()}
    said = []
    for one in step.helps:
        known = Text(one["zh"], one["en"]) if "zh" in one else texts.get(one["criteria"], {}).get(one["id"])
        said.append(text(known) or one["id"])
    yield from dict.fromkeys(said)


def _either(zh: str, en: str) -> str:
    return en if language() == "en" else zh


def _step_name(step: PlanStep) -> str:
    return _either(step.name_zh, step.name_en)


def placed_name(step: PlanStep) -> str:
    """Return what a step is called, with its place where that is not the whole firm."""
    return bracketed(_step_name(step), "" if step.subject_key == FIRM_KEY else step.subject_name)


def _drawing(plan: SavedPlan) -> Markup:
    bars = [Bar(placed_name(one), one.start, one.end, one.progress is Progress.DONE) for one in plan.steps]
    last = max(one.end for one in plan.steps)
    names = [short_quarter(plan.begins, number) for number in range(1, last + 1)]
    title = _("%(plan)s：每一步从哪个季度到哪个季度，下表写明同样的内容", plan=plan_title(plan))
    return Markup(gantt(bars, names, (), title))  # noqa: S704 - our own drawing, its words are escaped


def _outcome_row(one: OutcomeNow) -> OutcomeRow:
    said = one.promised
    return OutcomeRow(
        title=_either(said.title_zh, said.title_en),
        subject=_("全企业") if said.subject == "firm" else said.name,
        wanted=_either(said.wanted_zh, said.wanted_en),
        reached=_either(said.reached_zh, said.reached_en),
        now=text(outcome_text(one.now)) if one.now else _("没有结论"),
        verdict=one.verdict,
    )


def _step_row(one: StepNow, begins: date, known: Collection[str], day: date) -> StepRow:
    step = one.step
    return StepRow(
        step=step,
        name=_step_name(step),
        where="" if step.subject_key == FIRM_KEY else step.subject_name,
        placed=placed_name(step),
        when=quarters_named(begins, step.start, step.end),
        cost=cost_text(step.cost),
        is_late=following.is_late(step, day),
        next=following.NEXT.get(step.progress),
        in_catalogue=step.improvement_id in known,
        verdict=one.verdict,
        facts=len(one.facts),
        achieved=one.count(Verdict.ACHIEVED),
    )


def _fact_row(one: FactNow) -> FactRow:
    fact, lang = one.fact, language()
    if fact is None or one.value is None:
        return FactRow(one.promised.fact, "", one.promised.value, _now(one), one.verdict)
    before = _("没有填") if one.before is None else show_value(fact, one.before, lang)
    return FactRow(text(fact.label), before, show_value(fact, one.value, lang), _now(one), one.verdict)


def _now(one: FactNow) -> str:
    fact, now = one.fact, one.now
    if fact is None or not one.asked:
        return _("不再询问")
    if now is None:
        return _("未填")
    if now.state is State.STATED and now.value is not None:
        return show_value(fact, now.value, language())
    return _("不适用") if now.state is State.NOT_APPLICABLE else _("不清楚")


def _requirements(criteria: Criteria) -> Iterator[tuple[str, Text]]:
    """Yield each requirement of a criteria with its text."""
    if isinstance(criteria, MaturityCriteria):
        yield from ((one.id, one.text) for part in subdomains(criteria.capabilities) for one in part.requirements)
    elif isinstance(criteria, GatesCriteria):
        yield from ((one.id, one.text) for one in criteria.requirements)
    elif isinstance(criteria, PointsCriteria):
        asked = [*(one.requirement for one in criteria.questions), *(one.requirement for one in criteria.scenes)]
        yield from ((one.id, one.text) for one in asked)
