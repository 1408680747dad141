"""The files themselves: whether each is still what was given, and which of them no row names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Row, select

from app.diagnosis.models import EvidenceFile
from app.evidence.service import is_used, storage
from app.extensions import db
from app.storage import Store

YOUNG_S = 3600  # what was given less long ago may belong to an upload that goes on


@dataclass(frozen=True, slots=True)
class Found:
    """What a look at every file found."""

    whole: int
    faults: tuple[str, ...]  # a sentence for each file that is missing or not what was given
    orphans: tuple[str, ...]  # digests that no row names
    broken_off: int  # writings that never ended


def check() -> Found:
    """Read every file again and hold it against its digest; find those that no row names."""
    kept, rows = storage(), _rows()
    faults = [fault for row in rows if (fault := _fault(kept, row))]
    named = {digest for row in rows for digest in _digests(row)}
    orphans = tuple(digest for digest in kept.digests() if digest not in named)
    return Found(len(rows) - len(faults), tuple(faults), orphans, len(kept.broken_off()))


def _rows() -> Sequence[Row[UUID, str, str, str | None]]:
    file = EvidenceFile
    query = select(file.id, file.name, file.digest, file.preview).where(file.erased_at.is_(None))
    rows = db.session.execute(query.order_by(file.added_at)).all()
    db.session.rollback()  # reading all files takes its time, and must not hold the database meanwhile
    return rows


def _digests(row: Row[UUID, str, str, str | None]) -> list[str]:
    return [digest for digest in (row.digest, row.preview) if digest]


def _fault(kept: Store, row: Row[UUID, str, str, str | None]) -> str | None:
    who = f"{row.name} ({row.id}, {row.digest})"
    for digest in _digests(row):
        if not kept.has(digest):
            return f"{who}：文件不在了，请从备份恢复。 / the file is missing: restore it from a copy."
        if not kept.is_whole(digest):
            return f"{who}：内容与上传时不同，请从备份恢复。 / the bytes have changed: restore them from a copy."
    return None


def sweep(found: Found) -> int:
    """Erase what no row names, unless it was given just now, and what broken-off writings left; return how many."""
    kept, erased = storage(), 0
    for digest in found.orphans:
        # Asked again under the lock of a writing transaction: somebody may have given the same bytes meanwhile.
        if kept.unused_for(digest) > YOUNG_S and not is_used(digest):
            kept.erase(digest)
            erased += 1
    db.session.rollback()
    return erased + kept.drop_broken_off(YOUNG_S)
