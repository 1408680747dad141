from fractions import Fraction

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from scoring.loader import load_criteria
from scoring.maturity import (
    compile_maturity,
    level_of_total,
    level_score,
    lifts,
    literal_total,
    maturity_level,
    stop_total,
    whole_score,
)
from scoring.model import EmptyLevel, GapLevels
from scoring.tailoring import shares
from tests.conftest import ROOT
from tests.scoring.make import (
    DAY,
    DEGREES,
    PASS,
    VALUES,
    answered,
    completions,
    criteria_over,
    group,
    requirement_ids,
    small_criteria,
    subdomain,
)

TABLES = ("gbt_39117_2020_discrete", "gbt_39117_2020_process")
BANDS = tuple(n + PASS for n in range(5))


def cases(name):
    return yaml.safe_load((ROOT / "tests" / "cases" / name).read_text())["cases"]


def named(case):
    return case["name"]


def scored(criteria, degrees, tailored=frozenset()):
    compiled = compile_maturity(criteria, frozenset(tailored))
    return compiled.score(compiled.encode(degrees))


def by_fractions(criteria, degrees):
    values = {name: VALUES[degree] for name, degree in degrees.items()}
    levels = range(1, len(criteria.bands) + 1)
    return [whole_score(criteria.capabilities, n, values, criteria.empty_level) for n in levels]


# --- published rules -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", cases("gbt_39117_levels.yaml"), ids=named)
def test_published_rule(case):
    scores = [Fraction(score) for score in case["level_scores"]]

    assert {
        "stop": str(stop_total(scores, PASS)),
        "literal": str(literal_total(scores, PASS)),
        "maturity_level": maturity_level(scores, PASS),
        "literal_level": level_of_total(literal_total(scores, PASS), BANDS),
    } == case["expect"]


@pytest.mark.parametrize("case", cases("gbt_39117_on_the_mark.yaml"), ids=named)
def test_a_score_exactly_on_the_mark_is_met(case):
    degrees = {name: [Fraction(degree) for degree in given_] for name, given_ in case["degrees"].items()}

    assert level_score(degrees, case["weights"]) == Fraction(case["expect"])


def test_the_mark_is_lost_with_floats_and_kept_here():
    weights, degrees = {"a": 14, "b": 50, "c": 13}, {"a": (4, 4, 5), "b": (10, 5, 10), "c": (5, 8, 5)}
    floats = sum(weights[m] * sum(d / (5 if m == "a" else 10) for d in degrees[m]) / 3 for m in weights) / 77
    exact = {m: [Fraction(d, 5 if m == "a" else 10) for d in degrees[m]] for m in weights}

    assert floats < 0.8
    assert level_score(exact, weights) == Fraction(4, 5)


def test_a_subdomain_with_no_requirement_at_the_level_does_not_lower_the_score():
    degrees = {"data": [Fraction(4, 5), Fraction(1)], "network": []}

    assert level_score(degrees, weights={"data": 46, "network": 54}) == Fraction(9, 10)


# --- the shipped tables --------------------------------------------------------------------------------------------


def test_logistics_and_sales_weigh_most_and_network_least_in_the_discrete_table():
    share = shares(load_criteria("gbt_39117_2020_discrete", DAY).capabilities)

    assert share["logistics"] == share["sales"] == max(share.values()) == Fraction(1001, 10000)
    assert share["network"] == min(share.values()) == Fraction(198, 10000)
    assert sum(share.values()) == 1


def test_the_process_table_gives_equipment_a_tenth():
    share = shares(load_criteria("gbt_39117_2020_process", DAY).capabilities)

    assert share["equipment"] == Fraction(1005, 10000)
    assert "product_design" not in share


@pytest.mark.parametrize("table", TABLES)
def test_full_answers_give_5_and_mostly_gives_every_level_at_the_mark(table):
    criteria = load_criteria(table, DAY)
    names = requirement_ids(criteria)

    assert scored(criteria, dict.fromkeys(names, "full")).total == 5
    assert scored(criteria, dict.fromkeys(names, "mostly")).level == 5
    assert scored(criteria, dict.fromkeys(names, "mostly")).level_scores == (PASS,) * 5


@pytest.mark.parametrize(("table", "expected"), [(TABLES[0], Fraction(77, 100)), (TABLES[1], Fraction(68, 100))])
def test_level_2_only_in_manufacturing_gives_the_weight_of_manufacturing(table, expected):
    criteria = load_criteria(table, DAY)
    made = {r.id for s in _manufacturing(criteria) for r in s.requirements}
    degrees = {n: "full" if ".L1." in n or (".L2." in n and n in made) else "none" for n in requirement_ids(criteria)}

    assert scored(criteria, degrees).level_scores[:3] == (1, expected, 0)


def _manufacturing(criteria):
    element = next(e for e in criteria.capabilities if e.id == "manufacturing")
    return [subdomain_ for domain in element.parts for subdomain_ in domain.parts]


@pytest.mark.parametrize("table", TABLES)
@given(data=st.data())
def test_integers_equal_fractions_on_the_shipped_tables(table, data):
    criteria = load_criteria(table, DAY)
    degrees = {name: data.draw(st.sampled_from(DEGREES)) for name in requirement_ids(criteria)}
    scores = by_fractions(criteria, degrees)
    score = scored(criteria, degrees)

    assert list(score.level_scores) == scores
    assert score.total == stop_total(scores, PASS)
    assert score.literal_total == literal_total(scores, PASS)
    assert score.level == maturity_level(scores, PASS)


# --- what must hold for every firm ---------------------------------------------------------------------------------


