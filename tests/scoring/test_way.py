"""The way to one verdict: what is asked, in which order, at least how much, and how much it saves."""

from statistics import median

import pytest

from questionnaires.loader import load
from questionnaires.model import State, Statement
from questionnaires.path import find_path
from scoring.assessment import assess_diagnosis
from scoring.deciding import Sight
from scoring.loader import load_all
from scoring.model import Outcome
from scoring.standing import stand
from scoring.way import MATURITY, Aim, aims, shortest_way, verdict_on
from tests.scoring import random_firms as made
from tests.scoring.make import factory, filled, firm, requirement_ids, workshop

CRITERIA = load_all(made.DAY)
QUESTIONNAIRE = load(made.QUESTIONNAIRE)
LEVEL = Aim(MATURITY, "firm")
NAMES = requirement_ids(CRITERIA.criteria["gbt_39117_2020_discrete"])


def way(answered, aim=LEVEL):
    path = find_path(QUESTIONNAIRE, answered.firm, answered.tailored)
    return shortest_way(aim, Sight(answered, CRITERIA, stand(answered, CRITERIA)), path.asked)


def discrete(degrees, **facts):
    said = {name.replace(".", "__"): degree for name, degree in degrees.items()}
    return filled(firm(production_type="discrete", **said, **facts))


def level(answered):
    return verdict_on(LEVEL, stand(answered, CRITERIA)).level


def test_the_type_of_production_is_asked_first_because_it_decides_which_table_judges():
    ask = way(filled(firm())).ask

    assert ask[0] == ("firm", "production_type")
    assert len(ask) == 1 + len(NAMES)


def test_level_1_comes_before_level_2_and_in_it_what_weighs_most():
    ask = [fact for _, fact in way(discrete({})).ask]

    assert ask[:4] == ["process_design.L1.1", "product_design.L1.1", "sales.L1.1", "sales.L1.2"]
    assert [fact.partition(".L")[2][0] for fact in ask] == sorted(fact.partition(".L")[2][0] for fact in ask)


def test_a_level_that_is_met_and_those_above_the_first_unmet_one_are_not_asked():
    degrees = {n: "full" for n in NAMES if ".L1." in n} | {n: "none" for n in NAMES if ".L3." in n}
    ask = way(discrete(degrees)).ask

    assert {fact.partition(".L")[2][0] for _, fact in ask} == {"2"}


def test_a_settled_level_asks_nothing_and_says_so():
    four_heaviest = ["process_design.L1.1", "product_design.L1.1", "sales.L1.1", "sales.L1.2", "logistics.L1.1"]
    settled = way(discrete(dict.fromkeys(four_heaviest, "none")))

    assert settled.settled
    assert settled.fewest == 0


@pytest.mark.parametrize("number", range(0, 30, 2))
def test_at_least_as_many_answers_as_the_smallest_settling_set_holds(number):
    begun = made.make_firm(number).begun
    if "production_type" in begun.firm.facts:
        assert way(begun).fewest == len(verdict_on(LEVEL, assess_diagnosis(begun, CRITERIA)).settle)
    else:
        assert way(begun).fewest == 1 + min(len(a.settle) for a in stand(begun, CRITERIA) if a.settle)


def test_the_maturity_tables_are_one_verdict_and_every_workshop_has_its_own():
    whole = filled(firm(factory(workshop("a"), workshop("b"))))

    assert aims(stand(whole, CRITERIA)) == (
        LEVEL,
        Aim("cq_digital_workshop", "a"),
        Aim("cq_digital_workshop", "b"),
        Aim("cq_smart_factory", "一工厂"),
        Aim("cn_smart_factory_2025", "一工厂"),
        Aim("sme_digital_2024", "firm"),
        Aim("conversion", "firm"),
    )


def test_a_verdict_that_does_not_apply_is_settled():
    whole = filled(firm(employees=5000, revenue=900000, traditional_maker=False))

    assert way(whole, Aim("sme_digital_2024", "firm")).settled
    assert way(whole, Aim("conversion", "firm")).settled
    assert verdict_on(Aim("conversion", "firm"), stand(whole, CRITERIA)).outcome is Outcome.NOT_APPLICABLE


def test_not_knowing_leaves_the_level_open_and_is_not_asked_again():
    degrees = {n: "full" for n in NAMES if ".L1." in n}
    answered = discrete(degrees | {n: "partly" for n in NAMES if ".L2." in n} | {"sales.L2.1": "full"})
    unknown = {
        n: Statement(State.UNKNOWN) for n in NAMES if n.startswith(("logistics.L2", "sales.L2", "product_design.L2"))
    }
    facts = {**answered.firm.facts, **{n: Statement(State.STATED, "full") for n in NAMES if ".L2." in n}, **unknown}
    left = way(
        type(answered)(**{**_fields(answered), "firm": type(answered.firm)(answered.firm.kind, "firm", "x", facts)})
    )

    assert {fact.partition(".L")[2][0] for _, fact in left.ask} == {"3", "4", "5"}
    assert set(left.unknown) == {("firm", name) for name in unknown}


def _fields(answered):
    return {name: getattr(answered, name) for name in answered.__slots__}


def test_a_fact_that_this_questionnaire_does_not_ask_is_out_of_reach():
    begun = discrete({})
    left = shortest_way(LEVEL, Sight(begun, CRITERIA, stand(begun, CRITERIA)), {"firm": ["sales.L1.1"]})

    assert left.ask == (("firm", "sales.L1.1"),)
    assert len(left.elsewhere) == len(NAMES) - 1


# --- on random firms --------------------------------------------------------------------------------------------------


def test_the_level_settled_by_the_shortest_way_is_that_of_the_full_filling_and_most_questions_are_saved():
    walks = [made.walk(made.make_firm(number), CRITERIA) for number in range(40)]

    assert [one.settled for one in walks] == [one.full for one in walks]
    assert median(one.saved for one in walks) > 0.6
    assert {one.profile for one in walks} == set(made.PROFILES)
