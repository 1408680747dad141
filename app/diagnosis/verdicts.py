"""Conclusions in a few words, as the overview, the result and the review show them beside other things."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _

from app.diagnosis.punctuation import listed
from app.presentation import text
from questionnaires.model import SubjectKind, Text
from reports import wording
from scoring.exact import Bounds
from scoring.model import Assessment, CriteriaSet, MaturityCriteria, Outcome
from scoring.tailoring import subdomains

WIDTH, LEFT = 288, 4  # of the small ruler, in drawing units
HIGHEST = 5
MOST_VERDICTS = 6  # of one scheme, shown one by one
STATE_CODES = {Outcome.MET: "met", Outcome.NOT_MET: "not_met", Outcome.NOT_APPLICABLE: "not_applicable"}


@dataclass(frozen=True, slots=True)
class Scale:
    """The small ruler: total score from 0 to 5, certain and open part, and where the next level begins."""

    low: str
    high: str
    start: int  # of the open part
    end: int
    low_at: int  # where the numbers stand
    high_at: int
    settled: bool
    next_at: int | None
    next_words: str
    spoken: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """One conclusion: about what, its state, and in words what is missing."""

    scheme: str
    subject: str
    state: str  # met, not_met, not_known, not_applicable, level or counted
    words: str


def maturity_of(assessments: Iterable[Assessment]) -> Assessment | None:
    """Return the maturity assessment that applies, the first while the type of production is open."""
    return next((a for a in assessments if wording.is_maturity(a) and a.outcome is not Outcome.NOT_APPLICABLE), None)


def level_words(maturity: Assessment) -> str:
    """Say the level where it is certain; else between which levels it lies."""
    if maturity.level is None or not maturity.coverage.answered:
        return _("还没有回答能力要求，等级还不能判断。")
    if maturity.level.settled:
        name = text(wording.level_name(int(maturity.level.low), maturity.level_names))
        return _("现在是%(level)s，没有回答的题不会改变它。", level=name)
    low, high = (text(wording.level_word(int(end))) for end in (maturity.level.low, maturity.level.high))
    return _("等级还不能确定：%(low)s到%(high)s。", low=low, high=high)


def scale(maturity: Assessment, criteria: CriteriaSet) -> Scale:
    """Return the small ruler of a maturity assessment; where the next level begins stands in its criteria."""
    total = maturity.total or Bounds(Fraction(0), Fraction(HIGHEST))
    judged_by = criteria.criteria[maturity.criteria_id]
    bands = judged_by.bands if isinstance(judged_by, MaturityCriteria) else ()
    reached = int(maturity.level.low) if maturity.level else 0
    start, end = _at(total.low), _at(total.high)
    return Scale(
        low=wording.rounded_down(total.low, 2),
        high=wording.rounded_up(total.high, 2),
        start=start,
        end=end,
        low_at=min(max(start, 16), WIDTH - 64),
        high_at=min(max(end, start + 44, 60), WIDTH - 16),
        settled=total.settled,
        next_at=_at(bands[reached]) if reached < len(bands) else None,
        next_words=text(wording.level_word(min(reached + 1, HIGHEST))),
        spoken=_("成熟度总分 %(shown)s，满分 5", shown=wording.bounds_text(total)),
    )


def _at(points: Fraction) -> int:
    return LEFT + int(points * (WIDTH - 2 * LEFT) / HIGHEST)


def subdomain_names(criteria: CriteriaSet) -> dict[str, Text]:
    """Return the name of every capability subdomain."""
    models = (one for one in criteria.criteria.values() if isinstance(one, MaturityCriteria))
    return {subdomain.id: subdomain.text for model in models for subdomain in subdomains(model.capabilities)}


def counted(those: Sequence[Verdict]) -> Verdict:
    """Return the conclusions of one scheme as one, which says how many there are in each state."""
    words = {
        "met": _("达到 %(count)s"),
        "not_met": _("未达到 %(count)s"),
        "not_known": _("待定 %(count)s"),
        "not_applicable": _("不适用 %(count)s"),
        "level": _("已定级 %(count)s"),
    }
    counts = Counter(one.state for one in those)
    said = listed(words[state] % {"count": counts[state]} for state in words if counts[state])
    return Verdict(those[0].scheme, _("共 %(count)s 个", count=len(those)), "counted", said)


def verdict(assessment: Assessment) -> Verdict:
    """Return one conclusion in a few words."""
    subject = "" if assessment.subject_kind is SubjectKind.FIRM else assessment.subject_name
    return Verdict(text(assessment.criteria_title), subject, state_code(assessment), _words(assessment))


def state_code(assessment: Assessment) -> str:
    """Return the state by which a conclusion is drawn: a level that is certain is a fact of its own."""
    if assessment.outcome is Outcome.LEVEL:
        return "level" if assessment.level is not None and assessment.level.settled else "not_known"
    return STATE_CODES.get(assessment.outcome, "not_known")


def _words(assessment: Assessment) -> str:
    if assessment.outcome is Outcome.NOT_MET:
        return _missing(assessment)
    if assessment.outcome in (Outcome.MET, Outcome.NOT_APPLICABLE):
        return ""
    if assessment.level is None or assessment.outcome is Outcome.NOT_KNOWN:
        return _("待定")
    return text(wording.outcome_text(assessment)).removeprefix("◐ ")


def _missing(assessment: Assessment) -> str:
    """Say the one distance that is left, else how many conditions are."""
    missing = wording.unmet(assessment)
    if len(missing) == 1 and missing[0].distance is not None:
        return text(missing[0].distance)
    return _("差 %(count)s 项条件", count=len(missing))
