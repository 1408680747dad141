"""Made-up firms with an answer to every question, and diagnoses of them of which only a part is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from random import Random

from questionnaires.answers import on_path
from questionnaires.loader import load
from questionnaires.model import (
    Degree,
    Fact,
    FactKind,
    Facts,
    FilledDiagnosis,
    Questionnaire,
    State,
    Statement,
    Subject,
    SubjectKind,
    Value,
)
from questionnaires.path import find_path
from questionnaires.screen import next_screen, questions_on_a_screen
from scoring.deciding import Sight
from scoring.model import CriteriaSet
from scoring.standing import stand
from scoring.way import MATURITY, Aim, shortest_way, verdict_on

Concluded = tuple[str, int, int]  # criteria id, level at least, level at most
DAY = date(2026, 11, 24)
QUESTIONNAIRE = "auto_parts"
# What one thing is counted of; the part never exceeds the whole.
PART_OF = {
    "equipment_digital_count": "equipment_count",
    "equipment_networked_count": "equipment_count",
    "key_process_controlled_count": "key_process_count",
    "uploading_device_count": "collected_device_count",
    "designers_with_tools_count": "designers_count",
    "ai_scene_count": "scene_count",
    "nev_revenue_y0": "revenue",
    "nev_revenue_y1": "main_revenue_y1",
    "nev_revenue_y2": "main_revenue_y2",
}
MAY_TAILOR = ("product_design", "purchasing", "warehouse", "energy", "logistics", "sales", "customer_service")
# The chances of full, mostly, partly and none, by how far a requirement's level is above what the firm has reached.
STEADY = ((76, 24, 0, 0), (24, 30, 28, 18), (5, 10, 30, 55), (0, 2, 12, 86))
BLURRED = ((60, 28, 9, 3), (40, 30, 20, 10), (20, 28, 30, 22), (8, 16, 30, 46))
Profile = Callable[[Random], Callable[[Fact], Degree]]


@dataclass(frozen=True, slots=True)
class Made:
    """One firm: everything it would answer, and what it has answered so far."""

    profile: str
    full: FilledDiagnosis
    begun: FilledDiagnosis


def _strength(chance: Random) -> int:
    return chance.choices((0, 1, 2, 3, 4), (20, 40, 25, 10, 5))[0]


def _by_distance(
    strength: Mapping[str, int] | int, table: tuple[tuple[int, ...], ...], chance: Random, fact: Fact
) -> Degree:
    subdomain, _, level = fact.id.partition(".L")
    reached = strength if isinstance(strength, int) else strength[subdomain]
    above = min(max(int(level[0]) - reached, 0), len(table) - 1)
    return chance.choices(tuple(Degree), table[above])[0]


def steady(chance: Random) -> Callable[[Fact], Degree]:
    """As the demonstration's firms: good up to a level, then ever less."""
    strength = _strength(chance)
    return lambda fact: _by_distance(strength, STEADY, chance, fact)


def blurred(chance: Random) -> Callable[[Fact], Degree]:
    """No clear edge between what is done and what is not, so that scores lie near the mark."""
    strength = _strength(chance)
    return lambda fact: _by_distance(strength, BLURRED, chance, fact)


def uneven(chance: Random) -> Callable[[Fact], Degree]:
    """Each capability subdomain at a strength of its own."""
    base, by_subdomain = _strength(chance), dict[str, int]()

    def degree(fact: Fact) -> Degree:
        subdomain = fact.id.partition(".L")[0]
        by_subdomain.setdefault(subdomain, max(base + chance.randint(-1, 2), 0))
        return _by_distance(by_subdomain, STEADY, chance, fact)

    return degree


def anything(chance: Random) -> Callable[[Fact], Degree]:
    """Any answer to anything, better or worse on the whole."""
    weights = tuple(chance.randint(1, 10) for _ in Degree)
    return lambda _fact: chance.choices(tuple(Degree), weights)[0]


def mostly(chance: Random) -> Callable[[Fact], Degree]:
    """“大部分满足” nearly everywhere: every level score lies close to the mark of 0.8."""
    return lambda _fact: chance.choices(tuple(Degree), (6, 88, 4, 2))[0]


