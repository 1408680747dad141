"""What was typed when the session ended: only our own posts, for our own addresses, unchanged."""

from __future__ import annotations

import pytest
from flask import Flask, request
from itsdangerous import URLSafeTimedSerializer

from app.accounts import kept_post
from app.accounts.kept_post import KeptPost

OWN = {"Sec-Fetch-Site": "same-origin"}
ADDRESS = "/firms/00000000-0000-4000-8000-000000000001/factories"


def _kept(flask_app: Flask, path: str, data: dict[str, object], headers: dict[str, str]) -> KeptPost | None:
    with flask_app.test_request_context(path, method="POST", data=data, headers=headers):
        return kept_post.keep(request)


def test_the_fields_of_our_own_page_are_kept_but_never_its_token(flask_app: Flask) -> None:
    kept = _kept(flask_app, ADDRESS + "?from=check", {"name": ["一工厂", "二"], "csrf_token": "old"}, OWN)

    assert kept == KeptPost(ADDRESS + "?from=check", (("name", "一工厂"), ("name", "二")))


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Referer": "https://evil.example/localhost"},
        {},
    ],
)
def test_a_post_from_another_site_is_never_kept(flask_app: Flask, headers: dict[str, str]) -> None:
    assert _kept(flask_app, ADDRESS, {"name": "一工厂"}, headers) is None


def test_an_old_browser_is_believed_by_its_origin(flask_app: Flask) -> None:
    assert _kept(flask_app, ADDRESS, {"name": "一工厂"}, {"Origin": "http://localhost"}) is not None


@pytest.mark.parametrize(
    "path", ["/sign-in", "/sign-out", "/password", "/language/en", "/accounts/new", "/static/app.css", "/nowhere"]
)
def test_passwords_accounts_and_unknown_addresses_are_never_kept(flask_app: Flask, path: str) -> None:
    assert _kept(flask_app, path, {"password": "secret"}, OWN) is None


def test_a_post_too_large_to_carry_is_not_kept(flask_app: Flask) -> None:
    assert _kept(flask_app, ADDRESS, {"name": "字" * 199_996}, OWN) is not None
    assert _kept(flask_app, ADDRESS, {"name": "字" * 199_997}, OWN) is None


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example" + ADDRESS,
        "//evil.example" + ADDRESS,
        "/\\evil.example" + ADDRESS,
        "javascript:alert(1)",
        ADDRESS + "\r\nX: 1",
        ADDRESS[1:],
        "/firms",  # a page, not a place to post to
        "/sign-out",
        "",
    ],
)
def test_a_hostile_address_takes_no_post(flask_app: Flask, path: str) -> None:
    with flask_app.app_context():
        assert kept_post.may_be_posted(path) is False


def test_a_parcel_gives_back_what_went_in(flask_app: Flask) -> None:
    kept = KeptPost(ADDRESS, (("name", "<b>一工厂</b>"), ("name", "")))

    with flask_app.app_context():
        assert kept_post.unpack(kept_post.pack(kept)) == kept


def test_a_parcel_signed_by_nobody_or_by_somebody_else_is_nothing(flask_app: Flask) -> None:
    foreign = URLSafeTimedSerializer("another key", salt="kept-post").dumps([ADDRESS, [["name", "x"]]])

    with flask_app.app_context():
        ours = kept_post.pack(KeptPost(ADDRESS, ()))

        assert kept_post.unpack(foreign) is None
        assert kept_post.unpack("x" + ours) is None
        assert kept_post.unpack("") is None
        assert kept_post.unpack(None) is None


def test_a_signed_parcel_for_a_hostile_address_is_nothing(flask_app: Flask) -> None:
    with flask_app.app_context():
        assert kept_post.unpack(kept_post.pack(KeptPost("//evil.example/", ()))) is None
