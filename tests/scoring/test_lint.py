import shutil

import pytest
import yaml

from questionnaires.facts import ROOM as QUESTIONNAIRES
from scoring.lint import lint_criteria
from tests.conftest import ROOT

WORKSHOP, CONVERSION = "cq_digital_workshop.yaml", "conversion.yaml"
FAULTS = yaml.safe_load((ROOT / "tests" / "cases" / "criteria_faults.yaml").read_text(encoding="utf-8"))["cases"]


def faults_of(folder, name):
    return lint_criteria([folder.path / name])


def test_the_shipped_criteria_have_no_fault():
    assert lint_criteria() == []


def test_a_copy_of_the_shipped_criteria_has_no_fault_either(folder):
    assert lint_criteria(sorted(folder.path.glob("*.yaml"))) == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault["name"])
def test_the_lint_refuses(folder, fault):
    name = fault["file"]
    folder.change(name, fault["old"], fault["new"])
    found = faults_of(folder, name)

    assert any(fault["said"] in line for line in found), found
    assert all(f"/criteria/{name}:" in line for line in found)


def test_a_fault_names_the_line_and_what_to_do(folder):
    folder.change(WORKSHOP, "[equipment_digital_rate, threshold]", "[equipment_digtal_rate, threshold]")
    line = folder.line_of(WORKSHOP, "equipment_digtal_rate")

    assert f"{WORKSHOP}:{line}: requirements.W2.that" in faults_of(folder, WORKSHOP)[0]
    assert faults_of(folder, WORKSHOP)[0].endswith("Did you mean “equipment_digital_rate”?")


def test_all_faults_of_a_file_are_found_at_once(folder):
    folder.change(WORKSHOP, "[systems_integrated, true]", "[systems_integrate, true]")
    folder.change(WORKSHOP, "[data_upload_rate, threshold]", "[data_upload, threshold]")

    assert len(faults_of(folder, WORKSHOP)) == 2


def test_a_fact_that_no_questionnaire_asks_is_named_with_its_line(folder, tmp_path):
    room = tmp_path / "room"
    copy_without_definitions(room)
    found = lint_criteria([folder.path / CONVERSION], room)

    assert any("no questionnaire asks “conversion_a_series_supply”" in line for line in found)
    assert all("conversion.yaml:" in line for line in found)


def copy_without_definitions(room):
    shutil.copytree(QUESTIONNAIRES / "facts", room / "facts")
    (room / "definitions").mkdir()
    for path in QUESTIONNAIRES.glob("*.yaml"):
        shutil.copy(path, room)


def test_criteria_that_are_judged_before_what_they_read_are_refused(folder):
    folder.change("cq_smart_factory.yaml", "order: 30", "order: 15")

    assert "is judged after" in faults_of(folder, "indicators.yaml")[0]


def test_an_unreadable_file_is_one_fault_and_not_a_stack(folder):
    (folder.path / CONVERSION).write_text("id: [", encoding="utf-8")

    assert len(faults_of(folder, CONVERSION)) == 1
