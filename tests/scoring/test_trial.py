"""What is tried out comes to the same as judging the changed facts from the beginning."""

from __future__ import annotations

from random import Random

import pytest

from questionnaires.model import Degree, State, Statement
from scoring.assessment import assess_diagnosis
from scoring.loader import load_all
from scoring.projects import projects_of
from scoring.standing import stand
from scoring.trial import try_out
from scoring.what_if import after_projects, changed
from tests.scoring.make import DAY, factory, filled, firm, good_workshop
from tests.scoring.random_firms import make_firm

CRITERIA = load_all(DAY)
TABLE = "gbt_39117_2020_discrete"


def conclusions(assessments):
    return [(a.criteria_id, a.subject_key, a.outcome, a.level, a.total) for a in assessments]


def anything(chance, begun):
    """Some projects with some of their units, and some answers in place of those given."""
    projects = projects_of(begun, CRITERIA)
    chosen = {one.id: chance.randint(0, one.units) for one in chance.sample(projects, min(len(projects), 12))}
    practices = [name for name, fact in CRITERIA.facts.items() if fact.kind == "practice"]
    answers = {
        ("firm", name): Statement(State.STATED, chance.choice(tuple(Degree))) for name in chance.sample(practices, 5)
    }
    answers["firm", chance.choice(practices)] = None  # made blank
    return chosen, answers


@pytest.mark.parametrize("number", range(6))
def test_a_trial_equals_judging_everything_anew(number):
    chance, begun = Random(number), make_firm(number).begun
    chosen, answers = anything(chance, begun)

    answered = changed(begun, answers)
    tried = try_out(begun, answered, CRITERIA, chosen)
    projects = projects_of(answered, CRITERIA)
    known = {one.id: chosen[one.id] for one in projects if one.id in chosen}
    anew = after_projects(answered, CRITERIA, projects, {name: min(n, 10**6) for name, n in known.items()})

    assert conclusions(tried.after) == conclusions(assess_diagnosis(anew, CRITERIA))
    assert conclusions(tried.before) == conclusions(assess_diagnosis(begun, CRITERIA))


def test_the_rule_that_changes_is_named_with_both_states():
    begun = filled(firm(factory(good_workshop(mes_equipment=False)), chongqing_legal_person=True, policy_fit=True))

    tried = try_out(begun, begun, CRITERIA, {"mes_equipment_module@焊装车间": 0})

    named = [(one.criteria.zh, one.subject_name, one.before, one.after) for one in tried.changes]
    assert ("重庆市数字化车间", "焊装车间", "not_met", "met") in named


def test_a_level_that_is_met_is_named_with_its_scores():
    level_1 = {name.replace(".", "__"): "full" for name in CRITERIA.facts if ".L1." in name}
    begun = filled(firm(**level_1 | {"sales__L1__1": "none"}, production_type="discrete"))
    blank = {("firm", name): None for name in CRITERIA.facts if ".L1." in name}

    [lost] = [one for one in try_out(begun, changed(begun, blank), CRITERIA, {}).changes if one.scores]

    assert (lost.rule.zh, lost.before, lost.after) == ("规划级", "met", "not_known")
    assert (lost.scores[1].low, lost.scores[1].high) == (0, 1)


def test_what_a_project_needs_first_and_nobody_chose_is_named():
    begun = filled(firm(factory(good_workshop(mes_equipment=False, mes_execution=False)), production_type="discrete"))

    tried = try_out(begun, begun, CRITERIA, {"mes_equipment_module@焊装车间": 0})

    assert [(then.improvement.id, first[0].improvement.id) for then, first in tried.lacking] == [
        ("mes_equipment_module", "mes_execution"),
        ("mes_equipment_module", "key_machine_ports"),
    ]


def test_judging_before_is_not_repeated_when_it_is_given():
    begun = make_firm(3).begun
    known = stand(begun, CRITERIA)

    assert try_out(begun, begun, CRITERIA, {}, known).before is known


def test_nothing_tried_changes_nothing():
    begun = make_firm(4).begun
    tried = try_out(begun, begun, CRITERIA, {})

    assert (tried.changes, tried.projects, tuple(tried.cost)) == ((), (), (0, 0, 0))
    assert conclusions(tried.before) == conclusions(tried.after)
