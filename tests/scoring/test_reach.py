"""What the criteria ask and no improvement brings, on catalogues of one or two entries made by hand."""

from fractions import Fraction

import pytest

from questionnaires.model import AllOf, AnyOf, Comparison
from scoring.model import Adds
from scoring.reach import all_lacking, brought, lacks
from tests.scoring.plans import BASE, FACTORY, SHOP, SITE, SME, WORKSHOP, catalogue, improvement


def yes(fact):
    return Comparison("==", fact, True)


def at_least(name, number):
    return Comparison(">=", name, Fraction(number))


def adding(count, most=None, *along):
    return improvement("adds", adds=Adds(count, most, along), scope=SHOP)


INTEGRATED = improvement("integrates", sets={"systems_integrated": True}, scope=SHOP)
NETWORKED = improvement("networks", sets={"devices_networked_and_monitored": True}, scope=SHOP)
PLANNED = improvement("plans", sets={"mes_planning": True, "mes_execution": True}, scope=SHOP)
CHEAPER = improvement("cheaper", gains={"operating_cost_reduction": 6}, scope=SITE)
LEANER = improvement("leaner", gains={"operating_cost_reduction": 9}, scope=SITE)
EITHER = AnyOf((yes("systems_integrated"), yes("devices_networked_and_monitored")))
BOTH = AllOf(EITHER.parts)
MODULES = ["mes_planning", "mes_execution", "mes_logistics", "mes_quality", "mes_equipment"]


@pytest.mark.parametrize(
    ("asked", "improvements", "lacking"),
    [
        pytest.param(yes("systems_integrated"), [INTEGRATED], [], id="a yes that is set"),
        pytest.param(yes("systems_integrated"), [NETWORKED], ["systems_integrated"], id="a yes that nothing sets"),
        pytest.param(Comparison("==", "systems_integrated", False), [INTEGRATED], ["systems_integrated"], id="a no"),
        pytest.param(BOTH, [INTEGRATED], ["devices_networked_and_monitored"], id="one of two that are both asked"),
        pytest.param(BOTH, [INTEGRATED, NETWORKED], [], id="both of two"),
        pytest.param(EITHER, [INTEGRATED], [], id="one of two ways"),
        pytest.param(EITHER, [PLANNED], ["systems_integrated", "devices_networked_and_monitored"], id="no way"),
        pytest.param(
            Comparison("==", "sme.m1", "o2"), [improvement("i", sets={"sme.m1": "o2"})], [], id="an option that is set"
        ),
        pytest.param(
            Comparison("==", "sme.m1", "o3"), [improvement("i", sets={"sme.m1": "o2"})], ["sme.m1"], id="another option"
        ),
        pytest.param(
            Comparison(">=", "data.L2.1", "mostly"), [improvement("i", lifts={"data.L2.1": "full"})], [], id="a degree"
        ),
        pytest.param(
            Comparison(">=", "data.L2.1", "mostly"),
            [improvement("i", lifts={"data.L2.1": "partly"})],
            ["data.L2.1"],
            id="a lower degree",
        ),
        pytest.param(at_least("scene_count", 3), [adding("scene_count")], [], id="a count that is added to"),
        pytest.param(at_least("scene_count", 3), [INTEGRATED], ["scene_count"], id="a count that is not added to"),
        pytest.param(
            Comparison("<=", "scene_count", Fraction(3)), [adding("scene_count")], ["scene_count"], id="no more than"
        ),
        pytest.param(
            at_least("data_upload_rate", 90),
            [adding("uploading_device_count", "collected_device_count")],
            ["collected_device_count"],
            id="a rate of nothing that nothing adds to",
        ),
        pytest.param(
            at_least("data_upload_rate", 90),
            [adding("equipment_networked_count", None, "collected_device_count", "uploading_device_count")],
            [],
            id="a rate both of whose counts rise along",
        ),
        pytest.param(
            Comparison("<=", "data_upload_rate", Fraction(9)),
            [adding("collected_device_count", None, "uploading_device_count")],
            ["data_upload_rate"],
            id="a rate that should fall",
        ),
        pytest.param(at_least("mes_module_count", 2), [PLANNED], [], id="two of five are enough"),
        pytest.param(at_least("mes_module_count", 3), [PLANNED], MODULES[2:], id="two of five where three are asked"),
        pytest.param(at_least("operating_cost_reduction", 15), [CHEAPER, LEANER], [], id="15 points of 6 and 9"),
        pytest.param(
            at_least("operating_cost_reduction", 15), [LEANER], ["operating_cost_reduction"], id="9 points of 15"
        ),
        pytest.param(at_least("digital_workshop_count", 2), [], ["digital_workshop_count"], id="more workshops"),
        pytest.param(at_least("maturity_level", 2), [], [], id="maturity, which is looked after by itself"),
        pytest.param(Comparison("<", "size_class", Fraction(4)), [], ["employees", "revenue"], id="a smaller firm"),
        pytest.param(
            Comparison(">=", "scene_count", "threshold", right_is_name=True),
            [INTEGRATED],
            ["scene_count"],
            id="a threshold that waits, on what nothing changes",
        ),
    ],
)
def test_what_a_condition_lacks(asked, improvements, lacking):
    criteria = catalogue(*improvements)

    assert [lack.name for lack in lacks(asked, brought(criteria), criteria)] == lacking


