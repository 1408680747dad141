"""Set-up and start: what the lock files hold, what script/setup does on a machine, what script/run refuses.

script/setup runs here in a small made-up machine: a folder of stand-ins for python3, npm and fc-list, without apt-get.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-assets.txt")
DEBIAN_PACKAGE = re.compile(r"\b(?:lib[a-z0-9.+-]*\d|fonts-[a-z-]+[a-z]|fontconfig(?=[\s)）、，。]))")


# --- lock files ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*LOCKS, "package-lock.json"])
def test_a_lock_file_names_no_download_address(root, name):
    text = (root / name).read_text()

    assert not re.search(r"://|file:|--(extra-)?index-url|--find-links|--trusted-host|\"resolved\"", text)


@pytest.mark.parametrize("name", LOCKS)
def test_every_python_requirement_is_pinned_with_a_hash(root, name):
    text = re.sub(r"^#.*\n", "", (root / name).read_text(), flags=re.MULTILINE)
    entries = [entry for entry in re.split(r"\n(?=\S)", text.replace("\\\n", " ")) if entry.strip()]

    assert entries
    assert [
        e for e in entries if not re.match(r"[a-z0-9.-]+==\S+( ; [^\\]+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*$", e)
    ] == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_holds_everything_that_its_list_asks_for(root, name):
    asked = (root / name).with_suffix(".in").read_text()
    names = {match.lower() for match in re.findall(r"^([A-Za-z][\w.-]*)", asked, flags=re.MULTILINE)}

    assert names - _pins(root / name).keys() == set()


def test_the_tests_run_with_the_versions_that_the_product_runs_with(root):
    product, tests = _pins(root / "requirements.txt"), _pins(root / "requirements-dev.txt")

    assert {name: tests[name] for name in product.keys() & tests.keys()} == {
        name: product[name] for name in product.keys() & tests.keys()
    }


def test_every_asset_is_pinned_with_a_hash(root):
    packages = json.loads((root / "package-lock.json").read_text())["packages"]
    fetched = {name: entry for name, entry in packages.items() if name}

    assert {"node_modules/echarts", "node_modules/axe-core"} <= fetched.keys()
    assert [name for name, entry in fetched.items() if not entry["integrity"].startswith("sha512-")] == []


def _pins(lock: Path) -> dict[str, set[str]]:
    pins: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9.-]+)==(\S+)", lock.read_text(), flags=re.MULTILINE):
        pins.setdefault(name, set()).add(version)
    return pins


# --- Makefile, checks ------------------------------------------------------------------------------------------------


def test_make_help_lists_every_target(root):
    targets = re.findall(r"^([a-z]+):", (root / "Makefile").read_text(), flags=re.MULTILINE)
    listed = re.findall(r"^make (\w+) +\S", _run(["make", "help"], cwd=root).stdout, flags=re.MULTILINE)

    assert {"help", "run", "test", "check", "format", "bench", "clean"} <= set(targets)
    assert listed == targets


def test_a_feature_stands_in_parentheses_only_until_it_is_written(root):
    contracts = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    features = next(contract for contract in contracts if contract["name"] == "features follow the data")
    not_written = set(re.findall(r"\((\w+)\)", " ".join(features["layers"])))
    written = {
        path.stem for path in (root / "app").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }

    assert "accounts" in written
    assert not_written & written == set()


def test_every_rule_that_is_not_checked_says_why(root):
    text = (root / "pyproject.toml").read_text()
    ignored = tomllib.loads(text)["tool"]["ruff"]["lint"]["ignore"]
    explained = re.findall(r'^  "(\w+)", +# .{7}', text, flags=re.MULTILINE)

    assert [rule for rule in ignored if rule not in explained] == []


@pytest.mark.parametrize(
    "name", ["script/setup", "script/run", "script/check", "script/test", "script/lock", ".ci/run"]
)
def test_a_script_can_be_run_and_is_sound_bash(root, name):
    assert os.access(root / name, os.X_OK)
    assert _run(["bash", "-n", name], cwd=root).stderr == ""


def test_set_up_installs_every_system_package_that_the_start_asks_for(root):
    rooms = (root / "app", root / "reports")
    named = {
        package
        for room in rooms
        for file in room.rglob("*.py")
        for package in DEBIAN_PACKAGE.findall(file.read_text(encoding="utf-8"))
        if not package.startswith("libharfbuzz-subset.")
    }
    wanted = re.search(r"^packages=\((.*)\)$", (root / "script/setup").read_text(), flags=re.MULTILINE)

    assert wanted
    assert {"libharfbuzz-subset0", "fonts-noto-cjk"} <= named
    assert named - set(wanted[1].split()) == set()


# --- script/setup in a made-up machine -------------------------------------------------------------------------------

STAND_IN = """#!/bin/bash
echo "$(basename "$0") $*" >>"$CALLS"
case "$(basename "$0") $*" in
  *"${BROKEN:-nothing is broken}"*) echo "it broke here" >&2; exit 1 ;;
  "fc-list "*) echo "Noto Sans CJK SC, Noto Serif CJK SC" ;;
  *" --version") echo "Python 3.12.0" ;;
  *" -m venv "*) mkdir -p "${@: -1}/bin" && cp "$0" "${@: -1}/bin/python" ;;
  *" -r requirements-assets.txt") cp "$0" "$(dirname "$0")/npm" ;;
  *" -m reports.fonts") mkdir -p reports/.fonts ;;
  *" -m reports.declarations") mkdir -p reports/.prepared ;;
  "npm ci "*) mkdir -p node_modules/echarts/dist node_modules/axe-core
     echo x | tee node_modules/echarts/{LICENSE,NOTICE,dist/echarts.min.js} >/dev/null
     [[ $* == *--omit=dev* ]] || echo x | tee node_modules/axe-core/{LICENSE,axe.min.js} >/dev/null ;;
