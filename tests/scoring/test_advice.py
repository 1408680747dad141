"""Advice: the plan for the next level with all that is said about it, the same for the same facts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from questionnaires.model import State, Statement
from scoring.advice import Advice, advise, advise_next_level, next_level
from scoring.assessment import assess_diagnosis
from scoring.goals import Goal, reached
from scoring.ground import Ground
from scoring.loader import load_all
from scoring.plan import Limits, Result
from scoring.solver import OutOfTime
from tests.reports.sample import sample_diagnosis
from tests.scoring.advice_plainly import plainly, said

TABLE = "gbt_39117_2020_discrete"


def every_practice(degree: str):
    filled = sample_diagnosis()
    facts = {key: Statement(State.STATED, degree) if ".L" in key else said for key, said in filled.firm.facts.items()}
    return replace(filled, firm=replace(filled.firm, facts=facts))


def goal_of(filled):
    return next_level(assess_diagnosis(filled, load_all(filled.as_of)))


@pytest.fixture(scope="module")
def advice() -> Advice:
    filled = sample_diagnosis()
    criteria = load_all(filled.as_of)
    return advise_next_level(filled, criteria, assess_diagnosis(filled, criteria))


def test_the_goal_is_the_level_above_the_surely_reached_one():
    assert goal_of(sample_diagnosis()) == Goal(TABLE, 3)
    assert goal_of(sample_diagnosis(settled=False)) == Goal(TABLE, 1)
    assert goal_of(every_practice("none")) == Goal(TABLE, 1)


def test_there_is_no_goal_at_the_highest_level_without_answers_or_without_a_table():
    filled = sample_diagnosis()
    nothing_said = replace(filled, firm=replace(filled.firm, facts={}, parts=()))
    only_the_profile = {key: said for key, said in filled.firm.facts.items() if ".L" not in key}

    assert goal_of(every_practice("full")) is None
    assert goal_of(nothing_said) is None
    assert goal_of(replace(filled, firm=replace(filled.firm, facts=only_the_profile))) is None


def test_the_plan_reaches_the_goal_and_everything_around_it_fits_the_plan(advice):
    ids = [one.project.id for one in advice.plan.projects]

    assert (advice.plan.result, advice.plan.proved) == (Result.REACHED, True)
    assert reached(Goal(TABLE, 3), advice.quarters[-1].after)
    assert not reached(Goal(TABLE, 3), advice.quarters[-2].after)
    assert advice.quarters[-1].spent == advice.plan.cost.likely
    assert [why.planned.project.id for why in advice.why] == ids
    assert {why.planned.project.id for why in advice.first} <= set(ids)
    assert all(one.project.id not in ids for one in advice.why_not)
    assert all(other.cost.likely <= advice.plan.cost.likely * 11 // 10 for other in advice.alternatives)


def test_the_frontier_ends_one_level_above_the_goal_and_costs_more_with_every_level(advice):
    levels = [plan.goals[0].level for plan in advice.frontier]
    results = [plan.result for plan in advice.frontier]
    costs = [plan.cost.likely for plan in advice.frontier]

    assert levels == [1, 2, 3, 4]
    assert results == [Result.ALREADY, Result.ALREADY, Result.REACHED, Result.REACHED]
    assert costs[:2] == [0, 0]
    assert costs[2] == advice.plan.cost.likely < costs[3]
    assert advice.frontier[2] is advice.plan


def test_under_a_budget_the_frontier_still_says_what_the_goal_costs(advice):
    short = advise(advice.filled, advice.criteria, advice.plan.goals, Limits(budget=100))

    assert short.plan.result is Result.OVER_BUDGET
    assert short.plan.cost.likely <= 100
    assert short.frontier[2].cost == advice.plan.cost


def test_several_goals_and_goals_of_one_outcome_have_no_frontier(advice):
    several = [Goal(TABLE, 3), Goal("sme_digital_2024", 2)]

    assert advise(advice.filled, advice.criteria, several).frontier == ()
    assert advise(advice.filled, advice.criteria, [Goal("cq_digital_workshop", 1)]).frontier == ()


def test_the_same_facts_are_given_the_same_advice(advice):
    again = advise(advice.filled, advice.criteria, advice.plan.goals)
    names = [[one.project.id for one in plan.projects] for plan in (*again.frontier, *again.alternatives)]

    assert names == [[one.project.id for one in plan.projects] for plan in (*advice.frontier, *advice.alternatives)]
    assert again.quarters == advice.quarters


@pytest.mark.parametrize("limits", [Limits(), Limits(budget=100), Limits(quarters=5, people=16)], ids=str)
@pytest.mark.parametrize(
    "goals",
    [
        [Goal(TABLE, 1)],
        [Goal(TABLE, 3)],
        [Goal("cq_digital_workshop", 1)],
        [Goal(TABLE, 1), Goal("cq_smart_factory", 1)],
    ],
    ids=str,
)
@pytest.mark.parametrize("settled", [True, False])
def test_what_is_worked_out_on_shared_ground_is_what_comes_out_the_long_way(settled, goals, limits):
    filled = sample_diagnosis(settled=settled)
    criteria = load_all(filled.as_of)
    short = said(advise(filled, criteria, goals, limits))
    long = plainly(filled, criteria, goals, limits)

    assert (short.plan, short.quarters, short.frontier, short.why_not) == (
        long.plan,
        long.quarters,
        long.frontier,
        long.why_not,
    )
    assert limits != Limits() or short.others == long.others


def test_the_whole_frontier_goes_up_to_the_highest_level_and_begins_with_the_other(advice):
    levels = [plan.goals[0].level for plan in advice.whole_frontier]

    assert levels == [1, 2, 3, 4, 5]
    assert advice.whole_frontier[2] is advice.plan
    assert [plan.cost for plan in advice.whole_frontier[:4]] == [plan.cost for plan in advice.frontier]


def test_what_is_asked_for_twice_is_worked_out_once(advice):
    assert advice.alternatives is advice.alternatives
    assert advice.ground.program(advice.plan.goals) is advice.ground.program(list(advice.plan.goals))


def test_a_choice_whose_search_is_cut_off_is_left_out_and_the_rest_is_said(advice, monkeypatch):
    def cut_off(*_given):
        raise OutOfTime("nothing was found")

    again = Advice(Ground(advice.filled, advice.criteria), advice.plan)
    monkeypatch.setattr("scoring.plan_choices.cheapest", cut_off)
    monkeypatch.setattr("scoring.plan.cheapest", cut_off)

    assert (again.alternatives, again.why_not) == ((), ())
    assert [plan.goals[0].level for plan in again.frontier] == [1, 2, 3]
    assert again.quarters == advice.quarters
