"""Firms: list, register, one firm with its factories and workshops, who is assigned."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access import Role, requires
from app.accounts import one_time
from app.accounts import service as accounts
from app.errors import NotFound, Refused
from app.firms import service
from app.firms.forms import FirmForm, PartForm, PersonForm, district_choices
from app.firms.models import Factory, Firm, Workshop

Fault = tuple[str, str, str]  # id of the field, what was typed, what is wrong with it

bp = Blueprint("firms", __name__, url_prefix="/firms")


@bp.get("")
@requires("firm.see")
def index() -> ResponseReturnValue:
    if current_user.firm_id is not None:
        return redirect(url_for(".detail", firm_id=current_user.firm_id))
    words, district = request.args.get("words", ""), request.args.get("district", "")
    found = service.find(current_user, words, district, request.args.get("page", 1, type=int))
    return render_template(
        "firms/index.html", found=found, words=words, district=district, district_choices=district_choices()
    )


@bp.get("/own")
@requires("firm.see")
def own() -> ResponseReturnValue:
    if current_user.firm_id is None:
        return redirect(url_for(".index"))
    firm = service.firm_for(current_user, current_user.firm_id)
    waiting = [check for check in firm.quick_checks if check.stage == "filling"]
    if firm.diagnoses and not (waiting and firm.diagnoses[0].stage == "issued"):
        return redirect(url_for("diagnosis.overview", diagnosis_id=firm.diagnoses[0].id))
    return redirect(url_for(".detail", firm_id=firm.id))


@bp.route("/new", methods=["GET", "POST"])
@requires("firm.register")
def new() -> ResponseReturnValue:
    form = FirmForm(data={"district": current_user.district})
    if not form.validate_on_submit():
        return render_template("firms/new.html", form=form), 422 if form.errors else 200
    try:
        firm = service.register(current_user, name=form.name.data, uscc=form.uscc.data, district=form.district.data)
    except Refused as refusal:
        form.form_errors.append(refusal.message)
        return render_template("firms/new.html", form=form), refusal.status
    flash(_("已登记“%(name)s”。接下来请指派诊断专家、建立填报人账号。", name=firm.name))
    return redirect(url_for(".detail", firm_id=firm.id))


@bp.get("/<uuid:firm_id>")
@requires("firm.see")
def detail(firm_id: UUID) -> ResponseReturnValue:
    return _detail_page(firm_id)


def _detail_page(firm_id: UUID, fault: Fault | None = None) -> str:
    firm = service.firm_for(current_user, firm_id)
    return render_template(
        "firms/detail.html",
        firm=firm,
        running=_running(firm),
        shown=service.page_of(firm.factories, request.args.get("page", 1, type=int)),
        most_shown=service.PARTS_ON_A_PAGE,
        closed=_just_closed(),
        consultants=service.consultants_of(firm),
        free_consultants=service.free_consultants(firm),
        people=service.people_of(firm),
        fault=fault,
    )


def _running(firm: Firm) -> object:
    """Return the diagnosis in which the firm may fill in by now, if there is one."""
    return next((one for one in firm.diagnoses if one.stage in ("filling", "returned")), None)


def _just_closed() -> Factory | Workshop | None:
    """Return the part that the last step closed, so that the page offers to take it back."""
    try:
        part = service.part_for(current_user, UUID(request.args.get("closed", "")))
    except (ValueError, NotFound):
        return None
    return part if part.closed_at is not None else None


# --- factories and workshops ---------------------------------------------------------------------------------------


@bp.get("/factories/<uuid:factory_id>")
@requires("firm.see")
def factory(factory_id: UUID) -> ResponseReturnValue:
    return _factory_page(factory_id)


def _factory_page(factory_id: UUID, fault: Fault | None = None) -> str:
    found = service.factory_for(current_user, factory_id)
    return render_template(
        "firms/factory.html",
        factory=found,
        running=_running(found.firm),
        shown=service.page_of(found.workshops, request.args.get("page", 1, type=int)),
        closed=_just_closed(),
        fault=fault,
    )


@bp.get("/workshops/<uuid:workshop_id>")
@requires("firm.structure")
def workshop(workshop_id: UUID) -> ResponseReturnValue:
    return _workshop_page(workshop_id)


def _workshop_page(workshop_id: UUID, fault: Fault | None = None) -> str:
    found = service.workshop_for(current_user, workshop_id)
    running = _running(found.factory.firm)
    return render_template("firms/workshop.html", workshop=found, running=running, fault=fault)


@bp.post("/<uuid:firm_id>/factories")
@requires("firm.structure")
def add_factory(firm_id: UUID) -> ResponseReturnValue:
    service.firm_for(current_user, firm_id)
    return _with_name(
        "factory-new",
        lambda name: service.add_factory(current_user, firm_id, name),
        lambda fault: _detail_page(firm_id, fault),
    )


@bp.post("/factories/<uuid:factory_id>/workshops")
@requires("firm.structure")
def add_workshop(factory_id: UUID) -> ResponseReturnValue:
    firm_id = service.factory_for(current_user, factory_id).firm_id
    return _with_name(
        f"workshop-new-{factory_id}",
        lambda name: service.add_workshop(current_user, factory_id, name),
        lambda fault: _factory_page(factory_id, fault) if _from_factory() else _detail_page(firm_id, fault),
    )


@bp.post("/factories/<uuid:factory_id>/name")
@requires("firm.structure")
def rename_factory(factory_id: UUID) -> ResponseReturnValue:
    service.factory_for(current_user, factory_id)
    return _with_name(
        f"name-{factory_id}",
        lambda name: service.rename_factory(current_user, factory_id, name),
        lambda fault: _factory_page(factory_id, fault),
    )


@bp.post("/workshops/<uuid:workshop_id>/name")
@requires("firm.structure")
def rename_workshop(workshop_id: UUID) -> ResponseReturnValue:
    service.workshop_for(current_user, workshop_id)
    return _with_name(
        f"name-{workshop_id}",
        lambda name: service.rename_workshop(current_user, workshop_id, name),
        lambda fault: _workshop_page(workshop_id, fault),
    )


def _with_name(
    field: str, change: Callable[[str], Factory | Workshop], page: Callable[[Fault], str]
) -> ResponseReturnValue:
    """Do what needs one name; a name that cannot be taken is shown again beside its field."""
    form = PartForm()
    typed = form.name.data or ""
    if not form.validate_on_submit():
        return page((field, typed, form.name.errors[0])), 422
    try:
        part = change(typed)
    except NotFound:
        raise
    except Refused as refusal:
        return page((field, typed, refusal.message)), refusal.status
    flash(_("已保存：%(name)s。", name=part.name))
    return redirect(_place_of(part))


@bp.post("/factories/<uuid:factory_id>/open")
@requires("firm.structure")
def set_factory_open(factory_id: UUID) -> ResponseReturnValue:
    return _set_open(service.set_factory_open(current_user, factory_id, request.form.get("open") == "yes"))


@bp.post("/workshops/<uuid:workshop_id>/open")
@requires("firm.structure")
def set_workshop_open(workshop_id: UUID) -> ResponseReturnValue:
    return _set_open(service.set_workshop_open(current_user, workshop_id, request.form.get("open") == "yes"))


def _set_open(part: Factory | Workshop) -> ResponseReturnValue:
    if part.closed_at is not None:
        return redirect(_place_of(part, closed=part.id))
    flash(_("已重新启用：%(name)s。原来的回答都还在。", name=part.name))
    return redirect(_place_of(part))


@bp.post("/factories/<uuid:factory_id>/move")
@requires("firm.structure")
def move_factory(factory_id: UUID) -> ResponseReturnValue:
    service.move_factory(current_user, factory_id, request.form.get("to") == "up")
    return redirect(url_for(".factory", factory_id=factory_id, _anchor="order"))


@bp.post("/workshops/<uuid:workshop_id>/move")
@requires("firm.structure")
def move_workshop(workshop_id: UUID) -> ResponseReturnValue:
    service.move_workshop(current_user, workshop_id, request.form.get("to") == "up")
    return redirect(url_for(".workshop", workshop_id=workshop_id, _anchor="order"))


def _place_of(part: Factory | Workshop, closed: UUID | None = None) -> str:
    """Return where the part stands in its list: the page of its factory where the person was, or where that is long."""
    if isinstance(part, Workshop) and (_from_factory() or service.page_with(part, part.factory.workshops)):
        page = service.page_with(part, part.factory.workshops)
        return url_for(".factory", factory_id=part.factory_id, page=page, closed=closed, _anchor=f"part-{part.id}")
    above = part.factory if isinstance(part, Workshop) else part
    page = service.page_with(above, above.firm.factories)
    return url_for(".detail", firm_id=above.firm_id, page=page, closed=closed, _anchor=f"part-{part.id}")


def _from_factory() -> bool:
    return request.form.get("list") == "factory"


# --- people --------------------------------------------------------------------------------------------------------


@bp.post("/<uuid:firm_id>/consultants")
@requires("firm.assign")
def assign(firm_id: UUID) -> ResponseReturnValue:
    service.firm_for(current_user, firm_id)
    try:
        service.assign(current_user, firm_id, UUID(request.form.get("consultant", "")))
    except ValueError:
        return _detail_page(firm_id, ("consultant", "", _("请从名单中选择一位诊断专家。"))), 422
    return redirect(url_for(".detail", firm_id=firm_id) + "#people")


@bp.post("/<uuid:firm_id>/consultants/<uuid:consultant_id>/away")
@requires("firm.assign")
def take_away(firm_id: UUID, consultant_id: UUID) -> ResponseReturnValue:
    service.take_away(current_user, firm_id, consultant_id)
    return redirect(url_for(".detail", firm_id=firm_id) + "#people")


@bp.route("/<uuid:firm_id>/people/new", methods=["GET", "POST"])
@requires("account.manage")
def new_person(firm_id: UUID) -> ResponseReturnValue:
    firm = service.firm_for(current_user, firm_id)
    form = PersonForm()
    if not form.validate_on_submit():
        return render_template("firms/new_person.html", form=form, firm=firm), 422 if form.errors else 200
    try:
        user, password = accounts.create(
            current_user.id,
            email=form.email.data,
            name=form.name.data,
            role=Role.FACTORY_MANAGER,
            firm_id=firm.id,
        )
    except Refused as refusal:
        form.form_errors.append(refusal.message)
        return render_template("firms/new_person.html", form=form, firm=firm), refusal.status
    return one_time.page(user, password)
