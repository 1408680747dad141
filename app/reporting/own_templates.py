"""Report templates (报告模板): whose they are, which may be used, what one says. `service.py` changes them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import or_, select

from app.access import PERMISSIONS, Role
from app.accounts.models import User
from app.errors import NotFound, Refused
from app.extensions import db
from app.reporting.logos import logo_of
from app.reporting.models import ReportTemplate, TemplateVersion
from reports.own_template import OwnTemplate, from_data


def own_of(version: TemplateVersion) -> OwnTemplate:
    """Return what a version says."""
    return from_data(version.name, version.content, logo_of(version.logo, version.content["institution"]))


def newest(template: ReportTemplate) -> TemplateVersion:
    """Return the version saved last."""
    return template.versions[-1]


def used(template: ReportTemplate) -> TemplateVersion | None:
    """Return the version that reports may be printed with; None before it is put to use, or after it is retired."""
    if template.retired_at is not None:
        return None
    return next((one for one in template.versions if one.number == template.in_use), None)


def owner_for(user: User) -> UUID | None:
    """Return whose a template is that the person makes: a consultant's own; an administrator makes everybody's."""
    return user.id if user.role is Role.CONSULTANT else None


def template_for(user: User, template_id: UUID) -> ReportTemplate:
    """Return a template that the person may see: the own ones and, for consultants, the installation's too.

    Raises NotFound.
    """
    template = db.session.get(ReportTemplate, template_id)
    if template is None or template.owner_id not in (None, owner_for(user)) or not _may_have(user):
        raise NotFound
    return template


def template_to_change(user: User, template_id: UUID) -> ReportTemplate:
    """Return a template that the person may change: an own one, or for an administrator one of the installation.

    Raises NotFound, Refused for one that is retired.
    """
    template = template_for(user, template_id)
    if not may_change(user, template):
        raise NotFound
    if template.retired_at is not None:
        raise Refused(_("这个报告模板已停用，不能再改。请新建一个。"))
    return template


def may_change(user: User, template: ReportTemplate) -> bool:
    """Tell whether a template is the person's own."""
    return template.owner_id == owner_for(user)


def shown_to(user: User) -> list[ReportTemplate]:
    """Return the templates that the person may see, the newest first."""
    mine = or_(ReportTemplate.owner_id.is_(None), ReportTemplate.owner_id == owner_for(user))
    return list(db.session.scalars(select(ReportTemplate).where(mine).order_by(ReportTemplate.made_at.desc())))


def choices(user: User) -> Sequence[TemplateVersion]:
    """Return the versions that the person may print reports with, those of the installation first."""
    if user.role is not Role.CONSULTANT:
        return ()
    shown = sorted(shown_to(user), key=lambda one: one.owner_id is not None)
    return [version for one in shown if (version := used(one)) is not None]


def version_to_use(user: User, template_id: UUID | None) -> TemplateVersion | None:
    """Return the version of a template that is used now; None for the standard layout. Raises NotFound, Refused."""
    if template_id is None:
        return None
    template = template_for(user, template_id)
    if user.role is not Role.CONSULTANT:
        raise NotFound
    version = used(template)
    if version is None:
        raise Refused(_("这个报告模板还没有启用，或已停用。请另选一个，或用标准版式。"))
    return version


def _may_have(user: User) -> bool:
    return user.role in PERMISSIONS["template.manage"]
