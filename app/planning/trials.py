"""A trial, ready to show: which conclusions and rules come out otherwise, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from app.diagnosis.punctuation import bracketed, in_turn, listed, with_colon
from app.diagnosis.trying import UNITS, Tried
from app.diagnosis.verdicts import Verdict, verdict
from app.planning.asked import BUDGET
from app.planning.showing import named, state_words
from app.planning.ticks import Chosen
from app.presentation import text
from questionnaires.model import FilledDiagnosis, Subject, SubjectKind
from reports import wording
from scoring.model import Assessment, Costs, CriteriaSet, MaturityCriteria, RequirementResult
from scoring.trial import Trial

MOST_SAID = 3  # conclusions that are read aloud


@dataclass(frozen=True, slots=True)
class Shift:
    """One conclusion before and after a trial."""

    mark: str  # where the result page shows it
    scheme: str
    before: Verdict
    after: Verdict
    scores: tuple[str, str]  # total, where there is one
    changed: bool


@dataclass(frozen=True, slots=True)
class Score:
    """The score of one level that a trial moves."""

    mark: str
    level: str
    before: str
    after: str
    state: str


@dataclass(frozen=True, slots=True)
class Change:
    """One rule that comes out otherwise in a trial."""

    rule: str
    before: str
    after: str
    scores: str


@dataclass(frozen=True, slots=True)
class Met:
    """One requirement of a gate that stands otherwise after a trial, or whose distance has changed."""

    mark: str
    state: str
    distance: str


def shifts(trial: Trial) -> tuple[Shift, ...]:
    """Return every conclusion before and after."""
    return tuple(_shift(before, after) for before, after in _pairs(trial))


def _pairs(trial: Trial) -> Iterator[tuple[Assessment, Assessment]]:
    was = {(one.criteria_id, one.subject_key): one for one in trial.before}
    for one in trial.after:
        if earlier := was.get((one.criteria_id, one.subject_key)):
            yield earlier, one


def _shift(earlier: Assessment, later: Assessment) -> Shift:
    before, after = verdict(earlier), verdict(later)
    scores = _total(earlier), _total(later)
    differs = (before.state, before.words) != (after.state, after.words) or scores[0] != scores[1]
    mark = f"{later.criteria_id}.{later.subject_key}"
    return Shift(mark, bracketed(after.scheme, after.subject), before, after, scores, differs)


def _total(assessment: Assessment) -> str:
    if assessment.total is None:
        return ""
    return wording.bounds_text(assessment.total, 2 if wording.is_maturity(assessment) else 1)


def scores(trial: Trial, criteria: CriteriaSet) -> tuple[Score, ...]:
    """Return the levels of maturity whose score moves, with what they are against the mark."""
    return tuple(one for before, after in _pairs(trial) for one in _moved(before, after, criteria))


def _moved(before: Assessment, after: Assessment, criteria: CriteriaSet) -> Iterator[Score]:
    table = criteria.criteria[after.criteria_id]
    if not isinstance(table, MaturityCriteria):
        return
    for level, score in after.level_scores.items():
        earlier = before.level_scores.get(level)
        if earlier is not None and earlier != score:
            state = {True: "met", False: "not_met", None: "not_known"}[score.reaches(table.pass_mark)]
            name = text(wording.level_name(level, after.level_names))
            said = wording.bounds_text(earlier), wording.bounds_text(score)
            yield Score(f"{after.criteria_id}.level{level}", name, *said, state)


def changes(trial: Trial) -> tuple[Change, ...]:
    """Return the rules that come out otherwise."""
    return tuple(
        Change(
            rule=with_colon(bracketed(text(one.criteria), one.subject_name), text(one.rule)),
            before=state_words(one.before),
            after=state_words(one.after),
            scores=" → ".join(wording.bounds_text(score) for score in one.scores) if one.scores else "",
        )
        for one in trial.changes
    )


def requirements(trial: Trial) -> tuple[Met, ...]:
    """Return the requirements that the result page marks."""
    return tuple(one for before, after in _pairs(trial) for one in _met(before, after))


def _met(before: Assessment, after: Assessment) -> Iterator[Met]:
    was: dict[str, RequirementResult] = {one.requirement.id: one for one in before.requirements}
    for one in after.requirements:
        earlier = was.get(one.requirement.id)
        if earlier is not None and (earlier.state, earlier.distance) != (one.state, one.distance):
            mark = f"{after.criteria_id}.{after.subject_key}.{one.requirement.id}"
            yield Met(mark, one.state.value, text(one.distance))


def lacking(trial: Trial) -> list[str]:
    """Return what a trial leaves out that its projects need first."""
    return [
        _("%(name)s 需要先做 %(first)s", name=named(then), first=listed(dict.fromkeys(named(one) for one in first[:3])))
        for then, first in trial.lacking
    ]


def without_effect(trial: Trial, chosen: Chosen, filled: FilledDiagnosis, criteria: CriteriaSet) -> list[str]:
    """Return the ticked improvements that change nothing any more, so that they are not counted."""
    possible = {one.id for one in trial.possible}
    improvements = {one.id: one for one in criteria.improvements}
    names = {one.key: "" if one.kind is SubjectKind.FIRM else one.name for one in _every(filled.firm)}
    said = []
    for project in chosen.units:
        name, _at, key = project.partition("@")
        if project not in possible and name in improvements and key in names:
            done = bracketed(text(improvements[name].text), names[key])
            said.append(_("%(name)s：按这些回答已经做到，不再计入。", name=done))
    return said


def _every(subject: Subject) -> Iterator[Subject]:
    yield subject
    for part in subject.parts:
        yield from _every(part)


def over(cost: Costs, budget: int | None) -> str:
    """Say how far the cost is above or below a budget."""
    if budget is None:
        return ""
    left = budget - cost.likely
    if left < 0:
        return _("比预算多 %(count)s 万元", count=f"{-left:,}")
    return _("预算还剩 %(count)s 万元", count=f"{left:,}")


def summary(tried: Tried, trial: Trial, shown: Sequence[Shift]) -> str:
    """Say a trial in a few words, as it is read aloud: how much is tried, what it comes to, what it costs."""
    changed = [one for one in shown if one.changed]
    parts = [_("试算：改了 %(count)s 个回答", count=len(tried.said))]
    if trial.projects:
        cost = f"{trial.cost.likely:,}"
        parts.append(_("做 %(count)s 项改进，约 %(cost)s 万元", count=len(trial.projects), cost=cost))
    parts += [_spoken(one) for one in changed[:MOST_SAID]]
    if len(changed) > MOST_SAID:
        parts.append(_("还有 %(count)s 个结论也变了", count=len(changed) - MOST_SAID))
    if not changed:
        parts.append(_("结论不变"))
    return in_turn(parts)


def _spoken(one: Shift) -> str:
    before, after = (shown.words or state_words(shown.state) for shown in (one.before, one.after))
    if before == after:
        before, after = one.scores
    return with_colon(one.scheme, f"{before} → {after}")


def faults(tried: Tried, chosen: Chosen, budget: str) -> dict[str, str]:
    """Return field -> what is wrong with it."""
    found = {field.name: field.answer.error for field in tried.fields if field.answer.error}
    found |= {UNITS + project: sentence for project, sentence in chosen.faults.items()}
    return found | ({BUDGET: budget} if budget else {})
