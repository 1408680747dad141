"""Refusals in the user's words, and the one handler that shows them. Nothing typed is lost."""

from __future__ import annotations

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException, SecurityError

from app.extensions import db


class Refused(Exception):
    """Something cannot be done as asked; the message says where, what, and what to do."""

    status = 422

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(Refused):
    """There is no such thing, or it is not yours to see: the two look the same."""

    status = 404

    def __init__(self, message: str = "") -> None:
        super().__init__(message or _("没有找到，或您无权查看。请从首页重新进入。"))


class Stale(Refused):
    """The thing was changed elsewhere after it was opened here."""

    status = 409


def show_errors(flask_app: Flask) -> None:
    """Register the handlers: refusals by their own status, everything else by its HTTP status."""
    flask_app.register_error_handler(Refused, _refused)
    flask_app.register_error_handler(HTTPException, _http)
    flask_app.register_error_handler(SecurityError, _foreign_name)


def wants_json() -> bool:
    """Tell whether a script of ours asks, which reads no page."""
    return request.accept_mimetypes.best == "application/json"


def _refused(refusal: Refused) -> ResponseReturnValue:
    db.session.rollback()  # nothing half-done stays, and the page is drawn from what is stored
    if wants_json():
        return jsonify(message=refusal.message), refusal.status
    return render_template("errors/refused.html", message=refusal.message), refusal.status


def _http(error: HTTPException) -> ResponseReturnValue:
    messages = {
        400: _("请求不完整。请返回上一页再试。"),
        403: _("您的角色不能进行这项操作。如有需要，请联系管理员。"),
        404: _("没有这个页面。请从首页重新进入。"),
        405: _("这个地址不能这样使用。请从首页重新进入。"),
        413: _("提交的内容太大，超过 2 MB。请分几次填写；已保存的内容都还在。"),
        429: _("尝试次数太多。请等一分钟再试。"),
    }
    status = error.code or 500
    db.session.rollback()
    message = messages.get(status, _("系统出了问题，已保存的内容都还在。请稍后再试。"))
    if wants_json():
        return jsonify(message=message), status
    return render_template("errors/refused.html", message=message), status


def _foreign_name(_error: SecurityError) -> ResponseReturnValue:
    # Without a name of its own the site can build no address, so this is a sentence and no page.
    return (
        _("演示环境只用 127.0.0.1 或 localhost 打开。请改用启动窗口里的地址。"),
        400,
        {"Content-Type": "text/plain; charset=utf-8"},
    )
