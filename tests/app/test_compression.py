"""Long pages are compressed for who can read them so; short ones, files and other browsers are left alone."""

from __future__ import annotations

import gzip

import pytest

from app.compression import LEAST_BYTES
from tests.factories import make_diagnosis, make_firm, make_user, sign_in

GZIP = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture
def overview(flask_app, client) -> str:
    """The address of a long page."""
    firm = make_firm(flask_app, {"一工厂": ("冲压车间", "焊装车间")})
    sign_in(client, make_user(flask_app, firm_id=firm.id))
    return f"/diagnoses/{make_diagnosis(flask_app, firm).id}"


def test_a_long_page_is_a_quarter_of_its_size_on_the_way_and_the_same_afterwards(client, overview):
    plain, packed = client.get(overview), client.get(overview, headers=GZIP)

    assert len(plain.data) > LEAST_BYTES
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 4
    assert gzip.decompress(packed.data).decode() == plain.text
    assert packed.headers["Cache-Control"] == "no-store"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Accept-Encoding" in plain.headers["Vary"]


@pytest.mark.parametrize("encodings", ["", "identity", "br", "gzip;q=0"])
def test_a_browser_that_cannot_read_it_gets_the_page_as_it_is(client, overview, encodings):
    answer = client.get(overview, headers={"Accept-Encoding": encodings})

    assert "Content-Encoding" not in answer.headers
    assert answer.text.startswith("<!doctype html>")


def test_the_size_of_a_page_says_nothing_exact_about_what_stands_in_it(client, overview):
    sizes = {len(client.get(overview, headers=GZIP).data) for _ in range(12)}

    assert len(sizes) > 3


def test_a_page_of_questions_goes_as_it_is(client, overview):
    answer = client.get(f"{overview}/fill/profile/firm/size", headers=GZIP)

    assert "Content-Encoding" not in answer.headers


def test_a_file_to_take_away_goes_as_it_is(client, overview):
    assert "Content-Encoding" not in client.get(f"{overview}/diagnosis.json", headers=GZIP).headers
