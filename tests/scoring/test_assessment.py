from fractions import Fraction
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.model import FactKind, State, Statement, Subject, SubjectKind
from scoring.assessment import assess_diagnosis, paths
from scoring.conclusion import asked, cover, state_of
from scoring.indicators import Case
from scoring.loader import load_all
from scoring.model import Coverage, Outcome
from tests.scoring.make import DAY, DEGREES, factory, filled, firm, good_workshop, stated, workshop


def whole():
    return firm(
        factory(workshop("a"), workshop("b")),
        factory(workshop("c"), name="二工厂"),
        production_type="discrete",
        employees=320,
        revenue=15000,
        traditional_maker=True,
    )


def test_every_criteria_judges_every_subject_of_its_kind_in_printing_order():
    judged = [(a.criteria_id, a.subject_name) for a in assess_diagnosis(filled(whole()), load_all(DAY))]
    name = whole().name

    assert judged == [
        ("gbt_39117_2020_discrete", name),
        ("cq_digital_workshop", "a"),
        ("cq_digital_workshop", "b"),
        ("cq_digital_workshop", "c"),
        ("cq_smart_factory", "一工厂"),
        ("cq_smart_factory", "二工厂"),
        ("cn_smart_factory_2025", "一工厂"),
        ("cn_smart_factory_2025", "二工厂"),
        ("sme_digital_2024", name),
        ("conversion", name),
    ]


def test_a_workshop_knows_its_factory():
    names = [a.factory_name for a in assess_diagnosis(filled(whole()), load_all(DAY)) if a.subject_kind == "workshop"]

    assert names == ["一工厂", "一工厂", "二工厂"]


def test_each_outcome_carries_the_digest_and_the_notice_of_its_file():
    for assessment in assess_diagnosis(filled(whole()), load_all(DAY)):
        assert assessment.criteria_digest == load_all(DAY).criteria[assessment.criteria_id].digest
        assert assessment.notice.zh
        assert assessment.notice.en


def test_the_way_leads_from_the_firm_to_the_subject():
    ways = list(paths(whole(), SubjectKind.WORKSHOP))

    assert [[subject.name for subject in way][1:] for way in ways] == [
        ["一工厂", "a"],
        ["一工厂", "b"],
        ["二工厂", "c"],
    ]


def test_coverage_counts_a_fact_once_and_keeps_unknown_blank_and_answered_apart():
    known = load_all(DAY)
    one = good_workshop(systems_integrated=None, mes_quality=None)
    facts = {
        **one.facts,
        "mes_quality": Statement(State.UNKNOWN),
        "mes_planning": Statement(State.NOT_APPLICABLE, reason="外协"),
    }
    subject = type(one)(one.kind, one.key, one.name, facts)
    case = Case((firm(), factory(), subject), known.facts, known.indicators)
    pairs = asked(["mes_module_count", "mes_quality", "systems_integrated"], case)

    assert cover(pairs) == Coverage(asked=6, answered=4, unknown=1, blank=1)
    assert state_of(subject, "mes_planning") is State.NOT_APPLICABLE


# --- what is certain stays certain ---------------------------------------------------------------------------------

PAIRS = (
    ("equipment_digital_count", "equipment_count"),
    ("equipment_networked_count", "equipment_count"),
    ("uploading_device_count", "collected_device_count"),
    ("designers_with_tools_count", "designers_count"),
    ("nev_revenue_y0", "revenue"),
)


@st.composite
def complete(draw, kind):
    """Every fact of one kind of subject answered, numerators within their denominators."""
    known = {fact.id: fact for fact in load_all(DAY).facts.values() if fact.of is kind}
    answers = {name: draw(VALUES[fact.kind](fact)) for name, fact in known.items() if fact.kind in VALUES}
    for numerator, denominator in PAIRS:
        if numerator in answers:
            answers[denominator] = Fraction(draw(st.integers(1, 50)))
    for numerator, denominator in PAIRS:
        if numerator in answers:
            answers[numerator] = Fraction(draw(st.integers(0, int(answers[denominator]))))
    return answers


VALUES = {
    FactKind.PRACTICE: lambda fact: st.sampled_from(DEGREES),
    FactKind.YES_NO: lambda fact: st.booleans(),
    FactKind.NUMBER: lambda fact: st.integers(int(fact.min), int(min(fact.max, fact.min + 100))).map(Fraction),
    FactKind.CHOICE: lambda fact: st.sampled_from([option.code for option in fact.options]),
    FactKind.CHOICES: lambda fact: st.sampled_from([(option.code,) for option in fact.options]),
}


def part_of(answers, share, seed):
    chooser = Random(seed)
    return {name: stated(value) for name, value in answers.items() if chooser.random() < share}


def diagnosis(answers, shares, seed):
    """A firm of one factory and two workshops that answers `shares` of its facts; a larger share holds the smaller."""
    subjects = [part_of(one, share, seed) for one, share in zip(answers, shares, strict=True)]
    workshops = tuple(
        Subject(SubjectKind.WORKSHOP, name, name, facts) for name, facts in zip("ab", subjects[2:], strict=True)
    )
    one = Subject(SubjectKind.FACTORY, "f", "一工厂", subjects[1], workshops)
    return filled(Subject(SubjectKind.FIRM, "firm", "某公司", subjects[0], (one,)))


KINDS = (SubjectKind.FIRM, SubjectKind.FACTORY, SubjectKind.WORKSHOP, SubjectKind.WORKSHOP)


@settings(max_examples=25)
@given(st.tuples(*map(complete, KINDS)), st.sampled_from([0, 0.5, 0.9, 0.99]), st.integers(0, 99))
def test_answering_more_only_narrows_and_never_overturns(answers, share, seed):
    criteria = load_all(DAY)
    less, more = (assess_diagnosis(diagnosis(answers, [part] * 4, seed), criteria) for part in (share, 1.1))
    before = {(a.criteria_id, a.subject_key): a for a in less}

    for after in more:
        earlier = before[after.criteria_id, after.subject_key]
        assert earlier.outcome in (after.outcome, Outcome.NOT_KNOWN)
        for value in ("level", "total", "literal_total", "literal_level"):
            wide, narrow = getattr(earlier, value), getattr(after, value)
            assert wide is None or narrow is None or wide.low <= narrow.low <= narrow.high <= wide.high
