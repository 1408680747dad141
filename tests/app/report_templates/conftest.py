"""A consultant who writes report templates, and the firm that the consultant is assigned to."""

from __future__ import annotations

import pytest

from tests.factories import make_consultant, make_firm


@pytest.fixture
def firm(flask_app):
    return make_firm(flask_app)


@pytest.fixture
def consultant(flask_app, firm):
    return make_consultant(flask_app, firm)
