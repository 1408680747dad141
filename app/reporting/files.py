"""The files of a report: written whole or not at all, and handed out only as they were written."""

from __future__ import annotations

import hashlib
from pathlib import Path
from uuid import UUID

from flask import current_app
from flask_babel import gettext as _

from app.errors import Refused
from app.presentation import day
from app.reporting.models import Edition, FileState, Form, IssuedReport, RenderState, ReportFile
from app.storage import measure, write_whole
from questionnaires.model import Text
from reports.language import LANGUAGES

MIMETYPES = {
    Form.PDF: "application/pdf",
    Form.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Form.WORKPAPER: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# What a file is called, in the language of what is in it.
EDITIONS = {
    Edition.PREVIEW: Text("预览", "Preview"),
    Edition.SELF: Text("自评报告", "Self-assessment"),
    Edition.DIAGNOSTIC: Text("诊断报告", "Diagnostic report"),
}
WORKPAPER = Text("评分底稿", "Workpaper")
_NOT_IN_NAMES = {ord(sign): "_" for sign in '\\/:*?"<>|'} | dict.fromkeys(range(32), "_")


class Changed(Exception):
    """A file is no longer what was written."""


def keep(report_id: UUID, form: Form, content: bytes) -> ReportFile:
    """Write a file, readable for this account only, and return its row."""
    name = f"{report_id}.{form}"
    write_whole(_folder() / name, content)
    digest = hashlib.sha256(content).hexdigest()
    return ReportFile(report_id=report_id, form=form, name=name, sha256=digest, size=len(content))


def put_back(file: ReportFile, content: bytes) -> None:
    """Write a file once more that was lost or changed; the caller has held the content against its digest."""
    write_whole(path_of(file), content)


def drop(report_id: UUID) -> None:
    """Remove what printings that never ended have left of a report."""
    for left in _folder().glob(f"{report_id}.*"):
        left.unlink(missing_ok=True)


def path_of(file: ReportFile) -> Path:
    """Return where a file is kept: in the data folder, outside of what the web server shows."""
    return _folder() / file.name


def read(file: ReportFile) -> bytes:
    """Return the content. Raises Refused when it is not there, or no longer what was written."""
    try:
        return as_written(path_of(file), file.sha256)
    except FileNotFoundError as missing:
        raise Refused(
            _("报告文件不在存放的位置，不能下载。请告诉管理员；专家可以打开这份报告，按原样补印。")
        ) from missing
    except Changed as changed:
        raise Refused(
            _("报告文件与签发时的校验值不符，不能下载。请告诉管理员；专家可以打开这份报告，按原样补印。")
        ) from changed


def state_of(file: ReportFile) -> FileState:
    """Read a file and tell whether it is still what was written."""
    try:
        with path_of(file).open("rb") as content:
            return FileState.UNCHANGED if measure(content).digest == file.sha256 else FileState.CHANGED
    except FileNotFoundError:
        return FileState.LOST


def as_written(path: Path, digest: str) -> bytes:
    """Return the content of a file that has this digest. Raises FileNotFoundError and Changed."""
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise Changed(path.name)
    return content


def _folder() -> Path:
    folder: Path = current_app.config["ZHIZHEN"].data_dir / "reports"
    return folder


# --- of one report ----------------------------------------------------------------------------------------------------


def files_of(report: IssuedReport) -> list[ReportFile]:
    """Return all files of a report with name, digest and size: the PDF first; none before it is ready."""
    return sorted(report.files, key=lambda file: list(Form).index(file.form))


def content(report: IssuedReport, form: Form = Form.PDF) -> bytes:
    """Return one file of a report. Raises Refused when it is not there, or no longer what was printed."""
    if report.state is not RenderState.READY:
        raise Refused(_("这份报告还没有打印好。请稍后再下载。"))
    found = next((file for file in report.files if file.form is form), None)
    if found is None:
        raise Refused(_("这份报告只有 PDF：打印它的时候还没有 Word 版和评分底稿。"))
    return read(found)


def state_of_files(report: IssuedReport) -> FileState:
    """Read the files of a printed report and tell whether they are still what was printed, the worst of them."""
    found = {state_of(file) for file in report.files}
    return next((state for state in (FileState.LOST, FileState.CHANGED) if state in found), FileState.UNCHANGED)


def pdf_of(report: IssuedReport) -> Path:
    """Return where the PDF of a report that is ready is kept."""
    return path_of(files_of(report)[0])


# --- how they are called ----------------------------------------------------------------------------------------------


def name_of(report: IssuedReport, form: Form) -> str:
    """Return what a file is called that somebody downloads."""
    return f"{report.diagnosis.firm.name}_{kind_of(report, form)}_{day(report.requested_at)}.{form}"


def plain_name_of(report: IssuedReport, form: Form) -> str:
    """Return the same in ASCII, for programs that can read nothing else."""
    kind = "workpaper" if form is Form.WORKPAPER else "report"
    code = "" if report.language == "zh" else f"-{report.language}"
    return f"{kind}-{report.diagnosis.firm.uscc}-{report.diagnosis.number}{code}.{form}"


def kind_of(report: IssuedReport, form: Form) -> str:
    """Return edition and form of a file in its own language."""
    said = LANGUAGES[report.language].say
    edition = said(EDITIONS[report.edition])
    return f"{edition}_{said(WORKPAPER)}" if form is Form.WORKPAPER else edition


def without_signs(name: str) -> str:
    """Return a name without what no file may have in its name on one system or another."""
    return name.translate(_NOT_IN_NAMES)
