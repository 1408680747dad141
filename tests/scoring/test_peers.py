"""The group a firm is compared with, and what is told of it: settled values only, nobody's own."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.model import Statement
from scoring.assessment import assess_diagnosis
from scoring.coarse import FEWEST, Quartiles, Share, settled, steps_to
from scoring.exact import Bounds
from scoring.loader import load_all
from scoring.peers import (
    RATES,
    TOTAL,
    Comparison,
    Figures,
    Group,
    compare,
    facts_compared,
    figures_of,
    level_compared,
    part_key,
    part_scores,
    rates,
    step_of,
)
from scoring.result_file import write_result
from tests.reports.sample import sample_diagnosis
from tests.scoring.random_firms import make_firm as random_firm

DAY = date(2026, 11, 27)
DISCRETE = "gbt_39117_2020_discrete"


def firm(total=2, industry="3670", size=3, met=False, **values):
    """What is compared of a made-up firm; its level is the whole part of its total, None for an open total."""
    level = None if total is None else int(Fraction(total))
    stated = {TOTAL: total, **values}
    steps = {key: None if said is None else steps_to(Fraction(said), step_of(key)) for key, said in stated.items()}
    return Figures(industry, size, level, steps, {"cq_digital_workshop": met})


def keyed(others):
    """Return firms by keys that do not depend on their order, as those of records."""
    keys, seen = {}, Counter()
    for one in others:
        name = repr(one)
        seen[name] += 1
        keys[f"{name} {seen[name]}"] = one
    return keys


def told(own, others, earlier=()):
    return compare(own, keyed(others), 3, DAY, earlier)


def test_firms_of_the_same_industry_and_size_come_first():
    near = [firm(total) for total in ("1", "1.2", "2", "2.2", "3.1")]
    far = [firm("5", industry="3620") for _number in range(5)]
    found = told(firm(), [*near, *far])

    assert (found.group, found.industry, found.size, found.firms) == (Group.SIZE, "3670", 3, 5)
    assert found.quartiles[TOTAL] == Quartiles(5, Fraction("1.2"), Fraction(2), Fraction("2.2"))


def test_the_group_is_widened_to_the_industry_and_then_to_all():
    four = [firm() for _number in range(4)]
    industry = told(firm(), [*four, firm(size=1)])
    everybody = told(firm(), [*four, firm(industry="3620")])

    assert (industry.group, industry.size, industry.firms) == (Group.INDUSTRY, None, 5)
    assert (everybody.group, everybody.industry, everybody.firms) == (Group.ALL, "", 5)


@pytest.mark.parametrize("more", range(1, FEWEST))
def test_a_group_is_passed_over_where_the_wider_one_has_only_a_few_firms_more(more):
    near, small = [firm() for _number in range(7)], [firm(size=1) for _number in range(more)]

    assert told(firm(), [*near, *small]).firms == 7 + more
    assert told(firm(), [*near, *(firm(size=1) for _number in range(FEWEST))]).firms == 7


def test_of_a_firm_whose_size_or_industry_is_open_the_nearest_group_is_wider():
    others = [firm() for _number in range(6)]

    assert told(firm(size=None), others).group is Group.INDUSTRY
    assert told(firm(industry=""), [*others, firm(industry="")]).group is Group.ALL


@pytest.mark.parametrize("number", range(FEWEST))
def test_with_fewer_than_five_others_nothing_is_told_not_even_how_many(number):
    assert told(firm(), [firm("1.7") for _number in range(number)]) == Comparison(DAY)


def test_an_unsettled_value_counts_neither_as_a_low_one_nor_at_all():
    settled = [firm(total) for total in ("2", "2.1", "2.2", "2.3", "2.4")]
    open_ones = [firm(None) for _number in range(5)]
    found = told(firm(), [*settled, *open_ones])

    assert found.firms == 10
    assert found.quartiles[TOTAL] == Quartiles(5, Fraction("2.1"), Fraction("2.2"), Fraction("2.3"))
    assert found.levels[2] == Share(5, Fraction(3, 4), Fraction(1))


def test_a_value_is_left_out_where_fewer_than_five_firms_have_it_settled():
    others = [firm(**{RATES[0]: 50}) for _number in range(4)] + [firm() for _number in range(4)]
    found = told(firm(**{RATES[0]: 20}), others)

    assert set(found.quartiles) == {TOTAL}


def test_values_are_told_in_steps_of_their_kind():
    part = part_key("element", "technology")
    others = [firm("2.649", **{RATES[0]: "52.4", part: "0.724"}) for _number in range(5)]
    found = told(others[0], others)

    assert found.quartiles[TOTAL].median == Fraction("2.6")
    assert found.quartiles[RATES[0]].median == 50
    assert found.quartiles[part].median == Fraction("0.7")


def test_levels_are_told_for_the_whole_scale_so_that_the_highest_firm_does_not_show():
    assert list(told(firm(), [firm("1") for _number in range(5)]).levels) == [0, 1, 2, 3, 4, 5]


def test_how_many_have_a_place_that_meets_the_conditions_leaves_out_what_is_open():
    others = [firm(met=True), firm(met=True), firm(), firm(), firm(), firm(met=None), firm(met=None)]

    assert told(firm(), others).met == {"cq_digital_workshop": Share(5, Fraction(1, 4), Fraction(3, 4))}


FIRMS = st.builds(
    lambda total, size, industry: firm(total, industry, size),
    st.fractions(0, 5, max_denominator=50),
    st.sampled_from([1, 2, 3, None]),
    st.sampled_from(["3670", "3620", ""]),
)


@given(st.lists(FIRMS, max_size=25), st.randoms())
def test_the_order_of_the_others_changes_nothing(others, chance):
    mixed = list(others)
    chance.shuffle(mixed)

    assert told(firm(), mixed) == told(firm(), others)


TOTALS = st.lists(st.fractions(0, 5, max_denominator=50), min_size=FEWEST, max_size=20)


@given(TOTALS, TOTALS, FIRMS)
def test_a_firm_outside_of_the_group_changes_nothing(near, far, another):
    others = [firm(total) for total in near] + [firm(total, "3620") for total in far]
    outsider = replace(another, industry="2911")

    assert told(firm(), [*others, outsider]) == told(firm(), others)


@given(st.lists(FIRMS, max_size=25))
def test_two_groups_that_can_be_seen_are_the_same_or_differ_by_five_firms_or_more(others):
    asked = [told(firm(industry=industry, size=size), others) for industry in ("3670", "") for size in (1, 2, 3, None)]
    widest_last = sorted((found for found in asked if found.group), key=lambda found: list(Group).index(found.group))
    nested = [(one, other) for one, other in combinations(widest_last, 2) if one.group != other.group]

    assert not any(one.is_few_apart(other) for one, other in nested)


@given(st.lists(FIRMS, max_size=FEWEST - 1), st.lists(FIRMS, max_size=FEWEST - 1))
def test_with_few_firms_what_is_told_does_not_depend_on_them(some, others):
    assert told(firm(), some) == told(firm(), others)


# --- what was told before ---------------------------------------------------------------------------------------------


def numbered(*totals, first=0):
    return {f"{number}": firm(total) for number, total in enumerate(totals, start=first)}


@pytest.mark.parametrize("changed", range(1, FEWEST))
def test_what_was_told_is_told_again_until_five_firms_have_changed(changed):
    before = compare(firm(), numbered(*range(5)), 3, DAY)
    more = numbered(*([4] * changed), first=5)
    other_day = date(2026, 12, 1)

    assert compare(firm(), numbered(*range(5)) | more, 3, other_day, [before]) == before
    assert compare(firm(), numbered(*range(5)) | numbered(*([4] * 5), first=5), 3, other_day, [before]).firms == 10


def test_so_it_is_when_firms_were_diagnosed_again_or_have_left():
    before = compare(firm(), numbered(*range(5), 1, 2), 3, DAY)
    again = numbered(0, 1, 2, 3, 4) | numbered(3, 3, first=50)  # two have a newer record
    fewer = numbered(*range(5), 1)

    assert compare(firm(), again, 3, DAY, [before]) == before
    assert compare(firm(), fewer, 3, DAY, [before]) == before


def test_what_was_told_long_ago_is_looked_at_too_and_the_newest_is_told_again():
    first = compare(firm(), numbered(*range(5)), 3, DAY)
    second = compare(firm(), numbered(*([2] * 10)), 3, DAY)
    now = numbered(*([3] * 6))  # one more than the first, four fewer than the second

    assert compare(firm(), now, 3, DAY, [second, first]) == second


def test_with_too_few_firms_left_nothing_is_told_whatever_was_told_before():
    before = compare(firm(), numbered(*range(5)), 3, DAY)

    assert compare(firm(), numbered(*range(4)), 3, DAY, [before]) == Comparison(DAY)


@given(st.lists(st.lists(st.integers(0, 30), max_size=12, unique=True), max_size=8))
def test_of_all_that_a_firm_is_told_no_two_groups_are_a_few_firms_apart(days):
    seen: list[Comparison] = []
    for counted in days:
        now = compare(firm(), {f"{number}": firm(number % 5) for number in counted}, 3, DAY, seen)
        seen.insert(0, now)

    assert not any(one.is_few_apart(other) for one, other in combinations(seen, 2))


# --- read from what was frozen ----------------------------------------------------------------------------------------


@cache
def frozen(settled=True):
    filled = sample_diagnosis(settled=settled)
    rules = load_all(filled.as_of)
    assessments = assess_diagnosis(filled, rules)
    return filled, rules, assessments, json.loads(write_result(assessments, filled, b"", "zhizhen"))


def maturity_of(assessments):
    return next(one for one in assessments if one.criteria_id == DISCRETE)


@pytest.mark.parametrize("is_settled", [True, False])
@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_the_scores_of_parts_are_those_of_the_full_assessment(is_settled, level):
    filled, rules, assessments, _result = frozen(is_settled)
    parts = {
        part_key(node.kind, node.id): node.level_scores[level]
        for element in maturity_of(assessments).nodes
        for node in (element, *element.parts)
        if level in node.level_scores
    }

    assert part_scores(filled, rules.criteria[DISCRETE], level) == parts


@pytest.mark.parametrize("number", range(6))
def test_so_they_are_for_random_firms_with_what_they_tailor(number):
    filled = random_firm(number).begun
    rules = load_all(filled.as_of)
    judged = [one for one in assess_diagnosis(filled, rules) if one.nodes]
    for assessment in judged:
        nodes = {part_key(n.kind, n.id): n.level_scores for e in assessment.nodes for n in (e, *e.parts)}
        parts = {key: scores[2] for key, scores in nodes.items() if 2 in scores}

        assert part_scores(filled, rules.criteria[assessment.criteria_id], 2) == parts


def test_the_figures_are_what_the_full_assessment_says_in_steps():
    filled, rules, assessments, result = frozen()
    found = figures_of(filled, result, rules, DISCRETE, 3)
    judged = maturity_of(assessments)

    assert (found.industry, found.size, found.level) == ("3670", 3, 2)
    assert found.values[TOTAL] == settled(judged.total, Fraction(1, 10))
    assert found.values[part_key("capability_domain", "data")] == settled(
        judged.nodes[1].parts[0].level_scores[3], Fraction(1, 20)
    )


def test_what_an_unfinished_firm_leaves_open_is_open():
    filled, rules, _assessments, result = frozen(settled=False)
    found = figures_of(filled, result, rules, DISCRETE, 1)

    assert found.level is None
    assert found.values[TOTAL] is None


def test_nothing_but_the_facts_that_are_named_is_read():
    filled, rules, _assessments, result = frozen()
    wanted = facts_compared(rules, DISCRETE, 3)

    def without(subject):
        facts = {name: said for name, said in subject.facts.items() if name in wanted}
        return replace(subject, facts=facts, parts=tuple(map(without, subject.parts)))

    only = replace(filled, firm=without(filled.firm))
    assert figures_of(only, result, rules, DISCRETE, 3) == figures_of(filled, result, rules, DISCRETE, 3)


def test_rates_are_those_of_all_workshops_together():
    filled, rules, _assessments, _result = frozen()

    # 54 + 60 of 120 + 86 + 64; of the third workshop the digital machines are open: 0 to 64
    assert rates(filled, rules)["equipment_digital_rate"] == Bounds(Fraction(11400, 270), Fraction(17800, 270))


def test_a_firm_that_other_criteria_judge_is_not_compared():
    filled, rules, _assessments, result = frozen()

    assert figures_of(filled, result, rules, "gbt_39117_2020_process", 3) is None


def test_size_and_industry_are_open_while_their_facts_are():
    filled, rules, _assessments, result = frozen()
    facts: dict[str, Statement] = {
        name: said for name, said in filled.firm.facts.items() if name not in ("industry", "employees")
    }
    found = figures_of(replace(filled, firm=replace(filled.firm, facts=facts)), result, rules, DISCRETE, 3)

    assert (found.industry, found.size) == ("", None)


@pytest.mark.parametrize(
    ("outcomes", "met"), [((), False), (("not_met", "met"), True), (("not_met", "not_known"), None)]
)
def test_a_firm_meets_conditions_where_one_of_its_places_does(outcomes, met):
    filled, rules, _assessments, result = frozen()
    kept = [one for one in result["assessments"] if one["criteria"] != "cq_digital_workshop"]
    said = {**result, "assessments": kept + [{"criteria": "cq_digital_workshop", "outcome": one} for one in outcomes]}

    assert figures_of(filled, said, rules, DISCRETE, 3).met["cq_digital_workshop"] is met


def test_the_level_compared_is_the_one_above_and_at_most_the_highest():
    assert [level_compared(level) for level in (0, 2, 4, 5)] == [1, 3, 5, 5]
