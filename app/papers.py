"""Papers that belong to no report: each printed once for what is on it, outside the web process, and then kept.

What is asked for waits as HTML in the folder of its kind; the printing process turns it into the PDF beside it. The
name of a file holds the digest of the HTML, so what has changed is printed anew and nothing else is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from flask import current_app

from app.jobs import held
from app.storage import write_whole
from reports.pdf import RenderFailed

LANGUAGES = ("zh", "en")
REFRESH_S = 3  # between two looks at a printing that goes on
PATIENCE_S = 10  # what waits longer than this is printed by nobody, and the printing process is called again


class PaperState(StrEnum):
    """How far the printing of a paper is."""

    NONE = "none"
    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class InTheMaking:
    """A PDF that is made when somebody asks for it: where it will be kept, and in which language it is."""

    pdf: Path
    language: str

    @property
    def asked(self) -> Path:
        """Where what the printing process needs is left until the PDF is there."""
        return self.pdf.with_suffix(".html")

    @property
    def fault(self) -> Path:
        return self.pdf.with_suffix(".fault")

    @property
    def state(self) -> PaperState:
        if self.pdf.exists():
            return PaperState.READY
        if self.asked.exists():
            return PaperState.WAITING
        return PaperState.FAILED if self.fault.exists() else PaperState.NONE

    @property
    def is_forgotten(self) -> bool:
        """Tell whether it has waited for long: the printing process was not there or has died."""
        try:
            asked_at = datetime.fromtimestamp(self.asked.stat().st_mtime, UTC)
        except FileNotFoundError:  # printed just now
            return False
        return datetime.now(UTC) - asked_at > timedelta(seconds=PATIENCE_S)

    def ask(self, content: bytes) -> None:
        """Leave what the printing process needs; nothing happens while it waits or when the PDF is there."""
        if self.state in (PaperState.NONE, PaperState.FAILED):
            self.pdf.parent.mkdir(mode=0o700, exist_ok=True)
            self.fault.unlink(missing_ok=True)
            write_whole(self.asked, content)


@dataclass(frozen=True, slots=True)
class Paper(InTheMaking):
    """One paper, whose HTML is known to whoever asks for it."""

    title: str
    html: str


def folder_of(kind: str) -> Path:
    """Return where the papers of one kind are kept: in the data folder."""
    folder: Path = current_app.config["ZHIZHEN"].data_dir / kind
    return folder


def digest_of(html: str) -> str:
    """Return what stands for a text in the name of its file."""
    return hashlib.sha256(html.encode()).hexdigest()[:16]


def ask(paper: Paper) -> None:
    """Let the printing process make it; nothing happens while it waits or when it is there."""
    paper.ask(paper.html.encode())


# --- called by the printing process only ------------------------------------------------------------------------------


def waiting(kind: str) -> Iterator[Path]:
    """Yield what was asked for and is not yet printed."""
    return folder_of(kind).glob("*.html")


def print_waiting(kind: str, timeout_s: int, printer: Callable[[str, int], bytes]) -> bool:
    """Print all of a kind that waits; what cannot be printed says why. False if nothing did."""
    return print_all(list(waiting(kind)), lambda asked: printer(asked.decode(), timeout_s))


def print_all(found: Sequence[Path], print_one: Callable[[bytes], bytes]) -> bool:
    """Print what was asked for in a folder; of several processes one does. False if nothing waited, or another does."""
    if not found:
        return False
    with held(found[0].parent / "printing.lock") as free:
        for asked in found if free else ():
            try:
                write_whole(asked.with_suffix(".pdf"), print_one(asked.read_bytes()))
            except RenderFailed as fault:
                write_whole(asked.with_suffix(".fault"), str(fault).encode())
            except FileNotFoundError:
                continue  # printed by another process just now
            asked.unlink(missing_ok=True)
    return free
