"""A start that cannot be right is refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.settings import Settings, SettingsError

KEY = "0123456789abcdef0123456789abcdef"


def test_everything_missing_is_named_in_one_sentence() -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_env({})

    assert str(refused.value).startswith("请设置环境变量 SECRET_KEY、DATABASE_URL（见 README“设置”）。")


@pytest.mark.parametrize(
    ("env", "missing", "given"),
    [
        ({"SECRET_KEY": KEY}, "DATABASE_URL", "SECRET_KEY"),
        ({"DATABASE_URL": "sqlite://", "SECRET_KEY": ""}, "SECRET_KEY", "DATABASE_URL"),
    ],
)
def test_only_what_is_missing_is_named(env: dict[str, str], missing: str, given: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_env(env)

    assert missing in str(refused.value)
    assert given not in str(refused.value)


def test_the_demonstration_needs_no_database_but_still_a_key(tmp_path: Path) -> None:
    settings = Settings.from_env({"ZHIZHEN_DEMO": "1", "SECRET_KEY": KEY, "ZHIZHEN_DATA_DIR": str(tmp_path)})

    assert settings.demo is True
    assert settings.database_url == f"sqlite:///{tmp_path}/zhizhen.db"
    with pytest.raises(SettingsError, match="SECRET_KEY"):
        Settings.from_env({"ZHIZHEN_DEMO": "1"})


def test_a_short_key_is_refused_without_being_repeated() -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_env({"SECRET_KEY": KEY[:31], "DATABASE_URL": "sqlite://"})

    assert "SECRET_KEY 至少 32 个字符" in str(refused.value)
    assert KEY[:31] not in str(refused.value)


@pytest.mark.parametrize("value", ["0", "-5", "1.5", "two", "", "１２"])
def test_a_number_that_is_none_is_named_with_what_it_should_be(value: str) -> None:
    with pytest.raises(SettingsError, match="SESSION_MINUTES 应为正整数"):
        Settings.from_env({"SECRET_KEY": KEY, "DATABASE_URL": "sqlite://", "SESSION_MINUTES": value})


def test_what_is_not_said_has_its_usual_value() -> None:
    settings = Settings.from_env({"SECRET_KEY": KEY, "DATABASE_URL": "postgresql:///zhizhen"})

    assert settings.database_url == "postgresql:///zhizhen"
    assert settings.demo is False
    assert (settings.report_timeout_s, settings.session_minutes) == (120, 120)
    assert settings.request_limit_bytes == 2 * 1024 * 1024
