"""A start that cannot be right is refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.settings import Settings, SettingsError
from scoring.costs_file import OwnCosts
from scoring.model import Costs

KEY = "0123456789abcdef0123456789abcdef"
RIGHT = {"SECRET_KEY": KEY, "DATABASE_URL": "sqlite://"}


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


def test_costs_of_the_installation_are_read_once_at_the_start(tmp_path: Path) -> None:
    file = tmp_path / "costs.yaml"
    file.write_text("smart_roadmap: {cost: {low: 1, likely: 2, high: 3}}\n", encoding="utf-8")

    assert _with(ZHIZHEN_COSTS=str(file)).costs == {"smart_roadmap": OwnCosts(Costs(1, 2, 3))}
    assert _with().costs == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no_such: {cost: {low: 1, likely: 2, high: 3}}", "ZHIZHEN_COSTS 的造价文件有误，.*目录里没有改进项“no_such”"),
        ("smart_roadmap: {cost: {low: 3, likely: 2, high: 1}}", "costs.yaml:1.*没有从小到大.*does not rise"),
        (None, "读不到 ZHIZHEN_COSTS 所写的造价文件“.*costs.yaml”。请改正路径"),
    ],
)
def test_a_faulty_file_of_costs_stops_the_start_with_a_sentence(tmp_path: Path, text: str | None, said: str) -> None:
    file = tmp_path / "costs.yaml"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=said):
        _with(ZHIZHEN_COSTS=str(file))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("https://zhizhen.example", "https://zhizhen.example"),
        ("https://zhizhen.example:8443/diagnosis/", "https://zhizhen.example:8443/diagnosis"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost:8001/", "http://localhost:8001"),
    ],
)
def test_the_public_address_is_kept_without_its_last_slash(typed: str, kept: str) -> None:
    assert Settings.from_env({**RIGHT, "ZHIZHEN_ADDRESS": typed}).address == kept


@pytest.mark.parametrize(
    "typed",
    [
        "zhizhen.example",
        "http://zhizhen.example",
        "ftp://zhizhen.example",
        "https://",
        "https:///verify",
        "https://zhizhen.example:99999",
        "https://zhizhen.example?x=1",
        "https://zhizhen.example/#top",
        "https://me:secret@zhizhen.example",
        "https://智诊.example",
        "https://zhizhen.example/a b",
        "https://zhizhen.example/" + "a" * 120,
        "javascript:alert(1)",
    ],
)
def test_what_is_no_address_to_be_printed_on_paper_is_refused(typed: str) -> None:
    with pytest.raises(SettingsError, match=r"ZHIZHEN_ADDRESS 应为.*must be the whole address"):
        Settings.from_env({**RIGHT, "ZHIZHEN_ADDRESS": typed})
