"""Colleagues: who has which sections, invitations and joining; and what is said about a question."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError

from app.access import requires
from app.accounts import attempts
from app.accounts import service as accounts
from app.accounts.views import show_again
from app.colleagues import desk, invitations, people, service, talk
from app.colleagues.forms import JoinForm
from app.colleagues.models import Invitation
from app.colleagues.places import choices, pieces, read_places
from app.colleagues.qr import qr_code
from app.diagnosis.draft import Draft, read_draft
from app.diagnosis.service import open_draft, open_section, open_shared
from app.diagnosis.sharing import names_of
from app.errors import Refused
from app.evidence.service import counts

bp = Blueprint("colleagues", __name__)
bp.app_template_global("talk_counts")(talk.counts)


@bp.get("/my-sections")
@requires("section.own")
def own() -> ResponseReturnValue:
    return render_template("colleagues/own.html", desks=desk.desks(current_user))


@bp.route("/my-sections/me", methods=["GET", "POST"])
@requires("section.own")
def me() -> ResponseReturnValue:
    if request.method == "GET":
        return _me_page()
    try:
        service.rename(current_user.id, request.form.get("name", ""))
    except Refused as refusal:
        return _me_page("name", refusal.message), refusal.status
    flash(_("姓名已更正。"))
    return redirect(url_for(".me"))


def _me_page(field: str = "", refused: str = "") -> str:
    return render_template("colleagues/me.html", view=desk.about(current_user), field=field, refused=refused)


@bp.post("/my-sections/me/leave")
@requires("section.own")
def leave() -> ResponseReturnValue:
    try:
        service.leave(current_user.id, sure="sure" in request.form)
    except Refused as refusal:
        return _me_page("sure", refusal.message), refusal.status
    accounts.sign_out()
    flash(_("您的账号已停用，姓名和登录名已删除。谢谢您的参与。"))
    return redirect(url_for("accounts.sign_in"))


# --- who has which sections -------------------------------------------------------------------------------------------


@bp.get("/diagnoses/<uuid:diagnosis_id>/colleagues")
@requires("colleague.manage")
def index(diagnosis_id: UUID) -> ResponseReturnValue:
    draft = open_draft(current_user, diagnosis_id)
    return render_template("colleagues/index.html", diagnosis=draft.diagnosis, view=people.view(draft))


@bp.route("/diagnoses/<uuid:diagnosis_id>/colleagues/<uuid:colleague_id>", methods=["GET", "POST"])
@requires("colleague.manage")
def sections(diagnosis_id: UUID, colleague_id: UUID) -> ResponseReturnValue:
    draft = open_draft(current_user, diagnosis_id)
    colleague = service.colleague_for(draft.diagnosis, colleague_id)
    if request.method == "GET":
        return _sections_page(draft, colleague_id)
    wanted, shown = (read_places(request.form.getlist(name)) for name in ("place", "had"))
    try:
        service.share(current_user, draft, colleague, wanted, shown)
    except Refused as refusal:
        return _sections_page(draft, colleague_id, refusal.message), refusal.status
    flash(_("%(name)s 的章节已保存。已填的回答和留言都保留。", name=colleague.name))
    return redirect(url_for(".index", diagnosis_id=diagnosis_id))


def _sections_page(draft: Draft, colleague_id: UUID, refused: str = "") -> str:
    diagnosis, colleague = draft.diagnosis, service.colleague_for(draft.diagnosis, colleague_id)
    had = service.shares_of(diagnosis.id).get(colleague_id, frozenset())
    ticked = read_places(request.form.getlist("place")) if refused else had
    return render_template(
        "colleagues/sections.html",
        diagnosis=diagnosis,
        colleague=colleague,
        groups=choices(draft, ticked, names_of(diagnosis.id), colleague.name),
        had=sorted("/".join(place) for place in had),
        others=[one for one in service.colleagues_of(diagnosis.firm_id) if one.active and one.id != colleague_id],
        refused=refused,
    )


@bp.post("/diagnoses/<uuid:diagnosis_id>/colleagues/<uuid:colleague_id>/hand-over")
@requires("colleague.manage")
def hand_over(diagnosis_id: UUID, colleague_id: UUID) -> ResponseReturnValue:
    draft = open_draft(current_user, diagnosis_id)
    colleague = service.colleague_for(draft.diagnosis, colleague_id)
    try:
        to = service.colleague_for(draft.diagnosis, UUID(request.form.get("to", "")))
        count = service.hand_over(current_user, draft.diagnosis, colleague, to)
    except ValueError:
        return _sections_page(draft, colleague_id, _("请选择另一位协作人。")), 422
    except Refused as refusal:
        return _sections_page(draft, colleague_id, refusal.message), refusal.status
    flash(_("%(count)s 节已从 %(name)s 转给 %(to)s。", count=count, name=colleague.name, to=to.name))
    return redirect(url_for(".index", diagnosis_id=diagnosis_id))


# --- inviting ---------------------------------------------------------------------------------------------------------


@bp.route("/diagnoses/<uuid:diagnosis_id>/colleagues/invite", methods=["GET", "POST"])
@requires("colleague.manage")
def invite(diagnosis_id: UUID) -> ResponseReturnValue:
    draft = open_draft(current_user, diagnosis_id)
    if request.method == "GET":
        return _invite_page(draft)
    name, places = request.form.get("name", ""), read_places(request.form.getlist("place"))
    try:
        invitation, token = service.invite(current_user, draft, name, places)
    except Refused as refusal:
        return _invite_page(draft, refusal.message), refusal.status
    return _link_page(draft, invitation, token)


def _invite_page(draft: Draft, refused: str = "") -> str:
    ticked = read_places(request.form.getlist("place"))
    return render_template(
        "colleagues/invite.html",
        diagnosis=draft.diagnosis,
        groups=choices(draft, ticked, names_of(draft.diagnosis.id)),
        name=request.form.get("name", ""),
        days=invitations.INVITATION_DAYS,
        refused=refused,
    )


def _link_page(draft: Draft, invitation: Invitation, token: str) -> str:
    link = url_for(".join", token=token, _external=True)
    return render_template(
        "colleagues/link.html",
        diagnosis=draft.diagnosis,
        invitation=invitation,
        pieces=pieces(draft, invitations.places_of(invitation), {}),
        link=link,
        qr=qr_code(link, _("邀请链接的二维码")),
        days=invitations.INVITATION_DAYS,
    )


@bp.post("/diagnoses/<uuid:diagnosis_id>/colleagues/invitations/<uuid:invitation_id>/renew")
@requires("colleague.manage")
def renew(diagnosis_id: UUID, invitation_id: UUID) -> ResponseReturnValue:
    invitation = service.invitation_for(current_user, diagnosis_id, invitation_id)
    token = service.renew(current_user, invitation)
    return _link_page(open_draft(current_user, diagnosis_id), invitation, token)


@bp.post("/diagnoses/<uuid:diagnosis_id>/colleagues/invitations/<uuid:invitation_id>/withdraw")
@requires("colleague.manage")
def withdraw(diagnosis_id: UUID, invitation_id: UUID) -> ResponseReturnValue:
    service.withdraw(current_user, service.invitation_for(current_user, diagnosis_id, invitation_id))
    flash(_("邀请已收回，链接不能再用。"))
    return redirect(url_for(".index", diagnosis_id=diagnosis_id))


# --- joining ----------------------------------------------------------------------------------------------------------


@bp.route("/join/<token>", methods=["GET", "POST"])
@requires("public")
def join(token: str) -> ResponseReturnValue:
    who = f"invitation:{request.remote_addr}"
    attempts.refuse_after_many(who)
    try:
        invitation = invitations.opened(token)
    except invitations.UnknownLink:
        attempts.failed(who)
        raise
    if current_user.is_authenticated:
        return _join_as_oneself(invitation, token)
    form = JoinForm(data={"name": invitation.name})
    if not form.validate_on_submit():
        return _join_page(invitation, token, form), 422 if form.errors else 200
    return _join_anew(invitation, token, form, who)


def _join_anew(invitation: Invitation, token: str, form: JoinForm, who: str) -> ResponseReturnValue:
    login, name, password = form.login.data, form.name.data, form.password.data
    try:
        user = service.join_anew(token, login=login, name=name, password=password)
    except (invitations.DeadLink, invitations.UnknownLink):
        raise  # somebody else was faster, or it was taken back: there is nothing left to correct
    except Refused as refusal:
        if isinstance(refusal, service.LoginTaken):
            attempts.failed(who)  # so that nobody finds out who has an account by trying numbers
        form.form_errors.append(refusal.message)
        return _join_page(invitations.opened(token), token, form), refusal.status
    accounts.begin_session(user)
    flash(_("欢迎，%(name)s。下次用“%(login)s”和刚才设的密码登录。", name=user.name, login=user.email))
    return redirect(url_for(".own"))


def _join_page(invitation: Invitation, token: str, form: JoinForm, stale: bool = False) -> str:
    diagnosis = invitations.diagnosis_of(invitation)
    return render_template(
        "colleagues/join.html",
        invitation=invitation,
        diagnosis=diagnosis,
        inviter=invitations.inviter_of(invitation),
        pieces=pieces(read_draft(diagnosis), invitations.places_of(invitation), {}),
        form=form,
        token=token,
        stale=stale,
        why_not=invitations.why_not(current_user, invitation) if current_user.is_authenticated else "",
    )


def _join_as_oneself(invitation: Invitation, token: str) -> ResponseReturnValue:
    if request.method == "GET":
        return _join_page(invitation, token, JoinForm(formdata=None))
    service.join(current_user, token)
    flash(_("新的章节已加到您的账号。"))
    return redirect(url_for(".own"))


@bp.errorhandler(CSRFError)
def show_join_again(error: CSRFError) -> ResponseReturnValue:
    """Answer a page to join that was open for too long with what was typed, the password apart."""
    if request.endpoint != "colleagues.join":
        return show_again(error)
    token = (request.view_args or {})["token"]
    try:
        invitation = invitations.opened(token)
    except Refused as refusal:
        return render_template("errors/refused.html", message=refusal.message), refusal.status
    return _join_page(invitation, token, JoinForm(), stale=True), 400


# --- about a question -------------------------------------------------------------------------------------------------

QUESTION = "/diagnoses/<uuid:diagnosis_id>/fill/<section_id>/<subject_key>"


@bp.route(f"{QUESTION}/talk/<fact>", methods=["GET", "POST"])
@requires("talk.join")
def talk_page(diagnosis_id: UUID, section_id: str, subject_key: str, fact: str) -> ResponseReturnValue:
    question = talk.question_for(current_user, diagnosis_id, section_id, subject_key, fact)
    if request.method == "GET":
        return _talk_page(question)
    words = request.form.get("words", "")
    try:
        service.comment(current_user, question, words, _number("seen"))
    except Refused as refusal:
        return _talk_page(question, words, refusal.message), refusal.status
    return _back_to_talk(question)


def _talk_page(question: talk.Question, words: str = "", refused: str = "") -> str:
    return render_template(
        "colleagues/talk.html",
        question=question,
        diagnosis=question.diagnosis,
        view=talk.view(question),
        words=words,
        refused=refused,
        most=service.LONGEST_COMMENT,
    )


@bp.post(f"{QUESTION}/talk/<fact>/resolved")
@requires("talk.join")
def resolve(diagnosis_id: UUID, section_id: str, subject_key: str, fact: str) -> ResponseReturnValue:
    question = talk.question_for(current_user, diagnosis_id, section_id, subject_key, fact)
    if request.form.get("is_resolved") == "yes":
        service.resolve(current_user, question, _number("last_comment"), _number("last_remark"))
    else:
        service.reopen(current_user, question)
    return _back_to_talk(question)


@bp.post(f"{QUESTION}/talk/<fact>/mark")
@requires("section.fill")
def mark(diagnosis_id: UUID, section_id: str, subject_key: str, fact: str) -> ResponseReturnValue:
    question = talk.question_for(current_user, diagnosis_id, section_id, subject_key, fact)
    if request.form.get("marked") == "yes":
        service.mark(current_user, question)
    else:
        service.unmark(current_user, question)
    return _back_to_talk(question)


def _number(name: str) -> int:
    """Return a number that the page posts about itself; 0 where it does not."""
    typed = request.form.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else 0


def _back_to_talk(question: talk.Question) -> ResponseReturnValue:
    return redirect(url_for(".talk_page", **question.blanks) + "#talk-end")


@bp.get("/diagnoses/<uuid:diagnosis_id>/talk")
@requires("talk.join")
def talks(diagnosis_id: UUID) -> ResponseReturnValue:
    draft = open_shared(current_user, diagnosis_id)
    return render_template("colleagues/talks.html", diagnosis=draft.diagnosis, view=talk.overview(draft))


@bp.get(f"{QUESTION}/notes")
@requires("talk.join")
def notes(diagnosis_id: UUID, section_id: str, subject_key: str) -> ResponseReturnValue:
    place = open_section(current_user, diagnosis_id, section_id, subject_key)
    asked = {fact for page in place.section.pages for fact in page.fact_ids}
    said: dict[str, dict[str, int | bool]] = {
        fact: dict(one) for fact, one in service.notes(diagnosis_id, subject_key).items()
    }
    for (key, fact), files in counts(diagnosis_id).items():
        if key == subject_key:
            said.setdefault(fact, {})["evidence"] = files
    answer = jsonify({fact: counted for fact, counted in said.items() if fact in asked})
    answer.headers["Cache-Control"] = "no-store"
    return answer
