"""What a workbook weighs before anybody reads it: a file that would unfold without end is refused from its outside."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from flask_babel import gettext as _

MB = 1024 * 1024
MOST_UNPACKED = 64 * MB  # of all parts together; the questionnaire of 200 factories and 400 workshops has 9 MB
MOST_TIMES = 150  # a part may grow when it is unpacked; spreadsheets grow ten to twenty times
SMALL = MB  # parts up to this size may grow as they like
MOST_PARTS = 2_000
MOST_TAGS = 2_000_000  # in all parts that are read, which is how long that takes; 200 factories have 600,000
MOST_TEXTS = 100_000  # in the table of shared texts; 200 factories have 17,000
_PIECE = 256 * 1024  # bytes read at a time
_OLE = b"\xd0\xcf\x11\xe0"  # .xls, and every workbook with a password to open it
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BOOK, _TEXTS, _SHEETS = "xl/workbook.xml", "xl/sharedStrings.xml", "xl/worksheets/"
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]{0,200}?\bref=[\"']([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})[\"']")


class NotReadable(ValueError):
    """A file that is not read at all; its text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is known of one sheet from its bytes alone."""

    merged: tuple[str, ...]  # areas, as "F12:F13"
    computes: bool  # it holds formulas


def is_workbook(content: bytes, name: str) -> bool:
    """Tell whether a file is meant as a workbook: by what it is, or by what it is called."""
    return content.startswith((b"PK", _OLE)) or name.lower().endswith((".xlsx", ".xlsm", ".xls", ".et", ".ods"))


def weigh(content: bytes) -> Mapping[str, Part]:
    """Return the sheets of a workbook by the names of their parts. Raises NotReadable."""
    if content.startswith(_OLE):
        raise NotReadable(_locked() if _ENCRYPTED in content else _old_format())
    try:
        with ZipFile(BytesIO(content)) as packed:
            return _weigh(packed)
    except (BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise NotReadable(not_a_workbook() if not content.startswith(b"PK") else damaged()) from error


def _weigh(packed: ZipFile) -> Mapping[str, Part]:
    parts = packed.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise NotReadable(_locked())
    _refuse_large(parts)
    names = {part.filename for part in parts}
    if _BOOK not in names:
        raise NotReadable(_open_document() if _is_open_document(packed, names) else not_a_workbook())
    found: dict[str, Part] = {}
    seen = _Seen()
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            with packed.open(part) as opened:
                seen.look_through(opened)
        if part.filename.startswith(_SHEETS):
            found[part.filename] = Part(tuple(seen.merged), seen.computes)
        seen.next_part()
    return found


def _refuse_large(parts: list[ZipInfo]) -> None:
    """Refuse by the sizes that the list of contents states: no part can be unpacked to more than it states."""
    whole = sum(part.file_size for part in parts)
    if whole > MOST_UNPACKED or len(parts) > MOST_PARTS:
        raise NotReadable(
            _(
                "文件解开后有 %(size)s MB，上限是 %(most)s MB，这不像一份填好的问卷。请重新下载工作簿填写。",
                size=f"{whole // MB:,}",
                most=MOST_UNPACKED // MB,
            )
        )
    swollen = [part for part in parts if part.file_size > max(SMALL, MOST_TIMES * part.compress_size)]
    odd = [part for part in parts if part.compress_type not in (ZIP_STORED, ZIP_DEFLATED)]
    if swollen or odd:
        raise NotReadable(_("文件压缩得不正常，没有打开。请在表格软件里另存为 .xlsx 后再试。"))


def _is_open_document(packed: ZipFile, names: set[str]) -> bool:
    return "mimetype" in names and b"opendocument" in packed.open("mimetype").read(100)


class _Seen:
    """Counts what reading will cost, piece by piece, so that no part is held in memory as a whole."""

    def __init__(self) -> None:
        self.tags = self.texts = 0
        self.next_part()

    def next_part(self) -> None:
        self.merged: list[str] = []
        self.computes = False

    def look_through(self, opened: IO[bytes]) -> None:
        """Look at one part. Raises NotReadable."""
        rest, first = b"", True
        while piece := opened.read(_PIECE):
            whole, bracket, rest = (rest + piece).rpartition(b">")
            if first:
                _refuse_other_xml(whole)
            self._count(whole + bracket)
            first = False

    def _count(self, piece: bytes) -> None:
        self.tags += piece.count(b"<")
        self.texts += sum(map(piece.count, (b"<si>", b"<si ", b":si>", b":si ")))
        self.computes = self.computes or any(tag in piece for tag in (b"<f>", b"<f ", b"<f/>", b":f>", b":f "))
        if b"mergeCell" in piece:
            self.merged += [area.decode("ascii") for area in _MERGED.findall(piece)]
        if b"<!" in piece and (b"<!DOCTYPE" in piece or b"<!ENTITY" in piece):
            raise NotReadable(damaged())
        if self.tags > MOST_TAGS or self.texts > MOST_TEXTS:
            raise NotReadable(_("文件里的格子太多，不像一份填好的问卷。请重新下载工作簿填写，或删掉多余的行和表。"))


def _refuse_other_xml(beginning: bytes) -> None:
    """Refuse what only another reader than ours would take for the same text."""
    if not beginning.removeprefix(b"\xef\xbb\xbf").startswith(b"<") or b"\0" in beginning[:100]:
        raise NotReadable(damaged())
    if _STRICT in beginning:
        raise NotReadable(_("这是“严格 Open XML”格式。请在 Excel 里另存为普通的 .xlsx 工作簿后再试。"))


# --- what is said -----------------------------------------------------------------------------------------------------


def not_a_workbook() -> str:
    """Say that a file is no .xlsx at all."""
    return _("这不是 Excel 工作簿（.xlsx）。请上传从这里下载并填好的工作簿。")


def damaged() -> str:
    """Say that a file is one, but cannot be read to its end."""
    return _("文件已损坏，读不出来。请在表格软件里打开，另存为 .xlsx 后再试。")


def _locked() -> str:
    return _("这份工作簿设有打开密码。请在表格软件里取消密码，保存后再试。")


def _old_format() -> str:
    return _("这是旧格式的表格文件（.xls 或 .et）。请在 Excel 或 WPS 里另存为 .xlsx 后再试。")


def _open_document() -> str:
    return _("这是 OpenDocument 表格（.ods）。请在 LibreOffice 里另存为 .xlsx 后再试。")
