"""The migrations make exactly the tables of the models, are numbered, and lead back."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from uuid import UUID, uuid4

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


def test_the_digest_of_a_pdf_moves_to_its_files_and_back(bare_app: Flask) -> None:
    printed, waiting = uuid4(), uuid4()
    with bare_app.app_context():
        upgrade(revision="0010_report_batches")
        _early_reports({printed: "a" * 64, waiting: None})
        upgrade(revision="0011_report_files")
        after = _rows("SELECT report_id, form, name, sha256, size FROM report_file")
        downgrade(revision="0010_report_batches")
        back = _rows("SELECT id, sha256 FROM issued_report")

        assert after == [(printed.hex, "pdf", f"{printed}.pdf", "a" * 64, None)]
        assert sorted(back) == sorted([(printed.hex, "a" * 64), (waiting.hex, None)])


def _early_reports(digests: dict[UUID, str | None]) -> None:
    """Add reports without anything that they hang on, as they were before their files had rows."""
    columns = "id, diagnosis_id, record_id, edition, language, state, attempts, sha256, requested_by, requested_at"
    connection = sqlite3.connect(db.engine.url.database or "")
    for report_id, digest in digests.items():
        row = report_id.hex, "0" * 32, "0" * 32, "self", "zh", "ready", 1, digest, "0" * 32, "2026-11-01"
        connection.execute(f"INSERT INTO issued_report ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    connection.commit()
    connection.close()


def _rows(query: str) -> list[tuple[object, ...]]:
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]
