"""What is judged anew after a few answers is what judging everything anew finds."""

from dataclasses import replace
from random import Random

import pytest

from scoring.loader import load_all
from scoring.standing import stand
from scoring.standing_again import reads, stand_again
from tests.scoring import random_firms as made
from tests.scoring.make import factory, filled, firm, good_workshop, workshop

CRITERIA = load_all(made.DAY)
PLACES = 12


def places(subject):
    yield from ((subject.key, name) for name in subject.facts)
    for part in subject.parts:
        yield from places(part)


@pytest.mark.parametrize("number", range(20))
def test_answers_given_one_after_another_always_stand_where_a_fresh_look_puts_them(number):
    one, chance = made.make_firm(number), Random(number)
    now, judged = one.begun, stand(one.begun, CRITERIA)
    for place in chance.sample(list(places(one.full.firm)), PLACES):
        after = made.with_answers(now, one.full, (place,))
        judged = stand_again(now, judged, after, CRITERIA)
        now = after

        assert judged == stand(now, CRITERIA), place


def test_what_nobody_answered_is_not_judged_again():
    of_firm = {"production_type": "discrete", "traditional_maker": True, "employees": 90, "revenue": 900}
    before = filled(firm(factory(good_workshop("a"), workshop("b")), **of_firm))
    after = filled(firm(factory(good_workshop("a"), workshop("b", mes_quality=True)), **of_firm))
    judged = stand(before, CRITERIA)
    again = {(a.criteria_id, a.subject_key): a for a in stand_again(before, judged, after, CRITERIA)}

    for one in judged:
        same = again[one.criteria_id, one.subject_key] is one
        assert same is ((one.criteria_id, one.subject_key) != ("cq_digital_workshop", "b"))


def test_a_factory_is_judged_again_when_a_workshop_of_another_factory_becomes_a_digital_one():
    own = factory(good_workshop("a"), name="一工厂")
    open_one = factory(good_workshop("b", mes_quality=None), name="二工厂")
    before = filled(firm(own, open_one, policy_fit=True, chongqing_legal_person=True))
    after = filled(firm(own, factory(good_workshop("b"), name="二工厂"), policy_fit=True, chongqing_legal_person=True))

    assert stand_again(before, stand(before, CRITERIA), after, CRITERIA) == stand(after, CRITERIA)


@pytest.mark.parametrize("change", ["name", "workshop", "tailored"])
def test_another_firm_or_tailoring_is_judged_anew(change):
    before = filled(firm(factory(good_workshop("a")), production_type="discrete"))
    after = {
        "name": replace(before, firm=firm(factory(good_workshop("a"), name="新厂"), production_type="discrete")),
        "workshop": replace(before, firm=firm(factory(good_workshop("a"), workshop("b")), production_type="discrete")),
        "tailored": replace(before, tailored={"energy": "没有"}),
    }[change]

    assert stand_again(before, stand(before, CRITERIA), after, CRITERIA) == stand(after, CRITERIA)


def test_what_is_read_includes_when_it_applies_and_what_was_judged_before():
    sme, factories = CRITERIA.criteria["sme_digital_2024"], CRITERIA.criteria["cq_smart_factory"]

    assert {"employees", "revenue", "equipment_count"} <= reads(sme, CRITERIA).facts
    assert reads(factories, CRITERIA).judged == {"cq_digital_workshop"}
    assert reads(CRITERIA.criteria["cn_smart_factory_2025"], CRITERIA).judged == {"gbt_39117"}
