"""The sample (样例) on which report templates are tried: a made-up firm, answered in full or not at all.

The answers are made up by a plain rule, so that nobody takes them for those of a firm; every page says that it is a
sample.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache

from questionnaires.loader import load
from questionnaires.model import Fact, FactKind, FilledDiagnosis, State, Statement, Subject, SubjectKind, Text, Value
from reports.edition import Edition
from reports.given import given_for
from reports.language import LANGUAGES
from reports.model import DiagnosisReport
from reports.view_model import build
from scoring.assessment import assess_diagnosis
from scoring.loader import load_all

DAY = date(2026, 10, 31)
QUESTIONNAIRE = "auto_parts"
FIRM = Text("样例汽车零部件厂（虚构）", "Sample Car Parts Works (made up)")
EDITION = Text("样例（虚构企业，只用来预览报告模板）", "Sample (made-up firm, only to preview a report template)")
ON_EVERY_PAGE = Text("样例，不是任何企业的诊断报告。", "A sample, not the diagnosis report of any firm.")
_SITES = {
    "factory": Text("一工厂", "Factory 1"),
    "press": Text("冲压车间", "Stamping"),
    "line": Text("装配车间", "Assembly"),
}
_DEGREES = {1: "full", 2: "mostly", 3: "partly"}
_FIRM: Mapping[str, Value] = {
    "uscc": "91500120MA0000001F",
    "district": "500120",
    "production_type": "discrete",
    "employees": Fraction(320),
    "revenue": Fraction(15000),
    "chongqing_legal_person": True,
    "policy_fit": True,
    "traditional_maker": True,
}
_PRESS: Mapping[str, Value] = {
    "workshop_process": "stamping",
    "equipment_count": Fraction(120),
    "equipment_digital_count": Fraction(54),
    "equipment_networked_count": Fraction(40),
    "devices_networked_and_monitored": True,
    "mes_planning": True,
}
_LINE: Mapping[str, Value] = {
    "workshop_process": "assembly",
    "equipment_count": Fraction(80),
    "equipment_digital_count": Fraction(70),
    "equipment_networked_count": Fraction(66),
}


@cache
def specimen(language: str = "zh", answered: bool = True) -> DiagnosisReport:
    """Return the report of the sample in a language; with `answered` false of a firm that has answered nothing."""
    say = LANGUAGES[language].say
    filled = FilledDiagnosis(QUESTIONNAIRE, load(QUESTIONNAIRE).version, DAY, _firm(language, answered), {})
    criteria = load_all(DAY)
    assessments = assess_diagnosis(filled, criteria)
    edition = Edition(day=DAY, program="zhizhen", language=language)
    made = build(given_for(filled, assessments, criteria, load(QUESTIONNAIRE), edition))
    said = f"{say(ON_EVERY_PAGE)}{LANGUAGES[language].gap}{made.aid_only}"
    return replace(made, edition_name=say(EDITION), aid_only=said)


def specimens() -> Iterator[DiagnosisReport]:
    """Yield the samples that every template is checked on: both languages, in full and empty."""
    for language in LANGUAGES:
        for answered in (True, False):
            yield specimen(language, answered)


def _firm(language: str, answered: bool) -> Subject:
    say = LANGUAGES[language].say
    if not answered:
        return Subject(SubjectKind.FIRM, "firm", say(FIRM), {})
    facts = load(QUESTIONNAIRE).facts
    practices = {name: _practice(fact) for name, fact in facts.items() if fact.kind is FactKind.PRACTICE}
    shops = [
        Subject(SubjectKind.WORKSHOP, key, say(_SITES[key]), _stated(given))
        for key, given in (("press", _PRESS), ("line", _LINE))
    ]
    factory = Subject(SubjectKind.FACTORY, "factory", say(_SITES["factory"]), {}, tuple(shops))
    stated = {name: value for name, value in _FIRM.items() if name in facts}
    return Subject(SubjectKind.FIRM, "firm", say(FIRM), {**practices, **_stated(stated)}, (factory,))


def _practice(fact: Fact) -> Statement:
    level = int(fact.id.rsplit(".L", 1)[1][0])
    return Statement(State.STATED, _DEGREES.get(level, "none"))


def _stated(given: Mapping[str, Value]) -> dict[str, Statement]:
    return {name: Statement(State.STATED, value) for name, value in given.items()}
