"""The result page: headline and ruler first, then the maturity level, the schemes, the gaps and what lifts them."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from app.diagnosis import quick_check
from app.diagnosis.check import Choice, choices_of
from app.diagnosis.draft import FIRM_KEY, Draft
from app.diagnosis.gap_lines import TOP_GAPS, GapLine, Improving, gap_line, improving
from app.diagnosis.levels import Maturity, maturity_view, ruler_of
from app.diagnosis.records import Assessed
from app.diagnosis.schemes import Scheme, schemes_of
from app.diagnosis.trying import behind_gap
from app.diagnosis.verdicts import Scale, maturity_of, scale, subdomain_names
from app.presentation import text
from questionnaires.model import SubjectKind
from reports import wording
from scoring.gaps import find_gaps


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """Everything the result page shows."""

    headline: str
    lead: str
    ruler: Markup
    scale: Scale | None
    maturity: Maturity | None
    schemes: tuple[Scheme, ...]
    gaps: tuple[GapLine, ...]
    more_gaps: int
    improvements: tuple[Improving, ...]
    improvements_basis: str
    tailored: tuple[tuple[str, str], ...]
    aid_only: str
    choices: tuple[Choice, ...]
    left_open: tuple[str, ...]  # of a quick check: what it says nothing of


def view(draft: Draft, assessed: Assessed, verified: bool, about: str = FIRM_KEY) -> OutcomeView:
    """Return the outcome of one layer ready to show; of very many subjects only `about` in full.

    Of a quick check: what it asked about, and what it left open.
    """
    is_quick_check = draft.diagnosis.is_quick_check
    if is_quick_check:
        assessed = quick_check.what_was_asked(assessed)
    done, criteria = assessed.assessments, assessed.criteria
    maturity = maturity_of(done)
    gaps = find_gaps(done, criteria, assessed.filled)
    if is_quick_check:
        gaps = quick_check.answered(gaps, assessed.filled.firm.facts)
    workshops = [a for a in done if a.subject_kind is SubjectKind.WORKSHOP]
    names = subdomain_names(criteria)
    return OutcomeView(
        headline=text(wording.headline(maturity, gaps, workshops)),
        lead=text(wording.lead(maturity, draft.diagnosis.as_of, verified)) if maturity else "",
        ruler=ruler_of(maturity) if maturity else Markup(),
        scale=scale(maturity, criteria) if maturity else None,
        maturity=maturity_view(draft, maturity, criteria) if maturity else None,
        schemes=tuple(schemes_of(draft, assessed, about)),
        gaps=tuple(gap_line(gap, assessed.filled.firm.facts, behind_gap(gap, done, draft)) for gap in gaps[:TOP_GAPS]),
        more_gaps=max(0, len(gaps) - TOP_GAPS),
        improvements=tuple(improving(gaps, criteria, assessed.filled.firm)),
        improvements_basis=text(criteria.improvements_basis),
        tailored=tuple((text(names.get(key)) or key, why) for key, why in draft.tailored.items()),
        aid_only=text(wording.AID_ONLY),
        choices=choices_of(draft, about),
        left_open=quick_check.left_open(draft, maturity) if is_quick_check and maturity else (),
    )
