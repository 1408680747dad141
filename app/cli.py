"""Commands of `flask`: help is the first line, faults go to standard error one a line, the status tells scripts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import click
import yaml
from flask import Flask
from flask.cli import AppGroup, FlaskGroup
from jsonschema import Draft202012Validator, FormatChecker

import questionnaires as questionnaires_room
import scoring
from app import audit as audit_log
from app.access import OF_FIRM, Role
from app.accounts import service as accounts_service
from app.errors import Refused
from app.evidence import upkeep
from app.presentation import districts, today
from app.settings import PROGRAM
from questionnaires.contradictions import sentence
from questionnaires.exchange import ExchangeError, read_diagnosis
from questionnaires.lint import lint_questionnaires
from questionnaires.loader import NoSuchQuestionnaire, load
from questionnaires.model import FilledDiagnosis, Text
from questionnaires.progress import progress
from questionnaires.yaml_file import DefinitionError
from reports.blank import build as build_blank
from reports.charts import ChartsMissing
from reports.edition import Edition
from reports.fonts import FontsNotMade
from reports.given import Given, given_for
from reports.html import blank_to_html, to_html
from reports.language import LANGUAGES
from reports.pdf import RenderFailed, to_pdf
from reports.view_model import build
from reports.workpaper import workpaper
from scoring.assessment import assess_diagnosis
from scoring.goals import MET, Goal, GoalsRefused, goals_from_text, levels_of, subjects_of
from scoring.limits import Fault, Limit, LimitsRefused, Wrong, limits_from_text
from scoring.lint import lint_criteria
from scoring.loader import load_all
from scoring.model import Assessment, CriteriaSet
from scoring.plan import ImprovementPlan, Limits, Result, choose
from scoring.plan_file import SCHEMA as PLAN_SCHEMA
from scoring.plan_file import write_plan
from scoring.quarters import calendar_quarter, first_quarter_after, last_day
from scoring.result_file import write_result
from scoring.solver import OutOfTime, SolverFault

REPORT_TIMEOUT_S = 300  # on a command line nobody waits for a page, so a slow machine may take its time
TODAYS_DISTRICTS = [code for code, district in districts().items() if not district.retired]
UNFINISHED = Text(
    "要算的太多，没有算完。请减少目标，或放宽期限和人手后再试。",
    "This takes too much work and was not finished. Choose fewer goals, or a later day and more people.",
)
MOST_FAULTS = 200  # printed of one file
DIAGNOSIS_SCHEMA = Path(questionnaires_room.__file__).parent / "schemas" / "diagnosis-1.schema.json"
RESULT_SCHEMA = Path(scoring.__file__).parent / "schemas" / "result-1.schema.json"

questionnaires = AppGroup("questionnaires", help="Check the fact dictionary and the questionnaires.")
criteria = AppGroup("criteria", help="Check criteria files.")
audit = AppGroup("audit", help="Check the record of all changes.")
accounts = AppGroup("accounts", help="Make accounts.")
evidence = AppGroup("evidence", help="Check the files given as evidence.")
demo = AppGroup("demo", help="The made-up district of the demonstration.")


def register(flask_app: Flask) -> None:
    """Add the commands to the application."""
    for command in (diagnose, plan, questionnaires, criteria, audit, accounts, evidence, demo):
        flask_app.cli.add_command(command)


def app_of_files(fault: Exception) -> Flask | None:
    """Return an application that only knows the commands that need no settings; None outside the command line.

    Called when settings or libraries allow no start. `flask run` and all that needs a database is refused in the words
    of `fault`.
    """
    context = click.get_current_context(silent=True)
    if context is None:
        return None
    if not isinstance(context.command, FlaskGroup):
        raise click.ClickException(str(fault))
    files_only = Flask("app")
    files_only.cli = _FileCommands(fault)
    return files_only


class _FileCommands(AppGroup):
    """Commands on files; any other name is answered with what keeps the product from starting."""

    def __init__(self, fault: Exception) -> None:
        super().__init__(commands=[diagnose, plan, questionnaires, criteria])
        self.fault = fault

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        found = super().get_command(ctx, cmd_name)
        if found is None:
            raise click.ClickException(str(self.fault))
        return found


# --- a diagnosis file, without server and database ----------------------------------------------------------------


@click.command("diagnose")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder for the files.")
@click.option("--lang", type=click.Choice(list(LANGUAGES)), default="zh", help="Language of the report.")
def diagnose(file: Path, out: Path, lang: str) -> None:
    """Judge a diagnosis file; write OUT/result.json, OUT/report.pdf, OUT/report.docx and OUT/workpaper.xlsx."""
    # The web process reads this file and writes no documents: it need not know what they are made with.
    from reports.word import to_word  # noqa: PLC0415

    given = file.read_bytes()
    filled = _read(given, file.name)
    try:
        rules = load_all(filled.as_of)
        assessments = assess_diagnosis(filled, rules)
        result = write_result(assessments, filled, given, PROGRAM, rules.improvements_digest)
        _stop_on(_faults(RESULT_SCHEMA, json.loads(result), "result.json"))
        basis = _basis(filled, assessments, rules, lang)
        report = build(basis)
        pdf, word = to_pdf(to_html(report, result), REPORT_TIMEOUT_S), to_word(report)
        scored_again = workpaper(basis, lang)
    except (ChartsMissing, DefinitionError, FontsNotMade, RenderFailed) as fault:
        _stop([str(fault)])
    out.mkdir(parents=True, exist_ok=True)
    (out / "result.json").write_text(result, encoding="utf-8")
    for name, content in (("report.pdf", pdf), ("report.docx", word), ("workpaper.xlsx", scored_again)):
        (out / name).write_bytes(content)
    click.echo("\n".join(str(out / name) for name in ("result.json", "report.pdf", "report.docx", "workpaper.xlsx")))


def _read(given: bytes, name: str) -> FilledDiagnosis:
    try:
        filled = read_diagnosis(given, name)
    except ExchangeError as error:
        _stop([f"{fault.line('zh')} / {fault.fault.en} {fault.remedy.en}" for fault in error.faults])
    _stop_on(_faults(DIAGNOSIS_SCHEMA, _plain(given, name), name))
    _stop_on(_contradictions(filled, name))
    return filled


def _contradictions(filled: FilledDiagnosis, name: str) -> Iterator[str]:
    """Yield each pair of answers that cannot both be true, with both figures: nothing can be judged from them."""
    for found in progress(load(filled.questionnaire_id, filled.questionnaire_version), filled).contradictions:
        if not found.check.doubtful:
            said = {language: sentence(found, language) for language in ("zh", "en")}
            yield f"{name}: {found.step.subject.name}: {said['zh']} / {said['en']}"


def _plain(given: bytes, name: str) -> Any:
    """Return the file as the schema sees it: JSON's kinds only, days as text."""
    if name.endswith(".json"):
        return json.loads(given.decode("utf-8-sig"))
    return json.loads(json.dumps(yaml.safe_load(given), default=date.isoformat))