PROFILES: Mapping[str, Profile] = {one.__name__: one for one in (steady, blurred, uneven, anything, mostly)}


def make_firm(number: int, seed: int = 2026) -> Made:
    """Return the firm of this number, always the same for the same seed; profiles take turns.

    Every third firm leaves out one to three capability subdomains, and one of five is of the process type. Of every
    second one a part is answered already, and of some a few answers are 不清楚 for good.
    """
    chance = Random(f"{seed}-{number}")
    name = tuple(PROFILES)[number % len(PROFILES)]
    questionnaire = load(QUESTIONNAIRE)
    firm = _subject(SubjectKind.FIRM, "firm", questionnaire, PROFILES[name](chance), chance)
    left_out = chance.sample(MAY_TAILOR, chance.randint(1, 3)) if number % 3 == 0 else []
    full = FilledDiagnosis(questionnaire.id, questionnaire.version, DAY, firm, dict.fromkeys(left_out, "没有这项业务"))
    full = on_path(questionnaire, replace(full, firm=_vague(firm, chance) if number % 7 == 0 else firm))
    share = chance.uniform(0.05, 0.6) if number % 2 else 0.0
    return Made(name, full, on_path(questionnaire, replace(full, firm=_partly(full.firm, share, chance))))


def _subject(
    kind: SubjectKind, key: str, questionnaire: Questionnaire, degree: Callable[[Fact], Degree], chance: Random
) -> Subject:
    below = {SubjectKind.FIRM: SubjectKind.FACTORY, SubjectKind.FACTORY: SubjectKind.WORKSHOP}.get(kind)
    names = [f"{key}.{n}" for n in range(chance.choices((1, 2, 3), (6, 3, 1))[0] if below else 0)]
    parts = tuple(_subject(below, name, questionnaire, degree, chance) for name in names if below)
    return Subject(kind, key, key, _facts(kind, questionnaire, degree, chance), parts)


def _facts(kind: SubjectKind, questionnaire: Questionnaire, degree: Callable[[Fact], Degree], chance: Random) -> Facts:
    values: dict[str, Value] = {}
    for fact in questionnaire.facts.values():
        if fact.of is kind:
            values[fact.id] = degree(fact) if fact.kind is FactKind.PRACTICE else any_value(fact, chance)
    for part, whole in PART_OF.items():
        if part in values:
            values[part] = Fraction(int(values[whole] * chance.choice((0, 30, 45, 60, 75, 90, 100)) / 100))  # type: ignore[operator]
    if kind is SubjectKind.FIRM:
        values["production_type"] = "process" if chance.random() < 0.2 else "discrete"
    return {name: Statement(State.STATED, value) for name, value in values.items()}


def any_value(fact: Fact, chance: Random) -> Value:
    """Return some answer that the fact allows; yes is more frequent than no, and numbers are those of a parts maker."""
    if fact.kind is FactKind.YES_NO:
        return chance.random() < 0.8
    if fact.kind is FactKind.NUMBER:
        low, high = fact.min or Fraction(0), min(fact.max if fact.max is not None else Fraction(400), Fraction(3000))
        return Fraction(chance.randint(int(low), int(high)))
    codes = [option.code for option in fact.options]
    if fact.kind is FactKind.CHOICE:
        return chance.choice(codes)
    if fact.kind is FactKind.CHOICES:
        several = [option.code for option in fact.options if not option.alone]
        return tuple(sorted(chance.sample(several, chance.randint(1, len(several)))))
    if fact.kind is FactKind.DATE:
        return date(2024 + chance.randint(0, 1), 12, 31)
    return str(chance.choice(tuple(Degree))) if fact.kind is FactKind.PRACTICE else "示例"


def _vague(subject: Subject, chance: Random) -> Subject:
    """Return the same with a few facts that nobody knows."""
    unknown = Statement(State.UNKNOWN)
    facts = {n: unknown if chance.random() < 0.06 else s for n, s in subject.facts.items()}
    return replace(subject, facts=facts, parts=tuple(_vague(part, chance) for part in subject.parts))


