"""What documents promise and how the tree is built: every setting, command, role, word and path is there as said."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import click
import pytest

from app.access import PERMISSIONS, Role
from app.settings import Settings, SettingsError
from tests.factories import make_app
from tests.readme import BOTH, ROOT, blocks, headings, paths, prose, quoted, table_with, tables, text

ROOMS = ("questionnaires", "scoring", "reports", "app")
DOCUMENTS = (*BOTH, "SECURITY.md", "CHANGELOG.md")
KEY = "0123456789abcdef0123456789abcdef"
in_both = pytest.mark.parametrize("readme", BOTH)


def _python_files() -> list[Path]:
    return [file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py"))]


def _defined_in(file: Path) -> set[str]:
    """Names of the functions that a file defines at its outermost level."""
    return {node.name for node in ast.parse(file.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)}


# --- both READMEs say the same ---------------------------------------------------------------------------------------


def test_each_readme_leads_to_the_other_in_its_first_line():
    assert [text(name).splitlines()[0] for name in BOTH] == ["[中文说明](README.zh-CN.md)", "[English](README.md)"]


def test_both_readmes_have_the_same_headings_at_the_same_depth():
    english, chinese = ([depth for depth, _ in headings(name)] for name in BOTH)

    assert english == chinese
    assert len(english) >= 25


def test_both_readmes_show_the_same_code():
    english, chinese = (blocks(name) for name in BOTH)

    assert english == chinese
    assert len(english) >= 5


def test_both_readmes_have_the_same_tables_with_the_same_names_in_them():
    english, chinese = ([[[quoted(cell) for cell in row] for row in table] for table in tables(name)] for name in BOTH)

    assert english == chinese
    assert len(english) >= 8


def test_both_readmes_name_the_same_things_of_the_code():
    english, chinese = (set(quoted(prose(name))) for name in BOTH)

    assert english ^ chinese == set()


# --- settings, commands, permissions, targets ------------------------------------------------------------------------


def _settings() -> dict[str, str]:
    """Every variable that Settings asks for, with the default of a whole number that it states."""
    asked: dict[str, str] = {}

    class Watched(dict):
        def get(self, name, default=None):
            asked[name] = default if default and default.isdigit() else ""
            return super().get(name, default)

        def __getitem__(self, name):
            asked[name] = ""
            return super().__getitem__(name)

    Settings.from_env(Watched(SECRET_KEY=KEY, DATABASE_URL="sqlite://"))
    return asked


@in_both
def test_every_setting_stands_in_the_table_with_its_meaning_and_default(readme):
    rows = {quoted(name)[0]: (meaning, default) for name, meaning, default in table_with(readme, "`SECRET_KEY`")}

    assert rows.keys() == _settings().keys()
    assert all(len(meaning) > 8 and default for meaning, default in rows.values())
    assert {name: rows[name][1] for name, default in _settings().items() if default} == {
        "EVIDENCE_MAX_MB": "10",
        "EVIDENCE_TOTAL_MB": "500",
        "REPORT_TIMEOUT_S": "120",
        "SESSION_MINUTES": "120",
        "ZHIZHEN_PRINTERS": "2",
    }


def test_no_other_file_of_the_application_reads_the_environment():
    reading = re.compile(r"environ\.get|environ\[|getenv")
    readers = {file.relative_to(ROOT).as_posix() for file in _python_files() if reading.search(file.read_text("utf-8"))}

    assert readers <= {"reports/pdf.py"}, "what may be set stands in app/settings.py"


def test_a_start_without_settings_points_to_the_readme():
    with pytest.raises(SettingsError) as refused:
        Settings.from_env({})
    chinese, english = ([words for _, words in headings(name)] for name in reversed(BOTH))

    assert "README“设置”" in str(refused.value)
    assert "README, Settings" in str(refused.value)
    assert "设置" in chinese
    assert "Settings" in english


def _commands(group: click.Group, before: str = "flask") -> Iterator[str]:
    """Every command of ours: its function stands in app/."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _commands(command, f"{before} {name}")
        elif (command.callback and command.callback.__module__.startswith("app.")) or (before, name) == (
            "flask db",
            "upgrade",
        ):
            yield f"{before} {name}"


@pytest.fixture(scope="module")
def commands(tmp_path_factory) -> set[str]:
    flask_app = make_app(tmp_path_factory.mktemp("commands"))
    return set(_commands(flask_app.cli))


@in_both
def test_every_command_stands_in_the_table_with_what_it_does(readme, commands):
    rows = {quoted(command)[0]: what for command, what in table_with(readme, "`flask diagnose`")}

    assert "flask diagnose" in commands
    assert "flask db upgrade" in commands
    assert rows.keys() == commands
    assert all(len(what) > 8 for what in rows.values())


