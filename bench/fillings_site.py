"""The application on a database with very many firms, each with two people and a running diagnosis."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid4

from flask import Flask, redirect
from flask.typing import ResponseReturnValue
from flask_login import login_user
from flask_migrate import upgrade
from sqlalchemy import insert

from app import audit, create_app
from app.access import PUBLIC, Role, requires
from app.accounts.models import User
from app.diagnosis.models import Diagnosis, Stage
from app.extensions import db
from app.firms.models import Firm
from app.settings import Settings
from bench.window import Filling
from questionnaires import loader


def application(folder: Path) -> Flask:
    """Return the product, with a sign-in that spares the password: it is slow on purpose and not what is measured."""
    made = create_app(
        Settings(
            secret_key="k" * 40,
            database_url=f"sqlite:///{folder / 'fillings.db'}",
            data_dir=folder,
            demo=True,
            report_timeout_s=60,
        )
    )

    @made.get("/bench-sign-in/<uuid:user_id>")
    @requires(PUBLIC)
    def bench_sign_in(user_id: UUID) -> ResponseReturnValue:
        login_user(db.session.get_one(User, user_id))
        return redirect("/")

    return made


def serve() -> Flask:
    """For the server: the application on the folder in BENCH_FOLDER."""
    return application(Path(os.environ["BENCH_FOLDER"]))


def fill_database(folder: Path, fillings: int) -> list[Filling]:
    """Make so many firms with two people and a running diagnosis each."""
    now, version = datetime.now(UTC), loader.load("auto_parts").version
    with application(folder).app_context():
        upgrade()
        firms, users, diagnoses, made = [], [], [], []
        for number in range(fillings):
            firm, people, diagnosis = uuid4(), [uuid4(), uuid4()], uuid4()
            firms.append(_firm(firm, number, now))
            users += [_user(person, f"{number}.{place}@example.com", firm, now) for place, person in enumerate(people)]
            diagnoses.append(_diagnosis(diagnosis, firm, people[0], version, now))
            made.append(Filling(diagnosis.hex, str(diagnosis), (people[0].hex, people[1].hex)))
        for table, rows in ((Firm, firms), (User, users), (Diagnosis, diagnoses)):
            db.session.execute(insert(table), rows)
        audit.record("system", "bench.fill", "bench")
        db.session.commit()
    return made


def _firm(firm: UUID, number: int, now: datetime) -> dict[str, object]:
    return {"id": firm, "uscc": f"made up {number}", "name": f"示例{number}厂", "district": "500157", "created_at": now}


def _user(person: UUID, email: str, firm: UUID, now: datetime) -> dict[str, object]:
    user = User(id=person, email=email, name=email, role=Role.FACTORY_MANAGER, firm_id=firm, password_hash="-" * 40)
    user.must_change_password, user.active = False, True
    columns = User.__table__.columns.keys()
    return {name: getattr(user, name) for name in columns if getattr(user, name) is not None} | (
        {"created_at": now} if "created_at" in columns else {}
    )


def _diagnosis(diagnosis: UUID, firm: UUID, by: UUID, version: str, now: datetime) -> dict[str, object]:
    return {
        "id": diagnosis, "firm_id": firm, "number": 1, "questionnaire_id": "auto_parts", "stage": Stage.FILLING,
        "questionnaire_version": version, "as_of": date(2026, 11, 26), "revision": 0, "started_by": by,
        "started_at": now,
    }  # fmt: skip
