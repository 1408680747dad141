"""What can still decide a verdict, against every answer to small gates and against random firms under all criteria."""

from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.loader import load
from questionnaires.model import AllOf, AnyOf, Comparison, State, Statement, SubjectKind
from questionnaires.path import find_path
from scoring.assessment import assess_diagnosis
from scoring.deciding import Sight, deciding
from scoring.loader import load_all
from scoring.model import (
    CriteriaSet,
    GatesCriteria,
    Indicator,
    Method,
    Ratio,
    Requirement,
    RequirementKind,
    Sum,
)
from scoring.standing import stand
from scoring.way import Aim, aims, shortest_way, verdict_on
from tests.scoring import random_firms as made
from tests.scoring.make import (
    DAY,
    RULE,
    both,
    factory,
    filled,
    firm,
    good_workshop,
    number,
    stated,
    workshop,
    yes_no,
)

# --- small gates: every answer is tried -------------------------------------------------------------------------------

FACTS = {one.id: one for one in (number("part"), number("whole"), yes_no("x"), yes_no("y"), yes_no("z"))}
ANSWERS = {"part": range(4), "whole": range(4), **dict.fromkeys("xyz", (True, False))}
INDICATORS = {
    "rate": Indicator("rate", both("rate"), both("%"), RULE, Ratio(("part",), ("whole",))),
    "count": Indicator("count", both("count"), both("个"), RULE, Sum(("x", "y", "z"))),
}


def compared(name, operator, right):
    return Comparison(operator, name, right if isinstance(right, bool) else stated(right).value)


@st.composite
def conditions(draw, depth=1):
    if depth and draw(st.booleans()):
        parts = tuple(draw(st.lists(conditions(depth - 1), min_size=2, max_size=3)))
        return draw(st.sampled_from([AllOf, AnyOf]))(parts)
    return draw(
        st.one_of(
            st.builds(compared, st.sampled_from("xyz"), st.just("=="), st.booleans()),
            st.builds(compared, st.just("part"), st.sampled_from([">=", "<", "=="]), st.integers(0, 3)),
            st.builds(
                compared, st.just("rate"), st.sampled_from([">=", ">", "<="]), st.sampled_from([34, 50, 67, 100])
            ),
            st.builds(compared, st.just("count"), st.sampled_from([">=", ">", "<"]), st.integers(0, 3)),
        )
    )


def gate(name, that, applies_when=None, level=0):
    return Requirement(name, both(name), RequirementKind.GATE, RULE, that=that, applies_when=applies_when, level=level)


def gates(requirements, grades=0):
    return GatesCriteria(
        id="small",
        title=both("small"),
        method=Method.GATES,
        judges=SubjectKind.WORKSHOP,
        rule=RULE,
        day=DAY,
        digest="0" * 64,
        level_names=tuple(both(f"grade {n + 1}") for n in range(grades)),
        requirements=tuple(requirements),
    )


@st.composite
def small_gates(draw):
    grades = draw(st.sampled_from([0, 0, 2]))
    whens = st.one_of(st.none(), conditions(0))
    several = draw(st.lists(st.tuples(conditions(), whens), min_size=1, max_size=3))
    return gates([gate(f"G{n}", *one, level=1 + n % grades if grades else 0) for n, one in enumerate(several)], grades)


known_facts = st.fixed_dictionaries({name: st.sampled_from([None, None, *ANSWERS[name]]) for name in FACTS})


def seen(criteria, facts):
    whole = filled(firm(factory(workshop("w", **facts))))
    known = CriteriaSet(DAY, {"small": criteria}, INDICATORS, (), FACTS)
    return Sight(whole, known, assess_diagnosis(whole, known))


def verdict(criteria, facts):
    [assessment] = seen(criteria, facts).judged
    return assessment.outcome, assessment.level


def left(criteria, facts):
    sight = seen(criteria, facts)
    path = (sight.filled.firm, sight.filled.firm.parts[0], sight.filled.firm.parts[0].parts[0])
    return deciding([criteria], path, sight)


def without_contradiction(facts):
    return None in (facts["part"], facts["whole"]) or facts["part"] <= facts["whole"]


def completions(facts):
    open_names = [name for name, value in facts.items() if value is None]
    ways = product(*(ANSWERS[name] for name in open_names))
    return [c for way in ways if without_contradiction(c := {**facts, **dict(zip(open_names, way, strict=True))})]


@settings(max_examples=150, deadline=None)
@given(small_gates(), known_facts.filter(without_contradiction))
def test_a_fact_left_out_changes_no_verdict_whatever_it_and_all_others_are_answered(criteria, facts):
    asked = {name for _, name in left(criteria, facts).places}
    found = {}
    for complete in completions(facts):
        key = tuple(value for name, value in complete.items() if name in asked)
        now = verdict(criteria, complete)
        assert found.setdefault(key, now) == now


@settings(max_examples=100, deadline=None)
@given(small_gates(), known_facts.filter(without_contradiction), st.data())
def test_following_the_order_ends_settled_on_the_verdict_of_the_full_filling(criteria, facts, data):
    full = data.draw(st.sampled_from(completions(facts)))
    while places := left(criteria, facts).places:
        facts = {**facts, places[0][1]: full[places[0][1]]}

    assert verdict(criteria, facts) == verdict(criteria, full)