@in_both
def test_every_command_named_anywhere_exists(readme, commands):
    said = " ".join(quoted(prose(readme)) + blocks(readme, "sh"))
    named = {match.strip() for match in re.findall(r"flask(?: [a-z][a-z-]+){1,2}", said)}

    assert named
    assert {name for name in named if not any(f"{name} ".startswith(f"{real} ") for real in commands)} == set()


@in_both
def test_every_permission_stands_in_the_table_with_its_roles_and_what_it_allows(readme):
    rows = {quoted(name)[0]: (set(quoted(roles)) or set(Role), what) for name, roles, what in _permissions(readme)}

    assert {name: roles for name, (roles, _) in rows.items()} == PERMISSIONS
    assert all(len(what) > 3 for _, what in rows.values())


@in_both
def test_every_role_stands_in_the_table_with_where_it_begins(readme):
    rows = table_with(readme, "`factory_manager`")

    assert [quoted(row[0])[0] for row in rows] == list(Role)
    assert all(who and begins for _, who, begins in rows)


def _permissions(readme: str) -> list[list[str]]:
    return table_with(readme, "`public`")


@in_both
def test_every_make_target_named_exists_and_every_one_is_named(readme):
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), flags=re.MULTILINE))
    said = " ".join(quoted(prose(readme)) + blocks(readme, "sh"))

    assert set(re.findall(r"\bmake ([a-z]+)", said)) == targets


# --- words, paths, functions -----------------------------------------------------------------------------------------


@in_both
def test_every_word_of_the_list_is_a_name_in_the_code_or_the_data(readme):
    files = [*_python_files(), *(file for room in ROOMS[:2] for file in (ROOT / room).rglob("*.yaml"))]
    names = set(re.findall(r"[a-z_]+", "\n".join(file.read_text(encoding="utf-8") for file in files)))
    words = [quoted(row[1])[0] for row in table_with(readme, "能力要素")]

    assert len(words) >= 20
    assert [word for word in words if word not in names] == []


@in_both
def test_every_step_of_the_datas_path_is_a_function_in_the_file_named(readme):
    steps = [(quoted(function)[0], quoted(file)[0]) for _, _, function, file in table_with(readme, "1")]

    assert len(steps) >= 11
    assert [step for step in steps if step[0] not in _defined_in(ROOT / step[1])] == []


@in_both
def test_every_result_of_the_datas_path_is_a_class(readme):
    named = {name for _, result, _, _ in table_with(readme, "1") for name in quoted(result)}
    classes = set(re.findall(r"^class (\w+)", "\n".join(f.read_text("utf-8") for f in _python_files()), re.MULTILINE))

    assert {"Questionnaire", "Assessment", "Tally"} <= named
    assert named - classes == set()


def test_the_datas_path_leads_only_forward():
    rooms = [quoted(file)[0].split("/")[0] for *_, file in table_with(BOTH[0], "1")]

    assert list(dict.fromkeys(rooms)) == ["questionnaires", "app", "scoring", "reports"]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_named_exists_or_is_made_by_set_up_or_by_running(document):
    named = set(paths(document))

    assert {path for path in named if not (ROOT / path).exists() and not _is_made(path)} == set()


def _is_made(path: str) -> bool:
    """Whether .gitignore lists it, or the example of the README writes it."""
    written = {f"out/{name}" for name in ("result.json", "report.pdf", "report.docx", "workpaper.xlsx", "plan.json")}
    return path in written or _ignored(Path(path))


@in_both
def test_the_files_named_without_their_folder_are_in_it(readme):
    walls = next(line for line in text(readme).split("\n- ") if line.startswith("`app/diagnosis/`"))
    named = [word for word in quoted(walls) if re.fullmatch(r"[a-z_]+", word)]

    assert len(named) >= 6
    assert [name for name in named if not (ROOT / "app/diagnosis" / f"{name}.py").exists()] == []


def test_every_promise_of_security_names_a_test():
    promises = table_with("SECURITY.md", "没有写明权限的地址，谁也打不开")

    assert len(promises) >= 6
    assert [row for row in promises if not re.fullmatch(r"`tests/[\w/]+\.py`", row[2])] == []


# --- the tree --------------------------------------------------------------------------------------------------------


def _patterns() -> list[str]:
    lines = text(".gitignore").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _ignored(path: Path) -> bool:
    """Whether .gitignore leaves it out; only the kinds of pattern that ours has."""
    for pattern in _patterns():
        if pattern.startswith("/"):
            if path.as_posix() == pattern.strip("/") or path.as_posix().startswith(pattern.strip("/") + "/"):
                return True
        elif any(fnmatch(part, pattern.rstrip("/")) for part in path.parts):
            return True
    return False


def _tree(folder: Path = ROOT) -> Iterator[Path]:
    """Every file that is part of the product."""
    for entry in sorted(folder.iterdir()):
        path = entry.relative_to(ROOT)
        if entry.name == ".git" or _ignored(path):
            continue
        yield from _tree(entry) if entry.is_dir() else [path]


