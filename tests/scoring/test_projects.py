"""Which way an improvement moves an answer, and that it never takes one back."""

import pytest

from scoring.projects import projects_of, raises
from scoring.what_if import after_projects
from tests.scoring.make import filled, firm, stated
from tests.scoring.plans import BASE, catalogue, improvement


@pytest.mark.parametrize(
    ("fact", "now", "value", "better"),
    [
        ("sme.r1", "up", "down", True),  # energy for each 100 yuan of revenue: less is better
        ("sme.r1", "down", "flat", False),
        ("sme.r2", "down", "up", True),  # pass rate: more is better, although it stands first
        ("sme.r2", "down", "flat", True),
        ("sme.r2", "up", "flat", False),
        ("sme.r2", "up", "down", False),
        ("sme.m1", "o2", "o3", True),
        ("sme.m1", "o3", "o2", False),
        ("sme.m1", "o3", "o3", False),
    ],
)
def test_a_choice_is_raised_towards_its_best_end_only(fact, now, value, better):
    assert raises(stated(now), value, BASE.facts[fact]) is better


def after(improvements, **facts):
    whole, criteria = filled(firm(**facts)), catalogue(*improvements)
    projects = projects_of(whole, criteria)
    done = after_projects(whole, criteria, projects, {one.id: 0 for one in projects})
    return {name: statement.value for name, statement in done.firm.facts.items()}


def test_of_two_improvements_the_better_one_holds_whichever_comes_first():
    flat, up = (improvement(code, sets={"sme.r2": code}) for code in ("flat", "up"))

    assert after([flat, up], sme__r2="down") == after([up, flat], sme__r2="down") == {"sme.r2": "up"}


def test_none_of_these_does_not_stay_beside_what_is_added():
    one = improvement("i", sets={"sme.f6": ("o1", "o2")})

    assert after([one], sme__f6=("o0",)) == {"sme.f6": ("o1", "o2")}
    assert after([one], sme__f6=("o2", "o4")) == {"sme.f6": ("o2", "o4", "o1")}
