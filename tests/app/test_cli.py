"""The commands: what they write, what they say, and with which status they end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import update

from app import cli
from app.accounts.models import User
from app.audit import AuditEvent
from app.extensions import db
from app.storage import Store, measure
from questionnaires.exchange import read_diagnosis
from questionnaires.loader import load
from questionnaires.progress import progress
from tests.factories import make_diagnosis, make_evidence, make_firm

DIAGNOSIS = """\
format: zhizhen/diagnosis@1
questionnaire: auto_parts
as_of: 2026-10-31
firm:
  name: 重庆某某汽车零部件有限公司
  uscc: 91500157MA00AA017C
  district: "500157"
  production_type: discrete
  employees: 320
facts:
  org_strategy.L1.1: full
factories:
  - name: 一工厂
    workshops:
      - name: 冲压车间
        facts: {equipment_count: 120, equipment_digital_count: 54}
"""


def _flask(root: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the command line on a machine that has no settings."""
    return subprocess.run(
        [sys.executable, "-m", "flask", *arguments],
        cwd=root,
        env={"PATH": os.environ["PATH"], "PYTHONUTF8": "1", **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


def test_a_diagnosis_file_is_judged_without_settings_server_or_database(root: Path, tmp_path: Path) -> None:
    (tmp_path / "firm.yaml").write_text(DIAGNOSIS, encoding="utf-8")
    done = _flask(root, "diagnose", str(tmp_path / "firm.yaml"), "--out", str(tmp_path / "out"))
    result = json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))
    workshop = next(one for one in result["assessments"] if one["criteria"] == "cq_digital_workshop")

    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert (tmp_path / "out" / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert result["format"] == "zhizhen/result@1"
    assert workshop["subject"] == {"kind": "workshop", "factory": "一工厂", "name": "冲压车间"}
    assert workshop["outcome"] == "not_met"
    assert {"low": "45", "high": "45"} in [one.get("value") for one in workshop["requirements"]]


def test_a_faulty_file_gives_one_line_a_fault_and_writes_nothing(root: Path, tmp_path: Path) -> None:
    faulty = DIAGNOSIS.replace("017C", "017D").replace("employees: 320", "employees: many")
    (tmp_path / "firm.yaml").write_text(faulty, encoding="utf-8")
    done = _flask(root, "diagnose", str(tmp_path / "firm.yaml"), "--out", str(tmp_path / "out"))
    lines = done.stderr.splitlines()

    assert done.returncode == 1
    assert done.stdout == ""
    assert len(lines) == 2
    assert lines[0].startswith("firm.yaml:6: firm.uscc: ")
    assert "末位应为 C，填写的是 D" in lines[0]
    assert lines[1].startswith("firm.yaml:9: firm.employees: ")
    assert not (tmp_path / "out").exists()


def test_answers_that_contradict_each_other_are_refused_with_both_figures(root: Path, tmp_path: Path) -> None:
    contradicting = DIAGNOSIS.replace("equipment_digital_count: 54", "equipment_digital_count: 154")
    (tmp_path / "firm.yaml").write_text(contradicting, encoding="utf-8")
    done = _flask(root, "diagnose", str(tmp_path / "firm.yaml"), "--out", str(tmp_path / "out"))

    assert done.returncode == 1
    assert "生产装备总数 120 台（套），数字化装备数 154 台（套）" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_answers_that_a_consultant_would_only_ask_about_are_judged_all_the_same() -> None:
    questionable = DIAGNOSIS.replace("org_strategy.L1.1: full", "org_strategy.L1.1: full\n  data.L2.1: none")
    questionable = questionable.replace("equipment_digital_count: 54", "uploading_device_count: 4")
    filled = read_diagnosis(questionable, "firm.yaml")
    done = progress(load("auto_parts"), filled)

    assert [found.check.doubtful for found in done.contradictions] == [True]
    assert list(cli._contradictions(filled, "firm.yaml")) == []


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"format: zhizhen/diagnosis@1\n  x", b"[1, 2]"])
def test_a_file_that_is_no_diagnosis_is_refused_in_words(root: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "firm.yaml").write_bytes(content)
    done = _flask(root, "diagnose", str(tmp_path / "firm.yaml"), "--out", str(tmp_path / "out"))

    assert done.returncode == 1
    assert done.stderr.startswith("firm.yaml")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [("db", "upgrade"), ("run",), ("audit", "verify"), ("demo", "load")])
