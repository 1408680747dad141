"""Many reports in one zip file, sent while it is written: one file at a time is in memory, and nothing on the disk.

Each is held against its digest once more. One that is lost or changed is left out, and the list in the zip says so.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from flask_babel import gettext as _

from app.presentation import day
from app.reporting import files
from app.reporting.models import Form, IssuedReport
from reports.spreadsheet import FORMULA_STARTS

LONGEST_NAME = 60  # characters of a firm's name in the name of a file; three bytes each, of the 255 that a disk allows


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the zip and its line in the list; no path where a report has no such form."""

    about: tuple[str, ...]  # firm, credit code, number of the diagnosis, what it is, language
    name: str
    path: Path | None
    digest: str


@dataclass(frozen=True, slots=True)
class Packing:
    """All that a zip is written from: no row is read while it is sent."""

    entries: tuple[Entry, ...]
    list_name: str
    heads: tuple[str, ...]
    absent: str
    lost: str
    changed: str


def pack(reports: Sequence[IssuedReport], forms: Sequence[Form]) -> Packing:
    """Prepare the zip of reports that are ready, in the forms chosen, with its words in the reader's language."""
    heads = (
        _("企业名称"),
        _("统一社会信用代码"),
        _("诊断次数"),
        _("文件种类"),
        _("语言"),
        _("文件名"),
        _("字节"),
        "SHA-256",
        _("备注"),
    )
    return Packing(
        entries=tuple(_entries(reports, forms)),
        list_name=_("清单.csv"),
        heads=heads,
        absent=_("这份报告只有 PDF：打印它的时候还没有 Word 版和评分底稿。"),
        lost=_("没有装入：文件不在存放的位置。请告诉管理员。"),
        changed=_("没有装入：文件与签发时的校验值不符。请告诉管理员。"),
    )


def _entries(reports: Sequence[IssuedReport], forms: Sequence[Form]) -> Iterator[Entry]:
    firms = [one.diagnosis.firm.name for one in reports]
    taken = {_("清单.csv").casefold()}
    for report in reports:
        there = {file.form: file for file in files.files_of(report)}
        for form in forms:
            about = _about(report, form)
            if form not in there:
                yield Entry(about, "", None, "")
                continue
            name = _name(report, form, firms.count(report.diagnosis.firm.name) > 1)
            yield Entry(about, _other_than(taken, *name), files.path_of(there[form]), there[form].sha256)


def _about(report: IssuedReport, form: Form) -> tuple[str, ...]:
    diagnosis, language = report.diagnosis, _("中文") if report.language == "zh" else _("英文")
    return diagnosis.firm.name, diagnosis.firm.uscc, str(diagnosis.number), files.kind_of(report, form), language


def _name(report: IssuedReport, form: Form, twice: bool) -> tuple[str, str]:
    diagnosis = report.diagnosis
    firm = files.without_signs(diagnosis.firm.name)[:LONGEST_NAME]
    same = f"_{diagnosis.firm.uscc}" if twice else ""  # firms of the same name are told apart by their credit codes
    kind = files.kind_of(report, form)
    return f"{firm}{same}_{kind}_第{diagnosis.number}次_{day(report.requested_at)}", f".{form}"


def _other_than(taken: set[str], stem: str, ending: str) -> str:
    """Return a name that is not taken, whether a disk tells capitals apart or not, and take it."""
    name, number = stem + ending, 1
    while name.casefold() in taken:
        number += 1
        name = f"{stem}_{number}{ending}"
    taken.add(name.casefold())
    return name


# --- writing: outside of the request ----------------------------------------------------------------------------------


def written(packing: Packing) -> Iterator[bytes]:
    """Yield the zip piece by piece; the list of what is in it stands at its end."""
    pipe, lines = _Pipe(), [packing.heads]
    with ZipFile(pipe, "w", ZIP_STORED) as folder:  # every form is compressed already
        for entry in packing.entries:
            content, fault = _content(entry, packing)
            if content is None:
                lines.append((*entry.about, "", "", entry.digest, fault))
                continue
            folder.writestr(entry.name, content)
            lines.append((*entry.about, entry.name, str(len(content)), entry.digest, ""))
            yield pipe.take()
        folder.writestr(packing.list_name, _csv(lines), ZIP_DEFLATED)
    yield pipe.take()


def _content(entry: Entry, packing: Packing) -> tuple[bytes | None, str]:
    if entry.path is None:
        return None, packing.absent
    try:
        return files.as_written(entry.path, entry.digest), ""
    except FileNotFoundError:
        return None, packing.lost
    except files.Changed:
        return None, packing.changed


def _csv(lines: Sequence[Sequence[str]]) -> str:
    opened = io.StringIO()
    csv.writer(opened, lineterminator="\r\n").writerows([_harmless(cell) for cell in line] for line in lines)
    return "\ufeff" + opened.getvalue()  # the mark lets Excel read UTF-8


def _harmless(cell: str) -> str:
    """Keep a spreadsheet from computing what somebody typed."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


class _Pipe(io.RawIOBase):
    """Takes what a zip file writes and gives it on."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, content: bytes) -> int:  # type: ignore[override]  # a zip file writes nothing else
        self._held += content
        return len(content)

    def take(self) -> bytes:
        taken, self._held = bytes(self._held), bytearray()
        return taken
