"""Small subjects, criteria and Hypothesis strategies for the tests of scoring."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import product

from hypothesis import strategies as st

from questionnaires.model import (
    Confidence,
    Fact,
    FactKind,
    FilledDiagnosis,
    Source,
    State,
    Statement,
    Subject,
    SubjectKind,
    Text,
)
from scoring.model import (
    Capability,
    EmptyLevel,
    GapLevels,
    MaturityCriteria,
    Method,
    Requirement,
    RequirementKind,
    Rule,
)

DAY = date(2026, 10, 31)
RULE = Rule("a rule", None, date(2020, 1, 1), "a place", Confidence.OURS)
VALUES = {"none": Fraction(0), "partly": Fraction(1, 2), "mostly": Fraction(4, 5), "full": Fraction(1)}
DEGREES = tuple(VALUES)
PASS = Fraction(4, 5)


def both(text):
    return Text(text, text)


def stated(value):
    if isinstance(value, int) and not isinstance(value, bool):
        value = Fraction(value)
    return Statement(State.STATED, value)


def statements(**facts):
    """Statements by fact id; None leaves a fact blank. A double underscore stands for the dot of an id."""
    return {name.replace("__", "."): stated(value) for name, value in facts.items() if value is not None}


def workshop(name="冲压车间", **facts):
    return Subject(SubjectKind.WORKSHOP, name, name, statements(**facts))


def factory(*workshops, name="一工厂", **facts):
    return Subject(SubjectKind.FACTORY, name, name, statements(**facts), workshops)


def firm(*factories, **facts):
    return Subject(SubjectKind.FIRM, "firm", "重庆某某汽车零部件有限公司", statements(**facts), factories)


def filled(subject, as_of=DAY, tailored=None):
    return FilledDiagnosis("auto_parts", "2026.1", as_of, subject, tailored or {})


def good_workshop(name="焊装车间", **changed):
    """A workshop that meets every digital-workshop requirement of its own."""
    facts = {
        "equipment_count": 40,
        "equipment_digital_count": 30,
        "devices_networked_and_monitored": True,
        "collected_device_count": 30,
        "uploading_device_count": 27,
        "mes_planning": True,
        "mes_execution": True,
        "mes_logistics": True,
        "mes_quality": True,
        "mes_equipment": True,
        "systems_integrated": True,
    }
    return workshop(name, **{**facts, **changed})


def number(name, low=0, high=3, of=SubjectKind.WORKSHOP, whole=True, unit="台"):
    return fact(name, FactKind.NUMBER, of, low=Fraction(low), high=Fraction(high), whole=whole, unit=both(unit))


def yes_no(name, of=SubjectKind.WORKSHOP):
    return fact(name, FactKind.YES_NO, of)


def fact(name, kind, of=SubjectKind.FIRM, *, low=None, high=None, whole=False, unit=None, options=()):
    source = Source("a source", None, Confidence.OURS)
    return Fact(name, of, kind, both(name), both(name), None, unit, low, high, whole, options, (), source)


def requirement(name, level):
    return Requirement(name, both(name), RequirementKind.SCORED, RULE, fact=name, level=level)


def subdomain(name, weight, counts):
    """A subdomain with `counts[n]` requirements at level n + 1, named like data.L2.1."""
    requirements = [requirement(f"{name}.L{n}.{i}", n) for n, many in enumerate(counts, 1) for i in range(1, many + 1)]
    return Capability("capability_subdomain", name, both(name), weight, requirements=tuple(requirements))


def group(kind, name, weight, parts):
    return Capability(kind, name, both(name), weight, tuple(parts))


def criteria_over(elements, levels, empty=EmptyLevel.SPREAD, gaps=GapLevels.STOP, may_tailor=()):
    return MaturityCriteria(
        id="small",
        title=both("small"),
        method=Method.GBT_39117,
        judges=SubjectKind.FIRM,
        rule=RULE,
        day=DAY,
        digest="0" * 64,
        level_names=tuple(both(f"level {n + 1}") for n in range(levels)),
        capabilities=tuple(elements),
        degrees=VALUES,
        pass_mark=PASS,
        bands=tuple(n + PASS for n in range(levels)),
        weights_rule=RULE,
        may_tailor=frozenset(may_tailor),
        empty_level=empty,
        gap_levels=gaps,
    )


def requirement_ids(criteria):
    return [r.id for s in leaves(criteria.capabilities) for r in s.requirements]


def leaves(capabilities):
    for capability in capabilities:
        yield from leaves(capability.parts) if capability.parts else [capability]


@st.composite
def small_criteria(draw, levels=2, most=1, empty=EmptyLevel.SPREAD, gaps=GapLevels.STOP):
    """A maturity model of two elements over two levels with uneven weights and empty levels."""
    elements = []
    for e in range(2):
        domains = []
        for d in range(draw(st.integers(1, 2))):
            counts = st.tuples(*[st.integers(0, most)] * levels)
            parts = [
                subdomain(f"s{e}{d}{s}", draw(st.integers(1, 9)), draw(counts)) for s in range(draw(st.integers(1, 2)))
            ]
            domains.append(group("capability_domain", f"d{e}{d}", draw(st.integers(1, 9)), parts))
        elements.append(group("element", f"e{e}", draw(st.integers(1, 9)), domains))
    return criteria_over(elements, levels, empty, gaps)


@st.composite
def answered(draw, criteria, open_at_most=4):
    """The degrees of every requirement of `criteria`, None for a few that are open."""
    names = requirement_ids(criteria)
    degrees = {name: draw(st.sampled_from(DEGREES)) for name in names}
    left_open = draw(st.lists(st.sampled_from(names), max_size=open_at_most, unique=True)) if names else []
    return {name: None if name in left_open else degree for name, degree in degrees.items()}


def completions(degrees):
    """Every way to answer the open requirements."""
    left_open = [name for name, degree in degrees.items() if degree is None]
    for chosen in product(DEGREES, repeat=len(left_open)):
        yield {**degrees, **dict(zip(left_open, chosen, strict=True))}
