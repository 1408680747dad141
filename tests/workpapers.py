"""Workpapers of made-up firms: what stands in them once LibreOffice has computed them, and what scoring found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from random import Random

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from questionnaires.loader import load
from questionnaires.model import (
    Degree,
    Fact,
    FactKind,
    FilledDiagnosis,
    State,
    Statement,
    Subject,
    Value,
)
from questionnaires.values import show_value
from reports.edition import Edition
from reports.given import Given, paths
from reports.wording import MARKS, STATE_WORDS, outcome_text
from reports.workpaper import workpaper
from reports.workpaper_exact import read_facts
from scoring.assessment import assess_diagnosis
from scoring.exact import Bounds
from scoring.loader import load_all
from scoring.model import Assessment, GapLevels, MaturityCriteria, Method, PointsCriteria, RequirementState
from scoring.tailoring import subdomains
from tests.scoring.random_firms import any_value, make_firm

EDITION = Edition(day=date(2026, 11, 24), program="zhizhen 0.1.0")
UNKNOWN, NOT_APPLICABLE = Statement(State.UNKNOWN), Statement(State.NOT_APPLICABLE, reason="=不适用")
FOUND = "工作簿算得"


def given_of(filled: FilledDiagnosis) -> Given:
    """Return what a workpaper of this diagnosis is built from."""
    criteria = load_all(filled.as_of)
    judged, questionnaire = assess_diagnosis(filled, criteria), load(filled.questionnaire_id)
    return Given(filled, judged, (), {}, criteria, questionnaire, EDITION, {})


def random_diagnosis(number: int) -> FilledDiagnosis:
    """Return a diagnosis as it might be: half answered or whole, with decimals, and now and then something odd."""
    chance = Random(f"workpaper-{number}")
    made = make_firm(number, seed=7)
    filled = made.begun if number % 4 == 1 else made.full
    firm = _odd(filled.firm, chance)
    if number % 11 == 0:
        firm = replace(firm, facts={name: said for name, said in firm.facts.items() if name != "production_type"})
    if number % 13 == 0:
        firm = replace(firm, parts=tuple(replace(part, parts=()) for part in firm.parts))
    return replace(filled, firm=firm)


def _odd(subject: Subject, chance: Random) -> Subject:
    facts = {name: _odd_statement(name, said, chance) for name, said in subject.facts.items()}
    return replace(subject, facts=facts, parts=tuple(_odd(part, chance) for part in subject.parts))


def _odd_statement(name: str, said: Statement, chance: Random) -> Statement:
    fact, value = load("auto_parts").facts[name], said.value
    if isinstance(value, Fraction) and not fact.whole and chance.random() < 0.6:
        assert fact.max is not None
        finer = value + Fraction(chance.randint(-99, 99), 100) if chance.random() < 0.8 else value / 7
        return replace(said, value=finer) if (fact.min or 0) <= finer <= fact.max else said
    odd = chance.random()
    if odd < 0.02:
        return UNKNOWN
    return NOT_APPLICABLE if odd < 0.03 and fact.kind is not FactKind.PRACTICE else said


# --- what stands in a workpaper ---------------------------------------------------------------------------------------


def conclusions(file: Path) -> dict[str, list[str]]:
    """Return, by sheet, everything that a computed workpaper concludes, from the top, and what its cover says."""
    book = load_workbook(file, read_only=True, data_only=True)
    rows = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
    cover = str(rows.pop("封面")[3][0])
    found = {title: list(_found(those)) for title, those in rows.items() if FOUND in those[3]}
    return {"封面": [cover], **found}


def _found(rows: Sequence[Sequence[object]]) -> Iterator[str]:
    column = rows[3].index(FOUND)
    yield from (str(row[column]) for row in rows[4:] if row[column] not in (None, ""))


def expected(given: Given, shown: Given | None = None) -> dict[str, list[str | None]]:
    """Return what scoring concludes in the same order, None where a rule does not apply and nothing is compared.

    `shown` is what the workpaper was written for: its criteria files are those with sheets.
    """
    sheets: dict[str, list[str | None]] = {"封面": [None]}
    for number, one in enumerate((shown or given).assessments):
        sheet = _sheet_of(one)
        sheets.setdefault(sheet, []).extend(_expected(given, given.assessments[number]))
    return sheets


def _sheet_of(one: Assessment) -> str:
    if one.method is Method.GBT_39117:
        return "成熟度"
    if one.method is Method.POINTS:
        return "评测"
    return {"workshop": "车间", "factory": "工厂", "firm": "企业"}[one.subject_kind.value]


def _expected(given: Given, one: Assessment) -> list[str | None]:
    criteria = given.criteria.criteria[one.criteria_id]
    if isinstance(criteria, MaturityCriteria):
        found: list[str | None] = [_span(bounds) for _level, bounds in sorted(one.level_scores.items())]
        assert one.total is not None
        found += [_span(one.level)] if criteria.gap_levels is GapLevels.STOP else []
        found += [str(one.total.low), str(one.total.high)]
        found += [_span(one.literal_total), _span(one.literal_level)]
    elif isinstance(criteria, PointsCriteria):
        found = [_span(result.value) for result in one.requirements] or [None] * (
            len(criteria.questions) + len(criteria.scenes)
        )
        found.insert(len(criteria.questions), _span(one.total))
    else:
        requirements = getattr(criteria, "requirements")  # noqa: B009
        states = {result.requirement.id: result.state for result in one.requirements}
        found = [_state(states[each.id]) if states else None for each in requirements]
    return [*found, outcome_text(one).zh]


def _state(state: RequirementState) -> str:
    return f"{MARKS[state]} {STATE_WORDS[state].zh}"


def _span(bounds: Bounds | None) -> str | None:
    if bounds is None:
        return None
    return str(bounds.low) if bounds.low == bounds.high else f"{bounds.low} – {bounds.high}"


def differences(found: Mapping[str, list[str]], wanted: Mapping[str, list[str | None]]) -> list[str]:
    """Return where a workpaper concludes something else than scoring."""
    wrong = [f"sheets {sorted(found)}, not {sorted(wanted)}"] if set(found) != set(wanted) else []
    for sheet, those in wanted.items():
        cells = found.get(sheet, [])
        if len(cells) != len(those):
            wrong.append(f"{sheet}: {len(cells)} conclusions, not {len(those)}")
            continue
        pairs = enumerate(zip(cells, those, strict=True))
        wrong += [f"{sheet}, {n}: {cell}, not {want}" for n, (cell, want) in pairs if want not in (None, cell)]
    return wrong


# --- one answer changed in the workbook -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """Another answer to one fact of one subject, or a subdomain left out or taken in again."""

    subject: str
    name: str
    said: Statement | None
    tailored: str | None = None  # the reason, where a subdomain is meant


def random_change(given: Given, chance: Random) -> Change:
    """Return a change of something that a formula reads."""
    table = given.maturity_criteria
    kind = chance.random()
    if table is not None and kind < 0.15:
        subdomain = chance.choice([one.id for one in subdomains(table.capabilities) if one.id in table.may_tailor])
        reason = None if subdomain in given.filled.tailored else "=没有"
        return Change("firm", subdomain, None, reason)
    if table is not None and kind < 0.45:
        names = [one.id for subdomain in subdomains(table.capabilities) for one in subdomain.requirements]
        return Change("firm", chance.choice(names), _another(given.fact(chance.choice(names)), chance))
    read = [given.criteria.facts[name] for name in sorted(read_facts(given) - {"production_type"})]
    fact = chance.choice([one for one in read if any(p[0].kind is one.of for p in paths(given.filled.firm))])
    subject = chance.choice([path[0] for path in paths(given.filled.firm) if path[0].kind is fact.of])
    return Change(subject.key, fact.id, _another(fact, chance))


def telling_change(given: Given, chance: Random) -> tuple[Change, dict[str, list[str | None]]]:
    """Return a change that some conclusion or score follows, and what has to be concluded then."""
    before = expected(given)
    while True:
        change = random_change(given, chance)
        wanted = expected(given_of(after(given.filled, change)), given)
        if wanted != before:
            return change, wanted


def _another(fact: Fact, chance: Random) -> Statement | None:
    odd = chance.random()
    if odd < 0.2:
        return UNKNOWN if odd < 0.1 else None
    if fact.kind is FactKind.PRACTICE:
        return Statement(State.STATED, chance.choice(tuple(Degree)).value)
    return Statement(State.STATED, any_value(fact, chance))


def after(filled: FilledDiagnosis, change: Change) -> FilledDiagnosis:
    """Return the diagnosis with the change."""
    if change.said is None and change.name not in load("auto_parts").facts:
        tailored = {name: why for name, why in filled.tailored.items() if name != change.name}
        return replace(filled, tailored=tailored | ({change.name: change.tailored} if change.tailored else {}))
    return replace(filled, firm=_changed(filled.firm, change))


def _changed(subject: Subject, change: Change) -> Subject:
    facts = dict(subject.facts)
    if subject.key == change.subject:
        facts.pop(change.name, None)
        if change.said is not None:
            facts[change.name] = change.said
    return replace(subject, facts=facts, parts=tuple(_changed(part, change) for part in subject.parts))


def typed_into(content: bytes, given: Given, change: Change) -> bytes:
    """Return the workbook after somebody typed the change into its open cells."""
    book = load_workbook(BytesIO(content))
    if change.name not in load("auto_parts").facts:
        _type_tailoring(book["能力要求"], given, change)
    elif given.fact(change.name).kind is FactKind.PRACTICE:
        row = next(row for row in book["能力要求"].iter_rows(min_row=5) if row[0].value == change.name)
        _type(given.fact(change.name), row[4], row[5], change.said)
    else:
        _type_fact(book["答案"], given, change)
    held = BytesIO()
    book.save(held)
    return held.getvalue()


def _type_tailoring(sheet: Worksheet, given: Given, change: Change) -> None:
    table = given.maturity_criteria
    assert table is not None
    words = next(one.text.zh for one in subdomains(table.capabilities) if one.id == change.name)
    row = next(row for row in sheet.iter_rows(min_row=5) if row[0].value == "裁剪理由" and row[1].value == words)
    row[3].value, row[3].data_type = change.tailored, "s" if change.tailored else "n"


def _type_fact(sheet: Worksheet, given: Given, change: Change) -> None:
    fact, subjects = given.fact(change.name), [path[0] for path in paths(given.filled.firm)]
    same_kind = [one.key for one in subjects if one.kind is fact.of]
    rows = list(sheet.iter_rows(min_row=5))
    own = [n for n, row in enumerate(rows) if row[0].value == change.name][same_kind.index(change.subject)]
    if fact.kind is not FactKind.CHOICES:
        return _type(fact, rows[own][3], rows[own][4], change.said)
    chosen = change.said.value if change.said is not None and change.said.state is State.STATED else ()
    rows[own][4].value = "不清楚" if change.said == UNKNOWN else None
    for number, option in enumerate(fact.options, start=own + 1):
        rows[number][3].value = "√" if option.code in (chosen or ()) else None  # type: ignore[operator]
    return None


def _type(fact: Fact, answer: object, absent: object, said: Statement | None) -> None:
    stated = said is not None and said.state is State.STATED
    value: Value | None = said.value if stated and said is not None else None
    if isinstance(value, Fraction):
        answer.value = int(value) if value.denominator == 1 else float(value)  # type: ignore[attr-defined]
    else:
        answer.value = None if value is None else show_value(fact, value, "zh")  # type: ignore[attr-defined]
    absent.value = None if said is None or stated else "不清楚"  # type: ignore[attr-defined]


def written(filled: FilledDiagnosis) -> tuple[Given, bytes]:
    """Return what a workpaper is built from, and the workpaper in Chinese."""
    given = given_of(filled)
    return given, workpaper(given, "zh")
