"""The product's own page with twelve questions, and the stock one beside it: login, CSRF and audit as always."""

from __future__ import annotations

import os
from dataclasses import replace
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
from app.diagnosis import draft
from app.diagnosis import service as diagnosis
from app.diagnosis.lately import Lately
from app.diagnosis.models import Diagnosis, Stage
from app.extensions import db
from app.firms.models import Firm
from app.settings import Settings
from bench.stock_page import add_stock_page
from questionnaires import loader
from questionnaires.model import Page, Questionnaire, Section

SECTION = "equipment_mgmt"  # the capability subdomain with exactly twelve requirements
PAGE = "all_levels"


@cache
def with_one_long_page(questionnaire_id: str, version: str | None = None) -> Questionnaire:
    """Return the published questionnaire with the twelve questions of one subdomain on a single page."""
    published = _load(questionnaire_id, version)

    def merged(section: Section) -> Section:
        questions = tuple(question for page in section.pages for question in page.questions)
        return replace(section, pages=(replace(section.pages[0], id=PAGE, questions=questions),))

    sections = (merged(section) if section.id == SECTION else section for section in published.sections)
    return replace(published, sections=tuple(sections))


_load = loader.load


def prepare(folder: Path) -> tuple[Flask, str, str]:
    """Return the application on a database in `folder`, and the addresses of our page and of the stock one.

    A database that is there already is kept. The two pages write into two diagnoses.
    """
    loader.load = with_one_long_page
    # Nobody walks over one page again and again: what the product keeps of the last pages must not help here.
    draft._pages = Lately(0)
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
            (folder / "filled").write_text(" ".join(_fill()))
    user_id, ours, stock = (folder / "filled").read_text().split(" ")
    _add_sign_in(flask_app, UUID(user_id))
    add_stock_page(flask_app, long_page())
    return flask_app, f"/diagnoses/{ours}/fill/{SECTION}/firm/{PAGE}", f"/stock/{stock}"


def long_page() -> Page:
    """Return the page with twelve questions."""
    section = next(section for section in with_one_long_page("auto_parts").sections if section.id == SECTION)
    return section.pages[0]


def _fill() -> tuple[str, str, str]:
    boss, _ = accounts.create("system", email="boss@example.com", name="管理员", role=Role.ADMINISTRATOR)
    firm = Firm(uscc="91500157MA00AA017C", name="示例汽车零部件有限公司", district="500157", created_at=boss.created_at)
    db.session.add(firm)
    db.session.flush()
    manager, _ = accounts.create(
        "system", email="m@example.com", name="厂长", role=Role.FACTORY_MANAGER, firm_id=firm.id
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


def _add_sign_in(flask_app: Flask, user_id: UUID) -> None:
    """Spare the measurement the password; everything after it is as always."""

    @flask_app.get("/bench-sign-in")
    @requires(PUBLIC)
    def bench_sign_in() -> ResponseReturnValue:
        login_user(db.session.get_one(User, user_id))
        return redirect("/")


def serve() -> Flask:
    """For the server: the application on the folder in BENCH_FOLDER."""
    return prepare(Path(os.environ["BENCH_FOLDER"]))[0]
