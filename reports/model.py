"""What a report consists of, in printing order and ready to print: the text is final, nothing is left to compute.

Frozen and without behaviour; `view_model.py` builds it, the templates print it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reports.model_annex import AnswerSection, Derivation, SourceRow
from reports.model_brief import Brief
from reports.model_improvements import GapGroup, Step
from reports.model_judgements import Scheme
from reports.model_maturity import Maturity
from reports.model_peers import Peers
from reports.model_people import Letter, Opinion, Signatures
from reports.model_pieces import Pair
from reports.model_plan import Plan
from reports.model_profile import Profile
from reports.own_parts import OwnCover, OwnPart


@dataclass(frozen=True, slots=True)
class CoverCode:
    """What stands on the cover for whoever wants to check the report."""

    code: str
    address: str  # of the page about it; empty where the installation has none
    svg: str  # the same as a QR code, SVG with its text alternative inside; as empty
    sentence: str  # what it is for


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the contents: 1 for a chapter, 2 for a section in it."""

    depth: int
    title: str
    target: str


@dataclass(frozen=True, slots=True)
class DiagnosisReport:
    """Everything a report says, in printing order."""

    lang: str
    firm: str
    title: str
    edition_name: str
    day: str
    iso_day: str
    aid_only: str
    cover: tuple[Pair, ...]
    code: CoverCode | None  # of a report that is issued
    chapters: Mapping[str, str]  # place -> number and title
    contents: tuple[Line, ...]
    brief: Brief
    profile: Profile
    opinion: Opinion | None  # of a diagnostic edition in which the consultant has written something
    maturity: Maturity | None
    recognition: tuple[Scheme, ...]  # workshops, factories, gradient
    others: tuple[Scheme, ...]  # SME evaluation, conversion evidence
    gaps: tuple[GapGroup, ...]
    steps: tuple[Step, ...]
    plan: Plan | None  # None where there is no next level
    peers: Peers | None  # None where nobody has counted comparable firms
    method: tuple[Pair, ...]
    sources: tuple[SourceRow, ...]
    signatures: Signatures | None  # None in a preview
    letter: Letter | None  # in a self-assessment
    derivations: tuple[Derivation, ...]
    answers: tuple[AnswerSection, ...]
    parts: tuple[str | OwnPart, ...]  # what is printed behind the cover, in order: reports/parts.py
    own: OwnCover | None = None  # of a report template, where it is printed with one