@settings(max_examples=60, deadline=None)
@given(small_gates(), known_facts.filter(without_contradiction), st.data())
def test_fewer_answers_than_at_least_never_settle(criteria, facts, data):
    full = data.draw(st.sampled_from(completions(facts)))
    fewest = left(criteria, facts).fewest
    open_names = [name for name, value in facts.items() if value is None]
    for chosen in product((True, False), repeat=len(open_names)):
        answered = {n: full[n] for n, take in zip(open_names, chosen, strict=True) if take}

        assert left(criteria, {**facts, **answered}).places or len(answered) >= fewest


def test_a_gate_that_fails_settles_and_the_cheapest_to_fail_is_asked_first():
    criteria = gates([gate("G1", compared("rate", ">=", 50)), gate("G2", compared("x", "==", True))])

    assert [name for _, name in left(criteria, {}).places] == ["x", "part", "whole"]
    assert left(criteria, {"x": False}) == ((), 0)


def test_a_rate_whose_figures_contradict_waits_for_no_answer():
    criteria = gates([gate("G1", compared("rate", ">=", 50))])

    assert left(criteria, {"part": 3, "whole": 2}).places == ()
    assert left(criteria, {"whole": 0}).places == ()


# --- the shipped criteria ---------------------------------------------------------------------------------------------

QUESTIONNAIRE = load(made.QUESTIONNAIRE)
CRITERIA = load_all(made.DAY)


def concluded(aim, answered):
    found = verdict_on(aim, stand(answered, CRITERIA))
    return found.criteria_id, found.outcome, found.level


def way(aim, answered):
    path = find_path(QUESTIONNAIRE, answered.firm, answered.tailored)
    return shortest_way(aim, Sight(answered, CRITERIA, stand(answered, CRITERIA)), path.asked)


@pytest.mark.parametrize("number", range(15))
def test_the_shortest_way_to_every_verdict_ends_at_that_of_the_full_filling(number):
    one = made.make_firm(number)
    for aim in aims(stand(one.full, CRITERIA)):
        answered = one.begun
        while ask := way(aim, answered).ask:
            answered = made.with_answers(answered, one.full, ask[:7])

        assert concluded(aim, answered) == concluded(aim, one.full), aim


@pytest.mark.parametrize("number", range(1, 16, 2))
def test_what_is_left_out_changes_no_verdict_of_a_random_firm(number):
    one, chance = made.make_firm(number), Random(number)
    for aim in aims(stand(one.full, CRITERIA)):
        deciding_now = set(way(aim, one.begun).ask)
        settled = made.with_answers(one.begun, one.full, tuple(deciding_now))
        for _ in range(3):
            assert concluded(aim, answered_at_random(settled, chance)) == concluded(aim, settled), aim


def answered_at_random(begun, chance):
    """The same diagnosis with some answer to everything that is still open; no part exceeds its whole."""
    return made.completed(begun, chance)


def test_a_factory_asks_about_the_workshop_that_is_nearest_to_being_digital_first():
    near, far = good_workshop("near", mes_logistics=None), workshop("far")
    whole = filled(firm(factory(near, far, good_workshop("done")), chongqing_legal_person=True, policy_fit=True))
    ask = way(Aim("cq_smart_factory", "一工厂"), whole).ask
    of_workshops = [place for place in ask if place[1].startswith("mes_")]

    assert of_workshops[0] == ("near", "mes_logistics")


def test_a_factory_with_enough_digital_workshops_asks_no_workshop_about_its_mes():
    whole = filled(
        firm(
            factory(good_workshop("a"), good_workshop("b"), workshop("open")),
            chongqing_legal_person=True,
            policy_fit=True,
        )
    )
    ask = way(Aim("cq_smart_factory", "一工厂"), whole).ask

    assert ("open", "mes_quality") not in ask
    assert ("open", "equipment_count") in ask  # the share of digital equipment is still open


def test_a_grade_that_needs_level_2_asks_no_requirement_of_level_3_while_higher_grades_are_out():
    whole = filled(firm(factory(stage_factory_building=False, above_scale=True), production_type="discrete"))
    ask = way(Aim("cn_smart_factory_2025", "一工厂"), whole).ask

    assert any(".L2." in fact for _, fact in ask)
    assert not any(".L3." in fact for _, fact in ask)


def test_a_threshold_that_nobody_has_set_is_not_waited_for():
    facts = dict.fromkeys(("traditional_maker", "conversion_a_series_supply", "conversion_b_nev_model"), True)
    whole = filled(firm(**facts, conversion_d_line_in_use=False))

    assert way(Aim("conversion", "firm"), whole).settled
    assert ("firm", "conversion_d_line_in_use") in way(Aim("conversion", "firm"), filled(firm(**facts))).ask


def test_what_somebody_does_not_know_is_not_asked_again_and_leaves_the_verdict_open():
    unknown = Statement(State.UNKNOWN)
    one = good_workshop("a", mes_logistics=None)
    one = type(one)(one.kind, one.key, one.name, {**one.facts, "mes_logistics": unknown})
    left_over = way(
        Aim("cq_digital_workshop", "a"), filled(firm(factory(one), chongqing_legal_person=True, policy_fit=True))
    )

    assert left_over.ask == ()
    assert left_over.unknown == (("a", "mes_logistics"),)
    assert not left_over.settled
