from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.conditions import NOT_ASKED, evaluate, names_in, parse
from questionnaires.model import AllOf, AnyOf, Comparison
from questionnaires.yaml_file import DefinitionError, read_yaml_text

NAMES = ("machines", "machines_online", "has_mes", "systems", "threshold", "rate", "since", "until", "plan")


def condition(text):
    return parse(read_yaml_text(f"that: {text}", "x.yaml")["that"], NAMES)


def holds(text, **known):
    return evaluate(condition(text), known.get)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{">=": [machines, 50]}', Comparison(">=", "machines", Fraction(50))),
        ('{"<": [rate, 7.5]}', Comparison("<", "rate", Fraction(15, 2))),
        ('{"==": [has_mes, true]}', Comparison("==", "has_mes", True)),
        ('{"<=": [machines_online, machines]}', Comparison("<=", "machines_online", "machines", right_is_name=True)),
        ('{">=": [rate, threshold]}', Comparison(">=", "rate", "threshold", right_is_name=True)),
        ('{"==": [systems, thermal]}', Comparison("==", "systems", "thermal")),
    ],
)
def test_a_comparison_is_read(text, expected):
    assert condition(text) == expected


def test_conditions_nest():
    read = condition('{all: [{"==": [has_mes, true]}, {any: [{">": [machines, 0]}, {">": [rate, 1]}]}]}')

    assert isinstance(read, AllOf)
    assert isinstance(read.parts[1], AnyOf)
    assert names_in(read) == {"has_mes", "machines", "rate"}


def test_names_of_both_sides_are_found():
    assert names_in(condition('{"<=": [machines_online, machines]}')) == {"machines_online", "machines"}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ('{">": [machine, 0]}', "nothing is called “machine”. Did you mean “machines”"),
        ('{">": [wholly_else, 0]}', "The left side names a fact"),
        ('{"!=": [machines, 0]}', "nobody reads the key “!=”"),
        ('{">": [machines]}', "a name on the left and one thing on the right"),
        ('{">": [0, machines]}', "a name on the left and one thing on the right"),
        ('{">": [since, 2026-01-01]}', "the right side cannot be the date 2026-01-01"),
        ('{">": [machines, [1]]}', "the right side cannot be a list"),
        ("{all: []}", "“all” lists no condition"),
        ('{">": [machines, 0], "<": [machines, 9]}', "a condition has one key, this one has 2"),
        ("machines", "a condition is a mapping, but this is the text “machines”"),
        ("{any: [machines]}", "a condition is a mapping"),
    ],
)
def test_a_condition_that_says_nothing_is_refused(text, part):
    with pytest.raises(DefinitionError) as refused:
        condition(text)

    assert part in str(refused.value)


TEN, TWENTY = Fraction(10), Fraction(20)


@pytest.mark.parametrize(
    ("operator", "left", "right", "expected"),
    [
        (">=", TEN, TEN, True),
        (">", TEN, TEN, False),
        ("<=", TEN, TEN, True),
        ("<", TEN, TEN, False),
        ("==", TEN, TEN, True),
        ("==", TEN, TWENTY, False),
        (">=", (TEN, TWENTY), TEN, True),
        (">", (TEN, TWENTY), TEN, None),
        ("<", (TEN, TWENTY), TWENTY, None),
        ("<=", (TEN, TWENTY), TWENTY, True),
        ("<", (TEN, TWENTY), TEN, False),
        ("<=", (TEN, TWENTY), TEN, None),
        ("==", (TEN, TWENTY), TEN, None),
        ("==", (TEN, TWENTY), Fraction(9), False),
        ("==", (TEN, TEN), TEN, True),
        (">=", (TEN, TWENTY), (TWENTY, Fraction(30)), None),
        (">", (TEN, TWENTY), (TWENTY, Fraction(30)), False),
        ("<=", (TEN, TWENTY), (TWENTY, Fraction(30)), True),
        (">=", None, TEN, None),
        (">=", TEN, None, None),
        ("==", date(2026, 1, 1), date(2026, 1, 1), True),
        (">=", date(2026, 1, 2), date(2026, 1, 1), True),
        ("<", date(2026, 1, 2), date(2026, 1, 1), False),
        (">=", "mostly", "partly", True),
        (">=", "none", "partly", False),
        ("<", "mostly", "full", True),
        ("==", "mostly", "mostly", True),
        ("==", ("battery", "thermal"), "thermal", True),
        ("==", ("battery", "thermal"), "connected", False),
        ("==", "discrete", "process", False),
        ("==", True, True, True),
        ("==", False, True, False),
        ("==", True, Fraction(1), False),
        ("==", NOT_ASKED, TEN, False),
        ("<", NOT_ASKED, TEN, False),
        ("<", TEN, NOT_ASKED, False),
        ("<", None, NOT_ASKED, False),
    ],
)
def test_a_comparison_is_true_false_or_not_known(operator, left, right, expected):
    compared = Comparison(operator, "left", "right", right_is_name=True)

    assert evaluate(compared, {"left": left, "right": right}.get) is expected


