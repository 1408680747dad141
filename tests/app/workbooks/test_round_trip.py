"""Whatever a firm may say comes back from a workbook as it was, also when LibreOffice has saved it."""

from __future__ import annotations

from io import BytesIO
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from app.extensions import db
from app.workbooks import service
from app.workbooks.reader import read_book
from tests.factories import make_diagnosis, make_firm, make_user
from tests.libreoffice import soffice
from tests.random_answers import random_workshops
from tests.round_trip import facts_of, filled_workbook, saved_by_libreoffice, taken_in

needs_libreoffice = pytest.mark.skipif(
    soffice() is None,
    reason="no round trip without LibreOffice: install libreoffice-calc-nogui and run the tests again",
)
# One diagnosis takes in one file after the other, so that answers are changed and taken back as well.
several_files = settings(
    max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@several_files
@given(seed=st.integers(0, 2**32))
def test_every_answer_comes_back_as_it_was(draft_of, at_work, seed):
    if "diagnosis" not in _once:
        _once["diagnosis"] = draft_of().diagnosis.id
    diagnosis_id = _once["diagnosis"]
    content, facts = filled_workbook(at_work, diagnosis_id, seed)

    assert taken_in(at_work, diagnosis_id, content) == (facts, ())


_once: dict[str, object] = {}


@pytest.fixture(autouse=True)
def _anew():
    _once.clear()


def test_a_workbook_that_nobody_touched_changes_nothing(draft_of, at_work):
    diagnosis_id = draft_of().diagnosis.id
    taken_in(at_work, diagnosis_id, filled_workbook(at_work, diagnosis_id, 1)[0])
    content = service.workbook_of(at_work, diagnosis_id)[1]
    file_id = service.send(at_work, diagnosis_id, content, "a.xlsx").id

    assert service.preview(at_work, diagnosis_id, file_id).changes == ()


@needs_libreoffice
def test_what_libreoffice_has_computed_and_saved_comes_back_as_it_was(flask_app, tmp_path, at_work):
    given = []
    for seed in range(3):
        firm = make_firm(flask_app, random_workshops(Random(seed)))
        diagnosis, person = make_diagnosis(flask_app, firm), make_user(flask_app, firm_id=firm.id)
        content, facts = filled_workbook(person, diagnosis.id, seed)
        file = tmp_path / f"{seed}.xlsx"
        file.write_bytes(content)
        given.append((person, diagnosis.id, file, facts))
        db.session.rollback()
    saved = saved_by_libreoffice([file for _person, _id, file, _facts in given], tmp_path)

    for (person, diagnosis_id, _file, facts), file in zip(given, saved, strict=True):
        assert taken_in(person, diagnosis_id, file.read_bytes()) == (facts, ())
        db.session.rollback()


@needs_libreoffice
def test_libreoffice_computes_counts_and_answers_and_keeps_what_is_hidden_and_locked(
    draft_of, at_work, downloaded, tmp_path
):
    file = downloaded(draft_of({"employees": 300}))
    file.fill("firm employees", "=100*3+20")
    file.fill("firm policy_fit", unknown="√")
    file.fill("firm systems=thermal", "√")
    (tmp_path / "a.xlsx").write_bytes(file.content())
    (saved,) = saved_by_libreoffice([tmp_path / "a.xlsx"], tmp_path)
    content = saved.read_bytes()
    profile = next(sheet for sheet in read_book(content).sheets if sheet.name == "企业概况")
    values = {row.key: row.cells["answer"].value for row in profile.rows}
    guide = load_workbook(BytesIO(content), data_only=True).worksheets[0]

    assert values["firm employees"] == 320
    assert values["firm systems"] == "已选 1 项"
    assert {row[1].value: row[3].value for row in guide.iter_rows(max_col=4)}["企业概况"] == 3
    sheet = load_workbook(saved)["数据"]
    assert sheet.column_dimensions["A"].hidden
    assert sheet.protection.sheet
    assert not sheet["F6"].protection.locked
    assert sheet["E6"].protection.locked
    assert any("全部满足" in (rule.formula1 or "") for rule in sheet.data_validations.dataValidation)


def test_facts_that_do_not_count_now_come_back_too(draft_of, at_work):
    """An answer off the path is kept, not counted, and travels with the workbook."""
    draft = draft_of({"traditional_maker": False, "baseline_year": 2020})

    assert "baseline_year" in facts_of(draft).said["firm"]
    assert "baseline_year" not in facts_of(draft).filled.firm.facts
    content = service.workbook_of(at_work, draft.diagnosis.id)[1]
    row = next(row for sheet in read_book(content).sheets for row in sheet.rows if row.key == "firm baseline_year")
    assert row.cells["answer"].value == 2020