esac
"""
TOOLS = """
    basename bash cat cp cut dirname env flock grep mkdir readlink rm sed sha256sum shasum sleep tail tee touch tr wc
""".split()  # noqa: SIM905 - twenty words, not twenty quoted words


@dataclass
class Machine:
    """A folder with a copy of the product's set-up, and a PATH of stand-ins that note how they were called."""

    tree: Path
    programs: Path
    calls: Path

    def set_up(self, *options: str, broken: str = "nothing is broken") -> subprocess.CompletedProcess[str]:
        self.calls.write_text("")
        env = {"PATH": str(self.programs), "CALLS": str(self.calls), "BROKEN": broken}
        return _run([str(self.tree / "script/setup"), *options], cwd=self.tree, env=env)

    def made(self) -> list[str]:
        """The calls that install or make something, in order, without their options."""
        lines = self.calls.read_text().splitlines()
        found = [re.search(r"-m venv|-m pip install|npm ci|-m reports\.\w+", line) for line in lines]
        return [match[0] for match in found if match]


@pytest.fixture
def machine(root, tmp_path) -> Machine:
    tree, programs = tmp_path / "product", tmp_path / "bin"
    for folder in (tree / "script", tree / "reports", tree / "app", programs):
        folder.mkdir(parents=True)
    for name in (
        "script/setup",
        "package.json",
        "package-lock.json",
        "reports/fonts.py",
        "reports/declarations.py",
        *LOCKS,
    ):
        shutil.copy(root / name, tree / name)
    for tool in TOOLS:
        if path := shutil.which(tool):
            (programs / tool).symlink_to(path)
    for name in ("python3", "npm", "fc-list", "pdftotext", "chromium", "soffice"):
        (programs / name).write_text(STAND_IN)
        (programs / name).chmod(0o755)
    return Machine(tree, programs, tmp_path / "calls")


def test_set_up_goes_through_all_steps_on_a_new_machine(machine):
    done = machine.set_up()

    assert done.returncode == 0, done.stderr
    assert re.findall(r"^\[(\d)/7\]", done.stdout, flags=re.MULTILINE) == ["1", "2", "3", "4", "5", "6", "7"]
    assert machine.made() == ["-m venv", "-m pip install", "npm ci", "-m reports.fonts", "-m reports.declarations"]
    assert (machine.tree / "reports/.vendor/echarts.min.js").exists()


def test_python_packages_are_installed_only_with_their_hashes(machine):
    machine.set_up("--with-tests")
    installed = [line for line in machine.calls.read_text().splitlines() if "pip install" in line]

    assert len(installed) == 1
    assert "--require-hashes -rrequirements.txt -rrequirements-dev.txt" in installed[0]


def test_a_second_set_up_has_nothing_to_do_and_takes_less_than_two_seconds(machine):
    machine.set_up()
    began = time.monotonic()
    done = machine.set_up()
    seconds = time.monotonic() - began

    assert done.returncode == 0
    assert machine.made() == []
    assert seconds < 2


def test_only_what_changed_is_installed_again(machine):
    machine.set_up()
    (machine.tree / "requirements.txt").write_text("flask==9.9.9\n")
    machine.set_up()

    assert machine.made() == ["-m pip install", "-m reports.declarations"]


