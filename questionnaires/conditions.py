"""Conditions over facts: `{operator: [left, right]}`, `all`, `any`; True, False, or None while it is not known.

The list of operators is closed on purpose; what needs more is a function with a test.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Final, TypeAlias

from questionnaires.model import AllOf, AnyOf, Comparison, Condition, Degree
from questionnaires.yaml_file import Located, LocatedList, check_keys, did_you_mean, named

OPERATORS: Final = ("==", ">=", "<=", ">", "<")
_GRAMMAR: Final = 'Write {">=": [name, 50]}, {all: [..., ...]} or {any: [..., ...]}.'
_TURNED: Final = {"<=": ">=", "<": ">"}
_RANK: Final = {degree.value: rank for rank, degree in enumerate(reversed(Degree))}  # none 0 ... full 3


class Absent(Enum):
    """What a lookup gives for a fact that is not asked at all, because its page is off the path."""

    NOT_ASKED = "not asked"


NOT_ASKED: Final = Absent.NOT_ASKED
Span: TypeAlias = tuple[Fraction, Fraction]  # the lowest and the highest value still possible
Lookup: TypeAlias = Callable[[str], object]


def parse(node: object, names: Collection[str], near: Located | LocatedList | None = None) -> Condition:
    """Return the condition that a file states in `node`.

    `names` are the facts and indicators that may be compared; a criteria file adds "threshold". A text on the right
    that is none of them is an option code. `near` locates a fault when `node` is no mapping.
    Raises DefinitionError.
    """
    if not isinstance(node, Located):
        place = near if near is not None else Located("", None, "")
        raise place.fault(f"a condition is a mapping, but this is {named(node).en}.", _GRAMMAR)
    check_keys(node, ("all", "any", *OPERATORS))
    if len(node) != 1:
        raise node.fault(f"a condition has one key, this one has {len(node)}.", _GRAMMAR)
    operator = next(iter(node))
    if operator in ("all", "any"):
        return _several(operator, node, names)
    return _comparison(operator, node, names)


def _several(operator: str, node: Located, names: Collection[str]) -> Condition:
    parts = tuple(parse(part, names, node) for part in node.rows(operator))
    if not parts:
        raise node.fault(f"“{operator}” lists no condition.", _GRAMMAR, operator)
    return AllOf(parts) if operator == "all" else AnyOf(parts)


def _comparison(operator: str, node: Located, names: Collection[str]) -> Comparison:
    sides = node.rows(operator)
    if len(sides) != 2 or not isinstance(sides[0], str):
        raise node.fault("a comparison has a name on the left and one thing on the right.", _GRAMMAR, operator)
    left, right = sides
    if left not in names:
        remedy = did_you_mean(left, names) or "The left side names a fact or an indicator."
        raise node.fault(f"nothing is called “{left}”.", remedy, operator)
    if isinstance(right, str):
        return Comparison(operator, left, right, right_is_name=right in names)
    if isinstance(right, bool):
        return Comparison(operator, left, right)
    if isinstance(right, (int, Fraction)):
        return Comparison(operator, left, Fraction(right))
    raise node.fault(
        f"the right side cannot be {named(right).en}.", "Write a number, true, false, a name or a code.", operator
    )


def comparisons(condition: Condition) -> Iterator[Comparison]:
    """Yield every comparison in `condition`."""
    if isinstance(condition, Comparison):
        yield condition
    else:
        for part in condition.parts:
            yield from comparisons(part)


def names_in(condition: Condition) -> frozenset[str]:
    """Return every name that `condition` compares."""
    lefts = {c.left for c in comparisons(condition)}
    return frozenset(lefts | {str(c.right) for c in comparisons(condition) if c.right_is_name})


def evaluate(condition: Condition, lookup: Lookup) -> bool | None:
    """Return whether `condition` holds; None when what is not known decides it.

    `lookup` gives for a name its value, a Span of two numbers, None (not known), or NOT_ASKED. A comparison with
    something not asked is false: the question does not arise. Of several choices, == asks whether one is among them.
    Degrees are ordered none < partly < mostly < full. Three-valued as by Kleene: what turns None into a value by
    knowing more never turns True into False or back.
    Raises TypeError when an order is asked of things without one; `lint.py` finds these before.
    """
    if isinstance(condition, Comparison):
        right = lookup(str(condition.right)) if condition.right_is_name else condition.right
        return _compare(condition.operator, lookup(condition.left), right)
    decisive = isinstance(condition, AnyOf)
    outcomes = [evaluate(part, lookup) for part in condition.parts]
    if decisive in outcomes:
        return decisive
    return None if None in outcomes else not decisive


def _compare(operator: str, left: object, right: object) -> bool | None:
    if left is NOT_ASKED or right is NOT_ASKED:
        return False
    if left is None or right is None:
        return None
    if operator == "==":
        return _equal(left, right)
    if operator in _TURNED:
        return _reaches(_ordered(right), _ordered(left), strictly=operator == "<")
    return _reaches(_ordered(left), _ordered(right), strictly=operator == ">")


def _equal(left: object, right: object) -> bool | None:
    if _is_codes(left) and isinstance(right, str):
        return right in left  # type: ignore[operator]
    if not (_is_number(left) and _is_number(right)):
        return type(left) is type(right) and left == right
    (left_low, left_high), (right_low, right_high) = _ordered(left), _ordered(right)
    if left_high < right_low or right_high < left_low:
        return False
    return True if left_low == left_high == right_low == right_high else None


def _reaches(left: Ends, right: Ends, strictly: bool) -> bool | None:
    """Whether left >= right (or >), from the ends between which each of them lies."""
    if left[0] > right[1] or (not strictly and left[0] == right[1]):
        return True
    if left[1] < right[0] or (strictly and left[1] == right[0]):
        return False
    return None


Ends: TypeAlias = tuple[Fraction, Fraction] | tuple[int, int]


def _ordered(value: object) -> Ends:
    if isinstance(value, date):
        return value.toordinal(), value.toordinal()
    if isinstance(value, str) and value in _RANK:
        return _RANK[value], _RANK[value]
    if isinstance(value, tuple) and _is_number(value):
        return value
    if not isinstance(value, (int, Fraction)) or isinstance(value, bool):
        raise TypeError(f"{value!r} has no order")
    return Fraction(value), Fraction(value)


def _is_number(value: object) -> bool:
    if isinstance(value, tuple):
        return len(value) == 2 and all(map(_is_number, value))
    return isinstance(value, (int, Fraction)) and not isinstance(value, bool)


def _is_codes(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(code, str) for code in value)
