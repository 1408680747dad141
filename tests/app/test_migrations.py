"""The migrations make exactly the tables of the models, are numbered, and lead back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from app.extensions import db
from tests.factories import make_app

VERSIONS = Path(__file__).parents[2] / "migrations" / "versions"


@pytest.fixture
def bare_app(tmp_path: Path) -> Flask:
    """The application on a database without any table."""
    flask_app = make_app(tmp_path)
    with flask_app.app_context():
        db.session.remove()
        db.engine.dispose()
    (tmp_path / "test.db").unlink()
    return flask_app


def test_the_migrations_make_the_tables_of_the_models(bare_app: Flask) -> None:
    with bare_app.app_context():
        upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})

            assert compare_metadata(context, db.metadata) == []


def test_the_migrations_lead_back_to_nothing_and_up_again(bare_app: Flask) -> None:
    with bare_app.app_context():
        upgrade()
        downgrade(revision="base")
        left = set(inspect(db.engine).get_table_names())
        upgrade()

        assert left == {"alembic_version"}
        assert "audit_event" in inspect(db.engine).get_table_names()


def test_the_migrations_are_numbered_without_a_gap_and_say_what_changes_for_people() -> None:
    files = sorted(VERSIONS.glob("*.py"))
    for number, file in enumerate(files, start=1):
        source = file.read_text(encoding="utf-8")

        assert re.fullmatch(rf"{number:04d}_[a-z0-9_]+", file.stem)
        assert f'revision = "{file.stem}"' in source
        assert len(source.split('"""')[1].strip().splitlines()) >= 3
    assert files
