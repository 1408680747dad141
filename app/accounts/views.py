"""Home, sign-in, languages, accounts, and what happens to a post whose session has ended."""

from __future__ import annotations

from itertools import groupby
from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError

from app.access import Role, requires, who_asks
from app.accounts import attempts, coaching, content, kept_post, one_time, refill, service
from app.accounts.forms import ROLE_NAMES, AccountForm, PasswordForm, SignInForm
from app.accounts.frame import frame, token_of_session, where_from
from app.accounts.models import User
from app.assets import address, send
from app.errors import NotFound, Refused, wants_json
from app.extensions import login
from app.presentation import language_tag

bp = Blueprint("accounts", __name__)

# Where a person begins. The pages belong to later features, so they are named and not imported.
START_PAGES = {
    Role.FACTORY_MANAGER: "firms.own",
    Role.COLLEAGUE: "colleagues.own",
    Role.CONSULTANT: "firms.index",
    Role.DISTRICT_OFFICER: "programme.board",
    Role.COMMISSION: "programme.board",
    Role.AUTHOR: "accounts.content_overview",
    Role.ADMINISTRATOR: "accounts.index",
}
# A person whose password was made by somebody else may go nowhere else before it is changed.
_BEFORE_OWN_PASSWORD = frozenset({"accounts.password", "accounts.sign_out", "accounts.language", "static"})


@bp.get("/")
@requires("home.see")
def home() -> ResponseReturnValue:
    return redirect(url_for(START_PAGES[current_user.role]))


# --- signing in and out --------------------------------------------------------------------------------------------


@bp.route("/sign-in", methods=["GET", "POST"])
@requires("public")
def sign_in() -> ResponseReturnValue:
    form = SignInForm(data={"next": request.values.get("next", ""), "kept": request.form.get("kept", "")})
    if request.method == "GET":
        return redirect(url_for(".home")) if current_user.is_authenticated else _sign_in_page(form)
    who = (f"from:{request.remote_addr}", f"account:{service.login_name(form.email.data or '')[:254]}")
    attempts.refuse_after_many(*who)
    if form.validate():
        try:
            service.sign_in(form.email.data, form.password.data)
        except Refused as refusal:
            form.form_errors.append(refusal.message)
        else:
            return _where_to(form)
    attempts.failed(*who)
    return _sign_in_page(form), 422


def _where_to(form: SignInForm) -> ResponseReturnValue:
    if kept := kept_post.unpack(form.kept.data):
        return _post_again_page(kept)
    return redirect(_own_page(form.next.data) or url_for(".home"))


def _sign_in_page(form: SignInForm) -> str:
    kept = kept_post.unpack(form.kept.data)
    return render_template("accounts/sign_in.html", form=form, kept=kept, demo=current_app.config["ZHIZHEN"].demo)


def _own_page(path: str | None) -> str | None:
    """Return the address only if it is a page of ours to look at; never another site."""
    endpoint = kept_post.endpoint_of(path, "GET") if path else None
    return path if endpoint and endpoint != "accounts.sign_in" else None


@bp.post("/sign-out")
@requires("home.see")
def sign_out() -> ResponseReturnValue:
    service.sign_out()
    flash(_("您已退出。"))
    return redirect(url_for(".sign_in"))


@bp.post("/language/<code>")
@requires("public")
def language(code: str) -> ResponseReturnValue:
    """Show the page that the button stood on in another language, with what was typed on it."""
    service.choose_language(code)
    page = _page_before()
    if page is None:
        return redirect(url_for(".home"))
    if set(request.form) <= {"csrf_token"}:
        return redirect(request.script_root + page)
    return redirect(request.script_root + refill.address_again(page, request.args.get("into", "")), 307)


def _page_before() -> str | None:
    """Return the page the person came from, if it is one of ours: as the page says itself, else as the browser says."""
    said = request.args.get("from") or _referrer()
    return said if said and kept_post.endpoint_of(said, "GET") else None


