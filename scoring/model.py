"""The things that judge and are judged: criteria, requirements, assessments with reasons, gaps, improvements.

Frozen and without behaviour; the arithmetic is in `maturity.py`, `gates.py` and `points.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from questionnaires.model import Condition, Confidence, Fact, SubjectKind, Text, Value
from scoring.exact import Bounds


class Method(StrEnum):
    """The way to judge that a criteria file names."""

    GBT_39117 = "gbt_39117"
    GATES = "gates"
    POINTS = "points"


class RequirementKind(StrEnum):
    """What a requirement does to the outcome."""

    GATE = "gate"  # must be met
    SCORED = "scored"  # gives points or degrees
    REPORT_ONLY = "report_only"  # printed, never judged
    EXPERT = "expert"  # judged by people, not by this product


class RequirementState(StrEnum):
    """How one requirement stands for one subject."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_KNOWN = "not_known"
    NOT_APPLICABLE = "not_applicable"
    NOT_JUDGED = "not_judged"  # report-only or expert


class Outcome(StrEnum):
    """What an assessment concludes; LEVEL means that `Assessment.level` carries it."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_KNOWN = "not_known"
    NOT_APPLICABLE = "not_applicable"
    LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Rule:
    """Where a requirement, weight or threshold stands, since when and how sure that is."""

    title: str  # the document, or "本工具" for our own assumptions
    clause: str | None
    since: date | None
    source: str | None  # where it was read
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number that decides, in force from `rule.since` on; `value` None waits for the commission."""

    value: Fraction | None
    rule: Rule


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement (要求) of a criteria file.

    `fact` is set for scored requirements, `that` for gates. `grade` is the level a graded scheme asks it for
    (1 is the lowest), 0 where the scheme has one outcome.
    """

    id: str
    text: Text
    kind: RequirementKind
    rule: Rule
    that: Condition | None = None
    applies_when: Condition | None = None
    fact: str | None = None
    level: int = 0
    unit: Text | None = None
    threshold: Threshold | None = None
    because: Text | None = None  # why it is not judged
    shows: tuple[str, ...] = ()  # names whose figures are printed although nothing is judged


@dataclass(frozen=True, slots=True)
class Ratio:
    """Numerator facts over denominator facts, in percent; a numerator never exceeds its denominator."""

    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    if_empty: Fraction | None = None  # the value when the denominator is 0; None: there is no value


@dataclass(frozen=True, slots=True)
class Sum:
    """Facts added up; a yes counts 1."""

    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """How much a figure fell ("down") or rose ("up") against before, in percent of before."""

    before: str
    after: str
    direction: str  # "down" | "up": the one that is an improvement


@dataclass(frozen=True, slots=True)
class CountMet:
    """How many subjects of the whole firm meet another criteria file."""

    criteria: str


@dataclass(frozen=True, slots=True)
class LevelOf:
    """The level that the firm reaches in the criteria judged by `method`."""

    method: Method


@dataclass(frozen=True, slots=True)
class SizeClass:
    """One class of firms by size; a firm is in the highest class both of whose figures it reaches."""

    id: str
    text: Text
    employees: Fraction  # at least
    revenue: Fraction  # at least, 万元 a year


@dataclass(frozen=True, slots=True)
class SizeClasses:
    """The size class of the firm as its place in `classes`, 1 for the smallest."""

    employees: str
    revenue: str
    classes: tuple[SizeClass, ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A number computed from facts (指标); `how` says in which way."""

    id: str
    text: Text
    unit: Text
    rule: Rule
    how: Ratio | Sum | Change | CountMet | LevelOf | SizeClasses


@dataclass(frozen=True, slots=True)
class Capability:
    """A capability element, domain or subdomain of a maturity model with its share of the group it stands in.

    A subdomain carries its requirements (each names its level) and has no parts; the others have parts only.
    """

    kind: str  # "element" | "capability_domain" | "capability_subdomain"
    id: str
    text: Text
    weight: int  # percent of its group
    parts: tuple[Capability, ...] = ()
    requirements: tuple[Requirement, ...] = ()


class EmptyLevel(StrEnum):
    """What counts for a subdomain without a requirement at a level (open question Q1 of the standard)."""

    SPREAD = "spread"  # it is left out and its weight goes to its siblings
    INHERIT = "inherit"  # the requirements of the nearest lower level count again


