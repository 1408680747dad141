"""Files on disk, there whole or not at all. Those that people give are kept by what is in them.

The only name of such a file is the SHA-256 of its bytes. All lie in the data folder, which no web server shows; nothing
that somebody typed is ever part of a path.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

CHUNK = 256 * 1024  # bytes read at a time
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Measured:
    """What is known of a file by reading it once."""

    digest: str
    size: int


def measure(content: BinaryIO) -> Measured:
    """Read a file from its beginning and leave it there."""
    content.seek(0)
    told, size = hashlib.sha256(), 0
    while chunk := content.read(CHUNK):
        told.update(chunk)
        size += len(chunk)
    content.seek(0)
    return Measured(told.hexdigest(), size)


def write_whole(file: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, readable for this account only."""
    file.parent.mkdir(mode=0o700, exist_ok=True)
    new = file.with_name(f"{file.name}.new")
    with new.open("wb") as half:
        new.chmod(0o600)
        half.write(content)
        half.flush()
        os.fsync(half.fileno())
    new.replace(file)


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of files by digest. Writing is done beside and renamed, so that no half file has a digest for a name."""

    folder: Path

    def keep(self, content: BinaryIO, digest: str) -> None:
        """Keep these bytes under their digest. Those that are there count as kept now: see `unused_for`."""
        target = self.path(digest)
        if target.exists():
            os.utime(target)
            return
        for folder in (self.folder, self._incoming, target.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=self._incoming, delete=False) as half:
            try:
                _copy(content, half, digest)  # type: ignore[arg-type]
                Path(half.name).replace(target)
            finally:
                Path(half.name).unlink(missing_ok=True)
        _to_disk(target.parent)

    def path(self, digest: str) -> Path:
        """Return where the bytes with this digest lie, or would lie."""
        if not _DIGEST.fullmatch(digest):
            raise ValueError(f"{digest!r} is no SHA-256 digest")
        return self.folder / digest[:2] / digest

    def has(self, digest: str) -> bool:
        """Tell whether the bytes are there."""
        return self.path(digest).exists()

    def is_whole(self, digest: str) -> bool:
        """Read the bytes again and tell whether they are still those that were given."""
        with self.path(digest).open("rb") as content:
            return measure(content).digest == digest

    def erase(self, digest: str) -> None:
        """Remove the bytes for good; nothing to do when they are not there."""
        self.path(digest).unlink(missing_ok=True)

    def digests(self) -> Iterator[str]:
        """Yield what is kept, in order."""
        yield from sorted(file.name for file in self.folder.glob("??/*") if _DIGEST.fullmatch(file.name))

    def unused_for(self, digest: str) -> float:
        """Return the seconds since the bytes were last given."""
        return time.time() - self.path(digest).stat().st_mtime

    def broken_off(self) -> list[Path]:
        """Return what is left of writings that never ended, for instance because the power failed."""
        return sorted(self._incoming.glob("*"))

    def drop_broken_off(self, older_than_s: float) -> int:
        """Remove what such writings left, and return how many there were."""
        old = [half for half in self.broken_off() if time.time() - half.stat().st_mtime > older_than_s]
        for half in old:
            half.unlink(missing_ok=True)
        return len(old)

    @property
    def _incoming(self) -> Path:
        return self.folder / "incoming"


def _copy(content: BinaryIO, to: BinaryIO, digest: str) -> None:
    content.seek(0)
    told = hashlib.sha256()
    while chunk := content.read(CHUNK):
        told.update(chunk)
        to.write(chunk)
    if told.hexdigest() != digest:
        raise ValueError("the bytes changed between measuring and keeping")
    to.flush()
    os.fsync(to.fileno())
    content.seek(0)


def _to_disk(folder: Path) -> None:
    """Make the new name in a folder outlive a power failure."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