def _referrer() -> str | None:
    before = urlsplit(request.referrer or "")
    if before.netloc != request.host:
        return None
    return before.path.removeprefix(request.script_root) + (f"?{before.query}" if before.query else "")


@bp.route("/password", methods=["GET", "POST"])
@requires("home.see")
def password() -> ResponseReturnValue:
    form, who = PasswordForm(), f"password:{current_user.id}"
    if request.method == "GET":
        return render_template("accounts/password.html", form=form)
    attempts.refuse_after_many(who)
    if form.validate():
        try:
            service.change_password(current_user.id, form.old.data, form.new.data)
        except Refused as refusal:
            form.form_errors.append(refusal.message)
        else:
            flash(_("密码已更改。其他设备上的登录已全部退出。"))
            return redirect(url_for(".home"))
    attempts.failed(who)
    return render_template("accounts/password.html", form=form), 422


# --- a session that has ended --------------------------------------------------------------------------------------


@login.user_loader
def user_of_session(session_id: str) -> User | None:
    """Return the person of a session; None when the account is closed or the password has changed since."""
    identity, _dot, _stamp = session_id.partition(".")
    try:
        user = service.person(UUID(identity))
    except ValueError:
        return None
    return user if user and user.active and user.get_id() == session_id else None


@login.unauthorized_handler
def ask_to_sign_in() -> ResponseReturnValue:
    """Show the sign-in page; what was typed goes with it and is not lost. A script keeps it on its own page."""
    if wants_json():
        return jsonify(message=_("登录已过期。您填写的内容还在本页，登录后会自动保存。")), 401
    if request.method != "POST":
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
    return _sign_in_page_with(kept_post.keep(request)), 401


@bp.app_errorhandler(CSRFError)
def show_again(_error: CSRFError) -> ResponseReturnValue:
    """Answer a post whose page is older than the session: sign in first if needed, then post it again by hand."""
    if wants_json():
        return ask_to_sign_in()  # the script asks for a new token and sends again
    kept = kept_post.keep(request)
    if not current_user.is_authenticated:
        return _sign_in_page_with(kept), 401
    if kept is None:
        message = _("这个页面已过期，这次提交没有生效。请返回上一页，刷新后再试。")
        return render_template("errors/refused.html", message=message), 400
    return _post_again_page(kept), 409


def _sign_in_page_with(kept: kept_post.KeptPost | None) -> str:
    form = SignInForm(formdata=None, data={"kept": kept_post.pack(kept) if kept else "", "next": _page_before() or ""})
    lost = kept is None and bool(request.form) and not (request.endpoint or "").startswith("accounts.")
    return render_template(
        "accounts/sign_in.html", form=form, kept=kept, ended=True, lost=lost, demo=current_app.config["ZHIZHEN"].demo
    )


def _post_again_page(kept: kept_post.KeptPost) -> str:
    filled = sum(1 for _name, value in kept.fields if value.strip())
    return render_template("accounts/post_again.html", kept=kept, filled=filled, parcel=kept_post.pack(kept))


@bp.get("/continue")
@requires("home.see")
def post_again() -> ResponseReturnValue:
    """Show once more what a session that has ended left unsaved, after its page was switched to another language."""
    kept = kept_post.unpack(request.form.get("parcel"))
    return _post_again_page(kept) if kept else redirect(url_for(".home"))


@bp.before_app_request
def _own_password_first() -> ResponseReturnValue | None:
    if request.endpoint in _BEFORE_OWN_PASSWORD or "_user_id" not in session:
        return None
    person = who_asks()
    if person.is_authenticated and person.must_change_password:
        return redirect(url_for("accounts.password"))
    return None


@bp.app_context_processor
def _head_of_page() -> dict[str, object]:
    return {
        "frame": frame(),
        "csrf_token": token_of_session,
        "role_names": ROLE_NAMES,
        "where_from": where_from,
        "drawn_again": refill.is_drawn_again,
    }


