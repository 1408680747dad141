"""What a plan promises, in a form that stays readable when catalogue, criteria and firm have changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from typing import Any

from app.diagnosis.draft import every_subject
from questionnaires.answers import to_text
from questionnaires.model import FilledDiagnosis, State, Statement, Subject
from reports.wording import outcome_text
from scoring.exact import Bounds
from scoring.goals import Goal
from scoring.indicators import stated_value
from scoring.model import Assessment, Change, CriteriaSet, Gap, Outcome
from scoring.plan import ImprovementPlan, PlannedProject
from scoring.plan_reasons import helped, lacking
from scoring.projects import Effect, effects, projects_of, raises
from scoring.standing import stand
from scoring.what_if import after_projects

UP = "up"
WHAT, PROOF, UNIT = "what", "proof", "unit"  # the words of a step that are kept with it


@dataclass(frozen=True, slots=True)
class PromisedFact:
    """One fact of one subject that a step changes."""

    subject: str  # key
    name: str  # of the subject
    fact: str
    value: str  # what it is at least afterwards, as answers are kept
    before: str | None  # what was stated when the plan was made
    direction: str = ""  # of a number, the one that is an improvement: "up" or "down"


@dataclass(frozen=True, slots=True)
class PromisedOutcome:
    """What one subject surely reaches of one goal."""

    criteria: str
    title_zh: str
    title_en: str
    subject: str  # key
    name: str  # of the subject
    wanted: int  # the level of the goal
    wanted_zh: str
    wanted_en: str
    reached: int  # the level at the lower bound; where there is one outcome 1 for met, 0 for anything else
    reached_zh: str
    reached_en: str


class _Promises:
    """The facts before and after the whole plan, held against each other step by step."""

    def __init__(self, filled: FilledDiagnosis, criteria: CriteriaSet, plan: ImprovementPlan) -> None:
        self.criteria = criteria
        done = {one.project.id: one.units for one in plan.projects}
        after = after_projects(filled, criteria, projects_of(filled, criteria), done)
        self.after: Mapping[str, Subject] = {subject.key: subject for subject in every_subject(after.firm)}

    def of(self, planned: PlannedProject) -> Iterator[PromisedFact]:
        for effect in effects(planned.project, self.criteria):
            if promised := self._promised(effect):
                yield promised

    def _promised(self, effect: Effect) -> PromisedFact | None:
        fact, direction = self._figure(effect)
        before, after = effect.subject.facts.get(fact), self.after[effect.subject.key].facts.get(fact)
        value = effect.value if effect.value is not None else stated_value(after)
        if value is None or not self._changes(before, after, effect, fact):
            return None
        kept = to_text(before.value) if before and before.state is State.STATED and before.value is not None else None
        return PromisedFact(effect.subject.key, effect.subject.name, fact, to_text(value), kept, direction)

    def _figure(self, effect: Effect) -> tuple[str, str]:
        """Return the fact that an effect changes and, of a number, which way is better."""
        if effect.points:
            change = self.criteria.indicators[effect.fact].how
            assert isinstance(change, Change)
            return change.after, change.direction
        return effect.fact, UP if effect.value is None else ""

    def _changes(self, before: Statement | None, after: Statement | None, effect: Effect, fact: str) -> bool:
        """Tell whether the fact is not so yet and will be so: above a place only once all places below have it."""
        if effect.value is None:
            return stated_value(before) != stated_value(after)
        known = self.criteria.facts[fact]
        return raises(before, effect.value, known) and not raises(after, effect.value, known)


def promised_facts(
    filled: FilledDiagnosis, criteria: CriteriaSet, plan: ImprovementPlan
) -> dict[str, list[dict[str, Any]]]:
    """Return project -> the facts that it promises to change, as they are stored.

    A number that several projects raise is promised by each as it is after all of them.
    """
    promises = _Promises(filled, criteria, plan)
    return {one.project.id: [asdict(promised) for promised in promises.of(one)] for one in plan.projects}


def requirements_helped(
    filled: FilledDiagnosis, criteria: CriteriaSet, plan: ImprovementPlan
) -> dict[str, list[dict[str, str]]]:
    """Return project -> the requirements still open for the goals that it helps, as they are stored."""
    lacks = lacking(plan.goals, filled, criteria, stand(filled, criteria))
    return {one.project.id: [_helped(gap) for gap in helped(one.project, lacks, criteria)] for one in plan.projects}


def _helped(gap: Gap) -> dict[str, str]:
    said = gap.requirement.text
    about = {"criteria": gap.criteria_id, "id": gap.requirement.id, "subject": gap.subject_key}
    return {**about, "zh": said.zh, "en": said.en}


def kept_words(planned: PlannedProject, criteria: CriteriaSet) -> dict[str, dict[str, str]]:
    """Return what is done, what proves it done and the unit of what it adds, as they are stored: by language."""
    improvement = planned.project.improvement
    adds = criteria.facts.get(improvement.adds.count) if improvement.adds else None
    said = {WHAT: improvement.what, PROOF: improvement.proof, UNIT: adds.unit if adds else None}
    return {name: {"zh": words.zh, "en": words.en} for name, words in said.items() if words is not None}


def promised_outcomes(plan: ImprovementPlan) -> list[dict[str, Any]]:
    """Return what is surely reached after the plan, by goal and subject, as it is stored."""
    return [asdict(_outcome(goal, one)) for goal in plan.goals for one in of_goal(goal, plan.after)]


def of_goal(goal: Goal, assessments: Iterable[Assessment]) -> Iterator[Assessment]:
    """Yield the assessments that a goal is about."""
    for one in assessments:
        if one.criteria_id == goal.criteria_id and goal.subject_key in (None, one.subject_key):
            yield one


def _outcome(goal: Goal, one: Assessment) -> PromisedOutcome:
    title, wanted, certain = one.criteria_title, outcome_text(at_level(one, goal.level)), certain_level(one)
    reached = outcome_text(at_level(one, certain) if one.level else one)
    words = {"wanted_zh": wanted.zh, "wanted_en": wanted.en, "reached_zh": reached.zh, "reached_en": reached.en}
    about = {"criteria": one.criteria_id, "title_zh": title.zh, "title_en": title.en}
    return PromisedOutcome(
        **about, subject=one.subject_key, name=one.subject_name, wanted=goal.level, reached=certain, **words
    )


def certain_level(one: Assessment) -> int:
    """Return the level at the lower bound; where there is one outcome 1 for met, 0 for anything else."""
    return int(one.level.low) if one.level else int(one.outcome is Outcome.MET)


def at_level(one: Assessment, level: int) -> Assessment:
    """Return the assessment as it would be if a level were settled."""
    if one.level is None:
        return replace(one, outcome=Outcome.MET)
    return replace(one, outcome=Outcome.LEVEL, level=Bounds(Fraction(level), Fraction(level)))
