"""What waits to be printed: when the printers are called."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app import audit
from app.extensions import db
from app.reporting import service, waiting
from tests.factories import make_diagnosis


def test_the_printers_are_called_when_a_report_waits_for_long_or_was_left_but_not_while_one_is_printed(
    flask_app, firm, manager
):
    diagnosis = make_diagnosis(flask_app, firm)
    with flask_app.app_context():
        report = service.request_report(manager, diagnosis.id)
        fresh = waiting.nobody_prints(report)
        report.requested_at = datetime.now(UTC) - timedelta(seconds=11)
        audit.record("system", "test.wait", "report")
        db.session.commit()
        late = waiting.nobody_prints(report)
        with service.next_report():
            printed = waiting.nobody_prints(report)

        assert (fresh, late, printed, waiting.nobody_prints(report)) == (False, True, False, True)
