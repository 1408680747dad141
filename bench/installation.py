"""A real installation as the README describes it, behind a web server, with firms that are filling in."""

from __future__ import annotations

import os
import secrets
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from urllib.request import Request, urlopen

from flask import Flask
from flask_migrate import upgrade
from werkzeug.security import generate_password_hash

from app import audit, create_app
from app.access import Role
from app.accounts import service as accounts
from app.accounts.models import User
from app.diagnosis import service as diagnosis
from app.diagnosis.draft import FIRM_KEY, Draft, Said, stated
from app.extensions import db
from app.firms import service as firms
from app.firms.models import Firm
from app.settings import Settings
from questionnaires.checks import facts_of
from questionnaires.model import Degree, FactKind, SubjectKind
from tests.factories import credit_code
from tests.readme import BOTH, blocks

PROJECT = Path(__file__).resolve().parent.parent
PASSWORD = secrets.token_urlsafe(12)  # of every manager made here; hashed as the product hashes, once for all
# Sections that the recorded journey answers; there each firm has said one and the same thing before.
WALKED = ("workshop_equipment", "org_strategy", "staff_skill", "data", "integration")
SAID_BEFORE = "org_strategy.L1.1"
CHANCES = (0.3, 0.25, 0.2, 0.15)  # of each degree; the rest is not answered yet


@dataclass(frozen=True, slots=True)
class Installation:
    """Its settings, the application on its database, and who may sign in."""

    settings: Settings
    flask_app: Flask
    emails: tuple[str, ...]

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables that the README has set."""
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("ZHIZHEN")},
            "SECRET_KEY": self.settings.secret_key,
            "DATABASE_URL": self.settings.database_url,
            "ZHIZHEN_DATA_DIR": str(self.settings.data_dir),
            "PYTHONPATH": os.pathsep.join([str(self.settings.data_dir), str(PROJECT)]),
        }


def install(folder: Path, managers: int) -> Installation:
    """Make the database in `folder`, and so many firms, each with one workshop, a manager and a running diagnosis."""
    settings = Settings(
        secret_key=secrets.token_hex(32),
        database_url=f"sqlite:///{folder / 'zhizhen.db'}",
        data_dir=folder,
        demo=False,
        report_timeout_s=60,
    )
    flask_app = create_app(settings)
    hashed = generate_password_hash(PASSWORD)
    with flask_app.app_context():
        upgrade()
        registrar, _ = accounts.create("system", email="registrar@example.com", name="登记员", role=Role.COMMISSION)
        emails = tuple(_firm(registrar, number, hashed) for number in range(1, managers + 1))
        db.session.remove()
        db.engine.dispose()
    return Installation(settings, flask_app, emails)


def _firm(registrar: User, number: int, hashed: str) -> str:
    firm = firms.register(registrar, name=f"示例零部件{number}厂", uscc=credit_code(number), district="500120")
    manager = _manager(firm, number, hashed)
    factory = firms.add_factory(manager, firm.id, "一工厂")
    firms.add_workshop(manager, factory.id, "机加车间")
    started = diagnosis.start(manager, firm.id)
    draft = diagnosis.open_draft(manager, started.id)
    diagnosis.save_page(manager, draft, FIRM_KEY, _said_before(draft, Random(number)), started.revision)
    return manager.email


def _manager(firm: Firm, number: int, hashed: str) -> User:
    """Add the manager as if the one-time password had been changed before."""
    made = User(
        email=f"manager{number}@example.com",
        name=f"厂长{number}",
        role=Role.FACTORY_MANAGER,
        password_hash=hashed,
        firm_id=firm.id,
        created_at=datetime.now(UTC),
    )
    db.session.add(made)
    db.session.flush()
    audit.record("system", "bench.manager", f"user:{made.id}")
    db.session.commit()
    return made


def _said_before(draft: Draft, chance: Random) -> dict[str, Said]:
    """Return what a firm has said when the measurement begins: most of what the journey does not come by.

    The journey says the same for every firm, so nothing is said before that a check would hold against it.
    """
    said, pages = {SAID_BEFORE: stated(Degree.NONE)}, [page for s in draft.questionnaire.sections for page in s.pages]
    compared = {fact for page in pages for check in page.checks for fact in facts_of(check)}
    for fact in draft.questionnaire.facts.values():
        elsewhere = fact.of is SubjectKind.FIRM and not fact.id.startswith(WALKED) and fact.id not in compared
        if elsewhere and fact.kind is FactKind.PRACTICE and chance.random() < sum(CHANCES):
            said[fact.id] = stated(chance.choices(tuple(Degree), CHANCES)[0])
    return said


@contextmanager
def served(site: Installation) -> Iterator[str]:
    """Start the server with the README's own lines, behind a web server's headers; the port alone is another."""
    folder = site.settings.data_dir
    [proxy] = blocks(BOTH[0], "python")
    (folder / "behind_proxy.py").write_text(proxy, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as door, (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            _command(door.fileno()), cwd=PROJECT, env=site.environment,
            pass_fds=(door.fileno(),), stdout=log, stderr=log,
        )  # fmt: skip
        try:
            address = f"http://127.0.0.1:{door.getsockname()[1]}"
            with urlopen(Request(f"{address}/sign-in"), timeout=60) as first:
                assert first.status == 200, (folder / "server.log").read_text(encoding="utf-8")
            yield address
        finally:
            server.terminate()
            server.wait(timeout=30)


def command_of_readme() -> list[str]:
    """Return the words of the README's line that starts the server."""
    [line] = [line for block in blocks(BOTH[0], "sh") for line in block.splitlines() if "gunicorn --bind" in line]
    return shlex.split(line)


def _command(door: int) -> list[str]:
    _program, *said = command_of_readme()
    said[said.index("--bind") + 1] = f"fd://{door}"
    return [sys.executable, "-m", "gunicorn", *said[:-1], "behind_proxy:application"]


def verified(site: Installation) -> str:
    """Return what `flask audit verify` says."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "audit", "verify"],
        cwd=PROJECT, env=site.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return (done.stdout + done.stderr).strip()
