"""Report templates: kept in versions, used after they were looked at, seen by their owner only, frozen in reports."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select

from app.access import Role
from app.audit import AuditEvent
from app.errors import NotFound, Refused
from app.extensions import db
from app.reporting import batches, own_templates, previews, printing, service, tasks
from app.reporting.models import IssuedReport, ReportTemplate
from reports.own_template import OwnBlock, OwnTemplate
from reports.parts import STANDARD
from tests.app.reporting.test_batches import firms  # noqa: F401 - a fixture
from tests.factories import make_consultant, make_diagnosis, make_firm, make_template, make_user
from tests.reports.own_sample import logo


def own(name="样板", body="{{ headline }}", **given):
    return OwnTemplate(name, "示例研究院", STANDARD, blocks=(OwnBlock("after:brief", "题", body),), **given)


@pytest.fixture
def firm(flask_app):
    return make_firm(flask_app)


@pytest.fixture
def consultant(flask_app, firm):
    return make_consultant(flask_app, firm)


def looked_at(template):
    found = previews.find(own_templates.newest(template), "zh")
    found.pdf.parent.mkdir(exist_ok=True)
    found.pdf.write_bytes(b"%PDF-")


# --- kept, used, retired ----------------------------------------------------------------------------------------------


def test_every_saving_is_a_version_of_its_own_and_the_one_in_use_stays_in_use(flask_app, consultant):
    with flask_app.app_context():
        template = service.keep_template(consultant, own(logo=logo()))
        looked_at(template)
        service.use_template(consultant, template.id)
        service.keep_template(consultant, own("样板二", "完全不同"), template.id)
        used, newest = own_templates.used(template), own_templates.newest(template)

        assert [(one.number, one.name) for one in template.versions] == [(1, "样板"), (2, "样板二")]
        assert (used.number, own_templates.own_of(used)) == (
            1,
            own(logo=logo().__class__(logo().png, 600, 160, "示例研究院")),
        )
        assert own_templates.own_of(newest) == own("样板二", "完全不同")


def test_what_happens_to_a_template_is_recorded(flask_app, consultant):
    with flask_app.app_context():
        template = service.keep_template(consultant, own())
        looked_at(template)
        service.use_template(consultant, template.id)
        service.retire_template(consultant, template.id)
        about = AuditEvent.subject == f"template:{template.id}"

        assert list(db.session.scalars(select(AuditEvent.action).where(about).order_by(AuditEvent.number))) == [
            "template.keep", "template.use", "template.retire",
        ]  # fmt: skip


def test_nothing_is_used_before_its_preview_is_there(flask_app, consultant):
    with flask_app.app_context():
        template = service.keep_template(consultant, own())

        with pytest.raises(Refused, match="请先生成预览"):
            service.use_template(consultant, template.id)
        assert own_templates.choices(consultant) == []


def test_what_is_retired_is_offered_no_more_and_cannot_be_changed(flask_app, consultant):
    template = make_template(flask_app, consultant)
    with flask_app.app_context():
        service.retire_template(consultant, template.id)

        assert own_templates.choices(consultant) == []
        with pytest.raises(Refused, match="已停用"):
            service.keep_template(consultant, own(), template.id)
        with pytest.raises(Refused, match="已停用"):
            own_templates.version_to_use(consultant, template.id)


# --- whose it is ------------------------------------------------------------------------------------------------------


def test_a_consultant_uses_the_own_templates_and_those_of_the_installation(flask_app, consultant):
    other = make_consultant(flask_app)
    make_template(flask_app, consultant, name="我的")
    make_template(flask_app, other, name="别人的")
    make_template(flask_app, None, name="全平台的")
    make_template(flask_app, None, name="没启用的", in_use=False)
    with flask_app.app_context():
        assert [one.name for one in own_templates.choices(consultant)] == ["全平台的", "我的"]


@pytest.mark.parametrize("verb", [service.retire_template, service.use_template, own_templates.template_for])
def test_the_template_of_another_consultant_is_not_there(flask_app, consultant, verb):
    template = make_template(flask_app, consultant)
    for stranger in (make_consultant(flask_app), make_user(flask_app, Role.ADMINISTRATOR)):
        with flask_app.app_context(), pytest.raises(NotFound):
            verb(stranger, template.id)


def test_a_consultant_sees_the_installations_template_and_cannot_change_it(flask_app, consultant):
    template = make_template(flask_app, None)
    with flask_app.app_context():
        assert own_templates.template_for(consultant, template.id).id == template.id
        with pytest.raises(NotFound):
            service.keep_template(consultant, own(), template.id)
        with pytest.raises(NotFound):
            service.retire_template(consultant, template.id)


def test_what_an_administrator_makes_is_everybodys(flask_app):
    administrator, second = (make_user(flask_app, Role.ADMINISTRATOR) for _ in range(2))
    with flask_app.app_context():
        template = service.keep_template(administrator, own())
        service.keep_template(second, own("样板二"), template.id)

        assert (template.owner_id, len(template.versions)) == (None, 2)


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
        service.keep_template(consultant, own("改过的"), template.id)
        service.retire_template(consultant, template.id)
        printed = printing.report_of(tasks._order(db.session.get_one(IssuedReport, report.id)))

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
        printed = printing.report_of(tasks._order(report))

        assert (printed.own, printed.parts) == (None, STANDARD)


def test_a_text_too_long_for_this_firm_fails_in_words(flask_app, firm, consultant, monkeypatch):
    monkeypatch.setattr("reports.own_text.LONGEST_SAID", 10)
    diagnosis = make_diagnosis(flask_app, firm, {"production_type": "discrete"})
    template = make_template(flask_app, consultant)
    with flask_app.app_context():
        report = service.request_report(consultant, diagnosis.id, "zh", template.id)

        with pytest.raises(printing.CannotPrint, match="超过 20000 字。请改模板，或改用标准版式"):
            printing.report_of(tasks._order(report))


def test_a_text_that_a_later_version_no_longer_takes_fails_in_words(flask_app, firm, consultant):
    diagnosis = make_diagnosis(flask_app, firm, {"production_type": "discrete"})
    block = {"place": "after:brief", "title": "题", "body": "{{ withdrawn }}"}
    template = make_template(flask_app, consultant, blocks=[block])
    with flask_app.app_context():
        report = service.request_report(consultant, diagnosis.id, "zh", template.id)

        with pytest.raises(printing.CannotPrint, match="没有“withdrawn”这个值"):
            printing.report_of(tasks._order(report))


def test_a_batch_is_issued_with_the_template_chosen(flask_app, firms):  # noqa: F811
    consultant, (one, two, _filling) = firms
    template = make_template(flask_app, consultant)
    with flask_app.test_request_context():
        batch, _left_out = batches.ask(consultant, [one.id, two.id], template.id)

        assert {report.template_version_id for report in batch.reports} == {template.versions[0].id}


def test_a_batch_with_a_foreign_template_issues_nothing(flask_app, firms):  # noqa: F811
    consultant, (one, _two, _filling) = firms
    foreign = make_template(flask_app, make_consultant(flask_app))
    with flask_app.test_request_context():
        with pytest.raises(NotFound):
            batches.ask(consultant, [one.id], foreign.id)
        assert db.session.scalar(select(IssuedReport)) is None
        assert db.session.scalar(select(ReportTemplate)) is not None
