"""The README's examples are run as they stand: a diagnosis file, the commands of an installation, a copy of its data.

Both READMEs show the same code (tests/test_promises.py), so one of them is run.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from questionnaires.exchange import read_diagnosis
from scoring.assessment import assess_diagnosis
from scoring.loader import load_all
from tests.readme import BOTH, ROOT, blocks, quoted, table_with, text

README = BOTH[0]
EXAMPLE = blocks(README, "yaml")[0]
WRITTEN = ("result.json", "report.pdf", "report.docx", "workpaper.xlsx")
PROGRAMS = Path(sys.executable).parent


def _run(command: str, folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run lines of the README in bash, with the programs beside this Python, and nothing set that is not said."""
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command.replace(".venv/bin/", f"{PROGRAMS}/")],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONUTF8": "1", **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


# --- the diagnosis file ----------------------------------------------------------------------------------------------


@dataclass
class Judged:
    """What the command of the README made of its example."""

    folder: Path
    done: subprocess.CompletedProcess[str]

    @property
    def assessments(self) -> list[dict[str, Any]]:
        written = json.loads((self.folder / "out/result.json").read_text(encoding="utf-8"))
        return written["assessments"]


@pytest.fixture(scope="module")
def judged(tmp_path_factory) -> Judged:
    """The example file, judged by the command as it is printed, with both paths in a folder of the test."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "example.yaml").write_text(EXAMPLE, encoding="utf-8")
    [command] = [block for block in blocks(README, "sh") if "flask diagnose" in block]
    command = re.sub(r"(?<=\s)(example\.yaml|out)\b", rf"{folder}/\1", command)
    return Judged(folder, _run(command, ROOT))


def test_the_command_judges_the_example_without_any_settings(judged):
    assert judged.done.returncode == 0, judged.done.stderr
    assert judged.done.stdout.split() == [f"{judged.folder}/out/{name}" for name in WRITTEN]
    assert (judged.folder / "out/report.pdf").read_bytes().startswith(b"%PDF-")
    assert (judged.folder / "out/report.docx").read_bytes().startswith(b"PK")


@pytest.mark.parametrize("readme", BOTH)
def test_the_outcomes_are_those_that_the_table_states(judged, readme):
    stated = [(quoted(row[0])[0], row[1], quoted(row[2])[0]) for row in table_with(readme, "`gbt_39117_2020_discrete`")]
    found = [(one["criteria"], one["subject"]["name"], one["outcome"]) for one in judged.assessments]

    assert stated == found


@pytest.mark.parametrize("readme", BOTH)
def test_the_number_that_decides_is_the_one_that_the_table_states(judged, readme):
    for row, one in zip(table_with(readme, "`gbt_39117_2020_discrete`"), judged.assessments, strict=True):
        decided_by, numbers, threshold = quoted(row[3])[0], re.findall(r"\d+", row[4]), row[5]
        if decided_by == "level":
            value = one["level"]
        else:
            [requirement] = [each for each in one["requirements"] if each["id"] == decided_by]
            value = requirement.get("value")
            assert requirement["state"] == one["outcome"]
            assert requirement.get("threshold", "") == threshold

        assert numbers == ([] if value is None else list(dict.fromkeys(str(value[end]) for end in ("low", "high"))))


@pytest.mark.parametrize("readme", BOTH)
def test_the_sentence_below_the_table_tells_the_coverage(judged, readme):
    coverage = judged.assessments[0]["coverage"]

    assert (coverage["asked"], coverage["answered"], coverage["unknown"]) == (194, 2, 1)
    assert ("two answers of 194" if readme == README else "194 项里答了两项") in " ".join(text(readme).split())


@pytest.mark.parametrize(("known", "outcome"), [("true", "met"), ("false", "not_met")])
def test_the_second_workshop_is_open_because_of_one_answer_alone(known, outcome):
    example = EXAMPLE.replace("mes_logistics: {unknown: true}", f"mes_logistics: {known}")
    answered = read_diagnosis(example, "example.yaml")
    assessments = assess_diagnosis(answered, load_all(answered.as_of))
    [second] = [one for one in assessments if one.subject_name == "焊装车间"]

    assert second.outcome == outcome


def test_the_plan_of_the_example_says_what_the_readme_shows(tmp_path):
    (tmp_path / "example.yaml").write_text(EXAMPLE, encoding="utf-8")
    command = re.sub(r"(?<=\s)(example\.yaml|out)\b", rf"{tmp_path}/\1", _block_with("flask plan"))
    done = _run(command, ROOT)
    written = json.loads((tmp_path / "out/plan.json").read_text(encoding="utf-8"))

    assert done.returncode == 0, done.stderr
    assert done.stdout.replace(f"{tmp_path}/", "") == blocks(README, "text")[0]
    assert written["limits"] == {"budget": 200, "quarters": 4}


@pytest.mark.parametrize("readme", BOTH)
def test_every_key_of_a_plan_stands_in_the_table(readme):
    schema = json.loads((ROOT / "scoring/schemas/plan-1.schema.json").read_text(encoding="utf-8"))
    rows = table_with(readme, _first_of_plan(readme))
    keys = {name for row in rows for name in quoted(row[0])}

    assert keys == schema["properties"].keys() | {"because", "needed_by"}
    assert [schema["properties"]["result"]["enum"]] == [quoted(row[1]) for row in rows if quoted(row[0]) == ["result"]]


def _first_of_plan(readme: str) -> str:
    return "`format`, `as_of`, `program`" if readme == README else "`format`、`as_of`、`program`"


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("91500120MA0000001F", "91500120MA0000001E", "firm.yaml:6: firm.uscc: "),
        ("equipment_digital_count: 54", "equipment_digital_count: many", "equipment_digital_count"),
        ("employees: 320", "employees: 320\n  employees: 330", "firm.yaml:10: firm"),
    ],
)
def test_a_fault_is_named_in_one_line_with_status_one_and_nothing_written(tmp_path, right, wrong, said):
    (tmp_path / "firm.yaml").write_text(EXAMPLE.replace(right, wrong), encoding="utf-8")
    done = _run(f".venv/bin/flask diagnose {tmp_path}/firm.yaml --out {tmp_path}/out", ROOT)

    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert said in done.stderr
    assert not (tmp_path / "out").exists()


# --- an installation -------------------------------------------------------------------------------------------------


@dataclass
class Installation:
    """A folder made by the README's own lines, and what the lines said."""

    folder: Path
    made: subprocess.CompletedProcess[str]

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        return _run(_there(command, self.folder), ROOT, PYTHONPATH=str(self.folder))


