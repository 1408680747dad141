"""Who may do what: one table from permission to roles. Denied unless the table says otherwise.

Whose firm it is, is a second question, answered by `firms.service.firm_for` for every object; which sections a
colleague may see is a third one, answered by `diagnosis.sharing`.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from ipaddress import ip_address
from typing import Any

from flask import Flask, abort, current_app, request
from flask_login import current_user


class Role(StrEnum):
    """What a person is here for."""

    FACTORY_MANAGER = "factory_manager"  # 企业填报人
    COLLEAGUE = "colleague"  # 企业协作人
    CONSULTANT = "consultant"  # 诊断专家
    DISTRICT_OFFICER = "district_officer"  # 区县主管部门
    COMMISSION = "commission"  # 市经济信息委
    AUTHOR = "author"  # 问卷与评价标准编写
    ADMINISTRATOR = "administrator"  # 系统管理员


OF_FIRM = frozenset({Role.FACTORY_MANAGER, Role.COLLEAGUE})  # those who fill in for one firm
_MANAGER, _COLLEAGUE, _CONSULTANT = Role.FACTORY_MANAGER, Role.COLLEAGUE, Role.CONSULTANT
_DISTRICT, _COMMISSION = Role.DISTRICT_OFFICER, Role.COMMISSION
_AUTHOR, _ADMIN = Role.AUTHOR, Role.ADMINISTRATOR

PUBLIC = "public"
PERMISSIONS: dict[str, frozenset[Role]] = {
    PUBLIC: frozenset(Role),  # also without signing in
    "home.see": frozenset(Role),
    "account.manage": frozenset({_ADMIN}),
    "firm.see": frozenset({_MANAGER, _CONSULTANT, _DISTRICT, _COMMISSION, _ADMIN}),
    "firm.register": frozenset({_DISTRICT, _COMMISSION, _ADMIN}),
    "firm.structure": frozenset({_MANAGER, _CONSULTANT}),
    "firm.assign": frozenset({_DISTRICT, _COMMISSION, _ADMIN}),
    "diagnosis.start": frozenset({_MANAGER, _CONSULTANT}),
    "diagnosis.see": frozenset({_MANAGER, _CONSULTANT, _DISTRICT, _COMMISSION}),
    "diagnosis.fill": frozenset({_MANAGER}),
    "diagnosis.submit": frozenset({_MANAGER}),
    "section.own": frozenset({_COLLEAGUE}),
    "section.see": frozenset({_MANAGER, _COLLEAGUE, _CONSULTANT, _DISTRICT, _COMMISSION}),
    "section.fill": frozenset({_MANAGER, _COLLEAGUE}),
    "colleague.manage": frozenset({_MANAGER}),
    "talk.join": frozenset({_MANAGER, _COLLEAGUE, _CONSULTANT}),
    "review.see": frozenset({_CONSULTANT}),
    "review.verify": frozenset({_CONSULTANT}),
    "plan.see": frozenset({_MANAGER, _CONSULTANT, _DISTRICT, _COMMISSION}),
    "plan.keep": frozenset({_MANAGER, _CONSULTANT}),
    "report.request": frozenset({_MANAGER, _CONSULTANT}),
    "report.see": frozenset({_MANAGER, _CONSULTANT, _DISTRICT, _COMMISSION}),
    "report.issue": frozenset({_CONSULTANT}),
    "report.batch": frozenset({_CONSULTANT, _DISTRICT, _COMMISSION}),
    "template.manage": frozenset({_CONSULTANT, _ADMIN}),
    "board.see": frozenset({_DISTRICT, _COMMISSION}),
    "recognition.record": frozenset({_DISTRICT, _COMMISSION}),
    "questionnaire.print": frozenset(Role),
    "content.see": frozenset({_AUTHOR, _CONSULTANT, _COMMISSION, _ADMIN}),
}


def requires(permission: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let only roles with the permission reach the view; the name is checked when the module is read."""
    roles = PERMISSIONS[permission]

    def mark(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if permission == PUBLIC:
                return view(*args, **kwargs)
            person = who_asks()
            if not person.is_authenticated:
                return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
            if person.role not in roles:
                abort(403)
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return mark


def may(permission: str) -> bool:
    """Tell a template whether the person signed in has the permission."""
    person = who_asks()
    return bool(person.is_authenticated and person.role in PERMISSIONS[permission])


def who_asks() -> Any:
    """Return the person signed in, or nobody: found once, where `current_user` looks again at every mention."""
    return current_user._get_current_object()


def only_this_machine(flask_app: Flask) -> None:
    """Refuse whoever is not on this machine: the demonstration has accounts whose passwords are known."""

    @flask_app.before_request
    def _check_address() -> None:
        if not ip_address(request.remote_addr or "0.0.0.0").is_loopback:  # noqa: S104 - an address asked from
            abort(403)


def deny_by_default(flask_app: Flask) -> None:
    """Refuse every route that names no permission, whoever asks."""

    @flask_app.before_request
    def _check() -> None:
        if request.endpoint is None or request.endpoint == "static":
            return
        if not hasattr(flask_app.view_functions[request.endpoint], "permission"):
            abort(403)

    flask_app.jinja_env.globals["may"] = may
