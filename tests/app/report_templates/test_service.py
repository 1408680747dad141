"""Report templates: kept in versions, used after they were looked at, seen by their owner only."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.access import Role
from app.audit import AuditEvent
from app.errors import NotFound, Refused
from app.extensions import db
from app.report_templates import previews, service
from reports.own_template import OwnBlock, OwnTemplate
from reports.parts import STANDARD
from tests.factories import make_consultant, make_template, make_user
from tests.reports.own_sample import logo


def own(name="样板", body="{{ headline }}", **given):
    return OwnTemplate(name, "示例研究院", STANDARD, blocks=(OwnBlock("after:brief", "题", body),), **given)


def looked_at(template):
    found = previews.find(service.newest(template), "zh")
    found.pdf.parent.mkdir(exist_ok=True)
    found.pdf.write_bytes(b"%PDF-")


# --- kept, used, retired ----------------------------------------------------------------------------------------------


def test_every_saving_is_a_version_of_its_own_and_the_one_in_use_stays_in_use(flask_app, consultant):
    with flask_app.app_context():
        template = service.keep(consultant, own(logo=logo()))
        looked_at(template)
        service.use(consultant, template.id)
        service.keep(consultant, own("样板二", "完全不同"), template.id)
        used, newest = service.used(template), service.newest(template)

        assert [(one.number, one.name) for one in template.versions] == [(1, "样板"), (2, "样板二")]
        assert (used.number, service.own_of(used)) == (
            1,
            own(logo=logo().__class__(logo().png, 600, 160, "示例研究院")),
        )
        assert service.own_of(newest) == own("样板二", "完全不同")


def test_what_happens_to_a_template_is_recorded(flask_app, consultant):
    with flask_app.app_context():
        template = service.keep(consultant, own())
        looked_at(template)
        service.use(consultant, template.id)
        service.retire(consultant, template.id)
        about = AuditEvent.subject == f"template:{template.id}"

        assert list(db.session.scalars(select(AuditEvent.action).where(about).order_by(AuditEvent.number))) == [
            "template.keep", "template.use", "template.retire",
        ]  # fmt: skip


def test_nothing_is_used_before_its_preview_is_there(flask_app, consultant):
    with flask_app.app_context():
        template = service.keep(consultant, own())

        with pytest.raises(Refused, match="请先生成预览"):
            service.use(consultant, template.id)
        assert service.choices(consultant) == []


def test_what_is_retired_is_offered_no_more_and_cannot_be_changed(flask_app, consultant):
    template = make_template(flask_app, consultant)
    with flask_app.app_context():
        service.retire(consultant, template.id)

        assert service.choices(consultant) == []
        with pytest.raises(Refused, match="已停用"):
            service.keep(consultant, own(), template.id)
        with pytest.raises(Refused, match="已停用"):
            service.version_to_use(consultant, template.id)


# --- whose it is ------------------------------------------------------------------------------------------------------


def test_a_consultant_uses_the_own_templates_and_those_of_the_installation(flask_app, consultant):
    other = make_consultant(flask_app)
    make_template(flask_app, consultant, name="我的")
    make_template(flask_app, other, name="别人的")
    make_template(flask_app, None, name="全平台的")
    make_template(flask_app, None, name="没启用的", in_use=False)
    with flask_app.app_context():
        assert [one.name for one in service.choices(consultant)] == ["全平台的", "我的"]


@pytest.mark.parametrize("verb", [service.retire, service.use, service.template_for])
def test_the_template_of_another_consultant_is_not_there(flask_app, consultant, verb):
    template = make_template(flask_app, consultant)
    for stranger in (make_consultant(flask_app), make_user(flask_app, Role.ADMINISTRATOR)):
        with flask_app.app_context(), pytest.raises(NotFound):
            verb(stranger, template.id)


def test_a_consultant_sees_the_installations_template_and_cannot_change_it(flask_app, consultant):
    template = make_template(flask_app, None)
    with flask_app.app_context():
        assert service.template_for(consultant, template.id).id == template.id
        with pytest.raises(NotFound):
            service.keep(consultant, own(), template.id)
        with pytest.raises(NotFound):
            service.retire(consultant, template.id)


def test_what_an_administrator_makes_is_everybodys(flask_app):
    administrator, second = (make_user(flask_app, Role.ADMINISTRATOR) for _ in range(2))
    with flask_app.app_context():
        template = service.keep(administrator, own())
        service.keep(second, own("样板二"), template.id)

        assert (template.owner_id, len(template.versions)) == (None, 2)
