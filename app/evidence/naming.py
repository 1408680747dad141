"""What a file is called: the name that somebody gave, made harmless. It is shown and offered, and never a path."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from pathlib import PurePosixPath

LONGEST = 120  # characters; every file system and every mail program takes that
LONGEST_EXTENSION = 12
_FOLDERS = re.compile(r"[/\\]")
_NOT_ON_WINDOWS = re.compile(r'[<>:"|?*]')


def harmless(given: str) -> str:
    """Return the last part of a name without signs that hide or mislead; nothing when nothing is left."""
    last = _FOLDERS.split(given)[-1]
    seen = "".join(sign for sign in unicodedata.normalize("NFC", last) if _is_seen(sign))
    return " ".join(_NOT_ON_WINDOWS.sub("_", seen).split()).strip(". ")


def _is_seen(sign: str) -> bool:
    """Leave out controls, and marks that turn the direction of writing so that “gpj.exe” reads “exe.jpg”."""
    return sign == " " or unicodedata.category(sign)[0] not in ("C", "Z") or unicodedata.category(sign) == "Zs"


def extension(name: str) -> str:
    """Return “.jpg” of “现场.JPG”; nothing where there is none."""
    return PurePosixPath(name).suffix.lower()


def shortened(name: str) -> str:
    """Return the name at its longest allowed length; the extension stays."""
    if len(name) <= LONGEST:
        return name
    end = PurePosixPath(name).suffix
    end = end if len(end) <= LONGEST_EXTENSION else ""
    return f"{name[: LONGEST - len(end) - 1].rstrip()}…{end}"


def apart(name: str, taken: Collection[str]) -> str:
    """Return the name, numbered when another file is already called so: phones call every photo “image.jpg”."""
    if name not in taken:
        return name
    path = PurePosixPath(name)
    numbered = (shortened(f"{path.stem} ({number}){path.suffix}") for number in range(2, len(taken) + 3))
    return next((one for one in numbered if one not in taken), name)
