"""What is kept of a step, so that it can be read when the catalogue has changed."""

from __future__ import annotations

from datetime import date

import pytest

from app.planning.promise import kept_words
from questionnaires.model import Subject, SubjectKind
from scoring.loader import load_all
from scoring.plan import PlannedProject
from scoring.projects import Project

CRITERIA = load_all(date(2026, 11, 24))


def planned(name):
    """The improvement of the catalogue with three units, planned somewhere."""
    improvement = next(one for one in CRITERIA.improvements if one.id == name)
    firm = Subject(SubjectKind.FIRM, "firm", "厂", {})
    project = Project(improvement, (firm,), improvement.cost, improvement.each, units=3)
    return PlannedProject(project, start=1, units=3, cost=improvement.cost)


@pytest.mark.parametrize(
    ("improvement", "unit"),
    [("machine_networking", "台（套）"), ("key_process_control", "道"), ("design_seats", "人")],
)
def test_a_step_keeps_the_unit_of_what_it_adds(improvement, unit):
    assert kept_words(planned(improvement), CRITERIA)["unit"]["zh"] == unit


def test_a_step_that_adds_nothing_keeps_what_is_done_and_what_proves_it():
    words = kept_words(planned("smart_roadmap"), CRITERIA)

    assert set(words) == {"what", "proof"}
    assert all(said["zh"] and said["en"] for said in words.values())
