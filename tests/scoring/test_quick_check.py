"""The 25 questions of the quick check: an honest interval, and none of the same size is narrower on random firms."""

from functools import cache
from statistics import mean, median

import pytest

from questionnaires.loader import load
from questionnaires.model import FactKind, FilledDiagnosis
from scoring.loader import load_all
from scoring.maturity import compile_maturity
from scoring.standing import stand
from scoring.way import verdict_on
from tests.scoring import random_firms as made

QUICK = load("auto_parts_quick")
CRITERIA = load_all(made.DAY)
DISCRETE = CRITERIA.criteria["gbt_39117_2020_discrete"]
FIRMS = 100
# How a parts maker answers; `anything` and `mostly` are there to strain the arithmetic, not to resemble one.
LIKELY = ("steady", "uneven", "blurred")


@cache
def firms():
    return [made.make_firm(number, seed=25) for number in range(FIRMS)]


def interval(one, facts):
    """The level between its ends when only these facts are answered, and nothing is left out of the model."""
    firm = one.full.firm
    said = {name: statement for name, statement in firm.facts.items() if name in facts}
    quick = FilledDiagnosis(QUICK.id, QUICK.version, made.DAY, type(firm)(firm.kind, firm.key, firm.name, said))
    return verdict_on(made.LEVEL, stand(quick, CRITERIA)).level


def widths(facts):
    levels = [interval(one, facts) for one in firms() if one.profile in LIKELY]
    return [level.high - level.low for level in levels]


@cache
def asked():
    return frozenset(QUICK.facts)


def heaviest(level, many):
    lifts = compile_maturity(DISCRETE).lifts[level - 1]
    return frozenset({"production_type", *sorted(lifts, key=lambda name: (-lifts[name], name))[:many]})


def test_there_are_25_questions_of_which_one_says_the_type_of_production():
    questions = [question for section in QUICK.sections for page in section.pages for question in page.questions]

    assert len(questions) == 25
    assert [name for name, fact in QUICK.facts.items() if fact.kind is not FactKind.PRACTICE] == ["production_type"]
    assert asked() <= set(load("auto_parts").facts)


def test_they_are_the_heaviest_of_level_3_and_carry_what_the_file_says():
    lifts = compile_maturity(DISCRETE).lifts[2]
    own = asked() - {"production_type"}
    lightest = min(lifts[name] for name in own)

    assert {name for name in lifts if lifts[name] > lightest} <= own
    assert 0.62 < sum(lifts[name] for name in own) / compile_maturity(DISCRETE).denominator < 0.64


def test_no_25_answers_can_prove_level_1_met():
    lifts = sorted(compile_maturity(DISCRETE).lifts[0].values(), reverse=True)

    assert sum(lifts[:26]) < compile_maturity(DISCRETE).lowest_met <= sum(lifts[:27])


@pytest.mark.parametrize("number", range(0, FIRMS, 3))
def test_the_level_of_the_full_diagnosis_lies_in_the_interval(number):
    one = firms()[number]
    level, full = interval(one, asked()), verdict_on(made.LEVEL, stand(one.full, CRITERIA)).level

    assert level.low <= full.low <= full.high <= level.high


def test_the_median_width_of_the_interval_is_two_levels():
    assert median(widths(asked())) <= 2
    assert mean(widths(asked())) < 3.3


@pytest.mark.parametrize("level", [1, 2, 4, 5])
def test_as_many_questions_on_another_level_leave_the_interval_wider(level):
    other = widths(heaviest(level, 24))

    assert median(widths(asked())) < median(other)


@pytest.mark.parametrize("split", [(2, 3), (3, 4), (3, 5)])
def test_twelve_questions_on_each_of_two_levels_leave_it_wider(split):
    both = widths(heaviest(split[0], 12) | heaviest(split[1], 12))

    assert mean(widths(asked())) < mean(both)
