"""What a list counts beside what is stated by now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.diagnosis.draft import NOTHING, Said
from app.diagnosis.page import said_words
from app.presentation import language, text
from questionnaires.model import CountedList
from questionnaires.values import show_value


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what the rows count up to, and what is stated."""

    fact: str
    label: str
    counted: str
    unit: str
    stated: str
    differs: bool


def figures(of: CountedList, counted: Mapping[str, int | Fraction], said: Mapping[str, Said]) -> Iterator[Figure]:
    """Yield every figure of a list of one subject, of whom `said` gives what is stated by fact."""
    for column in of.columns:
        fact, total = column.fact, Fraction(counted.get(column.fact.id, 0))
        now = said.get(fact.id, NOTHING)
        shown, stated = show_value(fact, total, language()), said_words(fact, now, language())
        yield Figure(fact.id, text(fact.label), shown, text(fact.unit), stated, now.value != str(total))
