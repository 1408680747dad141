"""What is known of an issued report without its content, and whether a file is one of its own. Nothing is written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from flask_babel import gettext as _
from sqlalchemy import select

from app.errors import NotFound, Refused
from app.extensions import db
from app.presentation import day_in_chongqing
from app.reporting import files
from app.reporting.codes import grouped, read_code
from app.reporting.models import Edition, FileState, Form, IssuedReport, RenderState
from app.storage import measure


class UnknownCode(NotFound):
    """A code that is written as codes are, and belongs to no report that was printed here."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What was used, and the SHA-256 of it."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Shown:
    """All that a stranger is told about a report."""

    code: str
    issued_on: date  # as its cover says
    edition: Edition
    language: str
    pages: int
    program: str
    file: FileState
    is_replaced: bool
    signed_by: str | None
    signed_until: date | None
    files: tuple[Digest, ...]
    basis: tuple[Digest, ...]  # facts, result, questionnaire, criteria


@dataclass(frozen=True, slots=True)
class Compared:
    """A file that somebody holds, against the files of a report."""

    sha256: str
    same_as: str | None  # the name of the file of the report that it is


def find(typed: str) -> IssuedReport:
    """Return the printed report with this code. Raises CodeFault for a slip, UnknownCode for a code of no report."""
    code = read_code(typed)
    printed = select(IssuedReport).where(IssuedReport.code == code, IssuedReport.files.any())
    report = db.session.scalar(printed)
    if report is None:
        raise UnknownCode(
            _(
                "本系统没有出具过编号为 %(code)s 的报告。请对照封面再看一遍；编号无误时，这份报告不是本系统出具的。",
                code=grouped(code),
            )
        )
    return report


def shown(report: IssuedReport) -> Shown:
    """Return what the public page says; the file is read to see whether it is still what was printed."""
    return Shown(
        code=grouped(report.code or ""),
        issued_on=day_in_chongqing(report.requested_at),
        edition=report.edition,
        language=report.language,
        pages=report.pages or 0,
        program=report.record.program,
        file=files.state_of_files(report),
        is_replaced=_is_replaced(report),
        signed_by=report.signed_by,
        signed_until=report.signed_until,
        files=tuple(files_of(report)),
        basis=tuple(_basis(report)),
    )


def files_of(report: IssuedReport) -> Iterator[Digest]:
    """Yield every file that was issued as this report."""
    names = {Form.PDF: "PDF", Form.WORD: "Word", Form.WORKPAPER: _("评分底稿")}
    yield from (Digest(names[file.form], file.sha256) for file in files.files_of(report))


def _basis(report: IssuedReport) -> Iterator[Digest]:
    record, diagnosis = report.record, report.diagnosis
    yield Digest(_("填报内容（诊断文件）"), _sha256(record.diagnosis_file))
    yield Digest(_("评估结果（结果文件）"), _sha256(record.result_file))
    questionnaire = f"{diagnosis.questionnaire_id} {diagnosis.questionnaire_version}"
    yield Digest(_("问卷 %(id)s", id=questionnaire), record.questionnaire_digest)
    for criteria_id, digest in sorted(record.criteria_digests.items()):
        yield Digest(_("评价标准 %(id)s", id=criteria_id), digest)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _is_replaced(report: IssuedReport) -> bool:
    """Tell whether a later report of the same diagnosis, edition and language is there."""
    row = IssuedReport
    later = select(row.id).where(row.diagnosis_id == report.diagnosis_id, row.edition == report.edition)
    later = later.where(row.language == report.language, row.state == RenderState.READY)
    later = later.where(row.requested_at > report.requested_at).limit(1)
    return db.session.scalar(later) is not None


def compare(report: IssuedReport, content: BinaryIO) -> Compared:
    """Hold a file against the report by its digest; it is neither opened nor kept. Raises Refused for an empty one."""
    measured = measure(content)
    if measured.size == 0:
        raise Refused(_("这个文件是空的，没有可以核对的内容。请重新选择。"))
    same = (one.name for one in files_of(report) if one.sha256 == measured.digest)
    return Compared(measured.digest, next(same, None))
