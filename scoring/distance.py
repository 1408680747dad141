"""What a gate that is not met is short of, in the reader's units: “差 6 台”, “差 1 个”, “差 2.4 个百分点”.

Counts are exact: the smallest number more at an unchanged denominator. Percentage points are rounded up for people.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import ceil, floor

from questionnaires.conditions import comparisons, evaluate
from questionnaires.model import AllOf, AnyOf, Comparison, Condition, FactKind, Text
from scoring.exact import Bounds
from scoring.indicators import HUNDRED, Case, bearers, bounds_of, span, value_of
from scoring.model import Indicator, Ratio, Sum

POINTS = Text("个百分点", "percentage points")


def distance(condition: Condition, case: Case) -> Text | None:
    """Return what is missing until `condition` holds, None where a plain no says it already.

    Of several parts that must all hold, every missing one is named; of alternatives, each with “或”.
    """
    if isinstance(condition, Comparison):
        return _shortfall(condition, case)
    failing = [part for part in condition.parts if evaluate(part, lambda name: value_of(name, case)) is False]
    missing = [text for part in failing if (text := distance(part, case))]
    labels = [case.facts[c.left].label for c in failing if isinstance(c, Comparison) and _is_yes_no(c, case)]
    if labels and isinstance(condition, AllOf):
        missing.append(Text(f"还缺：{_list_zh(labels)}", f"still missing: {_list_en(labels)}"))
    return _joined(missing, isinstance(condition, AnyOf))


def missing_in_ratio(
    numerator: Fraction, denominator: Fraction, threshold: Fraction, strictly: bool, whole: bool
) -> Fraction:
    """Return the smallest number more in the numerator that brings the rate to `threshold` percent.

    The denominator stays as it is. `strictly`: the rate must exceed the threshold. `whole`: only whole numbers count.
    """
    wanted = threshold * denominator / HUNDRED
    if not whole:
        return wanted - numerator
    return Fraction(floor(wanted) + 1 if strictly else ceil(wanted)) - numerator


def _shortfall(comparison: Comparison, case: Case) -> Text | None:
    if comparison.operator not in (">=", ">") or not isinstance(comparison.right, Fraction):
        return None
    strictly = comparison.operator == ">"
    indicator = case.indicators.get(comparison.left)
    if indicator and isinstance(indicator.how, Ratio):
        counted = _counted(indicator.how, case, comparison.right, strictly)
        if counted:
            return counted
    bounds = bounds_of(comparison.left, case)
    return _short_of(comparison.left, comparison.right, bounds, case) if bounds else None


def _counted(ratio: Ratio, case: Case, threshold: Fraction, strictly: bool) -> Text | None:
    numerator, denominator = _known(ratio.numerator, case), _known(ratio.denominator, case)
    fact = case.facts[ratio.numerator[0]]
    if numerator is None or denominator is None or fact.unit is None:
        return None
    return lacks(missing_in_ratio(numerator, denominator, threshold, strictly, fact.whole), fact.unit, settled=True)


def _known(names: Iterable[str], case: Case) -> Fraction | None:
    spans = [span(case.facts[name], s) for name in names for s in bearers(case.facts[name].of, case.path)]
    settled = [bounds.low for bounds in spans if bounds and bounds.settled]
    return sum(settled, Fraction(0)) if len(settled) == len(spans) else None


def _short_of(name: str, threshold: Fraction, bounds: Bounds, case: Case) -> Text:
    indicator = case.indicators.get(name)
    lacking = lacks(threshold - bounds.high, _unit(name, case), bounds.settled)
    if indicator and isinstance(indicator.how, Sum) and (labels := _not_yet(indicator, indicator.how, case)):
        return Text(f"{lacking.zh}：{_list_zh(labels)}", f"{lacking.en}: {_list_en(labels)}")
    return lacking


def _not_yet(indicator: Indicator, how: Sum, case: Case) -> list[Text]:
    return [case.facts[name].label for name in how.facts if value_of(name, case) is False]


def _unit(name: str, case: Case) -> Text:
    unit = case.indicators[name].unit if name in case.indicators else case.facts[name].unit
    return POINTS if unit and unit.zh == "%" else unit or Text("", "")


def lacks(number: Fraction, unit: Text, settled: bool) -> Text:
    """Return “差 6 台”; while the value is still open, “至少差 6 台”."""
    shown = rounded_up(number)
    zh, en = ("差", "") if settled else ("至少差", "at least ")
    return Text(f"{zh} {shown} {unit.zh}".rstrip(), f"{en}{shown} more needed ({unit.en})")


def rounded_up(number: Fraction) -> str:
    """Return `number` with at most one decimal, rounded up, so that what is missing is never understated."""
    tenths = ceil(number * 10)
    return str(tenths // 10) if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}"


def _is_yes_no(comparison: Comparison, case: Case) -> bool:
    fact = case.facts.get(comparison.left)
    return fact is not None and fact.kind is FactKind.YES_NO


def _joined(texts: list[Text], alternatives: bool) -> Text | None:
    if not texts:
        return None
    zh, en = ("，或", ", or ") if alternatives else ("；", "; ")
    return Text(zh.join(text.zh for text in texts), en.join(text.en for text in texts))


def _list_zh(labels: Iterable[Text]) -> str:
    return "、".join(label.zh for label in labels)


def _list_en(labels: Iterable[Text]) -> str:
    return ", ".join(label.en for label in labels)


def compared_number(condition: Condition, case: Case) -> str | None:
    """Return the first name in `condition` that is a number, for the figure printed beside the threshold."""
    names = (comparison.left for comparison in comparisons(condition))
    return next((name for name in names if name in case.indicators or _is_number(name, case)), None)


def _is_number(name: str, case: Case) -> bool:
    return name in case.facts and case.facts[name].kind is FactKind.NUMBER
