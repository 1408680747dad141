"""The workpaper: its formulas find exactly what scoring finds, as issued and after an answer is changed in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from itertools import combinations
from math import lcm
from random import Random

import pytest
from openpyxl import load_workbook

from questionnaires.loader import load
from questionnaires.model import (
    AllOf,
    AnyOf,
    Comparison,
    FactKind,
    FilledDiagnosis,
    State,
    Statement,
    SubjectKind,
    Text,
)
from reports import formula
from reports.formula import EXACT_BELOW
from reports.given import Given
from reports.workpaper import workpaper
from scoring.assessment import assess_diagnosis
from scoring.loader import load_all
from scoring.maturity import requirements_at
from scoring.model import (
    CountMet,
    EmptyLevel,
    GapLevels,
    GatesCriteria,
    LevelOf,
    MaturityCriteria,
    Outcome,
    PointsCriteria,
    Ratio,
    Requirement,
    RequirementKind,
)
from tests.reports.sample import sample_diagnosis
from tests.round_trip import saved_by_libreoffice, soffice
from tests.scoring.make import DAY, RULE, factory, filled, firm, good_workshop, workshop
from tests.workpapers import (
    EDITION,
    Change,
    after,
    conclusions,
    differences,
    expected,
    given_of,
    random_diagnosis,
    typed_into,
    written,
)

AGREES = "● 全部一致"
TABLE, WORKSHOPS = "gbt_39117_2020_discrete", "cq_digital_workshop"
KNOWN = {  # functions that every spreadsheet has had for twenty years
    "AND", "CHOOSE", "COUNT", "GCD", "IF", "ISNUMBER", "LCM", "MAX", "MIN", "OR", "ROUND", "SUM", "SUMPRODUCT",
    "TEXT",
}  # fmt: skip
FIRM = {"chongqing_legal_person": True, "policy_fit": True, "complete_product": False, "traditional_maker": True}


def everywhere(degree: str) -> dict[str, str]:
    """Every practice answered alike."""
    return {name: degree for name, fact in load("auto_parts").facts.items() if fact.kind is FactKind.PRACTICE}


def answered(subject, **facts):
    return replace(subject, facts={**subject.facts, **{n: Statement(State.STATED, v) for n, v in facts.items()}})


def on_the_mark() -> FilledDiagnosis:
    """Two factories; every level scores exactly 4/5, every rate stands exactly on its threshold."""
    shops = [good_workshop(name, equipment_count=120, equipment_digital_count=60) for name in ("=冲压", "焊装")]
    counts = {"designers_count": 10, "designers_with_tools_count": 8, "operating_cost_before": 200}
    whole = firm(
        factory(*shops, name="+一工厂", **counts, operating_cost_after=170),
        factory(name="二工厂", **counts, operating_cost_after=171),
        production_type="discrete",
        employees=300,
        revenue=2000,
        **FIRM,
    )
    tailored = {"product_design": "=来图加工", "energy": "@没有"}
    return filled(answered(whole, **everywhere("mostly")), tailored=tailored)


def nothing_said() -> FilledDiagnosis:
    return filled(firm(factory()))


# --- computed by a spreadsheet ----------------------------------------------------------------------------------------

ONE_LESS = Change("=冲压", "equipment_digital_count", Statement(State.STATED, Fraction(59)))
NO_LONGER = Change("firm", "org_strategy.L1.1", Statement(State.STATED, "partly"))


@pytest.mark.skipif(
    soffice() is None, reason="no workpaper is computed without LibreOffice: install libreoffice-calc-nogui"
)
def test_libreoffice_computes_what_scoring_finds_also_after_somebody_changed_an_answer(tmp_path):
    """One start of LibreOffice for all: on the mark, nothing said (two tables), process industry, and two changes."""
    cases = {}
    for name, diagnosis in (("mark", on_the_mark()), ("nothing", nothing_said()), ("process", process())):
        given, content = written(diagnosis)
        cases[name] = content, expected(given)
    given, content = written(on_the_mark())
    for name, change in (("one-less", ONE_LESS), ("no-longer", NO_LONGER)):
        cases[name] = typed_into(content, given, change), expected(given_of(after(given.filled, change)), given)
    files = [tmp_path / f"{name}.xlsx" for name in cases]
    for file, (made, _wanted) in zip(files, cases.values(), strict=True):
        file.write_bytes(made)
    computed = saved_by_libreoffice(files, tmp_path)

    found = [conclusions(file) for file in computed]
    for one, (name, (_made, wanted)) in zip(found, cases.items(), strict=True):
        assert differences(one, wanted) == [], name
    assert [one["封面"][0][:6] for one in found] == [AGREES] * 3 + ["× 不一致的"] * 2
    assert [one["成熟度"][-1] for one in found[::4]] == ["五级（引领级）", "一级以下"]
    assert [one["车间"][1] for one in found[::3]] == ["● 达到", "× 未达到"]


def process() -> FilledDiagnosis:
    found = (random_diagnosis(number) for number in range(1, 40))
    return next(one for one in found if one.firm.facts.get("production_type") == Statement(State.STATED, "process"))


# --- computed as they are written -------------------------------------------------------------------------------------


def cached(given: Given, tmp_path) -> Mapping[str, list[str]]:
    """What a program shows that computes nothing."""
    (tmp_path / "a.xlsx").write_bytes(workpaper(given, "zh"))
    found = conclusions(tmp_path / "a.xlsx")
    assert found["封面"][0].startswith(AGREES)
    return found


@pytest.mark.parametrize("number", range(40, 42))
def test_every_cell_keeps_what_its_formula_gives(tmp_path, number):
    given = given_of(random_diagnosis(number))

    assert differences(cached(given, tmp_path), expected(given)) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_same_diagnosis_gives_the_same_bytes(lang):
    given = with_criteria(sample_diagnosis(settled=False), WORKSHOPS, "sme_digital_2024")

    assert workpaper(given, lang) == workpaper(given, lang)


def with_criteria(diagnosis: FilledDiagnosis, *only: str, **changed: object) -> Given:
    """The same diagnosis under changed criteria or indicators; a workpaper of some criteria only is made sooner."""
    rules = load_all(diagnosis.as_of)
    criteria = {name: changed.get(name, one) for name, one in rules.criteria.items()}
    indicators = {name: changed.get(name, one) for name, one in rules.indicators.items()}
    rules = replace(rules, criteria=criteria, indicators=indicators)
    judged = tuple(one for one in assess_diagnosis(diagnosis, rules) if not only or one.criteria_id in only)
    return Given(diagnosis, judged, (), {}, rules, load("auto_parts"), EDITION, {})


@pytest.mark.parametrize(
    "switch", [{"empty_level": EmptyLevel.INHERIT}, {"gap_levels": GapLevels.LITERAL}, {"pass_mark": Fraction(5, 7)}]
)
def test_other_readings_of_the_standard_are_followed(tmp_path, switch):
    table = load_all(DAY).criteria[TABLE]
    assert isinstance(table, MaturityCriteria)
    given = with_criteria(sample_diagnosis(settled=False), TABLE, gbt_39117_2020_discrete=replace(table, **switch))

    assert differences(cached(given, tmp_path), expected(given)) == []


def test_a_level_may_ask_for_a_score_with_decimals(tmp_path):
    evaluation = load_all(DAY).criteria["sme_digital_2024"]
    assert isinstance(evaluation, PointsCriteria)
    rules = tuple(replace(rule, score=rule.score + Fraction(1, 3)) for rule in evaluation.level_rules)
    changed = replace(evaluation, level_rules=rules)
    given = with_criteria(sample_diagnosis(), "sme_digital_2024", sme_digital_2024=changed)

    assert differences(cached(given, tmp_path), expected(given)) == []


@pytest.mark.parametrize("counted", [(0, 0), (None, None), (0, None), (5, 5), (5, 9)])
def test_a_rate_with_a_value_for_an_empty_denominator_is_followed(tmp_path, counted):
    rate = load_all(DAY).indicators["equipment_digital_rate"]
    assert isinstance(rate.how, Ratio)
    digital, every = counted
    shops = factory(workshop("一", equipment_digital_count=digital, equipment_count=every), workshop("二"))
    diagnosis = filled(firm(shops, production_type="discrete", **FIRM))
    how = replace(rate.how, if_empty=Fraction(125, 2))
    given = with_criteria(diagnosis, WORKSHOPS, "sme_digital_2024", equipment_digital_rate=replace(rate, how=how))

    assert differences(cached(given, tmp_path), expected(given)) == []


CONDITIONS = (
    Comparison("<=", "equipment_count", Fraction(100)),
    Comparison(">", "equipment_digital_rate", Fraction(101, 2)),
    Comparison("<", "mes_module_count", Fraction(3)),
    Comparison("==", "mes_module_count", Fraction(2)),
    Comparison("==", "equipment_digital_rate", Fraction(50)),
    Comparison(">=", "equipment_networked_count", "equipment_digital_count", right_is_name=True),
    Comparison("<", "equipment_digital_rate", "data_upload_rate", right_is_name=True),
    Comparison("==", "workshop_process", "welding"),
    Comparison("==", "systems", "thermal"),
    Comparison("==", "mes_planning", False),
    Comparison(">=", "employees", Fraction(300)),
    Comparison(">=", "ws_productivity_gain", Fraction(25, 2)),
    Comparison(">=", "equipment_digital_rate", "threshold", right_is_name=True),
    AllOf((Comparison("==", "policy_fit", True), AnyOf((Comparison("==", "mes_planning", True),) * 2))),
    AnyOf((Comparison("==", "policy_fit", True), Comparison("==", "mes_quality", True))),
)


def any_workshop(chance: Random):
    """A workshop with few machines, so that every comparison comes out each way."""
    facts = {
        "equipment_count": chance.choice((None, 0, 4, 100, 101)),
        "equipment_digital_count": chance.choice((None, 0, 2, 4)),
        "equipment_networked_count": chance.choice((None, 0, 2, 4)),
        "collected_device_count": chance.choice((None, 4)),
        "uploading_device_count": chance.choice((None, 1, 2)),
        "mes_planning": chance.choice((None, True, False)),
        "mes_execution": chance.choice((None, True, False)),
        "mes_quality": chance.choice((None, False)),
        "mes_logistics": chance.choice((None, False)),
        "mes_equipment": False,
        "workshop_process": chance.choice((None, "welding", "stamping")),
        "ws_productivity_before": chance.choice((None, 80)),
        "ws_productivity_after": chance.choice((None, 89, 90)),
    }
    return workshop(f"车间{chance.random()}", **facts)


@pytest.mark.parametrize("seed", range(2))
def test_every_kind_of_condition_is_followed(tmp_path, seed):
    chance = Random(seed)
    applies = (None, Comparison("==", "mes_planning", True), Comparison("==", "above_scale", True))
    requirements = tuple(
        Requirement(
            f"X{n}", Text("条件", "condition"), RequirementKind.GATE, RULE, that, chance.choice(applies), shows=()
        )
        for n, that in enumerate(CONDITIONS)
    )
    scheme = load_all(DAY).criteria["cq_digital_workshop"]
    assert isinstance(scheme, GatesCriteria)
    systems = chance.choice((None, ("thermal",), ("lightweight",)))
    shops = factory(*(any_workshop(chance) for _ in range(8)))
    whole = firm(shops, employees=chance.choice((None, 299, 300)), systems=systems, policy_fit=True)
    given = with_criteria(filled(whole), WORKSHOPS, cq_digital_workshop=replace(scheme, requirements=requirements))

    assert differences(cached(given, tmp_path), expected(given)) == []


def test_indicators_that_count_and_read_levels_are_followed(tmp_path):
    """Two workshops meet the conditions, one may: the factory's count is 2 to 3; its level is that of the firm."""
    shops = factory(good_workshop("一"), good_workshop("二"), good_workshop("三", systems_integrated=None))
    given = given_of(filled(firm(shops, production_type="discrete", **FIRM)))
    found = cached(given, tmp_path)
    indicators = load_all(DAY).indicators

    assert {type(indicators[name].how) for name in ("digital_workshop_count", "maturity_level")} == {CountMet, LevelOf}
    assert [one.outcome for one in given.assessments if one.subject_kind is SubjectKind.WORKSHOP] == [
        Outcome.MET, Outcome.MET, Outcome.NOT_KNOWN,
    ]  # fmt: skip
    assert differences(found, expected(given)) == []