def test_a_moved_folder_gets_a_new_virtual_environment(machine):
    machine.set_up()
    machine.tree = machine.tree.rename(machine.tree.with_name("elsewhere"))
    machine.set_up()

    assert machine.made()[0] == "-m venv"


def test_a_failed_step_says_what_to_do_and_is_tried_again_next_time(machine):
    done = machine.set_up(broken="pip install")
    again = machine.set_up()

    assert done.returncode == 1
    assert "it broke here" in done.stderr
    assert "What to do: check that the Python package index can be reached" in done.stderr
    assert again.returncode == 0
    assert machine.made() == ["-m pip install", "npm ci", "-m reports.fonts", "-m reports.declarations"]


def test_what_only_the_tests_need_is_fetched_only_for_them(machine):
    machine.set_up()
    without = (machine.tree / "tests/browser/.vendor/axe.min.js").exists()
    machine.set_up("--with-tests")

    assert without is False
    assert machine.made() == ["-m pip install", "npm ci"]
    assert (machine.tree / "tests/browser/.vendor/axe.min.js").exists()


def test_without_npm_one_is_borrowed_and_taken_away_again(machine):
    (machine.programs / "npm").unlink()
    done = machine.set_up()

    assert done.returncode == 0, done.stderr
    assert "borrowing one from the Python package index" in done.stdout
    assert "--require-hashes -r requirements-assets.txt" in machine.calls.read_text()
    assert (machine.tree / "reports/.vendor/echarts.min.js").exists()
    assert not (machine.tree / ".cache-setup/node").exists()


def test_a_machine_without_apt_is_told_which_packages_to_install(machine):
    done = machine.set_up(broken="libharfbuzz-subset")

    assert done.returncode == 1
    assert "no apt-get" in done.stderr
    assert "(Debian's names): libharfbuzz-subset0\n" in done.stderr
    assert "    dnf " in done.stderr
    assert machine.made() == []


@pytest.mark.parametrize(
    ("program", "packages"),
    [("chromium", "chromium-headless-shell"), ("soffice", "libreoffice-calc-nogui libreoffice-writer-nogui")],
)
def test_what_only_the_tests_wish_for_is_installed_with_them_and_not_without(machine, program, packages):
    _give_apt(machine, program, candidate="7.4")
    machine.set_up()
    without = machine.calls.read_text()
    machine.set_up("--with-tests")

    assert "apt-get" not in without
    assert re.search(rf"apt-get install .* {packages}$", machine.calls.read_text(), flags=re.MULTILINE)


def test_where_the_system_has_no_chromium_without_windows_the_whole_one_is_installed(machine):
    _give_apt(machine, "chromium", candidate="7.4", unknown="chromium-headless-shell")
    machine.set_up("--with-tests")

    assert re.search(r"apt-get install .* chromium$", machine.calls.read_text(), flags=re.MULTILINE)


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("chromium", "browser journeys"),
        ("soffice", "round trip of workbooks"),
        ("soffice", "check of the Word report"),
    ],
)
def test_where_the_system_has_no_such_package_it_is_said_once_what_is_skipped(machine, program, said):
    _give_apt(machine, program, candidate="(none)")
    first, second = machine.set_up("--with-tests"), machine.set_up("--with-tests")

    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    assert f"the {said} " in first.stdout
    assert said not in second.stdout


def test_a_libreoffice_that_only_computes_is_completed(machine):
    _give_apt(machine, "chromium", candidate="7.4")
    (machine.programs / "libsclo.so").touch()
    machine.set_up("--with-tests")

    assert re.search(r"apt-get install .* libreoffice-writer-nogui$", machine.calls.read_text(), flags=re.MULTILINE)


def _give_apt(machine: Machine, program: str, candidate: str, unknown: str = "") -> None:
    """Put stand-ins for apt-get and apt-cache on the machine, and take a program away that apt-get brings back.

    The stand-ins know each package in the version `candidate`, except the `unknown` one.
    """
    (machine.programs / program).unlink()
    npm, missing = machine.programs / "npm", machine.programs / program
    programs = {
        "apt-get": f'echo "apt-get $*" >>"$CALLS"\n[[ $1 != install ]] || cp {npm} {missing}\n',
        "apt-cache": f'[[ $2 == "{unknown}" ]] || echo "  Candidate: {candidate}"\n',
        "sudo": '[[ $1 == -v ]] || exec "${@:2}"\n',
    }
    for name, does in programs.items():
        (machine.programs / name).write_text(f"#!/bin/bash\n{does}")
        (machine.programs / name).chmod(0o755)