class GapLevels(StrEnum):
    """What levels above the first unmet one add to the maturity level (open question Q2 of the standard)."""

    STOP = "stop"  # nothing: a higher level contains the lower
    LITERAL = "literal"  # their scores lift the total, and the band of the total gives the level


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Criteria:
    """One criteria file (评价标准) with its thresholds as in force on `day`. Compared by identity."""

    id: str
    title: Text
    method: Method
    judges: SubjectKind
    rule: Rule  # the document it paraphrases
    day: date
    digest: str  # SHA-256 over the bytes of every file it was read from
    applies_when: Condition | None = None
    notice: Text | None = None  # printed beside every outcome
    level_names: tuple[Text, ...] = ()  # name of level 1, 2, ...


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class MaturityCriteria(Criteria):
    """GB/T 39117: nested weights over capability subdomains, levels, pass mark and bands."""

    capabilities: tuple[Capability, ...]  # the elements
    degrees: Mapping[str, Fraction]  # what each degree of satisfaction is worth
    pass_mark: Fraction
    bands: tuple[Fraction, ...]  # lowest total of level 1, 2, ...
    weights_rule: Rule
    may_tailor: frozenset[str] = frozenset()
    empty_level: EmptyLevel = EmptyLevel.SPREAD
    gap_levels: GapLevels = GapLevels.STOP


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class GatesCriteria(Criteria):
    """Requirements that are each met or not; with `level_names` the scheme has grades, else one outcome."""

    requirements: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """A share of the points for a rate up to and including `up_to`; the first band also includes 0."""

    up_to: Fraction
    share: Fraction  # of the points, 0 to 1