def found(criteria, *place):
    return {one.lack.name: one.lack.fault for one in all_lacking(criteria) if one.place == place}


def test_a_gate_is_found_with_its_place_and_what_nothing_does():
    criteria = catalogue(NETWORKED, only=(WORKSHOP,))

    assert found(criteria, "requirements", "W6") == {
        "systems_integrated": "no improvement sets systems_integrated to true"
    }
    assert found(criteria, "requirements", "W3") == {}


def test_what_is_not_judged_lacks_nothing():
    criteria = catalogue(INTEGRATED, only=(FACTORY,))

    assert found(criteria, "requirements", "F2") == found(criteria, "requirements", "F12") == {}


def test_criteria_that_have_to_apply_name_what_decides_that():
    assert list(found(catalogue(INTEGRATED, only=(SME,)), "applies_when")) == ["employees", "revenue"]


@pytest.mark.parametrize(
    ("sets", "question", "fault"),
    [
        ({"sme.m1": "o4"}, "m1", "no improvement sets sme.m1 to o5"),
        ({"sme.m1": "o5"}, "m1", None),
        ({"sme.r2": "flat"}, "r2", "no improvement sets sme.r2 to up"),
        ({"sme.r2": "up"}, "r2", None),
        ({"sme.f6": ("o1", "o2", "o4")}, "f6", "no improvement sets sme.f6 to o3"),
        ({"sme.f6": ("o1", "o2", "o3", "o4")}, "f6", None),
    ],
)
def test_a_question_needs_its_best_answer_or_all_that_add_up(sets, question, fault):
    lacking = found(catalogue(improvement("i", sets=sets), only=(SME,)), "questions", question)

    assert list(lacking.values()) == ([fault] if fault else [])


def test_a_question_on_a_rate_needs_what_is_counted_in_it():
    one = adding("equipment_digital_count", "equipment_count")

    assert list(found(catalogue(one, only=(SME,)), "questions", "f2")) == ["equipment_count"]
    assert list(found(catalogue(INTEGRATED, only=(SME,)), "questions", "f2")) == [
        "equipment_digital_count",
        "equipment_count",
    ]


def test_a_scene_needs_its_highest_level():
    one, top = (improvement(code, sets={"sme.s13": code}) for code in ("l2", "l4"))

    assert found(catalogue(one, only=(SME,)), "scenes", "s13") == {
        "sme.s13": "improvements bring sme.s13 to level 2 of 4"
    }
    assert found(catalogue(one, top, only=(SME,)), "scenes", "s13") == {}


def test_what_the_shipped_catalogue_lacks_is_what_it_says_no_project_changes():
    assert {one.lack.name for one in all_lacking(BASE)} == set(BASE.beyond)
    assert not brought(BASE).names & set(BASE.beyond)
