"""One file on its way in: measured, recognised, scanned, drawn small, and only then put where files are kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from flask_babel import gettext as _

from app.diagnosis.punctuation import with_colon
from app.errors import Refused
from app.evidence import naming, pictures
from app.evidence.kinds import SORTS, Faulty, Kind, refuse_false_name
from app.evidence.scanning import refuse_infected
from app.evidence.sniffing import sniff
from app.settings import Settings
from app.storage import Store, measure

MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Given:
    """A file as somebody sends it."""

    name: str
    content: BinaryIO


@dataclass(frozen=True, slots=True)
class Received:
    """A file that may be kept."""

    name: str
    kind: Kind
    size: int
    digest: str
    small: bytes | None  # a small picture of it
    scanned: bool
    content: BinaryIO


class TooLarge(Refused):
    """One file, or all together, is larger than what is kept."""

    status = 413


class NotKept(Refused):
    """The disk did not take the file."""

    status = 507


def receive(given: Given, settings: Settings) -> Received:
    """Return the file as it may be kept. Raises Refused by its name when it may not be."""
    name = naming.harmless(given.name)
    with naming_it(name):
        told = measure(given.content)
        _refuse_by_size(told.size, settings.evidence_max_mb)
        kind = sniff(given.content)
        refuse_false_name(name, kind)
        if settings.clamd:
            refuse_infected(settings.clamd, given.content)
        small = pictures.small(given.content, kind)
    whole = naming.shortened(_with_extension(name, kind))
    return Received(whole, kind, told.size, told.digest, small, settings.clamd is not None, given.content)


@contextmanager
def naming_it(name: str) -> Iterator[None]:
    """Begin every refusal with the name of the file: several are sent at once."""
    try:
        yield
    except Refused as refusal:
        refusal.message = with_colon(f"“{naming.shortened(name)}”", refusal.message) if name else refusal.message
        raise


def _refuse_by_size(size: int, most_mb: int) -> None:
    if size == 0:
        raise Faulty(_("文件是空的。请确认文件能打开，再重新选择。"))
    if size > most_mb * MB:
        raise TooLarge(
            _(
                "有 %(size)s MB，超过单个文件 %(most)s MB 的上限。请压缩图片或分成几份再上传。",
                size=_rounded_up(size),
                most=most_mb,
            )
        )


def _rounded_up(size: int) -> str:
    """Return a size so that one just above a limit does not read like the limit."""
    tenths = -(-size * 10 // MB)
    return f"{tenths // 10}.{tenths % 10}"


def _with_extension(name: str, kind: Kind) -> str:
    if not name:
        return _("佐证") + SORTS[kind].extensions[0]
    return name if naming.extension(name) else name + SORTS[kind].extensions[0]


def store(received: Received, at: Store) -> str | None:
    """Put the bytes and the small picture where they are kept; return the digest of the picture. Raises NotKept."""
    try:
        at.keep(received.content, received.digest)
        if received.small is None:
            return None
        picture = BytesIO(received.small)
        digest = measure(picture).digest
        at.keep(picture, digest)
    except OSError as fault:
        raise NotKept(_("服务器的磁盘没有存下文件。请稍后再试；一直这样请联系管理员。")) from fault
    return digest
