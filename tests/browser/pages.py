"""Every page of the product: each address that shows one, each role that may open it, and things to show there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select

from app import blueprints
from app.access import OF_FIRM, PERMISSIONS, PUBLIC, Role
from app.accounts.models import User
from app.colleagues import service as colleagues_service
from app.diagnosis.models import Diagnosis
from app.diagnosis.service import open_draft
from app.extensions import db
from app.firms.models import Firm
from app.programme.models import RecognitionEntry
from app.reporting import service as reporting
from app.reporting.codes import grouped
from app.reporting.models import IssuedReport
from tests.app.test_demo import CAST
from tests.browser.site import NOT_PRINTED, Site
from tests.factories import PASSWORD, make_plan, make_template, make_user, make_waiting_file
from tests.printing import in_all_forms

# Files and what scripts read, not pages.
DOWNLOADS = frozenset(
    {
        "accounts.manifest",
        "accounts.state_of_session",
        "accounts.worker",
        "colleagues.notes",
        "diagnosis.offline_answers",
        "evidence.file",
        "evidence.preview",
        "lists.file",
        "planning.workbook",
        "programme.export",
        "report_templates.preview_file",
        "reporting.batch_zip",
        "reporting.blank_file",
        "reporting.file",
        "reporting.letter_file",
        "way.now",
        "workbooks.diagnosis_file",
        "workbooks.workbook",
    }
)
# What a firm's manager sees after the issue; the other pages are those of a firm that fills in.
AFTER_ISSUE = frozenset({"diagnosis.overview", "diagnosis.answers", "diagnosis.result", "review.compare"})


@dataclass(frozen=True, slots=True)
class Route:
    """One address with its blanks, for one role; no role for whoever has not signed in."""

    endpoint: str
    blanks: tuple[str, ...]
    role: Role | None

    def __str__(self) -> str:
        return f"{self.endpoint}-{self.role or 'visitor'}"


def routes() -> list[Route]:
    """Return every page that anybody may open, in the order of the addresses."""
    bare = Flask("routes")
    for blueprint in blueprints():
        bare.register_blueprint(blueprint)
    return list(_routes(bare))


def _routes(bare: Flask) -> Iterator[Route]:
    for rule in sorted(bare.url_map.iter_rules(), key=str):
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static" or rule.endpoint in DOWNLOADS:
            continue
        permission = bare.view_functions[rule.endpoint].permission  # type: ignore[attr-defined]
        for role in (None,) if permission == PUBLIC else sorted(PERMISSIONS[permission]):
            yield Route(rule.endpoint, tuple(sorted(rule.arguments)), role)


@dataclass(frozen=True, slots=True)
class District:
    """What there is in the made-up district to fill the blanks with."""

    site: Site
    filling: Mapping[str, object]  # what a firm that fills in has
    issued: Mapping[str, object]  # what a firm has whose diagnosis is issued
    manager_of_issued: tuple[str, str]
    batches: Mapping[Role, object]  # each is seen by who has asked for it alone
    templates: Mapping[Role, object]  # each is changed by whose it is alone

    def login(self, route: Route) -> tuple[str, str] | None:
        """Return who opens the page; nobody for a visitor."""
        if route.role is None:
            return None
        own = route.role is Role.FACTORY_MANAGER and route.endpoint in AFTER_ISSUE
        return self.manager_of_issued if own else self.site.logins[route.role]

    def address(self, route: Route) -> str:
        """Return the address with its blanks filled in."""
        after = route.role is Role.FACTORY_MANAGER and route.endpoint in AFTER_ISSUE
        own = route.role is None or (route.role in OF_FIRM and not after)
        things = self.filling if own else self.issued
        if route.endpoint.startswith("lists."):
            things = {**things, "section_id": "workshop_equipment", "subject_key": things["workshop_id"]}
        if route.role in self.batches:
            things = {**things, "batch_id": self.batches[route.role]}
        if route.role in self.templates:
            things = {**things, "template_id": self.templates[route.role]}
        with self.site.flask_app.test_request_context():
            return self.site.flask_app.url_for(route.endpoint, **{blank: things[blank] for blank in route.blanks})


def district_of(site: Site) -> District:
    """Read what the demonstration has made; each firm gets a report that was asked for."""
    with site.flask_app.app_context():
        manager = _person(site, Role.FACTORY_MANAGER)
        diagnosis = db.session.scalars(select(Diagnosis).where(Diagnosis.firm_id == manager.firm_id)).one()
        filling = _things(diagnosis)
        issued = _things(db.session.scalars(select(Diagnosis).join(Firm).where(Firm.uscc == CAST[0].uscc)).one())
        report = reporting.request_report(manager, filling["diagnosis_id"])
        filling["report_id"] = report.id
        reporting.give_up(report.id, NOT_PRINTED)
        filling["report_code"] = _printed_code(_person(site, Role.CONSULTANT), issued["diagnosis_id"])
        draft = open_draft(manager, filling["diagnosis_id"])
        _invitation, filling["token"] = colleagues_service.invite(manager, draft, "示例质检员", {("sales", "firm")})
        filling["colleague_id"] = colleagues_service.colleagues_of(manager.firm_id)[0].id
        reports = [db.session.get_one(IssuedReport, report.id)]
        batches = {
            role: reporting.keep_together(_person(site, role), reports).id for role in PERMISSIONS["report.batch"]
        }
        consultant = _person(site, Role.CONSULTANT)
        db.session.refresh(manager)
        db.session.refresh(diagnosis)
        of_issued = db.session.get_one(Diagnosis, issued["diagnosis_id"])
        db.session.expunge_all()
    for things, one in ((filling, diagnosis), (issued, of_issued)):
        plan = make_plan(site.flask_app, one)
        things.update(plan_id=plan.id, step_id=plan.steps[0].id)
    filling["waiting_id"] = make_waiting_file(site.flask_app, diagnosis, manager).id
    manager_of_issued = make_user(site.flask_app, Role.FACTORY_MANAGER, firm_id=issued["firm_id"])
    templates = {
        Role.CONSULTANT: make_template(site.flask_app, consultant).id,
        Role.ADMINISTRATOR: make_template(site.flask_app).id,
    }
    return District(site, filling, issued, (manager_of_issued.email, PASSWORD), batches, templates)


def _printed_code(consultant: User, diagnosis_id: object) -> str:
    """Return the code of an issued report whose file is there: printed here, in place of the one that was given up."""
    report = reporting.issue(consultant, diagnosis_id)
    with reporting.next_report() as begun:
        assert begun == report
        reporting.finish(report.id, in_all_forms(b"%PDF-1.7 made up"), 38)
    return grouped(report.code or "")


def _person(site: Site, role: Role) -> User:
    return db.session.scalars(select(User).where(User.email == site.logins[role][0])).one()


def _things(diagnosis: Diagnosis) -> dict[str, object]:
    reports = db.session.scalars(select(IssuedReport.id).where(IssuedReport.diagnosis_id == diagnosis.id)).all()
    entries = db.session.scalars(select(RecognitionEntry.id).join(Firm).where(Firm.id == diagnosis.firm_id)).all()
    factory = next((one for one in diagnosis.firm.factories if one.workshops), None)
    return {
        "firm_id": diagnosis.firm_id,
        "factory_id": factory.id if factory else None,
        "workshop_id": factory.workshops[0].id if factory else None,
        "diagnosis_id": diagnosis.id,
        "section_id": "equipment",  # shared with the colleague of the demonstration, who asked something there
        "subject_key": "firm",
        "page_id": "levels_1_2",
        "fact_id": "equipment.L2.1",
        "fact": "equipment.L2.1",
        "list_id": "equipment",
        "indicator": "equipment_digital_rate",
        "report_id": reports[0] if reports else None,
        "entry_id": entries[0] if entries else None,
        "target_id": "digital_workshop",
        "improvement_id": "smart_roadmap",
        "stage": "filling",
        "questionnaire_id": diagnosis.questionnaire_id,
        "version": diagnosis.questionnaire_version,
    }
