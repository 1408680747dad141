from itertools import product

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from scoring.assessment import assess, assess_diagnosis
from scoring.indicators import Case
from scoring.loader import load_all
from scoring.model import Outcome, RequirementState
from tests.conftest import ROOT
from tests.scoring.make import DAY, factory, filled, firm, good_workshop, requirement_ids

WORKSHOPS = yaml.safe_load((ROOT / "tests" / "cases" / "cq_digital_workshop.yaml").read_text())["cases"]
FIRM = {"chongqing_legal_person": True, "policy_fit": True, "production_type": "discrete", "complete_product": False}
FACTORY = {
    "designers_count": 10,
    "designers_with_tools_count": 8,
    "design_knowledge_management": True,
    "erp_closed_loop": True,
    "integrated_big_data_decision": True,
    "operating_cost_before": 100,
    "operating_cost_after": 85,
    "productivity_before": 100,
    "productivity_after": 110,
}
CONVERSION = {
    "traditional_maker": True,
    "conversion_a_series_supply": True,
    "conversion_b_nev_model": True,
    "conversion_d_line_in_use": True,
}


def judged(whole, criteria_id):
    return [a for a in assess_diagnosis(filled(whole), load_all(DAY)) if a.criteria_id == criteria_id]


def result_of(assessment, requirement):
    return next(result for result in assessment.requirements if result.requirement.id == requirement)


@pytest.mark.parametrize("case", WORKSHOPS, ids=lambda case: case["name"])
def test_digital_workshop(case):
    whole = firm(factory(good_workshop(**case["facts"])), **FIRM)
    assessment = judged(whole, "cq_digital_workshop")[0]
    result = result_of(assessment, case["expect"]["requirement"])

    assert assessment.outcome == case["expect"]["outcome"]
    assert result.state == case["expect"]["state"]
    assert "zh" not in case["expect"] or result.distance.zh == case["expect"]["zh"]


def test_each_workshop_is_judged_by_itself():
    whole = firm(factory(good_workshop("a"), good_workshop("b", equipment_digital_count=1)), **FIRM)

    assert [(a.subject_name, a.outcome) for a in judged(whole, "cq_digital_workshop")] == [
        ("a", Outcome.MET),
        ("b", Outcome.NOT_MET),
    ]


def test_a_requirement_without_threshold_is_listed_and_not_judged():
    whole = firm(factory(good_workshop(ws_productivity_before=50, ws_productivity_after=60)), **FIRM)
    result = result_of(judged(whole, "cq_digital_workshop")[0], "W7")

    assert result.state is RequirementState.NOT_JUDGED
    assert [figure.value.low if figure.value else None for figure in result.figures] == [20, None]


def test_a_smart_factory_needs_two_digital_workshops_of_the_same_firm():
    alone = firm(factory(good_workshop("a"), **FACTORY), **FIRM)
    other = factory(good_workshop("b"), name="二工厂")
    two = firm(factory(good_workshop("a"), **FACTORY), other, **FIRM)

    assert judged(alone, "cq_smart_factory")[0].outcome is Outcome.NOT_MET
    assert result_of(judged(alone, "cq_smart_factory")[0], "F5").distance.zh == "差 1 个"
    assert judged(two, "cq_smart_factory")[0].outcome is Outcome.MET


def test_an_open_workshop_leaves_the_smart_factory_open():
    whole = firm(factory(good_workshop("a"), good_workshop("b", systems_integrated=None), **FACTORY), **FIRM)
    result = result_of(judged(whole, "cq_smart_factory")[0], "F5")

    assert (result.value.low, result.value.high) == (1, 2)
    assert judged(whole, "cq_smart_factory")[0].outcome is Outcome.NOT_KNOWN


def test_expert_conditions_are_not_judged_and_do_not_stand_in_the_way():
    whole = firm(factory(good_workshop("a"), good_workshop("b"), **FACTORY), **FIRM)
    assessment = judged(whole, "cq_smart_factory")[0]

    assert assessment.outcome is Outcome.MET
    assert result_of(assessment, "F2").state is RequirementState.NOT_JUDGED
    assert result_of(assessment, "F2").requirement.because.zh.startswith("由专家评判")


def test_remote_service_is_asked_only_of_complete_products():
    workshops = (good_workshop("a"), good_workshop("b"))
    parts = firm(factory(*workshops, **FACTORY), **FIRM)
    machines = firm(factory(*workshops, **FACTORY), **{**FIRM, "complete_product": True})
    unsaid = firm(factory(*workshops, **FACTORY), **{**FIRM, "complete_product": None})
    without = firm(factory(*workshops, **FACTORY, remote_product_service=False), **{**FIRM, "complete_product": None})

    assert result_of(judged(parts, "cq_smart_factory")[0], "F8").state is RequirementState.NOT_APPLICABLE
    assert judged(machines, "cq_smart_factory")[0].outcome is Outcome.NOT_KNOWN
    assert result_of(judged(unsaid, "cq_smart_factory")[0], "F8").state is RequirementState.NOT_KNOWN
    assert result_of(judged(without, "cq_smart_factory")[0], "F8").state is RequirementState.NOT_KNOWN


