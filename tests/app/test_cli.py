"""The commands: what they write, what they say, and with which status they end."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import load_workbook
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
from scoring.criteria_file import CRITERIA_DIR
from scoring.loader import load_all
from tests.factories import make_diagnosis, make_evidence, make_firm
from tests.reports.reading_word import Read

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


def test_a_report_is_written_in_the_language_asked_for(root: Path, tmp_path: Path) -> None:
    (tmp_path / "firm.yaml").write_text(DIAGNOSIS, encoding="utf-8")
    done = _flask(root, "diagnose", str(tmp_path / "firm.yaml"), "--lang", "en", "--out", str(tmp_path / "out"))
    reader = PdfReader(tmp_path / "out" / "report.pdf")

    assert done.returncode == 0, done.stderr
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert reader.attachments == {"result.json": [(tmp_path / "out" / "result.json").read_bytes()]}
    assert "Self-assessment (as stated by the firm)" in reader.pages[0].extract_text()


def test_a_diagnosis_file_is_judged_without_settings_server_or_database(root: Path, tmp_path: Path) -> None:
    (tmp_path / "firm.yaml").write_text(DIAGNOSIS, encoding="utf-8")
    done = _flask(root, "diagnose", str(tmp_path / "firm.yaml"), "--out", str(tmp_path / "out"))
    result = json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))
    workshop = next(one for one in result["assessments"] if one["criteria"] == "cq_digital_workshop")

    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert (tmp_path / "out" / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert "冲压车间" in Read((tmp_path / "out" / "report.docx").read_bytes()).text
    assert load_workbook(tmp_path / "out" / "workpaper.xlsx", data_only=True)["封面"]["A4"].value.startswith(
        "● 全部一致"
    )
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


# --- the way to a goal ------------------------------------------------------------------------------------------------

WELDING = (
    DIAGNOSIS
    + """\
      - name: 焊装车间
        facts:
          equipment_count: 40
          equipment_digital_count: 30
          devices_networked_and_monitored: true
          collected_device_count: 30
          uploading_device_count: 27
          mes_planning: true
          mes_execution: true
          mes_logistics: true
          mes_quality: true
          mes_equipment: true
          systems_integrated: true
