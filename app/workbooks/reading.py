"""What a file says about a diagnosis, whichever kind of file it was: answers, faults, and what was left aside."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from app.diagnosis.draft import Said
from app.errors import Refused

Statements = Mapping[str, Mapping[str, Said]]  # subject key -> fact -> what the file says


class FileRefused(Refused):
    """A file of which nothing can be taken over; `faults` has one sentence a fault."""

    def __init__(self, faults: Collection[str]) -> None:
        super().__init__(_("文件没有导入，诊断里的内容没有变化。请按下面的说明修改文件后再试。"))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that was found in a file."""

    said: Statements
    faults: tuple[str, ...] = ()  # what is wrong, each with its place; none of it is in `said`
    notices: tuple[str, ...] = ()  # what was left aside without being wrong
    seen: int | None = None  # the save that the file shows; None when it does not say
    from_cells: bool = False  # cells hold less than an answer may: what looks the same counts as the same
