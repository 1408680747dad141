"""A report template of a made-up institution, for the tests of what it does to a report."""

from __future__ import annotations

from functools import cache
from io import BytesIO

from PIL import Image

from reports.own_parts import Logo
from reports.own_template import OwnBlock, OwnTemplate
from reports.parts import STANDARD

INSTITUTION = "某某智能制造研究院"
GREETING = """尊敬的{{ firm }}：
{{ headline }}

**三点说明**：
- 计划合计 **{{ plan.cost }}** 万元
- 车间 {{ workshop_count }} 个
"""


def template(*blocks: OwnBlock, order: tuple[str, ...] = STANDARD, **given: object) -> OwnTemplate:
    """Return a template with these own parts; with a greeting behind the cover where none are given."""
    own = blocks or (OwnBlock("after:cover", "致{{ firm }}", GREETING),)
    return OwnTemplate(**{"name": "样板", "institution": INSTITUTION, "order": order, "blocks": own, **given})


@cache
def logo(width: int = 600, height: int = 160) -> Logo:
    """Return a blue rectangle as a logo."""
    written = BytesIO()
    Image.new("RGB", (width, height), "#0b5a8f").save(written, "PNG")
    return Logo(written.getvalue(), width, height, f"标志：{INSTITUTION}")