def _basis(filled: FilledDiagnosis, assessments: Sequence[Assessment], rules: CriteriaSet, lang: str) -> Given:
    questionnaire = load(filled.questionnaire_id, filled.questionnaire_version)
    edition = Edition(day=today(), program=PROGRAM, language=lang)
    return given_for(filled, assessments, rules, questionnaire, edition)


def _faults(schema: Path, written: Any, name: str) -> list[str]:
    """Return how the file breaks its schema, one line a fault."""
    validator = Draft202012Validator(json.loads(schema.read_bytes()), format_checker=FormatChecker())
    return [f"{name}: {error.json_path}: {error.message}" for error in validator.iter_errors(written)]


# --- the way to a goal ---------------------------------------------------------------------------------------------


@click.command("plan")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--goal", "goals", required=True, multiple=True, metavar="CRITERIA:LEVEL[@NAME]", help="May be repeated.")
@click.option("--budget", metavar="万元", help="The most that it may cost, in whole 万元.")
@click.option("--by", metavar="DATE", help="The day by which all is done.")
@click.option("--people", metavar="N", help="How many own people may be at work on it at once.")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder for the file.")
def plan(file: Path, goals: tuple[str, ...], budget: str | None, by: str | None, people: str | None, out: Path) -> None:
    """Compute the proven cheapest way from a diagnosis file to the goals; write OUT/plan.json."""
    content = file.read_bytes()
    filled = _read(content, file.name)
    begins = first_quarter_after(filled.as_of)
    try:
        rules = load_all(filled.as_of)
        given = {Limit.BUDGET: budget, Limit.BY: by, Limit.PEOPLE: people}
        asked, limits = _asked(goals, given, filled, rules)
        made = choose(filled, rules, asked, limits)
        written = write_plan(made, filled, rules, content, PROGRAM, begins)
    except (DefinitionError, SolverFault) as fault:
        _stop([str(fault)])
    except OutOfTime:
        _stop([f"{file.name}: {UNFINISHED.zh} / {UNFINISHED.en}"])
    _stop_on(_faults(PLAN_SCHEMA, json.loads(written), "plan.json"))
    out.mkdir(parents=True, exist_ok=True)
    (out / "plan.json").write_text(written, encoding="utf-8")
    said = _conclusion(made, begins)
    click.echo(f"{said.zh} / {said.en}\n{out / 'plan.json'}")