def _partly(subject: Subject, share: float, chance: Random) -> Subject:
    facts = {name: said for name, said in subject.facts.items() if chance.random() < share}
    return replace(subject, facts=facts, parts=tuple(_partly(part, share, chance) for part in subject.parts))


def completed(begun: FilledDiagnosis, chance: Random) -> FilledDiagnosis:
    """Return `begun` with some answer to everything that it leaves open; no part exceeds its whole."""
    questionnaire = load(begun.questionnaire_id, begun.questionnaire_version)
    return on_path(questionnaire, replace(begun, firm=_completed(begun.firm, questionnaire, chance)))


def _completed(subject: Subject, questionnaire: Questionnaire, chance: Random) -> Subject:
    values = {f.id: any_value(f, chance) for f in questionnaire.facts.values() if f.of is subject.kind}
    said = {name: Statement(State.STATED, value) for name, value in values.items()} | dict(subject.facts)
    for part, whole in PART_OF.items():
        if part in said and part not in subject.facts:
            said[part] = Statement(State.STATED, Fraction(chance.randint(0, int(said[whole].value or 0))))
    for whole in dict.fromkeys(PART_OF.values()):
        parts = [said[part].value or 0 for part, its in PART_OF.items() if its == whole and part in said]
        if parts and whole not in subject.facts:
            said[whole] = Statement(State.STATED, max(said[whole].value, *parts))
    return replace(subject, facts=said, parts=tuple(_completed(part, questionnaire, chance) for part in subject.parts))


def with_answers(begun: FilledDiagnosis, full: FilledDiagnosis, places: tuple[tuple[str, str], ...]) -> FilledDiagnosis:
    """Return `begun` with what `full` says about these facts, and with only what is on the path by then."""
    firm = _taking_over(begun.firm, full.firm, frozenset(places))
    return on_path(load(begun.questionnaire_id, begun.questionnaire_version), replace(begun, firm=firm))


def _taking_over(subject: Subject, known: Subject, places: frozenset[tuple[str, str]]) -> Subject:
    said = {name: statement for name, statement in known.facts.items() if (subject.key, name) in places}
    parts = (_taking_over(*pair, places) for pair in zip(subject.parts, known.parts, strict=True))
    return replace(subject, facts={**subject.facts, **said}, parts=tuple(parts))


# --- the shortest way -------------------------------------------------------------------------------------------------

LEVEL = Aim(MATURITY, "firm")


@dataclass(frozen=True, slots=True)
class Walk:
    """How one firm came to its level: what the way settled on, beside the full filling, and what it took."""

    profile: str
    settled: Concluded
    full: Concluded
    asked: int
    would_ask: int  # questions that decide a level at all and were not answered yet
    screens: int

    @property
    def saved(self) -> float:
        """The share of those questions that was not asked."""
        return 1 - self.asked / self.would_ask


def walk(made: Made, criteria: CriteriaSet) -> Walk:
    """Follow the shortest way to the maturity level screen by screen, answering as the full filling does."""
    questionnaire = load(made.begun.questionnaire_id, made.begun.questionnaire_version)
    answered, asked, screens = made.begun, 0, 0
    while True:
        path = find_path(questionnaire, answered.firm, answered.tailored)
        way = shortest_way(LEVEL, Sight(answered, criteria, ()), path.asked)
        if not way.ask:
            break
        screen = next_screen(path, way.ask, questions_on_a_screen(way.fewest))
        places = tuple((step.subject.key, fact) for step in screen for fact in step.page.fact_ids)
        answered, asked, screens = with_answers(answered, made.full, places), asked + len(places), screens + 1
    return Walk(
        made.profile, concluded(answered, criteria), concluded(made.full, criteria), asked, _open(made), screens
    )


def concluded(filled: FilledDiagnosis, criteria: CriteriaSet) -> Concluded:
    """Return the table that judges, and the ends of the level."""
    found = verdict_on(LEVEL, stand(filled, criteria))
    assert found is not None
    assert found.level is not None
    return found.criteria_id, int(found.level.low), int(found.level.high)


def _open(made: Made) -> int:
    left = made.full.firm.facts.keys() - made.begun.firm.facts.keys()
    return sum(name == "production_type" or ".L" in name for name in left)
