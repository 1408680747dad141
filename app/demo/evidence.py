"""Evidence of the demonstration: a list, a table and a picture that nobody can take for a photo of a real workshop."""

from __future__ import annotations

from io import BytesIO
from random import Random

from PIL import Image, ImageDraw
from xlsxwriter import Workbook

from app.accounts.models import User
from app.demo.cast import OFFICERS_DISTRICT, MadeUp
from app.diagnosis.draft import Draft
from app.evidence import service
from app.evidence.receiving import Given

_FLOOR, _WALL, _MACHINES = (201, 206, 210), (236, 239, 241), ((11, 90, 143), (81, 97, 111), (184, 71, 15))


def gives_evidence(firm: MadeUp) -> bool:
    """Tell whether a firm has uploaded anything: the showpiece, and those that a visitor is likely to open."""
    return firm.is_showpiece or (firm.district == OFFICERS_DISTRICT and firm.stage in ("filling", "submitted"))


def give(manager: User, draft: Draft, firm: MadeUp, chance: Random) -> None:
    """Upload three files; the picture shows two things."""
    factory = draft.firm.parts[0]
    workshop, firm_key, user = factory.parts[0], draft.firm.key, manager
    points, machines = _points(firm, chance), _machines(workshop.name, chance)
    service.add(user, draft, [Given("示例_采集点表.csv", BytesIO(points))], (firm_key, "data.L1.1"))
    service.add(user, draft, [Given("示例_设备台账.xlsx", BytesIO(machines))], (workshop.key, "equipment_count"))
    service.add(user, draft, [Given(f"示例_{workshop.name}.jpg", BytesIO(_picture(chance)))], (firm_key, "data.L1.1"))
    picture = next(file.id for file, _who in service.files_of(draft.diagnosis.id) if file.name.endswith(".jpg"))
    service.link(user, draft, [picture], (workshop.key, "equipment_count"))


def _points(firm: MadeUp, chance: Random) -> bytes:
    lines = [
        f"示例,{name},点位{number},{chance.choice((1, 5, 60))} 秒"
        for name, _kind in firm.trade.workshops
        for number in range(1, 7)
    ]
    return "\n".join(["说明,车间,点位,周期", *lines, ""]).encode("utf-8-sig")


def _machines(workshop: str, chance: Random) -> bytes:
    written = BytesIO()
    with Workbook(written, {"in_memory": True}) as book:
        sheet = book.add_worksheet("示例")
        sheet.write_row(0, 0, ["车间", "设备", "数控", "联网"])
        for row in range(1, 13):
            sheet.write_row(row, 0, [workshop, f"示例设备 {row}", chance.choice("是否"), chance.choice("是否")])
    return written.getvalue()


def _picture(chance: Random) -> bytes:
    """Draw a row of boxes on a floor."""
    drawn = Image.new("RGB", (1280, 960), _WALL)
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((0, 560, 1280, 960), fill=_FLOOR)
    for place in range(5):
        left, height = 60 + 240 * place, chance.randint(180, 380)
        pen.rectangle((left, 640 - height, left + 180, 700), fill=chance.choice(_MACHINES))
        pen.rectangle((left + 30, 670 - height, left + 90, 720 - height), fill=_WALL)
    written = BytesIO()
    drawn.save(written, "JPEG", quality=85)
    return written.getvalue()
