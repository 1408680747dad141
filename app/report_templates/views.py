"""Report templates in the browser: write one, look at it on the sample, put it to use, retire it."""

from __future__ import annotations

from base64 import b64encode
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import jobs
from app.access import requires
from app.papers import LANGUAGES, REFRESH_S, PaperState
from app.presentation import language
from app.report_templates import forms, previews, service
from app.report_templates.forms import TemplateForm, moved_parts
from app.report_templates.models import ReportTemplate
from reports.own_template import OwnTemplate
from reports.own_text import LONGEST, LONGEST_SAID
from reports.own_values import VALUES
from reports.parts import OPTIONAL, part_name

bp = Blueprint("report_templates", __name__, url_prefix="/reports/templates")


@bp.get("/")
@requires("template.manage")
def index() -> ResponseReturnValue:
    shown = service.shown_to(current_user)
    rows = [(one, service.newest(one), service.used(one), service.may_change(current_user, one)) for one in shown]
    return render_template("report_templates/index.html", shown=rows)


@bp.route("/new", methods=["GET", "POST"])
@requires("template.manage")
def new() -> ResponseReturnValue:
    return _written(None)


@bp.route("/<uuid:template_id>/edit", methods=["GET", "POST"])
@requires("template.manage")
def edit(template_id: UUID) -> ResponseReturnValue:
    return _written(service.template_to_change(current_user, template_id))


def _written(template: ReportTemplate | None) -> ResponseReturnValue:
    own = service.own_of(service.newest(template)) if template else None
    if request.method == "GET":
        return _page(forms.form_of(own, len(own.blocks) if own else 1), template, own)
    form = forms.form_of(own, _blocks_posted())
    typed = forms.read(form, own)
    if "more" in request.form:
        grown = forms.form_of(own, form.block_count + 1)
        grown.kept_logo.data, grown.logo.errors = form.kept_logo.data, form.logo.errors
        return _page(grown, template, own)
    if typed is None or not form.validate():
        return _page(form, template, own), 422
    kept = service.keep(current_user, typed, template.id if template else None)
    flash(_("报告模板已检查并保存为第 %(number)s 版。预览看过以后再启用。", number=service.newest(kept).number))
    return redirect(url_for(".show", template_id=kept.id))


def _blocks_posted() -> int:
    return len([name for name in request.form if name.startswith("block-") and name.endswith("-body")])


def _page(form: TemplateForm, template: ReportTemplate | None, own: OwnTemplate | None) -> str:
    return render_template(
        "report_templates/edit.html",
        form=form,
        template=template,
        parts=[(part, part_name(part), part in OPTIONAL) for part in moved_parts(own)],
        values=VALUES,
        longest=LONGEST,
        longest_said=LONGEST_SAID,
    )


@bp.get("/<uuid:template_id>")
@requires("template.manage")
def show(template_id: UUID) -> ResponseReturnValue:
    template = service.template_for(current_user, template_id)
    version = service.newest(template)
    own = service.own_of(version)
    shown = [previews.find(version, code) for code in sorted(LANGUAGES, key=lambda code: code != language())]
    waiting = [one for one in shown if one.state is PaperState.WAITING]
    if any(one.is_forgotten for one in waiting):
        jobs.wake()
    return render_template(
        "report_templates/show.html",
        template=template,
        version=version,
        used=service.used(template),
        own=own,
        logo_data=b64encode(own.logo.png).decode() if own.logo else "",
        part_name=part_name,
        previews=shown,
        seen=previews.is_seen(version),
        mine=service.may_change(current_user, template),
        refresh_s=REFRESH_S if waiting else None,
    )


@bp.post("/<uuid:template_id>/preview/<code>")
@requires("template.manage")
def ask_preview(template_id: UUID, code: str) -> ResponseReturnValue:
    previews.ask(previews.find(service.newest(service.template_for(current_user, template_id)), code))
    jobs.wake()
    return redirect(url_for(".show", template_id=template_id))


@bp.get("/<uuid:template_id>/preview/<code>/file")
@requires("template.manage")
def preview_file(template_id: UUID, code: str) -> ResponseReturnValue:
    found = previews.find(service.newest(service.template_for(current_user, template_id)), code)
    if found.state is not PaperState.READY:
        return redirect(url_for(".show", template_id=template_id))
    response = Response(found.pdf.read_bytes(), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="template-sample-{code}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.post("/<uuid:template_id>/use")
@requires("template.manage")
def use(template_id: UUID) -> ResponseReturnValue:
    service.use(current_user, template_id)
    flash(_("已启用。现在打印和签发报告时可以选它。"))
    return redirect(url_for(".show", template_id=template_id))


@bp.post("/<uuid:template_id>/retire")
@requires("template.manage")
def retire(template_id: UUID) -> ResponseReturnValue:
    service.retire(current_user, template_id)
    flash(_("已停用。用它打印过的报告不变。"))
    return redirect(url_for(".index"))
