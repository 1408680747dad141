"""The solver: what is proved, what was cut off, and that no clock decides which."""

from __future__ import annotations

from random import Random

import pytest

from scoring import solver
from scoring.program import Program
from scoring.solver import OutOfTime, cheapest


def knapsack(items: int) -> Program:
    """A program that takes many nodes: even weights that have to add up to an odd number and more."""
    chance, program = Random(items), Program()
    weights = [2 * chance.randint(50_000, 99_999) for _item in range(items)]
    chosen = [program.variable(cost=weight + chance.randint(0, 9)) for weight in weights]
    program.at_least(dict(zip(chosen, weights, strict=True)), sum(weights) // 2)
    return program


def test_the_cheapest_choice_is_found_and_proved():
    program = Program()
    dear, cheap = program.variable(cost=5), program.variable(cost=3)
    program.at_least({dear: 1, cheap: 1}, 1)

    found = cheapest(program)

    assert found is not None
    assert (found.values, found.cost, found.proved) == ((0, 1), 3, True)


def test_what_cannot_be_is_none_whichever_row_says_so():
    program = Program()
    one = program.variable(cost=1)
    program.at_most({one: 1}, 0)
    before = cheapest(program)
    program.at_least({one: 1}, 2)

    assert before is not None
    assert cheapest(program) is None


def test_a_search_that_is_cut_off_keeps_what_it_has_and_says_that_nothing_is_proved(monkeypatch):
    program = knapsack(40)
    monkeypatch.setattr(solver, "WORK", 80 * 40)
    first, second = cheapest(program), cheapest(program)

    assert first is not None
    assert not first.proved
    assert first == second  # counted in nodes, so the same on every machine


def test_a_search_that_is_cut_off_with_nothing_in_hand_says_so(monkeypatch):
    monkeypatch.setattr(solver, "WORK", 0)

    with pytest.raises(OutOfTime, match="nothing was found"):
        cheapest(knapsack(40))


def test_a_program_that_is_too_large_is_not_begun(monkeypatch):
    monkeypatch.setattr(solver, "MOST_ENTRIES", 39)

    with pytest.raises(OutOfTime, match="the program has 40 entries"):
        cheapest(knapsack(40))
