"""LibreOffice, where this machine has it: documents converted by it, as people convert them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path


def soffice() -> str | None:
    """Return LibreOffice, if this machine has it."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def reads_documents() -> bool:
    """Tell whether LibreOffice is there with its part for documents, which Debian packs apart."""
    program = soffice()
    if program is None:
        return False
    folder = Path(program).resolve().parent
    return (folder / "libswlo.so").exists() or not (folder / "libsclo.so").exists()


def converted(file: Path, kind: str, folder: Path) -> Path:
    """Convert a file into `folder`, to "html" or "pdf", with a profile of its own."""
    program = soffice()
    assert program is not None
    subprocess.run(
        [program, "--headless", "--norestore", f"-env:UserInstallation={(folder / 'profile').resolve().as_uri()}",
         "--convert-to", kind, "--outdir", str(folder), str(file)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return folder / file.with_suffix(f".{kind}").name