@dataclass(frozen=True, slots=True)
class PointsQuestion:
    """One scored question: chosen options add their shares of the points, or the band of an indicator gives one."""

    requirement: Requirement
    points: Fraction
    dimension: Text
    shares: Mapping[str, Fraction] = field(default_factory=dict)  # option code -> share of the points
    adds_up: bool = False  # several options may be chosen
    indicator: str | None = None
    bands: tuple[Band, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """One business scene (业务场景) placed on a level; a binding one (约束性) is counted apart too."""

    requirement: Requirement
    levels: Mapping[str, int]  # option code -> level reached
    binding: bool
    group: Text


@dataclass(frozen=True, slots=True)
class LevelRule:
    """What one level asks: the lowest score, and scenes at that level or above."""

    level: int
    score: Fraction
    scenes: int
    binding: int
    rule: Rule


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PointsCriteria(Criteria):
    """Questions worth points, scenes placed on levels, and the rule that joins both into a level."""

    questions: tuple[PointsQuestion, ...]
    scenes: tuple[Scene, ...]
    level_rules: tuple[LevelRule, ...]  # level 1 first


@dataclass(frozen=True, slots=True)
class RequirementResult:
    """One requirement judged for one subject."""

    requirement: Requirement
    state: RequirementState
    value: Bounds | None  # of the number the requirement compares, when it compares one
    facts: tuple[str, ...]  # every fact it rests on
    open_facts: tuple[str, ...]  # those of them that are unknown or blank
    distance: Text | None = None  # what is missing in the reader's units: “差 6 台”
    figures: tuple[Figure, ...] = ()  # of `requirement.shows`


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that is printed beside a requirement without being judged."""

    name: str  # the fact or indicator
    text: Text
    unit: Text | None
    value: Bounds | None


@dataclass(frozen=True, slots=True)
class Node:
    """One capability element, domain or subdomain with its own scores level by level.

    `weight` is its share of the whole as a fraction (after tailoring, before the levels without requirements).
    `level_scores` leaves out a level at which nothing under it has a requirement.
    """

    kind: str  # "element" | "capability_domain" | "capability_subdomain"
    id: str
    text: Text
    weight: Fraction
    level_scores: Mapping[int, Bounds]
    parts: tuple[Node, ...] = ()
    tailored: str | None = None  # the reason it is left out


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many facts the criteria ask for, and how many of them are answered, unknown and blank."""

    asked: int
    answered: int
    unknown: int
    blank: int


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of a derivation: a conclusion, the rule it rests on, and what it follows from.

    A leaf is a fact with its answer. `ref` is the short reference printed beside a sentence, e.g. "W2" or "data.L2.1".
    """

    ref: str
    text: Text
    state: str  # a RequirementState, an Outcome, "level 2", or the answer of a fact
    rule: Rule | None = None
    value: Bounds | None = None
    fact: str | None = None
    because: tuple[Reason, ...] = ()
    subject: str | None = None  # name of the factory or workshop that was asked


@dataclass(frozen=True, slots=True)
class Assessment:
    """The outcome (评估结果) of one criteria file for one subject, with bounds and reasons."""

    criteria_id: str
    criteria_digest: str
    criteria_title: Text
    subject_kind: SubjectKind
    subject_key: str
    subject_name: str
    factory_name: str | None  # of a workshop: the factory it stands in
    outcome: Outcome
    coverage: Coverage
    derivation: Reason
    level: Bounds | None = None
    level_names: tuple[Text, ...] = ()  # name of level 1, 2, ...
    total: Bounds | None = None  # maturity: stop rule; points: the score
    literal_total: Bounds | None = None
    level_scores: Mapping[int, Bounds] = field(default_factory=dict)
    nodes: tuple[Node, ...] = ()  # the capability elements
    requirements: tuple[RequirementResult, ...] = ()
    settle: tuple[str, ...] = ()
    literal_level: Bounds | None = None  # maturity: the band of the literal total
    notice: Text | None = None  # printed beside the outcome
    method: Method | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """What stands between the facts and a wanted level or recognition, heaviest first (差距)."""

    criteria_id: str
    subject_key: str
    subject_name: str
    requirement: Requirement
    group: Text  # capability subdomain or scheme, for tables
    weight: Fraction  # share of the level score that it can still lift (maturity), 1 for a gate
    now: str  # degree or state now: "none" | "partly" | "mostly" | "unknown" | "not_met" | "not_known"
    distance: Text | None = None


class Costs(NamedTuple):
    """What something costs in whole 万元: at least, probably, at most."""

    low: int
    likely: int
    high: int


NO_COSTS = Costs(0, 0, 0)


class PricedBy(StrEnum):
    """Whose figures a cost is."""

    CATALOGUE = "catalogue"
    INSTALLATION = "installation"  # who runs the product here: what things cost in the region, say
    FIRM = "firm"


@dataclass(frozen=True, slots=True)
class Adds:
    """A count that an improvement raises, as far as the plan needs it, and the count that it cannot exceed."""

    count: str
    most: str | None
    along: tuple[str, ...] = ()  # counts that rise with it, one for one: a machine newly networked also uploads


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Improvement:
    """One entry of the catalogue of improvements (改进项). Costs are planning assumptions of this product.

    Costs are for one place of a medium-sized firm. Compared by identity.
    """

    id: str
    text: Text
    what: Text  # what is done on a parts maker's shop floor
    proof: Text  # evidence that shows it done
    cost: Costs
    months: tuple[int, int]  # shortest, longest
    scope: SubjectKind = SubjectKind.FIRM  # where it is carried out
    lifts: Mapping[str, str] = field(default_factory=dict)  # maturity requirement -> degree that it brings
    sets: Mapping[str, Value] = field(default_factory=dict)  # any other fact -> what it is afterwards
    adds: Adds | None = None
    each: Costs = NO_COSTS  # for each unit that it adds
    gains: Mapping[str, int] = field(default_factory=dict)  # indicator of a change -> percentage points
    scale: str = ""  # how the cost follows the size of the firm
    people: int = 0  # own people whom it occupies full time while it runs
    requires: tuple[str, ...] = ()  # improvements that have to be in place before it starts
    excludes: tuple[str, ...] = ()  # improvements that are not done at the same place
    priced_by: PricedBy = PricedBy.CATALOGUE  # the firm, where one of its two costs is the firm's own


@dataclass(frozen=True, slots=True, eq=False)
class CriteriaSet:
    """Everything that judges on one day: the criteria in printing order, the indicators and the improvements."""

    day: date
    criteria: Mapping[str, Criteria]  # by id, in printing order
    indicators: Mapping[str, Indicator]
    improvements: tuple[Improvement, ...]
    facts: Mapping[str, Fact]  # the fact dictionary that the names refer to
    improvements_basis: Text | None = None  # what the costs and durations rest on
    beyond: Mapping[str, Text] = field(default_factory=dict)  # what no project changes: fact or indicator -> why
    improvements_digest: str = ""  # SHA-256 of the bytes of the catalogue of improvements
    # how costs follow the size of the firm: scale -> size class -> percent of the cost of a medium-sized one
    cost_scales: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
