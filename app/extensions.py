"""The Flask extensions, made once; imports nothing of ours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from flask import has_request_context, request
from flask_babel import Babel
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import Connection, DateTime, Engine, MetaData, event
from sqlalchemy import Enum as EnumType
from sqlalchemy.orm import DeclarativeBase

Row = TypeVar("Row", bound="Base")
READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Base(DeclarativeBase):
    """Every table; constraints are named so that migrations can name them on any database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def to_be_read(kind: type[Row], columns: Mapping[str, Any]) -> Row:
    """Return a row as an object that belongs to no session: what is changed in it is stored nowhere."""
    made = kind()
    made.__dict__.update(columns)
    return made


# Moments keep their zone where the database can; choices are stored as the words of the code, in plain text columns.
Base.registry.update_type_annotation_map(
    {
        datetime: DateTime(timezone=True),
        Enum: EnumType(Enum, native_enum=False, length=32, values_callable=lambda kind: [one.value for one in kind]),
    }
)

db = SQLAlchemy(model_class=Base)
migrate = Migrate(directory=str(Path(__file__).parent.parent / "migrations"), render_as_batch=True, compare_type=True)
csrf = CSRFProtect()
login = LoginManager()
babel = Babel()


# The log goes into the database every 16 MB, not every 4: a save touches many pages, and each time waits for the disk.
SQLITE = ("journal_mode=WAL", "busy_timeout=10000", "foreign_keys=ON", "synchronous=NORMAL", "wal_autocheckpoint=4000")


@event.listens_for(Engine, "connect")
def _open_sqlite(connection: Any, _record: object) -> None:
    if connection.__class__.__module__ != "sqlite3":
        return
    connection.isolation_level = None  # transactions begin below, not behind our back
    for pragma in SQLITE:
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once where a write may follow, so that no transaction fails half-way for want of it."""
    if connection.dialect.name != "sqlite":
        return
    reads_only = has_request_context() and request.method in READING_METHODS
    sqlite: Any = connection.connection.driver_connection  # asked directly: it happens at every request
    sqlite.execute("BEGIN" if reads_only else "BEGIN IMMEDIATE")
