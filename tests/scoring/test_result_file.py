import json

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.assessment import assess_diagnosis
from scoring.loader import load_all
from scoring.result_file import SCHEMA, write_result
from tests.scoring.make import DAY, DEGREES, factory, filled, firm, good_workshop, requirement_ids

NAMES = requirement_ids(load_all(DAY).criteria["gbt_39117_2020_discrete"])


def result_of(whole):
    diagnosis = filled(whole)
    return json.loads(write_result(assess_diagnosis(diagnosis, load_all(DAY)), diagnosis, b"as read", "zhizhen 0.1.0"))


def valid(result):
    jsonschema.validate(result, json.loads(SCHEMA.read_text(encoding="utf-8")))
    return True


def entry(result, criteria):
    return next(a for a in result["assessments"] if a["criteria"] == criteria)


def whole():
    return firm(
        factory(good_workshop("冲压车间", equipment_digital_count=18)),
        production_type="discrete",
        **{name.replace(".", "__"): "full" for name in NAMES if ".L1." in name},
        data__L2__1="partly",
    )


def test_the_head_names_the_day_the_digest_and_the_program():
    result = result_of(whole())

    assert valid(result)
    assert {key: result[key] for key in ("format", "as_of", "program")} == {
        "format": "zhizhen/result@1",
        "as_of": "2026-10-31",
        "program": "zhizhen 0.1.0",
    }
    assert result["diagnosis_sha256"] == "1bd0a9b72507b4be949c36df926f2f43771fc97b1e5b99dbea2492dd31e804f7"


def test_the_catalogue_is_named_only_where_a_report_takes_its_plan_from_it():
    diagnosis, criteria = filled(whole()), load_all(DAY)
    judged = assess_diagnosis(diagnosis, criteria)
    named = json.loads(write_result(judged, diagnosis, b"as read", "zhizhen 0.1.0", criteria.improvements_digest))

    assert valid(named)
    assert named["catalogue_sha256"] == criteria.improvements_digest
    assert "catalogue_sha256" not in result_of(whole())


def test_maturity_carries_bounds_as_exact_fractions():
    maturity = entry(result_of(whole()), "gbt_39117_2020_discrete")

    assert maturity["level"] == {"low": 1, "high": 5}
    assert maturity["level_scores"]["1"] == {"low": "1", "high": "1"}
    assert maturity["level_scores"]["2"]["low"] == "253/30000"
    assert maturity["coverage"] == {"asked": 207, "answered": 39, "unknown": 0, "blank": 168}
    assert maturity["total"]["high"] == "5"


def test_a_workshop_names_its_factory_and_each_requirement_its_threshold():
    workshop = entry(result_of(whole()), "cq_digital_workshop")
    requirement = next(r for r in workshop["requirements"] if r["id"] == "W2")

    assert workshop["subject"] == {"kind": "workshop", "factory": "一工厂", "name": "冲压车间"}
    assert requirement == {
        "id": "W2",
        "state": "not_met",
        "value": {"low": "45", "high": "45"},
        "threshold": "50",
        "unit": "%",
    }


def test_the_same_diagnosis_gives_the_same_file():
    assert result_of(whole()) == result_of(whole())


@settings(max_examples=25)
@given(st.dictionaries(st.sampled_from(NAMES), st.sampled_from(DEGREES), max_size=30))
def test_every_result_keeps_to_the_schema(degrees):
    facts = {name.replace(".", "__"): degree for name, degree in degrees.items()}

    assert valid(result_of(firm(factory(good_workshop()), production_type="discrete", **facts)))


def test_the_schema_refuses_a_float():
    result = result_of(whole())
    result["assessments"][0]["total"]["low"] = 1.2

    with pytest.raises(jsonschema.ValidationError):
        valid(result)
