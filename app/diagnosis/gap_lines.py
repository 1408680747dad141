"""The heaviest gaps on the result page, and which improvements lift the most of their weight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.diagnosis.draft import FIRM_KEY
from app.diagnosis.punctuation import bracketed, with_colon
from app.presentation import text
from questionnaires.model import Facts, Subject
from reports import wording
from scoring.gaps import improvements_for, lifted_by
from scoring.model import CriteriaSet, Gap, Improvement
from scoring.projects import places

TOP_GAPS, TOP_STEPS = 10, 6
MOST_PLACES = 6  # where one improvement is offered to be tried


@dataclass(frozen=True, slots=True)
class GapLine:
    """One gap, heaviest first."""

    text: str
    group: str
    now: str  # with what is missing
    tries: tuple[str, ...]  # the fields of what stands behind it


@dataclass(frozen=True, slots=True)
class Improving:
    """One improvement that lifts some of the gaps."""

    name: str
    what: str
    lifts: int
    cost: str
    months: str
    proof: str
    tries: tuple[str, ...]  # its projects, to be tried


def gap_line(gap: Gap, facts: Facts, tries: tuple[str, ...]) -> GapLine:
    """Return one gap as a row; what nobody has said is called blank."""
    blank = gap.now == "unknown" and gap.requirement.fact is not None and gap.requirement.fact not in facts
    now = text(wording.GAP_WORDS["blank" if blank else gap.now])
    subject = gap.subject_name if gap.subject_key != FIRM_KEY else ""
    said = with_colon(subject, text(gap.requirement.text))
    return GapLine(said, text(gap.group), bracketed(now, text(gap.distance)), tries)


def heaviest(gaps: Sequence[Gap], criteria: CriteriaSet) -> list[tuple[Improvement, int]]:
    """Return what lifts the most of the weight of the gaps, heaviest first, each with how many gaps it lifts."""
    lifting = improvements_for(gaps, criteria)
    weights: dict[str, Fraction] = {}
    counts: dict[str, int] = {}
    for gap in gaps:
        for improvement in lifting[lifted_by(gap)]:
            weights[improvement.id] = weights.get(improvement.id, Fraction(0)) + gap.weight
            counts[improvement.id] = counts.get(improvement.id, 0) + 1
    by_id = {improvement.id: improvement for improvement in criteria.improvements}
    return [(by_id[name], counts[name]) for name in sorted(weights, key=lambda key: (-weights[key], key))[:TOP_STEPS]]


def improving(gaps: Sequence[Gap], criteria: CriteriaSet, firm: Subject) -> Iterator[Improving]:
    """Yield what lifts the most of the weight of the gaps, heaviest first."""
    for one, count in heaviest(gaps, criteria):
        where = places(firm, one.scope)
        yield Improving(
            text(one.text),
            text(one.what),
            count,
            wording.cost_text(one.cost),
            text(wording.months_text(one.months)),
            text(one.proof),
            tuple(f"{one.id}@{path[-1].key}" for path in where) if len(where) <= MOST_PLACES else (),
        )
