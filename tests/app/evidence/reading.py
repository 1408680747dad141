"""What a browser sends with files, and what the database says afterwards."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.audit import AuditEvent
from app.diagnosis.models import EvidenceFile
from app.evidence import service
from app.extensions import db


def upload(*files: tuple[str, bytes]) -> dict[str, Any]:
    """What a browser sends: built here, as the test client leaves open what it builds of large files."""
    boundary, body = encode_multipart({"files": [FileStorage(BytesIO(content), name) for name, content in files]})
    return {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}


def files(flask_app: Flask) -> list[EvidenceFile]:
    """Every row of a file, the oldest first."""
    with flask_app.app_context():
        return rows()


def rows() -> list[EvidenceFile]:
    """The same inside of an application."""
    return list(db.session.scalars(select(EvidenceFile).order_by(EvidenceFile.added_at)))


def events() -> list[tuple[str, dict[str, Any]]]:
    """What is on record about evidence."""
    query = select(AuditEvent).where(AuditEvent.action.startswith("evidence.")).order_by(AuditEvent.number)
    return [(event.action, event.detail) for event in db.session.scalars(query)]


def kept() -> list[str]:
    """The digests of what lies on disk."""
    return list(service.storage().digests())