def _there(command: str, folder: Path) -> str:
    return command.replace("/var/lib/zhizhen", f"{folder}/data").replace("/var/backups", str(folder))


def _block_with(word: str) -> str:
    [found] = [block for block in blocks(README, "sh") if word in block]
    return found


@pytest.fixture(scope="module")
def installation(tmp_path_factory) -> Installation:
    folder = tmp_path_factory.mktemp("installation")
    lines = _block_with("flask db upgrade").removeprefix("script/setup\n")
    return Installation(folder, _run(_there(lines, folder), ROOT))


def test_the_lines_make_a_database_and_the_first_administrator(installation):
    with sqlite3.connect(installation.folder / "data/zhizhen.db") as database:
        people = database.execute("SELECT email, name, role, must_change_password FROM user").fetchall()

    assert installation.made.returncode == 0, installation.made.stderr
    assert re.search(r"^admin@example\.com  \w{4}-\w{4}-\w{4}-\w{4}$", installation.made.stdout, re.MULTILINE)
    assert people == [("admin@example.com", "管理员", "administrator", 1)]


def test_key_and_data_are_for_the_owner_only(installation):
    data = installation.folder / "data"

    assert data.stat().st_mode & 0o777 == 0o700
    assert (data / "settings.env").stat().st_mode & 0o777 == 0o600
    assert re.search(r"^SECRET_KEY=[0-9a-f]{64}$", (data / "settings.env").read_text(), re.MULTILINE)


def test_the_server_starts_with_these_settings(installation):
    checked = installation.run(_block_with("--bind").replace("gunicorn ", "gunicorn --check-config "))

    assert checked.returncode == 0, checked.stderr


def test_behind_one_web_server_the_visitors_address_is_seen(installation):
    [code] = blocks(README, "python")
    (installation.folder / "behind_proxy.py").write_text(code)
    settings = _block_with("--bind").splitlines()[0]
    question = (
        "from behind_proxy import application as a; from flask import request;"
        "a.add_url_rule('/seen', 'seen', lambda: f'{request.remote_addr} {request.scheme} {request.host}');"
        "a.before_request_funcs.clear();"
        "print(a.test_client().get('/seen', headers={'X-Forwarded-For': '10.9.8.7', 'X-Forwarded-Proto': 'https',"
        " 'X-Forwarded-Host': 'zhizhen.example'}).text)"
    )
    done = installation.run(f'{settings}\n.venv/bin/python -c "{question}"')

    assert done.stdout.split() == ["10.9.8.7", "https", "zhizhen.example"], done.stderr


def test_the_copy_of_a_running_database_holds_everything_and_its_chain_is_whole(installation):
    copied = installation.run(_block_with("backup("))
    settings = _block_with("--bind").splitlines()[0]
    url = f"DATABASE_URL=sqlite:///{installation.folder}/zhizhen.db"
    verified = installation.run(f"{settings}\n{url} .venv/bin/flask audit verify")

    assert copied.returncode == 0, copied.stderr
    assert verified.stdout == "audit: the chain is whole\n", verified.stderr


def test_the_printing_process_ends_when_nothing_waits(installation):
    settings = _block_with("--bind").splitlines()[0]
    done = installation.run(f"{settings}\n.venv/bin/flask jobs work --once")

    assert done.returncode == 0, done.stderr
    assert (installation.folder / "data/messages/waiting").is_dir()
