import json
from dataclasses import replace
from datetime import date

import jsonschema
import pytest

from questionnaires.model import SubjectKind
from scoring.goals import Goal
from scoring.loader import load_all
from scoring.model import Adds, Costs, Improvement
from scoring.plan import Limits, choose
from scoring.plan_file import SCHEMA, write_plan
from scoring.plan_program import Need
from tests.scoring.make import DAY, both, factory, filled, firm, good_workshop
from tests.scoring.random_firms import make_firm

BEGINS = date(2027, 1, 1)
RULES = load_all(DAY)
DIGITAL = Goal("cq_digital_workshop", 1)
PRESS = {"kind": "workshop", "factory": "一工厂", "name": "冲压车间"}


def improvement(name, months, cost, people=1, **changes):
    return Improvement(
        id=name,
        text=both(name),
        what=both(name),
        proof=both(name),
        cost=Costs(*cost),
        months=(1, months),
        scope=SubjectKind.WORKSHOP,
        people=people,
        **changes,
    )


# Half of 40 machines are needed, 18 are digital: two more. Of five functions of the MES four are there.
SMALL = replace(
    RULES,
    improvements=(
        improvement(
            "digital",
            4,
            (1, 2, 3),
            people=2,
            adds=Adds("equipment_digital_count", "equipment_count"),
            each=Costs(4, 5, 6),
        ),
        improvement("network", 5, (5, 6, 7), lifts={"network.L2.1": "full"}),
        improvement("logistics", 3, (10, 20, 40), sets={"mes_logistics": True}, requires=("network",)),
        improvement("unused", 1, (1, 1, 1), lifts={"data.L1.1": "full"}),
    ),
)


def press(**changed):
    return good_workshop("冲压车间", **{"equipment_digital_count": 18, "mes_logistics": None, **changed})


def diagnosis(**changed):
    own = firm(factory(press(**changed)), production_type="discrete", chongqing_legal_person=True, policy_fit=True)
    return filled(own)


def text_of(whole, goals=(DIGITAL,), limits=Limits(), rules=SMALL, begins=BEGINS):  # noqa: B008 - frozen
    return write_plan(choose(whole, rules, goals, limits), whole, rules, b"as read", "zhizhen 0.1.0", begins)


def plan_of(*arguments, **named):
    written = json.loads(text_of(*arguments, **named))
    assert valid(written)
    return written


def valid(written):
    jsonschema.validate(written, json.loads(SCHEMA.read_text(encoding="utf-8")))
    return True


def test_the_head_names_the_day_the_digests_and_the_program():
    written = plan_of(diagnosis(), rules=RULES)

    assert {key: written[key] for key in ("format", "as_of", "program", "begins")} == {
        "format": "zhizhen/plan@1",
        "as_of": "2026-10-31",
        "program": "zhizhen 0.1.0",
        "begins": "2027-01-01",
    }
    assert written["diagnosis_sha256"] == "1bd0a9b72507b4be949c36df926f2f43771fc97b1e5b99dbea2492dd31e804f7"
    assert written["catalogue_sha256"] == RULES.improvements_digest
    assert written["assumption"]["zh"].startswith("本工具的规划假设")


def test_every_project_stands_with_its_place_its_quarters_its_units_and_its_cost():
    projects = {one["improvement"]: one for one in plan_of(diagnosis())["projects"]}

    assert projects == {
        "digital": {
            "improvement": "digital",
            "name": {"zh": "digital", "en": "digital"},
            "subject": PRESS,
            "start": {"number": 1, "calendar": "2027Q1"},
            "end": {"number": 2, "calendar": "2027Q2"},
            "adds": {"fact": "equipment_digital_count", "units": 2},
            "cost": {"low": 9, "likely": 12, "high": 15},
            "people": 2,
            "because": ["cq_digital_workshop.W2"],
            "needed_by": [],
        },
        "network": {
            "improvement": "network",
            "name": {"zh": "network", "en": "network"},
            "subject": PRESS,
            "start": {"number": 1, "calendar": "2027Q1"},
            "end": {"number": 2, "calendar": "2027Q2"},
            "cost": {"low": 5, "likely": 6, "high": 7},
            "people": 1,
            "because": [],
            "needed_by": ["logistics"],
        },
        "logistics": {
            "improvement": "logistics",
            "name": {"zh": "logistics", "en": "logistics"},
            "subject": PRESS,
            "start": {"number": 3, "calendar": "2027Q3"},
            "end": {"number": 3, "calendar": "2027Q3"},
            "cost": {"low": 10, "likely": 20, "high": 40},
            "people": 1,
            "because": ["cq_digital_workshop.W5"],
            "needed_by": [],
        },
    }