@bp.get("/session")
@requires("public")
def state_of_session() -> ResponseReturnValue:
    """Tell the script of a page that was open for long who is signed in now, and with which token it may post."""
    who = str(current_user.id) if current_user.is_authenticated else ""
    response = jsonify(who=who, token=token_of_session())
    response.headers["Cache-Control"] = "no-store"
    return response


# --- on the home screen of a phone ---------------------------------------------------------------------------------


@bp.get("/manifest.webmanifest")
@requires("public")
def manifest() -> ResponseReturnValue:
    """Let a phone put the product on its home screen, where it begins with what was taken along."""
    response = jsonify(
        name=_("智诊：智能制造诊断"),
        short_name=_("智诊"),
        lang=language_tag(),
        start_url=url_for(".taken_along"),
        scope="/",
        display="standalone",
        background_color="#ffffff",
        theme_color="#0b5a8f",
        icons=[{"src": address("mark.svg"), "sizes": "any", "type": "image/svg+xml"}],
    )
    response.mimetype = "application/manifest+json"
    return response


@bp.get("/worker.js")
@requires("public")
def worker() -> ResponseReturnValue:
    """Serve the script that opens pages without a network; from here, because it may serve only what lies below it."""
    return send("worker.js")


@bp.get("/offline")
@requires("public")
def taken_along() -> ResponseReturnValue:
    """List what this device has with it; the list itself is made by its script and never leaves the device."""
    return render_template("accounts/taken_along.html")


# --- accounts, by the administrator --------------------------------------------------------------------------------


@bp.get("/accounts")
@requires("account.manage")
def index() -> ResponseReturnValue:
    return render_template("accounts/index.html", accounts=service.accounts())


@bp.route("/accounts/new", methods=["GET", "POST"])
@requires("account.manage")
def new() -> ResponseReturnValue:
    form = AccountForm()
    if not form.validate_on_submit():
        return render_template("accounts/new.html", form=form), 422 if form.errors else 200
    try:
        user, password = service.create(
            current_user.id,
            email=form.email.data,
            name=form.name.data,
            role=Role(form.role.data),
            district=form.district.data or None,
        )
    except Refused as refusal:
        form.form_errors.append(refusal.message)
        return render_template("accounts/new.html", form=form), refusal.status
    return one_time.page(user, password)


@bp.post("/accounts/<uuid:user_id>/password")
@requires("account.manage")
def reset_password(user_id: UUID) -> ResponseReturnValue:
    user, password = service.reset_password(current_user.id, user_id)
    return one_time.page(user, password)


@bp.get("/accounts/one-time")
@requires("account.manage")
def show_one_time() -> ResponseReturnValue:
    found = one_time.unpack(request.form.get("parcel"))
    if found is None:
        return redirect(url_for(".index"))
    return one_time.page(service.account(found[0]), found[1])


@bp.post("/accounts/<uuid:user_id>/active")
@requires("account.manage")
def set_active(user_id: UUID) -> ResponseReturnValue:
    active = request.form.get("active") == "yes"
    user = service.set_active(current_user.id, user_id, active)
    flash(_("%(name)s 的账号已启用。", name=user.name) if active else _("%(name)s 的账号已停用。", name=user.name))
    return redirect(url_for(".index"))


# --- what is asked, by what it is judged, how it is explained ------------------------------------------------------


@bp.get("/content")
@requires("content.see")
def content_overview() -> ResponseReturnValue:
    return render_template("accounts/content.html", overview=content.overview())


@bp.get("/content/coach")
@requires("content.see")
def coach_index() -> ResponseReturnValue:
    groups = [(group, list(those)) for group, those in groupby(coaching.sections(), key=lambda one: one.group)]
    return render_template("accounts/coach_index.html", groups=groups)


@bp.get("/content/coach/<section_id>")
@requires("content.see")
def coach_section(section_id: str) -> ResponseReturnValue:
    section = next((one for one in coaching.sections() if one.id == section_id), None)
    if section is None:
        raise NotFound
    return render_template("accounts/coach.html", section=section)
