from scoring.assessment import assess_diagnosis
from scoring.loader import load_all
from tests.scoring.make import DAY, factory, filled, firm, good_workshop


def derivation(criteria_id, whole):
    return next(a for a in assess_diagnosis(filled(whole), load_all(DAY)) if a.criteria_id == criteria_id).derivation


def every(reason):
    yield reason
    for below in reason.because:
        yield from every(below)


def find(reason, *refs):
    for ref in refs:
        reason = next(below for below in reason.because if below.ref == ref)
    return reason


def whole():
    return firm(
        factory(good_workshop("冲压车间", equipment_digital_count=14), good_workshop("焊装车间")),
        chongqing_legal_person=True,
        policy_fit=True,
        production_type="discrete",
        data__L2__1="mostly",
        employees=300,
        revenue=2000,
        sme__f1=("o1", "o2"),
        traditional_maker=False,
    )


def test_a_digital_workshop_goes_from_conclusion_over_rule_to_fact_and_answer():
    reason = derivation("cq_digital_workshop", whole())
    requirement = find(reason, "W2")
    rate = find(requirement, "equipment_digital_rate")

    assert (reason.state, reason.subject) == ("not_met", "冲压车间")
    assert (requirement.state, requirement.rule.source) == ("not_met", "zhjsw.cn/news/show-31262.html")
    assert requirement.rule.since.isoformat() == "2018-04-01"
    assert (rate.state, rate.rule.confidence) == ("35", "sourced")
    assert [(leaf.fact, leaf.state) for leaf in rate.because] == [
        ("equipment_digital_count", "14"),
        ("equipment_count", "40"),
    ]


def test_a_smart_factory_names_the_verdict_of_each_workshop():
    counted = find(derivation("cq_smart_factory", whole()), "F5", "digital_workshop_count")

    assert [(leaf.subject, leaf.state) for leaf in counted.because] == [("冲压车间", "not_met"), ("焊装车间", "met")]


def test_maturity_goes_from_level_over_element_and_subdomain_to_the_requirement():
    reason = derivation("gbt_39117_2020_discrete", whole())
    leaf = find(reason, "L2", "technology.L2", "data.L2", "data.L2", "data.L2.1")

    assert reason.state == "level 0-5"
    assert (leaf.state, leaf.fact) == ("mostly", "data.L2.1")
    assert leaf.rule.title.startswith("GB/T 39116")
    assert find(reason, "L2", "technology.L2").rule.confidence == "known-medium"


def test_the_gradient_rests_on_the_maturity_level():
    level = find(derivation("cn_smart_factory_2025", whole()), "basic.G5", "maturity_level")

    assert level.state == "0..5"
    assert level.because[0].ref == "gbt_39117_2020_discrete"


def test_points_name_the_level_rules_and_every_answer():
    reason = derivation("sme_digital_2024", whole())

    assert find(reason, "level_rule.4").state == "not_known"
    assert find(reason, "f1", "sme.f1").state == "o1,o2"
    assert find(reason, "s01", "sme.s01").state == "blank"


def test_what_does_not_apply_says_which_answer_decides():
    reason = derivation("conversion", whole())

    assert reason.state == "not_applicable"
    assert find(reason, "traditional_maker").state == "no"


def test_every_step_that_is_no_answer_of_this_firm_has_a_rule():
    for assessment in assess_diagnosis(filled(whole()), load_all(DAY)):
        for reason in every(assessment.derivation):
            assert reason.rule is not None, (assessment.criteria_id, reason.ref)
            assert reason.text.zh
            assert reason.text.en


def test_what_is_scored_says_what_it_scores_and_not_that_it_is_missed():
    reason = derivation("sme_digital_2024", whole())

    assert find(reason, "f1").state == "4"
