"""What a report consists of, in printing order and ready to print: the text is final, nothing is left to compute.

Frozen and without behaviour; `view_model.py` builds it, the templates print it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from reports.charts import Chart
from reports.own_parts import OwnCover, OwnPart


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact for which the consultant found something else than the firm stated."""

    subject: str
    fact: str  # its short name
    stated: str
    verified: str
    reason: str


@dataclass(frozen=True, slots=True)
class Observation:
    """What the consultant remarked on one fact."""

    subject: str
    fact: str  # its short name
    text: str


@dataclass(frozen=True, slots=True)
class Edition:
    """Who issues the report, from what and when; given by the caller, never taken from a clock."""

    day: date
    program: str  # "zhizhen 0.1.0"
    language: str = "zh"  # or "en"
    verified: bool = False  # built from the consultant's layer
    preview: bool = False  # the firm has not submitted yet
    consultant: str = ""
    organisation: str = ""  # the consultant's
    differences: tuple[Difference, ...] = ()
    observations: str = ""  # the consultant's, on the whole
    recommendations: str = ""
    remarks: tuple[Observation, ...] = ()  # the consultant's, on single facts
    letter: date | None = None  # the day on which the signed letter of truthfulness was attached
    code: str = ""  # by which anybody can check the report, in groups as it is printed; no preview has one
    address: str = ""  # of the public page about it, where the installation has an address of its own

    @property
    def has_opinion(self) -> bool:
        """Tell whether the consultant has written anything that is printed."""
        return self.verified and bool(self.observations or self.recommendations or self.remarks)


@dataclass(frozen=True, slots=True)
class Ref:
    """The short reference printed beside a sentence, and the place in the annex it leads to."""

    label: str
    target: str


@dataclass(frozen=True, slots=True)
class State:
    """Shape, word and key ("met", "gap", "open", "none") of a conclusion."""

    mark: str
    word: str
    key: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """One picture that is drawn already: its message as title, and SVG with its text alternative inside."""

    title: str
    svg: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A name with its value."""

    name: str
    value: str


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
class Condition:
    """One requirement held against the facts: what is asked, what is there, how far apart they are."""

    subject: str
    text: str
    now: str
    bar: str  # SVG, or nothing where no number is compared
    distance: str
    state: State
    ref: Ref
    grade: str = ""  # of a graded scheme: the grade that asks for it


@dataclass(frozen=True, slots=True)
class Block:
    """One of the things that block, in two sentences."""

    title: str
    text: str
    ref: Ref


@dataclass(frozen=True, slots=True)
class Standing:
    """One conclusion in the overview of the brief."""

    scheme: str
    subject: str
    state: State
    coverage: str
    ref: Ref


@dataclass(frozen=True, slots=True)
class Step:
    """One improvement: what is done, what it lifts, and the planning assumptions on cost and time."""

    name: str
    what: str
    lifts: str  # what it lifts, or that others wait for it
    cost: str  # with its unit
    months: str
    proof: str


@dataclass(frozen=True, slots=True)
class Brief:
    """The two pages that a factory director reads."""

    headline: str
    lead: str
    ref: Ref | None
    ruler: str
    blocks: tuple[Block, ...]
    conditions: tuple[Condition, ...]
    conditions_note: str
    standings: tuple[Standing, ...]
    standings_note: str
    steps: tuple[Step, ...]
    steps_note: str
    open_lead: str
    open_facts: tuple[str, ...]
    open_ref: Ref | None


@dataclass(frozen=True, slots=True)
class Site:
    """A factory or workshop as listed in the profile."""

    depth: int
    name: str
    process: str
    equipment: str
    networked: str


@dataclass(frozen=True, slots=True)
class Profile:
    """Who the firm is, what it consists of, and what the consultant found otherwise."""

    rows: tuple[Pair, ...]
    sites: tuple[Site, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the consultant observed and recommends, as written, paragraph by paragraph."""

    observations: tuple[str, ...]
    recommendations: tuple[str, ...]
    remarks: tuple[Observation, ...]


@dataclass(frozen=True, slots=True)
class Party:
    """Who signs: the name where it is known, what is written on each line, and whether a seal belongs beside it."""

    role: str
    name: str
    lines: tuple[str, ...]
    sealed: bool


