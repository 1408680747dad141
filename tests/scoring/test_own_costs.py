"""Costs that stand in for those of the catalogue, and whose they are."""

from __future__ import annotations

from datetime import date

from scoring.loader import load_all
from scoring.model import Costs, CriteriaSet, PricedBy
from scoring.own_costs import CostPart, OwnCost, effective, with_own_costs

RULES = load_all(date(2026, 10, 31))
FIRM, REGION = PricedBy.FIRM, PricedBy.INSTALLATION


def own(name: str, cost: Costs, whose: PricedBy, part: CostPart = CostPart.PLACE) -> OwnCost:
    return OwnCost(name, part, cost, whose)


def improvement(criteria: CriteriaSet, name: str):
    return next(one for one in criteria.improvements if one.id == name)


def test_without_any_the_catalogue_is_the_same_object():
    assert with_own_costs(RULES, ()) is RULES


def test_a_firms_own_cost_of_a_place_does_not_follow_its_size_and_one_of_the_region_does():
    firm = with_own_costs(RULES, (own("smart_roadmap", Costs(1, 2, 3), FIRM),))
    region = with_own_costs(RULES, (own("smart_roadmap", Costs(1, 2, 3), REGION),))

    assert [improvement(one, "smart_roadmap").cost for one in (firm, region)] == [Costs(1, 2, 3)] * 2
    assert [improvement(one, "smart_roadmap").scale for one in (firm, region)] == ["", "rules"]


def test_everything_that_is_not_replaced_stays_the_same_object():
    changed = with_own_costs(RULES, (own("smart_roadmap", Costs(1, 2, 3), FIRM),))
    others = [one for one in changed.improvements if one.id != "smart_roadmap"]

    assert all(one is improvement(RULES, one.id) for one in others)
    assert changed.criteria is RULES.criteria


def test_it_is_known_whose_a_cost_is_and_the_firms_part_counts():
    mixed = with_own_costs(
        RULES,
        (
            own("nc_retrofit", Costs(4, 5, 6), REGION, CostPart.UNIT),
            own("nc_retrofit", Costs(1, 2, 3), FIRM),
            own("smart_roadmap", Costs(1, 2, 3), REGION),
        ),
    )
    both, region, neither = (improvement(mixed, name) for name in ("nc_retrofit", "smart_roadmap", "mes_execution"))

    assert (both.cost, both.each) == (Costs(1, 2, 3), Costs(4, 5, 6))
    assert [one.priced_by for one in (both, region, neither)] == [FIRM, REGION, PricedBy.CATALOGUE]


def test_of_two_costs_for_the_same_the_firms_counts_in_whatever_order_they_come():
    firm, region = own("smart_roadmap", Costs(1, 2, 3), FIRM), own("smart_roadmap", Costs(7, 8, 9), REGION)

    assert effective([firm, region]) == effective([region, firm]) == (firm,)


def test_what_is_no_improvement_of_the_catalogue_any_more_is_left_out():
    changed = with_own_costs(RULES, (own("given_up_long_ago", Costs(1, 2, 3), FIRM),))

    assert changed.improvements == RULES.improvements
