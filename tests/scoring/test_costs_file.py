"""A file of costs of an installation: the catalogue's form, every fault with its line."""

from __future__ import annotations

from datetime import date

import pytest

from questionnaires.yaml_file import DefinitionError
from scoring.costs_file import OwnCosts, read_costs_file
from scoring.loader import load_all
from scoring.model import Costs

IMPROVEMENTS = load_all(date(2026, 11, 24)).improvements


def read(tmp_path, text):
    file = tmp_path / "costs.yaml"
    file.write_text(text, encoding="utf-8")
    return read_costs_file(file, IMPROVEMENTS)


def test_costs_of_a_place_and_of_a_unit_may_be_replaced_alone_or_both(tmp_path):
    text = """
smart_roadmap: {cost: {low: 0, likely: 5, high: 9}}
machine_networking:
  cost: {low: 1, likely: 2, high: 3}
  each: {low: 0, likely: 1, high: 2}
nc_retrofit: {each: {low: 4, likely: 5, high: 6}}
"""
    assert read(tmp_path, text) == {
        "smart_roadmap": OwnCosts(Costs(0, 5, 9)),
        "machine_networking": OwnCosts(Costs(1, 2, 3), Costs(0, 1, 2)),
        "nc_retrofit": OwnCosts(None, Costs(4, 5, 6)),
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("smart_roadmaps: {cost: {low: 1, likely: 2, high: 3}}", "costs.yaml:1: smart_roadmaps: the catalogue has no"),
        ("smart_roadmap: {cost: {low: 3, likely: 2, high: 3}}", "cost does not rise"),
        ("smart_roadmap: {cost: {low: -1, likely: 2, high: 3}}", "cost does not rise"),
        ("smart_roadmap: {cost: {low: 0, likely: 0, high: 3}}", "cost does not rise"),
        ("smart_roadmap: {cost: {low: 1.5, likely: 2, high: 3}}", "should be a whole number"),
        ("smart_roadmap: {cost: {low: 1, likely: 2}}", "missing: high"),
        ("smart_roadmap: {cost: {low: 1, likely: 2, high: 3, most: 4}}", "nobody reads the key “most”"),
        ("smart_roadmap: {price: {low: 1, likely: 2, high: 3}}", "nobody reads the key “price”"),
        ("smart_roadmap: {each: {low: 1, likely: 2, high: 3}}", "has no cost of a unit"),
        ("smart_roadmap: {}", "no cost stands here"),
        ("smart_roadmap: 5", "should be a mapping"),
        ("machine_networking: {each: {low: 0, likely: 0, high: 3}}", "a unit costs nothing"),
        ("[1, 2]", "the file should be a mapping"),
    ],
)
def test_a_fault_is_named_with_its_line_and_a_remedy(tmp_path, line, said):
    with pytest.raises(DefinitionError) as fault:
        read(tmp_path, line)

    assert said in str(fault.value)
    assert fault.value.remedy
