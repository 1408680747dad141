"""Why a verdict is settled, in words: by which rule, and that it is the same at both ends of everything left open."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from flask_babel import gettext as _

from app.diagnosis.draft import Draft
from app.diagnosis.punctuation import bracketed, listed, with_colon
from app.diagnosis.reasons import why_tree
from app.diagnosis.records import Assessed
from app.diagnosis.schemes import now_words
from app.presentation import text
from reports import wording
from scoring.exact import Bounds
from scoring.model import (
    Assessment,
    Criteria,
    GatesCriteria,
    MaturityCriteria,
    Outcome,
    PointsCriteria,
    RequirementResult,
    RequirementState,
    Rule,
)

MOST_NAMED = 4  # gates that are not met; the result page has all
MOST_DIGITS = 8


def outcome_words(judged: Assessment) -> str:
    """Return the conclusion without its mark: “二级（规范级）”, “未达到”, or between what it still lies."""
    if judged.outcome is Outcome.LEVEL:
        return text(wording.outcome_text(judged)).removeprefix("◐ ").removeprefix("待定：").removeprefix("open: ")
    return text(wording.STATE_WORDS[wording.OUTCOME_STATES[judged.outcome]])


def is_certain(judged: Assessment) -> bool:
    """Tell whether something is concluded: a level that is certain, met, not met, not applicable."""
    if judged.outcome is Outcome.LEVEL:
        return judged.level is not None and judged.level.settled
    return judged.outcome is not Outcome.NOT_KNOWN


def basis_words(rule: Rule) -> str:
    """Return the document that a conclusion rests on, with its clause."""
    clause = rule.clause or ""
    return " ".join(filter(None, (rule.title, _("第 %(clause)s 章", clause=clause) if clause.isdecimal() else clause)))


def reasons(draft: Draft, assessed: Assessed, judged: Assessment) -> Iterator[str]:
    """Yield why the conclusion stands, one sentence a reason."""
    criteria = assessed.criteria.criteria[judged.criteria_id]
    if judged.outcome is Outcome.NOT_APPLICABLE:
        yield _("这份标准不适用：%(why)s。", why=listed(_answers(draft, judged)))
    elif isinstance(criteria, MaturityCriteria):
        yield from _of_levels(judged, criteria)
    elif isinstance(criteria, PointsCriteria):
        yield from _of_points(judged)
    elif isinstance(criteria, GatesCriteria):
        yield from _of_grades(draft, judged) if criteria.level_names else _of_gates(draft, judged, criteria)


def _answers(draft: Draft, judged: Assessment) -> Iterator[str]:
    for below in why_tree(judged.derivation, draft).because:
        yield with_colon(below.text, below.state)


# --- levels and points ------------------------------------------------------------------------------------------------


def _of_levels(judged: Assessment, criteria: MaturityCriteria) -> Iterator[str]:
    mark = wording.number_text(criteria.pass_mark)
    for number, score in sorted(judged.level_scores.items()):
        met, word = score.reaches(criteria.pass_mark), text(wording.level_word(number))
        given = {"level": word[:1].upper() + word[1:], "score": _beside(score, criteria.pass_mark), "mark": mark}
        if met:
            yield _("%(level)s得分 %(score)s，不低于达标线 %(mark)s：已经达到。", **given)
        elif met is None:
            yield _("%(level)s得分 %(score)s，达标线 %(mark)s 在两端之间：还定不下来。", **given)
        else:
            yield _("%(level)s得分 %(score)s，低于达标线 %(mark)s：达不到，更高的等级不用再看。", **given)
            break
    yield from _both_ends(judged)


def _beside(score: Bounds, mark: Fraction) -> str:
    """Return a score with as many decimals, from two on, as show on which side of the mark its ends lie."""
    ways = [wording.bounds_text(score, digits) for digits in range(2, MOST_DIGITS)]
    return next((shown for shown in ways if _tells(shown, score, mark)), ways[-1])


def _tells(shown: str, score: Bounds, mark: Fraction) -> bool:
    ends = [Fraction(end) for end in shown.split("–")]
    return [end >= mark for end in (ends[0], ends[-1])] == [end >= mark for end in (score.low, score.high)]


def _of_points(judged: Assessment) -> Iterator[str]:
    if judged.total is not None:
        yield _("得分 %(score)s，等级由得分和达到各级的场景数一起决定。", score=wording.bounds_text(judged.total, 1))
    yield from _both_ends(judged)


def _both_ends(judged: Assessment) -> Iterator[str]:
    left = judged.coverage.unknown + judged.coverage.blank
    if judged.level is None or not left:
        return
    low, high = (text(wording.level_word(int(end))) for end in (judged.level.low, judged.level.high))
    if judged.level.settled:
        yield _(
            "没有答案的 %(count)s 题全部按最差的算，是%(low)s；全部按最好的算，也是%(high)s。",
            count=left,
            low=low,
            high=high,
        )
    else:
        yield _(
            "没有答案的 %(count)s 题全部按最差的算，是%(low)s；全部按最好的算，是%(high)s。",
            count=left,
            low=low,
            high=high,
        )


# --- conditions -------------------------------------------------------------------------------------------------------


def _of_gates(draft: Draft, judged: Assessment, criteria: Criteria) -> Iterator[str]:
    missing, still_open = wording.unmet(judged), wording.undecided(judged)
    for result in missing[:MOST_NAMED]:
        yield _(
            "条件“%(text)s”没有满足：%(now)s。", text=text(result.requirement.text), now=_now(draft, judged, result)
        )
    if missing:
        yield _("每一条都要满足，所以其他条件无论怎样都不会改变结论。")
    elif still_open:
        yield from (_open_gate(result) for result in still_open)
    else:
        met = sum(result.state is RequirementState.MET for result in judged.requirements)
        yield _("%(count)s 条条件都已满足，没有答案的题不在这些条件之内。", count=met)


def _of_grades(draft: Draft, judged: Assessment) -> Iterator[str]:
    reached = int(judged.level.low) if judged.level else 0
    if reached:
        yield _("%(grade)s的条件都已满足。", grade=text(judged.level_names[reached - 1]))
    above = [result for result in judged.requirements if result.requirement.level == reached + 1]
    for result in (one for one in above if one.state is RequirementState.NOT_MET):
        yield _(
            "%(grade)s要求“%(text)s”，没有满足：%(now)s。更高的级别包含这一级，所以到此为止。",
            grade=text(judged.level_names[reached]),
            text=text(result.requirement.text),
            now=_now(draft, judged, result),
        )
    yield from (_open_gate(result) for result in above if result.state is RequirementState.NOT_KNOWN)


def _now(draft: Draft, judged: Assessment, result: RequirementResult) -> str:
    return bracketed(now_words(draft, judged, result), text(result.distance))


def _open_gate(result: RequirementResult) -> str:
    words = text(result.requirement.text)
    if result.requirement.threshold is not None and result.requirement.threshold.value is None:
        return _("条件“%(text)s”待定：主管部门还没有公布门槛。", text=words)
    if result.open_facts:
        return _("条件“%(text)s”待定。", text=words)
    return _("条件“%(text)s”待定：数字前后不一致，或没有可比的基数，请核对。", text=words)
