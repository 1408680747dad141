"""Files of static/: kept for good by an address that names their content, never with a session in tow."""

from __future__ import annotations

import gzip
import re

import pytest

from app.assets import FOLDER, asset
from tests.factories import make_user, sign_in

PAGE = FOLDER / "app.css"


def address(flask_app, filename="app.css"):
    with flask_app.test_request_context():
        return flask_app.url_for("static", filename=filename)


def test_the_address_of_a_file_names_its_content(flask_app):
    digest = asset("app.css").digest

    assert address(flask_app) == f"/static/app.css?v={digest}"
    assert re.fullmatch("[0-9a-f]{16}", digest)


def test_every_file_that_a_page_loads_is_kept_for_good(flask_app, client):
    sign_in(client, make_user(flask_app))
    page = client.get("/firms/own", follow_redirects=True).text
    loaded = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)

    assert len(loaded) >= 3
    assert {client.get(one).headers["Cache-Control"] for one in loaded} == {"public, max-age=31536000, immutable"}


@pytest.mark.parametrize("version", ["", "?v=0123456789abcdef"])
def test_an_address_without_the_digest_of_today_is_asked_for_again(client, version):
    answer = client.get(f"/static/app.css{version}")
    again = client.get(f"/static/app.css{version}", headers={"If-None-Match": answer.headers["ETag"]})

    assert answer.headers["Cache-Control"] == "no-cache"
    assert (answer.status_code, again.status_code) == (200, 304)


def test_a_file_travels_packed_where_the_browser_can_read_it_so(flask_app, client):
    packed = client.get(address(flask_app), headers={"Accept-Encoding": "gzip, deflate"})
    plain = client.get(address(flask_app))

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data == PAGE.read_bytes()
    assert len(packed.data) < len(plain.data) / 3
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"


def test_a_file_is_sent_without_the_cookie_of_the_session(flask_app, client):
    sign_in(client, make_user(flask_app))

    assert "Set-Cookie" not in client.get(address(flask_app)).headers
    assert "Set-Cookie" in client.get("/password").headers


@pytest.mark.parametrize("name", ["app.py", "../settings.py", "..%2fsettings.py", "", "%00", "vendor/echarts.min.js"])
def test_nothing_else_is_served(client, name):
    assert client.get(f"/static/{name}").status_code == 404


def test_styles_and_scripts_say_what_they_are(client):
    kinds = {client.get(f"/static/{name}").mimetype for name in ("app.css", "app.js", "mark.svg")}

    assert kinds == {"text/css", "text/javascript", "image/svg+xml"}