def test_the_total_is_the_sum_of_the_projects():
    written = plan_of(diagnosis())

    assert (written["result"], written["proved"]) == ("reached", True)
    assert written["total"] == {"low": 24, "likely": 38, "high": 62}


def test_what_is_reached_is_scored_after_every_quarter_in_which_something_ends():
    after = plan_of(diagnosis())["levels_after"]

    assert after == [
        {
            "quarter": {"number": 2, "calendar": "2027Q2"},
            "standing": [{"criteria": "cq_digital_workshop", "subject": PRESS, "outcome": "not_known"}],
        },
        {
            "quarter": {"number": 3, "calendar": "2027Q3"},
            "standing": [{"criteria": "cq_digital_workshop", "subject": PRESS, "outcome": "met"}],
        },
    ]


def test_afterwards_each_goal_tells_of_each_subject_whether_it_is_reached():
    whole = filled(replace(diagnosis().firm, parts=(factory(press(), good_workshop("焊装车间")),)))
    written = plan_of(whole, (DIGITAL, Goal("cq_digital_workshop", 1, "焊装车间")))

    assert [(one["subject"]["name"], one["wanted"], one["reached"]) for one in written["afterwards"]] == [
        ("冲压车间", 1, True),
        ("焊装车间", 1, True),
        ("焊装车间", 1, True),
    ]
    assert [goal.get("subject") for goal in written["goals"]] == [None, {**PRESS, "name": "焊装车间"}]


def test_the_calendar_follows_the_quarter_in_which_the_plan_begins():
    written = plan_of(diagnosis(), begins=date(2026, 10, 1))

    assert [one["quarter"]["calendar"] for one in written["levels_after"]] == ["2027Q1", "2027Q2"]


def test_levels_are_bounds_and_totals_exact_fractions():
    names = [r for r in RULES.facts if ".L1." in r and RULES.facts[r].of is SubjectKind.FIRM]
    known = {name.replace(".", "__"): "full" for name in names}
    written = plan_of(filled(firm(production_type="discrete", **known)), [Goal("gbt_39117_2020_discrete", 1)])

    assert written["result"] == "already"
    assert written["afterwards"] == [
        {
            "criteria": "gbt_39117_2020_discrete",
            "subject": {"kind": "firm", "name": "重庆某某汽车零部件有限公司"},
            "outcome": "level",
            "level": {"low": 1, "high": 5},
            "total": {"low": "1", "high": "5"},
            "wanted": 1,
            "reached": True,
        }
    ]


def test_a_goal_that_is_reached_already_costs_nothing():
    written = plan_of(diagnosis(equipment_digital_count=20, mes_logistics=True))

    assert written["result"] == "already"
    assert (written["projects"], written["levels_after"]) == ([], [])
    assert written["total"] == {"low": 0, "likely": 0, "high": 0}


@pytest.mark.parametrize("budget", [0, 37])
def test_over_budget_says_what_the_goals_cost_at_least(budget):
    written = plan_of(diagnosis(), limits=Limits(budget=budget))

    assert (written["result"], written["needed"]) == ("over_budget", 38)
    assert written["limits"] == {"budget": budget}
    assert written["total"]["likely"] <= budget
    assert not all(one["reached"] for one in written["afterwards"])


