"""Reports in the layout of a template: whose may be chosen, what is frozen, what fails in words."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select

from app.errors import NotFound
from app.extensions import db
from app.report_templates import service as report_templates
from app.report_templates.models import ReportTemplate
from app.reporting import batches, printing, service
from app.reporting.models import IssuedReport
from app.reporting.orders import order_of
from reports.own_template import OwnBlock, OwnTemplate
from reports.parts import STANDARD
from tests.factories import make_consultant, make_diagnosis, make_template, make_user, sign_in
from tests.printing import report_of

pytestmark = pytest.mark.usefixtures("woken")


@pytest.fixture
def consultant(client, consultant):
    sign_in(client, consultant)
    return consultant


def test_a_report_is_never_printed_with_a_foreign_template(flask_app, firm, consultant):
    diagnosis = make_diagnosis(flask_app, firm, {"production_type": "discrete"})
    foreign, manager = make_template(flask_app, make_consultant(flask_app)), make_user(flask_app, firm_id=firm.id)
    ours = make_template(flask_app, None)
    with flask_app.app_context():
        for person, template_id in ((consultant, foreign.id), (consultant, uuid4()), (manager, ours.id)):
            with pytest.raises(NotFound):
                service.request_report(person, diagnosis.id, "zh", template_id)
        assert db.session.scalar(select(IssuedReport)) is None


# --- in reports -------------------------------------------------------------------------------------------------------


def test_a_report_keeps_the_version_it_was_asked_for_with_though_the_template_goes_on(flask_app, firm, consultant):
    diagnosis = make_diagnosis(flask_app, firm, {"production_type": "discrete"})
    template = make_template(flask_app, consultant)
    with flask_app.app_context():
        report = service.request_report(consultant, diagnosis.id, "zh", template.id)
        changed = OwnTemplate("改过的", "别的机构", STANDARD, blocks=(OwnBlock("after:brief", "题", "别的话"),))
        report_templates.keep(consultant, changed, template.id)
        report_templates.retire(consultant, template.id)
        printed = report_of(order_of(db.session.get_one(IssuedReport, report.id)))

        assert printed.own.institution == "示例研究院"
        assert [part.title for part in printed.parts if not isinstance(part, str)] == [f"致{firm.name}"]


def test_the_same_report_in_another_layout_is_another_report_and_in_the_same_one_is_not(flask_app, firm, consultant):
    diagnosis = make_diagnosis(flask_app, firm, {"production_type": "discrete"})
    template = make_template(flask_app, consultant)
    with flask_app.app_context():
        standard = service.request_report(consultant, diagnosis.id).id
        first = service.request_report(consultant, diagnosis.id, "zh", template.id).id
        second = service.request_report(consultant, diagnosis.id, "zh", template.id).id

        assert standard != first == second


def test_without_a_template_a_report_says_nothing_of_one(flask_app, firm, consultant):
    diagnosis = make_diagnosis(flask_app, firm, {"production_type": "discrete"})
    with flask_app.app_context():
        report = service.request_report(consultant, diagnosis.id)
        printed = report_of(order_of(report))

        assert (printed.own, printed.parts) == (None, STANDARD)


def test_a_text_too_long_for_this_firm_fails_in_words(flask_app, firm, consultant, monkeypatch):
    monkeypatch.setattr("reports.own_text.LONGEST_SAID", 10)
    diagnosis = make_diagnosis(flask_app, firm, {"production_type": "discrete"})
    template = make_template(flask_app, consultant)
    with flask_app.app_context():
        report = service.request_report(consultant, diagnosis.id, "zh", template.id)

        with pytest.raises(printing.CannotPrint, match="超过 20000 字。请改模板，或改用标准版式"):
            report_of(order_of(report))


def test_a_text_that_a_later_version_no_longer_takes_fails_in_words(flask_app, firm, consultant):
    diagnosis = make_diagnosis(flask_app, firm, {"production_type": "discrete"})
    block = {"place": "after:brief", "title": "题", "body": "{{ withdrawn }}"}
    template = make_template(flask_app, consultant, blocks=[block])
    with flask_app.app_context():
        report = service.request_report(consultant, diagnosis.id, "zh", template.id)

        with pytest.raises(printing.CannotPrint, match="没有“withdrawn”这个值"):
            report_of(order_of(report))


def test_a_batch_is_issued_with_the_template_chosen(flask_app, firms):
    consultant, (one, two, _filling) = firms
    template = make_template(flask_app, consultant)
    with flask_app.test_request_context():
        batch, _left_out = batches.ask(consultant, [one.id, two.id], template.id)

        assert {report.template_version_id for report in batch.reports} == {template.versions[0].id}


def test_a_batch_with_a_foreign_template_issues_nothing(flask_app, firms):
    consultant, (one, _two, _filling) = firms
    foreign = make_template(flask_app, make_consultant(flask_app))
    with flask_app.test_request_context():
        with pytest.raises(NotFound):
            batches.ask(consultant, [one.id], foreign.id)
        assert db.session.scalar(select(IssuedReport)) is None
        assert db.session.scalar(select(ReportTemplate)) is not None


# --- choosing it ------------------------------------------------------------------------------------------------------


def test_a_report_is_asked_for_with_the_template_chosen_and_says_so(flask_app, client, firm, consultant):
    diagnosis = make_diagnosis(flask_app, firm, {"production_type": "discrete"})
    template = make_template(flask_app, consultant)
    page = client.get(f"/reports/diagnosis/{diagnosis.id}").text
    answer = client.post(f"/reports/diagnosis/{diagnosis.id}/request", data={"template": str(template.id)})
    with flask_app.app_context():
        report = db.session.scalars(select(IssuedReport)).one()
        chosen = report.template_version_id
        service.give_up(report.id, "x")

    assert f'<option value="{template.id}">样板' in page
    assert '<option value="">标准版式' in page
    assert (answer.status_code, chosen) == (302, template.versions[0].id)


def test_where_there_is_no_template_there_is_nothing_to_choose(flask_app, client, firm, consultant):
    diagnosis = make_diagnosis(flask_app, firm)

    assert 'name="template"' not in client.get(f"/reports/diagnosis/{diagnosis.id}").text


def test_a_template_that_is_nonsense_or_foreign_is_not_there(flask_app, client, firm, consultant):
    diagnosis = make_diagnosis(flask_app, firm, {"production_type": "discrete"})
    foreign = make_template(flask_app, make_consultant(flask_app))
    for chosen in ("nonsense", str(foreign.id)):
        answer = client.post(f"/reports/diagnosis/{diagnosis.id}/request", data={"template": chosen})

        assert answer.status_code == 404
