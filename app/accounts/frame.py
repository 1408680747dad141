"""What stands around every page and is the same for all who read one language in one role: drawn once and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import urlencode

from flask import current_app, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from app.access import PERMISSIONS, Role, who_asks
from app.accounts.refill import own_address
from app.presentation import language

# What stands in the head of every page, for those who may see it: endpoint, permission, words.
NAVIGATION = (
    ("firms.own", "diagnosis.fill", _l("诊断")),
    ("colleagues.own", "section.own", _l("我的章节")),
    ("programme.board", "board.see", _l("目标进度")),
    ("programme.recognitions", "recognition.record", _l("登记认定")),
    ("review.index", "review.see", _l("复核")),
    ("firms.index", "firm.see", _l("企业")),
    ("accounts.content_overview", "content.see", _l("问卷与标准")),
    ("accounts.index", "account.manage", _l("账号")),
)
# A diagnosis, its review and its reports belong to the first of these that the person has.
_PLACE_OF_DIAGNOSES = ("firms.own", "colleagues.own", "review.index", "firms.index")
_ABOUT_DIAGNOSES = frozenset(
    {"diagnosis", "evidence", "colleagues", "way", "workbooks", "review", "planning", "reporting"}
)  # blueprints


@dataclass(frozen=True, slots=True)
class Frame:
    """The parts of a page that do not depend on whose page it is."""

    links: Markup  # in <head>
    head: Markup  # brand and navigation
    foot: Markup
    person: Mapping[str, str]  # words and addresses around the person's name


def frame() -> Frame:
    """Return the frame of the page asked for."""
    person = who_asks()
    role = person.role if person.is_authenticated else None
    return _frame(language(), role, _here(_addresses(role, request.script_root)), request.script_root)


def _here(addresses: Mapping[str, str]) -> tuple[str, ...]:
    """Return the addresses of the navigation that the page belongs to."""
    path = request.script_root + request.path
    found = tuple(address for address in addresses.values() if _leads_to(address, path))
    if found or request.blueprint not in _ABOUT_DIAGNOSES:
        return found
    return tuple(addresses[endpoint] for endpoint in _PLACE_OF_DIAGNOSES if endpoint in addresses)[:1]


def where_from(address: str | None = None) -> str:
    """Return which page is shown, for the address of the button that shows it in another language.

    `address` is that of the page itself, where it was drawn in answer to a post to another address.
    """
    return urlencode({"from": address.removeprefix(request.script_root) if address else own_address()})


def token_of_session() -> str:
    """Return what a form has to send along: the token of this session, signed once and not for every page."""
    raw = session.get("csrf_token")
    return _signed(str(current_app.secret_key), raw) if raw else str(generate_csrf())


@lru_cache(maxsize=1024)
def _signed(_secret: str, _raw: str) -> str:
    return str(generate_csrf())


def _leads_to(address: str, path: str) -> bool:
    return path == address or path.startswith(address + "/")


@lru_cache(maxsize=256)
def _frame(lang: str, role: Role | None, here: tuple[str, ...], _root: str) -> Frame:
    """Draw a frame; besides what is named here it depends on nothing but the templates."""
    shown = [(url_for(endpoint), words) for endpoint, words in _navigation(role)]
    return Frame(
        links=_draw("links"),
        head=_draw("head", navigation=shown, here=here),
        foot=_draw("foot"),
        person=_person("zh" if lang == "en" else "en"),
    )


def _draw(part: str, **given: object) -> Markup:
    # Straight from the template: what every page is given by Flask would ask for the frame again.
    return Markup(current_app.jinja_env.get_template(f"frame/{part}.html").render(given))  # noqa: S704 - escaped


def _person(other: str) -> Mapping[str, str]:
    return MappingProxyType(
        {
            "password": url_for("accounts.password"),
            "change_password": _("更改密码"),
            "other_language": url_for("accounts.language", code=other),
            "other_tag": "zh-CN" if other == "zh" else "en",
            "other_name": "中文" if other == "zh" else "English",
            "sign_out": url_for("accounts.sign_out"),
            "leave": _("退出"),
            "unsent": _("有 {count} 项回答还在这台设备上，没有上传；退出会清除它们。确定退出吗？"),
        }
    )


@lru_cache(maxsize=64)
def _addresses(role: Role | None, _root: str) -> Mapping[str, str]:
    return MappingProxyType({endpoint: url_for(endpoint) for endpoint, _words in _navigation(role)})


def _navigation(role: Role | None) -> list[tuple[str, object]]:
    return [(endpoint, words) for endpoint, permission, words in NAVIGATION if role in PERMISSIONS[permission]]
