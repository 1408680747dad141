"""Office files: what is inside a package (OOXML, a ZIP archive) or a compound file (OLE), and what must not be."""

from __future__ import annotations

from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import olefile
from flask_babel import gettext as _

from app.evidence.kinds import READER_FAULTS, Faulty, Kind, broken, locked, not_taken

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LARGEST_UNPACKED_MB = 200  # of all parts of a package together
MOST_PARTS = 10_000
CONTENT_TYPES = "[Content_Types].xml"
LARGEST_CONTENT_TYPES = 1024 * 1024  # bytes; of a real file a few thousand

# The main part of a document, by how the package names its type; and the folder that part lies in.
_MAIN = {
    b"wordprocessingml.document.main+xml": (Kind.WORD, "word/"),
    b"spreadsheetml.sheet.main+xml": (Kind.EXCEL, "xl/"),
    b"presentationml.presentation.main+xml": (Kind.POWERPOINT, "ppt/"),
    b"presentationml.slideshow.main+xml": (Kind.POWERPOINT, "ppt/"),
}
_STREAMS = {
    "WordDocument": Kind.OLD_WORD,
    "Workbook": Kind.OLD_EXCEL,
    "Book": Kind.OLD_EXCEL,
    "PowerPoint Document": Kind.OLD_POWERPOINT,
}
_MACROS = ("Macros", "_VBA_PROJECT_CUR")


def kind_of_package(content: BinaryIO) -> Kind:
    """Return the kind of an OOXML file. Raises WrongKind for other archives, Faulty for bombs, macros and damage."""
    try:
        with ZipFile(content) as package:
            return _kind_inside(package)
    except READER_FAULTS as fault:
        raise broken() from fault


def _kind_inside(package: ZipFile) -> Kind:
    _refuse_bomb(package)
    names = package.namelist()
    if CONTENT_TYPES not in names:
        raise not_taken(_("%(extension)s 文件", extension=".zip"))
    _refuse_locked(package)
    types = _content_types(package)
    if b"macroEnabled" in types or any(name.endswith("vbaProject.bin") for name in names):
        raise _with_macros()
    for main, (kind, folder) in _MAIN.items():
        if main in types and any(name.startswith(folder) for name in names):
            if package.testzip() is not None:
                raise broken()
            return kind
    raise not_taken(_("%(extension)s 文件", extension=".zip"))


def _refuse_bomb(package: ZipFile) -> None:
    parts = package.infolist()
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED_MB * 1024 * 1024:
        raise Faulty(
            _(
                "解开后有 %(size)s MB、%(parts)s 个部分，远大于正常文件。请删去多余内容，或另存为 PDF 再上传。",
                size=unpacked // (1024 * 1024),
                parts=len(parts),
            )
        )


def _refuse_locked(package: ZipFile) -> None:
    if any(part.flag_bits & 1 for part in package.infolist()):
        raise locked()
    if any(part.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for part in package.infolist()):
        raise broken()


def _content_types(package: ZipFile) -> bytes:
    with package.open(CONTENT_TYPES) as listed:
        return listed.read(LARGEST_CONTENT_TYPES)


def _with_macros() -> Faulty:
    return Faulty(_("文件里有宏（程序）。请另存为不含宏的格式，或另存为 PDF 再上传。"))


def kind_of_compound(content: BinaryIO) -> Kind:
    """Return the kind of an old Office file. Raises WrongKind for others, Faulty for macros and damage."""
    content.seek(0)
    try:
        with olefile.OleFileIO(content) as compound:
            return _kind_of_streams(compound)
    except READER_FAULTS as fault:
        raise broken() from fault


def _kind_of_streams(compound: olefile.OleFileIO) -> Kind:
    top = {entry[0] for entry in compound.listdir(streams=True, storages=True)}
    if "EncryptedPackage" in top:
        raise locked()
    if not top.isdisjoint(_MACROS):
        raise _with_macros()
    for stream, kind in _STREAMS.items():
        if stream in top:
            if len(compound.openstream(stream).read()) != compound.get_size(stream):
                raise broken()
            return kind
    raise not_taken(_("复合文档（如 .msg、.msi）"))
