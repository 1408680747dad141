from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from scoring.maturity import compile_maturity
from scoring.model import EmptyLevel, GapLevels
from scoring.settle import smallest_settling
from tests.scoring.make import DEGREES, VALUES, answered, criteria_over, group, small_criteria, subdomain


def settling(criteria, degrees):
    open_names = [name for name, degree in degrees.items() if degree is None]
    worst = {n: VALUES[d or "none"] for n, d in degrees.items()}
    best = {n: VALUES[d or "full"] for n, d in degrees.items()}
    return smallest_settling(criteria, criteria.capabilities, worst, best, open_names)


def settles(compiled, degrees):
    worst, best = compiled.bounds(compiled.encode(degrees))
    return worst.level == best.level


def fewest_by_trying(criteria, degrees):
    """The size of a smallest set of open facts for which some answers settle the level: every set, every answer."""
    compiled = compile_maturity(criteria)
    open_names = [name for name, degree in degrees.items() if degree is None]
    for size in range(len(open_names) + 1):
        for chosen in combinations(open_names, size):
            for answers in product(DEGREES, repeat=size):
                if settles(compiled, {**degrees, **dict(zip(chosen, answers, strict=True))}):
                    return size
    raise AssertionError("answering everything settles")


@given(st.data())
def test_the_set_is_as_small_as_any_found_by_trying_all(data):
    criteria = data.draw(small_criteria())
    degrees = data.draw(answered(criteria, open_at_most=4))

    assert len(settling(criteria, degrees)) == fewest_by_trying(criteria, degrees)


@given(st.data())
def test_some_answers_to_the_set_settle_the_level(data):
    criteria = data.draw(small_criteria())
    degrees = data.draw(answered(criteria, open_at_most=5))
    chosen = settling(criteria, degrees)
    compiled = compile_maturity(criteria)
    ways = product(("none", "full"), repeat=len(chosen))

    assert any(settles(compiled, {**degrees, **dict(zip(chosen, way, strict=True))}) for way in ways)
    assert all(degrees[name] is None for name in chosen)


def one_domain(*parts, **switches):
    return criteria_over([group("element", "e", 100, [group("capability_domain", "d", 100, parts)])], 2, **switches)


def test_one_heavy_question_is_enough_where_it_decides():
    criteria = one_domain(subdomain("heavy", 90, (1, 0)), subdomain("light", 10, (1, 0)))

    assert settling(criteria, {"heavy.L1.1": None, "light.L1.1": None}) == ("heavy.L1.1",)


def test_a_settled_level_needs_nothing():
    criteria = one_domain(subdomain("heavy", 90, (1, 0)), subdomain("light", 10, (1, 0)))

    assert settling(criteria, {"heavy.L1.1": "full", "light.L1.1": None}) == ()


def test_nothing_is_proposed_where_levels_share_requirements():
    for switches in ({"empty": EmptyLevel.INHERIT}, {"gaps": GapLevels.LITERAL}):
        criteria = one_domain(subdomain("heavy", 100, (1, 1)), **switches)

        assert settling(criteria, {"heavy.L1.1": None, "heavy.L2.1": None}) == ()