@given(st.data())
def test_integers_equal_fractions_whatever_the_model(data):
    criteria = data.draw(small_criteria(levels=3, most=2, empty=data.draw(st.sampled_from(EmptyLevel))))
    degrees = data.draw(answered(criteria, open_at_most=0))

    assert list(scored(criteria, degrees).level_scores) == by_fractions(criteria, degrees)


@given(st.data())
def test_bounds_are_the_worst_and_best_of_all_ways_to_answer(data):
    criteria = data.draw(small_criteria(gaps=data.draw(st.sampled_from(GapLevels))))
    degrees = data.draw(answered(criteria, open_at_most=3))
    compiled = compile_maturity(criteria)
    worst, best = compiled.bounds(compiled.encode(degrees))
    every = [scored(criteria, complete) for complete in completions(degrees)]

    for value in ("level", "stop", "literal"):
        found = [getattr(score, value) for score in every]
        assert (getattr(worst, value), getattr(best, value)) == (min(found), max(found))
    for level in range(2):
        found = [score.scores[level] for score in every]
        assert (worst.scores[level], best.scores[level]) == (min(found), max(found))


@given(st.data())
def test_answering_never_widens_the_bounds(data):
    criteria = data.draw(small_criteria())
    degrees = data.draw(answered(criteria))
    compiled = compile_maturity(criteria)
    open_names = [name for name, degree in degrees.items() if degree is None]
    more = {**degrees, **{name: data.draw(st.sampled_from([None, *DEGREES])) for name in open_names}}
    (low, high), (new_low, new_high) = (compiled.bounds(compiled.encode(d)) for d in (degrees, more))

    assert low.level <= new_low.level <= new_high.level <= high.level
    assert low.total <= new_low.total <= new_high.total <= high.total


@given(st.data())
def test_a_better_answer_never_lowers_anything(data):
    criteria = data.draw(small_criteria())
    degrees = data.draw(answered(criteria, open_at_most=0))
    better = {n: data.draw(st.sampled_from(DEGREES[DEGREES.index(d) :])) for n, d in degrees.items()}
    before, after = scored(criteria, degrees), scored(criteria, better)

    assert before.total <= after.total
    assert before.literal_total <= after.literal_total
    assert before.level <= after.level


@given(st.data())
def test_the_order_of_requirements_changes_nothing(data):
    criteria = data.draw(small_criteria(most=3))
    degrees = data.draw(answered(criteria, open_at_most=0))
    turned = criteria_over([_turned(element) for element in reversed(criteria.capabilities)], 2)

    assert scored(criteria, degrees).level_scores == scored(turned, degrees).level_scores


def _turned(capability):
    parts = [_turned(part) for part in reversed(capability.parts)]
    if not parts:
        kept = tuple(reversed(capability.requirements))
        return type(capability)(capability.kind, capability.id, capability.text, capability.weight, requirements=kept)
    return group(capability.kind, capability.id, capability.weight, parts)


@given(st.lists(st.fractions(0, 1, max_denominator=60), min_size=5, max_size=5))
def test_under_the_stop_rule_the_fraction_stays_below_the_mark(scores):
    total = stop_total(scores, PASS)

    assert total == 5 or total - int(total) < PASS
    assert level_of_total(total, BANDS) == maturity_level(scores, PASS)
    assert literal_total(scores, PASS) >= total


@given(st.data())
def test_what_each_requirement_lifts_adds_up_to_the_whole_level(data):
    criteria = data.draw(small_criteria(most=2))
    for level in (1, 2):
        lift = lifts(criteria.capabilities, level)

        assert sum(lift.values()) in ((1,) if lift else (0,))


# --- switches ------------------------------------------------------------------------------------------------------


def two_subdomains(**switches):
    parts = [subdomain("data", 60, (1, 0)), subdomain("network", 40, (1, 1))]
    return criteria_over([group("element", "e", 100, [group("capability_domain", "d", 100, parts)])], 2, **switches)


def test_an_empty_level_is_spread_over_the_siblings():
    degrees = {"data.L1.1": "partly", "network.L1.1": "full", "network.L2.1": "full"}

    assert scored(two_subdomains(), degrees).level_scores == (Fraction(7, 10), 1)


def test_an_empty_level_may_inherit_the_level_below():
    degrees = {"data.L1.1": "partly", "network.L1.1": "full", "network.L2.1": "full"}

    assert scored(two_subdomains(empty=EmptyLevel.INHERIT), degrees).level_scores == (Fraction(7, 10), Fraction(7, 10))


def test_the_literal_reading_takes_the_level_from_the_band_of_the_sum():
    parts = [subdomain("data", 100, (1, 1, 1))]
    elements = [group("element", "e", 100, [group("capability_domain", "d", 100, parts)])]
    degrees = {"data.L1.1": "full", "data.L2.1": "partly", "data.L3.1": "partly"}
    stop, literal = (scored(criteria_over(elements, 3, gaps=switch), degrees) for switch in GapLevels)

    assert (stop.level, stop.total, stop.literal_total) == (1, Fraction(3, 2), 2)
    assert literal.level == 2


def test_an_open_requirement_cannot_be_scored_only_bounded():
    compiled = compile_maturity(two_subdomains())

    with pytest.raises(KeyError):
        compiled.score(compiled.encode({}))
    assert [score.level for score in compiled.bounds(compiled.encode({}))] == [0, 2]


def test_a_level_at_which_nothing_is_asked_is_not_met():
    nothing = criteria_over(
        [group("element", "e", 1, [group("capability_domain", "d", 1, [subdomain("a", 1, (1, 0))])])], 2
    )

    assert scored(nothing, {"a.L1.1": "full"}).level_scores == (1, 0)
