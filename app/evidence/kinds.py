"""The kinds of file that may be given as evidence, and the words for those that may not."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from zipfile import BadZipFile

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.errors import Refused
from app.evidence.naming import extension


class Kind(StrEnum):
    """What may be given as evidence."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    HEIC = "heic"
    PDF = "pdf"
    WORD = "docx"
    EXCEL = "xlsx"
    POWERPOINT = "pptx"
    OLD_WORD = "doc"
    OLD_EXCEL = "xls"
    OLD_POWERPOINT = "ppt"
    TEXT = "txt"


@dataclass(frozen=True, slots=True)
class Sort:
    """How a kind is called, written and sent."""

    words: object  # in the reader's language
    mime: str
    extensions: tuple[str, ...]  # the usual one first


_OFFICE = "application/vnd.openxmlformats-officedocument"
SORTS: Mapping[Kind, Sort] = {
    Kind.JPEG: Sort(_l("JPEG 图片"), "image/jpeg", (".jpg", ".jpeg", ".jpe", ".jfif")),
    Kind.PNG: Sort(_l("PNG 图片"), "image/png", (".png",)),
    Kind.WEBP: Sort(_l("WebP 图片"), "image/webp", (".webp",)),
    Kind.HEIC: Sort(_l("HEIC 图片"), "image/heic", (".heic", ".heif")),
    Kind.PDF: Sort("PDF", "application/pdf", (".pdf",)),
    Kind.WORD: Sort(_l("Word 文档"), f"{_OFFICE}.wordprocessingml.document", (".docx",)),
    Kind.EXCEL: Sort(_l("Excel 表格"), f"{_OFFICE}.spreadsheetml.sheet", (".xlsx",)),
    Kind.POWERPOINT: Sort(_l("PowerPoint 演示"), f"{_OFFICE}.presentationml.presentation", (".pptx", ".ppsx")),
    Kind.OLD_WORD: Sort(_l("旧版 Word 文档"), "application/msword", (".doc", ".wps")),
    Kind.OLD_EXCEL: Sort(_l("旧版 Excel 表格"), "application/vnd.ms-excel", (".xls", ".et")),
    Kind.OLD_POWERPOINT: Sort(_l("旧版 PowerPoint 演示"), "application/vnd.ms-powerpoint", (".ppt", ".pps", ".dps")),
    Kind.TEXT: Sort(_l("文本"), "text/plain; charset=utf-8", (".txt", ".csv")),
}
# What readers raise on files that are broken or made to harm them, besides what they promise.
READER_FAULTS = (
    BadZipFile, EOFError, NotImplementedError, OSError, ArithmeticError, RuntimeError, SyntaxError, struct.error,
    zlib.error, AttributeError, LookupError, TypeError, ValueError,
)  # fmt: skip
EXTENSIONS = frozenset(one for sort in SORTS.values() for one in sort.extensions)


class WrongKind(Refused):
    """The file is nothing that is taken, or not what its name says."""

    status = 415


class Faulty(Refused):
    """The file is of a kind that is taken, but broken, locked or dangerous."""

    status = 422


def refuse_false_name(name: str, kind: Kind) -> None:
    """Raise WrongKind when the extension says something else than the bytes; a name without one says nothing."""
    said, right = extension(name), SORTS[kind].extensions
    if said and said not in right:
        raise WrongKind(
            _(
                "扩展名是 %(said)s，内容却是“%(kind)s”。请确认选对了文件；没选错的话，把扩展名改成 %(right)s 再上传。",
                said=said,
                kind=str(SORTS[kind].words),
                right=right[0],
            )
        )


def not_taken(kind: str) -> WrongKind:
    """Return the refusal of a file whose content is of another kind; `kind` is an extension or words."""
    return WrongKind(
        _("内容是“%(kind)s”，不能作为佐证上传。可以上传照片、PDF、Word、Excel、PowerPoint、CSV 和 TXT。", kind=kind)
        if kind
        else _("认不出内容是什么。可以上传照片、PDF、Word、Excel、PowerPoint、CSV 和 TXT。")
    )


def broken() -> Faulty:
    """Return the refusal of a file that is not whole."""
    return Faulty(_("文件不完整或已损坏，打不开。请用原来的软件打开、另存一份再上传。"))


def locked() -> Faulty:
    """Return the refusal of a file that only a password opens."""
    return Faulty(_("文件有密码保护，专家打不开。请去掉密码再上传。"))