# --- exact ------------------------------------------------------------------------------------------------------------


def test_no_tailoring_makes_a_level_score_that_a_spreadsheet_cannot_hold():
    for name in ("gbt_39117_2020_discrete", "gbt_39117_2020_process"):
        table = load_all(DAY).criteria[name]
        assert isinstance(table, MaturityCriteria)
        may, chance = sorted(table.may_tailor), Random(1)
        every = [left for count in range(len(may) + 1) for left in combinations(may, count)]
        for left_out in chance.sample(every, 150):
            for level in range(1, 6):
                assert 5 * _denominator(table, table.capabilities, level, left_out) < EXACT_BELOW


def _denominator(table, parts, level, left_out):
    unders, weights = [], 0
    for part in parts:
        if part.parts:
            under = _denominator(table, part.parts, level, left_out)
        else:
            count = len(requirements_at(part, level, table.empty_level))
            under = 10 * count if count and part.id not in left_out else 0
        unders, weights = [*unders, *([under] if under else [])], weights + (part.weight if under else 0)
    return lcm(*unders) * (weights if len(parts) > 1 else 1) if unders else 0


@pytest.mark.parametrize("number", [3, 117])
def test_no_number_on_the_way_grows_beyond_what_a_spreadsheet_holds(monkeypatch, number):
    """Number 117 leaves out subdomains so that the weights of a level share no factor."""
    met = []
    whole = formula._whole
    monkeypatch.setattr(formula, "_whole", lambda now: met.append(abs(now)) or whole(now))
    workpaper(given_of(random_diagnosis(number)), "zh")

    assert 10**9 < max(met) < EXACT_BELOW


