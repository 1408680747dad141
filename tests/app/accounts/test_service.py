"""Sign-in, passwords, languages and accounts."""

from __future__ import annotations

from unittest.mock import patch
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.security import check_password_hash

from app.access import Role
from app.accounts import service
from app.accounts.models import User
from app.audit import AuditEvent
from app.errors import Refused
from app.extensions import db
from tests.factories import PASSWORD, make_firm, make_user


def test_an_unknown_address_costs_as_much_work_and_gives_the_same_words_as_a_wrong_password(flask_app: Flask) -> None:
    user = make_user(flask_app, Role.COMMISSION)
    checked: list[str] = []

    def check(stored: str, given: str) -> bool:
        checked.append(stored)
        return check_password_hash(stored, given)

    words = []
    for email in (user.email, "nobody@example.com"):
        with (
            flask_app.test_request_context(),
            patch.object(service, "check_password_hash", check),
            pytest.raises(Refused) as refused,
        ):
            service.sign_in(email, "wrong")
        words.append(str(refused.value))

    assert words[0] == words[1] == "账号或密码不对。请检查后再试；忘记密码请联系管理员。"
    assert len(checked) == 2
    assert checked[1].startswith("scrypt:32768:8:1$")


def test_a_closed_account_cannot_sign_in_and_is_told_nothing_more(flask_app: Flask) -> None:
    user = make_user(flask_app, Role.COMMISSION, active=False)

    with flask_app.test_request_context(), pytest.raises(Refused, match="账号或密码不对"):
        service.sign_in(user.email, PASSWORD)


def test_the_address_is_read_without_regard_to_case_and_blanks(flask_app: Flask) -> None:
    user = make_user(flask_app, Role.COMMISSION, email="chen@example.com")

    with flask_app.test_request_context():
        signed_in = service.sign_in("  Chen@Example.COM ", PASSWORD)

        assert signed_in.id == user.id


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("elevenchars", "密码至少 12 个字符，现在是 11 个。可以用一句容易记的话。"),
        ("aaaaaaaaaaaaaa", "这个密码太容易猜。请不要用重复的字符、邮箱里的名字或手机号。"),
        ("chen-2026-11-24", "这个密码太容易猜。请不要用重复的字符、邮箱里的名字或手机号。"),
        (PASSWORD, "新密码与原密码相同。请换一个。"),
    ],
)
def test_a_weak_password_is_refused_with_what_to_do(flask_app: Flask, password: str, sentence: str) -> None:
    user = make_user(flask_app, Role.COMMISSION, email="chen@example.com")

    with flask_app.test_request_context(), pytest.raises(Refused) as refused:
        service.change_password(user.id, PASSWORD, password)

    assert str(refused.value) == sentence


def test_twelve_characters_are_enough(flask_app: Flask) -> None:
    user = make_user(flask_app, Role.COMMISSION, must_change_password=True)

    with flask_app.test_request_context():
        service.change_password(user.id, PASSWORD, "渝中三号线早班车十二点前到")
        kept = db.session.get_one(User, user.id)

        assert check_password_hash(kept.password_hash, "渝中三号线早班车十二点前到")
        assert kept.must_change_password is False


def test_a_new_account_gets_a_readable_password_that_works_once_and_is_kept_nowhere(flask_app: Flask) -> None:
    with flask_app.test_request_context():
        user, password = service.create("system", email=" Li@Example.com", name=" 李 ", role=Role.CONSULTANT)
        recorded = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "account.create")).one()

        assert user.email == "li@example.com"
        assert user.must_change_password is True
        assert len(password) == 19
        assert not set(password) & set("01lo")
        assert password not in str(recorded.detail)
        assert password not in user.password_hash


def test_two_accounts_never_share_an_address(flask_app: Flask) -> None:
    make_user(flask_app, Role.COMMISSION, email="chen@example.com")

    with flask_app.test_request_context(), pytest.raises(Refused, match=r"邮箱 chen@example\.com 已有账号"):
        service.create("system", email="CHEN@example.com", name="陈", role=Role.CONSULTANT)


@pytest.mark.parametrize(
    ("role", "with_firm", "district"),
    [
        (Role.FACTORY_MANAGER, False, None),
        (Role.CONSULTANT, True, None),
        (Role.DISTRICT_OFFICER, False, None),
        (Role.COMMISSION, False, "500120"),
    ],
)
def test_a_role_has_its_firm_or_district_and_no_other_has(
    flask_app: Flask, role: Role, with_firm: bool, district: str | None
) -> None:
    firm_id = make_firm(flask_app).id if with_firm else None

    with flask_app.test_request_context(), pytest.raises(Refused, match="必须属于一"):
        service.create("system", email="a@example.com", name="甲", role=role, firm_id=firm_id, district=district)


def test_nobody_can_close_his_own_account(flask_app: Flask) -> None:
    user = make_user(flask_app, Role.ADMINISTRATOR)

    with flask_app.test_request_context(), pytest.raises(Refused, match="不能停用自己的账号"):
        service.set_active(user.id, user.id, active=False)


def test_outside_a_request_everything_is_chinese(flask_app: Flask) -> None:
    with flask_app.app_context():
        assert service.language_of_request() == "zh"


def test_who_asks_is_read_afresh_and_changing_it_stores_nothing(flask_app: Flask) -> None:
    user = make_user(flask_app, Role.COMMISSION)
    with flask_app.app_context():
        asks = service.person(user.id)
        asks.role = Role.ADMINISTRATOR
        db.session.commit()
        again = service.person(user.id)

    assert again is not asks
    assert again.role is Role.COMMISSION
    assert again.get_id() == user.get_id()


def test_nobody_asks_under_an_unknown_identity(flask_app: Flask) -> None:
    with flask_app.app_context():
        assert service.person(UUID(int=0)) is None


# --- signing in with a phone number -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("138 0000 0001", "13800000001"),
        ("+86-138-0000-0001", "13800000001"),
        ("＋８６１３８０００００００１", "13800000001"),
        ("(023) 6820.0001", "02368200001"),
        (" Chen@Example.COM ", "chen@example.com"),
        ("chen.w-x@example.com", "chen.w-x@example.com"),
    ],
)
def test_a_number_or_an_address_is_known_however_it_is_typed(typed: str, kept: str) -> None:
    assert service.login_name(typed) == kept


def test_somebody_signs_in_with_a_phone_number(flask_app: Flask) -> None:
    user = make_user(flask_app, Role.COLLEAGUE, email="13800000001")

    with flask_app.test_request_context():
        assert service.sign_in("138-0000-0001", PASSWORD).id == user.id
