"""The brief conclusions are the full ones, only without their reasons."""

import pytest

from questionnaires.model import Text
from scoring.assessment import assess_diagnosis
from scoring.loader import load_all
from scoring.standing import stand
from scoring.tailoring import TailoringRefused
from tests.scoring import random_firms as made
from tests.scoring.make import factory, filled, firm, good_workshop

CRITERIA = load_all(made.DAY)
SAME = ("criteria_id", "subject_key", "factory_name", "outcome", "level", "total", "level_scores", "settle", "coverage")


@pytest.mark.parametrize("number", range(12))
@pytest.mark.parametrize("which", ["begun", "full"])
def test_every_conclusion_is_the_one_of_the_full_assessment(number, which):
    answered = getattr(made.make_firm(number), which)
    full = assess_diagnosis(answered, CRITERIA)
    brief = stand(answered, CRITERIA)

    for name in SAME:
        assert [getattr(one, name) for one in brief] == [getattr(one, name) for one in full], name
    assert [one.derivation.state for one in brief] == [one.derivation.state for one in full]


@pytest.mark.parametrize("number", range(12))
def test_every_gate_stands_where_the_full_assessment_puts_it(number):
    answered = made.make_firm(number).full
    pairs = zip(stand(answered, CRITERIA), assess_diagnosis(answered, CRITERIA), strict=True)
    for brief, full in ((brief, full) for brief, full in pairs if brief.method == "gates"):
        assert [(r.requirement.id, r.state, r.distance) for r in brief.requirements] == [
            (r.requirement.id, r.state, r.distance) for r in full.requirements
        ]


def test_what_a_workshop_is_short_of_is_said():
    whole = filled(firm(factory(good_workshop("a", equipment_digital_count=14)), policy_fit=True))
    [workshop] = [one for one in stand(whole, CRITERIA) if one.criteria_id == "cq_digital_workshop"]

    assert [r.distance for r in workshop.requirements if r.distance] == [Text("差 6 台（套）", "6 more needed (sets)")]


def test_a_subdomain_that_must_stay_is_refused_here_too():
    with pytest.raises(TailoringRefused):
        stand(filled(firm(production_type="discrete"), tailored={"data": "没有数据"}), CRITERIA)
