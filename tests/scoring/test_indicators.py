from fractions import Fraction
from itertools import product

import pytest
import yaml
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from questionnaires.model import SubjectKind
from scoring.exact import Bounds, exactly
from scoring.indicators import Case, bearers, bounds_of, facts_behind, place, ratio_bounds, value_of
from scoring.loader import load_all
from tests.conftest import ROOT
from tests.scoring.make import DAY, factory, firm, good_workshop, number, stated, workshop, yes_no

SIZES = yaml.safe_load((ROOT / "tests" / "cases" / "size_classes.yaml").read_text())["cases"]


def case_of(*path):
    criteria = load_all(DAY)
    return Case(path, criteria.facts, criteria.indicators)


def spans(low, high):
    return Bounds(Fraction(low), Fraction(high))


bounded = st.tuples(st.integers(0, 3), st.integers(0, 3)).map(lambda ends: spans(min(ends), max(ends)))


def every_ratio(parts):
    """Every rate that the ranges allow, None for a rate over nothing; a numerator never exceeds its denominator."""
    ranges = [range(int(b.low), int(b.high) + 1) for part in parts for b in part]
    for figures in product(*ranges):
        pairs = list(zip(figures[::2], figures[1::2], strict=True))
        if all(n <= d for n, d in pairs):
            whole = sum(d for _, d in pairs)
            yield Fraction(100 * sum(n for n, _ in pairs), whole) if whole else None


@settings(max_examples=300)
@given(st.lists(st.tuples(bounded, bounded), min_size=1, max_size=2))
@example([(spans(0, 3), spans(1, 1)), (spans(0, 0), spans(1, 1))])
def test_a_ratio_is_between_the_least_and_the_most_that_any_figures_give(parts):
    found = list(every_ratio(parts))
    bounds = ratio_bounds(parts)

    if not found or None in found:
        assert bounds is None
    else:
        assert bounds == Bounds(min(found), max(found))


@given(st.lists(st.tuples(bounded, bounded), min_size=1, max_size=2), st.sampled_from([0, 100]))
def test_a_rate_over_nothing_may_have_a_value_of_its_own(parts, if_empty):
    assume(all(n.low <= d.high for n, d in parts))
    found = [Fraction(if_empty) if rate is None else rate for rate in every_ratio(parts)]

    assert ratio_bounds(parts, Fraction(if_empty)) == Bounds(min(found), max(found))


def test_a_firm_adds_numerators_and_denominators_over_all_its_workshops():
    whole = firm(
        factory(workshop("a", equipment_count=10, equipment_digital_count=10)),
        factory(workshop("b", equipment_count=90, equipment_digital_count=10), name="二工厂"),
    )
    one = whole.parts[0]

    assert bounds_of("equipment_digital_rate", case_of(whole)) == exactly(20)
    assert bounds_of("equipment_digital_rate", case_of(whole, one)) == exactly(100)


def test_an_unanswered_numerator_leaves_everything_up_to_the_denominator():
    assert bounds_of("equipment_digital_rate", case_of(firm(factory(workshop(equipment_count=40))))) == spans(0, 100)


def test_an_unanswered_denominator_is_at_least_the_numerator():
    bounds = bounds_of("equipment_digital_rate", case_of(firm(factory(workshop(equipment_digital_count=5)))))

    assert bounds.high == 100
    assert 0 < bounds.low < 1


def test_a_firm_without_workshops_has_no_rate():
    assert bounds_of("equipment_digital_rate", case_of(firm())) is None


def test_a_rate_over_no_key_process_does_not_exist():
    subject = workshop(key_process_count=0, key_process_controlled_count=0)

    assert bounds_of("key_process_control_rate", case_of(firm(), factory(), subject)) is None


@pytest.mark.parametrize(("before", "after", "gain"), [(100, 110, 10), (8, 9, Fraction(25, 2)), (100, 90, -10)])
def test_a_gain_is_measured_against_before(before, after, gain):
    one = factory(productivity_before=before, productivity_after=after)

    assert bounds_of("productivity_gain", case_of(firm(one), one)) == exactly(gain)


def test_a_reduction_counts_what_fell():
    one = factory(operating_cost_before=200, operating_cost_after=150)

    assert bounds_of("operating_cost_reduction", case_of(firm(one), one)) == exactly(25)


@pytest.mark.parametrize("facts", [{"productivity_before": 100}, {"productivity_after": 100}, {}])
def test_a_change_needs_both_figures(facts):
    one = factory(**facts)

    assert bounds_of("productivity_gain", case_of(firm(one), one)) is None


def test_a_sum_counts_each_yes_and_leaves_the_open_ones_open():
    subject = workshop(mes_planning=True, mes_execution=True, mes_quality=False)

    assert bounds_of("mes_module_count", case_of(firm(), factory(), subject)) == spans(2, 4)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size['employees']} persons {size['revenue']} 万元")
def test_size_class(size):
    classes = load_all(DAY).indicators["size_class"].how
    reached = place(classes, Fraction(size["employees"]), Fraction(size["revenue"]))

    assert classes.classes[int(reached) - 1].id == size["class"]


def test_a_firm_with_few_people_is_not_large_whatever_its_revenue():
    assert bounds_of("size_class", case_of(firm(employees=320))) == spans(1, 3)


def test_a_fact_above_is_read_and_a_fact_of_many_below_has_no_single_value():
    whole = firm(factory(good_workshop("a"), good_workshop("b")), policy_fit=True)
    one, two = whole.parts[0], whole.parts[0].parts[0]

    assert value_of("policy_fit", case_of(whole, one, two)) is True
    assert value_of("equipment_count", case_of(whole, one, two)) == 40
    assert value_of("equipment_count", case_of(whole, one)) is None
    assert [s.name for s in bearers(SubjectKind.WORKSHOP, (whole, one))] == ["a", "b"]


def test_an_unresolved_threshold_has_no_value():
    assert value_of("threshold", case_of(firm())) is None


def test_the_facts_behind_a_ratio_are_numerator_and_denominator():
    assert facts_behind("data_upload_rate", load_all(DAY).indicators) == (
        "uploading_device_count",
        "collected_device_count",
    )
    assert facts_behind("digital_workshop_count", load_all(DAY).indicators) == ()


@given(st.data())
def test_answering_more_never_widens_a_ratio(data):
    facts = {f.id: f for f in (number("n"), number("d", low=1))}
    indicator = {"r": load_all(DAY).indicators["equipment_digital_rate"]}
    ratio = type(indicator["r"].how)(("n",), ("d",))
    named = {"r": type(indicator["r"])("r", indicator["r"].text, indicator["r"].unit, indicator["r"].rule, ratio)}
    n, d = data.draw(st.integers(0, 3)), data.draw(st.integers(1, 3))
    assume(n <= d)
    known = data.draw(st.sampled_from([{}, {"n": n}, {"d": d}]))
    less, more = (bounds_of("r", Case((workshop(**stated_),), facts, named)) for stated_ in (known, {"n": n, "d": d}))

    assert less.low <= more.low <= more.high <= less.high


def test_a_yes_counts_one_and_a_no_nothing():
    facts = {"flag": yes_no("flag")}

    assert bounds_of("flag", Case((workshop(flag=True),), facts, {})) == exactly(1)
    assert bounds_of("flag", Case((workshop(flag=False),), facts, {})) == exactly(0)
    assert bounds_of("flag", Case((workshop(),), facts, {})) == spans(0, 1)
    assert stated(3).value == Fraction(3)
