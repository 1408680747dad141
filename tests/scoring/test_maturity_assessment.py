from fractions import Fraction

import pytest

from questionnaires.model import State, Statement
from scoring.assessment import assess_diagnosis
from scoring.loader import load_all
from scoring.model import Outcome, RequirementState
from scoring.tailoring import TailoringRefused
from tests.scoring.make import DAY, filled, firm, requirement_ids

DATA_L2 = 3  # requirements of 数据 at level 2


def names(table="gbt_39117_2020_discrete"):
    return requirement_ids(load_all(DAY).criteria[table])


def answers(**by_level):
    """Every requirement answered by its level: L1="full"; a level left out is answered with none."""
    return {n.replace(".", "__"): by_level.get(n.split(".")[1], "none") for n in names()}


def judged(facts, tailored=None, production_type="discrete"):
    whole = firm(**{**facts, "production_type": production_type})
    return assess_diagnosis(filled(whole, tailored=tailored), load_all(DAY))[0]


def test_nothing_answered_leaves_everything_from_0_to_5():
    assessment = judged({})

    assert (assessment.level.low, assessment.level.high) == (0, 5)
    assert (assessment.total.low, assessment.total.high) == (0, 5)
    assert assessment.coverage.asked == assessment.coverage.blank == 207


def test_a_level_is_certain_only_where_both_ends_agree():
    assessment = judged({**answers(L1="full", L2="mostly"), "data__L2__1": None})

    assert (assessment.level.low, assessment.level.high) == (1, 2)
    assert assessment.settle == ("data.L2.1",)
    assert assessment.level_scores[2].low == Fraction(4, 5) * (1 - Fraction(506, 10000) / DATA_L2)
    assert assessment.level_scores[2].high == Fraction(4, 5) + Fraction(1, 5) * Fraction(506, 10000) / DATA_L2


def test_the_two_totals_and_levels_stand_side_by_side():
    assessment = judged(answers(L1="full", L2="partly", L3="partly", L4="partly"))

    assert (assessment.level.low, assessment.total.low) == (1, Fraction(3, 2))
    assert (assessment.literal_level.low, assessment.literal_total.low) == (2, Fraction(5, 2))


def test_unknown_and_blank_weigh_the_same_and_are_counted_apart():
    blank = judged({**answers(L1="full"), "data__L1__1": None})
    whole = firm(**{**answers(L1="full"), "data__L1__1": None, "production_type": "discrete"})
    facts = {**whole.facts, "data.L1.1": Statement(State.UNKNOWN)}
    unknown = assess_diagnosis(filled(type(whole)(whole.kind, whole.key, whole.name, facts)), load_all(DAY))[0]

    assert blank.total == unknown.total
    assert (blank.coverage.blank, blank.coverage.unknown) == (1, 0)
    assert (unknown.coverage.blank, unknown.coverage.unknown) == (0, 1)


def test_scores_of_elements_domains_and_subdomains_join_to_the_whole():
    assessment = judged({**answers(L1="full", L2="partly"), "data__L2__1": "full"})
    levels = [sum(node.weight * node.level_scores[level].low for node in assessment.nodes) for level in (1, 2, 3, 4)]

    assert sum(node.weight for node in assessment.nodes) == 1
    assert levels == [assessment.level_scores[level].low for level in (1, 2, 3, 4)]


def test_a_level_without_requirement_is_left_out_of_a_node():
    personnel = judged(answers()).nodes[0]

    assert personnel.id == "personnel"
    assert 5 not in personnel.level_scores
    assert 4 in personnel.level_scores


def test_what_is_tailored_is_shown_with_its_reason_and_weighs_nothing():
    assessment = judged(answers(L1="full"), tailored={"product_design": "来图加工，不做产品设计"})
    design = assessment.nodes[3].parts[0]
    result = next(r for r in assessment.requirements if r.requirement.id == "product_design.L1.1")

    assert [part.tailored for part in design.parts] == ["来图加工，不做产品设计", None]
    assert [part.weight for part in design.parts] == [0, Fraction(1001, 10000)]
    assert result.state is RequirementState.NOT_APPLICABLE
    assert "来图加工，不做产品设计" in assessment.derivation.because[-1].text.zh


def test_tailoring_outside_manufacturing_is_refused():
    with pytest.raises(TailoringRefused):
        judged({}, tailored={"data": "不需要"})


def test_the_production_type_picks_the_table():
    assert judged({}, production_type="process").criteria_id == "gbt_39117_2020_process"


def test_while_the_production_type_is_blank_both_tables_are_shown_and_none_concludes():
    both = [a for a in assess_diagnosis(filled(firm()), load_all(DAY)) if a.method == "gbt_39117"]

    assert [a.criteria_id for a in both] == ["gbt_39117_2020_discrete", "gbt_39117_2020_process"]
    assert {a.outcome for a in both} == {Outcome.NOT_KNOWN}


def test_each_requirement_says_how_it_stands():
    states = {r.requirement.id: r.state for r in judged({"data__L1__1": "full", "data__L2__1": "mostly"}).requirements}

    assert states["data.L1.1"] is RequirementState.MET
    assert states["data.L2.1"] is RequirementState.NOT_MET
    assert states["data.L3.1"] is RequirementState.NOT_KNOWN
