"""A made-up parts maker answered from the real questionnaire, for the tests of what is printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache
from zlib import crc32

from questionnaires.loader import load
from questionnaires.model import Fact, FactKind, FilledDiagnosis, State, Statement, Subject, SubjectKind, Value
from reports.edition import Difference, Edition
from reports.given import given_for
from reports.kept_plan import KeptPlan
from reports.model import DiagnosisReport
from reports.view_model import build
from scoring.assessment import assess_diagnosis
from scoring.loader import load_all
from scoring.peers import Comparison

DAY = date(2026, 10, 31)
FIRM_NAME = "重庆某某汽车零部件有限公司"
FIRM: Mapping[str, Value] = {
    "firm_name": FIRM_NAME,
    "uscc": "91500157MA00AA017C",
    "district": "500157",
    "industry": "3670",
    "production_type": "discrete",
    "employees": Fraction(320),
    "revenue": Fraction(15000),
    "systems": ("lightweight", "thermal"),
    "above_scale": True,
    "traditional_maker": True,
    "complete_product": False,
    "chongqing_legal_person": True,
    "policy_fit": True,
}
WORKSHOPS: Mapping[str, Mapping[str, Value]] = {
    "冲压车间": {
        "workshop_process": "stamping",
        "equipment_count": Fraction(120),
        "equipment_digital_count": Fraction(54),
        "equipment_networked_count": Fraction(40),
        "collected_device_count": Fraction(50),
        "uploading_device_count": Fraction(47),
        "devices_networked_and_monitored": True,
        "mes_planning": True,
        "mes_execution": True,
        "mes_logistics": True,
        "mes_quality": True,
        "mes_equipment": True,
        "systems_integrated": True,
    },
    "焊装车间": {
        "workshop_process": "welding",
        "equipment_count": Fraction(86),
        "equipment_digital_count": Fraction(60),
        "equipment_networked_count": Fraction(52),
        "collected_device_count": Fraction(52),
        "uploading_device_count": Fraction(49),
        "devices_networked_and_monitored": True,
        "mes_planning": True,
        "mes_execution": True,
        "mes_quality": True,
        "mes_equipment": True,
        "systems_integrated": True,
    },
    "装配车间": {"workshop_process": "assembly", "equipment_count": Fraction(64), "mes_planning": False},
}
BY_LEVEL = {1: ("full", "full", "full"), 2: ("full", "mostly", "full"), 3: ("partly", "none", "mostly")}
UNKNOWN_OF = 23  # one practice in this many is “不清楚”


@cache
def sample_diagnosis(firm_name: str = FIRM_NAME, settled: bool = True) -> FilledDiagnosis:
    """Return a level-2 firm with one factory and three workshops; with `settled` false much is left open."""
    facts = load("auto_parts").facts
    asked_of_firm = {key: fact for key, fact in facts.items() if fact.of is SubjectKind.FIRM}
    firm = {key: said for key, fact in asked_of_firm.items() if (said := _said(fact, settled)) is not None}
    firm |= {key: Statement(State.STATED, value) for key, value in {**FIRM, "firm_name": firm_name}.items()}
    shops = tuple(
        Subject(
            SubjectKind.WORKSHOP, f"shop-{number}", name, {key: Statement(State.STATED, v) for key, v in said.items()}
        )
        for number, (name, said) in enumerate(WORKSHOPS.items(), start=1)
    )
    factory_facts = {
        key: said for key, fact in facts.items() if fact.of is SubjectKind.FACTORY and (said := _counted(fact))
    }
    factory = Subject(SubjectKind.FACTORY, "factory-1", "一工厂", factory_facts, shops)
    whole = Subject(SubjectKind.FIRM, "firm", firm_name, firm, (factory,))
    return FilledDiagnosis("auto_parts", "2026.1", DAY, whole, {"product_design": "来图加工，不做产品设计"})


def _said(fact: Fact, settled: bool) -> Statement | None:
    if fact.kind is not FactKind.PRACTICE:
        return _counted(fact)
    number = crc32(fact.id.encode())
    level = int(fact.id.split(".L")[1][0])
    if number % UNKNOWN_OF == 0:
        return Statement(State.UNKNOWN) if level > 2 or not settled else Statement(State.STATED, "full")
    if not settled and number % 3 == 0:
        return None
    return Statement(State.STATED, BY_LEVEL.get(level, ("none", "none", "partly"))[number % 3])


def _counted(fact: Fact) -> Statement | None:
    if fact.kind is FactKind.YES_NO:
        return Statement(State.STATED, crc32(fact.id.encode()) % 3 != 0)
    if fact.kind is FactKind.CHOICE and fact.options:
        return Statement(State.STATED, fact.options[crc32(fact.id.encode()) % len(fact.options)].code)
    if fact.id.startswith("designers"):
        return Statement(State.STATED, Fraction(18 if fact.id == "designers_count" else 15))
    return None


EDITION = Edition(
    day=date(2026, 11, 24),
    program="zhizhen 0.1.0",
    verified=True,
    consultant="陈工",
    organisation="某某智能制造研究院",
    code="7KQM-2XZP-9HTR-W4CD-FNJ8",
    address="https://zhizhen.example/verify/7KQM-2XZP-9HTR-W4CD-FNJ8",
    differences=(
        Difference("冲压车间", "数字化装备数", "60 台", "54 台", "6 台气动冲床没有数控系统，按定义不计"),
        Difference("企业", "用条码、二维码等手段采集数据", "全部满足", "大部分满足", "返修区仍用纸质记录"),
    ),
)


@cache
def sample_report(firm_name: str = FIRM_NAME, settled: bool = True, language: str = "zh") -> DiagnosisReport:
    """Return the report of the sample diagnosis, built by the real scoring."""
    return report_on(sample_diagnosis(firm_name, settled), replace(EDITION, language=language))


def report_on(
    filled: FilledDiagnosis, edition: Edition = EDITION, kept: KeptPlan | None = None, peers: Comparison | None = None
) -> DiagnosisReport:
    """Return the report of any diagnosis."""
    criteria = load_all(filled.as_of)
    assessments = assess_diagnosis(filled, criteria)
    return build(given_for(filled, assessments, criteria, load("auto_parts"), edition, kept, peers))