def test_too_late_says_how_many_quarters_the_cheapest_way_takes():
    written = plan_of(diagnosis(), limits=Limits(quarters=2, people=9))

    assert (written["result"], written["quarters_needed"]) == ("too_late", 3)
    assert written["limits"] == {"quarters": 2, "people": 9}


def test_what_blocks_is_named_with_the_answers_that_come_first():
    written = plan_of(diagnosis(collected_device_count=None))

    assert written["result"] == "unreachable"
    assert [(one["requirement"], one["answer_first"]) for one in written["blocked"]] == [
        ("W4", ["collected_device_count"])
    ]
    assert written["blocked"][0]["subject"] == PRESS
    assert written["blocked"][0]["text"]["zh"]


def test_what_no_project_changes_is_named_with_the_reason():
    rules = replace(SMALL, beyond={"policy_fit": both("a matter of policy")})
    whole = filled(firm(factory(press()), chongqing_legal_person=True, policy_fit=False))
    [blocked] = plan_of(whole, rules=rules)["blocked"]

    assert (blocked["requirement"], blocked["answer_first"]) == ("W1", [])
    assert blocked["beyond"] == [
        {"name": "policy_fit", "why": {"zh": "a matter of policy", "en": "a matter of policy"}}
    ]


def test_what_blocks_twice_is_named_once_with_all_its_answers():
    whole = diagnosis()
    requirement = RULES.criteria["cq_digital_workshop"].requirements[3]
    needs = tuple(Need("cq_digital_workshop", "冲压车间", requirement, facts) for facts in (("b", "a"), ("a", "c")))
    plan = replace(choose(whole, SMALL, [DIGITAL]), blocked=needs)
    written = json.loads(write_plan(plan, whole, SMALL, b"", "zhizhen 0.1.0", BEGINS))

    assert [one["answer_first"] for one in written["blocked"]] == [["b", "a", "c"]]


def test_a_table_for_the_other_type_of_production_has_to_apply_first():
    written = plan_of(diagnosis(), [Goal("gbt_39117_2020_process", 1)])

    assert written["result"] == "unreachable"
    assert written["afterwards"][0]["outcome"] == "not_applicable"
    assert written["afterwards"][0]["reached"] is False
    assert "requirement" not in written["blocked"][0]
    assert written["blocked"][0]["text"]["en"] == "The criteria have to apply to this subject first"


def test_points_that_nothing_brings_are_told_apart_from_criteria_that_do_not_apply():
    written = plan_of(diagnosis(), [Goal("sme_digital_2024", 2)])

    assert [one["text"]["en"] for one in written["blocked"]] == [
        "The points, or the scenes at that level, do not suffice"
    ]


def test_the_same_input_gives_the_same_bytes():
    whole = diagnosis()

    assert text_of(whole, rules=RULES) == text_of(diagnosis(), rules=RULES)
    assert text_of(whole, rules=RULES).endswith("}\n")


@pytest.mark.parametrize("number", range(0, 20, 2))
def test_plans_of_random_firms_keep_to_the_schema_and_end_where_the_last_quarter_ends(number):
    whole = make_firm(number).full
    goals = [Goal("sme_digital_2024", 1 + number % 4), Goal("cq_digital_workshop", 1)]
    written = plan_of(whole, goals[: 1 + number % 3], Limits(budget=200 if number % 4 else None), RULES)
    last = written["levels_after"][-1]["standing"] if written["levels_after"] else []
    told = [
        {key: part for key, part in one.items() if key not in ("wanted", "reached")} for one in written["afterwards"]
    ]

    assert all(one in told for one in last)
    assert all(one["reached"] for one in written["afterwards"]) == (written["result"] in ("already", "reached"))


@pytest.mark.parametrize(
    "fault",
    [
        {"result": "perhaps"},
        {"total": {"low": 1.5, "likely": 2, "high": 3}},
        {"begins": "2027"},
        {"goals": []},
        {"needed": -1},
        {"comment": "more"},
    ],
)
def test_the_schema_refuses_what_the_format_does_not_know(fault):
    with pytest.raises(jsonschema.ValidationError):
        valid({**plan_of(diagnosis()), **fault})
