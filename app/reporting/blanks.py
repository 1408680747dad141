"""Blank questionnaires to be filled in by hand: each made once, for an edition and a language, and then kept as a file.

What is asked for waits as HTML in the folder of its kind; the printing process turns it into the PDF beside it. The
name of a file holds the digest of the HTML, so a changed questionnaire or layout is printed anew and nothing else is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from flask import current_app

from app.errors import NotFound
from app.jobs import held
from questionnaires.loader import NoSuchQuestionnaire, load
from questionnaires.model import Questionnaire
from reports.blank import build
from reports.html import blank_to_html
from reports.pdf import RenderFailed, to_pdf

LANGUAGES = ("zh", "en")
PATIENCE_S = 10  # what waits longer than this is printed by nobody, and the printing process is called again


class BlankState(StrEnum):
    """How far the printing of a blank questionnaire is."""

    NONE = "none"
    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class InTheMaking:
    """A PDF that is made when somebody asks for it: where it will be kept, and what is left there until it is."""

    pdf: Path
    asked: Path

    @property
    def fault(self) -> Path:
        return self.pdf.with_suffix(".fault")

    @property
    def state(self) -> BlankState:
        if self.pdf.exists():
            return BlankState.READY
        if self.asked.exists():
            return BlankState.WAITING
        return BlankState.FAILED if self.fault.exists() else BlankState.NONE

    @property
    def is_forgotten(self) -> bool:
        """Tell whether it has waited for long: the printing process was not there or has died."""
        waited = datetime.now(UTC) - datetime.fromtimestamp(self.asked.stat().st_mtime, UTC)
        return waited > timedelta(seconds=PATIENCE_S)

    def ask(self, content: bytes) -> None:
        """Leave what the printing process needs; nothing happens while it waits or when the PDF is there."""
        if self.state in (BlankState.NONE, BlankState.FAILED):
            self.pdf.parent.mkdir(mode=0o700, exist_ok=True)
            self.fault.unlink(missing_ok=True)
            _write(self.asked, content)


@dataclass(frozen=True, slots=True)
class BlankFile(InTheMaking):
    """One blank questionnaire in one language, and where it is kept."""

    questionnaire: Questionnaire
    language: str
    html: str


def find(questionnaire_id: str, version: str, language: str) -> BlankFile:
    """Return where a blank questionnaire is or will be kept. Raises NotFound."""
    if language not in LANGUAGES:
        raise NotFound
    try:
        questionnaire = load(questionnaire_id, version)
    except NoSuchQuestionnaire as unknown:
        raise NotFound from unknown
    html = _html(_Edition(questionnaire), language)
    digest = hashlib.sha256(html.encode()).hexdigest()[:16]
    pdf = _folder() / f"{questionnaire_id}-{version}-{language}-{digest}.pdf"
    return BlankFile(pdf, pdf.with_suffix(".html"), questionnaire, language, html)


def ask(blank: BlankFile) -> None:
    """Let the printing process make it; nothing happens while it waits or when it is there."""
    blank.ask(blank.html.encode())


# --- called by the printing process only ------------------------------------------------------------------------------


def waiting() -> Iterator[Path]:
    """Yield what was asked for and is not yet printed."""
    return _folder().glob("*.html")


def print_waiting(timeout_s: int, printer: Callable[[str, int], bytes] = to_pdf) -> bool:
    """Print everything that waits, one process at a time; what cannot be printed says why. False if nothing waited."""
    return print_all(list(waiting()), lambda asked: printer(asked.decode(), timeout_s))


def print_all(found: Sequence[Path], print_one: Callable[[bytes], bytes]) -> bool:
    """Print what was asked for in a folder; of several processes one does. False if nothing waited, or another does."""
    if not found:
        return False
    with held(found[0].parent / "printing.lock") as free:
        for asked in found if free else ():
            try:
                _write(asked.with_suffix(".pdf"), print_one(asked.read_bytes()))
            except RenderFailed as fault:
                _write(asked.with_suffix(".fault"), str(fault).encode())
            except FileNotFoundError:
                continue  # printed by another process just now
            asked.unlink(missing_ok=True)
    return free


# --- files ------------------------------------------------------------------------------------------------------------


def _folder() -> Path:
    folder: Path = current_app.config["ZHIZHEN"].data_dir / "blank-questionnaires"
    return folder


def _write(file: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    new = file.with_name(f"{file.name}.new")
    new.write_bytes(content)
    new.replace(file)


class _Edition:
    """A questionnaire as a key: its digest says all that is asked."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire

    def __hash__(self) -> int:
        return hash(self.questionnaire.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Edition) and self.questionnaire.digest == other.questionnaire.digest


@lru_cache(maxsize=8)
def _html(edition: _Edition, language: str) -> str:
    return blank_to_html(build(edition.questionnaire, language))
