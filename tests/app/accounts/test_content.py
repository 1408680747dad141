"""What authors see of the data files."""

from __future__ import annotations

from unittest.mock import patch

from flask import Flask
from flask.testing import FlaskClient

from app.access import Role
from app.accounts import content
from tests.factories import make_user, sign_in


def test_each_criteria_file_stands_with_its_document_and_how_sure_its_parts_are(flask_app: Flask) -> None:
    with flask_app.app_context():
        rows = {row.criteria.id: row for row in content.overview().criteria}

    assert rows["gbt_39117_2020_discrete"].requirements == 207
    assert sum(count for _code, count in rows["gbt_39117_2020_discrete"].confidences) == 207
    assert rows["sme_digital_2024"].requirements == 31
    assert rows["conversion"].confidences == (("ours", 6),)


def test_faults_of_the_files_are_listed_as_lint_says_them(flask_app: Flask, client: FlaskClient) -> None:
    sign_in(client, make_user(flask_app, Role.AUTHOR))
    with patch.object(content, "_faults", lambda: ("criteria/x.yaml:3: W2: <no source>. Add source.",)):
        page = client.get("/content").text

    assert "文件有 1 处问题。" in page
    assert "criteria/x.yaml:3: W2: &lt;no source&gt;. Add source." in page
    assert "全部通过检查" not in page
