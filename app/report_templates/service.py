"""What is done with report templates: keep, use, retire. Whose they are, which may be used, what one says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

from flask_babel import gettext as _
from sqlalchemy import or_, select

from app import audit
from app.access import PERMISSIONS, Role
from app.accounts.models import User
from app.errors import NotFound, Refused
from app.extensions import db
from app.report_templates import previews
from app.report_templates.logos import logo_of
from app.report_templates.models import ReportTemplate, TemplateVersion
from reports.own_template import OwnTemplate, from_data, to_data


def keep(user: User, own: OwnTemplate, template_id: UUID | None = None) -> ReportTemplate:
    """Keep a template as a new one, or as the next version of one; it is not used before `use`.

    What is wrong with it was asked before: see `own_template.faults`. Raises NotFound, Refused.
    """
    now = datetime.now(UTC)
    if template_id is None:
        template = ReportTemplate(id=uuid4(), owner_id=owner_for(user), made_at=now)
        db.session.add(template)
    else:
        template = template_to_change(user, template_id)
    made = TemplateVersion(id=uuid4(), number=len(template.versions) + 1, name=own.name, content=to_data(own))
    made.logo, made.made_by, made.made_at = own.logo.png if own.logo else None, user.id, now
    template.versions.append(made)
    digest = hashlib.sha256(json.dumps(made.content, sort_keys=True).encode() + (made.logo or b"")).hexdigest()
    audit.record(user.id, "template.keep", f"template:{template.id}", number=made.number, sha256=digest)
    db.session.commit()
    return template


def use(user: User, template_id: UUID) -> ReportTemplate:
    """Let reports be printed with the newest version, which somebody has looked at. Raises NotFound, Refused."""
    template = template_to_change(user, template_id)
    version = newest(template)
    if not previews.is_seen(version):
        raise Refused(_("请先生成预览并看过，再启用。"))
    template.in_use = version.number
    audit.record(user.id, "template.use", f"template:{template.id}", number=version.number)
    db.session.commit()
    return template


def retire(user: User, template_id: UUID) -> None:
    """Offer a template no more; reports printed with it keep it. Raises NotFound, Refused."""
    template = template_to_change(user, template_id)
    template.retired_at = datetime.now(UTC)
    audit.record(user.id, "template.retire", f"template:{template.id}")
    db.session.commit()


# --- whose they are, which may be used --------------------------------------------------------------------------------


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
