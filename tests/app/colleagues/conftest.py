"""A firm that fills in, for the tests of who helps and what is said."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.diagnosis.models import Diagnosis
from app.firms.models import Firm
from tests.factories import make_diagnosis, make_firm, make_user, sign_in

Signed = Callable[[User], FlaskClient]


@pytest.fixture
def firm(flask_app: Flask) -> Firm:
    return make_firm(flask_app, {"一工厂": ("冲压车间", "焊装车间")}, name="示例山城零部件厂")


@pytest.fixture
def diagnosis(flask_app: Flask, firm: Firm) -> Diagnosis:
    return make_diagnosis(flask_app, firm)


@pytest.fixture
def manager(flask_app: Flask, firm: Firm) -> User:
    return make_user(flask_app, firm_id=firm.id, name="王厂长")


@pytest.fixture
def browser_of(flask_app: Flask) -> Signed:
    """Open a browser of its own for a person who has signed in."""

    def opened(user: User) -> FlaskClient:
        client = flask_app.test_client()
        sign_in(client, user)
        return client

    return opened
