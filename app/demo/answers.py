"""Made-up answers that hold together: most firms stand at level 2 or below, workshops at various distances."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from random import Random

from app.demo.cast import MadeUp
from app.diagnosis.draft import Said
from questionnaires.answers import EntryState, to_text
from questionnaires.model import Degree, Fact, FactKind, Questionnaire, SubjectKind, Value

Values = dict[str, Value]
Answers = Mapping[str, Said]  # fact -> what is said
UNKNOWN = Said(EntryState.UNKNOWN)
# One practice in this many is “不清楚”: of most firms only above level 2, of every fifth one at all levels.
UNKNOWN_OF, VAGUE_OF = 40, 5
# How a practice is met, by how far its level is above the firm's strength; then come the chances of each degree.
DEGREES = (Degree.FULL, Degree.MOSTLY, Degree.PARTLY, Degree.NONE)
CHANCES = {0: (76, 24, 0, 0), 1: (24, 30, 28, 18), 2: (5, 10, 30, 55)}
RARE = (0, 2, 12, 86)
DIGITAL = {0: (5, 22), 1: (18, 44), 2: (40, 62), 3: (58, 82)}  # % of the machines that are digital, by strength
MES_MODULES = ("planning", "execution", "quality", "equipment", "logistics")  # in the order in which they come
SUPPLIER = "示例链主整车企业"
# Practices that no firm can lack altogether, because its workshops count what shows them.
SHOWN_BY_WORKSHOPS = ("data.L2.1", "equipment.L2.1")


def of_firm(firm: MadeUp, questionnaire: Questionnaire, chance: Random) -> Answers:
    """Return what the firm says about itself: profile, conversion, practices, the evaluation of small firms."""
    said = _all_stated(_profile(firm, chance) | _conversion(firm, chance))
    for fact in questionnaire.facts.values():
        if fact.of is not SubjectKind.FIRM or fact.id in said:
            continue
        if fact.kind is FactKind.PRACTICE:
            said[fact.id] = _practice(fact, firm, chance)
        elif fact.id.startswith("sme."):
            said[fact.id] = _stated(_evaluation(fact, firm, chance))
    return said


def of_factory(firm: MadeUp, chance: Random) -> Answers:
    """Return what is said about one factory."""
    return _all_stated(_factory(firm, chance) | (_improvement(chance) if firm.strength >= 2 else {}))


def of_workshop(firm: MadeUp, process: str, chance: Random) -> Answers:
    """Return what is said about one workshop."""
    said = _all_stated(_workshop(firm, process, chance) | _modules(firm, process, chance))
    return said | {"uploading_device_count": UNKNOWN} if _is_vague(firm) else said


def _all_stated(values: Values) -> dict[str, Said]:
    return {name: _stated(value) for name, value in values.items()}


def _stated(value: Value) -> Said:
    return Said(EntryState.STATED, to_text(value))


def _profile(firm: MadeUp, chance: Random) -> Values:
    employees = 320 if firm.is_showpiece else chance.randint(6, 78) * 10
    revenue = employees * chance.randint(38, 72)
    return {
        "industry": "3670",
        "production_type": "discrete",
        "employees": Fraction(employees),
        "revenue": Fraction(revenue),
        "above_scale": revenue >= 2000,
        "systems": tuple(sorted(firm.trade.systems)),
        "complete_product": False,
        "traditional_maker": True,
        "chongqing_legal_person": True,
        "policy_fit": True,
        "good_standing_3y": chance.random() < 0.95,
        "secure_controllable": firm.strength >= 2,
        "smart_org_and_talent": firm.strength >= 1,
        "chain_platform_joined": firm.strength >= 2,
        "chain_platform_name": SUPPLIER + "供应链平台",
        "industrial_network_access": firm.strength >= 1,
        "platform_used": firm.strength >= 2,
        "smart_cell_count": Fraction(chance.randint(0, 2 + 3 * firm.strength)),
        **_revenues(firm, revenue, chance),
    }


def _revenues(firm: MadeUp, revenue: int, chance: Random) -> Values:
    """Return the revenue of three years and what of it came from new products, growing."""
    share = chance.randint(5, 25) if firm.state in (None, "not_started") else chance.randint(25, 65)
    last, before = revenue * 93 // 100, revenue * 88 // 100
    return {
        "nev_revenue_y0": Fraction(revenue * share // 100),
        "nev_revenue_y1": Fraction(last * max(share - 8, 0) // 100),
        "main_revenue_y1": Fraction(last),
        "nev_revenue_y2": Fraction(before * max(share - 15, 0) // 100),
        "main_revenue_y2": Fraction(before),
    }


def _conversion(firm: MadeUp, chance: Random) -> Values:
    checked = firm.state in ("district_verified", "city_recognised")
    return {
        "baseline_year": Fraction(2021),
        "baseline_products": firm.trade.before,
        "conversion_a_series_supply": firm.state not in (None, "not_started"),
        "conversion_b_nev_model": checked or firm.state == "declared",
        "conversion_d_line_in_use": checked or chance.random() < 0.3,
        "conversion_e_projects": Fraction(chance.randint(0, 9)),
        "conversion_e_patents": Fraction(chance.randint(0, 24)),
        "conversion_f_diagnosed": firm.stage in ("reviewed", "issued"),
    }


def _is_vague(firm: MadeUp) -> bool:
    return firm.number % 5 == 3


def _practice(fact: Fact, firm: MadeUp, chance: Random) -> Said:
    level = int(fact.id.partition(".L")[2].partition(".")[0])
    if chance.randrange(VAGUE_OF if _is_vague(firm) else UNKNOWN_OF) == 0 and (level > 2 or _is_vague(firm)):
        return UNKNOWN
    above = max(level - firm.strength, 0)
    degree = chance.choices(DEGREES, CHANCES.get(above, RARE))[0]
    return _stated(Degree.PARTLY if degree is Degree.NONE and fact.id in SHOWN_BY_WORKSHOPS else degree)


def _evaluation(fact: Fact, firm: MadeUp, chance: Random) -> Value:
    codes = [option.code for option in fact.options if not option.alone]
    if fact.id.startswith("sme.r"):
        return chance.choices(("up", "flat", "down"), (50, 35, 15))[0]
    reached = min(firm.strength + chance.randint(0, 1), len(codes) - 1)
    if fact.kind is FactKind.CHOICES:
        return tuple(sorted(chance.sample(codes, max(1, reached))))
    return codes[reached]


def _factory(firm: MadeUp, chance: Random) -> Values:
    designers, scenes = chance.randint(6, 40), chance.randint(0, 4 + 4 * firm.strength)
    some, strong = firm.strength >= 1, firm.strength >= 2
    return {
        "stage_factory_building": strong,
        "stage_research_design": some,
        "stage_production_operation": some,
        "stage_production_management": some,
        "stage_business_operation": strong,
        "designers_count": Fraction(designers),
        "designers_with_tools_count": Fraction(designers * chance.randint(55, 100) // 100),
        "design_knowledge_management": strong,
        "erp_closed_loop": strong and chance.random() < 0.8,
        "integrated_big_data_decision": firm.strength >= 3,
        "scene_count": Fraction(scenes),
        "ai_scene_count": Fraction(scenes // 5),
    }


def _improvement(chance: Random) -> Values:
    """Return the figures before and after the building-up of a factory."""
    cost, output, cycle = chance.randint(80, 400) * 10, chance.randint(45, 90), chance.randint(90, 260)
    return {
        "improvement_before_date": date(2024, 12, 31),
        "improvement_after_date": date(2025, 12, 31),
        "operating_cost_before": Fraction(cost),
        "operating_cost_after": Fraction(cost * chance.randint(76, 95) // 100),
        "productivity_before": Fraction(output),
        "productivity_after": Fraction(output * chance.randint(104, 132) // 100),
        "rd_cycle_before": Fraction(cycle),
        "rd_cycle_after": Fraction(cycle * chance.randint(68, 96) // 100),
        "defect_rate_before": Fraction(chance.randint(18, 36), 10),
        "defect_rate_after": Fraction(chance.randint(8, 17), 10),
        "unit_energy_before": Fraction(chance.randint(50, 90), 10),
        "unit_energy_after": Fraction(chance.randint(35, 49), 10),
    }


def _workshop(firm: MadeUp, process: str, chance: Random) -> Values:
    machines = 120 if firm.is_showpiece and process == "stamping" else chance.randint(18, 130)
    share = 54 if firm.is_showpiece else chance.randint(*DIGITAL[firm.strength])
    digital, keys = machines * share // 100, chance.randint(4, 26)
    networked = max(digital * chance.randint(60, 100) // 100, 1)
    collected = networked
    least = 90 if firm.strength >= 2 else 72
    return {
        "workshop_process": process,
        "equipment_count": Fraction(machines),
        "equipment_digital_count": Fraction(digital),
        "equipment_networked_count": Fraction(networked),
        "devices_networked_and_monitored": firm.strength >= 2,
        "key_process_count": Fraction(keys),
        "key_process_controlled_count": Fraction(keys * chance.randint(share, 100) // 100),
        "collected_device_count": Fraction(collected),
        # Rounded up: of few devices, one that fails is much.
        "uploading_device_count": Fraction(-(-collected * chance.randint(least, 100) // 100)),
        "systems_integrated": firm.strength >= 2,
    }


def _modules(firm: MadeUp, process: str, chance: Random) -> Values:
    """Return what the MES covers. The showpiece lacks logistics in one workshop only: it is near the recognition."""
    covered = {
        f"mes_{module}": 2 * firm.strength + chance.randint(0, 1) > place and firm.strength > 0
        for place, module in enumerate(MES_MODULES)
    }
    if firm.is_showpiece:
        covered = dict.fromkeys(covered, True) | {"mes_logistics": process != "welding"}
    return dict(covered)