def test_what_needs_settings_says_which_ones(root: Path, arguments: tuple[str, ...]) -> None:
    done = _flask(root, *arguments)

    assert done.returncode != 0
    assert "请设置环境变量 SECRET_KEY、DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("room", ["questionnaires", "criteria"])
def test_the_data_files_have_no_fault(flask_app: Flask, room: str) -> None:
    done = flask_app.test_cli_runner().invoke(args=[room, "lint"])

    assert done.output == f"{room}: no faults\n"
    assert done.exit_code == 0


def test_lint_names_file_line_and_remedy_of_a_faulty_criteria_file(flask_app: Flask, tmp_path: Path) -> None:
    faulty = tmp_path / "faulty.yaml"
    faulty.write_text("id: faulty\nid: again\n", encoding="utf-8")
    done = flask_app.test_cli_runner().invoke(args=["criteria", "lint", str(faulty)])

    assert done.exit_code == 1
    assert "faulty.yaml:2" in done.stderr


def test_verify_tells_a_whole_chain_from_a_broken_one(flask_app: Flask) -> None:
    make_firm(flask_app)
    runner = flask_app.test_cli_runner()
    whole = runner.invoke(args=["audit", "verify"])
    with flask_app.app_context(), db.engine.begin() as connection:
        connection.execute(update(AuditEvent).values(actor="somebody else"))
    broken = runner.invoke(args=["audit", "verify"])

    assert (whole.exit_code, whole.output) == (0, "audit: the chain is whole\n")
    assert broken.exit_code == 1
    assert "第 1 条事件的内容被改动过" in broken.stderr


def test_evidence_is_held_against_its_digest_and_what_no_entry_names_is_counted(flask_app: Flask) -> None:
    file = make_evidence(flask_app, make_diagnosis(flask_app))
    store, runner = Store(flask_app.config["ZHIZHEN"].data_dir / "evidence"), flask_app.test_cli_runner()
    whole = runner.invoke(args=["evidence", "check"])
    orphan = measure(BytesIO(b"orphan")).digest
    store.keep(BytesIO(b"orphan"), orphan)
    young = runner.invoke(args=["evidence", "check", "--sweep"])
    os.utime(store.path(orphan), (1, 1))
    counted = runner.invoke(args=["evidence", "check"])
    swept = runner.invoke(args=["evidence", "check", "--sweep"])
    store.path(file.digest).write_bytes(b"something else")
    changed = runner.invoke(args=["evidence", "check"])

    assert (whole.exit_code, whole.output) == (0, "evidence: 1 whole\n")
    assert young.output == "evidence: 0 erased\nevidence: 1 whole\n"
    assert counted.output == "evidence: 1 named by no entry, 0 broken off\nevidence: 1 whole\n"
    assert swept.output == "evidence: 1 erased\nevidence: 1 whole\n"
    assert list(store.digests()) == [file.digest]
    assert changed.exit_code == 1
    assert "内容与上传时不同，请从备份恢复" in changed.stderr
    assert file.name in changed.stderr


def test_the_first_account_of_an_installation_is_made_on_the_command_line(flask_app: Flask) -> None:
    given = ["accounts", "create", "--email", "chen@example.com", "--name", "陈", "--role", "administrator"]
    runner = flask_app.test_cli_runner()
    made, again = runner.invoke(args=given), runner.invoke(args=given)
    address, password = made.output.split()

    assert (made.exit_code, address, len(password)) == (0, "chen@example.com", 19)
    assert again.exit_code == 1
    assert "已有账号" in again.stderr
    with flask_app.app_context():
        assert db.session.query(User).one().must_change_password is True


@pytest.mark.parametrize(("language", "title"), [("zh", "空白问卷"), ("en", "Blank questionnaire")])
def test_a_questionnaire_is_printed_without_settings_server_or_database(root: Path, tmp_path: Path, language, title):
    out = tmp_path / "made" / "questionnaire.pdf"
    done = _flask(root, "questionnaires", "print", "--out", str(out), "--language", language)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == str(out)
    assert title in PdfReader(out).pages[0].extract_text()


def test_a_questionnaire_that_is_not_published_is_not_printed(root: Path, tmp_path: Path):
    done = _flask(root, "questionnaires", "print", "--out", str(tmp_path / "q.pdf"), "--version", "1999.1")

    assert done.returncode == 1
    assert "没有名为“auto_parts 1999.1”的问卷" in done.stderr
    assert not (tmp_path / "q.pdf").exists()
