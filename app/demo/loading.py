"""Makes the demonstration once: people, firms, diagnoses in every stage, conversions, recognitions, a sample report."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

import click
from flask import current_app
from sqlalchemy import func, select

from app import audit, jobs
from app.access import OF_FIRM, Role
from app.accounts import service as accounts
from app.accounts.forms import ROLE_NAMES
from app.accounts.models import User
from app.demo import answers, evidence, machines, planning
from app.demo.cast import OFFICERS_DISTRICT, MadeUp, made_up_firms
from app.demo.helping import invite_helpers
from app.demo.records import record_city
from app.demo.reviewing import review
from app.diagnosis import service as diagnoses
from app.diagnosis.draft import Draft, Said
from app.diagnosis.models import Diagnosis, Layer
from app.diagnosis.page import steps
from app.extensions import db
from app.firms import service as firms
from app.firms.models import Firm
from app.lists import service as lists
from app.reporting import files, waiting
from app.reporting import service as reporting
from app.reporting.models import Edition, IssuedReport, RenderState
from app.reporting.press import Press
from app.reporting.tasks import print_oldest
from app.settings import Settings

PEOPLE = (
    (Role.FACTORY_MANAGER, "manager", "示例填报人"),
    (Role.COLLEAGUE, "colleague", "示例协作人"),
    (Role.CONSULTANT, "consultant", "示例诊断专家"),
    (Role.DISTRICT_OFFICER, "district", "示例区县干部"),
    (Role.COMMISSION, "commission", "示例市经济信息委干部"),
    (Role.AUTHOR, "author", "示例标准编写人"),
    (Role.ADMINISTRATOR, "administrator", "示例系统管理员"),
)
TOLD_EVERY = 10  # firms between two lines of progress
Begun = tuple[User, MadeUp, Diagnosis]  # who fills in for which firm, and its diagnosis
BEGIN_WITH_QUICK_CHECK = frozenset({"none", "returned"})  # firms at these stages


@dataclass(frozen=True, slots=True)
class Crew:
    """Those who act in the demonstration for everyone: registering, reviewing, recognising."""

    consultant: User
    officer: User
    commission: User


# --- the three commands -----------------------------------------------------------------------------------------------


def load() -> None:
    """Make the demonstration; a second call does nothing, one after an interruption starts over."""
    settings = _demo_settings()
    unfinished = settings.data_dir / "demo-unfinished"
    if unfinished.exists():
        click.echo("Demonstration: the last loading was interrupted, starting over")
        _empty()
    elif db.session.scalar(select(func.count()).select_from(User)):
        db.session.rollback()
        return
    db.session.rollback()
    unfinished.touch()
    passwords = _make_district()
    _keep(settings.data_dir / "demo-logins.json", passwords)
    unfinished.unlink()
    click.echo("Demonstration: ready")


def sample_report() -> None:
    """Print the report of one reviewed firm to sample-report.pdf in the data folder; printers print what else waits."""
    settings = _demo_settings()
    reporting.take_back_orphans()
    with Press() as press:
        while (report := _issued()) is None and print_oldest(press):
            pass
    if report is None:
        fault = db.session.scalar(select(IssuedReport.fault).where(IssuedReport.fault.is_not(None)).limit(1))
        raise click.ClickException(fault or "还没有可以打印的诊断。请先运行 flask demo load。")
    target = settings.data_dir / "sample-report.pdf"
    shutil.copyfile(files.pdf_of(report), target)
    click.echo(f"{target}  ({report.pages} pages)")
    if waiting.is_under_way():
        jobs.wake()


def _issued() -> IssuedReport | None:
    """Return the diagnostic report that was asked for first of those that are printed."""
    row = IssuedReport
    printed = select(row).where(row.edition == Edition.DIAGNOSTIC, row.state == RenderState.READY)
    return db.session.scalar(printed.order_by(row.requested_at).limit(1))


def logins() -> None:
    """Show one sign-in for each role."""
    file = _demo_settings().data_dir / "demo-logins.json"
    if not file.exists():
        raise click.ClickException("还没有示例账号。请先运行 flask demo load。")
    for login in json.loads(file.read_text(encoding="utf-8")):
        words = str(ROLE_NAMES[Role(login["role"])])
        pad = " " * (20 - 2 * len(words))
        click.echo(f"  {words}{pad}{login['email']:<28}{login['password']}")


def _demo_settings() -> Settings:
    settings: Settings = current_app.config["ZHIZHEN"]
    if not settings.demo:
        raise click.ClickException(
            "这里不是演示环境：示例企业和已知密码只装入演示环境（ZHIZHEN_DEMO=1）。"
            " / Not a demonstration: made-up firms and known passwords are loaded only with ZHIZHEN_DEMO=1."
        )
    return settings


def _empty() -> None:
    """Remove what an interrupted loading left; nobody has worked in it, for it never said that it was ready."""
    db.session.rollback()
    with db.engine.begin() as connection:
        for table in reversed(db.metadata.sorted_tables):
            connection.execute(table.delete())


def _keep(file: Path, passwords: list[dict[str, str]]) -> None:
    file.touch(mode=0o600)
    file.chmod(0o600)
    file.write_text(json.dumps(passwords, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


# --- people and firms -------------------------------------------------------------------------------------------------


def _make_district() -> list[dict[str, str]]:
    cast = made_up_firms()
    passwords: list[dict[str, str]] = []
    outside = [person for person in PEOPLE if person[0] not in OF_FIRM]
    people = {role: _person(role, address, name, passwords) for role, address, name in outside}
    crew = Crew(people[Role.CONSULTANT], people[Role.DISTRICT_OFFICER], people[Role.COMMISSION])
    hers = next(firm.number for firm in cast if firm.stage == "filling" and firm.district == OFFICERS_DISTRICT)
    # Colleagues help where the manager signs in, and in one more firm.
    helped = {hers, *[firm.number for firm in cast if firm.stage == "returned"][:1]}
    made: dict[int, Firm] = {}
    begun: list[Begun] = []
    for place, firm in enumerate(cast, start=1):
        made[firm.number] = _register(crew, firm)
        manager = _manager(made[firm.number], firm, passwords if firm.number == hers else None)
        diagnosis = _diagnose(crew, manager, made[firm.number], firm)
        begun += [(manager, firm, diagnosis)] if diagnosis else []
        if firm.number in helped:
            _help(crew, manager, made[firm.number], passwords if firm.number == hers else None)
        if place % TOLD_EVERY == 0 or place == len(cast):
            click.echo(f"Demonstration: {place} of {len(cast)} made-up firms")
    _go_on(crew, begun)
    record_city(crew.commission, [(firm, made[firm.number]) for firm in cast])
    return sorted(passwords, key=lambda login: [role.value for role, *_rest in PEOPLE].index(login["role"]))


def _person(role: Role, address: str, name: str, passwords: list[dict[str, str]], firm: Firm | None = None) -> User:
    """Make an account with a password of its own that is told to the person who starts the demonstration."""
    district = OFFICERS_DISTRICT if role is Role.DISTRICT_OFFICER else None
    email = f"{address}@example.com"
    firm_id = firm.id if firm else None
    user, _one_time = accounts.create("system", email=email, name=name, role=role, firm_id=firm_id, district=district)
    password = "-".join(secrets.token_hex(2) for _group in range(4))
    accounts.set_password(user, password)
    audit.record("system", "account.change_password", f"user:{user.id}")
    db.session.commit()
    passwords.append({"role": role.value, "name": name, "email": email, "password": password})
    return user


def _manager(made: Firm, firm: MadeUp, passwords: list[dict[str, str]] | None) -> User:
    """Make the person who fills in for a firm; only one of them gets a password that is told."""
    role, address, name = PEOPLE[0]
    if passwords is not None:
        return _person(role, address, name, passwords, made)
    return accounts.create("system", email=f"manager{firm.number}@example.com", name=name, role=role, firm_id=made.id)[
        0
    ]


def _help(crew: Crew, manager: User, made: Firm, passwords: list[dict[str, str]] | None) -> None:
    """Let colleagues help in a firm; only one of them gets a password that is told."""
    role, address, name = PEOPLE[1]
    diagnosis = diagnoses.diagnoses_of(made.id)[0]
    login = address if passwords is not None else f"{address}{made.uscc[-4:].lower()}"
    password = invite_helpers(manager, crew.consultant, diagnosis, made, login)
    if passwords is not None:
        passwords.append({"role": role.value, "name": name, "email": f"{login}@example.com", "password": password})


def _register(crew: Crew, firm: MadeUp) -> Firm:
    by = crew.officer if firm.district == OFFICERS_DISTRICT else crew.commission
    made = firms.register(by, name=firm.name, uscc=firm.uscc, district=firm.district)
    firms.assign(by, made.id, crew.consultant.id)
    return made


# --- diagnoses --------------------------------------------------------------------------------------------------------


def _diagnose(crew: Crew, manager: User, made: Firm, firm: MadeUp) -> Diagnosis | None:
    """Bring one firm to its stage, as its people would, but for the report; None where it has no diagnosis."""
    _build_up(manager, made, firm)
    if firm.stage in BEGIN_WITH_QUICK_CHECK:
        _fill(manager, diagnoses.start_quick_check(manager, made.id), firm, Random(-firm.number))  # noqa: S311
    if firm.stage == "none":
        return None
    diagnosis = diagnoses.start(manager, made.id, planning.as_of(firm))
    chance = Random(firm.number)  # noqa: S311 - made-up figures, no secrets
    _fill(manager, diagnosis, firm, chance)
    _list_machines(manager, diagnosis)
    if evidence.gives_evidence(firm):
        evidence.give(manager, diagnoses.open_draft(manager, diagnosis.id), firm, Random(firm.number))  # noqa: S311 - made up
    if firm.stage != "filling":
        diagnoses.submit(manager, diagnoses.open_draft(manager, diagnosis.id), manager.name, truthful=True)
        review(crew.consultant, diagnosis, firm, chance)
    return diagnosis


def _go_on(crew: Crew, begun: list[Begun]) -> None:
    """Issue reports and carry out plans once all firms are there: a report compares with those verified by then."""
    for manager, firm, diagnosis in begun:
        if firm.stage == "issued":
            reporting.issue(crew.consultant, diagnosis.id)
        planning.carry_out(manager, firm, diagnosis)


def _build_up(manager: User, made: Firm, firm: MadeUp) -> None:
    for number in range(firm.factories):
        factory = firms.add_factory(manager, made.id, "一二"[number] + "工厂")
        for name, _process in firm.trade.workshops:
            firms.add_workshop(manager, factory.id, name)


def _fill(manager: User, diagnosis: Diagnosis, firm: MadeUp, chance: Random) -> None:
    """Save page after page; a firm that still fills in has come somewhere between the first and the last one."""
    draft = diagnoses.open_draft(manager, diagnosis.id)
    said = dict(_everything(draft, firm, chance))
    pages = steps(draft, draft.walk(Layer.STATED)[1])
    begun = firm.stage == "filling" and not diagnosis.is_quick_check
    until = _come_to(firm, len(pages), chance) if begun else len(pages)
    for step in pages[:until]:
        own = said[step.subject.key]
        typed = {fact: own[fact] for fact in step.page.fact_ids if fact in own}
        diagnoses.save_page(manager, draft, step.subject.key, typed, draft.diagnosis.revision)


def _list_machines(manager: User, diagnosis: Diagnosis) -> None:
    """Keep a list of machines for the first workshop, once it has stated how many there are."""
    draft = diagnoses.open_draft(manager, diagnosis.id)
    workshop = draft.firm.parts[0].parts[0].key
    rows = machines.rows_for({fact: kept.said for fact, kept in draft.newest(workshop, Layer.STATED).items()})
    of = next(one for one in draft.questionnaire.lists if one.id == machines.LIST)
    if rows:
        lists.keep(manager, draft, of, workshop, rows, lists.Seen(draft.diagnosis.revision, 0))


def _come_to(firm: MadeUp, pages: int, chance: Random) -> int:
    return pages * chance.randint(15, 95) // 100


def _everything(draft: Draft, firm: MadeUp, chance: Random) -> Iterator[tuple[str, Mapping[str, Said]]]:
    """Yield what is said about the firm, each factory and each workshop."""
    yield draft.firm.key, answers.of_firm(firm, draft.questionnaire, chance)
    processes = dict(firm.trade.workshops)
    for factory in draft.firm.parts:
        yield factory.key, answers.of_factory(firm, chance)
        for workshop in factory.parts:
            yield workshop.key, answers.of_workshop(firm, processes[workshop.name], chance)
