"""The product's own pages of twelve questions, and the stock ones beside them: login, CSRF and audit as always."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from flask import Flask, redirect
from flask.typing import ResponseReturnValue
from flask_login import login_user
from flask_migrate import upgrade

from app import audit, create_app
from app.access import PUBLIC, Role, requires
from app.accounts import service as accounts
from app.accounts.models import User
from app.diagnosis import service as diagnosis
from app.diagnosis.models import Diagnosis, Stage
from app.extensions import db
from app.firms.models import Firm
from app.settings import Settings
from bench.stock_page import add_stock_page
from questionnaires import loader
from questionnaires.model import Page, Questionnaire, Section

SECTIONS = ("purchasing", "planning", "equipment_mgmt")  # the capability subdomains with exactly twelve requirements
PAGE = "all_levels"


@cache
def with_long_pages(questionnaire_id: str, version: str | None = None) -> Questionnaire:
    """Return the published questionnaire with the twelve questions of a subdomain on a single page."""
    published = _load(questionnaire_id, version)

    def merged(section: Section) -> Section:
        questions = tuple(question for page in section.pages for question in page.questions)
        return replace(section, pages=(replace(section.pages[0], id=PAGE, questions=questions),))

    sections = (merged(section) if section.id in SECTIONS else section for section in published.sections)
    return replace(published, sections=tuple(sections))


_load = loader.load


@dataclass(frozen=True, slots=True)
class Walk:
    """What one person fills in: the addresses of our pages, and of the stock ones, which write elsewhere."""

    user: UUID
    ours: list[str]
    stock: list[str]


def prepare(folder: Path, people: int) -> tuple[Flask, list[Walk]]:
    """Return the application on a database in `folder`, and what each of so many people of as many firms fills in.

    A database that is there already is kept.
    """
    loader.load = with_long_pages
    flask_app = create_app(
        Settings(
            secret_key="k" * 40,
            database_url=f"sqlite:///{folder / 'ours.db'}",
            data_dir=folder,
            demo=True,
            report_timeout_s=60,
        )
    )
    with flask_app.app_context():
        if not (folder / "filled").exists():
            upgrade()
            (folder / "filled").write_text(json.dumps([_fill(number) for number in range(people)]))
    _add_sign_in(flask_app)
    add_stock_page(flask_app, pages := long_pages())
    return flask_app, [
        Walk(
            UUID(user),
            [f"/diagnoses/{ours}/fill/{section}/firm/{PAGE}" for section in pages],
            [f"/stock/{stock}/{section}" for section in pages],
        )
        for user, ours, stock in json.loads((folder / "filled").read_text())
    ]


def long_pages() -> dict[str, Page]:
    """Return section -> its page with twelve questions."""
    sections = {section.id: section for section in with_long_pages("auto_parts").sections}
    return {name: sections[name].pages[0] for name in SECTIONS}


def _fill(number: int) -> tuple[str, str, str]:
    firm = Firm(uscc=f"made up {number}", name=f"示例零部件{number}厂", district="500157", created_at=datetime.now(UTC))
    db.session.add(firm)
    db.session.flush()
    manager, _ = accounts.create(
        "system", email=f"m{number}@example.com", name="厂长", role=Role.FACTORY_MANAGER, firm_id=firm.id
    )
    manager.must_change_password = False
    ours = diagnosis.start(manager, firm.id)
    db.session.add(
        stock := Diagnosis(
            firm_id=firm.id,
            number=2,
            questionnaire_id=ours.questionnaire_id,
            stage=Stage.FILLING,
            revision=0,
            questionnaire_version=ours.questionnaire_version,
            as_of=ours.as_of,
            started_by=manager.id,
            started_at=ours.started_at,
        )
    )
    audit.record("system", "bench.stock_page", "bench")
    db.session.commit()
    return str(manager.id), str(ours.id), str(stock.id)


def _add_sign_in(flask_app: Flask) -> None:
    """Spare the measurement the password; everything after it is as always."""

    @flask_app.get("/bench-sign-in/<uuid:user_id>")
    @requires(PUBLIC)
    def bench_sign_in(user_id: UUID) -> ResponseReturnValue:
        login_user(db.session.get_one(User, user_id))
        return redirect("/")


def serve() -> Flask:
    """For the server: the application on the folder in BENCH_FOLDER."""
    return prepare(Path(os.environ["BENCH_FOLDER"]), 0)[0]
