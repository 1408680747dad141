from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from scoring.maturity import compile_maturity
from scoring.model import EmptyLevel, GapLevels
from scoring.settle import levels_between, smallest_settling, tipping
from tests.scoring.make import DEGREES, answered, completions, criteria_over, group, small_criteria, subdomain


def settling(criteria, degrees):
    return smallest_settling(compile_maturity(criteria), degrees)


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
    shared = one_domain(subdomain("heavy", 90, (1, 0)), subdomain("light", 10, (1, 1)), empty=EmptyLevel.INHERIT)
    literal = one_domain(subdomain("heavy", 100, (1, 1)), gaps=GapLevels.LITERAL)

    assert settling(shared, {}) == ()
    assert settling(literal, {}) == ()


# --- what can still tip a level ---------------------------------------------------------------------------------------


def can_tip_by_trying(criteria, degrees, level):
    """The open requirements with which some answers meet the level and others do not, all else being equal."""
    compiled = compile_maturity(criteria)

    def met(complete):
        return compiled.score(compiled.encode(complete)).scores[level] >= compiled.lowest_met

    every = list(completions(degrees))
    open_names = [name for name, degree in degrees.items() if degree is None]
    return {n for n in open_names for c in every if met({**c, n: "none"}) != met({**c, n: "full"})}


@given(st.data())
def test_what_can_tip_a_level_is_exactly_what_trying_every_answer_finds(data):
    criteria = data.draw(small_criteria(most=2))
    degrees = data.draw(answered(criteria, open_at_most=5))
    compiled = compile_maturity(criteria)
    for number, level in enumerate(levels_between(compiled, degrees)):
        assert set(tipping(level, compiled.values)) == can_tip_by_trying(criteria, degrees, number)


@given(st.data())
def test_a_level_lies_between_the_ends_of_the_exact_scores(data):
    criteria = data.draw(small_criteria(most=2, empty=data.draw(st.sampled_from(EmptyLevel))))
    degrees = data.draw(answered(criteria))
    compiled = compile_maturity(criteria)
    worst, best = compiled.bounds(compiled.encode(degrees))

    assert tuple((level.low, level.high) for level in levels_between(compiled, degrees)) == tuple(
        zip(worst.scores, best.scores, strict=True)
    )


def test_a_light_requirement_that_cannot_reach_the_mark_alone_or_with_others_is_left_out():
    # 66 + 30 x (0, 0.5, 0.8, 1) gives 66, 81, 90 or 96: from none of them do 4 more points lead across 80.
    criteria = one_domain(
        subdomain("heavy", 66, (1, 0)), subdomain("middle", 30, (1, 0)), subdomain("light", 4, (1, 0))
    )
    level = levels_between(compile_maturity(criteria), {"heavy.L1.1": "full"})[0]

    assert tipping(level, compile_maturity(criteria).values) == ("middle.L1.1",)


def test_of_many_uneven_requirements_every_one_is_found_to_tip_quickly():
    parts = [subdomain(f"s{n:02}", weight, (1, 0)) for n, weight in enumerate(range(1, 60, 2))]
    criteria = one_domain(*parts)
    compiled = compile_maturity(criteria)

    assert len(tipping(levels_between(compiled, {})[0], compiled.values)) == 30
