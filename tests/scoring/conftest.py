"""A folder of criteria that a test may change."""

from __future__ import annotations

import shutil

import pytest

from scoring.criteria_file import CRITERIA_DIR


class CriteriaFolder:
    """A copy of the shipped criteria; `change` replaces text in one file and refuses to replace nothing."""

    def __init__(self, path):
        self.path = path

    def change(self, name, old, new):
        file = self.path / name
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{old!r} does not stand in {name}"
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        return self

    def line_of(self, name, text):
        lines = (self.path / name).read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, 1) if text in line)


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(CRITERIA_DIR, tmp_path / "criteria")
    return CriteriaFolder(tmp_path / "criteria")
