"""What becomes of a report that was printed: its files kept or put back, or why not. `service.py` commits it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime

from app import audit
from app.certificate import Signature
from app.presentation import day_in_chongqing, later
from app.reporting import files
from app.reporting.models import UNDER_WAY, Edition, FileState, Form, IssuedReport, RenderState

NOT_THE_SAME = later(
    "补印出来的文件与原来的不一样（程序或内容在那以后变过），没有保存。请重新生成一份；原来的文件仍可用它的核对编号核对。"
)


def keep(report: IssuedReport, made: Mapping[Form, bytes], pages: int, signature: Signature | None) -> None:
    """Keep the files of a report and mark it as ready."""
    whole = _with_signature(made, signature.appended if signature else b"")
    report.files = [files.keep(report.id, form, whole[form]) for form in Form]
    report.state, report.finished_at, report.fault = RenderState.READY, datetime.now(UTC), None
    report.pages = pages
    if signature:
        report.signature, report.signed_by = signature.appended, signature.subject
        report.signed_until = day_in_chongqing(signature.valid_until)
    signed = {"signed_by": signature.subject} if signature else {}
    audit.record("system", "report.ready", f"report:{report.id}", sha256=digests(report), pages=pages, **signed)


def keep_again(report: IssuedReport, made: Mapping[Form, bytes]) -> None:
    """Put the files of a report back if they are the same, byte for byte, with the signature of then at its end."""
    whole = _with_signature(made, report.signature or b"")
    if any(hashlib.sha256(whole[file.form]).hexdigest() != file.sha256 for file in report.files):
        fail(report, NOT_THE_SAME)
        return
    for file in report.files:
        files.put_back(file, whole[file.form])
    report.state, report.fault = RenderState.READY, None
    audit.record("system", "report.restored", f"report:{report.id}", sha256=digests(report))


def _with_signature(made: Mapping[Form, bytes], signature: bytes) -> dict[Form, bytes]:
    return {**made, Form.PDF: made[Form.PDF] + signature}


def digests(report: IssuedReport) -> dict[str, str]:
    """Return the digest of each file, as events record them."""
    return {file.form.value: file.sha256 for file in files.files_of(report)}


def fail(report: IssuedReport, fault: str) -> None:
    """Mark a report as failed, with the sentence that says why."""
    if not report.files:
        files.drop(report.id)  # what was written before a process was killed
        report.finished_at = datetime.now(UTC)  # else it was finished, and is only not put back
    report.state, report.fault = RenderState.FAILED, fault
    audit.record("system", "report.fail", f"report:{report.id}", fault=fault)


def may_print_again(report: IssuedReport) -> bool:
    """Tell whether a report was printed once and cannot be handed out any more as it was."""
    if not report.files or report.edition is Edition.PREVIEW or report.state in UNDER_WAY:
        return False
    return report.state is RenderState.FAILED or files.state_of_files(report) is not FileState.UNCHANGED