@pytest.mark.parametrize("revenue", [Fraction("1999.9999"), Fraction("2000"), Fraction(13999, 7), Fraction("0.07")])
def test_sums_of_money_stay_exact(tmp_path, revenue):
    whole = firm(factory(), employees=300, revenue=revenue, nev_revenue_y0=revenue / 3, production_type="discrete")
    given = with_criteria(filled(whole), "sme_digital_2024", "conversion")

    assert differences(cached(given, tmp_path), expected(given)) == []


def test_more_digits_than_a_spreadsheet_keeps_are_said_to_be_rough():
    revenue = Fraction("1234.56789012345678901234567890")
    given = with_criteria(filled(firm(factory(), employees=300, revenue=revenue)), "conversion")
    rows = load_workbook(BytesIO(workpaper(given, "zh")))["答案"].iter_rows(min_row=5)

    assert next(row[9].value for row in rows if row[0].value == "revenue") == "超过表格能保留的 15 位，按近似值"


# --- what it is made of -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def book():
    return load_workbook(BytesIO(workpaper(given_of(on_the_mark()), "zh")))


def test_only_functions_that_every_spreadsheet_knows_and_no_array_formulas(book):
    formulas = [c.value for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    used = {name for one in formulas for name in re.findall(r"([A-Z_.]+)\(", re.sub(r'"[^"]*"', "", one))}

    assert all(isinstance(one, str) for one in formulas)
    assert used <= KNOWN
    assert len(formulas) > 2000


def test_whatever_is_said_stays_text(book):
    texts = {
        cell.value: cell.data_type
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value in ("=来图加工", "@没有", "=冲压", "+一工厂")
    }

    assert texts == {"=来图加工": "s", "@没有": "s", "=冲压": "s", "+一工厂": "s"}


def test_only_answers_are_open_and_take_what_is_allowed(book):
    opened = {sheet.title for sheet in book for row in sheet.iter_rows() for c in row if not c.protection.locked}
    rules = {rule.type for rule in book["答案"].data_validations.dataValidation}

    assert all(sheet.protection.sheet for sheet in book)
    assert opened == {"答案", "能力要求"}
    assert rules == {"list", "whole", "decimal"}


def test_every_sheet_prints_on_a4_across_with_its_head_on_each_page(book):
    assert {(sheet.page_setup.orientation, sheet.page_setup.paperSize) for sheet in book} == {("landscape", 9)}
    assert {sheet.print_title_rows for sheet in book.worksheets[1:]} == {"$4:$4"}
    assert {sheet.freeze_panes for sheet in book.worksheets[1:]} == {"A5"}


def test_the_cover_says_whose_it_is_and_what_it_rests_on(book):
    said = [cell.value for row in book["封面"].iter_rows() for cell in row if cell.value]
    rules = load_all(DAY)

    assert "准备与诊断用，不是官方认定结果" in said
    assert any(rules.criteria["cq_digital_workshop"].digest in str(one) for one in said)
    assert any(load("auto_parts").digest in str(one) for one in said)


def test_every_rule_names_clause_source_and_confidence(book):
    row = next(row for row in book["车间"].iter_rows() if str(row[0].value).endswith("W2"))

    assert row[15].value.split("；") == [
        "重庆市数字化车间和智能工厂认定管理办法（试行）",
        "2018-04-01 起",
        "zhjsw.cn/news/show-31262.html",
        "有公开出处",
    ]


def test_english_has_no_chinese_but_names_and_sources(tmp_path):
    given = given_of(sample_diagnosis())
    (tmp_path / "a.xlsx").write_bytes(workpaper(given, "en"))
    book = load_workbook(tmp_path / "a.xlsx", data_only=True)
    heads = [cell.value for sheet in book.worksheets[1:] for cell in sheet[4]]

    assert book.sheetnames[:3] == ["Cover", "Answers", "Requirements"]
    assert book["Cover"]["A4"].value.startswith("● All agree")
    assert all(str(head).isascii() for head in heads if head)
