"""Saved plans and costs as their pages show them: words in the reader's language, prepared once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from markupsafe import Markup

from app.diagnosis.draft import FIRM_KEY
from app.diagnosis.punctuation import bracketed
from app.planning.asked import quarter_name, short_quarter
from app.planning.comparison import Comparison, FactNow, OutcomeNow, StepNow, Verdict
from app.planning.costs import overrides_of
from app.planning.models import CostPart, PlanStep, Progress, SavedPlan
from app.presentation import language, text
from questionnaires.model import FilledDiagnosis, State, SubjectKind, Text
from questionnaires.values import show_value
from reports.gantt import Bar, gantt
from reports.wording import cost_text, outcome_text
from scoring.model import (
    Costs,
    Criteria,
    CriteriaSet,
    GatesCriteria,
    Improvement,
    MaturityCriteria,
    PointsCriteria,
)
from scoring.projects import scaled, size_class
from scoring.tailoring import subdomains

FULL_SIZE = 100  # percent of a medium-sized firm


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
    when: str
    cost: str
    in_catalogue: bool
    facts: tuple[FactRow, ...]
    helps: tuple[str, ...]
    verdict: Verdict
    achieved: int  # of the facts


@dataclass(frozen=True, slots=True)
class PlanSheet:
    """One saved plan."""

    title: str
    cost: str
    likely: int
    drawing: Markup
    outcomes: tuple[OutcomeRow, ...]
    steps: tuple[StepRow, ...]


def plan_title(plan: SavedPlan) -> str:
    """Return what a plan is called."""
    return _("改进计划 %(number)s", number=plan.number)


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


def plan_sheet(plan: SavedPlan, comparison: Comparison) -> PlanSheet:
    """Return one plan ready to show, held against a diagnosis."""
    criteria = comparison.later.criteria
    texts = {name: dict(_requirements(one)) for name, one in criteria.criteria.items()}
    known = {one.id for one in criteria.improvements}
    return PlanSheet(
        title=plan_title(plan),
        cost=cost_text(plan.cost),
        likely=plan.cost.likely,
        drawing=_drawing(plan),
        outcomes=tuple(map(_outcome_row, comparison.outcomes)),
        steps=tuple(_step_row(one, plan.begins, known, texts) for one in comparison.steps),
    )


def _either(zh: str, en: str) -> str:
    return en if language() == "en" else zh


def _step_name(step: PlanStep) -> str:
    return _either(step.name_zh, step.name_en)


def _placed_name(step: PlanStep) -> str:
    return bracketed(_step_name(step), "" if step.subject_key == FIRM_KEY else step.subject_name)


def _drawing(plan: SavedPlan) -> Markup:
    bars = [Bar(_placed_name(one), one.start, one.end, one.progress is Progress.DONE) for one in plan.steps]
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


def _step_row(one: StepNow, begins: date, known: Iterable[str], texts: Mapping[str, Mapping[str, Text]]) -> StepRow:
    step = one.step
    first, last = quarter_name(begins, step.start), quarter_name(begins, step.end)
    helps = (texts.get(said["criteria"], {}).get(said["id"]) for said in step.helps)
    named = (text(words) if words else said["id"] for words, said in zip(helps, step.helps, strict=True))
    return StepRow(
        step=step,
        name=_step_name(step),
        where="" if step.subject_key == "firm" else step.subject_name,
        when=first if first == last else f"{first} – {last}",
        cost=cost_text(step.cost),
        in_catalogue=step.improvement_id in known,
        facts=tuple(map(_fact_row, one.facts)),
        helps=tuple(dict.fromkeys(named)),
        verdict=one.verdict,
        achieved=one.count(Verdict.ACHIEVED),
    )


def _fact_row(one: FactNow) -> FactRow:
    fact, lang = one.fact, language()
    if fact is None or one.value is None:
        return FactRow(one.promised.fact, "", one.promised.value, _("不再询问"), one.verdict)
    now = one.now
    if now is None:
        shown = _("未填")
    elif now.state is State.STATED and now.value is not None:
        shown = show_value(fact, now.value, lang)
    else:
        shown = _("不适用") if now.state is State.NOT_APPLICABLE else _("不清楚")
    before = _("没有填") if one.before is None else show_value(fact, one.before, lang)
    return FactRow(text(fact.label), before, show_value(fact, one.value, lang), shown, one.verdict)


def _requirements(criteria: Criteria) -> Iterator[tuple[str, Text]]:
    """Yield each requirement of a criteria with its text."""
    if isinstance(criteria, MaturityCriteria):
        yield from ((one.id, one.text) for part in subdomains(criteria.capabilities) for one in part.requirements)
    elif isinstance(criteria, GatesCriteria):
        yield from ((one.id, one.text) for one in criteria.requirements)
    elif isinstance(criteria, PointsCriteria):
        asked = [*(one.requirement for one in criteria.questions), *(one.requirement for one in criteria.scenes)]
        yield from ((one.id, one.text) for one in asked)


# --- costs ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CostLine:
    """What one improvement costs, for one place or one unit: by the catalogue for this firm, and by its own figures."""

    part: CostPart
    usual: Costs
    own: Costs | None

    @property
    def usual_text(self) -> str:
        """The three figures of the catalogue."""
        return three(self.usual)

    @property
    def own_text(self) -> str:
        """The three figures of the firm; empty where it has none."""
        return three(self.own) if self.own else ""


@dataclass(frozen=True, slots=True)
class CostRow:
    """One improvement with its costs."""

    improvement: Improvement
    name: str
    what: str
    where: str
    lines: tuple[CostLine, ...]


def three(costs: Costs) -> str:
    """Return the lowest, likely and highest of a cost."""
    return " / ".join(f"{one:,}" for one in costs)


def cost_rows(firm_id: UUID, criteria: CriteriaSet, filled: FilledDiagnosis | None) -> list[CostRow]:
    """Return every improvement with its costs; `filled` tells the size of the firm by which the catalogue scales."""
    own = {(one.improvement_id, one.part): one.cost for one in overrides_of(firm_id)}
    size = size_class(filled, criteria) if filled else ""
    return [_cost_row(one, criteria, size, own) for one in criteria.improvements]


def _cost_row(one: Improvement, criteria: CriteriaSet, size: str, own: Mapping[tuple[str, CostPart], Costs]) -> CostRow:
    percent = criteria.cost_scales.get(one.scale, {}).get(size, FULL_SIZE)
    place = Costs(*(scaled(part, percent) for part in one.cost))
    lines = [CostLine(CostPart.PLACE, place, own.get((one.id, CostPart.PLACE)))]
    if one.adds is not None:
        lines.append(CostLine(CostPart.UNIT, one.each, own.get((one.id, CostPart.UNIT))))
    places = {
        SubjectKind.FIRM: _("全企业一次"),
        SubjectKind.FACTORY: _("每个工厂"),
        SubjectKind.WORKSHOP: _("每个车间"),
    }
    return CostRow(one, text(one.text), text(one.what), places[one.scope], tuple(lines))
