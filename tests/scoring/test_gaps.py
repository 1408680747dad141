from fractions import Fraction

from scoring.assessment import assess_diagnosis
from scoring.gaps import find_gaps, improvements_for, lifted_by
from scoring.loader import load_all
from tests.scoring.make import DAY, factory, filled, firm, good_workshop, requirement_ids

TABLE = "gbt_39117_2020_discrete"


def answers(**by_level):
    names = requirement_ids(load_all(DAY).criteria[TABLE])
    return {n.replace(".", "__"): by_level.get(n.split(".")[1], "none") for n in names}


def gaps_of(criteria_id, whole, wanted=None, tailored=None):
    diagnosis, criteria = filled(whole, tailored=tailored), load_all(DAY)
    assessments = assess_diagnosis(diagnosis, criteria)
    return [gap for gap in find_gaps(assessments, criteria, diagnosis, wanted) if gap.criteria_id == criteria_id]


def test_the_gaps_of_maturity_are_those_of_the_next_level_heaviest_first():
    whole = firm(**{**answers(L1="full", L2="partly", L3="none"), "production_type": "discrete"})
    gaps = gaps_of(TABLE, whole)
    weights = [gap.weight for gap in gaps]

    assert {gap.requirement.level for gap in gaps} == {2}
    assert weights == sorted(weights, reverse=True)
    assert sum(weights) == Fraction(1, 2)
    assert {gap.now for gap in gaps} == {"partly"}


def test_what_is_met_or_tailored_is_no_gap_and_what_is_open_is_one():
    facts = {**answers(L1="full", L2="partly"), "data__L2__1": "full", "network__L2__1": None}
    gaps = gaps_of(TABLE, firm(**facts, production_type="discrete"), tailored={"logistics": "外包"})
    names = {gap.requirement.id: gap for gap in gaps}

    assert "data.L2.1" not in names
    assert names["network.L2.1"].now == "unknown"
    assert not any(name.startswith("logistics") for name in names)


def test_a_wanted_level_brings_the_levels_below_it_first():
    whole = firm(**answers(L1="full", L2="partly"), production_type="discrete")
    levels = [gap.requirement.level for gap in gaps_of(TABLE, whole, wanted={TABLE: 3})]

    assert levels == sorted(levels)
    assert set(levels) == {2, 3}


def test_the_highest_level_leaves_no_gap():
    whole = firm(**answers(L1="full", L2="full", L3="full", L4="full", L5="mostly"), production_type="discrete")

    assert gaps_of(TABLE, whole) == []


def test_every_gate_that_is_not_surely_met_is_a_gap_with_its_distance():
    one = good_workshop("冲压车间", equipment_digital_count=14, systems_integrated=None)
    whole = firm(factory(one), chongqing_legal_person=True, policy_fit=True)
    gaps = gaps_of("cq_digital_workshop", whole)

    assert [(g.requirement.id, g.now, g.distance and g.distance.zh) for g in gaps] == [
        ("W2", "not_met", "差 6 台（套）"),
        ("W6", "not_known", None),
    ]
    assert {(gap.subject_name, gap.group.zh) for gap in gaps} == {("冲压车间", "重庆市数字化车间")}


def test_a_graded_scheme_shows_the_gates_of_the_next_grade_or_the_wanted_one():
    whole = firm(factory(), above_scale=True)
    next_grade = {gap.requirement.id for gap in gaps_of("cn_smart_factory_2025", whole)}
    wanted = {gap.requirement.id for gap in gaps_of("cn_smart_factory_2025", whole, {"cn_smart_factory_2025": 2})}

    assert next_grade == {"basic.G2", "basic.G3", "basic.G4", "basic.G5", "basic.G6"}
    assert wanted == next_grade | {"advanced.G5", "advanced.G6"}


def test_what_does_not_apply_leaves_no_gap():
    assert gaps_of("conversion", firm(traditional_maker=False)) == []


def test_each_gap_finds_the_improvements_that_lift_it():
    whole = firm(factory(good_workshop(equipment_digital_count=14)), production_type="discrete")
    gaps = [*gaps_of(TABLE, whole), *gaps_of("cq_digital_workshop", whole)]
    found = improvements_for(gaps, load_all(DAY))

    assert set(found) == {lifted_by(gap) for gap in gaps}
    assert [one.adds.count for one in found["cq_digital_workshop.W2"]] == ["equipment_digital_count"]
    assert all(found[lifted_by(gap)] for gap in gaps if gap.criteria_id == TABLE)
