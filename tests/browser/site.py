"""The real application, served as in earnest: gunicorn in a process of its own, on its own database and data folder."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest
from flask import Flask

from app.access import Role
from app.demo import loading
from app.extensions import db
from app.reporting import service as reporting
from app.reporting.models import IssuedReport
from tests.app.test_demo import some_of_each
from tests.factories import hash_quickly, make_app

PROJECT = Path(__file__).parent.parent.parent
STARTS_WITHIN_S = 60
NOT_PRINTED = "打印没有在规定时间内完成。请重新生成；若再次出现，请联系管理员。"


@dataclass(frozen=True, slots=True)
class Site:
    """Where the pages are, and who may sign in. Rows are made through `flask_app`; the pages come from elsewhere."""

    address: str
    flask_app: Flask
    logins: Mapping[Role, tuple[str, str]]  # role -> address and password


@contextmanager
def open_site(folder: Path) -> Iterator[Site]:
    """Serve a small made-up district."""
    flask_app = make_app(folder)
    _load_district(flask_app)
    with _served(folder, flask_app) as address:
        yield Site(address, flask_app, _logins(folder))
    _let_printing_end(folder)


def _load_district(flask_app: Flask) -> None:
    """Make one firm at every stage; the report that is queued with it counts as not printed, which spares its time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "made_up_firms", some_of_each)
        patch.setattr("app.demo.records.WORKSHOPS", 6)
        hash_quickly(patch)
        said = flask_app.test_cli_runner().invoke(args=["demo", "load"])
    assert said.exit_code == 0, said.output
    with flask_app.app_context():
        for report_id in db.session.scalars(db.select(IssuedReport.id)).all():
            reporting.give_up(report_id, NOT_PRINTED)


def _logins(folder: Path) -> dict[Role, tuple[str, str]]:
    told = json.loads((folder / "demo-logins.json").read_text(encoding="utf-8"))
    return {Role(one["role"]): (one["email"], one["password"]) for one in told}


@contextmanager
def _served(folder: Path, flask_app: Flask) -> Iterator[str]:
    # The socket listens before the server starts, so that the first request waits for it and nobody has to look twice.
    with socket.create_server(("127.0.0.1", 0)) as door, (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--bind", f"fd://{door.fileno()}", "--workers", "1", "--threads", "8",
             "--no-control-socket", "--log-level", "warning", "app:create_app()"],
            cwd=PROJECT, env=_environment(folder, flask_app), pass_fds=(door.fileno(),), stdout=log, stderr=log,
        )  # fmt: skip
        try:
            address = f"http://127.0.0.1:{door.getsockname()[1]}"
            with urlopen(f"{address}/sign-in", timeout=STARTS_WITHIN_S) as first:
                assert first.status == 200, (folder / "server.log").read_text(encoding="utf-8")
            yield address
        finally:
            server.terminate()
            server.wait(timeout=30)


def _environment(folder: Path, flask_app: Flask) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": flask_app.config["SQLALCHEMY_DATABASE_URI"],
        "SECRET_KEY": flask_app.config["SECRET_KEY"],
        "ZHIZHEN_DATA_DIR": str(folder),
        "ZHIZHEN_DEMO": "1",
    }


def _let_printing_end(folder: Path) -> None:
    """Tell the printing process, which outlives the server by a minute, to end, and wait until it has."""
    for process in Path("/proc").glob("[0-9]*"):  # where there is none, the minute passes
        with suppress(OSError):
            words = (process / "cmdline").read_bytes().split(b"\0")
            settings = (process / "environ").read_bytes().split(b"\0")
            if b"work" in words and f"ZHIZHEN_DATA_DIR={folder}".encode() in settings:
                os.kill(int(process.name), signal.SIGTERM)
    with (folder / "printing.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