def _asked(
    goals: Sequence[str], given: Mapping[Limit, str | None], filled: FilledDiagnosis, rules: CriteriaSet
) -> tuple[tuple[Goal, ...], Limits]:
    faults: list[Text] = []
    asked: tuple[Goal, ...] = ()
    within, begins = Limits(), first_quarter_after(filled.as_of)
    try:
        asked = goals_from_text(goals, filled, rules)
        faults += [_nobody(goal, rules) for goal in asked if not subjects_of(goal, filled, rules)]
    except GoalsRefused as refused:
        faults += refused.messages
    try:
        within = limits_from_text({name: words for name, words in given.items() if words is not None}, begins)
    except LimitsRefused as refused:
        faults += [_limit_fault(name, fault, begins) for name, fault in refused.faults.items()]
    _stop_on(f"{fault.zh} / {fault.en}" for fault in faults)
    return asked, within


def _nobody(goal: Goal, rules: CriteriaSet) -> Text:
    leveled = levels_of(rules.criteria[goal.criteria_id]) > 1
    words = f"{goal.criteria_id}:{goal.level if leveled else MET}"
    return Text(
        f"目标“{words}”：诊断文件里没有这份标准所评的工厂或车间。请先填报，或换一个目标。",
        f"Goal “{words}”: the file has no factory or workshop that these criteria judge. Add it, or take another goal.",
    )


_COUNTED = {
    Limit.BUDGET: (Text("万元数", "number of 万元"), "300"),
    Limit.PEOPLE: (Text("人数", "number of people"), "5"),
}


def _limit_fault(name: Limit, fault: Fault, begins: date) -> Text:
    """Say what is wrong with an option, and what to write."""
    zh, en, first = f"--{name}“{fault.typed}”", f"--{name} “{fault.typed}”", last_day(begins)
    if name in _COUNTED:
        what, example = _COUNTED[name]
        return Text(
            f"{zh}：{what.zh}应是 0 到 {fault.most} 的整数。请按 {example} 的样子填写。",
            f"{en}: a {what.en} is whole, 0 to {fault.most}. Write it like {example}.",
        )
    if fault.wrong is Wrong.NO_DAY:
        return Text(
            f"{zh}：不是一个日期。请按 {first} 的样子填写年、月、日。",
            f"{en}: not a day. Write year, month and day like {first}.",
        )
    if fault.wrong is Wrong.TOO_LATE:
        return Text(
            f"{zh}：太远。请填写 {fault.last} 或以前的日期，不限就不写。",
            f"{en}: too far away. Write {fault.last} or an earlier day, or leave it out.",
        )
    return Text(
        f"{zh}：计划从 {begins} 开始，第一个季度到 {first} 才结束。请填写这一天或以后的日期。",
        f"{en}: the plan begins on {begins}, and its first quarter ends on {first}. Write that day or a later one.",
    )


def _conclusion(made: ImprovementPlan, begins: date) -> Text:
    cost, count = made.cost, len(made.projects)
    spent = Text(
        f"{count} 个项目，{cost.likely} 万元（{cost.low} 到 {cost.high}）",
        f"projects: {count}; 万元: {cost.likely} ({cost.low} to {cost.high})",
    )
    match made.result:
        case Result.ALREADY:
            return Text("目标已经达到，费用 0 万元", "reached already; 万元: 0")
        case Result.REACHED:
            end = calendar_quarter(begins, max((one.end for one in made.projects), default=1))
            return Text(f"能达到目标：{spent.zh}，{end} 完成", f"reaches the goals; {spent.en}; done by {end}")
        case Result.OVER_BUDGET:
            return Text(
                f"预算不够：目标至少要 {made.needed} 万元；这笔预算最远走到：{spent.zh}",
                f"over budget: the goals cost at least 万元 {made.needed}; the furthest reach: {spent.en}",
            )
        case Result.TOO_LATE:
            needed, given = made.quarters_needed or 0, made.limits.quarters
            quarters = needed if given is not None and needed > given else None
            return Text(
                f"期限内达不到：最省的办法要 {quarters} 个季度" if quarters else "人手太少，达不到目标",
                f"too late: the cheapest way takes {quarters} quarters" if quarters else "too few people for the goals",
            )
        case Result.UNREACHABLE:
            open_first = len({fact for need in made.blocked for fact in need.open_facts})
            return Text(
                f"达不到目标：被 {len(made.blocked)} 项要求挡住，要先回答 {open_first} 个填报项",
                f"unreachable: requirements in the way: {len(made.blocked)}; facts to answer first: {open_first}",
            )


