"""Refusals in the user's words; nothing internal is shown, nothing half-done stays."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access import PUBLIC, Role, requires
from app.accounts.models import User
from app.errors import NotFound, Refused, Stale
from app.extensions import db
from tests.factories import make_app, make_user, sign_in


@pytest.fixture
def broken_app(tmp_path) -> Flask:
    """The application with views that fail in every way."""
    flask_app = make_app(tmp_path)

    def fail(way: str) -> str:
        if way == "half-done":
            db.session.query(User).update({"name": "half-done"})
            raise Refused("没有保存。请再试一次。")
        raise {"stale": Stale("同事已保存。"), "missing": NotFound(), "fault": ZeroDivisionError("secret detail")}[way]

    flask_app.add_url_rule("/fail/<way>", "fail", requires(PUBLIC)(fail))
    return flask_app


@pytest.mark.parametrize(
    ("way", "status", "sentence"),
    [
        ("stale", 409, "同事已保存。"),
        ("missing", 404, "没有找到，或您无权查看。请从首页重新进入。"),
        ("fault", 500, "系统出了问题，已保存的内容都还在。请稍后再试。"),
    ],
)
def test_a_failure_has_its_status_and_a_sentence(broken_app: Flask, way: str, status: int, sentence: str) -> None:
    answer = broken_app.test_client().get(f"/fail/{way}")

    assert answer.status_code == status
    assert sentence in answer.text
    assert "secret detail" not in answer.text


def test_what_was_half_done_when_refused_is_undone(broken_app: Flask) -> None:
    user = make_user(broken_app, Role.COMMISSION)
    client = broken_app.test_client()
    sign_in(client, user)
    answer = client.get("/fail/half-done")

    assert answer.status_code == 422
    assert "没有保存。请再试一次。" in answer.text
    assert user.name in answer.text
    with broken_app.app_context():
        assert db.session.get_one(User, user.id).name == user.name


def test_a_page_that_does_not_exist_says_where_to_begin(client: FlaskClient) -> None:
    answer = client.get("/nowhere")

    assert answer.status_code == 404
    assert "没有这个页面。请从首页重新进入。" in answer.text


def test_ten_megabytes_at_once_are_refused_with_what_to_do(flask_app: Flask, client: FlaskClient) -> None:
    sign_in(client, make_user(flask_app, Role.ADMINISTRATOR))
    answer = client.post("/accounts/new", data={"name": "x" * 10_000_000})

    assert answer.status_code == 413
    assert "提交的内容太大，超过 2 MB。请分几次填写；已保存的内容都还在。" in answer.text


def test_the_address_in_an_error_page_is_not_shown_as_markup(client: FlaskClient) -> None:
    assert "<script>alert" not in client.get("/<script>alert(1)</script>").text


def test_every_page_forbids_foreign_scripts_and_is_kept_by_no_cache(client: FlaskClient) -> None:
    headers = client.get("/sign-in").headers

    assert "default-src 'none'; script-src 'self'; style-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
