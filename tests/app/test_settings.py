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
    assert (settings.evidence_max_mb, settings.evidence_total_mb, settings.clamd) == (10, 500, None)


def _with(**given: str) -> Settings:
    return Settings.from_env({"SECRET_KEY": KEY, "DATABASE_URL": "sqlite://", **given})


@pytest.mark.parametrize(
    ("address", "read"),
    [
        ("127.0.0.1:3310", ("127.0.0.1", 3310)),
        ("clamav.example:3310", ("clamav.example", 3310)),
        ("[::1]:3310", ("::1", 3310)),
        ("/run/clamav/clamd.ctl", Path("/run/clamav/clamd.ctl")),
        ("", None),
    ],
)
def test_the_virus_scanner_is_a_host_with_its_port_or_a_socket_file(address: str, read: object) -> None:
    assert _with(CLAMD_ADDRESS=address).clamd == read


@pytest.mark.parametrize(
    "address", ["clamav", "clamav:", ":3310", "clamav:0", "clamav:65536", "clamav:many", "run/x.ctl"]
)
def test_an_address_of_the_scanner_that_is_none_stops_the_start(address: str) -> None:
    with pytest.raises(SettingsError, match="CLAMD_ADDRESS 应为“主机:端口”"):
        _with(CLAMD_ADDRESS=address)


def test_all_evidence_together_may_not_be_less_than_one_file() -> None:
    assert _with(EVIDENCE_MAX_MB="20", EVIDENCE_TOTAL_MB="20").evidence_total_mb == 20
    with pytest.raises(SettingsError, match="EVIDENCE_TOTAL_MB（10）不应小于 EVIDENCE_MAX_MB（20）"):
        _with(EVIDENCE_MAX_MB="20", EVIDENCE_TOTAL_MB="10")
