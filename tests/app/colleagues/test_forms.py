"""What somebody may sign in with: a phone number or an e-mail address, and nothing that only looks like one."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from app.colleagues.forms import JoinForm

GIVEN = {"name": "李工", "password": "three old presses", "agreed": "y"}


def faults(flask_app, login: str) -> list[str]:
    with flask_app.test_request_context():
        form = JoinForm(MultiDict({**GIVEN, "login": login}), meta={"csrf": False})
        form.validate()
        return [str(error) for error in form.login.errors]


@pytest.mark.parametrize(
    "login",
    ["13800000000", "+86 138-0000-0000", "１３８００００００００", "(023) 6820 0000", "Li@Example.com", " li@x.cn "],
)
def test_numbers_and_addresses_are_taken_however_they_are_typed(flask_app, login):
    assert faults(flask_app, login) == []


@pytest.mark.parametrize("login", ["李工", "12345", "1380000000x", "li@factory", "a b@x.cn", "@x.cn", "1" * 16])
def test_what_is_neither_is_refused_with_an_example(flask_app, login):
    assert faults(flask_app, login) == ["这不是完整的手机号或邮箱地址，应像 13800000000 或 name@example.com。"]


def test_an_empty_login_is_asked_for(flask_app):
    assert faults(flask_app, "  ") == ["请填写手机号或邮箱。"]
