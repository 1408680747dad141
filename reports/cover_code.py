"""The code on the cover by which anybody can check a report, and what is said beside it."""

from __future__ import annotations

from questionnaires.model import Text
from reports.edition import Edition
from reports.language import Language
from reports.model import CoverCode
from reports.qr import qr_code

SCAN = Text(
    "扫码或打开上面的网址，可以核对：这份报告是不是由本系统出具，手里的文件有没有改动过。网页上不显示报告的内容。",
    "Scan this, or open the address above, to check whether this report was issued by this system and whether the file "
    "in your hands is unchanged. The page shows nothing of what the report says.",
)
TYPE = Text(
    "在出具这份报告的系统里打开“核对报告”页，填上这个编号，可以核对：这份报告是不是由它出具，手里的文件有没有改动过。"
    "网页上不显示报告的内容。",
    "Open the page “Check a report” of the system that issued this report and type the code, to check whether the "
    "report was issued there and whether the file in your hands is unchanged. The page shows nothing of what the "
    "report says.",
)


def cover_code(edition: Edition, language: Language) -> CoverCode | None:
    """Return what stands on the cover; nothing where the report has no code."""
    if not edition.code:
        return None
    if not edition.address:
        return CoverCode(edition.code, "", "", language.say(TYPE))
    alternative = language.say(
        Text(f"二维码，内容是网址 {edition.address}", f"QR code of the address {edition.address}")
    )
    return CoverCode(edition.code, edition.address, qr_code(edition.address, alternative), language.say(SCAN))