TREE = list(_tree())


def test_what_set_up_fetches_and_makes_is_no_part_of_the_product():
    assert Path("app/static/app.css") in TREE
    assert [path for path in TREE if {".fonts", ".prepared", ".vendor"} & set(path.parts)] == []
    assert [path for path in TREE if path.suffix in {".mo", ".pyc", ".db", ".pdf", ".otf", ".ttf", ".woff2"}] == []


def test_git_keeps_nothing_that_is_to_be_left_out():
    try:
        listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("not a checkout")

    assert [path for path in listed.splitlines() if _ignored(Path(path))] == []


# Put together from halves, so that this file does not find itself.
DOWNLOAD_PLACE = re.compile(
    "|".join(
        [
            r"\w+://(?:[\w-]+\.)*(?:registry|mirrors?|packages|proxy)\.",
            r"\w+://(?:[\w-]+\.)*(?:py" + r"pi|np" + r"m|np" + r"mjs|yarn" + r"pkg|python" + r"hosted)\.\w+",
            r"(?:index-" + r"url|find-" + r"links|trusted-" + r"host)[ =]+\w[\w-]*(?:\.|://)",
            r"^\s*(?:registry|proxy)\s*=",
            r"\"resolved" + r"\":",
        ]
    ),
    flags=re.IGNORECASE | re.MULTILINE,
)


@pytest.mark.parametrize(
    "line",
    [
        "https://registry" + ".example.org/echarts",
        "deb http://mirror" + ".example.org/debian",
        "https://py" + "pi.org/simple",
        "https://files.python" + "hosted.org/x",
        "--index-" + "url=https://example.org",
        "registry " + "= https://example.org",
        '"resolved' + '": "x"',
    ],
)
def test_a_line_that_names_a_package_registry_is_recognised(line):
    assert DOWNLOAD_PLACE.search(line)


def test_no_file_names_a_package_registry():
    found = {
        path.as_posix() for path in TREE if DOWNLOAD_PLACE.search((ROOT / path).read_text("utf-8", errors="replace"))
    }

    assert found == set()


def test_every_file_of_the_product_is_utf8_text_that_ends_with_a_line_end():
    wrong = []
    for path in TREE:
        if path.suffix not in {".png", ".ico", ".xlsx"} and (content := (ROOT / path).read_bytes()):
            content.decode("utf-8")
            wrong += [path.as_posix()] if not content.endswith(b"\n") or b"\r" in content else []

    assert wrong == []


COMPONENTS = sorted((ROOT / "app/templates/components").glob("*.html"))


@pytest.mark.parametrize("file", COMPONENTS, ids=lambda file: file.stem)
def test_a_component_is_one_macro_with_the_name_of_its_file(file):
    source = file.read_text(encoding="utf-8")

    assert source.startswith("{#"), "its first line says what it draws"
    assert re.findall(r"\{%-? *macro (\w+)", source) == [file.stem]


def test_every_component_is_used():
    drawn = "\n".join(file.read_text("utf-8") for file in (ROOT / "app").rglob("*.html"))

    assert COMPONENTS
    assert [file.name for file in COMPONENTS if f'"components/{file.name}"' not in drawn] == []


def test_no_template_has_a_script_or_style_of_its_own():
    # A script of data only is not run, so the content policy lets it pass.
    runs = r"<script(?![^>]*\bsrc=|\s+type=\"application/json\")"
    inline = re.compile(rf"{runs}|<style|\sstyle=|\son[a-z]+=\"", flags=re.IGNORECASE)
    templates = [*(ROOT / "app").rglob("*.html")]

    assert templates
    assert [file.name for file in templates if inline.search(file.read_text("utf-8"))] == []


def test_no_file_is_a_drawer_for_everything():
    assert [path for path in TREE if path.stem in {"utils", "util", "helpers", "constants", "common", "misc"}] == []


def test_every_module_of_the_inner_rooms_says_what_it_answers():
    inner = [file for file in _python_files() if file.relative_to(ROOT).parts[0] != "app"]
    silent = [file.name for file in inner if len(ast.get_docstring(ast.parse(file.read_text("utf-8"))) or "") < 40]

    assert silent == []


def test_nothing_is_put_off():
    later = re.compile(r"(?:#|//|<!--|\{#)\s*(?:TO" + r"DO|FIX" + r"ME|X" + r"XX|HA" + r"CK)\b")
    rooms = [path for path in TREE if path.parts[0] in {*ROOMS, "bench", "migrations", "script", "tests"}]

    assert [path.as_posix() for path in rooms if later.search((ROOT / path).read_text("utf-8", "replace"))] == []


def test_the_product_runs_on_the_python_that_it_names():
    assert sys.version_info >= (3, 11)
    assert 'requires-python = ">=3.11"' in text("pyproject.toml")
