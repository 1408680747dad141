from fractions import Fraction

import pytest

from app.planning.remembered import MOST, remembered


@pytest.fixture
def work():
    """Work of its own for each test, which counts how often it is done."""

    def add(given, more=0):
        done.append(given)
        return [sum(given.values()) + more]

    done: list[object] = []
    add.done = done
    return add


def test_the_same_question_is_worked_out_once(work):
    first, second = remembered(work, {"a": Fraction(1)}), remembered(work, {"a": Fraction(1)})

    assert first is second
    assert first == [1]
    assert len(work.done) == 1


def test_another_question_and_other_work_have_their_own_answers(work):
    assert remembered(work, {"a": 1}) == [1]
    assert remembered(work, {"a": 2}) == [2]
    assert remembered(work, {"a": 1}, 5) == [6]
    assert remembered(sorted, {"a": 1}) == ["a"]


def test_what_is_raised_is_not_kept(work):
    for _round in range(2):
        with pytest.raises(TypeError):
            remembered(work, {"a": None})

    assert len(work.done) == 2


def test_only_the_newest_are_kept(work):
    for number in range(MOST + 1):
        remembered(work, {"a": number})
    remembered(work, {"a": MOST})
    remembered(work, {"a": 0})

    assert [given["a"] for given in work.done] == [*range(MOST + 1), 0]