def test_set_up_refuses_an_option_that_it_does_not_know(machine):
    done = machine.set_up("--with-test")

    assert done.returncode == 1
    assert "does not know --with-test." in done.stderr


# --- script/run ------------------------------------------------------------------------------------------------------

STAND_IN_PYTHON = """#!/bin/bash
echo "$*" >>"$CALLS"
case "$*" in
  "-c "*secrets*) echo "SECRET_KEY=$(printf '%064d' 7)" ;;
  *" demo sample-report") echo "%PDF-" >"$ZHIZHEN_DATA_DIR/sample-report.pdf" ;;
esac
"""


@dataclass
class Demonstration:
    """A copy of script/run beside a stand-in for the Python of the virtual environment."""

    tree: Path
    calls: Path

    def start(self) -> subprocess.CompletedProcess[str]:
        self.calls.write_text("")
        env = {"PATH": os.environ["PATH"], "CALLS": str(self.calls)}
        return _run([str(self.tree / "script/run")], cwd=self.tree, env=env)

    def made(self) -> list[str]:
        return [line for line in self.calls.read_text().splitlines() if line.startswith("-m")]


@pytest.fixture
def demonstration(root, tmp_path) -> Demonstration:
    tree = tmp_path / "product"
    for folder in (tree / "script", tree / ".venv/bin"):
        folder.mkdir(parents=True)
    shutil.copy(root / "script/run", tree / "script/run")
    (tree / ".venv/bin/python").write_text(STAND_IN_PYTHON)
    (tree / ".venv/bin/python").chmod(0o755)
    return Demonstration(tree, tmp_path / "calls")


def test_the_demonstration_refuses_to_write_into_another_database(root, tmp_path):
    done = _start(root, tmp_path, DATABASE_URL="postgresql://db/zhizhen")

    assert done.returncode == 1
    assert "DATABASE_URL is set" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("port", ["0", "65536", "80a", "-1", "999999"])
def test_the_demonstration_refuses_a_port_that_is_none(root, tmp_path, port):
    done = _start(root, tmp_path, PORT=port)

    assert done.returncode == 1
    assert f'PORT is "{port}", which is no port.' in done.stderr


def test_the_demonstration_refuses_a_port_that_is_taken(root, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = _start(root, tmp_path, PORT=str(port))

    assert done.returncode == 1
    assert f"port {port} of 127.0.0.1 is taken" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_demonstration_starts_step_by_step_and_listens_on_this_machine_only(demonstration):
    done = demonstration.start()

    assert done.returncode == 0, done.stderr
    assert demonstration.made() == [
        "-m flask db upgrade",
        "-m flask demo load",
        "-m flask demo sample-report",
        "-m flask demo logins",
        "-m gunicorn --bind 127.0.0.1:8000 --workers 2 --threads 4 --no-control-socket --log-level warning "
        "app:create_app()",
    ]
    assert "http://127.0.0.1:8000 " in done.stdout
    assert f"{demonstration.tree}/instance/sample-report.pdf" in done.stdout


def test_a_second_start_keeps_the_key_and_the_sample_report(demonstration):
    demonstration.start()
    key = (demonstration.tree / "instance/demo.env").read_text()
    demonstration.start()

    assert (demonstration.tree / "instance/demo.env").read_text() == key
    assert "-m flask demo sample-report" not in demonstration.made()


def test_only_the_owner_can_read_the_key_of_the_demonstration(demonstration):
    demonstration.start()
    file = demonstration.tree / "instance/demo.env"

    assert re.fullmatch(r"SECRET_KEY=\w{64}\n", file.read_text())
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_start_without_set_up_says_which_command_does_it(demonstration):
    (demonstration.tree / ".venv/bin/python").unlink()
    done = demonstration.start()

    assert done.returncode == 1
    assert "the virtual environment is missing." in done.stderr
    assert "What to do: run: make run" in done.stderr


def _start(root: Path, data_dir: Path, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "PORT", "SECRET_KEY")}
    return _run([str(root / "script/run")], cwd=root, env={**clean, "ZHIZHEN_DATA_DIR": str(data_dir), **env})


def _run(command: list[str], cwd: Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")} if env is None else env
    return subprocess.run(
        command, cwd=cwd, env=clean, capture_output=True, text=True, check=False, timeout=60, stdin=subprocess.DEVNULL
    )
