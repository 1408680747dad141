"""The things that are asked: facts, questions, pages, sections, one questionnaire; and what was answered.

Frozen and without behaviour; how they are read from files is in `facts.py` and `loader.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

UNASKED: Mapping[str, bool] = {"unasked": True}  # marks what is no part of what a questionnaire asks, nor its digest


class SubjectKind(StrEnum):
    """Whom a fact describes: 企业, 工厂 or 车间."""

    FIRM = "firm"
    FACTORY = "factory"
    WORKSHOP = "workshop"


class FactKind(StrEnum):
    """How a fact is answered."""

    PRACTICE = "practice"  # a described way of working, answered with a Degree
    NUMBER = "number"
    YES_NO = "yes_no"
    CHOICE = "choice"  # one of the options
    CHOICES = "choices"  # any of the options
    TEXT = "text"
    DATE = "date"


class Degree(StrEnum):
    """满足程度 of a practice; what each is worth is a rule of scoring."""

    FULL = "full"
    MOSTLY = "mostly"
    PARTLY = "partly"
    NONE = "none"


class Confidence(StrEnum):
    """How sure we are that a rule or definition stands as written."""

    SOURCED = "sourced"
    KNOWN_HIGH = "known-high"
    KNOWN_MEDIUM = "known-medium"
    UNCERTAIN = "uncertain"
    OURS = "ours"  # a working assumption of this product, printed as such


@dataclass(frozen=True, slots=True)
class Text:
    """One text in Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a definition or number comes from and how sure that is."""

    title: str
    where: str | None
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that may be chosen; `alone` excludes every other option (“无”)."""

    code: str
    text: Text
    alone: bool = False
    retired: bool = False  # still read in old answers, no longer offered


@dataclass(frozen=True, slots=True)
class Fact:
    """One entry of the fact dictionary: the smallest thing that is asked, once, of one kind of subject."""

    id: str
    of: SubjectKind
    kind: FactKind
    label: Text  # short name, for tables and messages
    ask: Text  # the question as a sentence
    definition: Text | None
    unit: Text | None
    min: Fraction | None
    max: Fraction | None
    whole: bool  # only whole numbers
    options: tuple[Option, ...]
    evidence: tuple[Text, ...]  # kinds of evidence that show it
    source: Source
    format: str | None = None  # of a text: "uscc", "industry"; of a number: "year"
    required: bool = False  # must be stated before the diagnosis can be submitted
    # Of a choice whose options are steps: the code of the best one, which is the first or the last.
    best: str | None = field(default=None, metadata=UNASKED)


@dataclass(frozen=True, slots=True)
class Coach:
    """Help in plain words with one practice or one ratio; the examples are ours, not the text of a standard."""

    id: str  # of the practice, or of the indicator
    means: Text  # what is asked, on a shop floor
    degrees: Mapping[Degree, Text]  # of a practice: an example of each degree, the best first; empty for a ratio
    example: Text | None  # of a ratio: one computed example
    not_counted: Text
    evidence: Text  # what shows it on the day


# The value of a stated answer. Practices and choices are codes, numbers exact, several choices a sorted tuple of codes.
Value = str | bool | Fraction | date | tuple[str, ...]


class State(StrEnum):
    """Why there is, or is not, a value. A fact without any statement is blank."""

    STATED = "stated"
    UNKNOWN = "unknown"  # 不清楚
    NOT_APPLICABLE = "not_applicable"  # 不适用, with a reason


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said about one fact of one subject; `value` is present only when `state` is STATED."""

    state: State
    value: Value | None = None
    reason: str | None = None  # why not applicable, or why a consultant differs
    evidence: tuple[str, ...] = ()  # names of evidence files


Facts = Mapping[str, Statement]  # fact id -> statement; a blank fact has no entry


@dataclass(frozen=True, slots=True)
class Subject:
    """A firm with its factories, or a factory with its workshops, or a workshop, each with its own facts."""

    kind: SubjectKind
    key: str  # stable within the diagnosis: "firm", or the identity of the factory or workshop
    name: str
    facts: Facts
    parts: tuple[Subject, ...] = ()


@dataclass(frozen=True, slots=True)
class FilledDiagnosis:
    """A diagnosis as answered: what the diagnosis file carries and what scoring reads."""

    questionnaire_id: str
    questionnaire_version: str
    as_of: date  # the day the facts describe; rules are taken as in force on it
    firm: Subject
    tailored: Mapping[str, str] = field(default_factory=dict)  # 裁剪: capability subdomain -> reason


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left` (a name) compared with `right`: a number, an option code, a yes or no, or another name."""

    operator: str  # "==", ">=", "<=", ">", "<"
    left: str
    right: Fraction | bool | str
    right_is_name: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    """True when every part is true."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when at least one part is true."""

    parts: tuple[Condition, ...]


Condition = Comparison | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Total:
    """A number that a check may name: what facts of all below a subject add up to; a yes counts 1."""

    name: str
    text: Text
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """A contradiction check: `that` must not be false; `say` names both sides when it is."""

    that: Condition
    say: Text
    totals: tuple[Total, ...] = ()
    doubtful: bool = False  # both sides can be true, yet somebody should look: it refuses nothing


@dataclass(frozen=True, slots=True)
class Question:
    """One question on a page: usually one fact; several numbers of one ratio stand side by side."""

    facts: tuple[Fact, ...]
    text: Text
    help: Text | None
    indicator: str | None = None  # the ratio computed from these facts, shown while filling
    knowing: Text | None = None  # the same with earlier answers as {fact}, used once they are all known


@dataclass(frozen=True, slots=True)
class Page:
    """At most about twelve questions shown together."""

    id: str  # unique in its section
    title: Text
    questions: tuple[Question, ...]
    checks: tuple[Check, ...] = ()
    show_when: Condition | None = None
    lead: Text | None = None  # one sentence under the title
    knowing: Text | None = None  # the title with earlier answers as {fact}, used once they are all known
    lead_knowing: Text | None = None  # the sentence under it in the same way
    fact_ids: tuple[str, ...] = field(init=False, repr=False, compare=False)  # of its questions, in order

    def __post_init__(self) -> None:
        ids = tuple(fact.id for question in self.questions for fact in question.facts)
        object.__setattr__(self, "fact_ids", ids)  # read at every page view, so computed once


@dataclass(frozen=True, slots=True)
class Section:
    """Pages about one subject; a section of a factory or workshop repeats for each one."""

    id: str
    title: Text
    of: SubjectKind
    pages: tuple[Page, ...]
    group: Text | None = None  # heading on the hub that gathers sections
    subdomain: str | None = None  # the capability subdomain it covers, if one: skipped when tailored


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list whose sum is a fact: the number in each row, or the numbers of the rows that are marked."""

    fact: Fact
    text: Text  # its heading


@dataclass(frozen=True, slots=True)
class CountedList:
    """A list (清单) kept row by row, from which facts are counted: how many in all, how many with each mark."""

    id: str
    title: Text
    of: SubjectKind
    name: Text  # heading of the first column: what stands in each row
    detail: Text  # of the second: what tells one row from another
    count: Column
    marks: tuple[Column, ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        """Everything that is counted: first how many in all."""
        return (self.count, *self.marks)


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """One published questionnaire. A published version is never edited."""

    id: str
    version: str
    title: Text
    sections: tuple[Section, ...]
    facts: Mapping[str, Fact]  # every fact asked, by id
    digest: str  # SHA-256 over the definition and the facts it asks
    lists: tuple[CountedList, ...] = ()
