"""One firm with two workshops and its diagnosis, for the tests that look at drafts without pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask_login import login_user

from app.diagnosis.draft import Draft, read_draft
from app.diagnosis.models import Diagnosis
from app.extensions import db
from app.firms.models import Firm
from tests.factories import make_diagnosis, make_firm, make_user, parts_of


@pytest.fixture
def a_firm(flask_app: Flask) -> Firm:
    return make_firm(flask_app, {"一工厂": ("冲压车间", "焊装车间")}, name="示例山城零部件厂")


@pytest.fixture
def keys(flask_app: Flask, a_firm: Firm) -> dict[str, str]:
    """The subject keys of the factory and the workshops by their names."""
    return {name: str(identity) for name, identity in parts_of(flask_app, a_firm).items()}


@pytest.fixture
def draft_of(flask_app: Flask, a_firm: Firm) -> Iterator[Callable[..., Draft]]:
    """Read a diagnosis with these answers, signed in as the firm's manager."""
    person = make_user(flask_app, firm_id=a_firm.id)

    def read(answers: dict[Any, Any] | None = None) -> Draft:
        made = make_diagnosis(flask_app, a_firm, answers)
        db.session.rollback()
        return read_draft(db.session.get_one(Diagnosis, made.id))

    with flask_app.test_request_context():
        login_user(person)
        yield read