"""
)
WELDING = WELDING.replace("org_strategy.L1.1: full", "chongqing_legal_person: true\n  policy_fit: true")
LEVEL_1 = ("--goal", "gbt_39117_2020_discrete:1")


@pytest.fixture
def planned(flask_app: Flask, tmp_path: Path):
    """Run `flask plan` on a file; what it said, and the folder it was told to write to."""

    def run(*arguments: str, content: str = WELDING):
        (tmp_path / "firm.yaml").write_text(content, encoding="utf-8")
        out = tmp_path / "out"
        given = ["plan", str(tmp_path / "firm.yaml"), *arguments, "--out", str(out)]
        return flask_app.test_cli_runner().invoke(args=given), out

    return run


def test_a_plan_is_made_without_settings_server_or_database(root: Path, tmp_path: Path) -> None:
    (tmp_path / "firm.yaml").write_text(WELDING, encoding="utf-8")
    given = ("plan", str(tmp_path / "firm.yaml"), *LEVEL_1, "--goal", "cq_digital_workshop:met@焊装车间")
    done = _flask(root, *given, "--by", "2027-12-31", "--people", "20", "--out", str(tmp_path / "out"))
    again = _flask(root, *given, "--by", "2027-12-31", "--people", "20", "--out", str(tmp_path / "again"))
    written = json.loads((tmp_path / "out/plan.json").read_text(encoding="utf-8"))
    said, path = done.stdout.splitlines()

    assert (done.returncode, done.stderr) == (0, "")
    assert path == str(tmp_path / "out/plan.json")
    assert said.startswith(f"能达到目标：{len(written['projects'])} 个项目，{written['total']['likely']} 万元")
    assert (written["result"], written["begins"]) == ("reached", "2027-01-01")
    assert written["limits"] == {"quarters": 4, "people": 20}
    assert [goal["criteria"] for goal in written["goals"]] == ["gbt_39117_2020_discrete", "cq_digital_workshop"]
    assert again.returncode == 0
    assert (tmp_path / "again/plan.json").read_bytes() == (tmp_path / "out/plan.json").read_bytes()


def test_a_goal_that_is_reached_already_is_said_to_cost_nothing(planned) -> None:
    done, out = planned("--goal", "cq_digital_workshop:met@焊装车间", "--budget", "0")
    written = json.loads((out / "plan.json").read_text(encoding="utf-8"))

    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[0] == "目标已经达到，费用 0 万元 / reached already; 万元: 0"
    assert (written["result"], written["total"]["high"]) == ("already", 0)


@pytest.mark.parametrize(
    ("arguments", "result", "said"),
    [
        ((*LEVEL_1, "--budget", "0"), "over_budget", "预算不够：目标至少要"),
        ((*LEVEL_1, "--by", "2027-03-31", "--people", "1"), "too_late", "期限内达不到：最省的办法要"),
        ((*LEVEL_1, "--people", "0", "--by", "2028-12-31"), "too_late", "人手太少，达不到目标"),
        (("--goal", "conversion:met"), "unreachable", "达不到目标：被"),
        (("--goal", "gbt_39117_2020_process:1"), "unreachable", "达不到目标：被 1 项要求挡住"),
    ],
)
def test_a_goal_that_is_out_of_reach_is_answered_in_one_line_and_in_the_file(planned, arguments, result, said) -> None:
    done, out = planned(*arguments)
    written = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    line, path = done.stdout.splitlines()

    assert (done.exit_code, done.stderr) == (0, "")
    assert line.startswith(said)
    assert " / " in line
    assert path == str(out / "plan.json")
    assert written["result"] == result


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--goal", "nothing:1"), "目标“nothing:1”：没有评价标准“nothing”"),
        (("--goal", "gbt_39117_2020_discrete"), "等级应为 1–5"),
        (("--goal", "gbt_39117_2020_discrete:6"), "等级应为 1–5"),
        (("--goal", "gbt_39117_2020_discrete:0"), "等级应为 1–5"),
        (("--goal", "gbt_39117_2020_discrete:-1"), "等级应为 1–5"),
        (("--goal", "cq_digital_workshop:2"), "等级应为 met"),
        (
            ("--goal", "cq_digital_workshop:met@涂装车间"),
            "没有“涂装车间”。请写其中一个：一工厂/冲压车间、一工厂/焊装车间",
        ),
        ((*LEVEL_1, "--budget", "-1"), "--budget“-1”：万元数应是 0 到 1000000 的整数"),
        ((*LEVEL_1, "--budget", "lots"), "--budget“lots”：万元数应是"),
        ((*LEVEL_1, "--people", "two"), "--people“two”：人数应是"),
        ((*LEVEL_1, "--by", "soon"), "--by“soon”：不是一个日期"),
        ((*LEVEL_1, "--by", "2090-01-01"), "--by“2090-01-01”：太远。请填写 2036-12-31 或以前的日期"),
        ((*LEVEL_1, "--by", "2027-03-30"), "计划从 2027-01-01 开始，第一个季度到 2027-03-31 才结束"),
    ],
)
def test_a_faulty_goal_or_limit_is_refused_in_words_and_nothing_is_written(planned, arguments, said) -> None:
    done, out = planned(*arguments)
    [line] = done.stderr.splitlines()

    assert done.exit_code == 1
    assert done.stdout == ""
    assert said in line
    assert " / " in line
    assert not out.exists()


def test_everything_that_is_wrong_with_a_plan_is_said_at_once(planned) -> None:
    done, _out = planned("--goal", "a:1", "--goal", "b:1", "--budget", "x", "--by", "y", "--people", "z")

    assert done.exit_code == 1
    assert len(done.stderr.splitlines()) == 5


def test_a_goal_that_no_part_of_the_firm_is_judged_by_is_refused(planned) -> None:
    done, out = planned("--goal", "cq_digital_workshop:met", content=DIAGNOSIS.partition("factories:")[0])

    assert done.exit_code == 1
    assert "没有这份标准所评的工厂或车间" in done.stderr
    assert not out.exists()


def test_a_plan_without_a_goal_is_refused_as_any_missing_option(planned) -> None:
    done, out = planned()

    assert done.exit_code == 2
    assert "--goal" in done.stderr
    assert not out.exists()


def test_the_same_goal_twice_is_one_goal(planned) -> None:
    done, out = planned(*LEVEL_1, *LEVEL_1)

    assert done.exit_code == 0
    assert len(json.loads((out / "plan.json").read_text(encoding="utf-8"))["goals"]) == 1


def test_a_faulty_file_is_no_base_for_a_plan(planned) -> None:
    done, out = planned(*LEVEL_1, content=WELDING.replace("017C", "017D"))

    assert done.exit_code == 1
    assert done.stderr.startswith("firm.yaml:6: firm.uscc: ")
    assert not out.exists()


def test_a_catalogue_that_goes_in_a_circle_stops_the_plan_with_file_and_line(planned, monkeypatch, tmp_path) -> None:
    folder = shutil.copytree(CRITERIA_DIR, tmp_path / "criteria")
    catalogue = folder / "improvements.yaml"
    text = catalogue.read_text(encoding="utf-8")
    before, entry, after = text.partition("  shop_network:\n")
    catalogue.write_text(f"{before}{entry}    requires: [mes_execution]\n{after}", encoding="utf-8")
    monkeypatch.setattr(cli, "load_all", partial(load_all, folder=folder))
    done, out = planned(*LEVEL_1)

    assert done.exit_code == 1
    assert "improvements.yaml:" in done.stderr
    assert not out.exists()


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
