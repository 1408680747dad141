"""Files of a report: whole or not there, whatever happens while they are written, and none twice."""

from __future__ import annotations

import os
import signal

import pytest
from sqlalchemy import select

from app import storage
from app.audit import AuditEvent
from app.errors import Refused
from app.extensions import db
from app.reporting import files, service
from app.reporting.models import Form, IssuedReport, RenderState
from tests.factories import make_diagnosis
from tests.printing import begin_printing, in_all_forms, leave_the_pdf_only


def folder(data_dir, report_id):
    return {file.name: file.read_bytes() for file in (data_dir / "reports").glob(f"{report_id}*")}


def killed(flask_app, patched, name, when) -> None:
    """Print in a process that is killed when it calls `name` and `when` tells so of the arguments."""
    with flask_app.app_context():
        db.session.remove()
        db.engine.dispose()
    child = os.fork()
    if child == 0:
        with flask_app.app_context():
            _die_at(patched, name, when)
            with service.next_report() as report:
                service.finish(report.id, in_all_forms(), 3)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL


def _die_at(patched, name, when) -> None:
    real = getattr(patched, name)

    def dies(*given, **named):
        if when(*given):
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*given, **named)

    setattr(patched, name, dies)


KILLS = {
    "before the first file": (files, "keep", lambda _report, form, _content: form is Form.PDF),
    "before the second": (files, "keep", lambda _report, form, _content: form is Form.WORD),
    "before the third": (files, "keep", lambda _report, form, _content: form is Form.WORKPAPER),
    "in the middle of one": (storage.os, "fsync", lambda _handle: True),
    "before the row": (service.audit, "record", lambda _actor, action, *_more: action == "report.ready"),
}


@pytest.mark.parametrize("kill", KILLS)
def test_a_printer_killed_at_any_point_leaves_nothing_half_and_the_report_is_printed_once(
    flask_app, data_dir, report_id, kill
):
    killed(flask_app, *KILLS[kill])
    with flask_app.app_context():
        left = db.session.get_one(IssuedReport, report_id)
        half = (left.state, left.files)
        service.take_back_orphans()
        service.finish(begin_printing().id, in_all_forms(), 3)
        again = db.session.get_one(IssuedReport, report_id)
        ready = select(AuditEvent).where(AuditEvent.action == "report.ready")
        contents = [files.content(again, form) for form in Form]

        assert half == (RenderState.RENDERING, [])
        assert (again.state, len(again.files), len(db.session.scalars(ready).all())) == (RenderState.READY, 3, 1)
        assert contents == list(in_all_forms().values())
    assert folder(data_dir, report_id) == {f"{report_id}.{form}": content for form, content in in_all_forms().items()}


def test_a_report_given_up_after_three_kills_leaves_no_file(flask_app, data_dir, report_id):
    for _ in range(3):
        killed(flask_app, *KILLS["before the third"])
        between = folder(data_dir, report_id)
        with flask_app.app_context():
            service.take_back_orphans()
    with flask_app.app_context():
        failed = db.session.get_one(IssuedReport, report_id)

        assert (failed.state, failed.files, failed.fault) == (RenderState.FAILED, [], service.BROKEN_OFF)
    assert len(between) == 2
    assert folder(data_dir, report_id) == {}


def test_without_one_of_its_forms_a_report_is_not_ready(flask_app, report_id):
    made = in_all_forms()
    del made[Form.WORD]
    with flask_app.app_context():
        begin_printing()
        with pytest.raises(KeyError):
            service.finish(report_id, made, 3)
        db.session.rollback()

        assert db.session.get_one(IssuedReport, report_id).state is RenderState.RENDERING


def test_every_file_can_be_read_by_the_account_of_the_product_only(flask_app, data_dir, report_id):
    with flask_app.app_context():
        service.finish(begin_printing().id, in_all_forms(), 1)
    kept = list((data_dir / "reports").glob(f"{report_id}.*"))

    assert [file.stat().st_mode & 0o777 for file in kept] == [0o600] * 3


@pytest.mark.parametrize("form", Form)
def test_a_form_that_was_changed_or_is_gone_is_said_in_words_and_the_others_are_handed_out(
    flask_app, data_dir, report_id, form
):
    with flask_app.test_request_context():
        service.finish(begin_printing().id, in_all_forms(), 1)
        report = db.session.get_one(IssuedReport, report_id)
        (data_dir / "reports" / f"{report_id}.{form}").write_bytes(b"otherwise")
        with pytest.raises(Refused, match="校验值不符"):
            files.content(report, form)
        (data_dir / "reports" / f"{report_id}.{form}").unlink()
        with pytest.raises(Refused, match="不在存放的位置"):
            files.content(report, form)

        assert [files.content(report, other)[:2] for other in Form if other is not form]


def test_a_report_of_early_days_has_its_pdf_only_and_says_so(flask_app, report_id):
    with flask_app.test_request_context():
        service.finish(begin_printing().id, in_all_forms(), 1)
        leave_the_pdf_only()
        report = db.session.get_one(IssuedReport, report_id)

        assert files.content(report) == b"%PDF-1.7"
        with pytest.raises(Refused, match="只有 PDF"):
            files.content(report, Form.WORD)


def test_a_file_that_was_changed_after_printing_is_not_handed_out(flask_app, firm, manager):
    diagnosis = make_diagnosis(flask_app, firm)
    with flask_app.app_context():
        report = service.request_report(manager, diagnosis.id)
        begin_printing()
        service.finish(report.id, in_all_forms(b"%PDF-1.7 as printed"), 1)
        before = files.content(report)
        files.pdf_of(report).write_bytes(b"%PDF-1.7 otherwise")

        assert before == b"%PDF-1.7 as printed"
        with pytest.raises(Refused, match="校验值不符"):
            files.content(report)


def test_the_file_can_be_read_by_the_account_of_the_product_only(flask_app, firm, manager):
    diagnosis = make_diagnosis(flask_app, firm)
    with flask_app.app_context():
        report = service.request_report(manager, diagnosis.id)
        begin_printing()
        service.finish(report.id, in_all_forms(), 1)

        assert files.pdf_of(report).stat().st_mode & 0o777 == 0o600
