"""The heaviest gaps on the result page, and which improvements lift the most of their weight."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from app.diagnosis.draft import FIRM_KEY
from app.diagnosis.punctuation import bracketed, with_colon
from app.presentation import text
from questionnaires.model import Facts
from reports import wording
from scoring.gaps import improvements_for, lifted_by
from scoring.model import CriteriaSet, Gap

TOP_GAPS, TOP_STEPS = 10, 6


@dataclass(frozen=True, slots=True)
class GapLine:
    """One gap, heaviest first."""

    text: str
    group: str
    now: str  # with what is missing


@dataclass(frozen=True, slots=True)
class Improving:
    """One improvement that lifts some of the gaps."""

    name: str
    what: str
    lifts: int
    cost: str
    months: str
    proof: str


def gap_line(gap: Gap, facts: Facts) -> GapLine:
    """Return one gap as a row; what nobody has said is called blank."""
    blank = gap.now == "unknown" and gap.requirement.fact is not None and gap.requirement.fact not in facts
    now = text(wording.GAP_WORDS["blank" if blank else gap.now])
    subject = gap.subject_name if gap.subject_key != FIRM_KEY else ""
    said = with_colon(subject, text(gap.requirement.text))
    return GapLine(said, text(gap.group), bracketed(now, text(gap.distance)))


def improving(gaps: tuple[Gap, ...], criteria: CriteriaSet) -> Iterator[Improving]:
    """Yield what lifts the most of the weight of the gaps, heaviest first."""
    lifting = improvements_for(gaps, criteria)
    weights: dict[str, Fraction] = {}
    counts: dict[str, int] = {}
    for gap in gaps:
        for improvement in lifting[lifted_by(gap)]:
            weights[improvement.id] = weights.get(improvement.id, Fraction(0)) + gap.weight
            counts[improvement.id] = counts.get(improvement.id, 0) + 1
    by_id = {improvement.id: improvement for improvement in criteria.improvements}
    for name in sorted(weights, key=lambda key: (-weights[key], key))[:TOP_STEPS]:
        one = by_id[name]
        yield Improving(
            text(one.text),
            text(one.what),
            counts[name],
            wording.cost_text(one.cost),
            text(wording.months_text(one.months)),
            text(one.proof),
        )