@dataclass(frozen=True, slots=True)
class Signatures:
    """The places for signatures and seals, under what is signed."""

    statement: str
    parties: tuple[Party, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """The letter in which a firm vouches for its answers (真实性承诺书), on a page of its own."""

    lang: str
    title: str
    rows: tuple[Pair, ...]
    opening: str
    points: tuple[str, ...]
    party: Party
    note: str
    aid_only: str


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One maturity level with its score and whether it is met."""

    name: str
    score: str
    state: State


@dataclass(frozen=True, slots=True)
class PartRow:
    """One element (depth 1), domain (2) or subdomain (3): share of the whole and scores level by level."""

    depth: int
    name: str
    weight: str
    scores: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Maturity:
    """The chapter on GB/T 39117: level, scores, pictures, parts, and what was tailored."""

    sentence: str
    ref: Ref
    coverage: str
    totals: str
    levels: tuple[LevelRow, ...]
    charts: tuple[Chart | Drawing, ...]
    level_heads: tuple[str, ...]
    parts: tuple[PartRow, ...]
    tailored: tuple[Pair, ...]
    settle: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """One subject held against one scheme."""

    title: str
    target: str
    state: State
    sentence: str
    coverage: str
    conditions: tuple[Condition, ...]  # gates, for a table
    earned: tuple[Condition, ...]  # questions and scenes that earn points or levels, for a list
    settle: tuple[str, ...]
    ref: Ref


@dataclass(frozen=True, slots=True)
class Scheme:
    """One set of criteria with the subjects it judged."""

    title: str
    target: str
    basis: str
    judgements: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True)
class GapGroup:
    """The gaps of one subdomain or one scheme and subject, with what can be done about them."""

    title: str
    weight: str
    lines: tuple[Pair, ...]  # state now -> the requirements in it
    ways: str
    ref: Ref


@dataclass(frozen=True, slots=True)
class PlanRow:
    """An improvement of the plan: where and when it is done, what it costs, and why it is in."""

    name: str
    where: str
    quarters: str
    likely: str  # 万元
    cost: str  # low to high
    reason: str
    owner: str = ""  # who does it until when, where the firm has kept the plan


@dataclass(frozen=True, slots=True)
class QuarterRow:
    """What is reached when a quarter of the plan is over, at the lower bound."""

    quarter: str
    ended: str  # how many projects end in it
    spent: str  # 万元, likely, up to then
    level: str
    total: str


@dataclass(frozen=True, slots=True)
class FirstThing:
    """One of the three things to do first."""

    name: str
    what: str
    cost: str
    quarters: str
    reason: str
    proof: str


@dataclass(frozen=True, slots=True)
class OtherPlan:
    """Another plan for nearly the same money: what it costs more, what it leaves out and what it does instead."""

    title: str
    cost: str
    left_out: str
    instead: str


@dataclass(frozen=True, slots=True)
class LevelCost:
    """What a level costs at least."""

    name: str
    likely: str
    cost: str
    projects: str
    until: str
    is_goal: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """The chapter on the improvement plan."""

    headline: str
    assumptions_only: str
    basis: str
    lead: str = ""
    about: str = ""  # which plan this is: the one that the firm has kept, or another
    priced: str = ""  # whose figures the costs are, where some are not those of the catalogue
    blocked: tuple[str, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    quarters: tuple[QuarterRow, ...] = ()
    first: tuple[FirstThing, ...] = ()
    rows: tuple[PlanRow, ...] = ()
    sum: PlanRow | None = None
    others: tuple[OtherPlan, ...] = ()
    others_note: str = ""
    why_not: tuple[Pair, ...] = ()  # an obvious improvement -> why the plan does without
    frontier: tuple[LevelCost, ...] = ()


@dataclass(frozen=True, slots=True)
class PeerRow:
    """One value of the firm beside the quartiles of comparable firms."""

    depth: int  # 1 is strong, 2 stands further in, 0 is plain
    name: str
    own: str
    low: str
    median: str
    high: str
    counted: str  # how many firms are behind the quartiles
    place: str


@dataclass(frozen=True, slots=True)
class PeerShare:
    """How large a part of the comparable firms something holds of, and whether it holds of this firm."""

    name: str
    share: str
    counted: str
    here: str = ""  # of a level: that this firm is at it
    state: State | None = None  # of conditions: how this firm stands


@dataclass(frozen=True, slots=True)
class Peers:
    """The chapter on comparable firms; where there are too few, the headline says so and nothing else is there."""

    headline: str
    lead: str = ""
    total: tuple[PeerRow, ...] = ()
    levels: tuple[PeerShare, ...] = ()
    parts_title: str = ""
    drawing: Drawing | None = None
    parts: tuple[PeerRow, ...] = ()
    rates: tuple[PeerRow, ...] = ()
    met: tuple[PeerShare, ...] = ()
    how: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One document that rules were taken from, and how sure we are of it."""

    title: str
    since: str
    read_at: str
    confidence: str


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """One step of a derivation: depth 1 to 3, what is concluded, from which rule, resting on which answers."""

    depth: int
    target: str
    ref: str
    text: str
    state: str
    rule: str
    rests_on: str


@dataclass(frozen=True, slots=True)
class Derivation:
    """How one conclusion came about."""

    ref: Ref
    title: str
    conclusion: str
    lines: tuple[ReasonLine, ...]


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """The answers of one section: practices gathered by degree of satisfaction, measured facts one after another."""

    title: str
    practices: tuple[Pair, ...]  # degree -> the practices answered with it
    measured: tuple[Pair, ...]
    evidence: tuple[Pair, ...] = ()  # fact -> the names of the files that show it


@dataclass(frozen=True, slots=True)
class AnswerSection:
    """All answers about one subject; unknown and blank facts are named apart."""

    title: str
    groups: tuple[AnswerGroup, ...]
    unknown: str
    blank: str


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
