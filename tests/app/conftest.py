"""The application and a browser for the tests of app/."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import empty_again, make_app


@pytest.fixture(scope="session")
def _one_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return make_app(tmp_path_factory.mktemp("app"))


@pytest.fixture
def flask_app(_one_app: Flask) -> Flask:
    """The application on an empty database."""
    empty_again(_one_app)
    return _one_app


@pytest.fixture
def client(flask_app: Flask) -> FlaskClient:
    """A browser without a session; `factories.sign_in(client, user)` gives it one."""
    return flask_app.test_client()


@pytest.fixture
def data_dir(flask_app: Flask) -> Path:
    """The folder where the application writes its files."""
    folder: Path = flask_app.config["ZHIZHEN"].data_dir
    return folder