# --- the data files ------------------------------------------------------------------------------------------------


@questionnaires.command("lint", with_appcontext=False)
def lint_questionnaire_files() -> None:
    """Report every fault of the fact dictionary, the questionnaires and the coach."""
    _stop_on(lint_questionnaires())
    click.echo("questionnaires: no faults")


@questionnaires.command("print", with_appcontext=False)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The PDF to write.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option("--questionnaire", "name", default="auto_parts", show_default=True, help="Which one, by its id.")
@click.option("--version", help="The newest one when none is given.")
def print_questionnaire(out: Path, language: str, name: str, version: str | None) -> None:
    """Print a questionnaire as a PDF to be filled in by hand."""
    try:
        pdf = to_pdf(blank_to_html(build_blank(load(name, version), language)), REPORT_TIMEOUT_S)
    except NoSuchQuestionnaire as fault:
        _stop([f"{fault.message.zh} / {fault.message.en}"])
    except (DefinitionError, RenderFailed) as fault:
        _stop([str(fault)])
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(pdf)
    click.echo(out)


@criteria.command("lint", with_appcontext=False)
@click.argument("files", nargs=-1, type=click.Path(exists=True))
def lint_criteria_files(files: tuple[str, ...]) -> None:
    """Report every fault in the given criteria files (in all of them when none is given)."""
    _stop_on(lint_criteria(files))
    click.echo("criteria: no faults")


# --- what needs the database ---------------------------------------------------------------------------------------


@audit.command("verify")
def verify() -> None:
    """Check that no recorded change was altered, removed or put in afterwards."""
    _stop_on(audit_log.verify())
    click.echo("audit: the chain is whole")


@accounts.command("create")
@click.option("--email", required=True, help="Address to sign in with.")
@click.option("--name", required=True, help="Name shown to others.")
@click.option("--role", required=True, type=click.Choice([r.value for r in Role if r not in OF_FIRM]))
@click.option("--district", type=click.Choice(TODAYS_DISTRICTS), help="GB/T 2260 code, for a district officer.")
def create(email: str, name: str, role: str, district: str | None) -> None:
    """Make an account and print its one-time password; people of a firm are added on the firm's page."""
    try:
        user, password = accounts_service.create("system", email=email, name=name, role=Role(role), district=district)
    except Refused as refusal:
        _stop([refusal.message])
    click.echo(f"{user.email}  {password}")


@evidence.command("check")
@click.option("--sweep", is_flag=True, help="Erase what no entry names; what was given within the hour stays.")
def check_evidence(sweep: bool) -> None:
    """Check that every evidence file is still what was given, and count what no entry names."""
    found = upkeep.check()
    if sweep:
        click.echo(f"evidence: {upkeep.sweep(found)} erased")
    elif found.orphans or found.broken_off:
        click.echo(f"evidence: {len(found.orphans)} named by no entry, {found.broken_off} broken off")
    _stop_on(found.faults)
    click.echo(f"evidence: {found.whole} whole")


@demo.command("load")
def demo_load() -> None:
    """Make up a district with its firms, people and diagnoses, once."""
    _demo().load()


@demo.command("sample-report")
def demo_sample_report() -> None:
    """Print a report of one made-up firm."""
    _demo().sample_report()


@demo.command("logins")
def demo_logins() -> None:
    """Show one sign-in for each role."""
    _demo().logins()


def _demo() -> Any:
    return import_module("app.demo")  # only here: a real installation never reads it


def _stop_on(faults: Iterable[str]) -> None:
    if found := list(faults):
        _stop(found)


def _stop(faults: Sequence[str]) -> NoReturn:
    for fault in faults[:MOST_FAULTS]:
        click.echo(" ".join(fault.splitlines()), err=True)
    if len(faults) > MOST_FAULTS:
        click.echo(f"… {len(faults) - MOST_FAULTS}", err=True)
    raise SystemExit(1)
