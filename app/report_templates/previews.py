"""Previews of report templates: the sample report printed with a version that is not used yet, kept as a file.

What is asked for waits as JSON in a folder of its own; the printing process makes the report and its PDF. The name of a
file holds the digest of everything it is made from, so a changed template or program is printed anew.
"""

from __future__ import annotations

import hashlib
import json
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from jinja2 import TemplateError

from app.errors import NotFound
from app.papers import LANGUAGES, InTheMaking, PaperState, folder_of, print_all
from app.report_templates.logos import logo_of
from app.report_templates.models import TemplateVersion
from app.settings import PROGRAM
from questionnaires.yaml_file import DefinitionError
from reports.html import to_html
from reports.own_template import CannotApply, applied, from_data
from reports.pdf import RenderFailed
from reports.specimen import specimen
from scoring.solver import SolverFault

KIND = "template-previews"
KEPT_DAYS = 30  # then a preview is made again when somebody asks for it


@dataclass(frozen=True, slots=True)
class Preview(InTheMaking):
    """The sample report in one language, printed with one version of a template."""

    order: bytes  # for the printing process

    @property
    def asked(self) -> Path:
        """Where the order is left until the PDF is there."""
        return self.pdf.with_suffix(".json")


def find(version: TemplateVersion, language: str) -> Preview:
    """Return where a preview is or will be kept. Raises NotFound."""
    if language not in LANGUAGES:
        raise NotFound
    logo = b64encode(version.logo or b"").decode()
    said = {"program": PROGRAM, "language": language, "name": version.name, "content": version.content, "logo": logo}
    order = json.dumps(said, ensure_ascii=False, sort_keys=True).encode()
    name = f"{version.id}-{language}-{hashlib.sha256(order).hexdigest()[:16]}"
    return Preview(folder_of(KIND) / f"{name}.pdf", language, order)


def ask(preview: Preview) -> None:
    """Let the printing process make it, and drop those that are old."""
    _drop_old()
    preview.ask(preview.order)


def is_seen(version: TemplateVersion) -> bool:
    """Tell whether a preview of the version is there in a language."""
    return any(find(version, language).state is PaperState.READY for language in LANGUAGES)


def _drop_old() -> None:
    for file in folder_of(KIND).glob("*.*"):
        if file.suffix in (".pdf", ".fault") and time.time() - file.stat().st_mtime > KEPT_DAYS * 86400:
            file.unlink(missing_ok=True)


# --- called by the printing process only ------------------------------------------------------------------------------


def waiting() -> Iterator[Path]:
    """Yield what was asked for and is not yet printed."""
    return folder_of(KIND).glob("*.json")


def print_waiting(timeout_s: int, printer: Callable[[str, int], bytes]) -> bool:
    """Print every preview that waits; what cannot be printed says why. False if nothing waited."""
    return print_all(list(waiting()), lambda order: printer(_html(order), timeout_s))


def _html(order: bytes) -> str:
    said = json.loads(order)
    try:
        logo = logo_of(b64decode(said["logo"]), said["content"]["institution"])
        return to_html(applied(specimen(said["language"]), from_data(said["name"], said["content"], logo)))
    except CannotApply as fault:
        raise RenderFailed(str(fault)) from fault
    except (DefinitionError, SolverFault, TemplateError, LookupError, ValueError, OSError) as fault:
        current_app.logger.exception("a preview was not printed")
        raise RenderFailed(type(fault).__name__) from fault  # it stays as a fault and stops nobody else's printing
