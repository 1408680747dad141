"""A small city: three firms in two districts with conversions and recognitions, each counted by hand.

| firm | district | systems | counts | does not count |
| 甲 | 璧山 | lightweight, thermal | conversion 2024, 焊装车间 2025 | 冲压车间: withdrawn |
| 乙 | 铜梁 | battery | conversion 2026, 一工厂 as smart factory 2026 | 总装车间: before the start |
| 丙 | 铜梁 | none stated | | conversion: verified by the district only; 一工厂: basic level |
"""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from app.access import Role
from app.programme import service
from app.programme.service import Paper
from tests.factories import make_firm, make_user, parts_of


@pytest.fixture
def city(flask_app):
    """The firms and people of the table above."""
    first = make_firm(flask_app, {"一工厂": ("冲压车间", "焊装车间")}, name="示例甲有限公司")
    second = make_firm(flask_app, {"一工厂": ("总装车间",)}, name="示例乙有限公司", district="500151")
    third = make_firm(flask_app, {"一工厂": ("压铸车间",)}, name="示例丙有限公司", district="500151")
    commission = make_user(flask_app, Role.COMMISSION)
    officer = make_user(flask_app, Role.DISTRICT_OFFICER, district="500151")
    parts = [parts_of(flask_app, firm) for firm in (first, second, third)]
    with flask_app.app_context():
        _record(commission, (first, second, third), parts)
    return SimpleNamespace(first=first, second=second, third=third, commission=commission, officer=officer, parts=parts)


def _record(user, firms, parts):
    first, second, third = firms
    both = ["lightweight", "thermal"]
    _convert(user, first, "converting", date(2023, 5, 1), both)
    _convert(user, first, "city_recognised", date(2024, 6, 1), both)
    _recognise(user, parts[0]["焊装车间"], date(2025, 3, 1), both)
    gone = _recognise(user, parts[0]["冲压车间"], date(2024, 3, 1), both)
    service.withdraw(user, gone.id, _paper(date(2025, 9, 1), "撤销通知"))
    _convert(user, second, "city_recognised", date(2026, 2, 1), ["battery"])
    _recognise(user, parts[1]["一工厂"], date(2026, 5, 1), ["battery"], "smart_factory")
    _recognise(user, parts[1]["总装车间"], date(2022, 5, 1), ["battery"])
    _convert(user, third, "district_verified", date(2026, 7, 1), [])
    _recognise(user, parts[2]["一工厂"], date(2026, 8, 1), [], "cn_smart_factory", "basic")


def _paper(day, document="渝经信〔2026〕1号"):
    return Paper(day, document, "市经济信息委", "https://example.com/list")


def _convert(user, firm, state, day, systems):
    service.record_conversion(user, firm.id, state=state, paper=_paper(day), systems=systems)


def _recognise(user, unit_id, day, systems, kind="digital_workshop", level=""):
    unit = service.unit_for(user, unit_id)
    return service.record_recognition(user, unit, kind=kind, level=level, paper=_paper(day), systems=systems)
