"""Answers by chance, of every kind a fact has, for firms with several factories and workshops. The seed decides."""

from __future__ import annotations

import string
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from fractions import Fraction
from random import Random

from app.diagnosis.draft import NOTHING, TAILORING, Said, every_subject
from questionnaires.answers import EntryState, to_text
from questionnaires.credit_code import check_digit
from questionnaires.model import Degree, Fact, FactKind, Questionnaire, Subject, Value

Statements = dict[str, dict[str, Said]]
LETTERS = "甲乙丙丁戊车间装备、，。；（）“”—·√①℃㎡é \n\t=+-@'\"&<>%#\\/" + string.ascii_letters + string.digits
NASTY = (
    "=1+1",
    "+86",
    "-5",
    "@SUM(A1)",
    "'quoted",
    "_x0041_",
    "00123",
    "1/3",
    "TRUE",
    "2026-10-31",
    "3.10",
    "😀 嵌入",
    "a\nb",
)


def random_workshops(chance: Random) -> dict[str, tuple[str, ...]]:
    """Return one to three factories with up to four workshops each, by name."""
    return {
        f"{number}号工厂": tuple(f"{number}-{place} 车间" for place in range(1, chance.randint(0, 4) + 1))
        for number in range(1, chance.randint(1, 3) + 1)
    }


def random_answers(chance: Random, questionnaire: Questionnaire, firm: Subject, may: Collection[str]) -> Statements:
    """Return what a firm says: most facts stated, some unknown, not applicable or left out, some subdomains too."""
    said = {
        subject.key: _of_subject(chance, (fact for fact in questionnaire.facts.values() if fact.of is subject.kind))
        for subject in every_subject(firm)
    }
    left_out = [name for name in may if chance.random() < 0.1]
    return said | {TAILORING: {name: Said(EntryState.STATED, "true", random_text(chance)) for name in left_out}}


def _of_subject(chance: Random, facts: Iterable[Fact]) -> dict[str, Said]:
    said = {fact.id: random_statement(chance, fact) for fact in facts}
    return {name: one for name, one in said.items() if one != NOTHING}


def random_statement(chance: Random, fact: Fact) -> Said:
    """Return what might be said about a fact; sometimes nothing."""
    state = chance.choices(list(EntryState), weights=(70, 10, 8, 12))[0]
    if state is EntryState.BLANK:
        return NOTHING
    if state is EntryState.UNKNOWN:
        return Said(state)
    if state is EntryState.NOT_APPLICABLE and fact.kind is not FactKind.PRACTICE and not fact.required:
        return Said(state, None, random_text(chance))
    return Said(EntryState.STATED, to_text(random_value(chance, fact)))


def random_value(chance: Random, fact: Fact) -> Value:
    """Return one value that the fact takes."""
    if fact.kind is FactKind.NUMBER:
        return _number(chance, fact)
    if fact.kind is FactKind.YES_NO:
        return chance.random() < 0.5
    if fact.kind is FactKind.DATE:
        return date(1900, 3, 1) + timedelta(days=chance.randrange(73_000))
    if fact.kind is FactKind.CHOICE:
        return chance.choice([option.code for option in fact.options])  # those retired too, which old answers have
    if fact.kind is FactKind.CHOICES:
        return _choices(chance, fact)
    if fact.kind is FactKind.PRACTICE:
        return chance.choice(list(Degree)).value
    return _text(chance, fact)


def _number(chance: Random, fact: Fact) -> Fraction:
    assert fact.min is not None
    assert fact.max is not None
    if fact.whole:
        return Fraction(chance.randint(int(fact.min), int(fact.max)))
    places = chance.choice((0, 1, 2, 6, 20))
    steps = 10**places
    exact = Fraction(chance.randint(int(fact.min * steps) + 1, int(fact.max * steps)), steps)
    third = Fraction(chance.randint(1, 90), 7)
    return third if chance.random() < 0.1 and fact.min <= third <= fact.max else exact


def _choices(chance: Random, fact: Fact) -> tuple[str, ...]:
    alone = [option.code for option in fact.options if option.alone]
    others = [option.code for option in fact.options if not option.alone]
    if alone and chance.random() < 0.2:
        return (alone[0],)
    return tuple(sorted(chance.sample(others, chance.randint(1, len(others)))))


def _text(chance: Random, fact: Fact) -> str:
    if fact.format == "industry":
        return f"{chance.randint(100, 9999):04d}"
    if fact.format == "uscc":
        first = "91500120MA" + "".join(chance.choices(string.digits, k=7))
        return first + check_digit(first + "0")
    return random_text(chance)


def random_text(chance: Random) -> str:
    """Return a text as people might write it, and as they would not."""
    if chance.random() < 0.3:
        return chance.choice(NASTY)
    words = "".join(chance.choices(LETTERS, k=chance.randint(1, 60))).strip()
    return "甲" if words in ("", "√", "—", "?", "-") else words  # which stand for something else in a cell or a form
