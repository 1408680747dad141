"""Files of every kind that may be given, made here byte by byte or by the libraries that write them."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile
from zlib import crc32

from openpyxl import Workbook
from PIL import Image

TYPES = "application/vnd.openxmlformats-officedocument."
DOCUMENT = f"{TYPES}wordprocessingml.document.main+xml"
SLIDES = f"{TYPES}presentationml.presentation.main+xml"
LATITUDE = ((29.0, 33.0, 47.3), (106.0, 33.0, 3.1))  # Chongqing
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


# --- pictures ---------------------------------------------------------------------------------------------------------


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 480), **more: object) -> bytes:
    written = BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(written, kind, **more)
    return written.getvalue()


def photo_with_place() -> bytes:
    """A photo taken in Chongqing with the phone held upright."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    exif[0x9003] = "2026:11:20 09:30:00"
    gps = exif.get_ifd(0x8825)
    gps.update({1: "N", 2: LATITUDE[0], 3: "E", 4: LATITUDE[1]})
    return picture(exif=exif)


def monstrous_png(width: int, height: int) -> bytes:
    """The head of a picture of that size, and nothing in it."""
    whole = picture("PNG", (8, 8))
    head = b"IHDR" + struct.pack(">II", width, height) + whole[24:29]
    return whole[:12] + head + struct.pack(">I", crc32(head)) + whole[33:]


def heic(major: bytes = b"heic", compatible: bytes = b"mif1heic") -> bytes:
    """The boxes of a still picture of a phone, as a reader of boxes sees them."""
    named, described = _box(b"ftyp", major + bytes(4) + compatible), _box(b"meta", bytes(4) + _box(b"hdlr", bytes(20)))
    return named + described + _box(b"mdat", b"x" * 99)


def _box(kind: bytes, inside: bytes) -> bytes:
    return struct.pack(">I", len(inside) + 8) + kind + inside


# --- documents --------------------------------------------------------------------------------------------------------


PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
CSV = "设备,数量\n冲床,12\n".encode()


def workbook() -> bytes:
    written, book = BytesIO(), Workbook()
    book.active.append(["设备", "数量"])
    book.save(written)
    return written.getvalue()


def package(main: str = DOCUMENT, folder: str = "word/", more: Mapping[str, bytes] | None = None) -> bytes:
    """An OOXML file: a list of types, a main part, and what else is asked for."""
    types = f'<Types><Override PartName="/{folder}main.xml" ContentType="{main}"/></Types>'
    return archive({"[Content_Types].xml": types.encode(), f"{folder}main.xml": b"<main/>", **(more or {})})


def archive(parts: Mapping[str, bytes]) -> bytes:
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return written.getvalue()


def compound(*names: str, storages: tuple[str, ...] = ()) -> bytes:
    """An OLE file as old Office wrote it: a header, the chain of sectors, the directory, one sector group a stream."""
    every = [("Root Entry", 5, _END, 0), *((name, 1, _END, 0) for name in storages)]
    streams = [(name, 2, 10 + 8 * place, 4096) for place, name in enumerate(names)]
    entries = [*every, *streams]
    directory = b"".join(_entry(entries, place) for place in range(len(entries))).ljust(9 * 512, b"\0")
    chain = [_FAT, *range(2, 10), _END]
    for _stream in streams:
        chain += [*range(len(chain) + 1, len(chain) + 8), _END]
    table = struct.pack("<128I", *chain, *[_FREE] * (128 - len(chain)))
    return _header() + table + directory + b"".join(bytes(4096) for _stream in streams)


def _header() -> bytes:
    start = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    shape = struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    counts = struct.pack("<9I", 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    return (start + shape + counts).ljust(76, b"\0") + struct.pack("<109I", 0, *[_FREE] * 108)


def _entry(entries: list[tuple[str, int, int, int]], place: int) -> bytes:
    """One line of the directory; each is the right neighbour of the one before, all below the root."""
    name, kind, start, size = entries[place]
    written = (name + "\0").encode("utf-16-le")
    right = place + 1 if 0 < place < len(entries) - 1 else _FREE
    child = 1 if place == 0 and len(entries) > 1 else _FREE
    head = written.ljust(64, b"\0") + struct.pack("<HBB", len(written), kind, 1)
    return head + struct.pack("<III", _FREE, right, child) + bytes(36) + struct.pack("<IQ", start, size)
