"""What the environment may change, read once at start; a start that cannot be right is refused in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.certificate import Certificate, CertificateFault, load_certificate
from questionnaires.yaml_file import DefinitionError
from scoring.costs_file import OwnCosts, read_costs_file
from scoring.loader import load_all

PROGRAM = "zhizhen 0.1.0"  # printed in results and reports: which version judged
LONGEST_ADDRESS = 120  # characters: what leads to a report must fit into a small QR code


class SettingsError(Exception):
    """The environment does not allow a start; the message says what to set."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the environment may change; read once, at start."""

    secret_key: str
    database_url: str
    data_dir: Path  # reports and other files the product writes
    demo: bool  # made-up firms and known passwords; this machine only
    report_timeout_s: int  # seconds one PDF may take before its process is stopped
    request_limit_bytes: int = 2 * 1024 * 1024  # of one form post
    session_minutes: int = 120  # without a request before signing in again
    evidence_max_mb: int = 10  # one evidence file
    evidence_total_mb: int = 500  # all evidence files of one diagnosis
    clamd: tuple[str, int] | Path | None = None  # where the virus scanner listens: host and port, or its socket
    broker: str = ""  # where messages go between machines (redis://…); without one through a folder of data_dir
    printers: int = 2  # reports printed at the same time on this machine
    address: str = ""  # where people find this installation, without a slash at its end; "" where nobody has said
    certificate: Certificate | None = None  # signs the reports that are issued
    costs: Mapping[str, OwnCosts] = field(default_factory=dict)  # improvement -> what replaces the catalogue's costs

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Read the settings; SettingsError names everything that is missing or wrong."""
        demo = env.get("ZHIZHEN_DEMO") == "1"
        data_dir = Path(env.get("ZHIZHEN_DATA_DIR", "instance")).resolve()
        database_url = env.get("DATABASE_URL") or (f"sqlite:///{data_dir / 'zhizhen.db'}" if demo else "")
        required = {"SECRET_KEY": env.get("SECRET_KEY", ""), "DATABASE_URL": database_url}
        if missing := [name for name, value in required.items() if not value]:
            raise SettingsError(
                f"请设置环境变量 {'、'.join(missing)}（见 README“设置”）。 / "
                f"Set {' and '.join(missing)} in the environment (README, Settings)."
            )
        if len(required["SECRET_KEY"]) < 32:
            raise SettingsError(
                "SECRET_KEY 至少 32 个字符，可用 python3 -c 'import secrets; print(secrets.token_hex(32))' 生成。 / "
                "SECRET_KEY needs at least 32 characters."
            )
        return cls(
            **_evidence(env),
            secret_key=required["SECRET_KEY"],
            database_url=database_url,
            data_dir=data_dir,
            demo=demo,
            report_timeout_s=_whole(env, "REPORT_TIMEOUT_S", 120),
            session_minutes=_whole(env, "SESSION_MINUTES", 120),
            broker=_broker(env.get("ZHIZHEN_BROKER", "")),
            printers=_whole(env, "ZHIZHEN_PRINTERS", 2),
            address=_public_address(env.get("ZHIZHEN_ADDRESS", "")),
            certificate=_certificate(env.get("ZHIZHEN_CERTIFICATE", ""), env.get("ZHIZHEN_CERTIFICATE_PASSPHRASE", "")),
            costs=_costs(env.get("ZHIZHEN_COSTS", "")),
        )


def _evidence(env: Mapping[str, str]) -> dict[str, Any]:
    one, every = _whole(env, "EVIDENCE_MAX_MB", 10), _whole(env, "EVIDENCE_TOTAL_MB", 500)
    if every < one:
        raise SettingsError(
            f"EVIDENCE_TOTAL_MB（{every}）不应小于 EVIDENCE_MAX_MB（{one}）。 / "
            f"EVIDENCE_TOTAL_MB ({every}) must not be below EVIDENCE_MAX_MB ({one})."
        )
    return {"evidence_max_mb": one, "evidence_total_mb": every, "clamd": _scanner(env.get("CLAMD_ADDRESS", ""))}


def _scanner(address: str) -> tuple[str, int] | Path | None:
    if not address or address.startswith("/"):
        return Path(address) if address else None
    host, _colon, port = address.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise SettingsError(
            f"CLAMD_ADDRESS 应为“主机:端口”或套接字文件的完整路径，现为“{address}”。 / "
            f"CLAMD_ADDRESS must be host:port or the full path of a socket, not {address!r}."
        )
    return host.strip("[]"), int(port)


def _broker(address: str) -> str:
    if address and not address.startswith(("redis://", "rediss://")):
        raise SettingsError(
            "ZHIZHEN_BROKER 应以 redis:// 或 rediss:// 开头；只有一台机器时不用设。 / "
            "ZHIZHEN_BROKER must begin with redis:// or rediss://; one machine alone needs none."
        )
    return address


def _public_address(text: str) -> str:
    """Return an address that can be printed on paper; plain HTTP is for this machine alone."""
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        own = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
        bare = text.isascii() and text.isprintable() and " " not in text and not set("?#@\\") & set(text)
        right = (parts.scheme == "https" or own) and bool(parts.hostname) and parts.port != 0 and bare
    except ValueError:  # of the port
        right = False
    if not right or len(text) > LONGEST_ADDRESS:
        raise SettingsError(
            "ZHIZHEN_ADDRESS 应为别人打开本系统的完整网址，以 https:// 开头，如 https://zhenduan.example.cn，"
            f"现为“{text}”。 / "
            "ZHIZHEN_ADDRESS must be the whole address at which people open this installation and begin with https://, "
            f"as in https://zhenduan.example.cn, not {text!r}."
        )
    return text.rstrip("/")


def _certificate(path: str, passphrase: str) -> Certificate | None:
    try:
        return load_certificate(Path(path), passphrase) if path else None
    except CertificateFault as fault:
        raise SettingsError(str(fault)) from fault


def _costs(path: str) -> Mapping[str, OwnCosts]:
    try:
        return read_costs_file(Path(path), load_all(date.max).improvements) if path else {}
    except OSError as fault:
        raise SettingsError(
            f"读不到 ZHIZHEN_COSTS 所写的造价文件“{path}”。请改正路径，或不设这一项。 / "
            f"The costs file that ZHIZHEN_COSTS names, {path!r}, cannot be read. Correct the path or leave it out."
        ) from fault
    except DefinitionError as fault:
        said, remedy = fault.said
        raise SettingsError(
            f"ZHIZHEN_COSTS 的造价文件有误，{fault.where}：{said.zh}{remedy.zh} / "
            f"The costs file of ZHIZHEN_COSTS has a fault, {fault}"
        ) from fault


def _whole(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, str(default))
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        raise SettingsError(f"{name} 应为正整数，现为“{text}”。 / {name} must be a whole number above 0, not {text!r}.")
    return int(text)
