"""What a saved plan promised against what a diagnosis says by now. What is not known is never taken for a no."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from app.diagnosis.asked import published
from app.diagnosis.draft import every_subject
from app.planning.basis import Basis
from app.planning.models import PlanStep, SavedPlan
from app.planning.promise import UP, PromisedFact, PromisedOutcome
from questionnaires.answers import from_text
from questionnaires.facts import steps
from questionnaires.model import Degree, Fact, Facts, State, Statement, Value
from questionnaires.values import AnswerFault
from scoring.indicators import stated_value
from scoring.model import Assessment, Outcome
from scoring.projects import RANK, raises
from scoring.standing import stand


class Verdict(StrEnum):
    """How a promise was kept."""

    ACHIEVED = "achieved"
    PARTLY = "partly"
    NOT_ACHIEVED = "not_achieved"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class FactNow:
    """One fact that a step promised to change, and what is stated by now."""

    promised: PromisedFact
    fact: Fact | None  # None: nobody knows any more what it was
    asked: bool  # still, by the diagnosis that the plan is held against
    value: Value | None  # promised
    before: Value | None  # stated when the plan was made
    now: Statement | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class StepNow:
    """One step: promised against achieved."""

    step: PlanStep
    facts: tuple[FactNow, ...]
    verdict: Verdict

    def count(self, verdict: str) -> int:
        """Return how many of its facts have a verdict."""
        return sum(one.verdict == verdict for one in self.facts)


@dataclass(frozen=True, slots=True)
class OutcomeNow:
    """What was promised of a goal for one subject, and what is concluded by now; None where nothing is."""

    promised: PromisedOutcome
    now: Assessment | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Comparison:
    """A plan held against a diagnosis."""

    later: Basis
    outcomes: tuple[OutcomeNow, ...]
    steps: tuple[StepNow, ...]

    def count(self, verdict: str) -> int:
        """Return how many steps have a verdict."""
        return sum(one.verdict == verdict for one in self.steps)


def compare(plan: SavedPlan, later: Basis) -> Comparison:
    """Return for each goal and each step what the plan promised and what `later`, of the same firm, says."""
    said = {subject.key: subject.facts for subject in every_subject(later.filled.firm)}
    asked, own = later.draft.questionnaire.facts, _asked_then(plan)
    found = {(one.criteria_id, one.subject_key): one for one in stand(later.filled, later.criteria)}
    promised = [PromisedOutcome(**one) for one in plan.promised]
    outcomes = (_outcome_now(one, found.get((one.criteria, one.subject))) for one in promised)
    return Comparison(later, tuple(outcomes), tuple(_step_now(step, said, asked, own) for step in plan.steps))


def _outcome_now(promised: PromisedOutcome, now: Assessment | None) -> OutcomeNow:
    return OutcomeNow(promised, now, _outcome_verdict(promised, now))


def _outcome_verdict(promised: PromisedOutcome, now: Assessment | None) -> Verdict:
    if now is None or now.outcome in (Outcome.NOT_KNOWN, Outcome.NOT_APPLICABLE):
        return Verdict.NOT_KNOWN
    if now.level is None:
        return Verdict.ACHIEVED if now.outcome is Outcome.MET or not promised.reached else Verdict.NOT_ACHIEVED
    if now.level.low >= promised.reached:
        return Verdict.ACHIEVED
    return Verdict.NOT_ACHIEVED if now.level.high < promised.reached else Verdict.NOT_KNOWN


def _asked_then(plan: SavedPlan) -> Mapping[str, Fact]:
    """Return what the plan's own diagnosis was asked; it tells what a fact was that is asked no longer."""
    return published(plan.diagnosis.questionnaire_id, plan.diagnosis.questionnaire_version).facts


def _step_now(step: PlanStep, said: Mapping[str, Facts], asked: Mapping[str, Fact], own: Mapping[str, Fact]) -> StepNow:
    facts = tuple(_fact_now(PromisedFact(**one), said, asked, own) for one in step.effects)
    return StepNow(step, facts, together([one.verdict for one in facts]))


def _fact_now(
    promised: PromisedFact, said: Mapping[str, Facts], asked: Mapping[str, Fact], own: Mapping[str, Fact]
) -> FactNow:
    still = promised.fact in asked
    fact = asked.get(promised.fact) or own.get(promised.fact)
    now = said.get(promised.subject, {}).get(promised.fact) if still else None
    value, before = _restored(fact, promised.value), _restored(fact, promised.before)
    if fact is None or value is None or now is None or now.state is not State.STATED or now.value is None:
        return FactNow(promised, fact, still, value, before, now, Verdict.NOT_KNOWN)
    return FactNow(promised, fact, still, value, before, now, _verdict(promised, fact, value, before, now))


def _restored(fact: Fact | None, kept: str | None) -> Value | None:
    if fact is None or kept is None:
        return None
    try:
        return from_text(fact, kept)
    except AnswerFault:  # the fact is of another kind by now
        return None


def _verdict(promised: PromisedFact, fact: Fact, value: Value, before: Value | None, now: Statement) -> Verdict:
    if promised.direction:
        return _of_number(promised, value, before, now)
    if not raises(now, value, fact):
        return Verdict.ACHIEVED
    return Verdict.PARTLY if _is_on_the_way(fact, value, before, now.value) else Verdict.NOT_ACHIEVED


def _of_number(promised: PromisedFact, value: Value, before: Value | None, now: Statement) -> Verdict:
    figure = stated_value(now)
    if not isinstance(value, Fraction) or not isinstance(figure, Fraction):
        return Verdict.NOT_KNOWN
    sign = 1 if promised.direction == UP else -1
    if sign * figure >= sign * value:
        return Verdict.ACHIEVED
    start = before if isinstance(before, Fraction) else Fraction(0) if promised.direction == UP else None
    return Verdict.PARTLY if start is not None and sign * figure > sign * start else Verdict.NOT_ACHIEVED


def _is_on_the_way(fact: Fact, value: Value, before: Value | None, now: Value | None) -> bool:
    """Tell whether a statement that falls short of `value` is more than there was; a blank counts as the least."""
    if isinstance(value, tuple):
        known = before if isinstance(before, tuple) else ()
        gained = set(now if isinstance(now, tuple) else ()) - set(known)
        return bool(gained & set(value))
    order = dict(RANK) if value in RANK else {code: rank for rank, code in enumerate(steps(fact))}
    least = Degree.NONE.value if value in RANK else next(iter(order), "")
    return order.get(str(now), -1) > order.get(str(before if before is not None else least), -1)


def together(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the verdict on several facts at once, left open as long as those not known could decide it."""
    counts = Counter(verdicts)
    if not verdicts or counts[Verdict.NOT_KNOWN] == len(verdicts):
        return Verdict.NOT_KNOWN
    short = counts[Verdict.PARTLY] + counts[Verdict.NOT_ACHIEVED]
    some = counts[Verdict.ACHIEVED] + counts[Verdict.PARTLY]
    if short and some:
        return Verdict.PARTLY
    if counts[Verdict.NOT_KNOWN]:
        return Verdict.NOT_KNOWN
    return Verdict.ACHIEVED if some else Verdict.NOT_ACHIEVED