@pytest.mark.parametrize("value", ["discrete", True, ("battery", "thermal")])
def test_an_order_is_refused_where_there_is_none(value):
    with pytest.raises(TypeError, match="has no order"):
        evaluate(Comparison(">=", "left", Fraction(1)), {"left": value}.get)


KLEENE_AND = {
    (True, True): True,
    (True, False): False,
    (True, None): None,
    (False, False): False,
    (False, None): False,
    (None, None): None,
}
KLEENE_OR = {
    (True, True): True,
    (True, False): True,
    (True, None): True,
    (False, False): False,
    (False, None): None,
    (None, None): None,
}


@pytest.mark.parametrize(("kind", "table"), [("all", KLEENE_AND), ("any", KLEENE_OR)])
def test_all_and_any_follow_the_table_of_kleene(kind, table):
    text = f'{{{kind}: [{{"==": [has_mes, true]}}, {{"==": [plan, true]}}]}}'

    for (first, second), expected in table.items():
        assert holds(text, has_mes=first, plan=second) is expected
        assert holds(text, has_mes=second, plan=first) is expected


VALUES = st.integers(-3, 3).map(Fraction)
COMPARISONS = st.builds(
    Comparison,
    operator=st.sampled_from(["==", ">=", "<=", ">", "<"]),
    left=st.sampled_from("abc"),
    right=st.sampled_from("abc"),
    right_is_name=st.just(True),
) | st.builds(Comparison, st.sampled_from(["==", ">=", "<=", ">", "<"]), st.sampled_from("abc"), VALUES)
CONDITIONS = st.recursive(
    COMPARISONS,
    lambda inner: (
        st.builds(AllOf, st.lists(inner, min_size=1, max_size=3).map(tuple))
        | st.builds(AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple))
    ),
    max_leaves=6,
)


@given(CONDITIONS, st.fixed_dictionaries(dict.fromkeys("abc", VALUES)), st.data())
def test_knowing_more_never_turns_true_into_false_or_back(asked, truth, data):
    spans = {name: _around(value, data) for name, value in truth.items()}
    before = evaluate(asked, spans.get)

    assert before is None or evaluate(asked, truth.get) is before


@given(CONDITIONS, st.fixed_dictionaries(dict.fromkeys("abc", VALUES)))
def test_what_is_wholly_known_is_decided(asked, truth):
    assert evaluate(asked, truth.get) in (True, False)


@given(COMPARISONS, st.fixed_dictionaries(dict.fromkeys("abc", st.tuples(VALUES, VALUES).map(sorted).map(tuple))))
def test_a_span_is_decided_exactly_when_all_its_values_agree(asked, spans):
    """Brute force: whole steps between the ends, and both ends, decide a comparison of two different names."""
    if asked.right_is_name and asked.left == asked.right:
        return
    rights = _values(spans[asked.right]) if asked.right_is_name else [asked.right]
    outcomes = {
        evaluate(Comparison(asked.operator, "l", "r", right_is_name=True), {"l": left, "r": right}.get)
        for left in _values(spans[asked.left])
        for right in rights
    }

    assert evaluate(asked, spans.get) is (outcomes.pop() if len(outcomes) == 1 else None)


def _values(span):
    low, high = span
    return [low + step for step in range(int(high - low) + 1)]


def _around(value, data):
    wider = data.draw(st.sampled_from(["known", "span", "open"]))
    if wider == "open":
        return None
    return value if wider == "known" else (value - data.draw(st.integers(0, 2)), value + data.draw(st.integers(0, 2)))
