"""What a file is, told by its bytes and never by its name: each kind is opened as far as it takes to be sure."""

from __future__ import annotations

import re
from typing import BinaryIO

import puremagic
from flask_babel import gettext as _

from app.evidence import office
from app.evidence.kinds import EXTENSIONS, Faulty, Kind, WrongKind, broken, not_taken

HEAD = TAIL = 4096  # bytes that tell what a file begins as, and ends as
MOST_BOXES = 1000


def sniff(content: BinaryIO) -> Kind:
    """Return what the bytes are. Raises WrongKind for what is not taken, Faulty for what is broken or dangerous."""
    head = _at(content, 0, HEAD)
    if kind := _by_signature(head):
        return kind
    if head.startswith(b"%PDF-"):
        return _pdf(content)
    if head[4:8] == b"ftyp":
        return _heic(content, head)
    if head.startswith(b"PK"):
        return office.kind_of_package(content)
    if head.startswith(office.COMPOUND):
        return office.kind_of_compound(content)
    return _text(content, head)


def _at(content: BinaryIO, place: int, most: int) -> bytes:
    content.seek(place)
    return content.read(most)


def _by_signature(head: bytes) -> Kind | None:
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    return Kind.WEBP if head[:4] == b"RIFF" and head[8:12] == b"WEBP" else None


# --- PDF and HEIC: whole, from the first byte to the last -------------------------------------------------------------


def _pdf(content: BinaryIO) -> Kind:
    content.seek(0, 2)
    if b"%%EOF" not in _at(content, max(0, content.tell() - TAIL), TAIL):
        raise broken()
    return Kind.PDF


_STILL = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc", b"hevx"})


def _heic(content: BinaryIO, head: bytes) -> Kind:
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, min(int.from_bytes(head[:4], "big"), HEAD), 4))}
    if head[8:12] not in _STILL or not brands & {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}:
        raise _by_library(head)
    if b"meta" not in _boxes(content):
        raise broken()
    return Kind.HEIC


def _boxes(content: BinaryIO) -> set[bytes]:
    """Return the kinds of the outermost boxes, which must fill the file exactly; a photo has a handful."""
    content.seek(0, 2)
    size, place, found = content.tell(), 0, set[bytes]()
    for _number in range(MOST_BOXES):
        if place == size:
            return found
        head = _at(content, place, 16)
        length = int.from_bytes(head[:4], "big")
        length = int.from_bytes(head[8:16], "big") if length == 1 else length or size - place
        if length < 8 or place + length > size:
            break
        found.add(head[4:8])
        place += length
    raise broken()


# --- text -------------------------------------------------------------------------------------------------------------

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]")
_MARKUP = re.compile(r"\s*<[a-zA-Z!?/]")
ENCODINGS = ("utf-8-sig", "gb18030")  # gb18030 holds all of GBK


def _text(content: BinaryIO, head: bytes) -> Kind:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Faulty(_("是 UTF-16 编码的文本。请另存为 UTF-8 的 CSV 或 TXT 再上传。"))
    text = _decoded(_at(content, 0, -1))
    if text is None or _CONTROLS.search(text):
        raise _by_library(head)
    if _MARKUP.match(text):
        raise not_taken(_found_by_library(head) or _("网页或标记语言"))
    return Kind.TEXT


def _decoded(raw: bytes) -> str | None:
    for encoding in ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _by_library(head: bytes) -> WrongKind:
    """Return the refusal of bytes of none of our kinds; the library knows what most others are."""
    return not_taken(_found_by_library(head))


def _found_by_library(head: bytes) -> str:
    """Return the extension that files with these bytes usually have, as words: “.exe 文件”; nothing when not known."""
    try:
        found = [one.extension for one in puremagic.magic_string(head) if one.extension]
    except (puremagic.PureError, ValueError):
        return ""
    foreign = next((one for one in found if one not in EXTENSIONS), "")
    return _("%(extension)s 文件", extension=foreign) if foreign else ""