def practices(upto):
    criteria = load_all(DAY).criteria["gbt_39117_2020_discrete"]
    return {
        name.replace(".", "__"): "full" for name in requirement_ids(criteria) if int(name.split(".L")[1][0]) <= upto
    }


BASIC = {"above_scale": True, "good_standing_3y": True, "secure_controllable": True, "smart_org_and_talent": True}
STAGES = (
    "stage_production_operation",
    "stage_production_management",
    "stage_business_operation",
    "stage_factory_building",
    "stage_research_design",
)


@pytest.mark.parametrize(
    ("maturity", "stages", "grades"),
    [(1, 5, 0), (2, 0, 0), (2, 1, 1), (2, 3, 2), (2, 5, 2), (3, 5, 3), (4, 4, 2), (4, 5, 4)],
)
def test_a_grade_needs_the_maturity_level_the_stages_and_every_grade_below(maturity, stages, grades):
    none = {name.replace("__", "."): "none" for name in practices(5)}
    answers = {**dict.fromkeys(practices(5), "none"), **practices(maturity)}
    covered = {stage: n < stages for n, stage in enumerate(STAGES)}
    assessment = judged(firm(factory(**covered), **{**FIRM, **BASIC, **answers}), "cn_smart_factory_2025")[0]

    assert len(none) == 207
    assert (assessment.outcome, assessment.level.low, assessment.level.high) == (Outcome.LEVEL, grades, grades)


def test_an_open_maturity_level_leaves_the_grade_open():
    covered = dict.fromkeys(STAGES, True)
    assessment = judged(firm(factory(**covered), **{**FIRM, **BASIC, **practices(2)}), "cn_smart_factory_2025")[0]

    assert (assessment.level.low, assessment.level.high) == (2, 4)


def test_a_conversion_waits_for_the_threshold_unless_a_line_is_in_use():
    in_use = judged(firm(**CONVERSION), "conversion")[0]
    share = {"conversion_d_line_in_use": False, "nev_revenue_y0": 90, "revenue": 100}
    waiting = judged(firm(**{**CONVERSION, **share}), "conversion")[0]

    assert in_use.outcome is Outcome.MET
    assert waiting.outcome is Outcome.NOT_KNOWN
    assert result_of(waiting, "CD").value.low == 90
    assert in_use.notice.zh == "本工具默认口径，待主管部门确认。"


def test_a_firm_that_is_no_traditional_maker_is_not_converted_nor_unconverted():
    assert judged(firm(traditional_maker=False), "conversion")[0].outcome is Outcome.NOT_APPLICABLE
    assert judged(firm(**{**CONVERSION, "traditional_maker": None}), "conversion")[0].outcome is Outcome.NOT_KNOWN


# --- bounds equal brute force --------------------------------------------------------------------------------------

OPEN_FACTS = {
    "equipment_digital_count": range(0, 41, 10),
    "uploading_device_count": range(0, 31, 9),
    "mes_quality": (True, False),
    "systems_integrated": (True, False),
}


@given(st.dictionaries(st.sampled_from(sorted(OPEN_FACTS)), st.none(), max_size=3), st.data())
def test_a_gate_is_open_exactly_when_some_answers_meet_it_and_some_do_not(left_open, data):
    known = {
        name: data.draw(st.sampled_from(list(values))) for name, values in OPEN_FACTS.items() if name not in left_open
    }
    outcomes = set()
    for answers in product(*[OPEN_FACTS[name] for name in left_open]):
        outcomes.add(outcome({**known, **dict(zip(left_open, answers, strict=True))}))
    found = outcome({**known, **left_open})

    assert outcomes == {found} if found is not Outcome.NOT_KNOWN else outcomes == {Outcome.MET, Outcome.NOT_MET}


def outcome(facts):
    criteria = load_all(DAY)
    whole = firm(factory(good_workshop(**facts)), **FIRM)
    path = (whole, whole.parts[0], whole.parts[0].parts[0])
    return assess(criteria.criteria["cq_digital_workshop"], Case(path, criteria.facts, criteria.indicators), {}).outcome


ORDER = {Outcome.NOT_MET: 0, Outcome.NOT_KNOWN: 1, Outcome.MET: 2}


@given(st.data())
def test_one_more_machine_or_yes_never_makes_a_workshop_worse(data):
    before = {name: data.draw(st.sampled_from(sorted(values))) for name, values in OPEN_FACTS.items()}
    after = {
        name: data.draw(st.sampled_from([v for v in OPEN_FACTS[name] if v >= value])) for name, value in before.items()
    }

    assert ORDER[outcome(before)] <= ORDER[outcome(after)]


@given(st.sets(st.sampled_from(sorted(OPEN_FACTS))))
def test_leaving_something_blank_never_raises_an_outcome(blank):
    facts = {
        "equipment_digital_count": 20,
        "uploading_device_count": 27,
        "mes_quality": True,
        "systems_integrated": True,
    }

    assert outcome({**facts, **dict.fromkeys(blank)}) is (Outcome.NOT_KNOWN if blank else Outcome.MET)
